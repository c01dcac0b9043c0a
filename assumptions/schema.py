"""What all copies of a resolved pack share: how values are derived, when they are used, what ties them together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from assumptions.derived import REGISTRY
from assumptions.files import parse_number
from assumptions.model import NUMERIC, Fault, Label, Parameter, Source, Table, Value
from assumptions.text import nearest
from assumptions.timeline import DatedPath
from assumptions.values import bounds_message, possible_message

CONSTRAINTS = ("sums_to_one", "sums_at_most_one", "ascending", "consecutive", "same_labels")
Labels = tuple[Label, ...]
CLAIM = ": "
"""Between the layer of a value and what it says of its origin."""
NO_TEXT = "none"
"""How conditions name an empty text."""
SHIPPED = "data/"


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


def as_text(value: Value) -> str:
    """A value as conditions name it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Table):
        rows = value.values.shape[0]
        return f"{rows} row{'' if rows == 1 else 's'}"
    return str(value) or NO_TEXT


def holds(term: Term, values: Mapping[str, Value]) -> bool:
    """Whether a comparison is true."""
    value = values.get(term.name)
    if isinstance(value, float):
        found = any(parse_number(text) == value for text in term.values)
    else:
        found = as_text(value) in term.values
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
    also: dict[str, tuple[tuple[Term, ...], ...]] = field(default_factory=dict)
    constraints_of: dict[str, tuple[Constraint, ...]] = field(default_factory=dict)


def build_schema(
    parameters: dict[str, Parameter],
    sources: dict[str, Source],
    constraints: tuple[Constraint, ...],
    faults: list[Fault],
    at_fault: frozenset[str] = frozenset(),
) -> Schema:
    """Order the derived values, parse the conditions, index the constraints.

    Names `at_fault` are known but could not be read; what refers to them is not a second fault.
    """
    known = parameters.keys() | at_fault
    readers: dict[str, list[str]] = {}
    for name, parameter in parameters.items():
        for source in parameter.derived.inputs if parameter.derived else ():
            if source not in known:
                message = f"{source!r} is an unknown name{nearest(source, parameters)}"
                faults.append(Fault(parameter.layer, f"{name}.derived", message))
            readers.setdefault(source, []).append(name)
    order = _derivation_order(parameters, faults)
    conditions = {name: _conditions(parameters[name], "used_when", known, faults) for name in parameters}
    also = {name: _conditions(parameters[name], "also_when", known, faults) for name in parameters}
    index: dict[str, list[Constraint]] = {}
    for constraint in constraints:
        for name in constraint.names:
            if name not in known:
                said = f"unknown name{nearest(name, parameters)}"
                faults.append(Fault("data/constraints.toml", name, said))
            index.setdefault(name, []).append(constraint)
    return Schema(
        parameters,
        sources,
        constraints,
        order,
        {name: _reached(name, readers, order) for name in readers},
        {name: tuple(found) for name, found in readers.items()},
        conditions,
        also,
        {name: tuple(found) for name, found in index.items()},
    )


def _derivation_order(parameters: Mapping[str, Parameter], faults: list[Fault]) -> tuple[str, ...]:
    """Names of derived values, each after those that it is made of."""
    order: dict[str, None] = {}
    begun: set[str] = set()

    def visit(name: str) -> None:
        parameter = parameters.get(name)
        if parameter is None or parameter.derived is None or name in order:
            return
        if name in begun:
            faults.append(Fault(parameter.layer, name, "is derived from itself"))
            return
        begun.add(name)
        for source in parameter.derived.inputs:
            visit(source)
        order[name] = None

    for name in parameters:
        visit(name)
    return tuple(order)


def _reached(name: str, readers: Mapping[str, Sequence[str]], order: Sequence[str]) -> tuple[str, ...]:
    """What is derived from a value, directly or not, in the order of derivation."""
    found: set[str] = set()
    todo = [name]
    while todo:
        new = [reader for reader in readers.get(todo.pop(), ()) if reader not in found]
        found.update(new)
        todo += new
    return tuple(reader for reader in order if reader in found)


