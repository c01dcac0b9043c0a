"""One resolved set of assumptions: typed access, conditions, cheap copies with other values, hash, JSON."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from assumptions.attached import Attached, plain_name, read_attached
from assumptions.files.cells import quoted
from assumptions.files.raw import LARGEST_TABLE
from assumptions.model import (
    NUMERIC,
    AssumptionError,
    Fault,
    FloatArray,
    Label,
    Parameter,
    Source,
    Table,
    Value,
)
from assumptions.notices import unchanged
from assumptions.reading import USER_SOURCE, check_origin, claims, clean_keys, declared_of, stated
from assumptions.scaling import MODES, changed
from assumptions.schema import (
    CLAIM,
    Constraint,
    Schema,
    as_text,
    blamed,
    build_schema,
    check_constraints,
    holds,
    recompute,
)
from assumptions.text import nearest
from assumptions.timeline import BeforeFirstYear, DatedPath
from assumptions.values import ValueReader, bounds_message, from_year, is_finite, possible_message

FORMAT = "annexv-resolved-1"
STATE_YEAR = "reform.state_year"
# Field of a table whose rows hold from a year on.
DATED_ROWS = "from_year"
_HERE = Path()


def canonical(value: Value) -> Any:
    """A value as JSON can hold it, without loss."""
    if isinstance(value, DatedPath):
        return {"years": value.years.tolist(), "values": value.values.tolist(), "rule": value.rule}
    if isinstance(value, Table):
        later = {"later": [[year, canonical(table)] for year, table in value.later]} if value.later else {}
        return {
            "axes": list(value.axes),
            "coords": {axis: list(labels) for axis, labels in value.coords.items()},
            "values": value.values.ravel().tolist(),
            **later,
        }
    return value


def from_canonical(kind: str, raw: Any) -> Value:
    if kind == "path":
        return DatedPath(raw["years"], raw["values"], raw["rule"])
    if kind == "table":
        coords = {axis: tuple(labels) for axis, labels in raw["coords"].items()}
        shape = tuple(len(coords[axis]) for axis in raw["axes"])
        later = ((int(year), from_canonical(kind, table)) for year, table in raw.get("later", ()))
        return Table(
            tuple(raw["axes"]), coords, np.array(raw["values"], dtype=np.float64).reshape(shape), later
        )
    return float(raw) if kind == "number" else raw


def _dump(content: Any) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class Resolved:
    """All assumptions of one run: immutable, hashable content, cheap to copy with other values.

    Errors: every access to an unknown name, a wrong kind or a year before the first dated value raises
    `AssumptionError` with one clear line.
    """

    __slots__ = (
        "_files",
        "_free",
        "_inputs",
        "_layers",
        "_schema",
        "_set",
        "_sha",
        "_values",
        "_year",
        "basis",
        "below",
        "layers",
        "notices",
        "scenario",
    )

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
        files: Mapping[str, Attached] | None = None,
        inputs: tuple[str, ...] = (),
    ) -> None:
        self._schema = schema
        self._values = values
        self._set = user_set
        self._free = free  # derived values that were set directly and no longer follow their inputs
        self._layers = changed_by or {}
        self._files = dict(files or {})
        self._inputs = inputs
        self._sha: str | None = None
        self._year: int | None = None  # where dated values are read as of one year
        self.scenario = scenario
        self.basis = basis
        self.layers = layers
        self.notices: list[str] = list(notices)
        self.below: Resolved | None = None  # the same case as shipped, where a user's values lie over it

    # reading ---------------------------------------------------------------------------------------------------

    def _get(self, name: str, kind: str) -> Value:
        parameter = self._schema.parameters.get(name)
        if parameter is None:
            raise self._unknown(name)
        if parameter.kind != kind:
            raise AssumptionError([Fault(self._layer(name), name, f"is a {parameter.kind}, not a {kind}")])
        return self._values[name]

    def _layer(self, name: str) -> str:
        # where the value comes from: a user's setting before the file that declares it
        return self._layers.get(name, self._schema.parameters[name].layer).partition(CLAIM)[0]

    def _unknown(self, name: str, file: str = "") -> AssumptionError:
        return AssumptionError(
            [Fault(file, str(name), f"unknown name{nearest(name, self._schema.parameters)}")]
        )

    def number(self, name: str) -> float:
        """A number in its unit; also a path that has one value in every year."""
        parameter = self._schema.parameters.get(name)
        if parameter is not None and parameter.kind == "path":
            dated: DatedPath = self._values[name]
            if dated.is_constant:
                return float(dated.values[0])
            if self._year is not None:
                return float(self.path(name, [self._year])[0])
            said = "is dated: it has other values in other years, and one for all is needed here"
            raise AssumptionError([Fault(self._layer(name), name, said)])
        value: float = self._get(name, "number")
        return value

    def in_year(self, year: int) -> Resolved:
        """The same pack as of a calendar year: :meth:`number` and :meth:`table` give what holds in it."""
        copy = object.__new__(type(self))
        for kind in type(self).__mro__:
            for slot in getattr(kind, "__slots__", ()):
                setattr(copy, slot, getattr(self, slot))
        copy._year = year
        return copy

    def path(self, name: str, years: ArrayLike) -> FloatArray:
        """A path in the given calendar years, float64 (year,), read-only, cached; a number holds in every year."""
        parameter = self._schema.parameters.get(name)
        if parameter is not None and parameter.kind == "number":
            return DatedPath.constant(self.number(name)).at(years)
        dated: DatedPath = self._get(name, "path")
        try:
            return dated.at(years)
        except BeforeFirstYear as error:
            given = blamed(self._schema, (name,), self._layers)
            raise AssumptionError([Fault(given, name, str(error))]) from None

    def dated(self, name: str) -> DatedPath:
        """A path as dated values and rule."""
        value: DatedPath = self._get(name, "path")
        return value

    def table(self, name: str) -> Table:
        """A table with named axes, read-only; of a dated one that of the year of :meth:`in_year`."""
        value: Table = self._get(name, "table")
        if not value.later:
            return value
        if self._year is not None:
            return value.in_year(self._year)
        said = (
            f"is dated: another table holds from {value.later[0][0]} on, and one for all years is needed here"
        )
        raise AssumptionError([Fault(self._layer(name), name, said)])

    def labels(self, name: str, axis: str) -> tuple[Label, ...]:
        """Labels of one axis of a table, where its values do not matter; of a dated table those of any year, in order."""
        value: Table = self._get(name, "table")
        if not value.later:
            return value.coords[axis]
        if self._year is not None:
            return value.in_year(self._year).coords[axis]
        every = dict.fromkeys(label for _, table in value.parts for label in table.coords[axis])
        ages = [label for label in every if isinstance(label, int)]
        return tuple(sorted(ages)) if len(ages) == len(every) else tuple(every)

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

    @property
    def inputs(self) -> tuple[str, ...]:
        """Every file behind the values as digest and name: the shipped data, overlays, and the CSVs that they name.

        They tell runs apart that only a remark or a title tells apart; what a result depends on is in :attr:`sha256`.
        """
        return self._inputs

    @property
    def attached(self) -> dict[str, Attached]:
        """Tables of the user's own, by the name of the value that gives them."""
        return dict(self._files)

    def content_of(self, name: str) -> bytes | None:
        """Bytes of the table that a value gives, or None where it gives none.

        Raises
        ------
        AssumptionError
            If only its digest is known: the run was written without the table.
        """
        found = self._files.get(name)
        if found is None:
            return None
        if found.content is None:
            said = f"the run holds the digest of {found.said} but not the table; give it with --table {name}=FILE"
            raise AssumptionError([Fault("", name, said)])
        return found.content

    def with_table(self, name: str, table: Attached) -> Resolved:
        """A copy that holds a table of which only the digest was known.

        Raises
        ------
        AssumptionError
            If the value gives no table, or another one.
        """
        recorded = self._files.get(name)
        if recorded is None:
            known = ", ".join(self._files) or "none"
            raise AssumptionError([Fault(table.place, name, f"is no table of the run; it has {known}")])
        if table.sha256 != recorded.sha256:
            said = f"is {table.said}; the run was made with {recorded.said}, and needs the same bytes"
            raise AssumptionError([Fault(table.place, name, said)])
        return self._copy(files={**self._files, name: replace(table, totals=recorded.totals)})

    def with_totals(self, name: str, totals: Mapping[str, Any]) -> Resolved:
        """A copy that records control totals of a table; they identify nothing."""
        return self._copy(files={**self._files, name: replace(self._files[name], totals=dict(totals))})

    def _copy(self, *, files: Mapping[str, Attached]) -> Resolved:
        return Resolved(
            self._schema,
            self._values,
            scenario=self.scenario,
            basis=self.basis,
            layers=self.layers,
            user_set=self._set,
            notices=tuple(self.notices),
            free=self._free,
            changed_by=self._layers,
            files=files,
            inputs=self._inputs,
        )

    def given(self, name: str) -> Any:
        """A value as :meth:`with_values` takes it: with its table, where it names one."""
        return self._files.get(name) or self.value(name)

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
                update={
                    "status": "user",
                    "source": USER_SOURCE,
                    "locator": said,
                    "layer": said.partition(CLAIM)[0],
                    "note": "",
                    "stated": said.partition(CLAIM)[2],
                }
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
            if not any(holds(term, self._values) for term in terms):
                now = ", ".join(
                    f"{term.name} is {as_text(self._values[term.name])}" for term in dict.fromkeys(terms)
                )
                return False, f"used only when {text}; here {now}"
        if any(holds(term, self._values) for terms in self._schema.also[name] for term in terms):
            return True, ""
        elsewhere = f" ({' or '.join(parameter.also_when)})" if parameter.also_when else ""
        if parameter.documentary:
            said = f"; another calculation does{elsewhere}" if elsewhere else ""
            return False, f"recorded for readers; no formula of the projection uses it{said}"
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

    def replaced(self, name: str) -> tuple[str, ...]:
        """Values whose place is taken by the file that `name` gives."""
        parameters = self._schema.parameters
        return tuple(other for other, item in parameters.items() if item.replaced_by == name)

    def refuse_misdated(self) -> None:
        """Raise for every datum in use that describes the state of another year than `reform.state_year`."""
        year = self._values.get(STATE_YEAR)
        faults = []
        for name, item in self._schema.parameters.items():
            if not item.dated or item.as_of is None or item.as_of == year or name in self._layers:
                continue
            if self._values[name] == "" or self._values.get(item.replaced_by) or not self.live(name)[0]:
                continue
            said = f"describes the state of 31 December {item.as_of}, but {STATE_YEAR} is {year:g}; give it for that date"
            faults.append(Fault(self.item(STATE_YEAR).layer, name, said))
        if faults:
            raise AssumptionError(faults)

    # copies with other values ----------------------------------------------------------------------------------

    def with_values(
        self,
        changes: Mapping[str, Any],
        origin: str = "set by the caller",
        *,
        scaled: Collection[str] = (),
    ) -> Resolved:
        """A copy with other values; bounds, labels and constraints are checked (`AssumptionError`).

        A number takes a float; a path a float, {year: value} or a `DatedPath`; a table an array of its shape, one
        number or a `Table`; a switch or text a str; a flag a bool; a value that names a file its path or an
        `Attached`. Values derived from a changed one follow.


        Independent rates that compete may sum to more than 1: they cannot take more than everybody together. Rates
        typed so are refused all the same, since a slip is likelier; those that are `scaled` are not.
        """
        values = dict(self._values)
        files = dict(self._files)
        faults: list[Fault] = []
        origins: dict[str, str] = {}
        for name, given in changes.items():
            parameter = self._schema.parameters.get(name)
            if parameter is None:
                faults.extend(self._unknown(name, origin).faults)
                continue
            attached = given if parameter.file and isinstance(given, Attached) else None
            if attached is not None:
                values[name], said = attached.name, ""
            else:
                if parameter.file and isinstance(given, Path):
                    given = str(given)
                values[name], said = coerce(
                    parameter, given, self._values[name], origin, self._schema.sources, faults
                )
            origins[name] = f"{origin}{CLAIM}{said}" if said else origin
            if parameter.file:
                files.pop(name, None)
                try:
                    if attached is None and values[name]:
                        attached = read_attached(Path(str(values[name])), name)
                except AssumptionError as error:
                    faults.extend(error.faults)
                if attached is not None:
                    files[name] = attached
        if faults:
            raise AssumptionError(faults)
        return self._changed(values, origins, origin, scaled, files=files)

    def with_process(self, paths: Mapping[str, DatedPath], origin: str) -> Resolved:
        """A copy with paths that a random process took: held to what is possible, not to the bounds of a typed value.

        Raises `AssumptionError` where a year's value cannot be, as growth of -1 or less.
        """
        faults = [
            Fault(origin, name, message)
            for name, path in paths.items()
            if (message := possible_message(self.item(name), path)) is not None
        ]
        if faults:
            raise AssumptionError(faults)
        return self._changed({**self._values, **paths}, dict.fromkeys(paths, origin), origin, process=True)

    def _changed(
        self,
        values: dict[str, Value],
        origins: dict[str, str],
        origin: str,
        scaled: Collection[str] = (),
        process: bool = False,
        files: Mapping[str, Attached] | None = None,
    ) -> Resolved:
        schema = self._schema
        names = tuple(origins)
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
            changed_by = {**self._layers, **dict.fromkeys(names, origin)}
            recompute(schema, values, ordered, faults, changed_by, process=process)
            touched = (*names, *ordered)
        check_constraints(schema, values, touched, faults, origin, scaled)
        if faults:
            raise AssumptionError(faults)
        layers = {**self._layers, **origins}
        copy = Resolved(
            schema,
            values,
            scenario=self.scenario,
            basis=self.basis,
            layers=self.layers,
            user_set=self._set.union(names),
            notices=(*self.notices, *held_before(values, names, self.notices)),
            free=free,
            changed_by=layers,
            files=self._files if files is None else files,
            inputs=self._inputs,
        )
        copy.below = self.below
        if STATE_YEAR in origins:
            copy.refuse_misdated()
        return copy

    def modified(
        self, name: str, mode: str = "replace", *, value: Any, from_year: int | None = None
    ) -> Resolved:
        """A copy with one value replaced, shifted (added to) or scaled, a path also from a year on.

        Earlier years of a path keep their values. Bounds are checked (`AssumptionError`); probabilities of a table
        that are scaled stay within 1 (`assumptions.scaling`).
        """
        parameter = self._schema.parameters.get(name)
        if parameter is None:
            raise self._unknown(name)

        def refuse(message: str) -> AssumptionError:
            return AssumptionError([Fault("", name, message)])

        if mode not in MODES:
            raise refuse(f"mode {mode!r} is not allowed; allowed are {', '.join(MODES)}")
        if from_year is not None and parameter.kind not in ("path", "table"):
            raise refuse(f"from_year is for paths and tables; this is a {parameter.kind}")
        said = value if isinstance(value, int | float | str) else type(value).__name__
        origin = f"{mode} {quoted(said).strip(chr(39))}" + (f" from {from_year}" if from_year else "")
        if mode == "replace" and from_year is None:
            return self.with_values({name: value}, origin)
        if mode == "replace" and parameter.kind == "table":
            keys = dict(value) if isinstance(value, Mapping) and "value" in value else {"value": value}
            return self.with_values({name: {**keys, "from_year": from_year}}, origin)
        if parameter.kind not in NUMERIC:
            raise refuse(f"a {parameter.kind} can only be replaced")
        if isinstance(value, bool) or not isinstance(value, int | float) or not is_finite(value):
            raise refuse(f"{value!r} is not a finite number")
        old = self._values[name]
        if isinstance(old, Table) and any(DATED_ROWS in labels for labels in old.coords.values()):
            raise refuse("a table of dated rows can only be replaced: its years would move with its values")
        new = changed(parameter, self._values[name], mode, float(value), from_year)
        copy = self.with_values({name: new}, origin, scaled=(name,) if mode == "scale" else ())
        if value == {"shift": 0.0, "scale": 1.0}.get(mode):
            copy.notices.append(unchanged(name, mode, value))
        return copy

    # identity and transport ------------------------------------------------------------------------------------

    def content(self) -> dict[str, Any]:
        """What determines a result: kind, unit and value of every name (not titles, sources or labels of runs)."""
        parameters = self._schema.parameters
        return {
            name: [parameters[name].kind, parameters[name].unit, self.identity(name)] for name in self._values
        }

    def identity(self, name: str) -> Any:
        """A value as JSON can hold it, without loss; of a table of the user's own its digest, whatever its name is."""
        found = self._files.get(name)
        return canonical(self._values[name]) if found is None else {"sha256": found.sha256}

    @property
    def sha256(self) -> str:
        """SHA-256 over the canonical content: equal values, equal hash."""
        if self._sha is None:
            self._sha = hashlib.sha256(_dump(self.content()).encode()).hexdigest()
        return self._sha

    def fingerprint(self, names: Iterable[str], labels: Collection[str] = ()) -> bytes:
        """Digest of the named values, of tables among ``labels`` of their labels alone: equal content, equal digest."""
        parts: list[bytes] = []
        for name in names:
            value = self._values[name]
            if name in labels:
                content = value.label_digest
            elif isinstance(value, DatedPath):
                content = (
                    b"%d " % value.years.size
                    + value.years.tobytes()
                    + value.values.tobytes()
                    + value.rule.encode()
                )
            elif isinstance(value, Table):
                content = value.digest
            elif name in self._files:
                content = self._files[name].sha256.encode()
            else:
                content = repr(value).encode()
            parts += (name.encode(), content)
        return hashlib.blake2b(b"\0".join(parts), digest_size=16).digest()

    def to_json(self, embed: Iterable[str] = ()) -> str:
        """Everything needed to run again, bit for bit: values, provenance, sources, conditions.

        Of a table of the user's own the digest and totals, and its bytes where ``embed`` names its sha256.
        """
        schema = self._schema
        wanted = frozenset(embed)
        tables = {
            name: table.described()
            | ({"content": _packed(table.content)} if table.content and table.sha256 in wanted else {})
            for name, table in self._files.items()
        }
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
                    name: parameter.model_dump(exclude_defaults=True)
                    for name, parameter in schema.parameters.items()
                },
                "values": {
                    name: self._files[name].name if name in self._files else canonical(value)
                    for name, value in self._values.items()
                },
                **({"tables": tables} if tables else {}),
                "inputs": list(self._inputs),
                "constraints": [list(constraint) for constraint in schema.constraints],
                "sources": {
                    key: source.model_dump(exclude_defaults=True) for key, source in schema.sources.items()
                },
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Resolved:
        """The inverse of `to_json`; needs no file. Raises `AssumptionError` if the text is not intact."""

        def refuse(message: str) -> AssumptionError:
            return AssumptionError([Fault("resolved assumptions", "", message)])

        try:
            raw = json.loads(text, parse_constant=_no_number)
            if raw.get("format") != FORMAT:
                raise refuse(f"format is {raw.get('format')!r}; {FORMAT!r} is expected")
            parameters = {
                name: Parameter.model_validate_json(json.dumps(keys))
                for name, keys in raw["parameters"].items()
            }
            sources = {key: Source.model_validate(keys) for key, keys in raw["sources"].items()}
            constraints = tuple(
                Constraint(rule, tuple(names), why, tolerance)
                for rule, names, why, tolerance in raw["constraints"]
            )
            values = {
                name: from_canonical(parameters[name].kind, found) for name, found in raw["values"].items()
            }
            faults: list[Fault] = []
            schema = build_schema(parameters, sources, constraints, faults)
            if faults:
                raise AssumptionError(faults)
            resolved = cls(
                schema,
                values,
                scenario=raw["scenario"],
                basis=raw["basis"],
                layers=tuple(raw["layers"]),
                user_set=frozenset(raw["user_set"]),
                notices=tuple(raw["notices"]),
                free=frozenset(raw["free"]),
                changed_by=dict(raw["changed_by"]),
                files=_tables(raw.get("tables", {}), parameters, values),
                inputs=tuple(str(item) for item in raw.get("inputs", ())),
            )
            found, recorded = resolved.sha256, raw["sha256"]
        except AssumptionError:
            raise
        except (
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            OverflowError,
            RecursionError,
            zlib.error,
        ) as error:
            raise refuse(f"cannot be read back ({type(error).__name__}: {error})") from None
        if found != recorded:
            raise refuse(f"content has changed: sha256 is {found}, {recorded} was recorded")
        return resolved

    def __repr__(self) -> str:
        return f"Resolved(scenario={self.scenario!r}, basis={self.basis!r}, sha256={self.sha256[:12]})"


