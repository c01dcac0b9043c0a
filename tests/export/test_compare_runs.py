"""A run carries its input: it can be run again bit for bit, and two runs can be told apart."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from math import fsum
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import assumptions
from assumptions import Resolved
from engine import compare_runs
from engine.outputs import OutputError, export, headline, netcdf, provenance


@pytest.fixture(scope="module")
def other(other_file: Path) -> xr.Dataset:
    return netcdf.read(other_file)


def test_a_run_is_reproduced_bit_for_bit(run: xr.Dataset) -> None:
    again = compare_runs.rerun(run)
    assert again.same
    assert again.program == []
    assert again.data == {}
    for name, item in run.variables.items():
        if item.dtype.kind == "f":
            assert item.values.tobytes() == again.dataset[name].values.tobytes()


def test_a_moved_number_is_found_with_its_place(run: xr.Dataset) -> None:
    touched = run.copy(deep=True)
    spot = {"basis": 1, "scenario": 0, "component": 2, "year": 5}
    touched.fiscal_cost[spot] = np.nextafter(float(touched.fiscal_cost[spot]), 1.0)
    (moved,) = compare_runs.moved(touched, run)
    assert moved.variable == "fiscal_cost"
    assert moved.cells == 1
    assert moved.where == "published, 2B, state_contributions, 2002"


def test_shipped_values_that_changed_are_told_but_not_what_the_user_set(other: xr.Dataset) -> None:
    inputs = export.resolved_inputs(other)
    changed = {case: resolved.with_values({"funds.rcv_return": 0.031}) for case, resolved in inputs.items()}
    assert compare_runs._shipped_differences(inputs) == {}
    # with_values marks a name as set by a user; a value that the data once had is not.
    assert compare_runs._shipped_differences(changed) == {}
    text = inputs["statutory", "3B"].to_json()
    old = assumptions.Resolved.from_json(text).with_values({"funds.rcv_return": 0.031})
    old._set = old._set - {"funds.rcv_return"}
    assert compare_runs._shipped_differences({("statutory", "3B"): old}) == {
        ("statutory", "3B"): ["funds.rcv_return"]
    }


@pytest.fixture(scope="module")
def falls(run: xr.Dataset, other: xr.Dataset) -> list[compare_runs.Waterfall]:
    a, b = export.resolved_inputs(run), export.resolved_inputs(other)
    return [compare_runs.waterfall(a[x], b[y]) for x, y in compare_runs.pairs(a, b)]


def test_differing_assumptions_are_named_with_values_and_source(
    falls: list[compare_runs.Waterfall],
) -> None:
    for fall in falls:
        shipped = assumptions.load("3B").resolve(fall.old_case[0]).number("contributions.density")
        assert [(item.name, item.old, item.new) for item in fall.changes] == [
            ("contributions.density", f"{shipped:g}", "0.8"),
            ("state.social_quota", "1.45475", "1.8"),
        ]
        assert "--set" in fall.changes[0].source_new


def test_steps_lead_from_the_one_run_to_the_other_and_add_up(
    run: xr.Dataset, other: xr.Dataset, falls: list[compare_runs.Waterfall]
) -> None:
    assert len(falls) == 4
    for fall in falls:
        basis, scenario = fall.old_case
        for dataset, level in ((run, fall.old), (other, fall.new)):
            one = dataset.sel(basis=basis, scenario=scenario)
            assert (level[:-1] == one.fiscal_cost.values).all()
            assert (level[-1] == one.fiscal_cost_total.values).all()
        assert (fall.levels[0] == fall.old).all()
        assert (fall.levels[-1] == fall.new).all()
        for n in range(fall.old.shape[0]):
            for y in range(fall.years.size):
                parts = fsum(step.effect[n, y] for step in fall.steps)
                # Differences of numbers below 4 percent of GDP are rounded to 4e-16 each.
                assert abs(parts - (fall.new[n, y] - fall.old[n, y])) < 4e-15


def test_two_differences_are_worth_the_mean_of_both_orders(run: xr.Dataset, other: xr.Dataset) -> None:
    """With two units the Shapley value of each is half the sum of what it moves first and what it moves last."""
    a, b = export.resolved_inputs(run), export.resolved_inputs(other)
    case = ("statutory", "3B")
    names = ("contributions.density", "state.social_quota")
    fall = compare_runs.waterfall(a[case], b[case])
    value = {
        some: compare_runs.shares(
            a[case].with_values({name: b[case].value(name) for name in some}), fall.years
        )
        for some in ((), names[:1], names[1:], names)
    }
    effects = {step.names[0]: step.effect for step in fall.steps}
    for name, alone, rest in ((names[0], names[:1], names[1:]), (names[1], names[1:], names[:1])):
        expected = 0.5 * ((value[alone] - value[()]) + (value[names] - value[rest]))
        # The same differences added in another order, of numbers below 4 percent of GDP.
        assert np.abs(effects[name] - expected).max() < 4e-15
    # The quota is paid per day contributed, so that the order would matter.
    assert np.abs((value[names[:1]] - value[()]) - (value[names] - value[names[1:]])).max() > 1e-6
    assert fall.orders == 0
    assert not any(step.error.any() for step in fall.steps)


@pytest.mark.slow
def test_bases_are_bridged_with_values_that_only_fit_together_in_one_step(run: xr.Dataset) -> None:
    inputs = export.resolved_inputs(run)
    fall = compare_runs.waterfall(inputs["statutory", "3B"], inputs["published", "3B"])
    published = run.sel(basis="published", scenario="3B")
    assert (fall.new[:-1] == published.fiscal_cost.values).all()
    joint = next(step.names for step in fall.steps if "population.contributors" in step.names)
    assert "population.active_1996" in joint
    switched = [name for step in fall.steps for name in step.names]
    assert sorted(switched) == [item.name for item in fall.changes]


def test_runs_without_a_common_case_are_refused_with_what_they_have(run: xr.Dataset) -> None:
    inputs = export.resolved_inputs(run)
    with pytest.raises(OutputError, match=r"2B/statutory.*--to-scenario"):
        compare_runs.pairs(inputs, inputs, to_scenario="4A")


def test_runs_of_other_horizons_are_compared_where_both_have_years() -> None:
    long, short = (
        assumptions.load("3B", sets={"reform.last_year": year}).resolve("statutory") for year in (2003, 2000)
    )
    fall = compare_runs.waterfall(long, short)
    assert fall.years.tolist() == [1997, 1998, 1999, 2000]
    # A year's cost does not depend on how far the projection goes.
    assert np.allclose(fall.new, fall.old, rtol=1e-9, atol=0.0)


def _older(run: xr.Dataset, change: Callable[[dict[str, Any]], None]) -> xr.Dataset:
    """One case of a run as another version might have written it: intact, with other content."""
    older = run.isel(basis=[0], scenario=[0]).copy(deep=True)
    raw = json.loads(str(older.resolved_input.values.ravel()[0]))
    change(raw)
    with pytest.raises(assumptions.AssumptionError) as wrong:
        Resolved.from_json(json.dumps(raw))
    raw["sha256"] = re.search(r"sha256 is ([0-9a-f]+)", str(wrong.value))[1]
    older["resolved_input"] = (older.resolved_input.dims, np.array([[json.dumps(raw)]], dtype=object))
    recorded = provenance.listed([Resolved.from_json(json.dumps(raw))])
    older.attrs["scenario_sha256"] = recorded
    older.attrs["assumptions_sha256"] = hashlib.sha256(recorded.encode()).hexdigest()
    return older


def test_a_run_of_an_older_version_is_refused_with_what_it_lacks(run: xr.Dataset) -> None:
    """A run made before an assumption existed: its own content is intact, but this program reads one value more."""

    def without(raw: dict[str, Any]) -> None:
        for part in ("parameters", "values"):
            del raw[part]["guarantee.real_growth"]

    older = _older(run, without)
    with pytest.raises(OutputError, match=r"older version.*guarantee\.real_growth.*annexv run"):
        compare_runs.rerun(older)
    assert export.resolved_inputs(older)


def test_a_run_from_before_the_law_was_dated_is_read(run: xr.Dataset) -> None:
    """Release 0.1.0 held one number where a path is declared, and names of tables without their digests."""

    def undated(raw: dict[str, Any]) -> None:
        raw["parameters"]["contributions.ceav_employer"]["kind"] = "number"
        raw["values"]["contributions.ceav_employer"] = 0.0315
        del raw["parameters"]["population.members_file"]["file"]

    older = _older(run, undated)
    found = next(iter(export.resolved_inputs(older).values()))
    assert found.number("contributions.ceav_employer") == 0.0315
    assert headline.headline(older, found.scenario, found.basis).last > 0.0
    with pytest.raises(OutputError, match=r"older version.*contributions\.ceav_employer.*annexv run"):
        compare_runs.rerun(older)

    def impossible(raw: dict[str, Any]) -> None:
        undated(raw)
        raw["values"]["contributions.ceav_employer"] = 315.0

    with pytest.raises(OutputError, match=r"contributions\.ceav_employer.*315"):
        export.resolved_inputs(_older(run, impossible))
