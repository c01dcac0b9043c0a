"""Base, basis, scenario and user layers become one resolved set of assumptions; its hash; what differs."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from pydantic import ValidationError

from assumptions.derived import REGISTRY
from assumptions.model import (
    NUMERIC,
    AssumptionError,
    Fault,
    FloatArray,
    OverlayHeader,
    Parameter,
    Source,
    Table,
    Value,
)
from assumptions.reading import (
    USER_SOURCE,
    Entry,
    Layer,
    ValueReader,
    bounds_message,
    build_parameter,
    collect_overrides,
    merge,
    pydantic_faults,
    read_header,
    read_layer,
    read_sources,
    split_declarations,
)
from assumptions.text import DATA, nearest, parse_integer, parse_number, read_toml, shown
from assumptions.timeline import ALWAYS, RULES, BeforeFirstYear, DatedPath
from assumptions.units import UNITS

BASES = ("statutory", "published")
MODES = ("replace", "shift", "scale")
CONSTRAINTS = ("sums_to_one", "sums_at_most_one", "ascending", "same_labels")
FORMAT = "annexv-resolved-1"


class Constraint(NamedTuple):
    """A rule that ties values together; `why` completes the message."""

    rule: str
    names: tuple[str, ...]
    why: str
    tolerance: float = 0.0


class Term(NamedTuple):
    """One comparison of a condition: name = a|b, or name != a|b."""

    name: str
    equal: bool
    values: tuple[str, ...]


def parse_condition(text: str) -> tuple[Term, ...] | None:
    """Alternatives of a condition as 'basis.mpg = replica' or 'a.b != x|y or c.d = z'; None if unreadable."""
    terms = []
    for part in text.split(" or "):
        equal = "!=" not in part
        name, found, right = part.partition("=" if equal else "!=")
        values = tuple(value.strip() for value in right.split("|"))
        if not found or not name.strip() or not all(values):
            return None
        terms.append(Term(name.strip(), equal, values))
    return tuple(terms)


def _as_text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _holds(term: Term, values: Mapping[str, Value]) -> bool:
    value = values.get(term.name)
    if isinstance(value, float):
        found = any(parse_number(text) == value for text in term.values)
    else:
        found = _as_text(value) in term.values
    return found == term.equal


@dataclass(frozen=True)
class Schema:
    """What all copies of a resolved pack share: parameters, derivation order, conditions, constraints, sources."""

    parameters: dict[str, Parameter]
    sources: dict[str, Source]
    constraints: tuple[Constraint, ...]
    order: tuple[str, ...] = ()
    downstream: dict[str, tuple[str, ...]] = field(default_factory=dict)
    readers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    conditions: dict[str, tuple[tuple[Term, ...], ...]] = field(default_factory=dict)
    constraints_of: dict[str, tuple[Constraint, ...]] = field(default_factory=dict)


def build_schema(
    parameters: dict[str, Parameter],
    sources: dict[str, Source],
    constraints: tuple[Constraint, ...],
    faults: list[Fault],
) -> Schema:
    """Order the derived values, parse the conditions, index the constraints."""
    readers: dict[str, list[str]] = {}
    for name, parameter in parameters.items():
        for source in parameter.derived.inputs if parameter.derived else ():
            if source not in parameters:
                message = f"{source!r} is an unknown name{nearest(source, parameters)}"
                faults.append(Fault(parameter.layer, f"{name}.derived", message))
            readers.setdefault(source, []).append(name)
    order: list[str] = []
    state: dict[str, int] = {}

    def visit(name: str) -> None:
        parameter = parameters.get(name)
        if parameter is None or parameter.derived is None or state.get(name) == 2:
            return
        if state.get(name) == 1:
            faults.append(Fault(parameter.layer, name, "is derived from itself"))
            return
        state[name] = 1
        for source in parameter.derived.inputs:
            visit(source)
        state[name] = 2
        order.append(name)

    for name in parameters:
        visit(name)

    def reach(name: str) -> tuple[str, ...]:
        found: set[str] = set()
        todo = [name]
        while todo:
            for reader in readers.get(todo.pop(), ()):
                if reader not in found:
                    found.add(reader)
                    todo.append(reader)
        return tuple(reader for reader in order if reader in found)

    conditions: dict[str, tuple[tuple[Term, ...], ...]] = {}
    for name, parameter in parameters.items():
        parsed = [parse_condition(text) for text in parameter.used_when]
        unknown = [term.name for terms in parsed if terms for term in terms if term.name not in parameters]
        if None in parsed or unknown:
            said = f"names the unknown {', '.join(unknown)}" if unknown else "is not written as 'name = value|value'"
            faults.append(Fault(parameter.layer, f"{name}.used_when", said))
        conditions[name] = tuple(terms for terms in parsed if terms)
    index: dict[str, list[Constraint]] = {}
    for constraint in constraints:
        for name in constraint.names:
            if name not in parameters:
                faults.append(Fault("data/constraints.toml", name, f"unknown name{nearest(name, parameters)}"))
            index.setdefault(name, []).append(constraint)
    return Schema(
        parameters,
        sources,
        constraints,
        tuple(order),
        {name: reach(name) for name in readers},
        {name: tuple(found) for name, found in readers.items()},
        conditions,
        {name: tuple(found) for name, found in index.items()},
    )


def constraint_message(constraint: Constraint, values: Mapping[str, Value]) -> str | None:
    """What breaks a constraint, or None."""
    found = [values[name] for name in constraint.names]
    if constraint.rule == "sums_to_one":
        total = float(found[0].values.sum())
        if abs(total - 1.0) > constraint.tolerance:
            return f"sums to {total:.6g}; it must sum to 1 ({constraint.why})"
    elif constraint.rule == "ascending":
        if any(low > high for low, high in zip(found, found[1:], strict=False)):
            listed = ", ".join(f"{name} = {value:g}" for name, value in zip(constraint.names, found, strict=True))
            return f"must not decrease: {listed} ({constraint.why})"
    elif constraint.rule == "same_labels":
        if any(table.coords != found[0].coords for table in found):
            return f"{' and '.join(constraint.names)} must have the same labels ({constraint.why})"
    elif constraint.rule == "sums_at_most_one":
        return _competing(constraint, found)
    return None


def _competing(constraint: Constraint, tables: list[Table]) -> str | None:
    first = tables[0]
    common = [[label for label in first.coords[axis]] for axis in first.axes]
    for at, axis in enumerate(first.axes):
        for table in tables[1:]:
            common[at] = [label for label in common[at] if label in table.coords[axis]]
    total = np.zeros(tuple(len(labels) for labels in common))
    for table in tables:
        picks = [[table.coords[axis].index(label) for label in labels]
                 for axis, labels in zip(table.axes, common, strict=True)]
        total += table.values[np.ix_(*picks)]
    if float(total.max(initial=0.0)) <= 1.0 + constraint.tolerance:
        return None
    spot = np.unravel_index(int(total.argmax()), total.shape)
    labels = ", ".join(f"{axis} {common[at][int(spot[at])]}" for at, axis in enumerate(first.axes))
    return f"competing rates sum to {float(total.max()):.6g} at {labels}; at most 1 is allowed ({constraint.why})"


def _canonical(value: Value) -> Any:
    if isinstance(value, DatedPath):
        return {"years": value.years.tolist(), "values": value.values.tolist(), "rule": value.rule}
    if isinstance(value, Table):
        return {
            "axes": list(value.axes),
            "coords": {axis: list(labels) for axis, labels in value.coords.items()},
            "values": value.values.ravel().tolist(),
        }
    return value


def _from_canonical(kind: str, raw: Any) -> Value:
    if kind == "path":
        return DatedPath(raw["years"], raw["values"], raw["rule"])
    if kind == "table":
        coords = {axis: tuple(labels) for axis, labels in raw["coords"].items()}
        shape = tuple(len(coords[axis]) for axis in raw["axes"])
        return Table(tuple(raw["axes"]), coords, np.array(raw["values"], dtype=np.float64).reshape(shape))
    return float(raw) if kind == "number" else raw


def _dump(content: Any) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class Resolved:
    """All assumptions of one run: immutable, hashable content, cheap to copy with other values.

    Errors: every access to an unknown name, a wrong kind or a year before the first dated value raises
    `AssumptionError` with one clear line.
    """

    __slots__ = ("_free", "_layers", "_schema", "_set", "_sha", "_values", "basis", "layers", "notices", "scenario")

    def __init__(
        self,
        schema: Schema,
        values: dict[str, Value],
        *,
        scenario: str,
        basis: str,
        layers: tuple[str, ...],
        user_set: frozenset[str] = frozenset(),
        notices: tuple[str, ...] = (),
        free: frozenset[str] = frozenset(),
        changed_by: dict[str, str] | None = None,
    ) -> None:
        self._schema = schema
        self._values = values
        self._set = user_set
        self._free = free  # derived values that were set directly and no longer follow their inputs
        self._layers = changed_by or {}
        self._sha: str | None = None
        self.scenario = scenario
        self.basis = basis
        self.layers = layers
        self.notices: list[str] = list(notices)

    # reading ---------------------------------------------------------------------------------------------------

    def _get(self, name: str, kind: str) -> Value:
        parameter = self._schema.parameters.get(name)
        if parameter is None:
            raise self._unknown(name)
        if parameter.kind != kind:
            raise AssumptionError([Fault(parameter.layer, name, f"is a {parameter.kind}, not a {kind}")])
        return self._values[name]

    def _unknown(self, name: str, file: str = "") -> AssumptionError:
        return AssumptionError([Fault(file, name, f"unknown name{nearest(name, self._schema.parameters)}")])

    def number(self, name: str) -> float:
        """A number in its unit."""
        value: float = self._get(name, "number")
        return value

    def path(self, name: str, years: ArrayLike) -> FloatArray:
        """A path in the given calendar years, float64 (year,), read-only, cached."""
        dated: DatedPath = self._get(name, "path")
        try:
            return dated.at(years)
        except BeforeFirstYear as error:
            raise AssumptionError([Fault(self._schema.parameters[name].layer, name, str(error))]) from None

    def dated(self, name: str) -> DatedPath:
        """A path as dated values and rule."""
        value: DatedPath = self._get(name, "path")
        return value

    def table(self, name: str) -> Table:
        """A table with named axes, read-only."""
        value: Table = self._get(name, "table")
        return value

    def switch(self, name: str) -> str:
        """A choice out of a closed list."""
        value: str = self._get(name, "switch")
        return value

    def flag(self, name: str) -> bool:
        """True or false."""
        value: bool = self._get(name, "flag")
        return value

    def text(self, name: str) -> str:
        """A text, or a date as 1997-01-01."""
        parameter = self._schema.parameters.get(name)
        kind = "date" if parameter is not None and parameter.kind == "date" else "text"
        value: str = self._get(name, kind)
        return value

    def date(self, name: str) -> dt.date:
        """A date."""
        return dt.date.fromisoformat(self._get(name, "date"))

    def value(self, name: str) -> Value:
        """The value whatever its kind: float, DatedPath, Table, bool or str."""
        if name not in self._schema.parameters:
            raise self._unknown(name)
        return self._values[name]

    def has(self, name: str) -> bool:
        """Whether the name is known."""
        return name in self._schema.parameters

    def names(self) -> tuple[str, ...]:
        """All dotted names, sorted."""
        return tuple(sorted(self._schema.parameters))

    @property
    def user_set(self) -> tuple[str, ...]:
        """Names given by a user: overlays, `--set`, `with_values`, `modified`."""
        return tuple(sorted(self._set))

    @property
    def sources(self) -> dict[str, Source]:
        """The register of sources."""
        return dict(self._schema.sources)

    def item(self, name: str) -> Parameter:
        """Unit, status, source, locator, note, range and layer of a name."""
        parameter = self._schema.parameters.get(name)
        if parameter is None:
            raise self._unknown(name)
        if name in self._layers:
            said = self._layers[name]
            return parameter.model_copy(
                update={"status": "user", "source": USER_SOURCE, "locator": said, "layer": said, "note": ""}
            )
        if parameter.derived is not None and parameter.derived.function == "same":
            target = self.item(parameter.derived.inputs[0])
            said = f"value of {target.name}; {parameter.note}".rstrip("; ")
            return target.model_copy(
                update={"name": name, "note": said, "derived": parameter.derived, "layer": parameter.layer}
            )
        return parameter

    # liveness --------------------------------------------------------------------------------------------------

    def live(self, name: str) -> tuple[bool, str]:
        """Whether a value is used under the resolved switches, and if not, what would make it so."""
        parameter = self._schema.parameters.get(name)
        if parameter is None:
            raise self._unknown(name)
        for terms, text in zip(self._schema.conditions[name], parameter.used_when, strict=True):
            if not any(_holds(term, self._values) for term in terms):
                now = ", ".join(
                    f"{term.name} is {_as_text(self._values[term.name])}" for term in dict.fromkeys(terms)
                )
                return False, f"used only when {text}; here {now}"
        if parameter.input_only:
            readers = [reader for reader in self._schema.readers.get(name, ()) if reader not in self._free]
            if not any(self.live(reader)[0] for reader in readers):
                wanted = f" ({', '.join(readers)} is not used here)" if readers else ""
                return False, f"used only through values derived from it, and none is{wanted}"
        return True, ""

    def refuse_inert(self, names: Iterable[str], file: str = "") -> None:
        """Raise for every name that has no effect under the resolved switches."""
        faults = []
        for name in names:
            alive, reason = self.live(name)
            if not alive:
                said = file or self.item(name).layer
                faults.append(Fault(said, name, f"has no effect in the {self.basis} basis: {reason}"))
        if faults:
            raise AssumptionError(faults)

    # copies with other values ----------------------------------------------------------------------------------

    def with_values(self, changes: Mapping[str, Any], origin: str = "set by the caller") -> Resolved:
        """A copy with other values; bounds, labels and constraints are checked (`AssumptionError`).

        A number takes a float; a path a float, {year: value} or a `DatedPath`; a table an array of its shape, one
        number or a `Table`; a switch or text a str; a flag a bool. Values derived from a changed one follow.
        """
        values = dict(self._values)
        faults: list[Fault] = []
        for name, given in changes.items():
            parameter = self._schema.parameters.get(name)
            if parameter is None:
                faults.extend(self._unknown(name, origin).faults)
                continue
            found, message = coerce(parameter, given, self._values[name])
            if message is None and parameter.kind in NUMERIC:
                message = bounds_message(parameter, found)
            if message is not None:
                faults.append(Fault(origin, name, message))
            else:
                values[name] = found
        if faults:
            raise AssumptionError(faults)
        return self._changed(values, tuple(changes), origin)

    def _changed(self, values: dict[str, Value], names: tuple[str, ...], origin: str) -> Resolved:
        schema = self._schema
        parameters = schema.parameters
        direct = [name for name in names if parameters[name].derived is not None]
        free = self._free.union(direct) if direct else self._free
        downstream = schema.downstream
        follow = {reader for name in names if name in downstream for reader in downstream[name]}
        follow -= free
        touched: Iterable[str] = names
        faults: list[Fault] = []
        if follow:
            ordered = [name for name in schema.order if name in follow]
            recompute(schema, values, ordered, faults)
            touched = (*names, *ordered)
        check_constraints(schema, values, touched, faults, origin)
        if faults:
            raise AssumptionError(faults)
        layers = dict(self._layers)
        layers.update(dict.fromkeys(names, origin))
        return Resolved(
            schema, values, scenario=self.scenario, basis=self.basis, layers=self.layers,
            user_set=self._set.union(names), notices=tuple(self.notices), free=free, changed_by=layers,
        )

    def modified(
        self, name: str, mode: str = "replace", *, value: Any, from_year: int | None = None
    ) -> Resolved:
        """A copy with one value replaced, shifted (added to) or scaled, a path also from a year on.

        Earlier years of a path keep their values. Bounds are checked (`AssumptionError`).
        """
        parameter = self._schema.parameters.get(name)
        if parameter is None:
            raise self._unknown(name)

        def refuse(message: str) -> AssumptionError:
            return AssumptionError([Fault("", name, message)])

        if mode not in MODES:
            raise refuse(f"mode {mode!r} is not allowed; allowed are {', '.join(MODES)}")
        if from_year is not None and parameter.kind != "path":
            raise refuse(f"from_year is for paths; this is a {parameter.kind}")
        origin = f"{mode} {value if np.ndim(value) == 0 else 'array'}" + (f" from {from_year}" if from_year else "")
        if mode == "replace" and from_year is None:
            return self.with_values({name: value}, origin)
        if parameter.kind not in NUMERIC:
            raise refuse(f"a {parameter.kind} can only be replaced")
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise refuse(f"{value!r} is not a finite number")
        old = self._values[name]
        new: Any
        if parameter.kind == "path":
            new = old.modified(mode, float(value), from_year)
        elif parameter.kind == "table":
            new = old.with_array(old.values + value if mode == "shift" else old.values * value)
        else:
            new = old + value if mode == "shift" else old * value
        return self.with_values({name: new}, origin)

    # identity and transport ------------------------------------------------------------------------------------

    def content(self) -> dict[str, Any]:
        """What determines a result: kind, unit and value of every name (not titles, sources or labels of runs)."""
        parameters = self._schema.parameters
        return {
            name: [parameters[name].kind, parameters[name].unit, _canonical(value)]
            for name, value in self._values.items()
        }

    @property
    def sha256(self) -> str:
        """SHA-256 over the canonical content: equal values, equal hash."""
        if self._sha is None:
            self._sha = hashlib.sha256(_dump(self.content()).encode()).hexdigest()
        return self._sha

    def to_json(self) -> str:
        """Everything needed to run again, bit for bit: values, provenance, sources, conditions."""
        schema = self._schema
        return _dump(
            {
                "format": FORMAT,
                "scenario": self.scenario,
                "basis": self.basis,
                "layers": list(self.layers),
                "user_set": sorted(self._set),
                "free": sorted(self._free),
                "changed_by": self._layers,
                "notices": self.notices,
                "sha256": self.sha256,
                "parameters": {
                    name: parameter.model_dump(exclude_defaults=True) for name, parameter in schema.parameters.items()
                },
                "values": {name: _canonical(value) for name, value in self._values.items()},
                "constraints": [list(constraint) for constraint in schema.constraints],
                "sources": {key: source.model_dump(exclude_defaults=True) for key, source in schema.sources.items()},
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Resolved:
        """The inverse of `to_json`; needs no file. Raises `AssumptionError` if the text is not intact."""

        def refuse(message: str) -> AssumptionError:
            return AssumptionError([Fault("resolved assumptions", "", message)])

        try:
            raw = json.loads(text)
            if raw.get("format") != FORMAT:
                raise refuse(f"format is {raw.get('format')!r}; {FORMAT!r} is expected")
            parameters = {
                name: Parameter.model_validate_json(json.dumps(keys)) for name, keys in raw["parameters"].items()
            }
            sources = {key: Source.model_validate(keys) for key, keys in raw["sources"].items()}
            constraints = tuple(
                Constraint(rule, tuple(names), why, tolerance) for rule, names, why, tolerance in raw["constraints"]
            )
            values = {name: _from_canonical(parameters[name].kind, found) for name, found in raw["values"].items()}
            faults: list[Fault] = []
            schema = build_schema(parameters, sources, constraints, faults)
            if faults:
                raise AssumptionError(faults)
            resolved = cls(
                schema, values, scenario=raw["scenario"], basis=raw["basis"], layers=tuple(raw["layers"]),
                user_set=frozenset(raw["user_set"]), notices=tuple(raw["notices"]), free=frozenset(raw["free"]),
                changed_by=dict(raw["changed_by"]),
            )
        except AssumptionError:
            raise
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise refuse(f"cannot be read back ({type(error).__name__}: {error})") from None
        if resolved.sha256 != raw["sha256"]:
            raise refuse(f"content has changed: sha256 is {resolved.sha256}, {raw['sha256']} was recorded")
        return resolved

    def __repr__(self) -> str:
        return f"Resolved(scenario={self.scenario!r}, basis={self.basis!r}, sha256={self.sha256[:12]})"


def coerce(parameter: Parameter, given: Any, old: Value) -> tuple[Value, str | None]:
    """A value given in Python, as the parameter's kind holds it, and what is wrong with it (or None)."""
    kind = parameter.kind
    if kind in NUMERIC:
        if isinstance(given, int | float | np.floating | np.integer) and not isinstance(given, bool):
            number = float(given)
            if not math.isfinite(number):
                return None, f"{given} is not a finite number"
            if kind == "number":
                return number, None
            return (DatedPath.constant(number) if kind == "path" else old.with_array(number)), None
        if isinstance(given, str | bool | np.bool_):
            return None, f"{given!r} is not a number; write it without quotes"
    if kind == "path":
        return _coerce_path(given, old)
    if kind == "table":
        return _coerce_table(given, old)
    if kind == "flag":
        good = isinstance(given, bool | np.bool_)
        return (bool(given), None) if good else (None, f"{given!r} is not allowed; allowed are true and false")
    if kind == "switch":
        allowed = ", ".join(parameter.choices)
        return (given, None) if given in parameter.choices else (
            None, f"{given!r} is not allowed; allowed are {allowed}{nearest(str(given), parameter.choices)}")
    if kind == "text":
        return (given, None) if isinstance(given, str) else (None, f"{given!r} is not text")
    if kind == "date":
        if isinstance(given, dt.date):
            return given.isoformat(), None
        try:
            return dt.date.fromisoformat(given).isoformat(), None
        except (ValueError, TypeError):
            return None, f"{given!r} is no date; write it as 1997-01-01"
    return None, f"{given!r} is not a number"


