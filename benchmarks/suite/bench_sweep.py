"""Sweeps: seconds by number of cases and by what varies, speed-up on two threads, memory."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any, ClassVar

import assumptions
from benchmarks.suite import QUICK, sets
from engine import sweeps
from engine.prepare import demography as demographics

CASES = [4] if QUICK else [50, 100, 200]
VARIED: dict[str, dict[str, tuple[str, float, float]]] = {
    "returns": {
        "funds.rcv_return": ("shift", -0.015, 0.015),
        "funds.infonavit_return": ("shift", -0.02, 0.02),
    },
    "law": {"law_1973.bonus_months": ("replace", 0.5, 1.0), "guarantee.mpg": ("scale", 0.8, 1.2)},
    "all": {
        "funds.rcv_return": ("shift", -0.015, 0.015),
        "contributions.density": ("replace", 0.6, 1.0),
        "economy.real_wage_growth": ("replace", 0.0, 0.04),
        "decrements.active_mortality_scale": ("scale", 0.7, 1.3),
        "population.service_at_30": ("replace", 5.0, 10.0),
        "law_1973.bonus_months": ("replace", 0.5, 1.0),
    },
}


def plan(cases: int, varied: str, scenarios: tuple[str, ...] = ("3B",)) -> sweeps.Plan:
    parameters: list[dict[str, Any]] = [
        {"name": name, "mode": mode, "distribution": {"kind": "uniform", "low": low, "high": high}}
        for name, (mode, low, high) in VARIED[varied].items()
    ]
    design = {"design": {"kind": "latin_hypercube", "n": cases, "seed": 1}, "parameter": parameters}
    return sweeps.prepare(design, packs=[assumptions.load(code, sets=sets()) for code in scenarios])


class ByCases:
    params: ClassVar = [CASES, list(VARIED)]
    param_names: ClassVar = ["cases", "varied"]
    timeout = 600
    number = 1
    repeat = 1 if QUICK else 2
    warmup_time = 0.0

    def setup(self, cases: int, varied: str) -> None:
        self.plan = plan(cases, varied)
        sweeps.in_memory(plan(1, varied), workers=1)

    def time_one_thread(self, cases: int, varied: str) -> None:
        demographics.clear()
        sweeps.in_memory(self.plan, workers=1)


class Threads:
    timeout = 600

    def track_speed_up_two_threads(self) -> float:
        """On a machine with one processor there is none to find, and 1 is given."""
        if (
            len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1))
            < 2
        ):
            return 1.0
        laid_out = plan(6 if QUICK else 60, "all")
        sweeps.in_memory(plan(1, "all"), workers=1)
        seconds = {}
        for workers in (1, 2, 1, 2):
            demographics.clear()
            started = time.perf_counter()
            sweeps.in_memory(laid_out, workers=workers)
            taken = time.perf_counter() - started
            seconds[workers] = min(taken, seconds.get(workers, taken))
        return seconds[1] / seconds[2]

    track_speed_up_two_threads.unit = "ratio"  # type: ignore[attr-defined]


class Memory:
    params: ClassVar = [[4, 8] if QUICK else [50, 400]]
    param_names: ClassVar = ["cases"]
    timeout = 600

    def setup(self, cases: int) -> None:
        self.plan = plan(cases, "all", ("1B", "2B", "3B", "4B"))

    def peakmem_file(self, cases: int) -> None:
        with tempfile.TemporaryDirectory() as folder:
            sweeps.to_file(self.plan, Path(folder) / "sweep.nc", workers=2)
