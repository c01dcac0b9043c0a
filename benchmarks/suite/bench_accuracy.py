"""Accuracy in the same history as speed: the largest gap between the basis published and the printed tables."""

from __future__ import annotations

from typing import ClassVar

import assumptions
import engine
from engine.outputs import compare

COLUMNS = [
    "acquired_rights",
    "ongoing_pensions",
    "state_contributions",
    "mpg_new_workers",
    "total",
    "c1",
    "c2",
    "c3",
    "c4",
    "c5",
]


class LargestGap:
    params: ClassVar = [COLUMNS]
    param_names: ClassVar = ["column"]
    timeout = 600

    def setup_cache(self) -> dict[str, float]:
        packs = [assumptions.load(code) for code in assumptions.scenario_codes()]
        found = compare.compare(engine.project_many(packs, ("published",)))
        gaps: dict[str, float] = {}
        for item in found:
            gaps[item.column] = max(item.largest, gaps.get(item.column, 0.0))
        return gaps

    def track_gap_to_annex_v(self, gaps: dict[str, float], column: str) -> float:
        return gaps[column]

    track_gap_to_annex_v.unit = "percentage points of GDP"  # type: ignore[attr-defined]
