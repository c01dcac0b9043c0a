"""Runs the benchmarks, keeps their results by machine and commit, and says what has slipped.

    python benchmarks/nightly.py [--quick] [--factor 1.5] [--recent 10] [--only REGEX] [--results FOLDER]

Every result is compared with the median of the recent runs on the same machine. Exit status 0: nothing slipped; 1: something
did, by the factor or more; 2: a benchmark failed. benchmarks/results (not under version control) holds one JSON file a run,
what asv keeps, and trend.html. --quick runs everything once on small sizes, within two minutes, and judges no time: it asks
whether the benchmarks still work. A whole night (neither --quick nor --only) goes on with what else takes long and has an
exit status of its own, which counts as a failure here: benchmarks/dependencies.py, then benchmarks/fuzz.py.
"""

from __future__ import annotations

import argparse
import html
import itertools
import json
import math
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent
RESULTS: Final = HERE / "results"
FACTOR: Final = 1.5
RECENT: Final = 10
HIGHER_IS_BETTER: Final = "track_speed_up"
# What is pinned, so that a run does not depend on how many processors the night leaves free.
PINNED: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
PROCESSORS: Final = 2
SLIPPED, FAILED = 1, 2
# What a whole night runs after the benchmarks: packages at both ends, and hours of bad inputs.
ALSO: Final = (("benchmarks/dependencies.py",), ("benchmarks/fuzz.py", "--hours", "4"))
# Stands for the commit where there is no checkout.
UNKNOWN: Final = "0" * 40
# Differences below these are noise of the measurement or of the last bits, whatever their ratio.
_LEAST: Final = {"seconds": 1e-4, "bytes": 5e6, "percentage points of GDP": 1e-9}
_UNITS: Final = {"time": "seconds", "timeraw": "seconds", "peakmem": "bytes", "mem": "bytes"}


@dataclass(frozen=True)
class Result:
    """One benchmark with one set of parameters."""

    name: str
    value: float | None
    unit: str


@dataclass(frozen=True)
class Change:
    """A result beside the median of recent ones; ``factor`` above 1 is worse.

    ``before`` is the commit of the last run that had it.
    """

    result: Result
    median: float
    runs: int
    factor: float
    before: str = UNKNOWN


