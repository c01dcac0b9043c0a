"""What holds for every test: nothing of the caller's terminal, no judgement by the clock, kernels compiled once for all."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

# What a shell, or pytest-xdist, may hand down, and what commands print, or how, would follow.
INHERITED = (
    "COLUMNS",
    "LINES",
    "NO_COLOR",
    "FORCE_COLOR",
    "CLICOLOR_FORCE",
    "TTY_COMPATIBLE",
    "TTY_INTERACTIVE",
    "SOURCE_DATE_EPOCH",
    "ANNEXV_TRACEBACK",
    "PYTHONUNBUFFERED",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE = 300.0
"""Seconds that a worker waits for the kernels of another before it compiles them itself."""

# How long an example takes depends on what else the machine does; a time-out on every test stands in pyproject.toml.
settings.register_profile("annexv", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("annexv")


def pytest_configure() -> None:
    for name in INHERITED:
        os.environ.pop(name, None)


def _projection() -> None:
    import assumptions
    from engine.projection import run_case

    run_case(assumptions.load("3B").resolve("statutory").with_values({"reform.last_year": 1998.0}))


def _worth_and_worker() -> None:
    import assumptions
    from engine.balance.worth import worth
    from engine.worker import calculator, careers

    resolved = assumptions.load("3B").resolve("statutory")
    worth(resolved)
    calculator.study(careers.Career(np.full(36, 1e4), np.ones(36), 25, 1960, 60), resolved)


KERNELS: tuple[Callable[[], None], ...] = (_projection, _worth_and_worker)


@pytest.fixture(scope="session", autouse=True)
def compiled(tmp_path_factory: pytest.TempPathFactory) -> None:
    """With several workers, each compiles a part of the kernels and takes the others' from the cache.

    Otherwise every one of them would compile them all, which takes longer than most of the tests.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        return
    number, count = int(worker.removeprefix("gw")), int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
    shared = tmp_path_factory.getbasetemp().parent
    marks = [shared / f"compiled-{n}" for n in range(len(KERNELS))]
    for n, mark in enumerate(marks):
        if n % count == number % count and not mark.exists():
            KERNELS[n]()
            mark.touch()
    until = time.monotonic() + PATIENCE
    while not all(map(Path.exists, marks)) and time.monotonic() < until:
        time.sleep(0.1)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium, driven through its own protocol; skips where either part is missing.

    One for all tests of a process: a second one beside it is refused.
    """
    playwright = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
    binary = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if binary is None:
        pytest.skip("no Chromium is installed (Debian: apt-get install chromium)")
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=binary, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()