def _coerce_path(given: Any, old: DatedPath) -> tuple[Value, str | None]:
    if isinstance(given, DatedPath):
        return (given, None) if np.isfinite(given.values).all() else (None, "is not a finite number")
    if not isinstance(given, Mapping) or not given:
        return None, f"{given!r} is no path; a number or years with values are allowed, as {{1997: 0.0, 2005: 0.035}}"
    rule = given.get("rule", "step")
    table = given.get("values", {key: value for key, value in given.items() if key != "rule"})
    if rule not in RULES:
        return None, f"rule {rule!r} is not allowed; allowed are {', '.join(RULES)}"
    unit = UNITS["calendar_year"]
    dated: dict[int, float] = {}
    for key, value in table.items():
        year = parse_integer(str(key))
        if year is None or not (unit.low <= year <= unit.high or year == ALWAYS):
            return None, f"{key!r} is no calendar year ({unit.low:g} to {unit.high:g})"
        if isinstance(value, bool) or not isinstance(value, int | float | np.floating) or not math.isfinite(value):
            return None, f"{year}: {value!r} is not a finite number"
        dated[year] = float(value)
    years = sorted(dated)
    return DatedPath(years, [dated[year] for year in years], rule), None


def _coerce_table(given: Any, old: Table) -> tuple[Value, str | None]:
    if isinstance(given, Table):
        if given.axes != old.axes:
            return None, f"has axes {given.axes}; {old.axes} are needed"
        return (given, None) if np.isfinite(given.values).all() else (None, "is not a finite number")
    try:
        array = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        return None, "is no array of numbers"
    if array.shape != old.values.shape:
        return None, f"has shape {array.shape}; {' x '.join(old.axes)} needs {old.values.shape}"
    return (old.with_array(array), None) if np.isfinite(array).all() else (None, "holds NaN or infinity")


