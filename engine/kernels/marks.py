"""Marks of awards whose funds pay first: when these run out, and what the State pays from then on.

Nine of ten awards run out of funds in the same year after the award as those of the cell before. So awards of one year and
type are added up as long as that holds, which a loop over years does in whole vectors; only the others are searched for, and
what was added up until then is put to the marks.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from cohorts.arrays import Floats, Unsigned
from cohorts.axes import (
    DEATH,
    DISABILITY,
    N_TYPES,
    N_WITH_ALLOWANCES,
    OCCUPATIONAL_DEATH,
    OCCUPATIONAL_DISABILITY,
    RETIREMENT,
)
from engine.apart import apart
from engine.kernels import layout as at
from engine.kernels.layout import N_MARKS, ONE, STRIDE, TWO, ZERO
from engine.law.compiled import inner_inlined
from engine.law.state import last_payment

MARKS, WITH_ALLOWANCES = np.uint64(N_MARKS), np.uint64(N_WITH_ALLOWANCES)
# A run is of one type under the old law, or of retirement under the new; its number is that of its table of units.
NEW_RETIREMENT = np.uint64(N_TYPES)
DISCOUNTS = np.uint64(N_TYPES + 1)
ALLOWED_UNITS = np.uint64(N_TYPES + 2)
NEVER = 1e300
"""Discounted units that no funds pay: an award that lasts as long as it is followed."""


class Room(NamedTuple):
    """Of :class:`engine.kernels.layout.Buffers`, what marks are made in."""

    units: Floats
    marks: Floats
    years: int
    width: int
    durations: int


@apart
def begin_runs(desk: Floats, start: Unsigned, end: Unsigned) -> None:
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
def put_run(desk: np.ndarray, room: Room, run: int, generation: int, t: int) -> None:
    """Put a run of year ``t`` to the marks, and begin it anew, in place."""
    marks, years, width = room.marks, np.uint64(room.years), np.uint64(room.width)
    place = run * STRIDE + t
    k = np.uint64(desk[at.GUESS + place])
    if desk[at.RUN_YEARLY + place] > 0.0 and desk[at.RUN_HIGH + place] < NEVER:
        size = years * width
        discount = room.units[(DISCOUNTS * years + t) * width + k]
        of_generation = generation * TWO * (MARKS + WITH_ALLOWANCES) * size
        mark = of_generation + (run * years + t) * width + k
        marks[mark] += desk[at.RUN_LACKING + place] / discount
        marks[MARKS * size + mark + ONE] += desk[at.RUN_YEARLY + place]
        if run < WITH_ALLOWANCES:
            mark = of_generation + ((TWO * MARKS + run) * years + t) * width + k
            marks[mark] += desk[at.RUN_LACKING_BESIDE + place] / discount
            marks[WITH_ALLOWANCES * size + mark + ONE] += desk[at.RUN_YEARLY_BESIDE + place]
    desk[at.RUN_YEARLY + place] = 0.0
    desk[at.RUN_LACKING + place] = 0.0
    if run < WITH_ALLOWANCES:
        desk[at.RUN_YEARLY_BESIDE + place] = 0.0
        desk[at.RUN_LACKING_BESIDE + place] = 0.0


@apart
def put_runs(desk: Floats, room: Room, generation: Unsigned, start: Unsigned, end: Unsigned) -> None:
    """Put all runs to the marks of a generation."""
    for run in range(NEW_RETIREMENT + ONE):
        for t in range(start, end):
            put_run(desk, room, run, generation, t)


@inner_inlined()
def units_until(units: np.ndarray, table: int, beside: int, per_unit: float, k: int) -> float:
    """Discounted payments of a unit of pension and its allowances until duration ``k``."""
    return units[table + k] + per_unit * units[beside + k]


@inner_inlined()
def of_allowances(lacking: float, of_year: float, before: float, paid: float) -> float:
    """What of that which funds lack is of family allowances, ``of_year`` of the units from ``before`` to ``paid``."""
    return lacking * (of_year / (paid - before) if paid > before else 0.0)


@apart
def seek_runs(
    desk: Floats, room: Room, run: Unsigned, generation: Unsigned, start: Unsigned, end: Unsigned
) -> None:
    """New runs in the years whose award does not belong to the run at hand, in place."""
    units, years, width = room.units, np.uint64(room.years), np.uint64(room.width)
    allowed = run < WITH_ALLOWANCES
    for t in range(start, end):
        if desk[at.MISSED + t] > 0.0:
            place = run * STRIDE + t
            put_run(desk, room, run, generation, t)
            table = (run * years + t) * width
            beside = ((ALLOWED_UNITS + run) * years + t) * width if allowed else table
            per_unit = desk[at.PER_UNIT + t] if allowed else 0.0
            funds = desk[at.FUNDED + t]
            n = min(np.uint64(room.durations), years - t)
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
                of_year = per_unit * (desk[at.RUN_HIGH_BESIDE + place] - desk[at.RUN_LOW_BESIDE + place])
                before = desk[at.RUN_LOW + place] + per_unit * desk[at.RUN_LOW_BESIDE + place]
                beside_lacking = of_allowances(lacking, of_year, before, paid)
                desk[at.RUN_YEARLY_BESIDE + place] = yearly * per_unit
                desk[at.RUN_LACKING_BESIDE + place] = beside_lacking
                lacking -= beside_lacking
            desk[at.RUN_LACKING + place] = lacking


def marking(run: int, of_old: float) -> Any:
    """The function that adds a cell's awards of one type without allowances to the run at hand.

    Each run has its own, since a loop over years runs in vectors where all rows are at distances that the compiler knows.
    """
    low_of, high_of, yearly_of, lacking_of = (
        row + np.uint64(run) * STRIDE for row in (at.RUN_LOW, at.RUN_HIGH, at.RUN_YEARLY, at.RUN_LACKING)
    )

    @apart
    def mark(desk: Floats, start: Unsigned, last: Unsigned, end: Unsigned) -> bool:
        """Add the awards of the years from ``start`` to ``last``, in place; whether some do not belong to the run.

        ``end`` may be moved on from ``last`` to whole vectors.
        """
        missed = ZERO
        for t in range(start, end):
            low, high, funds = desk[low_of + t], desk[high_of + t], desk[at.FUNDED + t]
            yearly = desk[at.YEARLY + t] if (desk[at.OLD_CHOSEN + t] == of_old) & (t < last) else 0.0
            belongs = (funds >= low) & (funds < high)
            desk[yearly_of + t] += yearly if belongs else 0.0
            desk[lacking_of + t] += last_payment(yearly, high, funds, 1.0) if belongs else 0.0
            misses = (yearly > 0.0) & (not belongs)
            desk[at.MISSED + t] = yearly if misses else 0.0
            missed += ONE if misses else ZERO
        return bool(missed > ZERO)

    return mark


def marking_with_allowances(run: int) -> Any:
    """As :func:`marking` of an old-law pension with family allowances.

    The funds pay both in the same proportion. What they lack in their last year is told apart, since allowances go to the
    pensioner alone.
    """
    row = np.uint64(run) * STRIDE
    low_of, high_of, yearly_of, lacking_of = (
        of + row for of in (at.RUN_LOW, at.RUN_HIGH, at.RUN_YEARLY, at.RUN_LACKING)
    )
    low_beside, high_beside, yearly_beside, lacking_beside = (
        of + row
        for of in (at.RUN_LOW_BESIDE, at.RUN_HIGH_BESIDE, at.RUN_YEARLY_BESIDE, at.RUN_LACKING_BESIDE)
    )

    @apart
    def mark(desk: Floats, start: Unsigned, last: Unsigned, end: Unsigned) -> bool:
        """Add the awards of the years from ``start`` to ``last``, in place; whether some do not belong to the run."""
        missed = ZERO
        for t in range(start, end):
            per_unit, funds = desk[at.PER_UNIT + t], desk[at.FUNDED + t]
            low = desk[low_of + t] + per_unit * desk[low_beside + t]
            high = desk[high_of + t] + per_unit * desk[high_beside + t]
            yearly = desk[at.YEARLY + t] if (desk[at.OLD_CHOSEN + t] == 1.0) & (t < last) else 0.0
            belongs = (funds >= low) & (funds < high)
            lacking = last_payment(yearly, high, funds, 1.0) if belongs else 0.0
            of_year = per_unit * (desk[high_beside + t] - desk[low_beside + t])
            beside = of_allowances(lacking, of_year, low, high)
            desk[yearly_of + t] += yearly if belongs else 0.0
            desk[lacking_of + t] += lacking - beside
            desk[yearly_beside + t] += yearly * per_unit if belongs else 0.0
            desk[lacking_beside + t] += beside
            misses = (yearly > 0.0) & (not belongs)
            desk[at.MISSED + t] = yearly if misses else 0.0
            missed += ONE if misses else ZERO
        return bool(missed > ZERO)

    return mark


mark_retirement, mark_disability = marking_with_allowances(RETIREMENT), marking_with_allowances(DISABILITY)
mark_death, mark_occupational_disability, mark_occupational_death = (
    marking(kind, 1.0) for kind in (DEATH, OCCUPATIONAL_DISABILITY, OCCUPATIONAL_DEATH)
)
mark_new_retirement = marking(N_TYPES, 0.0)


@apart
def mark_old_law(desk: Floats, kind: int, start: Unsigned, last: Unsigned, end: Unsigned) -> bool:
    """Add a cell's old-law awards of one type from year ``start`` to ``last`` whose funds pay first to the run at hand, in
    place; whether some do not belong to it."""
    if kind == RETIREMENT:
        return mark_retirement(desk, start, last, end)
    if kind == DISABILITY:
        return mark_disability(desk, start, last, end)
    if kind == DEATH:
        return mark_death(desk, start, last, end)
    if kind == OCCUPATIONAL_DISABILITY:
        return mark_occupational_disability(desk, start, last, end)
    return mark_occupational_death(desk, start, last, end)
