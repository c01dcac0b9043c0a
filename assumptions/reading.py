"""From TOML to layers of entries, and from entries to parameters; every fault is collected, none raised."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assumptions.derived import REGISTRY
from assumptions.files import read_toml
from assumptions.files.cells import quoted
from assumptions.model import (
    KINDS,
    NUMERIC,
    STATUSES,
    Derivation,
    Fault,
    OverlayHeader,
    Parameter,
    Source,
    Table,
    Value,
)
from assumptions.text import nearest, shown
from assumptions.units import UNITS
from assumptions.values import VALUE_KEYS, as_keys, fixed_labels, from_year, not_in, same_labels

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
        "bounds_why",
        "used_when",
        "input_only",
        "documentary",
        "also_when",
        "whole",
        "file",
        "scaling",
        "dated",
        "replaced_by",
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
    path: Path | None = None
    by_user: bool = False


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
        faults.append(Fault(file, "overlay.status", not_in(raw["status"], STATUSES)))
        return None
    try:
        return OverlayHeader.model_validate(
            {key: _tuples(value) for key, value in raw.items() if key in allowed}
        )
    except ValidationError as error:
        faults.extend(pydantic_faults(file, "overlay", error))
        return None


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
    return Entry(clean_keys(name, value, base.keys, file, faults, by_user), file, folder, by_user)


def clean_keys(
    name: str, given: Any, declared: Mapping[str, Any], file: str, faults: list[Fault], by_user: bool
) -> dict[str, Any]:
    """Keys of one name as a layer, `--set` or a caller gives them; those it may not give become faults."""
    keys = as_keys(given)
    if not keys:
        faults.append(Fault(file, name, "is an empty table; a value is needed"))
    for key in list(keys):
        if key in DECLARED_KEYS:
            if not _same(key, keys[key], declared):
                said = f"cannot be changed by an overlay (it is {declared.get(key, 'not set')!r})"
                faults.append(Fault(file, f"{name}.{key}", said))
            del keys[key]
        elif key == "coords" and not _may_change(keys[key], declared):
            faults.append(Fault(file, f"{name}.coords", fixed_labels(declared.get("free_axes", ()))))
            del keys[key]
        elif key not in ALL_KEYS:
            allowed = sorted(ALL_KEYS - DECLARED_KEYS)
            said = f"unknown key; allowed are {', '.join(allowed)}{nearest(key, allowed)}"
            faults.append(Fault(file, f"{name}.{quoted(key)[1:-1]}", said))
            del keys[key]
    if by_user:
        _check_stated(name, keys, file, faults)
    return keys


def _same(key: str, given: Any, declared: Mapping[str, Any]) -> bool:
    default = Parameter.model_fields[key].default
    return bool(_tuples(given) == _tuples(declared.get(key, default)))


def _may_change(coords: Any, declared: Mapping[str, Any]) -> bool:
    below = declared.get("coords")
    if not isinstance(coords, Mapping) or not isinstance(below, Mapping):
        return False
    return same_labels(coords, below, declared.get("free_axes", ()))


def _check_stated(name: str, keys: dict[str, Any], file: str, faults: list[Fault]) -> None:
    """What a user says of the origin of a value: it needs a value beside it, and is text."""
    said = [key for key in keys if key in PROVENANCE_KEYS - {"range", "range_of"}]
    if said and VALUE_KEYS.isdisjoint(keys):
        message = "gives no value; who changes a value says where the new one comes from"
        faults.append(Fault(file, f"{name}.{said[0]}", message))
    for key in said:
        if not isinstance(keys[key], str):
            faults.append(
                Fault(file, f"{name}.{key}", f"{quoted(keys[key])} is not text; write it in quotes")
            )
            del keys[key]


def claims(keys: Mapping[str, Any]) -> dict[str, Any]:
    """What a user's layer says of the origin of its value: it is shown beside the value, not believed."""
    return {key: keys[key] for key in ("source", "locator", "status") if keys.get(key)}


def stated(claimed: Mapping[str, Any]) -> str:
    """Claims in words."""
    said = ", ".join(str(claimed[key]) for key in ("source", "locator") if key in claimed)
    return f"{said} ({claimed['status']})".strip() if "status" in claimed else said


def declared_of(parameter: Parameter, value: Value) -> dict[str, Any]:
    """The declared keys of a parameter that has been read, as a base file gives them."""
    found = {key: getattr(parameter, key) for key in DECLARED_KEYS}
    return {**found, "coords": value.coords} if isinstance(value, Table) else found


def read_layer(
    path: Path, known: dict[str, Entry], faults: list[Fault], bases: tuple[str, ...], by_user: bool
) -> Layer:
    """An overlay file: header, values by dotted name, and `[only.<basis>]` sections."""
    tree = read_toml(path, faults)
    if tree is None:
        return Layer(shown(path), by_user=by_user)
    return layer_of(tree, shown(path), path.parent, known, faults, bases, by_user)


