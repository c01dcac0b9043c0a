"""How large a sweep is, before it is laid out: cases, time and disk."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from engine.projection import projected_years
from engine.runs import default_workers
from engine.sweeps import design, outputs, store
from engine.sweeps.cases import plan, work
from engine.sweeps.spec import Checked

_BYTES: Final = 8
_STEP: Final = 1000.0  # from one unit of bytes to the next
# Cases between the ends of what is varied; the first is not timed, it compiles and fills what cases share.
_TRIED: Final = (0.3, 0.7, 0.5)


@dataclass(frozen=True, slots=True)
class Size:
    """What a sweep asks for.

    Attributes
    ----------
    cases, scenarios, paths : int
    part_bytes, file_bytes : int
        Chunks until the file is complete, and the file before compression.
    """

    cases: int
    scenarios: int
    paths: int
    part_bytes: int
    file_bytes: int

    @property
    def projections(self) -> int:
        """Number of projections."""
        return self.cases * self.scenarios * self.paths


def size(checked: Checked) -> Size:
    """Size of a checked sweep."""
    sweep = checked.spec
    years = projected_years(checked.resolved[0]).size
    numbers = sum(int(np.prod(outputs.shape(name, years), dtype=np.int64)) for name in sweep.outputs)
    cases, scenarios = design.count(sweep), len(sweep.scenarios)
    paths, kept = 1, 1
    if sweep.stochastic is not None:
        paths = sweep.stochastic.paths
        kept = len(sweep.stochastic.quantiles) + 1 + (paths if sweep.stochastic.keep_paths else 0)
    each = cases * scenarios * numbers * _BYTES
    return Size(cases, scenarios, paths, each * paths, each * kept + cases * len(sweep.parameters) * _BYTES)


def seconds_a_projection(checked: Checked) -> float:
    """Measured on one thread: a case of the design, everything varied.

    Raises
    ------
    AssumptionError
        If no case can be made, since its values are out of bounds.
    """
    sweep = checked.spec
    few = replace(sweep, kind="table" if sweep.kind else "", rows=design.examples(sweep, _TRIED))
    tried = plan(replace(checked, spec=few))
    runs = range(0, tried.runs, tried.context.paths if tried.cases > 1 else 1)[: len(_TRIED)]
    taken = []
    for run in runs:
        began = time.perf_counter()
        work(tried.context, run, run + 1, tried.rows(run, run + 1))
        taken.append(time.perf_counter() - began)
    return min(taken[1:] or taken) / tried.context.scenarios


def seconds(found: Size, each: float, workers: int | None) -> float:
    """Expected duration on so many threads of this machine, all of its processors by default."""
    return found.projections * each / max(1, min(workers or default_workers(), found.cases * found.paths))


def too_large(found: Size, target: Path) -> str:
    """What is needed and what is free, where that is too little on the disk of the file; else empty."""
    folder = store.folder_of(target)
    try:
        free = shutil.disk_usage(target.parent).free
        there = sum(part.stat().st_size for part in folder.iterdir()) if folder.is_dir() else 0
    except OSError:
        return ""  # told when the file is written
    needed = found.part_bytes + found.file_bytes - there
    if needed <= free:
        return ""
    return f"{target}: needs up to {said_bytes(needed)}, parts and file together; {said_bytes(free)} are free on its disk"


def said_bytes(number: int) -> str:
    """Bytes as a person reads them."""
    value, unit = float(number), "bytes"
    for larger in ("kB", "MB", "GB", "TB", "PB"):
        if value < _STEP:
            break
        value, unit = value / _STEP, larger
    return f"{value:,.3g} {unit}"


__all__ = ["Size", "said_bytes", "seconds", "seconds_a_projection", "size", "too_large"]
