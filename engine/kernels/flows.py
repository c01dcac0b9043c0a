"""The projection of one case: contributions, accounts, awards, the worker's choice and what the State pays.

Order of events in a year: decrements and awards on opening service and balance, payments in advance, interest, contributions
of those who remain. One birth year and profile is worked for its whole life at a time, block by block and cell by cell, and
every quantity is a row over years. What the law decides in a year is :mod:`engine.law.award`; here are loops and sums.
"""

from __future__ import annotations

import numpy as np

from cohorts.arrays import Floats3, Unsigned
from cohorts.axes import (
    DEATH,
    N_BASES,
    N_GENERATIONS,
    N_TYPES,
    OCCUPATIONAL_DEATH,
    PRESENT,
    RETIREMENT,
)
from cohorts.records import Decrements, Population
from engine.apart import apart, entry
from engine.kernels import layout as at
from engine.kernels.awards import (
    cell_guarantee,
    cell_top_ups,
    insured_awards,
    no_choice,
    occupational_awards,
    retirement_awards,
)
from engine.kernels.balances import block_growth, block_held, cell_accounts, cell_balances, held_by_level
from engine.kernels.careers import (
    block_years,
    entry_levels,
    group_levels,
)
from engine.kernels.groups import case_years, group_of, has_rights, lives_until, member_of, same_lives
from engine.kernels.layout import Buffers, Group, whole_vectors
from engine.kernels.marks import (
    NEW_RETIREMENT,
    Room,
    begin_runs,
    mark_new_retirement,
    mark_old_law,
    put_runs,
    seek_runs,
)
from engine.kernels.payments import (
    detail_payments,
    discounts,
    group_units,
)
from engine.kernels.sums import add_to_future, add_to_present, begin_sums, generation_flows
from engine.kernels.types import Economy, Flows, Heads, Inputs, Payments, Rules
from engine.law.compiled import inner, inner_inlined
from engine.law.state import CAPITAL, EXHAUSTION

NO_ENTRY = -2
# Birth years and sexes in turn. Their flows are summed apart whoever works on them, so that no sum depends on threads.
PARTS = 2


@inner_inlined()
def room_of(buffers: Buffers) -> Room:
    """What marks are made in."""
    return Room(buffers.units, buffers.marks, buffers.years, buffers.width, buffers.durations)


@inner(inline="always")
def group_flows(
    group: Group,
    population: Population,
    heads: Heads,
    decrements: Decrements,
    economy: Economy,
    payments: Payments,
    rules: Rules,
    buffers: Buffers,
    working: int,
    flows: Flows,
) -> int:
    """Accounts, awards and marks of all cells of a birth year and profile, block by block.

    ``working`` is the generation whose runs are at hand; so is what is given back.
    """
    desk, levels, room = buffers.desk, buffers.levels, room_of(buffers)
    recognition, guarantee, past = rules.recognition, rules.guarantee_rule, np.uint64(rules.past)
    entered, end = NO_ENTRY, np.uint64(group.end)
    withdraws = rules.withdrawals.frequency > 0.0
    longest = 0.0
    for t in range(np.uint64(group.start), end):
        longest = max(longest, desk[at.REFERENCE_YEARS + t])
    every = int(np.ceil(longest))
    for b in range(population.block_start[group.place], population.block_start[group.place + 1]):
        entry, generation, old_rights = (
            population.entry[b],
            population.generation[b],
            population.old_rights[b],
        )
        # From the year of entry on a block contributes; from the next on it is awarded pensions.
        from_year = max(group.start, entry + 1)
        held_from, start = np.uint64(max(group.start, entry)), np.uint64(from_year)
        if held_from >= end:
            continue
        if generation != working:
            put_runs(desk, room, np.uint64(working), np.uint64(group.start), end)
            working = generation
        to = np.uint64(whole_vectors(from_year, group.end))
        block_years(
            desk, heads, b, population.service[b], entry, group.density, economy.moment,
            generation == PRESENT, decrements.gated and old_rights, held_from, start, end, to,
        )  # fmt: skip
        block_growth(desk, held_from, start, to)
        if entry != entered:
            # Later entrants have averages of their own until they have all years; from then on they are those before.
            own = group.end if entry <= entered or entered == NO_ENTRY else entry + every
            entered = entry
            entry_levels(
                levels, group.levels, entry, rules.past, economy.moment, desk,
                from_year, min(group.end, own),
            )  # fmt: skip
        if not old_rights:
            no_choice(desk, start, end)
        for c in range(population.cell_start[b], population.cell_start[b + 1]):
            i, part = population.level[c], population.share[c]
            if withdraws:
                cell_accounts(
                    desk, levels, population.balance, c, i, generation, part, group.density, rules.withdrawals,
                    economy.in_force, economy.moment, held_from, end,
                )  # fmt: skip
            else:
                cell_balances(
                    desk, levels, population.balance, c, i, generation, part, old_rights, held_from, start, end, to,
                )  # fmt: skip
            if not old_rights:
                cell_top_ups(desk, levels, i, part, guarantee == CAPITAL, start, to)
            for kind in range(N_TYPES if old_rights else RETIREMENT + 1):
                first, last, upto = start, end, to
                if kind == RETIREMENT:
                    begin = max(from_year, group.retire_from)
                    first, last = np.uint64(begin), np.uint64(group.retire_to)
                    if first >= last:
                        continue
                    upto = np.uint64(whole_vectors(begin, group.retire_to))
                    if rules.career.amount.shape[0] > 0:
                        cell_guarantee(
                            desk, levels, i, past, entry, economy.moment, rules.career, first, last
                        )
                    retirement_awards(desk, levels, i, part, old_rights, recognition, guarantee, first, upto)
                elif kind <= DEATH:
                    insured_awards(desk, levels, i, part, recognition, guarantee, first, to, kind == DEATH)
                else:
                    dies = kind == OCCUPATIONAL_DEATH
                    occupational_awards(desk, levels, i, part, recognition, guarantee, first, to, dies)
                if recognition == EXHAUSTION or (guarantee == EXHAUSTION and kind == RETIREMENT):
                    if old_rights and mark_old_law(desk, kind, first, last, upto):
                        seek_runs(desk, room, np.uint64(kind), np.uint64(generation), first, last)
                    if kind == RETIREMENT and mark_new_retirement(desk, first, last, upto):
                        seek_runs(desk, room, NEW_RETIREMENT, np.uint64(generation), first, last)
                if flows.detail.shape[0] > 0:
                    detail_payments(
                        buffers,
                        kind,
                        generation == PRESENT,
                        recognition == CAPITAL,
                        guarantee == CAPITAL,
                        payments,
                        group.profile,
                        group.first_row,
                        np.int64(first),
                        np.int64(last),
                        flows.detail[group.first_level + i],
                    )
        if not withdraws:
            block_held(desk, held_from, end)
        if generation == PRESENT:
            add_to_present(desk, held_from, start, to)
        else:
            add_to_future(desk, held_from, start, to)
    return working


