"""One mutated input after another: determined by seed and number, judged, and made small where it is a find."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from benchmarks.fuzzing.doors import DOORS, FUND, Door
from benchmarks.fuzzing.judge import ACCEPTED, FIND, Verdict, judge

COMPANIONS: Final = ("members.csv", "pensioners.csv", "benefits.csv")
PATIENCE: Final = 15.0
"""Seconds that go into making a find small."""


@dataclass(frozen=True)
class Judged:
    """An input and what came of it; ``deep`` where an accepted one was computed with."""

    number: int
    door: str
    content: bytes
    deep: bool
    verdict: Verdict


def lay_out(folder: Path) -> None:
    """The files that valid inputs name."""
    for name in COMPANIONS:
        shutil.copyfile(FUND / name, folder / name)


def judged(door: Door, content: bytes, folder: Path, deep: bool, number: int = 0) -> Verdict:
    """Send one input through its door, in a folder that is as it was afterwards."""
    path = folder / f"input_{number}{door.suffix or '.txt'}"
    if door.suffix:
        path.write_bytes(content)
    try:
        return judge(lambda: door.open(path, content, deep), folder, door.leaves)
    finally:
        for left in folder.iterdir():
            if left.name not in COMPANIONS:
                shutil.rmtree(left) if left.is_dir() else left.unlink()


def stream(
    seed: int, folder: Path, doors: Sequence[Door] = DOORS, start: int = 0, step: int = 1
) -> Iterator[Judged]:
    """Judge the inputs ``start``, ``start + step``, ... without end; the same number is always the same input."""
    weights = [door.weight for door in doors]
    lay_out(folder)
    number = start
    while True:
        random = Random(f"{seed}/{number}")
        door = random.choices(doors, weights)[0]
        content = door.make(random)
        deep = random.random() < door.sample
        yield Judged(number, door.name, content, deep, judged(door, content, folder, deep, number))
        number += step


def smaller(door: Door, content: bytes, folder: Path, verdict: Verdict) -> bytes:
    """The find with whatever lines, and then letters, can be left out while it stays the same find."""
    until = time.monotonic() + PATIENCE
    tries = 0

    def same(candidate: bytes) -> bool:
        nonlocal tries
        tries += 1
        found = judged(door, candidate, folder, True, 1_000_000_000 + tries)
        return found.outcome == FIND and found.where == verdict.where

    if not same(content):
        return content
    for separator in (b"\n", b"\0", None):
        parts = content.split(separator) if separator else [bytes([byte]) for byte in content]
        if separator is None and len(content) > 4000:
            break
        width = max(1, len(parts) // 2)
        while width and time.monotonic() < until:
            at = 0
            while at < len(parts) and time.monotonic() < until:
                fewer = parts[:at] + parts[at + width :]
                if fewer and same((separator or b"").join(fewer)):
                    parts = fewer
                else:
                    at += width
            width //= 2
        content = (separator or b"").join(parts)
    return content


__all__ = ["ACCEPTED", "FIND", "Judged", "judged", "lay_out", "smaller", "stream"]
