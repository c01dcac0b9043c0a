"""What a finished sweep says: spread by year, tornado, rank correlations, Sobol' indices, cases above a budget line.

Everything works on one series at a time, an output of one scenario and component over cases and years, so that memory does
not grow with the size of the file's other axes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from engine.outputs import OutputError
from engine.sweeps.design import BASE

Float = NDArray[np.float64]
Int = NDArray[np.int64]

TOTAL: Final = "total"
SHOWN: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
CONFIDENCE: Final = 0.95
_RESAMPLES: Final = 200
_SEED: Final = 1
_LEAST_ROWS: Final = 8


@dataclass(frozen=True, slots=True)
class Series:
    """One output over all cases.

    Attributes
    ----------
    output, scenario, label, units : str
        ``label`` is the component, type or fund; empty where the output has no such axis.
    years : int64 (year,)
    values : float64 (case, year)
        NaN where a case failed. With random paths, the mean over them.
    fan : float64 (case, quantile, year)
        Quantiles over random paths; no case axis length where there are none.
    """

    output: str
    scenario: str
    label: str
    units: str
    years: Int
    values: Float
    fan: Float


def parameters(dataset: xr.Dataset) -> list[str]:
    """Coordinates that hold the values of the parameters."""
    return [str(name) for name, item in dataset.coords.items() if "assumption" in item.attrs]


def series(
    dataset: xr.Dataset, scenario: str | None = None, component: str = TOTAL, output: str | None = None
) -> Series:
    """Pick one series of a sweep.

    Parameters
    ----------
    scenario : str, optional
        The first of the sweep by default.
    component : str
        ``total``, a component of the fiscal cost, or a label of another output's axis.
    output : str, optional
        ``fiscal_cost_total`` or ``fiscal_cost`` by default, as ``component`` says.

    Raises
    ------
    OutputError
        If the sweep does not hold it.
    """
    scenarios = [str(code) for code in dataset.scenario.values]
    code = scenarios[0] if scenario is None else scenario
    if code not in scenarios:
        raise OutputError(f"scenario {code!r} is not in the sweep; it has {', '.join(scenarios)}")
    kept = [str(name) for name, item in dataset.data_vars.items() if {"case", "year"} <= set(item.dims)]
    name = output or ("fiscal_cost_total" if component == TOTAL else "fiscal_cost")
    summed = output is None and name not in kept and component == TOTAL and "fiscal_cost" in kept
    if summed:
        name = "fiscal_cost"
    if name not in kept:
        raise OutputError(f"{name} was not kept in this sweep; it has {', '.join(kept) or 'no series'}")
    chosen = dataset[name].sel(scenario=code)
    average = f"{name}_mean"
    mean = dataset[average].sel(scenario=code) if average in kept else chosen
    axes = [str(dim) for dim in chosen.dims if dim not in ("case", "year", "quantile", "path")]
    label = ""
    if summed:
        if average in kept:
            raise OutputError(
                "quantiles of a total cannot be made of those of its components; keep fiscal_cost_total"
            )
        chosen = mean = chosen.sum(axes, skipna=False)
        label = TOTAL
    elif axes:
        known = [str(value) for value in dataset[axes[0]].values]
        if component not in known:
            raise OutputError(f"{axes[0]} {component!r} is not in {name}; it has {', '.join(known)}")
        chosen, mean = chosen.sel({axes[0]: component}), mean.sel({axes[0]: component})
        label = component
    elif name == "fiscal_cost_total":
        label = TOTAL
    fan = (
        chosen.transpose("case", "quantile", "year").values
        if "quantile" in chosen.dims
        else np.empty((0, 0, 0))
    )
    return Series(
        name,
        code,
        label,
        str(dataset[name].attrs.get("units_label", "")),
        dataset.year.values.astype(np.int64),
        np.asarray(mean.transpose("case", "year").values, dtype=np.float64),
        fan,
    )


def at_year(found: Series, year: int | None) -> Float:
    """Values of one year over cases; the highest of all years where ``year`` is None.

    Raises
    ------
    OutputError
        If the year was not projected.
    """
    if year is None:
        highest: Float = found.values.max(axis=1)
        return highest
    if year not in found.years:
        raise OutputError(f"year {year} is not in the sweep; it has {found.years[0]} to {found.years[-1]}")
    return found.values[:, int(np.flatnonzero(found.years == year)[0])]


def spread(found: Series, probabilities: Sequence[float] = SHOWN) -> Float:
    """Quantiles over the cases that did not fail, float64 (year, quantile)."""
    good = found.values[~np.isnan(found.values).any(axis=1)]
    if good.shape[0] == 0:
        return np.full((found.years.size, len(probabilities)), np.nan)
    out: Float = np.quantile(good, probabilities, axis=0).T
    return out


# sensitivity ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a tornado: the lowest and highest result when one parameter alone varies, beside the base case."""

    parameter: str
    low_value: float
    high_value: float
    low: float
    high: float
    base: float

    @property
    def swing(self) -> float:
        """Highest less lowest result."""
        return self.high - self.low


