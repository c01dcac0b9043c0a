"""Benefits under the Social Security Law of 1995: individual accounts, insurance and the minimum pension guarantee.

Money is in constant pesos of December 1996 a year. ``guarantee`` is the minimum pension guarantee of the award's year,
by law constant in real terms from then on (Art. 170).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cohorts.arrays import Floats, Floats2, Floats4, Ints
from engine.law.compiled import inlined


class NewLaw(NamedTuple):
    """Values of the law of 1995 that the formulas need.

    Attributes
    ----------
    enacted : bool
        Whether the law of 1995 exists.
    minimum_age : float
        First age of a pension with 1,250 weeks (Art. 154).
    weeks_retirement, weeks_disability : float
        Contributed weeks that open a retirement pension (Arts. 154, 162) and a disability or life pension (Arts. 122, 128).
    weeks_insured_before : float
        The same of disability for those insured before the law (5th transitory article).
    weeks_severe : float
        Contributed weeks that open a pension of those disabled by three quarters or more (Art. 122).
    weeks_death : float
        Contributed weeks that open a life pension to survivors (Art. 128).
    weeks_per_year : float
        Weeks of a year of service.
    early_multiple : float
        A pension before the age, or with fewer weeks, needs an annuity of this multiple of the guarantee (Art. 158).
    disability_share, occupational_share : float
        Insured pension as a share of the reference wage (Art. 141) and of the wage (Art. 58).
    allowances : bool
        Whether a pension of disability has family allowances beside it (Arts. 138-141).
    bonus : float
        Yearly bonus of a pension of disability as a fraction of the pension without allowances (Arts. 139, 142).
    """

    enacted: bool
    minimum_age: float
    weeks_retirement: float
    weeks_disability: float
    weeks_insured_before: float
    weeks_severe: float
    weeks_death: float
    weeks_per_year: float
    early_multiple: float
    disability_share: float
    occupational_share: float
    allowances: bool
    bonus: float


class CareerGuarantee(NamedTuple):
    """Minimum pension guarantee by the career's wage, the age and the weeks above those required (Art. 170 as of 2020).

    Attributes
    ----------
    table_of_year : int64 (year,)
        Which table awards of a year have; -1 where one amount holds for all.
    below : float64 (table, band)
        The wage that a band ends below, UMA; that of the last band is without a limit.
    amount : float64 (table, band, age, column)
        Pesos of December 1996 a year.
    first_age, step : float
        Age of the first row, the last holding for all who are older; weeks of a column, the last holding for more.
    uma : float64 (year,)
        Pesos of December 1996 a year.
    """

    table_of_year: Ints
    below: Floats2
    amount: Floats4
    first_age: float
    step: float
    uma: Floats


# A wage of so many UMA, computed otherwise than the bound, is at the bound and so in the band above it.
BOUND_TOLERANCE = 1e-9


@inlined()
def career_guarantee(
    plain: float, age: float, weeks_above: float, wage: float, cells: CareerGuarantee, t: int
) -> float:
    """The guarantee of an award in year ``t``: ``plain`` where there is no table.

    Who is younger has that of the first age, and who lacks weeks that of the first column: what a pension before the age is
    measured by (Art. 158).
    """
    table = cells.table_of_year[t]
    if table < 0:
        return plain
    band = 0
    while band < cells.below.shape[1] - 1 and wage >= cells.below[table, band] * cells.uma[t] * (
        1.0 - BOUND_TOLERANCE
    ):
        band += 1
    row = int(min(max(age - cells.first_age, 0.0), cells.amount.shape[2] - 1.0))
    column = int(min(max(np.floor(weeks_above / cells.step), 0.0), cells.amount.shape[3] - 1.0))
    return cells.amount[table, band, row, column]


@inlined()
def guarantee_shortfall(account: float, guarantee: float, annuity_due: float) -> float:
    """Present value the State adds when the account pays the guarantee until it is exhausted (Arts. 170-173)."""
    return max(0.0, guarantee * annuity_due - account)


@inlined()
def has_pension(age: float, weeks: float, law: NewLaw) -> bool:
    """Whether age and weeks open a pension with the guarantee (Arts. 154, 162, 170)."""
    return law.enacted & (age >= law.minimum_age) & (weeks >= law.weeks_retirement)


@inlined()
def has_early_pension(account: float, annuity_due: float, guarantee: float, law: NewLaw) -> bool:
    """Whether the account buys more than enough for a pension at any age, with any number of weeks (Art. 158)."""
    return law.enacted & (account > 0.0) & (account > law.early_multiple * guarantee * annuity_due)


@inlined()
def withdrawal(balance: float, annuity_due: float, guarantee: float) -> float:
    """Programmed withdrawal of a year: what the balance would buy for life at the age attained, at least the guarantee while
    the balance lasts (Arts. 159-V, 172). ``guarantee`` is 0 where there is no right to it."""
    return min(balance, max(balance / annuity_due, guarantee))


@inlined()
def insured_pension(share: float, wage: float, guarantee: float) -> float:
    """Pension of a year that the insurer's annuity and the State's top-up pay together (Arts. 58, 141)."""
    return max(share * wage, guarantee)


@inlined()
def insured_top_up(share: float, wage: float, guarantee: float) -> float:
    """What the State adds each year when the insured pension is below the guarantee (Art. 141)."""
    return max(0.0, guarantee - share * wage)


@inlined()
def welfare_complement(
    pension: float, last_wage: float, ceiling: float, age: float, from_age: float
) -> float:
    """What the welfare fund adds to a pension in a year: up to the last wage and to a ceiling (decree of 30 April 2024)."""
    return max(0.0, min(last_wage, ceiling) - pension) if age >= from_age else 0.0


def net_contribution_rates(
    commission: np.ndarray, retirement: np.ndarray, severance: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Contribution rates that reach the account in each year, share of wage: (retirement, severance and old age).

    The commission is taken from both pro rata, and from no more than there is. ``severance`` may have an axis of bands
    before that of years.
    """
    gross = retirement + severance
    part = np.divide(
        np.broadcast_to(commission, gross.shape), gross, out=np.ones_like(gross), where=gross > 0.0
    )
    left = np.maximum(0.0, 1.0 - part)
    return retirement * left, severance * left
