"""The neutral kernel, so that its figures have a history too; benchmarks/neutral_kernel.py has all its variants."""

from __future__ import annotations

from typing import ClassVar

from benchmarks.neutral_inputs import make_cells, make_scenarios, make_tables, read_reference
from benchmarks.neutral_kernel import VARIANTS, measure, totals
from benchmarks.suite import QUICK

SIZES = [(1_000, 1)] if QUICK else [(10_000, 1), (10_000, 100)]


class Neutral:
    params: ClassVar = [["cell-lanes"], SIZES]
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
