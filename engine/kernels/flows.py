"""The projection of one case: contributions, accounts, awards, the worker's choice and what the State pays.

Order of events in a year: decrements and awards on opening service and balance, payments in advance, interest, contributions
of those who remain. Cells of one birth year and sex are worked together, so that every table look-up is a scalar.

Awards of one age, sex and type share their payments, so an award only leaves marks: from which duration on the
State pays the
whole yearly amount (``full``), and what it adds in the one year in which the funds run out (``part``). One running
sum per age,
sex and type then gives the flows of all awards together, exactly and without following every award on its own.

Array arguments are passed to functions of this module only outside the loops over cells: taking a view of an array
there costs more than an award.
"""

from __future__ import annotations

import numpy as np

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
    SHARE,
)
from cohorts.records import Decrements, Population
from engine.compiled import njit
from engine.kernels.account import credit
from engine.kernels.heads import service_at
from engine.kernels.types import Economy, Flows, Heads, Payments, Rules
from engine.law.choice import takes_old_law
from engine.law.new import (
    NewLaw,
    insured_top_up,
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
    occupational_pension,
    retirement_pension,
    severance_factor,
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
    tables: OldLawTables,
    new: NewLaw,
    rules: Rules,
    with_detail: bool,
) -> Flows:
    """Flows of one case.

    Parameters
    ----------
    population, heads, decrements, payments, economy, old, tables, new, rules
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
    reference = np.empty(max_levels)
    basic = np.empty(max_levels)
    increment = np.empty(max_levels)
    contributing = np.zeros((N_GENERATIONS, max_levels))
    balance = np.zeros((max_cells, N_ACCOUNTS))

    # Discounted payments of a unit up to each duration: old-law pensions by type, then retirement constant in real terms.
    cumulative = np.empty((N_TYPES + 1, n_years + 1))
    discount = np.empty(n_years + 1)
    indexed = np.empty(n_years + 1)
    leaving = np.empty(N_TYPES)
    # Where the last search ended: neighbours end nearby.
    guess = np.zeros(N_TYPES, dtype=np.int64)
    annuity_old = np.empty(N_TYPES)
    annuity_real = np.empty(N_TYPES)
    top_up = np.empty((N_TYPES, max_levels))
    tops_up = np.zeros(N_TYPES, dtype=np.bool_)
    insured = np.ones(N_TYPES, dtype=np.bool_)
    block_paid = np.empty(N_TYPES)
    block_awarded = np.empty((N_REGIMES, N_TYPES))
    # Marks of awards, one row for each generation, regime and type; and for each wage group where detail is asked for.
    full = np.zeros((N_GENERATIONS * N_REGIMES * N_TYPES, n_years + 2))
    part = np.zeros((N_GENERATIONS * N_REGIMES * N_TYPES, n_years + 2))
    gross = np.zeros((N_GENERATIONS, N_TYPES))
    earned = np.zeros((N_GENERATIONS, N_TYPES))
    awarded = np.zeros((N_GENERATIONS, N_REGIMES, N_TYPES))
    n_marks = max_levels * N_REGIMES * N_TYPES if with_detail else 0
    level_full = np.zeros((n_marks, n_years + 2))
    level_part = np.zeros((n_marks, n_years + 2))
    survivors = np.array([DEATH, DEATH, DEATH, OCCUPATIONAL_DEATH, OCCUPATIONAL_DEATH])

    surrender_0 = rules.surrender[ACCOUNT_RETIREMENT]
    surrender_1 = rules.surrender[ACCOUNT_SEVERANCE]
    surrender_2 = rules.surrender[ACCOUNT_QUOTA]
    surrender_3 = rules.surrender[ACCOUNT_HOUSING]
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
            guarantee = economy.guarantee[t]
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
                    group = art_167_group(average[i] / minimum_wage, tables.group_upper)
                    basic[i] = tables.basic[group]
                    increment[i] = tables.increment[group]

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
                    cumulative[N_TYPES, k] = total

            for kind in range(first_type, N_TYPES):
                annuity_old[kind] = value_old[kind, sex, award_row, t]
                annuity_real[kind] = value_real[kind, sex, award_row, t]
            age_share = severance_factor(float(age), tables.severance_age, tables.severance_factor)
            tops_up[OCCUPATIONAL_DISABILITY] = False
            for i in range(n_levels):
                short = insured_top_up(new.occupational_share, capped[i, u], guarantee)
                top_up[OCCUPATIONAL_DISABILITY, i] = short
                top_up[OCCUPATIONAL_DEATH, i] = short
                tops_up[OCCUPATIONAL_DISABILITY] |= short > 0.0
            tops_up[OCCUPATIONAL_DEATH] = tops_up[OCCUPATIONAL_DISABILITY]

            # Before the new law is in force there is nothing to choose.
            no_choice = rules.choice == ALWAYS_OLD or economy.in_force[t] == 0.0
            # Blocks with the same years of history share reference wages.
            averaged_years = 0
            for b in range(first_block, end_block):
                entry = population.entry[b]
                if entry > t:
                    continue
                generation = population.generation[b]
                start_cell = population.cell_start[b]
                end_cell = population.cell_start[b + 1]
                opening = heads.opening[b, t]
                if opening > 0.0:
                    service = service_at(population.service[b], entry, t, density)
                    weeks = completed_weeks(service, old.weeks_per_year)
                    has_rights = population.old_rights[b]
                    exposed = 1
                    if decrements.gated and has_rights and age < decrements.last_age:
                        if weeks < old.weeks_retirement:
                            exposed = 0
                    for kind in range(first_type, N_TYPES):
                        leaving[kind] = opening * probability[exposed, kind, sex, row]
                    leaving[DEATH] *= entitled_family
                    leaving[OCCUPATIONAL_DEATH] *= entitled_family
                    insured[DISABILITY] = weeks >= new.weeks_disability
                    insured[DEATH] = weeks >= new.weeks_death
                    pensionable = weeks >= new.weeks_retirement
                    past_years = rules.reference_years
                    if entry >= 0:
                        past_years = min(past_years, t - entry)
                    if past_years != averaged_years:
                        averaged_years = past_years
                        tops_up[DISABILITY] = False
                        for i in range(n_levels):
                            reference[i] = (summed[i, u - 1] - summed[i, u - 1 - past_years]) / past_years
                            short = insured_top_up(new.disability_share, reference[i], guarantee)
                            top_up[DISABILITY, i] = short
                            top_up[DEATH, i] = short
                            tops_up[DISABILITY] |= short > 0.0
                        tops_up[DEATH] = tops_up[DISABILITY]
                    for kind in range(first_type, N_TYPES):
                        block_paid[kind] = 0.0
                        block_awarded[OLD_LAW, kind] = 0.0
                        block_awarded[GUARANTEE, kind] = 0.0

                    last_type = N_TYPES
                    if not has_rights:
                        # No choice to make: only retirement needs the accounts, and few insured pensions are topped up.
                        last_type = RETIREMENT + 1
                        for kind in range(DISABILITY, N_TYPES):
                            if kind <= DEATH and not insured[kind]:
                                continue
                            block_awarded[GUARANTEE, kind] = leaving[kind]
                            if tops_up[kind]:
                                mark = (generation * N_REGIMES + GUARANTEE) * N_TYPES + kind
                                for c in range(start_cell, end_cell):
                                    amount = (
                                        leaving[kind]
                                        * population.share[c]
                                        * top_up[kind, population.level[c]]
                                    )
                                    if rules.guarantee_rule == CAPITAL:
                                        part[mark, 0] += amount * annuity_real[kind]
                                    else:
                                        full[mark, 0] += amount

                    years = increment_years(
                        weeks,
                        old.weeks_retirement,
                        old.weeks_per_year,
                        old.rest_half_from,
                        old.rest_full_above,
                    )
                    handed_over_in_year = 0.0
                    if first_type < last_type:
                        for c in range(start_cell, end_cell):
                            share = population.share[c]
                            i = population.level[c]
                            j = c - first_cell
                            account = balance[j, 0] + balance[j, 1] + balance[j, 2] + balance[j, 3]
                            handed_over = (
                                surrender_0 * balance[j, 0]
                                + surrender_1 * balance[j, 1]
                                + surrender_2 * balance[j, 2]
                                + surrender_3 * balance[j, 3]
                            )
                            kept = account - handed_over

                            for kind in range(first_type, last_type):
                                number = leaving[kind] * share
                                if number == 0.0:
                                    continue
                                unit_real = annuity_real[kind]
                                pension = 0.0
                                if kind == RETIREMENT:
                                    value_new = retirement_value(account, weeks, unit_real, guarantee, new)
                                    if has_rights:
                                        pension = retirement_pension(
                                            average[i],
                                            basic[i],
                                            increment[i],
                                            weeks,
                                            years,
                                            age_share,
                                            allowance,
                                            minimum_wage,
                                            old,
                                        )
                                elif kind <= DEATH:
                                    value_new = insured_value(
                                        account,
                                        insured[kind],
                                        new.disability_share,
                                        reference[i],
                                        unit_real,
                                        guarantee,
                                    )
                                    pension = disability_pension(
                                        average[i],
                                        basic[i],
                                        increment[i],
                                        weeks,
                                        years,
                                        allowance if kind == DISABILITY else 0.0,
                                        minimum_wage,
                                        old,
                                    )
                                else:
                                    value_new = insured_value(
                                        account,
                                        True,
                                        new.occupational_share,
                                        capped[i, u],
                                        unit_real,
                                        guarantee,
                                    )
                                    pension = occupational_pension(capped[i, u], minimum_wage, old)

                                # What the State pays: a yearly amount that funds pay first, by a rule.
                                present_value = pension * annuity_old[kind]
                                takes_old = takes_old_law(present_value, kept, value_new)
                                if no_choice:
                                    takes_old = present_value > 0.0
                                if takes_old:
                                    regime = OLD_LAW
                                    rule = rules.recognition
                                    amount = pension
                                    funds = handed_over
                                    unit = annuity_old[kind]
                                    table = kind
                                    block_paid[kind] += number * pension
                                    handed_over_in_year += number * handed_over
                                else:
                                    regime = GUARANTEE
                                    rule = rules.guarantee_rule
                                    unit = unit_real
                                    table = N_TYPES
                                    if kind == RETIREMENT:
                                        amount = guarantee
                                        funds = account
                                        if not pensionable:
                                            amount = 0.0
                                            if (
                                                account <= 0.0
                                                or account < new.early_multiple * guarantee * unit_real
                                            ):
                                                continue
                                    else:
                                        if kind <= DEATH and not insured[kind]:
                                            continue
                                        amount = top_up[kind, i]
                                        funds = 0.0
                                        if rule == EXHAUSTION:
                                            rule = SHARE
                                block_awarded[regime, kind] += number
                                if amount <= 0.0 or unit <= 0.0:
                                    continue
                                mark = (generation * N_REGIMES + regime) * N_TYPES + kind
                                level_mark = (i * N_REGIMES + regime) * N_TYPES + kind
                                detailed = with_detail and (generation == PRESENT or regime == OLD_LAW)
                                if rule == EXHAUSTION:
                                    funded = funds / amount
                                    k = min(guess[kind], n)
                                    while k < n and cumulative[table, k] <= funded:
                                        k += 1
                                    while k > 0 and cumulative[table, k - 1] > funded:
                                        k -= 1
                                    guess[kind] = k
                                    if k < n:
                                        yearly = number * amount
                                        rest = yearly * (cumulative[table, k] - funded) / discount[k]
                                        full[mark, k + 1] += yearly
                                        part[mark, k] += rest
                                        if detailed:
                                            level_full[level_mark, k + 1] += yearly
                                            level_part[level_mark, k] += rest
                                elif rule == CAPITAL:
                                    rest = number * max(0.0, amount * unit - funds)
                                    part[mark, 0] += rest
                                    if detailed:
                                        level_part[level_mark, 0] += rest
                                else:
                                    yearly = number * max(0.0, amount - funds / unit)
                                    full[mark, 0] += yearly
                                    if detailed:
                                        level_full[level_mark, 0] += yearly
                    surrendered[generation, t] += handed_over_in_year

                    at_reform = 0.0
                    if generation == PRESENT and service > 0.0:
                        at_reform = min(1.0, population.service[b] / service)
                    for kind in range(first_type, N_TYPES):
                        gross[generation, kind] += block_paid[kind]
                        earned[generation, kind] += block_paid[kind] * at_reform
                        awarded[generation, OLD_LAW, kind] += block_awarded[OLD_LAW, kind]
                        awarded[generation, GUARANTEE, kind] += block_awarded[GUARANTEE, kind]

                remaining = heads.contributing[b, t]
                held_0 = held_1 = held_2 = held_3 = 0.0
                for c in range(start_cell, end_cell):
                    i = population.level[c]
                    j = c - first_cell
                    cell_heads = remaining * population.share[c]
                    contributing[generation, i] += cell_heads
                    balance_0 = credit(balance[j, 0], economy.fund_return[t], credited[i, 0])
                    balance_1 = credit(balance[j, 1], economy.fund_return[t], credited[i, 1])
                    balance_2 = credit(balance[j, 2], economy.fund_return[t], credited[i, 2])
                    balance_3 = credit(balance[j, 3], economy.housing_return[t], credited[i, 3])
                    balance[j, 0] = balance_0
                    balance[j, 1] = balance_1
                    balance[j, 2] = balance_2
                    balance[j, 3] = balance_3
                    held_0 += cell_heads * balance_0
                    held_1 += cell_heads * balance_1
                    held_2 += cell_heads * balance_2
                    held_3 += cell_heads * balance_3
                assets[generation, 0, t] += held_0
                assets[generation, 1, t] += held_1
                assets[generation, 2, t] += held_2
                assets[generation, 3, t] += held_3

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
                        mark = (generation * N_REGIMES + regime) * N_TYPES + kind
                        yearly = 0.0
                        heir = survivors[kind]
                        old_law = regime == OLD_LAW
                        pays = gross[generation, kind]
                        accrues = earned[generation, kind]
                        for k in range(n):
                            unit = payments.total[kind, sex, award_row, k]
                            own_unit = payments.own[kind, sex, award_row, k]
                            yearly += full[mark, k]
                            index = indexed[k] if old_law else 1.0
                            own = own_unit / unit if unit > 0.0 else 0.0
                            state = yearly * unit * index + part[mark, k]
                            cost[generation, regime, kind, t + k] += state * own
                            cost[generation, regime, heir, t + k] += state - state * own
                            full[mark, k] = 0.0
                            part[mark, k] = 0.0
                            pensioners[generation, regime, kind, t + k] += number * own_unit
                            pensioners[generation, regime, heir, t + k] += (
                                number * payments.widows[kind, sex, award_row, k]
                            )
                            if old_law:
                                whole = pays * unit * index
                                paid[generation, kind, t + k] += whole * own
                                paid[generation, heir, t + k] += whole - whole * own
                                whole = accrues * unit * index
                                accrued[generation, kind, t + k] += whole * own
                                accrued[generation, heir, t + k] += whole - whole * own
                        full[mark, n] = 0.0
                        if old_law:
                            gross[generation, kind] = 0.0
                            earned[generation, kind] = 0.0
                        if with_detail and (generation == PRESENT or old_law):
                            for i in range(n_levels):
                                mark = (i * N_REGIMES + regime) * N_TYPES + kind
                                yearly = 0.0
                                for k in range(n):
                                    yearly += level_full[mark, k]
                                    index = indexed[k] if old_law else 1.0
                                    detail[first_level + i, t + k] += (
                                        yearly * payments.total[kind, sex, award_row, k] * index
                                        + level_part[mark, k]
                                    )
                                    level_full[mark, k] = 0.0
                                    level_part[mark, k] = 0.0
                                level_full[mark, n] = 0.0
    return Flows(cost, paid, accrued, awards, pensioners, covered, assets, surrendered, detail)
