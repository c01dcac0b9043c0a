"""What is told of values that a user sets: allowed, and yet unlikely to be meant, or without effect.

Limits and names that belong together are data (`plausible.toml`). Shipped scenarios and overlays are never told of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from assumptions.liveness import plausible
from assumptions.model import NUMERIC, FloatArray, Parameter, Table, Value
from assumptions.timeline import ALWAYS, DatedPath

if TYPE_CHECKING:
    from assumptions.resolved import Resolved

# Two ways to write the same number differ by less.
_SLACK = 1e-9
_ANY_YEAR = 1997


def told(resolved: Resolved, below: Resolved, names: Iterable[str]) -> list[str]:
    """Notices of the values that a user sets.

    Parameters
    ----------
    resolved, below : Resolved
        With the user's values, and as shipped.
    names : iterable of str
        Names that the user sets.
    """
    silent = plausible()["notices"]["not_told"]
    listed = [name for name in sorted(names) if name not in silent]
    same = [name for name in listed if _equal(resolved.value(name), below.value(name))]
    found = [f"{_where(resolved, name)} is the shipped value: it changes nothing" for name in same]
    moved = [name for name in listed if name not in same]
    for name in moved:
        found += [f"{_where(resolved, name)} {said}" for said in _implausible(resolved, below, name)]
    return [*found, *_halves(resolved, below, moved)]


def _where(resolved: Resolved, name: str) -> str:
    value = resolved.value(name)
    shown = f" = {value:.10g}" if isinstance(value, float) else ""
    return f"{name}{shown} ({resolved.item(name).layer})"


def _equal(one: Value, other: Value) -> bool:
    if isinstance(one, DatedPath):
        years = _years(one, other)
        return bool(np.array_equal(one.at(years), other.at(years))) and int(one.years[0]) == int(
            other.years[0]
        )
    if isinstance(one, Table):
        return bool(one.digest == other.digest)
    return bool(one == other)


def _years(one: DatedPath, other: DatedPath) -> list[int]:
    """Years in which one of two paths changes, as far as both have a value; a linear one every year between."""
    dated = {year for year in (*one.years.tolist(), *other.years.tolist()) if year != ALWAYS}
    first = max(int(one.years[0]), int(other.years[0]))
    dated = {year for year in dated if year >= first} or {max(first, _ANY_YEAR)}
    return list(range(min(dated), max(dated) + 1))


def _implausible(resolved: Resolved, below: Resolved, name: str) -> Iterator[str]:
    item, shipped = resolved.item(name), below.item(name)
    if item.kind not in NUMERIC:
        return
    first = int(resolved.number("reform.first_year"))
    outside = _outside(shipped, resolved.value(name), below.value(name), first)
    if outside:
        yield outside
    value = resolved.value(name)
    if item.unit == "weeks":
        yield from _no_whole_weeks(_cells(value, below.value(name), first))
    if isinstance(value, Table):
        jumps = (_jump(table, below.value(name)) for _, table in value.parts)
        yield from dict.fromkeys(jump for jump in jumps if jump)


def _no_whole_weeks(cells: tuple[FloatArray, FloatArray, list[str]]) -> Iterator[str]:
    new, _, places = cells
    broken = np.flatnonzero(new != np.floor(new))
    if broken.size:
        at = int(broken[0])
        spot = f" in {places[at]}" if len(places) > 1 else ""
        yield f"is no whole number{spot}, and weeks are counted whole: it acts as {np.ceil(new[at]):.0f}"


def _outside(item: Parameter, value: Value, shipped: Value, first: int) -> str:
    """What a value has outside the documented range, or that of its unit; a path from the year `first` on."""
    limits, mode, of = item.range, _mode(item), "its documented"
    if limits is None or limits[0] == limits[1]:
        limits, mode, of = plausible()["units"].get(item.unit), "value", "the usual"
    if limits is None:
        return ""
    new, old, places = _cells(value, shipped, first)
    if mode == "value":
        measured, said = new, ""
    elif mode == "shift":
        measured, said = new - old, " beyond the shipped value"
    else:
        known = old != 0.0
        measured = np.divide(new, old, out=np.full(new.shape, limits[0]), where=known)
        said = " times the shipped value"
    low, high = limits
    slack = _SLACK * max(1.0, abs(low), abs(high))
    wrong = (measured < low - slack) | (measured > high + slack)
    if not wrong.any():
        return ""
    distance = np.where(wrong, np.maximum(low - measured, measured - high), -np.inf)
    at = int(distance.argmax())
    more = f" and {int(wrong.sum()) - 1} more places" if wrong.sum() > 1 else ""
    spot = f" at {places[at]}{more}" if places[at] else ""
    return f"is outside {of} range {low:g} to {high:g}{said}: {measured[at]:.4g}{spot}"


def _mode(item: Parameter) -> str:
    return item.range_of or ("value" if item.kind == "number" else "scale")


def _cells(value: Value, shipped: Value, first: int) -> tuple[FloatArray, FloatArray, list[str]]:
    """New and shipped figures side by side, and what each is of; the shipped ones are the new where they do not match."""
    if isinstance(value, DatedPath):
        years = [year for year in _years(value, shipped) if year >= first] or [first]
        return value.at(years), shipped.at(years), [f"{year}" for year in years]
    if isinstance(value, Table) and value.later:
        parts = [_cells(table, shipped, first) for _, table in value.parts]
        places = [
            place if year is None else f"{place} from {year}"
            for (year, _), part in zip(value.parts, parts, strict=True)
            for place in part[2]
        ]
        return (
            np.concatenate([part[0] for part in parts]),
            np.concatenate([part[1] for part in parts]),
            places,
        )
    if isinstance(value, Table):
        new = value.values.ravel()
        spots = np.ndindex(*value.values.shape)
        places = [
            ", ".join(f"{axis} {value.coords[axis][i]}" for axis, i in zip(value.axes, spot, strict=True))
            for spot in spots
        ]
        return new, shipped.values.ravel() if shipped.coords == value.coords else new, places
    return np.array([value]), np.array([shipped]), [""]


def _jump(value: Table, shipped: Table) -> str:
    """The largest jump between neighbouring ages that the shipped table has not, or nothing."""
    limits = plausible()["limits"]
    if "age" not in value.axes or len(value.coords["age"]) < 3:
        return ""
    axis = value.axes.index("age")
    found, place = _steepness(value, axis, limits["age_least"])
    usual = _steepness(shipped, axis, limits["age_least"])[0]
    if found <= max(limits["age_ratio"], usual * (1.0 + _SLACK)):
        return ""
    ages = value.coords["age"]
    by_age = np.moveaxis(value.values, axis, -1).reshape(-1, len(ages))
    row = by_age[int(np.abs(np.diff(by_age))[:, place].argmax())]
    return (
        f"jumps from {row[place]:.4g} to {row[place + 1]:.4g} between ages {ages[place]} and {ages[place + 1]};"
        " by age it is expected to be smooth"
    )


def _steepness(table: Table, axis: int, least: float) -> tuple[float, int]:
    by_age = np.moveaxis(table.values, axis, -1)
    low = np.maximum(np.minimum(by_age[..., :-1], by_age[..., 1:]), least)
    ratio = np.maximum(by_age[..., :-1], by_age[..., 1:]) / low
    steepest = ratio.reshape(-1, ratio.shape[-1]).max(axis=0)
    return float(steepest.max()), int(steepest.argmax())


def _halves(resolved: Resolved, below: Resolved, moved: list[str]) -> Iterator[str]:
    """Names that belong together and of which only a part is moved, directly or by what they are made of."""
    changed = set(moved)
    if changed:
        changed |= {
            n for n in resolved.names() if below.has(n) and not _equal(resolved.value(n), below.value(n))
        }
    for group in plausible()["together"]:
        names, partners = group["moved"], group["without"]
        if not set(names) & changed or set(partners) & changed:
            continue
        if not set(names) & set(moved) and not any(resolved.live(name)[0] for name in names):
            continue
        used = [name for name in partners if resolved.live(name)[0]]
        if used:
            yield f"{', '.join(names)} is moved without {' or '.join(used)}: {group['why']}"


def empty(file: str) -> str:
    """The notice of an overlay that sets nothing."""
    return f"{file}: the overlay sets nothing"


def of_design(item: Parameter, mode: str, low: float, high: float) -> Iterator[str]:
    """Notices of values from `low` to `high` that a sweep gives to a number, path or table in one of its modes."""
    if item.kind not in NUMERIC:
        return
    if low == high == {"shift": 0.0, "scale": 1.0}.get(mode):
        yield unchanged(item.name, mode, low)
    wanted = {"value": "replace"}.get(_mode(item), _mode(item))
    if item.range is None or item.range[0] == item.range[1] or wanted != mode:
        return
    least, most = item.range
    slack = _SLACK * max(1.0, abs(least), abs(most))
    if low < least - slack or high > most + slack:
        yield f"{item.name}: {mode} by {low:.4g} to {high:.4g} goes beyond its documented range {least:g} to {most:g}"


def unchanged(name: str, mode: str, value: Any) -> str:
    """The notice of a change by nothing."""
    return f"{name}: {mode} {value:g} changes nothing"


__all__ = ["empty", "of_design", "told", "unchanged"]
