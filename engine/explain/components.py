"""The four components, from the number down to birth years, wage groups and single awards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved
from cohorts import axes, pensioners
from cohorts.axes import SEXES
from cohorts.families import entitled_share, spouse_survival
from cohorts.tables import by_sex_age
from engine.explain import cell
from engine.explain.cell import PESOS, PESOS_YEAR, Context
from engine.explain.records import Chain, Figure, Level, Step, level
from engine.kernels.types import Economy
from engine.prepare import economy as economy_paths
from engine.prepare import wage_bands
from engine.projection import (
    ACQUIRED_RIGHTS,
    COMPONENTS,
    MPG_NEW_WORKERS,
    ONGOING_PENSIONS,
    PENSION_TYPES,
    REPLICA,
    STATE_CONTRIBUTIONS,
    CaseResult,
    flows_of,
)
from engine.shares import percent_of_gdp

Float = NDArray[np.float64]

GDP_PERCENT: Final = "percent of GDP"


class Chosen(NamedTuple):
    """Which cell is asked for; None where a level is left open. ``wage`` is in minimum wages of the first projected year."""

    cohort: int | None = None
    sex: str | None = None
    wage: float | None = None
    award_year: int | None = None
    pension_type: str | None = None


class Chained(NamedTuple):
    """Steps from the parts to the number, levels below it, chains of a cell, and notes."""

    steps: list[Step]
    levels: list[Level]
    chains: list[Chain]
    notes: list[str]


def evidence(res: Resolved, name: str) -> str:
    """What speaks for a constant that stands in for a mechanism."""
    item = res.item(name)
    return "evidence: " + "; ".join(part for part in (item.locator, item.target, item.note) if part)


def missing(chosen: Chosen, births: NDArray[np.int64]) -> AssumptionError:
    """The error for a cell where there is nobody."""
    said = f"{births.min()} to {births.max()}" if births.size else "none"
    sex = f", sex {chosen.sex}" if chosen.sex else ""
    return AssumptionError.single(
        "--cohort", f"{chosen.cohort}{sex} has no part in this number", f"birth years {said}"
    )


def last_steps(ctx: Context, result: CaseResult, component: int, t: int) -> list[Step]:
    """From pesos to percent of GDP."""
    year = int(ctx.years[t])
    cost, gdp = float(result.cost[component, t]), float(result.gdp[t])
    return [
        Step(
            f"GDP of {year}",
            "GDP of 1997 x product of (1 + real growth)",
            "docs/methods.md, section 2",
            gdp,
            PESOS_YEAR,
            (),
            ("economy.gdp_1997", "economy.gdp_growth"),
        ),
        Step(
            f"{COMPONENTS[component].replace('_', ' ')} of {year}",
            "100 x cost / GDP",
            "docs/methods.md",
            percent_of_gdp(cost, gdp),
            GDP_PERCENT,
            (Figure("cost", cost, PESOS), Figure("GDP", gdp, PESOS_YEAR)),
        ),
    ]


# acquired rights ---------------------------------------------------------------------------------------------------


def acquired_rights(ctx: Context, result: CaseResult, t: int, chosen: Chosen) -> Chained:
    """Rights of transition workers: payments by birth year, sex, wage and award, and what is applied to their sum."""
    gdp = float(result.gdp[t])
    cost = float(result.cost[ACQUIRED_RIGHTS, t])
    raw = float(result.by_level[:, t].sum())
    steps = [
        Step(
            "Payments of the State to transition workers and their survivors",
            "sum over birth years, sexes, wage groups and awards",
            "docs/methods.md, section 7",
            raw,
            PESOS,
            (),
            ("basis.recognition", "basis.choice"),
        )
    ]
    steps += _applied(ctx, result, t, raw)
    steps += last_steps(ctx, result, ACQUIRED_RIGHTS, t)
    # Every part is scaled alike, as in the dataset, so that parts add up to the number whatever is applied to their sum.
    scale = cost / raw if raw else 0.0
    number = percent_of_gdp(cost, gdp)
    amounts = result.by_level[:, t] * scale
    births, sexes = result.level_birth, result.level_sex
    by_group = _sum_by(births, sexes, amounts)
    levels = [
        level(
            "By type of pension",
            [({"type": name}, float(result.acquired_by_type[n, t])) for n, name in enumerate(PENSION_TYPES)],
            gdp,
            number,
        ),
        level("By birth year and sex", _named(by_group), gdp, number),
    ]
    notes = []
    if scale and abs(scale - 1.0) > 1e-12:
        notes.append(
            f"Parts are scaled by {scale:.10g}: what is applied to the sum of the payments (see the steps) is spread in"
            " proportion to them."
        )

    def of_wage(group: int, level_: int) -> float:
        return float(amounts[ctx.levels(group)][level_])

    below, chains, more = _below(
        ctx, chosen, by_group, of_wage, t, gdp, scale, ctx.economy, cell.as_acquired_rights
    )
    return Chained(steps, levels + below, chains, notes + more)


def _applied(ctx: Context, result: CaseResult, t: int, raw: float) -> list[Step]:
    """What stands between payments and cost: replica constants, the date of the reform, pooled balances."""
    res, year = ctx.resolved, int(ctx.years[t])
    steps = []
    if ctx.by_factor:
        factor = float(res.path("replica.acquired_rights_factor", [year])[0])
        steps.append(
            Step(
                f"Replica factor of {year}",
                "payments x factor: constants stand for the use of INFONAVIT balances; the payments are projected without"
                " it, on replica.base_rcv_return",
                evidence(res, "replica.acquired_rights_factor"),
                raw * factor,
                PESOS,
                (Figure("factor", factor, "ratio"),),
                ("replica.acquired_rights_factor", "replica.base_rcv_return", "basis.infonavit_offset"),
            )
        )
    if res.switch("basis.type_split") == "replica":
        by_type = result.acquired_by_type[:, t]
        steps.append(
            Step(
                "Occupational risk",
                "occupational disability = c4/c2 x disability, occupational death = c5/c3 x death, in place of projected",
                f"evidence: {res.item('replica.c4_over_c2').locator}; {res.item('replica.c5_over_c3').locator}",
                float(by_type.sum()),
                PESOS,
                tuple(
                    Figure(name, float(value), PESOS)
                    for name, value in zip(PENSION_TYPES, by_type, strict=True)
                ),
                ("basis.type_split", "replica.c4_over_c2", "replica.c5_over_c3"),
            )
        )
    force = ctx.due(t)
    if force != 1.0:
        steps.append(
            Step(
                "Year in which the law begins",
                "x fraction of the year in force",
                "First transitory article of the law of 1995",
                float(result.cost[ACQUIRED_RIGHTS, t]),
                PESOS,
                (Figure("fraction", force, "fraction"),),
                ("reform.date",),
            )
        )
    if res.switch("basis.infonavit_offset") == "pooled_contributions" and res.flag(
        "financing.infonavit_surrendered"
    ):
        steps.append(
            Step(
                "INFONAVIT contributions of transition workers",
                "max(0, cost - contributions of the year)",
                "Annex V, A7",
                float(result.cost[ACQUIRED_RIGHTS, t]),
                PESOS,
                (),
                ("basis.infonavit_offset", "contributions.infonavit_employer"),
            )
        )
    return steps


Groups = Mapping[tuple[int, int], float]


def _sum_by(
    births: NDArray[np.int64], sexes: NDArray[np.int64], amounts: Float
) -> dict[tuple[int, int], float]:
    out: dict[tuple[int, int], float] = {}
    for birth, sex, amount in zip(births.tolist(), sexes.tolist(), amounts.tolist(), strict=True):
        out[birth, sex] = out.get((birth, sex), 0.0) + amount
    return out


def _named(groups: Groups) -> list[tuple[dict[str, Any], float]]:
    return [({"birth_year": birth, "sex": SEXES[sex]}, amount) for (birth, sex), amount in groups.items()]


def _within(groups: Groups, chosen: Chosen) -> dict[tuple[int, int], float]:
    found = {
        key: amount
        for key, amount in groups.items()
        if key[0] == chosen.cohort and (chosen.sex is None or SEXES[key[1]] == chosen.sex) and amount != 0.0
    }
    if not found:
        births = np.array([key[0] for key, amount in groups.items() if amount != 0.0])
        raise missing(chosen, births)
    return found


def _wage_mw(ctx: Context, group: int, level_: int) -> float:
    """Wage of a wage group in the first projected year, in minimum wages of that year."""
    pay = cell.wages(ctx, group, level_, ctx.plain_economy).wage
    return float(pay[ctx.past] / ctx.plain_economy.minimum_wage[ctx.past])


def nearest_level(ctx: Context, group: int, wage: float) -> int:
    """The wage group whose wage of the first year is nearest; the lowest of equals."""
    found = ctx.levels(group)
    return int(np.argmin([abs(_wage_mw(ctx, group, i) - wage) for i in range(found.stop - found.start)]))


def _below(
    ctx: Context,
    chosen: Chosen,
    groups: Groups,
    of_wage: Callable[[int, int], float] | None,
    t: int,
    gdp: float,
    scale: float,
    economy: Economy,
    booked: cell.Booked,
) -> tuple[list[Level], list[Chain], list[str]]:
    """Levels below birth years: sexes, wage groups, awards; and the chain of the largest award.

    ``of_wage`` gives what the projection itself books for a wage group, where it keeps that.
    """
    if chosen.cohort is None:
        return [], [], []
    found = _within(groups, chosen)
    expected = percent_of_gdp(sum(found.values()), gdp)
    levels = []
    if len(found) > 1:
        levels.append(level(f"Born in {chosen.cohort}, by sex", _named(found), gdp, expected))
    if chosen.sex is None:
        return levels, [], ["--sex m or f shows the wage groups of one sex."]
    group = ctx.group(chosen.cohort, SEXES.index(chosen.sex))
    assert group is not None
    label = f"Born in {chosen.cohort}, sex {chosen.sex}"
    # Where the projection itself keeps wage groups, only the chosen one is recomputed.
    only = None if chosen.wage is None or of_wage is None else nearest_level(ctx, group, chosen.wage)
    every = cell.awards(ctx, group, t, economy, booked, only)
    n_levels = ctx.levels(group).stop - ctx.levels(group).start
    by_wage = [
        (
            {"wage_group": i + 1, "wage_mw": round(_wage_mw(ctx, group, i), 4)},
            of_wage(group, i) if of_wage else sum(a.state for a in every if a.level == i) * scale,
        )
        for i in range(n_levels)
    ]
    levels.append(level(f"{label}, by wage group", by_wage, gdp, expected))
    notes = []
    picked = every
    expected_here = expected
    title = f"{label}, by award"
    if chosen.wage is not None:
        level_ = nearest_level(ctx, group, chosen.wage)
        mw = _wage_mw(ctx, group, level_)
        picked = [award for award in every if award.level == level_]
        expected_here = percent_of_gdp(by_wage[level_][1], gdp)
        title = f"{label}, wage {mw:.3g} minimum wages, by award"
        notes.append(
            f"Wage group {level_ + 1} of {n_levels}: {mw:.4g} minimum wages in {int(ctx.years[0])}, the nearest to"
            f" {chosen.wage:g}."
        )
    parts: dict[tuple[Any, ...], tuple[dict[str, Any], float]] = {}
    for award in picked:
        who = cell.who(ctx, award)
        if chosen.wage is None:
            who = {"wage_group": award.level + 1, **who}
        key = tuple(who.items())
        parts[key] = (who, parts.get(key, (who, 0.0))[1] + award.state * scale)
    levels.append(level(title, parts.values(), gdp, expected_here))
    shown = _chosen_award(ctx, chosen, picked)
    if shown is None:
        return levels, [], notes
    notes.append(
        "The chain shows the award that costs most in the year"
        + (
            " among those chosen"
            if chosen.award_year or chosen.pension_type
            else "; --award-year and --type choose another"
        )
        + "."
    )
    return levels, [cell.chain(ctx, group, shown, t, economy)], notes


def _chosen_award(ctx: Context, chosen: Chosen, found: list[cell.Award]) -> cell.Award | None:
    fitting = [
        award
        for award in found
        if (chosen.award_year is None or int(ctx.years[award.start]) == chosen.award_year)
        and (chosen.pension_type is None or PENSION_TYPES[award.kind] == chosen.pension_type)
    ]
    if not fitting:
        years = sorted({int(ctx.years[award.start]) for award in found})
        if not years:
            return None
        raise AssumptionError.single(
            "--award-year, --type", "no such award in this cell", f"awards of {years[0]} to {years[-1]}"
        )
    return max(fitting, key=lambda award: (award.state, award.heads))


# guarantee of new workers --------------------------------------------------------------------------------------------


def mpg_new_workers(ctx: Context, result: CaseResult, t: int, chosen: Chosen) -> Chained:
    """The minimum pension guarantee of those who first contribute under the new law."""
    res, year, gdp = ctx.resolved, int(ctx.years[t]), float(result.gdp[t])
    cost = float(result.cost[MPG_NEW_WORKERS, t])
    number = percent_of_gdp(cost, gdp)
    by_type = level(
        "By type of pension",
        [({"type": name}, float(result.mpg_by_type[n, t])) for n, name in enumerate(PENSION_TYPES)],
        gdp,
        number,
    )
    if result.method[MPG_NEW_WORKERS] == REPLICA:
        if chosen.cohort is not None:
            raise AssumptionError.single(
                "--cohort", "the guarantee is a replica on this basis and knows no birth years", "no --cohort"
            )
        names = ("replica.mpg", "replica.mpg_series_factor", "replica.mpg_scenario_factor")
        base_gdp = float(economy_paths.replica_gdp(res, ctx.years)[t])
        values = [
            float(res.path(names[0], [year])[0]),
            res.number(names[1]),
            float(res.path(names[2], [year])[0]),
        ]
        steps = [
            Step(
                "Guarantee copied from print",
                "GDP of the print x share of GDP x factor of the series x factor of the scenario",
                evidence(res, names[0]),
                cost,
                PESOS,
                (
                    Figure("GDP of the print", base_gdp, PESOS_YEAR),
                    Figure("share of GDP", values[0], "fraction"),
                    Figure("series", values[1], "ratio"),
                    Figure("scenario", values[2], "ratio"),
                ),
                (*names, "replica.gdp_1997", "replica.gdp_growth", "basis.mpg"),
            ),
            *last_steps(ctx, result, MPG_NEW_WORKERS, t),
        ]
        return Chained(
            steps,
            [by_type],
            [],
            ["A replica: constants that reproduce the printed column; no mechanism gives them."],
        )
    steps = [
        Step(
            "Payments of the State on the guarantee of new workers",
            "sum over birth years, sexes, wage groups and awards",
            "Arts. 170-173 of the law of 1995; docs/methods.md, section 7",
            cost,
            PESOS,
            (),
            ("guarantee.mpg", "guarantee.real_growth", "law_1995.weeks_retirement", "basis.mpg"),
        ),
        *last_steps(ctx, result, MPG_NEW_WORKERS, t),
    ]
    force = ctx.due(t)
    groups = _future_costs(ctx, t, force)
    levels = [by_type, level("By birth year and sex", _named(groups), gdp, number)]
    below, chains, notes = _below(
        ctx, chosen, groups, None, t, gdp, force, ctx.plain_economy, cell.as_guarantee
    )
    return Chained(steps, levels + below, chains, notes)


def _future_costs(ctx: Context, t: int, force: float) -> dict[tuple[int, int], float]:
    """Cost of new workers by birth year and sex: the projection of each group by itself."""
    people, heads = ctx.demography.population, ctx.demography.heads
    found = {}
    for group in range(people.age.size):
        blocks = slice(int(people.block_start[group]), int(people.block_start[group + 1]))
        if not (people.generation[blocks] == axes.FUTURE).any():
            continue
        cells = slice(int(people.cell_start[blocks.start]), int(people.cell_start[blocks.stop]))
        levels = ctx.levels(group)
        alone = people._replace(
            age=people.age[group : group + 1],
            sex=people.sex[group : group + 1],
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
        of_group = heads._replace(opening=heads.opening[blocks], contributing=heads.contributing[blocks])
        demography = ctx.demography._replace(population=alone, heads=of_group)
        flows = flows_of(ctx.resolved, demography, ctx.plain_economy, ctx.past, ctx.years, False)
        birth = int(ctx.years[0]) - int(people.age[group])
        found[birth, int(people.sex[group])] = force * float(
            flows.cost[axes.FUTURE, axes.GUARANTEE, :, t].sum()
        )
    return found


# State contributions -----------------------------------------------------------------------------------------------


def state_contributions(ctx: Context, result: CaseResult, t: int, chosen: Chosen) -> Chained:
    """Social quota and proportional contributions of the State, by part and by birth year, sex and wage group."""
    res, year, gdp = ctx.resolved, int(ctx.years[t]), float(result.gdp[t])
    people = ctx.demography.population
    economy = ctx.plain_economy
    u, force = ctx.past + t, float(economy.in_force[t])
    density = res.number("contributions.density")
    by_density = res.switch("basis.quota_basis") == "density"
    counted = res.switch("basis.state_contributions") == "full"
    ceav, iv = (float(res.path(f"contributions.{name}_state", ctx.years)[t]) for name in ("ceav", "iv"))
    minimum = float(economy.minimum_wage[u])

    block_group = np.repeat(np.arange(people.age.size), np.diff(people.block_start))
    cell_block = np.repeat(np.arange(people.entry.size), np.diff(people.cell_start))
    group = block_group[cell_block]
    heads = ctx.demography.heads.contributing[cell_block, t] * people.share
    relative = people.relative_wage[people.level_start[group] + people.level]
    wage = np.maximum(relative * people.mean_wage[group, u], ctx.rules.wage_floor_mw * minimum)
    quota = wage_bands.at(ctx.rules.quota, wage, t)
    base = {
        name: density * np.minimum(wage, float(economy.ceilings[place, u]) * minimum)
        for name, place in (("ceav", axes.BASE_SEVERANCE), ("iv", axes.BASE_DISABILITY))
    }
    parts = {
        "social_quota": force * heads * quota,
        "proportional_ceav": force * heads * ceav * base["ceav"] * counted,
        "proportional_iv": force * heads * iv * base["iv"] * counted,
    }
    every = sum(parts.values(), np.zeros_like(heads))
    cost = float(result.cost[STATE_CONTRIBUTIONS, t])
    number = percent_of_gdp(cost, gdp)
    contributors = float(heads.sum())
    steps = [
        Step(
            f"Contributors of {year}",
            "heads of the first year x (1 + growth); entrants close the gap",
            "docs/methods.md, section 3",
            contributors,
            "persons",
            (),
            ("population.contributors", "population.contributors_growth", "population.active_1996"),
        ),
        Step(
            "Social quota",
            "contributors x quota x days"
            + (" x density" if by_density else "")
            + (" x fraction in force" if force != 1 else ""),
            "Art. 168, IV of the law of 1995",
            float(parts["social_quota"].sum()),
            PESOS,
            (
                Figure(
                    "quota of a contributor",
                    float(quota[0] if np.ptp(quota) == 0.0 else quota @ heads / heads.sum()),
                    PESOS_YEAR,
                ),
                Figure("fraction of the year in force", force, "fraction"),
            ),
            (
                "state.social_quota",
                "state.social_quota_bands",
                "economy.days_per_year",
                "basis.quota_basis",
                *(("contributions.density",) if by_density else ()),
                "reform.date",
            ),
        ),
    ]
    if counted:
        steps += [
            Step(
                "Proportional contributions, CEAV",
                "rate x density x wages up to the ceiling",
                "Art. 168, II of the law of 1995",
                float(parts["proportional_ceav"].sum()),
                PESOS,
                (
                    Figure("rate", ceav, "fraction"),
                    Figure("covered wages", float((heads * base["ceav"]).sum()), PESOS_YEAR),
                ),
                (
                    "contributions.ceav_state",
                    "contributions.ceiling_ceav",
                    "contributions.density",
                    "population.average_wage_mw",
                    "economy.real_wage_growth",
                    "basis.state_contributions",
                ),
            ),
            Step(
                "Proportional contributions, disability and life",
                "rate x density x wages up to the ceiling",
                "Art. 148 of the law of 1995",
                float(parts["proportional_iv"].sum()),
                PESOS,
                (
                    Figure("rate", iv, "fraction"),
                    Figure("covered wages", float((heads * base["iv"]).sum()), PESOS_YEAR),
                ),
                ("contributions.iv_state", "contributions.ceiling_iv", "contributions.density"),
            ),
        ]
    steps += last_steps(ctx, result, STATE_CONTRIBUTIONS, t)
    births = int(ctx.years[0]) - people.age[group]
    groups = _sum_by(births, people.sex[group], every)
    levels = [
        level(
            "By contribution",
            [({"contribution": name}, float(values.sum())) for name, values in parts.items()],
            gdp,
            number,
        ),
        level("By birth year and sex", _named(groups), gdp, number),
    ]
    chains: list[Chain] = []
    notes: list[str] = []
    if chosen.cohort is not None:
        found = _within(groups, chosen)
        expected = percent_of_gdp(sum(found.values()), gdp)
        if len(found) > 1:
            levels.append(level(f"Born in {chosen.cohort}, by sex", _named(found), gdp, expected))
        if chosen.sex is not None:
            place = ctx.group(chosen.cohort, SEXES.index(chosen.sex))
            assert place is not None
            mine = group == place
            label = f"Born in {chosen.cohort}, sex {chosen.sex}"
            by_wage = [
                (
                    {"wage_group": i + 1, "wage_mw": round(_wage_mw(ctx, place, i), 4)},
                    float(every[mine & (people.level == i)].sum()),
                )
                for i in range(ctx.levels(place).stop - ctx.levels(place).start)
            ]
            levels.append(level(f"{label}, by wage group", by_wage, gdp, expected))
            if chosen.wage is not None:
                n = nearest_level(ctx, place, chosen.wage)
                here = mine & (people.level == n)
                amounts = [
                    ({"contribution": name}, float(values[here].sum())) for name, values in parts.items()
                ]
                title = f"{label}, wage {_wage_mw(ctx, place, n):.3g} minimum wages, by contribution"
                levels.append(level(title, amounts, gdp, percent_of_gdp(by_wage[n][1], gdp)))
                chains.append(
                    _contribution_chain(
                        title, here, heads, wage, base, quota, ceav, iv, counted, force, every
                    )
                )
        else:
            notes.append("--sex m or f shows the wage groups of one sex.")
    return Chained(steps, levels, chains, notes)


def _contribution_chain(
    title: str,
    here: NDArray[np.bool_],
    heads: Float,
    wage: Float,
    base: Mapping[str, Float],
    quota: Float,
    ceav: float,
    iv: float,
    counted: bool,
    force: float,
    every: Float,
) -> Chain:
    number = float(heads[here].sum())
    first = int(np.flatnonzero(here)[0])
    steps = [
        Step(
            "Contributors of the cell",
            "heads of all service groups x share of the wage group",
            "docs/methods.md, section 3",
            number,
            "persons",
        ),
        Step(
            "Wage",
            "max(relative wage x mean wage, floor)",
            "docs/methods.md, section 2",
            float(wage[first]),
            PESOS_YEAR,
            (),
            (
                "population.average_wage_mw",
                "population.wage_sigma",
                "population.age_wage_profile",
                "population.wage_floor_mw",
            ),
        ),
        Step(
            "Paid by the State for one contributor",
            "fraction in force x (quota + rates x base)" if counted else "fraction in force x quota",
            "Arts. 148, 168 of the law of 1995",
            force
            * (
                float(quota[first])
                + (ceav * float(base["ceav"][first]) + iv * float(base["iv"][first])) * counted
            ),
            PESOS_YEAR,
            (
                Figure("quota", float(quota[first]), PESOS_YEAR),
                Figure("CEAV rate", ceav * counted, "fraction"),
                Figure("CEAV base", float(base["ceav"][first]), PESOS_YEAR),
                Figure("IV rate", iv * counted, "fraction"),
                Figure("IV base", float(base["iv"][first]), PESOS_YEAR),
            ),
        ),
        Step("Paid by the State for the cell", "contributors x amount", "", float(every[here].sum()), PESOS),
    ]
    return Chain(title, steps)


# pensions in payment -----------------------------------------------------------------------------------------------


def ongoing_pensions(ctx: Context, result: CaseResult, t: int, chosen: Chosen) -> Chained:
    """Pensions in payment at the state's date, by kind, sex and the pensioner's birth year."""
    res, year, gdp = ctx.resolved, int(ctx.years[t]), float(result.gdp[t])
    indexed = res.switch("basis.ongoing_indexation") == "minimum_wage"
    state_year = int(res.number("reform.state_year"))
    index = float(economy_paths.ongoing_index(res, ctx.plain_economy, ctx.past, ctx.years.size)[t])
    force = ctx.due(t)
    cost = float(result.cost[ONGOING_PENSIONS, t])
    number = percent_of_gdp(cost, gdp)
    rows = _ongoing_rows(res, t, int(ctx.years[0]))
    amounts = [(row, row.units * index * force) for row in rows]
    units = sum(row.units for row in rows)
    steps = [
        Step(
            f"Payments of {year} in minimum wages",
            "sum of heads x share of the age x survival x level, with widows",
            "docs/methods.md, section 7",
            units,
            "minimum wages of the state's date",
            (),
            (
                "pensions.ongoing",
                "pensions.ongoing_level_mw",
                "pensions.ongoing_age_mean",
                "pensions.ongoing_age_sd",
                "pensions.ongoing_age_min",
                "pensions.ongoing_emssa_weight",
                "pensions.ongoing_reversion",
                "mortality.active",
                "mortality.disabled",
            ),
        ),
        Step(
            "Minimum wage that pensions follow",
            f"minimum wage of {year if indexed else state_year}",
            "Art. 172 of the law of 1973; basis.ongoing_indexation",
            index,
            PESOS_YEAR,
            (),
            (
                "basis.ongoing_indexation",
                "economy.minimum_wage_daily",
                "economy.days_per_year",
                "economy.minimum_wage_base",
                "economy.real_minimum_wage_growth",
            ),
        ),
        Step(
            "Cost",
            "payments x minimum wage" + (" x fraction in force" if force != 1.0 else ""),
            "docs/methods.md, section 7",
            cost,
            PESOS,
            (Figure("fraction of the year in force", force, "fraction"),),
            ("reform.date",),
        ),
        *last_steps(ctx, result, ONGOING_PENSIONS, t),
    ]
    kinds: dict[str, float] = {}
    for row, amount in amounts:
        kinds[row.kind] = kinds.get(row.kind, 0.0) + amount
    groups: dict[tuple[int, int], float] = {}
    for row, amount in amounts:
        groups[row.birth, row.sex] = groups.get((row.birth, row.sex), 0.0) + amount
    levels = [
        level("By kind", [({"kind": kind}, amount) for kind, amount in kinds.items()], gdp, number),
        level("By birth year of the pensioner and sex", _named(groups), gdp, number),
    ]
    chains = []
    notes = []
    if chosen.wage is not None:
        notes.append("--wage has no meaning for pensions in payment: they have levels by kind.")
    if chosen.cohort is not None:
        found = _within(groups, chosen)
        picked = [(row, amount) for row, amount in amounts if (row.birth, row.sex) in found and amount != 0.0]
        expected = percent_of_gdp(sum(found.values()), gdp)
        listed = [({"kind": row.kind, "sex": SEXES[row.sex]}, amount) for row, amount in picked]
        levels.append(level(f"Born in {chosen.cohort}, by kind and sex", listed, gdp, expected))
        row, amount = max(picked, key=lambda pair: pair[1])
        chains.append(_ongoing_chain(row, amount, index, force))
    return Chained(steps, levels, chains, notes)


class _OngoingRow(NamedTuple):
    """Pensioners of one kind, sex and birth year."""

    kind: str
    sex: int
    birth: int
    heads: float
    alive: float
    widows: float
    level: float
    widow_share: float
    units: float


def _ongoing_rows(res: Resolved, t: int, first_year: int) -> list[_OngoingRow]:
    """The closed group taken apart, from the definitions of docs/methods.md, section 7."""
    kinds = tuple(map(str, res.table("pensions.ongoing").coords["kind"]))
    ages, opening, opening_units = pensioners.opening_group(res, kinds)
    weight, reversion = (
        res.table(f"pensions.ongoing_{name}").values for name in ("emssa_weight", "reversion")
    )
    spouse = spouse_survival(res, int(ages[0]), ages.size, max(t + 1, 2))
    entitled = entitled_share(res, ages)
    widow_share = res.number("law_1973.widow_share")
    rows = []
    for i, kind in enumerate(kinds):
        for sex in range(2):
            q = np.zeros(ages.size)
            for name, part in (("mortality.active", weight[i]), ("mortality.disabled", 1.0 - weight[i])):
                last = int(res.table(name).coords["age"][-1])
                q += part * np.where(ages > last, 1.0, by_sex_age(res, name, ages)[sex])
            for a in range(ages.size):
                heads = float(opening[i, sex, a])
                if heads == 0.0:
                    continue
                # Nobody is alive beyond the last age; a widow may be.
                alive = float(np.prod(1.0 - q[a : a + t])) if a + t <= ages.size else 0.0
                widows = (
                    float(reversion[i]) * float(entitled[sex, a]) * (1.0 - alive) * float(spouse[sex, a, t])
                )
                pension = float(opening_units[i, sex, a]) / heads
                units = heads * pension * (alive + widow_share * widows)
                rows.append(
                    _OngoingRow(
                        kind,
                        sex,
                        first_year - int(ages[a]),
                        heads,
                        alive,
                        widows,
                        pension,
                        widow_share,
                        units,
                    )
                )
    return rows


def _ongoing_chain(row: _OngoingRow, amount: float, index: float, force: float) -> Chain:
    started = row.heads
    steps = [
        Step(
            "In payment at the state's date",
            "heads of the kind and sex x share of the age",
            "docs/methods.md, section 7",
            started,
            "persons",
            (),
            (
                "pensions.ongoing",
                "pensions.ongoing_age_mean",
                "pensions.ongoing_age_sd",
                "pensions.ongoing_age_min",
            ),
        ),
        Step(
            "Still paid",
            "heads x (alive + widow's share x widows)",
            "docs/methods.md, section 7",
            started * (row.alive + row.widow_share * row.widows),
            "pensions",
            (
                Figure("alive", row.alive, "fraction"),
                Figure("widows", row.widows, "fraction"),
                Figure("widow's share", row.widow_share, "fraction"),
            ),
            (
                "pensions.ongoing_emssa_weight",
                "mortality.active",
                "mortality.disabled",
                "pensions.ongoing_reversion",
                "law_1973.widow_share",
            ),
        ),
        Step(
            "Paid by the State",
            "pensions x level x minimum wage" + (" x fraction in force" if force != 1.0 else ""),
            "docs/methods.md, section 7",
            amount,
            PESOS,
            (Figure("level", row.level, "minimum wages"), Figure("minimum wage", index, PESOS_YEAR)),
            ("pensions.ongoing_level_mw", "basis.ongoing_indexation"),
        ),
    ]
    return Chain(f"{row.kind}, born in {row.birth}, sex {SEXES[row.sex]}", steps)


EXPLAINED: Final[Mapping[str, Callable[[Context, CaseResult, int, Chosen], Chained]]] = {
    COMPONENTS[ACQUIRED_RIGHTS]: acquired_rights,
    COMPONENTS[ONGOING_PENSIONS]: ongoing_pensions,
    COMPONENTS[STATE_CONTRIBUTIONS]: state_contributions,
    COMPONENTS[MPG_NEW_WORKERS]: mpg_new_workers,
}