def machine_name() -> str:
    """What tells machines apart in the history: system, processor, number of processors; no names of hosts or people."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        found = re.search(r"^model name\s*:\s*(.+)$", info.read_text(errors="replace"), re.MULTILINE)
        model = found.group(1) if found else model
    words = f"{platform.system()} {model} {os.cpu_count()}"
    return re.sub(r"[^A-Za-z0-9.]+", "-", words).strip("-").lower()


def commit() -> str:
    """Commit of the checkout, with a mark where it has changes; zeros outside a checkout."""

    def git(*words: str) -> str:
        try:
            run = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            return ""
        return run.stdout.strip()

    found = git("rev-parse", "HEAD")
    if not found or Path(git("rev-parse", "--show-toplevel")).resolve() != ROOT:
        return UNKNOWN
    return f"{found}-changed" if git("status", "--porcelain", "--untracked-files=no") else found


def stand_in(folder: Path) -> str:
    """An empty checkout for asv, which does not run without one, where the project is in none; its only commit."""
    git = ["git", "-C", str(folder), "-c", "user.name=annexv", "-c", "user.email=annexv@localhost"]
    folder.mkdir(exist_ok=True)
    for words in (["init", "--quiet"], ["commit", "--quiet", "--allow-empty", "--message", "Nothing"]):
        subprocess.run([*git, *words], check=True, stdout=subprocess.DEVNULL)
    return subprocess.run(
        [*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()


def run_asv(
    results: Path, machine: str, revision: str, quick: bool, only: str | None
) -> tuple[list[Result], int]:
    """Run the suite with asv in the active environment; results, and the number of processes' trouble it reports."""
    environment = {
        **os.environ,
        "ASV_PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    environment |= dict.fromkeys(PINNED, "1")
    if quick:
        environment["ANNEXV_BENCH_QUICK"] = "1"
    # asv keeps a list of machines in the home folder; ours belongs beside the results.
    environment |= {"HOME": str(results), "USERPROFILE": str(results)}
    if "NUMBA_CACHE_DIR" not in environment and not os.access(ROOT / "engine" / "kernels", os.W_OK):
        environment["NUMBA_CACHE_DIR"] = str(results / "numba")
    config = json.loads(re.sub(r"^\s*//.*$", "", (HERE / "asv.conf.json").read_text(), flags=re.MULTILINE))
    config |= {
        "repo": str(ROOT),
        "branches": ["HEAD"],
        "benchmark_dir": str(HERE / "suite"),
        "env_dir": str(results / "env"),
        "results_dir": str(results / "asv"),
        "html_dir": str(results / "html"),
    }
    if revision == UNKNOWN:
        config["repo"] = str(results / "repo")
        revision = stand_in(results / "repo")
    made = results / "asv.conf.json"
    made.write_text(json.dumps(config), encoding="utf-8")
    asv = [sys.executable, "-m", "asv"]
    options = ["--config", str(made)]
    subprocess.run(
        [*asv, "machine", *options, "--yes", "--machine", machine],
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    words = [
        *asv,
        "run",
        *options,
        "--environment",
        f"existing:{sys.executable}",
        "--machine",
        machine,
        "--show-stderr",
    ]
    plain = revision.removesuffix("-changed")
    words += ["--set-commit-hash", plain]
    if quick:
        words.append("--quick")
    if hasattr(os, "sched_getaffinity"):
        words += ["--cpu-affinity", ",".join(map(str, sorted(os.sched_getaffinity(0))[:PROCESSORS]))]
    if only:
        words += ["--bench", only]
    status = subprocess.run(words, env=environment).returncode
    return read_asv(results / "asv", machine, plain), status


def read_asv(folder: Path, machine: str, revision: str) -> list[Result]:
    """Results of one commit on one machine as asv keeps them, one for each set of parameters; none where it failed."""
    if not (folder / "benchmarks.json").is_file():
        return []
    units = {
        name: item.get("unit", "")
        for name, item in _json(folder / "benchmarks.json").items()
        if isinstance(item, dict)
    }
    found: list[Result] = []
    for path in sorted((folder / machine).glob(f"{revision[:8]}*.json")):
        content = _json(path)
        columns = content["result_columns"]
        for name, row in content["results"].items():
            cells = dict(zip(columns, row, strict=False))
            values = cells.get("result") or [None]
            combinations = itertools.product(*cells.get("params") or [])
            for value, combination in zip(values, combinations, strict=False):
                label = f"{name}({', '.join(combination)})" if combination else name
                kind = name.rpartition(".")[2].partition("_")[0]
                good = isinstance(value, int | float) and math.isfinite(value)
                unit = _UNITS.get(kind) or units.get(name, "")
                found.append(Result(label.replace("'", ""), float(value) if good else None, unit))
    return found


def _json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


# history -------------------------------------------------------------------------------------------------------------


def keep(folder: Path, results: Sequence[Result], revision: str, when: str) -> Path:
    """Write the results of a run into the history of the machine."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "commit": revision,
        "date": when,
        "python": platform.python_version(),
        "results": {item.name: {"value": item.value, "unit": item.unit} for item in results},
    }
    path = folder / f"{when.replace(':', '')}-{revision[:12]}.json"
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    temporary.replace(path)
    return path


def history(folder: Path) -> list[dict[str, Any]]:
    """Runs of a machine, the oldest first; files that cannot be read are left out."""
    runs = []
    for path in sorted(folder.glob("*.json")):
        try:
            content = _json(path)
            content["results"].items()
        except (OSError, ValueError, KeyError, AttributeError):
            continue
        runs.append(content)
    return runs


def compare(results: Sequence[Result], before: Sequence[Mapping[str, Any]], recent: int) -> list[Change]:
    """Each result beside the median of the recent runs that have it; results without any are left out."""
    changes = []
    for item in results:
        known = [
            (run["results"].get(item.name, {}).get("value"), run.get("commit", UNKNOWN)) for run in before
        ]
        having = [(float(value), of) for value, of in known if isinstance(value, int | float)][-recent:]
        if item.value is None or not having:
            continue
        last = [value for value, _ in having]
        median = statistics.median(last)
        better, worse = (item.value, median) if HIGHER_IS_BETTER in item.name else (median, item.value)
        if abs(worse - better) < _LEAST.get(item.unit, 0.0):
            factor = 1.0
        else:
            factor = worse / better if better > 0.0 else math.inf
        changes.append(Change(item, median, len(last), factor, having[-1][1]))
    return changes


def commits_between(before: str, now: str, most: int = 8) -> list[str]:
    """The commits since a run, the newest first, a line each; what of them is uncommitted is told by a mark of ``now``."""
    first, last = before.removesuffix("-changed"), now.removesuffix("-changed")
    if UNKNOWN in (first, last):
        return []
    run = subprocess.run(
        ["git", "-C", str(ROOT), "log", "--oneline", f"-{most}", f"{first}..{last}"],
        capture_output=True,
        text=True,
    )
    lines = run.stdout.splitlines() if run.returncode == 0 else []
    return [*(["changes that are not committed"] if now != last else []), *lines]


def slipped(changes: Sequence[Change], factor: float) -> list[Change]:
    """Changes for the worse by the factor or more, the worst first."""
    return sorted(
        (change for change in changes if change.factor >= factor), key=lambda change: -change.factor
    )


# trend ---------------------------------------------------------------------------------------------------------------

_WIDTH, _HEIGHT = 360, 60


def shown(value: float, unit: str) -> str:
    """A number as a person reads it."""
    if unit == "seconds":
        for limit, factor, label in ((1.0, 1.0, "s"), (1e-3, 1e3, "ms"), (0.0, 1e6, "us")):
            if value >= limit:
                return f"{value * factor:.3g} {label}"
    if unit == "bytes":
        return f"{value / 1e6:.4g} MB"
    return f"{value:.4g} {unit}".strip()


def trend(runs: Sequence[Mapping[str, Any]], changes: Sequence[Change], factor: float, machine: str) -> str:
    """A page with one line of history for each benchmark; loads nothing from elsewhere."""
    by_name = {change.result.name: change for change in changes}
    names = sorted({name for run in runs for name in run["results"]})
    rows = []
    for name in names:
        points = [(run, run["results"].get(name, {})) for run in runs]
        values = [
            (n, float(cell["value"]))
            for n, (_, cell) in enumerate(points)
            if isinstance(cell.get("value"), int | float)
        ]
        if not values:
            continue
        unit = next(cell["unit"] for _, cell in points if cell)
        change = by_name.get(name)
        bad = change is not None and change.factor >= factor
        told = f"{change.factor:.2f}" if change else ""
        rows.append(
            f"<tr{' class=bad' if bad else ''}><td>{html.escape(name)}</td><td>{_line(values, len(runs))}</td>"
            f"<td>{html.escape(shown(values[-1][1], unit))}</td><td>{told}</td></tr>"
        )
    first, last = (runs[0]["date"], runs[-1]["date"]) if runs else ("", "")
    style = (
        "body{font:14px system-ui,sans-serif;margin:2em}td{padding:2px 12px;border-bottom:1px solid #ddd}"
        "td:nth-child(n+3){text-align:right}.bad{background:#fde0dc}svg{display:block}"
    )
    return (
        f"<!doctype html><meta charset=utf-8><title>Benchmarks of annexv</title><style>{style}</style>"
        f"<h1>Benchmarks of annexv</h1><p>{len(runs)} runs on {html.escape(machine)}, {first} to {last}. The last column is"
        f" the last result over the median of recent ones, above 1 is worse; red from {factor:g}.</p>"
        f"<table><tr><th>benchmark<th>history<th>last<th>factor</tr>{''.join(rows)}</table>\n"
    )


def _line(values: Sequence[tuple[int, float]], runs: int) -> str:
    top = max(value for _, value in values) or 1.0
    spots = [
        (4 + (_WIDTH - 8) * n / max(1, runs - 1), _HEIGHT - 4 - (_HEIGHT - 8) * value / top)
        for n, value in values
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    x, y = spots[-1]
    return (
        f'<svg width="{_WIDTH}" height="{_HEIGHT}" role="img"><polyline points="{path}" fill="none" stroke="#00796b"'
        f' stroke-width="1.5"/><circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="#00796b"/></svg>'
    )


# ---------------------------------------------------------------------------------------------------------------------


def report(
    results: Sequence[Result],
    changes: Sequence[Change],
    bad: Sequence[Change],
    judged: bool,
    revision: str = UNKNOWN,
) -> None:
    """Print every result, then what slipped, by which commits it may be, and what failed."""
    by_name = {change.result.name: change for change in changes}
    for item in results:
        change = by_name.get(item.name)
        beside = f"  x {change.factor:.2f} of the median of {change.runs}" if change and judged else ""
        print(f"{'failed' if item.value is None else shown(item.value, item.unit):>18}  {item.name}{beside}")
    failed = [item.name for item in results if item.value is None]
    if failed:
        print(f"\nFailed: {', '.join(failed)}")
    if judged:
        print(f"\nSlipped: {len(bad)} of {len(changes)} that have a history.")
        for change in bad:
            unit = change.result.unit
            now = shown(change.result.value or 0.0, unit)
            print(
                f"  x {change.factor:.2f}  {change.result.name}: {now}, median {shown(change.median, unit)}"
            )
            for line in commits_between(change.before, revision):
                print(f"           since {change.before[:12]}: {line}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks; returns the exit status."""
    parser = argparse.ArgumentParser(prog="benchmarks/nightly.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small sizes, once, without judging times")
    parser.add_argument("--factor", type=float, default=FACTOR, help="what counts as slipped (default 1.5)")
    parser.add_argument(
        "--recent", type=int, default=RECENT, help="runs that the median is taken of (default 10)"
    )
    parser.add_argument("--only", metavar="REGEX", help="some benchmarks")
    parser.add_argument(
        "--results", type=Path, default=RESULTS, metavar="FOLDER", help="where results are kept"
    )
    options = parser.parse_args(arguments)
    try:
        return _main(options)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"benchmarks/nightly.py: {error}; it needs git and asv", file=sys.stderr)
        return FAILED


def _main(options: argparse.Namespace) -> int:
    started = time.perf_counter()
    machine, revision = machine_name(), commit()
    if options.quick:
        with tempfile.TemporaryDirectory() as scratch:
            results, status = run_asv(Path(scratch), machine, revision, True, options.only)
        report(results, [], [], judged=False)
        print(f"\n{len(results)} results in {time.perf_counter() - started:.0f} s; times were not judged.")
    else:
        options.results.mkdir(parents=True, exist_ok=True)
        folder = options.results.resolve() / "history" / machine
        results, status = run_asv(options.results.resolve(), machine, revision, False, options.only)
        before = history(folder)
        changes = compare(results, before, options.recent)
        bad = slipped(changes, options.factor)
        keep(folder, results, revision, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        page = options.results / "trend.html"
        page.write_text(trend(history(folder), changes, options.factor, machine), encoding="utf-8")
        report(results, changes, bad, judged=True, revision=revision)
        print(f"Trend: {page}")
    whole_night = not options.quick and not options.only
    broken = [
        name for name in ALSO if whole_night and subprocess.run([sys.executable, *name], cwd=ROOT).returncode
    ]
    if broken:
        print(f"Failed: {', '.join(' '.join(name) for name in broken)}")
    if broken or status or not results or any(item.value is None for item in results):
        return FAILED
    return SLIPPED if not options.quick and bad else 0


if __name__ == "__main__":
    sys.exit(main())
