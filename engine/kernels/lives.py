"""Single lives of any career: accounts, averages, and the law's award for every type of pension.

Two questions are asked of a life. What is awarded at one age, and what does the State pay (:func:`evaluate`, one row a
worker)? And what is paid in and received in all years, weighted with the probability of every exit (:func:`worth_flows`)?
Events follow one another as in the projection (:mod:`engine.kernels.flows`), with the same functions of the law.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cohorts.axes import (
    ACCOUNT_RETIREMENT,
    ALWAYS_OLD,
    BASE_DISABILITY,
    BASE_HOUSING,
    BASE_OLD_LAW,
    BASE_RETIREMENT,
    BASE_SEVERANCE,
    DEATH,
    DISABILITY,
    N_ACCOUNTS,
    N_CAUSES,
    OCCUPATIONAL_DEATH,
    OCCUPATIONAL_DISABILITY,
    RETIREMENT,
)
from cohorts.records import Decrements, Population
from engine.kernels.careers import wage_history
from engine.kernels.heads import service_at
from engine.kernels.layout import COUNTED, SUMMED, WAGE
from engine.kernels.types import Economy, Payments, Rules
from engine.law.account import Bands, Credited, Rates, by_wage, contribution_base, credit, credited
from engine.law.award import Award, Claim, Law, Prices, death, disability, occupational, retirement
from engine.law.compiled import compiled, inlined, inner, inner_inlined
from engine.law.new import career_guarantee
from engine.law.of_year import law_of_year
from engine.law.old import (
    FamilyAllowances,
    OldLawTables,
    art_167_group,
    completed_weeks,
    family_allowance,
    increment_years,
    severance_factor,
    survivors_share,
)
from engine.law.wage import average_wage, counted_wage, reference_wage

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
    "guarantee",
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
    GUARANTEE,
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


class Shares(NamedTuple):
    """Shares of survivors, with ``occupational_`` those of occupational risk, and what all together get at most."""

    widow: float
    orphan: float
    orphan_both: float
    occupational_widow: float
    occupational_orphan: float
    occupational_orphan_both: float
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


class Averages(NamedTuple):
    """Wages that benefits are computed from.

    Attributes
    ----------
    average, reference : float
        Average wage S of the old law, reference wage R of the new; 0 without a year to average.
    last, risk : float
        Last full-year wage, and the counted wage of the award's year (occupational risk).
    career : float
        Mean counted wage of all years that contributed, of those whose prices are known.
    missing_nominal, missing_real : bool
        Whether years were needed for the first, or the second, whose prices are not known.
    """

    average: float
    reference: float
    last: float
    risk: float
    career: float
    missing_nominal: bool
    missing_real: bool


@inlined()
def award_of_kind(kind: int, claim: Claim, prices: Prices, law: Law, severe: bool) -> Award:
    """The law's award of a type of pension."""
    if kind == RETIREMENT:
        return retirement(claim, prices, law)
    if kind == DISABILITY:
        return disability(claim, prices, law, severe)
    if kind == DEATH:
        return death(claim, prices, law)
    return occupational(claim, prices, law)


@inlined()
def claim_of(
    age: float,
    service: float,
    old_rights: bool,
    wages: Averages,
    minimum_wage: float,
    allowance: float,
    account: float,
    handed_over: float,
    law: Law,
    tables: OldLawTables,
) -> Claim:
    """A claim from age, service, wages and account."""
    weeks = completed_weeks(service, law.old.weeks_per_year)
    group = art_167_group(wages.average / minimum_wage, tables.group_upper)
    return Claim(
        age,
        weeks,
        old_rights,
        wages.risk,
        wages.average,
        wages.reference,
        tables.basic[group],
        tables.increment[group],
        increment_years(
            weeks,
            law.old.weeks_retirement,
            law.old.weeks_per_year,
            law.old.rest_half_from,
            law.old.rest_full_above,
        ),
        severance_factor(age, tables.severance_age, tables.severance_factor),
        allowance,
        account,
        handed_over,
    )


