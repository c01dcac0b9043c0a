"""The projection of one case: contributions, accounts, awards, the worker's choice and what the State pays.

Order of events in a year: decrements and awards on opening service and balance, payments in advance, interest, contributions
of those who remain. Cells of one birth year and sex are worked together, so that every table look-up is a scalar.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from engine.kernels.account import credit
from engine.kernels.awards import mark_award
from cohorts.axes import (
    ACCOUNT_HOUSING,
    ACCOUNT_QUOTA,
    ACCOUNT_RETIREMENT,
    ACCOUNT_SEVERANCE,
    ALWAYS_OLD,
    BASE_HOUSING,
    BASE_RETIREMENT,
    BASE_SEVERANCE,
    BASE_UNCAPPED,
    CAPITAL,
    DEATH,
    DISABILITY,
    EXHAUSTION,
    GUARANTEE,
    N_ACCOUNTS,
    N_BASES,
    N_CEILINGS,
    N_GENERATIONS,
    N_REGIMES,
    N_TYPES,
    OCCUPATIONAL_DEATH,
    OCCUPATIONAL_DISABILITY,
    OLD_LAW,
    PRESENT,
    RETIREMENT,
    TOP_UP,
)
from engine.kernels.heads import service_at
from cohorts.records import Decrements, Population
from engine.kernels.types import Economy, Flows, Heads, Payments, Rules
from engine.law.choice import takes_old_law
from engine.law.new import (
    NewLaw,
    guarantee_shortfall,
    insured_top_up,
    insured_value,
    retirement_value,
)
from engine.law.old import (
    OldLaw,
    art_167_group,
    completed_weeks,
    disability_pension,
    occupational_pension,
    retirement_pension,
)


@njit(cache=True, nogil=True, error_model="numpy")
def wage_history(
    relative: np.ndarray,
    mean: np.ndarray,
    economy: Economy,
    past: int,
    floor_mw: float,
    wage: np.ndarray,
    capped: np.ndarray,
    summed: np.ndarray,
) -> None:
    """Wages of a group by wage group and year, in place: floored, capped for the averages, and the running sum of these.

    Before the first year a wage moves with the group's mean; the floor holds from the first year on.
    """
    n_levels = relative.shape[0]
    n = mean.shape[0]
    for i in range(n_levels):
        first = max(relative[i] * mean[past], floor_mw * economy.minimum_wage[past])
        for u in range(n):
            if u < past:
                w = first * mean[u] / mean[past]
            else:
                w = max(relative[i] * mean[u], floor_mw * economy.minimum_wage[u])
            wage[i, u] = w
            capped[i, u] = min(w, economy.wage_ceiling_old_law[u] * economy.minimum_wage[u])
        total = 0.0
        for u in range(n):
            total += capped[i, u]
            summed[i, u] = total


@njit(cache=True, nogil=True, error_model="numpy")
def project_flows(
    population: Population,
    heads: Heads,
    decrements: Decrements,
    payments: Payments,
    value_old: np.ndarray,
    value_real: np.ndarray,
    economy: Economy,
    old: OldLaw,
    new: NewLaw,
    rules: Rules,
    with_detail: bool,
) -> Flows:
    """Flows of one case.

    Parameters
    ----------
    population, heads, decrements, payments, economy, old, new, rules
        See :mod:`engine.kernels.types`, :mod:`engine.law.old`, :mod:`engine.law.new`.
    value_old, value_real : float64 (type, sex, age, year)
        Annuity-due of old-law pensions on their index, and of pensions constant in real terms.
    with_detail : bool
        Whether acquired rights are also kept by birth year, sex and wage group.

    Returns
    -------
    Flows
    """
    n_years = rules.years
    past = rules.past
    n_groups = population.age.shape[0]
    n_durations = payments.total.shape[3]
    density = rules.density

    cost = np.zeros((N_GENERATIONS, N_REGIMES, N_TYPES, n_years))
    paid = np.zeros((N_GENERATIONS, N_TYPES, n_years))
    accrued = np.zeros((N_GENERATIONS, N_TYPES, n_years))
    awards = np.zeros((N_GENERATIONS, N_REGIMES, N_TYPES, n_years))
    pensioners = np.zeros((N_GENERATIONS, N_REGIMES, N_TYPES, n_years))
    covered = np.zeros((N_GENERATIONS, N_BASES, n_years))
    assets = np.zeros((N_GENERATIONS, N_ACCOUNTS, n_years))
    surrendered = np.zeros((N_GENERATIONS, n_years))
    detail = np.zeros((population.relative_wage.shape[0] if with_detail else 0, n_years))

    max_levels = 1
    max_cells = 1
    for g in range(n_groups):
        max_levels = max(max_levels, population.level_start[g + 1] - population.level_start[g])
        first_cell = population.cell_start[population.block_start[g]]
        max_cells = max(max_cells, population.cell_start[population.block_start[g + 1]] - first_cell)

    wage = np.empty((max_levels, past + n_years))
    capped = np.empty((max_levels, past + n_years))
    summed = np.empty((max_levels, past + n_years))
    credited = np.empty((max_levels, N_ACCOUNTS))
    base = np.empty((max_levels, N_BASES))
    average = np.empty(max_levels)
    basic = np.empty(max_levels)
    increment = np.empty(max_levels)
    contributing = np.zeros((N_GENERATIONS, max_levels))
    balance = np.zeros((max_cells, N_ACCOUNTS))

    cumulative = np.empty((N_TYPES, n_years + 1))
    cumulative_real = np.empty((N_TYPES, n_years + 1))
    discount = np.empty(n_years + 1)
    indexed = np.empty(n_years + 1)
    full = np.zeros((N_GENERATIONS, N_REGIMES, N_TYPES, n_years + 2))
    part = np.zeros((N_GENERATIONS, N_REGIMES, N_TYPES, n_years + 2))
    gross = np.zeros((N_GENERATIONS, N_TYPES))
    earned = np.zeros((N_GENERATIONS, N_TYPES))
    awarded = np.zeros((N_GENERATIONS, N_REGIMES, N_TYPES))
    n_marks = max_levels if with_detail else 0
    level_full = np.zeros((n_marks, N_REGIMES, N_TYPES, n_years + 2))
    level_part = np.zeros((n_marks, N_REGIMES, N_TYPES, n_years + 2))
    survivors = np.array([DEATH, DEATH, DEATH, OCCUPATIONAL_DEATH, OCCUPATIONAL_DEATH])

    for g in range(n_groups):
        sex = population.sex[g]
        first_block = population.block_start[g]
        end_block = population.block_start[g + 1]
        if first_block == end_block:
            continue
        first_cell = population.cell_start[first_block]
        first_level = population.level_start[g]
        n_levels = population.level_start[g + 1] - first_level
        has_old_rights = False
        for b in range(first_block, end_block):
            has_old_rights = has_old_rights or population.old_rights[b]
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
        for c in range(first_cell, population.cell_start[end_block]):
            for a in range(N_ACCOUNTS):
                balance[c - first_cell, a] = population.balance[c, a]

        for t in range(n_years):
            age = population.age[g] + t
            if age < decrements.first_age:
                continue
            if age > decrements.last_age:
                break
            row = age - decrements.first_age
            probability = decrements.first_year if t == 0 else decrements.probability
            award_row = age - payments.first_age
            u = past + t
            n = min(n_durations, n_years - t)
            minimum_wage = economy.minimum_wage[u]
            retiring = probability[1, RETIREMENT, sex, row] > 0.0
            entitled_family = payments.entitled[sex, award_row]
            allowance = payments.allowance[sex, award_row]

            for i in range(n_levels):
                w = wage[i, u]
                for k in range(N_CEILINGS):
                    base[i, k] = density * min(w, economy.ceilings[k, u] * minimum_wage)
                base[i, BASE_UNCAPPED] = density * w
                credited[i, ACCOUNT_RETIREMENT] = (
                    economy.in_force[t] * rules.retirement_rate * base[i, BASE_RETIREMENT]
                )
                credited[i, ACCOUNT_SEVERANCE] = (
                    economy.in_force[t] * rules.severance_rate * base[i, BASE_SEVERANCE]
                )
                credited[i, ACCOUNT_QUOTA] = economy.in_force[t] * rules.quota_credit
                credited[i, ACCOUNT_HOUSING] = (
                    economy.in_force[t] * rules.housing_rate * base[i, BASE_HOUSING]
                )
                contributing[0, i] = 0.0
                contributing[1, i] = 0.0
                if has_old_rights:
                    nominal = 0.0
                    for j in range(1, rules.average_years + 1):
                        nominal += capped[i, u - j] * economy.price_average[u - j]
                    average[i] = nominal / (rules.average_years * economy.price_end[u])
                    group = art_167_group(average[i] / minimum_wage, old.group_upper)
                    basic[i] = old.basic[group]
                    increment[i] = old.increment[group]

            factor = 1.0
            for k in range(n):
                discount[k] = factor
                indexed[k] = economy.indexation[t + k] / economy.indexation[t]
                factor /= 1.0 + economy.fund_return[t + k]
            first_type = RETIREMENT if retiring else DISABILITY
            if has_old_rights:
                for i in range(first_type, N_TYPES):
                    total = 0.0
                    for k in range(n):
                        total += payments.total[i, sex, award_row, k] * indexed[k] * discount[k]
                        cumulative[i, k] = total
            if retiring:
                total = 0.0
                for k in range(n):
                    total += payments.total[RETIREMENT, sex, award_row, k] * discount[k]
                    cumulative_real[RETIREMENT, k] = total

            for b in range(first_block, end_block):
                entry = population.entry[b]
                if entry > t:
                    continue
                generation = population.generation[b]
                opening = heads.opening[b, t]
                if opening > 0.0:
                    service = service_at(population.service[b], entry, t, density)
                    weeks = completed_weeks(service, old.weeks_per_year)
                    at_reform = 0.0
                    if generation == PRESENT and service > 0.0:
                        at_reform = min(1.0, population.service[b] / service)
                    exposed = 1
                    if decrements.gated and population.old_rights[b] and age < decrements.last_age:
                        if weeks < old.weeks_retirement:
                            exposed = 0
                    insured = weeks >= new.weeks_disability
                    past_years = rules.reference_years
                    if entry >= 0:
                        past_years = min(past_years, t - entry)
                    for c in range(population.cell_start[b], population.cell_start[b + 1]):
                        i = population.level[c]
                        cell_heads = opening * population.share[c]
                        if cell_heads == 0.0:
                            continue
                        j = c - first_cell
                        account = 0.0
                        handed_over = 0.0
                        for a in range(N_ACCOUNTS):
                            account += balance[j, a]
                            handed_over += rules.surrender[a] * balance[j, a]
                        kept = account - handed_over
                        reference = (summed[i, u - 1] - summed[i, u - 1 - past_years]) / past_years

                        for kind in range(first_type, N_TYPES):
                            number = cell_heads * probability[exposed, kind, sex, row]
                            if kind == DEATH or kind == OCCUPATIONAL_DEATH:
                                number *= entitled_family
                            if number == 0.0:
                                continue
                            unit_real = value_real[kind, sex, award_row, t]
                            pension = 0.0
                            top_up = 0.0
                            if kind == RETIREMENT:
                                value_new = retirement_value(account, weeks, unit_real, new)
                                if population.old_rights[b]:
                                    pension = retirement_pension(
                                        average[i],
                                        basic[i],
                                        increment[i],
                                        weeks,
                                        float(age),
                                        allowance,
                                        minimum_wage,
                                        old,
                                    )
                            elif kind == DISABILITY or kind == DEATH:
                                value_new = insured_value(
                                    account, insured, new.disability_share, reference, unit_real, new.guarantee
                                )
                                if insured:
                                    top_up = insured_top_up(new.disability_share, reference, new.guarantee)
                                if population.old_rights[b]:
                                    pension = disability_pension(
                                        average[i],
                                        basic[i],
                                        increment[i],
                                        weeks,
                                        allowance if kind == DISABILITY else 0.0,
                                        minimum_wage,
                                        old,
                                    )
                            else:
                                value_new = insured_value(
                                    account, True, new.occupational_share, capped[i, u], unit_real, new.guarantee
                                )
                                top_up = insured_top_up(new.occupational_share, capped[i, u], new.guarantee)
                                if population.old_rights[b]:
                                    pension = occupational_pension(capped[i, u], minimum_wage, old)

                            unit_old = value_old[kind, sex, award_row, t]
                            if pension > 0.0 and (
                                rules.choice == ALWAYS_OLD or takes_old_law(pension * unit_old, kept, value_new)
                            ):
                                gross[generation, kind] += number * pension
                                earned[generation, kind] += number * pension * at_reform
                                awarded[generation, OLD_LAW, kind] += number
                                surrendered[generation, t] += number * handed_over
                                mark_award(
                                    full[generation, OLD_LAW, kind],
                                    part[generation, OLD_LAW, kind],
                                    number,
                                    pension,
                                    handed_over,
                                    unit_old,
                                    cumulative[kind],
                                    discount,
                                    n,
                                    rules.recognition,
                                )
                                if with_detail and generation == PRESENT:
                                    mark_award(
                                        level_full[i, OLD_LAW, kind],
                                        level_part[i, OLD_LAW, kind],
                                        number,
                                        pension,
                                        handed_over,
                                        unit_old,
                                        cumulative[kind],
                                        discount,
                                        n,
                                        rules.recognition,
                                    )
                                continue

                            # The new law: what the guarantee adds to the account or the insured pension.
                            level_pay = 0.0
                            at_once = 0.0
                            if kind == RETIREMENT:
                                if weeks < new.weeks_retirement:
                                    if account >= new.early_multiple * new.guarantee * unit_real:
                                        awarded[generation, GUARANTEE, kind] += number
                                    continue
                                if rules.guarantee_rule == EXHAUSTION:
                                    awarded[generation, GUARANTEE, kind] += number
                                    mark_award(
                                        full[generation, GUARANTEE, kind],
                                        part[generation, GUARANTEE, kind],
                                        number,
                                        new.guarantee,
                                        account,
                                        unit_real,
                                        cumulative_real[kind],
                                        discount,
                                        n,
                                        EXHAUSTION,
                                    )
                                    if with_detail and generation == PRESENT:
                                        mark_award(
                                            level_full[i, GUARANTEE, kind],
                                            level_part[i, GUARANTEE, kind],
                                            number,
                                            new.guarantee,
                                            account,
                                            unit_real,
                                            cumulative_real[kind],
                                            discount,
                                            n,
                                            EXHAUSTION,
                                        )
                                    continue
                                short = guarantee_shortfall(account, new.guarantee, unit_real)
                                if rules.guarantee_rule == CAPITAL:
                                    at_once = number * short
                                else:
                                    level_pay = number * short / unit_real
                            elif kind == DISABILITY or kind == DEATH:
                                if not insured:
                                    continue
                                if rules.guarantee_rule == CAPITAL:
                                    at_once = number * top_up * unit_real
                                else:
                                    level_pay = number * top_up
                            else:
                                if rules.guarantee_rule == CAPITAL:
                                    at_once = number * top_up * unit_real
                                else:
                                    level_pay = number * top_up
                            awarded[generation, GUARANTEE, kind] += number
                            full[generation, GUARANTEE, kind, 0] += level_pay
                            part[generation, GUARANTEE, kind, 0] += at_once
                            if with_detail and generation == PRESENT:
                                level_full[i, GUARANTEE, kind, 0] += level_pay
                                level_part[i, GUARANTEE, kind, 0] += at_once

                remaining = heads.contributing[b, t]
                for c in range(population.cell_start[b], population.cell_start[b + 1]):
                    i = population.level[c]
                    j = c - first_cell
                    cell_heads = remaining * population.share[c]
                    contributing[generation, i] += cell_heads
                    for a in range(ACCOUNT_HOUSING):
                        balance[j, a] = credit(balance[j, a], economy.fund_return[t], credited[i, a])
                        assets[generation, a, t] += cell_heads * balance[j, a]
                    balance[j, ACCOUNT_HOUSING] = credit(
                        balance[j, ACCOUNT_HOUSING], economy.housing_return[t], credited[i, ACCOUNT_HOUSING]
                    )
                    assets[generation, ACCOUNT_HOUSING, t] += cell_heads * balance[j, ACCOUNT_HOUSING]

            for generation in range(N_GENERATIONS):
                for i in range(n_levels):
                    for k in range(N_BASES):
                        covered[generation, k, t] += contributing[generation, i] * base[i, k]

            for generation in range(N_GENERATIONS):
                for regime in range(N_REGIMES):
                    for kind in range(first_type, N_TYPES):
                        number = awarded[generation, regime, kind]
                        if number == 0.0:
                            continue
                        awarded[generation, regime, kind] = 0.0
                        awards[generation, regime, kind, t] += number
                        yearly = 0.0
                        heir = survivors[kind]
                        for k in range(n):
                            unit = payments.total[kind, sex, award_row, k]
                            own_unit = payments.own[kind, sex, award_row, k]
                            yearly += full[generation, regime, kind, k]
                            index = indexed[k] if regime == OLD_LAW else 1.0
                            own = own_unit / unit if unit > 0.0 else 0.0
                            state = yearly * unit * index + part[generation, regime, kind, k]
                            cost[generation, regime, kind, t + k] += state * own
                            cost[generation, regime, heir, t + k] += state - state * own
                            full[generation, regime, kind, k] = 0.0
                            part[generation, regime, kind, k] = 0.0
                            alive = number * own_unit
                            pensioners[generation, regime, kind, t + k] += alive
                            pensioners[generation, regime, heir, t + k] += (
                                number * payments.widows[kind, sex, award_row, k]
                            )
                            if regime == OLD_LAW:
                                whole = gross[generation, kind] * unit * index
                                paid[generation, kind, t + k] += whole * own
                                paid[generation, heir, t + k] += whole - whole * own
                                whole = earned[generation, kind] * unit * index
                                accrued[generation, kind, t + k] += whole * own
                                accrued[generation, heir, t + k] += whole - whole * own
                        full[generation, regime, kind, n] = 0.0
                        if regime == OLD_LAW:
                            gross[generation, kind] = 0.0
                            earned[generation, kind] = 0.0
                        if with_detail and generation == PRESENT:
                            for i in range(n_levels):
                                yearly = 0.0
                                for k in range(n):
                                    yearly += level_full[i, regime, kind, k]
                                    index = indexed[k] if regime == OLD_LAW else 1.0
                                    detail[first_level + i, t + k] += (
                                        yearly * payments.total[kind, sex, award_row, k] * index
                                        + level_part[i, regime, kind, k]
                                    )
                                    level_full[i, regime, kind, k] = 0.0
                                    level_part[i, regime, kind, k] = 0.0
                                level_full[i, regime, kind, n] = 0.0
    return Flows(cost, paid, accrued, awards, pensioners, covered, assets, surrendered, detail)
