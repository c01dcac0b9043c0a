"""Tables by year: what holds when, and that no part of a dated table is lost on any way in or out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assumptions import AssumptionError, by_epoch, load
from assumptions.resolved import Resolved

STATUTORY = load("3B").resolve("statutory")
HAZARD = "retirement.hazard"
YEARS = np.arange(1997, 2031)


def later(**given: Any) -> Resolved:
    return STATUTORY.with_values({HAZARD: given})


def test_a_table_holds_until_the_next() -> None:
    pack = later(value=0.2, from_year=2010).with_values({HAZARD: {"value": 0.1, "from_year": 2020}})
    for year, rate in ((2009, STATUTORY.table(HAZARD).values[1]), (2010, 0.2), (2019, 0.2), (2020, 0.1)):
        assert pack.in_year(year).table(HAZARD).values[1] == rate
    with pytest.raises(AssumptionError, match="is dated: another table holds from 2010 on"):
        pack.table(HAZARD)
    earlier = pack.with_values({HAZARD: {"value": 0.3, "from_year": 2005}})
    assert [year for year, _ in earlier.value(HAZARD).later] == [2005]


def test_labels_that_are_not_given_are_those_of_the_year() -> None:
    pack = later(value=0.2, coords={"age": "62..72"}, from_year=2010)
    again = pack.with_values({HAZARD: {"value": 0.1, "from_year": 2020}})
    assert again.in_year(2020).labels(HAZARD, "age") == tuple(range(62, 73))
    assert again.labels(HAZARD, "age") == tuple(range(60, 73))


def test_an_overlay_and_python_say_the_same(tmp_path: Path) -> None:
    file = tmp_path / "o.toml"
    file.write_text(
        '[overlay]\ntitle = "later"\n[retirement.hazard]\nvalue = 0.2\ncoords = { age = "62..72" }\nfrom_year = 2010\n'
    )
    read = load("3B", [file]).resolve("statutory")
    given = later(value=0.2, coords={"age": "62..72"}, from_year=2010)
    typed = load("3B", sets={HAZARD: {"value": 0.2, "coords": {"age": "62..72"}, "from_year": 2010}})
    assert read.sha256 == given.sha256 == typed.resolve("statutory").sha256
    assert Resolved.from_json(read.to_json()).sha256 == read.sha256


@pytest.mark.parametrize(("mode", "value"), [("scale", 0.5), ("shift", -0.05), ("replace", 0.1)])
def test_a_change_from_a_year_on_leaves_the_years_before(mode: str, value: float) -> None:
    pack = later(value=0.2, from_year=2010).modified(HAZARD, mode, value=value, from_year=2015)
    assert pack.in_year(2014).table(HAZARD).values[1] == 0.2
    assert pack.in_year(2015).table(HAZARD).values[1] == pytest.approx(
        {"scale": 0.1, "shift": 0.15, "replace": 0.1}[mode]
    )
    whole = later(value=0.2, from_year=2010).modified(HAZARD, "scale", value=0.5)
    assert whole.in_year(2010).table(HAZARD).values[1] == pytest.approx(0.1)


def test_what_is_read_is_made_once_for_years_that_are_alike() -> None:
    pack = later(value=0.2, from_year=2010).with_values({"guarantee.minimum_age": {1940: 60.0, 2005: 61.0}})
    parts, place = by_epoch(
        pack, YEARS, lambda as_of: (as_of.table(HAZARD).values[1], as_of.number("guarantee.minimum_age"))
    )
    assert [age for _, age in parts] == [60.0, 61.0, 61.0]
    assert np.flatnonzero(np.diff(place)).tolist() == [2005 - 1997 - 1, 2010 - 1997 - 1]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"value": 0.3, "from_year": 1850}, "'1850' is no calendar year"),
        ({"value": 0.3, "from_year": True}, "'True' is no calendar year"),
        ({"value": 1.3, "from_year": 2010}, "1.3 is outside 0 to 1"),
        ({"value": 0.3, "later": 3}, "is a list of tables"),
        ({"value": 0.3, "later": [{"value": 0.2}]}, "'None' is no calendar year"),
        ({"value": 0.3, "later": [{"value": 0.2, "from_year": 2015}, {"value": 0.1, "from_year": 2010}]}, "years must rise"),
        ({"value": 0.3, "later": [{"value": 0.2, "from_year": 2015, "what": 1}]}, "what: unknown key"),
    ],
)  # fmt: skip
def test_what_would_be_lost_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(AssumptionError, match=said):
        later(**given)


def test_what_is_derived_from_a_table_of_all_years_refuses_a_dated_one() -> None:
    """Only the first of its tables would be read, and the others moved nothing."""
    pack = load("3B").resolve("published")
    density = pack.value("population.age_density").values * 2.0
    with pytest.raises(
        AssumptionError, match=r"is derived from population\.age_density as one table for all years"
    ):
        pack.with_values({"population.age_density": {"value": density, "from_year": 2010}})