def recompute(schema: Schema, values: dict[str, Value], names: Iterable[str], faults: list[Fault]) -> None:
    """Compute derived values in order, in place."""
    for name in names:
        parameter = schema.parameters[name]
        derivation = parameter.derived
        if derivation is None or any(source not in values for source in derivation.inputs):
            continue
        try:
            value = REGISTRY[derivation.function](*(values[source] for source in derivation.inputs))
        except (TypeError, ValueError, AttributeError, IndexError, ArithmeticError) as error:
            said = f"cannot be derived by {derivation.function}({', '.join(derivation.inputs)}): {error}"
            faults.append(Fault(parameter.layer, name, said))
            continue
        good = {"number": float, "path": DatedPath, "table": Table}.get(parameter.kind, object)
        if not isinstance(value, good):
            faults.append(Fault(parameter.layer, name, f"{derivation.function} does not give a {parameter.kind}"))
            continue
        message = bounds_message(parameter, value) if parameter.kind in NUMERIC else None
        if message:
            faults.append(Fault(parameter.layer, name, f"derived from {', '.join(derivation.inputs)}: {message}"))
        values[name] = value


def check_constraints(
    schema: Schema, values: Mapping[str, Value], names: Iterable[str], faults: list[Fault], file: str
) -> None:
    """Check the constraints that touch the given names."""
    seen: set[Constraint] = set()
    for name in names:
        for constraint in schema.constraints_of.get(name, ()):
            if constraint in seen or any(item not in values for item in constraint.names):
                continue
            seen.add(constraint)
            message = constraint_message(constraint, values)
            if message:
                said = constraint.names[0] if len(constraint.names) == 1 else " + ".join(constraint.names)
                faults.append(Fault(file or schema.parameters[name].layer, said, message))