def _conditions(
    parameter: Parameter, key: str, known: Collection[str], faults: list[Fault]
) -> tuple[tuple[Term, ...], ...]:
    """The conditions of a parameter, taken apart."""
    found = [parse_condition(text) for text in getattr(parameter, key)]
    unknown = [term.name for terms in found if terms for term in terms if term.name not in known]
    if unknown:
        faults.append(
            Fault(parameter.layer, f"{parameter.name}.{key}", f"names the unknown {', '.join(unknown)}")
        )
    elif None in found:
        said = "is not written as 'name = value|value'"
        faults.append(Fault(parameter.layer, f"{parameter.name}.{key}", said))
    return tuple(terms for terms in found if terms)


def _in_worst_year(found: list[Value]) -> list[Value]:
    """Numbers as they are; paths in the first year in which one is above the next, or else in their last."""
    paths = [value for value in found if isinstance(value, DatedPath)]
    if not paths:
        return found
    first = max(int(path.years[0]) for path in paths)
    years = sorted({max(first, int(year)) for path in paths for year in path.years})
    rows = [
        [float(value.at([year])[0]) if isinstance(value, DatedPath) else value for value in found]
        for year in years
    ]
    return next((row for row in rows if any(low > high for low, high in pairwise(row))), rows[-1])


def constraint_message(constraint: Constraint, values: Mapping[str, Value]) -> str | None:
    """What breaks a constraint, or None; of dated tables in any year."""
    found = [values[name] for name in constraint.names]
    dates = sorted({year for table in found if isinstance(table, Table) for year, _ in table.later})
    for year in [dates[0] - 1, *dates] if dates else []:
        then = [table.in_year(year) if isinstance(table, Table) else table for table in found]
        message = _broken(constraint, then)
        if message:
            return message if year < dates[0] else f"from {year} on {message}"
    return None if dates else _broken(constraint, found)


def _broken(constraint: Constraint, found: list[Value]) -> str | None:
    if constraint.rule == "sums_to_one":
        total = float(found[0].values.sum())
        if abs(total - 1.0) > constraint.tolerance:
            return f"sums to {total:.6g}; it must sum to 1 ({constraint.why})"
    elif constraint.rule == "ascending":
        found = _in_worst_year(found)
        if any(low > high for low, high in pairwise(found)):
            return f"must not decrease: {_listed(constraint, found)} ({constraint.why})"
    elif constraint.rule == "consecutive":
        if any(high != low + 1 for low, high in pairwise(found)):
            return f"must follow one another: {_listed(constraint, found)} ({constraint.why})"
    elif constraint.rule == "same_labels":
        if any(table.coords != found[0].coords for table in found):
            return f"{' and '.join(constraint.names)} must have the same labels ({constraint.why})"
    elif constraint.rule == "sums_at_most_one":
        return _competing(constraint, found)
    return None


def _listed(constraint: Constraint, found: list[Value]) -> str:
    return ", ".join(f"{name} = {value:g}" for name, value in zip(constraint.names, found, strict=True))


@lru_cache(maxsize=64)
def _overlap(
    signature: tuple[tuple[Labels, ...], ...],
) -> tuple[tuple[tuple[slice, ...] | tuple[Any, ...], ...], tuple[Labels, ...]]:
    # where each table holds the labels that all tables share, and those labels; slices where they are contiguous
    common: list[Labels] = [
        tuple(label for label in first if all(label in labels for labels in others))
        for first, *others in zip(*signature, strict=True)
    ]
    picks: list[tuple[Any, ...]] = []
    for axes in signature:
        places = [
            [labels.index(label) for label in shared] for labels, shared in zip(axes, common, strict=True)
        ]
        runs = [place == list(range(place[0], place[-1] + 1)) if place else True for place in places]
        if all(runs):
            picks.append(tuple(slice(place[0], place[-1] + 1) if place else slice(0) for place in places))
        else:
            picks.append(np.ix_(*places))
    return tuple(picks), tuple(common)


