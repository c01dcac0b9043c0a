"""`annexv balance`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import assumptions
from engine.outputs import OutputError, balance, netcdf
from tests.cli.conftest import Command
from tests.cli.conftest import annexv as annexv

FUND = Path(__file__).parents[2] / "examples" / "closed_fund" / "fund.toml"


def test_table_2_stands_beside_the_model(annexv: Command) -> None:
    done = annexv("balance", "--date", "1994-12-31")
    assert done.status == 0
    assert done.err == ""
    last = 1994 + int(
        assumptions.load("0B", overlays=["state_1994"]).resolve("statutory").number("balance.horizon_years")
    )
    for said in (
        f"31 December 1994, flows of 1995-{last}",
        "thousand million pesos of 1994",
        "Beside the report",
        "1,800.62",
    ):
        assert said in done.out


def test_table_2_is_not_held_against_a_reform(annexv: Command) -> None:
    done = annexv("balance", "--date", "1994-12-31", "--scenario", "3B")
    assert done.status == 0
    assert "Beside the report" not in done.out
    # Pensions in payment at the date are what they are with the reform and without.
    plain = annexv("balance", "--date", "1994-12-31")
    paid = [re.search(r"in_payment +([\d.,]+) ", one.out) for one in (done, plain)]
    assert paid[0] is not None
    assert paid[1] is not None
    assert paid[0][1] == paid[1][1]
    assert re.search(r"Paid back by: 20\d\d", done.out)
    assert "-0.00" not in done.out


@pytest.mark.slow
def test_reform_is_compared_with_none(annexv: Command) -> None:
    done = annexv("balance", "--scenario", "3B", "--date", "1996-12-31", "--rate", "0.04")
    assert done.status == 0
    for said in (
        "real discount rate 4.00%",
        "net_fiscal_cost",
        "Gain by the reform",
        "Costs no more than the old system",
    ):
        assert said in done.out
    later = annexv("balance", "--scenario", "3B", "--date", "2005-12-31")
    assert later.status == 0
    assert "net_fiscal_cost" not in later.out


@pytest.mark.slow
def test_file_and_json_hold_the_same(annexv: Command, tmp_path: Path) -> None:
    done = annexv("balance", "--overlay", FUND, "--out", "fund.nc", "--json")
    assert done.status == 0
    found, written = json.loads(done.out), balance.read(tmp_path / "fund.nc")
    assert found["variables"]["deficit"]["values"] == pytest.approx(float(written.deficit), rel=1e-12)
    assert found["coordinates"]["branch"] == ["worker", "institute"]
    files = sorted(item["file"] for item in json.loads(written.attrs["input_tables"]))
    assert files == ["members.csv", "pensioners.csv"]
    assert written.deficit.attrs["price_basis"] == "December 1996"
    assert "annexv balance" in written.attrs["history"]
    again = annexv("balance", "--overlay", FUND, "--out", "fund.nc")
    assert again.status == 2
    assert "exists already" in again.err
    with pytest.raises(OutputError, match="is a balance file"):
        netcdf.read(tmp_path / "fund.nc")
    for args in (
        ("report",),
        ("explain", "--component", "acquired_rights", "--year", "2010"),
        ("export", "--out", "x.csv"),
        ("rerun",),
        ("compare", "fund.nc"),
    ):
        done = annexv(args[0], "fund.nc", *args[1:])
        assert done.status == 2
        assert "fund.nc: is a balance file" in done.err, (args, done.err)
    # A closed fund has no contributors in the end, and then no rates.
    last = written.year.values[-1]
    assert np.isnan(float(written.cost_rate.sel(year=last)))
    assert found["variables"]["cost_rate"]["values"][-1] is None
    assert " nan" not in annexv("balance", "--overlay", FUND).out


def test_other_files_are_named_for_what_they_are(tmp_path: Path) -> None:
    for kind, said in (
        ("annexv-sweep", "is a sweep file .*sweep-summary"),
        ("other", "was not written by annexv"),
    ):
        path = tmp_path / f"{kind}.nc"
        xr.Dataset({"a": ("x", [1.0])}, attrs={"annexv_format": kind}).to_netcdf(path)
        for read in (netcdf.read, balance.read):
            with pytest.raises(OutputError, match=said):
                read(path)


def test_to_ends_the_horizon(annexv: Command) -> None:
    assert "flows of 1997-2030" in annexv("balance", "--to", "2030").out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--date", "1994-06-30"), ["end of a year", "1994-12-31"]),
        (("--date", "1990-12-31"), ["before the state of 31 December 1996", "1994"]),
        (("--date", "soon"), ["'soon' is no date", "1994-12-31"]),
        (("--to", "1990"), ["--to 1990", "after 1996"]),
        (("--rate", "3.5"), ["balance.discount_rate", "0.035"]),
        (("--rate", "0.03", "--set", "balance.discount_rate=0.04"), ["give one of them"]),
        (("--scenario", "3b"), ["3b", "did you mean 3B?"]),
        (("--out", "x.csv"), ["x.csv", ".nc"]),
        (("--set", "balance.horizon_years=0"), ["balance.horizon_years"]),
        (
            ("--scenario", "3B", "--set", "reform.date=2090-01-01"),
            ["reform.date", "never come", "2071 or earlier"],
        ),
    ],
)
def test_refusals(annexv: Command, tmp_path: Path, args: tuple[str, ...], said: list[str]) -> None:
    done = annexv("balance", *args)
    assert done.status == 2
    assert done.out == ""
    assert "Traceback" not in done.err
    for fragment in said:
        assert fragment in done.err
    assert not list(tmp_path.iterdir())


def test_values_of_a_balance_are_refused_elsewhere(annexv: Command) -> None:
    done = annexv("run", "--set", "balance.discount_rate=0.04")
    assert done.status == 2
    assert "balance.discount_rate" in done.err
