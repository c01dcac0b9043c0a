"""What is reckoned before it is asked for is what is asked for next."""

from __future__ import annotations

import time

import pytest

pytest.importorskip("dash", reason="the extra explore is not installed")

from assumptions import levers
from engine.explore import controls, expected, numbers, state

ADDRESS = "?lever=commission%3D1%25+of+balance+from+2008&lever=retirement_age%3D67+from+2010&to=2012"


def test_neighbours_are_a_step_of_the_slider_away() -> None:
    shown = state.read(ADDRESS)
    age, other = sorted(shown.statements, key=lambda one: one.lever.name != "retirement_age")
    found = expected.neighbours(shown, {"retirement_age"})
    beside = [age.text.replace("67", f"{67 + step:g}") for step in (age.lever.step, -age.lever.step)]
    assert [sorted(one.texts) for one in found] == [sorted([text, other.text]) for text in beside]
    # What the slider says at that place is the same case.
    items = [
        {"id": controls.identity(kind, "retirement_age"), "value": value}
        for kind, value in (
            (controls.ON, [controls.CHECKED]),
            (controls.VALUE, 67 + age.lever.step),
            (controls.FROM, 2010),
        )
    ]
    said = controls.texts(items, (), [other.text])
    assert sorted(said) == sorted(found[0].texts)
    assert expected.neighbours(shown, {"density"}) == []


@pytest.mark.parametrize("end", [0, 1])
def test_nothing_beyond_the_range(end: int) -> None:
    lever = levers.known()["retirement_age"]
    assert lever.range is not None
    shown = state.read(f"?lever=retirement_age%3D{lever.range[end]:g}&to=2012")
    assert len(expected.neighbours(shown, {"retirement_age"})) == 1


def test_they_are_kept_when_the_controls_have_rested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expected, "REST", 0.01)
    shown = state.read(ADDRESS)
    numbers.case.cache_clear()
    expected.soon(shown, {"retirement_age"})
    until = time.monotonic() + 120.0
    while numbers.case.cache_info().currsize < 3 and time.monotonic() < until:
        time.sleep(0.05)
    missed = numbers.case.cache_info().misses
    for beside in expected.neighbours(shown, {"retirement_age"}):
        numbers.pairs(beside)
    assert numbers.case.cache_info().misses == missed == 3


def test_what_is_moved_again_drops_what_was_to_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expected, "REST", 0.3)
    shown = state.read(ADDRESS)
    numbers.case.cache_clear()
    expected.soon(shown, {"retirement_age"})
    expected.soon(shown, ())
    time.sleep(0.6)
    assert numbers.case.cache_info().currsize == 0
