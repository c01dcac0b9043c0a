"""Figures of a finished sweep: spread by year, what matters most, and clouds of the most important parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import xarray as xr

from engine.outputs import OutputError, words
from engine.outputs.figures import COLOURS, GREY, TINTS, Figure, Trace, numbers
from engine.sweeps import analysis

KINDS: Final = ("fan", "importance", "scatter")
_CLOUDS: Final = 3
_MOST_POINTS: Final = 2000
_MOST_BARS: Final = 15
# A cloud of fewer points shows nothing that a table does not.
_LEAST_POINTS: Final = 8
_PERCENT: Final = 100.0


def subject(found: Mapping[str, Any], text: Mapping[str, Any]) -> str:
    """What the figures are of: the series, its scenario and basis, and the number of cases."""
    name = words.variable(found["output"], text)
    if found["component"] not in ("", analysis.TOTAL):
        name += f" ({words.label(found['component'], text)})"
    form = text["sweep"]["subject"]
    basis = words.basis(found["basis"], text)
    cases = found["scenario_counts"]["cases"]
    return str(form).format(name=name, scenario=found["scenario"], basis=basis, cases=f"{cases:,}")


def fan(found: Mapping[str, Any], text: Mapping[str, Any]) -> Figure | None:
    """Quantiles by year over cases; over random paths of the first case where cases have them and are few."""
    said, unit = text["sweep"], text["unit"].get(found["units"], found["units"])
    table = found["quantiles"]
    what = "cases"
    if "fan" in found and found["scenario_counts"]["cases"] < _LEAST_POINTS:
        table = {**found["fan"], "values": found["fan"]["values"][0]}
        what = "paths"
    values = np.array(table["values"], dtype=float)
    shares = list(table["probabilities"])
    if not np.isfinite(values).any():
        return None
    years = table["years"]
    traces = []
    for low, high in zip(range(len(shares) // 2), reversed(range(len(shares))), strict=False):
        name = said["between"].format(low=f"{shares[low]:.0%}", high=f"{shares[high]:.0%}")
        pair = numbers(values[:, low]), numbers(values[:, high])
        traces.append(Trace(name, "band", years, pair[1], TINTS[low % len(TINTS)], base=list(pair[0])))
    middle = len(shares) // 2
    if len(shares) % 2:
        traces.append(Trace(f"{shares[middle]:.0%}", "line", years, numbers(values[:, middle]), COLOURS[0]))
    title = said["finding_fan"].format(
        share=f"{_PERCENT * (shares[-1] - shares[0]):.0f}%", what=said[f"over_{what}"], low=values[-1, 0],
        high=values[-1, -1], unit=unit, year=years[-1],
    )  # fmt: skip
    more = f"; {said['of_first']}" if what == "paths" else ""
    return Figure("fan", title, subject(found, text) + more, unit, tuple(traces))


def importance(found: Mapping[str, Any], text: Mapping[str, Any]) -> Figure | None:
    """A tornado, Sobol' indices or rank correlations, as the design allows; the most important first."""
    for key, drawn in (("tornado", _tornado), ("sobol", _sobol), ("rank_correlations", _ranks)):
        if found.get(key):
            return drawn(found, text)
    return None


def _tornado(found: Mapping[str, Any], text: Mapping[str, Any]) -> Figure | None:
    said, unit = text["sweep"], text["unit"].get(found["units"], found["units"])
    bars = [bar for bar in found["tornado"] if bar["swing"] == bar["swing"]][:_MOST_BARS]
    if not bars:
        return None
    rows = [bar["parameter"] for bar in bars]
    base = [bar["base"] for bar in bars]
    traces = tuple(
        Trace(
            said[f"{side}est"], "bar", numbers([bar[side] for bar in bars]), rows, COLOURS[n], base=numbers(base),
            text=["" if bar[side] == bar["base"] else _value(bar[f"{side}_value"]) for bar in bars],
        )
        for n, side in enumerate(("low", "high"))
    )  # fmt: skip
    first = bars[0]
    title = said["finding_tornado"].format(
        name=first["parameter"], low=first["low"], high=first["high"], unit=unit, year=found["year"]
    )
    about = f"{subject(found, text)}, {found['year']}. {said['tornado_said']}"
    return Figure("importance", title, about, unit, traces, from_zero=False, mark=base[0])


