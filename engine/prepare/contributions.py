"""Rates of contribution of each year, by who pays, and what of them counts as a cost of the State."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from engine.labels import PAYERS
from engine.prepare import rules

Float = NDArray[np.float64]
Int = NDArray[np.int64]


class Rates(NamedTuple):
    """Shares of the covered wage, by year; ``by payer`` in the order of :data:`engine.labels.PAYERS`.

    Attributes
    ----------
    retirement, housing : float64 (year,)
        Paid by the employer.
    ceav, iv, old_ivcm : float64 (payer, year)
        Severance and old age; disability and life; the insurance of the old law.
    net_retirement, net_ceav : float64 (year,)
        What of them reaches the accounts. Where rates depend on the wage, these, the employer's share of ``ceav`` and
        ``quota`` are those of the lowest wages, and the flows hold what is paid.
    health : float64 (year,)
        Premium of pensioners' health.
    occupational : float64 (year,)
        Premium of occupational risk that goes with awards of transition workers.
    quota : float64 (year,)
        Social quota of a full year of an affiliate, pesos.
    quota_by_density : bool
        Whether the State pays it on the days contributed, or on all.
    proportional_counts : bool
        Whether the State's shares of ``ceav`` and ``iv`` count as a cost of the reform.
    """

    retirement: Float
    housing: Float
    ceav: Float
    iv: Float
    old_ivcm: Float
    net_retirement: Float
    net_ceav: Float
    health: Float
    occupational: Float
    quota: Float
    quota_by_density: bool
    proportional_counts: bool


def rates(resolved: Resolved, years: Int) -> Rates:
    """Rates of a resolved pack in the projected ``years``."""
    path = partial(resolved.path, years=years)

    def by_payer(branch: str) -> Float:
        return np.stack([path(f"contributions.{branch}_{payer}") for payer in PAYERS])

    by_wage = rules.contribution_rates(resolved, years)
    return Rates(
        retirement=path("contributions.retirement_employer"),
        housing=rules.collected_housing(resolved, years),
        ceav=by_payer("ceav"),
        iv=by_payer("iv"),
        old_ivcm=by_payer("old_ivcm"),
        net_retirement=by_wage.retirement.value[0],
        net_ceav=by_wage.severance.value[0],
        health=path("contributions.pensioners_health"),
        occupational=path("contributions.occupational_premium"),
        quota=by_wage.quota.value[0],
        quota_by_density=resolved.switch("basis.quota_basis") == "density",
        proportional_counts=resolved.switch("basis.state_contributions") == "full",
    )
