"""Benefits under the Social Security Law of 1973 (IVCM and occupational risk).

Money is in constant pesos of December 1996 a year, weeks are contributed weeks, ages are years.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cohorts.arrays import Floats, Floats2, Ints
from engine.law.compiled import inlined

# Groups of Art. 167 have bounds of two decimals; a ratio that is one but for the noise of floats is not below it.
HUNDREDTHS = 100.0
RATIO_TOLERANCE = 1e-9
# A service of 0.83 x k years is no exact binary number; a thousandth of a second keeps a full week from being lost.
WEEK_TOLERANCE = 1e-6
MONTHS = 12.0
# Months beyond a completed age that nobody has told.
UNTOLD = -1.0


class OldLaw(NamedTuple):
    """Values of the law of 1973 that the formulas need.

    Attributes
    ----------
    flat : bool
        Whether every pension is a multiple of the minimum wage, in place of Art. 167.
    flat_multiple : float
        That multiple, bonus included.
    weeks_retirement, weeks_disability : float
        Contributed weeks that open a retirement pension (Arts. 138, 145) and a disability or death pension (Arts. 131, 150).
    weeks_per_year, rest_half_from, rest_full_above : float
        Weeks of a year, and the rests of a year that count half and whole (Art. 167).
    minimum_pension_mw, minimum_pension_weeks : float
        Minimum pension in minimum wages and the weeks that entitle to it (Art. 168).
    bonus : float
        Yearly bonus as a fraction of the yearly pension (Art. 167, last paragraph); outside the cap.
    occupational_share : float
        Share of the wage paid for total permanent disability (Art. 65).
    by_degree : bool
        Whether occupational disabilities have degrees; otherwise every one is total, and at least the minimum.
    indemnity_degree, indemnity_years, bonus_degree, occupational_bonus : float
        Degree up to which an indemnity takes the place of the pension, and its years; degree above which a yearly bonus is
        paid, and that bonus as a fraction of the yearly pension (Art. 65 of 1973; Art. 58 of 1995).
    pensioned, mean_partial, mean_total : float
        Over all degrees: share of the disabled who draw a pension, and what they draw on the average, bonus included, of
        the pension of a total disability as the wage gives it, and of that with its floor.
    allowances_apart : bool
        Whether family allowances are paid beside the pension, which bonus and survivors' shares are of (Art. 165);
        otherwise they are a part of it.
    """

    flat: bool
    flat_multiple: float
    weeks_retirement: float
    weeks_disability: float
    weeks_per_year: float
    rest_half_from: float
    rest_full_above: float
    minimum_pension_mw: float
    minimum_pension_weeks: float
    bonus: float
    occupational_share: float
    by_degree: bool
    indemnity_degree: float
    indemnity_years: float
    bonus_degree: float
    occupational_bonus: float
    pensioned: float
    mean_partial: float
    mean_total: float
    allowances_apart: bool


class OldLawTables(NamedTuple):
    """Tables of the law of 1973.

    Attributes
    ----------
    group_upper, basic, increment : float64 (group,)
        Art. 167: upper bound of the wage group in minimum wages (the last is never reached), basic amount and yearly
        increment as fractions of the average wage.
    severance_age : float
        First age of the severance table (Art. 171).
    severance_factor : float64 (age,)
        Share of the old-age pension by age that counts, from ``severance_age`` on; the last holds from there.
    severance_mean : float64 (age,)
        The same by completed age at the opening of the year, of those whose birthdays are not told.
    """

    group_upper: np.ndarray
    basic: np.ndarray
    increment: np.ndarray
    severance_age: float
    severance_factor: np.ndarray
    severance_mean: np.ndarray


class DatedTables(NamedTuple):
    """Tables of the law of 1973 by year of award.

    Attributes
    ----------
    of_year : int64 (year,)
        Which table holds for awards of a year.
    group_upper, basic, increment : float64 (table, group)
    severance_age : float64 (table,)
    severance_factor, severance_mean : float64 (table, age)
        See :class:`OldLawTables`; a shorter table is filled with its last row.
    """

    of_year: Ints
    group_upper: Floats2
    basic: Floats2
    increment: Floats2
    severance_age: Floats
    severance_factor: Floats2
    severance_mean: Floats2


@inlined()
def tables_of_year(dated: DatedTables, t: int) -> OldLawTables:
    """The tables of awards of year ``t``: views, so Python calls it uncompiled, as ``tables_of_year.py_func``."""
    k = dated.of_year[t]
    return OldLawTables(
        dated.group_upper[k],
        dated.basic[k],
        dated.increment[k],
        dated.severance_age[k],
        dated.severance_factor[k],
        dated.severance_mean[k],
    )


class OldPension(NamedTuple):
    """An old-law pension of a year, pesos: as computed, after the limit S, the minimum it is raised to, with the bonus;
    and the family allowances beside it."""

    before_limits: float
    after_limit: float
    floor: float
    pension: float
    allowances: float


class FamilyAllowances(NamedTuple):
    """Family allowances and assistance, as shares of the pension (Art. 164).

    Attributes
    ----------
    spouse, child : float
        For the spouse, and for each entitled child.
    parent, only_parent : float
        For each dependent parent where there is neither spouse nor child, and what is added where that parent is the only
        one.
    alone : float
        For a pensioner who has none of them.
    """

    spouse: float
    child: float
    parent: float
    only_parent: float
    alone: float


@inlined()
def family_allowance(spouse: bool, children: float, parents: float, law: FamilyAllowances) -> float:
    """Family allowances and assistance of one pensioner as a share of the pension (Art. 164).

    ``children`` and ``parents`` are numbers of entitled children and of dependent parents.
    """
    if spouse or children > 0.0:
        return (law.spouse if spouse else 0.0) + law.child * children
    if parents > 0.0:
        return law.parent * parents + (law.only_parent if parents == 1.0 else 0.0)
    return law.alone


@inlined()
def allowance_left(
    spouse: bool, spouse_alive: float, children: float, left: float, parents: float, law: FamilyAllowances
) -> float:
    """The same some time after the award, expected: an allowance ends with the relative it was for (Art. 164).

    ``spouse_alive`` is the probability that the spouse of the award lives, ``left`` the number of ``children`` still
    entitled. Who has outlived the spouse and has no child left is alone.
    """
    if spouse:
        alone = (1.0 - spouse_alive) * max(0.0, 1.0 - left)
        return law.spouse * spouse_alive + law.child * left + law.alone * alone
    if children > 0.0:
        return law.child * left + law.alone * max(0.0, min(1.0, children) - left)
    return family_allowance(False, 0.0, parents, law)


@inlined()
def completed_weeks(service: float, weeks_per_year: float) -> float:
    """Whole weeks contributed in ``service`` years."""
    return np.floor(service * weeks_per_year + WEEK_TOLERANCE)


@inlined()
def increment_years(
    weeks: float,
    weeks_retirement: float,
    weeks_per_year: float,
    rest_half_from: float,
    rest_full_above: float,
) -> float:
    """Years that earn the yearly increment: those beyond 500 weeks (Art. 167).

    A rest of 13 to 26 weeks counts half a year, a longer one a whole year, a shorter one nothing.
    """
    excess = max(weeks - weeks_retirement, 0.0)
    years = np.floor(excess / weeks_per_year)
    rest = excess - years * weeks_per_year
    of_rest = 1.0 if rest > rest_full_above else (0.5 if rest >= rest_half_from else 0.0)
    return years + (of_rest if excess > 0.0 else 0.0)


@inlined()
def art_167_group(wage_mw: float, group_upper: np.ndarray) -> int:
    """Row of the Art. 167 table for an average wage of ``wage_mw`` minimum wages; upper bounds belong to their group."""
    lo = 0
    hi = group_upper.shape[0] - 1
    while lo < hi:
        mid = (lo + hi) >> 1
        if wage_mw <= group_upper[mid]:
            hi = mid
        else:
            lo = mid + 1
    return lo


@inlined()
def severance_factor(age: float, severance_age: float, factors: np.ndarray) -> float:
    """Share of the old-age pension paid at ``age`` (Art. 171).

    Half a year counts as one, but only on top of the first age: that one must be completed (Art. 145).
    """
    if age < severance_age:
        return 0.0
    row = int(np.floor(age + 0.5) - severance_age)
    last = factors.shape[0] - 1
    if row > last:
        row = last
    return factors[row]


@inlined()
def severance_share(age: float, months: float, tables: OldLawTables) -> float:
    """Share of the old-age pension paid at a completed ``age`` and so many ``months``; the mean where these are negative."""
    if months >= 0.0 or age < tables.severance_age:
        return severance_factor(age + months / MONTHS, tables.severance_age, tables.severance_factor)
    row = min(int(age - tables.severance_age), tables.severance_mean.shape[0] - 1)
    return tables.severance_mean[row]


def mean_severance_factors(factors: np.ndarray, moment: float) -> np.ndarray:
    """Mean share by completed age at the opening of the year, of awards at a ``moment`` of it (Art. 171).

    Birthdays are spread evenly over the year, and half a year counts as one: who is ``x`` at the opening has at the award
    an age from ``x + moment`` to a year more.
    """
    counted = np.arange(factors.size) + moment + 0.5
    ages = np.arange(factors.size)
    return np.interp(counted, ages, factors)


def cut_bounds(group_upper: np.ndarray) -> np.ndarray:
    """Bounds that hold for ratios as they are where the groups hold for ratios cut to two decimals (Art. 167)."""
    last = np.floor(group_upper * HUNDREDTHS + RATIO_TOLERANCE)
    return (last + 1.0) / HUNDREDTHS - RATIO_TOLERANCE


@inlined()
def retirement_amount(
    average_wage: float, basic: float, increment: float, years: float, age_share: float
) -> float:
    """Old-age or severance pension before allowances and limits (Arts. 167, 171).

    ``basic`` and ``increment`` are the row of Art. 167 for ``average_wage``, ``years`` those that earn the increment,
    ``age_share`` the severance factor of the age.
    """
    return average_wage * (basic + increment * years) * age_share


@inlined()
def disability_amount(average_wage: float, basic: float, increment: float, years: float) -> float:
    """Disability pension, and the base of survivors' pensions, before allowances and limits (Art. 167)."""
    return average_wage * (basic + increment * years)


