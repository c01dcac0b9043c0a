"""The mechanism reconstructed from the printed tables of Annex V: a stock of minimum-wage pensions and one account.

Five functions of plain numbers and arrays, from the awards of a year to the guarantee of new workers, and two that put them
together. What the law or the annex says is in their arguments; that the authors of 1996 did it this way is inferred
(docs/reproduction.md). Units: pensions and balances in minimum wages of December 1996 (series B), one a year for each
pension; numbers of pensions as what they cost at one such wage, as a share of the GDP of the base year.
"""

from __future__ import annotations

from math import erf, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float = NDArray[np.float64]
Int = NDArray[np.int64]


class Contributors(NamedTuple):
    """Growth of contributors ``u`` years after their first step: ``long_run + extra exp(-decay u)``, fractions a year."""

    long_run: float
    extra: float
    decay: float


def awards(
    years: Int, base_year: int, level: float, growth: float, mean_end: float, after: Contributors
) -> Float:
    """Pensions awarded in each year, all kinds together, share of GDP of the base year, float64 (award,).

    They grow at a constant rate until the mean career ends, and from then on as contributors did a career before.

    Parameters
    ----------
    years : int64 (award,)
        Consecutive years of award. Before the first nobody is awarded a pension that is counted.
    base_year : int
        Year of ``level``.
    level : float
        Awards of that year.
    growth : float
        A year, to ``mean_end``.
    mean_end : float
        Calendar year in which half of the awards are those of new workers.
    after : Contributors
    """
    found: Float = level * np.power(1.0 + growth, (years - base_year).astype(np.float64))
    for place in range(1, years.size):
        past = years[place] - mean_end
        if past > 0.0:
            rate = after.long_run + after.extra * np.exp(-after.decay * past)
            found[place] = found[place - 1] * (1.0 + rate)
    return found


def career(years: Int | Float, mean_end: float, spread: float) -> Float:
    """Share of new workers in the awards of each year, float64 (award,).

    One career length, normally distributed about ``mean_end`` with standard deviation ``spread`` (years), ends the awards of
    transition workers and begins those of new ones.
    """
    if spread == 0.0:
        return np.where(years >= mean_end, 1.0, 0.0)
    return np.array([0.5 * (1.0 + erf((year - mean_end) / (spread * sqrt(2.0)))) for year in years.tolist()])


def account(
    years: int, rate: float, wage: float, wage_growth: float, quota: float, density: float, real_return: float
) -> Float:
    """Balance of the one RCV account at the beginning of each year since it was opened, minimum wages, float64 (years + 1,).

    Parameters
    ----------
    years : int
    rate : float
        Contributions that reach the account, of the wage (4.5%: 6.5% less the commission of 2%).
    wage : float
        Of the first year, in minimum wages (2.6); grows by ``wage_growth`` a year.
    quota : float
        Social quota a year, minimum wages (5.5%).
    density : float
        Share of time contributed.
    real_return : float
        A year.
    """
    balance = np.zeros(years + 1)
    for k in range(years):
        paid = density * (rate * wage * (1.0 + wage_growth) ** k + quota)
        balance[k + 1] = balance[k] * (1.0 + real_return) + paid
    return balance


def infonavit_share(
    real_return: float,
    wage: float,
    growth: float,
    years: int,
    age: int,
    table: ArrayLike,
    months: float,
    *,
    contribution: float,
    months_per_year: float,
) -> float:
    """What the INFONAVIT balance of one worker leaves to the State of a pension of one minimum wage, fraction.

    One less balance over value of the pension: ``years`` contributions on a wage that grows, with interest at
    ``real_return`` to the award, over the annuity-due at that rate. Nil where the balance is worth more.

    Parameters
    ----------
    real_return : float
        Of INFONAVIT, before and after the award, a year.
    wage : float
        Of the first year, in minimum wages.
    growth : float
        Of the wage, a year.
    years : int
        Contributions.
    age : int
        At the award.
    table : array_like (age,)
        Probability of death within a year, by age from ``age`` on, the last one 1.
    months : float
        Monthly pensions paid in a year (13: twelve and a bonus).
    contribution : float
        To INFONAVIT, of the wage (5%).
    months_per_year : float
        Twelve.
    """
    if real_return <= -1.0:
        raise ValueError(f"real_return {real_return}: above -1")
    if years < 0:
        raise ValueError(f"years {years}: 0 or more")
    deaths = np.asarray(table, dtype=np.float64)
    if deaths.ndim != 1 or not deaths.size or not ((deaths >= 0.0) & (deaths <= 1.0)).all():
        raise ValueError(f"table: probabilities of death from age {age} on, each between 0 and 1")
    k = np.arange(years)
    balance = contribution * wage * ((1.0 + growth) ** k * (1.0 + real_return) ** (years - 1 - k)).sum()
    alive = np.concatenate([[1.0], np.cumprod(1.0 - deaths)[:-1]])
    annuity = (alive / (1.0 + real_return) ** np.arange(alive.size)).sum()
    return max(0.0, 1.0 - float(balance / (months / months_per_year * annuity)))


