"""Run files shared by the tests of exports and comparisons."""

from __future__ import annotations

from pathlib import Path

import pytest
import xarray as xr

import assumptions
import engine
from engine.outputs import netcdf


def _run(folder: Path, name: str, **sets: float) -> Path:
    given = {key.replace("__", "."): value for key, value in sets.items()}
    packs = [assumptions.load(code, sets=given) for code in ("2B", "3B")]
    return netcdf.write(engine.project_many(packs), folder / name, command="annexv run")


@pytest.fixture(scope="session")
def run_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _run(tmp_path_factory.mktemp("runs"), "a.nc")


@pytest.fixture(scope="session")
def other_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with another density and quota."""
    return _run(tmp_path_factory.mktemp("runs"), "b.nc", contributions__density=0.8, state__social_quota=1.8)


@pytest.fixture(scope="session")
def run(run_file: Path) -> xr.Dataset:
    return netcdf.read(run_file)