# the shipped tree --------------------------------------------------------------------------------------------------


@dataclass
class Tree:
    """The data folder, read: declarations, base overrides, basis and scenario layers."""

    root: Path
    sources: dict[str, Source] = field(default_factory=dict)
    declared: dict[str, Entry] = field(default_factory=dict)
    base_files: list[str] = field(default_factory=list)
    bases: dict[str, list[Layer]] = field(default_factory=dict)
    scenarios: dict[str, Layer] = field(default_factory=dict)
    overlays: dict[str, Path] = field(default_factory=dict)
    constraints: tuple[Constraint, ...] = ()
    faults: list[Fault] = field(default_factory=list)


def _read_constraints(path: Path, faults: list[Fault]) -> tuple[Constraint, ...]:
    tree = read_toml(path, faults) or {}
    found = []
    for number, keys in enumerate(tree.get("constraint", ()), start=1):
        at = f"constraint {number}"
        unknown = set(keys) - {"rule", "names", "why", "tolerance"}
        if unknown or not {"rule", "names", "why"} <= set(keys) or keys["rule"] not in CONSTRAINTS:
            faults.append(
                Fault(shown(path), at, f"needs rule ({', '.join(CONSTRAINTS)}), names and why; optional tolerance")
            )
            continue
        found.append(Constraint(keys["rule"], tuple(keys["names"]), keys["why"], float(keys.get("tolerance", 0.0))))
    return tuple(found)


