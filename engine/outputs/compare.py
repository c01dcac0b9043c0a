"""Comparison of a projection with the printed tables of Annex V.

The one module of the outputs that reads the printed tables; a projection never imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final

import xarray as xr

from assumptions import AssumptionError, Fault, held_out, published
from cohorts.axes import PENSION_TYPES
from engine.outputs.tables import TOTAL
from engine.shares import percent_of_gdp

TOTAL_TABLE: Final = "total_fiscal_cost"
TYPE_TABLE: Final = "acquired_rights_by_type"
LONG_TABLE: Final = "state_contributions_long"
# Acquired rights of series A, which no fit sees: as printed, and with the slips of two columns put right.
HELD_OUT_TABLE: Final = "series_a"
PUT_RIGHT_TABLE: Final = "series_a_put_right"
PUBLISHED_BASIS: Final = "published"
ACQUIRED: Final = "acquired_rights"
# Columns of the breakdown by type, unlabelled in print; the assignment is inferred (the specification, section 5, "types").
TYPE_COLUMNS: Final[Mapping[str, str]] = {f"c{n}": name for n, name in enumerate(PENSION_TYPES, start=1)}
_HALF: Final = 0.5
# A model value on the edge of the printed digit is within it, whatever the last bits of the arithmetic.
_EDGE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class CellDifference:
    """One printed figure beside the model's, percent of GDP."""

    table: str
    scenario: str
    column: str
    year: int
    model: float
    printed: float
    decimals: int
    reading: str
    note: str

    @property
    def difference(self) -> float:
        """Model less printed, percentage points of GDP."""
        return self.model - self.printed

    @property
    def within_rounding(self) -> bool:
        """Whether the model agrees within half a unit of the last printed digit."""
        return bool(abs(self.difference) <= _HALF * 10.0**-self.decimals + _EDGE)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One printed column of one scenario beside the model, percentage points of GDP.

    Attributes
    ----------
    table, scenario, column : str
        ``total_fiscal_cost`` by component and total, ``acquired_rights_by_type`` by c1 to c5, ``state_contributions_long``.
    label : str
        The column in the words of the dataset.
    cells, within_rounding : int
        Figures compared, and those that agree within half a unit of the last printed digit.
    largest, rms : float
        Largest absolute and root-mean-square difference.
    year : int
        Year of the largest difference, with ``model`` and ``printed``.
    method : str
        ``structural``, ``replica`` or ``reconstructed``; empty where a column has both.
    tolerance_largest, tolerance_rms : float or None
        Stated targets; None where there is none or the basis has none.
    held_out : bool
        Whether no calibration may have seen the column.
    """

    table: str
    scenario: str
    column: str
    label: str
    cells: int
    largest: float
    rms: float
    year: int
    model: float
    printed: float
    within_rounding: int
    method: str
    tolerance_largest: float | None
    tolerance_rms: float | None
    held_out: bool

    @property
    def passed(self) -> bool | None:
        """Whether both targets are met; None without a target."""
        if self.tolerance_largest is None:
            return None
        return self.largest <= self.tolerance_largest and (
            self.tolerance_rms is None or self.rms <= self.tolerance_rms
        )

    def as_dict(self) -> dict[str, object]:
        """Everything by name, for CSV and JSON."""
        names = [name for name in self.__slots__ if name != "passed"]
        return {**{name: getattr(self, name) for name in names}, "passed": self.passed}


def _select(dataset: xr.Dataset, basis: str) -> xr.Dataset:
    if basis not in dataset.basis.values:
        known = ", ".join(map(str, dataset.basis.values))
        raise AssumptionError([Fault("", basis, f"no such basis in the results; there are {known}")])
    return dataset.sel(basis=basis)


def cells(dataset: xr.Dataset, basis: str = PUBLISHED_BASIS) -> list[CellDifference]:
    """Every printed figure whose scenario and year were projected, beside the model's.

    Parameters
    ----------
    dataset : xarray.Dataset
        As made by :func:`engine.project_many`.
    basis : str
        Basis to compare.

    Returns
    -------
    list of CellDifference
        Totals first, then types, by scenario, column and year.
    """
    found: list[CellDifference] = []
    one = _select(dataset, basis)
    years = {int(year): place for place, year in enumerate(dataset.year.values)}
    totals, types = published.total_fiscal_cost(), published.acquired_rights_by_type()
    components = [str(name) for name in dataset.component.values]
    for scenario in map(str, dataset.scenario.values):
        case = one.sel(scenario=scenario)
        for column in (*components, TOTAL):
            model = case.fiscal_cost_total if column == TOTAL else case.fiscal_cost.sel(component=column)
            printed = published.series(totals, scenario, column)
            found += _column(TOTAL_TABLE, scenario, column, printed, model.values.tolist().__getitem__, years)
    for scenario in map(str, dataset.scenario.values):
        case = one.sel(scenario=scenario)
        for column, kind in TYPE_COLUMNS.items():
            model = case.acquired_rights_by_type.sel(pension_type=kind)
            printed = published.series(types, scenario, column)
            found += _column(TYPE_TABLE, scenario, column, printed, model.values.tolist().__getitem__, years)
    return found


def held_out_cells(dataset: xr.Dataset, basis: str = PUBLISHED_BASIS) -> list[CellDifference]:
    """Acquired rights and total of series A, which no fit has seen, beside the model's: as printed, and put right."""
    found: list[CellDifference] = []
    one = _select(dataset, basis)
    years = {int(year): place for place, year in enumerate(dataset.year.values)}
    for table, printed in (
        (HELD_OUT_TABLE, held_out.series_a()),
        (PUT_RIGHT_TABLE, held_out.series_a_put_right()),
    ):
        for scenario in map(str, dataset.scenario.values):
            case = one.sel(scenario=scenario)
            for column in (ACQUIRED, TOTAL):
                model = case.fiscal_cost_total if column == TOTAL else case.fiscal_cost.sel(component=column)
                own = published.series(printed, scenario, column)
                found += _column(table, scenario, column, own, model.values.tolist().__getitem__, years)
    return found


