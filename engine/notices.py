"""What is told of results: values that move nothing within the horizon, and results that are unlikely to be meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Fault, Resolved
from assumptions.liveness import plausible, said
from cohorts import axes, members
from engine.prepare import demography as demographics
from engine.prepare import economy, rules
from engine.projection import COMPONENTS, CaseResult, projected_years, run_case
from engine.runs import run_cases

# Two computations of the same thing differ by less; a value that moves no more than this moves nothing.
_ROUNDING: Final = 1e-12
_PERCENT: Final = 100.0
_YEARLY: Final = (
    "gdp", "cost", "acquired_by_type", "mpg_by_type", "contributions", "contributions_by_payer", "assets", "affiliates",
    "contributors", "wage_bill", "entrants", "exits", "new_awards", "award_service", "old_law_share", "pensioners", "memo",
)  # fmt: skip


def refuse(notices: Sequence[str]) -> None:
    """Notices as errors, one a line.

    Raises
    ------
    AssumptionError
        If there is any.
    """
    if notices:
        raise AssumptionError([Fault("", "", f"strict: {notice}") for notice in notices])


def differs(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where two results differ by more than rounding."""
    return ~np.isclose(one, other, rtol=_ROUNDING, atol=0.0, equal_nan=True)


def first_differences(one: CaseResult, other: CaseResult) -> dict[str, int]:
    """First year in which numbers of two results of one scenario differ by more than rounding, by name of the numbers."""
    common, first, second = np.intersect1d(one.years, other.years, return_indices=True)
    apart = np.setxor1d(one.years, other.years)
    years = {"years": int(apart.min())} if apart.size else {}
    for name in _YEARLY:
        found = differs(getattr(one, name)[..., first], getattr(other, name)[..., second])
        different = found.any(axis=tuple(range(found.ndim - 1)))
        if different.any():
            years[name] = int(common[different].min())
    return years


def first_difference(one: CaseResult, other: CaseResult) -> int | None:
    """First year in which any number differs; None where none does."""
    return min(first_differences(one, other).values(), default=None)


def without(case: Resolved) -> Iterator[tuple[str, Resolved]]:
    """The case without each value that a user sets, as far as the others go with the shipped one.

    At most as many as the limit of `plausible.toml`; values equal to the shipped ones are left out: they are told anyhow.
    """
    below = case.below
    if below is None:
        return
    silent = plausible()["notices"]["not_told"]
    names = [name for name in case.user_set if name not in silent and below.has(name)]
    for name in names[: plausible()["limits"]["values_measured"]]:
        try:
            back = case.with_values({name: below.value(name)})
        except AssumptionError:
            continue
        if back.sha256 != case.sha256:
            yield name, back


def unmoved(
    cases: Sequence[Resolved], results: Sequence[CaseResult], workers: int | None = None
) -> list[str]:
    """Values that a user sets and that move nothing, or no cost, within the horizon; measured by projecting without each."""
    tasks = [(n, name, back) for n, case in enumerate(cases) for name, back in without(case)]
    found: dict[tuple[str, str, str], list[str]] = {}
    if not tasks:
        return []
    other = run_cases([back for _, _, back in tasks], workers=workers)
    for (n, name, _), result in zip(tasks, other, strict=True):
        moved = first_differences(results[n], result).keys()
        if moved & {"cost", "gdp", "years"} or moved == {"memo"}:
            continue
        what = f"no cost, only {', '.join(sorted(moved))}," if moved else "nothing"
        found.setdefault((name, cases[n].basis, what), []).append(cases[n].scenario)
    return [
        _nothing(cases, name, basis, codes, f"{what} before {int(results[0].years[-1]) + 1}")
        for (name, basis, what), codes in found.items()
    ]


def unmoved_figures(case: Resolved, figures: Callable[[Resolved], Any], what: str) -> list[str]:
    """Values that a user sets and that move no figure of another calculation than the projection.

    Parameters
    ----------
    figures : callable
        The figures of a resolved pack as one float64 array.
    what : str
        In which calculation, as ``in this balance``.
    """
    base = figures(case)
    found = []
    for name, back in without(case):
        try:
            other = figures(back)
        except AssumptionError:
            continue
        if base.shape == other.shape and not differs(base, other).any():
            found.append(_nothing([case], name, case.basis, [case.scenario], f"nothing {what}"))
    return found


def _nothing(cases: Sequence[Resolved], name: str, basis: str, codes: list[str], when: str) -> str:
    case = next(case for case in cases if case.basis == basis and case.scenario == codes[0])
    measured = said(name)
    more = f"; moved over its range: {measured}" if measured else ""
    return f"{name} ({case.item(name).layer}) moves {when} in {', '.join(codes)} ({basis}){more}"