@apart
def covered_wages(
    levels: Floats3,
    n_levels: int,
    generation: int,
    start: Unsigned,
    end: Unsigned,
    covered: Floats3,
    by_wage: Floats3,
) -> None:
    """Wages on which a birth year and profile contributes, and contributions at rates by wage, added in place."""
    if by_wage.shape[0] > 0:
        for i in range(n_levels):
            for k in range(at.N_BY_WAGE):
                for t in range(start, end):
                    by_wage[generation, k, t] += (
                        levels[i, at.HEADS + generation, t] * levels[i, at.BY_WAGE + k, t]
                    )
    for i in range(n_levels):
        for k in range(N_BASES):
            for t in range(start, end):
                covered[generation, k, t] += levels[i, at.HEADS + generation, t] * levels[i, at.BASE + k, t]


@entry
def add_flows(
    inputs: Inputs,
    buffers: Buffers,
    part: int,
    flows: Flows,
) -> None:
    """The flows of the birth years and profiles of a part of all (see `PARTS`), one after the other, added in place."""
    population, heads, decrements, payments, value_old, value_real, economy, tables, rules = inputs
    years = rules.years
    case_years(economy, rules, buffers.desk)
    discounts(economy, years, buffers)
    turn = -1
    for g in range(population.age.shape[0]):
        if g > 0 and same_lives(population.age, population.sex, g - 1, g):
            continue
        turn += 1
        if turn % PARTS != part:
            continue
        group = group_of(
            g, population, decrements, payments, value_old, value_real, tables, years, buffers.desk
        )
        if group.start >= group.end:
            continue
        # Those of one birth year and sex, whatever their density, share rates, ages and units of pension.
        beyond = lives_until(population.age, population.sex, g)
        start, end = np.uint64(group.start), np.uint64(group.end)
        upto = np.uint64(whole_vectors(group.start, group.end))
        begin_runs(buffers.desk, start, upto)
        begin_sums(buffers.desk, start, upto)
        group_units(
            group,
            has_rights(population.block_start, population.old_rights, g, beyond),
            payments,
            years,
            buffers,
        )
        working = np.int64(PRESENT)
        for member in range(g, beyond):
            group = member_of(group, population, member)
            group_levels(population, group, economy, tables, rules, buffers.levels, buffers.desk)
            working = group_flows(
                group, population, heads, decrements, economy, payments, rules, buffers, working, flows
            )
            for generation in range(N_GENERATIONS):
                covered_wages(
                    buffers.levels, group.levels, generation, start, end, flows.covered_wages, flows.by_wage
                )
                held_by_level(buffers.levels, group.levels, generation, start, end, flows.assets)
        put_runs(buffers.desk, room_of(buffers), np.uint64(working), start, end)
        for generation in range(N_GENERATIONS):
            generation_flows(
                group,
                generation,
                payments,
                economy.moment,
                rules.recognition,
                rules.guarantee_rule,
                buffers,
                flows,
            )
