"""One broken table a message: each says in comments above its header what reads it and what the user must read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import assumptions
from assumptions import AssumptionError
from cohorts import members
from engine.sweeps import reading
from engine.worker import careers

FOLDER = Path(__file__).parents[1] / "bad_inputs" / "tables"
FILES = sorted(FOLDER.glob("*.csv"))


def fund(name: str, path: Path) -> None:
    pack = assumptions.load("0B", sets={name: str(path)}).resolve("statutory")
    members.totals(pack)


def growth(path: Path) -> None:
    assumptions.load("3B", sets={"economy.gdp_growth": {"csv": str(path)}}).resolve("statutory")


def cases(path: Path) -> None:
    raw = {
        "scenarios": ["3B"],
        "design": {"kind": "table", "file": str(path)},
        "parameter": [{"name": "economy.gdp_growth"}],
    }
    reading.check(raw)


READERS: dict[str, Callable[[Path], object]] = {
    "career": lambda path: careers.read(path, assumptions.load("1B").resolve("statutory")),
    "members": lambda path: fund(members.MEMBERS, path),
    "pensioners": lambda path: fund(members.PENSIONERS, path),
    "growth": growth,
    "cases": cases,
}


def said(path: Path, key: str) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix(f"# {key}: ") for line in lines if line.startswith(f"# {key}: ")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_message(path: Path) -> None:
    wanted = said(path, "expect")
    (reader,) = said(path, "as")
    with pytest.raises(AssumptionError) as refused:
        READERS[reader](path)
    told = [str(fault) for fault in refused.value.faults]
    assert wanted
    for fragment in wanted:
        assert any(fragment in fault for fault in told), told
    assert all(path.name in fault and "\n" not in fault for fault in told)
    assert all(any(fragment in fault for fragment in wanted) for fault in told), "and nothing else"
