"""What an actuarial balance and money's worth take from a pack besides the projection."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved
from cohorts import careers
from engine.kernels.types import Premiums
from engine.labels import STATE, WORKER
from engine.prepare import contributions

Float = NDArray[np.float64]
Int = NDArray[np.int64]


class BalanceTerms(NamedTuple):
    """Terms of a balance.

    Attributes
    ----------
    state_year, first_year : int
        Year of the state's date, and the first projected one.
    reform_date : date or None
        None without a reform.
    horizon, entrants : int
        Years after the valuation date in which flows, and entrants, count.
    rate, timing : float
        Real discount rate; moment of the year at which flows fall due.
    branches : tuple of str
    split, counted : float64 (branch,)
        Rates of the old law's contributions, and what part of a branch is an asset of the pensions.
    reserve : float
        At the state's date, pesos of December 1996.
    replicas : bool
        Whether the guarantee is printed constants, which have no generations.
    """

    state_year: int
    first_year: int
    reform_date: date | None
    horizon: int
    entrants: int
    rate: float
    timing: float
    branches: tuple[str, ...]
    split: Float
    counted: Float
    reserve: float
    replicas: bool


class WorthTerms(NamedTuple):
    """Terms of money's worth.

    Attributes
    ----------
    state_year, first_year : int
    before_reform : int
        Projected years before that of the reform.
    ages : int64 (cohort,)
        At the state's date; lower than ``entry_age`` for those who join later.
    entry_age : int
    service : float64 (cohort,)
        Mean past service of an age, years; 0 for those who join later.
    density : float
    rate, timing : float
    pension_ages : float64 (pension_age,)
    whole_career : bool
        Whether accounts hold contributions from before the reform.
    """

    state_year: int
    first_year: int
    before_reform: int
    ages: Int
    entry_age: int
    service: Float
    density: float
    rate: float
    timing: float
    pension_ages: Float
    whole_career: bool


def _reform_date(resolved: Resolved) -> date | None:
    return resolved.date("reform.date") if resolved.flag("reform.enacted") else None


def reform_enacted(resolved: Resolved, why: str) -> None:
    """Raise `AssumptionError`, saying why a reform is needed, where there is none."""
    if not resolved.flag("reform.enacted"):
        raise AssumptionError.single("reform.enacted", why, "true")


def balance_terms(resolved: Resolved) -> BalanceTerms:
    """Terms of the balance of a resolved pack."""
    split = resolved.table("balance.contribution_split")
    return BalanceTerms(
        state_year=int(resolved.number("reform.state_year")),
        first_year=int(resolved.number("reform.first_year")),
        reform_date=_reform_date(resolved),
        horizon=int(resolved.number("balance.horizon_years")),
        entrants=int(resolved.number("balance.entrants_years")),
        rate=resolved.number("balance.discount_rate"),
        timing=resolved.number("balance.payment_timing"),
        branches=tuple(str(branch) for branch in split.coords["branch"]),
        split=split.values,
        counted=resolved.table("balance.counted_branches").values.copy(),
        reserve=resolved.number("balance.reserve"),
        replicas=resolved.switch("basis.mpg") == "replica",
    )


def worth_terms(resolved: Resolved) -> WorthTerms:
    """Terms of money's worth of a resolved pack with a reform."""
    first_year = int(resolved.number("reform.first_year"))
    ages = resolved.table("balance.worth_ages").values.astype(np.int64)
    entry_age = int(resolved.number("balance.worth_entry_age"))
    mean_service = careers.past_service(resolved, ages) @ resolved.table("population.service_weights").values
    return WorthTerms(
        state_year=int(resolved.number("reform.state_year")),
        first_year=first_year,
        before_reform=max(0, resolved.date("reform.date").year - first_year),
        ages=ages,
        entry_age=entry_age,
        service=np.where(ages < entry_age, 0.0, mean_service),
        density=resolved.number("contributions.density"),
        rate=resolved.number("balance.discount_rate"),
        timing=resolved.number("balance.payment_timing"),
        pension_ages=np.array(
            [resolved.number("law_1973.severance_age"), resolved.number("law_1973.old_age")]
        ),
        whole_career=resolved.switch("basis.account_history") == "whole_career",
    )


def premiums(resolved: Resolved, years: Int) -> Premiums:
    """What employer and worker pay. The State's part and the social quota are a transfer and count when received."""
    rates = contributions.rates(resolved, years)
    split = resolved.table("balance.contribution_split").values
    whole = float(split.sum())
    counted = (
        float((split * resolved.table("balance.counted_branches").values).sum()) / whole if whole else 0.0
    )
    return Premiums(
        old_system=counted * rates.old_ivcm[:STATE].sum(axis=0),
        retirement=rates.retirement,
        severance_worker=rates.ceav[WORKER],
        insurance=rates.iv[:STATE].sum(axis=0),
        old_account_return=np.array(resolved.path("funds.retirement_subaccount_return", years)),
    )


__all__ = ["BalanceTerms", "WorthTerms", "balance_terms", "premiums", "reform_enacted", "worth_terms"]
