"""Results for other programs: CSV, Excel, Stata, Parquet and netCDF, with the very numbers of the result file.

CSV and Parquet are tidy: one row a number. Stata has one row a year (and basis and scenario) and one labelled variable a
line. Excel is :mod:`engine.outputs.workbook`'s: a summary, one sheet a scenario with lines down and years across.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from assumptions.spreadsheet import defused_frame
from engine.outputs import OutputError, netcdf, schema, selection, stored, texts
from engine.outputs.files import check_target, whole
from engine.outputs.inputs import INPUT, resolved_inputs, runnable_inputs

if TYPE_CHECKING:
    from assumptions import Resolved

CSV_STYLES: Final = ("plain", "es")
# Excel takes a file for UTF-8 by its byte-order mark.
_CSV_MARKS: Final[Mapping[str, Any]] = {
    "plain": {"sep": ",", "decimal": ".", "encoding": "utf-8"},
    "es": {"sep": ";", "decimal": ",", "encoding": "utf-8-sig"},
}
FORMATS: Final = ("nc", "csv", "xlsx", "dta", "parquet")
WORKBOOK: Final = "xlsx"
METHOD: Final = "method"
_YEAR: Final = "year"
_LEADING: Final = ("basis", "scenario", "case", "quantile", "path")
_CASE: Final = "case"
_PATH: Final = "path"
_SWEEP: Final = "annexv-sweep"
STATUS: Final = "case_status"
MESSAGE: Final = "case_message"
LOST: Final = "paths_failed"
FAILED: Final = "failed"
_STATA_NAME: Final = 32
_STATA_LABEL: Final = 80
_LARGEST_EXACT: Final = 2**53
_STATA_DATA_LABEL: Final = 80
IDENTITY: Final = (
    "run_id", "source", "date_created", "history", "assumptions_sha256", "code_sha256", "notices", "references",
    "comment", "license",
)  # fmt: skip
# Beginnings of names and labels where a variable has several lines; Stata allows 32 and 80 characters.
_SHORT: Final[Mapping[str, tuple[str, str]]] = {
    "fiscal_cost": ("cost", "Cost"),
    "fiscal_cost_total": ("cost_total", "Cost: total"),
    "fiscal_cost_mxn": ("mxn", "Cost"),
    "acquired_rights_by_type": ("ar", "Acquired rights"),
    "acquired_rights_by_cohort": ("ar_born", "Acquired rights, born"),
    "acquired_rights_by_wage": ("ar_wage", "Acquired rights, wage group"),
    "mpg_by_type": ("mpg", "Guarantee of new workers"),
    "contributions": ("contrib", "Contributions"),
    "contributions_by_payer": ("paid_by", "Contributions of"),
    "account_assets": ("assets", "Balances"),
    "exits": ("exits", "Exits"),
    "new_awards": ("awards", "New pensions"),
    "pensioners": ("pensioners", "Pensioners"),
    "award_service": ("service", "Mean service of new pensions"),
    "old_law_share": ("old_law", "Share taking the old law"),
    "memo": ("memo", "Memo"),
}


class Line(NamedTuple):
    """One yearly series of a dataset: a variable, or one item of it.

    Attributes
    ----------
    variable, dimension, item : str
        ``dimension`` and ``item`` are empty where the variable has no axis of its own.
    units : str
        As a person reads them, with the price base of money.
    """

    variable: str
    dimension: str
    item: str
    units: str


def units_of(item: xr.Variable | xr.DataArray) -> str:
    """Unit of a variable as a person reads it: ``percent of GDP``, ``MXN of December 1996``, ``persons``."""
    label = str(item.attrs.get("units_label", item.attrs.get("units", "")))
    base = item.attrs.get("price_basis")
    return f"{label} of {base}" if base else label


def leading(dataset: xr.Dataset | xr.DataArray) -> tuple[str, ...]:
    """Dimensions that tell projections apart: basis and scenario; case, quantile and path of a sweep."""
    return tuple(name for name in _LEADING if name in dataset.dims)


def by_row(dataset: xr.Dataset) -> tuple[str, ...]:
    """Those of a table with several lines in a row; single random paths have no place there."""
    return tuple(name for name in leading(dataset) if name != _PATH)


def _series_variables(dataset: xr.Dataset, paths: bool = False) -> Iterator[tuple[str, xr.DataArray]]:
    for name, item in dataset.data_vars.items():
        if item.dtype.kind in "fiu" and _YEAR in item.dims and (paths or _PATH not in item.dims):
            yield str(name), item


def _own_dimension(dataset: xr.Dataset, item: xr.DataArray) -> str:
    own = [str(dim) for dim in item.dims if dim not in (*leading(dataset), _YEAR)]
    if len(own) > 1:
        raise OutputError(
            f"{item.name}: has dimensions {', '.join(own)}; at most one beside the year is exported"
        )
    return own[0] if own else ""


def lines(dataset: xr.Dataset) -> list[Line]:
    """Every yearly series, in the order of the table of variables."""
    found = []
    for name, item in _series_variables(dataset):
        own = _own_dimension(dataset, item)
        labels = [str(label) for label in dataset[own].values] if own else [""]
        found += [Line(name, own, label, units_of(item)) for label in labels]
    return found


def method_of(methods: Mapping[str, str], line: Line) -> str:
    """How lines that are costs are made, empty for others. A total is a replica or reconstructed where a part of it is."""
    if line.dimension == "component":
        return methods.get(line.item, "")
    if line.variable == "fiscal_cost_total":
        return next(
            (name for name in ("replica", "reconstructed", "structural") if name in methods.values()), ""
        )
    if line.variable.startswith("acquired_rights_by"):
        return methods.get("acquired_rights", "")
    if line.variable == "mpg_by_type":
        return methods.get("mpg_new_workers", "")
    return ""


def case_methods(dataset: xr.Dataset, where: Mapping[str, object]) -> dict[str, str]:
    """Method of every component of one case; empty where the dataset holds none."""
    if METHOD not in dataset:
        return {}
    one = dataset[METHOD].sel({name: label for name, label in where.items() if name in dataset[METHOD].dims})
    if one.dims != ("component",):
        return {}
    return dict(zip(map(str, dataset.component.values), map(str, one.values), strict=True))


def of_cases(dataset: xr.Dataset) -> tuple[str, ...]:
    """Coordinates that say what a sweep's case varies."""
    return tuple(
        str(name) for name, item in dataset.coords.items() if item.dims == (_CASE,) and str(name) != _CASE
    )


