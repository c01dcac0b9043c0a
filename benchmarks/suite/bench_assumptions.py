"""Copies of resolved assumptions with other values, of which a sweep makes one a case, and reading them all."""

from __future__ import annotations

from typing import ClassVar

import assumptions

CHANGES: dict[str, object] = {
    "contributions.density": 0.8,
    "funds.rcv_return": 0.03,
    "population.growth_extra": 0.02,
    "decrements.leaving": 0.01,
    "basis.mpg": "capital",
}


class Copies:
    params: ClassVar = list(CHANGES)
    param_names: ClassVar = ["assumption"]

    def setup(self, name: str) -> None:
        self.resolved = assumptions.load("3B").resolve("statutory")

    def time_copy(self, name: str) -> None:
        self.resolved.with_values({name: CHANGES[name]})


class Reading:
    def time_load_and_resolve(self) -> None:
        assumptions.load("3B").resolve("statutory")