@lru_cache(maxsize=8)
def read_tree(root: Path = DATA) -> Tree:
    """Read a whole data folder once; faults are collected in the tree."""
    tree = Tree(root)
    faults = tree.faults
    tree.sources = read_sources(root / "sources.toml", faults)
    rest: list[tuple[Path, OverlayHeader | None, dict[str, Any], str]] = []
    files = [*sorted((root / "base").glob("*.toml")), *sorted((root / "basis").glob("*.toml"))]
    for path in files:
        content = read_toml(path, faults)
        if content is None:
            continue
        file = shown(path)
        header = read_header(content, file, faults) if path.parent.name == "basis" else None
        declared, remains = split_declarations(content, file, root)
        for name, entry in declared.items():
            if name in tree.declared:
                faults.append(Fault(file, name, f"is declared twice, also in {tree.declared[name].file}"))
            else:
                tree.declared[name] = entry
        if path.parent.name == "base":
            tree.base_files.append(file)
        rest.append((path, header, remains, file))
    layers: dict[str, Layer] = {}
    for path, header, remains, file in rest:
        entries = collect_overrides(remains, file, root, tree.declared, faults, by_user=False)
        if path.parent.name == "base" and entries:
            faults.extend(Fault(file, name, "base files declare; give kind and unit here") for name in entries)
        if path.parent.name == "basis":
            layers[path.stem] = Layer(file, header, {}, entries)
    main = [stem for stem, layer in layers.items() if layer.header and layer.header.order is not None]
    for stem in sorted(main, key=lambda stem: (layers[stem].header.order, stem)):  # type: ignore[union-attr]
        header = layers[stem].header
        stack = [layers[stem]]
        for other in header.includes if header else ():
            if other in layers:
                stack.insert(len(stack) - 1, layers[other])
            else:
                faults.append(Fault(layers[stem].file, "overlay.includes", f"no file {other}.toml in this folder"))
        tree.bases[stem] = stack
    for path in sorted((root / "scenarios").glob("*.toml")):
        layer = read_layer(path, tree.declared, faults, tuple(tree.bases), by_user=False)
        _reroot(layer, root)
        tree.scenarios[path.stem] = layer
    order = {code: (layer.header.order if layer.header else None) for code, layer in tree.scenarios.items()}
    for code, place in order.items():
        if place is None and tree.scenarios[code].header is not None:
            faults.append(Fault(tree.scenarios[code].file, "overlay.order", "is missing: the scenario's place"))
    tree.scenarios = dict(sorted(tree.scenarios.items(), key=lambda item: (order[item[0]] or 0, item[0])))
    tree.overlays = {path.stem: path for path in sorted((root / "overlays").glob("*.toml"))}
    tree.constraints = _read_constraints(root / "constraints.toml", faults)
    return tree


