"""Values from tables: dated values by year, cells by labels; numbers, years and labels are judged here alone."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from assumptions.files import TextTable, likely_cause, parse_number, parse_year
from assumptions.files.cells import quoted, years_allowed
from assumptions.files.tables import fold
from assumptions.model import Fault, Label

Coords = Mapping[str, tuple[Label, ...]]


def dated(table: TextTable, column: str, name: str, faults: list[Fault]) -> dict[int, float] | None:
    """Year -> value of the columns `year` and ``column``; None with faults."""
    if not _has(table, ("year", column), name, faults):
        return None
    found: dict[int, float] = {}
    before = len(faults)
    for line, label, text in zip(table.lines, table.column("year"), table.column(column), strict=True):
        year, value = parse_year(label), number(table, line, column, text, faults)
        if year is None:
            said = f"{quoted(label)} is no calendar year ({years_allowed()})"
            faults.append(table.fault(line, "year", said))
        elif year in found:
            faults.append(table.fault(line, "year", f"overlapping dates: {year} is given twice"))
        elif value is not None:
            found[year] = value
    return found if len(faults) == before else None


def sources_of_rows(table: TextTable) -> list[tuple[str, str, str]]:
    """(year, status, source) of every row, where the table says so."""
    if "source" not in table.header or "status" not in table.header:
        return []
    return list(zip(table.column("year"), table.column("status"), table.column("source"), strict=True))


def number(table: TextTable, line: int, column: str, text: str, faults: list[Fault]) -> float | None:
    """The number of a cell, or None with a fault."""
    found = parse_number(text)
    if found is None:
        said = f"{quoted(text)} is not a number (as 1234.5){likely_cause(text)}"
        faults.append(table.fault(line, column, said))
    return found


def _has(table: TextTable, wanted: Collection[str], name: str, faults: list[Fault]) -> bool:
    missing = [column for column in wanted if fold(column) not in table.header]
    faults.extend(
        Fault(table.file, name, f"has no column '{column}'; it has {', '.join(table.header)}")
        for column in missing
    )
    return not missing


def cells(
    table: TextTable, column: str, axes: tuple[str, ...], coords: Coords, name: str, faults: list[Fault]
) -> np.ndarray[Any, Any] | None:
    """Cells of a table by its labels, float64 (axis, ...); None with faults.

    Axes are columns; one of them may stand in the header instead, a column for each of its labels.
    """
    named = [axis for axis in axes if fold(axis) in table.header]
    wide = [axis for axis in axes if axis not in named]
    if len(wide) > 1:
        _has(table, wide, name, faults)
        return None
    columns: list[tuple[str, Label | None]] = [(column, None)]
    if wide:
        columns = [(str(label), label) for label in coords[wide[0]]]
    if not _has(table, [one for one, _ in columns], name, faults):
        return None
    before = len(faults)
    found = _by_labels(table, columns, axes, named, coords, faults)
    if len(faults) > before:
        return None
    for axis in named:
        present = {spot[axes.index(axis)] for spot in found}
        missing = [label for label in coords[axis] if label not in present]
        if missing:
            faults.append(Fault(table.file, name, f"missing {axis} {', '.join(map(str, missing))}"))
    spots = list(itertools.product(*(coords[axis] for axis in axes)))
    if len(faults) == before and len(found) != len(spots):
        faults.append(Fault(table.file, name, f"{len(found)} cells where {len(spots)} are needed"))
    if len(faults) > before:
        return None
    shape = tuple(len(coords[axis]) for axis in axes)
    return np.array([found[spot] for spot in spots]).reshape(shape)


def _by_labels(
    table: TextTable,
    columns: list[tuple[str, Label | None]],
    axes: tuple[str, ...],
    named: list[str],
    coords: Coords,
    faults: list[Fault],
) -> dict[tuple[Label, ...], float]:
    at = {axis: table.header.index(fold(axis)) for axis in named}
    places = [(column, label, table.header.index(fold(column))) for column, label in columns]
    known = {axis: {str(label): label for label in coords[axis]} for axis in axes}
    found: dict[tuple[Label, ...], float] = {}
    for line, row in zip(table.lines, table.rows, strict=True):
        labels = {axis: known[axis].get(_label(row[at[axis]], coords[axis])) for axis in named}
        wrong = [axis for axis, label in labels.items() if label is None]
        for axis in wrong:
            said = f"unexpected {axis} {quoted(row[at[axis]])} (expected {_span(coords[axis])})"
            faults.append(table.fault(line, axis, said))
        if wrong:
            continue
        for column, label, place in places:
            value = number(table, line, column, row[place], faults)
            spot = tuple(label if labels.get(axis) is None else labels[axis] for axis in axes)
            if spot in found:
                said = f"{', '.join(map(str, spot))} is given twice"
                faults.append(table.fault(line, named[0] if named else column, said))
            found[spot] = 0.0 if value is None else value  # type: ignore[index]
    return found


def _label(cell: str, labels: tuple[Label, ...]) -> str:
    # Workbooks write the age 60 as 60.0 too.
    whole, point, zeros = cell.partition(".")
    return whole if point and isinstance(labels[0], int) and not zeros.strip("0") else cell


def wrong_labels(axis: str, labels: Collection[Label], given: Collection[str]) -> str:
    """Which labels of an axis are missing and which unexpected; empty where all is well."""
    wanted = {str(label) for label in labels}
    missing = [str(label) for label in labels if str(label) not in given]
    extra = [key for key in given if key not in wanted]
    parts = [f"missing {axis} {', '.join(missing)}"] * bool(missing)
    parts += [f"unexpected {axis} {', '.join(extra)}"] * bool(extra)
    return "; ".join(parts)


def _span(labels: tuple[Label, ...]) -> str:
    if isinstance(labels[0], int):
        return f"{labels[0]} to {labels[-1]}"
    return ", ".join(map(str, labels))
