"""The first time on a machine a second process compiles half of the kernels that the year loop calls by their address.

A process compiles one function at a time. Each takes the next kernel that the other has not begun, from either end, and
keeps what it has compiled where the other looks for it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import time
from functools import cache, partial
from pathlib import Path
from typing import Final

from engine import compiled
from engine.apart import KERNELS, Apart, take_by
from engine.processors import default_workers

_FOLDER: Final = "ahead"
_DONE: Final = ".done"
_PAUSE: Final = 0.01  # seconds


@cache
def begin() -> None:
    """Start the second process, where nothing is compiled yet and a processor is free for it."""
    place = compiled.shared()
    if place is None or not sys.executable or default_workers() < 2:
        return
    try:
        (place / _FOLDER).mkdir()
        other = subprocess.Popen(
            [sys.executable, "-m", "engine.ahead"],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:  # begun before, or nothing can be written or started: this process compiles all of it
        return
    atexit.register(_end, place / _FOLDER, other)
    take_by(partial(_take, place / _FOLDER, other))


def _end(folder: Path, other: subprocess.Popen[bytes]) -> None:
    """Where this process ends first, the next one may begin again."""
    if other.poll() is None:
        other.kill()
        other.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _begun(folder: Path, kernel: Apart) -> bool:
    """Whether the other process has begun a kernel; if not, this one has now."""
    try:
        (folder / kernel.symbol).touch(exist_ok=False)
    except OSError:
        return True
    return False


def _take(folder: Path, other: subprocess.Popen[bytes], kernel: Apart) -> None:
    if _begun(folder, kernel):
        while other.poll() is None and not (folder / (kernel.symbol + _DONE)).exists():
            time.sleep(_PAUSE)
    kernel.compile()


def main() -> None:
    """Compile what the other process has not begun."""
    from engine.kernels import flows  # noqa: F401

    place = compiled.shared()
    if place is None:
        return
    for kernel in KERNELS:
        if not _begun(place / _FOLDER, kernel):
            kernel.compile()
            (place / _FOLDER / (kernel.symbol + _DONE)).touch()


if __name__ == "__main__":
    main()
