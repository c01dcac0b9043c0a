"""Axes, circles and files of the page's figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

MODEL, PRINT, OTHER, GREY = "#1b6ca8", "#222222", "#c8553d", "#8a8a8a"
_RESOLUTION: Final = 110


def axes(rows: int, columns: int, width: float, height: float, **more: Any) -> tuple[Any, Any]:
    # the object interface: no global state, no display, safe on any thread
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    found = figure.subplots(rows, columns, squeeze=False, **more)
    for ax in found.ravel():
        ax.spines[["top", "right"]].set_visible(False)
        ax.tick_params(labelsize=8)
        ax.grid(alpha=0.25, linewidth=0.6)
    return figure, found


def save(figure: Any, path: Path) -> None:
    figure.savefig(path, dpi=_RESOLUTION, format="png", metadata={"Software": None})


def circles(ax: Any, points: Sequence[tuple[float, float]], size: float, **more: Any) -> None:
    """Printed figures, as open circles."""
    ax.plot(
        [year for year, _ in points],
        [value for _, value in points],
        linestyle="none",
        marker="o",
        markersize=size,
        markerfacecolor="none",
        markeredgecolor=PRINT,
        markeredgewidth=0.7,
        **more,
    )


__all__ = ["GREY", "MODEL", "OTHER", "PRINT", "axes", "circles", "save"]
