"""Compiled code must not outlive the sources it was made from."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import assumptions
from engine.projection import run_case
print(float(run_case(assumptions.load("3B").resolve("statutory").with_values({"reform.last_year": 1999.0})).cost[0, 0]))
"""


@pytest.mark.slow
def test_an_edited_law_changes_the_numbers(tmp_path: Path) -> None:
    """The kernel's file stays as it was; only an article that it calls is changed."""
    for package in ("assumptions", "cohorts", "engine"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    environment["PYTHONPATH"] = str(tmp_path)

    def first_cost() -> float:
        done = subprocess.run(
            [sys.executable, "-c", ASK],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return float(done.stdout)

    before = first_cost()
    law = tmp_path / "engine" / "law" / "old.py"
    text = law.read_text(encoding="utf-8")
    bonus = "return pension * (1.0 + law.bonus)"
    assert bonus in text
    law.write_text(text.replace(bonus, "return pension * (2.0 + law.bonus)"), encoding="utf-8")
    assert first_cost() > 1.2 * before
