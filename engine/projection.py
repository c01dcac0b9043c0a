"""One case: unwrap a resolved pack once, run the kernels, gather the results as plain arrays.

Everything that depends on demography alone (decrements, heads, survival, payments of a unit of pension) is prepared once per
distinct input and reused; see :mod:`engine.prepare`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved
from cohorts import axes
from engine import economy as economy_paths
from engine import prepare, rules
from engine.checked import finite
from engine.kernels.flows import project_flows
from engine.kernels.types import Economy, Flows, Heads
from engine.labels import (
    ACCOUNTS,
    ACQUIRED_RIGHTS,
    COMPONENTS,
    FUNDS,
    MEMO_ITEMS,
    MPG_NEW_WORKERS,
    ONGOING_PENSIONS,
    PAYERS,
    PENSION_TYPES,
    PENSIONER_GROUPS,
    STATE_CONTRIBUTIONS,
)

Float = NDArray[np.float64]
Int = NDArray[np.int64]

STRUCTURAL, REPLICA = "structural", "replica"

_HEADS_TOLERANCE = 1e-9


@dataclass(frozen=True)
class CaseResult:
    """A projected case. Money in pesos of December 1996 a year, heads in persons.

    Attributes
    ----------
    years : int64 (year,)
    gdp : float64 (year,)
    cost : float64 (component, year)
    method : tuple of str (component,)
        ``structural`` or ``replica``.
    method_by_type : tuple of str (pension_type,)
        The same for the types of acquired rights.
    replica_until : int
        Last year with a constant of its own in a replica cell; the last projected year where there is no such cell.
    acquired_by_type, mpg_by_type : float64 (pension_type, year)
    contributions : float64 (fund, year)
    contributions_by_payer : float64 (payer, year)
    assets : float64 (account, year)
    contributors, wage_bill, entrants : float64 (year,)
    exits : float64 (cause, year)
    new_awards : float64 (pension_type, year)
    old_law_share : float64 (pension_type, year)
        Share of transition workers' awards taken under the old law; NaN where there is no award.
    pensioners : float64 (pensioner_group, year)
    memo : float64 (memo_item, year)
    by_level : float64 (level, year)
        Acquired rights by birth year, sex and relative wage, before any replica factor; empty unless asked for.
    level_birth, level_sex, level_wage : (level,)
        Birth year, sex and relative wage of each row of ``by_level``.
    flows, heads
        Kernel results.
    """

    years: Int
    gdp: Float
    cost: Float
    method: tuple[str, ...]
    method_by_type: tuple[str, ...]
    replica_until: int
    acquired_by_type: Float
    mpg_by_type: Float
    contributions: Float
    contributions_by_payer: Float
    assets: Float
    contributors: Float
    wage_bill: Float
    entrants: Float
    exits: Float
    new_awards: Float
    old_law_share: Float
    pensioners: Float
    memo: Float
    by_level: Float
    level_birth: Int
    level_sex: Int
    level_wage: Float
    flows: Flows
    heads: Heads


def projected_years(resolved: Resolved) -> Int:
    """Projected years, int64 (year,).

    Raises
    ------
    AssumptionError
        If the last year is before the first.
    """
    first, last = int(resolved.number("reform.first_year")), int(resolved.number("reform.last_year"))
    if last < first:
        raise AssumptionError.single(
            "reform.last_year", f"{last} is before the first year", f"{first} or later"
        )
    return np.arange(first, last + 1)


def run_case(resolved: Resolved, detail: bool = False) -> CaseResult:
    """Project one resolved pack.

    Parameters
    ----------
    resolved : Resolved
        Assumptions of one scenario on one basis.
    detail : bool
        Whether acquired rights are also kept by birth year, sex and wage group.

    Returns
    -------
    CaseResult

    Raises
    ------
    AssumptionError
        If contributors fall faster than decrements allow, or values contradict one another.
    """
    years = projected_years(resolved)
    past = rules.history_years(resolved)
    demography = prepare.demography(resolved, years, past)
    _check_heads(resolved, years, demography.heads)
    economy = economy_paths.build(resolved, years, past, demography.payments.total.shape[3])
    flows = flows_of(resolved, demography, economy, past, years, detail)
    gdp = economy_paths.gdp(resolved, years)

    factor, by_factor = _factor(resolved, years)
    funded = flows
    if by_factor:
        base = resolved.path(
            "replica.base_rcv_return", np.arange(years[0], years[0] + economy.fund_return.size)
        )
        if not np.array_equal(base, economy.fund_return):
            funded = flows_of(resolved, demography, economy._replace(fund_return=base), past, years, detail)
    # Later entrants hold old-law rights only where there is no reform.
    acquired = (funded.cost[axes.PRESENT].sum(axis=0) + funded.cost[axes.FUTURE, axes.OLD_LAW]) * factor
    if resolved.switch("basis.type_split") == "replica":
        acquired[axes.OCCUPATIONAL_DISABILITY] = (
            resolved.number("replica.c4_over_c2") * acquired[axes.DISABILITY]
        )
        acquired[axes.OCCUPATIONAL_DEATH] = resolved.number("replica.c5_over_c3") * acquired[axes.DEATH]
    force = economy.in_force if resolved.flag("reform.enacted") else np.ones(years.size)
    acquired = acquired * force
    contributions, by_payer, proportional = _contributions(
        resolved, flows, economy.in_force, demography.heads
    )
    pooled = resolved.switch("basis.infonavit_offset") == "pooled_contributions"
    housing_transition = (
        resolved.path("contributions.infonavit_employer", years)
        * flows.covered_wages[axes.PRESENT, axes.BASE_HOUSING]
        * economy.in_force
    )
    if pooled and resolved.flag("financing.infonavit_surrendered"):
        total = acquired.sum(axis=0)
        left = np.maximum(0.0, total - housing_transition)
        acquired = acquired * np.divide(left, total, out=np.zeros_like(total), where=total > 0.0)

    guarantee = flows.cost[axes.FUTURE, axes.GUARANTEE] * force
    # Printed values of the reform say nothing of a country without it.
    mpg_replica = resolved.switch("basis.mpg") == "replica" and resolved.flag("reform.enacted")
    if mpg_replica:
        guarantee = np.zeros_like(guarantee)
        guarantee[axes.RETIREMENT] = economy_paths.replica_gdp(resolved, years) * (
            resolved.path("replica.mpg", years)
            * resolved.number("replica.mpg_series_factor")
            * resolved.path("replica.mpg_scenario_factor", years)
        )

    ongoing = prepare.ongoing(resolved, years.size)
    state_year = int(resolved.number("reform.state_year"))
    state_year_wage = economy.minimum_wage[past + state_year - int(years[0])]
    if resolved.switch("basis.ongoing_indexation") == "minimum_wage":
        ongoing_index = economy.minimum_wage[past : past + years.size]
    else:
        ongoing_index = np.full(years.size, state_year_wage)
    ongoing_cost = ongoing.units.sum(axis=0) * ongoing_index * force

    state = contributions[FUNDS.index("social_quota")] + proportional
    cost = np.stack([acquired.sum(axis=0), ongoing_cost, state, guarantee.sum(axis=0)])
    method = (
        REPLICA if by_factor else STRUCTURAL,
        STRUCTURAL,
        STRUCTURAL,
        REPLICA if mpg_replica else STRUCTURAL,
    )

    transition_awards = flows.awards[axes.PRESENT]
    all_awards = transition_awards.sum(axis=0)
    with np.errstate(invalid="ignore"):
        old_share = np.where(all_awards > 0.0, transition_awards[axes.OLD_LAW] / all_awards, np.nan)
    by_group = flows.pensioners.sum(axis=2)
    population = demography.population
    group_of_level = np.repeat(np.arange(population.age.size), np.diff(population.level_start))
    return CaseResult(
        years=years,
        gdp=gdp,
        cost=cost,
        method=method,
        method_by_type=_method_by_type(resolved, by_factor),
        replica_until=_replica_until(resolved, years, by_factor, mpg_replica),
        acquired_by_type=acquired,
        mpg_by_type=guarantee,
        contributions=contributions,
        contributions_by_payer=by_payer,
        assets=flows.assets.sum(axis=0),
        contributors=demography.heads.contributing.sum(axis=0),
        wage_bill=flows.covered_wages[:, axes.BASE_UNCAPPED].sum(axis=0),
        entrants=demography.heads.entrants,
        exits=demography.heads.exits,
        new_awards=flows.awards.sum(axis=(0, 1)),
        old_law_share=old_share,
        pensioners=np.stack(
            [
                ongoing.heads.sum(axis=0),
                by_group[:, axes.OLD_LAW].sum(axis=0),
                by_group[axes.PRESENT, axes.GUARANTEE],
                by_group[axes.FUTURE, axes.GUARANTEE],
            ]
        ),
        memo=_memo(
            resolved, flows, economy.in_force, cost, contributions, demography, gdp, housing_transition
        ),
        by_level=funded.detail,
        level_birth=(int(years[0]) - population.age)[group_of_level],
        level_sex=population.sex[group_of_level],
        level_wage=population.relative_wage,
        flows=flows,
        heads=demography.heads,
    )


def _check_heads(resolved: Resolved, years: Int, heads: Heads) -> None:
    scale = max(1.0, float(heads.contributing.sum(axis=0).max(initial=0.0)))
    short = heads.entrants < -_HEADS_TOLERANCE * scale
    if short.any():
        year = int(years[np.flatnonzero(short)[0]])
        growth = resolved.item("population.contributors_growth").derived
        of = f" ({', '.join(growth.inputs)})" if growth is not None else ""
        raise AssumptionError.single(
            "population.contributors_growth",
            f"in {year} those who stay (population.active_1996, population.inactive_number, less decrements) exceed the"
            f" contributors (population.contributors) by {-heads.entrants[short][0]:,.0f}",
            f"a path{of} that leaves room for entrants: more contributors or stronger decrements",
        )


def flows_of(
    resolved: Resolved, demography: prepare.Demography, economy: Economy, past: int, years: Int, detail: bool
) -> Flows:
    """Flows of a demography, its own or one with other heads, under the law of a resolved pack."""
    value_old, value_real = finite(prepare.annuities(demography, economy, years.size), "values of annuities")
    flows: Flows = project_flows(
        demography.population,
        demography.heads,
        demography.decrements,
        demography.payments,
        value_old,
        value_real,
        economy,
        finite(rules.old_law_tables(resolved), "tables of the law of 1973"),
        finite(rules.rules(resolved, years, past), "rules and laws"),
        detail,
    )
    return flows


def _method_by_type(resolved: Resolved, by_factor: bool) -> tuple[str, ...]:
    """How acquired rights of each type are made, (pension_type,)."""
    found = [REPLICA if by_factor else STRUCTURAL] * len(PENSION_TYPES)
    if resolved.switch("basis.type_split") == "replica":
        found[axes.OCCUPATIONAL_DISABILITY] = found[axes.OCCUPATIONAL_DEATH] = REPLICA
    return tuple(found)


def _replica_until(resolved: Resolved, years: Int, by_factor: bool, mpg_replica: bool) -> int:
    """Last year for which every replica cell has a printed value behind it."""
    last = int(years[-1])
    if by_factor or mpg_replica:
        last = min(last, int(resolved.dated("replica.mpg").years[-1]))
    return last


def _factor(resolved: Resolved, years: Int) -> tuple[Float, bool]:
    """Factor on acquired rights, and whether it stands for the use of INFONAVIT balances."""
    if resolved.switch("basis.infonavit_offset") == "factor" and resolved.flag(
        "financing.infonavit_surrendered"
    ):
        return resolved.path("replica.acquired_rights_factor", years), True
    return np.ones(years.size), False


def _contributions(
    resolved: Resolved, flows: Flows, in_force: Float, heads: Heads
) -> tuple[Float, Float, Float]:
    """Contributions by fund and by payer, and the State's proportional contributions that count as cost."""
    path = partial(resolved.path, years=projected_years(resolved))
    covered = flows.covered_wages.sum(axis=0) * in_force
    contributors = heads.contributing.sum(axis=0)
    yearly_quota = rules.yearly_quota(resolved, projected_years(resolved))
    if resolved.switch("basis.quota_basis") == "density":
        yearly_quota = yearly_quota * resolved.number("contributions.density")
    retirement, severance, _ = rules.contribution_rates(resolved, projected_years(resolved))
    ceav = {payer: path(f"contributions.ceav_{payer}") for payer in PAYERS}
    iv = {payer: path(f"contributions.iv_{payer}") for payer in PAYERS}
    base_retirement, base_ceav, base_iv, base_housing = (
        covered[axes.BASE_RETIREMENT],
        covered[axes.BASE_SEVERANCE],
        covered[axes.BASE_DISABILITY],
        covered[axes.BASE_HOUSING],
    )
    gross_retirement = path("contributions.retirement_employer") * base_retirement
    gross_ceav = sum(ceav.values()) * base_ceav
    quota = contributors * yearly_quota * in_force
    net_retirement, net_ceav = retirement * base_retirement, severance * base_ceav
    health = path("contributions.pensioners_health") * base_iv
    full_housing = path("contributions.infonavit_employer") * base_housing
    contributions = np.stack(
        [
            net_retirement,
            net_ceav,
            quota,
            full_housing,
            gross_retirement + gross_ceav - net_retirement - net_ceav,
            sum(iv.values()) * base_iv,
            health,
        ]
    )
    proportional = ceav["state"] * base_ceav + iv["state"] * base_iv
    split = health / (
        path("contributions.old_ivcm_employer")
        + path("contributions.old_ivcm_worker")
        + path("contributions.old_ivcm_state")
    )
    by_payer = np.stack(
        [
            gross_retirement
            + ceav["employer"] * base_ceav
            + iv["employer"] * base_iv
            + full_housing
            + split * path("contributions.old_ivcm_employer"),
            ceav["worker"] * base_ceav
            + iv["worker"] * base_iv
            + split * path("contributions.old_ivcm_worker"),
            quota + proportional + split * path("contributions.old_ivcm_state"),
        ]
    )
    counted = (
        proportional
        if resolved.switch("basis.state_contributions") == "full"
        else np.zeros_like(proportional)
    )
    return contributions, by_payer, counted


