"""What the year loop has on its desk before it walks a group: paths of the case; rates, families and ages of the group."""

from __future__ import annotations

import numpy as np

from cohorts.arrays import Floats, Floats4
from cohorts.axes import (
    ALWAYS_OLD,
    N_ACCOUNTS,
    N_CEILINGS,
    N_STREAMS,
    N_TYPES,
    N_WITH_ALLOWANCES,
    RETIREMENT,
)
from cohorts.records import Decrements, Population
from engine.apart import apart
from engine.kernels import layout as at
from engine.kernels.layout import STRIDE, Group
from engine.kernels.types import Economy, Payments, Rules
from engine.law.compiled import inner, inner_inlined
from engine.law.old import UNTOLD, DatedTables, severance_share, tables_of_year


@apart
def case_years(economy: Economy, rules: Rules, desk: Floats) -> None:
    """Prices and law of every year, the same for everybody, in place."""
    old, new = rules.old, rules.new
    fund = housing = 1.0
    for t in range(np.uint64(rules.years)):
        desk[at.FUND_GROWN + t] = fund
        desk[at.HOUSING_GROWN + t] = housing
        fund *= 1.0 + economy.fund_return[t]
        housing *= 1.0 + economy.housing_return[t]
    desk[at.FUND_GROWN + np.uint64(rules.years)] = fund
    desk[at.HOUSING_GROWN + np.uint64(rules.years)] = housing
    for t in range(np.uint64(rules.years)):
        desk[at.FUND_RETURN + t] = economy.fund_return[t]
        desk[at.HOUSING_RETURN + t] = economy.housing_return[t]
        desk[at.FUND_UNTIL_AWARD + t] = (1.0 + economy.fund_return[t]) ** economy.moment
        desk[at.HOUSING_UNTIL_AWARD + t] = (1.0 + economy.housing_return[t]) ** economy.moment
        desk[at.MINIMUM + t] = economy.minimum_wage[np.uint64(rules.past) + t]
        desk[at.GUARANTEED + t] = economy.guarantee[t]
        desk[at.GUARANTEED_CELL + t] = economy.guarantee[t]
        # Before the new law is in force there is nothing to choose.
        chooses = rules.choice != ALWAYS_OLD and economy.in_force[t] != 0.0
        desk[at.MAY_CHOOSE + t] = 1.0 if chooses else 0.0
        desk[at.IN_FORCE + t] = economy.in_force[t]
        desk[at.HOUSING_RATE + t] = rules.housing_rate[t]
        desk[at.RISK_CEILING + t] = economy.wage_ceiling_occupational[np.uint64(rules.past) + t]
        for k in range(np.uint64(N_CEILINGS)):
            desk[at.CEILING + k * STRIDE + t] = economy.ceilings[k, np.uint64(rules.past) + t]
        for a in range(np.uint64(N_ACCOUNTS)):
            desk[at.SURRENDER + a * STRIDE + t] = rules.surrender[a, t]
        for k in range(np.uint64(old.shape[0])):
            desk[at.OLD_LAW + k * STRIDE + t] = old[k, t]
        for k in range(np.uint64(new.shape[0])):
            desk[at.NEW_LAW + k * STRIDE + t] = new[k, t]


@inner_inlined()
def same_lives(age: np.ndarray, sex: np.ndarray, one: int, other: int) -> bool:
    """Whether two groups are of one birth year and sex."""
    return bool(age[one] == age[other] and sex[one] == sex[other])


@inner()
def lives_until(age: np.ndarray, sex: np.ndarray, g: int) -> int:
    """The first group after ``g`` that is of another birth year or sex."""
    beyond = g + 1
    while beyond < age.shape[0] and same_lives(age, sex, g, beyond):
        beyond += 1
    return beyond


@inner()
def has_rights(block_start: np.ndarray, old_rights: np.ndarray, first: int, beyond: int) -> bool:
    """Whether anybody of the groups from ``first`` to ``beyond`` holds rights under the old law."""
    for b in range(block_start[first], block_start[beyond]):
        if old_rights[b]:
            return True
    return False


@apart
def group_of(
    g: int,
    population: Population,
    decrements: Decrements,
    payments: Payments,
    value_old: Floats4,
    value_real: Floats4,
    tables: DatedTables,
    years: int,
    desk: Floats,
) -> Group:
    """A birth year and profile; its probabilities and values of a unit of pension by year, in place."""
    age, sex = population.age[g], population.sex[g]
    start, end = max(0, decrements.first_age - age), min(years, decrements.last_age + 1 - age)
    first, last = end, start
    for t in range(np.uint64(start), np.uint64(end)):
        row = age + np.int64(t) - decrements.first_age
        award_row = age + np.int64(t) - payments.first_age
        desk[at.AGE + t] = float(age + np.int64(t))
        desk[at.CERTAIN_AGE + t] = float(decrements.certain_age[t])
        of_year = tables_of_year(tables, np.int64(t))
        desk[at.AGE_SHARE + t] = severance_share(float(age + np.int64(t)), UNTOLD, of_year)
        family = payments.of_year[t]
        desk[at.ALLOWANCE + t] = payments.allowance[family, sex, award_row]
        desk[at.FAMILY + t] = payments.entitled[family, sex, award_row]
        probability = decrements.probability[decrements.table_of_year[t]]
        retiring = probability[1, RETIREMENT, sex, row] > 0.0
        if retiring:
            first, last = min(first, np.int64(t)), np.int64(t) + 1
        for kind in range(N_TYPES):
            place = np.uint64(kind) * STRIDE + t
            exposed = retiring or kind != RETIREMENT
            desk[at.UNEXPOSED + place] = probability[0, kind, sex, row] if exposed else 0.0
            desk[at.EXPOSED + place] = probability[1, kind, sex, row] if exposed else 0.0
            desk[at.UNIT_OLD + place] = value_old[kind, sex, award_row, t]
            desk[at.UNIT_REAL + place] = value_real[kind, sex, award_row, t]
            desk[at.UNIT_GUARANTEE + place] = value_real[N_STREAMS + kind, sex, award_row, t]
        for kind in range(N_WITH_ALLOWANCES):
            place = np.uint64(kind) * STRIDE + t
            desk[at.UNIT_ALLOWANCE_OLD + place] = value_old[N_TYPES + kind, sex, award_row, t]
            desk[at.UNIT_ALLOWANCE_REAL + place] = value_real[N_TYPES + kind, sex, award_row, t]
    return Group(
        g,
        sex,
        population.density[g],
        start,
        max(start, end),
        first,
        max(first, last),
        age - payments.first_age,
        population.level_start[g],
        population.level_start[g + 1] - population.level_start[g],
        has_rights(population.block_start, population.old_rights, g, g + 1),
    )


@inner()
def member_of(group: Group, population: Population, g: int) -> Group:
    """Another birth year and profile of the same lives as ``group``, whose probabilities and units it shares."""
    return Group(
        g,
        group.profile,
        population.density[g],
        group.start,
        group.end,
        group.retire_from,
        group.retire_to,
        group.first_row,
        population.level_start[g],
        population.level_start[g + 1] - population.level_start[g],
        has_rights(population.block_start, population.old_rights, g, g + 1),
    )


__all__ = ["case_years", "group_of", "has_rights", "lives_until", "member_of", "same_lives"]
