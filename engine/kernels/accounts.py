"""Accounts of one life, year by year: interest, credits, and what of them an old-law pension hands to the State."""

from __future__ import annotations

import numpy as np

from cohorts.axes import (
    ACCOUNT_HOUSING,
    BASE_DISABILITY,
    BASE_HOUSING,
    BASE_RETIREMENT,
    BASE_SEVERANCE,
    N_ACCOUNTS,
)
from engine.kernels.types import Economy, Rules, Terms
from engine.law.account import (
    Credited,
    Rates,
    by_wage,
    contribution_base,
    credit,
    credited,
    left_by_unemployment,
)
from engine.law.compiled import compiled, inner_inlined


@inner_inlined()
def credited_in_year(
    wage: float, time: float, quota: float, t: int, economy: Economy, rules: Rules
) -> Credited:
    """Credits of a year: full-year ``wage``, share of the year ``time``, and the quota that reaches the account."""
    u = rules.past + t
    minimum = economy.minimum_wage[u]
    return credited(
        contribution_base(wage, economy.ceilings[BASE_RETIREMENT, u], minimum, time),
        contribution_base(wage, economy.ceilings[BASE_SEVERANCE, u], minimum, time),
        contribution_base(wage, economy.ceilings[BASE_HOUSING, u], minimum, time),
        quota,
        Rates(
            economy.in_force[t],
            by_wage(wage, rules.retirement, t),
            by_wage(wage, rules.severance, t),
            rules.housing_rate[t],
        ),
    )


@inner_inlined()
def surrendered(balance: np.ndarray, rules: Rules, t: int) -> float:
    """What of the four accounts goes to the State with an old-law pension of year ``t``."""
    out = 0.0
    for account in range(N_ACCOUNTS):
        out += rules.surrender[account, t] * balance[account]
    return out


@inner_inlined()
def add_year(
    balance: np.ndarray, paid: Credited, wage: float, economy: Economy, rules: Rules, t: int
) -> float:
    """Interest of a year on the four accounts, then its credits, in place; and what unemployment takes then, given back.

    ``wage`` is that of the full year.
    """
    balance[0] = credit(balance[0], economy.fund_return[t], paid.retirement)
    balance[1] = credit(balance[1], economy.fund_return[t], paid.severance)
    balance[2] = credit(balance[2], economy.fund_return[t], paid.quota)
    balance[3] = credit(balance[3], economy.housing_return[t], paid.housing)
    if rules.withdrawals.frequency == 0.0:
        return 0.0
    u = rules.past + t
    base = contribution_base(wage, economy.ceilings[BASE_RETIREMENT, u], economy.minimum_wage[u], 1.0)
    held = balance[0] + balance[1] + balance[2]
    left = left_by_unemployment(held, base, economy.in_force[t], rules.withdrawals)
    for k in range(ACCOUNT_HOUSING):
        balance[k] *= left
    return (1.0 - left) * held


@compiled()
def accumulate(
    wage: np.ndarray,
    participation: np.ndarray,
    first_age: int,
    born: int,
    award_age: int,
    economy: Economy,
    rules: Rules,
    terms: Terms,
    balance: np.ndarray,
    path: np.ndarray,
) -> tuple[float, float, bool]:
    """Accounts at the award: interest on the opening balance, then the contribution, year by year.

    Parameters
    ----------
    wage, participation : float64 (column,)
        Of one worker.
    balance : float64 (account,)
        Filled in place.
    path : float64 (year, 6)
        Filled in place, where it has rows: each balance at the end of each year of age from ``first_age`` on, what was
        credited in it, and what the State contributed.

    Returns
    -------
    tuple
        Years of service, the State's contributions (undiscounted), and whether the first contribution came before the first
        year.
    """
    for a in range(balance.shape[0]):
        balance[a] = 0.0
    service = state = 0.0
    before = False
    for j in range(award_age - first_age):
        t = born + first_age + j - terms.first_year
        time = participation[j] if j < wage.shape[0] else 0.0
        service += time
        if t < 0:
            before = before or time > 0.0
            continue
        u = rules.past + t
        minimum = economy.minimum_wage[u]
        full = max(wage[j], rules.wage_floor_mw * minimum) if time > 0.0 else 0.0
        contributes = 1.0 if time > 0.0 else 0.0
        of_year = by_wage(full, terms.quota, t)
        quota = of_year * (time if terms.credit_by_time else contributes)
        to_accounts = credited_in_year(full, time, quota, t, economy, rules)
        add_year(balance, to_accounts, full, economy, rules, t)
        paid = economy.in_force[t] * (
            of_year * (time if terms.quota_by_time else contributes)
            + terms.state_severance[t]
            * contribution_base(full, economy.ceilings[BASE_SEVERANCE, u], minimum, time)
            + terms.state_disability[t]
            * contribution_base(full, economy.ceilings[BASE_DISABILITY, u], minimum, time)
        )
        state += paid
        if j < path.shape[0]:
            for a in range(N_ACCOUNTS):
                path[j, a] = balance[a]
            path[j, 4] = (
                to_accounts.retirement + to_accounts.severance + to_accounts.quota + to_accounts.housing
            )
            path[j, 5] = paid
    return service, state, before
