"""Runs one input under watch and says what came of it: refused in words, accepted, or a find."""

from __future__ import annotations

import contextlib
import resource
import signal
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

OURS: Final = ("assumptions", "cohorts", "engine")
REFUSED, ACCEPTED, FIND = "refused", "accepted", "find"
SECONDS: Final = 20.0
"""Seconds of a processor that count as a hang; a valid input takes a small part of one."""
WAITING: Final = 300.0
"""Seconds of the clock that count as one, where an input makes its reader wait."""
MEMORY: Final = 1 << 30
"""Bytes by which one input may raise the highest memory of the process."""


class Hang(BaseException):
    """The alarm; no handler of ours may take it for an error of its own."""


class Silent(AssertionError):
    """An input was accepted and what it gives is no number, or is implausible without a word."""


class Refusal(Exception):
    """A command refused its input in words."""


@dataclass(frozen=True)
class Verdict:
    """What came of an input; ``where`` tells finds apart, ``said`` is the message or the trace."""

    outcome: str
    where: str = ""
    said: str = ""


@contextlib.contextmanager
def alarm() -> Iterator[None]:
    """Raise `Hang` when the time is over."""

    def ring(*_: object) -> None:
        raise Hang

    timers = (
        (signal.SIGPROF, signal.ITIMER_PROF, SECONDS),
        (signal.SIGALRM, signal.ITIMER_REAL, WAITING),
    )
    before = [signal.signal(number, ring) for number, _, _ in timers]
    for _, timer, seconds in timers:
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for (number, timer, _), handler in zip(timers, before, strict=True):
            signal.setitimer(timer, 0.0)
            signal.signal(number, handler)


def highest_memory() -> int:
    """Highest memory of the process so far, bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def is_refusal(error: BaseException) -> bool:
    """An error class of ours with a message, or one of the system that names its file."""
    ours = type(error).__module__.partition(".")[0] in OURS
    return isinstance(error, Refusal) or (
        (ours or isinstance(error, OSError)) and not isinstance(error, Silent) and bool(str(error).strip())
    )


def place(error: BaseException) -> str:
    """Kind of error and the innermost line of ours that it passed: finds of one place are one find."""
    stated = getattr(error, "where", None)
    if isinstance(stated, str):
        return stated
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if any(f"/{name}/" in frame.filename for name in OURS)]
    last = (ours or frames or [None])[-1]
    return (
        f"{type(error).__name__} at {Path(last.filename).name}:{last.name}" if last else type(error).__name__
    )


def judge(door: Callable[[], None], folder: Path, allowed: frozenset[str] = frozenset()) -> Verdict:
    """Send an input through its door.

    Parameters
    ----------
    door : callable
        Reads the input, and more where it is accepted; raises what the reader raises, or `Silent`.
    folder : Path
        The working folder; whatever is there afterwards and neither was before nor is ``allowed`` is a find.
    """
    before = files(folder)
    memory = highest_memory()
    verdict = Verdict(ACCEPTED)
    try:
        with alarm():
            door()
    except Hang as error:
        verdict = Verdict(FIND, "hang, " + place(error), f"took more than {SECONDS:g} s of a processor")
    except MemoryError as error:
        verdict = Verdict(FIND, place(error), "asks for more memory than there is")
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:
        if is_refusal(error):
            verdict = Verdict(REFUSED, said=str(error))
        else:
            verdict = Verdict(FIND, place(error), "".join(traceback.format_exception(error)))
    grown = highest_memory() - memory
    if grown > MEMORY and verdict.outcome != FIND:
        verdict = Verdict(
            FIND, "memory", f"raised the highest memory by {grown / 1e9:.1f} GB; {verdict.said}"
        )
    stray = files(folder) - before - allowed
    if stray and verdict.outcome != FIND:
        verdict = Verdict(FIND, "stray file", f"left {', '.join(sorted(stray))}")
    return verdict


def files(folder: Path) -> frozenset[str]:
    """Names of all files below a folder."""
    return frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
