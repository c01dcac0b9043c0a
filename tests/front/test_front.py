"""`import annexv`: a thin front, and `dataset.annexv`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import annexv
import assumptions
import engine
from engine.outputs import OutputError, netcdf, schema

NAMES = [
    "balance",
    "compare",
    "explain",
    "infonavit_share",
    "load",
    "project",
    "project_many",
    "read",
    "report",
    "sweep",
    "what_if",
    "worker",
]
SHORT = {"reform.last_year": 2012}


@pytest.fixture(scope="module")
def run() -> xr.Dataset:
    return annexv.project_many(["1B", "3B"], sets=SHORT)


def test_importing_costs_nothing_and_offers_these_names() -> None:
    heavy = ("numpy", "xarray", "assumptions", "engine")
    code = f"import sys, annexv; print(dir(annexv)); print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [str(NAMES), "[]"]
    assert all(callable(getattr(annexv, name)) and getattr(annexv, name).__doc__ for name in NAMES)


def test_it_gives_what_the_packages_give() -> None:
    ours = annexv.project("3B", "published", sets=SHORT)
    theirs = engine.project(assumptions.load("3B", sets=SHORT), basis="published")
    assert ours.fiscal_cost.values.tobytes() == theirs.fiscal_cost.values.tobytes()
    assert annexv.project(annexv.load("1B", sets=SHORT)).scenario.values.tolist() == ["1B"]
    with pytest.raises(ValueError, match="loaded already"):
        annexv.project(annexv.load("1B"), sets=SHORT)


def test_results_and_packs_say_what_they_are(run: xr.Dataset) -> None:
    said = repr(run.annexv)
    for part in (
        run.attrs["run_id"],
        "statutory, published",
        "INFONAVIT does not pay",
        "reform.last_year",
        "sha256",
    ):
        assert part in said
    page = run.annexv._repr_html_()
    assert page.startswith("<p><b>Scenario 3B")
    pack = repr(annexv.load("3B", overlays=["gdp_macro_table"], sets=SHORT))
    assert "GDP of the report's macro table" in pack
    assert "reform.last_year = 2012" in pack
    # A pack whose values contradict one another still says so instead of raising.
    assert "faults" in repr(annexv.load("3B", sets={"economy.gdp_growth": 3.5}))


def test_money_of_the_accessor(run: xr.Dataset) -> None:
    nominal = run.annexv.to_pesos("nominal")
    np.testing.assert_allclose(nominal.gdp, run.gdp * run.price_level, rtol=1e-12)
    december = run.annexv.to_pesos(2050).gdp
    assert december.attrs["price_basis"] == "December 2050, prices of the run"
    observed = run.annexv.to_pesos(2012).gdp
    # INPC of December 2012 over December 1996: 80.568 / 28.759 (second half of July 2018 = 100).
    np.testing.assert_allclose(observed / run.gdp, 80.568 / 28.759, rtol=2e-4)
    assert nominal.fiscal_cost.identical(run.fiscal_cost)
    with pytest.raises(OutputError, match="already"):
        nominal.annexv.to_pesos(2020)
    np.testing.assert_allclose(run.annexv.total_mxn / run.gdp * 100.0, run.annexv.total, rtol=1e-12)


def test_price_levels_of_the_file_are_those_of_the_annex(run: xr.Dataset) -> None:
    """Series B: 22, 16, 12, 11, 9, 6, 6% in 1997-2003, held after."""
    one = run.sel(scenario="3B", basis="statutory")
    expected = np.cumprod([1.22, 1.16, 1.12, 1.11, 1.09, *[1.06] * 11])
    np.testing.assert_allclose(one.price_level_december, expected, rtol=1e-12)
    before = np.concatenate(([1.0], expected[:-1]))
    # Prices that rise at a constant rate within the year have their logarithmic mean as average.
    np.testing.assert_allclose(one.price_level, (expected - before) / np.log(expected / before), rtol=1e-12)
    assert one.price_level.attrs["units"] == "1"


def test_plots_have_readable_axes_and_names_in_words(run: xr.Dataset) -> None:
    pytest.importorskip("matplotlib").use("agg")
    axes = run.annexv.plot()
    assert axes.get_xlabel() == "year"
    assert axes.get_ylabel() == "percent of GDP"
    assert axes.get_legend().get_texts()[0].get_text() == "law as it stands, 1B"
    money = run.annexv.plot("fiscal_cost_mxn", component="acquired_rights")
    assert money.get_ylabel() == "pesos of December 1996"
    spanish = run.annexv.to_pesos("nominal").annexv.plot("gdp", lang="es")
    assert spanish.get_ylabel() == "pesos de cada año (precios de la corrida)"
    with pytest.raises(OutputError, match="is no yearly variable"):
        run.annexv.plot("gpd")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"scenario": "3B", "basis": "statutory"}, "scenario 3B; basis statutory"),
        ({"year": slice(2000, 2005)}, "year 2000-2005"),
        ({"year": 2000}, "year 2000"),
        ({"component": "acquired_rights"}, "component acquired_rights"),
    ],
)
def test_a_selection_is_kept_as_what_it_is(
    run: xr.Dataset, tmp_path: Path, chosen: dict[str, object], said: str
) -> None:
    part = run.sel(chosen)
    part.annexv.save(tmp_path / "part.nc")
    again = annexv.read(tmp_path / "part.nc")
    assert again.attrs["selection"] == said
    assert again.attrs["title"].endswith(f"; selection of run {run.attrs['run_id']}: {said}")
    assert again.fiscal_cost.dims == schema.VARIABLES["fiscal_cost"].dims
    assert np.array_equal(again.sel(chosen).fiscal_cost, part.fiscal_cost)
    part.annexv.export(tmp_path / "part.csv")
    assert (tmp_path / "part.csv").stat().st_size > 1000
    assert said in repr(part.annexv)


def test_variables_may_be_selected_and_sums_are_refused(run: xr.Dataset, tmp_path: Path) -> None:
    run[["fiscal_cost", "gdp", "method"]].annexv.save(tmp_path / "two.nc")
    assert "variables fiscal_cost, gdp, method" in annexv.read(tmp_path / "two.nc").attrs["title"]
    with pytest.raises(OutputError, match="has lost its axis component"):
        run.sum("component", keep_attrs=True).annexv.save(tmp_path / "sum.nc")
    assert not (tmp_path / "sum.nc").exists()


def test_a_file_of_the_first_release_is_read(run: xr.Dataset, tmp_path: Path) -> None:
    """0.1.0 had no price levels; its runs convert money all the same."""
    old = run.drop_vars(list(schema.ADDED))
    netcdf.write(old, tmp_path / "old.nc")
    again = annexv.read(tmp_path / "old.nc")
    assert "selection" not in again.attrs
    np.testing.assert_allclose(again.annexv.to_pesos("nominal").gdp, run.gdp * run.price_level, rtol=1e-12)


def test_workers_comparisons_explanations_and_pages(run: xr.Dataset, tmp_path: Path) -> None:
    (study,) = annexv.worker("3mw", 20, born=1960, gaps=[(25, 35)])
    assert repr(study).startswith("Study of worker: m, born 1960, retirement at 65")
    with pytest.raises(ValueError, match="give either"):
        annexv.worker("3mw")
    falls = annexv.compare(run, annexv.project("3B", sets={**SHORT, "contributions.density": 0.7}))
    assert [fall.new_case for fall in falls] == [("statutory", "3B")]
    assert "Waterfall 3B/statutory" in repr(falls[0])
    found = annexv.explain(run, "state_contributions", 2010, scenario="3B", basis="statutory")
    assert found.number == pytest.approx(
        float(
            run.fiscal_cost.sel(scenario="3B", basis="statutory", component="state_contributions", year=2010)
        )
    )
    part = run.sel(scenario="3B", basis="statutory", year=slice(2000, 2010))
    page = annexv.report(part, tmp_path / "part.html").read_text(encoding="utf-8")
    assert "2000" in page
