"""What a fit minimises: differences from print over their targets, and the penalty on curvature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from cohorts.entrants import contributors_path
from engine.calibrate.free import Free
from engine.calibrate.plan import TYPE_TABLE, Column, Settings
from engine.projection import COMPONENTS, FUNDS, STATE_CONTRIBUTIONS, CaseResult, run_case
from engine.shares import percent_of_gdp

Float = NDArray[np.float64]

TOTAL: Final = "total"
_QUOTA: Final = FUNDS.index("social_quota")


def lean(resolved: Resolved) -> Resolved:
    """The same pack without entrants, where no fitted cost depends on them: several times faster.

    Transition workers and pensions in payment are closed groups; with the quota alone, State contributions follow from
    the number of contributors, and a guarantee copied from print from nothing.
    """
    free_of_entrants = (
        resolved.switch("basis.state_contributions") == "quota"
        and resolved.switch("basis.mpg") == "replica"
        and resolved.flag("population.open_group")
        and not resolved.text("population.members_file")
    )
    return resolved.with_values({"population.open_group": False}) if free_of_entrants else resolved


def costs(resolved: Resolved, case: CaseResult) -> Float:
    """Costs of a case, or of a lean one as those of the full case, percent of GDP, float64 (component, year)."""
    cost = case.cost.copy()
    if not resolved.flag("population.open_group"):
        quota = case.contributions[_QUOTA] / case.contributors
        cost[STATE_CONTRIBUTIONS] = quota * contributors_path(resolved, case.years)
    return percent_of_gdp(cost, case.gdp)


def figures(resolved: Resolved, case: CaseResult, columns: Sequence[Column]) -> list[Float]:
    """What the model says where the columns are printed, percent of GDP; one array a column."""
    cost = costs(resolved, case)
    by_type = percent_of_gdp(case.acquired_by_type, case.gdp)
    found = []
    for column in columns:
        if column.table == TYPE_TABLE:
            series = by_type[int(column.column[1:]) - 1] if column.column != "sum" else by_type.sum(axis=0)
        elif column.column == TOTAL:
            series = cost.sum(axis=0)
        else:
            series = cost[COMPONENTS.index(column.column)]
        found.append(series[np.searchsorted(case.years, column.years)])
    return found


class Objective:
    """Residuals as a function of dimensionless coordinates: steps away from a point, one step being worth noticing.

    Parameters
    ----------
    cases : mapping of str to Resolved
        Resolved packs of the scenarios to fit.
    columns : sequence of Column
    free : sequence of Free
    settings : Settings
    """

    def __init__(
        self,
        cases: Mapping[str, Resolved],
        columns: Sequence[Column],
        free: Sequence[Free],
        settings: Settings,
    ) -> None:
        self.cases = {scenario: lean(case) for scenario, case in cases.items()}
        self.columns = tuple(columns)
        self.free = tuple(free)
        self.settings = settings
        first = next(iter(self.cases.values()))
        self._first = first
        self.origin = np.concatenate([f.encode(f.read(first)) for f in self.free])
        self.step = np.concatenate([np.full(f.size, f.entry.step) for f in self.free])
        low = np.concatenate([f.encode(np.full(f.size, f.entry.lower)) for f in self.free])
        high = np.concatenate([f.encode(np.full(f.size, f.entry.upper)) for f in self.free])
        self.lower = (low - self.origin) / self.step
        self.upper = (high - self.origin) / self.step
        self.titles = tuple(title for f in self.free for title in f.titles)

    def point(self, cells: Sequence[Float]) -> Float:
        """Coordinates of given values of cells, one array a free name."""
        encoded = np.concatenate([f.encode(v) for f, v in zip(self.free, cells, strict=True)])
        return np.asarray((encoded - self.origin) / self.step)

    def cells(self, z: Float) -> list[Float]:
        """Values of cells at coordinates, one array a free name."""
        encoded = self.origin + z * self.step
        found, place = [], 0
        for f in self.free:
            found.append(f.decode(encoded[place : place + f.size]))
            place += f.size
        return found

    def values(self, z: Float) -> dict[str, Any]:
        """Whole values of the free names at coordinates."""
        return {f.name: f.write(self._first, v) for f, v in zip(self.free, self.cells(z), strict=True)}

    def differences(self, z: Float) -> list[Float]:
        """Model less print at coordinates, percentage points of GDP, one array a column."""
        given = self.values(z)
        found: dict[int, Float] = {}
        for scenario, case in self.cases.items():
            changed = case.with_values(given)
            places = [n for n, column in enumerate(self.columns) if column.scenario == scenario]
            mine = [self.columns[n] for n in places]
            for n, series in zip(places, figures(changed, run_case(changed), mine), strict=True):
                found[n] = series - self.columns[n].printed
        return [found[n] for n in range(len(self.columns))]

    def scaled(self, z: Float) -> Float:
        """Differences over the RMS asked for, float64 (figure,)."""
        found = self.differences(z)
        return np.concatenate([e / column.rms for e, column in zip(found, self.columns, strict=True)])

    def plain(self, z: Float) -> Float:
        """Scaled differences and penalties alone, float64 (residual,): a fit that starts far away goes down these first."""
        pairs = zip(self.differences(z), self.columns, strict=True)
        return np.concatenate([*(c.weight * e / c.rms for e, c in pairs), self.penalties(z)])

    def residuals(self, z: Float) -> Float:
        """Everything whose squares a fit sums, float64 (residual,)."""
        s = self.settings
        parts: list[Float] = []
        for e, column in zip(self.differences(z), self.columns, strict=True):
            u = e / column.rms
            size = np.sqrt(e.size)
            peak = s.peak_weight * size * (np.abs(e) / column.largest) ** s.peak_power
            whole = np.array([s.column_weight * size * (u @ u / e.size) ** 2])
            parts += [column.weight * u, column.weight * peak, column.weight * whole]
        return np.concatenate([*parts, self.penalties(z)])

    def penalties(self, z: Float) -> Float:
        """Curvature over the axis of every smooth name, weighted, float64 (inner cell,)."""
        root = np.sqrt(self.settings.penalty)
        pairs = zip(self.free, self.cells(z), strict=True)
        return np.concatenate([np.zeros(0), *(root * f.curvature(self._first, v) for f, v in pairs)])


__all__ = ["Objective", "costs", "figures", "lean"]
