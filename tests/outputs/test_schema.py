"""The table of variables and what a run holds must be the same thing."""

from __future__ import annotations

import pytest
import xarray as xr

from engine.outputs import schema
from engine.outputs.schema import summary


def test_every_variable_of_a_run_is_in_the_table_and_the_other_way_round(full: xr.Dataset) -> None:
    assert set(map(str, full.variables)) == set(schema.ALL)
    assert schema.problems(summary(full)) == []


def test_differences_are_named(full: xr.Dataset) -> None:
    broken = full.drop_vars("gdp").assign(extra=full.wage_bill).assign(memo=full.memo.isel(year=0))
    broken["wage_bill"].attrs["units"] = "MXN"
    said = [str(problem) for problem in schema.problems(summary(broken))]
    for name in (
        "gdp: is missing",
        "extra: is not in the table",
        "memo: has dimensions",
        "wage_bill: units is 'MXN'",
    ):
        assert any(text.startswith(name) for text in said), said
    assert schema.problems(summary(full)) == []


@pytest.mark.parametrize("item", schema.ALL.values(), ids=lambda item: item.name)
def test_entries_are_complete(item: schema.Variable) -> None:
    assert len(item.name) <= 32
    assert item.name.isidentifier()
    assert item.long_name
    assert item.description
    assert item.source
    assert item.dtype in {"float64", "int64", "str"}
    assert bool(item.units) == (item.dtype != "str")
    assert ("price_basis" in item.attributes) == (item.units_label == "MXN")


def test_dimensions_are_coordinates() -> None:
    dims = {dim for item in schema.VARIABLES.values() for dim in item.dims}
    assert dims == set(schema.COORDINATES)


def test_units_parse_in_udunits() -> None:
    cf_units = pytest.importorskip("cf_units")
    for item in schema.ALL.values():
        if item.units:
            assert not cf_units.Unit(item.units).is_unknown()
    for wrong in ("percent of GDP", "MXN"):
        with pytest.raises(ValueError):
            cf_units.Unit(wrong)
