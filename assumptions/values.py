"""One coercion: what an overlay, `--set`, the Python API or a sweep gives becomes a value of the parameter's kind.

All doors lead here, so equal inputs have equal verdicts and equal values. Faults are collected, none is raised.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from assumptions import value_files
from assumptions.files import TextTable, parse_date, parse_integer, parse_year, read_table
from assumptions.files.cells import quoted, years_allowed
from assumptions.model import NUMERIC, Fault, Label, Parameter, Table, Value
from assumptions.text import nearest
from assumptions.timeline import ALWAYS, RULES, DatedPath
from assumptions.units import UNITS

VALUE_KEYS = frozenset(
    {"value", "values", "rule", "csv", "column", "row", "derived", "value_of", "from_year", "later"}
)
_GIVING = ("value", "values", "csv")
_CELLS = frozenset({"value", "csv"})
_LATER = _CELLS | {"column", "coords", "from_year"}
_DEEPEST = 10
_MOST_LABELS = 1000
_KINDS_OF_KEYS = (
    ("row", ("number",)),
    ("rule", ("path",)),
    ("values", ("path",)),
    ("from_year", ("path", "table")),
    ("later", ("table",)),
    ("column", NUMERIC),
)


def as_keys(given: Any) -> dict[str, Any]:
    """The long form of what was given: a bare value is `value`, years with numbers are `values`."""
    if not isinstance(given, Mapping):
        return {"value": given}
    keys = {str(key): value for key, value in given.items()}
    # Two keys may be one text (1997 and "1997" in Python); neither may be lost.
    if len(keys) < len(given):
        return {"values": given}
    years = [key for key in keys if parse_integer(key) is not None]
    if not years or any(key in keys for key in _GIVING):
        return keys
    return {"values": {key: keys.pop(key) for key in years}, **keys}


def _written(keys: Mapping[str, Any]) -> DatedPath | None:
    """A path as its keys write it; None where they do not, or not soundly."""
    if isinstance(keys.get("value"), DatedPath):
        found: DatedPath = keys["value"]
        return found
    try:
        if "values" in keys:
            dated = {int(str(year)): float(value) for year, value in keys["values"].items()}
            years = sorted(dated)
            return DatedPath(years, [dated[year] for year in years], keys.get("rule", "step"))
        return DatedPath.constant(float(keys["value"]))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def from_year(below: Mapping[str, Any], keys: dict[str, Any]) -> dict[str, Any]:
    """Keys of a layer that changes a path or a table from a year on (`from_year`), with what stood below before.

    The keys come back as they are, `from_year` in them, where there is no path of steps, constant or table to change.
    """
    year = keys.get("from_year")
    if isinstance(year, int) and below.get("kind") == "table" and not _CELLS.isdisjoint(below):
        # What was given for the same year or a later one gives way.
        kept = [dated for dated in below.get("later", ()) if dated["from_year"] < year]
        part = {key: value for key, value in keys.items() if key in _LATER}
        rest = {key: value for key, value in keys.items() if key not in part}
        stood = {key: value for key, value in below.items() if key in _CELLS | {"column"}}
        return {**rest, **stood, "later": [*kept, part]}
    old, new = _written(below), _written(keys)
    if not isinstance(year, int) or old is None or new is None or below.get("kind", "path") != "path":
        return keys
    if new.is_constant:
        path = old.modified("replace", float(new.values[0]), year)
    elif {old.rule, new.rule} == {"step"} and int(new.years[0]) == year:
        before = old.years < year
        path = DatedPath(
            [*old.years[before].tolist(), *new.years.tolist()],
            [*old.values[before].tolist(), *new.values.tolist()],
        )
    else:
        return keys
    rest = {key: value for key, value in keys.items() if key not in ("from_year", "values", "rule")}
    return {**rest, "value": path}


def not_in(value: object, allowed: Iterable[Any]) -> str:
    """That a value is not among the allowed ones, and which is nearest."""
    words = [str(word) for word in allowed]
    return f"{quoted(value)} is not allowed; allowed are {', '.join(words)}{nearest(str(value), words)}"


def is_finite(number: float | np.floating[Any] | np.integer[Any]) -> bool:
    """Whether a number fits a float64 and is neither NaN nor infinite."""
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def possible_message(parameter: Parameter, value: Value) -> str | None:
    """What cannot be about a value that a random process took, or None; bounds of typed values do not count."""
    unit = UNITS[parameter.unit]
    if isinstance(value, Table) and value.later:
        return next(filter(None, (possible_message(parameter, table) for _, table in value.parts)), None)
    array = np.asarray(value if parameter.kind == "number" else value.values, dtype=np.float64)
    wrong = array[~((array > unit.above) & np.isfinite(array))]
    return (
        f"{wrong[0]:g} is not possible: it must be above {unit.above:g} ({unit.label})"
        if wrong.size
        else None
    )


def bounds_message(parameter: Parameter, value: Value) -> str | None:
    """What is wrong with a value's size, or None."""
    unit = UNITS[parameter.unit]
    low, high = parameter.bounds or (unit.low, unit.high)
    if parameter.kind == "number":
        smallest = largest = value
        if parameter.whole and is_finite(value) and value != math.floor(value):
            return f"{value:g} is not a whole number ({unit.label})"
    else:
        if isinstance(value, Table) and value.later:
            said = (bounds_message(parameter, table) for _, table in value.parts)
            return next((message for message in said if message), None)
        array = value.values
        smallest, largest = float(array.min()), float(array.max())
        if parameter.whole and np.isfinite(array).all() and (array != np.floor(array)).any():
            return f"{array[array != np.floor(array)][0]:g} is not a whole number ({unit.label})"
    if low <= smallest and largest <= high:
        return None
    if not (math.isfinite(smallest) and math.isfinite(largest)):
        return "is not a finite number"
    wrong = smallest if smallest < low else largest
    hint = f"; {parameter.bounds_why or unit.hint}" if parameter.bounds_why or unit.hint else ""
    return f"{wrong:g} is outside {low:g} to {high:g} ({unit.label}{hint})"


