"""The shipped data folder, read once: declarations, bases, scenarios, overlays, constraints."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from assumptions.files import read_toml
from assumptions.model import AssumptionError, Fault, OverlayHeader, Source
from assumptions.reading import (
    Entry,
    Layer,
    collect_overrides,
    read_header,
    read_layer,
    read_sources,
    split_declarations,
)
from assumptions.resolved import Resolved
from assumptions.schema import CONSTRAINTS, Constraint
from assumptions.text import DATA, shown


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
    resolved: dict[Any, Resolved] = field(default_factory=dict)  # shipped cases, as they are asked for

    @cached_property
    def sha256(self) -> str:
        """Digest of every file of the folder."""
        found = hashlib.sha256()
        for path in sorted(self.root.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                found.update(f"{path.relative_to(self.root).as_posix()}\0{len(content)}\0".encode())
                found.update(content)
        return found.hexdigest()


def _read_constraints(path: Path, faults: list[Fault]) -> tuple[Constraint, ...]:
    tree = read_toml(path, faults) or {}
    found = []
    for number, keys in enumerate(tree.get("constraint", ()), start=1):
        at = f"constraint {number}"
        unknown = set(keys) - {"rule", "names", "why", "tolerance"}
        if unknown or not {"rule", "names", "why"} <= set(keys) or keys["rule"] not in CONSTRAINTS:
            said = f"needs rule ({', '.join(CONSTRAINTS)}), names and why; optional tolerance"
            faults.append(Fault(shown(path), at, said))
            continue
        found.append(
            Constraint(keys["rule"], tuple(keys["names"]), keys["why"], float(keys.get("tolerance", 0.0)))
        )
    return tuple(found)


@lru_cache(maxsize=8)
def read_tree(root: Path = DATA) -> Tree:
    """Read a whole data folder once; faults are collected in the tree."""
    tree = Tree(root)
    tree.sources = read_sources(root / "sources.toml", tree.faults)
    _order_bases(tree, _read_layers(tree))
    _read_scenarios(tree)
    tree.overlays = {path.stem: path for path in sorted((root / "overlays").glob("*.toml"))}
    tree.constraints = _read_constraints(root / "constraints.toml", tree.faults)
    return tree


def _read_layers(tree: Tree) -> dict[str, Layer]:
    """Read the declarations of all files, base files first; give back the layers of the bases."""
    root, faults = tree.root, tree.faults
    headers: dict[str, OverlayHeader | None] = {}
    rest: list[tuple[Path, dict[str, Any]]] = []
    for path in (*sorted((root / "base").glob("*.toml")), *sorted((root / "basis").glob("*.toml"))):
        content, file = read_toml(path, faults), shown(path)
        if content is None:
            continue
        if path.parent.name == "basis":
            headers[path.stem] = read_header(content, file, faults)
        declared, remains = split_declarations(content, file, root)
        for name, entry in declared.items():
            if name in tree.declared:
                faults.append(Fault(file, name, f"is declared twice, also in {tree.declared[name].file}"))
            else:
                tree.declared[name] = entry
        if path.parent.name == "base":
            tree.base_files.append(file)
        rest.append((path, remains))
    layers: dict[str, Layer] = {}
    for path, remains in rest:
        file = shown(path)
        entries = collect_overrides(remains, file, root, tree.declared, faults, by_user=False)
        if path.parent.name == "basis":
            layers[path.stem] = Layer(file, headers[path.stem], {}, entries)
        else:
            said = "base files declare; give kind and unit here"
            faults.extend(Fault(file, name, said) for name in entries)
    return layers


def _order_bases(tree: Tree, layers: Mapping[str, Layer]) -> None:
    """Bases are the layers that have a place, each with what it includes below itself."""
    placed = [
        (layer.header.order, stem, layer.header.includes)
        for stem, layer in layers.items()
        if layer.header and layer.header.order is not None
    ]
    for _, stem, includes in sorted(placed):
        for other in includes:
            if other not in layers:
                said = f"no file {other}.toml in this folder"
                tree.faults.append(Fault(layers[stem].file, "overlay.includes", said))
        tree.bases[stem] = [*(layers[other] for other in includes if other in layers), layers[stem]]


def _read_scenarios(tree: Tree) -> None:
    places: dict[str, int | None] = {}
    for path in sorted((tree.root / "scenarios").glob("*.toml")):
        layer = read_layer(path, tree.declared, tree.faults, tuple(tree.bases), by_user=False)
        reroot(layer, tree.root)
        tree.scenarios[path.stem] = layer
        places[path.stem] = layer.header.order if layer.header else None
    for code, layer in tree.scenarios.items():
        if places[code] is None and layer.header is not None:
            tree.faults.append(Fault(layer.file, "overlay.order", "is missing: the scenario's place"))
    tree.scenarios = dict(sorted(tree.scenarios.items(), key=lambda item: (places[item[0]] or 0, item[0])))


def reroot(layer: Layer, root: Path) -> None:
    """CSVs of shipped layers are named from the data folder, wherever the layer lies in it."""

    def moved(entry: Entry) -> Entry:
        return Entry(entry.keys, entry.file, root, entry.by_user)

    layer.entries = {name: moved(entry) for name, entry in layer.entries.items()}
    layer.only = {
        basis: {name: moved(entry) for name, entry in entries.items()}
        for basis, entries in layer.only.items()
    }


def good_tree(root: Path) -> Tree:
    """The tree of a data folder, without a fault."""
    tree = read_tree(root)
    if tree.faults:
        raise AssumptionError(tree.faults)
    return tree


def scenario_codes(root: Path = DATA) -> tuple[str, ...]:
    """Codes of the default scenarios, in order."""
    found = good_tree(root).scenarios.items()
    return tuple(code for code, layer in found if layer.header and layer.header.default)


def main_scenario(root: Path = DATA) -> str:
    """Code of the scenario that stands for all where one is wanted: the one marked `main`, else the first."""
    found = good_tree(root).scenarios.items()
    return next(
        (code for code, layer in found if layer.header and layer.header.main), scenario_codes(root)[0]
    )


def all_scenario_codes(root: Path = DATA) -> tuple[str, ...]:
    """Codes of all scenarios, those outside the default set too."""
    return tuple(good_tree(root).scenarios)


def basis_names(root: Path = DATA) -> tuple[str, ...]:
    """Names of the bases, in order."""
    return tuple(good_tree(root).bases)


def overlay_names(root: Path = DATA) -> tuple[str, ...]:
    """Names of the optional overlays shipped with the package."""
    return tuple(good_tree(root).overlays)


def overlay_headers(root: Path = DATA) -> dict[str, OverlayHeader]:
    """Title and description of the optional overlays shipped with the package, by name."""
    faults: list[Fault] = []
    found = {}
    for name, path in good_tree(root).overlays.items():
        header = read_header(read_toml(path, faults) or {}, shown(path), faults)
        if header is not None:
            found[name] = header
    if faults:
        raise AssumptionError(faults)
    return found
