"""The register of every value with unit, status and source, for review: rows, CSV, XLSX, and one value in words."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from assumptions import liveness
from assumptions.model import AssumptionError, Fault, Parameter, Table
from assumptions.resolved import Resolved
from assumptions.scaling import RULES
from assumptions.spreadsheet import Writer, defused
from assumptions.timeline import ALWAYS, DatedPath
from assumptions.units import UNITS


class Row(NamedTuple):
    """One value: a parameter, or one year or cell of it (`at`)."""

    name: str
    at: str
    value: float | bool | str
    unit: str
    kind: str
    status: str
    source: str
    source_title: str
    locator: str
    stated: str
    note: str
    range: str
    scaling: str
    method: str
    live: bool
    reason: str
    layer: str
    moves: str


def _range(item: Parameter) -> str:
    if item.range is None:
        return ""
    mode = item.range_of or ("value" if item.kind == "number" else "scale")
    words = {"value": "", "scale": " (factors)", "shift": " (additions)"}[mode]
    if item.scaling == "force" and mode == "scale":
        words = " (factors on the force)"
    return f"{item.range[0]:g} to {item.range[1]:g}{words}"


def _scaling(item: Parameter) -> str:
    return RULES[item.scaling] if item.scaling else ""


def _said(item: Parameter) -> str:
    if item.derived is not None:
        return f"{item.derived.function}({', '.join(item.derived.inputs)})"
    parts = [item.method or "", f"target: {item.target}" if item.target else ""]
    parts.append(f"start: {item.start}" if item.start else "")
    return "; ".join(part for part in parts if part)


def cells(res: Resolved, name: str) -> list[tuple[str, float | bool | str]]:
    """A value as (place, figure) pairs: a year of a path, the labels of a table's cell, '' for a single value."""
    value = res.value(name)
    if isinstance(value, DatedPath):
        return [("" if year == ALWAYS else str(year), figure) for year, figure in value.dated().items()]
    if isinstance(value, Table):
        return [
            (
                ", ".join(f"{axis} {label}" for axis, label in zip(value.axes, spot, strict=True)) + since,
                figure,
            )
            for since, table in ((f" from {year}" if year else "", table) for year, table in value.parts)
            for spot, figure in zip(
                itertools.product(*(table.coords[axis] for axis in value.axes)),
                table.values.ravel().tolist(),
                strict=True,
            )
        ]
    return [("", value)]


def register(res: Resolved, *, expand: bool = True) -> list[Row]:
    """Every value of a resolved pack, by name. `expand=False` gives one row a parameter, tables in short."""
    sources = res.sources
    rows = []
    for name in res.names():
        item = res.item(name)
        live, reason = res.live(name)
        moves = liveness.said(name)
        figures = cells(res, name)
        if not expand and len(figures) > 1:
            figures = [("", summary(res, name))]
        dated = {year: (status, source) for year, status, source in item.row_sources}
        for at, figure in figures:
            status, source = dated.get(at, (item.status, item.source))
            title = sources[source].title if source in sources else ""
            rows.append(
                Row(
                    name, at, figure, item.unit, item.kind, status, source, title, item.locator, item.stated, item.note,
                    _range(item), _scaling(item), _said(item), live, reason, item.layer, moves,
                )
            )  # fmt: skip
    return rows


