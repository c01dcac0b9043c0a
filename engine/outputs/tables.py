"""Tables for people: chosen years by component and basis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import xarray as xr

CHOSEN_YEARS: Final = (1997, 2000, 2005, 2010, 2015, 2020, 2025, 2030)
_STEPS: Final = (5, 10, 20, 50, 100, 1000)
_MOST: Final = 6
TOTAL: Final = "total"
REPLICA: Final = "replica"


class Row(NamedTuple):
    """A line of a table: percent of GDP by chosen year, and whether constants stand for a mechanism."""

    basis: str
    component: str
    values: tuple[float, ...]
    replica: bool


def chosen_years(years: Sequence[int], peaks: Iterable[int] = ()) -> tuple[int, ...]:
    """The years of a table: those of :data:`CHOSEN_YEARS` that were projected, and both ends.

    A horizon beyond them is shown at even steps instead. ``peaks`` are shown too.
    """
    wanted = {years[0], *CHOSEN_YEARS, years[-1]}
    if years[-1] > CHOSEN_YEARS[-1]:
        for step in _STEPS:
            between = {y for y in years if y % step == 0 and 2 * min(y - years[0], years[-1] - y) >= step}
            if len(between) + 2 <= _MOST:
                break
        wanted = {years[0], *between, years[-1]}
    wanted.update(peaks)
    return tuple(year for year in years if year in wanted)


def cost_rows(dataset: xr.Dataset, scenario: str, years: Sequence[int]) -> list[Row]:
    """Lines of the table of one scenario: for each basis the components and their total, percent of GDP.

    A total is marked as replica where one of its components is.
    """
    rows = []
    chosen = dataset.sel(scenario=scenario, year=list(years))
    for basis in map(str, dataset.basis.values):
        one = chosen.sel(basis=basis)
        methods = [str(method) for method in one.method.values]
        for n, component in enumerate(map(str, dataset.component.values)):
            values = tuple(float(value) for value in one.fiscal_cost.values[n])
            rows.append(Row(basis, component, values, methods[n] == REPLICA))
        total = tuple(float(value) for value in one.fiscal_cost_total.values)
        rows.append(Row(basis, TOTAL, total, REPLICA in methods))
    return rows


def nested(dataset: xr.Dataset) -> list[dict[str, object]]:
    """Cost of every basis and scenario, all years, as plain lists for JSON (percent of GDP)."""
    out: list[dict[str, object]] = []
    for scenario in map(str, dataset.scenario.values):
        for basis in map(str, dataset.basis.values):
            one = dataset.sel(scenario=scenario, basis=basis)
            components = [str(name) for name in dataset.component.values]
            out.append(
                {
                    "scenario": scenario,
                    "basis": basis,
                    "fiscal_cost": dict(zip(components, one.fiscal_cost.values.tolist(), strict=True)),
                    "fiscal_cost_total": one.fiscal_cost_total.values.tolist(),
                    "method": dict(zip(components, map(str, one.method.values), strict=True)),
                }
            )
    return out


__all__ = ["CHOSEN_YEARS", "TOTAL", "Row", "chosen_years", "cost_rows", "nested"]
