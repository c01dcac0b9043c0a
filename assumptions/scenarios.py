"""Base, basis, scenario and user layers become one resolved set of assumptions; what differs; what is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from assumptions.attached import Attached, read_attached
from assumptions.files import parse_toml
from assumptions.model import AssumptionError, Fault, Parameter, Source, Value
from assumptions.notices import empty, told
from assumptions.reading import (
    Entry,
    Layer,
    build_parameter,
    layer_of,
    merge,
    read_layer,
)
from assumptions.resolved import STATE_YEAR, Resolved, held_before
from assumptions.schema import build_schema, check_constraints, recompute
from assumptions.text import DATA, nearest, shown
from assumptions.tree import Tree, good_tree, read_tree, reroot
from assumptions.values import ValueReader

BASES = ("statutory", "published")
# Overlays of earlier releases and what took their place.
RENAMED = {"gdp_305bn": "gdp_macro_table (GDP of the report's macro table)"}
_GIVE_VALUES = ("value", "values", "csv", "derived", "value_of")


class Pack:
    """A scenario with the user's layers, before a basis is chosen."""

    def __init__(self, tree: Tree, scenario: str, user: tuple[Layer, ...], sets: Mapping[str, Any]) -> None:
        self._tree = tree
        self._user = user
        self._sets = dict(sets)
        self._tables: dict[Path, Attached] = {}
        self.scenario = scenario
        self.basis_names = tuple(tree.bases)

    def facts(self) -> dict[str, str]:
        """What was set and which assumptions that makes, for people; never an error."""
        said = {"scenario": self.title}
        header = self._tree.scenarios[self.scenario].header
        if header and header.description:
            said["in words"] = header.description
        overlays = [layer.header.title if layer.header else layer.file for layer in self._user]
        if overlays:
            said["overlays"] = ", ".join(overlays)
        if self._sets:
            said["set"] = ", ".join(f"{name} = {value}" for name, value in self._sets.items())
        if not overlays and not self._sets:
            said["set"] = "nothing: the shipped assumptions"
        said["bases"] = ", ".join(self.basis_names)
        try:
            said["sha256"] = self.sha256[:16]
        except AssumptionError as error:
            said["faults"] = str(error)
        return said

    def __repr__(self) -> str:
        return "\n".join(
            [f"Pack {self.scenario}", *(f"  {name:<9} {text}" for name, text in self.facts().items())]
        )

    def _repr_html_(self) -> str:
        rows = (
            f"<tr><th>{escape(name)}</th><td>{escape(text)}</td></tr>" for name, text in self.facts().items()
        )
        return f"<table>{''.join(rows)}</table>"

    @property
    def title(self) -> str:
        """Title of the scenario."""
        header = self._tree.scenarios[self.scenario].header
        return header.title if header else self.scenario

    @property
    def layers(self) -> tuple[str, ...]:
        """Files in the order in which they apply; basis files are applied before the scenario's."""
        named = [
            *self._tree.base_files,
            self._tree.scenarios[self.scenario].file,
            *(item.file for item in self._user),
        ]
        return (*named, "--set") if self._sets else tuple(named)

    @property
    def sha256(self) -> str:
        """SHA-256 over the resolved content in every basis, inert user values included."""
        parts = [self._build(basis, frozenset()).sha256 for basis in self.basis_names]
        return hashlib.sha256("".join(parts).encode()).hexdigest()

    def _layers_of(self, basis: str) -> list[tuple[Layer, dict[str, Entry]]]:
        tree = self._tree
        if not isinstance(basis, str) or basis not in tree.bases:
            said = f"no such basis; allowed are {', '.join(tree.bases)}{nearest(basis, tree.bases)}"
            raise AssumptionError([Fault("", str(basis), said)])
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
        merged, as_of = self._merged(stack, without)
        parameters: dict[str, Parameter] = {}
        values: dict[str, Value] = {}
        for name, (keys, entry) in merged.items():
            built = _parameter_and_value(name, keys, entry, tree.sources, faults)
            if built is None:
                continue
            parameter, found = built
            if parameter.dated:
                parameter = parameter.model_copy(update={"as_of": as_of[name]})
            parameters[name] = parameter
            if found is not None:
                values[name] = found
        schema = build_schema(
            parameters, tree.sources, tree.constraints, faults, frozenset(merged) - set(parameters)
        )
        if faults:
            raise AssumptionError(faults)
        recompute(schema, values, schema.order, faults)
        if not faults:
            check_constraints(schema, values, parameters, faults, "")
        folders = {name: entry.folder for name, (_, entry) in merged.items()}
        files = self._files(parameters, values, folders, faults)
        general, own = self._user_names(basis)
        layers = [*tree.base_files, *(layer.file for layer, _ in stack), *(["--set"] if self._sets else [])]
        user_set = frozenset((general | own) - without - set(self._sets))
        resolved = Resolved(
            schema,
            values,
            scenario=self.scenario,
            basis=basis,
            layers=tuple(layers),
            user_set=user_set,
            files=files,
            inputs=self.inputs,
            notices=tuple(held_before(values, user_set)),
        )
        sets = {name: value for name, value in self._sets.items() if name not in without}
        if sets:
            resolved = resolved.with_values(sets, "--set")
        resolved.refuse_misdated()
        return resolved

    def _merged(
        self, stack: Sequence[tuple[Layer, dict[str, Entry]]], without: frozenset[str]
    ) -> tuple[dict[str, tuple[dict[str, Any], Entry]], dict[str, int | None]]:
        """Every entry under all layers with the one that gives its value, and the state of which year that describes."""
        declared = self._tree.declared
        merged = {name: (entry.keys, entry) for name, entry in declared.items()}
        stated = _state_year(declared)
        as_of: dict[str, int | None] = dict.fromkeys(merged, stated)
        for layer, entries in stack:
            # A user's file without a state of its own describes that of the run.
            year = _state_year(entries) or (None if layer.chosen else stated)
            for name, entry in entries.items():
                if layer.chosen and name in without:
                    continue
                keys, below = merged[name]
                gives_value = not entry.keys.keys().isdisjoint(_GIVE_VALUES)
                if "from_year" in entry.keys and "csv" in keys:
                    # What stood below is read from where it stood.
                    keys = {**keys, "csv": str(below.folder / str(keys["csv"]))}
                merged[name] = (merge(keys, entry, layer.header), entry if gives_value else below)
                if gives_value:
                    as_of[name] = year
        return merged, as_of

    def _files(
        self,
        parameters: Mapping[str, Parameter],
        values: Mapping[str, Value],
        folders: Mapping[str, Path],
        faults: list[Fault],
    ) -> dict[str, Attached]:
        """Tables of the user's own that values name; refuses with all faults so far."""
        files: dict[str, Attached] = {}
        for name, parameter in parameters.items():
            if parameter.file and values[name]:
                try:
                    files[name] = self._table(folders[name] / str(values[name]), name)
                except AssumptionError as error:
                    faults.extend(error.faults)
        if faults:
            raise AssumptionError(faults)
        return files

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Digest and name of the shipped data and of every file that the user's layers are read from."""
        found = {"data": self._tree.sha256}
        for layer in self._user:
            of_layer = [entry for part in (layer.entries, *layer.only.values()) for entry in part.values()]
            csvs = {
                entry.folder / entry.keys["csv"]
                for entry in of_layer
                if isinstance(entry.keys.get("csv"), str)
            }
            for path in (layer.path, *sorted(csvs)):
                if path is not None and path.is_file():
                    found[shown(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
        return tuple(f"{sha} {name}" for name, sha in found.items())

    def _table(self, path: Path, name: str) -> Attached:
        # Read once: all bases of a pack see the same bytes.
        if path not in self._tables:
            self._tables[path] = read_attached(path, name)
        return self._tables[path]

    def _shipped(self, basis: str) -> Resolved:
        """The same case without what the user's own files and settings say."""
        shipped = tuple(layer for layer in self._user if not layer.by_user)
        key = (self.scenario, basis, tuple(layer.file for layer in shipped))
        found = self._tree.resolved.get(key)
        if found is None:
            found = Pack(self._tree, self.scenario, shipped, {})._build(basis, frozenset())
            self._tree.resolved[key] = found
        return found

    def _told(self, resolved: Resolved, without: frozenset[str]) -> Resolved:
        """The resolved pack with notices of what a user sets."""
        own = [layer for layer in self._user if layer.by_user]
        if own or self._sets:
            names = set(self._sets).union(
                *(layer.entries for layer in own), *(layer.only.get(resolved.basis, {}) for layer in own)
            )
            resolved.below = self._shipped(resolved.basis)
            resolved.notices += [
                empty(item.file) for item in own if not item.entries and not any(item.only.values())
            ]
            resolved.notices += told(resolved, resolved.below, names - without)
        return resolved

    def with_text(self, text: str, file: str) -> Pack:
        """The pack with one more layer, given as the text of an overlay; single values (`--set`) stay on top.

        Raises `AssumptionError` with all faults of the text, and where a single value is one of its own.
        """
        faults: list[Fault] = []
        tree = parse_toml(text, file, faults, file)
        if tree is None:
            raise AssumptionError(faults)
        layer = layer_of(
            tree, file, Path(), self._tree.declared, faults, tuple(self._tree.bases), by_user=True
        )
        layer.chosen = True
        names = set(layer.entries).union(*layer.only.values())
        faults += [
            Fault(file, name, "is set by --set as well; give one of them")
            for name in sorted(names & set(self._sets))
        ]
        if faults:
            raise AssumptionError(faults)
        return Pack(self._tree, self.scenario, (*self._user, layer), self._sets)

    def resolve(self, basis: str) -> Resolved:
        """All assumptions in one basis; raises `AssumptionError` with every fault, inert user values included."""
        resolved = self._build(basis, frozenset())
        resolved.refuse_inert(resolved.user_set)
        return self._told(resolved, frozenset())


def _state_year(entries: Mapping[str, Entry]) -> int | None:
    """The state year that a layer states, where it does."""
    entry = entries.get(STATE_YEAR)
    year = entry.keys.get("value") if entry is not None else None
    return year if isinstance(year, int) and not isinstance(year, bool) else None


_BUILT: dict[Any, tuple[Parameter, Value | None]] = {}


def _parameter_and_value(
    name: str, keys: dict[str, Any], entry: Entry, sources: dict[str, Source], faults: list[Fault]
) -> tuple[Parameter, Value | None] | None:
    cacheable = not entry.by_user
    key: Any = None
    if cacheable:
        key = (name, entry.file, str(entry.folder), repr(keys))  # tells 1 from 1.0 and from true
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
        if reader.row_sources and entry.by_user:
            named = ", ".join(sorted({source for _, _, source in reader.row_sources}))
            said = f"{parameter.stated}; rows name {named}".removeprefix("; ")
            parameter = parameter.model_copy(update={"stated": said})
        elif reader.row_sources:
            unknown = sorted({row[2] for row in reader.row_sources} - set(sources))
            if unknown:
                faults.append(
                    Fault(entry.file, f"{name}.csv", f"rows name unknown sources {', '.join(unknown)}")
                )
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
            faults.append(
                Fault(parameter.layer, path, f"{low:g} to {high:g} does not hold the value {inside:g}")
            )


def _check_types(overlays: object, sets: object) -> None:
    """Refuse overlays that are no names or paths, and sets that are no mapping."""
    listed = overlays if isinstance(overlays, Sequence) and not isinstance(overlays, str) else [overlays]
    faults = [
        Fault("", "overlays", f"{overlay!r} is not a name or a path")
        for overlay in listed
        if not isinstance(overlay, str | Path)
    ]
    if sets is not None and not isinstance(sets, Mapping):
        faults.append(Fault("", "sets", f"{sets!r} is not a mapping of names to values"))
    if faults:
        raise AssumptionError(faults)


def load(
    scenario: str,
    overlays: str | Path | Sequence[str | Path] = (),
    sets: Mapping[str, Any] | None = None,
    *,
    root: Path = DATA,
) -> Pack:
    """A scenario with the user's overlays (shipped ones by name, own ones by path) and single values.

    Raises `AssumptionError` with all faults of scenario code, overlay files and names at once.
    """
    tree = good_tree(root)
    faults: list[Fault] = []
    _check_types(overlays, sets)
    if not isinstance(scenario, str) or scenario not in tree.scenarios:
        said = f"no such scenario; allowed are {', '.join(tree.scenarios)}{nearest(scenario, tree.scenarios)}"
        faults.append(Fault("", str(scenario), said))
    layers = []
    # One name is no sequence of letters.
    for overlay in [overlays] if isinstance(overlays, str | Path) else overlays:
        path = tree.overlays.get(str(overlay), Path(overlay))
        by_name = str(overlay) in tree.overlays
        if not by_name and not path.exists():
            if str(overlay) in RENAMED:
                said = f"this overlay is no more: no page supports it; use {RENAMED[str(overlay)]}"
                faults.append(Fault(str(overlay), "", said))
                continue
            known = ", ".join(tree.overlays)
            said = f"no such overlay file, and no shipped overlay of this name (those are {known})"
            faults.append(Fault(shown(Path(overlay)), "", said + nearest(str(overlay), tree.overlays)))
            continue
        layers += _with_included(tree, path, faults, by_user=not by_name)
    for name in sets or {}:
        if name not in tree.declared:
            faults.append(Fault("--set", str(name), f"unknown name{nearest(name, tree.declared)}"))
    if faults:
        raise AssumptionError(faults)
    return Pack(tree, scenario, tuple(layers), sets or {})


def _with_included(
    tree: Tree, path: Path, faults: list[Fault], by_user: bool, above: tuple[Path, ...] = ()
) -> list[Layer]:
    """An overlay, after the shipped overlays that its header includes, in their order."""
    layer = read_layer(path, tree.declared, faults, tuple(tree.bases), by_user=by_user)
    if not by_user:
        reroot(layer, tree.root)
    layer.chosen = True
    layer.path = path
    below: list[Layer] = []
    for name in layer.header.includes if layer.header else ():
        found = tree.overlays.get(name)
        if found is None:
            said = f"no shipped overlay {name} (those are {', '.join(tree.overlays)})"
            faults.append(Fault(layer.file, "overlay.includes", said + nearest(name, tree.overlays)))
        elif found in (*above, path):
            faults.append(Fault(layer.file, "overlay.includes", f"{name} includes itself"))
        else:
            below += _with_included(tree, found, faults, by_user=False, above=(*above, path))
    return [*below, layer]


def resolve_all(pack: Pack, bases: Sequence[str] = BASES) -> dict[str, Resolved]:
    """Resolve in several bases. A user value that is inert in one but live in another is left out where it is
    inert, with a line in `.notices` there; one that is live in none is refused."""
    if isinstance(bases, str) or not isinstance(bases, Sequence):
        raise AssumptionError.single(
            "bases", f"{bases!r} is not a list of bases", ", ".join(pack.basis_names)
        )
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
        result[basis] = pack._told(resolved, frozenset(dropped))
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
        known = [pack.identity(name) if pack.has(name) else None for pack in (old, new)]
        if known[0] != known[1]:
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
    name, found, right = text.partition("=")
    name, right = name.strip(), right.strip()
    if not found or not name or not right:
        raise AssumptionError([Fault("--set", text, "is written as name=value, as economy.gdp_growth=0.035")])
    faults: list[Fault] = []
    read = parse_toml(f"value = {right}", "--set", faults, name)
    if read is None:
        if any("is not valid TOML" not in fault.message for fault in faults):
            raise AssumptionError(faults)
        return name, right
    if len(read) > 1:
        raise AssumptionError([Fault("--set", name, "has more than one line; give --set once for each name")])
    return name, read["value"]


def check(path: str | Path | None = None) -> list[Fault]:
    """Everything that is wrong with the shipped data, with a data folder, or with one overlay file."""
    if path is None or Path(path).is_dir():
        root = DATA if path is None else Path(path)
        read_tree.cache_clear()
        _BUILT.clear()  # a CSV may have changed under a value built before
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
    layers = _with_included(tree, path, faults, by_user=by_user)
    pack = Pack(tree, next(iter(tree.scenarios)), tuple(layers), {})
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
