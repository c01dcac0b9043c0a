"""A short projection with few wage groups: what is tested here does not depend on its size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import assumptions

SMALL = {"reform.last_year": 2003, "population.wage_groups": 5}


@pytest.fixture(scope="session")
def small() -> Callable[..., assumptions.Pack]:
    """Loads a scenario that runs in a millisecond or two."""

    def load(code: str = "3B", **sets: Any) -> assumptions.Pack:
        return assumptions.load(code, sets={**SMALL, **sets})

    return load


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a sweep file."""

    def write(text: str) -> Path:
        path = tmp_path / "sweep.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write
