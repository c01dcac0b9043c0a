"""Contributions of the State, by part and by birth year, sex and wage group."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cohorts import axes
from cohorts.axes import SEXES
from engine.explain.chain import PESOS_YEAR
from engine.explain.context import Context
from engine.explain.levels import (
    Chained,
    Chosen,
    by_sex,
    named,
    nearest_levels,
    of_wages,
    sum_by,
    wage_mw,
)
from engine.explain.records import Chain, Figure, Step, level, step
from engine.labels import STATE
from engine.outputs.steps import Said, label, said
from engine.prepare import contributions, wage_bands
from engine.prepare.contributions import Rates
from engine.projection import STATE_CONTRIBUTIONS, CaseResult
from engine.shares import percent_of_gdp

Float = NDArray[np.float64]


class _Paid(NamedTuple):
    """What the State contributes in a year for every cell of birth year, sex, service and wage.

    Attributes
    ----------
    group, level : int64 (cell,)
        Birth year and sex, and wage group, of the cell.
    heads, wage, quota : float64 (cell,)
        Contributors; wage and social quota of one of them, pesos a year.
    base : dict of float64 (cell,)
        What proportional contributions are due on, pesos a year.
    rate : dict of float
        Of the proportional contributions; 0 where they are not counted.
    force : float
        Fraction of the year in force.
    """

    group: NDArray[np.int64]
    level: NDArray[np.int64]
    heads: Float
    wage: Float
    quota: Float
    base: dict[str, Float]
    rate: dict[str, float]
    force: float

    @property
    def parts(self) -> dict[str, Float]:
        """Paid for all heads of each cell, by contribution, pesos."""
        paid = {"social_quota": self.force * self.heads * self.quota}
        for name, rate in self.rate.items():
            paid[f"proportional_{name}"] = self.force * self.heads * rate * self.base[name]
        return paid


def _paid(ctx: Context, t: int, rates: Rates) -> _Paid:
    people, economy = ctx.demography.population, ctx.plain_economy
    u = ctx.past + t
    minimum = float(economy.minimum_wage[u])
    block_group = np.repeat(np.arange(people.age.size), np.diff(people.block_start))
    cell_block = np.repeat(np.arange(people.entry.size), np.diff(people.cell_start))
    group = block_group[cell_block]
    heads = ctx.demography.heads.contributing[cell_block, t] * people.share
    relative = people.relative_wage[people.level_start[group] + people.level]
    wage = np.maximum(relative * people.mean_wage[group, u], ctx.rules.wage_floor_mw * minimum)
    density = people.density[group]
    ceilings = (("ceav", axes.BASE_SEVERANCE), ("iv", axes.BASE_DISABILITY))
    base = {
        name: density * np.minimum(wage, float(economy.ceilings[place, u]) * minimum)
        for name, place in ceilings
    }
    counted = rates.proportional_counts
    rate = {name: float(paid[STATE][t]) * counted for name, paid in (("ceav", rates.ceav), ("iv", rates.iv))}
    quota = wage_bands.at(ctx.rules.quota, wage, t) * (density if ctx.rules.quota_by_density else 1.0)
    return _Paid(group, people.level, heads, wage, quota, base, rate, float(economy.in_force[t]))


def state_contributions(ctx: Context, result: CaseResult, t: int, chosen: Chosen) -> Chained:
    """Social quota and proportional contributions of the State."""
    gdp, people = float(result.gdp[t]), ctx.demography.population
    rates = contributions.rates(ctx.resolved, ctx.years)
    counted = rates.proportional_counts
    paid = _paid(ctx, t, rates)
    parts = paid.parts
    every = sum(parts.values(), np.zeros_like(paid.heads))
    number = percent_of_gdp(float(result.cost[STATE_CONTRIBUTIONS, t]), gdp)
    births = int(ctx.years[0]) - people.age[paid.group]
    groups = sum_by(births.tolist(), people.sex[paid.group].tolist(), every.tolist())
    levels = [
        level("By contribution", _by_part(parts, slice(None)), gdp, number),
        level("By birth year and sex", named(groups), gdp, number),
    ]
    chains: list[Chain] = []
    notes: list[Said] = []
    if chosen.cohort is not None:
        more, expected, notes = by_sex(chosen, groups, gdp)
        levels += more
    if chosen.cohort is not None and chosen.sex is not None:
        places = ctx.groups(chosen.cohort, SEXES.index(chosen.sex))

        def cost(place: int, i: int) -> float:
            return float(every[(paid.group == place) & (paid.level == i)].sum())

        levels.append(of_wages(ctx, chosen, places, cost, gdp, expected))
        if chosen.wage is not None:
            nearest = nearest_levels(ctx, places, chosen.wage)
            here = np.zeros(paid.group.size, dtype=bool)
            for place, i in nearest.items():
                here |= (paid.group == place) & (paid.level == i)
            mw, whole = wage_mw(ctx, *next(iter(nearest.items()))), float(every[here].sum())
            title = said(
                "Born in {year}, sex {sex}, wage {wage:.3g} minimum wages, by contribution",
                year=chosen.cohort,
                sex=label(chosen.sex),
                wage=mw,
            )
            of_cell = {**chosen.who, "wage_mw": mw}
            levels.append(level(title, _by_part(parts, here), gdp, percent_of_gdp(whole, gdp), of_cell))
            chains.append(_chain(title, paid, here, whole, counted))
    return Chained(_steps(ctx, paid, int(ctx.years[t]), counted), levels, chains, notes)


def _by_part(parts: dict[str, Float], here: Any) -> list[tuple[dict[str, Any], float]]:
    return [({"contribution": name}, float(values[here].sum())) for name, values in parts.items()]


def _steps(ctx: Context, paid: _Paid, year: int, counted: bool) -> list[Step]:
    parts, heads, quota, force = paid.parts, paid.heads, paid.quota, paid.force
    by_density = ctx.resolved.switch("basis.quota_basis") == "density"
    mean = float(quota[0] if np.ptp(quota) == 0.0 else quota @ heads / heads.sum())
    people = ctx.demography.population
    steps = [
        step("contributors", float((heads * people.counted[paid.group]).sum()), year=year),
        step(
            "quota",
            float(parts["social_quota"].sum()),
            Figure("quota of a contributor", mean, PESOS_YEAR),
            Figure("fraction of the year in force", force, "fraction"),
            by_density=said(" x density") if by_density else "",
            by_force=said(" x fraction in force") if force != 1 else "",
            density="contributions.density" if by_density else "",
        ),
    ]
    for name in paid.rate if counted else ():
        figures = (
            Figure("rate", paid.rate[name], "fraction"),
            Figure("covered wages", float((heads * paid.base[name]).sum()), PESOS_YEAR),
        )
        steps.append(step(name, float(parts[f"proportional_{name}"].sum()), *figures))
    return steps


def _chain(title: Said, paid: _Paid, here: NDArray[np.bool_], cost: float, counted: bool) -> Chain:
    heads = paid.heads[here]
    first, number = int(np.flatnonzero(here)[0]), float(heads.sum())

    def mean(of: Float) -> float:
        return float(of[here] @ heads) / number if number else float(of[first])

    quota, figures = mean(paid.quota), []
    for name, rate in paid.rate.items():
        figures.append(Figure(said(f"{name.upper()} rate"), rate, "fraction"))
        figures.append(Figure(said(f"{name.upper()} base"), mean(paid.base[name]), PESOS_YEAR))
    shares = sum(rate * mean(paid.base[name]) for name, rate in paid.rate.items())
    formula = "fraction in force x (quota + rates x base)" if counted else "fraction in force x quota"
    of_quota = Figure("quota", quota, PESOS_YEAR)
    steps = [
        step("contributors_of_cell", number),
        step("wage_of_cell", float(paid.wage[first])),
        step("paid_for_one", paid.force * (quota + shares), of_quota, *figures, formula=said(formula)),
        step("paid_for_cell", cost),
    ]
    return Chain(title, steps)