def long_cells(dataset: xr.Dataset, basis: str = PUBLISHED_BASIS) -> list[CellDifference]:
    """State contributions of the first scenario beside the printed table that runs to 2069.

    The printed columns are taken as they stand: the proportional contributions look like a fraction among percents.
    """
    case = _select(dataset, basis).isel(scenario=0)
    scenario = str(case.scenario.values)
    total = case.fiscal_cost.sel(component="state_contributions").values
    quota = percent_of_gdp(case.contributions.sel(fund="social_quota").values, case.gdp.values)
    years = {int(year): place for place, year in enumerate(dataset.year.values)}
    table = published.state_contributions_long()
    found: list[CellDifference] = []
    for column, model in (("social_quota", quota), ("prorated", total - quota), (TOTAL, total)):
        printed = published.series(table, "", column)
        found += _column(LONG_TABLE, scenario, column, printed, model.tolist().__getitem__, years)
    return found


def _column(
    table: str,
    scenario: str,
    column: str,
    printed: Mapping[int, published.Cell],
    model: Callable[[int], float],
    years: Mapping[int, int],
) -> Iterator[CellDifference]:
    for year, cell in printed.items():
        if year in years:
            yield CellDifference(
                table,
                scenario,
                column,
                year,
                model(years[year]),
                cell.value,
                cell.decimals,
                cell.reading,
                cell.note,
            )


def compare(
    dataset: xr.Dataset, basis: str = PUBLISHED_BASIS, differences: list[CellDifference] | None = None
) -> list[Comparison]:
    """Compare a projection with the printed tables, column by column.

    Targets are those of the basis that reproduces the tables; other bases are compared without any.

    Parameters
    ----------
    dataset : xarray.Dataset
    basis : str
    differences : list of CellDifference, optional
        As given by :func:`cells` or :func:`long_cells`; :func:`cells` by default.

    Returns
    -------
    list of Comparison
        One for each printed column of each projected scenario.
    """
    one = _select(dataset, basis)
    methods = {
        (str(scenario), str(component)): str(one.method.sel(scenario=scenario, component=component).values)
        for scenario in dataset.scenario.values
        for component in dataset.component.values
    }
    columns: dict[tuple[str, str, str], list[CellDifference]] = {}
    for cell in cells(dataset, basis) if differences is None else differences:
        columns.setdefault((cell.table, cell.scenario, cell.column), []).append(cell)
    targets = _targets(basis)
    stated = published.tolerances(basis)
    out = []
    for (table, scenario, column), found in columns.items():
        target = targets.get((table, scenario, column))
        if target is not None:
            last = target.last_year or stated.last_year
            found = [cell for cell in found if stated.first_year <= cell.year <= last]
        if not found:
            continue
        worst = max(found, key=lambda cell: abs(cell.difference))
        component = "acquired_rights" if table == TYPE_TABLE else column
        method = methods.get((scenario, component), "")
        out.append(
            Comparison(
                table=table,
                scenario=scenario,
                column=column,
                label=TYPE_COLUMNS[column] if table == TYPE_TABLE else column,
                cells=len(found),
                largest=abs(worst.difference),
                rms=sqrt(sum(cell.difference**2 for cell in found) / len(found)),
                year=worst.year,
                model=worst.model,
                printed=worst.printed,
                within_rounding=sum(cell.within_rounding for cell in found),
                method=target.method if target is not None else method,
                tolerance_largest=None if target is None else target.max,
                tolerance_rms=None if target is None else target.rms,
                held_out=target is not None and target.held_out,
            )
        )
    return out


def _targets(basis: str) -> dict[tuple[str, str, str], published.Target]:
    """What a basis has to meet; nothing unless it is the one that reproduces the tables."""
    return {
        (target.table, scenario, target.column): target
        for target in published.tolerances(basis).targets
        for scenario in target.scenarios
    }


def has_held_out(basis: str) -> bool:
    """Whether a basis has targets for what no fit has seen, here and now."""
    return any(
        target.table in (HELD_OUT_TABLE, PUT_RIGHT_TABLE) for target in published.tolerances(basis).targets
    )


__all__ = [
    "CellDifference",
    "Comparison",
    "cells",
    "compare",
    "has_held_out",
    "held_out_cells",
    "long_cells",
]
