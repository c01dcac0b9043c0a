"""A run beside its base: what was changed, and what that does to the cost, as one section of a page.

The base may be the shipped assumptions projected again, or any other run with the same bases and scenarios.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import xarray as xr

from engine.outputs import export, words
from engine.outputs.digits import decimals, shown
from engine.outputs.figures import COLOURS, GREY, Figure, Trace, numbers
from engine.outputs.figures.of_run import short
from engine.outputs.tables import chosen_years

if TYPE_CHECKING:
    from assumptions import Resolved

LEVELS: Final = "fig-change"
DIFFERENCE: Final = "fig-change-parts"
_HORIZON: Final = ("reform.first_year", "reform.last_year")


def shipped(inputs: Mapping[tuple[str, str], Resolved]) -> dict[tuple[str, str], Resolved]:
    """The shipped assumptions of every case of a run, over the run's own years; empty where nothing else was changed.

    Parameters
    ----------
    inputs : dict
        (basis, scenario) -> assumptions of the run.
    """
    import assumptions

    known = assumptions.all_scenario_codes()
    found = {}
    for (basis, code), resolved in inputs.items():
        if code not in known:
            return {}
        base = assumptions.load(code).resolve(basis)
        own = {name: resolved.value(name) for name in _HORIZON if resolved.has(name)}
        found[basis, code] = base.with_values({k: v for k, v in own.items() if v != base.value(k)})
    return found if any(assumptions.diff(found[case], inputs[case]) for case in found) else {}


def base_of(dataset: xr.Dataset) -> xr.Dataset | None:
    """The run projected again from the shipped assumptions; None where it was made from them, or cannot be."""
    from assumptions import AssumptionError
    from engine.outputs.dataset import project_resolved

    try:
        cases = shipped(export.resolved_inputs(dataset))
        return project_resolved(list(cases.values())) if cases else None
    except AssumptionError:
        return None


def section(
    base: xr.Dataset, reform: xr.Dataset, scenario: str, text: Mapping[str, Any], said: str
) -> tuple[dict[str, Any], list[Figure]]:
    """Words and tables of the section, and its figures.

    Parameters
    ----------
    base, reform : xarray.Dataset
        Runs with the same bases and scenarios; years that both cover are shown.
    scenario : str
        Shown in the figures, on the first basis.
    said : str
        What the base is.
    """
    years = np.intersect1d(base.year.values, reform.year.values)
    base, reform = base.sel(year=years), reform.sel(year=years)
    figures = _figures(base, reform, scenario, text)
    return {
        "said": said,
        "sentence": figures[0].title + ".",
        "changes": _changes(base, reform, text),
        "tables": _tables(base, reform, text),
        "years": chosen_years(years.tolist()),
    }, figures


def _changes(
    base: xr.Dataset, reform: xr.Dataset, text: Mapping[str, Any]
) -> list[tuple[str, str, str, str, str]]:
    """Assumptions that differ: name, cases, both values and unit."""
    from engine.compare_runs import changes

    before, after = export.resolved_inputs(base), export.resolved_inputs(reform)
    found: dict[tuple[str, str, str, str], list[tuple[str, str]]] = {}
    for case in before:
        for item in changes(before[case], after[case]):
            if item.used:
                found.setdefault((item.name, item.old, item.new, item.unit), []).append(case)
    rows = []
    for (name, old, new, unit), cases in sorted(found.items()):
        where = (
            text["all"]
            if len(cases) == len(before)
            else ", ".join(f"{code}/{words.basis(basis, text)}" for basis, code in cases)
        )
        rows.append((name, where, old, new, unit))
    return rows


def _tables(base: xr.Dataset, reform: xr.Dataset, text: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Total cost by scenario in chosen years, base, run and difference, one table a basis."""
    years = list(chosen_years(base.year.values.tolist()))
    form = text["change"]
    tables = []
    for basis in map(str, reform.basis.values):
        rows = []
        for code in map(str, reform.scenario.values):
            old, new = (
                side.fiscal_cost_total.sel(basis=basis, scenario=code, year=years).values
                for side in (base, reform)
            )
            places = decimals([*old, *new], 3)
            rows.append((f"{code}, {form['base']}", [shown(value, places) for value in old]))
            rows.append((f"{code}, {form['run']}", [shown(value, places) for value in new]))
            rows.append((f"{code}, {form['difference']}", [shown(value, places, "+") for value in new - old]))
        tables.append({"basis": f"{text['basis']} {words.basis(basis, text)}", "rows": rows})
    return tables


def _figures(base: xr.Dataset, reform: xr.Dataset, scenario: str, text: Mapping[str, Any]) -> list[Figure]:
    form, basis = text["change"], str(reform.basis.values[0])
    years = base.year.values.astype(int).tolist()
    old, new = (side.sel(basis=basis, scenario=scenario) for side in (base, reform))
    total = [side.fiscal_cost_total.values for side in (old, new)]
    gap = total[1] - total[0]
    case = words.capital(text["figure"]["case"].format(scenario=scenario, basis=words.basis(basis, text)))
    far = int(np.abs(gap).argmax())
    title = form["finding"] if np.abs(gap[far]) > 0.0 else form["finding_none"]
    title = title.format(
        way=form["more" if gap[far] > 0.0 else "less"], value=shown(abs(gap[far]), decimals(gap, 3)), year=years[far],
        new=short(float(total[1][far])), old=short(float(total[0][far])),
    )  # fmt: skip
    levels = Figure(
        LEVELS, title, case, text["percent"],
        (
            Trace(words.capital(form["base"]), "line", years, numbers(total[0]), GREY, dash="dash"),
            Trace(words.capital(form["run"]), "line", years, numbers(total[1]), COLOURS[0]),
        ),
    )  # fmt: skip
    parts, moved = [], []
    for n, component in enumerate(map(str, reform.component.values)):
        values = (new.fiscal_cost - old.fiscal_cost).sel(component=component).values
        name = words.item("component", component, text)
        moved.append((float(np.abs(values).max()), name, values))
        parts.append(Trace(name, "line", years, numbers(values), COLOURS[n]))
    parts.append(Trace(text["total"], "line", years, numbers(gap), COLOURS[-1], dash="dash"))
    size, name, values = max(moved, key=lambda item: item[0])
    place = int(np.abs(values).argmax())
    title = form["finding_part"] if size > 0.0 else form["finding_none"]
    title = title.format(name=name, value=shown(values[place], decimals(values, 3), "+"), year=years[place])
    difference = Figure(
        DIFFERENCE, title, f"{form['difference_said']}, {case}", text["change"]["points"], tuple(parts)
    )
    return [levels, difference]


__all__ = ["DIFFERENCE", "LEVELS", "base_of", "section", "shipped"]
