"""Input and output records of the kernels: named tuples of numbers and C-contiguous arrays.

Axis lengths: ``year`` projected years, ``long_year`` those plus the longest pension, ``past`` years before the first
that wages are averaged over, ``group`` birth year x profile, ``block`` members of a group with the same entry, service and
rights, ``cell`` a block's wage groups. Money: constant pesos of December 1996; rates: fractions a year.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cohorts.arrays import Floats, Floats2, Floats3, Floats4, Floats5, Ints
from cohorts.records import Decrements, Population
from engine.law.account import Bands, Withdrawals
from engine.law.indexation import Indexing
from engine.law.new import CareerGuarantee
from engine.law.old import DatedTables


class Payments(NamedTuple):
    """What one unit of pension pays, by year of award, type of pension, sex, age at award and years since.

    Attributes
    ----------
    of_year : int64 (year,)
        Which table holds for awards of a year.
    total, total_new : float64 (table, type and allowances, sex, age, duration)
        Expected payments to pensioner and survivors, with the survivors' shares of the old law and of the new. For death
        pensions: to one entitled family. Behind the types what a unit of family allowances pays, of retirement and of
        disability; nothing where they are a part of the pension.
        Awards within the year are paid a part of it in the first.
    own : float64 (table, type, sex, age, duration)
        Expected payments to the pensioner alone.
    widows : float64 (table, type, sex, age, duration)
        Expected number of widows and widowers in payment.
    entitled : float64 (table, sex, age)
        Probability that a death leaves an entitled family.
    allowance : float64 (table, sex, age)
        Expected family allowances as a share of the pension.
    first_age : int
        Age of the first row.
    """

    of_year: Ints
    total: Floats5
    total_new: Floats5
    own: Floats5
    widows: Floats5
    entitled: Floats3
    allowance: Floats3
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
    expected : float64 (rule, long_year)
        Indices by which old-law pensions are valued at the award.
    expected_of_year : int64 (year,)
        Which of them for awards of a year.
    indexing : Indexing
        Rules of old-law pensions in payment, of which the indices above are what does not depend on a pension's level.
    fund_return, housing_return : float64 (long_year,)
        Real returns on retirement, severance and quota accounts, commission on the balance taken, and on INFONAVIT.
    annuity_return : float64 (long_year,)
        Real rate by which annuities are priced and a worker compares the two laws.
    guarantee : float64 (long_year,)
        Minimum pension guarantee of awards of the year, pesos a year.
    guarantee_index : float64 (long_year,)
        Real index of guarantees in payment.
    guarantee_expected : float64 (rule, long_year)
        Indices by which guarantees are valued at the award.
    guarantee_expected_of_year : int64 (year,)
        Which of them for awards of a year.
    in_force : float64 (year,)
        Fraction of the year during which the new law is in force.
    moment : float
        Part of a year that has passed at its awards: 0 where all are made at the opening, a half where they are spread
        over it.
    ceilings : float64 (ceiling, past + year)
        Contribution ceilings in minimum wages.
    wage_ceiling_old_law : float64 (past + year,)
        Ceiling of the wages that enter the old-law average, in minimum wages.
    wage_ceiling_occupational : float64 (past + year,)
        Ceiling of the wages that occupational pensions are a share of, in minimum wages.
    """

    minimum_wage: Floats
    price_award: Floats
    price_average: Floats
    indexation: Floats
    expected: Floats2
    expected_of_year: Ints
    indexing: Indexing
    fund_return: Floats
    housing_return: Floats
    annuity_return: Floats
    guarantee: Floats
    guarantee_index: Floats
    guarantee_expected: Floats2
    guarantee_expected_of_year: Ints
    in_force: Floats
    moment: float
    ceilings: Floats2
    wage_ceiling_old_law: Floats
    wage_ceiling_occupational: Floats


