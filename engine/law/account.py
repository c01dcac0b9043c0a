"""Individual accounts: what a year contributes on, what it credits, and a year's interest."""

from __future__ import annotations

from typing import NamedTuple

from engine.law.compiled import inlined


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
