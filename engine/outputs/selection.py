"""A part of a run, as `dataset.sel(...)` makes it, kept as what it is: a selection of that run."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import xarray as xr

from engine.labels import labels
from engine.outputs import OutputError, schema

ATTRIBUTE = "selection"
_RUN = "selection_of"
_WORDS = 3  # of a line of `scenario_sha256`: basis, scenario, digest


def labelled(dataset: xr.Dataset, *, variables: bool = True) -> xr.Dataset:
    """The dataset with all its axes, marked with what was selected if it is not the whole run.

    A label that was selected alone (``sel(scenario="3B")``) becomes an axis of length 1 again.

    Parameters
    ----------
    dataset : xarray.Dataset
    variables : bool
        Whether missing variables make a selection; otherwise only missing labels do.

    Raises
    ------
    OutputError
        If a variable has lost an axis without a label, as by a sum.
    """
    whole = _with_axes(dataset)
    said = describe(whole, variables=variables)
    if not said:
        return whole
    run = str(dataset.attrs.get(_RUN) or dataset.attrs.get("run_id", ""))
    title = str(dataset.attrs.get("title", "")).partition("; selection of run ")[0]
    return whole.assign_attrs(
        {
            **dataset.attrs,
            ATTRIBUTE: said,
            _RUN: run,
            "title": f"{title}; selection of run {run}: {said}",
        }
    )


def _with_axes(dataset: xr.Dataset) -> xr.Dataset:
    lost: dict[str, list[str]] = {}
    for name, item in dataset.data_vars.items():
        expected = schema.VARIABLES.get(str(name))
        missing = [dim for dim in expected.dims if dim not in item.dims] if expected else []
        unlabelled = [dim for dim in missing if dim not in dataset.coords]
        if unlabelled:
            raise OutputError(
                f"{name}: has lost its axis {', '.join(unlabelled)}, as by a sum; a run or a selection of one can be kept"
            )
        if missing:
            lost[str(name)] = missing
    if not lost:
        return dataset
    dims = dict.fromkeys(dim for missing in lost.values() for dim in missing)
    out = dataset.reset_coords(list(dims), drop=True)
    out = out.assign_coords(
        {dim: (dim, np.atleast_1d(dataset[dim].values), dataset[dim].attrs) for dim in dims}
    )
    for name, missing in lost.items():
        item = dataset[name].reset_coords(drop=True)
        values = item.values[(np.newaxis,) * len(missing)]
        wider = xr.Variable((*missing, *item.dims), values, item.attrs)
        out[name] = wider.transpose(*schema.VARIABLES[name].dims)
    return out[[str(name) for name in dataset.data_vars]]


def describe(dataset: xr.Dataset, *, variables: bool = True) -> str:
    """What was selected, in words; empty for a whole run.

    Raises
    ------
    OutputError
        If a label is none of the run.
    """
    parts = []
    attributes = dataset.attrs
    lines = [line.split() for line in str(attributes.get("scenario_sha256", "")).splitlines()]
    cases = [(words[0], words[1]) for words in lines if len(words) == _WORDS]
    whole: dict[str, Collection[str]] = {
        "scenario": dict.fromkeys(scenario for _, scenario in cases),
        "basis": dict.fromkeys(basis for basis, _ in cases),
        **labels(),
    }
    for dim, every in whole.items():
        if dim not in dataset.dims:
            continue
        found = [str(label) for label in dataset[dim].values]
        foreign = [label for label in found if label not in every]
        if foreign:
            raise OutputError(f"{dim}: {', '.join(foreign)} is not of the run, which has {', '.join(every)}")
        if list(every) != found:
            parts.append(f"{dim} {', '.join(found)}")
    first, last = (str(attributes.get(f"time_coverage_{end}", ""))[:4] for end in ("start", "end"))
    if "year" in dataset.dims and first:
        years = dataset.year.values.tolist()
        if years != list(range(int(first), int(last) + 1)):
            even = years == list(range(years[0], years[-1] + 1))
            parts.append(
                f"year {years[0]}-{years[-1]}"
                if even and len(years) > 1
                else f"year {', '.join(map(str, years))}"
            )
    left_out = [
        name for name in schema.VARIABLES if name not in dataset.data_vars and name not in schema.ADDED
    ]
    if left_out and variables:
        parts.append(f"variables {', '.join(map(str, dataset.data_vars))}")
    return "; ".join(parts)


def describe_run(dataset: xr.Dataset) -> str:
    """``selection of run ...: scenario 3B`` of a marked dataset."""
    return f"selection of run {dataset.attrs[_RUN]}: {dataset.attrs[ATTRIBUTE]}"


__all__ = ["ATTRIBUTE", "describe", "describe_run", "labelled"]
