"""Figures as PNG and SVG files, drawn with matplotlib."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any, Final

from engine.outputs.figures import Figure, Trace

_STYLES: Final = {"solid": "-", "dash": "--", "dot": ":", "dashdot": "-."}
_INCHES: Final = (8.0, 5.0)
_ROW: Final = 0.42  # inches
_DOTS: Final = 150
_LETTERS: Final = 84
_LEGEND: Final = 116
_UNDER: Final = {False: 98, True: 66}  # names of rows stand left of what is drawn
_SETTINGS: Final[dict[Any, Any]] = {
    "font.size": 10, "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True, "svg.fonttype": "none",
    # Equal figures give equal files.
    "svg.hashsalt": "annexv",
}  # fmt: skip


def write(figure: Figure, path: Path, kind: str, source: str) -> None:
    """Draw a figure into a file.

    Parameters
    ----------
    kind : str
        ``png`` or ``svg``.
    source : str
        Line below the figure.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    with mpl.rc_context(_SETTINGS):
        names = [trace for trace in figure.traces if trace.name]
        widest = max((len(trace.name) for trace in names), default=0) + 6
        columns = max(1, min(len(names), _LEGEND // widest))
        legend_rows = -(-len(names) // columns) if len(names) > 1 else 0
        tall = _INCHES[1] if not figure.rows else 1.6 + _ROW * len(set(_row_names(figure)))
        height = tall + 0.22 * legend_rows
        canvas = Canvas(figsize=(_INCHES[0], height), layout="constrained")
        FigureCanvasAgg(canvas)
        title = "\n".join(textwrap.wrap(figure.title, _LETTERS - 6))
        canvas.suptitle(title, x=0.01, ha="left", fontsize=12.5, fontweight="bold")
        axes = canvas.subplots()
        under = ", ".join(part for part in (figure.subject, "" if figure.rows else figure.unit) if part)
        axes.set_title(
            "\n".join(textwrap.wrap(under, _UNDER[figure.rows])), loc="left", fontsize=9.5, color="#444"
        )
        _draw(axes, figure)
        if legend_rows:
            canvas.legend(loc="outside lower right", fontsize=9, frameon=False, ncols=columns)
        canvas.supxlabel(source, x=0.01, ha="left", fontsize=7.5, color="#555")
        about = {"Date": None} if kind == "svg" else {}
        canvas.savefig(path, format=kind, dpi=_DOTS, metadata={"Title": figure.title, **about})


def _row_names(figure: Figure) -> list[Any]:
    return [name for trace in figure.traces if trace.mode == "bar" for name in trace.y]


def _draw(axes: Any, figure: Figure) -> None:
    axes.grid(color="#e4e4e4", linewidth=0.8, axis="x" if figure.rows else "y")
    areas = [trace for trace in figure.traces if trace.mode == "area"]
    if areas:
        layers = [[value or 0.0 for value in trace.y] for trace in areas]
        colours = [trace.colour for trace in areas]
        axes.stackplot(
            areas[0].x, *layers, colors=colours, labels=[trace.name for trace in areas],
            edgecolor="white", linewidth=0.5,
        )  # fmt: skip
    for trace in figure.traces:
        if trace.mode != "area":
            _DRAW[trace.mode](axes, trace)
    if figure.rows:
        axes.invert_yaxis()
        axes.set_xlabel(figure.unit)
        axes.margins(x=0.18)
        if figure.mark is not None:
            axes.axvline(figure.mark, color="#444", linewidth=1)
        return
    if figure.x_unit:
        axes.set_xlabel(figure.x_unit)
    elif figure.traces:
        axes.set_xlim(figure.traces[0].x[0], figure.traces[0].x[-1] + 1e-9)
    low = min((v for t in figure.traces for v in (*t.y, *t.base) if isinstance(v, int | float)), default=0.0)
    if figure.from_zero and low >= 0.0:
        axes.set_ylim(bottom=0)


def _line(axes: Any, trace: Trace) -> None:
    values = [float("nan") if value is None else value for value in trace.y]
    axes.plot(
        trace.x, values, color=trace.colour, linestyle=_STYLES[trace.dash], linewidth=0.8 * trace.width,
        label=trace.name or None,
    )  # fmt: skip


def _band(axes: Any, trace: Trace) -> None:
    axes.fill_between(trace.x, trace.base, trace.y, color=trace.colour, linewidth=0, label=trace.name)


def _points(axes: Any, trace: Trace) -> None:
    axes.plot(
        trace.x, trace.y, linestyle="", marker="o", markersize=3, alpha=0.55, color=trace.colour,
        markeredgewidth=0, label=trace.name or None,
    )  # fmt: skip


def _bars(axes: Any, trace: Trace) -> None:
    widths = [end - start for start, end in zip(trace.base, trace.x, strict=True)]
    axes.barh(trace.y, widths, left=trace.base, height=0.6, color=trace.colour, label=trace.name)
    for name, start, end, said in zip(trace.y, trace.base, trace.x, trace.text, strict=False):
        left = end < start
        axes.annotate(
            said, (end, name), xytext=(-4 if left else 4, 0), textcoords="offset points",
            ha="right" if left else "left", va="center", fontsize=8, color="#333",
        )  # fmt: skip


_DRAW: Final = {"line": _line, "band": _band, "point": _points, "bar": _bars}

__all__ = ["write"]
