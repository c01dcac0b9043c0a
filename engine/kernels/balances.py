"""Balances of accounts of one birth year and profile, by year: at every award, and what is held at the end of a year."""

from __future__ import annotations

import numpy as np

from cohorts.arrays import Floats, Floats2, Floats3, Unsigned
from cohorts.axes import ACCOUNT_HOUSING, BASE_RETIREMENT, N_ACCOUNTS
from engine.apart import apart
from engine.kernels import layout as at
from engine.kernels.layout import (
    ACCOUNT_AT_AWARD,
    ACCRUED,
    BASE,
    CLOSING_HEADS,
    CREDITED,
    HEADS,
    HOUSING_SURRENDERED_AT_AWARD,
    ONE,
    STRIDE,
    SURRENDERED_AT_AWARD,
    THREE,
    TWO,
)
from engine.law.account import Withdrawals, credit, left_by_unemployment

S0, S1, S2, S3 = (at.SURRENDER + np.uint64(account) * STRIDE for account in range(N_ACCOUNTS))


@apart
def accrue(moment: float, desk: Floats, start: Unsigned, end: Unsigned, level: Floats2) -> None:
    """Balances of a wage group that contributes from ``start`` on, in place.

    Balances are linear in what they begin with, so those of all who begin later, or with something, follow from them.
    """
    c0, c1, c2, c3 = level[CREDITED], level[CREDITED + 1], level[CREDITED + 2], level[CREDITED + 3]
    r0, r1, r2, r3 = level[ACCRUED], level[ACCRUED + 1], level[ACCRUED + 2], level[ACCRUED + 3]
    b0 = b1 = b2 = b3 = 0.0
    r0[start] = r1[start] = r2[start] = r3[start] = 0.0
    for t in range(start, end):
        b0 = credit(b0, desk[at.FUND_RETURN + t], c0[t])
        b1 = credit(b1, desk[at.FUND_RETURN + t], c1[t])
        b2 = credit(b2, desk[at.FUND_RETURN + t], c2[t])
        b3 = credit(b3, desk[at.HOUSING_RETURN + t], c3[t])
        r0[t + ONE], r1[t + ONE], r2[t + ONE], r3[t + ONE] = b0, b1, b2, b3
    account, housing_taken, taken = (
        level[ACCOUNT_AT_AWARD],
        level[HOUSING_SURRENDERED_AT_AWARD],
        level[SURRENDERED_AT_AWARD],
    )
    for t in range(start, end):
        fund, housing = desk[at.FUND_UNTIL_AWARD + t], desk[at.HOUSING_UNTIL_AWARD + t]
        a0 = fund * r0[t] + moment * c0[t]
        a1 = fund * r1[t] + moment * c1[t]
        a2 = fund * r2[t] + moment * c2[t]
        a3 = housing * r3[t] + moment * c3[t]
        account[t] = a0 + a1 + a2 + a3
        of_housing = desk[S3 + t] * a3
        housing_taken[t] = of_housing
        taken[t] = desk[S0 + t] * a0 + desk[S1 + t] * a1 + desk[S2 + t] * a2 + of_housing


@apart
def block_growth(desk: Floats, held_from: Unsigned, start: Unsigned, end: Unsigned) -> None:
    """What a peso has grown to since year ``held_from``, in place; the sums of what cells began with start at nothing."""
    fund, housing = desk[at.FUND_GROWN + held_from], desk[at.HOUSING_GROWN + held_from]
    for t in range(held_from, end + ONE):
        desk[at.FUND_SINCE + t] = desk[at.FUND_GROWN + t] / fund
        desk[at.HOUSING_SINCE + t] = desk[at.HOUSING_GROWN + t] / housing
    for t in range(start, end):
        desk[at.FUND_AT_AWARD + t] = desk[at.FUND_UNTIL_AWARD + t] * desk[at.FUND_SINCE + t]
        desk[at.HOUSING_AT_AWARD + t] = desk[at.HOUSING_UNTIL_AWARD + t] * desk[at.HOUSING_SINCE + t]
    for a in range(np.uint64(N_ACCOUNTS)):
        desk[at.BEGAN + a] = 0.0
        grown = at.HOUSING_AT_AWARD if a == ACCOUNT_HOUSING else at.FUND_AT_AWARD
        for t in range(start, end):
            desk[at.SURRENDER_AT_AWARD + a * STRIDE + t] = (
                desk[at.SURRENDER + a * STRIDE + t] * desk[grown + t]
            )


