"""One award: projection, single worker, money's worth and explanation agree under every switch and value of the law."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

import assumptions
from assumptions import AssumptionError, Resolved
from cohorts import axes
from engine.balance.worth import Worth, worth
from engine.explain import cell
from engine.projection import run_case
from engine.worker import calculator, cohort_of_one
from engine.worker.careers import AWARDS, Career
from tests.worker.test_cohort_of_one import agree

RELATIVE = 1e-9
LAWS = ("law_1973.", "law_1995.", "guarantee.", "contributions.", "state.", "financing.")
SWITCHES = (
    "old_law_benefit", "old_law_indexation", "surrendered_funds", "recognition", "infonavit_offset", "mpg",
    "state_contributions", "account_quota_basis", "wage_growth", "choice", "prices",
)  # fmt: skip


COLLECTION = "contributions.infonavit_collection"


@cache
def pack() -> Resolved:
    # A single worker's employer pays all that is due; so must those of the cohorts that he is compared with.
    sets = {"balance.computed": True, COLLECTION: 1.0}
    return assumptions.load("3B", sets=sets).resolve("statutory")


def reform_of_2020() -> dict[str, Any]:
    """Its rates and quotas by wage and its guarantee by wage, age and weeks, 24 years earlier."""
    found = assumptions.load("3B", overlays=["reform_december_2020"]).resolve("statutory")
    moved: dict[str, Any] = {"law_1995.weeks_retirement": 750.0, "contributions.ceav_state": 0.0}
    for name in ("contributions.ceav_employer_bands", "state.social_quota_bands", "guarantee.cells"):
        table = found.table(name)
        values = table.values.copy()
        values[:, 0] -= 24.0
        moved[name] = table.with_array(values)
    return moved


def changes() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each switch at each other choice, and each number of the law moved a little."""
    resolved = pack()
    yield "the reform of 2020", reform_of_2020()
    for switch in SWITCHES:
        name = f"basis.{switch}"
        for choice in resolved.item(name).choices:
            if choice not in (resolved.switch(name), "replica"):
                yield f"{name}={choice}", {name: choice}
    for name in resolved.names():
        item = resolved.item(name)
        if (
            not name.startswith(LAWS)
            or item.kind not in ("number", "path", "table")
            or not resolved.live(name)[0]
            or name == COLLECTION
        ):
            continue
        value = resolved.value(name)
        if item.kind == "table" and any("from_year" in labels for labels in value.coords.values()):
            continue  # rows of years: the reform of 2020 has them
        if item.kind == "number":
            moved: Any = value + 1.0 if item.whole else value * 1.04 + (0.001 if value == 0.0 else 0.0)
        elif item.kind == "path":
            moved = value.modified("scale", 1.04, None)
        else:
            moved = value.with_array(value.values * 0.97)
        try:
            resolved.with_values({name: moved})
        except AssumptionError:
            moved = value * 0.99 if item.kind == "number" else value
        yield name, {name: moved}


def explained(resolved: Resolved, birth_year: int, level: int, year: int) -> tuple[float, float]:
    """Acquired rights of one wage group in a year, by the explanation award by award, and by the projection."""
    result = run_case(resolved, True)
    ctx = cell.Context(resolved)
    group = ctx.group(birth_year, axes.MALE)
    assert group is not None
    target = year - int(result.years[0])
    found = cell.awards(ctx, group, target, ctx.economy, cell.as_acquired_rights, level)
    row = ctx.levels(group).start + level
    return sum(award.state for award in found), float(result.flows.detail[row, target])


def replacement(own: Resolved, found: Worth, relative: int, at: int) -> dict[str, tuple[float, float]]:
    """Pension over the last wage of who joins five years after the reform, by money's worth and by the single worker."""
    entry_age, pension_age = int(own.number("balance.worth_entry_age")), int(found.pension_ages[at])
    first_year, state_year = int(own.number("reform.first_year")), int(own.number("reform.state_year"))
    age = entry_age - 5
    (cohort,) = np.flatnonzero(found.birth_year == state_year - age)
    born, years = first_year - age, pension_age - entry_age
    context = cell.Context(own.with_values({"reform.last_year": float(born + pension_age)}))
    place = context.group(born, axes.MALE)
    assert place is not None
    level = context.levels(place).start + relative
    first = context.past + 5
    wage = (
        context.demography.population.relative_wage[level]
        * context.demography.population.mean_wage[place][first : first + years + 1]
    )
    career = Career(
        wage=wage,
        participation=np.full(years + 1, own.number("contributions.density")),
        first_age=entry_age,
        born=born,
        award_age=pension_age,
        sex="m",
        award="retirement",
        spouse="entitled",
        children=1.0,
    )
    figures = calculator.study(career, own).figures
    old = calculator.study(career, own.with_values({"reform.enacted": False})).figures
    last = max(
        wage[-2], own.number("population.wage_floor_mw") * context.economy.minimum_wage[first + years - 1]
    )
    theirs = np.nan_to_num(
        found.replacement[:, at, cohort, axes.MALE, relative]
    )  # no pension: NaN there, 0 here
    return {
        "old system": (float(theirs[0]), old["old_pension"] / last),
        "reform": (float(theirs[1]), figures["new_pension"] / last),
    }


CHANGES = dict(changes())


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_all_who_ask_the_law_get_one_answer(change: str) -> None:
    resolved = pack().with_values(CHANGES[change])
    for award in AWARDS:
        agree(resolved, age=40, award_age=60, years_before=20, award=award, spouse=True, children=1.0)
        agree(resolved, age=18, award_age=60, award=award, spouse=True, relative_wage=0.4)
    # The youngest and the oldest of those who are awarded pensions by 2004, at a low and at a high wage.
    for birth_year, level in ((1937, 0), (1941, 8)):
        by_award, projected = explained(resolved, birth_year, level, 2004)
        assert by_award == pytest.approx(projected, rel=RELATIVE)
    own = cohort_of_one.with_family(resolved, True, 1.0)
    found = worth(own)
    for at in np.flatnonzero(found.pension_ages % 1.0 == 0.0):
        for system, (by_worth, by_worker) in replacement(own, found, 3, int(at)).items():
            assert by_worth == pytest.approx(by_worker, rel=RELATIVE), system