def _no_number(said: str) -> float:
    raise ValueError(f"{said} is not a finite number")


def _packed(content: bytes) -> str:
    return base64.b64encode(zlib.compress(content, 9)).decode("ascii")


def _unpacked(text: str, size: int) -> bytes:
    """Bytes of an embedded table; no more than it says."""
    reader = zlib.decompressobj()
    found = reader.decompress(base64.b64decode(text, validate=True), size + 1)
    if len(found) != size or not reader.eof:
        raise ValueError("a table is not of the size it says")
    return found


def _tables(
    raw: Mapping[str, Any], parameters: Mapping[str, Parameter], values: Mapping[str, Value]
) -> dict[str, Attached]:
    """Tables as a run describes them; every value that names one must have one."""
    found: dict[str, Attached] = {}
    for name, said in raw.items():
        size = int(said["bytes"])
        if not parameters[name].file or not 0 <= size <= LARGEST_TABLE:
            raise ValueError(f"{name} is no table that could be read")
        content = _unpacked(said["content"], size) if "content" in said else None
        table = Attached(
            plain_name(str(said["file"])), str(said["sha256"]), size, content, "", dict(said["totals"])
        )
        if content is not None and Attached.of(content, "").sha256 != table.sha256:
            raise ValueError(f"{name}: the embedded table has changed")
        found[name] = table
    for name, parameter in parameters.items():
        if parameter.file and values[name] and name not in found:
            raise ValueError(f"{name} names a file without its digest")
    return found


