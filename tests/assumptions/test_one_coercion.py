"""All doors give equal inputs the same verdict and the same content: overlay, --set, load, with_values and sweep."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import annexv
import assumptions
from assumptions import AssumptionError, DatedPath
from engine.sweeps import cases, reading

BASE = assumptions.load("3B").resolve("statutory")
REFUSED = "refused"
HAZARD = ", ".join(["0.3"] * 10 + ["1.0"])
AGES = "{" + ", ".join(f"{age} = 0.3" for age in range(60, 70)) + ", 70 = 1.0}"

GOOD = [
    ("contributions.density", "0.8"),
    ("contributions.density", "1"),
    ("contributions.density", "{ value = 0.8 }"),
    ("contributions.density", '{ value = 0.8, note = "own", source = "lss_1995", locator = "Art. 1" }'),
    ("economy.gdp_growth", "0.03"),
    ("economy.gdp_growth", "{ 1997 = 0.03, 2005 = 0.04 }"),
    ("economy.gdp_growth", "{ values = { 1997 = 0.03, 2005 = 0.04 } }"),
    ("economy.gdp_growth", '{ values = { 1997 = 0.03, 2005 = 0.04 }, rule = "linear" }'),
    ("economy.gdp_growth", '{ 1997 = 0.03, 2005 = 0.04, rule = "linear" }'),
    ("economy.gdp_growth", '{ csv = "growth.csv", column = "low" }'),
    ("retirement.hazard", f"[{HAZARD}]"),
    ("retirement.hazard", f"{{ value = {AGES} }}"),
    ("retirement.hazard", '{ value = 0.3, coords = { age = "60..62" } }'),
    ("retirement.hazard", '{ value = 0.3, coords = { age = "62..72" }, from_year = 2010 }'),
    ("guarantee.minimum_age", "{ value = 62, from_year = 2010 }"),
    ("basis.mpg", '"top_up"'),
    ("population.open_group", "false"),
    ("reform.date", "1997-07-01"),
    ("reform.date", '"1997-07-01"'),
]
BAD = [
    ("contributions.density", "1.2"),
    ("contributions.density", '"0.8"'),
    ("contributions.density", "true"),
    ("contributions.density", "nan"),
    ("contributions.density", "inf"),
    ("contributions.density", "[0.8]"),
    ("contributions.density", "{ value = 0.8, values = { 1997 = 0.8 } }"),
    ("contributions.density", "{ value = 0.8, unknown = 1 }"),
    ("contributions.density", '{ note = "no value" }'),
    ("contributions.density", '{ value = 0.8, unit = "years" }'),
    ("contributions.density", '{ value = 0.8, status = "guess" }'),
    ("contributions.density", '{ value = 0.8, source = "annexv" }'),
    ("contributions.density", "1997-01-01"),
    ("contributions.density", "1" + "0" * 400),
    ("economy.gdp_growth", "{ values = { 1997 = 0.03 }, 1998 = 0.9 }"),
    ("economy.gdp_growth", '{ "1997" = 0.03, "+1997" = 0.05 }'),
    ("economy.gdp_growth", '{ "1997" = 0.03, "01997" = 0.05 }'),
    ("economy.gdp_growth", "{ 95 = 0.03, 97 = 0.04 }"),
    ("economy.gdp_growth", "{ 0 = 0.03 }"),
    ("economy.gdp_growth", f"{{ {'1' * 20} = 0.03 }}"),
    ("economy.gdp_growth", f"{{ {'1' * 5000} = 0.03 }}"),
    ("economy.gdp_growth", "{ 1997 = true }"),
    ("economy.gdp_growth", '{ 1997 = "0.03" }'),
    ("economy.gdp_growth", '{ 1997 = 0.03, rule = "cubic" }'),
    ("economy.gdp_growth", "{ values = {} }"),
    ("economy.gdp_growth", "{}"),
    ("economy.gdp_growth", '{ csv = "no.csv" }'),
    ("economy.gdp_growth", '{ csv = "two_digits.csv" }'),
    ("retirement.hazard", "[0.3, 0.3]"),
    ("retirement.hazard", f"[{HAZARD.replace('1.0', 'true')}]"),
    ("retirement.hazard", "[" + HAZARD.replace("1.0", '"1.0"') + "]"),
    ("retirement.hazard", "[[0.3], 0.3]"),
    ("retirement.hazard", "[]"),
    ("retirement.hazard", "{ 60 = 0.3 }"),
    ("retirement.hazard", '{ value = [0.3, 0.3], coords = { age = "60..62" } }'),
    ("retirement.hazard", '{ value = 0.3, coords = { years = "60..62" } }'),
    ("retirement.hazard", '{ value = 0.3, from_year = "soon" }'),
    ("retirement.hazard", "{ value = 1.3, from_year = 2010 }"),
    ("retirement.hazard", "{ from_year = 2010 }"),
    ("law_1973.art_167", '{ value = 0.3, coords = { bracket = "1..2", field = ["a", "b", "c"] } }'),
    ("basis.mpg", '"topup"'),
    ("basis.mpg", "true"),
    ("basis.mpg", '{ csv = "growth.csv" }'),
    ("population.open_group", "0"),
    ("population.open_group", '"false"'),
    ("reform.date", "1997-07-01T00:00:00"),
    ("reform.date", '"1997-07-01T00:00:00"'),
    ("reform.date", '"July"'),
    ("reform.date", "1997"),
    ("reform.date", "0001-01-01"),
    ("population.members_file", "5"),
    ("economy.gdp_growht", "0.03"),
]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that values name lie beside the overlay and in the working directory, which is the same folder."""
    monkeypatch.chdir(tmp_path)
    Path("growth.csv").write_text("year,low\n1997,0.03\n2003,0.035\n", encoding="utf-8")
    Path("two_digits.csv").write_text("year,value\n95,0.03\n97,0.035\n", encoding="utf-8")


