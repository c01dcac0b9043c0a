"""The neutral kernel, so that its figures have a history too; benchmarks/neutral_kernel.py has all its variants."""

from __future__ import annotations

import timeit
from typing import ClassVar

import assumptions
from benchmarks.neutral_inputs import make_cells, make_scenarios, make_tables, read_reference
from benchmarks.neutral_kernel import VARIANTS, measure, totals
from benchmarks.numpy_baseline import Inputs, compiled
from benchmarks.suite import QUICK, sets

SIZES = [(1_000, 1)] if QUICK else [(10_000, 1), (10_000, 100)]


class YearLoop:
    """The year loop of 3B statutory in units of the neutral kernel's plain loop, both of this process."""

    timeout = 600

    def track_ratio_to_neutral_loop(self) -> float:
        inputs = Inputs.of(assumptions.load("3B", sets=sets()).resolve("statutory"))
        cells, scenarios = make_cells(10_000), make_scenarios(1)
        expected = totals(VARIANTS["scalar-loop"], make_tables(), cells, scenarios)
        compiled(inputs)
        least = min(timeit.repeat(lambda: compiled(inputs), number=1, repeat=3 if QUICK else 30))
        neutral = measure(
            VARIANTS["scalar-loop"], cells, scenarios, expected, dict(read_reference()[10_000, 1])
        )
        return 1e9 * least / inputs.cell_years / neutral.ns_min

    track_ratio_to_neutral_loop.unit = "ratio"  # type: ignore[attr-defined]


class Neutral:
    params: ClassVar = [["scalar-loop", "cell-lanes"], SIZES]
    param_names: ClassVar = ["variant", "cells and cases"]
    timeout = 300

    def track_ns_per_cell_step(self, variant: str, size: tuple[int, int]) -> float:
        cells, scenarios = make_cells(size[0]), make_scenarios(size[1])
        expected = totals(VARIANTS["scalar-loop"], make_tables(), cells, scenarios)
        found = measure(VARIANTS[variant], cells, scenarios, expected, dict(read_reference()[size]))
        if not found.right:
            raise AssertionError(f"{variant} differs from the reference by {found.deviation:.1e}")
        return found.ns_min

    track_ns_per_cell_step.unit = "ns"  # type: ignore[attr-defined]
