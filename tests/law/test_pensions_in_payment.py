"""The engine's rules of old-law pensions in payment answer the cases worked by hand from the decrees of 2001 and 2004."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assumptions
from cohorts import axes
from engine.kernels.indexing import own_index
from engine.law.indexation import ORPHANS, Indexing, increase
from engine.prepare import economy
from tests.law.test_law_today_cases import spread
from tests.oracle import law_today

CASES = Path(__file__).parent / "cases" / "dated_rules.toml"
# Orphans and ascendants by themselves are in payment at the state's date; of later awards they stand with the families.
KINDS = {
    "retirement": axes.RETIREMENT,
    "disability": axes.DISABILITY,
    "occupational": axes.OCCUPATIONAL_DISABILITY,
    "widow": axes.DEATH,
    "orphan": ORPHANS,
    "ascendant": ORPHANS,
}
FIRST, LAST = 1997, 2020


def cases(rule: str) -> Iterator[Any]:
    document = tomllib.loads(CASES.read_text(encoding="utf-8"))
    for case in document["case"]:
        if case["rule"] == rule:
            for given, expected in spread(case["given"], case["expected"]):
                if given["kind"] in KINDS:
                    yield pytest.param(given, expected, case["tolerance"], id=f"{case['name']}: {given}")


def indexing(*overlays: str) -> Indexing:
    """The shipped law, by year from 1997 to 2020."""
    resolved = assumptions.load("3B", overlays=overlays).resolve("statutory")
    found: Indexing = economy.build(resolved, np.arange(FIRST, LAST + 1), 7, 1).indexing
    return found


@pytest.mark.parametrize(("given", "expected", "tolerance"), list(cases("increase_of_2004")))
def test_the_decree_of_2004(given: dict[str, Any], expected: dict[str, Any], tolerance: float) -> None:
    rules = indexing("increase_2004", "floor_2004")
    year, level = 2003 - FIRST, given["pension_mw"]
    raised = level * increase(
        level, float(given["age"]), KINDS[given["kind"]], year, 0, year, rules.increases
    )
    if expected["line"] == "a":  # the floor is no increase, and holds in payment
        assert raised == level
        raised = max(level, rules.floor_mw[year])
    assert raised == pytest.approx(expected["pension_mw"], abs=tolerance)


@pytest.mark.parametrize(("given", "expected", "tolerance"), list(cases("old_pension_in_payment")))
def test_a_pension_through_the_years(
    given: dict[str, Any], expected: dict[str, Any], tolerance: float
) -> None:
    """In money of the December before, whose index the law's February takes; pesos a day."""
    rules = indexing("law_2002", "increase_2004", "floor_2004")
    money = np.array([law_today.prices(year - 1) for year in range(FIRST, LAST + 1)])
    wage = np.array([law_today.observed_minimum_wage(year) for year in range(FIRST, LAST + 1)])
    t, later = given["year"] - FIRST, given["to_year"] - FIRST
    # What the case begins with is in payment, so that decrees before it are in it.
    rules = rules._replace(increases=rules.increases[rules.increases[:, 0] > t])
    index = np.empty(later - t + 1)
    pension, age = given["pension_mw"] * wage[t] / money[t], given["year"] - given["born"]
    own_index(pension, 0.0, KINDS[given["kind"]], age, t, rules.follows.size, wage / money, 0, rules, index)
    assert pension * index[-1] * money[later] == pytest.approx(expected["pension"], abs=tolerance)
