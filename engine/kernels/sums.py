"""Sums over the blocks of a generation of one birth year and sex: made on the desk, and turned into flows."""

from __future__ import annotations

from typing import Any

import numpy as np

from cohorts.arrays import Floats, Unsigned
from cohorts.axes import FUTURE, N_ACCOUNTS, N_GENERATIONS, N_TYPES, N_WITH_ALLOWANCES, PRESENT
from engine.apart import apart
from engine.kernels import layout as at
from engine.kernels.layout import STRIDE, Buffers, Group
from engine.kernels.payments import allowance_payments, group_payments
from engine.kernels.types import Flows, Payments

FIRST_SUM = np.uint64(at.SUMS) * STRIDE


@apart
def begin_sums(desk: Floats, start: Unsigned, end: Unsigned) -> None:
    """Sums of all generations that start at nothing, in place."""
    for row in range(np.uint64(N_GENERATIONS * at.SUM_ROWS)):
        for t in range(start, end):
            desk[FIRST_SUM + row * STRIDE + t] = 0.0


def adding(generation: int) -> Any:
    """The function that adds a block's sums over its cells to those of one generation.

    Each generation has its own, since a loop over years runs in vectors where all rows are at distances that the compiler
    knows.
    """
    (
        surrendered, housing_surrendered, gross, raised, earned, awarded_old, awarded_new, served, from_award_old,
        from_award_new, allowed, allowed_earned, allowed_from_award, assets,
    ) = (
        row + np.uint64(generation) * at.GENERATION
        for row in (
            at.SURRENDERED_SUM, at.HOUSING_SURRENDERED_SUM, at.GROSS, at.RAISED_SUM, at.EARNED, at.AWARDED,
            at.AWARDED + np.uint64(N_TYPES) * STRIDE, at.SERVED, at.FROM_AWARD,
            at.FROM_AWARD + np.uint64(N_TYPES) * STRIDE, at.ALLOWED, at.ALLOWED_EARNED, at.ALLOWED_FROM_AWARD, at.ASSETS,
        )
    )  # fmt: skip

    @apart
    def add(desk: Floats, held_from: Unsigned, start: Unsigned, end: Unsigned) -> None:
        for t in range(start, end):
            desk[surrendered + t] += desk[at.SURRENDERED + t]
            desk[housing_surrendered + t] += desk[at.HOUSING_SURRENDERED + t]
        for kind in range(np.uint64(N_TYPES)):
            row = kind * STRIDE
            for t in range(start, end):
                old, new = desk[at.AWARDED_OLD + row + t], desk[at.AWARDED_NEW + row + t]
                desk[gross + row + t] += desk[at.PAID + row + t]
                desk[earned + row + t] += desk[at.PAID + row + t] * desk[at.AT_REFORM + t]
                desk[raised + row + t] += desk[at.RAISED + row + t]
                desk[awarded_old + row + t] += old
                desk[awarded_new + row + t] += new
                desk[served + row + t] += (old + new) * desk[at.WEEKS + t]
                desk[from_award_old + row + t] += desk[at.AT_ONCE_OLD + row + t]
                desk[from_award_new + row + t] += desk[at.AT_ONCE_NEW + row + t]
        for kind in range(np.uint64(N_WITH_ALLOWANCES)):
            row = kind * STRIDE
            for t in range(start, end):
                desk[allowed + row + t] += desk[at.ALLOWANCES + row + t]
                desk[allowed_earned + row + t] += desk[at.ALLOWANCES + row + t] * desk[at.AT_REFORM + t]
                desk[allowed_from_award + row + t] += desk[at.ALLOWANCES_AT_ONCE + row + t]
        for a in range(np.uint64(N_ACCOUNTS)):
            for t in range(held_from, end):
                desk[assets + a * STRIDE + t] += desk[at.HELD + a * STRIDE + t]

    return add


add_to_present, add_to_future = adding(PRESENT), adding(FUTURE)


@apart
def generation_flows(
    group: Group,
    generation: int,
    payments: Payments,
    moment: float,
    recognition: int,
    guarantee: int,
    buffers: Buffers,
    flows: Flows,
) -> None:
    """Flows of all awards of a generation of one birth year and sex, and its balances, added in place."""
    desk, sums = buffers.desk, np.uint64(generation) * at.GENERATION
    start, end = np.uint64(group.start), np.uint64(group.end)
    allowance_payments(group, generation, payments, recognition, buffers, flows)
    group_payments(group, generation, payments, moment, recognition, guarantee, buffers, flows)
    for t in range(start, end):
        flows.surrendered[generation, t] += desk[sums + at.SURRENDERED_SUM + t]
        flows.housing_surrendered[generation, t] += desk[sums + at.HOUSING_SURRENDERED_SUM + t]
    for kind in range(N_TYPES):
        for t in range(start, end):
            flows.served[generation, kind, t] += desk[sums + at.SERVED + np.uint64(kind) * STRIDE + t]
    for a in range(N_ACCOUNTS):
        for t in range(start, end):
            flows.assets[generation, a, t] += desk[sums + at.ASSETS + np.uint64(a) * STRIDE + t]
