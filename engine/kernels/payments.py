"""What awards of one birth year and profile cost in every year after them: units of pension, running sums, flows."""

from __future__ import annotations

import numpy as np

from cohorts.arrays import Floats
from cohorts.axes import (
    DEATH,
    N_REGIMES,
    N_TYPES,
    N_WITH_ALLOWANCES,
    OCCUPATIONAL_DEATH,
    OLD_LAW,
    RETIREMENT,
)
from engine.apart import apart
from engine.kernels import layout as at
from engine.kernels.annuity import until_next
from engine.kernels.layout import STRIDE, Buffers, Group
from engine.kernels.types import Economy, Flows, Payments
from engine.law.compiled import inner, inner_inlined
from engine.law.state import CAPITAL, last_payment

MARKS = np.uint64(at.N_MARKS)


@apart
def discounts(economy: Economy, years: int, buffers: Buffers) -> None:
    """Discount factors and the indices of old-law pensions and guarantees from every year of award on, in place."""
    width, indexed, followed = buffers.width, buffers.indexed, buffers.followed
    discount = buffers.units[(N_TYPES + 1) * years * width :]
    for t in range(years):
        factor = 1.0
        for k in range(years - t):
            discount[t * width + k] = factor
            indexed[t * width + k] = economy.indexation[t + k] / economy.indexation[t]
            followed[t * width + k] = economy.guarantee_index[t + k] / economy.guarantee_index[t]
            factor /= until_next(economy.fund_return[t + k], k, economy.moment)


@inner()
def cumulative_units(
    of_year: np.ndarray,
    unit: np.ndarray,
    discount: np.ndarray,
    indexed: np.ndarray,
    first_row: int,
    start: int,
    end: int,
    years: int,
    width: int,
    cumulative: np.ndarray,
) -> None:
    """Discounted payments of a unit of pension up to each duration, for awards of every year, in place.

    ``unit`` is float64 (table, age, duration) of one type and profile, ``first_row`` the row of the age in the first year.
    """
    for t in range(start, end):
        total = 0.0
        place = t * width
        table = of_year[t]
        for k in range(min(unit.shape[2], years - t)):
            total += unit[table, first_row + t, k] * indexed[place + k] * discount[place + k]
            cumulative[place + k] = total


@apart
def group_units(group: Group, rights: bool, payments: Payments, years: int, buffers: Buffers) -> None:
    """Running sums of discounted payments of a unit, for the types that a group may be awarded, in place."""
    for table in range(N_TYPES + 1):
        kind = RETIREMENT if table == N_TYPES else table
        if rights or table == N_TYPES:
            cumulative_units(
                payments.of_year,
                (payments.total_new if table == N_TYPES else payments.total)[:, kind, group.profile],
                buffers.units[(N_TYPES + 1) * years * buffers.width :],
                buffers.followed if table == N_TYPES else buffers.indexed,
                group.first_row,
                group.retire_from if kind == RETIREMENT else group.start,
                group.retire_to if kind == RETIREMENT else group.end,
                years,
                buffers.width,
                buffers.units[table * years * buffers.width :],
            )
    for kind in range(N_WITH_ALLOWANCES if rights else 0):
        cumulative_units(
            payments.of_year,
            payments.total[:, N_TYPES + kind, group.profile],
            buffers.units[(N_TYPES + 1) * years * buffers.width :],
            buffers.indexed,
            group.first_row,
            group.retire_from if kind == RETIREMENT else group.start,
            group.retire_to if kind == RETIREMENT else group.end,
            years,
            buffers.width,
            buffers.units[(N_TYPES + 2 + kind) * years * buffers.width :],
        )


@inner_inlined()
def marks_of(generation: int, size: int) -> np.uint64:
    """Where the marks of a generation begin; ``size`` is the length of those of one kind."""
    return np.uint64(generation) * np.uint64(2 * (at.N_MARKS + N_WITH_ALLOWANCES)) * size