def of_results(cases: Sequence[Resolved], results: Sequence[CaseResult]) -> list[str]:
    """Costs beyond a share of GDP, and contributors at the floor or the ceiling of wages, of cases that a user changes."""
    found: dict[str, list[str]] = {}
    for case, result in zip(cases, results, strict=True):
        if case.below is None:
            continue
        for said_ in (*_cost(result), *_wages(case)):
            found.setdefault(said_, []).append(f"{case.scenario} {case.basis}")
    return [f"{said_} ({', '.join(where)})" for said_, where in found.items()]


def _cost(result: CaseResult) -> Iterator[str]:
    limit = plausible()["limits"]["cost_share_of_gdp"]
    share = result.cost / result.gdp
    total = share.sum(axis=0)
    beyond = total > limit
    if beyond.any():
        at = int(np.flatnonzero(beyond)[0])
        largest = COMPONENTS[int(share[:, at].argmax())]
        yield (
            f"the cost exceeds {_PERCENT * limit:g}% of GDP from {int(result.years[at])} on, mostly {largest};"
            f" {_PERCENT * total.max():,.0f}% at most"
        )


def _wages(case: Resolved) -> Iterator[str]:
    if case.text(members.MEMBERS):
        return  # a table's own totals tell it
    limits = plausible()["limits"]
    floor, ceiling = wage_shares(case)
    for share, limit, said_ in (
        (floor, limits["share_at_floor"], "at the floor of wages (population.wage_floor_mw)"),
        (
            ceiling,
            limits["share_at_ceiling"],
            "at the ceiling of contributions (contributions.ceiling_retirement)",
        ),
    ):
        if share > limit:
            yield f"{_PERCENT * share:.0f}% of the members at the state's date are {said_}; is the unit of wages right?"


def wage_shares(case: Resolved) -> tuple[float, float]:
    """Shares of the members at the state's date at or below the wage floor, and at or above the ceiling."""
    years, past = projected_years(case), rules.history_years(case)
    people = demographics.build(case, years, past).population
    first = economy.build(case, years[:1], past, 1)
    minimum = float(first.minimum_wage[past])
    cells = np.diff(people.cell_start)
    block = np.repeat(np.arange(people.entry.size), cells)
    group = np.repeat(np.arange(people.age.size), np.diff(people.block_start))[block]
    wage = people.relative_wage[people.level_start[group] + people.level] * people.mean_wage[group, past]
    weight = people.heads[block] * people.share * (people.kind[block] == axes.MEMBER)
    whole = float(weight.sum())
    if whole == 0.0:
        return 0.0, 0.0
    floor = case.number("population.wage_floor_mw") * minimum
    ceiling = float(first.ceilings[axes.BASE_RETIREMENT, past]) * minimum
    slack = 1.0 + _ROUNDING
    return float(weight[wage <= floor * slack].sum()) / whole, float(
        weight[wage * slack >= ceiling].sum()
    ) / whole


def tables_read(cases: Sequence[Resolved]) -> list[str]:
    """Control totals of the tables of persons that cases read, one line a table, to compare with the fund's books."""
    return list(dict.fromkeys(_said_totals(one) for case in cases for one in members.totals(case)))


def _said_totals(one: members.Totals) -> str:
    what = "wages" if one.name == members.MEMBERS else "pensions"
    return (
        f"{one.file}: {one.rows:,} lines, {one.persons:,.0f} persons ({one.men:,.0f} men, {one.women:,.0f} women) of"
        f" {one.youngest} to {one.oldest} years, mean {one.mean_age:.1f}; {what} {one.amount:,.0f} pesos a year, mean"
        f" {one.mean_mw:.2f} minimum wages, {one.at_floor:,.0f} persons at the floor, {one.at_ceiling:,.0f} at the ceiling"
    )


def of_tables(cases: Sequence[Resolved]) -> list[str]:
    """What is unusual about the tables of persons that cases read."""
    return list(
        dict.fromkeys(notice for case in cases for one in members.totals(case) for notice in one.notices)
    )


def of_cases(cases: Sequence[Resolved]) -> list[str]:
    """Everything that is told of cases before they are used in a sweep or a fit: they are projected for it."""
    own = [case for case in cases if case.below is not None]
    results = [run_case(case) for case in own]
    return [*of_tables(own), *unmoved(own, results), *of_results(own, results)]


__all__ = [
    "differs", "first_difference", "of_cases", "of_results", "of_tables", "refuse", "tables_read", "unmoved",
    "unmoved_figures", "wage_shares", "without",
]  # fmt: skip