def overlay(name: str, text: str) -> str:
    section, _, key = name.rpartition(".")
    Path("mine.toml").write_text(f'[overlay]\ntitle = "t"\n[{section}]\n{key} = {text}\n', encoding="utf-8")
    return assumptions.load("3B", overlays=["mine.toml"]).resolve("statutory").sha256


def option(name: str, text: str) -> str:
    found, value = assumptions.parse_set(f"{name}={text}")
    return assumptions.load("3B", sets={found: value}).resolve("statutory").sha256


def loaded(name: str, text: str) -> str:
    return assumptions.load("3B", sets={name: python(text)}).resolve("statutory").sha256


def copied(name: str, text: str) -> str:
    return BASE.with_values({name: python(text)}).sha256


def replaced(name: str, text: str) -> str:
    return BASE.modified(name, value=python(text)).sha256


def swept(name: str, text: str) -> str:
    raw = {
        "scenarios": ["3B"],
        "design": {"kind": "one_at_a_time"},
        "parameter": [{"name": "funds.rcv_return", "values": [0.03]}],
    }
    return reading.check(raw, sets={name: python(text)}).resolved[0].sha256


def python(text: str) -> Any:
    return tomllib.loads(f"v = {text}")["v"]


DOORS: tuple[Callable[[str, str], str], ...] = (overlay, option, loaded, copied, replaced, swept)


def verdicts(name: str, text: str) -> dict[str, str]:
    found = {}
    for door in DOORS:
        try:
            found[door.__name__] = door(name, text)
        except AssumptionError:
            found[door.__name__] = REFUSED
    return found


@pytest.mark.parametrize(("name", "text"), GOOD)
def test_equal_inputs_are_accepted_with_equal_content(name: str, text: str) -> None:
    found = verdicts(name, text)
    assert len(set(found.values())) == 1, found
    assert REFUSED not in found.values()
    assert set(found.values()) != {BASE.sha256}, "the value has been taken"


@pytest.mark.parametrize(("name", "text"), BAD, ids=lambda item: item[:60])
def test_equal_inputs_are_refused_at_every_door(name: str, text: str) -> None:
    assert set(verdicts(name, text).values()) == {REFUSED}, verdicts(name, text)


@pytest.mark.parametrize("value", [0.03, 0.05, 0.07])
def test_values_of_a_sweep_are_those_of_the_other_doors(value: float) -> None:
    raw = {
        "scenarios": ["3B"],
        "design": {"kind": "one_at_a_time"},
        "parameter": [{"name": "economy.gdp_growth", "values": [value]}],
    }
    plan = cases.plan(reading.check(raw))
    last = cases.resolved_case(plan.context, 0, plan.values[-1])
    assert last.sha256 == overlay("economy.gdp_growth", repr(value))


