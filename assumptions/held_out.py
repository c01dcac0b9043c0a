"""Acquired rights of series A as printed and put right: what judges a fit from outside.

Closed to every calibration: only the comparison and the studies of the printed tables import this module, as a contract of
pyproject.toml sees to.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import ValidationError

from assumptions import published
from assumptions.files import read_toml
from assumptions.model import AssumptionError, Fault, Strict
from assumptions.published import FOLDER, Cell, Key
from assumptions.reading import pydantic_faults
from assumptions.text import shown

CORRECTIONS = "corrections.toml"


class Shift(Strict):
    """A column whose rows printed from `from_year` on are those of `years` later; the years between are not in print."""

    scenario: str
    column: Literal["acquired_rights"]
    from_year: int
    years: int
    source: str
    evidence: str


class Knots(Strict):
    """A column that is drawn between knots after the first of them, and what it is between other figures there."""

    scenario: str
    column: Literal["acquired_rights"]
    printed: dict[int, float]
    put_right: dict[int, float]
    source: str
    evidence: str


def series_a(folder: Path = FOLDER) -> dict[Key, Cell]:
    """Acquired rights and total of series A by (scenario, component, year), percent of GDP as printed."""
    return published.read_cells("series_a", folder)


def series_a_by_type(folder: Path = FOLDER) -> dict[Key, Cell]:
    """The same by type of pension: columns c1 to c5 and their sum, as printed."""
    return published.read_by_type("series_a_by_type", folder)


@lru_cache(maxsize=8)
def corrections(folder: Path = FOLDER) -> tuple[tuple[Shift, ...], tuple[Knots, ...]]:
    """The slips of the printed columns, each with its evidence."""
    path = folder / CORRECTIONS
    faults: list[Fault] = []
    tree = read_toml(path, faults) or {}
    shifts: list[Shift] = []
    knots: list[Knots] = []
    for kind, entries in tree.items():
        for number, keys in enumerate(entries, start=1):
            at = f"{kind} {number}"
            try:
                if kind == "shift":
                    shifts.append(Shift.model_validate(keys))
                elif kind == "knots":
                    by_year = {
                        name: {int(year): value for year, value in keys[name].items()}
                        for name in ("printed", "put_right")
                    }
                    knots.append(Knots.model_validate({**keys, **by_year}))
                else:
                    faults.append(Fault(shown(path), kind, "is unknown; allowed are shift, knots"))
            except ValidationError as error:
                faults.extend(pydantic_faults(shown(path), at, error))
    if faults:
        raise AssumptionError(faults)
    return tuple(shifts), tuple(knots)


def series_a_put_right(folder: Path = FOLDER) -> dict[Key, Cell]:
    """The columns of series A that hold a slip, put right; years whose true figure is not in print are left out."""
    cells = series_a(folder)
    found: dict[Key, Cell] = {}
    shifts, knots = corrections(folder)
    for shift in shifts:
        column = published.series(cells, shift.scenario, shift.column)
        for year in column:
            source = year if year < shift.from_year else year - shift.years
            if source in column and (source == year or source >= shift.from_year):
                found[Key(shift.scenario, shift.column, year)] = column[source]._replace(
                    note="" if source == year else f"printed in {source}"
                )
    for drawn in knots:
        column = published.series(cells, drawn.scenario, drawn.column)
        years = sorted(drawn.put_right)
        heights = [drawn.put_right[year] for year in years]
        for year, cell in column.items():
            if year > years[0]:
                value = float(np.interp(year, years, heights))
                cell = cell._replace(value=value, reading="derived", note="line between knots put right")
            found[Key(drawn.scenario, drawn.column, year)] = cell
    return found


__all__ = ["Knots", "Shift", "corrections", "series_a", "series_a_by_type", "series_a_put_right"]