def _reroot(layer: Layer, root: Path) -> None:
    # CSVs of shipped layers are named from the data folder, wherever the layer lies in it
    def moved(entry: Entry) -> Entry:
        return Entry(entry.keys, entry.file, root, entry.by_user)

    layer.entries = {name: moved(entry) for name, entry in layer.entries.items()}
    layer.only = {
        basis: {name: moved(entry) for name, entry in entries.items()} for basis, entries in layer.only.items()
    }


def _good_tree(root: Path) -> Tree:
    tree = read_tree(root)
    if tree.faults:
        raise AssumptionError(tree.faults)
    return tree


def scenario_codes(root: Path = DATA) -> tuple[str, ...]:
    """Codes of the default scenarios, in order."""
    found = _good_tree(root).scenarios.items()
    return tuple(code for code, layer in found if layer.header and layer.header.default)


def all_scenario_codes(root: Path = DATA) -> tuple[str, ...]:
    """Codes of all scenarios, those outside the default set too."""
    return tuple(_good_tree(root).scenarios)


def basis_names(root: Path = DATA) -> tuple[str, ...]:
    """Names of the bases, in order."""
    return tuple(_good_tree(root).bases)


def overlay_names(root: Path = DATA) -> tuple[str, ...]:
    """Names of the optional overlays shipped with the package."""
    return tuple(_good_tree(root).overlays)


# packs -------------------------------------------------------------------------------------------------------------


