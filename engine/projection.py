"""One case: what is prepared of a resolved pack, the year loop, the components, and the result as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from cohorts import axes
from engine import ahead
from engine.checked import finite
from engine.components import booked, replica
from engine.components.replica import RECONSTRUCTED, REPLICA, STRUCTURAL
from engine.components.state_contributions import counted_contributors
from engine.kernels.project import project_complements, project_flows
from engine.kernels.types import Economy, Flows, Heads, Inputs, Rules
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
from engine.law.old import DatedTables, OldLaw
from engine.prepare import case as prepared
from engine.prepare import demography as demographics
from engine.prepare import rules
from engine.prepare.economy import projected_years
from engine.reconstruction import Reconstructed

Float = NDArray[np.float64]
Int = NDArray[np.int64]


@dataclass(frozen=True)
class CaseResult:
    """A projected case. Money in pesos of December 1996 a year, heads in persons.

    Attributes
    ----------
    years : int64 (year,)
    gdp : float64 (year,)
    cost : float64 (component, year)
    method : tuple of str (component,)
        ``structural``, ``replica`` or ``reconstructed``.
    method_by_type : tuple of str (pension_type,)
        The same for the types of acquired rights.
    replica_until : int
        Last year with a constant of its own in a replica cell; the last projected year where there is no such cell.
    acquired_by_type, mpg_by_type : float64 (pension_type, year)
    contributions : float64 (fund, year)
    contributions_by_payer : float64 (payer, year)
    assets : float64 (account, year)
    affiliates, contributors, wage_bill, entrants : float64 (year,)
    exits : float64 (cause, year)
    new_awards : float64 (pension_type, year)
    award_service : float64 (pension_type, year)
        Mean service of the year's awards, years; NaN where there is none.
    old_law_share : float64 (pension_type, year)
        Share of transition workers' awards taken under the old law; NaN where there is no award.
    pensioners : float64 (pensioner_group, year)
    memo : float64 (memo_item, year)
    complemented : float64 (year,)
        Pensions that the welfare fund would complement, persons.
    by_level : float64 (level, year)
        Acquired rights by birth year, sex and relative wage, before any replica factor; empty unless asked for.
    level_birth, level_sex, level_wage : (level,)
        Birth year, sex and relative wage of each row of ``by_level``.
    flows, heads
        Kernel results.
    reconstructed : Reconstructed or None
        Cost of the reconstructed mechanism by year of award, where there is one.
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
    affiliates: Float
    contributors: Float
    wage_bill: Float
    entrants: Float
    exits: Float
    new_awards: Float
    award_service: Float
    old_law_share: Float
    pensioners: Float
    memo: Float
    complemented: Float
    by_level: Float
    level_birth: Int
    level_sex: Int
    level_wage: Float
    flows: Flows
    heads: Heads
    reconstructed: Reconstructed | None = None


