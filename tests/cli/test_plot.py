"""`annexv plot` of a run: the numbers of the file, titles that agree with them, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import assumptions
import engine
from engine.outputs import OutputError, netcdf, schema, texts
from engine.outputs.figures import of_run
from tests.cli.conftest import Command


@pytest.fixture(scope="module")
def run() -> xr.Dataset:
    return engine.project_many([assumptions.load("2B"), assumptions.load("3B")])


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_series_has_a_figure(run: xr.Dataset, language: str) -> None:
    text = texts.load(language)
    for name, item in schema.VARIABLES.items():
        if "year" not in item.dims:
            continue
        drawn = of_run.figure(run, name, ["3B"], ["statutory"], text)
        assert drawn.title
        divisor, unit = of_run.scale(run[name], text)
        assert drawn.unit == unit
        shown = np.nansum([[value or 0.0 for value in trace.y] for trace in drawn.traces], axis=0)
        one = run[name].sel(scenario="3B", basis="statutory")
        own = [dim for dim in one.dims if dim != "year"]
        assert shown == pytest.approx(one.sum(own).values / divisor, rel=1e-4, abs=1e-6), name


def test_titles_say_what_the_numbers_do(run: xr.Dataset) -> None:
    text = texts.load("en")
    one = run.sel(scenario="3B", basis="statutory")
    total = of_run.figure(run, "fiscal_cost_total", ["3B"], ["statutory"], text)
    first, last = (float(one.fiscal_cost_total[at]) for at in (0, -1))
    assert total.title == f"Fiscal cost: up from {first:.2f} in 1997 to {last:.2f} percent of GDP in 2030"
    both = of_run.figure(run, "fiscal_cost.acquired_rights", ["2B", "3B"], ["statutory"], text)
    ends = run.fiscal_cost.sel(component="acquired_rights", basis="statutory", year=2030)
    low, high = (float(ends.sel(scenario=code)) for code in ("2B", "3B"))
    assert both.title == f"From {low:.2f} (2B) to {high:.2f} (3B) percent of GDP in 2030"
    for values, said in (
        ([1.0, 3.0, 2.0], "X: highest in 1998, 3.00 u"),
        ([3.0, 2.0, 1.0], "X: down from 3.00 in 1997 to 1.00 u in 1999"),
        ([0.0, 0.0, 0.0], "X: 0 in every year"),
    ):
        assert of_run.trend("X", np.array(values), [1997, 1998, 1999], "u", text) == said


def test_what_is_not_there_is_refused_with_what_is(run: xr.Dataset, annexv: Command, tmp_path: Path) -> None:
    text = texts.load("en")
    for what, scenarios, said in (
        ("fiscal_cots", ["3B"], "did you mean fiscal_cost"),
        ("fiscal_cost.pensions", ["3B"], "it has fiscal_cost.acquired_rights"),
        ("gdp.total", ["3B"], "it has gdp"),
        ("gdp", ["1A"], "--scenario 1A: not in the run; it has 2B, 3B"),
        ("fiscal_cost", ["2B", "3B"], "name one item, as fiscal_cost.acquired_rights"),
    ):
        with pytest.raises(OutputError, match=said):
            of_run.figure(run, what, scenarios, ["statutory"], text)
    netcdf.write(run, tmp_path / "run.nc", command="annexv run")
    done = annexv("plot", "run.nc", "--out", "cost.png")
    assert done.status == 0
    assert "Acquired rights: the largest part in 2030" in done.out
    assert annexv("plot", "run.nc", "--out", "cost.png").status == 2
    done = annexv("plot", "run.nc", "--year", "2010", "--out", "x.png")
    assert done.status == 2
    assert "--year 2010: is for sweeps" in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cost.png", "run.nc"]