def key_columns(
    dataset: xr.Dataset, cases: Sequence[Mapping[str, object]], names: Sequence[str]
) -> dict[str, NDArray[Any]]:
    """Columns that say which projection a row is of, one entry a case."""
    columns = {name: np.array([case[name] for case in cases]) for name in names}
    if _CASE not in columns:
        return columns
    place = dataset.indexes[_CASE].get_indexer(pd.Index(columns[_CASE]))
    for name in of_cases(dataset):
        columns[name] = dataset[name].values[place]
    return columns | _outcome(dataset, columns, place)


def _outcome(
    dataset: xr.Dataset, columns: Mapping[str, NDArray[Any]], place: NDArray[Any]
) -> dict[str, NDArray[Any]]:
    """Whether each projection of a sweep failed, in words, and why; with random paths how many of them did."""
    found: dict[str, NDArray[Any]] = {}
    for name in (STATUS, MESSAGE, LOST):
        if name not in dataset:
            continue
        item = dataset[name]
        values = item.values
        if "scenario" in item.dims and "scenario" in columns:
            other = dataset.indexes["scenario"].get_indexer(pd.Index(columns["scenario"]))
            values = item.transpose(_CASE, "scenario").values[place, other]
        else:
            values = values[place]
        if name == STATUS:
            meanings = str(item.attrs["flag_meanings"]).split()
            flags = np.ravel(item.attrs["flag_values"]).tolist()
            words = {int(flag): word for flag, word in zip(flags, meanings, strict=True)}
            values = np.array([words[int(flag)] for flag in values])
        found[name] = values
    return found