def run_case(resolved: Resolved, detail: bool = False, workers: int = 1) -> CaseResult:
    """Project one resolved pack.

    Parameters
    ----------
    resolved : Resolved
        Assumptions of one scenario on one basis.
    detail : bool
        Whether acquired rights are also kept by birth year, sex and wage group.
    workers : int
        Threads. Results do not depend on it.

    Returns
    -------
    CaseResult

    Raises
    ------
    AssumptionError
        If contributors fall faster than decrements allow, or values contradict one another.
    """
    ahead.begin()
    case = prepared.build(resolved)
    flows = _flows(case, case.economy, detail, workers)
    base = case.replicas.base_return
    funded = flows
    # A replica factor is applied to a projection on returns of its own.
    if base is not None:
        on_base = case.economy._replace(**base._asdict())
        if not all(map(np.array_equal, base, (case.economy.fund_return, case.economy.annuity_return))):
            funded = _flows(case, on_base, detail, workers)
    complements = _complements(case)
    books = booked(
        case._asdict()
        | case.demography._asdict()
        | {"flows": flows, "funded": funded, "in_force": case.economy.in_force, "complements": complements}
    )
    people, heads = case.demography.population, case.demography.heads
    group_of_level = np.repeat(np.arange(people.age.size), np.diff(people.level_start))
    by_group = flows.pensioners.sum(axis=2)
    return CaseResult(
        years=case.years,
        gdp=case.gdp,
        cost=books["cost"],
        method=replica.methods(case.replicas, case.mechanism is not None),
        method_by_type=replica.methods_by_type(case.replicas, case.mechanism is not None),
        replica_until=case.replicas.until,
        acquired_by_type=books["acquired_rights"],
        mpg_by_type=books["mpg_new_workers"],
        contributions=books["contributions"].by_fund,
        contributions_by_payer=books["contributions"].by_payer,
        assets=flows.assets.sum(axis=0),
        affiliates=heads.contributing.sum(axis=0),
        contributors=counted_contributors(heads.contributing, people),
        wage_bill=flows.covered_wages[:, axes.BASE_UNCAPPED].sum(axis=0),
        entrants=heads.entrants,
        exits=heads.exits,
        new_awards=flows.awards.sum(axis=(0, 1)),
        award_service=_mean_service(flows, case.rules),
        old_law_share=_old_law_share(flows.awards[axes.PRESENT]),
        pensioners=np.stack(
            [
                case.ongoing.heads.sum(axis=0),
                by_group[:, axes.OLD_LAW].sum(axis=0),
                by_group[axes.PRESENT, axes.GUARANTEE],
                by_group[axes.FUTURE, axes.GUARANTEE],
            ]
        ),
        memo=books["memo"],
        complemented=complements[1],
        by_level=funded.detail,
        level_birth=(int(case.years[0]) - people.age)[group_of_level],
        level_sex=people.sex[group_of_level],
        level_wage=people.relative_wage,
        flows=flows,
        heads=heads,
        reconstructed=books["reconstructed"],
    )


def _mean_service(flows: Flows, rules: Rules) -> Float:
    """Completed weeks of awards over their number and the weeks of a year, float64 (pension_type, year)."""
    number = flows.awards.sum(axis=(0, 1))
    weeks_per_year = rules.old[OldLaw._fields.index("weeks_per_year")]
    found: Float = np.divide(
        flows.served.sum(axis=0),
        number * weeks_per_year,
        out=np.full_like(number, np.nan),
        where=number > 0.0,
    )
    return found


def _old_law_share(awards: Float) -> Float:
    """Share of awards taken under the old law, float64 (pension_type, year); NaN where there is none."""
    every = awards.sum(axis=0)
    with np.errstate(invalid="ignore"):
        return np.where(every > 0.0, awards[axes.OLD_LAW] / every, np.nan)


def _complements(case: prepared.Case) -> Float:
    """What the welfare fund would pay, and to how many, float64 (2, year)."""
    people = case.demography
    values = demographics.annuities(people, case.economy, int(case.rules.years))
    inputs = Inputs(
        people.population, people.heads, people.decrements, people.payments, *values,
        case.economy, case.tables, case.rules,
    )  # fmt: skip
    found: Float = project_complements(inputs, case.fund)
    return found


def _flows(case: prepared.Case, economy: Economy, detail: bool, workers: int) -> Flows:
    return flows_under(case.rules, case.tables, case.demography, economy, detail, workers)


def flows_of(
    resolved: Resolved,
    demography: demographics.Demography,
    economy: Economy,
    past: int,
    years: Int,
    detail: bool,
) -> Flows:
    """Flows of a demography, its own or one with other heads, under the law of a resolved pack."""
    law = rules.rules(resolved, years, past)
    return flows_under(law, rules.dated_tables(resolved, years), demography, economy, detail)


def flows_under(
    law: Rules,
    tables: DatedTables,
    demography: demographics.Demography,
    economy: Economy,
    detail: bool,
    workers: int = 1,
) -> Flows:
    """Flows of a demography under prepared rules; what reaches the kernels is finite, or it is refused."""
    value_old, value_real = finite(
        demographics.annuities(demography, economy, int(law.years)), "values of annuities"
    )
    inputs = Inputs(
        demography.population,
        demography.heads,
        demography.decrements,
        demography.payments,
        value_old,
        value_real,
        economy,
        finite(tables, "tables of the law of 1973"),
        finite(law, "rules and laws"),
    )
    flows: Flows = project_flows(inputs, detail, workers=workers)
    return flows


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
    "RECONSTRUCTED",
    "REPLICA",
    "STATE_CONTRIBUTIONS",
    "STRUCTURAL",
    "CaseResult",
    "flows_of",
    "flows_under",
    "projected_years",
    "run_case",
    "with_last_year",
]
