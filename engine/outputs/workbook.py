"""Excel workbooks of runs and sweeps: a summary with charts, a sheet a scenario, every assumption, ready to print on A4.

Numbers are those of the result file, digit by digit. The code of every line stands in the last column, the same in each
language, so that formulas and lookups survive a change of language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from assumptions.spreadsheet import defused
from engine.outputs import OutputError, export, headline, scenario_words, schema, words
from engine.outputs.figures import AREAS, COLOURS

if TYPE_CHECKING:
    from assumptions import Resolved

# Row of a line on its scenario's sheet, by basis, variable and item.
_Rows = dict[tuple[str, str, str], int]

_YEAR: Final = "year"
_CASE: Final = "case"
_ROWS: Final = 1_048_576
_SHEET_NAME: Final = 31
_TEXT: Final = 32_767
# Characters that XML, and so a workbook, cannot hold.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_A4: Final = 9
_MARGIN: Final = 0.4  # inches
_YEARS_A_PAGE: Final = 12
_LINE: Final = 15.0  # points
_MOST_LINES: Final = 12
_LETTERS: Final = 1.1  # in the width of a digit
# Okabe and Ito (2008), told apart with every common form of colour blindness; dashes tell series apart in grey.
_DASHES: Final = ("solid", "dash", "round_dot", "long_dash")
_NUMBER_FORMATS: Final[Mapping[str, str]] = {
    schema.PERCENT[1]: "0.0000",
    schema.MONEY[1]: '#,##0.000,,,"e9"',  # shown in thousand million, held in full
    schema.PEOPLE[1]: "#,##0",
    schema.SHARE[1]: "0.0000",
    schema.NONE[0]: "0.0000",
}
_HEAD: Final[Mapping[str, Any]] = {
    "bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4", "bottom": 1,
}  # fmt: skip
_SUMMARY_YEARS: Final = (2010, 2020)


class _Exact(float):
    """A number whose text brings back the very same number; the library writes 16 digits, one too few for some."""

    __slots__ = ()

    def __format__(self, code: str) -> str:
        return repr(float(self))


def write(dataset: xr.Dataset, path: Path, text: Mapping[str, Any]) -> None:
    """Write the workbook of a run or sweep in the language of the text.

    Raises
    ------
    OutputError
        If a sheet cannot hold the lines.
    """
    book = _Book(path, dataset, text)
    inputs = export.resolved_inputs(dataset)
    if _CASE in dataset.dims:
        summary, row = _summarise_sweep(book, dataset), 0
    else:
        summary, row = _summarise_run(book, dataset, inputs)
    _write_read_me(book, dataset)
    scenarios = [str(code) for code in dataset.scenario.values] if "scenario" in dataset.dims else [""]
    rows = {scenario: _write_scenario(book, dataset, scenario, inputs) for scenario in scenarios}
    if _CASE not in dataset.dims:
        _place_charts(book, summary, row, dataset, rows)
    if inputs:
        _write_assumptions(book, inputs)
    book.finish()


class _Book:
    """A workbook written row by row; charts are placed on its summary once their sheets are known."""

    def __init__(self, path: Path, dataset: xr.Dataset, text: Mapping[str, Any]) -> None:
        import xlsxwriter

        options = {
            "constant_memory": _CASE in dataset.dims,
            "strings_to_numbers": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }
        self.book = xlsxwriter.Workbook(str(path), options)
        self.text = text
        self.said: Mapping[str, Any] = text["workbook"]
        self.title = _clean(dataset.attrs.get("title", "") if _CASE in dataset.dims else text["title"])
        # The library's own default is the clock's time: equal runs give equal files.
        self.book.set_properties({"title": self.title, "created": written(dataset)})
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}

    def format(self, **given: object) -> Any:
        """A cell format, made once."""
        key = tuple(sorted(given.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(dict(given))
        return self._formats[key]

    @property
    def bold(self) -> Any:
        """Format of titles."""
        return self.format(bold=True)

    @property
    def head(self) -> Any:
        """Format of the head of a table."""
        return self.format(**_HEAD)

    @property
    def head_of_numbers(self) -> Any:
        """Format of the head of a column of numbers."""
        return self.format(**_HEAD, align="right")

    def sheet(
        self,
        name: str,
        widths: Sequence[float],
        *,
        freeze: tuple[int, int] | None = None,
        pages_wide: int = 1,
        pages_tall: int = 0,
    ) -> Any:
        """A new sheet: widths of its first columns, frozen rows and columns, and A4 landscape with page numbers."""
        sheet = self.book.add_worksheet(_sheet_name(name))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        if freeze:
            sheet.freeze_panes(*freeze)
            if freeze[0]:
                sheet.repeat_rows(0, freeze[0] - 1)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(_MARGIN, _MARGIN, _MARGIN, 1.6 * _MARGIN)
        sheet.fit_to_pages(pages_wide, pages_tall)
        sheet.set_footer(f"&L&8{self.title.replace('&', '&&')[:180]}&C&8&A&R&8{self.said['page']} &P / &N")
        return sheet

    def wrapped(self, sheet: Any, row: int, values: Sequence[object], widths: Sequence[float]) -> None:
        """A row of texts that run over several lines, as high as the longest needs: not every program grows it."""
        self.row(sheet, row, values, self.format(text_wrap=True, valign="top", align="left"))
        lines = (
            -(-len(str(value)) // int(_LETTERS * width)) for value, width in zip(values, widths, strict=True)
        )
        sheet.set_row(row, _LINE * min(max(1, *lines), _MOST_LINES))

    def row(self, sheet: Any, row: int, values: Sequence[object], style: Any = None) -> None:
        """A row of texts, never taken for formulas, of numbers and of empty cells."""
        for column, value in enumerate(values):
            if value is None or value == "":
                continue
            if isinstance(value, bool | np.bool_):
                sheet.write_string(row, column, self.said["yes" if value else "no"], style)
            elif isinstance(value, int | np.integer):
                sheet.write_number(row, column, int(value), style)
            elif isinstance(value, float):
                if np.isfinite(value):
                    sheet.write_number(row, column, _Exact(value), style)
            else:
                sheet.write_string(row, column, _clean(value), style)

    def figures(self, sheet: Any, row: int, first: int, values: NDArray[np.float64], style: Any) -> None:
        """Numbers side by side; a missing one leaves its cell empty."""
        write = sheet.write_number
        finite = np.isfinite(values)
        if finite.all():
            for column, value in enumerate(values.tolist(), first):
                write(row, column, _Exact(value), style)
            return
        for column, (value, good) in enumerate(zip(values.tolist(), finite.tolist(), strict=True), first):
            if good:
                write(row, column, _Exact(value), style)

    def number(self, units: str) -> Any:
        """Format of numbers of a unit."""
        found = next((code for start, code in _NUMBER_FORMATS.items() if units.startswith(start)), "General")
        return self.format(num_format=found)

    def finish(self) -> None:
        """Close the file; what the writer calls an error of its own is the system's (a full disk, say)."""
        from xlsxwriter.exceptions import FileCreateError

        try:
            self.book.close()
        except FileCreateError as error:
            raise (error.args[0] if isinstance(error.args[0], OSError) else OSError(str(error))) from None


