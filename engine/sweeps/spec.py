"""What to sweep: a SWEEP.toml, or the same as nested dicts, read and checked; every fault at once."""

from __future__ import annotations

import difflib
import itertools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from assumptions import (
    AssumptionError,
    DatedPath,
    Fault,
    Pack,
    Resolved,
    all_scenario_codes,
    basis_names,
    load,
)
from assumptions.files import likely_cause, parse_number, read_table, read_toml
from assumptions.files.cells import quoted
from assumptions.files.tables import fold
from assumptions.scaling import MODES
from assumptions.text import nearest, shown
from assumptions.units import UNITS
from assumptions.values import is_finite
from cohorts.members import NOTE, with_totals
from engine.outputs import OutputError, ratios
from engine.sweeps import distributions, outputs
from engine.sweeps.distributions import Distribution

KINDS: Final = ("one_at_a_time", "grid", "latin_hypercube", "sobol", "saltelli", "table")
SAMPLED: Final = ("latin_hypercube", "sobol", "saltelli")
CORRELATED: Final = ("latin_hypercube", "sobol")
POWER_OF_TWO: Final = ("sobol", "saltelli")
NUMERIC: Final = ("number", "path", "table")
LABELLED: Final = ("switch", "flag")
SCENARIO: Final = "scenario"
# The coordinate of a scenario that is varied, and the only label of the axis `scenario` then.
SCENARIO_LABEL: Final = "scenario_factor"
BY_CASE: Final = "by_case"
DEFAULT_BASIS: Final = "statutory"
DEFAULT_OUTPUTS: Final = ("fiscal_cost", "fiscal_cost_total")
DEFAULT_QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
DEFAULT_POINTS: Final = 2
MOST_CASES: Final = 50_000_000
_MOST_VARIANTS: Final = 1024
_LARGEST_SEED: Final = 2**63 - 1
# They set which years there are; the cases of one file share a `year` axis.
_HORIZON: Final = ("reform.first_year", "reform.last_year", "reform.state_year")
_TOP: Final = ("title", "basis", "scenarios", "outputs", "design", "parameter", "correlation", "stochastic")
_PARAMETER: Final = ("name", "mode", "from_year", "values", "distribution")
_STOCHASTIC: Final = ("paths", "seed", "quantiles", "keep_paths", "common_shocks", "shock", "correlation")
_SHOCK: Final = ("name", "sd", "persistence")
_GROWTH_UNITS: Final = ("growth_per_year", "price_growth_per_year")
Pair = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class Swept:
    """One varied assumption: ``values`` or ``distribution``; neither where a table gives the values.

    ``label`` names its coordinate: the assumption, with the year where the same one is varied twice. A switch, a flag or the
    scenario has ``choices``; its values are positions among them.
    """

    name: str
    mode: str
    from_year: int | None
    values: tuple[float, ...] | None
    distribution: Distribution | None
    label: str
    choices: tuple[str, ...] = ()

    def said(self, value: float) -> str:
        """A value as a person reads it."""
        return self.choices[int(value)] if self.choices else f"{value:g}"


@dataclass(frozen=True, slots=True)
class Shock:
    """Yearly shocks to a path: x(t) = persistence x(t-1) + sd e(t), e(t) standard normal, added to the path."""

    name: str
    sd: float
    persistence: float