def coerce(
    parameter: Parameter,
    given: Any,
    old: Value,
    origin: str,
    sources: Mapping[str, Source],
    faults: list[Fault],
) -> tuple[Value, str]:
    """A value given in Python or by `--set` as the parameter's kind holds it, and what it says of its origin."""
    if isinstance(given, dict | Mapping):
        declared = declared_of(parameter, old)
        keys = clean_keys(parameter.name, given, declared, origin, faults, by_user=True)
        if parameter.kind == "path" and "from_year" in keys:
            keys = from_year({"value": old}, keys)
        claimed = claims(keys)
        if claimed:
            said = {
                "status": "user",
                "source": USER_SOURCE,
                "locator": origin,
                **({"range": parameter.range} if parameter.range else {}),
                **keys,
            }

            def fault(key: str, message: str) -> None:
                faults.append(Fault(origin, f"{parameter.name}.{key}", message))

            check_origin(parameter.kind, said, claimed, sources, False, fault)
        value = ValueReader(parameter, keys, _HERE, faults, file=origin, old=old).read() if keys else None
        return value, stated(claimed)
    if type(given) is float and parameter.kind == "number" and bounds_message(parameter, given) is None:
        return given, ""  # the way of sweeps, a hundred thousand times
    return ValueReader(parameter, {"value": given}, _HERE, faults, file=origin, old=old, bare=True).read(), ""


def held_before(values: Mapping[str, Value], names: Iterable[str], told: Iterable[str] = ()) -> list[str]:
    """Notices about paths whose last dated value is of a year before the first projected one; it is held throughout."""
    first = values.get("reform.first_year", 0.0)
    said = [
        f"{name}: its last value is of {path.years[-1]}, before the first projected year {first:g}; it holds in every year"
        for name in sorted(names)
        if isinstance(path := values[name], DatedPath) and not path.is_constant and path.years[-1] < first
    ]
    return [notice for notice in said if notice not in told]
