"""Switches, flags and the scenario as factors of a design."""

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
from engine.outputs import export
from engine.projection import run_case
from engine.sweeps import analysis

CHOICE = {"name": "basis.choice", "values": ["best", "old_law"]}
SCENARIO = {"name": "scenario", "values": ["1B", "3B"]}
OPEN = {"name": "population.open_group", "values": [True, False]}
DENSITY = {"name": "contributions.density", "values": [0.7, 0.9]}
RETURN = {"name": "funds.rcv_return", "distribution": {"kind": "uniform", "low": 0.01, "high": 0.05}}


@pytest.fixture
def packs(small: Callable[..., assumptions.Pack]) -> list[assumptions.Pack]:
    return [small("1B"), small("3B")]


def cost(pack: assumptions.Pack, **changes: Any) -> bytes:
    values = {name.replace("__", "."): value for name, value in changes.items()}
    result = run_case(pack.resolve("statutory").with_values(values))
    return (100.0 * result.cost / result.gdp).tobytes()


def test_a_grid_is_every_combination_bit_for_bit(packs: list[assumptions.Pack]) -> None:
    design = {"design": {"kind": "grid"}, "parameter": [SCENARIO, CHOICE, OPEN, DENSITY]}
    found = engine.sweep(packs, design, outputs=["fiscal_cost"])
    assert found.sizes["case"] == 16
    assert found.scenario.values.tolist() == ["by_case"]
    assert found["scenario_factor"].values[:9].tolist() == ["1B"] * 8 + ["3B"]
    assert found["basis.choice"].values[:5].tolist() == ["best"] * 4 + ["old_law"]
    assert set(found["population.open_group"].values.tolist()) == {"true", "false"}
    for case in range(16):
        one = found.isel(case=case)
        pack = packs[["1B", "3B"].index(str(one["scenario_factor"].values))]
        expected = cost(
            pack,
            basis__choice=str(one["basis.choice"].values),
            population__open_group=str(one["population.open_group"].values) == "true",
            contributions__density=float(one["contributions.density"].values),
        )
        assert one.fiscal_cost.values[0].tobytes() == expected


def test_one_at_a_time_starts_from_the_base(packs: list[assumptions.Pack]) -> None:
    design = {"design": {"kind": "one_at_a_time"}, "parameter": [CHOICE, SCENARIO, DENSITY]}
    found = engine.sweep(packs, design)
    assert found["varied"].values.tolist() == [
        "base", "basis.choice", "basis.choice", "scenario_factor", "scenario_factor", *["contributions.density"] * 2
    ]  # fmt: skip
    base = packs[0].resolve("statutory").switch("basis.choice")
    assert found["basis.choice"].values.tolist() == [base, "best", "old_law", *[base] * 4]
    assert found["scenario_factor"].values.tolist() == ["1B"] * 4 + ["3B", "1B", "1B"]
    assert found.fiscal_cost.values[4, 0].tobytes() == cost(packs[1])
    bars = {
        bar.parameter: bar for bar in analysis.tornado(found, analysis.at_year(analysis.series(found), 2003))
    }
    assert {bars["scenario_factor"].low_value, bars["scenario_factor"].high_value} == {"1B", "3B"}


def test_a_table_with_labels(
    small: Callable[..., assumptions.Pack], tmp_path: Path, packs: list[assumptions.Pack]
) -> None:
    (tmp_path / "cases.csv").write_text(
        "scenario_factor,basis.choice,population.open_group,contributions.density\n"
        "3B,old_law,false,0.7\n,,,\n1B,,True,\n",
        encoding="utf-8",
    )
    names = ("scenario", "basis.choice", "population.open_group", "contributions.density")
    text = '[design]\nkind = "table"\nfile = "cases.csv"\n' + "".join(
        f'[[parameter]]\nname = "{n}"\n' for n in names
    )
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    found = engine.sweep(packs, tmp_path / "s.toml", outputs=["fiscal_cost"])
    assert found["scenario_factor"].values.tolist() == ["3B", "1B", "1B"]
    assert found["population.open_group"].values.tolist() == ["false", "true", "true"]
    expected = cost(
        packs[1], basis__choice="old_law", population__open_group=False, contributions__density=0.7
    )
    assert found.fiscal_cost.values[0, 0].tobytes() == expected
    assert found.fiscal_cost.values[1, 0].tobytes() == cost(packs[0])
    (tmp_path / "cases.csv").write_text(
        "scenario_factor,basis.choice,population.open_group,contributions.density\n2B,odd,maybe,x\n",
        encoding="utf-8",
    )
    with pytest.raises(AssumptionError) as caught:
        sweeps.prepare(tmp_path / "s.toml", packs=packs)
    for said in (
        "'2B' is not one of 1B, 3B",
        "'odd' is not one of",
        "'maybe' is not one of true, false",
        "'x' is not a number",
    ):
        assert said in str(caught.value)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol", "saltelli"])
def test_samples_take_each_choice_equally_often(packs: list[assumptions.Pack], kind: str) -> None:
    if kind == "saltelli":
        pytest.importorskip("SALib")
    design = {"design": {"kind": kind, "n": 16, "seed": 2}, "parameter": [CHOICE, SCENARIO, RETURN]}
    found = engine.sweep(packs, design)
    chosen, number = np.unique(found["basis.choice"].values, return_counts=True)
    assert chosen.tolist() == ["best", "old_law"]
    if kind != "saltelli":
        assert number.tolist() == [8, 8]
    for case in (0, 7):
        one = found.isel(case=case)
        pack = packs[["1B", "3B"].index(str(one["scenario_factor"].values))]
        values = {"basis__choice": str(one["basis.choice"].values)}
        assert one.fiscal_cost.values[0].tobytes() == cost(
            pack, funds__rcv_return=float(one["funds.rcv_return"].values), **values
        )
    summed = analysis.summary(found)
    assert summed["by_choice"][0]["parameter"] == "basis.choice"
    if kind == "saltelli":
        assert {index["parameter"] for index in summed["sobol"]["indices"]} == {
            "basis.choice", "scenario_factor", "funds.rcv_return"
        }  # fmt: skip