class Rules(NamedTuple):
    """Values and switches of a projection.

    Attributes
    ----------
    years, past : int
        Projected years; years of wage history before the first.
    housing_rate : float64 (year,)
        Contributions that reach the housing account, share of the capped wage.
    retirement, severance, severance_employer : Bands
        By wage: what reaches the accounts of retirement and of severance and old age, and what the employer pays to the
        latter, share of the capped wage.
    quota : Bands
        By wage: social quota of a full year, pesos.
    quota_by_density, credit_by_density : bool
        Whether the State pays, and the account receives, the quota of the days contributed or of all days.
    wage_floor_mw : float
        Lowest wage, in minimum wages.
    average_years, reference_years : float64 (year,)
        By year of award, as all that is averaged over: calendar years of the old-law average wage and of the new-law
        disability average at the density; of a part of a year as much counts.
    average_time, reference_time : float64 (year,)
        The same as years of contribution, of the latest; 0 where calendar years count, whatever was contributed in them.
    average_asked, reference_asked : float64 (year,)
        Years of contribution that the law asks for, however far back they reach; 0 where calendar years count. Groups of
        another density than the mean have windows of their own.
    surrender : float64 (account, year)
        Part of each account that goes to the State with the old-law choice, by year of award.
    recognition, guarantee_rule, choice : int
    withdrawals : Withdrawals
        On account of unemployment, from the accounts of retirement, severance and quota.
    career : CareerGuarantee
        The guarantee of retirement by wage of the career, age and weeks; without tables where one amount holds for all.
    old, new : float64 (field, year)
        The two laws by year of award: fields of :class:`engine.law.old.OldLaw` and :class:`engine.law.new.NewLaw`.
    """

    years: int
    past: int
    housing_rate: Floats
    retirement: Bands
    severance: Bands
    severance_employer: Bands
    quota: Bands
    quota_by_density: bool
    credit_by_density: bool
    wage_floor_mw: float
    average_years: Floats
    reference_years: Floats
    average_time: Floats
    reference_time: Floats
    average_asked: Floats
    reference_asked: Floats
    surrender: Floats2
    recognition: int
    guarantee_rule: int
    choice: int
    withdrawals: Withdrawals
    career: CareerGuarantee
    old: Floats2
    new: Floats2


class Heads(NamedTuple):
    """Result of the demographic step.

    Attributes
    ----------
    opening, contributing, closing : float64 (block, year)
        Affiliates at the opening of the year; those who contribute in it on its average, each for the density of the group;
        and those at its end, who have joined in it included.
    exits : float64 (cause, year)
    entrants, arrivals : float64 (year,)
    """

    opening: Floats2
    contributing: Floats2
    closing: Floats2
    exits: Floats2
    entrants: Floats
    arrivals: Floats


