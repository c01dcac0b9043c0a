"""What is likely to be asked for next: the steps beside where a slider stands, projected while nobody waits."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from threading import Lock, Timer

from assumptions import AssumptionError, levers
from engine.explore import numbers
from engine.explore.state import State

REST = 0.25
"""Seconds in which no control is moved, before it begins."""
_DIGITS = 10
_LOCK = Lock()
_waiting: list[Timer] = []


def neighbours(state: State, moved: Collection[str]) -> list[State]:
    """States one step further, and one step back, on the slider of each lever that was moved."""
    found = []
    for one in state.statements:
        if one.lever.name not in moved or one.lever.range is None or isinstance(one.value, str):
            continue
        low, high = one.lever.range
        for step in (one.lever.step, -one.lever.step):
            value = round(one.value + step, _DIGITS)
            if low <= value <= high:
                # As it is typed, so that it is the same case to the last digit.
                (beside,) = levers.parse([replace(one, value=value).text])
                others = tuple(beside if other is one else other for other in state.statements)
                found.append(replace(state, statements=others))
    return found


def soon(state: State, moved: Collection[str]) -> None:
    """Project the neighbours of a state of one scenario when its controls rest; what was still to come is dropped."""
    with _LOCK:
        for one in _waiting:
            one.cancel()
        _waiting.clear()
        if len(state.scenarios) == 1 and moved:
            timer = Timer(REST, _project, [state, moved])
            timer.daemon = True
            _waiting.append(timer)
            timer.start()


def _project(state: State, moved: Collection[str]) -> None:
    mine = _waiting[:]
    for one in neighbours(state, moved):
        if _waiting != mine:
            return
        with suppress(AssumptionError):
            numbers.pairs(one)


__all__ = ["REST", "neighbours", "soon"]
