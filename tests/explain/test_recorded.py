"""What is listed beside a number is what was read for it, and holds all that moves it."""

from __future__ import annotations

import numpy as np
import pytest

import assumptions
from assumptions import AssumptionError, Recorder, liveness
from engine.explain import read_for
from engine.liveness import variants
from engine.prepare import demography
from engine.projection import COMPONENTS, run_case

BASES = ("statutory", "published")


def with_inputs(pack: assumptions.Resolved, names: set[str]) -> set[str]:
    """The names and those that they are derived from."""
    found, todo = set(), list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            derived = pack.item(name).derived
            todo += derived.inputs if derived is not None else ()
    return found


@pytest.mark.parametrize("basis", BASES)
def test_what_moves_a_number_was_read(basis: str) -> None:
    pack = assumptions.load("3B").resolve(basis)
    recorder = Recorder(pack)
    run_case(recorder)
    measured = [row for row in liveness.read() if row.basis == basis and row.scenario == "3B"]
    moves = {row.name for row in measured if row.calculation == "projection" and row.first_year is not None}
    assert len(moves) > 100
    assert moves <= with_inputs(pack, set(recorder.reads))


def test_what_was_read_does_not_depend_on_what_is_kept() -> None:
    pack = assumptions.load("3B").resolve("statutory")
    demography.clear()
    first, again = Recorder(pack), Recorder(pack)
    run_case(first)
    run_case(again)
    assert first.reads == again.reads


def test_reading_is_noted_with_kind_and_years() -> None:
    recorder = Recorder(assumptions.load("3B").resolve("statutory"))
    recorder.path("economy.inflation", [2001, 2005])
    recorder.path("economy.inflation", [1999])
    recorder.labels("mortality.active", "age")
    recorder.with_values({"contributions.density": 0.5}).number("population.wage_sigma")
    read = recorder.reads
    assert (read["economy.inflation"].first, read["economy.inflation"].last) == (1999, 2005)
    assert read["mortality.active"].labels
    assert read["population.wage_sigma"].kind == "number"
    recorder.table("mortality.active")
    assert not recorder.reads["mortality.active"].labels


@pytest.mark.slow
@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("place", range(len(COMPONENTS)), ids=COMPONENTS)
def test_the_list_of_an_explanation_holds_all_that_moves_its_number(basis: str, place: int) -> None:
    """Moved over its range as `annexv assumptions liveness` does, no value that is left out moves the component."""
    pack = assumptions.load("3B", sets={"reform.last_year": 2045}).resolve(basis)
    base = run_case(pack)
    share = base.cost[place] / base.gdp
    listed = with_inputs(pack, set(read_for(pack, COMPONENTS[place], base.method[place])))
    moved = []
    for name in set(pack.names()) - listed:
        if pack.item(name).kind == "text" or not pack.live(name)[0]:
            continue
        for other in variants(pack, name):
            try:
                found = run_case(other)
            except AssumptionError:
                continue
            if not np.array_equal(found.cost[place] / found.gdp, share):
                moved.append(name)
    assert moved == []
