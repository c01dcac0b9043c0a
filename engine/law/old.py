"""Benefits under the Social Security Law of 1973 (IVCM and occupational risk).

Money is in constant pesos of December 1996 a year, weeks are contributed weeks, ages are years.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.law.compiled import inlined

# A service of 0.83 x k years is no exact binary number; a thousandth of a second keeps a full week from being lost.
WEEK_TOLERANCE = 1e-6


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
        Share of the old-age pension by completed age from ``severance_age`` on; the last holds from there.
    """

    group_upper: np.ndarray
    basic: np.ndarray
    increment: np.ndarray
    severance_age: float
    severance_factor: np.ndarray


class OldPension(NamedTuple):
    """An old-law pension of a year, pesos: as computed, after the limit S, the minimum it is raised to, with the bonus."""

    before_limits: float
    after_limit: float
    floor: float
    pension: float


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
    excess = weeks - weeks_retirement
    if excess <= 0.0:
        return 0.0
    years = np.floor(excess / weeks_per_year)
    rest = excess - years * weeks_per_year
    if rest > rest_full_above:
        return years + 1.0
    if rest >= rest_half_from:
        return years + 0.5
    return years


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
def retirement_amount(
    average_wage: float, basic: float, increment: float, years: float, age_share: float, allowance: float
) -> float:
    """Old-age or severance pension before limits (Arts. 164, 167, 171).

    ``basic`` and ``increment`` are the row of Art. 167 for ``average_wage``, ``years`` those that earn the increment,
    ``age_share`` the severance factor of the age, ``allowance`` the family allowances as a share.
    """
    return average_wage * (basic + increment * years) * age_share * (1.0 + allowance)


@inlined()
def disability_amount(
    average_wage: float, basic: float, increment: float, years: float, allowance: float
) -> float:
    """Disability pension before limits, and the base of survivors' pensions with ``allowance`` 0 (Arts. 164, 167)."""
    return average_wage * (basic + increment * years) * (1.0 + allowance)


@inlined()
def occupational_amount(wage: float, law: OldLaw) -> float:
    """Pension for total permanent occupational disability before limits (Art. 65); no weeks are required."""
    return law.occupational_share * wage


@inlined()
def limited_pension(
    amount: float, average_wage: float, minimum_wage: float, weeks: float, law: OldLaw
) -> OldPension:
    """Limit S first, then the minimum (Arts. 168, 169), then the bonus outside the limit.

    Parameters
    ----------
    amount : float
        Pension with family allowances, pesos a year.
    average_wage : float
        Average wage of the last 250 weeks at the prices of the award, pesos a year.
    minimum_wage : float
        Minimum wage of the award's year, pesos a year.
    weeks : float
        Weeks contributed.
    """
    limited = min(amount, average_wage)
    floor = law.minimum_pension_mw * minimum_wage if weeks >= law.minimum_pension_weeks else 0.0
    return OldPension(amount, limited, floor, max(limited, floor) * (1.0 + law.bonus))


@inlined()
def occupational_limited(amount: float, floor: float, law: OldLaw) -> OldPension:
    """The minimum and the bonus of an occupational pension, which has no limit S (Arts. 65, 168)."""
    return OldPension(amount, amount, floor, max(amount, floor) * (1.0 + law.bonus))


@inlined()
def flat_pension(minimum_wage: float, law: OldLaw) -> OldPension:
    """Every pension a multiple of the minimum wage."""
    amount = law.flat_multiple * minimum_wage
    return OldPension(amount, amount, amount, amount)


@inlined()
def no_pension() -> OldPension:
    """Too few weeks, or too young."""
    return OldPension(0.0, 0.0, 0.0, 0.0)


@inlined()
def survivors_share(
    spouse_alive: float,
    children: float,
    widow_share: float,
    orphan_share: float,
    orphan_share_both: float,
    survivors_cap: float,
) -> float:
    """Share of the pension paid to a family (Arts. 153-159): widow plus orphans while she lives, full orphans after.

    ``spouse_alive`` is a probability, ``children`` the number entitled; both branches stop at ``survivors_cap``.
    """
    with_widow = min(survivors_cap, widow_share + orphan_share * children)
    without = min(survivors_cap, orphan_share_both * children)
    return spouse_alive * with_widow + (1.0 - spouse_alive) * without
