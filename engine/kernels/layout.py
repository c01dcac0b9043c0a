"""Rows of the flat buffers that the year loop works in: each a stretch of years at an offset that the compiler knows.

A loop over years then reads and writes a few base pointers at constant distances, which is what lets it be vectorised.
Indices are unsigned: a signed one costs a test for counting from the end in every access.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cohorts.arrays import Floats, Floats3
from cohorts.axes import N_ACCOUNTS, N_BASES, N_CEILINGS, N_GENERATIONS, N_REGIMES, N_TYPES, N_WITH_ALLOWANCES
from engine.law.compiled import inner_inlined
from engine.law.new import NewLaw
from engine.law.old import OldLaw

# Longest stretch of projected years, 1980 to 2200, with room; in whole cache lines and no power of two.
STRIDE = np.uint64(232)
ZERO, ONE, TWO, THREE = (np.uint64(k) for k in range(4))
LANES = 8


def _at(row: int) -> np.uint64:
    return np.uint64(row) * STRIDE


# The desk. Of one birth year and profile, by year of award: prices, probabilities, values of a unit of pension, law.
MINIMUM, GUARANTEED, MAY_CHOOSE, FUND_RETURN, HOUSING_RETURN = (_at(k) for k in range(5))
# What of a year's interest an award finds: a balance at the opening times this.
FUND_UNTIL_AWARD, HOUSING_UNTIL_AWARD = _at(5), _at(6)
AGE, AGE_SHARE, ALLOWANCE, FAMILY = (_at(7 + k) for k in range(4))
# Calendar years that wages are averaged over.
AVERAGE_YEARS, REFERENCE_YEARS = _at(11), _at(12)
# The age from which on whoever has the weeks retires for certain.
CERTAIN_AGE = _at(13)
UNIT_OLD, UNIT_REAL, UNIT_GUARANTEE, UNEXPOSED, EXPOSED = (_at(14 + k * N_TYPES) for k in range(5))
UNIT_ALLOWANCE_OLD, UNIT_ALLOWANCE_REAL = (_at(14 + 5 * N_TYPES + k * N_WITH_ALLOWANCES) for k in range(2))
_LAW = 14 + 5 * N_TYPES + 2 * N_WITH_ALLOWANCES
OLD_LAW, NEW_LAW = _at(_LAW), _at(_LAW + len(OldLaw._fields))
# Of one block: service, leavers, and sums over its cells.
_BLOCK = _LAW + len(OldLaw._fields) + len(NewLaw._fields)
WEEKS, INCREMENT_YEARS, AT_REFORM, SURRENDERED, CONTRIBUTING, CLOSING = (_at(_BLOCK + k) for k in range(6))
LEAVING, PAID, AWARDED_OLD, AWARDED_NEW, RAISED = (_at(_BLOCK + 6 + k * N_TYPES) for k in range(5))
HELD = _at(_BLOCK + 6 + 5 * N_TYPES)
# Family allowances of old-law awards. Yearly amounts, or capital, that the State pays from the award on, by law and type;
# and of allowances.
ALLOWANCES = _at(_BLOCK + 6 + 5 * N_TYPES + N_ACCOUNTS)
_AT_ONCE = _BLOCK + 6 + 5 * N_TYPES + N_ACCOUNTS + N_WITH_ALLOWANCES
AT_ONCE_OLD, AT_ONCE_NEW = _at(_AT_ONCE), _at(_AT_ONCE + N_TYPES)
ALLOWANCES_AT_ONCE = _at(_AT_ONCE + 2 * N_TYPES)
# Of the cell in hand: its account; and its awards of the type in hand.
_CELL = _AT_ONCE + 2 * N_TYPES + N_WITH_ALLOWANCES
ACCOUNT, HANDED_OVER, OLD_CHOSEN, YEARLY, FUNDED, AT_ONCE, GUARANTEED_CELL, PER_UNIT, RAISED_CELL = (
    _at(_CELL + k) for k in range(9)
)
# The housing balance of the cell that the old law takes, and what it has taken of those of the block.
HOUSING_HANDED_OVER, HOUSING_SURRENDERED = (_at(_CELL + 9 + k) for k in range(2))
# Yearly amounts of the awards in hand whose funds do not run out with those of the run (see marks).
MISSED = _at(_CELL + 11)
# Runs of awards, by table of units: the duration at which their funds run out, the discounted units until it and until the
# one before, and sums: yearly amounts, and what the funds lack in that year. Then the same of family allowances.
N_RUNS = N_TYPES + 1
GUESS, RUN_LOW, RUN_HIGH, RUN_YEARLY, RUN_LACKING = (_at(_CELL + 12 + k * N_RUNS) for k in range(5))
_BESIDE = _CELL + 12 + 5 * N_RUNS
RUN_LOW_BESIDE, RUN_HIGH_BESIDE, RUN_YEARLY_BESIDE, RUN_LACKING_BESIDE = (
    _at(_BESIDE + k * N_WITH_ALLOWANCES) for k in range(4)
)
# What a peso has grown to at the opening of a year: since the first year, and since the block has held anything; and until
# an award of that year. In the accounts, and in INFONAVIT.
_GROWTH = _BESIDE + 4 * N_WITH_ALLOWANCES
FUND_GROWN, HOUSING_GROWN, FUND_SINCE, HOUSING_SINCE, FUND_AT_AWARD, HOUSING_AT_AWARD = (
    _at(_GROWTH + k) for k in range(6)
)
# By account, what the part of a balance that an old-law award takes has grown to until then.
SURRENDER_AT_AWARD = _at(_GROWTH + 6)
# What the cells of a block began with beyond their wage groups, by account: one number each, at the row's first places.
BEGAN = _at(_GROWTH + 6 + N_ACCOUNTS)
# Sums over the blocks of a generation of one birth year and sex. By law and type: what the State pays from the award on, and
# awards; by type: pensions paid, what of them was earned before the first year, guarantees that the State raises in payment,
# weeks served.
SUMS = _GROWTH + 7 + N_ACCOUNTS
N_MARKS = N_REGIMES * N_TYPES
FROM_AWARD, AWARDED = _at(SUMS), _at(SUMS + N_MARKS)
GROSS, EARNED, RAISED_SUM, SERVED = (_at(SUMS + 2 * N_MARKS + k * N_TYPES) for k in range(4))
# Of family allowances, by type that has them: by the State from the award on, paid, earned before the first year.
_ALLOWED = SUMS + 2 * N_MARKS + 4 * N_TYPES
ALLOWED_FROM_AWARD, ALLOWED, ALLOWED_EARNED = (_at(_ALLOWED + k * N_WITH_ALLOWANCES) for k in range(3))
# Balances held at the end of the year, by account; handed over, and those of INFONAVIT among these.
_HELD_SUMS = _ALLOWED + 3 * N_WITH_ALLOWANCES
ASSETS = _at(_HELD_SUMS)
SURRENDERED_SUM, HOUSING_SURRENDERED_SUM = (_at(_HELD_SUMS + N_ACCOUNTS + k) for k in range(2))
SUM_ROWS = _HELD_SUMS + N_ACCOUNTS + 2 - SUMS
# From the sums of one generation to those of the next.
GENERATION = _at(SUM_ROWS)
# Heads of a block at the opening of the year, and whether it is closed to a pension for want of weeks.
OPENING, CLOSED = (_at(SUMS + N_GENERATIONS * SUM_ROWS + k) for k in range(2))
# Of those who entered in one year: calendar years since, and the share of disability with allowances.
CAREER, SHARE_WITH_ALLOWANCES = (_at(SUMS + N_GENERATIONS * SUM_ROWS + 2 + k) for k in range(2))
# Of contributions, the same for everybody: ceilings in minimum wages, the part of the year in force, what reaches INFONAVIT.
_CONTRIBUTIONS = SUMS + N_GENERATIONS * SUM_ROWS + 4
CEILING = _at(_CONTRIBUTIONS)
IN_FORCE, HOUSING_RATE, RISK_CEILING = (_at(_CONTRIBUTIONS + N_CEILINGS + k) for k in range(3))
# Of the wage group in hand: its wage, and the rates and the social quota that hold for it.
_IN_HAND = _CONTRIBUTIONS + N_CEILINGS + 3
WAGE_IN_HAND, RETIREMENT_RATE, SEVERANCE_RATE, QUOTA = (_at(_IN_HAND + k) for k in range(4))
# What it is credited and contributes on, and its wage and top-up of occupational risk, as its rows of levels have them.
CREDITED_IN_HAND, BASE_IN_HAND = _at(_IN_HAND + 4), _at(_IN_HAND + 4 + N_ACCOUNTS)
RISK_IN_HAND, TOP_UP_IN_HAND = (_at(_IN_HAND + 4 + N_ACCOUNTS + N_BASES + k) for k in range(2))
# By account, the part of a balance that an old-law award takes.
SURRENDER = _at(_IN_HAND + 6 + N_ACCOUNTS + N_BASES)
DESK_ROWS = _IN_HAND + 6 + 2 * N_ACCOUNTS + N_BASES

# Of one wage group, as rows of a table: by year, the first three with the years before the first.
WAGE, COUNTED, SUMMED, AVERAGE, BASIC, INCREMENT, REFERENCE, TOP_UP, TOP_UP_OCCUPATIONAL, RISK = range(10)
TOP_UP_DISABILITY, CREDITED = 10, 11
BASE = CREDITED + N_ACCOUNTS
HEADS = BASE + N_BASES
BY_WAGE = HEADS + N_GENERATIONS
BY_WAGE_QUOTA, N_BY_WAGE = 3, 4
# Balances of those who have contributed since the group's first year: at the opening of a year; found by an award, all
# accounts together; what of them the old law takes, and of INFONAVIT; and heads at the end of the year by generation.
ACCRUED = BY_WAGE + N_BY_WAGE
ACCOUNT_AT_AWARD, SURRENDERED_AT_AWARD, HOUSING_SURRENDERED_AT_AWARD = (
    ACCRUED + N_ACCOUNTS + k for k in range(3)
)
CLOSING_HEADS = ACCRUED + N_ACCOUNTS + 3
# Counted wages in money of their years, summed so far, with the years before the first.
NOMINAL = CLOSING_HEADS + N_GENERATIONS
LEVEL_ROWS = NOMINAL + 1

# Rows of the laws by year (`Rules.old`, `Rules.new`) that are read outside an award.
WEEKS_RETIREMENT, WEEKS_PER_YEAR, REST_HALF_FROM, REST_FULL_ABOVE, BY_DEGREE, PENSIONED = (
    OldLaw._fields.index(name)
    for name in (
        "weeks_retirement",
        "weeks_per_year",
        "rest_half_from",
        "rest_full_above",
        "by_degree",
        "pensioned",
    )
)
(
    ENACTED,
    WEEKS_PENSION,
    WEEKS_DISABILITY,
    WEEKS_DEATH,
    DISABILITY_SHARE,
    OCCUPATIONAL_SHARE,
    NEW_ALLOWANCES,
) = (
    NewLaw._fields.index(name)
    for name in (
        "enacted",
        "weeks_retirement",
        "weeks_disability",
        "weeks_death",
        "disability_share",
        "occupational_share",
        "allowances",
    )
)


class Group(NamedTuple):
    """One birth year and profile, and the years in which it is of active age.

    Attributes
    ----------
    place, profile : int
        Position among the groups, and on the axis of payments and decrements, which is that of sexes.
    density : float
        Share of every year that contributes and counts.
    start, end, retire_from, retire_to : int
        First year of active age and of retirement, and the years after the last.
    first_row : int
        Row of the age in the first projected year among the ages of payments; negative for those born later.
    first_level, levels : int
        Its wage groups among all.
    rights : bool
        Whether anybody holds rights under the old law.
    """

    place: int
    profile: int
    density: float
    start: int
    end: int
    retire_from: int
    retire_to: int
    first_row: int
    first_level: int
    levels: int
    rights: bool


class Buffers(NamedTuple):
    """What the year loop works in.

    Attributes
    ----------
    desk : float64 (row x year, flat)
    levels : float64 (wage group, row, year)
    units : float64 (table x year x duration, flat)
        Discounted payments of a unit up to each duration: old-law pensions by type, then the guarantee of retirement;
        then the discount factors, and last family allowances of old-law pensions of retirement and of disability.
    indexed, followed : float64 (year x duration, flat)
        Indices of old-law pensions and of guarantees since each year of award.
    index : float64 (duration,)
        Index of one award in payment.
    marks : float64 (generation x single payments or yearly amounts x mark x year x duration, flat)
        Single payments, and yearly amounts by the duration from which on they are paid; then the same of family
        allowances, by type that has them.
    years, width, durations : int
        Projected years, length of a row of durations, longest duration.
    """

    desk: Floats
    levels: Floats3
    units: Floats
    indexed: Floats
    followed: Floats
    index: Floats
    marks: Floats
    years: int
    width: int
    durations: int


def new_buffers(levels: int, past: int, years: int, durations: int) -> Buffers:
    """Buffers for a case. A row is worked in whole vectors, so there is room beyond its end.

    Made outside the compiled code, which takes longer to compile for every array that it makes.
    """
    width = years + 2
    return Buffers(
        np.zeros(DESK_ROWS * int(STRIDE)),
        np.zeros((levels, LEVEL_ROWS, past + years + 8)),
        np.zeros((N_TYPES + 2 + N_WITH_ALLOWANCES) * years * width),
        np.zeros(years * width),
        np.zeros(years * width),
        np.zeros(durations),
        np.zeros(2 * N_GENERATIONS * (N_MARKS + N_WITH_ALLOWANCES) * years * width),
        years,
        width,
        durations,
    )


@inner_inlined()
def whole_vectors(start: int, end: int) -> int:
    """The end of a row that starts at ``start``, moved on to a whole number of vectors: what lies beyond is never read."""
    return start + (end - start + LANES - 1) // LANES * LANES
