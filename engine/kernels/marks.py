"""Marks of awards whose funds pay first: when these run out, and what the State pays from then on.

Nine of ten awards run out of funds in the same year after the award as those of the cell before. So awards of one year and
type are added up as long as that holds, which a loop over years does in whole vectors; only the others are searched for, and
what was added up until then is put to the marks.
"""

from __future__ import annotations

import numpy as np

from cohorts.axes import (
    DEATH,
    DISABILITY,
    N_TYPES,
    N_WITH_ALLOWANCES,
    OCCUPATIONAL_DEATH,
    OCCUPATIONAL_DISABILITY,
    RETIREMENT,
)
from engine.kernels import layout as at
from engine.kernels.layout import N_MARKS, ONE, STRIDE, TWO, ZERO, Buffers
from engine.law.compiled import inner, inner_inlined
from engine.law.state import last_payment

MARKS, WITH_ALLOWANCES = np.uint64(N_MARKS), np.uint64(N_WITH_ALLOWANCES)
# A run is of one type under the old law, or of retirement under the new; its number is that of its table of units.
NEW_RETIREMENT = np.uint64(N_TYPES)
DISCOUNTS = np.uint64(N_TYPES + 1)
ALLOWED_UNITS = np.uint64(N_TYPES + 2)
NEVER = 1e300
"""Discounted units that no funds pay: an award that lasts as long as it is followed."""


@inner()
def begin_runs(desk: np.ndarray, start: int, end: int) -> None:
    """Runs that hold no award and that none belongs to, in place."""
    for run in range(NEW_RETIREMENT + ONE):
        row = run * STRIDE
        for t in range(start, end):
            desk[at.RUN_LOW + row + t] = 0.0
            desk[at.RUN_HIGH + row + t] = 0.0
            desk[at.RUN_YEARLY + row + t] = 0.0
            desk[at.RUN_LACKING + row + t] = 0.0
    for run in range(WITH_ALLOWANCES):
        row = run * STRIDE
        for t in range(start, end):
            desk[at.RUN_LOW_BESIDE + row + t] = 0.0
            desk[at.RUN_HIGH_BESIDE + row + t] = 0.0
            desk[at.RUN_YEARLY_BESIDE + row + t] = 0.0
            desk[at.RUN_LACKING_BESIDE + row + t] = 0.0


@inner_inlined()
def put_run(desk: np.ndarray, buffers: Buffers, run: int, t: int) -> None:
    """Put a run of year ``t`` to the marks, and begin it anew, in place."""
    marks, years, width = buffers.marks, np.uint64(buffers.years), np.uint64(buffers.width)
    place = run * STRIDE + t
    k = np.uint64(desk[at.GUESS + place])
    if desk[at.RUN_YEARLY + place] > 0.0 and desk[at.RUN_HIGH + place] < NEVER:
        size = years * width
        discount = buffers.units[(DISCOUNTS * years + t) * width + k]
        mark = (run * years + t) * width + k
        marks[mark] += desk[at.RUN_LACKING + place] / discount
        marks[MARKS * size + mark + ONE] += desk[at.RUN_YEARLY + place]
        if run < WITH_ALLOWANCES:
            mark = ((TWO * MARKS + run) * years + t) * width + k
            marks[mark] += desk[at.RUN_LACKING_BESIDE + place] / discount
            marks[WITH_ALLOWANCES * size + mark + ONE] += desk[at.RUN_YEARLY_BESIDE + place]
    desk[at.RUN_YEARLY + place] = 0.0
    desk[at.RUN_LACKING + place] = 0.0
    if run < WITH_ALLOWANCES:
        desk[at.RUN_YEARLY_BESIDE + place] = 0.0
        desk[at.RUN_LACKING_BESIDE + place] = 0.0


@inner()
def put_runs(desk: np.ndarray, buffers: Buffers, start: int, end: int) -> None:
    """Put all runs to the marks."""
    for run in range(NEW_RETIREMENT + ONE):
        for t in range(start, end):
            put_run(desk, buffers, run, t)


@inner_inlined()
def units_until(units: np.ndarray, table: int, beside: int, per_unit: float, k: int) -> float:
    """Discounted payments of a unit of pension and its allowances until duration ``k``."""
    return units[table + k] + per_unit * units[beside + k]


@inner()
def seek_runs(desk: np.ndarray, buffers: Buffers, run: int, start: int, end: int) -> None:
    """New runs in the years whose award does not belong to the run at hand, in place."""
    units, years, width = buffers.units, np.uint64(buffers.years), np.uint64(buffers.width)
    allowed = run < WITH_ALLOWANCES
    for t in range(start, end):
        if desk[at.MISSED + t] > 0.0:
            place = run * STRIDE + t
            put_run(desk, buffers, run, t)
            table = (run * years + t) * width
            beside = ((ALLOWED_UNITS + run) * years + t) * width if allowed else table
            per_unit = desk[at.PER_UNIT + t] if allowed else 0.0
            funds = desk[at.FUNDED + t]
            n = min(np.uint64(buffers.durations), years - t)
            k = min(np.uint64(desk[at.GUESS + place]), n)
            while k < n and units_until(units, table, beside, per_unit, k) <= funds:
                k += ONE
            while k > ZERO and units_until(units, table, beside, per_unit, k - ONE) > funds:
                k -= ONE
            desk[at.GUESS + place] = k
            desk[at.RUN_LOW + place] = units[table + k - ONE] if k > ZERO else 0.0
            desk[at.RUN_HIGH + place] = units[table + k] if k < n else NEVER
            if allowed:
                desk[at.RUN_LOW_BESIDE + place] = units[beside + k - ONE] if k > ZERO else 0.0
                desk[at.RUN_HIGH_BESIDE + place] = units[beside + k] if k < n else 0.0
            yearly = desk[at.MISSED + t]
            desk[at.RUN_YEARLY + place] = yearly
            paid = desk[at.RUN_HIGH + place]
            if allowed:
                paid += per_unit * desk[at.RUN_HIGH_BESIDE + place]
            lacking = last_payment(yearly, paid, funds, 1.0)
            if allowed:
                part = allowances_of_last(desk, place, per_unit)
                desk[at.RUN_YEARLY_BESIDE + place] = yearly * per_unit
                desk[at.RUN_LACKING_BESIDE + place] = lacking * part
                lacking -= lacking * part
            desk[at.RUN_LACKING + place] = lacking