def _memo(
    resolved: Resolved,
    flows: Flows,
    in_force: Float,
    cost: Float,
    contributions: Float,
    demography: prepare.Demography,
    gdp: Float,
    housing_transition: Float,
) -> Float:
    """Memo lines beside the four costs, float64 (memo_item, year), pesos."""
    number, path = resolved.number, partial(resolved.path, years=projected_years(resolved))
    covered = flows.covered_wages.sum(axis=0) * in_force
    old_base = covered[axes.BASE_OLD_LAW]
    old_rate = sum(path(f"contributions.old_ivcm_{payer}") for payer in PAYERS)
    kept = contributions[FUNDS.index("iv")] + contributions[FUNDS.index("pensioners_health")]
    lost = old_rate * old_base - kept
    transition = flows.covered_wages[axes.PRESENT]
    iv_rate = sum(path(f"contributions.iv_{payer}") for payer in PAYERS)
    total = cost.sum(axis=0)
    return np.stack(
        [
            lost,
            total + lost,
            cost[STATE_CONTRIBUTIONS] - path("contributions.old_ivcm_state") * old_base,
            _retirement_subaccount(resolved, demography),
            number("memo.pensioners_health_gdp") * gdp,
            iv_rate * transition[axes.BASE_DISABILITY] * in_force,
            path("contributions.occupational_premium") * transition[axes.BASE_DISABILITY] * in_force,
            flows.surrendered.sum(axis=0),
            housing_transition,
        ]
    )


