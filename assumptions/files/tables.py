"""Tables of text cells: CSV with commas, or with semicolons and decimal commas; or a workbook with one sheet.

Comments begin with # and stand above the header. Names in the header are read in small letters. Empty rows at the end and
columns without name and content are left out; whatever else cannot be read is a fault with line and column.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assumptions.files import workbook
from assumptions.files.cells import is_sheet_error, quoted
from assumptions.files.raw import LARGEST_TABLE, decoded, is_workbook, read_bytes
from assumptions.model import Fault
from assumptions.text import shown

MOST_COLUMNS = 1000
LONGEST_CELL = 4000
_KEPT = 64
_KEPT_BYTES = 2**20
_COMMA_DECIMAL = re.compile(r"[+-]?([0-9]+,[0-9]*|,[0-9]+)([eE][+-]?[0-9]+)?")
_POINT_DECIMAL = re.compile(r"[+-]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_GROUPS_OF_THREE = re.compile(r"[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+")
Row = tuple[int, list[str]]


@dataclass(frozen=True)
class TextTable:
    """A table as text: header, rows of equal length, the line number of each row, and what the file was.

    Attributes
    ----------
    file : str
        As messages name it.
    header : tuple of str
        In small letters.
    rows : tuple of tuples of str
        Numbers have a decimal point, whatever the file had.
    lines : tuple of int
        Line (row of the sheet) of each row.
    sha256 : str
        Of the bytes of the file.
    """

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    sha256: str = ""
    faults: tuple[Fault, ...] = ()
    line_of_header: int = 1

    def column(self, name: str) -> tuple[str, ...]:
        """The cells of one column."""
        at = self.header.index(fold(name))
        return tuple(row[at] for row in self.rows)

    def fault(self, line: int, column: str, message: str) -> Fault:
        """A fault of one cell, or of a whole line where no column is named."""
        return Fault(self.file, f"line {line}, column {column}" if column else f"line {line}", message)


def fold(name: str) -> str:
    """A column's name as headers are compared: small letters, spaces as underscores."""
    return "_".join(name.lower().split())


_CACHE: OrderedDict[tuple[str, str, bool], TextTable] = OrderedDict()


def read_table(path: Path, faults: list[Fault], *, gaps: bool = False, field: str = "") -> TextTable | None:
    """A table of a file, or None when it has faults.

    Parameters
    ----------
    gaps : bool
        Whether a row of empty cells between others means something; without it such a row is a fault.
    field : str
        What named the file, for messages about a file that cannot be read.
    """
    content = read_bytes(path, faults, LARGEST_TABLE, field)
    return None if content is None else parse_table(content, shown(path), faults, gaps=gaps)


def parse_table(content: bytes, file: str, faults: list[Fault], *, gaps: bool = False) -> TextTable | None:
    """The same from bytes; ``file`` names them in messages."""
    key = (file, hashlib.sha256(content).hexdigest(), gaps)
    found = _CACHE.get(key)
    if found is None:
        found = _parsed(content, *key)
        if len(content) <= _KEPT_BYTES:
            _CACHE[key] = found
            while len(_CACHE) > _KEPT:
                _CACHE.popitem(last=False)
    if found.faults:
        faults.extend(found.faults)
        return None
    return found


def _parsed(content: bytes, file: str, sha256: str, gaps: bool) -> TextTable:
    faults: list[Fault] = []
    rows: Iterator[Row]
    if is_workbook(content):
        rows = iter(workbook.read_rows(content, file, faults))
    else:
        text = decoded(content, file, faults)
        rows = _csv_rows(text or "", file, faults)
    header, body, lines, first = _table(rows, file, gaps, faults)
    if not body and not faults:
        faults.append(Fault(file, "", "has no rows below the header" if header else "has no rows"))
    return TextTable(file, header, tuple(map(tuple, body)), tuple(lines), sha256, tuple(faults), first)


# CSV -----------------------------------------------------------------------------------------------------------------


def _csv_rows(text: str, file: str, faults: list[Fault]) -> Iterator[Row]:
    """Cells by line. Lines that are blank, and those above the header that begin with #, are passed over."""
    lines = text.split("\n")
    at = 0
    if lines[0].strip().lower() in ("sep=;", "sep=,"):
        at = 1
    while at < len(lines) and (not lines[at].strip() or lines[at].lstrip().lstrip('"').startswith("#")):
        at += 1
    if at == len(lines):
        return
    mark = _separator(lines[at])
    if not mark:
        faults.append(
            Fault(file, f"line {at + 1}", "cells are separated by tabs; save the file as CSV with commas")
        )
        return
    rows = [
        (number, cells)
        for number, line in enumerate(lines[at:], start=at + 1)
        if (cells := _cells(line, mark, file, number, faults)) is not None
    ]
    width = len(rows[0][1]) if rows else 0
    for _, cells in rows:
        # A blank line is an empty row of any width.
        cells += [""] * (width - 1) * (cells == [""])
    if mark == ";":
        _with_points(rows, file, faults)
    yield from rows


