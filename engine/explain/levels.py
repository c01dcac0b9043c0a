"""Levels of an explanation: parts by birth year and sex, by wage group, by award, down to the chosen cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from assumptions import AssumptionError
from cohorts.axes import SEXES
from engine.explain import cell
from engine.explain.chain import chain, who
from engine.explain.context import Context
from engine.explain.records import Chain, Level, Step, level
from engine.kernels.types import Economy
from engine.outputs.steps import Said, label, said
from engine.projection import PENSION_TYPES
from engine.shares import percent_of_gdp

# Wages that differ by less are equal.
_ROUNDING = 1e-9

Groups = Mapping[tuple[int, int], float]


class Chosen(NamedTuple):
    """Which cell is asked for; None where a level is left open. ``wage`` is in minimum wages of the first projected year."""

    cohort: int | None = None
    sex: str | None = None
    wage: float | None = None
    award_year: int | None = None
    pension_type: str | None = None

    @property
    def who(self) -> dict[str, Any]:
        """Birth year and sex, as far as they are asked for."""
        asked = {"birth_year": self.cohort, "sex": self.sex}
        return {name: given for name, given in asked.items() if given is not None}


class Chained(NamedTuple):
    """Steps from the parts to the number, levels below it, chains of a cell, and notes."""

    steps: list[Step]
    levels: list[Level]
    chains: list[Chain]
    notes: list[Said]


class Costs(NamedTuple):
    """What a component costs in a year, and how it is taken apart.

    Attributes
    ----------
    groups : mapping
        Cost by birth year and sex, pesos.
    gdp : float
        Of the year, pesos.
    economy : Economy
        With the returns of the component.
    booked : callable
        Whether the costs of a generation under a law belong to the component.
    scale : float
        What a recomputed award is multiplied by.
    of_wage : callable, optional
        What the projection itself books for a group's wage group, where it keeps that.
    """

    groups: Groups
    gdp: float
    economy: Economy
    booked: cell.Booked
    scale: float
    of_wage: Callable[[int, int], float] | None = None


def sum_by(
    births: Iterable[int], sexes: Iterable[int], amounts: Iterable[float]
) -> dict[tuple[int, int], float]:
    """Amounts by birth year and sex."""
    out: dict[tuple[int, int], float] = {}
    for birth, sex, amount in zip(births, sexes, amounts, strict=True):
        out[birth, sex] = out.get((birth, sex), 0.0) + amount
    return out


def named(groups: Groups) -> list[tuple[dict[str, Any], float]]:
    """Amounts by birth year and sex as ranked parts."""
    return [({"birth_year": birth, "sex": SEXES[sex]}, amount) for (birth, sex), amount in groups.items()]


def within(groups: Groups, chosen: Chosen) -> dict[tuple[int, int], float]:
    """The chosen birth year, and sex, of the groups.

    Raises
    ------
    AssumptionError
        If there is nobody.
    """
    paid = {key: amount for key, amount in groups.items() if amount != 0.0}
    found = {
        key: amount
        for key, amount in paid.items()
        if key[0] == chosen.cohort and (chosen.sex is None or SEXES[key[1]] == chosen.sex)
    }
    if not found:
        births = [birth for birth, _ in paid]
        said = f"{min(births)} to {max(births)}" if births else "none"
        sex = f", sex {chosen.sex}" if chosen.sex else ""
        raise AssumptionError.single(
            "--cohort", f"{chosen.cohort}{sex} has no part in this number", f"birth years {said}"
        )
    return found


def by_sex(chosen: Chosen, groups: Groups, gdp: float) -> tuple[list[Level], float, list[Said]]:
    """The chosen birth year by sex, what it has of the number in percent of GDP, and how to go on."""
    found = within(groups, chosen)
    expected = percent_of_gdp(sum(found.values()), gdp)
    title = said("Born in {year}, by sex", year=chosen.cohort)
    if chosen.sex:
        return [], expected, []
    sexes = level(title, named(found), gdp, expected, chosen.who)
    return [sexes], expected, [said("--sex m or f shows the wage groups of one sex.")]


def wage_mw(ctx: Context, group: int, level_: int) -> float:
    """Wage of a wage group in the first projected year, in minimum wages of that year."""
    pay = cell.wages(ctx, group, level_, ctx.plain_economy).wage
    return float(pay[ctx.past] / ctx.plain_economy.minimum_wage[ctx.past])


def nearest_level(ctx: Context, group: int, wage: float) -> int:
    """The wage group whose wage of the first year is nearest; the lowest of equals."""
    found = ctx.levels(group)
    return int(np.argmin([abs(wage_mw(ctx, group, i) - wage) for i in range(found.stop - found.start)]))


def nearest_levels(ctx: Context, groups: list[int], wage: float) -> dict[int, int]:
    """By group, the wage group that is nearest, where it is as near as that of any of the groups."""
    found = {group: nearest_level(ctx, group, wage) for group in groups}
    apart = {group: abs(wage_mw(ctx, group, i) - wage) for group, i in found.items()}
    return {group: i for group, i in found.items() if apart[group] <= min(apart.values()) * (1.0 + _ROUNDING)}


def density(ctx: Context, groups: list[int], group: int) -> dict[str, float]:
    """The density that tells a group from others of its birth year and sex, if there are others."""
    if len(groups) == 1:
        return {}
    return {"density": round(float(ctx.demography.population.density[group]), 4)}


def by_wage(
    ctx: Context, groups: list[int], cost: Callable[[int, int], float]
) -> list[tuple[dict[str, Any], float]]:
    """Costs of the wage groups of groups of one birth year and sex as ranked parts."""
    parts = []
    for group in groups:
        found = ctx.levels(group)
        for i in range(found.stop - found.start):
            wage = {"wage_group": i + 1, "wage_mw": round(wage_mw(ctx, group, i), 4)}
            parts.append(({**density(ctx, groups, group), **wage}, cost(group, i)))
    return parts


def of_wages(
    ctx: Context,
    chosen: Chosen,
    groups: list[int],
    cost: Callable[[int, int], float],
    gdp: float,
    expected: float,
) -> Level:
    """The chosen birth year and sex by wage group, and by density where there are several."""
    title = "Born in {year}, sex {sex}, by wage group"
    if len(groups) > 1:
        title = "Born in {year}, sex {sex}, by density and wage group"
    return level(
        said(title, year=chosen.cohort, sex=label(chosen.sex)),
        by_wage(ctx, groups, cost),
        gdp,
        expected,
        chosen.who,
        wage_groups(ctx, groups),
    )


def wage_groups(ctx: Context, groups: Iterable[int]) -> int:
    """How many wage groups there are; 0 where groups of people have different numbers of them."""
    numbers = {found.stop - found.start for found in map(ctx.levels, groups)}
    return numbers.pop() if len(numbers) == 1 else 0


def below(ctx: Context, chosen: Chosen, costs: Costs, t: int) -> tuple[list[Level], list[Chain], list[Said]]:
    """Levels below birth years: sexes, wage groups, awards; and the chain of the largest award."""
    if chosen.cohort is None:
        return [], [], []
    levels, expected, notes = by_sex(chosen, costs.groups, costs.gdp)
    if chosen.sex is None:
        return levels, [], notes
    groups, of_wage = ctx.groups(chosen.cohort, SEXES.index(chosen.sex)), costs.of_wage
    nearest = None if chosen.wage is None else nearest_levels(ctx, groups, chosen.wage)
    # Where the projection itself keeps wage groups, only the chosen ones are recomputed.
    only = nearest if of_wage else None
    of_group = {
        group: cell.awards(ctx, group, t, costs.economy, costs.booked, None if only is None else only[group])
        for group in (groups if only is None else only)
    }

    def cost(group: int, i: int) -> float:
        if of_wage:
            return of_wage(group, i)
        return sum(a.state for a in of_group[group] if a.level == i) * costs.scale

    levels.append(of_wages(ctx, chosen, groups, cost, costs.gdp, expected))
    words: dict[str, Any] = {"year": chosen.cohort, "sex": label(chosen.sex)}
    title, of = said("Born in {year}, sex {sex}, by award", **words), chosen.who
    awards = [award for found in of_group.values() for award in found]
    if nearest is not None:
        group, place = next(iter(nearest.items()))
        mw, found = wage_mw(ctx, group, place), ctx.levels(group)
        awards = [award for award in awards if nearest.get(ctx.group_of(award.block)) == award.level]
        expected = percent_of_gdp(sum(cost(group, i) for group, i in nearest.items()), costs.gdp)
        of = {**of, "wage_mw": mw}
        title = said("Born in {year}, sex {sex}, wage {wage:.3g} minimum wages, by award", wage=mw, **words)
        notes.append(
            said(
                "Wage group {n} of {groups}: {wage:.4g} minimum wages in {year}, the nearest to {asked:g}.",
                n=place + 1,
                groups=found.stop - found.start,
                wage=mw,
                year=int(ctx.years[0]),
                asked=chosen.wage,
            )
        )
    parts = _by_award(ctx, awards, costs.scale, groups, nearest is None)
    levels.append(level(title, parts, costs.gdp, expected, of))
    shown = _chosen_award(ctx, chosen, awards)
    if shown is None:
        return levels, [], notes
    most = "The chain shows the award that costs most in the year; --award-year and --type choose another."
    if chosen.award_year or chosen.pension_type:
        most = "The chain shows the award that costs most in the year among those chosen."
    notes.append(said(most))
    return levels, [chain(ctx, ctx.group_of(shown.block), shown, t, costs.economy)], notes


def _by_award(
    ctx: Context, awards: list[cell.Award], scale: float, groups: list[int], with_group: bool
) -> Iterable[tuple[dict[str, Any], float]]:
    """Costs of awards that look alike, as ranked parts."""
    parts: dict[tuple[Any, ...], tuple[dict[str, Any], float]] = {}
    for award in awards:
        of_wage = {"wage_group": award.level + 1} if with_group else {}
        keys = {**density(ctx, groups, ctx.group_of(award.block)), **of_wage, **who(ctx, award)}
        so_far = parts.get(tuple(keys.items()), (keys, 0.0))[1]
        parts[tuple(keys.items())] = (keys, so_far + award.state * scale)
    return parts.values()


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
