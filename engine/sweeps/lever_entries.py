"""Levers among the varied assumptions of a sweep file, read and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from assumptions import Fault, Resolved
from assumptions.levers import Lever
from assumptions.units import UNITS
from engine.sweeps import distributions, policy
from engine.sweeps.distributions import Distribution
from engine.sweeps.reader import Reader
from engine.sweeps.spec import Swept

_KEYS: Final = ("name", "from_year", "values", "distribution", "options")
_IN_VAIN: Final = "has no effect in a design of kind table: the file has the values"
Given = tuple[tuple[float, ...] | None, Distribution | None]


def lever_of(
    reader: Reader,
    entry: Mapping[str, Any],
    where: str,
    kind: str,
    resolved: Sequence[Resolved],
    numbers: Any,
    before: Sequence[Swept | None],
) -> Swept | None:
    """A lever as a factor: values or a distribution; words of a lever of words.

    Parameters
    ----------
    numbers : callable
        Reads a list of numbers from an entry.
    """
    faults = len(reader.faults)
    reader.unknown(entry, _KEYS, where)
    name = str(entry["name"])
    lever = policy.found(name, where)
    if isinstance(lever, Fault):
        reader.fault(lever.path, lever.message)
        return None
    years = UNITS["calendar_year"]
    from_year = reader.integer(entry, "from_year", where, int(years.low), int(years.high))
    options = entry.get("options", {})
    if not isinstance(options, Mapping):
        reader.fault(f"{where}options", "is a table, as options = { law = 'old' }")
        options = {}
    values, distribution = _given(reader, entry, where, kind, lever, numbers)
    if len(reader.faults) > faults:
        return None
    taken = [item for item in before if item is not None]
    twice = any(item.name == name for item in taken)
    label = f"{name}.from_{from_year}" if twice and from_year is not None else name
    if any(item.label == label for item in taken):
        reader.fault(f"{where}name", f"{name} is varied twice; a second time needs another from_year")
    listed = tuple((str(key), value) for key, value in options.items())
    item = Swept(name, "replace", from_year, values, distribution, label, lever.choices, listed)
    _judge(reader, item, lever, where, resolved)
    return item if len(reader.faults) == faults else None


def _given(
    reader: Reader, entry: Mapping[str, Any], where: str, kind: str, lever: Lever, numbers: Any
) -> Given:
    """The values or the distribution of a lever; of words their positions."""
    listed = entry.get("values")
    if kind == "table":
        for key in ("values", "distribution"):
            if key in entry:
                reader.fault(f"{where}{key}", _IN_VAIN)
    elif lever.choices:
        if isinstance(listed, list | tuple) and listed and all(word in lever.choices for word in listed):
            return tuple(float(lever.choices.index(word)) for word in listed), None
        reader.fault(f"{where}values", f"must be a list of choices; allowed are {', '.join(lever.choices)}")
    elif "distribution" in entry and "values" not in entry:
        found, wrong = distributions.parse(entry["distribution"])
        for field, message in wrong:
            reader.fault(f"{where}distribution{'.' if field else ''}{field}", message)
        return None, found
    elif "values" in entry and "distribution" not in entry:
        return numbers(reader, entry, where), None
    else:
        low, high = lever.range or (0.0, 0.0)
        said = f"give values or distribution, one of them; the lever allows {low:g} to {high:g}"
        reader.fault(f"{where}values", said)
    return None, None


def _judge(reader: Reader, item: Swept, lever: Lever, where: str, resolved: Sequence[Resolved]) -> None:
    """Whether the values are allowed, and move something somewhere."""
    every = item.values or (() if lever.choices else lever.range) or (0.0,)
    said = [policy.wrong(one, item, every) for one in resolved]
    if said and all(said):
        for message in said[0]:
            reader.fault(f"{where}name", f"{item.name}: {message}")


def moved_twice(reader: Reader, items: Sequence[Swept]) -> None:
    """Levers that move what another parameter, or another lever, varies as well."""
    for at, item in enumerate(items):
        if not policy.is_lever(item.name):
            continue
        for number, other in enumerate(items):
            both = policy.moved(item)
            if policy.is_lever(other.name):
                both = both & policy.moved(other) if number > at and other.name != item.name else set()
            else:
                both = both & {other.name}
            if both:
                said = f"{item.name} and {other.name} both move {', '.join(sorted(both))}; give one of them"
                reader.fault("parameter", said)


__all__ = ["lever_of", "moved_twice"]
