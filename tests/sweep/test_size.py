"""How large a sweep is said to be, and that one of days is not started unasked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import assumptions
from engine import sweeps
from engine.sweeps import design, estimate

THREE = ("contributions.density", "economy.gdp_growth", "funds.rcv_return")


def listed(kind: str, n: int | None, names: tuple[str, ...] = THREE) -> dict[str, Any]:
    limits = {"kind": "uniform", "low": 0.01, "high": 0.05}
    parameters = [{"name": name, "distribution": limits} for name in names]
    return {"design": {"kind": kind, **({"n": n} if n else {})}, "parameter": parameters}


@pytest.mark.parametrize(
    ("kind", "n", "cases"),
    [
        ("grid", 7, 343),
        ("one_at_a_time", 5, 16),
        ("latin_hypercube", 9, 9),
        ("sobol", 16, 16),
        ("saltelli", 8, 40),
    ],
)
def test_cases_are_counted_before_they_are_laid_out(
    small: Callable[..., assumptions.Pack], kind: str, n: int, cases: int
) -> None:
    if kind == "saltelli":
        pytest.importorskip("SALib")
    checked = sweeps.check(listed(kind, n), packs=small())
    assert estimate.size(checked).cases == design.count(checked.spec) == cases
    assert sweeps.lay_out(checked).cases == cases


def test_disk_is_what_the_numbers_take(small: Callable[..., assumptions.Pack], tmp_path: Path) -> None:
    """Parts hold fiscal_cost (4 components) and its total, 7 years, 8 bytes; their files add some hundred bytes a chunk."""
    checked = sweeps.check(listed("grid", 4), packs=[small("1B"), small("3B")])
    found = estimate.size(checked)
    assert found.part_bytes == 64 * 2 * (4 + 1) * 7 * 8
    assert found.file_bytes == found.part_bytes + 64 * 3 * 8
    assert estimate.too_large(found, tmp_path / "x.nc") == ""
    huge = estimate.Size(10**12, 1, 1, 10**18, 10**18)
    assert "needs up to 2 EB" in estimate.too_large(huge, tmp_path / "x.nc").replace("2e+03 PB", "2 EB")
    assert estimate.seconds_a_projection(checked) > 0.0
    assert estimate.seconds(found, 2.0, 4) == 64 * 2 * 2.0 / 4


def test_random_paths_count(small: Callable[..., assumptions.Pack]) -> None:
    shock = {"paths": 6, "shock": [{"name": "economy.gdp_growth", "sd": 0.01}], "quantiles": [0.1, 0.9]}
    found = estimate.size(sweeps.check({"stochastic": shock}, packs=small()))
    assert (found.cases, found.paths, found.projections) == (1, 6, 6)
    assert (found.part_bytes, found.file_bytes) == (6 * 5 * 7 * 8, (2 + 1) * 5 * 7 * 8)


@pytest.mark.slow
def test_a_grid_of_47_million_cases(tmp_path: Path) -> None:
    """Its size, time and disk are told and nothing is started; the command is over soon."""
    text = 'scenarios = ["3B"]\n[design]\nkind = "grid"\nn = 362\n' + "".join(
        f'[[parameter]]\nname = "{name}"\ndistribution = {{kind = "uniform", low = 0.01, high = 0.05}}\n'
        for name in THREE
    )
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    command = [
        sys.executable,
        "-c",
        "import engine.cli; engine.cli.main()",
        "sweep",
        "s.toml",
        "--out",
        "s.nc",
    ]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert run.returncode == 2
    assert "47,437,928 cases x 1 scenario; disk: 6" in run.stderr
    assert "ms a projection" in run.stderr
    assert "more than an hour; --yes starts them" in run.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s.toml"]