@inner_inlined()
def allowances_of_last(desk: np.ndarray, place: int, per_unit: float) -> float:
    """Part of the payment of the year in which funds run out that is of family allowances."""
    of_year = desk[at.RUN_HIGH_BESIDE + place] - desk[at.RUN_LOW_BESIDE + place]
    whole = desk[at.RUN_HIGH + place] - desk[at.RUN_LOW + place] + per_unit * of_year
    return per_unit * of_year / whole if whole > 0.0 else 0.0


@inner_inlined()
def mark_run(desk: np.ndarray, run: int, of_old: float, start: int, last: int, end: int) -> bool:
    """Add a cell's awards of one type without allowances to the run at hand, in place; whether some do not belong to it.

    ``run`` is a constant where this is called, so that all rows are at constant distances; ``end`` may be moved on from
    ``last`` to whole vectors.
    """
    row = run * STRIDE
    missed = ZERO
    for t in range(start, end):
        low, high, funds = desk[at.RUN_LOW + row + t], desk[at.RUN_HIGH + row + t], desk[at.FUNDED + t]
        yearly = desk[at.YEARLY + t] if (desk[at.OLD_CHOSEN + t] == of_old) & (t < last) else 0.0
        belongs = (funds >= low) & (funds < high)
        desk[at.RUN_YEARLY + row + t] += yearly if belongs else 0.0
        desk[at.RUN_LACKING + row + t] += last_payment(yearly, high, funds, 1.0) if belongs else 0.0
        misses = (yearly > 0.0) & (not belongs)
        desk[at.MISSED + t] = yearly if misses else 0.0
        missed += ONE if misses else ZERO
    return missed > ZERO


@inner_inlined()
def mark_run_with_allowances(desk: np.ndarray, run: int, start: int, last: int, end: int) -> bool:
    """As :func:`mark_run` of an old-law pension with family allowances.

    The funds pay both in the same proportion. What they lack in their last year is told apart, since allowances go to the
    pensioner alone.
    """
    row = run * STRIDE
    missed = ZERO
    for t in range(start, end):
        per_unit, funds = desk[at.PER_UNIT + t], desk[at.FUNDED + t]
        low = desk[at.RUN_LOW + row + t] + per_unit * desk[at.RUN_LOW_BESIDE + row + t]
        high = desk[at.RUN_HIGH + row + t] + per_unit * desk[at.RUN_HIGH_BESIDE + row + t]
        yearly = desk[at.YEARLY + t] if (desk[at.OLD_CHOSEN + t] == 1.0) & (t < last) else 0.0
        belongs = (funds >= low) & (funds < high)
        lacking = last_payment(yearly, high, funds, 1.0) if belongs else 0.0
        beside = lacking * allowances_of_last(desk, row + t, per_unit)
        desk[at.RUN_YEARLY + row + t] += yearly if belongs else 0.0
        desk[at.RUN_LACKING + row + t] += lacking - beside
        desk[at.RUN_YEARLY_BESIDE + row + t] += yearly * per_unit if belongs else 0.0
        desk[at.RUN_LACKING_BESIDE + row + t] += beside
        misses = (yearly > 0.0) & (not belongs)
        desk[at.MISSED + t] = yearly if misses else 0.0
        missed += ONE if misses else ZERO
    return missed > ZERO


@inner()
def mark_exhaustion(
    desk: np.ndarray, buffers: Buffers, kind: int, old_rights: bool, start: int, last: int, end: int
) -> None:
    """Marks of a cell's awards of one type from year ``start`` to ``last`` whose funds pay first, in place."""
    if old_rights:
        missed = False
        if kind == RETIREMENT:
            missed = mark_run_with_allowances(desk, np.uint64(RETIREMENT), start, last, end)
        elif kind == DISABILITY:
            missed = mark_run_with_allowances(desk, np.uint64(DISABILITY), start, last, end)
        elif kind == DEATH:
            missed = mark_run(desk, np.uint64(DEATH), 1.0, start, last, end)
        elif kind == OCCUPATIONAL_DISABILITY:
            missed = mark_run(desk, np.uint64(OCCUPATIONAL_DISABILITY), 1.0, start, last, end)
        else:
            missed = mark_run(desk, np.uint64(OCCUPATIONAL_DEATH), 1.0, start, last, end)
        if missed:
            seek_runs(desk, buffers, np.uint64(kind), start, last)
    if kind == RETIREMENT and mark_run(desk, NEW_RETIREMENT, 0.0, start, last, end):
        seek_runs(desk, buffers, NEW_RETIREMENT, start, last)
