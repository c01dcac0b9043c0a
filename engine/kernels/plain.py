"""The projection of one case award by award, as the law reads: for rules that no sum over awards can follow.

What a pension in payment becomes may depend on its own level (:class:`engine.law.indexation.Indexing`); then every award is
followed for itself. It gives what :func:`engine.kernels.flows.add_flows` gives where both can be used, and tests hold the
two together.
"""

from __future__ import annotations

import numpy as np

from cohorts.axes import (
    DEATH,
    GUARANTEE,
    N_TYPES,
    N_WITH_ALLOWANCES,
    OCCUPATIONAL_DEATH,
    OLD_LAW,
    PRESENT,
    RETIREMENT,
)
from cohorts.records import Decrements, Population
from engine.apart import entry
from engine.kernels import layout as at
from engine.kernels.annuity import until_next
from engine.kernels.awards import cell_guarantee, law_of_year, prices_of_year
from engine.kernels.balances import cell_accounts
from engine.kernels.careers import block_years, entry_levels, group_levels
from engine.kernels.flows import NO_ENTRY, PARTS, covered_wages
from engine.kernels.groups import case_years, group_of
from engine.kernels.indexing import guarantee_since, valued_award
from engine.kernels.layout import STRIDE, Buffers, Group
from engine.kernels.types import Economy, Flows, Heads, Inputs, Payments, Rules
from engine.law.award import Award, Claim
from engine.law.compiled import inner
from engine.law.occupational import UNTOLD
from engine.law.state import CAPITAL, EXHAUSTION, SHARE, capital, funded, last_payment, share

HEIRS = (DEATH, DEATH, DEATH, OCCUPATIONAL_DEATH, OCCUPATIONAL_DEATH)


@inner()
def claim_of_cell(desk: np.ndarray, levels: np.ndarray, i: int, kind: int, old_rights: bool, t: int) -> Claim:
    """What the law is asked about a cell in a year."""
    return Claim(
        desk[at.AGE + t], desk[at.WEEKS + t], old_rights, levels[i, at.RISK, t], levels[i, at.AVERAGE, t],
        levels[i, at.REFERENCE, t], levels[i, at.BASIC, t], levels[i, at.INCREMENT, t], desk[at.INCREMENT_YEARS + t],
        desk[at.AGE_SHARE + t] if kind == RETIREMENT else 0.0, desk[at.ALLOWANCE + t], desk[at.ACCOUNT + t],
        desk[at.HANDED_OVER + t], UNTOLD,
    )  # fmt: skip


@inner()
def book(
    award: Award,
    number: float,
    generation: int,
    kind: int,
    profile: int,
    row: int,
    t: int,
    before_reform: float,
    weeks: float,
    payments: Payments,
    economy: Economy,
    index: np.ndarray,
    years: int,
    flows: Flows,
    detail: np.ndarray,
) -> None:
    """Everything that ``number`` awards of a cell in year ``t`` add to the flows, in place.

    ``row`` is the age's among payments, ``weeks`` are those of the claim, ``before_reform`` the part of the service before
    the first year; ``detail`` the row of the wage group where acquired rights are kept by it.
    """
    old = award.takes_old
    if not old and not award.due:
        return
    regime = OLD_LAW if old else GUARANTEE
    heir = HEIRS[kind]
    table = payments.of_year[t]
    units = payments.total if old else payments.total_new
    flows.awards[generation, regime, kind, t] += number
    flows.served[generation, kind, t] += number * weeks
    if not old:
        guarantee_since(economy.guarantee_index, t, index)
    paying = award.amount > 0.0 and award.unit > 0.0
    rising = old or kind == RETIREMENT
    raised = number * award.raised if paying and award.rule == SHARE else 0.0
    at_once, yearly, funds_units = 0.0, 0.0, np.inf
    if paying and award.rule == CAPITAL:
        at_once = number * capital(award.amount, award.funds, award.unit)
    elif paying and award.rule == SHARE:
        yearly = number * share(award.amount, award.funds, award.unit)
        funds_units = -1.0
    elif paying and award.rule == EXHAUSTION:
        yearly = number * award.amount
        funds_units = funded(award.amount, award.funds)
    paid, discount = 0.0, 1.0
    for k in range(min(units.shape[4], years - t)):
        unit = units[table, kind, profile, row, k]
        indexed = unit * index[k] if rising else unit
        own_unit = payments.own[table, kind, profile, row, k]
        own = own_unit / unit if unit > 0.0 else 0.0
        due = indexed
        if award.per_unit > 0.0:
            # Allowances go to the pensioner alone.
            beside = award.per_unit * payments.total[table, N_TYPES + kind, profile, row, k] * index[k]
            due += beside
            own = (own_unit * index[k] + beside) / due if due > 0.0 else 0.0
        before = paid
        paid += due * discount
        state = at_once if k == 0 else 0.0
        if before > funds_units or funds_units < 0.0:
            state += yearly * due
        elif paid > funds_units:
            state += last_payment(yearly, paid, funds_units, discount)
        if not rising:
            state += raised * (index[k] - 1.0) * unit
        flows.cost[generation, regime, kind, t + k] += state * own
        flows.cost[generation, regime, heir, t + k] += state - state * own
        persons = number / (1.0 - economy.moment) if k == 0 else number
        flows.pensioners[generation, regime, kind, t + k] += persons * own_unit
        flows.pensioners[generation, regime, heir, t + k] += (
            number * payments.widows[table, kind, profile, row, k]
        )
        if old:
            whole = number * award.pension * due
            flows.paid[generation, kind, t + k] += whole * own
            flows.paid[generation, heir, t + k] += whole - whole * own
            whole *= before_reform
            flows.accrued[generation, kind, t + k] += whole * own
            flows.accrued[generation, heir, t + k] += whole - whole * own
        if detail.shape[0] > 0 and (old or generation == PRESENT):
            detail[t + k] += state
        discount /= until_next(economy.fund_return[t + k], k, economy.moment)