class Inputs(NamedTuple):
    """All that a case, or the lives of single workers, are projected from.

    Attributes
    ----------
    population : Population
    heads : Heads
    decrements : Decrements
    payments : Payments
    value_old, value_real : float64 (type, sex, age, year)
        Annuity-due of old-law pensions on their index, and of pensions constant in real terms.
    economy : Economy
    tables : DatedTables
        Tables of the law of 1973.
    rules : Rules
    """

    population: Population
    heads: Heads
    decrements: Decrements
    payments: Payments
    value_old: Floats4
    value_real: Floats4
    economy: Economy
    tables: DatedTables
    rules: Rules


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
    served : float64 (generation, type, year)
        Completed weeks of service of these awards, all of them together.
    pensioners : float64 (generation, regime, type, year)
        Pensioners and widows in payment, those awarded in the year included.
    covered_wages : float64 (generation, base, year)
        Wages on which contributions are due, pesos: contributors x density x wage up to the ceiling.
    by_wage : float64 (generation, 4, year)
        Contributions whose rate depends on the wage, pesos: what reaches the accounts of retirement and of severance and
        old age, what employers pay to the latter, and the social quota. Empty where one rate holds for all wages.
    assets : float64 (generation, account, year)
        Balances of contributors at the end of the year, pesos.
    surrendered, housing_surrendered : float64 (generation, year)
        Balances handed to the State at award, and those of housing among them, pesos.
    detail : float64 (level of all groups, year)
        Acquired rights by birth year, sex and wage group, pesos; empty unless asked for.
    """

    cost: Floats4
    paid: Floats3
    accrued: Floats3
    awards: Floats4
    served: Floats3
    pensioners: Floats4
    covered_wages: Floats3
    by_wage: Floats3
    assets: Floats3
    surrendered: Floats2
    housing_surrendered: Floats2
    detail: Floats2


NO_SPOUSE, SPOUSE_NOT_ENTITLED, SPOUSE_ENTITLED = 0, 1, 2


class Workers(NamedTuple):
    """Single workers. Age ``x`` is that at the opening of the year ``born + x``.

    Attributes
    ----------
    wage : float64 (worker, column)
        Wage of a full year of work, pesos of December 1996, by age from ``first_age`` on.
    participation : float64 (worker, column)
        Share of the year that contributes and counts, within [0, 1].
    first_age, born, sex : int64 (worker,)
        Age of the first column; year of age 0; position on the sex axis.
    award_age, kind : int64 (worker,)
        Age at the award, from which on nothing is contributed; type of pension.
    spouse : int64 (worker,)
        ``NO_SPOUSE``, ``SPOUSE_NOT_ENTITLED`` or ``SPOUSE_ENTITLED``.
    children, parents : float64 (worker,)
        Entitled children at the award, and dependent parents.
    severe : bool (worker,)
        Whether a disability is of three quarters or more.
    months : float64 (worker,)
        Months beyond the age at the award; negative where birthdays are spread evenly over the year.
    degree : float64 (worker,)
        Of an occupational disability, 0 to 1; negative for the average of those who draw a pension.
    """

    wage: np.ndarray
    participation: np.ndarray
    first_age: np.ndarray
    born: np.ndarray
    sex: np.ndarray
    award_age: np.ndarray
    kind: np.ndarray
    spouse: np.ndarray
    children: np.ndarray
    parents: np.ndarray
    severe: np.ndarray
    months: np.ndarray
    degree: np.ndarray


class Lives(NamedTuple):
    """Survival after an award.

    Attributes
    ----------
    active, disabled, spouse : float64 (sex, age, duration)
        Probability that the pensioner (by table of mortality) or the spouse is alive; sex and age are the worker's.
    parent : float64 (age, duration)
        The same of a parent.
    first_age : int
    child_age_limit : float
    """

    active: np.ndarray
    disabled: np.ndarray
    spouse: np.ndarray
    parent: np.ndarray
    first_age: int
    child_age_limit: float


class Shares(NamedTuple):
    """Shares of survivors, with ``occupational_`` those of occupational risk, and what all together get at most.

    ``ascendant``: of each dependent parent, where there is neither spouse nor child.
    """

    widow: float
    orphan: float
    orphan_both: float
    occupational_widow: float
    occupational_orphan: float
    occupational_orphan_both: float
    ascendant: float
    cap: float


class Terms(NamedTuple):
    """Scalars and switches of single workers, beside the rules that they share with the projection.

    Attributes
    ----------
    first_year : int
        First year in which accounts may receive contributions.
    enacted : bool
        Whether the law of 1995 exists.
    state_severance, state_disability : float64 (year,)
        Proportional contributions of the State, share of the capped wage.
    quota : Bands
        Social quota of a full year by wage, pesos.
    quota_by_time, credit_by_time : bool
        Whether the State pays, and the account receives, the quota for the time contributed only.
    shares_old, shares_new : Shares
        Of survivors under either law.
    """

    first_year: int
    enacted: bool
    state_severance: np.ndarray
    state_disability: np.ndarray
    quota: Bands
    quota_by_time: bool
    credit_by_time: bool
    shares_old: Shares
    shares_new: Shares


class Premiums(NamedTuple):
    """What employer and worker pay towards pensions, share of the capped wage.

    Attributes
    ----------
    old_system : float64 (year,)
        Pension branches of the old law.
    retirement, severance_worker, insurance : float64 (year,)
        Retirement account (in both systems), the worker's share of severance and old age (the employer's may depend on the
        wage: :class:`engine.kernels.types.Rules`), disability and life.
    old_account_return : float64 (year,)
        Real return of the retirement account where there is no reform.
    """

    old_system: np.ndarray
    retirement: np.ndarray
    severance_worker: np.ndarray
    insurance: np.ndarray
    old_account_return: np.ndarray