@apart
def cell_balances(
    desk: Floats,
    levels: Floats3,
    balance: Floats2,
    c: int,
    i: int,
    generation: int,
    part: float,
    old_rights: bool,
    held_from: Unsigned,
    start: Unsigned,
    end: Unsigned,
    upto: Unsigned,
) -> None:
    """As :func:`cell_accounts`, where nothing is withdrawn: the wage group's balances, and what the cell began with besides.

    What the block holds is left to :func:`block_held` and :func:`held_by_level`. ``upto`` is ``end``, or whole vectors.
    """
    c0 = balance[c, 0] - levels[i, ACCRUED, held_from]
    c1 = balance[c, 1] - levels[i, ACCRUED + 1, held_from]
    c2 = balance[c, 2] - levels[i, ACCRUED + 2, held_from]
    c3 = balance[c, 3] - levels[i, ACCRUED + 3, held_from]
    desk[at.BEGAN] += part * c0
    desk[at.BEGAN + ONE] += part * c1
    desk[at.BEGAN + TWO] += part * c2
    desk[at.BEGAN + THREE] += part * c3
    contributing, closing = levels[i, HEADS + generation], levels[i, CLOSING_HEADS + generation]
    for t in range(held_from, end):
        contributing[t] += desk[at.CONTRIBUTING + t] * part
    for t in range(held_from, end):
        closing[t] += desk[at.CLOSING + t] * part
    began, account = c0 + c1 + c2, levels[i, ACCOUNT_AT_AWARD]
    for t in range(start, upto):
        desk[at.ACCOUNT + t] = account[t] + (
            began * desk[at.FUND_AT_AWARD + t] + c3 * desk[at.HOUSING_AT_AWARD + t]
        )
    if old_rights:
        taken, housing_taken = levels[i, SURRENDERED_AT_AWARD], levels[i, HOUSING_SURRENDERED_AT_AWARD]
        s0, s1, s2, s3 = (
            at.SURRENDER_AT_AWARD,
            at.SURRENDER_AT_AWARD + STRIDE,
            at.SURRENDER_AT_AWARD + TWO * STRIDE,
            at.SURRENDER_AT_AWARD + THREE * STRIDE,
        )
        for t in range(start, upto):
            housing = c3 * desk[s3 + t]
            desk[at.HANDED_OVER + t] = taken[t] + (
                c0 * desk[s0 + t] + c1 * desk[s1 + t] + c2 * desk[s2 + t] + housing
            )
            desk[at.HOUSING_HANDED_OVER + t] = housing_taken[t] + housing


@apart
def block_held(desk: Floats, start: Unsigned, end: Unsigned) -> None:
    """Balances at the end of each year of what the cells of a block began with beyond their wage groups, in place."""
    for a in range(np.uint64(N_ACCOUNTS)):
        began = desk[at.BEGAN + a]
        grown = at.HOUSING_SINCE if a == ACCOUNT_HOUSING else at.FUND_SINCE
        for t in range(start, end):
            desk[at.HELD + a * STRIDE + t] = desk[at.CLOSING + t] * began * desk[grown + t + ONE]


@apart
def held_by_level(
    levels: Floats3, n_levels: int, generation: int, start: Unsigned, end: Unsigned, assets: Floats3
) -> None:
    """Balances of all wage groups at the end of each year as of those who began with the group, added in place."""
    for i in range(n_levels):
        for a in range(N_ACCOUNTS):
            for t in range(start, end):
                assets[generation, a, t] += (
                    levels[i, CLOSING_HEADS + generation, t] * levels[i, ACCRUED + a, t + ONE]
                )


@apart
def cell_accounts(
    desk: Floats,
    levels: Floats3,
    balance: Floats2,
    c: int,
    i: int,
    generation: int,
    part: float,
    density: float,
    withdrawals: Withdrawals,
    in_force: Floats,
    moment: float,
    start: Unsigned,
    end: Unsigned,
) -> None:
    """Balances of cell ``c`` of wage group ``i`` at the awards of every year, and what of them the old law takes, in place.

    Heads of the wage group, and the balances that the block holds at the end of each year, are added up.
    """
    b0, b1, b2, b3 = balance[c, 0], balance[c, 1], balance[c, 2], balance[c, 3]
    withdraws = withdrawals.frequency > 0.0
    h0, h1, h2, h3 = at.HELD, at.HELD + STRIDE, at.HELD + TWO * STRIDE, at.HELD + THREE * STRIDE
    for t in range(start, end):
        a0 = desk[at.FUND_UNTIL_AWARD + t] * b0 + moment * levels[i, CREDITED, t]
        a1 = desk[at.FUND_UNTIL_AWARD + t] * b1 + moment * levels[i, CREDITED + 1, t]
        a2 = desk[at.FUND_UNTIL_AWARD + t] * b2 + moment * levels[i, CREDITED + 2, t]
        a3 = desk[at.HOUSING_UNTIL_AWARD + t] * b3 + moment * levels[i, CREDITED + 3, t]
        desk[at.ACCOUNT + t] = a0 + a1 + a2 + a3
        taken = desk[S3 + t] * a3
        desk[at.HANDED_OVER + t] = desk[S0 + t] * a0 + desk[S1 + t] * a1 + desk[S2 + t] * a2 + taken
        desk[at.HOUSING_HANDED_OVER + t] = taken
        levels[i, HEADS + generation, t] += desk[at.CONTRIBUTING + t] * part
        number = desk[at.CLOSING + t] * part
        b0 = credit(b0, desk[at.FUND_RETURN + t], levels[i, CREDITED, t])
        b1 = credit(b1, desk[at.FUND_RETURN + t], levels[i, CREDITED + 1, t])
        b2 = credit(b2, desk[at.FUND_RETURN + t], levels[i, CREDITED + 2, t])
        b3 = credit(b3, desk[at.HOUSING_RETURN + t], levels[i, CREDITED + 3, t])
        if withdraws:
            wage = levels[i, BASE + BASE_RETIREMENT, t] / density
            left = left_by_unemployment(b0 + b1 + b2, wage, in_force[t], withdrawals)
            b0, b1, b2 = left * b0, left * b1, left * b2
        desk[h0 + t] += number * b0
        desk[h1 + t] += number * b1
        desk[h2 + t] += number * b2
        desk[h3 + t] += number * b3
