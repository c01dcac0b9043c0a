"""A case is a pure function of its own values: nothing leaks from one case into another."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr

import assumptions
import engine
from engine import sweeps
from engine.sweeps import outputs
from engine.sweeps.cases import plan

NAMES = (
    "funds.rcv_return",
    "contributions.density",
    "retirement.hazard",
    "law_1973.weeks_retirement",
    "population.service_at_30",
)
# One case a row: each changes what other cases leave alone, from returns to law, exits and population.
ROWS = [
    (
        np.nan,
        np.nan,
        np.nan,
        500.0,
        np.nan,
    ),  # the base case: a row without any value at the end of a file is none
    (0.01, np.nan, np.nan, np.nan, np.nan),
    (np.nan, 0.7, np.nan, np.nan, np.nan),
    (np.nan, np.nan, 0.8, np.nan, np.nan),
    (np.nan, np.nan, np.nan, 400.0, np.nan),
    (np.nan, np.nan, np.nan, np.nan, 9.0),
    (0.02, 0.9, 0.9, 600.0, 6.0),
    (np.nan, 1.4, np.nan, np.nan, np.nan),  # no density above 1: fails
    (0.03, 0.75, np.nan, 450.0, np.nan),
]


def swept(
    tmp_path_factory: pytest.TempPathFactory, packs: list[assumptions.Pack], rows: list[Any], **more: Any
) -> xr.Dataset:
    folder = tmp_path_factory.mktemp("cases")
    lines = [",".join("" if math.isnan(value) else repr(float(value)) for value in row) for row in rows]
    (folder / "cases.csv").write_text("\n".join([",".join(NAMES), *lines, ""]), encoding="utf-8")
    modes = {"retirement.hazard": "scale"}
    listed = "".join(f'[[parameter]]\nname = "{n}"\nmode = "{modes.get(n, "replace")}"\n' for n in NAMES)
    (folder / "s.toml").write_text(
        f'[design]\nkind = "table"\nfile = "cases.csv"\n{listed}', encoding="utf-8"
    )
    # Not held to bounds first, so that a case can fail.
    checked = sweeps.check(folder / "s.toml", packs=packs, outputs=["fiscal_cost", "old_law_share", "memo"])
    return sweeps.in_memory(plan(checked), **more)


def bits(dataset: xr.Dataset, case: int) -> bytes:
    one = dataset.isel(case=case)
    return b"".join(one[name].values.tobytes() for name in ("fiscal_cost", "old_law_share", "memo"))


@pytest.fixture(scope="module")
def packs(small: Callable[..., assumptions.Pack]) -> list[assumptions.Pack]:
    return [small("1B"), small("3B")]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, packs: list[assumptions.Pack]) -> list[bytes]:
    """Each case in a sweep of its own, with nothing prepared by another."""
    from engine.prepare import demography as demographics

    found = []
    for row in ROWS:
        demographics.clear()
        found.append(bits(swept(tmp_path_factory, packs, [row], workers=1), 0))
    return found


def test_the_cases_differ(alone: list[bytes]) -> None:
    assert len(set(alone)) == len(ROWS)


def test_shuffled_cases_give_the_same_bits(
    alone: list[bytes], tmp_path_factory: pytest.TempPathFactory, packs: list[assumptions.Pack]
) -> None:
    rng = np.random.default_rng(1)
    for _ in range(3):
        order = rng.permutation(len(ROWS)).tolist()
        found = swept(tmp_path_factory, packs, [ROWS[n] for n in order], workers=1)
        assert [bits(found, at) == alone[n] for at, n in enumerate(order)] == [True] * len(ROWS)


def test_the_base_case_in_between_stays_what_it_is(
    alone: list[bytes], tmp_path_factory: pytest.TempPathFactory, packs: list[assumptions.Pack]
) -> None:
    # A row of nothing at the end of a table is no case.
    rows = [row for other in ROWS[1:] for row in (other, ROWS[0])][:-1]
    found = swept(tmp_path_factory, packs, rows, workers=2)
    for at in range(1, len(rows), 2):
        assert bits(found, at) == alone[0]


@pytest.mark.parametrize(("workers", "chunk"), [(1, 1), (2, 1), (3, 2), (2, 4), (4, 100)])
def test_workers_and_chunks_change_no_bit(
    workers: int,
    chunk: int,
    alone: list[bytes],
    tmp_path_factory: pytest.TempPathFactory,
    packs: list[assumptions.Pack],
) -> None:
    found = swept(tmp_path_factory, packs, ROWS, workers=workers, chunk=chunk)
    assert [bits(found, at) for at in range(len(ROWS))] == alone


def test_a_failed_case_has_a_message_and_stops_nothing(
    tmp_path_factory: pytest.TempPathFactory, packs: list[assumptions.Pack]
) -> None:
    found = swept(tmp_path_factory, packs, ROWS)
    assert found.case_status.values.tolist() == [[1, 1] if n == 7 else [0, 0] for n in range(len(ROWS))]
    assert found.attrs["cases_failed"] == 1
    assert "contributions.density: 1.4 is outside 0 to 1" in str(found.case_message.values[7, 0])
    assert np.isnan(found.fiscal_cost.values[7]).all()
    assert np.isfinite(np.delete(found.fiscal_cost.values, 7, axis=0)).all()
    assert (np.delete(found.case_message.values, 7, axis=0) == "").all()


def test_every_output_is_that_of_the_projection(packs: list[assumptions.Pack]) -> None:
    """Names, dimensions, units and every bit, for the base case and for one with a path changed from a year on."""
    design = {
        "design": {"kind": "one_at_a_time"},
        "parameter": [{"name": "economy.gdp_growth", "mode": "shift", "from_year": 2001, "values": [0.01]}],
    }
    found = engine.sweep(packs, design, outputs=outputs.NAMES)
    growth = {"1900": 0.0405, "2001": 0.0505}
    changed = [
        assumptions.load(code, sets={**pack_sets(), "economy.gdp_growth": growth}) for code in ("1B", "3B")
    ]
    for case, listed in enumerate((packs, changed)):
        one = engine.project_many(listed, ("statutory",))
        for name in outputs.NAMES:
            ours, theirs = found[name].isel(case=case), one[name].sel(basis="statutory")
            assert ours.dims == theirs.dims
            assert ours.values.tobytes() == theirs.values.tobytes(), name
            for key in ("units", "units_label", "long_name"):
                assert ours.attrs.get(key) == theirs.attrs.get(key)


def pack_sets() -> dict[str, Any]:
    return {"reform.last_year": 2003, "population.wage_groups": 5}


def test_coordinates_hold_values_and_the_base(packs: list[assumptions.Pack]) -> None:
    """A constant path has a value where a case leaves it; returns of INFONAVIT differ between scenarios and have none."""
    design = {
        "design": {"kind": "one_at_a_time"},
        "parameter": [
            {"name": "economy.gdp_growth", "values": [0.03]},
            {"name": "funds.infonavit_return", "values": [0.01]},
            {"name": "retirement.hazard", "mode": "scale", "values": [0.9]},
            {"name": "economy.inflation", "mode": "shift", "values": [0.01]},
        ],
    }
    found = engine.sweep(packs, design)
    assert found["economy.gdp_growth"].values.tolist() == [0.0405, 0.03, 0.0405, 0.0405, 0.0405]
    assert np.isnan(found["funds.infonavit_return"].values).tolist() == [True, True, False, True, True]
    assert found["retirement.hazard"].values.tolist() == [1.0, 1.0, 1.0, 0.9, 1.0]
    assert found["economy.inflation"].values.tolist() == [0.0, 0.0, 0.0, 0.0, 0.01]
    assert found["varied"].values.tolist() == ["base", *(item["name"] for item in design["parameter"])]
    assert found["economy.gdp_growth"].attrs["units"] == "year-1"
    assert found["retirement.hazard"].attrs["units_label"] == "factor"


def test_the_same_path_can_change_twice(packs: list[assumptions.Pack]) -> None:
    name = "economy.gdp_growth"
    design = {
        "design": {"kind": "grid"},
        "parameter": [
            {"name": name, "values": [0.03], "from_year": 1999},
            {"name": name, "values": [0.05], "from_year": 2002},
        ],
    }
    found = engine.sweep(packs, design, outputs=["gdp"])
    gdp = found.gdp.values[0, 0]
    growth = gdp[1:] / gdp[:-1] - 1.0
    assert growth == pytest.approx([0.0405, 0.03, 0.03, 0.03, 0.05, 0.05], rel=1e-12)
    assert found[f"{name}.from_1999"].values.tolist() == [0.03]
    assert found[f"{name}.from_2002"].values.tolist() == [0.05]


def test_a_case_is_run_again_from_the_file(packs: list[assumptions.Pack], tmp_path: Any) -> None:
    """The base pack and the parameters in the file are all that a case needs."""
    design = {"design": {"kind": "grid"}, "parameter": [{"name": "contributions.density", "values": [0.71]}]}
    with engine.sweep(packs, design, out=tmp_path / "s.nc") as found:
        base = assumptions.Resolved.from_json(str(found.resolved_input.values[1]))
        again = base.with_values({"contributions.density": float(found["contributions.density"].values[0])})
        from engine.projection import run_case

        result = run_case(again)
        assert (100.0 * result.cost / result.gdp).tobytes() == found.fiscal_cost.values[0, 1].tobytes()
