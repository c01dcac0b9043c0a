"""Sends mutated inputs of every kind through the project's doors: each must be refused in words or give numbers.

    python benchmarks/fuzz.py [--inputs N | --hours H] [--workers 2] [--seed S] [--only KIND ...] [--results FOLDER]
    python benchmarks/fuzz.py --again KIND FILE

A find is any other error, a command that calls itself defective, a hang, a leap in memory, a crash, a file left behind,
results that are not finite or that are implausible without a notice. Each is made small and kept, with its message, in
benchmarks/results/fuzz (not under version control), the first of its place only. The same seed and number is always the same
input. Ends with how many ran, were refused, were accepted and were computed with, by kind. Exit status 0: no find; 1: some.
"""

from __future__ import annotations

import argparse
import faulthandler
import multiprocessing as mp
import os
import re
import resource
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
if __name__ in ("__main__", "__mp_main__"):
    sys.path.insert(0, str(HERE.parent))

from benchmarks.fuzzing.doors import DOORS, Door, warm  # noqa: E402
from benchmarks.fuzzing.inputs import ACCEPTED, FIND, judged, lay_out, smaller, stream  # noqa: E402
from benchmarks.fuzzing.judge import WAITING  # noqa: E402

RESULTS: Final = HERE / "results" / "fuzz"
INPUTS: Final = 2_000
WORKERS: Final = 2
ADDRESSES: Final = 12 << 30
"""Bytes of addresses that a worker may ask for."""
EVERY: Final = 5.0
"""Seconds between two reports of a worker."""


def chosen(names: Sequence[str]) -> list[Door]:
    """Doors by name; all without any."""
    return [door for door in DOORS if not names or door.name in names]