def _separator(header: str) -> str:
    if ";" in header and "," not in header:
        return ";"
    return "" if "\t" in header and "," not in header else ","


def _cells(line: str, mark: str, file: str, number: int, faults: list[Fault]) -> list[str] | None:
    if '"' not in line:
        return [cell.strip() for cell in line.split(mark)]
    if len(line) > LONGEST_CELL * MOST_COLUMNS:
        faults.append(Fault(file, f"line {number}", "is too long"))
        return None
    try:
        (cells,) = csv.reader([line], delimiter=mark, strict=True, skipinitialspace=True)
    except csv.Error as error:
        said = "a cell in quotes does not end in its line; a cell holds no line break"
        if "end of data" not in str(error):
            said = f"quotes that do not match ({error})"
        faults.append(Fault(file, f"line {number}", said))
        return None
    return [cell.strip() for cell in cells]


def _with_points(rows: Sequence[Row], file: str, faults: list[Fault]) -> None:
    """Numbers of a file with semicolons get a decimal point, in place; points that may group digits are faults."""
    commas = any(_COMMA_DECIMAL.fullmatch(cell) for _, cells in rows for cell in cells)
    points = [
        (number, at, cell)
        for number, cells in rows
        for at, cell in enumerate(cells)
        if _POINT_DECIMAL.fullmatch(cell)
    ]
    if points and (commas or all(_GROUPS_OF_THREE.fullmatch(cell) for *_, cell in points)):
        names = rows[0][1]
        for number, at, cell in points:
            where = f"line {number}, column {names[at] if at < len(names) else at + 1}"
            said = f"{quoted(cell)} is ambiguous: with semicolons the decimal mark is a comma"
            faults.append(Fault(file, where, f"{said}, and thousands have no separator"))
    for _, cells in rows:
        for at, cell in enumerate(cells):
            if "," in cell and _COMMA_DECIMAL.fullmatch(cell):
                cells[at] = cell.replace(",", ".")


# rows of either kind -------------------------------------------------------------------------------------------------


def _table(
    rows: Iterator[Row], file: str, gaps: bool, faults: list[Fault]
) -> tuple[tuple[str, ...], list[list[str]], list[int], int]:
    header: list[str] = []
    body: list[list[str]] = []
    lines: list[int] = []
    last, line_of_header = 0, 1
    for line, cells in rows:
        if not header:
            if not any(cells) or cells[0].startswith("#"):
                continue
            header, line_of_header = [fold(cell) for cell in cells], line
            continue
        body.append(cells)
        lines.append(line)
        if any(cells):
            last = len(body)
    # Where empty rows mean something, a table of nothing else means it once.
    last = last or int(gaps and bool(body))
    del body[last:], lines[last:]
    if not header:
        return (), [], [], 1
    _drop_unnamed(header, body)
    _check_header(header, line_of_header, file, faults)
    for line, cells in zip(lines, body, strict=True):
        _check_row(line, cells, header, file, gaps, faults)
    return tuple(header), body, lines, line_of_header


def _drop_unnamed(header: list[str], body: list[list[str]]) -> None:
    while header and not header[-1]:
        at = len(header) - 1
        if any(len(cells) > at and cells[at] for cells in body):
            return
        header.pop()
        for cells in body:
            del cells[at:]


def _check_header(header: list[str], line: int, file: str, faults: list[Fault]) -> None:
    place = f"line {line}"
    if len(header) > MOST_COLUMNS:
        faults.append(Fault(file, place, f"has {len(header)} columns; at most {MOST_COLUMNS} are read"))
    for at, name in enumerate(header, start=1):
        if not name:
            faults.append(Fault(file, place, f"column {at} has no name"))
        elif len(name) > LONGEST_CELL:
            faults.append(Fault(file, place, f"the name of column {at} is too long"))
    for name in sorted({name for name in header if name and header.count(name) > 1}):
        faults.append(Fault(file, place, f"column '{name}' is given twice"))


def _check_row(
    line: int, cells: list[str], header: list[str], file: str, gaps: bool, faults: list[Fault]
) -> None:
    def fault(at: int, said: str) -> None:
        name = header[at] if at < len(header) and header[at] else str(at + 1)
        faults.append(Fault(file, f"line {line}, column {name}", said))

    if not gaps and not any(cells):
        faults.append(Fault(file, f"line {line}", "is empty, but others follow; take it out"))
        return
    for at, cell in enumerate(cells):
        if cell.startswith("#"):
            said = "is an error of the spreadsheet; a value is needed"
            if not is_sheet_error(cell):
                said = "begins with #; comments stand above the header only"
            fault(at, f"{quoted(cell)} {said}")
            return
        if len(cell) > LONGEST_CELL:
            fault(at, f"has {len(cell):,} characters; at most {LONGEST_CELL:,} are read")
            return
    extra = len(cells) - len(header)
    if extra > 0 and not any(cells[len(header) :]):
        del cells[len(header) :]
    elif extra:
        said = f"{len(cells)} cells where the header has {len(header)}"
        faults.append(
            Fault(
                file,
                f"line {line}",
                f"{said} (a number is written without thousands separator: 1234.5)",
            )
        )
