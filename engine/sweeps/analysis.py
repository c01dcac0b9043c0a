"""What a finished sweep says: spread by year, tornado, rank correlations, Sobol' indices, cases above a budget line.

Everything works on one series at a time, an output of one scenario and component over cases and years, so that memory does
not grow with the size of the file's other axes.

A statistic over cases is over all of them, or says how many failed; where more than :data:`MOST_FAILED` did, those that are
left are no sample of what was asked for, and it is refused unless the caller allows it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from engine.outputs import OutputError
from engine.sweeps.cases import FAILED
from engine.sweeps.design import BASE

Float = NDArray[np.float64]
Int = NDArray[np.int64]

TOTAL: Final = "total"
SHOWN: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
MEDIAN: Final = 0.5
CONFIDENCE: Final = 0.95
MOST_FAILED: Final = 0.01
_RESAMPLES: Final = 200
_SEED: Final = 1
_LEAST_ROWS: Final = 8
# A residual smaller than this share of what it is a residual of is rounding.
_NOTHING: Final = 1e-9


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
    failed : bool (case,)
        Whether the case failed.
    paths : int
        Random paths of a case, 0 where there are none.
    paths_failed : int64 (case,)
        Those of them that failed; values and fan are of the others.
    """

    output: str
    scenario: str
    label: str
    units: str
    years: Int
    values: Float
    fan: Float
    failed: NDArray[np.bool_]
    paths: int
    paths_failed: Int


class Failed(OutputError):
    """Too many cases or paths failed for a statistic over the others to be one of what was asked for."""


def refusal(cases: int, failed: int, paths: int = 0, paths_failed: int = 0) -> str:
    """Why there is no statistic over so many failures; empty where there are few enough."""
    for total, lost, what in ((cases, failed, "cases"), (paths, paths_failed, "random paths")):
        if lost > MOST_FAILED * total:
            return (
                f"{lost:,} of {total:,} {what} failed ({lost / total:.3g} of all); beyond {MOST_FAILED:g} the others are no"
                " sample of the design"
            )
    return ""


def _refused(found: Series) -> str:
    cases = found.failed.size
    return refusal(cases, int(found.failed.sum()), found.paths * cases, int(found.paths_failed.sum()))


def _hold(values: Float, allow_failed: bool) -> None:
    """Refuse values of cases of which too many are missing."""
    said = "" if allow_failed else refusal(values.size, int(np.isnan(values).sum()))
    if said:
        raise Failed(f"{said}; allow_failed gives the figures of the others")


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
        dataset["case_status"].sel(scenario=code).values == FAILED,
        int(dataset.attrs.get("paths", 0)),
        dataset["paths_failed"].sel(scenario=code).values.astype(np.int64)
        if "paths_failed" in dataset
        else np.zeros(dataset.sizes["case"], dtype=np.int64),
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


def spread(found: Series, probabilities: Sequence[float] = SHOWN, *, allow_failed: bool = False) -> Float:
    """Quantiles over the cases, float64 (year, quantile); those that failed are left out.

    Raises
    ------
    Failed
        If more than :data:`MOST_FAILED` of cases or paths failed, unless ``allow_failed``.
    """
    said = "" if allow_failed else _refused(found)
    if said:
        raise Failed(f"{said}; allow_failed gives the figures of the others")
    good = found.values[~np.isnan(found.values).any(axis=1)]
    if good.shape[0] == 0:
        return np.full((found.years.size, len(probabilities)), np.nan)
    out: Float = np.quantile(good, probabilities, axis=0).T
    return out