class Pack:
    """A scenario with the user's layers, before a basis is chosen."""

    def __init__(self, tree: Tree, scenario: str, user: tuple[Layer, ...], sets: Mapping[str, Any]) -> None:
        self._tree = tree
        self._user = user
        self._sets = dict(sets)
        self.scenario = scenario
        self.basis_names = tuple(tree.bases)

    @property
    def title(self) -> str:
        """Title of the scenario."""
        header = self._tree.scenarios[self.scenario].header
        return header.title if header else self.scenario

    @property
    def layers(self) -> tuple[str, ...]:
        """Files in the order in which they apply; basis files are applied before the scenario's."""
        named = [*self._tree.base_files, self._tree.scenarios[self.scenario].file, *(item.file for item in self._user)]
        return (*named, "--set") if self._sets else tuple(named)

    @property
    def sha256(self) -> str:
        """SHA-256 over the resolved content in every basis, inert user values included."""
        parts = [self._build(basis, frozenset()).sha256 for basis in self.basis_names]
        return hashlib.sha256("".join(parts).encode()).hexdigest()

    def _layers_of(self, basis: str) -> list[tuple[Layer, dict[str, Entry]]]:
        tree = self._tree
        if basis not in tree.bases:
            said = f"no such basis; allowed are {', '.join(tree.bases)}{nearest(basis, tree.bases)}"
            raise AssumptionError([Fault("", basis, said)])
        stack = [*tree.bases[basis], tree.scenarios[self.scenario], *self._user]
        return [(layer, {**layer.entries, **layer.only.get(basis, {})}) for layer in stack]

    def _user_names(self, basis: str) -> tuple[set[str], set[str]]:
        # names set for every basis, and for this basis alone
        general = {name for layer in self._user for name in layer.entries} | set(self._sets)
        own = {name for layer in self._user for name in layer.only.get(basis, {})}
        return general, own

    def _build(self, basis: str, without: frozenset[str]) -> Resolved:
        tree = self._tree
        stack = self._layers_of(basis)
        faults: list[Fault] = []
        merged = {name: (entry.keys, entry) for name, entry in tree.declared.items()}
        for layer, entries in stack:
            for name, entry in entries.items():
                if layer.chosen and name in without:
                    continue
                keys, below = merged[name]
                gives_value = not entry.keys.keys().isdisjoint({"value", "values", "csv", "derived", "value_of"})
                merged[name] = (merge(keys, entry, layer.header), entry if gives_value else below)
        parameters: dict[str, Parameter] = {}
        values: dict[str, Value] = {}
        for name, (keys, entry) in merged.items():
            built = _parameter_and_value(name, keys, entry, tree.sources, faults)
            if built is None:
                continue
            parameters[name], found = built
            if found is not None:
                values[name] = found
        schema = build_schema(parameters, tree.sources, tree.constraints, faults)
        if faults:
            raise AssumptionError(faults)
        recompute(schema, values, schema.order, faults)
        if not faults:
            check_constraints(schema, values, parameters, faults, "")
        if faults:
            raise AssumptionError(faults)
        general, own = self._user_names(basis)
        layers = [*tree.base_files, *(layer.file for layer, _ in stack)]
        resolved = Resolved(
            schema, values, scenario=self.scenario, basis=basis, layers=tuple(layers),
            user_set=frozenset((general | own) - without - set(self._sets)),
        )
        sets = {name: value for name, value in self._sets.items() if name not in without}
        return resolved.with_values(sets, "--set") if sets else resolved

    def resolve(self, basis: str) -> Resolved:
        """All assumptions in one basis; raises `AssumptionError` with every fault, inert user values included."""
        resolved = self._build(basis, frozenset())
        resolved.refuse_inert(resolved.user_set)
        return resolved


def _freeze(raw: Any) -> Any:
    if isinstance(raw, dict):
        return tuple((key, _freeze(value)) for key, value in raw.items())
    if isinstance(raw, list):
        return tuple(_freeze(item) for item in raw)
    return (type(raw).__name__, raw)


_BUILT: dict[Any, tuple[Parameter, Value | None]] = {}


def _parameter_and_value(
    name: str, keys: dict[str, Any], entry: Entry, sources: dict[str, Source], faults: list[Fault]
) -> tuple[Parameter, Value | None] | None:
    cacheable = not entry.by_user
    key: Any = None
    if cacheable:
        key = (name, entry.file, str(entry.folder), _freeze(keys))
        if key in _BUILT:
            return _BUILT[key]
    parameter = build_parameter(name, keys, entry.file, sources, faults)
    if parameter is None:
        return None
    if parameter.derived is not None:
        if any(part in keys for part in ("value", "values", "csv")):
            faults.append(Fault(entry.file, name, "is given twice, as derived and by value"))
            return None
        found: Value | None = None
    else:
        reader = ValueReader(parameter, keys, entry.folder, faults)
        found = reader.read()
        if found is None:
            return None
        _check_range(parameter, found, faults)
        if reader.row_sources:
            unknown = sorted({row[2] for row in reader.row_sources} - set(sources))
            if unknown:
                faults.append(Fault(entry.file, f"{name}.csv", f"rows name unknown sources {', '.join(unknown)}"))
            parameter = parameter.model_copy(update={"row_sources": tuple(reader.row_sources)})
    if cacheable:
        _BUILT[key] = (parameter, found)
    return parameter, found


def _check_range(parameter: Parameter, value: Value, faults: list[Fault]) -> None:
    if parameter.range is None:
        return
    low, high = parameter.range
    path = f"{parameter.name}.range"
    if low > high:
        faults.append(Fault(parameter.layer, path, f"runs backwards: {low:g} to {high:g}"))
    mode = parameter.range_of or ("value" if parameter.kind == "number" else "scale")
    if mode == "value" and parameter.status != "user":
        inside = value if parameter.kind == "number" else float(value.values[-1])
        if not low <= inside <= high:
            faults.append(Fault(parameter.layer, path, f"{low:g} to {high:g} does not hold the value {inside:g}"))


def load(
    scenario: str,
    overlays: Sequence[str | Path] = (),
    sets: Mapping[str, Any] | None = None,
    *,
    root: Path = DATA,
) -> Pack:
    """A scenario with the user's overlays (shipped ones by name, own ones by path) and single values.

    Raises `AssumptionError` with all faults of scenario code, overlay files and names at once.
    """
    tree = _good_tree(root)
    faults: list[Fault] = []
    if scenario not in tree.scenarios:
        said = f"no such scenario; allowed are {', '.join(tree.scenarios)}{nearest(scenario, tree.scenarios)}"
        faults.append(Fault("", scenario, said))
    layers = []
    for overlay in overlays:
        path = tree.overlays.get(str(overlay), Path(overlay))
        by_name = str(overlay) in tree.overlays
        if not by_name and not path.exists():
            known = ", ".join(tree.overlays)
            said = f"no such overlay file, and no shipped overlay of this name (those are {known})"
            faults.append(Fault(str(overlay), "", said + nearest(str(overlay), tree.overlays)))
            continue
        layer = read_layer(path, tree.declared, faults, tuple(tree.bases), by_user=not by_name)
        if by_name:
            _reroot(layer, root)
        layer.chosen = True
        layers.append(layer)
    for name in sets or {}:
        if name not in tree.declared:
            faults.append(Fault("--set", name, f"unknown name{nearest(name, tree.declared)}"))
    if faults:
        raise AssumptionError(faults)
    return Pack(tree, scenario, tuple(layers), sets or {})