@apart
def allowance_payments(
    group: Group, generation: int, payments: Payments, recognition: int, buffers: Buffers, flows: Flows
) -> None:
    """Flows of the family allowances of a generation's awards, added in place; their marks are cleared."""
    desk, marks, indexed = buffers.desk, buffers.marks, buffers.indexed
    sums = np.uint64(generation) * at.GENERATION
    years, width = np.uint64(buffers.years), np.uint64(buffers.width)
    for kind in range(N_WITH_ALLOWANCES):
        of = np.uint64(kind)
        for t in range(np.uint64(group.start), np.uint64(group.end)):
            gross = desk[sums + at.ALLOWED + of * STRIDE + t]
            if gross == 0.0:
                continue
            row, table = np.uint64(group.first_row + np.int64(t)), payments.of_year[t]
            earned = desk[sums + at.ALLOWED_EARNED + of * STRIDE + t]
            yearly = 0.0 if recognition == CAPITAL else desk[sums + at.ALLOWED_FROM_AWARD + of * STRIDE + t]
            single = marks_of(generation, years * width) + ((np.uint64(2) * MARKS + of) * years + t) * width
            yearly_from = single + np.uint64(N_WITH_ALLOWANCES) * years * width
            n = min(np.uint64(buffers.durations), years - t)
            for k in range(n):
                unit = payments.total[table, N_TYPES + kind, group.profile, row, k] * indexed[t * width + k]
                yearly += marks[yearly_from + k]
                flows.cost[generation, OLD_LAW, kind, t + k] += yearly * unit + marks[single + k]
                flows.paid[generation, kind, t + k] += gross * unit
                flows.accrued[generation, kind, t + k] += earned * unit
                marks[single + k] = 0.0
                marks[yearly_from + k] = 0.0
            marks[yearly_from + n] = 0.0


@apart
def group_payments(
    group: Group, generation: int, payments: Payments, moment: float, recognition: int, guarantee: int,
    buffers: Buffers, flows: Flows,
) -> None:  # fmt: skip
    """Flows of all awards of a generation of a birth year and profile, added in place; their marks are cleared."""
    heirs = (DEATH, DEATH, DEATH, OCCUPATIONAL_DEATH, OCCUPATIONAL_DEATH)
    desk, marks, indexed, followed = buffers.desk, buffers.marks, buffers.indexed, buffers.followed
    sums = np.uint64(generation) * at.GENERATION
    years, width, profile = np.uint64(buffers.years), np.uint64(buffers.width), group.profile
    for t in range(np.uint64(group.start), np.uint64(group.end)):
        row = np.uint64(group.first_row + np.int64(t))
        n = min(np.uint64(buffers.durations), years - t)
        table = payments.of_year[t]
        for regime in range(N_REGIMES):
            old_law = regime == OLD_LAW
            units = payments.total if old_law else payments.total_new
            in_capital = (recognition if old_law else guarantee) == CAPITAL
            for kind in range(N_TYPES):
                mark = np.uint64(regime * N_TYPES + kind)
                number = desk[sums + at.AWARDED + mark * STRIDE + t]
                if number == 0.0:
                    continue
                flows.awards[generation, regime, kind, t] += number
                heir = heirs[kind]
                single = marks_of(generation, years * width) + (mark * years + t) * width
                yearly_from = single + MARKS * years * width
                at_once = desk[sums + at.FROM_AWARD + mark * STRIDE + t]
                yearly = 0.0 if in_capital else at_once
                marks[single] += at_once if in_capital else 0.0
                place = np.uint64(kind) * STRIDE + t
                gross, earned = desk[sums + at.GROSS + place], desk[sums + at.EARNED + place]
                raised = 0.0 if old_law else desk[sums + at.RAISED_SUM + place]
                for k in range(n):
                    unit = units[table, kind, profile, row, k]
                    own_unit = payments.own[table, kind, profile, row, k]
                    own = own_unit / unit if unit > 0.0 else 0.0
                    yearly += marks[yearly_from + k]
                    follows = followed[t * width + k]
                    index = indexed[t * width + k] if old_law else (follows if kind == RETIREMENT else 1.0)
                    state = yearly * unit * index + marks[single + k]
                    state += raised * (follows - 1.0) * unit
                    marks[single + k] = 0.0
                    marks[yearly_from + k] = 0.0
                    flows.cost[generation, regime, kind, t + k] += state * own
                    flows.cost[generation, regime, heir, t + k] += state - state * own
                    # Persons count in full in the year of the award, of which they are paid a part.
                    persons = number / (1.0 - moment) if k == 0 else number
                    flows.pensioners[generation, regime, kind, t + k] += persons * own_unit
                    flows.pensioners[generation, regime, heir, t + k] += (
                        number * payments.widows[table, kind, profile, row, k]
                    )
                    if old_law:
                        whole = gross * unit * index
                        flows.paid[generation, kind, t + k] += whole * own
                        flows.paid[generation, heir, t + k] += whole - whole * own
                        whole = earned * unit * index
                        flows.accrued[generation, kind, t + k] += whole * own
                        flows.accrued[generation, heir, t + k] += whole - whole * own
                marks[yearly_from + n] = 0.0


