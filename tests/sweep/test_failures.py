"""Nothing is computed over survivors without saying so: counts, refusals, exports and exit statuses."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import assumptions
import engine
import engine.cli
from engine import sweeps
from engine.outputs import export
from engine.sweeps import analysis
from engine.sweeps.cases import plan

GDP = "economy.gdp_growth"
DENSITY = "contributions.density"
# Shocks so large that growth of -1 or less, which cannot be, comes up in some paths and not in others.
WILD = """
scenarios = ["3B"]
[design]
kind = "grid"
[[parameter]]
name = "contributions.density"
values = [0.7, 0.8, 0.9, 1.0]
[stochastic]
paths = 3
common_shocks = false
[[stochastic.shock]]
name = "economy.gdp_growth"
sd = 0.9
"""
SHORT = ["--set", "reform.last_year=2003", "--set", "population.wage_groups=5"]


@pytest.fixture
def annexv(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs a command in this process: exit status, stdout, stderr."""

    def run(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as caught:
            engine.cli.main([str(word) for word in words])
        out, err = capfd.readouterr()
        return int(caught.value.code or 0), out, err

    return run


def unchecked(pack: assumptions.Pack, design: Mapping[str, Any]) -> xr.Dataset:
    """A sweep whose values were not held to bounds first, so that cases fail."""
    return sweeps.in_memory(plan(sweeps.check(design, packs=pack)))


def density(*values: float) -> dict[str, Any]:
    return {"design": {"kind": "grid"}, "parameter": [{"name": DENSITY, "values": list(values)}]}


@pytest.fixture(scope="module")
def failing(small: Callable[..., assumptions.Pack]) -> xr.Dataset:
    return unchecked(small(), density(0.7, 0.8, 1.3, 0.9))


def test_growth_shocks_of_eight_percent_lose_no_path(small: Callable[..., assumptions.Pack]) -> None:
    """Of 96 paths to 2030 none has growth of -1 or less: that is 12 standard deviations away."""
    shock = {"paths": 96, "seed": 1, "shock": [{"name": GDP, "sd": 0.08}], "keep_paths": True}
    found = engine.sweep(small(**{"reform.last_year": 2012}), {"outputs": ["gdp"], "stochastic": shock})
    assert found.paths_failed.values.tolist() == [[0]]
    growth = found.gdp_paths.values[0, :, 0, 1:] / found.gdp_paths.values[0, :, 0, :-1] - 1.0
    assert growth.max() > 0.2
    assert growth.min() < -0.2


def test_beyond_a_hundredth_statistics_are_refused(failing: xr.Dataset) -> None:
    found = analysis.summary(failing)
    assert "1 of 4 cases failed" in found["refused"]
    assert found["cases_failed"] == 1
    assert [item["case"] for item in found["failures"]] == [2]
    assert "1.3 is outside" in found["failures"][0]["message"]
    assert not {"quantiles", "rank_correlations", "budget"} & set(found)


def test_allowed_they_say_what_they_are_over(failing: xr.Dataset) -> None:
    found = analysis.summary(failing, allow_failed=True, budget=0.1)
    assert found["refused"] is None
    values = analysis.series(failing).values[[0, 1, 3]]
    assert np.array(found["quantiles"]["values"]) == pytest.approx(
        np.quantile(values, found["quantiles"]["probabilities"], axis=0).T
    )
    for part in (found["quantiles"], found["rank_correlations"][0], found["budget"]["of"]):
        assert (part["cases"], part["cases_failed"]) == (3, 1)


def test_one_in_a_hundred_is_told_and_not_refused(small: Callable[..., assumptions.Pack]) -> None:
    levels = [0.5 + 0.004 * n for n in range(99)]
    pack = small(**{"reform.last_year": 1998, "population.wage_groups": 1})
    one = analysis.summary(unchecked(pack, density(*levels, 1.3)))
    assert one["refused"] is None
    assert (one["quantiles"]["cases"], one["quantiles"]["cases_failed"]) == (99, 1)
    two = analysis.summary(unchecked(pack, density(*levels[:98], 1.3, 1.4)))
    assert "2 of 100 cases failed" in two["refused"]


@pytest.mark.parametrize("function", ["spread", "tornado", "rank_correlations", "by_choice"])
def test_each_statistic_refuses_in_python_too(
    failing: xr.Dataset, small: Callable[..., assumptions.Pack], function: str
) -> None:
    dataset = failing
    if function == "tornado":
        dataset = unchecked(small(), {**density(0.7, 1.3), "design": {"kind": "one_at_a_time"}})
    found = analysis.series(dataset)
    given = (found,) if function == "spread" else (dataset, analysis.at_year(found, 2003))
    with pytest.raises(analysis.Failed, match="cases failed"):
        getattr(analysis, function)(*given)
    getattr(analysis, function)(*given, allow_failed=True)


def test_a_saltelli_sweep_with_many_failures_tells_what_it_can(
    small: Callable[..., assumptions.Pack],
) -> None:
    pytest.importorskip("SALib")
    limits = {"kind": "uniform", "low": 0.6, "high": 1.6}
    other = {"name": "funds.rcv_return", "distribution": {"kind": "uniform", "low": 0.01, "high": 0.05}}
    design = {
        "design": {"kind": "saltelli", "n": 8},
        "parameter": [{"name": DENSITY, "distribution": limits}, other],
    }
    found = analysis.summary(unchecked(small(), design), allow_failed=True)
    assert found["cases"] == 32
    assert 0 < found["cases_failed"] < 32
    assert len(found["failures"]) == found["cases_failed"]
    assert found["quantiles"]["cases"] == 32 - found["cases_failed"]
    assert found["sobol"]["indices"] == []
    assert "groups of points without a failed case" in found["sobol"]["reason"]


def test_exports_keep_failed_cases(failing: xr.Dataset, tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    pytest.importorskip("pyarrow")
    for name in ("csv", "xlsx", "dta", "parquet"):
        export.write(failing, tmp_path / f"x.{name}")
    rows = 5 * failing.sizes["year"]
    for frame in (
        pd.read_csv(tmp_path / "x.csv", keep_default_na=False, na_values={"value": [""]}),
        pd.read_parquet(tmp_path / "x.parquet"),
    ):
        assert frame.groupby("case").size().tolist() == [rows] * 4
        lost = frame[frame["case"] == 2]
        assert set(lost["case_status"]) == {"failed"}
        assert lost["case_message"].str.contains("1.3 is outside").all()
        assert lost["value"].isna().all()
        good = frame[frame["case"] != 2]
        assert set(good["case_status"]) == {"good"}
        assert set(good["case_message"]) == {""}
        assert good["value"].notna().all()
    stata = pd.read_stata(tmp_path / "x.dta")
    lost = stata[stata["case_number"] == 2]
    assert set(lost["case_status"]) == {"failed"}
    assert lost["case_message"].str.contains("1.3 is outside").all()
    assert lost.filter(like="cost").isna().all(axis=None)
    import openpyxl

    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")["3B"]
    lines = list(sheet.iter_rows(min_row=2, values_only=True))
    place = {name: at for at, name in enumerate(lines[0])}
    lost_lines = [line for line in lines[1:] if line[place["Case"]] == 2]
    assert len(lost_lines) == 5
    assert all(line[place["Status"]] == "failed" for line in lost_lines)
    assert all(set(line[place[1997] :]) == {None} for line in lost_lines)


def test_a_sweep_on_random_paths_is_exported(small: Callable[..., assumptions.Pack], tmp_path: Path) -> None:
    """Quantiles, means and single paths; the number of paths that failed stands in every row."""
    shock = {"paths": 4, "shock": [{"name": GDP, "sd": 0.02}], "keep_paths": True}
    found = engine.sweep(small(), {"outputs": ["gdp"], "stochastic": shock})
    frame = export.tidy(found)
    assert set(frame["variable"]) == {"gdp", "gdp_mean", "gdp_paths"}
    assert set(frame["paths_failed"]) == {0}
    paths = frame[(frame["variable"] == "gdp_paths") & (frame["year"] == 2003)]
    mean = frame[(frame["variable"] == "gdp_mean") & (frame["year"] == 2003)]
    assert mean["value"].item() == pytest.approx(paths["value"].mean())
    assert mean["quantile"].isna().all()
    wide, _ = export.wide(found)
    assert len(wide) == 5 * found.sizes["year"]
    assert wide["gdp_mean"].nunique() == found.sizes["year"]


def test_exit_statuses_and_messages(
    annexv: Callable[..., tuple[int, str, str]], written: Callable[[str], Path], tmp_path: Path
) -> None:
    target = tmp_path / "wild.nc"
    status, out, err = annexv("sweep", written(WILD), "--out", target, *SHORT)
    assert status == 1, err
    assert target.exists()
    assert "Cases that failed" in out
    status, out, _ = annexv("sweep-summary", target)
    assert status == 1
    assert "No statistics" in out
    assert "--allow-failed" in out
    assert "is not possible: it must be above -1" in out
    assert "quantiles over" not in out
    status, out, _ = annexv("sweep-summary", target, "--allow-failed", "--budget", "0.1")
    assert status == 1
    assert "failed)" in out
    assert "quantiles over cases (over " in out
    status, out, _ = annexv("sweep-summary", target, "--json")
    assert status == 1
    assert json.loads(out)["refused"]
    assert annexv("export", target, "--out", tmp_path / "x.csv")[0] == 0
    assert annexv("sweep", written(WILD), "--out", target, "--resume", *SHORT)[0] == 1


def test_all_cases_fail(
    annexv: Callable[..., tuple[int, str, str]], written: Callable[[str], Path], tmp_path: Path
) -> None:
    path = written(WILD.replace("sd = 0.9", "sd = 90.0").replace("paths = 3", "paths = 4"))
    target = tmp_path / "all.nc"
    status, out, _ = annexv("sweep", path, "--out", target, *SHORT)
    assert status == 1
    assert "Cases that failed: 4 of 4" in out
    status, out, _ = annexv("sweep-summary", target, "--allow-failed")
    assert status == 1
    assert "nan" not in out
    status, out, err = annexv("sweep-summary", target, "--allow-failed", "--json")
    assert status == 1, err
    assert set(np.ravel(json.loads(out)["quantiles"]["values"])) == {None}
