"""The components from the number down to birth years, and what is applied to sums of payments on the way up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved
from cohorts import axes
from engine.explain import cell
from engine.explain.chain import PESOS, PESOS_YEAR
from engine.explain.context import Context
from engine.explain.contributions import state_contributions
from engine.explain.levels import Chained, Chosen, Costs, below, named, sum_by, wage_groups
from engine.explain.ongoing import ongoing_pensions
from engine.explain.reconstructed import of_mechanism
from engine.explain.records import Figure, Level, Step, level, step
from engine.outputs.steps import Said, said
from engine.prepare import economy as economy_paths
from engine.projection import (
    ACQUIRED_RIGHTS,
    COMPONENTS,
    MPG_NEW_WORKERS,
    ONGOING_PENSIONS,
    PENSION_TYPES,
    RECONSTRUCTED,
    REPLICA,
    STATE_CONTRIBUTIONS,
    CaseResult,
    flows_of,
)
from engine.shares import percent_of_gdp

# A factor on the sum of payments that differs from 1 by less than this is the rounding of that sum.
_ROUNDING: Final = 1e-12


def _evidence(res: Resolved, name: str) -> Said:
    """What speaks for a constant that stands in for a mechanism."""
    item = res.item(name)
    return Said("; ".join(part for part in (item.locator, item.target, item.note) if part))


def _last_steps(ctx: Context, result: CaseResult, component: int, t: int) -> list[Step]:
    """From pesos to percent of GDP."""
    year, cost, gdp = int(ctx.years[t]), float(result.cost[component, t]), float(result.gdp[t])
    figures = Figure("cost", cost, PESOS), Figure("GDP", gdp, PESOS_YEAR)
    name = said(COMPONENTS[component].replace("_", " "))
    return [
        step("gdp", gdp, year=year),
        step("percent", percent_of_gdp(cost, gdp), *figures, component=name, year=year),
    ]


def _by_type(amounts: NDArray[np.float64], gdp: float, number: float) -> Level:
    parts = [({"type": name}, float(amounts[n])) for n, name in enumerate(PENSION_TYPES)]
    return level("By type of pension", parts, gdp, number)


def acquired_rights(ctx: Context, result: CaseResult, t: int, chosen: Chosen) -> Chained:
    """Rights of transition workers: payments by birth year, sex, wage and award, and what is applied to their sum."""
    gdp, cost = float(result.gdp[t]), float(result.cost[ACQUIRED_RIGHTS, t])
    by_type = _by_type(result.acquired_by_type[:, t], gdp, percent_of_gdp(cost, gdp))
    if result.method[ACQUIRED_RIGHTS] == RECONSTRUCTED:
        return of_mechanism(ctx, result, ACQUIRED_RIGHTS, t, chosen, by_type)
    raw = float(result.by_level[:, t].sum())
    # Every part is scaled alike, as in the dataset, so that parts add up to the number whatever is applied to their sum.
    scale, number = cost / raw if raw else 0.0, percent_of_gdp(cost, gdp)
    amounts = result.by_level[:, t] * scale
    groups = sum_by(result.level_birth.tolist(), result.level_sex.tolist(), amounts.tolist())
    levels = [
        by_type,
        level("By birth year and sex", named(groups), gdp, number),
        *_by_wage_group(ctx, amounts, gdp, number),
    ]
    notes = []
    if scale and abs(scale - 1.0) > _ROUNDING:
        scaled = (
            "Parts are scaled by {scale:.10g}: what is applied to the sum of the payments (see the steps) is spread in"
            " proportion to them."
        )
        notes.append(said(scaled, scale=scale))

    def of_wage(group: int, level_: int) -> float:
        return float(amounts[ctx.levels(group)][level_])

    costs = Costs(groups, gdp, ctx.economy, cell.as_acquired_rights, scale, of_wage)
    more, chains, of_cell = below(ctx, chosen, costs, t)
    return Chained(
        [step("acquired", raw), *_applied(ctx, result, t, raw)], levels + more, chains, notes + of_cell
    )


def _by_wage_group(ctx: Context, amounts: NDArray[np.float64], gdp: float, number: float) -> list[Level]:
    """Amounts of all wage groups added up over birth years, where all of these have the same number of them."""
    n = wage_groups(ctx, range(ctx.demography.population.age.size))
    if not n:
        return []
    summed = amounts.reshape(-1, n).sum(axis=0)
    parts = [({"wage_group": i + 1}, float(amount)) for i, amount in enumerate(summed)]
    return [level("By wage group", parts, gdp, number, wage_groups=n)]


def _applied(ctx: Context, result: CaseResult, t: int, raw: float) -> list[Step]:
    """What stands between payments and cost: replica constants, the date of the reform, pooled balances."""
    res, year, cost = ctx.resolved, int(ctx.years[t]), float(result.cost[ACQUIRED_RIGHTS, t])
    steps = []
    if ctx.by_factor:
        name = "replica.acquired_rights_factor"
        factor = float(res.path(name, [year])[0])
        figure = Figure("factor", factor, "ratio")
        steps.append(step("replica_factor", raw * factor, figure, year=year, evidence=_evidence(res, name)))
    if res.switch("basis.type_split") == "replica":
        by_type = result.acquired_by_type[:, t]
        figures = [
            Figure(name, float(value), PESOS) for name, value in zip(PENSION_TYPES, by_type, strict=True)
        ]
        c4, c5 = (Said(res.item(name).locator) for name in ("replica.c4_over_c2", "replica.c5_over_c3"))
        steps.append(step("type_split", float(by_type.sum()), *figures, c4=c4, c5=c5))
    force = ctx.due(t)
    if force != 1.0:
        steps.append(step("first_year", cost / ctx.anchor(t), Figure("fraction", force, "fraction")))
    pooled = res.switch("basis.infonavit_offset") == "pooled_contributions"
    if pooled and res.flag("financing.infonavit_surrendered"):
        steps.append(step("pooled", cost / ctx.anchor(t)))
    if ctx.anchor(t) != 1.0:
        steps.append(step("anchor", cost, Figure("factor", ctx.anchor(t), "ratio")))
    return steps


def mpg_new_workers(ctx: Context, result: CaseResult, t: int, chosen: Chosen) -> Chained:
    """The minimum pension guarantee of those who first contribute under the new law."""
    gdp, cost = float(result.gdp[t]), float(result.cost[MPG_NEW_WORKERS, t])
    number = percent_of_gdp(cost, gdp)
    by_type = _by_type(result.mpg_by_type[:, t], gdp, number)
    if result.method[MPG_NEW_WORKERS] == RECONSTRUCTED:
        return of_mechanism(ctx, result, MPG_NEW_WORKERS, t, chosen, by_type)
    if result.method[MPG_NEW_WORKERS] == REPLICA:
        return _replica_guarantee(ctx, t, chosen, cost, by_type)
    force = ctx.due(t)
    groups = _future_costs(ctx, t, force)
    levels = [by_type, level("By birth year and sex", named(groups), gdp, number)]
    costs = Costs(groups, gdp, ctx.plain_economy, cell.as_guarantee, force)
    more, chains, notes = below(ctx, chosen, costs, t)
    return Chained([step("mpg", cost)], levels + more, chains, notes)


def _replica_guarantee(ctx: Context, t: int, chosen: Chosen, cost: float, by_type: Level) -> Chained:
    if chosen.cohort is not None:
        raise AssumptionError.single(
            "--cohort", "the guarantee is a replica on this basis and knows no birth years", "no --cohort"
        )
    res, year = ctx.resolved, [int(ctx.years[t])]
    figures = (
        Figure("GDP of the print", float(economy_paths.replica_gdp(res, ctx.years)[t]), PESOS_YEAR),
        Figure("share of GDP", float(res.path("replica.mpg", year)[0]), "fraction"),
        Figure("series", res.number("replica.mpg_series_factor"), "ratio"),
        Figure("scenario", float(res.path("replica.mpg_scenario_factor", year)[0]), "ratio"),
    )
    note = "A replica: constants that reproduce the printed column; no mechanism gives them."
    first = step("mpg_replica", cost, *figures, evidence=_evidence(res, "replica.mpg"))
    return Chained([first], [by_type], [], [said(note)])


def _future_costs(ctx: Context, t: int, force: float) -> dict[tuple[int, int], float]:
    """Cost of new workers by birth year and sex: the projection of each group by itself."""
    people, heads = ctx.demography.population, ctx.demography.heads
    found: dict[tuple[int, int], float] = {}
    for group in range(people.age.size):
        blocks = slice(int(people.block_start[group]), int(people.block_start[group + 1]))
        if not (people.generation[blocks] == axes.FUTURE).any():
            continue
        cells = slice(int(people.cell_start[blocks.start]), int(people.cell_start[blocks.stop]))
        levels = ctx.levels(group)
        alone = people._replace(
            age=people.age[group : group + 1],
            sex=people.sex[group : group + 1],
            density=people.density[group : group + 1],
            counted=people.counted[group : group + 1],
            block_start=np.array([0, blocks.stop - blocks.start]),
            entry=people.entry[blocks],
            kind=people.kind[blocks],
            service=people.service[blocks],
            generation=people.generation[blocks],
            old_rights=people.old_rights[blocks],
            heads=people.heads[blocks],
            cell_start=people.cell_start[blocks.start : blocks.stop + 1] - cells.start,
            level=people.level[cells],
            share=people.share[cells],
            balance=people.balance[cells],
            level_start=np.array([0, levels.stop - levels.start]),
            relative_wage=people.relative_wage[levels],
            mean_wage=people.mean_wage[group : group + 1],
        )
        of_group = heads._replace(
            opening=heads.opening[blocks],
            contributing=heads.contributing[blocks],
            closing=heads.closing[blocks],
        )
        demography = ctx.demography._replace(population=alone, heads=of_group)
        flows = flows_of(ctx.resolved, demography, ctx.plain_economy, ctx.past, ctx.years, False)
        birth = int(ctx.years[0]) - int(people.age[group])
        key = birth, int(people.sex[group])
        found[key] = found.get(key, 0.0) + force * float(flows.cost[axes.FUTURE, axes.GUARANTEE, :, t].sum())
    return found


_EXPLAINED: Final[Mapping[int, Callable[[Context, CaseResult, int, Chosen], Chained]]] = {
    ACQUIRED_RIGHTS: acquired_rights,
    ONGOING_PENSIONS: ongoing_pensions,
    STATE_CONTRIBUTIONS: state_contributions,
    MPG_NEW_WORKERS: mpg_new_workers,
}


def explained(ctx: Context, result: CaseResult, component: int, t: int, chosen: Chosen) -> Chained:
    """A component's number taken apart, from its parts to percent of GDP."""
    found = _EXPLAINED[component](ctx, result, t, chosen)
    return found._replace(steps=found.steps + _last_steps(ctx, result, component, t))
