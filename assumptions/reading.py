"""From TOML and CSV to layers of entries, and from entries to values; every fault is collected, none raised."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from assumptions.derived import REGISTRY
from assumptions.model import (
    KINDS,
    NUMERIC,
    STATUSES,
    Derivation,
    Fault,
    Label,
    OverlayHeader,
    Parameter,
    Source,
    Table,
    Value,
)
from assumptions.text import nearest, parse_integer, parse_number, read_csv, read_toml, shown
from assumptions.timeline import RULES, DatedPath
from assumptions.units import UNITS

VALUE_KEYS = frozenset({"value", "values", "rule", "csv", "column", "row", "derived", "value_of"})
PROVENANCE_KEYS = frozenset(
    {"status", "source", "locator", "note", "range", "range_of", "method", "target", "start"}
)
DECLARED_KEYS = frozenset(
    {
        "kind",
        "unit",
        "choices",
        "axes",
        "free_axes",
        "bounds",
        "used_when",
        "input_only",
        "documentary",
        "whole",
        "scaling",
    }
)
ALL_KEYS = VALUE_KEYS | PROVENANCE_KEYS | DECLARED_KEYS | {"coords"}
USER_SOURCE = "user"


@dataclass(frozen=True)
class Entry:
    """What one layer says about one name: TOML keys, the file they stand in, the folder its CSVs lie in."""

    keys: dict[str, Any]
    file: str
    folder: Path
    by_user: bool = False


@dataclass
class Layer:
    """One file: header, declarations (base and basis files), overrides, overrides for one basis only."""

    file: str
    header: OverlayHeader | None = None
    declared: dict[str, Entry] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    only: dict[str, dict[str, Entry]] = field(default_factory=dict)
    chosen: bool = False


def pydantic_faults(file: str, path: str, error: ValidationError) -> list[Fault]:
    """Faults in our words for what pydantic found."""
    faults = []
    for item in error.errors():
        at = ".".join([path, *(str(part) for part in item["loc"])]).strip(".")
        if item["type"] == "extra_forbidden":
            message = "unknown key"
        elif item["type"] == "missing":
            message = "is missing"
        else:
            message = f"{item['msg'][0].lower()}{item['msg'][1:]} (found {item['input']!r})"
        faults.append(Fault(file, at, message))
    return faults


def _tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    return value


def read_sources(path: Path, faults: list[Fault]) -> dict[str, Source]:
    """The register of sources: id -> Source."""
    tree = read_toml(path, faults) or {}
    sources: dict[str, Source] = {}
    for identity, keys in tree.items():
        if not isinstance(keys, dict):
            faults.append(Fault(shown(path), identity, "a source is a table with at least a title"))
            continue
        try:
            sources[identity] = Source.model_validate(keys)
        except ValidationError as error:
            faults.extend(pydantic_faults(shown(path), identity, error))
    return sources


def read_header(tree: dict[str, Any], file: str, faults: list[Fault]) -> OverlayHeader | None:
    """The `[overlay]` table of a layer, taken out of the tree."""
    raw = tree.pop("overlay", None)
    if not isinstance(raw, dict):
        faults.append(
            Fault(file, "overlay", 'is missing: an overlay starts with [overlay] and title = "..."')
        )
        return None
    allowed = OverlayHeader.model_fields
    unknown = [key for key in raw if key not in allowed]
    for key in unknown:
        faults.append(
            Fault(
                file,
                f"overlay.{key}",
                f"unknown key; allowed are {', '.join(allowed)}{nearest(key, allowed)}",
            )
        )
    if isinstance(raw.get("status"), str) and raw["status"] not in STATUSES:
        faults.append(Fault(file, "overlay.status", _not_in(raw["status"], STATUSES)))
        return None
    try:
        return OverlayHeader.model_validate(
            {key: _tuples(value) for key, value in raw.items() if key in allowed}
        )
    except ValidationError as error:
        faults.extend(pydantic_faults(file, "overlay", error))
        return None


def _not_in(value: object, allowed: Any) -> str:
    return (
        f"{value!r} is not allowed; allowed are {', '.join(map(str, allowed))}{nearest(str(value), allowed)}"
    )


def split_declarations(
    tree: dict[str, Any], file: str, folder: Path
) -> tuple[dict[str, Entry], dict[str, Any]]:
    """Tables with a `kind` are declarations; what remains are overrides."""
    declared: dict[str, Entry] = {}

    def walk(node: dict[str, Any], prefix: str) -> dict[str, Any]:
        rest: dict[str, Any] = {}
        for key, value in node.items():
            name = f"{prefix}{key}"
            if isinstance(value, dict) and isinstance(value.get("kind"), str):
                declared[name] = Entry(value, file, folder)
            elif isinstance(value, dict) and value:
                remains = walk(value, f"{name}.")
                if remains:
                    rest[key] = remains
            else:
                rest[key] = value
        return rest

    return declared, walk(tree, "")


def collect_overrides(
    tree: dict[str, Any], file: str, folder: Path, known: dict[str, Entry], faults: list[Fault], by_user: bool
) -> dict[str, Entry]:
    """Overrides by dotted name; a bare value is short for `{ value = ... }`. Unknown names become faults."""
    entries: dict[str, Entry] = {}
    prefixes = {name[:at] for name in known for at, letter in enumerate(name) if letter == "."}

    def walk(node: dict[str, Any], prefix: str) -> None:
        for key, value in node.items():
            name = f"{prefix}{key}"
            if name in known:
                entries[name] = _entry(name, value, file, folder, known[name], faults, by_user)
            elif isinstance(value, dict) and name in prefixes:
                walk(value, f"{name}.")
            else:
                faults.append(Fault(file, name, f"unknown name{nearest(name, known)}"))

    walk(tree, "")
    return entries


def _entry(
    name: str, value: Any, file: str, folder: Path, base: Entry, faults: list[Fault], by_user: bool
) -> Entry:
    if isinstance(value, dict) and not (value and all(parse_integer(str(key)) is not None for key in value)):
        keys = dict(value)
    elif isinstance(value, dict):
        keys = {"values": value}
    else:
        keys = {"value": value}
    for key in list(keys):
        if key in DECLARED_KEYS:
            same = keys[key] == base.keys.get(key, "none" if key == "unit" else None)
            if not same:
                faults.append(
                    Fault(
                        file,
                        f"{name}.{key}",
                        f"cannot be changed by an overlay (it is {base.keys.get(key, 'not set')!r})",
                    )
                )
            del keys[key]
        elif key == "coords" and not _may_change(keys[key], base):
            free = ", ".join(base.keys.get("free_axes", ())) or "none"
            message = f"labels can be changed by an overlay on free axes only (here {free})"
            faults.append(Fault(file, f"{name}.coords", message))
            del keys[key]
        elif key not in ALL_KEYS:
            allowed = sorted(ALL_KEYS - DECLARED_KEYS)
            faults.append(
                Fault(
                    file,
                    f"{name}.{key}",
                    f"unknown key; allowed are {', '.join(allowed)}{nearest(key, allowed)}",
                )
            )
            del keys[key]
    return Entry(keys, file, folder, by_user)


def _may_change(coords: Any, base: Entry) -> bool:
    # labels of an axis that is not free are known to the code that uses the table
    below = base.keys.get("coords")
    if not isinstance(coords, dict) or not isinstance(below, dict) or set(coords) != set(below):
        return False
    free = base.keys.get("free_axes", ())
    return all(axis in free or coords[axis] == below[axis] for axis in below)


def read_layer(
    path: Path, known: dict[str, Entry], faults: list[Fault], bases: tuple[str, ...], by_user: bool
) -> Layer:
    """An overlay file: header, values by dotted name, and `[only.<basis>]` sections."""
    file = shown(path)
    layer = Layer(file)
    tree = read_toml(path, faults)
    if tree is None:
        return layer
    layer.header = read_header(tree, file, faults)
    only = tree.pop("only", {})
    if not isinstance(only, dict):
        faults.append(Fault(file, "only", "is a table of sections [only.<basis>]"))
        only = {}
    layer.entries = collect_overrides(tree, file, path.parent, known, faults, by_user)
    for basis, section in only.items():
        if basis not in bases or not isinstance(section, dict):
            faults.append(Fault(file, f"only.{basis}", f"no such basis; allowed are {', '.join(bases)}"))
            continue
        layer.only[basis] = collect_overrides(section, file, path.parent, known, faults, by_user)
    return layer


def merge(below: dict[str, Any], entry: Entry, header: OverlayHeader | None) -> dict[str, Any]:
    """Keys of a name after one more layer.

    A layer that gives a value replaces every way the value was given below. A shipped layer must say where its
    value comes from, so what was said about the old value goes too; a user's value keeps the range of sweeps.
    """
    keys = dict(below)
    if VALUE_KEYS.isdisjoint(entry.keys):
        keys.update(entry.keys)
        return keys
    kept = {"range", "range_of"} if entry.by_user else set()
    dropped = VALUE_KEYS | (PROVENANCE_KEYS - kept)
    keys = {key: value for key, value in keys.items() if key not in dropped}
    if entry.by_user:
        said = header.source if header is not None else ""
        keys.update(status="user", source=USER_SOURCE, locator=said or entry.file)
    elif header is not None:
        defaults = {"status": header.status, "source": header.source, "locator": header.locator}
        keys.update({key: value for key, value in defaults.items() if value})
    keys.update(entry.keys)
    return keys


def build_parameter(
    name: str, keys: dict[str, Any], file: str, sources: dict[str, Source], faults: list[Fault]
) -> Parameter | None:
    """The frozen parameter of merged keys, without its value; None when they are at fault."""
    before = len(faults)

    def fault(key: str, message: str) -> None:
        faults.append(Fault(file, f"{name}.{key}" if key else name, message))

    for key in keys:
        if key not in ALL_KEYS:
            fault(key, f"unknown key; allowed are {', '.join(sorted(ALL_KEYS))}{nearest(key, ALL_KEYS)}")
    kind, unit, status, source = (keys.get(key) for key in ("kind", "unit", "status", "source"))
    if not isinstance(kind, str) or kind not in KINDS:
        fault("kind", _not_in(kind, KINDS))
        return None
    if unit is None and kind in NUMERIC:
        fault("unit", f"is missing; allowed are {', '.join(UNITS)}")
    elif unit is not None and (not isinstance(unit, str) or unit not in UNITS):
        fault("unit", _not_in(unit, UNITS))
    if status is None:
        fault("status", f"is missing; allowed are {', '.join(STATUSES)}")
    elif status not in (*STATUSES, "user"):
        fault("status", _not_in(status, STATUSES))
    if source is None:
        fault("source", "is missing; name an id of sources.toml")
    elif not isinstance(source, str) or source not in sources:
        fault("source", f"{source!r} is no id of sources.toml{nearest(str(source), sources)}")
    if not keys.get("locator"):
        fault("locator", "is missing; say the article, page, table or column")
    derivation = _derivation(keys, fault)
    if status == "judgement" and not keys.get("note") and "value_of" not in keys:
        fault("note", "is missing; a judgement says why")
    if (
        status in ("judgement", "calibrated")
        and kind in NUMERIC
        and "range" not in keys
        and derivation is None
    ):
        fault("range", f"is missing; a {status} value has a range = [low, high] for sweeps")
    fitted = status == "calibrated" and kind in NUMERIC and "value_of" not in keys
    if fitted and not (keys.get("method") and keys.get("target")):
        fault("method", "is missing; a calibrated value names method and target")
    if kind == "switch" and not keys.get("choices"):
        fault("choices", "is missing; a switch has a closed list")
    if kind == "table" and not keys.get("axes"):
        fault("axes", "is missing; a table names its axes")
    if kind == "table" and unit == "probability_per_year" and not keys.get("scaling"):
        fault("scaling", "is missing; a table of probabilities says what scaling does: cap or force")
    if len(faults) > before:
        return None
    fields = {key: _tuples(value) for key, value in keys.items() if key not in VALUE_KEYS | {"coords"}}
    try:
        return Parameter.model_validate({**fields, "name": name, "derived": derivation, "layer": file})
    except ValidationError as error:
        faults.extend(pydantic_faults(file, name, error))
        return None


def _derivation(keys: dict[str, Any], fault: Any) -> Derivation | None:
    if "value_of" in keys:
        if not isinstance(keys["value_of"], str):
            fault("value_of", "is the dotted name of another parameter")
            return None
        return Derivation(function="same", inputs=(keys["value_of"],))
    raw = keys.get("derived")
    if raw is None:
        return None
    if not isinstance(raw, dict) or set(raw) != {"function", "inputs"}:
        fault("derived", "is { function = ..., inputs = [...] }")
        return None
    if not isinstance(raw["function"], str) or raw["function"] not in REGISTRY:
        fault("derived.function", _not_in(raw["function"], REGISTRY))
        return None
    if not isinstance(raw["inputs"], list) or not all(isinstance(name, str) for name in raw["inputs"]):
        fault("derived.inputs", "is a list of dotted names")
        return None
    return Derivation(function=raw["function"], inputs=tuple(raw["inputs"]))


def is_finite(number: float | np.floating[Any] | np.integer[Any]) -> bool:
    """Whether a number fits a float64 and is neither NaN nor infinite."""
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def bounds_message(parameter: Parameter, value: Value, *, process: bool = False) -> str | None:
    """What is wrong with a value's size, or None.

    A value that somebody gives is held to the bounds of the parameter; one that a random process takes (``process``) to what
    is possible in its unit.
    """
    unit = UNITS[parameter.unit]
    if process:
        array = np.asarray(value if parameter.kind == "number" else value.values, dtype=np.float64)
        wrong = array[~((array > unit.above) & np.isfinite(array))]
        return (
            f"{wrong[0]:g} is not possible: it must be above {unit.above:g} ({unit.label})"
            if wrong.size
            else None
        )
    low, high = parameter.bounds or (unit.low, unit.high)
    if parameter.kind == "number":
        smallest = largest = value
        if parameter.whole and is_finite(value) and value != math.floor(value):
            return f"{value:g} is not a whole number ({unit.label})"
    else:
        array = value.values
        smallest, largest = float(array.min()), float(array.max())
    if low <= smallest and largest <= high:
        return None
    if not (math.isfinite(smallest) and math.isfinite(largest)):
        return "is not a finite number"
    wrong = smallest if smallest < low else largest
    hint = f"; {unit.hint}" if unit.hint else ""
    return f"{wrong:g} is outside {low:g} to {high:g} ({unit.label}{hint})"


class ValueReader:
    """Reads the value of one parameter from its keys; faults go to the list it is given."""

    def __init__(self, parameter: Parameter, keys: dict[str, Any], folder: Path, faults: list[Fault]) -> None:
        self.parameter = parameter
        self.keys = keys
        self.folder = folder
        self.faults = faults
        self.row_sources: list[tuple[str, str, str]] = []

    def fault(self, key: str, message: str) -> None:
        """One fault of this parameter."""
        path = f"{self.parameter.name}.{key}" if key else self.parameter.name
        self.faults.append(Fault(self.parameter.layer, path, message))

    def read(self) -> Value | None:
        """The value, checked against type, labels and bounds; None when at fault."""
        given = [key for key in ("value", "values", "csv") if key in self.keys]
        if len(given) != 1:
            self.fault("", "has no value" if not given else f"is given twice, by {' and by '.join(given)}")
            return None
        for key, allowed in (
            ("row", ("number",)),
            ("rule", ("path",)),
            ("values", ("path",)),
            ("column", NUMERIC),
        ):
            if key in self.keys and self.parameter.kind not in allowed:
                self.fault(key, f"is for kind {' or '.join(allowed)}; this is a {self.parameter.kind}")
                return None
        value = getattr(self, f"_{self.parameter.kind}")()
        if value is None:
            return None
        if self.parameter.kind in NUMERIC:
            message = bounds_message(self.parameter, value)
            if message:
                self.fault("value" if "value" in self.keys else given[0], message)
                return None
        return value

    def _finite(self, raw: Any, key: str) -> float | None:
        if isinstance(raw, str):
            self.fault(key, f"{raw!r} is text in quotes; write a bare number")
        elif isinstance(raw, bool) or not isinstance(raw, int | float):
            self.fault(key, f"{raw!r} is not a number")
        elif not is_finite(raw):
            self.fault(key, f"{str(raw)[:40]} is not a finite number")
        else:
            return float(raw)
        return None

    def _number(self) -> float | None:
        if "csv" not in self.keys:
            return self._finite(self.keys["value"], "value")
        path = self._dated_csv()
        row = self.keys.get("row")
        if path is None:
            return None
        found = path.dated().get(row) if isinstance(row, int) else None
        if found is None:
            self.fault("row", f"{row!r} is no year of {self.keys['csv']}")
        return found

    def _path(self) -> DatedPath | None:
        if "csv" in self.keys:
            return self._dated_csv()
        if "value" in self.keys:
            number = self._finite(self.keys["value"], "value")
            return None if number is None else DatedPath.constant(number)
        raw = self.keys["values"]
        if not isinstance(raw, dict) or not raw:
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

    def _year(self, text: str, key: str) -> int | None:
        year = parse_integer(text)
        unit = UNITS["calendar_year"]
        if year is None or not unit.low <= year <= unit.high:
            self.fault(key, f"{text!r} is no calendar year ({unit.low:g} to {unit.high:g})")
            return None
        return year

    def _dated(self, dated: dict[int, float]) -> DatedPath | None:
        rule = self.keys.get("rule", "step")
        if rule not in RULES:
            self.fault("rule", _not_in(rule, RULES))
            return None
        years = sorted(dated)
        return DatedPath(years, [dated[year] for year in years], rule)

    def _csv(self) -> Any:
        name = self.keys["csv"]
        if not isinstance(name, str):
            self.fault("csv", "is the name of a CSV file")
            return None
        return read_csv(self.folder / name, self.faults)

    def _cell(self, table: Any, line: int, text: str, column: str) -> float | None:
        number = parse_number(text)
        if number is None:
            self.faults.append(
                Fault(table.file, f"line {line}", f"column '{column}': {text!r} is not a number (as 1234.5)")
            )
        return number

    def _column(self, table: Any, wanted: str) -> str | None:
        if wanted not in table.header:
            self.faults.append(
                Fault(
                    table.file,
                    self.parameter.name,
                    f"has no column '{wanted}'; it has {', '.join(table.header)}",
                )
            )
            return None
        return wanted

    def _dated_csv(self) -> DatedPath | None:
        table = self._csv()
        if table is None:
            return None
        column = self._column(table, self.keys.get("column", "value"))
        if self._column(table, "year") is None or column is None:
            return None
        dated: dict[int, float] = {}
        before = len(self.faults)
        sourced = "source" in table.header and "status" in table.header
        for at, (line, label, text) in enumerate(
            zip(table.lines, table.column("year"), table.column(column), strict=True)
        ):
            year, number = parse_integer(label), self._cell(table, line, text, column)
            if year is None:
                self.faults.append(Fault(table.file, f"line {line}", f"{label!r} is no calendar year"))
            elif year in dated:
                self.faults.append(
                    Fault(table.file, f"line {line}", f"overlapping dates: {year} is given twice")
                )
            elif number is not None:
                dated[year] = number
                if sourced:
                    self.row_sources.append((label, table.column("status")[at], table.column("source")[at]))
        return self._dated(dated) if len(self.faults) == before else None

    def _labels(self) -> dict[str, tuple[Label, ...]] | None:
        raw = self.keys.get("coords")
        axes = self.parameter.axes
        if not isinstance(raw, dict) or set(raw) != set(axes):
            self.fault("coords", f"must give the labels of {', '.join(axes)}")
            return None
        coords: dict[str, tuple[Label, ...]] = {}
        for axis in axes:
            labels = raw[axis]
            if isinstance(labels, str) and ".." in labels:
                low, high = (parse_integer(part) for part in labels.split("..", 1))
                if low is None or high is None or high < low:
                    self.fault(f"coords.{axis}", f"{labels!r} is not a range as '15..70'")
                    return None
                coords[axis] = tuple(range(low, high + 1))
            elif isinstance(labels, list) and labels and all(isinstance(item, str | int) for item in labels):
                coords[axis] = tuple(labels)
                if len(set(labels)) != len(labels):
                    self.fault(f"coords.{axis}", "has a label twice")
                    return None
            else:
                self.fault(f"coords.{axis}", "is a list of labels or a range as '15..70'")
                return None
        return coords

    def _table(self) -> Table | None:
        coords = self._labels()
        if coords is None:
            return None
        axes = self.parameter.axes
        shape = tuple(len(coords[axis]) for axis in axes)
        if "csv" in self.keys:
            cells = self._table_csv(coords)
            return None if cells is None else Table(axes, coords, cells)
        raw = self.keys["value"]
        if isinstance(raw, dict) and len(axes) == 1:
            labels = coords[axes[0]]
            missing = [label for label in labels if str(label) not in raw]
            extra = [key for key in raw if key not in {str(label) for label in labels}]
            if missing or extra:
                self.fault("value", self._wrong_labels(axes[0], missing, extra))
                return None
            raw = [raw[str(label)] for label in labels]
        flat: list[float] = []
        found = self._flatten(raw, flat)
        if found is None:
            return None
        if found == ():
            return Table(axes, coords, np.full(shape, flat[0]))
        if found != shape:
            self.fault("value", f"has shape {found}; {' x '.join(axes)} needs {shape}")
            return None
        return Table(axes, coords, np.array(flat).reshape(shape))

    def _flatten(self, raw: Any, flat: list[float]) -> tuple[int, ...] | None:
        if not isinstance(raw, list):
            number = self._finite(raw, "value")
            if number is None:
                return None
            flat.append(number)
            return ()
        shapes = [self._flatten(item, flat) for item in raw]
        if not shapes or any(shape is None or shape != shapes[0] for shape in shapes):
            if None not in shapes:
                self.fault("value", "is a ragged or empty list")
            return None
        return (len(raw), *(shapes[0] or ()))

    @staticmethod
    def _wrong_labels(axis: str, missing: list[Any], extra: list[Any]) -> str:
        parts = []
        if missing:
            parts.append(f"missing {axis} {', '.join(map(str, missing))}")
        if extra:
            parts.append(f"unexpected {axis} {', '.join(map(str, extra))}")
        return "; ".join(parts)

    def _table_csv(self, coords: dict[str, tuple[Label, ...]]) -> np.ndarray[Any, Any] | None:
        table = self._csv()
        if table is None:
            return None
        axes = self.parameter.axes
        in_header = [axis for axis in axes if axis in table.header]
        before = len(self.faults)
        cells: dict[tuple[Label, ...], float] = {}
        wide = [axis for axis in axes if axis not in in_header]
        if len(wide) > 1:
            for axis in wide:
                self._column(table, axis)
            return None
        columns: list[tuple[str, Label | None]]
        if wide:
            columns = [(str(label), label) for label in coords[wide[0]]]
        else:
            columns = [(self.keys.get("column", "value"), None)]
        for column, _ in columns:
            self._column(table, column)
        if len(self.faults) > before:
            return None
        at = {name: index for index, name in enumerate(table.header)}
        known = {axis: {str(label): label for label in coords[axis]} for axis in axes}
        for line, row in zip(table.lines, table.rows, strict=True):
            place: dict[str, Label] = {}
            for axis in in_header:
                label = known[axis].get(row[at[axis]])
                if label is None:
                    self.faults.append(
                        Fault(
                            table.file,
                            f"line {line}",
                            f"unexpected {axis} {row[at[axis]]!r} (expected {self._span(coords[axis])})",
                        )
                    )
                else:
                    place[axis] = label
            if len(place) != len(in_header):
                continue
            for column, label in columns:
                number = self._cell(table, line, row[at[column]], column)
                if label is not None:
                    place[wide[0]] = label
                key = tuple(place[axis] for axis in axes)
                if key in cells:
                    self.faults.append(Fault(table.file, f"line {line}", f"{key} is given twice"))
                elif number is not None:
                    cells[key] = number
                else:
                    cells[key] = math.nan
        for axis in in_header if len(self.faults) == before else ():
            present = {key[axes.index(axis)] for key in cells}
            missing = [label for label in coords[axis] if label not in present]
            if missing:
                self.faults.append(
                    Fault(table.file, self.parameter.name, self._wrong_labels(axis, missing, []))
                )
        if len(self.faults) > before:
            return None
        shape = tuple(len(coords[axis]) for axis in axes)
        if len(cells) != math.prod(shape):
            self.faults.append(
                Fault(
                    table.file, self.parameter.name, f"{len(cells)} cells where {math.prod(shape)} are needed"
                )
            )
            return None
        grid = (
            np.array(np.meshgrid(*(range(size) for size in shape), indexing="ij")).reshape(len(shape), -1).T
        )
        flat = [
            cells[tuple(coords[axis][index] for axis, index in zip(axes, spot, strict=True))] for spot in grid
        ]
        return np.array(flat).reshape(shape)

    @staticmethod
    def _span(labels: tuple[Label, ...]) -> str:
        if isinstance(labels[0], int):
            return f"{labels[0]} to {labels[-1]}"
        return ", ".join(map(str, labels))

    def _switch(self) -> str | None:
        raw = self.keys.get("value")
        if not isinstance(raw, str) or raw not in self.parameter.choices:
            self.fault("value", _not_in(raw, self.parameter.choices))
            return None
        return raw

    def _flag(self) -> bool | None:
        raw = self.keys.get("value")
        if not isinstance(raw, bool):
            self.fault("value", f"{raw!r} is not allowed; write true or false, without quotes")
            return None
        return raw

    def _text(self) -> str | None:
        raw = self.keys.get("value")
        if not isinstance(raw, str):
            self.fault("value", f"{raw!r} is not text; write it in quotes")
            return None
        return raw

    def _date(self) -> str | None:
        raw = self.keys.get("value")
        if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
            return raw.isoformat()
        try:
            return dt.date.fromisoformat(raw if isinstance(raw, str) else "").isoformat()
        except ValueError:
            self.fault("value", f"{raw!r} is no date; write it as 1997-01-01")
            return None
