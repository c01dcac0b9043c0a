"""A SWEEP.toml, or the same as nested dicts, read and checked; every fault at once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from assumptions import (
    AssumptionError,
    Fault,
    Pack,
    Resolved,
    all_scenario_codes,
    basis_names,
    load,
)
from assumptions.files import read_toml
from assumptions.files.cells import quoted
from assumptions.text import shown
from cohorts.members import with_totals
from engine.outputs import OutputError, ratios
from engine.sweeps import outputs, policy
from engine.sweeps.parameters import Packs, correlation_of, parameters_of, table_of, variants_of
from engine.sweeps.reader import Reader
from engine.sweeps.shocks import stochastic_of
from engine.sweeps.spec import (
    BY_CASE,
    DEFAULT_BASIS,
    DEFAULT_OUTPUTS,
    DEFAULT_POINTS,
    KINDS,
    LARGEST_SEED,
    MOST_CASES,
    POWER_OF_TWO,
    SAMPLED,
    SCENARIO,
    Checked,
    Spec,
    Swept,
)

_TOP: Final = ("title", "basis", "scenarios", "outputs", "design", "parameter", "correlation", "stochastic")


def read(path: str | Path) -> tuple[dict[str, Any], str, Path]:
    """A sweep file as nested dicts, its name for messages and its folder.

    Raises
    ------
    AssumptionError
        If there is no such file or it is no TOML.
    """
    source = Path(path)
    faults: list[Fault] = []
    tree = read_toml(source, faults)
    if tree is None:
        raise AssumptionError(faults)
    return tree, shown(source), source.parent


def check(
    raw: Mapping[str, Any],
    file: str = "design",
    folder: Path = Path(),
    *,
    packs: Sequence[Pack] | None = None,
    basis: str | None = None,
    chosen: Sequence[str] | None = None,
    overlays: Sequence[str] = (),
    sets: Mapping[str, Any] | None = None,
) -> Checked:
    """Check a sweep and resolve its packs.

    Parameters
    ----------
    raw : mapping
        As read from a sweep file.
    file, folder : str, Path
        Name for messages; where a CSV of cases is looked for.
    packs : sequence of Pack, optional
        Scenarios; those that the sweep names by default.
    basis, chosen : optional
        Basis and outputs instead of the sweep's own.
    overlays, sets
        Layers on top of every scenario, where ``packs`` are not given.

    Raises
    ------
    AssumptionError
        With everything found wrong.
    """
    reader = Reader(file)
    reader.unknown(raw, _TOP)
    title = raw.get("title", "")
    if not isinstance(title, str):
        reader.fault("title", "is not text")
    basis_found = _basis(reader, raw, basis)
    varied = _scenario_choices(reader, raw, packs)
    scenarios, listed = _scenarios(reader, raw, packs, overlays, sets, varied)
    resolved = _resolve(reader, listed, basis_found)
    if chosen is not None:
        raw = {**raw, "outputs": list(chosen)}
    names = _outputs(reader, raw) if "outputs" in raw else DEFAULT_OUTPUTS

    stochastic = stochastic_of(reader, raw, resolved)
    kind, n, seed = _design(reader, raw)
    variants = variants_of(raw, resolved)
    parameters = parameters_of(reader, raw, Packs(kind, resolved, variants, varied))
    rows: tuple[tuple[float, ...], ...] = ()
    if kind == "table":
        rows = table_of(reader, raw["design"], folder, [item for item in parameters if item is not None])
    correlation = correlation_of(reader, raw, kind, parameters, n)
    good = [item for item in parameters if item is not None]
    _sizes(reader, raw, kind, n, good)
    if reader.faults:
        raise AssumptionError(reader.faults)
    spec = Spec(
        file, title, basis_found, scenarios, names, kind, n, seed, tuple(good), correlation, rows, stochastic
    )
    applied = tuple(
        tuple(item.name == SCENARIO or any(_works(one, item) for one in of_pack) for item in good)
        for of_pack in variants
    )
    notices = tuple(
        f"{item.name} is varied in {', '.join(p.scenario for p, a in zip(resolved, applied, strict=True) if a[at])} only:"
        f" elsewhere it has no effect"
        for at, item in enumerate(good)
        if not all(row[at] for row in applied)
    )
    return Checked(spec, tuple(resolved), applied, notices)


def _works(one: Resolved, item: Swept) -> bool:
    """Whether a parameter has an effect on a case."""
    return policy.works(one, item) if policy.is_lever(item.name) else one.live(item.name)[0]


# parts of the file ---------------------------------------------------------------------------------------------------


def _outputs(reader: Reader, raw: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of results; a ratio such as fiscal_cost_mxn/contributors gets the name of its variable."""
    given = raw["outputs"]
    known, listed = list(outputs.NAMES), []
    for word in given if isinstance(given, list | tuple) else ():
        if isinstance(word, str) and ratios.is_ratio(word):
            try:
                word = ratios.parse(word, outputs.NAMES).variable.name
            except OutputError as error:
                reader.fault("outputs", str(error))
                return ()
            known.append(word)
        listed.append(word)
    return reader.words({"outputs": listed or given}, "outputs", known)


def _basis(reader: Reader, raw: Mapping[str, Any], given: str | None) -> str:
    basis = given if given is not None else raw.get("basis", DEFAULT_BASIS)
    if basis not in basis_names():
        reader.fault("basis", f"{quoted(basis)} is not allowed; allowed are {', '.join(basis_names())}")
        return ""
    return str(basis)