def summary(res: Resolved, name: str) -> str:
    """A value in one line: figures of a short path, size and extremes of a table."""
    value = res.value(name)
    if isinstance(value, DatedPath):
        dated = value.dated()
        if value.is_constant:
            return f"{value.values[0]:.10g}"
        if len(dated) > 6:
            first, last = min(dated), max(dated)
            return f"{first}: {dated[first]:.6g} ... {last}: {dated[last]:.6g} ({len(dated)} years, {value.rule})"
        return ", ".join(f"{year}: {figure:.10g}" for year, figure in dated.items()) + f" ({value.rule})"
    if isinstance(value, Table):
        size = " x ".join(f"{axis} {len(value.coords[axis])}" for axis in value.axes)
        later = "".join(
            f"; from {year} {table.values.min():.6g} to {table.values.max():.6g}"
            for year, table in value.later
        )
        return f"table {size}, {value.values.min():.6g} to {value.values.max():.6g}{later}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if name in res.attached:
        return res.attached[name].said
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def show(res: Resolved, name: str) -> str:
    """One value with everything known about it, as lines of text."""
    item = res.item(name)
    live, reason = res.live(name)
    source = res.sources.get(item.source)
    lines = [f"{name} = {summary(res, name)}", f"  unit     {UNITS[item.unit].label}"]
    if item.choices:
        lines.append(f"  choices  {', '.join(item.choices)}")
    lines.append(f"  status   {item.status}" + (f", {_said(item)}" if _said(item) else ""))
    lines.append(f"  source   {item.source}: {source.title}" if source else f"  source   {item.source}")
    lines.append(f"  locator  {item.locator}")
    if item.stated:
        lines.append(f"  stated   {item.stated}")
    if item.note:
        lines.append(f"  note     {item.note}")
    if item.range:
        lines.append(f"  range    {_range(item)}")
    if item.scaling:
        lines.append(f"  scaling  {_scaling(item)}")
    lines.append(f"  layer    {item.layer}")
    lines.append("  used     yes" if live else f"  used     no: {reason}")
    moves = liveness.said(name)
    if moves:
        lines.append(f"  moves    {moves}")
    return "\n".join(lines)


def _words(value: Any) -> Any:
    return ("true" if value else "false") if isinstance(value, bool) else value


def write_csv(res: Resolved, path: str | Path) -> Path:
    """The expanded register as CSV (UTF-8). Raises `AssumptionError` when the file cannot be written."""
    target = Path(path)
    try:
        with target.open("w", encoding="utf-8", newline="") as file:
            writer = Writer(file)
            writer.writerow(Row._fields)
            writer.writerows([_words(part) for part in row] for row in register(res))
    except OSError as error:
        raise AssumptionError([Fault(str(target), "", f"cannot be written: {error.strerror}")]) from None
    return target


def write_xlsx(res: Resolved, path: str | Path) -> Path:
    """The register as XLSX: sheets Read me, Assumptions (one row a name), Values (every figure), Sources.

    Raises `AssumptionError` when XlsxWriter is missing or the file cannot be written.
    """
    target = Path(path)
    try:
        import xlsxwriter
    except ImportError:
        said = "the package XlsxWriter is needed to write it: pip install 'annexv[export]'"
        raise AssumptionError([Fault(str(target), "", said)]) from None
    book = xlsxwriter.Workbook(str(target))
    about = {
        "scenario": res.scenario, "basis": res.basis, "sha256": res.sha256, "layers": "; ".join(res.layers),
        "notices": "; ".join(res.notices),
    }  # fmt: skip
    fields = ("id", "title", "author", "year", "publisher", "url", "note")
    sources = [
        (identity, *(getattr(source, part) for part in fields[1:]))
        for identity, source in res.sources.items()
    ]
    sheets: dict[str, list[Sequence[Any]]] = {
        "Read me": [*about.items()],
        "Assumptions": [Row._fields, *register(res, expand=False)],
        "Values": [Row._fields, *register(res, expand=True)],
        "Sources": [fields, *sources],
    }
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        if rows and rows[0] is Row._fields:
            sheet.freeze_panes(1, 1)
        for at, row in enumerate(rows):
            _write_row(sheet, at, row)
    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        raise AssumptionError([Fault(str(target), "", f"cannot be written: {error}")]) from None
    return target


def _write_row(sheet: Any, at: int, row: Sequence[Any]) -> None:
    """Numbers as numbers, all else as text, never taken for a formula or a link."""
    for column, value in enumerate(row):
        part = defused(_words(value))
        if isinstance(part, int | float) and math.isfinite(part):
            sheet.write_number(at, column, part)
        elif part is not None and part != "":
            sheet.write_string(at, column, str(part))
