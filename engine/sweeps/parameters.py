"""The varied assumptions of a sweep file, read and checked."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from assumptions import (
    AssumptionError,
    Fault,
    Resolved,
)
from assumptions.files import likely_cause, parse_number, read_table
from assumptions.files.cells import quoted
from assumptions.files.tables import fold
from assumptions.scaling import MODES
from assumptions.text import nearest
from assumptions.units import UNITS
from assumptions.values import is_finite
from cohorts.members import NOTE
from engine.sweeps import distributions, policy
from engine.sweeps.correlations import pairs_of, positive
from engine.sweeps.lever_entries import lever_of, moved_twice
from engine.sweeps.reader import Reader
from engine.sweeps.spec import (
    CORRELATED,
    LABELLED,
    NUMERIC,
    SCENARIO,
    SCENARIO_LABEL,
    Pair,
    Swept,
    as_word,
)

_MOST_VARIANTS: Final = 1024
# They set which years there are; the cases of one file share a `year` axis.
_HORIZON: Final = ("reform.first_year", "reform.last_year", "reform.state_year")
_PARAMETER: Final = ("name", "mode", "from_year", "values", "distribution")
_IN_VAIN: Final = "has no effect in a design of kind table: the file has the values"


class Packs(NamedTuple):
    """What parameters are judged against.

    Attributes
    ----------
    kind : str
        Of the design; empty where it is none.
    resolved : sequence of Resolved
        One for each scenario.
    variants : sequence of sequences of Resolved
        Each of them under every combination of the switches that are varied, itself first.
    varied : tuple of str
        Choices of a varied scenario.
    """

    kind: str
    resolved: Sequence[Resolved]
    variants: Sequence[Sequence[Resolved]]
    varied: tuple[str, ...]

    @property
    def tried(self) -> Iterable[Resolved]:
        """Every pack that some case may be made of."""
        return itertools.chain.from_iterable(self.variants)


def variants_of(raw: Mapping[str, Any], resolved: Sequence[Resolved]) -> list[list[Resolved]]:
    """Every pack under every combination of the switches that are varied, itself first."""
    entries = raw.get("parameter")
    switches: dict[str, list[Any]] = {}
    for entry in entries if isinstance(entries, list | tuple) else ():
        name = entry.get("name") if isinstance(entry, Mapping) else None
        if isinstance(name, str) and resolved and resolved[0].has(name):
            item = resolved[0].item(name)
            if item.kind in LABELLED:
                known: list[Any] = [True, False] if item.kind == "flag" else list(item.choices)
                given = entry.get("values")
                values = given if isinstance(given, list | tuple) else known
                switches[name] = [value for value in values if value in known]
    out = []
    for pack in resolved:
        found = [pack]
        for combination in itertools.islice(itertools.product(*switches.values()), _MOST_VARIANTS):
            if switches:
                try:
                    found.append(pack.with_values(dict(zip(switches, combination, strict=True))))
                except AssumptionError:
                    continue  # told when the design is checked
        out.append(found)
    return out


def parameters_of(reader: Reader, raw: Mapping[str, Any], packs: Packs) -> list[Swept | None]:
    """The varied assumptions in the order of the file; None for one that is wrong."""
    entries = reader.entries(raw, "parameter")
    if packs.kind and not entries:
        reader.fault("parameter", "is missing; write at least one [[parameter]] with a name")
    names = [entry.get("name") for entry in entries]
    found: list[Swept | None] = []
    for number, entry in enumerate(entries, start=1):
        before, where = len(reader.faults), f"parameter {number}."
        if policy.is_lever(entry.get("name")):
            found.append(lever_of(reader, entry, where, packs.kind, packs.resolved, _values, found))
            continue
        reader.unknown(entry, _PARAMETER, where)
        if entry.get("name") == SCENARIO or _is_labelled(entry, packs.resolved):
            if names.index(entry["name"]) < number - 1:
                reader.fault(f"{where}name", f"{entry['name']} is varied twice")
            found.append(_labelled(reader, entry, where, packs))
        else:
            twice = names.count(entry.get("name")) > 1
            taken = [item.label for item in found if item is not None]
            item = _numeric(reader, entry, where, packs, twice, taken)
            found.append(item if len(reader.faults) == before else None)
    if packs.kind != "one_at_a_time":  # there every case moves one
        moved_twice(reader, [item for item in found if item is not None])
    return found


def _numeric(
    reader: Reader, entry: Mapping[str, Any], where: str, packs: Packs, twice: bool, taken: Sequence[str]
) -> Swept | None:
    """A number, path or table; ``twice`` where it has several entries, ``taken`` are the labels before it."""
    name = reader.name(entry, where, packs.resolved)
    mode = entry.get("mode", "replace")
    if mode not in MODES:
        reader.fault(f"{where}mode", f"{quoted(mode)} is not allowed; allowed are {', '.join(MODES)}")
    years = UNITS["calendar_year"]
    from_year = reader.integer(entry, "from_year", where, int(years.low), int(years.high))
    if name and packs.resolved:
        _suitable(reader, name, from_year, where, packs)
    values = _values(reader, entry, where)
    distribution = None
    if "distribution" in entry:
        distribution, wrong = distributions.parse(entry["distribution"])
        for field, message in wrong:
            reader.fault(f"{where}distribution{'.' if field else ''}{field}", message)
    given = [key for key in ("values", "distribution") if key in entry]
    if packs.kind == "table":
        for key in given:
            reader.fault(f"{where}{key}", _IN_VAIN)
    elif len(given) > 1:
        reader.fault(f"{where}distribution", "is given beside values; give one of them")
    elif not given:
        reader.fault(
            f"{where}values", f"is missing; give values or distribution{_hint(name, packs.resolved)}"
        )
    label = f"{name}.from_{from_year}" if twice and from_year is not None else str(name)
    if name and label in taken:
        reader.fault(f"{where}name", f"{name} is varied twice; a second time needs another from_year")
    return None if name is None else Swept(name, str(mode), from_year, values, distribution, label)


def _is_labelled(entry: Mapping[str, Any], resolved: Sequence[Resolved]) -> bool:
    name = entry.get("name")
    known = isinstance(name, str) and bool(resolved) and resolved[0].has(name)
    return known and resolved[0].item(str(name)).kind in LABELLED


def _labelled(reader: Reader, entry: Mapping[str, Any], where: str, packs: Packs) -> Swept | None:
    """A switch, a flag or the scenario as a factor; `values` are some of its choices."""
    before, table = len(reader.faults), packs.kind == "table"
    name = str(entry["name"])
    for key in ("mode", "from_year", "distribution"):
        if key in entry and entry[key] != "replace":
            reader.fault(f"{where}{key}", f"has no meaning for {name}; give values, some of its choices")
    if name == SCENARIO:
        choices = packs.varied
        if not choices and len(reader.faults) == before:
            reader.fault(f"{where}name", "needs the list `scenarios` in a design of kind table")
    else:
        item = packs.resolved[0].item(name)
        reader.without_effect(name, where, packs.resolved, packs.tried)
        choices = ("true", "false") if item.kind == "flag" else item.choices
        if not table:
            choices = _choices(reader, entry.get("values"), where, choices, item.kind == "flag")
    if table and "values" in entry:
        reader.fault(f"{where}values", _IN_VAIN)
    if len(reader.faults) > before:
        return None
    values = None if table else tuple(float(n) for n in range(len(choices)))
    label = SCENARIO_LABEL if name == SCENARIO else name
    return Swept(name, "replace", None, values, None, label, choices)


def _choices(
    reader: Reader, given: object, where: str, known: tuple[str, ...], flag: bool
) -> tuple[str, ...]:
    """The choices of a switch or flag that are varied."""
    listed = list(given) if isinstance(given, list | tuple) else []
    texts = [as_word(value) for value in listed]
    allowed = ", ".join(known)
    if not texts:
        reader.fault(f"{where}values", f"must be a list of choices; allowed are {allowed}")
    for value, text in zip(listed, texts, strict=True):
        if text not in known or isinstance(value, bool) != flag:
            reader.fault(f"{where}values", f"{value!r} is not allowed; allowed are {allowed}")
    for text in sorted({text for text in texts if texts.count(text) > 1}):
        reader.fault(f"{where}values", f"{text} is given twice")
    return tuple(texts)


def _hint(name: str | None, resolved: Sequence[Resolved]) -> str:
    if not name or not resolved or not resolved[0].has(name):
        return ""
    item = resolved[0].item(name)
    if item.range is None:
        return ""
    mode = {"scale": "scale", "shift": "shift"}.get(item.range_of or "", "replace")
    return f"; its register suggests {item.range[0]:g} to {item.range[1]:g} with mode {mode}"


def _suitable(
    reader: Reader,
    name: str,
    from_year: int | None,
    where: str,
    packs: Packs,
) -> None:
    item = packs.resolved[0].item(name)
    if item.kind not in NUMERIC:
        reader.fault(
            f"{where}name",
            f"{name} is a {item.kind}; numbers, paths, tables, switches, flags and the scenario can be swept (use --set or"
            " an overlay, one sweep each)",
        )
        return
    if name in _HORIZON:
        reader.fault(
            f"{where}name",
            f"{name} sets which years there are; it cannot differ between the cases of a sweep",
        )
    if from_year is not None and item.kind not in ("path", "table"):
        reader.fault(f"{where}from_year", f"is for paths and tables; {name} is a {item.kind}")
    elif from_year is not None:
        last = int(max(pack.number("reform.last_year") for pack in packs.resolved))
        if from_year > last:
            reader.fault(f"{where}from_year", f"{from_year} is after the last projected year, {last}")
    reader.without_effect(name, where, packs.resolved, packs.tried)


def _values(reader: Reader, entry: Mapping[str, Any], where: str) -> tuple[float, ...] | None:
    if "values" not in entry:
        return None
    given = entry["values"]
    if not isinstance(given, list | tuple) or not given:
        reader.fault(f"{where}values", "must be a list of numbers, as values = [0.02, 0.05]")
        return None
    bad = [
        value
        for value in given
        if isinstance(value, bool) or not isinstance(value, int | float) or not is_finite(value)
    ]
    for value in bad:
        reader.fault(f"{where}values", f"{quoted(value)} is not a finite number")
    if not bad:
        for value, times in sorted(Counter(map(float, given)).items()):
            if times == 1:
                continue
            reader.fault(f"{where}values", f"{value:g} is given twice")
    return None if bad else tuple(float(value) for value in given)


def table_of(
    reader: Reader, design: Mapping[str, Any], folder: Path, parameters: Sequence[Swept]
) -> tuple[tuple[float, ...], ...]:
    """Values of the cases of a table, NaN where a case leaves an assumption as it is."""
    file = design.get("file")
    if not isinstance(file, str) or not file:
        reader.fault("design.file", "is missing; the CSV file with one row a case and one column a parameter")
        return ()
    table = read_table(folder / file, reader.faults, gaps=True)
    if table is None:
        return ()
    labels = [item.label for item in parameters]
    columns = [fold(label) for label in labels]
    for column in table.header:
        if column not in columns and not column.startswith(NOTE):
            said = f"is no [[parameter]] of the sweep; every column must be one, or begin with {NOTE}"
            reader.faults.append(Fault(table.file, column, said + nearest(column, columns)))
    missing = [label for label, column in zip(labels, columns, strict=True) if column not in table.header]
    reader.faults.extend(Fault(table.file, label, "has no column") for label in missing)
    if missing:
        return ()
    places = [table.header.index(column) for column in columns]
    rows = []
    for line, cells in zip(table.lines, table.rows, strict=True):
        row = []
        for item, label, place in zip(parameters, labels, places, strict=True):
            cell = cells[place]
            value = math.nan if not cell else _cell(item, cell)
            if value is None:
                what = f"one of {', '.join(item.choices)}" if item.choices else "a number"
                said = f"{quoted(cell)} is not {what}{'' if item.choices else likely_cause(cell)}"
                said += "; leave the cell empty to keep the value as it is"
                reader.faults.append(table.fault(line, label, said))
                value = math.nan
            row.append(value)
        rows.append(tuple(row))
    return tuple(rows)


def _cell(item: Swept, cell: str) -> float | None:
    """A value of a table; the position of a label among the choices."""
    if not item.choices:
        return parse_number(cell)
    known = cell.lower() if item.choices == ("true", "false") else cell
    return float(item.choices.index(known)) if known in item.choices else None


def correlation_of(
    reader: Reader, raw: Mapping[str, Any], kind: str, parameters: Sequence[Swept | None], n: int | None
) -> tuple[Pair, ...]:
    """Rank correlations of the parameters."""
    entries = reader.entries(raw, "correlation")
    if not entries:
        return ()
    if kind and kind not in CORRELATED:
        why = ": Sobol' indices assume independent parameters" if kind == "saltelli" else ""
        reader.fault("correlation", f"is for designs of kind {' or '.join(CORRELATED)}, not {kind}{why}")
        return ()
    if any(item is None for item in parameters):
        return ()
    good = [item for item in parameters if item is not None]
    labels = [item.label for item in good]
    pairs = pairs_of(reader, entries, labels, "")
    for (i, j, _), number in pairs:
        for item in (good[i], good[j]):
            if item.choices:
                reader.fault(
                    f"correlation {number}.names", f"{item.name} has no order, so no rank correlation"
                )
    if kind == "latin_hypercube" and n is not None and n < len(labels) + 2:
        reader.fault(
            "design.n", f"{n} is too few to correlate {len(labels)} parameters; {len(labels) + 2} or more are"
        )
    return positive(reader, pairs, labels, "", ranks=True)
