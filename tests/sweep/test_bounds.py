"""What no projection can take is refused before the first one, in every kind of design."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assumptions
import engine
from assumptions import AssumptionError
from engine import sweeps
from engine.projection import run_case

GROWTH = "economy.gdp_growth"
WIDE = {"kind": "uniform", "low": 0.02, "high": 0.6}


def refusal(pack: assumptions.Pack, design: dict[str, Any], *parameters: dict[str, Any]) -> str:
    with pytest.raises(AssumptionError) as caught:
        sweeps.prepare({"design": design, "parameter": list(parameters)}, packs=pack)
    return str(caught.value)


@pytest.mark.parametrize("mode", ["replace", "shift"])
@pytest.mark.parametrize("kind", ["grid", "one_at_a_time"])
def test_two_for_two_percent(small: Callable[..., assumptions.Pack], kind: str, mode: str) -> None:
    said = refusal(small(), {"kind": kind}, {"name": GROWTH, "mode": mode, "values": [0.01, 2.0]})
    assert f"{GROWTH}: case {1 + (kind == 'one_at_a_time')}: 2" in said
    assert "is outside -0.2 to 0.2" in said


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol", "saltelli"])
def test_samples(small: Callable[..., assumptions.Pack], kind: str) -> None:
    """The cases named are those whose value is out of bounds."""
    design = {"design": {"kind": kind, "n": 8}, "parameter": [{"name": GROWTH, "distribution": WIDE}]}
    from engine.sweeps.design import cases

    values = cases(sweeps.check(design, packs=small()).spec)[:, 0]
    wrong = np.flatnonzero(values > 0.2).tolist()
    said = refusal(small(), design["design"], *design["parameter"])
    assert f"cases {', '.join(map(str, wrong[:5]))}" in said
    assert (f"and {len(wrong) - 5} others" in said) == (len(wrong) > 5)


def test_many_cases_are_held_to_bounds_at_their_ends(small: Callable[..., assumptions.Pack]) -> None:
    design = {"kind": "latin_hypercube", "n": 30_000}
    assert "is outside" in refusal(
        small(), design, {"name": GROWTH, "distribution": {"kind": "uniform", "low": 0.0, "high": 0.2001}}
    )


def test_a_table(small: Callable[..., assumptions.Pack], tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text(
        f"{GROWTH}\n0.02\n\n0.5\n,\n".replace("\n\n", "\n0.03\n").replace(",\n", "")
    )
    (tmp_path / "s.toml").write_text(
        f'[design]\nkind = "table"\nfile = "cases.csv"\n[[parameter]]\nname = "{GROWTH}"\n'
    )
    with pytest.raises(AssumptionError, match=r"s\.toml: economy\.gdp_growth: case 2: 0\.5 is outside"):
        sweeps.prepare(tmp_path / "s.toml", packs=small())


def test_whole_numbers_and_paths_from_a_year(small: Callable[..., assumptions.Pack]) -> None:
    said = refusal(small(), {"kind": "grid"}, {"name": "population.wage_groups", "values": [5.0, 5.5]})
    assert "population.wage_groups: case 1: 5.5 is not a whole number" in said
    later = {"name": GROWTH, "mode": "scale", "from_year": 2001, "values": [1.0, 50.0]}
    assert "case 1: " in refusal(small(), {"kind": "grid"}, later)


def test_values_that_contradict_one_another(small: Callable[..., assumptions.Pack]) -> None:
    """Disability asks for no more weeks than retirement: of four cases one says otherwise."""
    said = refusal(
        small(),
        {"kind": "grid"},
        {"name": "law_1973.weeks_disability", "values": [150.0, 600.0]},
        {"name": "law_1973.weeks_retirement", "values": [500.0, 700.0]},
    )
    assert "weeks_disability" in said
    assert ": case" in said


def test_shares_scaled_do_not_sum_to_one(small: Callable[..., assumptions.Pack]) -> None:
    said = refusal(
        small(), {"kind": "grid"}, {"name": "pensions.ongoing_share", "mode": "scale", "values": [0.9, 1.0]}
    )
    assert "case 0: sums to 0.9" in said


@pytest.mark.parametrize("name", ["mortality.active", "mortality.disabled", "retirement.hazard"])
def test_scaled_probabilities_have_no_failing_case(small: Callable[..., assumptions.Pack], name: str) -> None:
    """0.8 to 1.2 in a Latin hypercube; the case at 1 is the base case bit for bit, and cost is monotone."""
    varied = {"name": name, "mode": "scale", "distribution": {"kind": "uniform", "low": 0.8, "high": 1.2}}
    sample = engine.sweep(
        small(), {"design": {"kind": "latin_hypercube", "n": 12, "seed": 1}, "parameter": [varied]}
    )
    assert sample.attrs["cases_failed"] == 0
    assert np.isfinite(sample.fiscal_cost.values).all()
    one = engine.sweep(
        small(),
        {
            "design": {"kind": "one_at_a_time"},
            "parameter": [{"name": name, "mode": "scale", "values": [1.0, 1.2]}],
        },
    )
    cost = one.fiscal_cost.values
    assert cost[1].tobytes() == cost[0].tobytes()
    assert (cost[2] != cost[0]).any()
    again = run_case(small().resolve("statutory").modified(name, "scale", value=1.2))
    assert (100.0 * again.cost / again.gdp == cost[2, 0]).all()
