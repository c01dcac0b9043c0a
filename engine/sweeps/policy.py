"""Levers as factors of a sweep: `lever.NAME`, moved by every case to a value of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from assumptions import AssumptionError, DatedPath, Fault, Resolved, levers
from assumptions.files.cells import quoted
from assumptions.levers import Lever, Statement
from assumptions.text import nearest

if TYPE_CHECKING:
    from engine.sweeps.spec import Swept

PREFIX: Final = "lever."


def is_lever(name: object) -> bool:
    """Whether a name is that of a lever."""
    return isinstance(name, str) and name.startswith(PREFIX)


def lever_of(name: str) -> Lever:
    """The lever of a parameter."""
    return levers.known()[name.removeprefix(PREFIX)]


def found(name: str, where: str) -> Lever | Fault:
    """The lever, or that there is none of this name."""
    known = levers.known()
    lever = known.get(name.removeprefix(PREFIX))
    if lever is not None:
        return lever
    said = f"{quoted(name)} is an unknown lever; known are {', '.join(known)}"
    return Fault("", f"{where}name", said + nearest(name.removeprefix(PREFIX), known))


def statement(item: Swept, value: float) -> Statement:
    """What a case says.

    Raises
    ------
    AssumptionError
        If the value is outside the lever's range.
    """
    faults: list[Fault] = []
    given = item.said(value) if item.choices else float(value)
    one = levers.statement(lever_of(item.name), given, item.from_year, dict(item.options), faults)
    if one is None:
        raise AssumptionError(faults)
    return one


def values(base: Resolved, given: Sequence[tuple[Swept, float]]) -> dict[str, Any]:
    """What the levers of a case give to its assumptions.

    Raises
    ------
    AssumptionError
        If a value is outside its range, or two levers contradict one another.
    """
    return levers.changes(base, levers.parse([statement(item, value) for item, value in given]))


def works(resolved: Resolved, item: Swept) -> bool:
    """Whether a lever has an effect on a case."""
    try:
        return bool(levers.changes(resolved, [statement(item, _some(item))]))
    except AssumptionError:
        return False


def wrong(resolved: Resolved, item: Swept, every: Sequence[float]) -> list[str]:
    """What is wrong with the values of a lever, on one case."""
    out: list[str] = []
    for value in every:
        try:
            levers.changes(resolved, [statement(item, value)])
        except AssumptionError as error:
            out += [fault.message for fault in error.faults]
    return list(dict.fromkeys(out))


def moved(item: Swept) -> set[str]:
    """Names that a lever can move."""
    return {move.name for move in lever_of(item.name).moves}


def _some(item: Swept) -> float:
    if item.choices:
        return 0.0
    reach = lever_of(item.name).range
    return item.values[0] if item.values else reach[0] if reach is not None else 0.0


def today(resolved: Resolved, lever: Lever) -> float | str | None:
    """What holds where a lever is not moved; None where that is no single number."""
    present = lever.present
    if isinstance(present, float) or present in lever.choices:
        return present
    value = resolved.value(str(present))
    if isinstance(value, DatedPath):
        return float(value.values[0]) if value.is_constant else None
    if isinstance(value, bool | str):
        words: Mapping[str, Any] = next((move.values for move in lever.moves if move.name == present), {})
        return next((word for word, own in words.items() if own == value), None)
    return float(value) if isinstance(value, float) else None


__all__ = [
    "PREFIX",
    "found",
    "is_lever",
    "lever_of",
    "moved",
    "statement",
    "today",
    "values",
    "works",
    "wrong",
]