class ValueReader:
    """Reads the value of one parameter from its keys; faults go to the list it is given.

    `old` is the value so far: its labels hold where the keys give none. `bare`: a value without keys was given.
    """

    def __init__(
        self,
        parameter: Parameter,
        keys: Mapping[str, Any],
        folder: Path,
        faults: list[Fault],
        *,
        file: str | None = None,
        old: Value = None,
        bare: bool = False,
    ) -> None:
        self.parameter = parameter
        self.keys = keys
        self.folder = folder
        self.faults = faults
        self.file = parameter.layer if file is None else file
        self.old = old
        self.bare = bare
        self.row_sources: list[tuple[str, str, str]] = []

    def _with(self, keys: Mapping[str, Any], old: Value) -> ValueReader:
        reader = ValueReader(
            self.parameter, keys, self.folder, self.faults, file=self.file, old=old, bare=self.bare
        )
        reader.row_sources = self.row_sources
        return reader

    def fault(self, key: str, message: str) -> None:
        """One fault of this parameter."""
        short = not key or (self.bare and key == "value")
        path = self.parameter.name if short else f"{self.parameter.name}.{key}"
        self.faults.append(Fault(self.file, path, message))

    def read(self) -> Value | None:
        """The value, checked against type, labels and bounds; None when at fault."""
        given = [key for key in _GIVING if key in self.keys]
        if len(given) != 1:
            self.fault("", "has no value" if not given else f"is given twice, by {' and by '.join(given)}")
            return None
        for key, allowed in _KINDS_OF_KEYS:
            if key in self.keys and self.parameter.kind not in allowed:
                self.fault(key, f"is for kind {' or '.join(allowed)}; this is a {self.parameter.kind}")
                return None
        value = getattr(self, f"_{self.parameter.kind}")()
        if value is None:
            return None
        if self.parameter.kind in NUMERIC:
            message = bounds_message(self.parameter, value)
            if message:
                self.fault(given[0], message)
                return None
        return value

    @property
    def _in_quotes(self) -> str:
        return "" if self.bare else " in quotes"

    # numbers and paths -----------------------------------------------------------------------------------------

    def _finite(self, raw: Any, key: str) -> float | None:
        number = raw.item() if isinstance(raw, np.generic) else raw
        if isinstance(number, str):
            self.fault(key, f"{quoted(number)} is text{self._in_quotes}; write a bare number")
        elif isinstance(number, bool) or not isinstance(number, int | float):
            self.fault(key, f"{quoted(number)} is not a number")
        elif not is_finite(number):
            self.fault(key, f"{_short(number)} is not a finite number")
        else:
            return float(number)
        return None

    def _number(self) -> float | None:
        if "csv" not in self.keys:
            return self._finite(self.keys.get("value"), "value")
        path = self._dated_csv()
        row = self.keys.get("row")
        if path is None:
            return None
        found = path.dated().get(row) if isinstance(row, int) else None
        if found is None:
            self.fault("row", f"{row!r} is no year of {self.keys['csv']}")
        return found

    def _path(self) -> DatedPath | None:
        if "from_year" in self.keys:
            said = "changes a constant or a path of steps from a calendar year on; values beside it begin with that year"
            self.fault("from_year", said)
            return None
        if "csv" in self.keys:
            return self._dated_csv()
        if "value" in self.keys:
            raw = self.keys["value"]
            if isinstance(raw, DatedPath):
                return self._checked_path(raw)
            number = self._finite(raw, "value")
            return None if number is None else DatedPath.constant(number)
        raw = self.keys["values"]
        if not isinstance(raw, Mapping) or not raw:
            self.fault("values", "is a table of years and numbers, as { 1997 = 0.0, 2005 = 0.035 }")
            return None
        dated: dict[int, float] = {}
        for key, cell in raw.items():
            year = self._year(str(key), f"values.{key}")
            number = self._finite(cell, f"values.{key}")
            if year is not None and number is not None:
                if year in dated:
                    self.fault(f"values.{key}", f"overlapping dates: {year} is given twice")
                dated[year] = number
        return self._dated(dated) if len(dated) == len(raw) else None

    def _checked_path(self, path: DatedPath) -> DatedPath | None:
        years = [year for year in path.years.tolist() if year != ALWAYS]
        return path if all(self._year(str(year), "value") for year in years) else None

    def _year(self, text: str, key: str) -> int | None:
        year = parse_year(text)
        if year is None:
            self.fault(key, f"{quoted(text)} is no calendar year ({years_allowed()})")
        return year

    def _dated(self, dated: dict[int, float]) -> DatedPath | None:
        rule = self.keys.get("rule", "step")
        if rule not in RULES:
            self.fault("rule", not_in(rule, RULES))
            return None
        years = sorted(dated)
        return DatedPath(years, [dated[year] for year in years], rule)

    def _csv(self) -> TextTable | None:
        name = self.keys["csv"]
        if not isinstance(name, str) or not name:
            self.fault("csv", "is the name of a CSV file")
            return None
        return read_table(self.folder / name, self.faults)

    def _column_key(self) -> str | None:
        name = self.keys.get("column", "value")
        if not isinstance(name, str):
            self.fault("column", "is the name of a column")
            return None
        return name

    def _dated_csv(self) -> DatedPath | None:
        table, column = self._csv(), self._column_key()
        if table is None or column is None:
            return None
        dated = value_files.dated(table, column, self.parameter.name, self.faults)
        if dated is None:
            return None
        self.row_sources.extend(value_files.sources_of_rows(table))
        return self._dated(dated)

    # tables ----------------------------------------------------------------------------------------------------

    def _labels(self) -> dict[str, tuple[Label, ...]] | None:
        if "coords" not in self.keys and isinstance(self.old, Table):
            return self.old.coords
        raw = self.keys.get("coords")
        axes = self.parameter.axes
        if not isinstance(raw, Mapping) or set(raw) != set(axes):
            self.fault("coords", f"must give the labels of {', '.join(axes)}")
            return None
        coords: dict[str, tuple[Label, ...]] = {}
        for axis in axes:
            labels = labels_of(raw[axis])
            if isinstance(labels, str):
                self.fault(f"coords.{axis}", labels)
                return None
            coords[axis] = labels
        return coords

    def _table(self) -> Table | None:
        if "from_year" in self.keys:
            return self._from_year()
        found = self._one_table()
        later = self.keys.get("later", [])
        if not isinstance(later, list) or not all(isinstance(dated, Mapping) for dated in later):
            self.fault("later", "is a list of tables, as [{ from_year = 2010, value = [...] }]")
            return None
        before = ALWAYS
        for number, dated in enumerate(later, 1):
            at = f"later.{number}"
            unknown = [key for key in dated if key not in _LATER]
            if unknown:
                self.fault(f"{at}.{unknown[0]}", f"unknown key; allowed are {', '.join(sorted(_LATER))}")
            year = self._year(str(dated.get("from_year")), f"{at}.from_year")
            if year is not None and year <= before:
                self.fault(f"{at}.from_year", f"{year} is not after {before}; years must rise")
            if unknown or year is None or year <= before or found is None:
                return None
            before = year
            table = self._with({"coords": found.in_year(year).coords, **dated}, None)._one_table()
            found = None if table is None else found.from_year(year, table)
        return found

    def _from_year(self) -> Table | None:
        if not isinstance(self.old, Table):
            self.fault("from_year", "changes a table from a calendar year on, and there is none to change")
            return None
        year = self._year(str(self.keys["from_year"]), "from_year")
        keys = {key: value for key, value in self.keys.items() if key != "from_year"}
        # Where no labels are given those that hold in the year stay.
        table = None if year is None else self._with(keys, self.old.in_year(year))._one_table()
        return None if year is None or table is None else self.old.from_year(year, table)

    def _one_table(self) -> Table | None:
        raw = self.keys.get("value")
        if isinstance(raw, Table):
            return self._checked_table(raw)
        coords = self._labels()
        if coords is None:
            return None
        axes = self.parameter.axes
        shape = tuple(len(coords[axis]) for axis in axes)
        if "csv" in self.keys:
            table, column = self._csv(), self._column_key()
            if table is None or column is None:
                return None
            cells = value_files.cells(table, column, axes, coords, self.parameter.name, self.faults)
            return None if cells is None else Table(axes, coords, cells)
        if isinstance(raw, Mapping) and len(axes) == 1:
            labels = coords[axes[0]]
            given = {str(key): cell for key, cell in raw.items()}
            wrong = (
                value_files.wrong_labels(axes[0], labels, given)
                if len(given) == len(raw)
                else "a label twice"
            )
            if wrong:
                self.fault("value", wrong)
                return None
            raw = [given[str(label)] for label in labels]
        array = self._array(raw)
        if array is None:
            return None
        if array.ndim and array.shape != shape:
            self.fault("value", f"has shape {array.shape}; {' x '.join(axes)} needs {shape}")
            return None
        return Table(axes, coords, np.broadcast_to(array, shape))

    def _checked_table(self, table: Table) -> Table | None:
        axes = self.parameter.axes
        if table.axes != axes:
            self.fault("value", f"has axes {table.axes}; {axes} are needed")
        elif isinstance(self.old, Table) and not same_labels(
            table.coords, self.old.coords, self.parameter.free_axes
        ):
            self.fault("value", fixed_labels(self.parameter.free_axes))
        else:
            return table
        return None

    def _array(self, raw: Any) -> np.ndarray[Any, Any] | None:
        if isinstance(raw, np.ndarray) and raw.ndim:
            if raw.dtype.kind not in "iuf":
                self.fault("value", f"is no array of numbers (its type is {raw.dtype})")
                return None
            return raw.astype(np.float64, copy=False)
        flat: list[float] = []
        shape = self._flatten(raw.item() if isinstance(raw, np.ndarray) else raw, flat)
        return None if shape is None else np.array(flat).reshape(shape)

    def _flatten(self, raw: Any, flat: list[float], depth: int = 0) -> tuple[int, ...] | None:
        if not isinstance(raw, list | tuple | np.ndarray):
            number = self._finite(raw, "value")
            if number is None:
                return None
            flat.append(number)
            return ()
        shapes = [self._flatten(item, flat, depth + 1) for item in raw] if depth < _DEEPEST else []
        if not shapes or any(shape is None or shape != shapes[0] for shape in shapes):
            if None not in shapes:
                self.fault("value", "is a ragged or empty list")
            return None
        return (len(raw), *(shapes[0] or ()))

    # words -----------------------------------------------------------------------------------------------------

    def _switch(self) -> str | None:
        raw = self.keys.get("value")
        if not isinstance(raw, str) or raw not in self.parameter.choices:
            self.fault("value", not_in(raw, self.parameter.choices))
            return None
        return str(raw)

    def _flag(self) -> bool | None:
        raw = self.keys.get("value")
        if not isinstance(raw, bool | np.bool_):
            said = "allowed are true and false" if self.bare else "write true or false, without quotes"
            self.fault("value", f"{quoted(raw)} is not allowed; {said}")
            return None
        return bool(raw)

    def _text(self) -> str | None:
        raw = self.keys.get("value")
        if not isinstance(raw, str):
            self.fault("value", f"{quoted(raw)} is not text; write it in quotes")
            return None
        return str(raw)

    def _date(self) -> str | None:
        raw = self.keys.get("value")
        found = parse_date(raw)
        if found is None:
            self.fault("value", f"{quoted(raw)} is no date; write it as 1997-01-01")
        return found


