"""What is made of a pack as of one year, for many years: made once for all years in which the same values hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from assumptions.model import Table, Value
from assumptions.recorder import Recorder
from assumptions.resolved import Resolved
from assumptions.timeline import DatedPath

Int = NDArray[np.int64]
T = TypeVar("T")


def by_epoch(resolved: Resolved, years: Int, make: Callable[[Resolved], T]) -> tuple[list[T], Int]:
    """Parts of a pack as of each year, and which of them holds in which year.

    Parameters
    ----------
    resolved : Resolved
    years : int64 (year,)
        Consecutive calendar years.
    make : callable
        Makes a part of the pack as of a year (:meth:`Resolved.in_year`).

    Returns
    -------
    list, int64 (year,)
        One part for each stretch of years in which nothing that ``make`` reads changes.
    """
    recorder = Recorder(resolved, {})
    parts = [make(recorder.in_year(int(years[0])))]
    place = np.zeros(years.size, dtype=np.int64)
    for year in _changes((resolved.value(name) for name in recorder.reads), years):
        parts.append(make(recorder.in_year(year)))
        place[years >= year] = len(parts) - 1
    if isinstance(resolved, Recorder):
        resolved.note(recorder.reads)
    return parts, place


def _changes(values: Iterable[Value], years: Int) -> list[int]:
    """Years after the first in which one of the values is another than in the year before."""
    found: set[int] = set()
    for value in values:
        if isinstance(value, DatedPath) and not value.is_constant:
            moves = np.flatnonzero(np.diff(value.at(years)) != 0.0)
            found.update(years[moves + 1].tolist())
        elif isinstance(value, Table) and value.later:
            found.update(year for year, _ in value.later if years[0] < year <= years[-1])
    return sorted(found)


__all__ = ["by_epoch"]
