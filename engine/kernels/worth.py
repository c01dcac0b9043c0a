"""Money's worth: what a life pays in and receives in all years, weighted with the probability of every exit.

Events follow one another as in the projection (:mod:`engine.kernels.flows`), with the same functions of the law.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cohorts.axes import (
    ACCOUNT_RETIREMENT,
    ALWAYS_OLD,
    BASE_DISABILITY,
    BASE_OLD_LAW,
    BASE_RETIREMENT,
    BASE_SEVERANCE,
    DEATH,
    DISABILITY,
    N_ACCOUNTS,
    N_CAUSES,
    N_STREAMS,
    N_TYPES,
    N_WITH_ALLOWANCES,
    RETIREMENT,
)
from engine.kernels.accounts import add_year, credited_in_year, surrendered
from engine.kernels.careers import wage_history
from engine.kernels.claims import claim_of, cohort_averages
from engine.kernels.heads import service_at
from engine.kernels.indexing import guarantee_since, valued_award
from engine.kernels.layout import WAGE
from engine.kernels.types import Economy, Inputs, Premiums, Rules
from engine.law.account import Credited, by_wage, contribution_base, credit
from engine.law.award import Award, Prices
from engine.law.compiled import compiled, inner, inner_inlined
from engine.law.new import career_guarantee
from engine.law.occupational import UNTOLD as UNTOLD_DEGREE
from engine.law.of_year import law_of_year
from engine.law.old import UNTOLD, tables_of_year

OLD_SYSTEM, REFORM = 0, 1
N_SYSTEMS = 2
PAID, RECEIVED = 0, 1


def worth_flows(
    inputs: Inputs, premiums: Premiums, pension_ages: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Expected flows of one worker of each cell, as seen when the worker starts.

    Every block stands for one worker. Under the old system all have the old law's rights; under the reform those of the
    block. Occupational risk is left out: it is another insurance, the same in both. So are INFONAVIT contributions; what the
    reform takes of that balance counts as received less. A balance that is paid out counts in the year of leaving.

    Parameters
    ----------
    inputs : Inputs
        Of heads nothing is read. The law is in force as its ``economy`` says.
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
    rules, n_cells = inputs.rules, inputs.population.level.shape[0]
    flows = np.zeros((N_SYSTEMS, n_cells, 2, rules.years))
    wages = np.zeros((n_cells, rules.years))
    replacement = np.full((N_SYSTEMS, n_cells, pension_ages.shape[0]), np.nan)
    room = Room(
        np.empty((3, rules.past + rules.years)),
        np.empty((2, N_ACCOUNTS)),
        np.empty(inputs.payments.total.shape[4]),
    )
    _fill(inputs, premiums, pension_ages, room, flows, wages, replacement)
    return flows, wages, replacement


class Room(NamedTuple):
    """What lives are worked in: wages and their sums, balances at the opening and at the award, index by duration.

    Attributes
    ----------
    history : float64 (3, past and projected year)
    balances : float64 (2, account)
    index : float64 (duration,)
    """

    history: np.ndarray
    balances: np.ndarray
    index: np.ndarray


@compiled()
def _fill(
    inputs: Inputs,
    premiums: Premiums,
    pension_ages: np.ndarray,
    room: Room,
    flows: np.ndarray,
    wages: np.ndarray,
    replacement: np.ndarray,
) -> None:
    """:func:`worth_flows` in place."""
    population, economy, rules = inputs.population, inputs.economy, inputs.rules
    for g in range(population.age.shape[0]):
        for b in range(population.block_start[g], population.block_start[g + 1]):
            for c in range(population.cell_start[b], population.cell_start[b + 1]):
                relative = population.relative_wage[population.level_start[g] + population.level[c]]
                wage_history(
                    relative,
                    population.mean_wage[g],
                    economy.wage_ceiling_old_law,
                    economy.minimum_wage,
                    rules.past,
                    rules.years,
                    rules.wage_floor_mw,
                    room.history,
                )
                for system in range(N_SYSTEMS):
                    life_worth(
                        inputs, g, b, c, system, room, premiums, pension_ages,
                        flows[system, c], wages[c], replacement[system, c],
                    )  # fmt: skip


@inner()
def life_worth(
    inputs: Inputs,
    g: int,
    b: int,
    c: int,
    system: int,
    room: Room,
    premiums: Premiums,
    pension_ages: np.ndarray,
    flows: np.ndarray,
    wages: np.ndarray,
    replacement: np.ndarray,
) -> None:
    """Expected flows of the worker of one cell under one system, in place: paid and received, wages, replacement rates."""
    population, _, decrements, payments, value_old, value_real, economy, tables, rules = inputs
    entry, sex, years = population.entry[b], population.sex[g], rules.years
    density = population.density[g]
    old_rights = system == OLD_SYSTEM or population.old_rights[b]
    history, index, balance, at_award = room.history, room.index, room.balances[0], room.balances[1]
    for a in range(N_ACCOUNTS):
        balance[a] = population.balance[c, a] if system == REFORM else 0.0
    alive = 1.0
    for t in range(max(entry, 0), years):
        age = population.age[g] + t
        if age < decrements.first_age:
            continue
        if age > decrements.last_age or alive == 0.0:
            break
        left = 0.0
        in_force = economy.in_force[t] if system == REFORM else 0.0
        wage = history[WAGE, rules.past + t]
        paid = credits_of_year(wage, density, t, in_force, economy, rules, premiums)
        if t > entry:
            row, award_row, table = age - decrements.first_age, age - payments.first_age, payments.of_year[t]
            law = law_of_year(rules.old, rules.new, t, rules.recognition, rules.guarantee_rule)
            accounts_at_award(balance, paid, t, in_force, economy, premiums, at_award)
            rcv, housing = at_award[0] + at_award[1] + at_award[2], at_award[3]
            handed_over = surrendered(at_award, rules, t)
            minimum = economy.minimum_wage[rules.past + t]
            averages = cohort_averages(history, entry, t, density, economy, rules)
            claim = claim_of(
                float(age),
                service_at(population.service[b], entry, t, economy.moment, density),
                old_rights,
                averages,
                minimum,
                payments.allowance[payments.of_year[t], sex, award_row],
                rcv + housing,
                handed_over,
                law,
                tables_of_year(tables, t),
                UNTOLD,
                UNTOLD_DEGREE,
            )
            closed = decrements.gated and old_rights and age < decrements.certain_age[t]
            exposed = 0 if closed and claim.weeks < law.old.weeks_retirement else 1
            for kind in range(N_CAUSES):
                number = alive * decrements.probability[decrements.table_of_year[t], exposed, kind, sex, row]
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
                        guaranteed, float(age), claim.weeks - law.new.weeks_retirement, averages.career, rules.career, t
                    )  # fmt: skip
                unit_allowance = payments.total[table, N_TYPES + min(kind, DISABILITY), sex, award_row]
                prices = prices_of_cohort(
                    value_old, value_real, kind, sex, award_row, t, minimum, guaranteed,
                    (not before) and rules.choice != ALWAYS_OLD,
                )  # fmt: skip
                award, _ = valued_award(
                    claim, prices, law, kind, False, t, payments.total[table, kind, sex, award_row], unit_allowance,
                    economy, rules.past, index,
                )  # fmt: skip
                takes_old = before or award.takes_old
                pension = award.pension if takes_old else award.pension_new
                beside = award.allowances if takes_old else award.allowances_new
                # Without an entitled family a death leaves no pension, and the account to the heirs.
                family = payments.entitled[table, sex, award_row] if kind == DEATH else 1.0
                out = paid_out(takes_old, before, award, rcv, housing, handed_over)
                flows[RECEIVED, t] += number * (family * out + (1.0 - family) * rcv)
                if asked >= 0 and pension > 0.0:
                    replacement[asked] = (pension + beside) / history[WAGE, rules.past + t - 1]
                if pension > 0.0 and number > 0.0:
                    unit = (payments.total if takes_old else payments.total_new)[table, kind, sex, award_row]
                    if not takes_old:
                        for k in range(index.shape[0]):
                            index[k] = 1.0
                        add_award(flows[RECEIVED], t, years, number * family * award.bonus_new, unit, index)
                        if award.guaranteed:
                            guarantee_since(economy.guarantee_index, t, index)
                    add_award(flows[RECEIVED], t, years, number * family * pension, unit, index)
                    if beside > 0.0:
                        add_award(flows[RECEIVED], t, years, number * family * beside, unit_allowance, index)
        alive -= left
        if alive < 1e-15:
            alive = 0.0
        contributing = alive + economy.moment * left
        flows[PAID, t] += contributing * paid_in_year(wage, density, t, in_force, economy, rules, premiums)
        if system == OLD_SYSTEM:
            wages[t] += contributing * density * wage
        flows[RECEIVED, t] += alive * contribute(balance, paid, wage, t, in_force, economy, rules, premiums)


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
    flows: np.ndarray, t: int, years: int, expected: float, unit: np.ndarray, index: np.ndarray
) -> None:
    """Payments of a pension, ``expected`` a year at its award in year ``t``, added in place; ``index`` by duration."""
    for k in range(min(unit.shape[0], years - t)):
        flows[t + k] += expected * unit[k] * index[k]


@inner_inlined()
def prices_of_cohort(
    value_old: np.ndarray, value_real: np.ndarray, kind: int, sex: int, row: int, t: int, minimum: float,
    guarantee: float, chooses: bool,
) -> Prices:  # fmt: skip
    """Prices of an award of year ``t`` at the age of a row of the values of a unit."""
    allowed = kind < N_WITH_ALLOWANCES
    beside = N_TYPES + min(kind, N_WITH_ALLOWANCES - 1)
    return Prices(
        minimum,
        guarantee,
        value_old[kind, sex, row, t],
        value_real[kind, sex, row, t],
        value_real[N_STREAMS + kind, sex, row, t],
        value_old[beside, sex, row, t] if allowed else 0.0,
        value_real[beside, sex, row, t] if allowed else 0.0,
        chooses,
    )


@inner()
def paid_in_year(
    wage: float, time: float, t: int, in_force: float, economy: Economy, rules: Rules, premiums: Premiums
) -> float:
    """What employer and worker pay towards pensions in a year of which the share ``time`` is worked, pesos."""
    u = rules.past + t
    minimum = economy.minimum_wage[u]
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
def credits_of_year(
    wage: float, density: float, t: int, in_force: float, economy: Economy, rules: Rules, premiums: Premiums
) -> Credited:
    """What a year credits under either system; before the reform the two are one, with a retirement account alone."""
    u = rules.past + t
    base = contribution_base(wage, economy.ceilings[BASE_RETIREMENT, u], economy.minimum_wage[u], density)
    before = (1.0 - in_force) * premiums.retirement[t] * base
    if in_force == 0.0:
        return Credited(before, 0.0, 0.0, 0.0)
    quota = by_wage(wage, rules.quota, t) * (density if rules.credit_by_density else 1.0)
    paid = credited_in_year(wage, density, quota, t, economy, rules)
    return Credited(paid.retirement + before, paid.severance, paid.quota, paid.housing)


@inner_inlined()
def accounts_at_award(
    balance: np.ndarray, paid: Credited, t: int, in_force: float, economy: Economy, premiums: Premiums, found: np.ndarray
) -> None:  # fmt: skip
    """Balances when awards of a year are made, of those at its opening, in place of ``found``, float64 (account,)."""
    annual = economy.fund_return[t] if in_force > 0.0 else premiums.old_account_return[t]
    fund, housing = (1.0 + annual) ** economy.moment, (1.0 + economy.housing_return[t]) ** economy.moment
    found[0] = balance[0] * fund + economy.moment * paid.retirement
    found[1] = balance[1] * fund + economy.moment * paid.severance
    found[2] = balance[2] * fund + economy.moment * paid.quota
    found[3] = balance[3] * housing + economy.moment * paid.housing


@inner()
def contribute(
    balance: np.ndarray, paid: Credited, wage: float, t: int, in_force: float, economy: Economy, rules: Rules,
    premiums: Premiums,
) -> float:  # fmt: skip
    """A year of the accounts under either system, in place, and what is withdrawn."""
    if in_force == 0.0:
        balance[ACCOUNT_RETIREMENT] = credit(
            balance[ACCOUNT_RETIREMENT], premiums.old_account_return[t], paid.retirement
        )
        return 0.0
    return add_year(balance, paid, wage, economy, rules, t)
