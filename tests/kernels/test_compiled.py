"""Compiled code never outlives what it was made from, is made again where it is damaged, and needs no folder of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine import compiled

ROOT = Path(__file__).resolve().parents[2]
# The kernel that counts heads stands in another file than the article that it calls.
ASK = """
import numpy as np
import assumptions
from engine.prepare import demography as demographics, rules
given = {"reform.last_year": 1999.0, "basis.retirement_exposure": "entitled"}
resolved = assumptions.load("3B").resolve("statutory").with_values(given)
years = np.arange(1997, 2000)
heads = demographics.build(resolved, years, rules.history_years(resolved)).heads
print(float(heads.exits[0].sum()))
"""
WEEKS = "return np.floor(service * weeks_per_year + WEEK_TOLERANCE)"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the packages without compiled code."""
    root = tmp_path / "copy"
    for package in ("assumptions", "cohorts", "engine"):
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def ask(root: Path, cache: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    environment |= {"PYTHONPATH": str(root), **more}
    if cache is not None:
        environment["NUMBA_CACHE_DIR"] = str(cache)
    return subprocess.run(
        [sys.executable, "-c", ASK], cwd=root, env=environment, capture_output=True, text=True, timeout=300
    )


def answer(root: Path, cache: Path | None = None, **more: str) -> float:
    done = ask(root, cache, **more)
    assert (done.returncode, done.stderr) == (0, "")
    return float(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("given", [False, True])
def test_an_edited_law_changes_the_numbers(copy: Path, tmp_path: Path, given: bool) -> None:
    """Only an article that the kernel calls is changed; the kernel's own file stays as it was."""
    cache = tmp_path / "cache" if given else None
    before = answer(copy, cache)
    law = copy / "engine" / "law" / "old.py"
    text = law.read_text(encoding="utf-8")
    assert WEEKS in text
    law.write_text(text.replace(WEEKS, WEEKS.replace("floor(", "floor(0.2 * ")), encoding="utf-8")
    changed = answer(copy, cache)
    # Fewer weeks qualify fewer members for retirement.
    assert changed < before
    law.write_text(text, encoding="utf-8")
    assert answer(copy, cache) == before


@pytest.mark.slow
def test_damaged_code_is_made_again(copy: Path, tmp_path: Path) -> None:
    """Cut short, emptied, one bit turned, one file in the place of another."""
    cache = tmp_path / "cache"
    whole = answer(copy, cache)
    kept = sorted((*cache.rglob("*.nbi"), *cache.rglob("*.nbc")))
    assert len(kept) >= 4
    sound = {path: path.read_bytes() for path in kept}
    flipped = {path: bytearray(content) for path, content in sound.items()}
    for content in flipped.values():
        content[len(content) // 2] ^= 1
    others = dict(zip(kept, [*kept[1:], kept[0]], strict=True))
    damages = (
        {path: content[:40] for path, content in sound.items()},
        dict.fromkeys(kept, b""),
        flipped,
        {path: sound[others[path]] for path in kept},
    )
    for damage in damages:
        for path, content in damage.items():
            path.write_bytes(bytes(content))
        assert answer(copy, cache) == whole


@pytest.mark.slow
def test_two_processes_compile_at_once(copy: Path, tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(copy), "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    running = [
        subprocess.Popen([sys.executable, "-c", ASK], cwd=copy, env=environment, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    answers = [process.communicate(timeout=300)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert answers[0] == answers[1]
    assert float(answers[0]) == answer(copy, tmp_path / "cache")
    assert not list((tmp_path / "cache").rglob("*.tmp.*"))


@pytest.mark.slow
def test_nowhere_to_write_is_one_line_of_notice(copy: Path, tmp_path: Path) -> None:
    """A read-only installation and no home: the run goes on with a temporary folder that it removes.

    Folders that cannot be made stand for folders that cannot be written: to root nothing is read-only.
    """
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    (copy / "engine" / "kernels" / "__pycache__").write_text("no folder", encoding="utf-8")
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(copy),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": "/nonexistent",
        "NUMBA_CACHE_DIR": str(tmp_path / "file" / "cache"),
        "TMPDIR": str(temporary),
        "LC_ALL": "C",
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd="/", env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines() == [compiled.NOTICE]
    (copy / "engine" / "kernels" / "__pycache__").unlink()
    assert float(done.stdout) == answer(copy)
    assert list(temporary.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variable", "value"),
    [("NUMBA_NUM_THREADS", "0"), ("NUMBA_NUM_THREADS", "-3"), ("NUMBA_DISABLE_JIT", "1")],
)
def test_a_setting_of_numba_that_cannot_be_is_named(variable: str, value: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from engine.cli import main; main(['run', '--out', 'never.nc'])"],
        env=os.environ | {variable: value},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(f"annexv: {variable}: ")
    assert len(done.stderr.splitlines()) == 1


def test_every_compiled_function_is_of_a_known_source() -> None:
    """A source that the digest misses, or a decorator that is not ours, could run old code."""
    known = set(compiled.compiled_sources())
    decorated = re.compile(r"^@(numba\.)?(njit|jit|vectorize|guvectorize)", re.MULTILINE)
    for path in (ROOT / "engine").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if path.name != "compiled.py" or path.parent.name != "engine":
            assert not re.search(r"from numba import .*jit", text), path
        if decorated.search(text):
            assert path in known
            assert "from engine.compiled import njit" in text


def test_code_of_other_digests_is_removed_in_time(tmp_path: Path) -> None:
    current = tmp_path / f"{compiled.PREFIX}now"
    current.mkdir()
    (tmp_path / "mine").mkdir()
    for age in range(1, 13):
        old = tmp_path / f"{compiled.PREFIX}{age:02d}"
        old.mkdir()
        stamp = old.stat().st_mtime - 3600 * age - (86400 * 40 if age == 4 else 0)
        os.utime(old, (stamp, stamp))
    compiled._tidy(tmp_path, current)
    left = {path.name.removeprefix(compiled.PREFIX) for path in tmp_path.iterdir()}
    assert left == {"now", "mine", "01", "02", "03", "05", "06", "07", "08", "09"}


def test_what_an_operator_is_for_types_is_what_numba_says() -> None:
    """Asked twice, and of types that it is not defined for, as numba alone answers in a process of its own."""
    program = """
import sys
{import_ours}
import operator
from numba import types
from numba.core.errors import NumbaError
from numba.core.registry import cpu_target
context = cpu_target.typing_context
context.refresh()
of = (types.float64, types.int64, types.uint64, types.boolean, types.Array(types.float64, 1, "C"), types.unicode_type,
      types.literal(1))
for name in ("add", "mul", "truediv", "floordiv", "lt", "and_", "getitem", "neg"):
    operand = getattr(operator, name)
    ask = context.resolve_value_type(operand)
    for args in [(a,) for a in of] if name == "neg" else [(a, b) for a in of for b in of]:
        for _ in range(2):
            try:
                said = context.resolve_function_type(ask, args, {{}})
            except NumbaError as error:
                said = type(error).__name__
            print(name, args, said)
"""
    said = [
        subprocess.run(
            [sys.executable, "-c", program.format(import_ours=ours)],
            cwd=ROOT, capture_output=True, text=True, check=True, timeout=300,
        ).stdout
        for ours in ("", "import engine.compiled")
    ]  # fmt: skip
    assert len(said[0].splitlines()) == 2 * (7 * 49 + 7)
    assert said[0] == said[1]


@pytest.mark.slow
def test_what_is_compiled_ahead_is_what_the_year_loop_calls(copy: Path, tmp_path: Path) -> None:
    """Types other than those that it is called with would be compiled for nothing, and again by who calls."""
    program = """
import json, os, sys
os.sched_getaffinity = lambda process: {0, 1}
import assumptions
from engine.apart import KERNELS
from engine.projection import run_case
pack = assumptions.load("3B", sets={"reform.last_year": 2000.0}).resolve("statutory")
total = run_case(pack).cost.sum()
listed = [(kernel.made, kernel.signature.args) for kernel in KERNELS]
json.dump([total, [f.py_func.__name__ for f, types in listed if list(f.signatures) != [types]],
           sum(f.stats.cache_hits[types] for f, types in listed)], sys.stdout)
"""

    def run(cache: Path) -> list[Any]:
        environment = {**os.environ, "PYTHONPATH": str(copy), "NUMBA_CACHE_DIR": str(cache)}
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert (done.returncode, done.stderr) == (0, "")
        found: list[Any] = json.loads(done.stdout)
        return found

    total, others, found = run(tmp_path / "cold")
    assert others == []
    assert found > 0
    # Nobody helps where another process has begun before.
    alone = tmp_path / "alone"
    shutil.copytree(tmp_path / "cold", alone, ignore=lambda folder, names: [n for n in names if "." in n])
    again, others, found = run(alone)
    assert (again, others, found) == (total, [], 0)
