"""What one worker can expect to pay and to receive under the old system and under the reform, year by year.

Follows :mod:`engine.kernels.flows` event by event with the same formulas of the law, but counts what reaches the worker and
the family in place of what the State pays.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cohorts.axes import (
    ACCOUNT_HOUSING,
    ACCOUNT_QUOTA,
    ACCOUNT_RETIREMENT,
    ACCOUNT_SEVERANCE,
    ALWAYS_OLD,
    BASE_DISABILITY,
    BASE_HOUSING,
    BASE_OLD_LAW,
    BASE_RETIREMENT,
    BASE_SEVERANCE,
    DEATH,
    N_ACCOUNTS,
    N_CAUSES,
    RETIREMENT,
)
from cohorts.records import Decrements, Population
from engine.compiled import njit
from engine.kernels.account import credit
from engine.kernels.flows import wage_history
from engine.kernels.heads import service_at
from engine.kernels.types import Economy, Payments, Rules
from engine.law.choice import takes_old_law
from engine.law.new import (
    NewLaw,
    account_pension,
    insured_pension,
    insured_value,
    retirement_value,
)
from engine.law.old import (
    OldLaw,
    OldLawTables,
    art_167_group,
    completed_weeks,
    disability_pension,
    increment_years,
    retirement_pension,
    severance_factor,
)

OLD_SYSTEM, REFORM = 0, 1
N_SYSTEMS = 2
PAID, RECEIVED = 0, 1


class Rates(NamedTuple):
    """What employer and worker pay towards pensions, share of the capped wage.

    Attributes
    ----------
    old_system : float
        Pension branches of the old law.
    retirement, severance, insurance : float
        Retirement account (in both systems), severance and old age, disability and life.
    old_account_return : float64 (year,)
        Real return of the retirement account where there is no reform.
    """

    old_system: float
    retirement: float
    severance: float
    insurance: float
    old_account_return: np.ndarray


@njit(cache=True, nogil=True, error_model="numpy")
def worth_flows(
    population: Population,
    decrements: Decrements,
    payments: Payments,
    value_old: np.ndarray,
    value_real: np.ndarray,
    economy: Economy,
    old: OldLaw,
    tables: OldLawTables,
    new: NewLaw,
    rules: Rules,
    rates: Rates,
    pension_ages: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Expected flows of one worker of each cell, as seen when the worker starts.

    Every block stands for one worker. Under the old system all have the old law's rights; under the reform those of the
    block. Occupational risk is left out: it is another insurance, the same in both. So are INFONAVIT contributions; what the
    reform takes of that balance counts as received less. A balance that is paid out counts in the year of leaving.

    Parameters
    ----------
    population, decrements, payments, economy, old, tables, new, rules
        As in :func:`engine.kernels.flows.project_flows`; the law is in force as ``economy`` says.
    value_old, value_real : float64 (type, sex, age, year)
    rates : Rates
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
    n_years = rules.years
    past = rules.past
    n_durations = payments.total.shape[3]
    n_cells = population.level.shape[0]
    flows = np.zeros((N_SYSTEMS, 2, n_cells, n_years))
    wages = np.zeros((n_cells, n_years))
    replacement = np.full((N_SYSTEMS, pension_ages.shape[0], n_cells), np.nan)
    balance = np.zeros((N_SYSTEMS, N_ACCOUNTS))
    for g in range(population.age.shape[0]):
        sex = population.sex[g]
        first_level = population.level_start[g]
        n_levels = population.level_start[g + 1] - first_level
        wage = np.empty((n_levels, past + n_years))
        capped = np.empty((n_levels, past + n_years))
        summed = np.empty((n_levels, past + n_years))
        wage_history(
            population.relative_wage[first_level : first_level + n_levels],
            population.mean_wage[g],
            economy,
            past,
            rules.wage_floor_mw,
            wage,
            capped,
            summed,
        )
        for b in range(population.block_start[g], population.block_start[g + 1]):
            entry = population.entry[b]
            for c in range(population.cell_start[b], population.cell_start[b + 1]):
                i = population.level[c]
                for system in range(N_SYSTEMS):
                    has_rights = system == OLD_SYSTEM or population.old_rights[b]
                    for a in range(N_ACCOUNTS):
                        balance[system, a] = population.balance[c, a] if system == REFORM else 0.0
                    alive = 1.0
                    for t in range(max(entry, 0), n_years):
                        age = population.age[g] + t
                        if age < decrements.first_age:
                            continue
                        if age > decrements.last_age or alive == 0.0:
                            break
                        u = past + t
                        row = age - decrements.first_age
                        minimum_wage = economy.minimum_wage[u]
                        guarantee = economy.guarantee[t]
                        left = 0.0
                        in_force = economy.in_force[t] if system == REFORM else 0.0
                        if t > entry:
                            award_row = age - payments.first_age
                            service = service_at(population.service[b], entry, t, rules.density)
                            weeks = completed_weeks(service, old.weeks_per_year)
                            years = increment_years(
                                weeks,
                                old.weeks_retirement,
                                old.weeks_per_year,
                                old.rest_half_from,
                                old.rest_full_above,
                            )
                            nominal = 0.0
                            for j in range(1, rules.average_years + 1):
                                nominal += capped[i, u - j] * economy.price_average[u - j]
                            average = nominal / (rules.average_years * economy.price_end[u])
                            group = art_167_group(average / minimum_wage, tables.group_upper)
                            past_years = rules.reference_years
                            if entry >= 0:
                                past_years = min(past_years, t - entry)
                            reference = (summed[i, u - 1] - summed[i, u - 1 - past_years]) / past_years
                            rcv = balance[system, 0] + balance[system, 1] + balance[system, 2]
                            housing = balance[system, ACCOUNT_HOUSING]
                            account = rcv + housing
                            handed_over = 0.0
                            for a in range(N_ACCOUNTS):
                                handed_over += rules.surrender[a] * balance[system, a]
                            exposed = 1
                            if decrements.gated and has_rights and age < decrements.last_age:
                                if weeks < old.weeks_retirement:
                                    exposed = 0
                            for kind in range(N_CAUSES):
                                probability = decrements.probability[exposed, kind, sex, row]
                                left += alive * probability
                                asked = -1
                                if kind == RETIREMENT:
                                    for p in range(pension_ages.shape[0]):
                                        if pension_ages[p] == age:
                                            asked = p
                                number = alive * probability
                                if number == 0.0 and asked < 0:
                                    continue
                                if kind > DEATH:
                                    # Leaving and occupational risk: the account stays the worker's.
                                    flows[system, RECEIVED, c, t] += number * rcv
                                    continue
                                family = payments.entitled[sex, award_row] if kind == DEATH else 1.0
                                allowance = payments.allowance[sex, award_row] if kind != DEATH else 0.0
                                pension = 0.0
                                if has_rights:
                                    if kind == RETIREMENT:
                                        pension = retirement_pension(
                                            average,
                                            tables.basic[group],
                                            tables.increment[group],
                                            weeks,
                                            years,
                                            severance_factor(
                                                float(age), tables.severance_age, tables.severance_factor
                                            ),
                                            allowance,
                                            minimum_wage,
                                            old,
                                        )
                                    else:
                                        pension = disability_pension(
                                            average,
                                            tables.basic[group],
                                            tables.increment[group],
                                            weeks,
                                            years,
                                            allowance,
                                            minimum_wage,
                                            old,
                                        )
                                unit_real = value_real[kind, sex, award_row, t]
                                takes_old = system == OLD_SYSTEM or in_force == 0.0
                                insured = weeks >= new.weeks_disability
                                if kind == DEATH:
                                    insured = weeks >= new.weeks_death
                                if not takes_old and rules.choice == ALWAYS_OLD:
                                    takes_old = pension * value_old[kind, sex, award_row, t] > 0.0
                                elif not takes_old:
                                    if kind == RETIREMENT:
                                        value_new = retirement_value(
                                            account, weeks, unit_real, guarantee, new
                                        )
                                    else:
                                        value_new = insured_value(
                                            account,
                                            insured,
                                            new.disability_share,
                                            reference,
                                            unit_real,
                                            guarantee,
                                        )
                                    takes_old = takes_old_law(
                                        pension * value_old[kind, sex, award_row, t],
                                        account - handed_over,
                                        value_new,
                                    )
                                indexed = takes_old
                                paid_out = 0.0
                                if system == OLD_SYSTEM or in_force == 0.0:
                                    paid_out = rcv
                                elif takes_old:
                                    paid_out = rcv - handed_over
                                elif kind == RETIREMENT:
                                    pension = account_pension(
                                        account, unit_real, float(age), weeks, guarantee, new
                                    )
                                    paid_out = -housing if pension > 0.0 else rcv
                                else:
                                    pension = 0.0
                                    paid_out = rcv
                                    if insured and unit_real > 0.0:
                                        pension = max(
                                            account / unit_real,
                                            insured_pension(new.disability_share, reference, guarantee),
                                        )
                                        paid_out = -housing
                                # Without an entitled family a death leaves no pension, and the account to the heirs.
                                flows[system, RECEIVED, c, t] += number * (
                                    family * paid_out + (1.0 - family) * rcv
                                )
                                if asked >= 0 and pension > 0.0:
                                    replacement[system, asked, c] = pension / wage[i, u - 1]
                                if pension > 0.0 and number > 0.0:
                                    for k in range(min(n_durations, n_years - t)):
                                        index = 1.0
                                        if indexed:
                                            index = economy.indexation[t + k] / economy.indexation[t]
                                        flows[system, RECEIVED, c, t + k] += (
                                            number
                                            * family
                                            * pension
                                            * payments.total[kind, sex, award_row, k]
                                            * index
                                        )
                        alive -= left
                        if alive < 1e-15:
                            alive = 0.0
                        w = wage[i, u]
                        bases = rules.density * alive
                        own = bases * min(w, economy.ceilings[BASE_RETIREMENT, u] * minimum_wage)
                        flows[system, PAID, c, t] += rates.retirement * own
                        ivcm = bases * min(w, economy.ceilings[BASE_OLD_LAW, u] * minimum_wage)
                        flows[system, PAID, c, t] += (1.0 - in_force) * rates.old_system * ivcm
                        severance = min(w, economy.ceilings[BASE_SEVERANCE, u] * minimum_wage)
                        insurance = min(w, economy.ceilings[BASE_DISABILITY, u] * minimum_wage)
                        flows[system, PAID, c, t] += (
                            in_force * bases * (rates.severance * severance + rates.insurance * insurance)
                        )
                        retirement = rules.density * min(
                            w, economy.ceilings[BASE_RETIREMENT, u] * minimum_wage
                        )
                        if system == OLD_SYSTEM:
                            wages[c, t] += bases * w
                        if in_force == 0.0:
                            # Until the reform begins the two systems are one.
                            balance[system, ACCOUNT_RETIREMENT] = credit(
                                balance[system, ACCOUNT_RETIREMENT],
                                rates.old_account_return[t],
                                rates.retirement * retirement,
                            )
                            continue
                        housing_base = min(w, economy.ceilings[BASE_HOUSING, u] * minimum_wage)
                        balance[system, ACCOUNT_RETIREMENT] = credit(
                            balance[system, ACCOUNT_RETIREMENT],
                            economy.fund_return[t],
                            (in_force * rules.retirement_rate + (1.0 - in_force) * rates.retirement)
                            * retirement,
                        )
                        balance[system, ACCOUNT_SEVERANCE] = credit(
                            balance[system, ACCOUNT_SEVERANCE],
                            economy.fund_return[t],
                            in_force * rules.severance_rate * rules.density * severance,
                        )
                        balance[system, ACCOUNT_QUOTA] = credit(
                            balance[system, ACCOUNT_QUOTA],
                            economy.fund_return[t],
                            in_force * rules.quota_credit,
                        )
                        balance[system, ACCOUNT_HOUSING] = credit(
                            balance[system, ACCOUNT_HOUSING],
                            economy.housing_return[t],
                            in_force * rules.housing_rate * rules.density * housing_base,
                        )
    return flows, wages, replacement