@inner()
def group_flows(
    group: Group,
    population: Population,
    heads: Heads,
    decrements: Decrements,
    economy: Economy,
    payments: Payments,
    rules: Rules,
    buffers: Buffers,
    index: np.ndarray,
    flows: Flows,
) -> None:
    """Accounts and awards of all cells of a birth year and profile, block by block."""
    desk, levels = buffers.desk, buffers.levels
    entered, past, end = NO_ENTRY, np.uint64(rules.past), np.uint64(group.end)
    for b in range(population.block_start[group.place], population.block_start[group.place + 1]):
        entry, generation = population.entry[b], population.generation[b]
        old_rights = population.old_rights[b]
        held_from, start = (
            np.uint64(max(group.start, entry)),
            np.uint64(max(group.start, entry + 1)),
        )
        if held_from >= end:
            continue
        block_years(
            desk, heads, b, population.service[b], entry, group.density, economy.moment,
            generation == PRESENT, decrements.gated and old_rights, held_from, start, end, end,
        )  # fmt: skip
        if entry != entered:
            entered = entry
            entry_levels(
                levels, group.levels, entry, rules.past, economy.moment, desk,
                np.int64(start), group.end,
            )  # fmt: skip
        for c in range(population.cell_start[b], population.cell_start[b + 1]):
            i, part = population.level[c], population.share[c]
            cell_accounts(
                desk,
                levels,
                population.balance,
                c,
                i,
                generation,
                part,
                group.density,
                rules.withdrawals,
                economy.in_force,
                economy.moment,
                held_from,
                end,
            )
            for t in range(start, end):
                desk[at.GUARANTEED_CELL + t] = desk[at.GUARANTEED + t]
            if rules.career.amount.shape[0] > 0:
                cell_guarantee(desk, levels, i, past, entry, economy.moment, rules.career, start, end)
            for t in range(np.int64(start), np.int64(end)):
                u = np.uint64(t)
                law = law_of_year(desk, u, rules.recognition, rules.guarantee_rule)
                row = group.first_row + t
                for kind in range(N_TYPES):
                    offset = np.uint64(kind) * STRIDE
                    number = desk[at.LEAVING + offset + u] * part
                    if number == 0.0:
                        continue
                    guaranteed = at.GUARANTEED_CELL if kind == RETIREMENT else at.GUARANTEED
                    claim = claim_of_cell(desk, levels, i, kind, old_rights, u)
                    allowances = kind < N_WITH_ALLOWANCES
                    of_year = payments.total[payments.of_year[t]]
                    award, _ = valued_award(
                        claim, prices_of_year(desk, u, offset, guaranteed, allowances), law, kind, False, t,
                        of_year[kind, group.profile, row],
                        of_year[N_TYPES + (kind if allowances else 0), group.profile, row],
                        economy, rules.past, index,
                    )  # fmt: skip
                    if award.takes_old:
                        desk[at.SURRENDERED + u] += number * claim.handed_over
                        desk[at.HOUSING_SURRENDERED + u] += number * desk[at.HOUSING_HANDED_OVER + u]
                    book(
                        award, number, generation, kind, group.profile, row, t, desk[at.AT_REFORM + u],
                        claim.weeks, payments, economy, index, rules.years, flows,
                        flows.detail[group.first_level + i] if flows.detail.shape[0] > 0 else index[:0],
                    )  # fmt: skip
        for t in range(start, end):
            flows.surrendered[generation, t] += desk[at.SURRENDERED + t]
            flows.housing_surrendered[generation, t] += desk[at.HOUSING_SURRENDERED + t]
        for a in range(flows.assets.shape[1]):
            for t in range(held_from, end):
                flows.assets[generation, a, t] += desk[at.HELD + np.uint64(a) * STRIDE + t]


@entry
def add_flows_by_award(
    inputs: Inputs,
    buffers: Buffers,
    part: int,
    flows: Flows,
) -> None:
    """:func:`engine.kernels.flows.add_flows`, award by award."""
    population, heads, decrements, payments, value_old, value_real, economy, tables, rules = inputs
    case_years(economy, rules, buffers.desk)
    index = buffers.index
    for g in range(part, population.age.shape[0], PARTS):
        group = group_of(
            g, population, decrements, payments, value_old, value_real, tables, rules.years, buffers.desk
        )
        if group.start >= group.end:
            continue
        group_levels(population, group, economy, tables, rules, buffers.levels, buffers.desk)
        group_flows(group, population, heads, decrements, economy, payments, rules, buffers, index, flows)
        for generation in range(flows.covered_wages.shape[0]):
            covered_wages(
                buffers.levels,
                group.levels,
                generation,
                group.start,
                group.end,
                flows.covered_wages,
                flows.by_wage,
            )
