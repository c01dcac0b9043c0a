"""Levers at every door: `annexv run --lever`, Python, sweeps."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import annexv as front
from assumptions import AssumptionError, levers, load
from engine import sweeps
from engine.projection import run_case
from engine.shares import percent_of_gdp

COMMISSION = "commission=1% from 2008"


def test_run_and_python_give_the_same_bits(annexv, tmp_path) -> None:
    options = ("-s", "3B", "--basis", "statutory", "--lever", COMMISSION)
    done = annexv("run", *options, "--out", "one.nc")
    assert done.status == 0, done.err
    file = tmp_path / "reform.toml"
    file.write_text(levers.text(load("3B"), COMMISSION), encoding="utf-8")
    assert annexv("run", *options[:4], "--overlay", str(file), "--out", "two.nc").status == 0
    with xr.open_dataset("one.nc") as one, xr.open_dataset("two.nc") as two:
        assert np.array_equal(one.fiscal_cost.values, two.fiscal_cost.values)
        assert one.attrs["assumptions_sha256"] == two.attrs["assumptions_sha256"]
        assert "--lever" in one.attrs["history"]
        own = front.project(front.load(levers=COMMISSION))
        assert np.array_equal(own.fiscal_cost.values.ravel(), one.fiscal_cost.values.ravel())
    assert annexv("rerun", "one.nc").status == 0


def test_run_refuses_before_it_writes(annexv, tmp_path) -> None:
    done = annexv("run", "--lever", "comission=1%", "--out", "one.nc")
    assert done.status == 2
    assert done.err.startswith("annexv: lever: comission: unknown lever")
    assert not (tmp_path / "one.nc").exists()


def swept(*parameters: dict[str, object], kind: str = "one_at_a_time") -> dict[str, object]:
    return {"scenarios": ["3B"], "design": {"kind": kind}, "parameter": list(parameters)}


def test_a_sweep_of_levers_is_the_runs_of_its_levers() -> None:
    found = front.sweep(
        swept(
            {"name": "lever.guarantee_level", "values": [0.8, 1.2], "from_year": 2010},
            {"name": "lever.infonavit_pays", "values": ["yes"]},
            {"name": "lever.weeks_required", "values": [400], "options": {"law": "old"}},
        )
    )
    texts = (
        (),
        "guarantee_level=80% from 2010",
        "guarantee_level=120% from 2010",
        "infonavit_pays=yes",
        "weeks_required=400, law=old",
    )
    for case, text in enumerate(texts):
        result = run_case(levers.over(load("3B"), text).resolve("statutory"))
        cost = percent_of_gdp(result.cost, result.gdp)
        assert np.array_equal(found.fiscal_cost.isel(case=case, scenario=0).values, cost)
    assert found["lever.infonavit_pays"].values.tolist() == ["no", "no", "no", "yes", "no"]
    assert found["lever.guarantee_level"].values.tolist() == [1.0, 0.8, 1.2, 1.0, 1.0]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ([{"name": "lever.wages", "values": [1]}], "is an unknown lever"),
        ([{"name": "lever.commission"}], "give values or distribution"),
        ([{"name": "lever.commission", "values": [0.5]}], "50% is outside 0% to 4%"),
        ([{"name": "lever.commission", "values": [0.01], "mode": "scale"}], "is no key here"),
        ([{"name": "lever.infonavit_pays", "values": [1]}], "allowed are yes, no"),
        ([{"name": "lever.density", "values": [0.9], "from_year": 2010}], "holds in all years"),
        (
            [
                {"name": "lever.commission", "values": [0.01]},
                {"name": "contributions.commission", "values": [0.02]},
            ],
            "both move contributions.commission",
        ),
    ],
)
def test_a_sweep_refuses_what_a_lever_cannot_be(parameters, message: str) -> None:
    with pytest.raises(AssumptionError, match=message):
        sweeps.check(swept(*parameters, kind="grid"))