@inlined()
def occupational_amount(wage: float, law: OldLaw) -> float:
    """Pension for total permanent occupational disability before limits (Art. 65); no weeks are required."""
    return law.occupational_share * wage


@inlined()
def limited_pension(
    base: float, allowance: float, average_wage: float, minimum_wage: float, weeks: float, law: OldLaw
) -> OldPension:
    """Limit S first, then the minimum (Arts. 168, 169), then the bonus outside the limit.

    Both limits are of pension and allowances together. Where these stand apart, the pension has the limits to itself, and
    what is left up to those of the sum are the allowances: bonus and survivors' shares are of the pension (Art. 165).

    Parameters
    ----------
    base : float
        Pension before allowances, pesos a year.
    allowance : float
        Family allowances as a share of it.
    average_wage : float
        Average wage of the last 250 weeks at the prices of the award, pesos a year.
    minimum_wage : float
        Minimum wage of the award's year, pesos a year.
    weeks : float
        Weeks contributed.
    """
    whole = base * (1.0 + allowance)
    amount = base if law.allowances_apart else whole
    limited = min(amount, average_wage)
    floor = law.minimum_pension_mw * minimum_wage if weeks >= law.minimum_pension_weeks else 0.0
    pension = max(limited, floor)
    allowances = max(min(whole, average_wage), floor) - pension
    return OldPension(amount, limited, floor, pension * (1.0 + law.bonus), allowances)


