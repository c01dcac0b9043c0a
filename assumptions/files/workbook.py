"""Excel workbooks as rows of text cells: one sheet with content, bounded in size; needs the package openpyxl."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any

from assumptions.model import Fault

LARGEST_CONTENT = 256 * 2**20
MOST_ROWS = 1_048_576
_SHOWN = 5
MOST_CELLS = 1000
_EXACT = 1e15  # whole numbers below are exact as float64
"""Cells of a row; wider rows are no table of ours."""
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=[\"']([A-Z]+[0-9]+:[A-Z]+[0-9]+)")
# Rows and columns that the screen does not show, filtered ones too; `r` and `min` are their numbers.
_HIDDEN = re.compile(
    rb"<(?:\w+:)?(row|col)\b(?=[^>]*\bhidden=[\"'](?:1|true)[\"'])[^>]*\b(?:r|min)=[\"']([0-9]+)[\"']"
)


Row = tuple[int, list[str]]


def read_rows(content: bytes, file: str, faults: list[Fault]) -> list[Row]:
    """Rows of the only sheet that holds anything, with their numbers; numbers as text without loss."""
    try:
        import openpyxl
    except ImportError:
        said = (
            "is a workbook; to read it the package openpyxl is needed (pip install 'annexv[export]'),"
            " or save it as CSV UTF-8"
        )
        faults.append(Fault(file, "", said))
        return []
    try:
        said = _declared(content)
        if said:
            faults.append(Fault(file, "", said))
            return []
        values = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        found = {
            sheet.title: rows
            for sheet, other in zip(values.worksheets, formulas.worksheets, strict=True)
            if (rows := _rows(sheet, other, file, faults))
        }
        unseen = [sheet.title for sheet in values.worksheets if sheet.sheet_state != "visible"]
        # All cells of a merged range but the first are empty to whoever reads them.
        merged, hidden = _parts(content, _MERGED), _parts(content, _HIDDEN)
    except Exception as error:  # openpyxl and the XML below it raise whatever a damaged file makes them
        faults.append(Fault(file, "", f"is no workbook that can be read ({type(error).__name__})"))
        return []
    for cells in merged:
        said = "are merged, and only the first of them holds a value; unmerge them and fill in each"
        faults.append(Fault(file, f"cells {cells[0].decode()}", said))
    faults.extend(_not_seen(file, hidden, found, unseen))
    if len(found) > 1:
        said = f"has {len(found)} sheets with content ({', '.join(found)}); keep the one that is meant"
        faults.append(Fault(file, "", said))
        return []
    return next(iter(found.values()), [])


def _declared(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "[Content_Types].xml" not in archive.namelist():
            return "is a zip archive but no workbook of Excel (.xlsx)"
        if sum(part.file_size for part in archive.infolist()) > LARGEST_CONTENT:
            return f"unpacks to more than {LARGEST_CONTENT / 2**20:g} MiB, the most that is read"
    return ""


def _parts(content: bytes, pattern: re.Pattern[bytes]) -> list[tuple[bytes, ...]]:
    """What a pattern finds in the sheets."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = sorted(name for name in archive.namelist() if name.startswith("xl/worksheets/"))
        return [
            match.groups()
            for name in sheets
            if name.endswith(".xml")
            for match in pattern.finditer(archive.read(name))
        ]


def _not_seen(
    file: str, hidden: list[tuple[bytes, ...]], found: dict[str, list[Row]], unseen: list[str]
) -> list[Fault]:
    """Content that a screen does not show: whether it is meant cannot be told. Hidden parts beyond it do no harm."""
    faults = [
        Fault(file, f"sheet {title}", "is hidden and would be read; show it")
        for title in unseen
        if title in found
    ]
    most = {
        b"row": max((rows[-1][0] for rows in found.values()), default=0),
        b"col": max((len(rows[-1][1]) for rows in found.values()), default=0),
    }
    for kind, name in ((b"row", "rows"), (b"col", "columns")):
        numbers = sorted({int(number) for of, number in hidden if of == kind and int(number) <= most[kind]})
        if numbers:
            listed = ", ".join(map(str, numbers[:_SHOWN]))
            more = f" and {len(numbers) - _SHOWN:,} more" if len(numbers) > _SHOWN else ""
            said = "are hidden or filtered out and would be read; show all, or take them out"
            faults.append(Fault(file, f"{name} {listed}{more}", said))
    return faults


def _rows(sheet: Any, other: Any, file: str, faults: list[Fault]) -> list[Row]:
    sheet.reset_dimensions()
    other.reset_dimensions()
    rows: list[Row] = []
    filled = 0
    for number, (cells, written) in enumerate(
        zip(sheet.iter_rows(), other.iter_rows(), strict=True), start=1
    ):
        if number > MOST_ROWS or len(cells) > MOST_CELLS:
            said = f"has more than {MOST_ROWS:,} rows or {MOST_CELLS:,} columns, the most that is read"
            faults.append(Fault(file, f"row {number}", said))
            return []
        row = [_text(cell.value) for cell in cells]
        for at, formula in enumerate(written):
            if formula.data_type == "f" and cells[at].value is None:
                said = "is a formula whose result is not stored; open and save the file, or paste values"
                faults.append(Fault(file, f"line {number}, cell {formula.coordinate}", said))
        rows.append((number, row))
        if any(row):
            filled = len(rows)
    del rows[filled:]
    width = max((len(row) for _, row in rows), default=0)
    return [(number, row + [""] * (width - len(row))) for number, row in rows]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return str(value).strip()
