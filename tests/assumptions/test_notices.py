"""What is told of values that a user sets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import assumptions
from assumptions import AssumptionError
from assumptions.liveness import plausible
from assumptions.notices import of_design

STATUTORY = assumptions.load("3B").resolve("statutory")
PUBLISHED = assumptions.load("3B").resolve("published")


def told(basis: str = "statutory", overlay: Path | None = None, **sets: object) -> list[str]:
    given = {name.replace("__", "."): value for name, value in sets.items()}
    return assumptions.load("3B", [overlay] if overlay else [], given).resolve(basis).notices


def table(name: str, **cells: float) -> np.ndarray:
    values = STATUTORY.table(name).values.copy()
    for place, value in cells.items():
        values.flat[int(place[1:])] = value
    return values


CASES = [
    ({"contributions__density": 0.52}, "contributions.density = 0.52 (--set) is the shipped value: it changes nothing"),
    ({"economy__gdp_growth": {1990: 0.0405}}, "its last value is of 1990, before the first projected year 1997"),
    ({"law_1973__widow_share": 0.9}, "law_1973.widow_share (--set) is the shipped value"),
    ({"basis__choice": "best"}, "basis.choice (--set) is the shipped value"),
    ({"economy__real_wage_growth": 0.19}, "is outside its documented range 0 to 0.04: 0.19"),
    ({"economy__real_wage_growth": {1996: 0.02, 2010: 0.06}}, "is outside its documented range 0 to 0.04: 0.06 at 2010"),
    ({"economy__real_wage_growth": 0.04}, None),
    ({"economy__real_minimum_wage_growth": 0.5}, "documented range -0.02 to 0.02 beyond the shipped value: 0.5"),
    ({"mortality__active": 0.5}, "is outside its documented range 0.5 to 2 times the shipped value: 3333 at sex f, age 15"),
    ({"mortality__active": STATUTORY.table("mortality.active").values ** 1.0}, "is the shipped value"),
    ({"mortality__active": table("mortality.active", c30=0.012)}, "jumps from 0.0033 to 0.012 between ages 44 and 45"),
    ({"funds__rcv_return": 0.2}, "is outside its documented range"),
    ({"guarantee__real_growth": 0.19}, "is outside the usual range -0.05 to 0.1: 0.19"),
    ({"contributions__old_ivcm_worker": 0.5}, "is outside the usual range 0 to 0.3: 0.5"),
    ({"law_1995__weeks_retirement": 1000.5}, "is no whole number, and weeks are counted whole: it acts as 1001"),
    ({"law_1995__weeks_retirement": 1000.0}, None),
    ({"balance__computed": True, "reform__last_year": 2030}, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sets", "said"), CASES, ids=[f"{n}-{next(iter(sets))}" for n, (sets, _) in enumerate(CASES)]
)
def test_told(sets: dict[str, object], said: str | None) -> None:
    found = told(**sets)
    assert (found == []) if said is None else any(said in notice for notice in found), found


def test_half_a_reform_names_what_belongs_together() -> None:
    """The retirement age: who leaves, and what the law pays at each age."""
    hazard = np.array([0.0, 0.0, *STATUTORY.table("retirement.hazard").values[2:]])
    factor = np.array([0.7, 0.7, 0.75, 0.8, 0.9, 1.0])
    for name, value, other in (
        ("retirement.hazard", hazard, "law_1973.severance_factor"),
        ("law_1973.severance_factor", factor, "retirement.hazard"),
    ):
        found = told(**{name: value})
        assert any(
            notice.startswith(f"{name} is moved without {other}: another age of retirement")
            for notice in found
        )
    both = told(**{"retirement.hazard": hazard, "law_1973.severance_factor": factor})
    assert not any("moved without" in notice for notice in both)
    # On the published basis the factors are not used: nothing is missing.
    assert not any("moved without" in n for n in told("published", **{"retirement.hazard": hazard}))


def test_what_follows_by_derivation_is_not_missing() -> None:
    """On the published basis the members of 1996 are the contributors: setting one sets both."""
    assert told("published", **{"population.contributors": 17.5e6}) == []
    assert any(
        "moved without population.active_1996" in n for n in told(**{"population.contributors": 10.5e6})
    )


def test_names_of_the_data_are_known() -> None:
    for group in plausible()["together"]:
        assert all(STATUTORY.has(name) for name in (*group["moved"], *group["without"]))
        assert group["why"]
    assert all(STATUTORY.has(name) for name in plausible()["notices"]["not_told"])


def test_overlays(tmp_path: Path) -> None:
    empty = tmp_path / "empty.toml"
    empty.write_text('[overlay]\ntitle = "nothing"\n', encoding="utf-8")
    assert told(overlay=empty) == [f"{empty}: the overlay sets nothing"]
    own = tmp_path / "own.toml"
    own.write_text('[overlay]\ntitle = "x"\n[contributions]\ndensity = 0.3\n', encoding="utf-8")
    (found,) = told(overlay=own)
    assert found == f"contributions.density = 0.3 ({own}) is outside its documented range 0.4 to 0.83: 0.3"
    # Everything in the file that is used on this basis only is told on it only.
    own.write_text(
        '[overlay]\ntitle = "x"\n[only.published.contributions]\ndensity = 0.5\n', encoding="utf-8"
    )
    assert told(overlay=own) == []


def test_changes_by_nothing() -> None:
    assert STATUTORY.modified("economy.gdp_growth", "shift", value=0).notices == [
        "economy.gdp_growth: shift 0 changes nothing"
    ]
    assert STATUTORY.modified("mortality.active", "scale", value=1.0).notices == [
        "mortality.active: scale 1 changes nothing"
    ]
    assert STATUTORY.modified("mortality.active", "scale", value=0.99).notices == []


def test_designs() -> None:
    item = STATUTORY.item("economy.gdp_growth")
    assert list(of_design(item, "replace", 0.03, 0.05)) == []
    (found,) = of_design(item, "replace", 0.0, 0.05)
    assert found == "economy.gdp_growth: replace by 0 to 0.05 goes beyond its documented range 0.03 to 0.053"
    assert list(of_design(item, "shift", 0.0, 0.0)) == ["economy.gdp_growth: shift 0 changes nothing"]


@pytest.mark.parametrize(
    ("sets", "name"),
    [
        ({"state.social_quota_share": 1.0, "state.social_quota_wage": 500.0}, "state.social_quota"),
        ({"law_1973.months_per_year": 1.0, "law_1973.flat_bonus_months": 12.0}, "law_1973.flat_multiple"),
        ({"population.first_age": 16.0, "population.last_age": 120.0}, "population.last_age"),
        ({"law_1973.weeks_disability": 600.0}, "law_1973.weeks_disability"),
    ],
)
def test_a_user_s_fault_is_not_blamed_on_shipped_files(
    sets: dict[str, float], name: str, tmp_path: Path
) -> None:
    """By --set, by an overlay and by a caller: a derived value or a pair of values out of bounds is the user's."""
    own = tmp_path / "own.toml"
    lines = [f"{key} = {value}" for key, value in sets.items()]
    own.write_text("\n".join([*lines, "[overlay]", 'title = "x"']), encoding="utf-8")

    def by_caller() -> None:
        assumptions.load("1B").resolve("published").with_values(sets)

    for use, file in (
        (lambda: assumptions.load("1B", sets=sets).resolve("published"), "--set"),
        (lambda: assumptions.load("1B", [own]).resolve("published"), str(own)),
        (by_caller, "set by the caller"),
    ):
        with pytest.raises(AssumptionError, match=name.replace(".", r"\.")) as caught:
            use()
        assert {fault.file for fault in caught.value.faults} == {file}


def test_a_path_that_begins_too_late_is_blamed_on_who_set_it(tmp_path: Path) -> None:
    own = tmp_path / "late.toml"
    own.write_text('[overlay]\ntitle = "x"\n[economy]\ngdp_growth = { 2000 = 0.03 }\n', encoding="utf-8")
    for resolved, file in (
        (assumptions.load("3B", [own]).resolve("statutory"), str(own)),
        (assumptions.load("3B", sets={"economy.gdp_growth": {2000: 0.03}}).resolve("statutory"), "--set"),
        (STATUTORY.with_values({"economy.gdp_growth": {2000: 0.03}}), "set by the caller"),
    ):
        with pytest.raises(AssumptionError) as caught:
            resolved.path("economy.gdp_growth", [1997])
        assert [fault.file for fault in caught.value.faults] == [file]
