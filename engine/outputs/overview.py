"""The first screen of a run: scenarios in words, a few years, the peak, the present value and a sparkline a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import xarray as xr

from engine.outputs.headline import Headline, case_input, headline, one_case
from engine.outputs.scenario_words import Words, words

if TYPE_CHECKING:
    from assumptions import Resolved

SHOWN_YEARS: Final = (2010, 2020)
BARS: Final = "▁▂▃▄▅▆▇█"
PLAIN_BARS: Final = "_.-:=+*#"
_SPARKS: Final = 8


class Line(NamedTuple):
    """One line of the table."""

    words: Words
    headline: Headline


def shown_years(years: Sequence[int]) -> tuple[int, ...]:
    """First and last year, and those of :data:`SHOWN_YEARS` between them."""
    return tuple(dict.fromkeys((years[0], *(y for y in SHOWN_YEARS if years[0] < y < years[-1]), years[-1])))


def lines(dataset: xr.Dataset, inputs: Mapping[tuple[str, str], Resolved] | None = None) -> list[Line]:
    """Scenario by scenario, a line a basis.

    Parameters
    ----------
    dataset : xarray.Dataset
        A run, or a selection of one.
    inputs : dict, optional
        Assumptions by (basis, scenario); read from the dataset otherwise.
    """
    out = []
    for scenario in map(str, np.atleast_1d(dataset.scenario.values)):
        for basis in map(str, np.atleast_1d(dataset.basis.values)):
            given = (inputs or {}).get((basis, scenario))
            resolved = given or case_input(one_case(dataset, scenario, basis))
            found = headline(dataset, scenario, basis, resolved)
            out.append(Line(words(resolved, found.years[-1]), found))
    return out


def sparkline(values: Sequence[float], low: float, high: float, bars: str = BARS) -> str:
    """A series in one character a point, at most eight points evenly over it; ``low`` to ``high`` is the whole height."""
    chosen = np.unique(np.linspace(0, len(values) - 1, min(_SPARKS, len(values))).round().astype(int))
    span = high - low
    steps = [0.0 if span <= 0.0 else (values[at] - low) / span for at in chosen]
    return "".join(bars[min(int(step * len(bars)), len(bars) - 1)] for step in steps)


def sparklines(series: Iterable[Sequence[float]], bars: str = BARS) -> list[str]:
    """Sparklines of several series on one scale."""
    listed = list(series)
    low, high = min(map(min, listed)), max(map(max, listed))
    return [sparkline(values, low, high, bars) for values in listed]


__all__ = ["BARS", "PLAIN_BARS", "Line", "lines", "shown_years", "sparkline", "sparklines"]