@dataclass(frozen=True, slots=True)
class Stochastic:
    """Random paths of every case.

    Attributes
    ----------
    paths, seed : int
    quantiles : tuple of float
        Probabilities, ascending.
    keep_paths : bool
        Whether every path goes into the file, not only quantiles and mean.
    common_shocks : bool
        Whether path n has the same shocks in every case, so that differences between cases are not due to chance.
    shocks : tuple of Shock
    correlation : tuple of (int, int, float)
        Of the innovations e(t) of two shocks in the same year.
    """

    paths: int
    seed: int
    quantiles: tuple[float, ...]
    keep_paths: bool
    common_shocks: bool
    shocks: tuple[Shock, ...]
    correlation: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Spec:
    """A checked sweep.

    Attributes
    ----------
    file : str
        Where it was read from, for messages.
    kind : str
        Of the design; empty where only random paths are asked for.
    n, seed : int or None
    rows : tuple of tuples of float
        Cases of a table, NaN where a case leaves a value as it is.
    correlation : tuple of (int, int, float)
        Rank correlations of two parameters by position.
    """

    file: str
    title: str
    basis: str
    scenarios: tuple[str, ...]
    outputs: tuple[str, ...]
    kind: str
    n: int | None
    seed: int | None
    parameters: tuple[Swept, ...]
    correlation: tuple[Pair, ...]
    rows: tuple[tuple[float, ...], ...]
    stochastic: Stochastic | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A sweep with its resolved packs.

    Attributes
    ----------
    spec : Spec
    resolved : tuple of Resolved
        One for each scenario.
    applied : tuple of tuples of bool
        For each scenario and parameter, whether the assumption has an effect there.
    notices : tuple of str
        Where it has none.
    """

    spec: Spec
    resolved: tuple[Resolved, ...]
    applied: tuple[tuple[bool, ...], ...]
    notices: tuple[str, ...]


class _Reader:
    """Collects faults with file and field."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def fault(self, field: str, message: str) -> None:
        self.faults.append(Fault(self.file, field, message))

    def unknown(self, raw: Mapping[str, Any], allowed: Sequence[str], where: str = "") -> None:
        for key in raw:
            if key not in allowed:
                said = f"is no key here; allowed are {', '.join(allowed)}{nearest(str(key), allowed)}"
                self.fault(f"{where}{key}", said)

    def integer(self, raw: Mapping[str, Any], key: str, where: str, low: int, high: int) -> int | None:
        value = raw.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.fault(
                f"{where}{key}", f"{quoted(value)} is not allowed; a whole number from {low} to {high} is"
            )
            return None
        return value

    def number(self, raw: Mapping[str, Any], key: str, where: str) -> float | None:
        value = raw.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not is_finite(value):
            said = (
                "is missing; a number is needed"
                if value is None
                else f"{quoted(value)} is not a finite number"
            )
            self.fault(f"{where}{key}", said)
            return None
        return float(value)

    def flag(self, raw: Mapping[str, Any], key: str, where: str, default: bool) -> bool:
        value = raw.get(key, default)
        if not isinstance(value, bool):
            self.fault(f"{where}{key}", f"{quoted(value)} is not allowed; allowed are true and false")
            return default
        return value

    def words(self, raw: Mapping[str, Any], key: str, known: Sequence[str]) -> tuple[str, ...]:
        """A list of different known words; empty where something is wrong."""
        given = raw[key]
        if not isinstance(given, list | tuple) or not given or not all(isinstance(x, str) for x in given):
            self.fault(key, f"must be a list of names, as {key} = [{known[0]!r}]")
            return ()
        good = True
        for word in given:
            if word not in known:
                near = difflib.get_close_matches(word, known, 1) or [
                    name for name in known if name.upper() == word.upper()
                ]
                said = f"; did you mean {near[0]}?" if near else ""
                self.fault(key, f"{quoted(word)} is not known; allowed are {', '.join(known)}{said}")
                good = False
        for word in sorted({x for x in given if given.count(x) > 1}):
            self.fault(key, f"{quoted(word)} is given twice")
            good = False
        return tuple(given) if good else ()


def _outputs(reader: _Reader, raw: Mapping[str, Any]) -> tuple[str, ...]:
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
    reader = _Reader(file)
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

    stochastic = _stochastic(reader, raw, resolved)
    kind, n, seed = _design(reader, raw)
    variants = _variants(raw, resolved)
    parameters = _parameters(reader, raw, kind, resolved, variants, varied)
    rows: tuple[tuple[float, ...], ...] = ()
    if kind == "table":
        rows = _table(reader, raw["design"], folder, [item for item in parameters if item is not None])
    correlation = _correlation(reader, raw, kind, parameters, n)
    good = [item for item in parameters if item is not None]
    _sizes(reader, raw, kind, n, good)
    if reader.faults:
        raise AssumptionError(reader.faults)
    spec = Spec(
        file, title, basis_found, scenarios, names, kind, n, seed, tuple(good), correlation, rows, stochastic
    )
    applied = tuple(
        tuple(item.name == SCENARIO or any(one.live(item.name)[0] for one in of_pack) for item in good)
        for of_pack in variants
    )
    notices = tuple(
        f"{item.name} is varied in {', '.join(p.scenario for p, a in zip(resolved, applied, strict=True) if a[at])} only:"
        f" elsewhere it has no effect"
        for at, item in enumerate(good)
        if not all(row[at] for row in applied)
    )
    return Checked(spec, tuple(resolved), applied, notices)


