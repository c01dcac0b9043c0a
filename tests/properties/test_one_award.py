"""One award: projection, single worker, money's worth and explanation agree under every switch and value of the law."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

import assumptions
from assumptions import AssumptionError, Resolved, Table
from cohorts import axes
from engine.balance.worth import Worth, worth
from engine.explain import cell
from engine.explain.context import Context
from engine.prepare.worker import years_to_first_opening
from engine.projection import run_case
from engine.worker import calculator
from engine.worker.careers import AWARDS, Career
from tests.worker import cohort_of_one
from tests.worker.test_cohort_of_one import agree

RELATIVE = 1e-9
LAWS = ("law_1973.", "law_1995.", "guarantee.", "contributions.", "state.", "financing.")
SWITCHES = (
    "old_law_benefit", "old_law_indexation", "surrendered_funds", "recognition", "infonavit_offset", "mpg",
    "state_contributions", "account_quota_basis", "wage_growth", "choice", "prices", "art_167_ratio",
    "severance_months", "awards", "birth_year",
    "occupational_risks", "family_allowances", "average_weeks",
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


def dated() -> dict[str, Any]:
    """Tables, shares and mortality of awards from 2002 on, and ages of retirement two years later."""

    def later(name: str, factor: float = 1.0, **given: Any) -> tuple[str, dict[str, Any]]:
        value = pack().value(name)
        cells = value.values if isinstance(value, Table) else float(value.values[0])
        return name, {"value": cells * factor, "from_year": 2002, **given}

    two_years_on = {
        name: {"age": [int(age) + 2 for age in pack().table(name).coords["age"]]}
        for name in ("retirement.hazard", "law_1973.severance_factor")
    }
    return dict(
        [
            later("mortality.active", 0.9),
            later("mortality.disabled", 0.8),
            later("law_1973.art_167", 0.97),
            later("law_1973.widow_share", 0.8),
            later("law_1995.orphan_share", 0.8),
            later("law_1973.allowance_child", 1.2),
            later("law_1973.child_age_limit", 0.5),
            *(later(name, coords=coords) for name, coords in two_years_on.items()),
            later("retirement.last_age", 72.0 / 70.0),
            ("law_1973.indexation", {1980: 1.0, 2002: 0.5, 2006: 0.0}),
            ("economy.real_minimum_wage_growth", {1980: 0.01, 2003: -0.02}),
        ]
    )


def by_level() -> dict[str, Any]:
    """A decree by level and age in 2003, and a least pension in payment from 2004 on."""
    rows = [[2003, 1, 0, 0, 0, 1.2], [2003, -1, 61, 1.5, 0, 1.11], [2003, -1, 0, 0, 1.5, 1.05]]
    table = pack().table("law_1973.increases")
    coords = {"increase": (1, 2, 3), "field": table.coords["field"]}
    return {
        "law_1973.increases": Table(table.axes, coords, np.array(rows)),
        "law_1973.indexation_floor_mw": {1980: 0.0, 2004: 1.1},
    }


def raised_guarantees() -> dict[str, Any]:
    """A guarantee that binds, also for those with old-law rights, and rises in payment from 2000 on."""
    return {
        "law_1973.weeks_retirement": 2000.0,
        "law_1995.weeks_retirement": 600.0,
        "guarantee.mpg": 60.0,
        "guarantee.real_growth": 0.04,
        "guarantee.in_payment": {1980: 0.0, 2000: 0.7},
        "basis.foresight": "award",
    }


def changes() -> Iterator[tuple[str, dict[str, Any]]]:
    """Rules by year, each switch at each other choice, and each number of the law moved a little."""
    resolved = pack()
    yield "the reform of 2020", reform_of_2020()
    yield "by year of award", dated()
    yield "known at the award", dated() | {"basis.foresight": "award"}
    yield "by level", dated() | by_level()
    yield "by level, known at the award", dated() | by_level() | {"basis.foresight": "award"}
    yield (
        "averages of other weeks",
        {
            "law_1973.average_weeks": {1980: 250, 2000: 300, 2003: 150},
            "law_1995.iv_average_weeks": {1980: 500, 2000: 130},
            "guarantee.mpg": {1980: 26.45, 2000: 40.0},
        },
    )
    for rule in ("exhaustion", "top_up", "capital"):
        yield f"guarantees rise in payment, {rule}", raised_guarantees() | {"basis.mpg": rule}
    for switch in SWITCHES:
        name = f"basis.{switch}"
        for choice in resolved.item(name).choices:
            if choice not in (resolved.switch(name), "replica"):
                yield f"{name}={choice}", {name: choice}
    yield from moved_values(resolved)


def moved_values(resolved: Resolved) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each number of the law moved a little."""
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
        elif "field" in value.axes:  # a register: one value of its last row
            rows = value.values.copy()
            rows[-1, -1] *= 1.04
            moved = value.with_array(rows)
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
    ctx = Context(resolved)
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
    context = Context(own.with_values({"reform.last_year": float(born + pension_age)}))
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
        born=born - years_to_first_opening(own),
        award_age=pension_age,
        sex="m",
        award="retirement",
        spouse="entitled",
        children=1.0,
        months=None,
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
    # A single worker's award is at the opening of a year.
    own = cohort_of_one.with_family(resolved, True, 1.0).with_values({"basis.awards": "opening"})
    found = worth(own)
    for at in np.flatnonzero(found.pension_ages % 1.0 == 0.0):
        for system, (by_worth, by_worker) in replacement(own, found, 3, int(at)).items():
            assert by_worth == pytest.approx(by_worker, rel=RELATIVE), system
