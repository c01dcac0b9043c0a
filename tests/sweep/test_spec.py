"""What a sweep file may say, and what is said about one that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import assumptions
from engine import sweeps

GROWTH = {"name": "economy.gdp_growth", "values": [0.03, 0.05]}


def faults(design: dict[str, Any] | Path, pack: assumptions.Pack | None = None) -> list[str]:
    with pytest.raises(assumptions.AssumptionError) as caught:
        sweeps.prepare(design, packs=pack)
    return [str(fault) for fault in caught.value.faults]


def test_the_file_of_the_documentation_is_read(written: Callable[[str], Path]) -> None:
    path = written(
        """
        basis = "published"
        scenarios = ["1B", "3A"]
        outputs = ["fiscal_cost", "acquired_rights_by_type"]
        [design]
        kind = "sobol"
        n = 8
        seed = 3
        [[parameter]]
        name = "economy.gdp_growth"
        mode = "shift"
        from_year = 2000
        distribution = {kind = "uniform", low = -0.01, high = 0.01}
        [[parameter]]
        name = "contributions.density"
        values = [0.7, 0.8, 0.9]
        """
    )
    plan = sweeps.prepare(path)
    spec = plan.context.spec
    assert (spec.basis, spec.scenarios, spec.kind, spec.n, spec.seed) == (
        "published",
        ("1B", "3A"),
        "sobol",
        8,
        3,
    )
    assert spec.outputs == ("fiscal_cost", "acquired_rights_by_type")
    assert [item.mode for item in spec.parameters] == ["shift", "replace"]
    assert plan.values.shape == (8, 2)


def test_all_faults_are_reported_at_once_with_file_and_field(written: Callable[[str], Path]) -> None:
    path = written(
        """
        basis = "legal"
        scenarios = ["3b", "1B", "1B"]
        outputs = ["fiscal_costs"]
        colour = "red"
        [design]
        kind = "sobol"
        n = 100
        file = "x.csv"
        [[parameter]]
        name = "economy.gdp_grwth"
        mode = "multiply"
        values = [0.03, "4%", nan]
        [[parameter]]
        name = "contributions.density"
        from_year = "2000"
        distribution = {kind = "normal", mean = 0.8, sd = -1.0, peak = 2.0}
        [[correlation]]
        names = ["contributions.density", "economy.gdp"]
        value = 1.0
        [stochastic]
        quantiles = [0.5, 0.1]
        """
    )
    said = faults(path)
    assert all(line.startswith(f"{path}: ") for line in said)
    for part in (
        "basis: 'legal' is not allowed; allowed are statutory, published",
        "scenarios: '3b' is not known",
        "did you mean 3B?",
        "scenarios: '1B' is given twice",
        "outputs: 'fiscal_costs' is not known",
        "did you mean fiscal_cost",
        "colour: is no key here",
        "design.n: 100 is not a power of 2",
        "64 or 128 would be",
        "design.file: has no effect in a design of kind sobol",
        "parameter 1.mode: 'multiply' is not allowed; allowed are replace, shift, scale",
        "parameter 1.values: '4%' is not a finite number",
        "parameter 1.values: nan is not a finite number",
        "parameter 2.from_year: '2000' is not allowed",
        "parameter 2.distribution.peak: is no key of a normal distribution",
        "stochastic.paths: is missing",
        "stochastic.shock: is missing",
        "stochastic.quantiles: must be ascending",
    ):
        assert any(part in line for line in said), (part, said)


@pytest.mark.parametrize(
    ("design", "expected"),
    [
        (
            {"design": {"kind": "grid"}, "parameter": [{"name": "economy.gdp_grwth", "values": [1.0]}]},
            "parameter 1.name: 'economy.gdp_grwth' is an unknown name; did you mean economy.gdp_growth",
        ),
        (
            {"design": {"kind": "grid"}, "parameter": [{"name": "basis.mpg", "values": [1.0]}]},
            "parameter 1.values: 1.0 is not allowed; allowed are exhaustion, top_up, capital, replica",
        ),
        (
            {"design": {"kind": "grid"}, "parameter": [{"name": "reform.last_year", "values": [2020.0]}]},
            "reform.last_year sets which years there are",
        ),
        (
            {"design": {"kind": "grid"}, "parameter": [{"name": "replica.c4_over_c2", "values": [0.8]}]},
            "replica.c4_over_c2 has no effect in the statutory basis: used only when",
        ),
        (
            {
                "design": {"kind": "grid"},
                "parameter": [{"name": "contributions.density", "values": [0.8], "from_year": 2000}],
            },
            "parameter 1.from_year: is for paths and tables; contributions.density is a number",
        ),
        (
            {"design": {"kind": "grid"}, "parameter": [{**GROWTH, "from_year": 2050}]},
            "parameter 1.from_year: 2050 is after the last projected year, 2003",
        ),
        ({"design": {"kind": "grid"}}, "parameter: is missing"),
        ({"parameter": [GROWTH]}, "design: is missing"),
        ({"design": {"kind": "grd"}, "parameter": [GROWTH]}, "design.kind: 'grd' is not allowed"),
        (
            {"design": {"kind": "grid", "seed": 1}, "parameter": [GROWTH]},
            "design.seed: has no effect in a design of kind grid",
        ),
        (
            {"design": {"kind": "grid", "n": 3}, "parameter": [GROWTH]},
            "design.n: has no effect in a design of kind grid where every parameter has values",
        ),
        (
            {"design": {"kind": "latin_hypercube"}, "parameter": [GROWTH]},
            "design.n: is missing; a design of kind latin_hypercube needs",
        ),
        (
            {"design": {"kind": "grid"}, "parameter": [{"name": "contributions.density"}]},
            "values: is missing; give values or distribution; its register suggests 0.4 to 0.83 with mode replace",
        ),
        (
            {"design": {"kind": "grid"}, "parameter": [GROWTH, GROWTH]},
            "economy.gdp_growth is varied twice; a second time needs another from_year",
        ),
        (
            {
                "design": {"kind": "grid"},
                "parameter": [{**GROWTH, "distribution": {"kind": "uniform", "low": 0.0, "high": 1.0}}],
            },
            "parameter 1.distribution: is given beside values",
        ),
        (
            {
                "design": {"kind": "saltelli", "n": 8},
                "parameter": [GROWTH, {"name": "contributions.density", "values": [0.7, 0.8]}],
                "correlation": [{"names": ["economy.gdp_growth", "contributions.density"], "value": 0.1}],
            },
            "correlation: is for designs of kind latin_hypercube or sobol, not saltelli",
        ),
        (
            {
                "design": {"kind": "grid"},
                "parameter": [GROWTH],
                "stochastic": {"paths": 5, "shock": [{"name": "contributions.density", "sd": 0.1}]},
            },
            "stochastic.shock 1.name: contributions.density cannot be shocked; paths of yearly growth or return can",
        ),
        ({"design": {"kind": "table"}, "parameter": [GROWTH]}, "design.file: is missing"),
        (
            {
                "design": {"kind": "grid"},
                "parameter": [
                    {"name": name, "values": [0.01 + 1e-6 * k for k in range(9000)]}
                    for name in ("economy.gdp_growth", "funds.rcv_return")
                ],
            },
            "asks for 81,000,000 cases; at most 50,000,000",
        ),
    ],
)
def test_one_fault(design: dict[str, Any], expected: str, small: Callable[..., assumptions.Pack]) -> None:
    said = faults(design, small())
    assert len([line for line in said if expected in line]) == 1, said


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"kind": "beta", "low": 0.0}, "kind: 'beta' is not allowed"),
        ({"kind": "uniform", "low": 1.0}, "high: is missing"),
        ({"kind": "uniform", "low": 1.0, "high": 1.0}, "high: 1 is not above low"),
        ({"kind": "triangular", "low": 0.0, "mode": 2.0, "high": 1.0}, "mode: 2 is not between"),
        ({"kind": "lognormal", "mean": 0.0, "sd": 1.0}, "mean: 0 is not above 0"),
        ({"kind": "normal", "mean": 0.0, "sd": 1.0, "low": 50.0}, "leave (almost) nothing"),
        ("uniform", "distribution: is no table"),
    ],
)
def test_distributions_are_checked(raw: Any, expected: str, small: Callable[..., assumptions.Pack]) -> None:
    design = {"design": {"kind": "grid"}, "parameter": [{"name": "economy.gdp_growth", "distribution": raw}]}
    assert any(expected in line for line in faults(design, small()))


def test_a_matrix_that_is_not_positive_definite_names_the_pair(
    small: Callable[..., assumptions.Pack],
) -> None:
    """Two close to a third cannot be opposed to one another: the third pair is the one that contradicts."""
    names = ["economy.gdp_growth", "funds.rcv_return", "economy.real_wage_growth"]
    design = {
        "design": {"kind": "sobol", "n": 8},
        "parameter": [
            {"name": name, "distribution": {"kind": "uniform", "low": 0.01, "high": 0.02}} for name in names
        ],
        "correlation": [
            {"names": [names[0], names[1]], "value": 0.9},
            {"names": [names[1], names[2]], "value": 0.9},
            {"names": [names[0], names[2]], "value": -0.9},
        ],
    }
    (said,) = faults(design, small())
    assert "correlation 3.value: the matrix is not positive definite: -0.9 between" in said
    assert names[0] in said
    assert names[2] in said
    assert names[1] not in said


def test_a_table_is_read_and_its_faults_have_lines(
    tmp_path: Path, small: Callable[..., assumptions.Pack]
) -> None:
    (tmp_path / "cases.csv").write_text(
        "economy.gdp_growth,contributions.density,Note\n0.04,0.8,as 1996\n,0.7,\n0.03,,\n", encoding="utf-8"
    )
    path = tmp_path / "sweep.toml"
    path.write_text(
        '[design]\nkind = "table"\nfile = "cases.csv"\n'
        '[[parameter]]\nname = "contributions.density"\n[[parameter]]\nname = "economy.gdp_growth"\n',
        encoding="utf-8",
    )
    values = sweeps.prepare(path, packs=small()).values
    assert values[0].tolist() == [0.8, 0.04]
    assert values[1][0] == 0.7
    assert values[1][1] != values[1][1]
    assert values[2][1] == 0.03
    (tmp_path / "cases.csv").write_text("economy.gdp_growth,density\n1,a\n4%,0.7\n", encoding="utf-8")
    with pytest.raises(assumptions.AssumptionError) as caught:
        sweeps.prepare(path, packs=small())
    said = str(caught.value)
    assert "density: is no [[parameter]] of the sweep" in said
    assert "contributions.density: has no column" in said


def test_a_parameter_without_effect_in_one_scenario_is_varied_in_the_others(
    small: Callable[..., assumptions.Pack],
) -> None:
    """Scenario 3 leaves INFONAVIT with the worker, so the factor for its use works in scenario 1 only."""
    packs = [small("1B"), small("3B")]
    name = "replica.acquired_rights_factor"
    design = {
        "basis": "published",
        "design": {"kind": "grid"},
        "parameter": [{"name": name, "mode": "scale", "values": [1.1]}],
    }
    live = [pack.resolve("published").live(name)[0] for pack in packs]
    assert live == [True, False]
    plan = sweeps.prepare(design, packs=packs)
    assert plan.context.applied == ((True,), (False,))
    assert "is varied in 1B only" in plan.notices[0]


def test_packs_and_scenarios_must_agree(small: Callable[..., assumptions.Pack]) -> None:
    design = {"scenarios": ["1B"], "design": {"kind": "grid"}, "parameter": [GROWTH]}
    assert "are 1B, but the packs given are 3B" in faults(design, small("3B"))[0]


def test_a_missing_file_and_bad_toml(tmp_path: Path, written: Callable[[str], Path]) -> None:
    assert "no such file" in faults(tmp_path / "none.toml")[0]
    assert "is not valid TOML" in faults(written("basis = = 1"))[0]