def _retirement_subaccount(resolved: Resolved, demography: prepare.Demography) -> Float:
    """Balances of 1992-96 paid out as transition workers leave by any pension, pesos a year.

    The stock is spread over members in proportion to heads and earns its own return.
    """
    stock = resolved.number("memo.retirement_subaccount_usd") * resolved.number("memo.exchange_rate")
    years = projected_years(resolved)
    members = demography.population.kind == axes.MEMBER
    heads = float(demography.population.heads[members].sum())
    if heads == 0.0:
        return np.zeros(years.size)
    opening = demography.heads.opening[members]
    leaving = (opening - demography.heads.contributing[members]).sum(axis=0)
    growth = 1.0 + resolved.path("funds.retirement_subaccount_return", years)
    level = np.concatenate([[1.0], np.cumprod(growth[:-1])])
    paid: Float = stock * leaving / heads * level
    return paid


def with_last_year(resolved: Resolved, year: int) -> Resolved:
    """The same pack projected to ``year``."""
    return resolved.with_values({"reform.last_year": float(year)})


__all__ = [
    "ACCOUNTS",
    "ACQUIRED_RIGHTS",
    "COMPONENTS",
    "FUNDS",
    "MEMO_ITEMS",
    "MPG_NEW_WORKERS",
    "ONGOING_PENSIONS",
    "PAYERS",
    "PENSIONER_GROUPS",
    "PENSION_TYPES",
    "STATE_CONTRIBUTIONS",
    "CaseResult",
    "flows_of",
    "projected_years",
    "run_case",
    "with_last_year",
]