def each_case(dataset: xr.Dataset, names: Sequence[str]) -> Iterator[dict[str, object]]:
    """Labels of every projection of a dataset: its basis and scenario, or case, quantile and path."""
    for labels in pd.MultiIndex.from_product([dataset[name].values for name in names]) if names else [()]:
        yield dict(zip(names, labels, strict=True))


def tidy(dataset: xr.Dataset) -> pd.DataFrame:
    """One row a number.

    Returns
    -------
    pandas.DataFrame
        basis, scenario (for a sweep: case, what it varies, its status and message), variable, dimension, item, year, value,
        units, method. Missing figures have no row, unless the case failed: then its rows are there without a value.
    """
    years = dataset[_YEAR].values.astype(np.int64)
    rows: dict[tuple[str, ...], tuple[list[dict[str, object]], dict[str, NDArray[Any]]]] = {}
    parts = []
    for name, item in _series_variables(dataset, paths=True):
        # Quantiles, means and single paths of a sweep differ in their dimensions.
        names = leading(item)
        if names not in rows:
            listed = list(each_case(dataset, names))
            rows[names] = listed, key_columns(dataset, listed, names)
        cases, keys = rows[names]
        own = _own_dimension(dataset, item)
        labels = [str(label) for label in dataset[own].values] if own else [""]
        order = [*names, *([own] if own else []), _YEAR]
        values = item.transpose(*order).values.astype(np.float64)
        inner = len(labels) * years.size
        columns: dict[str, Any] = {key: np.repeat(labels_, inner) for key, labels_ in keys.items()}
        methods = []
        for case in cases:
            of_case = case_methods(dataset, case)
            methods += [method_of(of_case, Line(name, own, label, "")) for label in labels]
        columns |= {
            "variable": name,
            "dimension": own,
            "item": np.tile(np.repeat(np.array(labels, dtype=object), years.size), len(cases)),
            _YEAR: np.tile(years, len(cases) * len(labels)),
            "value": values.reshape(-1),
            "units": units_of(item),
            METHOD: np.repeat(np.array(methods, dtype=object), years.size),
        }
        parts.append(pd.DataFrame(columns))
    if not parts:
        raise OutputError("there is no yearly series to export")
    frame = pd.concat(parts, ignore_index=True)
    first = [name for name in _LEADING if name in frame]
    frame = frame[[*first, *(name for name in frame if name not in first)]]
    kept = frame["value"].notna()
    if STATUS in frame:
        kept |= frame[STATUS] == FAILED
    return frame[kept].reset_index(drop=True)


def short_name(line: Line, taken: Sequence[str] = ()) -> str:
    """Name of a line with at most 32 characters, unlike those taken."""
    beginning = _SHORT.get(line.variable, (line.variable, ""))[0]
    full = re.sub(r"\W", "_", f"{beginning}_{line.item}" if line.item else beginning)
    name, number = full[:_STATA_NAME], 2
    while name in taken:
        suffix = f"_{number}"
        name, number = full[: _STATA_NAME - len(suffix)] + suffix, number + 1
    return name


def label_of(line: Line, long_name: str) -> str:
    """What a line is, with its unit, in at most 80 characters."""
    beginning = _SHORT.get(line.variable, ("", long_name))[1]
    unit = f", {line.units}" if line.units else ""
    words = line.item.replace("_", " ")
    joint = " " if line.item.isdigit() or line.dimension == "payer" else ": "
    said = f"{beginning}{joint}{words}" if words else beginning
    return f"{said[: _STATA_LABEL - len(unit)]}{unit}"


