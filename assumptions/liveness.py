"""From which year on each assumption moves a number: measured by the engine, kept beside the register."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from assumptions.files import read_table
from assumptions.text import DATA

FILE = "liveness.csv"
PROJECTION, BALANCE, WORKER = "projection", "balance", "worker"
_COMMENT = (
    "# From which year on a value, moved over its range, moves a number; empty: none to {horizon}. Written by"
)


class Measured(NamedTuple):
    """One value of one case; `first_year` is None where nothing moves to the horizon."""

    name: str
    calculation: str
    basis: str
    scenario: str
    first_year: int | None


@lru_cache(maxsize=4)
def plausible(root: Path = DATA) -> dict[str, Any]:
    """Limits of notices, names that belong together, and how liveness is measured (`plausible.toml`)."""
    return tomllib.loads((root / "plausible.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=4)
def read(root: Path = DATA) -> tuple[Measured, ...]:
    """What was measured; nothing where the file is missing."""
    if not (root / FILE).is_file():
        return ()
    table = read_table(root / FILE, [])
    if table is None:
        return ()
    return tuple(
        Measured(name, calculation, basis, scenario, int(year) if year else None)
        for name, calculation, basis, scenario, year in table.rows
    )


def text(rows: Iterable[Measured], horizon: int) -> str:
    """The file of these rows."""
    lines = [
        f"{_COMMENT.format(horizon=horizon)} `annexv assumptions liveness --write`.",
        ",".join(Measured._fields),
    ]
    lines += [",".join("" if cell is None else str(cell) for cell in row) for row in rows]
    return "\n".join(lines) + "\n"


@lru_cache(maxsize=1)
def _by_name() -> dict[str, list[Measured]]:
    found: dict[str, list[Measured]] = {}
    for row in read():
        found.setdefault(row.name, []).append(row)
    return found


def said(name: str, rows: Iterable[Measured] | None = None) -> str:
    """In words: 'statutory from 1997, published from 1997 (1B, 3B), not to 2060 (3A)'; empty where nothing was measured."""
    own = _by_name().get(name, []) if rows is None else [row for row in rows if row.name == name]
    horizon = plausible()["liveness"]["horizon"]
    parts = []
    for key in dict.fromkeys((row.calculation, row.basis) for row in own):
        group = [row for row in own if (row.calculation, row.basis) == key]
        years = dict.fromkeys(row.first_year for row in group)
        for year in sorted(years, key=lambda found: (found is None, found or 0)):
            codes = [row.scenario for row in group if row.first_year == year]
            where = f" ({', '.join(codes)})" if len(years) > 1 else ""
            when = f"not to {horizon}" if year is None else f"from {year}"
            parts.append(
                f"{key[1]} {when}{where}"
                if key[0] == PROJECTION
                else f"{key[0]}: {'no' if year is None else 'yes'}"
            )
    return ", ".join(parts)


__all__ = ["BALANCE", "FILE", "PROJECTION", "WORKER", "Measured", "plausible", "read", "said", "text"]
