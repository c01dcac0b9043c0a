"""One page of a full run, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
import xarray as xr

import assumptions
import engine
from engine.outputs import balance as balances
from engine.outputs import netcdf, report


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    """All scenarios on both bases, read back from a file."""
    packs = [assumptions.load(code) for code in assumptions.scenario_codes()]
    path = netcdf.write(
        engine.project_many(packs), tmp_path_factory.mktemp("run") / "run.nc", command="annexv run"
    )
    return netcdf.read(path)


@pytest.fixture(scope="session")
def pages(full: xr.Dataset, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page in both languages."""
    folder = tmp_path_factory.mktemp("pages")
    return {
        language: report.write(full, folder / f"{language}.html", language=language)
        for language in ("en", "es")
    }


@pytest.fixture(scope="session")
def balance(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    """Scenario 3B against no reform, read back from a file."""
    pack = assumptions.load("3B", sets={"balance.computed": True})
    path = tmp_path_factory.mktemp("balance") / "3B.nc"
    return balances.read(balances.write(balances.balance(pack.resolve("statutory")), path))


@pytest.fixture(scope="session")
def balance_pages(balance: xr.Dataset, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of a short run with the section of the balance, in both languages."""
    folder = tmp_path_factory.mktemp("balance_pages")
    run = engine.project(assumptions.load("3B", sets={"reform.last_year": 2005}), basis="statutory")
    return {
        language: report.write(run, folder / f"{language}.html", language=language, balance=balance)
        for language in ("en", "es")
    }
