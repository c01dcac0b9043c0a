"""One full run, shared by the tests of what comes out."""

from __future__ import annotations

import pytest
import xarray as xr

import assumptions
import engine


@pytest.fixture(scope="session")
def packs() -> list[assumptions.Pack]:
    return [assumptions.load(code) for code in assumptions.scenario_codes()]


@pytest.fixture(scope="session")
def full(packs: list[assumptions.Pack]) -> xr.Dataset:
    """All scenarios on both bases; tests take copies before they change anything."""
    return engine.project_many(packs)


@pytest.fixture(scope="session")
def small() -> xr.Dataset:
    """One scenario, one basis, few years."""
    pack = assumptions.load("3B", sets={"reform.last_year": 2001})
    return engine.project(pack, basis="statutory")