def _short(number: float) -> str:
    return str(number) if isinstance(number, float) else f"{number:#x}"[:20] + "..."


def labels_of(raw: Any) -> tuple[Label, ...] | str:
    """Labels of an axis from a list or a range as '15..70'; a text says what is wrong."""
    if isinstance(raw, str) and ".." in raw:
        low, high = (parse_integer(part) for part in raw.split("..", 1))
        if low is None or high is None or high < low:
            return f"{quoted(raw)} is not a range as '15..70'"
        if high - low > _MOST_LABELS:
            return f"{quoted(raw)} has more than {_MOST_LABELS} labels"
        return tuple(range(low, high + 1))
    if not isinstance(raw, list | tuple) or not raw or not all(_is_label(item) for item in raw):
        return "is a list of labels or a range as '15..70'"
    return "has a label twice" if len(set(raw)) != len(raw) else tuple(raw)


def _is_label(item: Any) -> bool:
    return isinstance(item, str | int) and not isinstance(item, bool)


def same_labels(new: Mapping[str, Any], old: Mapping[str, Any], free: Iterable[str]) -> bool:
    """Whether labels differ on free axes only; those of the others are known to the code that uses the table."""
    if new is old:
        return True
    return set(new) == set(old) and all(
        axis in free or labels_of(new[axis]) == labels_of(old[axis]) for axis in old
    )


def fixed_labels(free: Iterable[str]) -> str:
    """That the labels of a table are not free."""
    return f"labels can be changed by an overlay on free axes only (here {', '.join(free) or 'none'})"
