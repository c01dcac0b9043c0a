"""Series of Annex V as they are printed, and as the model gives them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved, held_out, load, published
from engine.outputs.compare import TYPE_COLUMNS
from engine.projection import COMPONENTS, CaseResult, run_case
from engine.shares import percent_of_gdp

Float = NDArray[np.float64]

STATUTORY: Final = "statutory"
LOW_INFLATION: Final = ("1B", "2B", "3B", "4B")
HIGH_INFLATION: Final = ("1A", "2A", "3A", "4A")
ACQUIRED, ONGOING, STATE, MPG = COMPONENTS
TYPES: Final = tuple(TYPE_COLUMNS)
PERCENT: Final = 100.0


class Tables:
    """Printed series as arrays over the projected years; NaN where nothing is printed."""

    def __init__(self) -> None:
        self.total = published.total_fiscal_cost()
        self.types = published.acquired_rights_by_type()
        self.long = published.state_contributions_long()
        self.series_a = held_out.series_a()
        self.series_a_types = held_out.series_a_by_type()
        self.put_right = held_out.series_a_put_right()
        self.shifts = {moved.scenario: moved for moved in held_out.corrections()[0]}
        self.knots = {drawn.scenario: drawn.printed for drawn in held_out.corrections()[1]}
        self.years = np.array(sorted({key.year for key in self.total}), dtype=np.int64)

    def cost(self, scenario: str, component: str) -> Float:
        """A column of the total table, percent of GDP."""
        return self._series(self.total, scenario, component)

    def kind(self, scenario: str, column: str) -> Float:
        """A column of the breakdown by type, percent of GDP."""
        return self._series(self.types, scenario, column)

    def contributions(self, column: str) -> Float:
        """A column of the long table of State contributions, as printed."""
        return self._series(self.long, "", column)

    def long_series(self, column: str) -> Float:
        """The same column over all its years, to 2069."""
        found = published.series(self.long, "", column)
        return np.array([found[year].value for year in sorted(found)])

    def held_out(self, scenario: str, component: str = ACQUIRED) -> Float:
        """A column of series A that no fit has seen, as printed, percent of GDP."""
        return self._series(self.series_a, scenario, component)

    def held_out_kind(self, scenario: str, column: str) -> Float:
        """A column of the breakdown by type of series A, as printed, percent of GDP."""
        return self._series(self.series_a_types, scenario, column)

    def corrected(self, scenario: str) -> Float:
        """Acquired rights of series A with the slips of the print put right; as printed where there is none."""
        found = self._series(self.put_right, scenario, ACQUIRED)
        return self.held_out(scenario) if np.isnan(found).all() else found

    def at(self, scenario: str, component: str, year: int) -> float:
        """One figure of the total table."""
        return float(self.cost(scenario, component)[year - self.years[0]])

    def _series(self, cells: dict[published.Key, published.Cell], scenario: str, column: str) -> Float:
        found = published.series(cells, scenario, column)
        return np.array([found[y].value if y in found else np.nan for y in self.years.tolist()])


class Runs:
    """Projections of the scenarios on both bases, and variants that change one thing; each made when first asked for."""

    def __init__(self) -> None:
        self._cases: dict[tuple[str, str, tuple[tuple[str, Any], ...]], CaseResult] = {}

    def case(self, basis: str, scenario: str, **changes: Any) -> CaseResult:
        """A projection; names of changed assumptions have two underscores for the dot."""
        key = (basis, scenario, tuple(sorted(changes.items())))
        if key not in self._cases:
            resolved = self.resolved(basis, scenario)
            given = {name.replace("__", "."): value for name, value in changes.items()}
            self._cases[key] = run_case(resolved.with_values(given) if given else resolved)
        return self._cases[key]

    def percent(self, basis: str, scenario: str, component: str, **changes: Any) -> Float:
        """A cost, percent of GDP, float64 (year,)."""
        case = self.case(basis, scenario, **changes)
        return percent_of_gdp(case.cost[COMPONENTS.index(component)], case.gdp)

    def resolved(self, basis: str, scenario: str) -> Resolved:
        """Assumptions of a run."""
        return load(scenario).resolve(basis)


__all__ = [
    "ACQUIRED",
    "HIGH_INFLATION",
    "LOW_INFLATION",
    "MPG",
    "ONGOING",
    "PERCENT",
    "STATE",
    "STATUTORY",
    "TYPES",
    "Float",
    "Runs",
    "Tables",
]