def resolve_all(pack: Pack, bases: Sequence[str] = BASES) -> dict[str, Resolved]:
    """Resolve in several bases. A user value that is inert in one but live in another is left out where it is
    inert, with a line in `.notices` there; one that is live in none is refused."""
    built = {basis: pack._build(basis, frozenset()) for basis in bases}
    alive: dict[str, bool] = {}
    for basis, resolved in built.items():
        for name in pack._user_names(basis)[0]:
            alive[name] = alive.get(name, False) or resolved.live(name)[0]
    faults: list[Fault] = []
    result: dict[str, Resolved] = {}
    for basis, resolved in built.items():
        general, own = pack._user_names(basis)
        dropped: dict[str, str] = {}
        for name in sorted(general | own):
            ok, reason = resolved.live(name)
            if ok:
                continue
            layer = resolved.item(name).layer
            if name in own or not alive[name]:
                where = f"the {basis} basis" if name in own or len(built) == 1 else "any basis"
                faults.append(Fault(layer, name, f"has no effect in {where}: {reason}"))
            else:
                others = ", ".join(other for other in built if other != basis and built[other].live(name)[0])
                dropped[name] = (
                    f"{name} ({layer}) is ignored in the {basis} basis and applies to {others} only: {reason}"
                )
        if dropped:
            resolved = pack._build(basis, frozenset(dropped))
            resolved.notices.extend(dropped[name] for name in sorted(dropped))
        result[basis] = resolved
    if faults:
        raise AssumptionError(faults)
    return result


class Difference(NamedTuple):
    """One value that differs between two resolved packs; a missing side is None."""

    name: str
    old: Value
    new: Value
    source_old: str
    source_new: str


def diff(old: Resolved, new: Resolved) -> list[Difference]:
    """Names whose values differ, sorted, with where each side's value comes from."""
    found = []
    for name in sorted({*old.names(), *new.names()}):
        sides = [pack.value(name) if pack.has(name) else None for pack in (old, new)]
        if _canonical(sides[0]) != _canonical(sides[1]):
            said = [_origin(pack, name) for pack in (old, new)]
            found.append(Difference(name, sides[0], sides[1], said[0], said[1]))
    return found


def _origin(pack: Resolved, name: str) -> str:
    if not pack.has(name):
        return ""
    item = pack.item(name)
    return f"{item.layer}: {item.status}, {item.source}, {item.locator}"


def parse_set(text: str) -> tuple[str, Any]:
    """'economy.gdp_growth=0.035' as (name, value); the value is read as TOML, and else taken as text."""
    import tomllib

    name, found, right = text.partition("=")
    name, right = name.strip(), right.strip()
    if not found or not name or not right:
        raise AssumptionError([Fault("--set", text, "is written as name=value, as economy.gdp_growth=0.035")])
    try:
        return name, tomllib.loads(f"value = {right}")["value"]
    except tomllib.TOMLDecodeError:
        return name, right


def check(path: str | Path | None = None) -> list[Fault]:
    """Everything that is wrong with the shipped data, with a data folder, or with one overlay file."""
    if path is None or Path(path).is_dir():
        root = DATA if path is None else Path(path)
        read_tree.cache_clear()
        tree = read_tree(root)
        faults = list(tree.faults)
        if not faults:
            for code in tree.scenarios:
                faults.extend(_faults_of(Pack(tree, code, (), {})))
            for overlay in tree.overlays:
                faults.extend(check_overlay(tree, tree.overlays[overlay], by_user=False))
        return sorted(set(faults))
    tree = read_tree(DATA)
    return sorted(set(tree.faults or check_overlay(tree, Path(path), by_user=True)))


def check_overlay(tree: Tree, path: Path, by_user: bool) -> list[Fault]:
    """Faults of one overlay file, read against the first scenario in every basis."""
    faults: list[Fault] = []
    layer = read_layer(path, tree.declared, faults, tuple(tree.bases), by_user=by_user)
    if not by_user:
        _reroot(layer, tree.root)
    layer.chosen = True
    pack = Pack(tree, next(iter(tree.scenarios)), (layer,), {})
    faults.extend(_faults_of(pack))
    if not faults:
        try:
            resolve_all(pack, tuple(tree.bases))
        except AssumptionError as error:
            faults.extend(error.faults)
    return faults


def _faults_of(pack: Pack) -> list[Fault]:
    faults: list[Fault] = []
    for basis in pack.basis_names:
        try:
            pack._build(basis, frozenset())
        except AssumptionError as error:
            faults.extend(error.faults)
    return faults


__all__ = [
    "Difference", "Pack", "Resolved", "Schema", "ValidationError", "all_scenario_codes", "basis_names", "check",
    "diff", "load", "overlay_names", "parse_set", "pydantic_faults", "resolve_all", "scenario_codes",
]