def _value(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _sobol(found: Mapping[str, Any], text: Mapping[str, Any]) -> Figure | None:
    said = text["sweep"]
    indices = found["sobol"]["indices"][:_MOST_BARS]
    if not indices:
        return None
    rows = [index["parameter"] for index in indices]
    traces = (
        _from_zero(said["with_others"], [index["total"] for index in indices], rows, COLOURS[5]),
        _from_zero(said["alone"], [index["first"] for index in indices], rows, COLOURS[0], False),
    )
    top = indices[0]
    title = said["finding_sobol"].format(
        name=top["parameter"], share=f"{_PERCENT * top['total']:.0f}%", year=found["year"]
    )
    about = f"{subject(found, text)}, {found['year']}. {said['sobol_said']}"
    return Figure("importance", title, about, said["share"], traces)


def _ranks(found: Mapping[str, Any], text: Mapping[str, Any]) -> Figure | None:
    said = text["sweep"]
    ranks = [rank for rank in found["rank_correlations"] if rank["partial"] == rank["partial"]][:_MOST_BARS]
    if not ranks:
        return None
    rows = [rank["parameter"] for rank in ranks]
    bars = _from_zero(said["partial"], [rank["partial"] for rank in ranks], rows, COLOURS[0])
    way = said["rises" if ranks[0]["partial"] > 0 else "falls"]
    title = said["finding_ranks"].format(
        name=rows[0], way=way, rank=f"{ranks[0]['partial']:+.2f}", year=found["year"]
    )
    about = f"{subject(found, text)}, {found['year']}. {said['ranks_said']}"
    return Figure("importance", title, about, said["correlation"], (bars,), from_zero=False, mark=0.0)


def _from_zero(name: str, values: list[float], rows: list[str], colour: str, said: bool = True) -> Trace:
    return Trace(
        name,
        "bar",
        numbers(values),
        rows,
        colour,
        base=[0.0] * len(rows),
        text=[f"{value:.2f}" if said else "" for value in values],
    )


def scatter(dataset: xr.Dataset, found: Mapping[str, Any], text: Mapping[str, Any]) -> list[Figure]:
    """The result against each of the most important parameters, a point a case; none for a handful of cases."""
    said, unit = text["sweep"], text["unit"].get(found["units"], found["units"])
    order = _order(found)
    if "tornado" in found or found["scenario_counts"]["cases"] < _LEAST_POINTS or not order:
        return []
    one = analysis.series(dataset, found["scenario"], found["component"] or analysis.TOTAL, found["output"])
    values = analysis.at_year(one, found["year"])
    good = np.flatnonzero(~np.isnan(values))
    step = -(-good.size // _MOST_POINTS)
    shown = good[::step]
    figures = []
    for n, name in enumerate(order[:_CLOUDS]):
        given = dataset[name]
        mode = str(given.attrs.get("long_name", name)).removeprefix(f"{name}, ")
        axis = f"{mode}, {given.attrs.get('units_label', '')}".rstrip(", ")
        at = (
            numbers(given.values[shown]) if given.dtype.kind == "f" else [str(v) for v in given.values[shown]]
        )
        title = said["finding_scatter"].format(
            name=name, **_extremes(given.values[good], values[good]), unit=unit
        )
        about = f"{subject(found, text)}, {found['year']}"
        if step > 1:
            about += f"; {said['every'].format(step=step)}"
        points = Trace("", "point", at, numbers(values[shown]), COLOURS[n])
        figures.append(Figure(f"scatter-{n}", title, about, unit, (points,), x_unit=axis, from_zero=False))
    return figures


def _extremes(given: Any, values: Any) -> dict[str, float]:
    """Medians of the result in the lowest and the highest quarter of a parameter; of its first and last choice."""
    if given.dtype.kind == "f":
        low, high = np.nanquantile(given, (0.25, 0.75))
        ends = values[given <= low], values[given >= high]
    else:
        choices = sorted(set(given.tolist()))
        ends = values[given == choices[0]], values[given == choices[-1]]
    return {"low": float(np.median(ends[0])), "high": float(np.median(ends[1]))}


def _order(found: Mapping[str, Any]) -> list[str]:
    """Parameters, the most important first."""
    if "sobol" in found:
        return [index["parameter"] for index in found["sobol"]["indices"]]
    return [rank["parameter"] for rank in found.get("rank_correlations", ())]


def cases(dataset: xr.Dataset, found: Mapping[str, Any], text: Mapping[str, Any]) -> Figure:
    """One line a case by year."""
    one = analysis.series(dataset, found["scenario"], found["component"] or analysis.TOTAL, found["output"])
    unit = text["unit"].get(found["units"], found["units"])
    good = np.flatnonzero(~one.failed)
    step = max(1, -(-good.size // (_MOST_POINTS // 10)))
    years = one.years.tolist()
    traces = tuple(
        Trace(
            "",
            "line",
            years,
            numbers(one.values[case]),
            GREY if case else COLOURS[0],
            width=0.8 if case else 2.2,
        )
        for case in good[::step][::-1]
    )
    last = one.values[good, -1]
    title = text["sweep"]["finding_cases"].format(
        low=float(last.min()), high=float(last.max()), unit=unit, year=years[-1]
    )
    return Figure("cases", title, subject(found, text), unit, traces)


def chosen(dataset: xr.Dataset, what: str, found: Mapping[str, Any], text: Mapping[str, Any]) -> Figure:
    """The figure of a name.

    Raises
    ------
    OutputError
        If the name is not known, or the design has no such figure.
    """
    if found.get("refused"):
        raise OutputError(f"{found['refused']}; there is no figure")
    every = {
        "fan": fan(found, text),
        "tornado": importance(found, text) if "tornado" in found else None,
        "importance": importance(found, text),
        "cases": cases(dataset, found, text),
        **{f"scatter{n + 1}": one for n, one in enumerate(scatter(dataset, found, text))},
    }
    every["scatter"] = every.get("scatter1")
    drawn = [name for name, figure in every.items() if figure is not None]
    if every.get(what) is None:
        raise OutputError(f"--what {what}: this sweep has no such figure; it has {', '.join(drawn)}")
    figure = every[what]
    assert figure is not None
    return figure


__all__ = ["KINDS", "cases", "chosen", "fan", "importance", "scatter", "subject"]