@apart
def detail_payments(
    buffers: Buffers,
    kind: int,
    present: bool,
    in_capital_old: bool,
    in_capital_new: bool,
    payments: Payments,
    profile: int,
    first_row: int,
    start: int,
    end: int,
    found: Floats,
) -> None:
    """Acquired rights of one cell and type by year, added to the row of its wage group in place.

    The durations at which funds run out are those that the marks of the same awards have just been given.
    """
    desk, units, indexed, followed = buffers.desk, buffers.units, buffers.indexed, buffers.followed
    years, width, of_year = buffers.years, buffers.width, payments.of_year
    beside_kind = N_TYPES + min(kind, N_WITH_ALLOWANCES - 1)
    discount = units[(N_TYPES + 1) * years * width :]
    for t in range(start, end):
        place = np.uint64(t)
        old = desk[at.OLD_CHOSEN + place] > 0.0
        if not (present or old):
            continue
        dated, row = of_year[t], first_row + t
        n = min(payments.total.shape[4], years - t)
        first = n
        yearly = desk[at.YEARLY + place]
        at_once = desk[at.AT_ONCE + place]
        per_unit = desk[at.PER_UNIT + place] if old and kind < N_WITH_ALLOWANCES else 0.0
        if yearly > 0.0:
            k = np.int64(desk[at.GUESS + np.uint64(kind if old else N_TYPES) * STRIDE + place])
            first = k + 1
            if k < n:
                table = (((kind if old else N_TYPES) * years) + t) * width + k
                paid = units[table]
                if per_unit > 0.0:
                    paid += per_unit * units[(((N_TYPES + 2 + kind) * years) + t) * width + k]
                found[t + k] += last_payment(yearly, paid, desk[at.FUNDED + place], discount[t * width + k])
        elif at_once > 0.0:
            if in_capital_old if old else in_capital_new:
                found[t] += at_once
            else:
                first, yearly = 0, at_once
        raised = 0.0 if old else desk[at.RAISED_CELL + place]
        for k in range(first, n):
            follows = followed[t * width + k]
            index = indexed[t * width + k] if old else (follows if kind == RETIREMENT else 1.0)
            of_unit = (
                payments.total[dated, kind, profile, row, k]
                if old
                else payments.total_new[dated, kind, profile, row, k]
            )
            found[t + k] += yearly * of_unit * index + raised * (follows - 1.0) * of_unit
        if per_unit > 0.0:
            for k in range(first, n):
                beside = payments.total[dated, beside_kind, profile, row, k] * indexed[t * width + k]
                found[t + k] += yearly * per_unit * beside
