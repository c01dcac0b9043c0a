"""A few thousand mutated inputs of every kind, always the same: benchmarks/fuzz.py goes on where these end."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest

if sys.platform == "win32":
    pytest.skip("the watch needs limits and timers of POSIX", allow_module_level=True)

from benchmarks.fuzzing.doors import DOORS, Door, Silent, warm
from benchmarks.fuzzing.inputs import judged, lay_out
from benchmarks.fuzzing.judge import ACCEPTED, FIND, REFUSED, judge
from benchmarks.fuzzing.mutations import TEXT, mutated_bytes, mutated_text, tokens

SEED = 1996
# Kinds of which one input takes a millisecond or so.
CHEAP = ("set", "overlay", "career", "plan")


@pytest.fixture(scope="module", autouse=True)
def kernels() -> None:
    warm()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lay_out(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def mutated(door: Door, count: int, folder: Path, first: int = 0) -> list[str]:
    """Finds among the inputs of one door, each with what led to it."""
    found = []
    for number in range(first, first + count):
        random = Random(f"{SEED}/{door.name}/{number}")
        content = door.make(random)
        verdict = judged(door, content, folder, random.random() < door.sample, number)
        if verdict.outcome == FIND:
            found.append(f"{number}: {verdict.where}\n{verdict.said[-600:]}\n{content[:300]!r}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_every_input_is_refused_in_words_or_gives_numbers(door: Door, folder: Path) -> None:
    assert mutated(door, 200 if door.name in CHEAP else 20, folder) == []


@pytest.mark.slow
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_more_of_them(door: Door, folder: Path) -> None:
    assert mutated(door, 600 if door.name in CHEAP else 80, folder, first=1000) == []


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_some_of_what_mutations_start_from_is_let_in(door: Door, folder: Path) -> None:
    """Otherwise everything would be refused for one and the same reason, and nothing would be tried."""
    seeds = door.seeds()
    if door.name == "command":
        seeds = [seed.replace(b" ", b"\0") for seed in seeds]
    chosen = Random(SEED).sample(list(seeds), min(len(seeds), 6))
    outcomes = [judged(door, seed, folder, False, n).outcome for n, seed in enumerate(chosen)]
    assert ACCEPTED in outcomes
    assert FIND not in outcomes


def test_an_input_is_determined_by_its_seed() -> None:
    for door in DOORS:
        if door.name not in ("workbook", "run", "sweep_file", "balance"):  # these hold the time of writing
            assert door.make(Random("1/7")) == door.make(Random("1/7"))


def test_tokens_are_the_whole_text() -> None:
    text = 'a.b = { 1997 = 0.03, x = "ñ 1" } # 1e-3\n\t[x]\n'
    assert "".join(tokens(text)) == text


def test_every_kind_of_change_changes_something() -> None:
    text = "a,b\n1,2\n3,4.5\n"
    for _, change in TEXT:
        assert any(change(Random(n), text, ("x",)) != text for n in range(20))
    assert mutated_text(Random(1), "") is not None
    assert mutated_bytes(Random(1), b"") == b""


class _Ours(ValueError):
    """An error as the project raises them."""

    __module__ = "engine.nowhere"


@pytest.mark.parametrize(
    ("error", "outcome", "where"),
    [
        (_Ours("line 1: is not allowed"), REFUSED, ""),
        (_Ours(""), FIND, "_Ours"),
        (OSError(2, "No such file", "x"), REFUSED, ""),
        (KeyError("x"), FIND, "KeyError"),
        (MemoryError(), FIND, "MemoryError"),
        (Silent("nan"), FIND, "Silent"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_counts_as_a_find(error: Exception, outcome: str, where: str, folder: Path) -> None:
    def door() -> None:
        raise error

    verdict = judge(door, folder)
    assert verdict.outcome == outcome
    assert verdict.where.startswith(where)


def test_a_file_left_behind_and_a_hang_are_finds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert judge(lambda: None, folder).outcome == ACCEPTED
    left = judge((folder / "x").touch, folder)
    assert (left.outcome, left.where, left.said) == (FIND, "stray file", "left x")
    monkeypatch.setattr("benchmarks.fuzzing.judge.SECONDS", 0.2)

    def forever() -> None:
        while True:
            pass

    stuck = judge(forever, folder)
    assert stuck.outcome == FIND
    assert stuck.where.startswith("hang")
