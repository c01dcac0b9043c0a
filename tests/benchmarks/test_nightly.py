"""What the nightly run concludes from results, without running them."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import nightly
from benchmarks.nightly import Result

ROOT = Path(__file__).resolve().parents[2]


def run(**values: float | None) -> dict[str, Any]:
    return {
        "commit": "c",
        "date": "2026-01-01T00:00:00Z",
        "results": {name: {"value": value, "unit": "seconds"} for name, value in values.items()},
    }


def test_compared_with_the_median_of_recent_runs() -> None:
    """Ten old runs at 1 s, then 3 at 2, 2 and 9 s: of the last three the median is 2, and 3 s is half more than that."""
    before = [run(a=1.0)] * 10 + [run(a=2.0), run(a=9.0), run(a=2.0), run(b=5.0)]
    (change,) = nightly.compare([Result("a", 3.0, "seconds")], before, 3)
    assert (change.median, change.runs, change.factor) == (2.0, 3, 1.5)
    assert nightly.slipped([change], 1.5) == [change]
    assert nightly.slipped([change], 1.51) == []
    (long_memory,) = nightly.compare([Result("a", 3.0, "seconds")], before, 13)
    assert long_memory.factor == 3.0


def test_speed_ups_are_better_when_higher() -> None:
    before = [run(**{"x.track_speed_up_over_numpy": 30.0})]
    (worse,) = nightly.compare([Result("x.track_speed_up_over_numpy", 15.0, "ratio")], before, 10)
    (better,) = nightly.compare([Result("x.track_speed_up_over_numpy", 60.0, "ratio")], before, 10)
    assert (worse.factor, better.factor) == (2.0, 0.5)


def test_noise_and_first_runs_do_not_slip() -> None:
    before = [run(a=1e-6, gap=0.0)]
    noise, gap = nightly.compare(
        [
            Result("a", 9e-6, "seconds"),
            Result("new", 1.0, "seconds"),
            Result("gap", 1e-12, "percentage points of GDP"),
        ],
        before,
        10,
    )
    assert noise.factor == gap.factor == 1.0
    (from_nothing,) = nightly.compare([Result("gap", 0.01, "percentage points of GDP")], before, 10)
    assert math.isinf(from_nothing.factor)


def test_what_slipped_is_told_with_the_commits_since() -> None:
    """Between the commit before the last and the last there is one, if the project is in a checkout with a history."""
    before = [{**run(a=1.0), "commit": "f" * 40}, {**run(b=1.0), "commit": "0" * 40}]
    (change,) = nightly.compare([Result("a", 3.0, "seconds")], before, 10)
    assert change.before == "f" * 40
    assert nightly.commits_between(nightly.UNKNOWN, "f" * 40) == []
    git = ["git", "-C", str(ROOT), "log", "--format=%H", "-2"]
    known = subprocess.run(git, capture_output=True, text=True).stdout.split()
    if len(known) == 2 and nightly.commit() != nightly.UNKNOWN:
        assert len(nightly.commits_between(known[1], known[0])) >= 1
        assert nightly.commits_between(known[0], f"{known[0]}-changed") == ["changes that are not committed"]


def test_the_worst_comes_first_and_failures_have_no_change() -> None:
    before = [run(a=1.0, b=1.0, c=1.0)]
    results = [Result("a", 2.0, "seconds"), Result("b", 3.0, "seconds"), Result("c", None, "seconds")]
    bad = nightly.slipped(nightly.compare(results, before, 10), 1.5)
    assert [change.result.name for change in bad] == ["b", "a"]


def test_history_is_kept_by_machine_and_commit(tmp_path: Path) -> None:
    folder = tmp_path / "history" / "machine"
    for day, value in ((1, 1.0), (2, 4.0), (3, 2.0)):
        nightly.keep(folder, [Result("a", value, "seconds")], "0123456789abcdef", f"2026-01-0{day}T00:00:00Z")
    (folder / "2026-01-04T000000Z-x.json").write_text("{")
    runs = nightly.history(folder)
    assert [entry["results"]["a"]["value"] for entry in runs] == [1.0, 4.0, 2.0]
    assert {entry["commit"] for entry in runs} == {"0123456789abcdef"}
    assert nightly.history(tmp_path / "history" / "another") == []


def test_the_trend_is_one_page_with_what_slipped(tmp_path: Path) -> None:
    runs = [run(a=1.0, b=None), run(a=1.0, b=2.0), run(a=2.0, b=2.0)]
    changes = nightly.compare([Result("a", 2.0, "seconds"), Result("b", 2.0, "seconds")], runs[:2], 10)
    page = nightly.trend(runs, changes, 1.5, "linux <x>")
    assert page.count("<svg") == 2
    assert page.count("<tr class=bad>") == 1
    assert "linux &lt;x&gt;" in page
    assert not re.search(r"(src|href)=", page)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0123, "seconds", "12.3 ms"),
        (2.0, "seconds", "2 s"),
        (3e8, "bytes", "300 MB"),
        (36.3, "ratio", "36.3 ratio"),
    ],
)
def test_numbers_are_readable(value: float, unit: str, text: str) -> None:
    assert nightly.shown(value, unit) == text


def test_asv_results_are_read(tmp_path: Path) -> None:
    """The format that asv 0.6 writes: columns named once, results by set of parameters in the order of their product."""
    (tmp_path / "benchmarks.json").write_text(json.dumps({"m.C.track_x": {"unit": "ns"}, "version": 2}))
    folder = tmp_path / "machine"
    folder.mkdir()
    columns = ["result", "params", "version"]
    results = {
        "m.C.track_x": [[1.0, 2.0, None, 4.0], [["1", "2"], ["'a'", "'b'"]], "v"],
        "m.C.time_y": [[0.5], [], "v"],
        "m.C.time_z": [None, [], "v"],
    }
    (folder / "01234567-existing.json").write_text(
        json.dumps({"result_columns": columns, "results": results})
    )
    found = nightly.read_asv(tmp_path, "machine", "0123456789")
    assert found == [
        Result("m.C.track_x(1, a)", 1.0, "ns"),
        Result("m.C.track_x(1, b)", 2.0, "ns"),
        Result("m.C.track_x(2, a)", None, "ns"),
        Result("m.C.track_x(2, b)", 4.0, "ns"),
        Result("m.C.time_y", 0.5, "seconds"),
        Result("m.C.time_z", None, "seconds"),
    ]
    assert nightly.read_asv(tmp_path / "none", "machine", "0123456789") == []


@pytest.mark.slow
def test_one_benchmark_runs_through_asv(tmp_path: Path) -> None:
    pytest.importorskip("asv")
    words = [
        sys.executable,
        str(ROOT / "benchmarks" / "nightly.py"),
        "--only",
        "timeraw_import",
        "--results",
        str(tmp_path),
    ]
    for _ in range(2):
        done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode in (0, nightly.SLIPPED), done.stdout + done.stderr
    assert "timeraw_import" in done.stdout
    assert "of the median of 1" in done.stdout
    assert (tmp_path / "trend.html").is_file()
    assert len(list((tmp_path / "history").rglob("*.json"))) == 2
