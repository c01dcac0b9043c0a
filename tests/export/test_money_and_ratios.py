"""Exports in other money, with ratios, and as a Spanish spreadsheet reads them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import assumptions
import engine
from engine.cli import main
from engine.outputs import OutputError, netcdf, ratios
from engine.sweeps import outputs

DESIGN = {"design": {"kind": "grid"}, "parameter": [{"name": "economy.gdp_growth", "values": [0.03, 0.05]}]}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = engine.project(assumptions.load("3B", sets={"reform.last_year": 2005}))
    return netcdf.write(run, tmp_path_factory.mktemp("run") / "run.nc")


def export(*args: object) -> int:
    with pytest.raises(SystemExit) as left:
        main(["export", *map(str, args)])
    return int(left.value.code or 0)


def test_spanish_csv_has_the_same_numbers(file: Path, tmp_path: Path) -> None:
    assert export(file, "--out", tmp_path / "plain.csv") == 0
    assert export(file, "--out", tmp_path / "es.csv", "--csv-style", "es") == 0
    text = (tmp_path / "es.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.splitlines()[0].count(b";") == 8
    plain = pd.read_csv(tmp_path / "plain.csv")
    spanish = pd.read_csv(tmp_path / "es.csv", sep=";", decimal=",", encoding="utf-8-sig")
    pd.testing.assert_frame_equal(plain, spanish)


def test_money_says_whose_it_is(file: Path, tmp_path: Path) -> None:
    run = netcdf.read(file).squeeze()
    found = {}
    for asked in ("1996", "2000", "nominal"):
        assert export(file, "--out", tmp_path / f"{asked}.csv", "--pesos", asked) == 0
        table = pd.read_csv(tmp_path / f"{asked}.csv")
        found[asked] = table[(table.variable == "gdp") & (table.year == 2005)].iloc[0]
    gdp = float(run.gdp.sel(year=2005))
    assert (found["1996"].value, found["1996"].units) == (
        pytest.approx(gdp, rel=1e-15),
        "MXN of December 1996",
    )
    # INPC of December 2000 over December 1996, second half of July 2018 = 100.
    assert found["2000"].value == pytest.approx(gdp * 48.307671 / 28.759336, rel=1e-9)
    assert found["2000"].units == "MXN of December 2000, observed prices"
    assert found["nominal"].value == pytest.approx(gdp * float(run.price_level.sel(year=2005)), rel=1e-12)


def test_ratios_are_quotients(file: Path, tmp_path: Path) -> None:
    assert (
        export(
            file,
            "--out",
            tmp_path / "r.csv",
            "--ratio",
            "fiscal_cost_mxn/contributors",
            "--ratio",
            "gdp/wage_bill",
        )
        == 0
    )
    table = pd.read_csv(tmp_path / "r.csv")
    run = netcdf.read(file).squeeze()
    head = table[table.variable == "fiscal_cost_mxn_per_contributors"]
    assert set(head.units) == {"MXN per person of December 1996"}
    chosen = head[(head["item"] == "acquired_rights") & (head.year == 2005)].value.item()
    cost = float(run.fiscal_cost_mxn.sel(component="acquired_rights", year=2005))
    assert chosen == pytest.approx(cost / float(run.contributors.sel(year=2005)), rel=1e-14)
    assert set(table[table.variable == "gdp_per_wage_bill"].units) == {"fraction"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--ratio", "gdp"), "is written as fiscal_cost_mxn/contributors"),
        (("--ratio", "gdp/heads"), "'heads' is no yearly result"),
        (("--ratio", "gdp/contributions"), "the second has one value a year"),
        (("--csv-style", "fr"), "--csv-style"),
        (("--pesos", "soon"), "--pesos soon"),
    ],
)
def test_what_cannot_be_exported_is_refused(
    file: Path, tmp_path: Path, options: tuple[str, str], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert export(file, "--out", tmp_path / "x.csv", *options) == 2
    assert said in capfd.readouterr().err
    assert not (tmp_path / "x.csv").exists()


def test_a_file_of_a_run_stays_as_it_is(
    file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert export(file, "--out", tmp_path / "x.nc", "--pesos", "2000") == 2
    assert "holds a run as it is" in capfd.readouterr().err
    assert export(file, "--out", tmp_path / "x.xlsx", "--csv-style", "es") == 2
    assert "only on csv" in capfd.readouterr().err


def test_ratios_are_outputs_of_sweeps(tmp_path: Path) -> None:
    kept = ["fiscal_cost_mxn/contributors", "fiscal_cost_mxn", "contributors"]
    pack = assumptions.load("3B", sets={"reform.last_year": 2005})
    found = engine.sweep(pack, {**DESIGN, "outputs": kept})
    expected = found.fiscal_cost_mxn / found.contributors
    np.testing.assert_array_equal(
        found.fiscal_cost_mxn_per_contributors, expected.transpose(*found.fiscal_cost_mxn.dims)
    )
    assert found.fiscal_cost_mxn_per_contributors.attrs["units_label"] == "MXN per person"
    assert set(ratios.parse("gdp/wage_bill").variable.dims) == {"basis", "scenario", "year"}
    assert outputs.dims("fiscal_cost_mxn_per_contributors") == ("component", "year")
    with pytest.raises(assumptions.AssumptionError, match="'heads' is no yearly result"):
        engine.sweep(pack, {**DESIGN, "outputs": ["gdp/heads"]})


def test_a_ratio_of_what_a_file_lacks_is_refused() -> None:
    with pytest.raises(OutputError, match="the file has no gdp"):
        ratios.with_ratios(xr.Dataset({"fiscal_cost_mxn": ("year", [1.0])}), ["fiscal_cost_mxn/gdp"])
