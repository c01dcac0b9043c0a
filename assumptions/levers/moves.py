"""From statements to the values they give: the one place that knows what a lever does to an assumption."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from assumptions.levers.model import Move
from assumptions.levers.sentence import WHERE, Statement, applies
from assumptions.model import AssumptionError, Fault, Table, Value
from assumptions.resolved import Resolved
from assumptions.scaling import changed
from assumptions.timeline import ALWAYS, DatedPath

_NO_LIMIT: Final = 0.0
_BEGINNING: Final = 1900


class Moved(NamedTuple):
    """A value that statements give to one assumption.

    Attributes
    ----------
    value : Value
        As :meth:`Resolved.with_values` takes it.
    constant : float or None
        The number that holds from ``from_year`` on, where it is one number on top of what stood before.
    from_year : int or None
        The year from which on the value is another; None where all years have it.
    part : str
    lever : str
    """

    value: Value
    constant: float | None
    from_year: int | None
    part: str
    lever: str


def moved(resolved: Resolved, statements: Sequence[Statement]) -> dict[str, Moved]:
    """What statements give to each assumption of one case.

    Raises
    ------
    AssumptionError
        If a date lies outside the horizon, a value holds in all years, or dated rows of the base take the lever's place.
    """
    faults: list[Fault] = []
    first, last = (int(resolved.number(f"reform.{end}_year")) for end in ("first", "last"))
    found: dict[str, Moved] = {}
    for one in statements:
        name = one.lever.name
        if one.from_year is not None and not first <= one.from_year <= last:
            said = f"{one.from_year} is outside the horizon, {first} to {last}"
            faults.append(Fault(WHERE, f"{name}.from", said))
            continue
        faults += _rows(resolved, one, last)
        for move in one.lever.moves:
            if not applies(move.when, one):
                continue
            if not resolved.has(move.name):
                continue
            item = _moved(resolved, one, move, found.get(move.name))
            if isinstance(item, str):
                faults.append(Fault(WHERE, name, item))
            elif item is not None:
                found[move.name] = item
    if faults:
        raise AssumptionError(dict.fromkeys(faults))
    return found


def changes(resolved: Resolved, statements: Sequence[Statement]) -> dict[str, Value]:
    """What statements give to each assumption of one case that uses it."""
    return {name: item.value for name, item in live(resolved, moved(resolved, statements)).items()}


def live(resolved: Resolved, found: Mapping[str, Moved]) -> dict[str, Moved]:
    """Those of the values that have an effect, once switches among them are switched.

    Raises
    ------
    AssumptionError
        If all values of a lever have none.
    """
    switches = {name: item.value for name, item in found.items() if isinstance(item.value, str | bool)}
    after = resolved.with_values(switches, WHERE) if switches else resolved
    alive = {name: item for name, item in found.items() if after.live(name)[0]}
    working = {item.lever for item in alive.values()}
    idle = {item.lever: name for name, item in found.items() if item.lever not in working}
    if idle:
        raise AssumptionError(
            Fault(
                WHERE, lever, f"has no effect in the {resolved.basis} basis: {name} is {after.live(name)[1]}"
            )
            for lever, name in idle.items()
        )
    return alive


def _rows(resolved: Resolved, one: Statement, last: int) -> list[Fault]:
    """Tables of dated rows that take the place of what a lever moves."""
    out = []
    for name in one.lever.without:
        if resolved.has(name):
            begins = int(resolved.table(name).values[:, 0].min())
            if begins <= last:
                said = f"{name} has rows from {begins} on, which take its place; give the rows instead, in an overlay"
                out.append(Fault(WHERE, one.lever.name, said))
    return out


def _moved(resolved: Resolved, one: Statement, move: Move, before: Moved | None) -> Moved | str | None:
    old = resolved.value(move.name)
    year = one.from_year
    base = old if before is None else before.value
    if not isinstance(old, DatedPath | Table) and year is not None:
        return f"holds in all years, as {move.name} has no dates; leave out from {year}"
    value = _value(resolved, one, move, old)
    constant = None
    if isinstance(old, DatedPath):
        target = value if isinstance(value, DatedPath) else DatedPath.constant(float(value))
        year = int(resolved.number("reform.first_year")) if move.how == "follow" and year is None else year
        if year is not None:
            plain = before is None and old.is_constant and resolved.item(move.name).derived is None
            constant = float(target.values[0]) if plain and target.is_constant else None
            target = spliced(base, target, year)
        value = target if constant is not None else _begun(target)
    elif isinstance(old, Table) and year is not None and move.how != "bands":
        value = base.from_year(year, value.in_year(year))
    return Moved(value, constant, year, move.part, one.lever.name)


def _begun(path: DatedPath) -> DatedPath:
    """The path with a calendar year where several values begin with one that always held: files know no other."""
    if path.is_constant or int(path.years[0]) != ALWAYS:
        return path
    return DatedPath([_BEGINNING, *path.years[1:].tolist()], path.values, path.rule)


def _value(resolved: Resolved, one: Statement, move: Move, old: Value) -> Any:
    """The value of a move as though it held in all years; a path also from its year on. A text says what is wrong."""
    given = one.option(move.option) if move.option else one.value
    if move.how == "choose":
        return move.values[str(given)]
    if move.how == "follow":
        return _followed(resolved, move.values[str(given)])
    if move.how == "bands":
        return _bands(resolved, one, move, old)
    if move.how == "later":
        return _later(one, move, old)
    assert isinstance(given, float)
    if move.how == "set":
        return move.factor * given + move.offset
    if move.how in ("scale", "shift"):
        mode, by = (move.how, given) if move.how == "scale" else (move.how, given + move.offset)
        return changed(resolved.item(move.name), old, mode, by)
    raise NotImplementedError(move.how)


def _followed(resolved: Resolved, other: str | float | bool) -> DatedPath | float:
    """The path of another name; a number stands for itself."""
    return resolved.dated(other) if isinstance(other, str) else float(other)


def _later(one: Statement, move: Move, old: Table) -> Table:
    """A table by age, moved so many years up; with a share of those who follow, of hazards of leaving.

    Who does not follow leaves as he would have, and as soon as the first age allows.
    """
    assert isinstance(one.value, float)
    years = int(one.value + move.offset)
    table = old if one.from_year is None else old.in_year(one.from_year)
    ages = [int(age) for age in table.coords["age"]]
    moved_ages = [age + years for age in ages]
    share = one.option(str(move.values["share"])) if "share" in move.values else 1.0
    assert isinstance(share, float)
    if share == 1.0:
        return Table(table.axes, {**table.coords, "age": tuple(moved_ages)}, table.values)
    follow = dict(zip(moved_ages, table.values.tolist(), strict=True))
    stay = dict(zip(ages, table.values.tolist(), strict=True))
    first = moved_ages[0]
    if first > ages[0]:
        # Those who would have left before wait for the first age.
        stay[first] = 1.0 - math.prod(1.0 - stay[age] for age in ages if age <= first)
    every = range(min(first, ages[0]) if years < 0 else first, max(ages[-1], moved_ages[-1]) + 1)
    there = [share, 1.0 - share]
    found = []
    for age in every:
        rates = [_rate(group, age) for group in (follow, stay)]
        leaving = sum(rest * rate for rest, rate in zip(there, rates, strict=True))
        found.append(leaving / sum(there) if sum(there) > 0.0 else 1.0)
        there = [rest * (1.0 - rate) for rest, rate in zip(there, rates, strict=True)]
    return Table(table.axes, {**table.coords, "age": tuple(every)}, found)


def _rate(group: Mapping[int, float], age: int) -> float:
    """Who leaves at an age: nobody before the first age of a table, everybody after the last."""
    return group.get(age, 0.0 if age < min(group) else 1.0)


def _bands(resolved: Resolved, one: Statement, move: Move, old: Table) -> Table:
    """Rows of dated bands: times the value up to so many minimum wages, times another factor above."""
    limit, above = one.option("up_to"), one.option("above")
    assert isinstance(one.value, float)
    assert isinstance(limit, float)
    assert isinstance(above, float)
    first = int(resolved.number("reform.first_year"))
    year = first if one.from_year is None else one.from_year
    amount = float(resolved.path(str(move.values["of"]), [year])[0])
    start = float(_BEGINNING if one.from_year is None else year)
    rows = [[start, limit, _NO_LIMIT, one.value * amount], [start, _NO_LIMIT, _NO_LIMIT, above * amount]]
    return Table(old.axes, {**old.coords, "band": tuple(range(1, len(rows) + 1))}, rows)


def spliced(before: DatedPath, after: DatedPath, year: int) -> DatedPath:
    """One path to the year before, another from it on."""
    if after.is_constant:
        return before.modified("replace", float(after.values[0]), year)
    kept = before.years < year
    later = after.years > year
    head = before.years[kept].tolist()
    tail = [year, *after.years[later].tolist()]
    if before.rule == after.rule == "step" or not head:
        values = [*before.values[kept].tolist(), *after.at(tail).tolist()]
        return DatedPath([*head, *tail], values, after.rule)
    # A line and steps do not go together: its years are written out.
    if before.rule == "linear":
        head = list(range(head[0], year))
    if after.rule == "linear":
        tail = list(range(year, tail[-1] + 1))
    return DatedPath([*head, *tail], [*before.at(head).tolist(), *after.at(tail).tolist()], "step")
