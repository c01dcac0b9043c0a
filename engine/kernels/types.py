"""Input and output records of the kernels: named tuples of numbers and C-contiguous arrays.

Axis lengths: ``year`` projected years, ``long_year`` those plus the longest pension, ``past`` years before the first
that wages are averaged over, ``group`` birth year x sex, ``block`` members of a group with the same entry, service and
rights, ``cell`` a block's wage groups. Money: constant pesos of December 1996; rates: fractions a year.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.law.account import Bands
from engine.law.new import CareerGuarantee


class Payments(NamedTuple):
    """What one unit of pension pays, by type of pension, sex, age at award and years since.

    Attributes
    ----------
    total, total_new : float64 (type, sex, age, duration)
        Expected payments to pensioner and survivors, with the survivors' shares of the old law and of the new. For death
        pensions: to one entitled family.
    own : float64 (type, sex, age, duration)
        Expected payments to the pensioner alone.
    widows : float64 (type, sex, age, duration)
        Expected number of widows and widowers in payment.
    entitled : float64 (sex, age)
        Probability that a death leaves an entitled family.
    allowance : float64 (sex, age)
        Expected family allowances as a share of the pension.
    first_age : int
        Age of the first row.
    """

    total: np.ndarray
    total_new: np.ndarray
    own: np.ndarray
    widows: np.ndarray
    entitled: np.ndarray
    allowance: np.ndarray
    first_age: int


class Economy(NamedTuple):
    """Yearly paths.

    Attributes
    ----------
    minimum_wage : float64 (past + long_year,)
        Pesos of December 1996 a year.
    price_award, price_average : float64 (past + long_year,)
        Price level of awards of the year, and on the average of the year, December 1996 = 1.
    indexation : float64 (long_year,)
        Real index of old-law pensions after award.
    fund_return, housing_return : float64 (long_year,)
        Real returns on retirement, severance and quota accounts, and on INFONAVIT.
    guarantee : float64 (long_year,)
        Minimum pension guarantee of awards of the year, pesos a year.
    in_force : float64 (year,)
        Fraction of the year during which the new law is in force.
    ceilings : float64 (ceiling, past + year)
        Contribution ceilings in minimum wages.
    wage_ceiling_old_law : float64 (past + year,)
        Ceiling of the wages that enter the old-law average, in minimum wages.
    """

    minimum_wage: np.ndarray
    price_award: np.ndarray
    price_average: np.ndarray
    indexation: np.ndarray
    fund_return: np.ndarray
    housing_return: np.ndarray
    guarantee: np.ndarray
    in_force: np.ndarray
    ceilings: np.ndarray
    wage_ceiling_old_law: np.ndarray


class Rules(NamedTuple):
    """Values and switches of a projection.

    Attributes
    ----------
    years, past : int
        Projected years; years of wage history before the first.
    density : float
        Share of every year that contributes and counts.
    housing_rate : float64 (year,)
        Contributions that reach the housing account, share of the capped wage.
    retirement, severance, severance_employer : Bands
        By wage: what reaches the accounts of retirement and of severance and old age, and what the employer pays to the
        latter, share of the capped wage.
    quota, quota_credit : Bands
        By wage: social quota that the State pays for a contributor, and that his account receives, pesos a year.
    wage_floor_mw : float
        Lowest wage, in minimum wages.
    average_years, reference_years : int
        Years of the old-law average wage and of the new-law disability average.
    surrender : float64 (account,)
        Part of each account that goes to the State with the old-law choice.
    recognition, guarantee_rule, choice : int
    career : CareerGuarantee
        The guarantee of retirement by wage of the career, age and weeks; without tables where one amount holds for all.
    old, new : float64 (field, year)
        The two laws by year of award: fields of :class:`engine.law.old.OldLaw` and :class:`engine.law.new.NewLaw`.
    """

    years: int
    past: int
    density: float
    housing_rate: np.ndarray
    retirement: Bands
    severance: Bands
    severance_employer: Bands
    quota: Bands
    quota_credit: Bands
    wage_floor_mw: float
    average_years: int
    reference_years: int
    surrender: np.ndarray
    recognition: int
    guarantee_rule: int
    choice: int
    career: CareerGuarantee
    old: np.ndarray
    new: np.ndarray


class Heads(NamedTuple):
    """Result of the demographic step.

    Attributes
    ----------
    opening, contributing : float64 (block, year)
        Heads at the opening of the year, and those who contribute in it.
    exits : float64 (cause, year)
    entrants, arrivals : float64 (year,)
    """

    opening: np.ndarray
    contributing: np.ndarray
    exits: np.ndarray
    entrants: np.ndarray
    arrivals: np.ndarray


class Flows(NamedTuple):
    """Result of a projection, per projected year.

    Attributes
    ----------
    cost : float64 (generation, regime, type, year)
        Paid by the State, pesos; survivors of pensioners are booked under death.
    paid : float64 (generation, type, year)
        Old-law pensions in payment, whoever pays them, pesos.
    accrued : float64 (generation, type, year)
        The same, times the part of the service that lies before the first year.
    awards : float64 (generation, regime, type, year)
        Awards by the law chosen, pensioners or entitled families.
    pensioners : float64 (generation, regime, type, year)
        Pensioners and widows in payment.
    covered_wages : float64 (generation, base, year)
        Wages on which contributions are due, pesos: contributors x density x wage up to the ceiling.
    by_wage : float64 (generation, 4, year)
        Contributions whose rate depends on the wage, pesos: what reaches the accounts of retirement and of severance and
        old age, what employers pay to the latter, and the social quota. Empty where one rate holds for all wages.
    assets : float64 (generation, account, year)
        Balances of contributors at the end of the year, pesos.
    surrendered : float64 (generation, year)
        Balances handed to the State at award, pesos.
    detail : float64 (level of all groups, year)
        Acquired rights by birth year, sex and wage group, pesos; empty unless asked for.
    """

    cost: np.ndarray
    paid: np.ndarray
    accrued: np.ndarray
    awards: np.ndarray
    pensioners: np.ndarray
    covered_wages: np.ndarray
    by_wage: np.ndarray
    assets: np.ndarray
    surrendered: np.ndarray
    detail: np.ndarray