def layer_of(
    tree: dict[str, Any],
    file: str,
    folder: Path,
    known: dict[str, Entry],
    faults: list[Fault],
    bases: tuple[str, ...],
    by_user: bool,
) -> Layer:
    """The content of an overlay file as a layer; CSVs that it names lie in the folder."""
    layer = Layer(file, by_user=by_user)
    layer.header = read_header(tree, file, faults)
    only = tree.pop("only", {})
    if not isinstance(only, dict):
        faults.append(Fault(file, "only", "is a table of sections [only.<basis>]"))
        only = {}
    layer.entries = collect_overrides(tree, file, folder, known, faults, by_user)
    for basis, section in only.items():
        if basis not in bases or not isinstance(section, dict):
            faults.append(Fault(file, f"only.{basis}", f"no such basis; allowed are {', '.join(bases)}"))
            continue
        layer.only[basis] = collect_overrides(section, file, folder, known, faults, by_user)
    return layer


def merge(below: dict[str, Any], entry: Entry, header: OverlayHeader | None) -> dict[str, Any]:
    """Keys of a name after one more layer.

    A layer that gives a value replaces every way the value was given below. A shipped layer must say where its
    value comes from, so what was said about the old value goes too; a user's value keeps the range of sweeps.
    """
    keys = dict(below)
    if "from_year" in entry.keys:
        entry = dataclasses.replace(entry, keys=from_year(below, entry.keys))
    if VALUE_KEYS.isdisjoint(entry.keys):
        keys.update(entry.keys)
        return keys
    kept = {"range", "range_of"} if entry.by_user else set()
    dropped = VALUE_KEYS | (PROVENANCE_KEYS - kept) | {"claimed", "stated"}
    keys = {key: value for key, value in keys.items() if key not in dropped}
    if entry.by_user:
        own = {key: value for key, value in entry.keys.items() if key not in ("status", "source", "locator")}
        claimed = claims(entry.keys)
        said = {**(claims(header.model_dump()) if header is not None else {}), **claimed}
        place = said.get("locator") or said.get("source") or entry.file
        keys.update(own, status="user", source=USER_SOURCE, locator=place)
        keys.update(claimed=claimed, stated=stated(said))
        return keys
    if header is not None:
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
        if key not in ALL_KEYS | {"claimed", "stated"}:
            fault(key, f"unknown key; allowed are {', '.join(sorted(ALL_KEYS))}{nearest(key, ALL_KEYS)}")
    claimed = keys.get("claimed", {})
    kind, unit = keys.get("kind"), keys.get("unit")
    if not isinstance(kind, str) or kind not in KINDS:
        fault("kind", not_in(kind, KINDS))
        return None
    if unit is None and kind in NUMERIC:
        fault("unit", f"is missing; allowed are {', '.join(UNITS)}")
    elif unit is not None and (not isinstance(unit, str) or unit not in UNITS):
        fault("unit", not_in(unit, UNITS))
    derivation = _derivation(keys, fault)
    check_origin(kind, keys, claimed, sources, derivation is not None, fault)
    if kind == "switch" and not keys.get("choices"):
        fault("choices", "is missing; a switch has a closed list")
    if kind == "table" and not keys.get("axes"):
        fault("axes", "is missing; a table names its axes")
    if kind == "table" and unit == "probability_per_year" and not keys.get("scaling"):
        fault("scaling", "is missing; a table of probabilities says what scaling does: cap or force")
    if len(faults) > before:
        return None
    fields = {
        key: _tuples(value) for key, value in keys.items() if key not in VALUE_KEYS | {"coords", "claimed"}
    }
    try:
        return Parameter.model_validate({**fields, "name": name, "derived": derivation, "layer": file})
    except ValidationError as error:
        faults.extend(pydantic_faults(file, name, error))
        return None


def check_origin(
    kind: str,
    keys: Mapping[str, Any],
    claimed: Mapping[str, Any],
    sources: Mapping[str, Source],
    derived: bool,
    fault: Callable[[str, str], None],
) -> None:
    """Whether status, source and locator say where a value comes from.

    What a user claims is held to the same rules, though the value stays the user's; a source of the user's own is a
    title of several words.
    """
    status = claimed.get("status", keys.get("status"))
    source = claimed.get("source", keys.get("source"))
    if status is None:
        fault("status", f"is missing; allowed are {', '.join(STATUSES)}")
    elif status not in (*STATUSES, "user"):
        fault("status", not_in(status, STATUSES))
    if source is None:
        fault("source", "is missing; name an id of sources.toml")
    elif not isinstance(source, str) or not (source in sources or (claimed and " " in source)):
        fault("source", f"{source!r} is no id of sources.toml{nearest(str(source), sources)}")
    if not keys.get("locator"):
        fault("locator", "is missing; say the article, page, table or column")
    if status == "judgement" and not keys.get("note") and "value_of" not in keys:
        fault("note", "is missing; a judgement says why")
    if status in ("judgement", "calibrated") and kind in NUMERIC and "range" not in keys and not derived:
        fault("range", f"is missing; a {status} value has a range = [low, high] for sweeps")
    fitted = status == "calibrated" and kind in NUMERIC and "value_of" not in keys
    if fitted and not (keys.get("method") and keys.get("target")):
        fault("method", "is missing; a calibrated value names method and target")


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
        fault("derived.function", not_in(raw["function"], REGISTRY))
        return None
    if not isinstance(raw["inputs"], list) or not all(isinstance(name, str) for name in raw["inputs"]):
        fault("derived.inputs", "is a list of dotted names")
        return None
    return Derivation(function=raw["function"], inputs=tuple(raw["inputs"]))