def tornado(dataset: xr.Dataset, values: Float) -> list[Bar]:
    """Bars of a one-at-a-time sweep, the longest first; failed cases are left out.

    Parameters
    ----------
    values : float64 (case,)

    Raises
    ------
    OutputError
        If the sweep has another design.
    """
    if "varied" not in dataset.coords:
        raise OutputError("a tornado needs a sweep with a design of kind one_at_a_time")
    along = [str(name) for name in dataset["varied"].values]
    base = float(values[along.index(BASE)])
    bars = []
    for name in dict.fromkeys(along):
        if name == BASE:
            continue
        at = [n for n, other in enumerate(along) if other == name and values[n] == values[n]]
        if not at:
            bars.append(Bar(name, np.nan, np.nan, np.nan, np.nan, base))
            continue
        # The base case belongs to every bar: a parameter that only raises the result starts from it.
        at.append(along.index(BASE))
        given = dataset[name].values
        low, high = min(at, key=lambda n: values[n]), max(at, key=lambda n: values[n])
        bars.append(
            Bar(name, float(given[low]), float(given[high]), float(values[low]), float(values[high]), base)
        )
    return sorted(bars, key=lambda bar: -bar.swing if bar.swing == bar.swing else np.inf)


@dataclass(frozen=True, slots=True)
class Rank:
    """Rank correlation of a parameter with the result, and the partial one, other parameters held."""

    parameter: str
    spearman: float
    partial: float


def rank_correlations(dataset: xr.Dataset, values: Float) -> list[Rank]:
    """Rank correlations (Spearman) of every parameter with a result, the strongest first; failed cases are left out.

    Parameters
    ----------
    values : float64 (case,)
    """
    from scipy.stats import rankdata

    names = parameters(dataset)
    given = (
        np.stack([dataset[name].values for name in names], axis=1) if names else np.empty((values.size, 0))
    )
    good = ~(np.isnan(values) | np.isnan(given).any(axis=1))
    if good.sum() < max(3, len(names) + 2) or np.ptp(values[good]) == 0.0:
        return []
    varying = [at for at in range(len(names)) if np.ptp(given[good, at]) > 0.0]
    ranks = np.stack([rankdata(column) for column in (*given[good][:, varying].T, values[good])], axis=1)
    matrix = np.corrcoef(ranks, rowvar=False)
    inverse = np.linalg.pinv(matrix)
    out = []
    for place, at in enumerate(varying):
        partial = -inverse[place, -1] / np.sqrt(inverse[place, place] * inverse[-1, -1])
        out.append(Rank(names[at], float(matrix[place, -1]), float(np.clip(partial, -1.0, 1.0))))
    return sorted(out, key=lambda rank: -abs(rank.partial))


@dataclass(frozen=True, slots=True)
class Index:
    """Sobol' indices of a parameter: share of the variance due to it alone, and with all its interactions.

    ``first_confidence`` and ``total_confidence`` are half widths of the confidence intervals.
    """

    parameter: str
    first: float
    first_confidence: float
    total: float
    total_confidence: float


def sobol_indices(dataset: xr.Dataset, values: Float) -> tuple[list[Index], int]:
    """Sobol' indices of a Saltelli design with bootstrapped confidence intervals, the largest total first.

    A failed case makes the group of points it belongs to useless, and that group is left out.

    Parameters
    ----------
    values : float64 (case,)

    Returns
    -------
    list of Index
    int
        Groups of points left out.

    Raises
    ------
    OutputError
        If the sweep has another design, or too few groups are left.

    Source
    ------
    Saltelli et al. (2010), Computer Physics Communications 181, 259-270; estimators of SALib.
    """
    if dataset.attrs.get("design_kind") != "saltelli":
        raise OutputError("Sobol' indices need a sweep with a design of kind saltelli")
    from SALib.analyze import sobol

    names = parameters(dataset)
    groups = values.reshape(-1, len(names) + 2)
    good = ~np.isnan(groups).any(axis=1)
    if good.sum() < _LEAST_ROWS:
        raise OutputError(
            f"only {int(good.sum())} groups of points without a failed case are left; {_LEAST_ROWS} or more are needed"
        )
    kept = groups[good].ravel()
    lost = int((~good).sum())
    if np.ptp(kept) == 0.0:
        return [Index(name, 0.0, 0.0, 0.0, 0.0) for name in names], lost
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    found = sobol.analyze(
        problem,
        kept,
        calc_second_order=False,
        num_resamples=_RESAMPLES,
        conf_level=CONFIDENCE,
        seed=_SEED,
    )
    out = [
        Index(name, *(float(found[key][at]) for key in ("S1", "S1_conf", "ST", "ST_conf")))
        for at, name in enumerate(names)
    ]
    return sorted(out, key=lambda index: -index.total), lost


