"""Kernels that are called by their address: their types are those of their annotations, and who calls them is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from numba import typeof

import assumptions
from engine.apart import machine_type
from engine.prepare import case as prepared

ROOT = Path(__file__).resolve().parents[2]
REFORMS = sorted((ROOT / "examples" / "reforms").glob("*.toml"))
SWITCHES = (
    {"basis.old_law_indexation": "prices"},
    {"basis.foresight": "award"},
    {"reform.last_year": 2000.0},
)


def assert_of_its_type(record: Any) -> None:
    assert typeof(record) == machine_type(type(record)), type(record).__name__


@pytest.mark.parametrize("basis", ["statutory", "published"])
@pytest.mark.parametrize("overlay", [None, *REFORMS], ids=lambda path: path.stem if path else "none")
def test_records_have_the_types_of_their_annotations(basis: str, overlay: Path | None) -> None:
    """An array that is read-only, or not contiguous, would have the year loop compiled once more."""
    pack = assumptions.load("3B", overlays=[overlay] if overlay else [])
    case = prepared.build(pack.resolve(basis))
    people = case.demography
    for record in (
        people.population,
        people.heads,
        people.decrements,
        people.payments,
        case.economy,
        case.tables,
        case.rules,
    ):
        assert_of_its_type(record)