def _clean(value: object) -> str:
    return str(defused(_CONTROL.sub(" ", str(value))))[:_TEXT]


def _sheet_name(name: str) -> str:
    """A name that a sheet may have."""
    return re.sub(r"[\[\]:*?/\\]", "_", name)[:_SHEET_NAME].strip("'") or "_"


def written(dataset: xr.Dataset) -> datetime:
    """When the result was made; the reform's eve where the file does not say."""
    try:
        return datetime.strptime(str(dataset.attrs.get("date_created", "")), "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return datetime(schema.PRICE_BASE_YEAR, 12, 31)


# summary -----------------------------------------------------------------------------------------------------------


def _summarise_run(
    book: _Book, dataset: xr.Dataset, inputs: Mapping[tuple[str, str], Resolved]
) -> tuple[Any, int]:
    """Sentence and table of a run; the sheet, and the row where charts may stand."""
    text, said = book.text, book.said
    years = dataset[_YEAR].values.astype(int).tolist()
    inner = (year for year in _SUMMARY_YEARS if years[0] < year < years[-1])
    shown = list(dict.fromkeys((years[0], *inner, years[-1])))
    sheet = book.sheet(said["summary"], (10, 60, 13, *(9 for _ in shown), 10, 8, 18), pages_tall=1)
    last = 5 + len(shown)
    sheet.write_string(0, 0, text["title"], book.format(bold=True, font_size=15))
    wrap = book.format(text_wrap=True, valign="top")
    row = 0
    for basis in map(str, dataset.basis.values):
        row += 1
        scenario = export.main_case(dataset)
        found = headline.headline(dataset, scenario, basis, inputs.get((basis, scenario)))
        sheet.merge_range(row, 0, row, last, "", wrap)
        sheet.write_string(row, 0, _clean(headline.said(found, text)), wrap)
        sheet.set_row(row, 2 * _LINE)
    head = (
        text["scenario"], text["table"]["definition"], text["basis"], *shown, said["highest"], said["highest_year"],
        said["trend"],
    )  # fmt: skip
    first = row = row + 2
    book.row(sheet, first, head, book.head)
    book.row(sheet, first, (*(None,) * 3, *head[3:-1]), book.head_of_numbers)
    book.row(sheet, first, (*(None,) * last, head[-1]), book.format(**_HEAD, indent=1))
    sheet.freeze_panes(first + 1, 0)
    marked = False
    for code in map(str, dataset.scenario.values):
        for basis in map(str, dataset.basis.values):
            row += 1
            found = headline.headline(dataset, code, basis, inputs.get((basis, code)))
            marked = marked or found.replica
            in_words = scenario_words.said_scenario(
                scenario_words.words(inputs[basis, code], years[-1]), text
            )
            name = f"{words.basis(basis, text)}{' *' if found.replica else ''}"
            book.row(sheet, row, (code, in_words, name))
            values = np.array([*(found.at(year) for year in shown), found.peak.value])
            book.figures(sheet, row, 3, values, book.format(num_format="0.00"))
            rising = said["rising"] if found.peak.rising else None
            book.row(sheet, row, (*(None,) * (4 + len(shown)), found.peak.year))
            book.row(sheet, row, (*(None,) * last, rising), book.format(indent=1))
    sheet.autofilter(first, 0, row, last)
    foot = (text["percent_note"], text["replica_mark"] if marked else "")
    sheet.write_string(row + 1, 0, " ".join(foot).strip())
    return sheet, row + 3


def _place_charts(book: _Book, sheet: Any, row: int, dataset: xr.Dataset, rows: Mapping[str, _Rows]) -> None:
    """Total by scenario, and the components of one: native charts of the rows of the scenarios' sheets."""
    text, said = book.text, book.said
    scenario, basis = export.main_case(dataset), str(dataset.basis.values[0])
    letters = sorted({words.parts(code)[1] for code in map(str, dataset.scenario.values)}, reverse=True)
    numbers = sorted({words.parts(code)[0] for code in map(str, dataset.scenario.values)})
    total = book.book.add_chart({"type": "line"})
    for code in map(str, dataset.scenario.values):
        number, letter = words.parts(code)
        total.add_series(
            _series(dataset, code, rows[code][basis, "fiscal_cost_total", ""])
            | {
                "name": code,
                "line": {
                    "color": COLOURS[numbers.index(number) % len(COLOURS)],
                    "dash_type": _DASHES[letters.index(letter) % len(_DASHES)],
                    "width": 1.75,
                },
            }
        )
    named = words.basis(basis, text)
    _finish_chart(total, said["chart_total"].format(basis=named))
    parts = book.book.add_chart({"type": "area", "subtype": "stacked"})
    for n, component in enumerate(map(str, dataset.component.values)):
        parts.add_series(
            _series(dataset, scenario, rows[scenario][basis, "fiscal_cost", component])
            | {"name": text["component"].get(component, component), "fill": {"color": AREAS[n]}}
        )
    _finish_chart(parts, said["chart_components"].format(scenario=scenario, basis=named))
    sheet.insert_chart(
        row, 0, total, {"object_position": 2, "description": said["chart_total"].format(basis=named)}
    )
    sheet.insert_chart(row, 2, parts, {
        "object_position": 2, "x_offset": 75,
        "description": said["chart_components"].format(scenario=scenario, basis=named),
    })  # fmt: skip


def _series(dataset: xr.Dataset, scenario: str, place: int) -> dict[str, Any]:
    """Where a line's years and numbers stand on its scenario's sheet."""
    sheet = _sheet_name(scenario)
    last = _FIRST_FIGURE + dataset.sizes[_YEAR] - 1
    return {
        "categories": [sheet, _HEAD_ROW, _FIRST_FIGURE, _HEAD_ROW, last],
        "values": [sheet, place, _FIRST_FIGURE, place, last],
    }


def _finish_chart(chart: Any, title: str) -> None:
    chart.set_title({"name": title, "name_font": {"size": 11, "bold": True}, "overlay": False})
    chart.set_x_axis(
        {"interval_unit": 5, "interval_tick": 5, "position_axis": "on_tick", "num_font": {"size": 9}}
    )
    chart.set_y_axis(
        {
            "num_format": "0.0",
            "min": 0,
            "num_font": {"size": 9},
            "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}},
        }
    )
    chart.set_legend({"position": "bottom", "font": {"size": 9}})
    chart.set_size({"width": 565, "height": 400})


def _summarise_sweep(book: _Book, dataset: xr.Dataset) -> Any:
    """Quantiles over cases of the total by year, and their chart, where the sweep kept the total."""
    from engine.sweeps import analysis

    text, said = book.text, book.said
    sheet = book.sheet(said["summary"], (14, *(11 for _ in analysis.SHOWN)), pages_tall=1)
    sheet.write_string(0, 0, book.title, book.format(bold=True, font_size=15))
    cases, failed = dataset.sizes[_CASE], int(dataset.attrs.get("cases_failed", 0))
    sheet.write_string(1, 0, text["sweep"]["cases"].format(cases=f"{cases:,}", failed=f"{failed:,}"))
    try:
        found = analysis.series(dataset)
        spread = analysis.spread(found)
    except OutputError as error:
        sheet.write_string(3, 0, _clean(error))
        return sheet
    title = said["chart_spread"].format(scenario=found.scenario)
    sheet.write_string(3, 0, title, book.bold)
    book.row(sheet, 4, [text["year"], *(f"{share:.0%}" for share in analysis.SHOWN)], book.head)
    number = book.number(found.units)
    for row, year in enumerate(found.years.tolist(), 5):
        sheet.write_number(row, 0, year)
        book.figures(sheet, row, 1, spread[row - 5], number)
    chart = book.book.add_chart({"type": "line"})
    name, last = _sheet_name(said["summary"]), 4 + found.years.size
    for n, share in enumerate(analysis.SHOWN, 1):
        middle = share == analysis.MEDIAN
        chart.add_series(
            {
                "name": f"{share:.0%}",
                "categories": [name, 5, 0, last, 0],
                "values": [name, 5, n, last, n],
                "line": {
                    "color": COLOURS[0],
                    "width": 2.5 if middle else 1.25,
                    "dash_type": "solid" if middle else "dash",
                },
            }
        )
    _finish_chart(chart, title)
    sheet.insert_chart(3, len(analysis.SHOWN) + 2, chart, {"description": title})
    return sheet


# read me -----------------------------------------------------------------------------------------------------------


def _write_read_me(book: _Book, dataset: xr.Dataset) -> None:
    text, said = book.text, book.said
    widths = (30, 46, 34, 80)
    sheet = book.sheet(said["read_me"], widths, freeze=(1, 0))
    book.row(sheet, 0, [dataset.attrs.get("title", book.title)], book.bold)
    row = 1
    for key, name in said["about"].items():
        row += 1
        book.row(sheet, row, [name, said[key].format(unit=_money(dataset, text))])
    row += 2
    book.row(sheet, row, [said["run"]], book.bold)
    for key in export.IDENTITY:
        for n, line in enumerate(str(dataset.attrs.get(key, "")).splitlines()):
            row += 1
            book.row(sheet, row, [text["identity"].get(key, key) if n == 0 else "", line])
    row += 2
    book.row(sheet, row, [said["variable"], said["what"], text["table"]["unit"], said["meaning"]], book.head)
    for variable, item in dataset.data_vars.items():
        if variable == export.INPUT:
            continue
        row += 1
        name = words.variable(str(variable), text, str(item.attrs.get("long_name", "")))
        comment = item.attrs.get("comment", "")
        book.wrapped(sheet, row, [str(variable), name, words.unit(item, text), comment], widths)


def _money(dataset: xr.Dataset, text: Mapping[str, Any]) -> str:
    """Whose pesos the money of a dataset is in."""
    money = (item for item in dataset.data_vars.values() if item.attrs.get("price_basis"))
    found = next(money, None)
    return text["unit"][schema.MONEY[1]] if found is None else words.unit(found, text)


# scenarios ---------------------------------------------------------------------------------------------------------

_HEAD_ROW: Final = 1
_TEXTS: Final = 4  # line, item, unit, method
_FIRST_FIGURE: Final = 1 + _TEXTS  # of a run, whose only key is the basis


class _Lines:
    """Every yearly series of a dataset by case, taken out of their labels once."""

    def __init__(self, dataset: xr.Dataset) -> None:
        self.lines = export.lines(dataset)
        names = export.by_row(dataset)
        self._values = {}
        for name in dict.fromkeys(line.variable for line in self.lines):
            item = dataset[name]
            own = [str(dim) for dim in item.dims if dim not in (*names, _YEAR)]
            # Means over paths have no quantile: they stand beside each.
            item = item.expand_dims({dim: dataset[dim].values for dim in names if dim not in item.dims})
            values = item.transpose(*names, *own, _YEAR).values.astype(np.float64)
            cases = int(np.prod([dataset.sizes[dim] for dim in names], dtype=int))
            self._values[name] = values.reshape(cases, -1, dataset.sizes[_YEAR])

    def of_case(self, number: int, empty: bool) -> Iterator[tuple[export.Line, NDArray[np.float64]]]:
        """Lines of one case with their numbers, float64 (year,); those without a figure only if asked for."""
        place: dict[str, int] = {}
        for line in self.lines:
            at = place[line.variable] = place.get(line.variable, -1) + 1
            values = self._values[line.variable][number, at]
            if empty or not np.isnan(values).all():
                yield line, values


def _write_scenario(
    book: _Book, dataset: xr.Dataset, scenario: str, inputs: Mapping[tuple[str, str], Resolved]
) -> _Rows:
    """Write the sheet of a scenario; give the row of every line by basis, variable and item."""
    text, said = book.text, book.said
    one = dataset.sel(scenario=scenario) if scenario else dataset
    years = [int(year) for year in dataset[_YEAR].values]
    names = export.by_row(one)
    cases = list(export.each_case(one, names))
    keys = export.key_columns(one, cases, names)
    every = _Lines(one)
    count = len(cases) * len(every.lines)
    labelled = {name: found.tolist() for name, found in keys.items()}
    if count + _HEAD_ROW + 1 > _ROWS:
        raise OutputError(f"{count} lines do not fit on a sheet ({_ROWS} rows); export as csv or parquet")
    labels = len(keys) + _TEXTS
    sheet = book.sheet(
        scenario or said["results"],
        (*(11 for _ in keys), 34, 38, 24, 11, *(12 for _ in years), 44),
        freeze=(_HEAD_ROW + 1, labels),
        pages_wide=-(-len(years) // _YEARS_A_PAGE),
    )
    sheet.repeat_columns(0, len(keys) + 1)
    book.row(sheet, 0, [_title(book, dataset, scenario, inputs)], book.bold)
    head = [
        *(_key(dataset, name, text) for name in keys),
        said["line"],
        said["item"],
        text["table"]["unit"],
        said["method"],
    ]
    book.row(sheet, _HEAD_ROW, [*head, *years, said["code"]], book.head)
    row = _HEAD_ROW
    units = {str(name): words.unit(item, text) for name, item in dataset.data_vars.items()}
    long_names = {
        str(name): words.variable(str(name), text, str(item.attrs.get("long_name", "")))
        for name, item in dataset.data_vars.items()
    }
    named: dict[tuple[str, str], str] = {}
    rows: _Rows = {}
    for number, case in enumerate(cases):
        key = [_value(name, found[number], text) for name, found in labelled.items()]
        methods = export.case_methods(one, case)
        failed = export.STATUS in keys and labelled[export.STATUS][number] == export.FAILED
        for line, values in every.of_case(number, failed):
            row += 1
            rows[str(case.get("basis", "")), line.variable, line.item] = row
            place = (line.dimension, line.item)
            if place not in named:
                named[place] = words.item(line.dimension, line.item, text) if line.item else ""
            method = export.method_of(methods, line)
            book.row(
                sheet,
                row,
                [
                    *key,
                    long_names[line.variable],
                    named[place],
                    units[line.variable],
                    said.get(method, method),
                ],
            )
            book.figures(sheet, row, labels, values, book.number(line.units))
            sheet.write_string(row, labels + len(years), code(line))
    sheet.autofilter(_HEAD_ROW, 0, row, labels - 1)
    # The code is for lookups, not for paper.
    sheet.print_area(0, 0, row, labels + len(years) - 1)
    return rows


def code(line: export.Line) -> str:
    """Name of a line that is the same in every language: the variable, and its item."""
    return f"{line.variable}.{line.item}" if line.item else line.variable


def _title(
    book: _Book, dataset: xr.Dataset, scenario: str, inputs: Mapping[tuple[str, str], Resolved]
) -> str:
    resolved = next((found for (_, code_), found in inputs.items() if code_ == scenario), None)
    if resolved is None:
        return f"{book.text['scenario']} {scenario}. {book.title}"
    said = scenario_words.said_scenario(
        scenario_words.words(resolved, int(dataset[_YEAR].values[-1])), book.text
    )
    return str(book.said["scenario_head"]).format(scenario=scenario, words=said)


def _key(dataset: xr.Dataset, name: str, text: Mapping[str, Any]) -> str:
    """Head of a column that tells projections apart: what it is, and its unit."""
    if name == "basis":
        return str(text["basis"])
    unit = str(dataset[name].attrs.get("units_label", ""))
    said = str(text["workbook"].get(name, name))
    return f"{said} ({text['unit'].get(unit, unit)})" if unit and "." in name else said


def _value(name: str, value: object, text: Mapping[str, Any]) -> object:
    return words.basis(str(value), text) if name == "basis" else value


# assumptions -------------------------------------------------------------------------------------------------------


def _write_assumptions(book: _Book, inputs: Mapping[tuple[str, str], Resolved]) -> None:
    text, said, table = book.text, book.said, book.text["table"]
    widths = (11, 14, 34, 18, 20, 11, 16, 34, 30, 44, 18, 8, 24)
    sheet = book.sheet(said["assumptions"], widths, freeze=(1, 3))
    head = (
        text["basis"], text["scenarios"], table["name"], table["value"], table["unit"], table["status"], table["source"],
        said["source_title"], table["place"], table["note"], said["range"], said["used"], said["file"],
    )  # fmt: skip
    book.row(sheet, 0, head, book.head)
    scenarios = {basis: {code_ for b, code_ in inputs if b == basis} for basis, _ in inputs}
    row = 0
    for item in export.assumed(inputs):
        row += 1
        where = text["all"] if set(item.scenarios) == scenarios[item.basis] else ", ".join(item.scenarios)
        values = (
            words.basis(item.basis, text), where, item.name, item.value, item.unit, item.status, item.source, item.title,
            item.locator, item.note, item.range, item.live, item.layer,
        )  # fmt: skip
        book.wrapped(sheet, row, values, widths)
    sheet.autofilter(0, 0, row, len(head) - 1)
    # Range, use and file are for the screen: without them the rest can be read on paper.
    sheet.print_area(0, 0, row, len(head) - 4)
    fields = ("title", "author", "year", "publisher", "url", "note")
    broad = (20, 54, 30, 8, 28, 44, 44)
    sheet = book.sheet(said["sources"], broad, freeze=(1, 1))
    book.row(sheet, 0, [said["id"], *(said[name] for name in fields)], book.head)
    sources = {key: source for resolved in inputs.values() for key, source in resolved.sources.items()}
    for row, (key, source) in enumerate(sorted(sources.items()), 1):
        book.wrapped(sheet, row, [key, *(getattr(source, name) for name in fields)], broad)
    sheet.autofilter(0, 0, len(sources), len(fields))


__all__ = ["code", "write", "written"]
