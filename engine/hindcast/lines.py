"""Lines of spending as the budget has them, out of a projected case."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved, observed_prices
from cohorts import axes
from engine.labels import (
    ACQUIRED_RIGHTS,
    FUNDS,
    MEMO_ITEMS,
    MPG_NEW_WORKERS,
    ONGOING_PENSIONS,
)
from engine.prepare.economy import in_force
from engine.projection import CaseResult

Float = NDArray[np.float64]

LINES: Final = (
    "pensions_in_payment_and_old_law_awards",
    "minimum_pension_guarantee_imss",
    "social_quota_rcv",
    "state_ceav_statutory",
    "state_disability_life",
)
_HANDED_OVER: Final = MEMO_ITEMS.index("surrendered_balances")
_QUOTA: Final = FUNDS.index("social_quota")
_BASE: Final = 1996


def of_case(case: CaseResult, resolved: Resolved) -> Float:
    """Lines of a case, pesos of December 1996, float64 (line, year).

    Pensions in payment and old-law awards are gross: balances that workers hand over are revenue elsewhere, so they are
    added to what the State pays on top of them.
    """
    base = case.flows.covered_wages.sum(axis=0) * in_force(resolved, case.years)
    ceav = resolved.path("contributions.ceav_state", case.years) * base[axes.BASE_SEVERANCE]
    disability = resolved.path("contributions.iv_state", case.years) * base[axes.BASE_DISABILITY]
    gross = case.cost[ONGOING_PENSIONS] + case.cost[ACQUIRED_RIGHTS] + case.memo[_HANDED_OVER]
    quota = case.contributions[_QUOTA]
    return np.stack([gross, case.cost[MPG_NEW_WORKERS], quota, ceav, disability])


def last_observed_price() -> int:
    """The last year whose prices are known."""
    return max(observed_prices())


def current(years: NDArray[np.int64]) -> Float:
    """Current pesos of each year for one of December 1996, by the observed INPC of the year's average; float64 (year,)."""
    known = observed_prices()
    return np.array([known[int(year)].average / known[_BASE].december for year in years])


__all__ = ["LINES", "current", "last_observed_price", "of_case"]
