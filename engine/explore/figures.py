"""Figures of the page as plain records of the plotting library: to make objects of it would take longer than to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cohorts.axes import SEXES
from engine.compare_runs import LINES, Holders
from engine.explore.numbers import Pair
from engine.labels import COMPONENTS
from engine.outputs import words
from engine.outputs.figures import COLOURS, GREY, spread
from engine.what_if import Gain
from engine.what_if.words import chosen_wages, group_name

Float = NDArray[np.float64]
Figure = dict[str, Any]

_THOUSAND_MILLION: Final = 1e9


def _layout(unit: str, *, bars: bool = False) -> dict[str, Any]:
    grid = {"gridcolor": "#e4e4e4", "zerolinecolor": "#888", "automargin": True}
    numbers = {**grid, "title": {"text": unit, "font": {"size": 12}}}
    names = {"gridcolor": "#fff", "automargin": True, "type": "category", "autorange": "reversed"}
    return {
        "margin": {"l": 8, "r": 12, "t": 8, "b": 8},
        "font": {"family": "system-ui, sans-serif", "size": 12, "color": "#1a1a1a"},
        "paper_bgcolor": "#fff",
        "plot_bgcolor": "#fff",
        "hovermode": "closest" if bars else "x unified",
        "showlegend": not bars,
        "legend": {"orientation": "h", "y": -0.15, "x": 0, "yanchor": "top"},
        "xaxis": numbers if bars else {**grid, "tickformat": "d"},
        "yaxis": names if bars else {**numbers, "rangemode": "tozero"},
        "uirevision": "kept",
    }


def _line(
    name: str, years: Sequence[int], share: Float, money: Float, colour: str, dash: str, unit: str
) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": list(years),
        "y": share.tolist(),
        "customdata": (money / _THOUSAND_MILLION).tolist(),
        "line": {"color": colour, "dash": dash, "width": 2.2},
        "hovertemplate": f"%{{y:.3f}} (%{{customdata:,.1f}} {unit})",
    }


def total(pairs: Sequence[Pair], text: Mapping[str, Any]) -> Figure:
    """The total of every scenario, base and reform."""
    said = text["explore"]
    traces = []
    for n, pair in enumerate(pairs):
        colour = COLOURS[n % len(COLOURS)]
        years = pair.base.years.tolist()
        for key, side, dash in (("base", pair.base, "dash"), ("reform", pair.reform, "solid")):
            name = f"{pair.scenario}, {said[key]}"
            grey = GREY if key == "base" and len(pairs) == 1 else colour
            traces.append(_line(name, years, side.share[-1], side.money[-1], grey, dash, said["money"]))
    return {"data": traces, "layout": _layout(text["percent"])}


def components(pair: Pair, text: Mapping[str, Any]) -> Figure:
    """One scenario by component: the reform in full lines, the base dashed."""
    said = text["explore"]
    years = pair.base.years.tolist()
    traces = []
    for n, component in enumerate(COMPONENTS):
        name = words.item("component", component, text)
        for key, side, dash in (("reform", pair.reform, "solid"), ("base", pair.base, "dot")):
            trace = _line(
                f"{name}, {said[key]}", years, side.share[n], side.money[n], COLOURS[n], dash, said["money"]
            )
            traces.append({**trace, "showlegend": key == "reform"})
    return {"data": traces, "layout": _layout(text["percent"])}


def difference(pair: Pair, text: Mapping[str, Any]) -> Figure:
    """The change by component and in total."""
    said = text["explore"]
    years = pair.base.years.tolist()
    share, money = pair.reform.share - pair.base.share, pair.reform.money - pair.base.money
    traces = []
    for n, line in enumerate(LINES):
        last = n == len(COMPONENTS)
        name = text["total"] if last else words.item("component", line, text)
        colour, dash = (COLOURS[-1], "dash") if last else (COLOURS[n], "solid")
        traces.append(_line(name, years, share[n], money[n], colour, dash, said["money"]))
    return {"data": traces, "layout": _layout(text["change"]["points"])}


def rights(
    groups: Sequence[Holders], worth: Sequence[Float], kind: str, text: Mapping[str, Any], first: int
) -> Figure:
    """Acquired rights by a trait: present values of the change."""
    at = next((n for n, group in enumerate(groups) if group.kind == kind), None)
    names: list[str] = []
    values: list[float] = []
    if at is not None:
        labels = groups[at].labels
        names = [group_name(kind, label, len(labels), text) for label in labels]
        values = worth[at].tolist()
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": values,
        "y": names,
        "marker": {"color": [COLOURS[1] if value > 0.0 else COLOURS[0] for value in values]},
        "hovertemplate": "%{x:+.3f}<extra></extra>",
    }
    return {
        "data": [trace],
        "layout": _layout(text["explore"]["of_gdp"].format(first=first), bars=True),
    }


def gains(gain: Gain | None, text: Mapping[str, Any]) -> Figure:
    """What workers gain, by birth year, at three wages."""
    said = text["what_if"]
    traces = []
    if gain is not None:
        groups = gain.value.shape[2]
        wages = chosen_wages(groups)
        for n, sex in enumerate(SEXES):
            for k, wage in enumerate(wages):
                who = words.capital(text["reform"]["sex"][sex])
                traces.append(
                    {
                        "type": "scatter",
                        "mode": "lines+markers",
                        "name": f"{who}, {said['wage'].format(n=wage + 1, total=groups)}",
                        "x": gain.birth_year.tolist(),
                        "y": gain.value[:, n, wage].tolist(),
                        "line": {"color": spread(len(wages) + 1)[k], "dash": ("solid", "dash")[n]},
                        "hovertemplate": "%{y:+.2f}",
                    }
                )
    return {"data": traces, "layout": _layout(text["explore"]["of_wages"])}


def pension(
    base: Mapping[str, float], reform: Mapping[str, float], text: Mapping[str, Any], months: float
) -> Figure:
    """One worker's pension a month under both laws, base and reform."""
    said, worker = text["explore"], text["screen"]["worker"]
    names = [worker["old"], worker["new"]]
    traces = []
    for key, figures, colour in (("base", base, GREY), ("reform", reform, COLOURS[0])):
        values = [figures["old_pension"] / months, figures["new_pension"] / months]
        traces.append(
            {
                "type": "bar",
                "name": said[key],
                "x": names,
                "y": values,
                "marker": {"color": colour},
                "hovertemplate": "%{y:,.0f}",
            }
        )
    layout = _layout(said["a_month"])
    return {
        "data": traces,
        "layout": {**layout, "xaxis": {"type": "category"}, "barmode": "group", "hovermode": "closest"},
    }


__all__ = ["components", "difference", "gains", "pension", "rights", "total"]
