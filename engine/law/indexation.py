"""What a pension of the old law in payment becomes from year to year, by its own level.

Article 172 of 1973 and what replaced it: a part of the minimum wage's growth, increases by decree, and a least pension.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cohorts.arrays import Floats, Floats2
from engine.law.compiled import inlined

# Orphans and ascendants by themselves, beside the types of award: those in payment at the state's date alone are told apart.
ORPHANS = 5
FROM, KIND, AGE_FROM, LEVEL_FROM, LEVEL_TO, FACTOR = range(6)
# A level computed otherwise than the bound is at the bound.
BOUND_TOLERANCE = 1e-9


class Indexing(NamedTuple):
    """Rules by year, counted from the first projected one; the last of each holds on.

    Attributes
    ----------
    by_level : bool
        Whether what a pension becomes depends on its own level: whether there is a floor or an increase in any year.
    known_ahead : bool
        Whether later rules are known at the award; otherwise it is valued as if those of its year held for ever.
    follows : float64 (long_year,)
        Part of the minimum wage's real growth that pensions follow.
    floor_mw : float64 (long_year,)
        Least pension of retirement and disability in payment, minimum wages; 0 for none.
    increases : float64 (row, 6)
        Increases by decree: from which year on (counted from the first), for which type of pension (-1: all; ``ORPHANS``),
        from which age, from and to which level in minimum wages (0: without a bound), times what. In that year for
        pensions in payment, and at the award for those awarded later. The first row that fits counts.
    """

    by_level: bool
    known_ahead: bool
    follows: Floats
    floor_mw: Floats
    increases: Floats2


@inlined()
def followed(before: float, minimum: float, minimum_before: float, part: float) -> float:
    """A pension of the year before after a year in which it follows a part of the minimum wage's growth."""
    return before * (1.0 + part * (minimum / minimum_before - 1.0))


@inlined()
def increase(
    level: float, age: float, kind: int, year: int, award: int, known: int, rows: np.ndarray
) -> float:
    """Factor of the increases that reach a pension of ``level`` minimum wages in a year; 1 where none does.

    ``known``: the last year whose decrees count.
    """
    for i in range(rows.shape[0]):
        begins = rows[i, FROM]
        if begins > known or max(begins, award) != year:
            continue
        if rows[i, KIND] >= 0.0 and rows[i, KIND] != kind:
            continue
        least, most = rows[i, LEVEL_FROM], rows[i, LEVEL_TO]
        below = level < least * (1.0 - BOUND_TOLERANCE)
        above = most > 0.0 and level > most * (1.0 + BOUND_TOLERANCE)
        if age >= rows[i, AGE_FROM] and not below and not above:
            return rows[i, FACTOR]
    return 1.0


@inlined()
def least_pension(pension: float, floor_mw: float, minimum: float) -> float:
    """A pension in payment, raised to the least one."""
    return max(pension, floor_mw * minimum)
