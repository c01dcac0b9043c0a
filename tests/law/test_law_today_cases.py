"""Legal cases that the engine does not answer yet, held against a second text written from the law (tests/oracle).

A function of the engine takes a rule over by one line: put it in ENGINE under the rule's name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.oracle import law_letter, law_today

CASES = Path(__file__).parent / "cases"
FIRST_STEP = 2023
KEYS = {"name", "situation", "article", "derivation", "authority", "rule", "given", "expected", "tolerance"}

Rule = Callable[..., Mapping[str, Any]]

ENGINE: dict[str, Rule] = {}
"""Rules that the engine answers: name -> a function with the second text's arguments and results."""


def _cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.toml")):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        if document.get("held_by") == Path(__file__).name:
            found += [pytest.param(case, id=f"{path.stem}: {case['name']}") for case in document["case"]]
    return found


def second_text(rule: str) -> Rule:
    function: Rule = getattr(law_today, rule, None) or getattr(law_letter, rule)
    return function


def spread(
    given: Mapping[str, Any], expected: Mapping[str, Any]
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """A list of results is so many cases: lists of that length in `given` are read across, the rest is shared."""
    sizes = {len(value) for value in expected.values() if isinstance(value, list)}
    if not sizes:
        return [(dict(given), dict(expected))]
    (size,) = sizes
    return [
        (
            {k: v[i] if isinstance(v, list) and len(v) == size else v for k, v in given.items()},
            {k: v[i] for k, v in expected.items()},
        )
        for i in range(size)
    ]


@pytest.mark.parametrize("case", _cases())
def test_legal_case(case: dict[str, Any]) -> None:
    assert set(case) == KEYS
    rules = [second_text(case["rule"]), *(ENGINE[name] for name in ENGINE if name == case["rule"])]
    for rule in rules:
        for given, expected in spread(case["given"], case["expected"]):
            result = rule(**given)
            for name, value in expected.items():
                told = f"{name} of {given}: {case['article']}: {case['derivation']}"
                if isinstance(value, float | int) and not isinstance(value, bool):
                    assert result[name] == pytest.approx(value, rel=1e-12, abs=case["tolerance"]), told
                else:
                    assert result[name] == value, told


def test_every_row_of_the_tables_says_unit_source_place_and_confidence() -> None:
    for path in sorted(law_today.DATA.glob("*.csv")):
        for row in law_today.table(path.stem):
            assert all(row[column] for column in ("value", "unit", "source", "locator")), (
                f"{path.name}: {row}"
            )
            assert row["confidence"] in ("A", "B", "C"), f"{path.name}: {row}"


def test_the_employers_rate_rises_in_eight_equal_steps() -> None:
    """The decree goes from 3.15% to the rates of 2030 by eighths, printed to a thousandth of a point."""
    rates = {
        (int(row["from_year"]), row["band"]): float(row["value"])
        for row in law_today.table("ceav_rates")
        if row["payer"] == "employer" and int(row["from_year"]) >= FIRST_STEP
    }
    bands = {band for _, band in rates}
    assert len(bands) == 8
    assert len(rates) == 8 * 8
    for (year, band), rate in rates.items():
        steps = year - FIRST_STEP + 1
        assert rate == pytest.approx(0.0315 + steps / 8 * (rates[2030, band] - 0.0315), abs=1e-5), (
            year,
            band,
        )


def test_the_guarantee_is_linear_in_weeks_and_age_within_a_peso() -> None:
    """So a cell that no scan shows (legible: pattern) and a cell misread by one digit would be seen."""
    cells = {
        (row["below_uma"], int(row["age"]), int(row["weeks_above"])): float(row["value"])
        for row in law_today.table("guaranteed_pension")
    }
    assert len(cells) == 5 * 6 * 11
    for (band, age, weeks), value in cells.items():
        first, more = cells[band, 60, 0], cells[band, 60, 250] - cells[band, 60, 0]
        older = cells[band, 65, 0] - first
        line = first + weeks / 250 * more + (age - 60) / 5 * older
        assert value == pytest.approx(line, abs=1.0), (band, age, weeks)


def test_quota_of_2009_continues_that_of_1997() -> None:
    """3.22564 of December 2008 is 1.45475 of June 1997: 2.2173, of the indices 2.2174, a unit of the last digit."""
    old = law_today.social_quota("1997-07-01", 26.45, 26.45, index_now=2.2174)["quota"]
    least = law_today.social_quota("2009-07-01", 15 * 54.80, 54.80)["quota"]
    assert least == pytest.approx(old, abs=1e-4 * 1.45475)