@pytest.mark.slow
def test_sobol_indices_of_a_switch(small: Callable[..., assumptions.Pack]) -> None:
    """y = 0 or 1 by the switch, plus x uniform on 0 to 1: variances 1/4 and 1/12, so shares 3/4 and 1/4."""
    pytest.importorskip("SALib")
    pack = small(**{"reform.last_year": 1998, "population.wage_groups": 1})
    design = {"design": {"kind": "saltelli", "n": 128, "seed": 1}, "parameter": [CHOICE, RETURN]}
    found = engine.sweep(pack, design, outputs=["gdp"])
    x = (found["funds.rcv_return"].values - 0.01) / 0.04
    y = x + (found["basis.choice"].values == "old_law")
    indices = {index.parameter: index for index in analysis.sobol_indices(found, y)[0]}
    for name, share in (("basis.choice", 0.75), ("funds.rcv_return", 0.25)):
        assert abs(indices[name].first - share) < 2.0 * indices[name].first_confidence + 1e-3


def test_what_counts_under_one_choice_only(small: Callable[..., assumptions.Pack]) -> None:
    """The pesos of a minimum pension that only another reading of the guarantee uses: varied where that reading holds."""
    pack = small()
    resolved = pack.resolve("statutory")
    dead = next(
        (name, term)
        for name in resolved.names()
        for term in resolved.item(name).used_when
        if resolved.item(name).kind == "number" and not resolved.live(name)[0]
        and term.count("=") == 1 and "!=" not in term and " or " not in term
        and resolved.item(term.split(" = ")[0]).kind == "switch" and len(resolved.item(name).used_when) == 1
        and not resolved.item(name).documentary and not resolved.item(name).input_only
    )  # fmt: skip
    name, (switch, choices) = dead[0], dead[1].split(" = ")
    value = resolved.number(name)
    varied = {"name": name, "values": [value * 0.9, value * 1.1]}
    with pytest.raises(AssumptionError, match="has no effect"):
        sweeps.prepare({"design": {"kind": "grid"}, "parameter": [varied]}, packs=pack)
    live = choices.split("|")[0]
    both = {"name": switch, "values": [resolved.switch(switch), live]}
    found = sweeps.prepare({"design": {"kind": "grid"}, "parameter": [both, varied]}, packs=pack)
    from engine.sweeps.cases import resolved_case

    assert [resolved_case(found.context, 0, row).number(name) for row in found.values] == pytest.approx(
        [value, value, value * 0.9, value * 1.1]
    )


@pytest.mark.parametrize(
    ("parameter", "said"),
    [
        ({"name": "basis.choice", "values": ["best", "worst"]}, "'worst' is not allowed; allowed are"),
        ({"name": "basis.choice", "values": ["best", "best"]}, "best is given twice"),
        ({"name": "basis.choice"}, "must be a list of choices"),
        ({**CHOICE, "mode": "scale"}, "has no meaning for basis.choice"),
        ({**CHOICE, "from_year": 2000}, "has no meaning for basis.choice"),
        (
            {"name": "population.open_group", "values": ["true"]},
            "'true' is not allowed; allowed are true, false",
        ),
        ({"name": "scenario", "values": ["1B", "9Z"]}, "must be a list of different scenarios"),
        ({"name": "scenario", "values": ["1B", "1B"]}, "must be a list of different scenarios"),
    ],
)
def test_faults(packs: list[assumptions.Pack], parameter: dict[str, Any], said: str) -> None:
    with pytest.raises(AssumptionError) as caught:
        sweeps.prepare({"design": {"kind": "grid"}, "parameter": [parameter]}, packs=packs)
    assert said in str(caught.value)


def test_no_rank_correlation_with_what_has_no_order(packs: list[assumptions.Pack]) -> None:
    design = {
        "design": {"kind": "latin_hypercube", "n": 8},
        "parameter": [CHOICE, RETURN],
        "correlation": [{"names": ["basis.choice", "funds.rcv_return"], "value": 0.5}],
    }
    with pytest.raises(AssumptionError, match=r"basis\.choice has no order"):
        sweeps.prepare(design, packs=packs)


def test_the_file_and_its_exports_hold_labels(packs: list[assumptions.Pack], tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    design = {"design": {"kind": "grid"}, "parameter": [SCENARIO, CHOICE]}
    with engine.sweep(packs, design, out=tmp_path / "s.nc") as found:
        assert found["basis.choice"].values.tolist() == ["best", "old_law"] * 2
        assert found["resolved_input"].dims == ("scenario_choice",)
        assert found["scenario_choice"].values.tolist() == ["1B", "3B"]
    memory = engine.sweep(packs, design)
    read = export.read(tmp_path / "s.nc")
    assert (read.fiscal_cost.values == memory.fiscal_cost.values).all()
    for name in ("csv", "xlsx", "dta"):
        export.write(read, tmp_path / f"x.{name}")
    frame = export.tidy(read)
    assert set(frame["scenario_factor"]) == {"1B", "3B"}
    with engine.sweep(packs, design, out=tmp_path / "s.nc", resume=True) as again:
        assert again.sizes["case"] == 4
