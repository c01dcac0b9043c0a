"""Present values of pensions in payment."""

from __future__ import annotations

import numpy as np

from engine.compiled import njit
from engine.law.compiled import inlined


@inlined()
def until_next(annual_return: float, k: int, moment: float) -> float:
    """Growth of a balance from the ``k``-th payment of a pension to the next.

    The first is made at the award, when a part, ``moment``, of the year has passed, the others at the opening of a year.
    """
    return (1.0 + annual_return) ** (1.0 - moment) if k == 0 else 1.0 + annual_return


@njit(cache=True, nogil=True, error_model="numpy")
def first_constant_year(index: np.ndarray, annual_return: np.ndarray) -> int:
    """First year from which growth of the index and the return no longer change."""
    n = annual_return.shape[0]
    first = n - 2
    growth = index[n - 1] / index[n - 2]
    while first > 0:
        step = index[first] / index[first - 1]
        if annual_return[first - 1] != annual_return[n - 1] or abs(step - growth) > 1e-13 * growth:
            break
        first -= 1
    return first


def annuity_values(
    payments: np.ndarray,
    of_year: np.ndarray,
    index: np.ndarray,
    annual_return: np.ndarray,
    n_years: int,
    from_row: np.ndarray,
    moment: float,
) -> np.ndarray:
    """Value at award, in advance, of one unit of pension indexed to ``index``.

    Parameters
    ----------
    payments : float64 (table, type, sex, age, duration)
        Expected payments of a unit.
    of_year : int64 (year,)
        Which table holds for awards of a year.
    index, annual_return : float64 (long_year,)
        Real index of the pension and real discount rate of each year.
    n_years : int
        Years of award.
    from_row : int64 (type,)
        First age row needed of each type; earlier rows stay 0.
    moment : float
        Part of the year that has passed at an award.

    Returns
    -------
    float64 (type, sex, age, year)
        Annuity-due values.
    """
    value = np.zeros((*payments.shape[1:4], n_years))
    _fill(payments, of_year, index, annual_return, from_row, moment, np.empty(payments.shape[4]), value)
    return value


@njit(cache=True, nogil=True, error_model="numpy")
def _fill(
    payments: np.ndarray,
    of_year: np.ndarray,
    index: np.ndarray,
    annual_return: np.ndarray,
    from_row: np.ndarray,
    moment: float,
    weight: np.ndarray,
    value: np.ndarray,
) -> None:
    """:func:`annuity_values` into an array of noughts; ``weight`` is room for a row of durations."""
    _, n_types, n_sexes, n_ages, n_durations = payments.shape
    constant_from = first_constant_year(index, annual_return)
    for t in range(value.shape[3]):
        table = of_year[t]
        if t > constant_from and table == of_year[t - 1]:
            # Plain loops: for a slice numba would also compile the message of its shape error, which takes seconds.
            for i in range(n_types):
                for s in range(n_sexes):
                    for a in range(from_row[i], n_ages):
                        value[i, s, a, t] = value[i, s, a, t - 1]
            continue
        discount = 1.0
        for k in range(n_durations):
            weight[k] = index[t + k] / index[t] * discount
            discount /= until_next(annual_return[t + k], k, moment)
        for i in range(n_types):
            for s in range(n_sexes):
                for a in range(from_row[i], n_ages):
                    # Four sums keep the additions from waiting for one another.
                    s0 = s1 = s2 = s3 = 0.0
                    k = 0
                    while k + 3 < n_durations:
                        s0 += payments[table, i, s, a, k] * weight[k]
                        s1 += payments[table, i, s, a, k + 1] * weight[k + 1]
                        s2 += payments[table, i, s, a, k + 2] * weight[k + 2]
                        s3 += payments[table, i, s, a, k + 3] * weight[k + 3]
                        k += 4
                    while k < n_durations:
                        s0 += payments[table, i, s, a, k] * weight[k]
                        k += 1
                    value[i, s, a, t] = (s0 + s1) + (s2 + s3)
