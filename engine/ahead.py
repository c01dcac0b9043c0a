"""The first time on a machine a second process compiles what the year loop calls last, and this one begins at the other end.

A process compiles one function at a time, and the year loop calls a hundred. What is listed here takes plain arrays and
numbers, so that its types are known before there is anything to project. Each process keeps what it has compiled where the
other looks for it; where they meet, one function is compiled twice, and nothing waits.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from functools import cache
from typing import Any, Final

from numba.core import sigutils

from engine import compiled
from engine.processors import default_workers

_DESK: Final = "float64[::1]"
_LEVELS: Final = "float64[:, :, ::1]"
_YEARS: Final = "uint64, uint64"
_RULES: Final = "int64, int64"


def listed() -> list[tuple[Any, str]]:
    """Compiled functions and the types that the year loop calls them with, in its order."""
    from engine.kernels import awards, balances, careers, marks, sums

    risk = f"{_DESK}, {_LEVELS}, int64, float64, {_RULES}, {_YEARS}, boolean"
    block = f"{_DESK}, {_LEVELS}, float64[:, ::1], int64, int64, int64, float64, boolean"
    return [
        (careers.entry_levels, f"{_LEVELS}, int64, int64, int64, float64, {_DESK}, int64, int64"),
        (awards.no_choice, f"{_DESK}, {_YEARS}"),
        (balances.cell_balances, f"{block}, {_YEARS}, {_YEARS}"),
        (awards.cell_top_ups, f"{_DESK}, {_LEVELS}, int64, float64, boolean, {_YEARS}"),
        (awards.retirement_awards, f"{_DESK}, {_LEVELS}, int64, float64, boolean, {_RULES}, {_YEARS}"),
        (awards.insured_awards, risk),
        (awards.occupational_awards, risk),
        (marks.mark_old_law, f"{_DESK}, int64, uint64, {_YEARS}"),
        (sums.add_to_present, f"{_DESK}, uint64, {_YEARS}"),
        (sums.add_to_future, f"{_DESK}, uint64, {_YEARS}"),
    ]


@cache
def begin() -> None:
    """Start the second process, where nothing is compiled yet and a processor is free for it."""
    place = compiled.shared()
    if place is None or not sys.executable or default_workers() < 2:
        return
    try:
        (place / "ahead").touch(exist_ok=False)
        other = subprocess.Popen(
            [sys.executable, "-m", "engine.ahead"],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:  # begun before, or nothing can be written or started: this process compiles all of it
        return
    atexit.register(_end, other)


def _end(other: subprocess.Popen[bytes]) -> None:
    other.kill()
    other.wait()


def main() -> None:
    """Compile what is listed, the last first."""
    parse: Any = sigutils.normalize_signature
    for function, types in reversed(listed()):
        function.compile(parse(f"({types})")[0])


if __name__ == "__main__":
    main()
