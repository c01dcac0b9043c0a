"""What a welfare fund would add to pensions of the new law: the retirements of those without old-law rights once more.

The year loop keeps sums over awards, and a complement depends on each award's own pension and last wage; so the awards are
made again, by the same functions, where somebody asks for it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cohorts.axes import RETIREMENT
from engine.apart import entry
from engine.kernels import layout as at
from engine.kernels.awards import cell_guarantee, law_of_year, prices_of_year
from engine.kernels.balances import cell_accounts
from engine.kernels.careers import block_years, group_levels
from engine.kernels.groups import case_years, group_of
from engine.kernels.layout import STRIDE, Buffers, Group
from engine.kernels.types import Inputs, Payments, Rules
from engine.law.award import Claim, retirement
from engine.law.compiled import inner
from engine.law.new import welfare_complement
from engine.law.occupational import UNTOLD

AT_RETIREMENT = np.uint64(RETIREMENT) * STRIDE


class WelfareFund(NamedTuple):
    """A fund that complements pensions of the new law.

    Attributes
    ----------
    enacted : bool
    first_year : int
        First year of awards that it complements, counted from the first projected; its balance stands at its opening.
    age : float
        From which on it pays.
    ceiling : float64 (year,)
        To which a pension is complemented at most, pesos a year.
    balance : float
        Pesos.
    inflow : float64 (year,)
        Pesos a year.
    """

    enacted: bool
    first_year: int
    age: float
    ceiling: np.ndarray
    balance: float
    inflow: np.ndarray


@inner()
def cell_complements(
    desk: np.ndarray,
    levels: np.ndarray,
    i: int,
    part: float,
    group: Group,
    payments: Payments,
    rules: Rules,
    moment: float,
    fund: WelfareFund,
    start: int,
    end: int,
    found: np.ndarray,
) -> None:
    """Complements of a cell's retirements of the years from ``start`` to ``end``, added in place: pesos and pensioners."""
    for t in range(start, end):
        u = np.uint64(t)
        number = desk[at.LEAVING + AT_RETIREMENT + u] * part
        claim = Claim(
            desk[at.AGE + u], desk[at.WEEKS + u], False, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, desk[at.ACCOUNT + u],
            0.0, UNTOLD,
        )  # fmt: skip
        law = law_of_year(desk, u, rules.recognition, rules.guarantee_rule)
        award = retirement(claim, prices_of_year(desk, u, AT_RETIREMENT, at.GUARANTEED_CELL, False), law)
        if number == 0.0 or not award.due:
            continue
        last_wage = levels[i, at.WAGE, rules.past + t - 1]
        own = payments.own[payments.of_year[t], RETIREMENT, group.profile, group.first_row + t]
        for k in range(min(own.shape[0], rules.years - t)):
            added = welfare_complement(
                award.pension_new, last_wage, fund.ceiling[t + k], claim.age + float(k), fund.age
            )
            if added > 0.0:
                found[0, t + k] += number * own[k] * added
                # Persons count in full in the year of the award, of which they are paid a part.
                found[1, t + k] += number * own[k] / ((1.0 - moment) if k == 0 else 1.0)


@entry
def add_complements(
    inputs: Inputs,
    fund: WelfareFund,
    buffers: Buffers,
    found: np.ndarray,
) -> None:
    """What a fund would pay in each year, pesos, and to how many, added in place to float64 (2, year)."""
    population, heads, decrements, payments, value_old, value_real, economy, tables, rules = inputs
    desk, past = buffers.desk, np.uint64(rules.past)
    case_years(economy, rules, desk)
    for g in range(population.age.shape[0]):
        group = group_of(
            g, population, decrements, payments, value_old, value_real, tables, rules.years, desk
        )
        first = max(group.retire_from, fund.first_year)
        if first >= group.retire_to:
            continue
        group_levels(population, group, economy, tables, rules, buffers.levels, desk)
        for b in range(population.block_start[g], population.block_start[g + 1]):
            entry = population.entry[b]
            start = max(first, entry + 1)
            if population.old_rights[b] or start >= group.retire_to:
                continue
            held_from, end = np.uint64(max(group.start, entry)), np.uint64(group.retire_to)
            block_years(
                desk, heads, b, population.service[b], entry, group.density, economy.moment,
                False, False, held_from, np.uint64(max(group.start, entry + 1)), end, end,
            )  # fmt: skip
            for c in range(population.cell_start[b], population.cell_start[b + 1]):
                i = population.level[c]
                cell_accounts(
                    desk, buffers.levels, population.balance, c, i, population.generation[b], population.share[c],
                    group.density, rules.withdrawals, economy.in_force, economy.moment, held_from, end,
                )  # fmt: skip
                if rules.career.amount.shape[0] > 0:
                    cell_guarantee(
                        desk,
                        buffers.levels,
                        i,
                        past,
                        entry,
                        economy.moment,
                        rules.career,
                        np.uint64(start),
                        end,
                    )
                cell_complements(
                    desk, buffers.levels, i, population.share[c], group, payments, rules, economy.moment, fund, start,
                    group.retire_to, found,
                )  # fmt: skip


__all__ = ["WelfareFund", "add_complements"]