@pytest.mark.parametrize(
    ("name", "given", "text"),
    [
        ("contributions.density", np.float64(0.8), "0.8"),
        ("contributions.density", np.float32(0.5), "0.5"),
        ("contributions.density", np.int64(1), "1"),
        ("economy.gdp_growth", {1997: 0.03, 2005: 0.04}, "{ 1997 = 0.03, 2005 = 0.04 }"),
        ("economy.gdp_growth", DatedPath([1997, 2005], [0.03, 0.04]), "{ 1997 = 0.03, 2005 = 0.04 }"),
        ("retirement.hazard", np.array([0.3] * 10 + [1.0]), f"[{HAZARD}]"),
        ("retirement.hazard", tuple([0.3] * 10 + [1.0]), f"[{HAZARD}]"),
        ("retirement.hazard", {**dict.fromkeys(map(str, range(60, 70)), 0.3), "70": 1.0}, None),
        ("population.open_group", np.bool_(False), "false"),
        ("reform.date", dt.date(1997, 7, 1), "1997-07-01"),
    ],
)
def test_objects_of_python_are_what_they_say(name: str, given: object, text: str | None) -> None:
    if text is None:  # labels with numbers are written below `value`, at every door
        with pytest.raises(AssumptionError):
            BASE.with_values({name: given})
        return
    assert BASE.with_values({name: given}).sha256 == overlay(name, text)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("contributions.density", np.bool_(True)),
        ("contributions.density", None),
        ("contributions.density", np.array([0.8])),
        ("contributions.density", 10**6000),
        ("economy.gdp_growth", DatedPath([95, 97], [0.03, 0.04])),
        ("economy.gdp_growth", DatedPath([1997], [np.nan])),
        ("economy.gdp_growth", {1997: 0.03, "1997": 0.05}),
        ("retirement.hazard", np.array([True] * 11)),
        ("retirement.hazard", np.array(["0.3"] * 11)),
        ("retirement.hazard", np.array([0.3] * 10 + [np.nan])),
        ("retirement.hazard", BASE.table("decrements.leaving")),
        ("reform.date", dt.datetime(1997, 7, 1)),
    ],
    ids=lambda item: str(item)[:40] if not isinstance(item, int) else "large",
)
def test_objects_that_are_no_values(name: str, given: object) -> None:
    with pytest.raises(AssumptionError):
        BASE.with_values({name: given})


def test_a_moment_is_refused_as_it_was_written() -> None:
    with pytest.raises(
        AssumptionError, match=r"reform\.date: 1997-07-01T08:30:00 is no date; write it as 1997-01-01"
    ):
        assumptions.load("3B", sets={"reform.date": dt.datetime(1997, 7, 1, 8, 30)}).resolve("statutory")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: assumptions.load(None), "None: no such scenario"),
        (lambda: assumptions.load(3), "3: no such scenario"),
        (lambda: assumptions.load(["3B"]), "no such scenario"),
        (lambda: assumptions.load("3B").resolve(None), "None: no such basis"),
        (lambda: assumptions.load("3B").resolve([]), "no such basis"),
        (lambda: assumptions.load("3B", sets={5: 1}), "5: unknown name"),
        (lambda: assumptions.load("3B", sets=[("a", 1)]), "sets: .* not a mapping"),
        (lambda: assumptions.load("3B", overlays=3), "overlays: 3 is not a name or a path"),
        (lambda: assumptions.load("3B", overlays=[None]), "overlays: None is not a name or a path"),
        (lambda: assumptions.resolve_all(assumptions.load("3B"), "statutory"), "bases: .*list"),
        (lambda: BASE.with_values({5: 1.0}, ""), "5: unknown name"),
        (lambda: BASE.number(5), "5: unknown name"),
        (lambda: annexv.project(3), "3: no such scenario"),
    ],
)
def test_what_is_no_name_is_told_as_what_is_no_known_name(wrong: Callable[[], object], said: str) -> None:
    with pytest.raises(AssumptionError, match=said):
        wrong()


def test_a_name_of_thousands_of_letters_is_cut_in_its_message() -> None:
    with pytest.raises(AssumptionError) as wrong:
        assumptions.load("3B", sets={"x" * 5000: 1})
    assert len(str(wrong.value)) < 300