# sensitivity ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a tornado: the lowest and highest result when one parameter alone varies, beside the base case.

    Of the ``cases`` that vary it, ``cases_failed`` have no result; values of switches are their choices.
    """

    parameter: str
    low_value: float | str
    high_value: float | str
    low: float
    high: float
    base: float
    cases: int
    cases_failed: int

    @property
    def swing(self) -> float:
        """Highest less lowest result."""
        return self.high - self.low


def tornado(dataset: xr.Dataset, values: Float, *, allow_failed: bool = False) -> list[Bar]:
    """Bars of a one-at-a-time sweep, the longest first; failed cases are left out.

    Parameters
    ----------
    values : float64 (case,)

    Raises
    ------
    OutputError
        If the sweep has another design, or (:class:`Failed`) too many cases failed, unless ``allow_failed``.
    """
    if "varied" not in dataset.coords:
        raise OutputError("a tornado needs a sweep with a design of kind one_at_a_time")
    _hold(values, allow_failed)
    along = [str(name) for name in dataset["varied"].values]
    base = float(values[along.index(BASE)])
    bars = []
    for name in dict.fromkeys(along):
        if name == BASE:
            continue
        every = [n for n, other in enumerate(along) if other == name]
        # The base case belongs to every bar: a parameter that only raises the result starts from it.
        at = [n for n in (*every, along.index(BASE)) if values[n] == values[n]]
        lost = int(np.isnan(values[every]).sum())
        if lost == len(every):
            bars.append(Bar(name, np.nan, np.nan, np.nan, np.nan, base, len(every), lost))
            continue
        given = dataset[name].values.tolist()
        low, high = min(at, key=lambda n: values[n]), max(at, key=lambda n: values[n])
        bars.append(
            Bar(
                name, given[low], given[high], float(values[low]), float(values[high]), base, len(every), lost
            )
        )
    return sorted(bars, key=lambda bar: -bar.swing if bar.swing == bar.swing else np.inf)


@dataclass(frozen=True, slots=True)
class Rank:
    """Rank correlation of a parameter with the result, and the partial one, other parameters held.

    NaN where one is not defined: for a parameter that does not vary or has no order, a result that does not vary, and the
    partial one also for a parameter that others determine, or a result that the others determine.
    """

    parameter: str
    spearman: float
    partial: float


def rank_correlations(dataset: xr.Dataset, values: Float, *, allow_failed: bool = False) -> list[Rank]:
    """Rank correlations (Spearman) of every parameter with a result, the strongest first; failed cases are left out.

    The partial one is the correlation of what the ranks of all other parameters leave unexplained of the ranks of parameter
    and result: of the residuals of two least-squares regressions. Choices of switches are held by a constant for each.

    Parameters
    ----------
    values : float64 (case,)

    Raises
    ------
    Failed
        If more than :data:`MOST_FAILED` of the cases failed, unless ``allow_failed``.
    """
    from scipy.stats import rankdata

    _hold(values, allow_failed)
    names = parameters(dataset)
    # A case of a table may leave a value as it is where that is no single number.
    good = ~np.isnan(values)
    for name in names:
        if dataset[name].dtype.kind == "f":
            good &= ~np.isnan(dataset[name].values)
    columns = {name: _controls(dataset[name].values[good]) for name in names}
    result = rankdata(values[good]) if good.any() else np.empty(0)
    out = []
    for name in names:
        own = columns[name]
        ordered = dataset[name].dtype.kind == "f" and own.shape[1] == 1
        others = [columns[other] for other in names if other != name]
        plain = partial = np.nan
        if ordered:
            plain = _correlation(own[:, 0], result, [])
            partial = _correlation(own[:, 0], result, others)
        out.append(Rank(name, plain, partial))
    return sorted(out, key=lambda rank: _strength(rank), reverse=True)


def _strength(rank: Rank) -> tuple[float, float]:
    partial, plain = (-1.0 if math.isnan(value) else abs(value) for value in (rank.partial, rank.spearman))
    return (partial if partial >= 0.0 else plain, plain)


def _controls(given: NDArray[Any]) -> Float:
    """Columns that stand for a parameter in a regression: its ranks, or one for each choice; none where it does not vary."""
    from scipy.stats import rankdata

    different = np.unique(given)
    if different.size < 2:
        return np.empty((given.size, 0))
    if given.dtype.kind == "f":
        return np.asarray(rankdata(given), dtype=np.float64)[:, None]
    chosen: Float = (given[:, None] == different[None, 1:]).astype(np.float64)
    return chosen


def _correlation(one: Float, two: Float, controls: Sequence[Float]) -> float:
    """Correlation of two variables given others, NaN where it is not defined."""
    held = np.column_stack([np.ones(one.size), *controls])
    left = []
    for values in (one, two):
        centred = values - values.mean()
        rest = centred - held @ np.linalg.lstsq(held, centred, rcond=None)[0]
        if not np.linalg.norm(rest) > _NOTHING * np.linalg.norm(centred):
            return np.nan
        left.append(rest)
    # Two residuals in one dimension are always aligned: that says nothing.
    if one.size - int(np.linalg.matrix_rank(held)) < 2:
        return np.nan
    x, y = left
    return float(np.clip(x @ y / (np.linalg.norm(x) * np.linalg.norm(y)), -1.0, 1.0))


@dataclass(frozen=True, slots=True)
class Choice:
    """Results where a switch, a flag or the scenario has one of its choices: number of cases, lowest, median, highest."""

    parameter: str
    choice: str
    cases: int
    cases_failed: int
    low: float
    median: float
    high: float


def by_choice(dataset: xr.Dataset, values: Float, *, allow_failed: bool = False) -> list[Choice]:
    """Results by the choices of every labelled parameter, in the order of the file.

    Parameters
    ----------
    values : float64 (case,)

    Raises
    ------
    Failed
        If more than :data:`MOST_FAILED` of the cases failed, unless ``allow_failed``.
    """
    _hold(values, allow_failed)
    out = []
    for name in parameters(dataset):
        given = dataset[name].values
        if given.dtype.kind == "f":
            continue
        for choice in dict.fromkeys(map(str, given.tolist())):
            of_choice = values[given == choice]
            good = of_choice[~np.isnan(of_choice)]
            found = np.quantile(good, (0.0, 0.5, 1.0)).tolist() if good.size else [np.nan] * 3
            out.append(Choice(name, choice, of_choice.size, of_choice.size - good.size, *found))
    return out


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


def sobol_indices(
    dataset: xr.Dataset, values: Float, *, allow_failed: bool = False
) -> tuple[list[Index], int]:
    """Sobol' indices of a Saltelli design with bootstrapped confidence intervals, the largest total first.

    A failed case makes the group of points it belongs to useless, and that group is left out. Shares of a variance need no
    order, so a switch has indices like any other parameter, its choices equally likely.

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
        If the sweep has another design, too few groups are left, or (:class:`Failed`) more than :data:`MOST_FAILED` of the
        cases failed, unless ``allow_failed``.

    Source
    ------
    Saltelli et al. (2010), Computer Physics Communications 181, 259-270; estimators of SALib.
    """
    if dataset.attrs.get("design_kind") != "saltelli":
        raise OutputError("Sobol' indices need a sweep with a design of kind saltelli")
    _hold(values, allow_failed)
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
    parameters: dict[str, float | str]


def above(
    dataset: xr.Dataset, found: Series, budget: float, year: int | None = None, most: int | None = None
) -> tuple[list[Breach], int]:
    """Cases whose result exceeds a budget line, the highest first; of a failed case nobody knows.

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
    given = {name: dataset[name].values.tolist() for name in names}
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
                {name: given[name][case] for name in names},
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
    allow_failed: bool = False,
) -> dict[str, Any]:
    """All that fits the design, as plain lists and dicts.

    Where too many cases or paths failed, ``refused`` says so and there are counts and messages only. Every statistic says
    how many cases it is over and how many failed.

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
    allow_failed : bool
        Give the figures of the cases that are left, however many failed.
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
    }
    lost, lost_paths = int(found.failed.sum()), int(found.paths_failed.sum())
    counts = {"cases": found.failed.size - lost, "cases_failed": lost}
    if found.paths:
        every = found.paths * found.failed.size
        counts |= {"paths": every - lost_paths, "paths_failed": lost_paths}
    out |= {"scenario_counts": counts, "refused": None}
    refused = _refused(found)
    if refused and not allow_failed:
        return out | {"refused": refused}
    out["quantiles"] = {
        "probabilities": list(SHOWN),
        "years": found.years.tolist(),
        "values": spread(found, allow_failed=True).tolist(),
        **counts,
    }
    if found.fan.size:
        out["fan"] = {
            "probabilities": dataset["quantile"].values.tolist(),
            "years": found.years.tolist(),
            "values": found.fan.transpose(0, 2, 1).tolist(),
            "paths": (found.paths - found.paths_failed).tolist(),
            "paths_failed": found.paths_failed.tolist(),
        }
    out |= _sensitivities(dataset, values, counts)
    if budget is not None:
        listed, number = above(dataset, found, budget, year, most)
        out["budget"] = {
            "line": budget,
            "year": year,
            "cases_above": number,
            "cases": [asdict(breach) for breach in listed],
            "of": counts,
        }
    return out


def _sensitivities(dataset: xr.Dataset, values: Float, counts: dict[str, int]) -> dict[str, Any]:
    """What fits the design: tornado, Sobol' indices or rank correlations, and results by choice."""
    out: dict[str, Any] = {}
    names = parameters(dataset)
    if "varied" in dataset.coords:
        bars = tornado(dataset, values, allow_failed=True)
        out["tornado"] = [{**asdict(bar), "swing": bar.swing} for bar in bars]
    elif dataset.attrs.get("design_kind") == "saltelli":
        out["sobol"] = {"confidence_level": CONFIDENCE, "groups_left_out": None, "indices": [], **counts}
        try:
            indices, left_out = sobol_indices(dataset, values, allow_failed=True)
            out["sobol"] |= {"groups_left_out": left_out, "indices": [asdict(index) for index in indices]}
        except OutputError as error:
            out["sobol"]["reason"] = str(error)
    elif names:
        ranks = rank_correlations(dataset, values, allow_failed=True)
        out["rank_correlations"] = [asdict(rank) | counts for rank in ranks]
    if "varied" not in dataset.coords:
        choices = by_choice(dataset, values, allow_failed=True)
        if choices:
            out["by_choice"] = [asdict(choice) for choice in choices]
    return out


__all__ = [
    "MOST_FAILED",
    "TOTAL",
    "Bar",
    "Breach",
    "Choice",
    "Failed",
    "Index",
    "Rank",
    "Series",
    "above",
    "at_year",
    "by_choice",
    "failures",
    "parameters",
    "rank_correlations",
    "refusal",
    "series",
    "sobol_indices",
    "spread",
    "summary",
    "tornado",
]