# parts of the file ---------------------------------------------------------------------------------------------------


def _basis(reader: _Reader, raw: Mapping[str, Any], given: str | None) -> str:
    basis = given if given is not None else raw.get("basis", DEFAULT_BASIS)
    if basis not in basis_names():
        reader.fault("basis", f"{quoted(basis)} is not allowed; allowed are {', '.join(basis_names())}")
        return ""
    return str(basis)


def _scenario_choices(
    reader: _Reader, raw: Mapping[str, Any], packs: Sequence[Pack] | None
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
    reader: _Reader,
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


def _resolve(reader: _Reader, packs: Sequence[Pack], basis: str) -> list[Resolved]:
    resolved = []
    if basis:
        for pack in packs:
            try:
                resolved.append(with_totals(pack.resolve(basis)))
            except AssumptionError as error:
                reader.faults.extend(error.faults)
    return resolved


def _design(reader: _Reader, raw: Mapping[str, Any]) -> tuple[str, int | None, int | None]:
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
    seed = reader.integer(design, "seed", "design.", 0, _LARGEST_SEED)
    if kind in SAMPLED and seed is None:
        seed = 0
    return str(kind), n, seed


def _variants(raw: Mapping[str, Any], resolved: Sequence[Resolved]) -> list[list[Resolved]]:
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


def _entries(reader: _Reader, raw: Mapping[str, Any], key: str, where: str = "") -> list[Mapping[str, Any]]:
    given = raw.get(key, [])
    if not isinstance(given, list | tuple) or not all(isinstance(item, Mapping) for item in given):
        reader.fault(f"{where}{key}", f"must be written as [[{where}{key}]]")
        return []
    return list(given)


def _parameters(
    reader: _Reader,
    raw: Mapping[str, Any],
    kind: str,
    resolved: Sequence[Resolved],
    variants: Sequence[Sequence[Resolved]],
    varied: tuple[str, ...],
) -> list[Swept | None]:
    entries = _entries(reader, raw, "parameter")
    if kind and not entries:
        reader.fault("parameter", "is missing; write at least one [[parameter]] with a name")
    names = [entry.get("name") for entry in entries]
    found: list[Swept | None] = []
    for number, entry in enumerate(entries, start=1):
        before = len(reader.faults)
        where = f"parameter {number}."
        reader.unknown(entry, _PARAMETER, where)
        labelled = entry.get("name") == SCENARIO or _is_labelled(entry, resolved)
        if labelled:
            if names.index(entry["name"]) < number - 1:
                reader.fault(f"{where}name", f"{entry['name']} is varied twice")
            found.append(_labelled(reader, entry, where, kind, resolved, variants, varied))
            continue
        name = _name(reader, entry, where, resolved)
        mode = entry.get("mode", "replace")
        if mode not in MODES:
            reader.fault(f"{where}mode", f"{quoted(mode)} is not allowed; allowed are {', '.join(MODES)}")
        years = UNITS["calendar_year"]
        from_year = reader.integer(entry, "from_year", where, int(years.low), int(years.high))
        if name and resolved:
            _suitable(reader, name, from_year, where, resolved, variants)
        values = _values(reader, entry, where)
        distribution = None
        if "distribution" in entry:
            distribution, wrong = distributions.parse(entry["distribution"])
            for field, message in wrong:
                reader.fault(f"{where}distribution{'.' if field else ''}{field}", message)
        if kind == "table":
            for key in ("values", "distribution"):
                if key in entry:
                    reader.fault(
                        f"{where}{key}", "has no effect in a design of kind table: the file has the values"
                    )
        elif "values" in entry and "distribution" in entry:
            reader.fault(f"{where}distribution", "is given beside values; give one of them")
        elif "values" not in entry and "distribution" not in entry:
            reader.fault(f"{where}values", f"is missing; give values or distribution{_hint(name, resolved)}")
        twice = isinstance(name, str) and names.count(name) > 1
        label = f"{name}.from_{from_year}" if twice and from_year is not None else str(name)
        if name and any(item is not None and item.label == label for item in found):
            reader.fault(f"{where}name", f"{name} is varied twice; a second time needs another from_year")
        ok = len(reader.faults) == before and name is not None
        found.append(Swept(str(name), str(mode), from_year, values, distribution, label) if ok else None)
    return found


def _is_labelled(entry: Mapping[str, Any], resolved: Sequence[Resolved]) -> bool:
    name = entry.get("name")
    known = isinstance(name, str) and bool(resolved) and resolved[0].has(name)
    return known and resolved[0].item(str(name)).kind in LABELLED


def _labelled(
    reader: _Reader,
    entry: Mapping[str, Any],
    where: str,
    kind: str,
    resolved: Sequence[Resolved],
    variants: Sequence[Sequence[Resolved]],
    varied: tuple[str, ...],
) -> Swept | None:
    """A switch, a flag or the scenario as a factor; `values` are some of its choices."""
    before = len(reader.faults)
    name = str(entry["name"])
    for key in ("mode", "from_year", "distribution"):
        if key in entry and entry[key] != "replace":
            reader.fault(f"{where}{key}", f"has no meaning for {name}; give values, some of its choices")
    if name == SCENARIO:
        choices = varied
        if not choices and len(reader.faults) == before:
            reader.fault(f"{where}name", "needs the list `scenarios` in a design of kind table")
    else:
        item = resolved[0].item(name)
        known = ("true", "false") if item.kind == "flag" else item.choices
        choices = known
        if not any(one.live(name)[0] for of_pack in variants for one in of_pack):
            said = resolved[0].live(name)[1]
            reader.fault(f"{where}name", f"{name} has no effect in the {resolved[0].basis} basis: {said}")
        if kind != "table":
            given = entry.get("values")
            texts = [_words(value) for value in given] if isinstance(given, list | tuple) else []
            allowed = ", ".join(known)
            if not texts:
                reader.fault(f"{where}values", f"must be a list of choices; allowed are {allowed}")
            for value, text in zip(given or (), texts, strict=False):
                if text not in known or isinstance(value, bool) != (item.kind == "flag"):
                    reader.fault(f"{where}values", f"{value!r} is not allowed; allowed are {allowed}")
            for text in sorted({text for text in texts if texts.count(text) > 1}):
                reader.fault(f"{where}values", f"{text} is given twice")
            choices = tuple(texts)
    if kind == "table" and "values" in entry:
        reader.fault(f"{where}values", "has no effect in a design of kind table: the file has the values")
    if len(reader.faults) > before:
        return None
    values = None if kind == "table" else tuple(float(n) for n in range(len(choices)))
    label = SCENARIO_LABEL if name == SCENARIO else name
    return Swept(name, "replace", None, values, None, label, choices)


def _words(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _hint(name: str | None, resolved: Sequence[Resolved]) -> str:
    if not name or not resolved or not resolved[0].has(name):
        return ""
    item = resolved[0].item(name)
    if item.range is None:
        return ""
    mode = {"scale": "scale", "shift": "shift"}.get(item.range_of or "", "replace")
    return f"; its register suggests {item.range[0]:g} to {item.range[1]:g} with mode {mode}"


def _name(reader: _Reader, entry: Mapping[str, Any], where: str, resolved: Sequence[Resolved]) -> str | None:
    name = entry.get("name")
    if not isinstance(name, str) or not name:
        reader.fault(f"{where}name", "is missing; the dotted name of an assumption, as economy.gdp_growth")
        return None
    if resolved and not resolved[0].has(name):
        said = nearest(name, resolved[0].names())
        reader.fault(f"{where}name", f"{quoted(name)} is an unknown name{said}")
        return None
    return name


def _suitable(
    reader: _Reader,
    name: str,
    from_year: int | None,
    where: str,
    resolved: Sequence[Resolved],
    variants: Sequence[Sequence[Resolved]],
) -> None:
    item = resolved[0].item(name)
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
    if from_year is not None and item.kind != "path":
        reader.fault(f"{where}from_year", f"is for paths; {name} is a {item.kind}")
    if from_year is not None and item.kind == "path":
        last = int(max(pack.number("reform.last_year") for pack in resolved))
        if from_year > last:
            reader.fault(f"{where}from_year", f"{from_year} is after the last projected year, {last}")
    if not any(one.live(name)[0] for of_pack in variants for one in of_pack):
        said = resolved[0].live(name)[1]
        reader.fault(f"{where}name", f"{name} has no effect in the {resolved[0].basis} basis: {said}")


def _values(reader: _Reader, entry: Mapping[str, Any], where: str) -> tuple[float, ...] | None:
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


def _table(
    reader: _Reader, design: Mapping[str, Any], folder: Path, parameters: Sequence[Swept]
) -> tuple[tuple[float, ...], ...]:
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


def _pairs(
    reader: _Reader, entries: Sequence[Mapping[str, Any]], labels: Sequence[str], where: str
) -> list[tuple[Pair, int]]:
    """Pairs of positions with their correlation, and the number of the entry of each."""
    found: list[tuple[Pair, int]] = []
    seen: dict[tuple[int, int], int] = {}
    for number, entry in enumerate(entries, start=1):
        at = f"{where}correlation {number}."
        reader.unknown(entry, ("names", "value"), at)
        names = entry.get("names")
        value = reader.number(entry, "value", at)
        if value is not None and not -1.0 < value < 1.0:
            reader.fault(
                f"{at}value", f"{value:g} is not allowed; a correlation between -1 and 1, without them, is"
            )
            value = None
        if not isinstance(names, list | tuple) or len(names) != 2 or names[0] == names[1]:
            reader.fault(f"{at}names", 'must name two different parameters, as names = ["a.b", "c.d"]')
            continue
        missing = [name for name in names if name not in labels]
        for name in missing:
            said = f"{quoted(name)} is not among those varied{nearest(str(name), labels)}"
            reader.fault(f"{at}names", said)
        if missing or value is None:
            continue
        i, j = sorted(labels.index(name) for name in names)
        if (i, j) in seen:
            reader.fault(
                f"{at}names", f"{names[0]} and {names[1]} are correlated already by number {seen[i, j]}"
            )
            continue
        seen[i, j] = number
        found.append(((i, j, value), number))
    return found


def _positive(
    reader: _Reader, pairs: Sequence[tuple[Pair, int]], labels: Sequence[str], where: str, ranks: bool
) -> tuple[Pair, ...]:
    listed = tuple(pair for pair, _ in pairs)
    matrix, at = distributions.correlation_matrix(len(labels), listed, ranks)
    if matrix is None:
        (i, j, value), number = pairs[at]
        reader.fault(
            f"{where}correlation {number}.value",
            f"the matrix is not positive definite: {value:g} between {labels[i]} and {labels[j]} contradicts the"
            " other correlations (0 where none is given)",
        )
    return listed


def _correlation(
    reader: _Reader, raw: Mapping[str, Any], kind: str, parameters: Sequence[Swept | None], n: int | None
) -> tuple[Pair, ...]:
    entries = _entries(reader, raw, "correlation")
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
    pairs = _pairs(reader, entries, labels, "")
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
    return _positive(reader, pairs, labels, "", ranks=True)


def _sizes(
    reader: _Reader, raw: Mapping[str, Any], kind: str, n: int | None, parameters: Sequence[Swept]
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


def _stochastic(reader: _Reader, raw: Mapping[str, Any], resolved: Sequence[Resolved]) -> Stochastic | None:
    if "stochastic" not in raw:
        return None
    given = raw["stochastic"]
    where = "stochastic."
    if not isinstance(given, Mapping):
        reader.fault("stochastic", "is no table; write [stochastic] with paths = ...")
        return None
    reader.unknown(given, _STOCHASTIC, where)
    paths = reader.integer(given, "paths", where, 2, MOST_CASES)
    if "paths" not in given:
        reader.fault(f"{where}paths", "is missing; the number of random paths of each case")
    seed = reader.integer(given, "seed", where, 0, _LARGEST_SEED) if "seed" in given else 0
    quantiles = given.get("quantiles", list(DEFAULT_QUANTILES))
    fine = isinstance(quantiles, list | tuple) and len(quantiles) > 0
    fine = fine and all(isinstance(q, float) and 0.0 < q < 1.0 for q in quantiles)
    if not fine or list(quantiles) != sorted(set(quantiles)):
        reader.fault(
            f"{where}quantiles", "must be ascending probabilities between 0 and 1, as [0.05, 0.5, 0.95]"
        )
        quantiles = DEFAULT_QUANTILES
    keep = reader.flag(given, "keep_paths", where, False)
    common = reader.flag(given, "common_shocks", where, True)
    entries = _entries(reader, given, "shock", where)
    if not entries:
        reader.fault(f"{where}shock", "is missing; write at least one [[stochastic.shock]] with name and sd")
    shocks: list[Shock] = []
    for number, entry in enumerate(entries, start=1):
        at = f"{where}shock {number}."
        reader.unknown(entry, _SHOCK, at)
        name = _name(reader, entry, at, resolved)
        if name and resolved:
            _shockable(reader, name, at, resolved)
        sd = reader.number(entry, "sd", at)
        if sd is not None and sd <= 0.0:
            reader.fault(f"{at}sd", f"{sd:g} is not above 0")
        persistence = reader.number(entry, "persistence", at) if "persistence" in entry else 0.0
        if persistence is not None and not -1.0 < persistence < 1.0:
            reader.fault(
                f"{at}persistence", f"{persistence:g} is not allowed; between -1 and 1, without them, is"
            )
        if name and any(item.name == name for item in shocks):
            reader.fault(f"{at}name", f"{name} is given twice")
        elif name and sd is not None and persistence is not None:
            shocks.append(Shock(name, sd, persistence))
    labels = [item.name for item in shocks]
    pairs: list[tuple[Pair, int]] = []
    if len(shocks) == len(entries):
        pairs = _pairs(reader, _entries(reader, given, "correlation", where), labels, where)
    correlation = _positive(reader, pairs, labels, where, ranks=False)
    return Stochastic(paths or 2, seed or 0, tuple(quantiles), keep, common, tuple(shocks), correlation)


def _shockable(reader: _Reader, name: str, where: str, resolved: Sequence[Resolved]) -> None:
    item = resolved[0].item(name)
    if item.kind != "path" or item.unit not in _GROWTH_UNITS:
        reader.fault(f"{where}name", f"{name} cannot be shocked; paths of yearly growth or return can")
        return
    if not any(pack.live(name)[0] for pack in resolved):
        said = resolved[0].live(name)[1]
        reader.fault(f"{where}name", f"{name} has no effect in the {resolved[0].basis} basis: {said}")


def base_value(resolved: Sequence[Resolved], item: Swept) -> float:
    """What a parameter is where a case leaves it as it is; NaN where that is no single number.

    Of a switch or the scenario see :func:`base_label`.
    """
    if item.mode != "replace":
        return 0.0 if item.mode == "shift" else 1.0
    found = set()
    for pack in resolved:
        value = pack.value(item.name)
        if isinstance(value, float):
            found.add(value)
        elif isinstance(value, DatedPath) and value.is_constant:
            found.add(float(value.values[0]))
        else:
            return math.nan
    return found.pop() if len(found) == 1 else math.nan


def base_label(resolved: Sequence[Resolved], item: Swept) -> str:
    """What a switch or the scenario is where a case leaves it as it is; empty where scenarios differ."""
    if item.name == SCENARIO:
        return resolved[0].scenario
    found = {_words(pack.value(item.name)) for pack in resolved}
    return found.pop() if len(found) == 1 else ""


def canonical(spec: Spec) -> dict[str, Any]:
    """What of a sweep determines results, for JSON. Neither its file name nor its title does."""
    return {
        "basis": spec.basis,
        "scenarios": list(spec.scenarios),
        "outputs": list(spec.outputs),
        "design": {"kind": spec.kind, "n": spec.n, "seed": spec.seed},
        "parameters": [
            {
                "name": item.name,
                "mode": item.mode,
                "from_year": item.from_year,
                "values": list(item.values) if item.values else None,
                "distribution": item.distribution.describe() if item.distribution else None,
                **({"choices": list(item.choices)} if item.choices else {}),
            }
            for item in spec.parameters
        ],
        "correlation": [
            {"names": [spec.parameters[i].label, spec.parameters[j].label], "value": value}
            for i, j, value in spec.correlation
        ],
        "stochastic": None
        if spec.stochastic is None
        else {
            "paths": spec.stochastic.paths,
            "seed": spec.stochastic.seed,
            "quantiles": list(spec.stochastic.quantiles),
            "keep_paths": spec.stochastic.keep_paths,
            "common_shocks": spec.stochastic.common_shocks,
            "shocks": [[item.name, item.sd, item.persistence] for item in spec.stochastic.shocks],
            "correlation": [list(pair) for pair in spec.stochastic.correlation],
        },
    }


__all__ = [
    "Checked",
    "Shock",
    "Spec",
    "Stochastic",
    "Swept",
    "base_label",
    "base_value",
    "canonical",
    "check",
    "read",
]
