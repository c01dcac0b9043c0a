"""Where a series is highest, and whether that is a peak or only the edge of the horizon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Peak(NamedTuple):
    """Highest value of a series, and whether the series still rises where it ends.

    Attributes
    ----------
    year : int
    value : float
    rising : bool
        Whether the last value is above the one before it.
    at_end : bool
        Whether the highest value is a last one that rises: the edge of the horizon, no peak.
    """

    year: int
    value: float
    rising: bool
    at_end: bool


def peak(years: Sequence[int], values: Sequence[float]) -> Peak:
    """Highest value, the first of equal ones."""
    place = max(range(len(values)), key=lambda at: (values[at], -at))
    rising = len(values) > 1 and values[-1] > values[-2]
    return Peak(int(years[place]), float(values[place]), rising, rising and place == len(values) - 1)


def said(found: Peak, text: Mapping[str, Any]) -> str:
    """In words for a cell of a table: ``0.813 (2025)``, ``still rising in 2030 (1.124)``."""
    key = "still_rising" if found.at_end else "peak_at"
    return str(text[key]).format(value=found.value, year=found.year)


__all__ = ["Peak", "peak", "said"]
