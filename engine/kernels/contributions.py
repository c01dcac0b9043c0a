"""Contributions of one wage group by year: what they are due on, and what reaches each account."""

from __future__ import annotations

import numpy as np

from cohorts.arrays import Floats, Floats2, Unsigned
from cohorts.axes import (
    ACCOUNT_HOUSING,
    ACCOUNT_QUOTA,
    ACCOUNT_RETIREMENT,
    ACCOUNT_SEVERANCE,
    BASE_DISABILITY,
    BASE_HOUSING,
    BASE_OLD_LAW,
    BASE_RETIREMENT,
    BASE_SEVERANCE,
    BASE_UNCAPPED,
    N_ACCOUNTS,
    N_BASES,
    N_GENERATIONS,
)
from engine.apart import apart
from engine.kernels import layout as at
from engine.kernels.layout import (
    BY_DEGREE,
    CLOSING_HEADS,
    CREDITED,
    HEADS,
    OCCUPATIONAL_SHARE,
    STRIDE,
)
from engine.kernels.types import Rules
from engine.law.account import Rates, by_wage, contribution_base, credited
from engine.law.compiled import inner
from engine.law.new import insured_top_up
from engine.law.wage import counted_wage

# Rows of bases and ceilings, of accounts, and of the laws.
AT_RETIREMENT, AT_SEVERANCE, AT_DISABILITY, AT_HOUSING, AT_OLD_LAW, AT_UNCAPPED = (
    np.uint64(base) * STRIDE
    for base in (BASE_RETIREMENT, BASE_SEVERANCE, BASE_DISABILITY, BASE_HOUSING, BASE_OLD_LAW, BASE_UNCAPPED)
)
TO_RETIREMENT, TO_SEVERANCE, TO_QUOTA, TO_HOUSING = (
    np.uint64(account) * STRIDE
    for account in (ACCOUNT_RETIREMENT, ACCOUNT_SEVERANCE, ACCOUNT_QUOTA, ACCOUNT_HOUSING)
)
AT_BY_DEGREE, AT_OCCUPATIONAL_SHARE = (np.uint64(row) * STRIDE for row in (BY_DEGREE, OCCUPATIONAL_SHARE))


@apart
def rates_by_wage(rules: Rules, start: Unsigned, end: Unsigned, desk: Floats) -> None:
    """Rates and the social quota of a full year that hold for the wage group in hand, in place."""
    for t in range(start, end):
        wage, year = desk[at.WAGE_IN_HAND + t], np.int64(t)
        desk[at.RETIREMENT_RATE + t] = by_wage(wage, rules.retirement, year)
        desk[at.SEVERANCE_RATE + t] = by_wage(wage, rules.severance, year)
        desk[at.QUOTA + t] = by_wage(wage, rules.quota, year)


@apart
def contributions(density: float, credit_time: float, start: Unsigned, end: Unsigned, desk: Floats) -> None:
    """What the wage group in hand contributes on, what its accounts are credited, and what the State adds to its pensions of
    occupational risk, in place.

    ``credit_time`` is the share of the year for which the account receives the social quota.
    """
    for t in range(start, end):
        wage, minimum = desk[at.WAGE_IN_HAND + t], desk[at.MINIMUM + t]
        retirement = contribution_base(wage, desk[at.CEILING + AT_RETIREMENT + t], minimum, density)
        severance = contribution_base(wage, desk[at.CEILING + AT_SEVERANCE + t], minimum, density)
        disability = contribution_base(wage, desk[at.CEILING + AT_DISABILITY + t], minimum, density)
        housing = contribution_base(wage, desk[at.CEILING + AT_HOUSING + t], minimum, density)
        old_law = contribution_base(wage, desk[at.CEILING + AT_OLD_LAW + t], minimum, density)
        rates = Rates(
            desk[at.IN_FORCE + t], desk[at.RETIREMENT_RATE + t], desk[at.SEVERANCE_RATE + t], desk[at.HOUSING_RATE + t]
        )  # fmt: skip
        due = credited(retirement, severance, housing, desk[at.QUOTA + t] * credit_time, rates)
        risk = counted_wage(wage, desk[at.RISK_CEILING + t], minimum)
        least = 0.0 if desk[at.OLD_LAW + AT_BY_DEGREE + t] != 0.0 else desk[at.GUARANTEED + t]
        top_up = insured_top_up(desk[at.NEW_LAW + AT_OCCUPATIONAL_SHARE + t], risk, least)
        desk[at.BASE_IN_HAND + AT_RETIREMENT + t] = retirement
        desk[at.BASE_IN_HAND + AT_SEVERANCE + t] = severance
        desk[at.BASE_IN_HAND + AT_DISABILITY + t] = disability
        desk[at.BASE_IN_HAND + AT_HOUSING + t] = housing
        desk[at.BASE_IN_HAND + AT_OLD_LAW + t] = old_law
        desk[at.BASE_IN_HAND + AT_UNCAPPED + t] = density * wage
        desk[at.CREDITED_IN_HAND + TO_RETIREMENT + t] = due.retirement
        desk[at.CREDITED_IN_HAND + TO_SEVERANCE + t] = due.severance
        desk[at.CREDITED_IN_HAND + TO_QUOTA + t] = due.quota
        desk[at.CREDITED_IN_HAND + TO_HOUSING + t] = due.housing
        desk[at.RISK_IN_HAND + t] = risk
        desk[at.TOP_UP_IN_HAND + t] = top_up


@apart
def from_hand(desk: Floats, start: Unsigned, end: Unsigned, level: Floats2) -> None:
    """What was reckoned of the wage group in hand, in place; it has no heads yet."""
    for k in range(np.uint64(N_ACCOUNTS + N_BASES)):
        for t in range(start, end):
            level[CREDITED + k, t] = desk[at.CREDITED_IN_HAND + k * STRIDE + t]
    for t in range(start, end):
        level[at.RISK, t] = desk[at.RISK_IN_HAND + t]
    for t in range(start, end):
        level[at.TOP_UP_OCCUPATIONAL, t] = desk[at.TOP_UP_IN_HAND + t]
    for generation in range(np.uint64(N_GENERATIONS)):
        for t in range(start, end):
            level[HEADS + generation, t] = 0.0
        for t in range(start, end):
            level[CLOSING_HEADS + generation, t] = 0.0


@inner()
def by_wage_in_hand(
    rules: Rules, quota_time: float, start: int, end: int, desk: np.ndarray, level: np.ndarray
) -> None:
    """Contributions of a wage group whose rates depend on its wage, in place."""
    for t in range(start, end):
        severance = desk[at.BASE_IN_HAND + AT_SEVERANCE + t]
        employer = by_wage(desk[at.WAGE_IN_HAND + t], rules.severance_employer, np.int64(t))
        level[at.BY_WAGE, t] = desk[at.RETIREMENT_RATE + t] * desk[at.BASE_IN_HAND + AT_RETIREMENT + t]
        level[at.BY_WAGE + 1, t] = desk[at.SEVERANCE_RATE + t] * severance
        level[at.BY_WAGE + 2, t] = employer * severance
        level[at.BY_WAGE + 3, t] = desk[at.QUOTA + t] * quota_time
