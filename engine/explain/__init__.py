"""Where a number comes from: parts that add up to it, and the chain of formulas and values down to one cell.

The number is projected again from the assumptions that the run carries; the cell is recomputed from the formulas of the
laws in plain Python, so that its sum checks the projection.
"""

from __future__ import annotations

from collections.abc import Sequence

import xarray as xr

from assumptions import AssumptionError, Resolved
from cohorts.axes import SEXES
from engine.components import fields_behind
from engine.explain.components import explained
from engine.explain.context import Context
from engine.explain.levels import Chosen
from engine.explain.records import (
    TOLERANCE,
    Chain,
    Explanation,
    Figure,
    Level,
    Parameter,
    Part,
    Step,
    parameters,
)
from engine.explain.sentence import sentence
from engine.outputs import OutputError, inputs
from engine.prepare import case
from engine.projection import COMPONENTS, MPG_NEW_WORKERS, PENSION_TYPES, RECONSTRUCTED, REPLICA, run_case
from engine.shares import percent_of_gdp


def explain(
    dataset: xr.Dataset,
    scenario: str,
    basis: str,
    component: str,
    year: int,
    *,
    cohort: int | None = None,
    sex: str | None = None,
    wage: float | None = None,
    award_year: int | None = None,
    pension_type: str | None = None,
    tables: Sequence[str] = (),
) -> Explanation:
    """Explain one number of a run.

    Parameters
    ----------
    dataset : xarray.Dataset
        A run, as read from its file.
    scenario, basis, component : str
    year : int
    cohort : int, optional
        Birth year.
    sex : str, optional
        ``m`` or ``f``; needs ``cohort``.
    wage : float, optional
        In minimum wages of the first projected year; the nearest wage group is taken; needs ``sex``.
    award_year, pension_type : optional
        Which award the chain shows; the one that costs most by default.

    tables : sequence of str
        Tables that the run does not hold, as ``NAME=FILE`` or ``FILE``.

    Returns
    -------
    Explanation
        Its parts add up to the number of the file to 1e-9.

    Raises
    ------
    AssumptionError
        If the cell does not exist.
    OutputError
        If the run has no such number, or this version of the program gives another one.
    """
    _check(dataset, scenario, basis, component, year)
    chosen = _chosen(cohort, sex, wage, award_year, pension_type)
    of_run = dataset.sel(scenario=scenario, basis=basis)
    resolved = inputs.runnable_inputs(dataset, tables)[basis, scenario]
    result = run_case(resolved, detail=True)
    t = int(year - result.years[0])
    place = COMPONENTS.index(component)
    published = float(of_run.fiscal_cost.sel(component=component, year=year))
    now = percent_of_gdp(float(result.cost[place, t]), float(result.gdp[t]))
    if abs(now - published) > TOLERANCE * max(abs(published), TOLERANCE):
        raise OutputError(
            f"the file says {published:.12g} percent of GDP, this version of annexv computes {now:.12g} from the same input;"
            " `annexv rerun` tells what changed"
        )
    found = explained(Context(resolved), result, place, t, chosen)
    steps = [*found.steps, *(step for chain in found.chains for step in chain.steps)]
    named = [name for step in steps for name in step.parameters]
    names = list(dict.fromkeys([*named, *read_for(resolved, component, result.method[place])]))
    return Explanation(
        sentence=sentence(component, year, float(result.cost[place, t]), now, found.levels, found.chains),
        scenario=scenario,
        basis=basis,
        component=component,
        year=year,
        number=published,
        mxn=float(result.cost[place, t]),
        gdp=float(result.gdp[t]),
        method=result.method[place],
        steps=found.steps,
        levels=found.levels,
        chains=found.chains,
        parameters=parameters(resolved, names, year),
        notes=found.notes,
    )


def read_for(resolved: Resolved, component: str, method: str) -> list[str]:
    """Names of all values that are read for a component as percent of GDP, in the order of preparation."""
    fields = fields_behind(component)
    # A printed guarantee is copied: no flows enter.
    if component == COMPONENTS[MPG_NEW_WORKERS] and method == REPLICA:
        fields = ("replicas",)
    if method == RECONSTRUCTED:
        fields = ("mechanism", "due")
    of_field = case.reads(resolved)
    return [name for field in dict.fromkeys((*fields, "years", "gdp")) for name in of_field[field]]


def _check(dataset: xr.Dataset, scenario: str, basis: str, component: str, year: int) -> None:
    wanted = {"scenario": scenario, "basis": basis, "component": component, "year": year}
    for name, label in wanted.items():
        known = dataset[name].values.tolist()
        if label not in known:
            listed = f"{known[0]} to {known[-1]}" if name == "year" else ", ".join(map(str, known))
            raise OutputError(f"the run has no {name} {label}; there are {listed}")


def _chosen(
    cohort: int | None, sex: str | None, wage: float | None, award_year: int | None, pension_type: str | None
) -> Chosen:
    given = {"--cohort": cohort, "--sex": sex, "--wage": wage}
    if sex is not None and sex not in SEXES:
        raise AssumptionError.single("--sex", f"{sex!r} is not known", ", ".join(SEXES))
    if pension_type is not None and pension_type not in PENSION_TYPES:
        raise AssumptionError.single("--type", f"{pension_type!r} is not known", ", ".join(PENSION_TYPES))
    for name, needed in (("--sex", "--cohort"), ("--wage", "--sex")):
        if given[name] is not None and given[needed] is None:
            raise AssumptionError.single(name, f"is given without {needed}", f"{name} together with {needed}")
    if (award_year is not None or pension_type is not None) and sex is None:
        raise AssumptionError.single(
            "--award-year, --type", "are given without --sex", "them together with --sex"
        )
    return Chosen(cohort, sex, wage, award_year, pension_type)


__all__ = [
    "TOLERANCE",
    "Chain",
    "Explanation",
    "Figure",
    "Level",
    "Parameter",
    "Part",
    "Step",
    "explain",
    "read_for",
]
