"""Properties of whole careers on random workers."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import assumptions
from assumptions import Resolved
from engine.worker import calculator
from engine.worker.careers import Career

MW = 26.45 * 365


@cache
def pack(scenario: str) -> Resolved:
    return assumptions.load(scenario).resolve("statutory")


@st.composite
def careers(draw: st.DrawFn) -> Career:
    first_age = draw(st.integers(15, 40))
    award_age = draw(st.integers(max(first_age + 1, 55), 72))
    n = award_age - first_age
    wages = draw(st.lists(st.floats(0.2, 30.0), min_size=1, max_size=6))
    times = draw(st.lists(st.sampled_from((0.0, 0.3, 0.83, 1.0)), min_size=1, max_size=6))
    return Career(
        wage=np.repeat(np.array(wages), -(-n // len(wages)))[:n] * MW,
        participation=np.repeat(np.array(times), -(-n // len(times)))[:n],
        first_age=first_age,
        born=draw(st.integers(2000 - award_age, 2040 - award_age)),
        award_age=award_age,
        sex=draw(st.sampled_from(("m", "f"))),
        children=draw(st.sampled_from((0.0, 1.0, 3.0))),
        parents=draw(st.integers(0, 2)),
    )


def figures(career: Career, scenario: str = "1B") -> dict[str, float]:
    found = calculator.evaluate([career], pack(scenario))
    return {name: float(column[0]) for name, column in found.items()}


def priced(career: Career) -> bool:
    """Whether the last five contributed years lie where prices are known (those of 1981 and after)."""
    years = career.born + career.first_age + np.flatnonzero(career.participation > 0.0)
    return not (years < 1981).any()


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(careers().filter(priced), st.sampled_from(("1B", "3A")))
def test_a_spouse_never_changes_the_account(career: Career, scenario: str) -> None:
    alone = figures(career, scenario)
    for spouse in ("not_entitled", "entitled"):
        married = figures(replace(career, spouse=spouse), scenario)
        for name in (*calculator.BALANCES, "account", "state_contributions"):
            assert married[name] == alone[name]
    # A widow to be paid after the worker makes every unit dearer, so the same account buys no more.
    assert married["annuity"] <= alone["annuity"] * (1.0 + 1e-12)


@settings(max_examples=150, deadline=None)
@given(careers().filter(priced))
def test_limits_of_pensions_and_of_what_the_state_adds(career: Career) -> None:
    f = figures(career)
    minimum = f["minimum_wage"]
    bare = f["old_pension"] / (13.0 / 12.0)
    assert bare <= max(f["average_wage"], minimum) * (1.0 + 1e-12)
    if f["old_rights"] and f["weeks"] >= 500 and career.award_age >= 60:
        assert bare >= minimum * (1.0 - 1e-12)
    else:
        assert bare == 0.0
    if f["entitled"]:
        assert f["new_pension"] >= MW * (1.0 - 1e-12)
        if f["annuity"] >= MW * (1.0 + 1e-12):
            assert f["state_new"] == 0.0
    else:
        assert f["state_new"] == 0.0
    assert f["state"] == (f["state_old"] if f["takes_old"] else f["state_new"])
    assert 0.0 <= f["handed_over"] <= f["account"] * (1.0 + 1e-12)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(careers().filter(priced), st.floats(1.0, 1.5))
def test_accounts_rise_with_wages_and_with_time(career: Career, factor: float) -> None:
    base = figures(career)
    richer = figures(replace(career, wage=career.wage * factor))
    busier = figures(replace(career, participation=np.minimum(1.0, career.participation * factor)))
    for name in calculator.BALANCES:
        assert richer[name] >= base[name] * (1.0 - 1e-12)
        assert busier[name] >= base[name] * (1.0 - 1e-12)
    assert busier["weeks"] >= base["weeks"]


@settings(max_examples=100, deadline=None)
@given(careers().filter(priced))
def test_the_choice_is_never_worse_than_either_law(career: Career) -> None:
    f = figures(career)
    best = max(f["value_new"], f["value_old"] + f["kept"] if f["value_old"] > 0.0 else 0.0)
    taken = f["value_old"] + f["kept"] if f["takes_old"] else f["value_new"]
    assert taken == best
