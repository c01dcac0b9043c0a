"""What awards of one birth year and profile cost in every year after them: units of pension, running sums, flows."""

from __future__ import annotations

import numpy as np

from cohorts.axes import (
    DEATH,
    N_GENERATIONS,
    N_REGIMES,
    N_TYPES,
    OCCUPATIONAL_DEATH,
    OLD_LAW,
    RETIREMENT,
)
from engine.kernels import layout as at
from engine.kernels.layout import STRIDE, Buffers, Group
from engine.kernels.types import Economy, Flows, Payments
from engine.law.compiled import inner
from engine.law.state import CAPITAL, last_payment

MARKS = np.uint64(at.N_MARKS)


@inner()
def discounts(economy: Economy, years: int, width: int, discount: np.ndarray, indexed: np.ndarray) -> None:
    """Discount factors and old-law index from every year of award on, float64 (year x duration, flat), in place."""
    for t in range(years):
        factor = 1.0
        for k in range(years - t):
            discount[t * width + k] = factor
            indexed[t * width + k] = economy.indexation[t + k] / economy.indexation[t]
            factor /= 1.0 + economy.fund_return[t + k]


@inner()
def cumulative_units(
    unit: np.ndarray,
    discount: np.ndarray,
    indexed: np.ndarray,
    on_index: bool,
    first_row: int,
    start: int,
    end: int,
    years: int,
    width: int,
    cumulative: np.ndarray,
) -> None:
    """Discounted payments of a unit of pension up to each duration, for awards of every year, in place.

    ``unit`` is float64 (age, duration) of one type and profile, ``first_row`` the row of the age in the first year.
    """
    for t in range(start, end):
        total = 0.0
        place = t * width
        for k in range(min(unit.shape[1], years - t)):
            index = indexed[place + k] if on_index else 1.0
            total += unit[first_row + t, k] * index * discount[place + k]
            cumulative[place + k] = total


@inner()
def group_units(group: Group, payments: Payments, years: int, buffers: Buffers) -> None:
    """Running sums of discounted payments of a unit, for the types that a group may be awarded, in place."""
    for table in range(N_TYPES + 1):
        kind = RETIREMENT if table == N_TYPES else table
        if group.rights or table == N_TYPES:
            cumulative_units(
                (payments.total_new if table == N_TYPES else payments.total)[kind, group.profile],
                buffers.units[(N_TYPES + 1) * years * buffers.width :],
                buffers.indexed,
                table < N_TYPES,
                group.first_row,
                group.retire_from if kind == RETIREMENT else group.start,
                group.retire_to if kind == RETIREMENT else group.end,
                years,
                buffers.width,
                buffers.units[table * years * buffers.width :],
            )


@inner()
def group_payments(
    group: Group, payments: Payments, recognition: int, guarantee: int, buffers: Buffers, flows: Flows
) -> None:
    """Flows of all awards of a birth year and profile, added in place; marks and sums are cleared for the next."""
    heirs = (DEATH, DEATH, DEATH, OCCUPATIONAL_DEATH, OCCUPATIONAL_DEATH)
    sums, marks, indexed = buffers.sums, buffers.marks, buffers.indexed
    years, width, profile = np.uint64(buffers.years), np.uint64(buffers.width), group.profile
    for t in range(np.uint64(group.start), np.uint64(group.end)):
        row = np.uint64(group.first_row + np.int64(t))
        n = min(np.uint64(buffers.durations), years - t)
        for generation in range(N_GENERATIONS):
            for regime in range(N_REGIMES):
                old_law = regime == OLD_LAW
                units = payments.total if old_law else payments.total_new
                in_capital = (recognition if old_law else guarantee) == CAPITAL
                for kind in range(N_TYPES):
                    mark = np.uint64((generation * N_REGIMES + regime) * N_TYPES + kind)
                    number = sums[at.AWARDED + mark * STRIDE + t]
                    if number == 0.0:
                        continue
                    flows.awards[generation, regime, kind, t] += number
                    heir = heirs[kind]
                    single = (mark * years + t) * width
                    yearly_from = single + MARKS * years * width
                    at_once = sums[at.FROM_AWARD + mark * STRIDE + t]
                    yearly = 0.0 if in_capital else at_once
                    marks[single] += at_once if in_capital else 0.0
                    place = np.uint64(generation * N_TYPES + kind) * STRIDE + t
                    gross, earned = sums[at.GROSS + place], sums[at.EARNED + place]
                    for k in range(n):
                        unit = units[kind, profile, row, k]
                        own_unit = payments.own[kind, profile, row, k]
                        own = own_unit / unit if unit > 0.0 else 0.0
                        yearly += marks[yearly_from + k]
                        index = indexed[t * width + k] if old_law else 1.0
                        state = yearly * unit * index + marks[single + k]
                        marks[single + k] = 0.0
                        marks[yearly_from + k] = 0.0
                        flows.cost[generation, regime, kind, t + k] += state * own
                        flows.cost[generation, regime, heir, t + k] += state - state * own
                        flows.pensioners[generation, regime, kind, t + k] += number * own_unit
                        flows.pensioners[generation, regime, heir, t + k] += (
                            number * payments.widows[kind, profile, row, k]
                        )
                        if old_law:
                            whole = gross * unit * index
                            flows.paid[generation, kind, t + k] += whole * own
                            flows.paid[generation, heir, t + k] += whole - whole * own
                            whole = earned * unit * index
                            flows.accrued[generation, kind, t + k] += whole * own
                            flows.accrued[generation, heir, t + k] += whole - whole * own
                    marks[yearly_from + n] = 0.0
    for k in range(np.uint64(at.SUM_ROWS)):
        for t in range(np.uint64(group.start), np.uint64(group.end)):
            sums[k * STRIDE + t] = 0.0


@inner()
def detail_payments(
    buffers: Buffers,
    kind: int,
    present: bool,
    in_capital_old: bool,
    in_capital_new: bool,
    unit_old: np.ndarray,
    unit_new: np.ndarray,
    first_row: int,
    start: int,
    end: int,
    found: np.ndarray,
) -> None:
    """Acquired rights of one cell and type by year, added to the row of its wage group in place.

    The durations at which funds run out are those that the marks of the same awards have just been given.
    """
    desk, units, indexed = buffers.desk, buffers.units, buffers.indexed
    years, width = buffers.years, buffers.width
    discount = units[(N_TYPES + 1) * years * width :]
    guess = at.GUESS + np.uint64(kind) * STRIDE
    for t in range(start, end):
        place = np.uint64(t)
        old = desk[at.OLD_CHOSEN + place] > 0.0
        if not (present or old):
            continue
        unit = unit_old if old else unit_new
        n = min(unit.shape[1], years - t)
        first = n
        yearly = desk[at.YEARLY + place]
        at_once = desk[at.AT_ONCE + place]
        if yearly > 0.0:
            k = np.int64(desk[guess + place])
            first = k + 1
            if k < n:
                table = (((kind if old else N_TYPES) * years) + t) * width + k
                found[t + k] += last_payment(
                    yearly, units[table], desk[at.FUNDED + place], discount[t * width + k]
                )
        elif at_once > 0.0:
            if in_capital_old if old else in_capital_new:
                found[t] += at_once
            else:
                first, yearly = 0, at_once
        for k in range(first, n):
            found[t + k] += yearly * unit[first_row + t, k] * (indexed[t * width + k] if old else 1.0)
