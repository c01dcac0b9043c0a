"""The first time on a machine other processes compile most of the kernels that the year loop calls by their address.

A process compiles one function at a time. Each takes the next kernel that no other has begun, this one from the end and the
others from the beginning, and keeps what it has compiled where the others look for it.
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
_MOST: Final = 3  # other processes: there are some thirty kernels, of which few take long


@cache
def begin() -> None:
    """Start other processes, where nothing is compiled yet and processors are free for them."""
    place = compiled.shared()
    helpers = min(_MOST, default_workers() - 1)
    if place is None or not sys.executable or helpers < 1:
        return
    folder = place / _FOLDER
    others: list[subprocess.Popen[bytes]] = []
    try:
        folder.mkdir()
        for _ in range(helpers):
            others.append(
                subprocess.Popen(
                    [sys.executable, "-m", "engine.ahead"],
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )
    except OSError:  # begun before, or nothing can be written or started: this process compiles the rest
        pass
    if others:
        atexit.register(_end, folder, others)
        take_by(partial(_take, folder, others))


def _end(folder: Path, others: list[subprocess.Popen[bytes]]) -> None:
    """Where this process ends first, the next one may begin again."""
    running = [other for other in others if other.poll() is None]
    for other in running:
        other.kill()
        other.wait()
    if not KERNELS or not all(kernel.ready for kernel in KERNELS):
        shutil.rmtree(folder, ignore_errors=True)


def _begun(folder: Path, kernel: Apart) -> bool:
    """Whether another process has begun a kernel; if not, this one has now."""
    try:
        (folder / kernel.symbol).touch(exist_ok=False)
    except OSError:
        return True
    return False


def _take(folder: Path, others: list[subprocess.Popen[bytes]], kernel: Apart) -> None:
    """Compile a kernel, or wait for who has begun it; who has ended without having done so leaves it to this one."""
    if _begun(folder, kernel):
        done = folder / (kernel.symbol + _DONE)
        while not done.exists() and any(other.poll() is None for other in others):
            time.sleep(_PAUSE)
    kernel.compile()


def main() -> None:
    """Compile what no other process has begun."""
    from engine.kernels import flows  # noqa: F401

    place = compiled.shared()
    if place is None:
        return
    folder = place / _FOLDER
    for kernel in KERNELS:
        if not _begun(folder, kernel):
            kernel.compile()
            (folder / (kernel.symbol + _DONE)).touch()


if __name__ == "__main__":
    main()
