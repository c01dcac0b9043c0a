"""Individual accounts: what a year contributes on, what it credits, and a year's interest."""

from __future__ import annotations

from typing import NamedTuple

from cohorts.arrays import Floats2
from engine.law.compiled import inlined

# A wage at a bound, computed otherwise than the bound, belongs to the band below.
BOUND_TOLERANCE = 1e-9


class Bands(NamedTuple):
    """A value by band of the base wage and by year.

    Attributes
    ----------
    upper : float64 (band, year)
        Highest wage of a band, pesos a year; that of the last band is without a limit.
    value : float64 (band, year)
    """

    upper: Floats2
    value: Floats2


class Rates(NamedTuple):
    """What reaches the accounts in a year.

    Attributes
    ----------
    in_force : float
        Fraction of the year during which the law is in force.
    retirement, severance, housing : float
        Shares of the capped wage, commission taken.
    """

    in_force: float
    retirement: float
    severance: float
    housing: float


class Credited(NamedTuple):
    """What a year credits to the four accounts, pesos."""

    retirement: float
    severance: float
    quota: float
    housing: float


class Withdrawals(NamedTuple):
    """Withdrawals on account of unemployment (Art. 191-II).

    Attributes
    ----------
    frequency : float
        Share of the contributors who make one in a year.
    wage : float
        Most that one takes, as a share of the yearly base wage.
    balance : float
        Most that one takes, as a share of the balance.
    """

    frequency: float
    wage: float
    balance: float


@inlined()
def by_wage(wage: float, bands: Bands, t: int) -> float:
    """The value of the band that holds a full-year ``wage`` in year ``t``; a bound belongs to the band below it."""
    k = 0
    last = bands.upper.shape[0] - 1
    while k < last and wage > bands.upper[k, t] * (1.0 + BOUND_TOLERANCE):
        k += 1
    return bands.value[k, t]


@inlined()
def contribution_base(wage: float, ceiling: float, minimum_wage: float, time: float) -> float:
    """Wage on which contributions of a year are due (Art. 28): ``time`` is the share of the year that contributes."""
    return time * min(wage, ceiling * minimum_wage)


@inlined()
def credited(retirement: float, severance: float, housing: float, quota: float, rates: Rates) -> Credited:
    """Credits of a year on the bases of the three contributions, with the social quota of that time (Art. 168)."""
    return Credited(
        rates.in_force * rates.retirement * retirement,
        rates.in_force * rates.severance * severance,
        rates.in_force * quota,
        rates.in_force * rates.housing * housing,
    )


@inlined()
def credit(balance: float, annual_return: float, contribution: float) -> float:
    """Balance at the end of a year: interest on the opening balance, then the year's contribution."""
    return balance * (1.0 + annual_return) + contribution


@inlined()
def left_by_unemployment(balance: float, wage: float, in_force: float, terms: Withdrawals) -> float:
    """Share of a balance that expected withdrawals of a year leave: the less of so many days of the base wage and a share of
    the balance, each at most every five years (Art. 191-II)."""
    if balance <= 0.0:
        return 1.0
    return 1.0 - in_force * terms.frequency * min(terms.balance, terms.wage * wage / balance)
