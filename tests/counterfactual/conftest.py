"""Balances that several tests look at; drawn up once."""

from __future__ import annotations

from pathlib import Path

import pytest
import xarray as xr

import assumptions
from assumptions import Resolved
from engine.outputs import balance


def resolved(code: str, *overlays: str | Path, **changes: object) -> Resolved:
    """A scenario on the statutory basis with a balance; `balance__horizon_years=50.0` sets balance.horizon_years."""
    sets = {name.replace("__", "."): value for name, value in changes.items()}
    found = assumptions.load(code, overlays=list(overlays), sets={"balance.computed": True}).resolve(
        "statutory"
    )
    return found.with_values(sets) if sets else found


@pytest.fixture(scope="session")
def state_1994() -> Resolved:
    return resolved("0B", "state_1994")


@pytest.fixture(scope="session")
def file_1994(state_1994: Resolved, tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    path = tmp_path_factory.mktemp("balance") / "1994.nc"
    balance.write(balance.balance(state_1994), path)
    return balance.read(path)


@pytest.fixture(scope="session")
def file_reform(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    path = tmp_path_factory.mktemp("balance") / "3B.nc"
    balance.write(balance.balance(resolved("3B")), path)
    return balance.read(path)