@inlined()
def may_choose(economy: Economy, rules: Rules, t: int) -> bool:
    """Whether there is a choice between the laws in a year: not before the new one is in force, or beyond the paths."""
    early = t < economy.in_force.shape[0] and economy.in_force[t] == 0.0
    return rules.choice != ALWAYS_OLD and not early


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
def add_year(balance: np.ndarray, paid: Credited, economy: Economy, t: int) -> None:
    """Interest of a year on the four accounts, then its credits, in place."""
    balance[0] = credit(balance[0], economy.fund_return[t], paid.retirement)
    balance[1] = credit(balance[1], economy.fund_return[t], paid.severance)
    balance[2] = credit(balance[2], economy.fund_return[t], paid.quota)
    balance[3] = credit(balance[3], economy.housing_return[t], paid.housing)


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
    balance[:] = 0.0
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
        add_year(balance, to_accounts, economy, t)
        paid = economy.in_force[t] * (
            of_year * (time if terms.quota_by_time else contributes)
            + terms.state_severance[t]
            * contribution_base(full, economy.ceilings[BASE_SEVERANCE, u], minimum, time)
            + terms.state_disability[t]
            * contribution_base(full, economy.ceilings[BASE_DISABILITY, u], minimum, time)
        )
        state += paid
        if j < path.shape[0]:
            path[j, :N_ACCOUNTS] = balance
            path[j, 4] = (
                to_accounts.retirement + to_accounts.severance + to_accounts.quota + to_accounts.housing
            )
            path[j, 5] = paid
    return service, state, before


@inner()
def average_wages(
    wage: np.ndarray,
    participation: np.ndarray,
    first_age: int,
    born: int,
    award_age: int,
    economy: Economy,
    rules: Rules,
    first_year: int,
) -> Averages:
    """Wages that benefits are computed from, looking back from the award.

    A year counts where something was contributed, and by its share of time; the latest such years are taken until the law's
    number of years is reached, or all there are.
    """
    award = born + award_age - first_year + rules.past
    career = career_time = 0.0
    nominal = nominal_time = real = real_time = last = risk = 0.0
    n_nominal = n_real = 0
    missing_nominal = missing_real = False
    at_award = award_age - first_age
    if at_award < wage.shape[0] and wage[at_award] > 0.0:
        full = max(wage[at_award], rules.wage_floor_mw * economy.minimum_wage[award])
        risk = counted_wage(full, economy.wage_ceiling_old_law[award], economy.minimum_wage[award])
    for j in range(min(at_award, wage.shape[0]) - 1, -1, -1):
        averaged = n_nominal >= rules.average_years and n_real >= rules.reference_years
        if averaged and rules.career.amount.shape[0] == 0:
            break
        time = participation[j]
        if time <= 0.0:
            continue
        u = born + first_age + j - first_year + rules.past
        if u < 0:
            missing_nominal = missing_nominal or n_nominal < rules.average_years
            missing_real = missing_real or n_real < rules.reference_years
            if last == 0.0:
                last = wage[j]
            break
        minimum = economy.minimum_wage[u]
        full = wage[j]
        if u >= rules.past:
            full = max(full, rules.wage_floor_mw * minimum)
        counted = counted_wage(full, economy.wage_ceiling_old_law[u], minimum)
        career += time * counted
        career_time += time
        if last == 0.0:
            last = full
            if risk == 0.0:
                risk = counted
        if n_nominal < rules.average_years:
            nominal += time * counted * economy.price_average[u]
            nominal_time += time
            n_nominal += 1
        if n_real < rules.reference_years:
            real += time * counted
            real_time += time
            n_real += 1
    average = average_wage(nominal, nominal_time, economy.price_award[award]) if nominal_time > 0.0 else 0.0
    reference = reference_wage(real, real_time) if real_time > 0.0 else 0.0
    mean = career / career_time if career_time > 0.0 else 0.0
    return Averages(average, reference, last, risk, mean, missing_nominal, missing_real)