@dataclass(frozen=True, slots=True)
class Breach:
    """A case above a budget line: the first year above it, the highest year and its value, and the case's parameters."""

    case: int
    first_year: int
    years_above: int
    highest_year: int
    highest: float
    parameters: dict[str, float]


def above(
    dataset: xr.Dataset, found: Series, budget: float, year: int | None = None, most: int | None = None
) -> tuple[list[Breach], int]:
    """Cases whose result exceeds a budget line, the highest first.

    Parameters
    ----------
    budget : float
        In the units of the series.
    year : int, optional
        Look at this year alone; at all years by default.
    most : int, optional
        Give at most so many.

    Returns
    -------
    list of Breach
    int
        Number of all such cases.
    """
    if year is None:
        years, values = found.years, found.values
    else:
        years, values = np.array([year]), at_year(found, year)[:, None]
    over = values > budget
    cases = np.flatnonzero(over.any(axis=1))
    peaks = np.where(np.isnan(values[cases]), -np.inf, values[cases])
    order = cases[np.argsort(-peaks.max(axis=1, initial=-np.inf), kind="stable")]
    names = parameters(dataset)
    given = {name: dataset[name].values for name in names}
    out = []
    for case in order[:most].tolist():
        highest = int(np.nanargmax(values[case]))
        out.append(
            Breach(
                int(case),
                int(years[int(np.argmax(over[case]))]),
                int(over[case].sum()),
                int(years[highest]),
                float(values[case, highest]),
                {name: float(given[name][case]) for name in names},
            )
        )
    return out, int(cases.size)


def failures(dataset: xr.Dataset, most: int | None = None) -> list[dict[str, Any]]:
    """Cases that failed, with scenario and message."""
    status = dataset["case_status"].values
    places = np.argwhere(status != 0)[:most]
    return [
        {
            "case": int(case),
            "scenario": str(dataset.scenario.values[at]),
            "message": str(dataset["case_message"][int(case), int(at)].values),
        }
        for case, at in places.tolist()
    ]


def summary(
    dataset: xr.Dataset,
    *,
    scenario: str | None = None,
    component: str = TOTAL,
    output: str | None = None,
    year: int | None = None,
    budget: float | None = None,
    most: int | None = None,
) -> dict[str, Any]:
    """All that fits the design, as plain lists and dicts.

    Parameters
    ----------
    scenario, component, output
        See :func:`series`.
    year : int, optional
        Year of the sensitivities, the last by default; of the budget line, any by default.
    budget : float, optional
        Budget line, in the units of the series.
    most : int, optional
        List at most so many cases.
    """
    found = series(dataset, scenario, component, output)
    last = int(found.years[-1]) if year is None else year
    values = at_year(found, last)
    out: dict[str, Any] = {
        "title": str(dataset.attrs.get("title", "")),
        "design": json.loads(str(dataset.attrs["sweep_design"]))["design"],
        "basis": str(dataset.attrs["basis"]),
        "cases": int(dataset.sizes["case"]),
        "cases_failed": int(dataset.attrs["cases_failed"]),
        "failures": failures(dataset, most),
        "scenario": found.scenario,
        "output": found.output,
        "component": found.label,
        "units": found.units,
        "parameters": parameters(dataset),
        "year": last,
        "quantiles": {
            "probabilities": list(SHOWN),
            "years": found.years.tolist(),
            "values": spread(found).tolist(),
        },
    }
    if found.fan.size:
        out["fan"] = {
            "probabilities": dataset["quantile"].values.tolist(),
            "years": found.years.tolist(),
            "values": found.fan.transpose(0, 2, 1).tolist(),
        }
    if "varied" in dataset.coords:
        out["tornado"] = [{**asdict(bar), "swing": bar.swing} for bar in tornado(dataset, values)]
    elif dataset.attrs.get("design_kind") == "saltelli":
        indices, lost = sobol_indices(dataset, values)
        out["sobol"] = {
            "confidence_level": CONFIDENCE,
            "groups_left_out": lost,
            "indices": [asdict(index) for index in indices],
        }
    elif out["parameters"]:
        out["rank_correlations"] = [asdict(rank) for rank in rank_correlations(dataset, values)]
    if budget is not None:
        listed, number = above(dataset, found, budget, year, most)
        out["budget"] = {
            "line": budget,
            "year": year,
            "cases_above": number,
            "cases": [asdict(breach) for breach in listed],
        }
    return out


__all__ = [
    "TOTAL",
    "Bar",
    "Breach",
    "Index",
    "Rank",
    "Series",
    "above",
    "at_year",
    "failures",
    "parameters",
    "rank_correlations",
    "series",
    "sobol_indices",
    "spread",
    "summary",
    "tornado",
]
