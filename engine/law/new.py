"""Benefits under the Social Security Law of 1995: individual accounts, insurance and the minimum pension guarantee.

Money is in constant pesos of December 1996 a year.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit


class NewLaw(NamedTuple):
    """Values of the law of 1995 that the formulas need.

    Attributes
    ----------
    weeks_retirement, weeks_disability : float
        Contributed weeks that open a retirement pension (Arts. 154, 162) and a disability or life pension (Arts. 122, 128).
    weeks_per_year : float
        Weeks of a year of service.
    early_multiple : float
        A pension before the age, or with fewer weeks, needs an annuity of this multiple of the guarantee (Art. 158).
    disability_share, occupational_share : float
        Insured pension as a share of the reference wage (Art. 141) and of the wage (Art. 58).
    guarantee : float
        Minimum pension guarantee, pesos a year, constant in real terms (Art. 170).
    """

    weeks_retirement: float
    weeks_disability: float
    weeks_per_year: float
    early_multiple: float
    disability_share: float
    occupational_share: float
    guarantee: float


@njit(cache=True, nogil=True, error_model="numpy")
def guarantee_shortfall(account: float, guarantee: float, annuity_due: float) -> float:
    """Present value the State adds when the account pays the guarantee until it is exhausted (Arts. 170-173)."""
    return max(0.0, guarantee * annuity_due - account)


@njit(cache=True, nogil=True, error_model="numpy")
def retirement_value(account: float, weeks: float, annuity_due: float, law: NewLaw) -> float:
    """Value at award of the account, with the guarantee where 1,250 weeks entitle to it (Arts. 154, 162, 170)."""
    if weeks >= law.weeks_retirement:
        return account + guarantee_shortfall(account, law.guarantee, annuity_due)
    return account


@njit(cache=True, nogil=True, error_model="numpy")
def insured_pension(share: float, wage: float, guarantee: float) -> float:
    """Pension of a year that the insurer's annuity and the State's top-up pay together (Arts. 58, 141)."""
    return max(share * wage, guarantee)


@njit(cache=True, nogil=True, error_model="numpy")
def insured_top_up(share: float, wage: float, guarantee: float) -> float:
    """What the State adds each year when the insured pension is below the guarantee (Art. 141)."""
    return max(0.0, guarantee - share * wage)


@njit(cache=True, nogil=True, error_model="numpy")
def insured_value(
    account: float, entitled: bool, share: float, wage: float, annuity_due: float, guarantee: float
) -> float:
    """Value at award: the insured annuity, or the account where it is worth more or no annuity is due (Art. 159)."""
    if entitled:
        return max(account, insured_pension(share, wage, guarantee) * annuity_due)
    return account


def net_contribution_rates(commission: float, retirement: float, severance: float) -> tuple[float, float]:
    """Contribution rates that reach the account, share of wage: (retirement, severance and old age)."""
    left = float(np.maximum(0.0, 1.0 - commission / (retirement + severance)))
    return retirement * left, severance * left
