"""Many single workers: career, accounts, pension of either law, choice and what the State pays.

Follows the projection event by event (:mod:`engine.kernels.flows`) with the same formulas of the law, for a career of any
shape instead of a cohort of constant density. One row of the result is one worker; nothing depends on the others.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cohorts.axes import (
    ALWAYS_OLD,
    BASE_DISABILITY,
    BASE_HOUSING,
    BASE_RETIREMENT,
    BASE_SEVERANCE,
    DEATH,
    DISABILITY,
    OCCUPATIONAL_DEATH,
    OCCUPATIONAL_DISABILITY,
    RETIREMENT,
)
from engine.compiled import njit
from engine.kernels.account import credit
from engine.kernels.types import Economy
from engine.law.choice import takes_old_law
from engine.law.new import (
    NewLaw,
    account_pension,
    guarantee_shortfall,
    has_early_pension,
    has_pension,
    insured_pension,
    insured_top_up,
    insured_value,
    is_insured,
    retirement_value,
)
from engine.law.old import (
    FamilyAllowances,
    OldLaw,
    OldLawTables,
    art_167_group,
    completed_weeks,
    disability_pension,
    family_allowance,
    increment_years,
    occupational_pension,
    retirement_pension,
    severance_factor,
    survivors_share,
)

NO_SPOUSE, SPOUSE_NOT_ENTITLED, SPOUSE_ENTITLED = 0, 1, 2

# Columns of the result.
FIGURES = (
    "weeks",
    "retirement",
    "ceav",
    "social_quota",
    "infonavit",
    "account",
    "average_wage",
    "minimum_wage",
    "group",
    "basic",
    "increment",
    "increment_years",
    "age_share",
    "allowance",
    "old_pension",
    "reference_wage",
    "last_wage",
    "risk_wage",
    "unit_old",
    "unit_real",
    "handed_over",
    "kept",
    "old_rights",
    "value_old",
    "value_new",
    "entitled",
    "early",
    "annuity",
    "new_pension",
    "top_up",
    "takes_old",
    "state_old",
    "state_new",
    "state",
    "state_contributions",
    "missing_history",
)
(
    WEEKS,
    BALANCE_RETIREMENT,
    BALANCE_SEVERANCE,
    BALANCE_QUOTA,
    BALANCE_HOUSING,
    ACCOUNT,
    AVERAGE_WAGE,
    MINIMUM_WAGE,
    GROUP,
    BASIC,
    INCREMENT,
    INCREMENT_YEARS,
    AGE_SHARE,
    ALLOWANCE,
    OLD_PENSION,
    REFERENCE_WAGE,
    LAST_WAGE,
    RISK_WAGE,
    UNIT_OLD,
    UNIT_REAL,
    HANDED_OVER,
    KEPT,
    OLD_RIGHTS,
    VALUE_OLD,
    VALUE_NEW,
    ENTITLED,
    EARLY,
    ANNUITY,
    NEW_PENSION,
    TOP_UP,
    TAKES_OLD,
    STATE_OLD,
    STATE_NEW,
    STATE,
    STATE_CONTRIBUTIONS,
    MISSING_HISTORY,
) = range(len(FIGURES))


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


class Lives(NamedTuple):
    """Survival after an award.

    Attributes
    ----------
    active, disabled, spouse : float64 (sex, age, duration)
        Probability that the pensioner (by table of mortality) or the spouse is alive; sex and age are the worker's.
    first_age : int
    child_age_limit : float
    """

    active: np.ndarray
    disabled: np.ndarray
    spouse: np.ndarray
    first_age: int
    child_age_limit: float


class Terms(NamedTuple):
    """Scalars and switches beside those of the two laws.

    Attributes
    ----------
    first_year, past : int
        First year in which accounts may receive contributions; years of prices known before it.
    average_years, reference_years : int
        Contributed years of the old-law average wage and of the new-law disability average.
    choice : int
    enacted : bool
        Whether the law of 1995 exists.
    wage_floor_mw : float
        Lowest wage from the first year on, in minimum wages.
    retirement_rate, severance_rate, housing_rate : float
        Contributions that reach the account, share of the capped wage.
    state_severance, state_disability : float
        Proportional contributions of the State, share of the capped wage.
    quota : float
        Social quota of a full year, pesos.
    quota_by_time, credit_by_time : bool
        Whether the State pays, and the account receives, the quota for the time contributed only.
    surrender_retirement, surrender_severance, surrender_quota, surrender_housing : float
        Part of each account that goes to the State with the old law.
    widow, orphan, orphan_both : float
        Shares of survivors; with ``occupational_`` those of occupational risk.
    survivors_cap : float
    """

    first_year: int
    past: int
    average_years: int
    reference_years: int
    choice: int
    enacted: bool
    wage_floor_mw: float
    retirement_rate: float
    severance_rate: float
    housing_rate: float
    state_severance: float
    state_disability: float
    quota: float
    quota_by_time: bool
    credit_by_time: bool
    surrender_retirement: float
    surrender_severance: float
    surrender_quota: float
    surrender_housing: float
    widow: float
    orphan: float
    orphan_both: float
    occupational_widow: float
    occupational_orphan: float
    occupational_orphan_both: float
    survivors_cap: float


@njit(cache=True, nogil=True, error_model="numpy")
def accumulate(
    wage: np.ndarray,
    participation: np.ndarray,
    first_age: int,
    born: int,
    award_age: int,
    economy: Economy,
    terms: Terms,
    path: np.ndarray,
) -> tuple[float, float, float, float, float, float, bool]:
    """Accounts at the award: interest on the opening balance, then the contribution, year by year.

    Parameters
    ----------
    wage, participation : float64 (column,)
        Of one worker.
    path : float64 (year, 6)
        Filled in place, where it has rows: each balance at the end of each year of age from ``first_age`` on, what was
        credited in it, and what the State contributed.

    Returns
    -------
    tuple
        The four balances, years of service, the State's contributions (undiscounted), and whether the first contribution
        came before the first year.
    """
    retirement = severance = quota = housing = 0.0
    service = state = 0.0
    before = False
    n_columns = wage.shape[0]
    for j in range(award_age - first_age):
        year = born + first_age + j
        t = year - terms.first_year
        time = participation[j] if j < n_columns else 0.0
        service += time
        if t < 0:
            before = before or time > 0.0
            continue
        u = terms.past + t
        minimum = economy.minimum_wage[u]
        full = max(wage[j], terms.wage_floor_mw * minimum) if time > 0.0 else 0.0
        force = economy.in_force[t]
        base_retirement = time * min(full, economy.ceilings[BASE_RETIREMENT, u] * minimum)
        base_severance = time * min(full, economy.ceilings[BASE_SEVERANCE, u] * minimum)
        base_disability = time * min(full, economy.ceilings[BASE_DISABILITY, u] * minimum)
        base_housing = time * min(full, economy.ceilings[BASE_HOUSING, u] * minimum)
        contributes = 1.0 if time > 0.0 else 0.0
        to_retirement = force * terms.retirement_rate * base_retirement
        to_severance = force * terms.severance_rate * base_severance
        to_quota = force * terms.quota * (time if terms.credit_by_time else contributes)
        to_housing = force * terms.housing_rate * base_housing
        retirement = credit(retirement, economy.fund_return[t], to_retirement)
        severance = credit(severance, economy.fund_return[t], to_severance)
        quota = credit(quota, economy.fund_return[t], to_quota)
        housing = credit(housing, economy.housing_return[t], to_housing)
        paid = force * (
            terms.quota * (time if terms.quota_by_time else contributes)
            + terms.state_severance * base_severance
            + terms.state_disability * base_disability
        )
        state += paid
        if j < path.shape[0]:
            path[j, 0] = retirement
            path[j, 1] = severance
            path[j, 2] = quota
            path[j, 3] = housing
            path[j, 4] = to_retirement + to_severance + to_quota + to_housing
            path[j, 5] = paid
    return retirement, severance, quota, housing, service, state, before


@njit(cache=True, nogil=True, error_model="numpy")
def average_wages(
    wage: np.ndarray,
    participation: np.ndarray,
    first_age: int,
    born: int,
    award_age: int,
    economy: Economy,
    terms: Terms,
) -> tuple[float, float, float, float, bool, bool]:
    """Wages that benefits are computed from, looking back from the award.

    A year counts where something was contributed, and by its share of time; the latest such years are taken until the law's
    number of years is reached, or all there are.

    Returns
    -------
    tuple
        Average nominal wage at the prices of the award (old law), average real wage (new law), the last full-year wage,
        the capped wage of the award's year (occupational risk), and whether years were needed of which prices are unknown,
        for the first and the second average.
    """
    award = born + award_age - terms.first_year + terms.past
    nominal = nominal_time = real = real_time = last = risk = 0.0
    n_nominal = n_real = 0
    missing_nominal = missing_real = False
    at_award = award_age - first_age
    if at_award < wage.shape[0] and wage[at_award] > 0.0:
        full = max(wage[at_award], terms.wage_floor_mw * economy.minimum_wage[award])
        risk = min(full, economy.wage_ceiling_old_law[award] * economy.minimum_wage[award])
    for j in range(min(at_award, wage.shape[0]) - 1, -1, -1):
        if n_nominal >= terms.average_years and n_real >= terms.reference_years:
            break
        time = participation[j]
        if time <= 0.0:
            continue
        u = born + first_age + j - terms.first_year + terms.past
        if u < 0:
            missing_nominal = missing_nominal or n_nominal < terms.average_years
            missing_real = missing_real or n_real < terms.reference_years
            if last == 0.0:
                last = wage[j]
            break
        minimum = economy.minimum_wage[u]
        full = wage[j]
        if u >= terms.past:
            full = max(full, terms.wage_floor_mw * minimum)
        counted = min(full, economy.wage_ceiling_old_law[u] * minimum)
        if last == 0.0:
            last = full
            if risk == 0.0:
                risk = counted
        if n_nominal < terms.average_years:
            nominal += time * counted * economy.price_average[u]
            nominal_time += time
            n_nominal += 1
        if n_real < terms.reference_years:
            real += time * counted
            real_time += time
            n_real += 1
    average = nominal / (nominal_time * economy.price_end[award]) if nominal_time > 0.0 else 0.0
    reference = real / real_time if real_time > 0.0 else 0.0
    return average, reference, last, risk, missing_nominal, missing_real


@njit(cache=True, nogil=True, error_model="numpy")
def payments(
    kind: int,
    sex: int,
    age: int,
    spouse: int,
    children: float,
    lives: Lives,
    terms: Terms,
    total: np.ndarray,
    own: np.ndarray,
) -> None:
    """Expected payments of a unit of pension in each year from the award on, in place.

    Parameters
    ----------
    total, own : float64 (duration,)
        To pensioner and family, and to the pensioner alone; of a pension for death, to the family.
    """
    row = age - lives.first_age
    widow = terms.widow
    orphan = terms.orphan
    both = terms.orphan_both
    if kind == OCCUPATIONAL_DISABILITY or kind == OCCUPATIONAL_DEATH:
        widow = terms.occupational_widow
        orphan = terms.occupational_orphan
        both = terms.occupational_orphan_both
    if spouse != SPOUSE_ENTITLED:
        widow = 0.0
    cap = terms.survivors_cap
    limit = lives.child_age_limit
    pensioner = lives.active[sex, row] if kind == RETIREMENT else lives.disabled[sex, row]
    other = lives.spouse[sex, row]
    after_death = kind == DEATH or kind == OCCUPATIONAL_DEATH
    for k in range(total.shape[0]):
        left = children
        if k > 0:
            left = max(0.0, 1.0 - k / limit) * children
        family = survivors_share(other[k] if spouse != NO_SPOUSE else 0.0, left, widow, orphan, both, cap)
        alive = 0.0 if after_death else pensioner[k]
        own[k] = alive
        total[k] = family if after_death else alive + (1.0 - alive) * family


@njit(cache=True, nogil=True, error_model="numpy")
def evaluate(
    workers: Workers,
    lives: Lives,
    economy: Economy,
    terms: Terms,
    old: OldLaw,
    tables: OldLawTables,
    allowances: FamilyAllowances,
    new: NewLaw,
    begin: int,
    end: int,
    out: np.ndarray,
) -> None:
    """Figures of the workers ``begin`` to ``end``, in place.

    Parameters
    ----------
    out : float64 (worker, figure)
        Columns :data:`FIGURES`. Pesos of December 1996, a year where it is a pension or a wage; flags are 0 and 1.
        ``state_old`` and ``state_new`` are present values at the award of what the State pays under either law, ``state``
        under the law chosen.
    """
    no_path = np.empty((0, 6))
    n_durations = lives.active.shape[2]
    total = np.empty(n_durations)
    own = np.empty(n_durations)
    # A unit paid at the opening of each year, discounted to the first; and the same on the old law's index.
    discount = np.empty(economy.fund_return.shape[0])
    indexed = np.empty(economy.fund_return.shape[0])
    factor = 1.0
    for t in range(discount.shape[0]):
        discount[t] = factor
        indexed[t] = economy.indexation[t] * factor
        factor /= 1.0 + economy.fund_return[t]
    for i in range(begin, end):
        kind = workers.kind[i]
        sex = workers.sex[i]
        born = workers.born[i]
        age = workers.award_age[i]
        first_age = workers.first_age[i]
        spouse = workers.spouse[i]
        award = born + age - terms.first_year
        u = terms.past + award
        retirement, severance, quota, housing, service, state, before = accumulate(
            workers.wage[i], workers.participation[i], first_age, born, age, economy, terms, no_path
        )
        average, reference, last, risk, missing_nominal, missing_real = average_wages(
            workers.wage[i], workers.participation[i], first_age, born, age, economy, terms
        )
        weeks = completed_weeks(service, old.weeks_per_year)
        minimum = economy.minimum_wage[u]
        guarantee = economy.guarantee[award]
        account = retirement + severance + quota + housing
        handed_over = (
            terms.surrender_retirement * retirement
            + terms.surrender_severance * severance
            + terms.surrender_quota * quota
            + terms.surrender_housing * housing
        )
        kept = account - handed_over
        group = art_167_group(average / minimum, tables.group_upper)
        basic = tables.basic[group]
        increment = tables.increment[group]
        years = increment_years(
            weeks, old.weeks_retirement, old.weeks_per_year, old.rest_half_from, old.rest_full_above
        )
        age_share = severance_factor(float(age), tables.severance_age, tables.severance_factor)
        allowance = family_allowance(
            spouse == SPOUSE_ENTITLED, workers.children[i], workers.parents[i], allowances
        )
        payments(kind, sex, age, spouse, workers.children[i], lives, terms, total, own)
        unit_old = 0.0
        unit_real = 0.0
        for k in range(n_durations):
            unit_old += total[k] * indexed[award + k]
            unit_real += total[k] * discount[award + k]
        unit_old /= indexed[award]
        unit_real /= discount[award]
        old_rights = before or not terms.enacted
        missing = False
        pension = 0.0
        entitled = False
        early = False
        new_pension = 0.0
        top_up = 0.0
        state_new = 0.0
        if kind == RETIREMENT:
            if old_rights:
                pension = retirement_pension(
                    average, basic, increment, weeks, years, age_share, allowance, minimum, old
                )
            missing = missing_nominal and old_rights
            entitled = has_pension(float(age), weeks, new)
            value_new = account
            if entitled:
                value_new = retirement_value(account, weeks, unit_real, guarantee, new)
                state_new = guarantee_shortfall(account, guarantee, unit_real)
                top_up = state_new / unit_real
            else:
                early = has_early_pension(account, unit_real, guarantee, new)
            new_pension = account_pension(account, unit_real, float(age), weeks, guarantee, new)
        else:
            share = new.disability_share
            wage = reference
            if kind == DISABILITY or kind == DEATH:
                if old_rights:
                    pension = disability_pension(
                        average,
                        basic,
                        increment,
                        weeks,
                        years,
                        allowance if kind == DISABILITY else 0.0,
                        minimum,
                        old,
                    )
                entitled = is_insured(weeks, workers.severe[i], new)
                if kind == DEATH:
                    entitled = weeks >= new.weeks_death
                missing = (missing_nominal and old_rights) or (missing_real and terms.enacted)
            else:
                share = new.occupational_share
                wage = risk
                entitled = True
                if old_rights:
                    pension = occupational_pension(risk, minimum, old)
            value_new = insured_value(account, entitled, share, wage, unit_real, guarantee)
            if entitled and unit_real > 0.0:
                new_pension = max(account / unit_real, insured_pension(share, wage, guarantee))
                top_up = insured_top_up(share, wage, guarantee)
                state_new = top_up * unit_real
            if unit_real <= 0.0:
                pension = 0.0
        if not terms.enacted:
            new_pension = top_up = state_new = value_new = 0.0
            entitled = False
            early = False
        value_old = pension * unit_old
        takes_old = takes_old_law(value_old, kept, value_new)
        if terms.choice == ALWAYS_OLD or (
            0 <= award < economy.in_force.shape[0] and economy.in_force[award] == 0.0
        ):
            takes_old = value_old > 0.0
        state_old = max(0.0, value_old - handed_over)

        out[i, WEEKS] = weeks
        out[i, BALANCE_RETIREMENT] = retirement
        out[i, BALANCE_SEVERANCE] = severance
        out[i, BALANCE_QUOTA] = quota
        out[i, BALANCE_HOUSING] = housing
        out[i, ACCOUNT] = account
        out[i, AVERAGE_WAGE] = average
        out[i, MINIMUM_WAGE] = minimum
        out[i, GROUP] = group + 1
        out[i, BASIC] = basic
        out[i, INCREMENT] = increment
        out[i, INCREMENT_YEARS] = years
        out[i, AGE_SHARE] = age_share
        out[i, ALLOWANCE] = allowance
        out[i, OLD_PENSION] = pension
        out[i, REFERENCE_WAGE] = reference
        out[i, LAST_WAGE] = last
        out[i, RISK_WAGE] = risk
        out[i, UNIT_OLD] = unit_old
        out[i, UNIT_REAL] = unit_real
        out[i, HANDED_OVER] = handed_over
        out[i, KEPT] = kept
        out[i, OLD_RIGHTS] = old_rights
        out[i, VALUE_OLD] = value_old
        out[i, VALUE_NEW] = value_new
        out[i, ENTITLED] = entitled
        out[i, EARLY] = early
        out[i, ANNUITY] = account / unit_real if unit_real > 0.0 else 0.0
        out[i, NEW_PENSION] = new_pension
        out[i, TOP_UP] = top_up
        out[i, TAKES_OLD] = takes_old
        out[i, STATE_OLD] = state_old
        out[i, STATE_NEW] = state_new
        out[i, STATE] = state_old if takes_old else state_new
        out[i, STATE_CONTRIBUTIONS] = state
        out[i, MISSING_HISTORY] = missing