def _competing(constraint: Constraint, tables: list[Table]) -> str | None:
    axes = tables[0].axes
    signature = tuple(tuple(table.coords[axis] for axis in axes) for table in tables)
    picks, common = _overlap(signature)
    total = sum(table.values[pick] for table, pick in zip(tables, picks, strict=True))
    worst = float(np.max(total, initial=0.0))
    if worst <= 1.0 + constraint.tolerance:
        return None
    spot = np.unravel_index(int(np.argmax(total)), np.shape(total))
    labels = ", ".join(f"{axis} {common[at][int(spot[at])]}" for at, axis in enumerate(axes))
    return f"competing rates sum to {worst:.6g} at {labels}; at most 1 is allowed ({constraint.why})"


def blamed(schema: Schema, names: Iterable[str], changed_by: Mapping[str, str]) -> str:
    """The layer to look at for a fault of these values: a user's, if one had a say in them or in what they are made of.

    Shipped files agree with one another, so the first shipped layer is named only where nobody else had a say.
    """
    todo, seen = list(names), dict[str, str]()
    while todo:
        name = todo.pop(0)
        parameter = schema.parameters.get(name)
        if parameter is None or name in seen:
            continue
        seen[name] = changed_by.get(name, parameter.layer).partition(CLAIM)[0]
        if parameter.derived is not None and name not in changed_by:
            todo += parameter.derived.inputs
    changed = [layer for layer in seen.values() if not layer.startswith(SHIPPED)]
    return next(iter([*changed, *seen.values()]), "")


def recompute(
    schema: Schema,
    values: dict[str, Value],
    names: Iterable[str],
    faults: list[Fault],
    changed_by: Mapping[str, str] | None = None,
    *,
    process: bool = False,
) -> None:
    """Compute derived values in order, in place; `changed_by` names who set values other than their files.

    Those of a random `process` are held to what is possible.
    """
    for name in names:
        parameter = schema.parameters[name]
        derivation = parameter.derived
        if derivation is None or any(source not in values for source in derivation.inputs):
            continue
        layer = blamed(schema, (name,), changed_by or {})
        dated = [one for one in derivation.inputs if isinstance(values[one], Table) and values[one].later]
        if dated and derivation.function != "same":
            said = f"is derived from {dated[0]} as one table for all years, and that one is dated; give {name} by year"
            faults.append(Fault(layer, name, said))
            continue
        try:
            value = REGISTRY[derivation.function](*(values[source] for source in derivation.inputs))
        except (TypeError, ValueError, AttributeError, IndexError, ArithmeticError) as error:
            said = f"cannot be derived by {derivation.function}({', '.join(derivation.inputs)}): {error}"
            faults.append(Fault(layer, name, said))
            continue
        if parameter.kind == "path" and isinstance(value, float) and derivation.function != "same":
            value = DatedPath.constant(value)
        good = {"number": float, "path": DatedPath, "table": Table}.get(parameter.kind, object)
        if not isinstance(value, good):
            faults.append(Fault(layer, name, f"{derivation.function} does not give a {parameter.kind}"))
            continue
        held_to = possible_message if process else bounds_message
        message = held_to(parameter, value) if parameter.kind in NUMERIC else None
        if message:
            faults.append(Fault(layer, name, f"derived from {', '.join(derivation.inputs)}: {message}"))
        values[name] = value


def check_constraints(
    schema: Schema,
    values: Mapping[str, Value],
    names: Iterable[str],
    faults: list[Fault],
    file: str,
    scaled: Collection[str] = (),
) -> None:
    """Check the constraints that touch the given names; the sum of competing rates not where one is `scaled`."""
    seen: set[Constraint] = set()
    for name in names:
        for constraint in schema.constraints_of.get(name, ()):
            if constraint in seen or any(item not in values for item in constraint.names):
                continue
            if constraint.rule == "sums_at_most_one" and any(item in scaled for item in constraint.names):
                continue
            seen.add(constraint)
            message = constraint_message(constraint, values)
            if message:
                said = constraint.names[0] if len(constraint.names) == 1 else " + ".join(constraint.names)
                faults.append(Fault(file or blamed(schema, constraint.names, {}), said, message))