def work(
    seed: int, names: Sequence[str], start: int, step: int, last: int | None, at: Any, told: Any
) -> None:
    """Judge inputs until the last one, or until ended; counts and finds are put into ``told``, the number into ``at``."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    os.environ |= {"NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    warnings.simplefilter("ignore")
    doors = chosen(names)
    by_name = {door.name: door for door in doors}
    known: set[tuple[str, str]] = set()
    counts: Counter[tuple[str, str]] = Counter()
    reported = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch).resolve()
        os.chdir(folder)
        os.environ["HOME"] = scratch
        at.value = start
        warm()
        for item in stream(seed, folder, doors, start, step):
            counts[item.door, "ran"] += 1
            counts[item.door, item.verdict.outcome] += 1
            counts[item.door, "computed"] += item.deep and item.verdict.outcome == ACCEPTED
            key = (item.door, item.verdict.where)
            if item.verdict.outcome == FIND and key not in known:
                known.add(key)
                small = smaller(by_name[item.door], item.content, folder, item.verdict)
                told.put(("find", item.number, item.door, item.verdict.where, small, item.verdict.said))
            at.value = item.number + step
            # A call that no alarm can end is ended with the process; the number says which input it was.
            faulthandler.dump_traceback_later(2 * WAITING, exit=True)
            if time.monotonic() - reported > EVERY or (last is not None and at.value >= last):
                told.put(("counts", dict(counts)))
                counts.clear()
                reported = time.monotonic()
            if last is not None and at.value >= last:
                break
    faulthandler.cancel_dump_traceback_later()


def run(
    options: argparse.Namespace,
) -> tuple[Counter[tuple[str, str]], dict[tuple[str, str], tuple[int, bytes, str]]]:
    """All workers until the inputs or the hours are over; a worker that dies is a find, and another goes on behind it."""
    context = mp.get_context("spawn")
    told: Any = context.Queue()
    last = None if options.hours else options.inputs
    until = time.monotonic() + 3600.0 * options.hours if options.hours else float("inf")
    places = [context.Value("q", n) for n in range(options.workers)]

    def begin(n: int) -> Any:
        arguments = (options.seed, options.only, places[n].value, options.workers, last, places[n], told)
        process = context.Process(target=work, args=arguments)
        process.start()
        return process

    counts: Counter[tuple[str, str]] = Counter()
    finds: dict[tuple[str, str], tuple[int, bytes, str]] = {}
    workers = [begin(n) for n in range(options.workers)]
    running = set(range(options.workers))

    def listen(seconds: float) -> None:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends or not told.empty():
            try:
                kind, *rest = told.get(timeout=0.2)
            except Exception:
                continue
            if kind == "counts":
                counts.update(rest[0])
            else:
                number, door, where, content, said = rest
                finds.setdefault((door, where), (number, content, said))

    try:
        while running and time.monotonic() < until:
            listen(1.0)
            for n in sorted(running):
                if workers[n].is_alive():
                    continue
                running.discard(n)
                if workers[n].exitcode:
                    number = places[n].value
                    finds["crash", f"exit status {workers[n].exitcode}, input {number}"] = (number, b"", "")
                    places[n].value = number + options.workers
                    workers[n] = begin(n)
                    running.add(n)
    finally:
        for process in workers:
            process.terminate()
            process.join()
        listen(0.5)
    return counts, finds


def keep(folder: Path, finds: dict[tuple[str, str], tuple[int, bytes, str]], seed: int) -> None:
    """One folder a find: the input and what it led to."""
    endings = {door.name: door.suffix or ".txt" for door in DOORS}
    for (door, where), (number, content, said) in finds.items():
        place = folder / re.sub(r"[^A-Za-z0-9_.]+", "-", f"{door}-{where}")[:120]
        place.mkdir(parents=True, exist_ok=True)
        (place / f"input{endings.get(door, '.txt')}").write_bytes(content)
        (place / "said.txt").write_text(
            f"seed {seed}, input {number}\n{where}\n\n{said}\n", encoding="utf-8", errors="replace"
        )


def table(counts: Counter[tuple[str, str]], seconds: float) -> str:
    """How many ran and what came of them, by kind."""
    columns = ("ran", "refused", "accepted", "computed", "find")
    rows = [[door.name, *(counts[door.name, column] for column in columns)] for door in DOORS]
    rows = [row for row in rows if row[1]]
    total = ["all", *(sum(int(row[n]) for row in rows) for n in range(1, len(columns) + 1))]
    lines = [f"{'':12}" + "".join(f"{column + ('s' if column == 'find' else ''):>10}" for column in columns)]
    lines += [f"{row[0]:12}" + "".join(f"{int(value):>10,}" for value in row[1:]) for row in (*rows, total)]
    rate = int(total[1]) / max(seconds, 1e-9)
    return "\n".join(
        [
            *lines,
            f"{seconds:.0f} s, {rate:.1f} inputs a second, {rate * 8 * 3600:,.0f} in a night of eight hours",
        ]
    )


def again(name: str, file: Path) -> int:
    """One input, with its whole trace."""
    door = chosen([name])[0]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch).resolve()
        lay_out(folder)
        content = file.read_bytes()
        os.chdir(folder)
        verdict = judged(door, content, folder, True)
        os.chdir(HERE)
    print(f"{verdict.outcome} {verdict.where}\n{verdict.said}".strip())
    return int(verdict.outcome == FIND)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the fuzzer; returns the exit status."""
    kinds = [door.name for door in DOORS]
    parser = argparse.ArgumentParser(prog="benchmarks/fuzz.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--inputs", type=int, default=INPUTS, help=f"how many (default {INPUTS})")
    parser.add_argument("--hours", type=float, default=0.0, help="as many as that long allows")
    parser.add_argument("--workers", type=int, default=WORKERS, help=f"processes (default {WORKERS})")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the time by default")
    parser.add_argument("--only", nargs="+", default=[], choices=kinds, metavar="KIND", help=", ".join(kinds))
    parser.add_argument(
        "--results", type=Path, default=RESULTS, metavar="FOLDER", help="where finds are kept"
    )
    parser.add_argument("--again", nargs=2, metavar=("KIND", "FILE"), help="one input once more")
    options = parser.parse_args(arguments)
    if options.again:
        return again(options.again[0], Path(options.again[1]).resolve())
    started = time.monotonic()
    counts, finds = run(options)
    print(f"seed {options.seed}")
    print(table(counts, time.monotonic() - started))
    keep(options.results, finds, options.seed)
    for (door, where), (number, content, _) in sorted(finds.items()):
        print(f"find: {door}, {where}, input {number}: {content[:160]!r}")
    if finds:
        print(f"{len(finds)} finds in {options.results}")
    return int(bool(finds))


if __name__ == "__main__":
    sys.exit(main())