def wide(dataset: xr.Dataset) -> tuple[pd.DataFrame, dict[str, str]]:
    """One row a year of every case, one column a line, and the label of every column.

    Returns
    -------
    pandas.DataFrame
    dict
        Column -> label.
    """
    years = dataset[_YEAR].values.astype(np.int64)
    names = by_row(dataset)
    cases = list(each_case(dataset, names))
    columns: dict[str, Any] = {
        name: np.repeat(labels_, years.size) for name, labels_ in key_columns(dataset, cases, names).items()
    }
    keys = tuple(columns)
    columns[_YEAR] = np.tile(years, len(cases))
    labels = {name: str(dataset[name].attrs.get("long_name", name)) for name in (*keys, _YEAR)}
    for line in lines(dataset):
        item = dataset[line.variable]
        if line.dimension:
            place = [str(label) for label in dataset[line.dimension].values].index(line.item)
            item = item.isel({line.dimension: place})
        name = short_name(line, tuple(columns))
        item = item.expand_dims({dim: dataset[dim].values for dim in names if dim not in item.dims})
        columns[name] = item.transpose(*names, _YEAR).values.astype(np.float64).reshape(-1)
        labels[name] = label_of(line, str(item.attrs.get("long_name", line.variable)))
    return pd.DataFrame(columns), {name: label[:_STATA_LABEL] for name, label in labels.items()}


def main_case(dataset: xr.Dataset) -> str:
    """The scenario that stands for a run where one is shown: the main one, or the first that the run has."""
    from assumptions import main_scenario

    codes = [str(code) for code in dataset.scenario.values]
    main = main_scenario()
    return main if main in codes else codes[0]


class Assumed(NamedTuple):
    """A value as some scenarios of a basis have it."""

    basis: str
    scenarios: tuple[str, ...]
    name: str
    value: float | bool | str
    unit: str
    status: str
    source: str
    title: str
    locator: str
    note: str
    range: str
    live: bool
    layer: str


def assumed(inputs: Mapping[tuple[str, str], Resolved]) -> list[Assumed]:
    """Every value behind a run; scenarios of a basis that share value and source share a row. Tables are in short."""
    from assumptions import audit
    from assumptions.units import UNITS

    found: dict[tuple[Any, ...], list[str]] = {}
    for (basis, scenario), resolved in inputs.items():
        for row in audit.register(resolved, expand=False):
            unit = UNITS[row.unit].label
            key = (
                basis, row.name, row.value, unit, row.status, row.source, row.source_title, row.locator, row.note,
                row.range, row.live, row.layer,
            )  # fmt: skip
            found.setdefault(key, []).append(scenario)
    rows = [
        Assumed(basis, tuple(scenarios), name, *rest) for (basis, name, *rest), scenarios in found.items()
    ]
    bases = list(dict.fromkeys(basis for basis, _ in inputs))
    return sorted(rows, key=lambda row: (bases.index(row.basis), row.name))


# files -------------------------------------------------------------------------------------------------------------


def write(
    dataset: xr.Dataset,
    path: str | Path,
    format_: str | None = None,
    *,
    overwrite: bool = False,
    language: str = "en",
    csv_style: str = "plain",
) -> Path:
    """Write a dataset for another program, whole or not at all.

    Parameters
    ----------
    dataset : xarray.Dataset
    path : str or Path
    format_ : str, optional
        One of :data:`FORMATS`; by default what the file's name ends in.
    overwrite : bool
        Whether an existing file is replaced.
    language : str
        Of a workbook; the other formats have codes for names and are the same in every language.
    csv_style : str
        ``plain``: comma between fields, decimal point; ``es``: semicolon and decimal comma.

    Raises
    ------
    OutputError
        If the format or language is unknown or the file cannot be written.
    """
    target = Path(path)
    chosen = check(target, format_, overwrite=overwrite)
    text = texts.load(language)
    if dataset.attrs.get("annexv_format") == schema.FORMAT:
        dataset = selection.labelled(dataset)
    with whole(target, overwrite=overwrite) as temporary:
        if chosen == WORKBOOK:
            from engine.outputs import workbook

            workbook.write(dataset, temporary, text)
        elif chosen == "csv":
            _write_csv(dataset, temporary, csv_style)
        else:
            _WRITERS[chosen](dataset, temporary)
    return target