def guarantee(awarded: Float, survival: Float, paid_share: Float) -> Float:
    """Guarantee of new workers, minimum wages of the base, share of GDP of the base year, float64 (year,).

    Parameters
    ----------
    awarded : float64 (award,)
        Pensions of new workers.
    survival : float64 (award, year)
        Share of the pensions of a year that are in payment in another.
    paid_share : float64 (year,)
        Share to whom the State pays the whole of it; no account stands against it.
    """
    cost: Float = paid_share * (awarded @ survival)
    return cost


class Mechanism(NamedTuple):
    """What the mechanism is given.

    Attributes
    ----------
    award_years : int64 (award,)
    years : int64 (year,)
    awards : float64 (award,)
        Share of GDP of the base year at one minimum wage.
    new_workers : float64 (award,)
        Share of new workers in the awards.
    balance : float64 (award,)
        Of the account at the award, minimum wages.
    account_return : float
    pension : float64 (year,)
        What one pension pays, minimum wages of December 1996 of series B.
    termination : float
        Share of pensions that end each year.
    state_share : float64 (award,)
        What INFONAVIT leaves to the State.
    guarantee_share : float64 (year,)
    steps : float64 (year,)
        Guarantee beyond that of the mechanism, share of GDP of the base year; a constant in place of a mechanism.
    guarantee_factor : float
        On the guarantee; a constant in place of a mechanism.
    gdp : float
        Of the base year, pesos of December 1996.
    """

    award_years: Int
    years: Int
    awards: Float
    new_workers: Float
    balance: Float
    account_return: float
    pension: Float
    termination: float
    state_share: Float
    guarantee_share: Float
    steps: Float
    guarantee_factor: float
    gdp: float


class Reconstructed(NamedTuple):
    """Cost to the State, pesos of December 1996.

    Attributes
    ----------
    rights : float64 (award, year)
        Acquired rights by year of award.
    paid_by_account : float64 (award, year)
        What the accounts pay of the same pensions.
    guarantee : float64 (year,)
    """

    rights: Float
    paid_by_account: Float
    guarantee: Float


def in_payment(award_years: Int, years: Int, termination: float) -> Float:
    """Share of the pensions of each award that are in payment in each year, float64 (award, year); 0 before the award."""
    since = years[None, :] - award_years[:, None]
    return np.where(since < 0, 0.0, (1.0 - termination) ** np.maximum(since, 0))


def unpaid(award_years: Int, years: Int, balance: Float, pension: Float, real_return: float) -> Float:
    """What the account of one pensioner leaves of each year's pension, minimum wages, float64 (award, year).

    The balance pays first, at the opening of the year, and earns interest on the rest. A pension awarded before the first of
    ``years`` has drawn on nothing until then: the account was empty.
    """
    left = balance.copy()
    found = np.zeros((award_years.size, years.size))
    for t, year in enumerate(years.tolist()):
        due = award_years <= year
        paid = np.where(due, np.minimum(left, pension[t]), 0.0)
        left = np.where(due, (left - paid) * (1.0 + real_return), left)
        found[:, t] = np.where(due, pension[t] - paid, 0.0)
    return found


def cost(given: Mechanism) -> Reconstructed:
    """Acquired rights and guarantee of the mechanism: pensions of the transition less their accounts, times what INFONAVIT
    leaves; and the pensions of new workers at the guarantee.
    """
    survival = in_payment(given.award_years, given.years, given.termination)
    open_ = unpaid(given.award_years, given.years, given.balance, given.pension, given.account_return)
    transition = given.awards * (1.0 - given.new_workers)
    number = given.gdp * transition[:, None] * survival
    whole = guarantee(given.awards * given.new_workers, survival, given.guarantee_share) + given.steps
    return Reconstructed(
        rights=given.state_share[:, None] * number * open_,
        paid_by_account=number * (given.pension * (survival > 0.0) - open_),
        guarantee=given.gdp * given.guarantee_factor * whole,
    )


__all__ = [
    "Contributors",
    "Mechanism",
    "Reconstructed",
    "account",
    "awards",
    "career",
    "cost",
    "guarantee",
    "in_payment",
    "infonavit_share",
    "unpaid",
]
