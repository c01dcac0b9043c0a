"""The hindcast itself: cumulative steps, attribution, candidates, and what was observed, as one dataset."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved
from cohorts.axes import ACCOUNTS, PENSION_TYPES
from engine import attribution
from engine.hindcast import candidates, compare, lines, schema, steps
from engine.labels import PENSIONER_GROUPS
from engine.outputs import netcdf, provenance
from engine.prepare.economy import gdp
from engine.projection import projected_years
from engine.runs import run_cases

Float = NDArray[np.float64]

BASIS: Final = "statutory"
_MILLION: Final = 1e6
_PERCENT: Final = 100.0
_ORDERED: Final = tuple(name for name in steps.NAMES if name != steps.LAST)
_LABELS: Final = {
    "line": lines.LINES,
    "step": steps.STEPS,
    "printed_component": compare.PRINTED,
    "pensioner_group": PENSIONER_GROUPS,
    "pension_type": PENSION_TYPES,
    "account": ACCOUNTS,
    "end": ("low", "high"),
}


def hindcast(
    scenario: str,
    last: int,
    *,
    basis: str = BASIS,
    workers: int | None = None,
    on_done: Callable[[int], object] | None = None,
) -> xr.Dataset:
    """The hindcast of a scenario to the year ``last``.

    Raises
    ------
    AssumptionError
        If the scenario is not known, prices of ``last`` were not observed, or a case cannot be projected.
    """
    first, end = allowed()
    if not first <= last <= end:
        raise AssumptionError.single("to", f"{last} is not allowed", f"{first} to {end}")
    told = [steps.resolved(scenario, basis, steps.up_to(step), last) for step in steps.STEPS]
    done = _Counter(on_done)
    plain = steps.resolved(scenario, basis, _ORDERED, last)
    # Steps that change nothing of a scenario are what stood before them.
    different = {case.sha256: case for case in [*told, plain]}
    found = run_cases(list(different.values()), workers=workers, on_done=lambda _: done.one())
    by_case = dict(zip(different, found, strict=True))
    results = [by_case[case.sha256] for case in told]
    years = results[0].years
    carried = lines.current(years)
    money = np.stack(
        [lines.of_case(case, case_of) for case, case_of in zip(results, told, strict=True)], axis=1
    )
    money /= _MILLION
    product = np.stack([case.gdp for case in results]) / _MILLION
    effects, errors, orders = _attributed(scenario, basis, last, carried, workers, done)
    without = lines.of_case(by_case[plain.sha256], plain) / _MILLION
    at = steps.NAMES.index(steps.LAST)
    ends = [np.stack([money[:, -1] * carried, _PERCENT * money[:, -1] / product[-1]])]
    ends.append(np.stack([without * carried, _PERCENT * without / product[-1]]))
    effects.insert(at, ends[0] - ends[1])
    errors.insert(at, np.zeros_like(ends[0]))
    moved = candidates.of(plain, on_done=lambda _: done.one())
    seen = compare.observe(years)
    modelled = money * carried
    data = {
        "modelled": modelled,
        "modelled_pesos_1996": money,
        "modelled_percent": _PERCENT * money / product,
        "attribution": _between([effect[0] for effect in effects]),
        "attribution_error": _between([error[0] for error in errors]),
        "attribution_percent": _between([effect[1] for effect in effects]),
        "observed": seen.lines,
        "observed_pesos_1996": seen.lines / carried,
        "observed_percent": _PERCENT * seen.lines / seen.gdp,
        "observed_confidence": seen.confidence,
        "residual": seen.lines - modelled[:, -1],
        "printed": compare.printed(scenario, years),
        "gdp": product,
        "gdp_observed": seen.gdp,
        "contributors": np.stack([case.contributors for case in results]),
        "contributors_observed": seen.contributors,
        "wage_bill": np.stack([case.wage_bill for case in results]) * carried / _MILLION,
        "wage_bill_observed": seen.wage_bill,
        "pensioners": np.stack([case.pensioners for case in results]),
        "awards": np.stack([case.new_awards for case in results]),
        "account_assets": np.stack([case.assets for case in results]) * carried / _MILLION,
        "rcv_observed": seen.rcv,
        "housing_observed": seen.housing,
        "candidate_moved": np.stack([one.moved for one in moved]),
    }
    labels: dict[str, NDArray[Any]] = {
        "year": years,
        "candidate": np.array([one.name for one in moved]),
        **{name: np.array(found) for name, found in _LABELS.items()},
    }
    return xr.Dataset(
        {
            name: xr.Variable(item.dims, data[name], item.attributes)
            for name, item in schema.VARIABLES.items()
        },
        {
            name: xr.Variable(item.dims, labels[name], item.attributes)
            for name, item in schema.COORDINATES.items()
        },
        _attributes(told, years, scenario, basis, orders, moved),
    )


def allowed() -> tuple[int, int]:
    """First and last year to which a hindcast may run: spending is observed from the one, prices to the other."""
    return compare.first_observed(), lines.last_observed_price()


class _Counter:
    """Finished projections of all parts together."""

    def __init__(self, on_done: Callable[[int], object] | None) -> None:
        self._on_done, self._number, self._lock = on_done, 0, threading.Lock()

    def one(self) -> None:
        with self._lock:
            self._number += 1
            if self._on_done is not None:
                self._on_done(self._number)


def projections() -> int:
    """How many projections a hindcast takes at most."""
    count = len(_ORDERED)
    return len(steps.STEPS) + 1 + attribution.projections(count) + 2 * len(candidates.NAMES) + 1


def _attributed(
    scenario: str, basis: str, last: int, carried: Float, workers: int | None, done: _Counter
) -> tuple[list[Float], list[Float], int]:
    """Effects and standard errors of all units but the last, each float64 (money and percent, line, year)."""
    spent: dict[frozenset[str], Float] = {}

    def result(members: frozenset[int]) -> Float:
        units = frozenset(_ORDERED[at] for at in members)
        resolved = steps.resolved(scenario, basis, units, last)
        without = units - steps.OF_GDP
        if without not in spent:
            case = resolved if without == units else steps.resolved(scenario, basis, without, last)
            spent[without] = lines.of_case(run_cases([case], workers=1)[0], case)
        done.one()
        share = _PERCENT * spent[without] / gdp(resolved, projected_years(resolved))
        return np.stack([spent[without] / _MILLION * carried, share])

    return attribution.shapley(len(_ORDERED), result, workers=workers)


def _between(units: list[Float]) -> Float:
    """Units between the first step and the last, which are NaN; float64 (line, step, year)."""
    none = np.full_like(units[0], np.nan)
    return np.stack([none, *units, none], axis=1)


def _attributes(
    told: list[Resolved],
    years: NDArray[np.int64],
    scenario: str,
    basis: str,
    orders: int,
    moved: list[candidates.Candidate],
) -> dict[str, str | int]:
    attributes = provenance.run_attributes(told, [int(year) for year in years])
    return attributes | {
        "title": f"Hindcast of scenario {scenario}, {years[0]}-{years[-1]}",
        "summary": "The projection of 1996 told what happened, step by step, beside what was observed; fitted to nothing.",
        "annexv_format": schema.FORMAT,
        "scenario": scenario,
        "basis": basis,
        "orders": orders,
        "steps": json.dumps({step: list(steps.overlays(steps.up_to(step))) for step in steps.STEPS}),
        "candidates": json.dumps({one.name: [one.low, one.high] for one in moved}),
    }


def write(dataset: xr.Dataset, path: str | Path, *, command: str = "engine", overwrite: bool = True) -> Path:
    """Write a hindcast to a netCDF file, whole or not at all."""
    return netcdf.write(dataset, path, command=command, overwrite=overwrite, table=schema.ALL)


def read(path: str | Path) -> xr.Dataset:
    """Read a file of :func:`write` into memory and check that it is one."""
    return netcdf.read(
        path, content=schema.FORMAT, table=schema.ALL, known=_LABELS, command="annexv hindcast --out FILE.nc"
    )


__all__ = ["BASIS", "allowed", "hindcast", "projections", "read", "write"]
