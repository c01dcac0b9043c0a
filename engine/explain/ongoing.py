"""Pensions in payment at the state's date, by kind, sex and the pensioner's birth year."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from cohorts import pensioners
from cohorts.axes import SEXES
from cohorts.families import entitled_share, spouse_survival
from cohorts.tables import by_sex_age
from engine.explain.chain import PESOS_YEAR
from engine.explain.context import Context
from engine.explain.levels import Chained, Chosen, named, sum_by, within
from engine.explain.records import Chain, Figure, level, step
from engine.outputs.steps import label, said
from engine.prepare.ongoing import own_factors
from engine.projection import ONGOING_PENSIONS, CaseResult
from engine.shares import percent_of_gdp


def ongoing_pensions(ctx: Context, result: CaseResult, t: int, chosen: Chosen) -> Chained:
    """Pensions in payment, from heads of kind, sex and age to pesos."""
    res, year, gdp = ctx.resolved, int(ctx.years[t]), float(result.gdp[t])
    indexed = res.switch("basis.ongoing_indexation") == "minimum_wage"
    of_year = year if indexed else int(res.number("reform.state_year"))
    index = float(ctx.ongoing_index[t])
    force, cost = ctx.due(t), float(result.cost[ONGOING_PENSIONS, t])
    by_force = said(" x fraction in force") if force != 1.0 else ""
    number = percent_of_gdp(cost, gdp)
    own = own_factors(
        res.in_year(int(ctx.years[0])), ctx.plain_economy, ctx.past, ctx.years.size, ctx.ongoing_index
    )
    rows = _rows(res, t, int(ctx.years[0]), None if own is None else own[..., t])
    anchor = ctx.anchor(t)
    amounts = [row.units * index * force * anchor for row in rows]
    fraction = Figure("fraction of the year in force", force, "fraction")
    steps = [
        step("ongoing_units", sum(row.units for row in rows), year=year),
        step("ongoing_index", index, year=of_year),
        step("ongoing_cost", cost / anchor, fraction, by_force=by_force),
    ]
    if anchor != 1.0:
        steps.append(step("anchor", cost, Figure("factor", anchor, "ratio")))
    kinds: dict[str, float] = {}
    for row, amount in zip(rows, amounts, strict=True):
        kinds[row.kind] = kinds.get(row.kind, 0.0) + amount
    groups = sum_by([row.birth for row in rows], [row.sex for row in rows], amounts)
    levels = [
        level("By kind", [({"kind": kind}, amount) for kind, amount in kinds.items()], gdp, number),
        level("By birth year of the pensioner and sex", named(groups), gdp, number),
    ]
    chains, notes = [], []
    if chosen.wage is not None:
        notes.append(said("--wage has no meaning for pensions in payment: they have levels by kind."))
    if chosen.cohort is not None:
        found = within(groups, chosen)
        picked = [
            (row, amount)
            for row, amount in zip(rows, amounts, strict=True)
            if (row.birth, row.sex) in found and amount != 0.0
        ]
        expected = percent_of_gdp(sum(found.values()), gdp)
        listed = [({"kind": row.kind, "sex": SEXES[row.sex]}, amount) for row, amount in picked]
        title = said("Born in {year}, by kind and sex", year=chosen.cohort)
        levels.append(level(title, listed, gdp, expected, chosen.who))
        row, amount = max(picked, key=lambda pair: pair[1])
        chains.append(_chain(row, amount, index, by_force))
    return Chained(steps, levels, chains, notes)


class _Row(NamedTuple):
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


def _rows(res: Resolved, t: int, first_year: int, own: NDArray[np.float64] | None) -> list[_Row]:
    """The closed group taken apart, from the definitions of docs/methods.md, section 7.

    ``own``: factors by kind, sex and age on pensions whose fate depends on their own level.
    """
    res = res.in_year(first_year)
    kinds = tuple(map(str, res.table("pensions.ongoing").coords["kind"]))
    ages, opening, opening_units = pensioners.opening_group(res, kinds)
    weight, reversion, end = (
        res.table(f"pensions.ongoing_{name}").values for name in ("emssa_weight", "reversion", "age_end")
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
                # Nobody is alive beyond the last age; a widow may be. An orphan's pension ends.
                paid = a + t <= ages.size and int(ages[a]) + t < end[i]
                alive = float(np.prod(1.0 - q[a : a + t])) if paid else 0.0
                widows = (
                    float(reversion[i]) * float(entitled[sex, a]) * (1.0 - alive) * float(spouse[sex, a, t])
                )
                pension = float(opening_units[i, sex, a]) / heads
                if own is not None:
                    pension *= float(own[i, sex, a])
                units = heads * pension * (alive + widow_share * widows)
                rows.append(
                    _Row(
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


def _chain(row: _Row, amount: float, index: float, by_force: str) -> Chain:
    still = row.heads * (row.alive + row.widow_share * row.widows)
    steps = [
        step("ongoing_opening", row.heads),
        step(
            "ongoing_paid",
            still,
            Figure("alive", row.alive, "fraction"),
            Figure("widows", row.widows, "fraction"),
            Figure("widow's share", row.widow_share, "fraction"),
        ),
        step(
            "ongoing_amount",
            amount,
            Figure("level", row.level, "minimum wages"),
            Figure("minimum wage", index, PESOS_YEAR),
            by_force=by_force,
        ),
    ]
    title = said(
        "{kind}, born in {year}, sex {sex}", kind=label(row.kind), year=row.birth, sex=label(SEXES[row.sex])
    )
    return Chain(title, steps)
