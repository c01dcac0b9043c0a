"""One scenario, and all eight on both bases as `annexv run` projects them."""

from __future__ import annotations

from typing import ClassVar

import assumptions
import engine
from benchmarks.suite import QUICK, sets
from engine.prepare import demography as demographics
from engine.projection import run_case


class OneScenario:
    params: ClassVar = ["statutory", "published"]
    param_names: ClassVar = ["basis"]
    timeout = 300

    def setup(self, basis: str) -> None:
        self.resolved = assumptions.load("1B", sets=sets()).resolve(basis)
        run_case(self.resolved)

    def time_prepared(self, basis: str) -> None:
        run_case(self.resolved)

    def time_from_nothing(self, basis: str) -> None:
        demographics.clear()
        run_case(self.resolved)

    def time_with_detail(self, basis: str) -> None:
        run_case(self.resolved, True)


class AllEight:
    timeout = 600
    number = 1
    repeat = 1 if QUICK else 3

    def setup(self) -> None:
        self.packs = [assumptions.load(code, sets=sets()) for code in assumptions.scenario_codes()]
        engine.project_many(self.packs[:1])

    def time_both_bases(self) -> None:
        demographics.clear()
        engine.project_many(self.packs)

    def peakmem_both_bases(self) -> None:
        engine.project_many(self.packs)
