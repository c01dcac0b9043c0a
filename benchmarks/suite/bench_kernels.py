"""Kernels by size of the population."""

from __future__ import annotations

import time
from typing import ClassVar

import numpy as np

import assumptions
from benchmarks.numpy_baseline import Inputs, compiled, measure
from benchmarks.suite import QUICK, sets
from cohorts import densities, entrants
from engine.kernels.annuity import annuity_values
from engine.kernels.heads import project_heads
from engine.projection import projected_years

WAGE_GROUPS = [5] if QUICK else [5, 10, 20]


class Kernels:
    params: ClassVar = WAGE_GROUPS
    param_names: ClassVar = ["wage groups"]
    timeout = 300

    def setup(self, wage_groups: int) -> None:
        pack = assumptions.load("3B", sets=sets(**{"population.wage_groups": wage_groups}))
        self.resolved = pack.resolve("statutory")
        self.inputs = Inputs.of(self.resolved)
        compiled(self.inputs)
        population, _, decrements, payments, *_ = self.inputs.arguments
        economy = self.inputs.arguments[6]
        years = projected_years(self.resolved)
        path = entrants.contributors_path(self.resolved, years)
        self.heads = (
            population,
            decrements,
            path,
            densities.counted(self.resolved),
            np.full(years.size, 500.0),
            52.0,
            True,
            economy.moment,
        )
        rows = np.zeros(payments.total.shape[1], dtype=np.int64)
        self.annuities = (
            payments.total,
            payments.of_year,
            economy.indexation,
            economy.annuity_return,
            years.size,
            rows,
            economy.moment,
        )
        project_heads(*self.heads)
        annuity_values(*self.annuities)

    def time_flows(self, wage_groups: int) -> None:
        compiled(self.inputs)

    def time_heads(self, wage_groups: int) -> None:
        project_heads(*self.heads)

    def time_annuities(self, wage_groups: int) -> None:
        annuity_values(*self.annuities)

    def track_ns_per_cell_year(self, wage_groups: int) -> float:
        times = []
        for _ in range(3 if QUICK else 15):
            started = time.perf_counter()
            compiled(self.inputs)
            times.append(time.perf_counter() - started)
        return 1e9 * min(times) / self.inputs.cell_years

    track_ns_per_cell_year.unit = "ns"  # type: ignore[attr-defined]


class Baseline:
    timeout = 300

    def track_speed_up_over_numpy(self) -> float:
        return measure("3B", 1 if QUICK else 3)["ratio"]

    track_speed_up_over_numpy.unit = "ratio"  # type: ignore[attr-defined]