@compiled()
def family_payments(
    kind: int,
    sex: int,
    age: int,
    spouse: int,
    children: float,
    lives: Lives,
    shares: Shares,
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
    widow = shares.widow
    orphan = shares.orphan
    both = shares.orphan_both
    if kind == OCCUPATIONAL_DISABILITY or kind == OCCUPATIONAL_DEATH:
        widow = shares.occupational_widow
        orphan = shares.occupational_orphan
        both = shares.occupational_orphan_both
    if spouse != SPOUSE_ENTITLED:
        widow = 0.0
    cap = shares.cap
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


@compiled()
def evaluate(
    workers: Workers,
    lives: Lives,
    economy: Economy,
    rules: Rules,
    terms: Terms,
    tables: OldLawTables,
    allowances: FamilyAllowances,
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
    no_path, balance = np.empty((0, 6)), np.empty(N_ACCOUNTS)
    n_durations = lives.active.shape[2]
    total, total_new = np.empty(n_durations), np.empty(n_durations)
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
        t = born + age - terms.first_year
        service, contributed, before = accumulate(
            workers.wage[i],
            workers.participation[i],
            first_age,
            born,
            age,
            economy,
            rules,
            terms,
            balance,
            no_path,
        )
        wages = average_wages(
            workers.wage[i], workers.participation[i], first_age, born, age, economy, rules, terms.first_year
        )
        family_payments(kind, sex, age, spouse, workers.children[i], lives, terms.shares_old, total, own)
        family_payments(kind, sex, age, spouse, workers.children[i], lives, terms.shares_new, total_new, own)
        unit_old = unit_real = 0.0
        for k in range(n_durations):
            unit_old += total[k] * indexed[t + k]
            unit_real += total_new[k] * discount[t + k]
        account = balance.sum()
        handed_over = (rules.surrender * balance).sum()
        minimum = economy.minimum_wage[rules.past + t]
        law = law_of_year(rules.old, rules.new, t, rules.recognition, rules.guarantee_rule)
        old_rights = before or not terms.enacted
        entitled_spouse = spouse == SPOUSE_ENTITLED
        claim = claim_of(
            float(age),
            service,
            old_rights,
            wages,
            minimum,
            family_allowance(entitled_spouse, workers.children[i], workers.parents[i], allowances),
            account,
            handed_over,
            law,
            tables,
        )
        guaranteed = economy.guarantee[t]
        if kind == RETIREMENT:
            guaranteed = career_guarantee(
                guaranteed, float(age), claim.weeks - law.new.weeks_retirement, wages.career, rules.career, t
            )
        prices = Prices(
            minimum,
            guaranteed,
            unit_old / indexed[t],
            unit_real / discount[t],
            may_choose(economy, rules, t),
        )
        award = award_of_kind(kind, claim, prices, law, workers.severe[i])
        missing_old = wages.missing_nominal and old_rights and kind <= DEATH
        missing_new = wages.missing_real and terms.enacted and (kind == DISABILITY or kind == DEATH)
        write_figures(
            out[i], balance, wages, claim, prices, award, contributed, missing_old or missing_new, tables
        )


@inner()
def write_figures(
    out: np.ndarray,
    balance: np.ndarray,
    wages: Averages,
    claim: Claim,
    prices: Prices,
    award: Award,
    contributed: float,
    missing: bool,
    tables: OldLawTables,
) -> None:
    """Figures of one worker, in place."""
    out[WEEKS] = claim.weeks
    out[BALANCE_RETIREMENT : BALANCE_RETIREMENT + N_ACCOUNTS] = balance
    out[ACCOUNT] = claim.account
    out[AVERAGE_WAGE] = claim.average_wage
    out[MINIMUM_WAGE] = prices.minimum_wage
    out[GUARANTEE] = prices.guarantee
    out[GROUP] = art_167_group(claim.average_wage / prices.minimum_wage, tables.group_upper) + 1
    out[BASIC] = claim.basic
    out[INCREMENT] = claim.increment
    out[INCREMENT_YEARS] = claim.years
    out[AGE_SHARE] = claim.age_share
    out[ALLOWANCE] = claim.allowance
    out[OLD_PENSION] = award.pension
    out[REFERENCE_WAGE] = claim.reference_wage
    out[LAST_WAGE] = wages.last
    out[RISK_WAGE] = claim.wage
    out[UNIT_OLD] = prices.annuity_old
    out[UNIT_REAL] = prices.annuity_real
    out[HANDED_OVER] = claim.handed_over
    out[KEPT] = award.kept
    out[OLD_RIGHTS] = claim.old_rights
    out[VALUE_OLD] = award.value_old
    out[VALUE_NEW] = award.value_new
    out[ENTITLED] = award.entitled
    out[EARLY] = award.early
    out[ANNUITY] = claim.account / prices.annuity_real if prices.annuity_real > 0.0 else 0.0
    out[NEW_PENSION] = award.pension_new
    out[TOP_UP] = award.top_up
    out[TAKES_OLD] = award.takes_old
    out[STATE_OLD] = award.state_old
    out[STATE_NEW] = award.state_new
    out[STATE] = award.state_old if award.takes_old else award.state_new
    out[STATE_CONTRIBUTIONS] = contributed
    out[MISSING_HISTORY] = missing


# ---------------------------------------------------------------------------------------------------------------------
# Money's worth: what a life pays and receives, weighted with the probability of every exit

OLD_SYSTEM, REFORM = 0, 1
N_SYSTEMS = 2
PAID, RECEIVED = 0, 1


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


@inner_inlined()
def paid_out(
    takes_old: bool, before: bool, award: Award, rcv: float, housing: float, handed_over: float
) -> float:
    """What of the accounts is paid out at the award of a pension; less the housing balance where the new law takes it.

    ``rcv`` are the retirement, severance and quota accounts; ``before``: no new law yet.
    """
    if before:
        return rcv
    if takes_old:
        return rcv - handed_over
    return -housing if award.pension_new > 0.0 else rcv


@inner()
def add_award(
    flows: np.ndarray,
    t: int,
    years: int,
    expected: float,
    unit: np.ndarray,
    indexation: np.ndarray,
    indexed: bool,
) -> None:
    """Payments of a pension, ``expected`` a year at its award in year ``t``, added in place."""
    for k in range(min(unit.shape[0], years - t)):
        index = indexation[t + k] / indexation[t] if indexed else 1.0
        flows[t + k] += expected * unit[k] * index


@compiled()
def cohort_averages(history: np.ndarray, entry: int, t: int, economy: Economy, rules: Rules) -> Averages:
    """Averages of a wage group that contributes in every year: all calendar years count, S also those before entry."""
    u = rules.past + t
    nominal = 0.0
    for j in range(1, rules.average_years + 1):
        nominal += history[COUNTED, u - j] * economy.price_average[u - j]
    years = min(rules.reference_years, t - entry) if entry >= 0 else rules.reference_years
    total = history[SUMMED, u - 1] - history[SUMMED, u - 1 - years]
    first = rules.past + entry if entry >= 0 else 0
    return Averages(
        average_wage(nominal, rules.average_years, economy.price_award[u]),
        reference_wage(total, years),
        history[WAGE, u - 1],
        history[COUNTED, u],
        (history[SUMMED, u - 1] - (history[SUMMED, first - 1] if first > 0 else 0.0)) / (u - first),
        False,
        False,
    )


@inner()
def life_worth(
    population: Population,
    g: int,
    b: int,
    c: int,
    system: int,
    history: np.ndarray,
    decrements: Decrements,
    payments: Payments,
    value_old: np.ndarray,
    value_real: np.ndarray,
    economy: Economy,
    tables: OldLawTables,
    rules: Rules,
    premiums: Premiums,
    pension_ages: np.ndarray,
    flows: np.ndarray,
    wages: np.ndarray,
    replacement: np.ndarray,
) -> None:
    """Expected flows of the worker of one cell under one system, in place: paid and received, wages, replacement rates."""
    entry, sex, years = population.entry[b], population.sex[g], rules.years
    old_rights = system == OLD_SYSTEM or population.old_rights[b]
    balance = np.zeros(N_ACCOUNTS)
    if system == REFORM:
        balance[:] = population.balance[c]
    alive = 1.0
    for t in range(max(entry, 0), years):
        age = population.age[g] + t
        if age < decrements.first_age:
            continue
        if age > decrements.last_age or alive == 0.0:
            break
        left = 0.0
        in_force = economy.in_force[t] if system == REFORM else 0.0
        if t > entry:
            row, award_row = age - decrements.first_age, age - payments.first_age
            law = law_of_year(rules.old, rules.new, t, rules.recognition, rules.guarantee_rule)
            rcv, housing = balance[0] + balance[1] + balance[2], balance[3]
            handed_over = (rules.surrender * balance).sum()
            minimum = economy.minimum_wage[rules.past + t]
            averages = cohort_averages(history, entry, t, economy, rules)
            claim = claim_of(
                float(age),
                service_at(population.service[b], entry, t, rules.density),
                old_rights,
                averages,
                minimum,
                payments.allowance[sex, award_row],
                rcv + housing,
                handed_over,
                law,
                tables,
            )
            closed = decrements.gated and old_rights and age < decrements.last_age
            exposed = 0 if closed and claim.weeks < law.old.weeks_retirement else 1
            for kind in range(N_CAUSES):
                number = alive * decrements.probability[exposed, kind, sex, row]
                left += number
                asked = -1
                if kind == RETIREMENT:
                    for p in range(pension_ages.shape[0]):
                        if pension_ages[p] == age:
                            asked = p
                if number == 0.0 and asked < 0:
                    continue
                if kind > DEATH:
                    # Leaving and occupational risk: the account stays the worker's.
                    flows[RECEIVED, t] += number * rcv
                    continue
                before = in_force == 0.0
                guaranteed = economy.guarantee[t]
                if kind == RETIREMENT:
                    guaranteed = career_guarantee(
                        guaranteed,
                        float(age),
                        claim.weeks - law.new.weeks_retirement,
                        averages.career,
                        rules.career,
                        t,
                    )
                prices = Prices(
                    minimum,
                    guaranteed,
                    value_old[kind, sex, award_row, t],
                    value_real[kind, sex, award_row, t],
                    (not before) and rules.choice != ALWAYS_OLD,
                )
                award = award_of_kind(kind, claim, prices, law, False)
                takes_old = before or award.takes_old
                pension = award.pension if takes_old else award.pension_new
                # Without an entitled family a death leaves no pension, and the account to the heirs.
                family = payments.entitled[sex, award_row] if kind == DEATH else 1.0
                out = paid_out(takes_old, before, award, rcv, housing, handed_over)
                flows[RECEIVED, t] += number * (family * out + (1.0 - family) * rcv)
                if asked >= 0 and pension > 0.0:
                    replacement[asked] = pension / history[WAGE, rules.past + t - 1]
                if pension > 0.0 and number > 0.0:
                    unit = (payments.total if takes_old else payments.total_new)[kind, sex, award_row]
                    expected = number * family * pension
                    add_award(flows[RECEIVED], t, years, expected, unit, economy.indexation, takes_old)
        alive -= left
        if alive < 1e-15:
            alive = 0.0
        wage = history[WAGE, rules.past + t]
        flows[PAID, t] += alive * paid_in_year(wage, t, in_force, economy, rules, premiums)
        if system == OLD_SYSTEM:
            wages[t] += alive * rules.density * wage
        contribute(balance, wage, t, in_force, economy, rules, premiums)


@inner()
def paid_in_year(
    wage: float, t: int, in_force: float, economy: Economy, rules: Rules, premiums: Premiums
) -> float:
    """What employer and worker pay towards pensions in a year, pesos."""
    u = rules.past + t
    minimum, time = economy.minimum_wage[u], rules.density
    ivcm = contribution_base(wage, economy.ceilings[BASE_OLD_LAW, u], minimum, time)
    severance = contribution_base(wage, economy.ceilings[BASE_SEVERANCE, u], minimum, time)
    insurance = contribution_base(wage, economy.ceilings[BASE_DISABILITY, u], minimum, time)
    rate = by_wage(wage, rules.severance_employer, t) + premiums.severance_worker[t]
    return (
        premiums.retirement[t] * contribution_base(wage, economy.ceilings[BASE_RETIREMENT, u], minimum, time)
        + (1.0 - in_force) * premiums.old_system[t] * ivcm
        + in_force * (rate * severance + premiums.insurance[t] * insurance)
    )


@inner()
def contribute(
    balance: np.ndarray,
    wage: float,
    t: int,
    in_force: float,
    economy: Economy,
    rules: Rules,
    premiums: Premiums,
) -> None:
    """A year of the accounts under either system, in place: until the reform begins the two are one."""
    u = rules.past + t
    base = contribution_base(
        wage, economy.ceilings[BASE_RETIREMENT, u], economy.minimum_wage[u], rules.density
    )
    if in_force == 0.0:
        balance[ACCOUNT_RETIREMENT] = credit(
            balance[ACCOUNT_RETIREMENT], premiums.old_account_return[t], premiums.retirement[t] * base
        )
        return
    paid = credited_in_year(wage, rules.density, by_wage(wage, rules.quota_credit, t), t, economy, rules)
    before = (1.0 - in_force) * premiums.retirement[t] * base
    add_year(
        balance,
        Credited(paid.retirement + before, paid.severance, paid.quota, paid.housing),
        economy,
        t,
    )


@compiled()
def worth_flows(
    population: Population,
    decrements: Decrements,
    payments: Payments,
    value_old: np.ndarray,
    value_real: np.ndarray,
    economy: Economy,
    tables: OldLawTables,
    rules: Rules,
    premiums: Premiums,
    pension_ages: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Expected flows of one worker of each cell, as seen when the worker starts.

    Every block stands for one worker. Under the old system all have the old law's rights; under the reform those of the
    block. Occupational risk is left out: it is another insurance, the same in both. So are INFONAVIT contributions; what the
    reform takes of that balance counts as received less. A balance that is paid out counts in the year of leaving.

    Parameters
    ----------
    population, decrements, payments, economy, tables, rules
        As in :func:`engine.kernels.flows.project_flows`; the law is in force as ``economy`` says.
    value_old, value_real : float64 (type, sex, age, year)
    premiums : Premiums
    pension_ages : float64 (pension_age,)
        Ages at which replacement rates are asked for.

    Returns
    -------
    flows : float64 (system, paid or received, cell, year)
        Pesos.
    wages : float64 (cell, year)
        Wages earned, density included.
    replacement : float64 (system, pension_age, cell)
        Pension of the first year over the wage of the year before, of who is still active; NaN where there is none.
    """
    n_cells = population.level.shape[0]
    flows = np.zeros((N_SYSTEMS, n_cells, 2, rules.years))
    wages = np.zeros((n_cells, rules.years))
    replacement = np.full((N_SYSTEMS, n_cells, pension_ages.shape[0]), np.nan)
    history = np.empty((3, rules.past + rules.years))
    for g in range(population.age.shape[0]):
        for b in range(population.block_start[g], population.block_start[g + 1]):
            for c in range(population.cell_start[b], population.cell_start[b + 1]):
                relative = population.relative_wage[population.level_start[g] + population.level[c]]
                wage_history(
                    relative, population.mean_wage[g], economy, rules.past, rules.wage_floor_mw, history
                )
                for system in range(N_SYSTEMS):
                    life_worth(
                        population, g, b, c, system, history, decrements, payments, value_old, value_real, economy,
                        tables, rules, premiums, pension_ages, flows[system, c], wages[c], replacement[system, c],
                    )  # fmt: skip
    return flows, wages, replacement
