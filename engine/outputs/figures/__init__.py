"""Figures as plain records: what is drawn, before anything draws it. Pages draw them in the browser, files are drawn here.

A figure is titled by what it shows; its subject stands below, and the unit beside the axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

# Okabe and Ito (2008): told apart with every common form of colour blindness; dashes tell lines apart in grey.
COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#000000")
# Of areas that lie on one another, from dark to light in even steps: they stay apart without colours too.
AREAS: Final = ("#00375e", "#7d4596", "#d9701a", "#6cbdea", "#f2e75c")
GREY: Final = "#9a9a9a"
# Lighter tints of the first colour, for bands inside one another.
TINTS: Final = ("#c2dcee", "#86bbdd", "#4a9bcd")
DASHES: Final = ("solid", "dash", "dot", "dashdot")
# Cividis: even steps of lightness, for ordered groups.
SEQUENCE: Final = (
    "#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838",
)  # fmt: skip
_DIGITS: Final = 6

Mode = Literal["line", "area", "band", "point", "bar"]


@dataclass(frozen=True, slots=True)
class Trace:
    """One line, layer, band, cloud of points or set of bars.

    Attributes
    ----------
    name : str
        In the legend; empty where it has no place there.
    mode : str
        ``area`` is stacked on the one before; ``band`` lies between ``base`` and ``y``; ``bar`` goes from ``base`` to ``x``
        in the row ``y``.
    x, y : list
    base : list
    colour, dash : str
    width : float
    text : list of str
        At the ends of bars.
    """

    name: str
    mode: Mode
    x: list[Any]
    y: list[Any]
    colour: str
    base: list[Any] = field(default_factory=list)
    dash: str = "solid"
    width: float = 2.2
    text: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Figure:
    """What is drawn, with its words.

    Attributes
    ----------
    key : str
        Name of the figure in a page.
    title, subject, unit, x_unit : str
        What it shows; what it is of; units of the axes.
    traces : tuple of Trace
    from_zero : bool
        Whether the axis of values begins at 0.
    mark : float or None
        A line across at this value of the axis of values, as the base case of a tornado.
    """

    key: str
    title: str
    subject: str
    unit: str
    traces: tuple[Trace, ...]
    x_unit: str = ""
    from_zero: bool = True
    mark: float | None = None

    def plain(self) -> dict[str, Any]:
        """For a page."""
        return asdict(self)

    @property
    def rows(self) -> bool:
        """Whether it is of bars lying in rows."""
        return any(trace.mode == "bar" for trace in self.traces)


def numbers(values: NDArray[np.float64] | Sequence[float], scale: float = 1.0) -> list[float | None]:
    """Numbers for a figure, to six significant digits; None where one is missing."""
    return [float(f"{value / scale:.{_DIGITS}g}") if np.isfinite(value) else None for value in values]


def spread(count: int) -> list[str]:
    """Colours of ordered groups, from dark to light."""
    places = np.linspace(0, len(SEQUENCE) - 1, max(count, 2))
    found = []
    for place in places[:count]:
        low = int(np.floor(place))
        pair = SEQUENCE[low], SEQUENCE[min(low + 1, len(SEQUENCE) - 1)]
        parts = [[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in pair]
        mixed = (round(a + (b - a) * (place - low)) for a, b in zip(*parts, strict=True))
        found.append("#" + "".join(f"{part:02x}" for part in mixed))
    return found


__all__ = ["AREAS", "COLOURS", "DASHES", "GREY", "TINTS", "Figure", "Mode", "Trace", "numbers", "spread"]
