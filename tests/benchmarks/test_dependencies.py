"""What the trial of both ends reads from pyproject.toml and from an installation, without installing anything."""

from __future__ import annotations

import pytest

from benchmarks import dependencies


def test_bounds_are_those_of_the_requirement() -> None:
    assert dependencies.bounds("numpy>=1.26,<3") == ("numpy", "1.26", "3")
    marked = "compliance-checker>=6,<7; platform_machine == 'x86_64' or platform_machine < 'B'"
    assert dependencies.bounds(marked) == ("compliance-checker", "6", "7")
    assert dependencies.bounds("pandas-stubs") == ("pandas-stubs", "", "")


def test_extras_of_extras_are_followed() -> None:
    names = {dependencies.bounds(text)[0] for text in dependencies.requirements()}
    assert {"numpy", "plotly", "openpyxl", "SALib", "dask", "pytest"} <= names
    assert not {"mkdocs-material", "asv", "ruff"} & names


@pytest.mark.parametrize("has", ["1.7.1", "1.7.1.0", "1.7.1.post1"])
def test_a_floor_that_is_installed_is_tried(has: str) -> None:
    assert dependencies.untried(["netCDF4>=1.7.1,<2"], {"netcdf4": has}) == []


@pytest.mark.parametrize("has", ["1.7.10", "1.7.2", "2.0"])
def test_a_floor_that_cannot_be_installed_is_told(has: str) -> None:
    (said,) = dependencies.untried(["netCDF4>=1.7.1,<2"], {"netcdf4": has})
    assert said.startswith("netCDF4: the floor 1.7.1 cannot be tried")


def test_ceilings_compare_numbers_not_text() -> None:
    assert dependencies.below("9.2", "10")
    assert dependencies.below("2026.9.0", "2027")
    assert not dependencies.below("3.0", "3")
    assert not dependencies.below("27.0.1", "27")
