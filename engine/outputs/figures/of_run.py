"""The figure of any yearly series of a run: one line a case, or the items of one case on top of one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from engine.outputs import OutputError, export, schema, words
from engine.outputs.figures import AREAS, COLOURS, DASHES, Figure, Trace, numbers, spread

DEFAULT: Final = "fiscal_cost"
_YEAR: Final = "year"
_ORDERED: Final = ("birth_year", "wage_group")
# Parts that make no whole: they are drawn as lines.
_NO_WHOLE: Final = ("award_service", "old_law_share", "memo")
_GROUP: Final = 5  # birth years
_SMALL: Final = 10.0  # numbers below are told with decimals
_SCALES: Final[Mapping[str, tuple[float, str]]] = {
    schema.MONEY[1]: (1e9, "thousand_million"),
    schema.PEOPLE[1]: (1e6, "million"),
}


def figure(
    dataset: xr.Dataset, what: str, scenarios: Sequence[str], bases: Sequence[str], text: Mapping[str, Any]
) -> Figure:
    """Draw a series of a run.

    Parameters
    ----------
    dataset : xarray.Dataset
    what : str
        A variable, or one item of it: ``fiscal_cost`` or ``fiscal_cost.acquired_rights``.
    scenarios, bases : sequence of str

    Raises
    ------
    OutputError
        If the run has no such series, scenario or basis, or several cases are asked for with all items of a variable.
    """
    variable, _, item = what.partition(".")
    series = dataset[_known(what, variable, item, dataset)]
    for name, wanted in (("scenario", scenarios), ("basis", bases)):
        has = [str(label) for label in dataset[name].values]
        unknown = [label for label in wanted if label not in has]
        if unknown:
            raise OutputError(f"--{name} {', '.join(unknown)}: not in the run; it has {', '.join(has)}")
    own = [str(dim) for dim in series.dims if dim not in ("basis", "scenario", _YEAR)]
    labels = [str(label) for label in dataset[own[0]].values] if own else []
    cases = [(basis, scenario) for basis in bases for scenario in scenarios]
    if labels and not item and len(cases) > 1:
        raise OutputError(
            f"--what {what}: has {len(labels)} items and {len(cases)} cases are asked for; name one item, as"
            f" {variable}.{labels[0]}, or one scenario and basis"
        )
    divisor, unit = scale(series, text)
    if labels and not item:
        return _items(
            series.sel(basis=bases[0], scenario=scenarios[0]), own[0], cases[0], divisor, unit, text
        )
    chosen = series.isel({own[0]: labels.index(item)}) if item else series
    name = words.variable(variable, text) + (f": {words.item(own[0], item, text)}" if item else "")
    return _cases(chosen, name, cases, divisor, unit, text)


def _known(what: str, variable: str, item: str, dataset: xr.Dataset) -> str:
    every = export.lines(dataset)
    if any(line.variable == variable and (not item or line.item == item) for line in every):
        return variable
    same = [line for line in every if line.variable == variable]
    names = [f"{variable}.{line.item}" for line in same if line.item] if item else []
    allowed = names or ([variable] if same else list(dict.fromkeys(line.variable for line in every)))
    near = get_close_matches(what, allowed, 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise OutputError(f"--what {what}: not in the run; it has {', '.join(allowed)}{hint}")


def scale(series: xr.DataArray, text: Mapping[str, Any]) -> tuple[float, str]:
    """What numbers are divided by to be read with ease, and their unit then."""
    said = words.unit(series, text)
    divisor, key = _SCALES.get(str(series.attrs.get("units_label", "")), (1.0, ""))
    return divisor, str(text["figure"][key]).format(unit=said) if key else said


def short(value: float) -> str:
    """A number with the digits that a title needs."""
    digits = 2 if abs(value) < _SMALL else 0
    return f"{value:,.{digits}f}"


def _items(
    one: xr.DataArray, axis: str, case: tuple[str, str], divisor: float, unit: str, text: Mapping[str, Any]
) -> Figure:
    """Items of one case: on top of one another where they add up to a whole, else as lines."""
    years = one[_YEAR].values.astype(int).tolist()
    values = one.transpose(axis, _YEAR).values / divisor
    names = [words.item(axis, str(label), text) for label in one[axis].values]
    if axis == "birth_year":
        values, names = _by_five(values, one[axis].values, text)
    shown = [n for n in range(len(names)) if np.nansum(np.abs(values[n])) > 0.0]
    whole = str(one.name) not in _NO_WHOLE and not (values < 0.0).any()
    palette = AREAS if whole and len(names) <= len(AREAS) else COLOURS
    colours = (
        spread(len(names)) if axis in _ORDERED else [palette[n % len(palette)] for n in range(len(names))]
    )
    traces = tuple(
        Trace(
            names[n], "area" if whole else "line", years, numbers(values[n]), colours[n],
            dash="solid" if whole else DASHES[n // len(COLOURS) % len(DASHES)],
        )
        for n in shown
    )  # fmt: skip
    said, name = text["figure"], words.variable(str(one.name), text)
    subject = f"{name}, {_case(case, text)}"
    last = np.array([values[n, -1] if np.isfinite(values[n, -1]) else -np.inf for n in shown])
    if not shown:
        return Figure("figure", said["none"].format(name=name), subject, unit, traces)
    top = int(last.argmax())
    title = said["largest" if whole else "largest_line"].format(
        item=words.capital(names[shown[top]]),
        year=years[-1],
        value=short(last[top]),
        total=short(float(last.sum())),
        unit=unit,
    )
    return Figure("figure", title, subject, unit, traces)


def _by_five(
    values: NDArray[np.float64], births: NDArray[np.int64], text: Mapping[str, Any]
) -> tuple[NDArray[np.float64], list[str]]:
    """Birth years in groups of five."""
    start = births // _GROUP * _GROUP
    firsts = np.unique(start)
    rows = np.stack([values[start == first].sum(axis=0) for first in firsts])
    ends = [(int(births[start == first].min()), int(births[start == first].max())) for first in firsts]
    return rows, [str(text["group_of"]).format(first=first, last=last) for first, last in ends]


def _cases(
    chosen: xr.DataArray,
    name: str,
    cases: Sequence[tuple[str, str]],
    divisor: float,
    unit: str,
    text: Mapping[str, Any],
) -> Figure:
    """One line a case."""
    said = text["figure"]
    years = chosen[_YEAR].values.astype(int).tolist()
    numbers_of = list(dict.fromkeys(words.parts(scenario)[0] for _, scenario in cases))
    dashes = list(dict.fromkeys((basis, words.parts(scenario)[1]) for basis, scenario in cases))
    traces, ends = [], {}
    for basis, scenario in cases:
        number, letter = words.parts(scenario)
        values = chosen.sel(basis=basis, scenario=scenario).values / divisor
        label = scenario if len({b for b, _ in cases}) == 1 else f"{scenario}, {words.basis(basis, text)}"
        colour = COLOURS[numbers_of.index(number) % len(COLOURS)]
        dash = DASHES[dashes.index((basis, letter)) % len(DASHES)]
        traces.append(Trace(label, "line", years, numbers(values), colour, dash=dash))
        ends[label] = values
    if len(cases) == 1:
        title = trend(name, next(iter(ends.values())), years, unit, text)
        return Figure("figure", title, f"{name}, {_case(cases[0], text)}", unit, tuple(traces))
    last = {label: float(values[-1]) for label, values in ends.items()}
    low, high = min(last, key=lambda key: last[key]), max(last, key=lambda key: last[key])
    title = said["several"].format(
        low=short(last[low]), lowest=low, high=short(last[high]), highest=high, unit=unit, year=years[-1]
    )
    return Figure("figure", title, name, unit, tuple(traces))


def trend(
    name: str, values: NDArray[np.float64], years: Sequence[int], unit: str, text: Mapping[str, Any]
) -> str:
    """What a single line does: it rises, falls, or has its peak inside."""
    said = text["figure"]
    good = np.flatnonzero(np.isfinite(values))
    if not good.size or not np.abs(values[good]).max() > 0.0:
        return str(said["none"]).format(name=name)
    first, last = int(good[0]), int(good[-1])
    top = int(np.nanargmax(values))
    if first < top < last:
        return str(said["peaks"]).format(name=name, year=years[top], value=short(values[top]), unit=unit)
    return str(said["rises" if values[last] >= values[first] else "falls"]).format(
        name=name, first=short(values[first]), last=short(values[last]), unit=unit, from_year=years[first],
        to_year=years[last],
    )  # fmt: skip


def _case(case: tuple[str, str], text: Mapping[str, Any]) -> str:
    return str(text["figure"]["case"]).format(scenario=case[1], basis=words.basis(case[0], text))


__all__ = ["DEFAULT", "figure", "scale", "short", "trend"]
