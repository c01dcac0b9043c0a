"""What one award costs the State, year after year.

Awards of one age, sex and type share their payments, so each award only leaves a mark: in which year after the award the
State begins to pay the whole pension, and what it adds in the year before. One running sum per (age, sex, type) then gives
the flows of all awards together, exactly and without following every award on its own.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from cohorts.axes import CAPITAL, EXHAUSTION


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def exhaustion_year(funded: float, cumulative: np.ndarray, n: int) -> int:
    """First duration whose cumulative discounted payments exceed ``funded`` units of pension; ``n`` where none does."""
    k = int(min(funded, n))
    while k < n and cumulative[k] <= funded:
        k += 1
    while k > 0 and cumulative[k - 1] > funded:
        k -= 1
    return k


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def mark_award(
    full: np.ndarray,
    part: np.ndarray,
    heads: float,
    pension: float,
    balance: float,
    annuity_due: float,
    cumulative: np.ndarray,
    discount: np.ndarray,
    n: int,
    recognition: int,
) -> None:
    """Enter an award whose pension is paid from a balance first.

    Parameters
    ----------
    full, part : float64 (duration,)
        Marks, changed in place: pesos a year that the State pays from a duration on, before survival and indexation; and
        pesos paid in that one year.
    heads : float
    pension, balance : float
        Pesos a year, and pesos, per head.
    annuity_due : float
        Value at award of one unit of the pension.
    cumulative, discount : float64 (duration,)
        Discounted payments of one unit up to and with each duration, and the discount factors.
    n : int
        Durations within the projection.
    recognition : int
        ``EXHAUSTION``, ``SHARE`` or ``CAPITAL``.
    """
    if pension <= 0.0 or annuity_due <= 0.0:
        return
    if recognition == EXHAUSTION:
        funded = balance / pension
        k = exhaustion_year(funded, cumulative, n)
        if k < n:
            full[k + 1] += heads * pension
            part[k] += heads * pension * (cumulative[k] - funded) / discount[k]
    elif recognition == CAPITAL:
        part[0] += heads * max(0.0, pension * annuity_due - balance)
    else:
        full[0] += heads * max(0.0, pension - balance / annuity_due)
