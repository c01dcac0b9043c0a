"""What pays for old-law rights beside the State, and which costs are constants in place of a mechanism."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from engine.prepare import economy

Float = NDArray[np.float64]
Int = NDArray[np.int64]

# How housing funds (INFONAVIT) pay for old-law rights.
UNUSED, BALANCES, POOLED, FACTOR = "unused", "balance", "pooled_contributions", "factor"
# Where acquired rights and the guarantee come from cohorts.
COHORTS = "cohorts"


def housing_use(resolved: Resolved) -> str:
    """How housing funds pay for old-law rights: one of ``UNUSED``, ``BALANCES``, ``POOLED`` and ``FACTOR``.

    The scenario says whether they do at all, the basis how: each worker's balance at the award, contributions of all in the
    year, or a printed factor on acquired rights.
    """
    if not resolved.flag("financing.infonavit_surrendered"):
        return UNUSED
    return resolved.switch("basis.infonavit_offset")


class BaseReturns(NamedTuple):
    """Of the accounts, commission on the balance taken, and of annuities, float64 (long_year,) each."""

    fund_return: Float
    annuity_return: Float


class Replicas(NamedTuple):
    """Printed constants in place of mechanisms; ``None`` where there is a mechanism.

    Attributes
    ----------
    rights_factor : float64 (year,) or None
        On acquired rights, for the use of housing balances.
    base_return : BaseReturns, optional
        Returns of the projection that the factor is applied to.
    occupational : (float, float) or None
        Occupational disability over disability, occupational death over death.
    guarantee : float64 (year,) or None
        Guarantee of new workers, pesos a year.
    until : int
        Last year with a constant of its own; the last projected where there is no constant.
    """

    rights_factor: Float | None
    base_return: BaseReturns | None
    occupational: tuple[float, float] | None
    guarantee: Float | None
    until: int


def replicas(resolved: Resolved, years: Int, n_long: int) -> Replicas:
    """Printed constants that stand for mechanisms on this basis.

    Parameters
    ----------
    years : int64 (year,)
    n_long : int
        Years for which the economy has returns.
    """
    by_factor = housing_use(resolved) == FACTOR
    # The mechanism takes the place of both; cohorts split its cost by type, on the returns that they have without it.
    by_cohorts = resolved.switch("basis.mechanism") == COHORTS
    # Printed values of the reform say nothing of a country without it.
    printed_guarantee = resolved.switch("basis.mpg") == "replica" and resolved.flag("reform.enacted")
    by_type = resolved.switch("basis.type_split") == "replica"
    until = int(years[-1])
    if by_cohorts and (by_factor or printed_guarantee):
        until = min(until, int(resolved.dated("replica.mpg").years[-1]))
    long_years = np.arange(years[0], years[0] + n_long)
    return Replicas(
        rights_factor=(
            resolved.path("replica.acquired_rights_factor", years) if by_factor and by_cohorts else None
        ),
        base_return=base_returns(resolved, long_years) if by_factor else None,
        occupational=(
            (resolved.number("replica.c4_over_c2"), resolved.number("replica.c5_over_c3"))
            if by_type
            else None
        ),
        guarantee=_guarantee(resolved, years) if printed_guarantee and by_cohorts else None,
        until=until,
    )


def base_returns(resolved: Resolved, years: Int) -> BaseReturns:
    """Returns of the projection to which a replica factor is applied."""
    base = "replica.base_rcv_return"
    return BaseReturns(economy.account_return(resolved, base, years), resolved.path(base, years))


def _guarantee(resolved: Resolved, years: Int) -> Float:
    shares = (
        resolved.path("replica.mpg", years)
        * resolved.number("replica.mpg_series_factor")
        * resolved.path("replica.mpg_scenario_factor", years)
    )
    printed: Float = economy.replica_gdp(resolved, years) * shares
    return printed


def anchor(resolved: Resolved, years: Int) -> Float:
    """Factor on pensions in payment and acquired rights of each year, float64 (year,)."""
    factor = resolved.number("outlook.anchor")
    if factor == 1.0 or resolved.switch("basis.mechanism") != COHORTS:
        return np.ones(years.size)
    return np.where(years >= resolved.number("outlook.anchor_from"), factor, 1.0)


class MemoTerms(NamedTuple):
    """Values of the lines beside the four costs.

    Attributes
    ----------
    consolidated : bool
        Whether what the State pays to an insurance of its own is left out of costs and losses.
    health_quota : float
        What the State pays a year for a contributor's health insurance (Art. 106-III of 1995), pesos.
    old_health_rate : float
        The State's share of the old health insurance, of wages (Arts. 114, 115 of 1973).
    subaccount : float
        Balances of 1992-96 in the retirement sub-account at the first year, pesos.
    subaccount_return : float64 (year,)
    """

    consolidated: bool
    health_quota: float
    old_health_rate: float
    subaccount: float
    subaccount_return: Float


def memo_terms(resolved: Resolved, years: Int) -> MemoTerms:
    """Values of the memo lines of a resolved pack."""
    return MemoTerms(
        consolidated=resolved.switch("basis.state_accounts") == "consolidated",
        health_quota=resolved.number("memo.health_quota_share")
        * resolved.number("economy.minimum_wage_daily")
        * resolved.number("economy.days_per_year"),
        old_health_rate=resolved.number("memo.old_health_rate")
        * resolved.number("memo.old_health_state_share"),
        subaccount=resolved.number("memo.retirement_subaccount_usd") * resolved.number("memo.exchange_rate"),
        subaccount_return=resolved.path("funds.retirement_subaccount_return", years),
    )
