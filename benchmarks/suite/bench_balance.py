"""The actuarial balance by its horizon: twice the years must not cost four times the time, as a square would."""

from __future__ import annotations

from typing import ClassVar

import assumptions
from benchmarks.suite import QUICK
from engine.balance.valuation import value

YEARS = [20] if QUICK else [75, 150]


class ByHorizon:
    params: ClassVar = YEARS
    param_names: ClassVar = ["years"]
    timeout = 600
    number = 1
    repeat = 1 if QUICK else 3

    def setup(self, years: int) -> None:
        sets = {
            "balance.computed": True,
            "balance.horizon_years": float(years),
            "balance.entrants_years": float(years),
        }
        self.resolved = assumptions.load("0B", sets=sets).resolve("statutory")
        value(self.resolved)

    def time_value(self, years: int) -> None:
        value(self.resolved)
