"""The shipped sweeps of the Ministry's sensitivities give the figures of the register."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from engine.studies.annex_v.discrepancies import sensitivity
from engine.studies.annex_v.series import Runs, Tables

SWEEPS = Path(__file__).resolve().parents[2] / "examples" / "sweeps"
KINDS = {
    "shcp_minimum_wage": sensitivity.sensitivity_minimum_wage,
    "shcp_income_distribution": sensitivity.sensitivity_distribution,
}

if not SWEEPS.is_dir():  # an installed package without its repository
    pytest.skip("needs examples/", allow_module_level=True)


@pytest.mark.parametrize("basis", sensitivity.BASES)
@pytest.mark.parametrize("name", KINDS)
def test_sweep_is_the_row_of_the_register(name: str, basis: str) -> None:
    data = engine.sweep(None, SWEEPS / f"{name}_{basis}.toml")
    assert data.sizes["case"] == 2
    figures = KINDS[name](Tables(), Runs())
    for code in sensitivity.SHOWN:
        sums = data.fiscal_cost_total.sel(scenario=code).squeeze().sum("year").values
        rise = 100.0 * (sums[1] / sums[0] - 1.0)
        assert rise == pytest.approx(figures[f"{basis} rise {code}, percent of the cost"], rel=1e-9), code