def _scenario_choices(
    reader: Reader, raw: Mapping[str, Any], packs: Sequence[Pack] | None
) -> tuple[str, ...]:
    """Codes among which a varied scenario chooses; empty where it is not varied. A table's are the scenarios listed."""
    entries = raw.get("parameter")
    listed = (
        [item for item in entries if isinstance(item, Mapping)] if isinstance(entries, list | tuple) else []
    )
    given = [(n, entry) for n, entry in enumerate(listed, start=1) if entry.get("name") == SCENARIO]
    if not given:
        return ()
    number, entry = given[0]
    design = raw.get("design")
    if isinstance(design, Mapping) and design.get("kind") == "table":
        if packs is not None:
            return tuple(pack.scenario for pack in packs)
        return reader.words(raw, "scenarios", all_scenario_codes()) if "scenarios" in raw else ()
    known = all_scenario_codes() if packs is None else tuple(pack.scenario for pack in packs)
    values = entry.get("values")
    good = isinstance(values, list | tuple) and len(values) > 0 and all(value in known for value in values)
    if not good or len(set(values or ())) < len(values or ()):
        said = f"must be a list of different scenarios, as [{known[0]!r}]; allowed are {', '.join(known)}"
        reader.fault(f"parameter {number}.values", said)
        return ()
    base = raw.get("scenarios")
    if packs is None and isinstance(base, list | tuple) and len(base) > 1:
        reader.fault("scenarios", "are varied by a parameter; give the base case's alone, or leave it out")
    return tuple(values or ())


def _scenarios(
    reader: Reader,
    raw: Mapping[str, Any],
    packs: Sequence[Pack] | None,
    overlays: Sequence[str],
    sets: Mapping[str, Any] | None,
    varied: tuple[str, ...],
) -> tuple[tuple[str, ...], list[Pack]]:
    """Labels of the axis `scenario`, and the packs: of each of them, or of the base and each choice of a varied scenario."""
    found: tuple[str, ...] = ()
    if "scenarios" in raw:
        found = reader.words(raw, "scenarios", all_scenario_codes())
    elif packs is None and varied:
        found = varied[:1]
    elif packs is None:
        known = ", ".join(all_scenario_codes())
        reader.fault("scenarios", f'is missing; a list such as ["3B"] of {known} is needed')
    if packs is not None:
        given = tuple(pack.scenario for pack in packs)
        if not given or len(set(given)) < len(given):
            reader.fault("scenarios", "give at least one pack, and each scenario once")
        if found and found != given:
            reader.fault("scenarios", f"are {', '.join(found)}, but the packs given are {', '.join(given)}")
        return (BY_CASE,) if varied else given, list(packs)
    listed = []
    for code in dict.fromkeys((*found, *varied)):
        try:
            listed.append(load(code, overlays=list(overlays), sets=dict(sets or {})))
        except AssumptionError as error:
            reader.faults.extend(error.faults)
    return (BY_CASE,) if varied else found, listed


def _resolve(reader: Reader, packs: Sequence[Pack], basis: str) -> list[Resolved]:
    resolved = []
    if basis:
        for pack in packs:
            try:
                resolved.append(with_totals(pack.resolve(basis)))
            except AssumptionError as error:
                reader.faults.extend(error.faults)
    return resolved


def _design(reader: Reader, raw: Mapping[str, Any]) -> tuple[str, int | None, int | None]:
    if "design" not in raw:
        if raw.get("parameter") or "stochastic" not in raw:
            reader.fault("design", f"is missing; write [design] with kind = one of {', '.join(KINDS)}")
        return "", None, None
    design = raw["design"]
    if not isinstance(design, Mapping):
        reader.fault("design", "is no table; write [design] with kind = ...")
        return "", None, None
    kind = design.get("kind")
    if kind not in KINDS:
        reader.fault("design.kind", f"{quoted(kind)} is not allowed; allowed are {', '.join(KINDS)}")
        reader.unknown(design, ("kind", "n", "seed", "file"), "design.")
        return "", None, None
    reader.unknown(design, ("kind", "n", "seed", "file"), "design.")
    unused = {
        "n": kind == "table",
        "seed": kind not in SAMPLED,
        "file": kind != "table",
    }
    for key, idle in unused.items():
        if key in design and idle:
            reader.fault(f"design.{key}", f"has no effect in a design of kind {kind}; leave it out")
    n = reader.integer(design, "n", "design.", 1, MOST_CASES)
    if kind in SAMPLED and "n" not in design:
        reader.fault("design.n", f"is missing; a design of kind {kind} needs the number of points")
    if kind in POWER_OF_TWO and n is not None and n & (n - 1):
        below = 2 ** (n.bit_length() - 1)
        reader.fault(
            "design.n", f"{n} is not a power of 2, as the sequence needs; {below} or {2 * below} would be"
        )
    seed = reader.integer(design, "seed", "design.", 0, LARGEST_SEED)
    if kind in SAMPLED and seed is None:
        seed = 0
    return str(kind), n, seed


def _sizes(
    reader: Reader, raw: Mapping[str, Any], kind: str, n: int | None, parameters: Sequence[Swept]
) -> None:
    """That there are not too many cases, and that ``n`` is not given in vain."""
    if kind in ("one_at_a_time", "grid") and n is not None:
        if not any(item.distribution for item in parameters) and not reader.faults:
            reader.fault(
                "design.n", f"has no effect in a design of kind {kind} where every parameter has values"
            )
        if n < DEFAULT_POINTS:
            reader.fault("design.n", f"{n} is too few; {DEFAULT_POINTS} points or more of a distribution are")
    points = [len(item.values) if item.values else (n or DEFAULT_POINTS) for item in parameters]
    cases = n or 0
    if kind == "grid":
        cases = math.prod(points)
    elif kind == "saltelli" and n is not None:
        cases = n * (len(parameters) + 2)
    if cases > MOST_CASES:
        reader.fault("design", f"asks for {cases:,} cases; at most {MOST_CASES:,} go into one sweep")


__all__ = ["check", "read"]