def check(path: Path, format_: str | None, *, overwrite: bool) -> str:
    """The format to write, after refusing what cannot be written."""
    chosen = format_ or path.suffix.lower().removeprefix(".")
    if chosen not in FORMATS:
        wrong = (
            f"format {format_!r} is not known" if format_ else f"{path}: the name must end in a known format"
        )
        raise OutputError(f"{wrong}; allowed are {', '.join(FORMATS)}")
    check_target(path, overwrite=overwrite, suffixes=(f".{chosen}",))
    return chosen


def read(path: str | Path) -> xr.Dataset:
    """A run or a sweep, checked.

    Raises
    ------
    OutputError
        If the file is missing, damaged or not of annexv.
    """
    if stored.kind_of(path) == _SWEEP:
        from engine.sweeps import assemble

        with assemble.read(path) as opened:
            return opened.load()
    return netcdf.read(path)


def _write_nc(dataset: xr.Dataset, path: Path) -> None:
    source = dataset.encoding.get("source")
    if dataset.attrs.get("annexv_format") == _SWEEP and source:
        shutil.copyfile(source, path)
    else:
        netcdf.write(dataset, path, command="annexv export")


def _write_csv(dataset: xr.Dataset, path: Path, style: str = "plain") -> None:
    marks = _CSV_MARKS[style]
    defused_frame(tidy(dataset)).to_csv(path, index=False, lineterminator="\n", **marks)


def _write_parquet(dataset: xr.Dataset, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(tidy(dataset), preserve_index=False)
    about = {
        str(key).encode(): str(value).encode()
        for key, value in dataset.attrs.items()
        if key != "scenario_sha256"
    }
    pq.write_table(table.replace_schema_metadata({**(table.schema.metadata or {}), **about}), path)


def _write_dta(dataset: xr.Dataset, path: Path) -> None:
    frame, labels = wide(dataset)
    # Names of assumptions have dots, and `case` is a reserved word.
    renamed: dict[str, str] = {}
    for column in frame.columns:
        said = "case_number" if column == _CASE else str(column)
        renamed[column] = short_name(Line(said, "", "", ""), tuple(renamed.values()))
    frame = frame.rename(columns=renamed)
    # Whole numbers that no float64 of Stata holds, seeds, go as text.
    large = [
        name
        for name, kind in frame.dtypes.items()
        if kind.kind == "i" and len(frame) and int(frame[name].abs().max()) > _LARGEST_EXACT
    ]
    frame = frame.astype(dict.fromkeys(large, str))
    labels = {renamed[column]: label for column, label in labels.items()}
    written = str(dataset.attrs.get("date_created", ""))
    try:
        stamp = datetime.strptime(written, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        stamp = datetime(1996, 12, 31)
    frame.to_stata(
        path,
        write_index=False,
        variable_labels=labels,
        data_label=str(dataset.attrs.get("title", ""))[:_STATA_DATA_LABEL],
        version=118,
        time_stamp=stamp,
    )


_WRITERS: Final[Mapping[str, Callable[[xr.Dataset, Path], None]]] = {
    "nc": _write_nc,
    "csv": _write_csv,
    "dta": _write_dta,
    "parquet": _write_parquet,
}

__all__ = [
    "CSV_STYLES",
    "FORMATS",
    "IDENTITY",
    "INPUT",
    "WORKBOOK",
    "Assumed",
    "Line",
    "assumed",
    "by_row",
    "case_methods",
    "check",
    "each_case",
    "key_columns",
    "label_of",
    "lines",
    "main_case",
    "method_of",
    "read",
    "resolved_inputs",
    "runnable_inputs",
    "short_name",
    "tidy",
    "units_of",
    "wide",
    "write",
]