@inlined()
def occupational_limited(amount: float, floor: float, partial: float, total: float) -> OldPension:
    """An occupational pension, which has no limit S, bonus included (Arts. 65, 168 of 1973; Arts. 58, 59 of 1995).

    ``partial`` is drawn of the ``amount`` of a total disability, ``total`` of the amount with its ``floor``.
    """
    return OldPension(amount, amount, floor, partial * amount + total * max(amount, floor), 0.0)


@inlined()
def flat_pension(minimum_wage: float, law: OldLaw) -> OldPension:
    """Every pension a multiple of the minimum wage."""
    amount = law.flat_multiple * minimum_wage
    return OldPension(amount, amount, amount, amount, 0.0)


@inlined()
def no_pension() -> OldPension:
    """Too few weeks, or too young."""
    return OldPension(0.0, 0.0, 0.0, 0.0, 0.0)


@inlined()
def ascendants_share(parents: float, share: float, survivors_cap: float) -> float:
    """Share of the pension paid to dependent parents, where a death leaves neither widow nor orphan.

    Art. 159; Arts. 66 and 137 of the law of 1995.
    """
    return min(survivors_cap, share * parents)


@inlined()
def survivors_share(
    spouse_alive: float,
    children: float,
    widow_share: float,
    orphan_share: float,
    orphan_share_both: float,
    survivors_cap: float,
) -> float:
    """Share of the pension paid to a family (Arts. 153-158): widow plus orphans while she lives, full orphans after.

    ``spouse_alive`` is a probability, ``children`` the number entitled; both branches stop at ``survivors_cap``.
    """
    with_widow = min(survivors_cap, widow_share + orphan_share * children)
    without = min(survivors_cap, orphan_share_both * children)
    return spouse_alive * with_widow + (1.0 - spouse_alive) * without
