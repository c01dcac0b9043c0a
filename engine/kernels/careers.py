"""Careers of one birth year and profile, by year: wages, contributions, averages, service, balances."""

from __future__ import annotations

import numpy as np

from cohorts.arrays import Floats, Floats2, Floats3, Unsigned
from cohorts.axes import (
    DEATH,
    N_ACCOUNTS,
    N_TYPES,
    N_WITH_ALLOWANCES,
    OCCUPATIONAL_DEATH,
    OCCUPATIONAL_DISABILITY,
)
from cohorts.records import Population
from engine.apart import apart
from engine.kernels import layout as at
from engine.kernels.balances import accrue
from engine.kernels.contributions import by_wage_in_hand, contributions, from_hand, rates_by_wage
from engine.kernels.heads import service_at
from engine.kernels.layout import (
    AVERAGE,
    BASIC,
    COUNTED,
    DISABILITY_SHARE,
    INCREMENT,
    NOMINAL,
    ONE,
    REFERENCE,
    REST_FULL_ABOVE,
    REST_HALF_FROM,
    STRIDE,
    SUMMED,
    TOP_UP,
    WAGE,
    WEEKS_PER_YEAR,
    WEEKS_RETIREMENT,
    Group,
    whole_vectors,
)
from engine.kernels.types import Economy, Heads, Rules
from engine.law.compiled import inner
from engine.law.new import insured_top_up
from engine.law.old import DatedTables, art_167_group, completed_weeks, increment_years, tables_of_year
from engine.law.wage import average_wage, counted_wage, part_of_year, reference_wage, window_years

AT_WEEKS_RETIREMENT, AT_WEEKS_PER_YEAR, AT_REST_HALF_FROM, AT_REST_FULL_ABOVE, AT_PENSIONED = (
    np.uint64(row) * STRIDE
    for row in (WEEKS_RETIREMENT, WEEKS_PER_YEAR, REST_HALF_FROM, REST_FULL_ABOVE, at.PENSIONED)
)
AT_DISABILITY_SHARE, AT_NEW_ALLOWANCES = (
    np.uint64(row) * STRIDE for row in (DISABILITY_SHARE, at.NEW_ALLOWANCES)
)


@inner()
def wage_history(
    relative: float,
    mean: Floats,
    ceiling: Floats,
    minimum_wage: Floats,
    past: int,
    end: int,
    floor_mw: float,
    level: Floats2,
) -> None:
    """Wages of one wage group before year ``end``, in place: floored, counted for the averages, and the sum of these so far.

    Before the first year a wage moves with the group's mean; the floor holds from the first year on.
    """
    before = max(relative * mean[past], floor_mw * minimum_wage[past]) / mean[past]
    first, beyond = np.uint64(past), np.uint64(past + end)
    for u in range(first):
        level[WAGE, u] = before * mean[u]
    for u in range(first, beyond):
        level[WAGE, u] = max(relative * mean[u], floor_mw * minimum_wage[u])
    for u in range(beyond):
        level[COUNTED, u] = counted_wage(level[WAGE, u], ceiling[u], minimum_wage[u])
    total = 0.0
    for u in range(beyond):
        total += level[COUNTED, u]
        level[SUMMED, u] = total


@apart
def averages(
    minimum_wage: Floats, price: Floats, price_award: Floats, moment: float, tables: DatedTables, past: int,
    years: float, start: int, end: int, level: Floats2,
) -> None:  # fmt: skip
    """Average wages of the old law at awards from year ``start`` to ``end``, and their rows of Art. 167, in place.

    ``years`` is the window of them all.
    """
    before = years - moment
    whole = np.int64(before)
    part = part_of_year(before)
    nominal, counted = level[NOMINAL], level[COUNTED]
    for t in range(start, end):
        u = past + t
        summed = nominal[u - 1] - nominal[u - 1 - whole] + moment * counted[u] * price[u]
        if part > 0.0:
            summed += part * counted[u - whole - 1] * price[u - whole - 1]
        level[AVERAGE, t] = summed
    for t in range(start, end):
        u = past + t
        average = average_wage(level[AVERAGE, t], years, price_award[u])
        of_year = tables_of_year(tables, t)
        group = art_167_group(average / minimum_wage[u], of_year.group_upper)
        level[AVERAGE, t] = average
        level[BASIC, t] = of_year.basic[group]
        level[INCREMENT, t] = of_year.increment[group]


@apart
def group_levels(
    population: Population,
    group: Group,
    economy: Economy,
    tables: DatedTables,
    rules: Rules,
    levels: Floats3,
    desk: Floats,
) -> None:
    """Wages, contributions and averages of all wage groups of a birth year and profile, in place."""
    longest = float(rules.past - 1)
    for t in range(rules.years):
        u = np.uint64(t)
        desk[at.AVERAGE_YEARS + u] = window_years(
            rules.average_asked[t], rules.average_years[t], group.density, longest
        )
        desk[at.REFERENCE_YEARS + u] = window_years(
            rules.reference_asked[t], rules.reference_years[t], group.density, longest
        )
    past, start, end = np.uint64(rules.past), np.uint64(group.start), np.uint64(group.end)
    upto = np.uint64(whole_vectors(group.start, group.end))
    banded = rules.severance_employer.upper.shape[0] > 1 or rules.quota.upper.shape[0] > 1
    quota_time = group.density if rules.quota_by_density else 1.0
    credit_time = group.density if rules.credit_by_density else 1.0
    for i in range(population.level_start[group.place + 1] - group.first_level):
        level = levels[i]
        wage_history(
            population.relative_wage[group.first_level + i],
            population.mean_wage[group.place],
            economy.wage_ceiling_old_law,
            economy.minimum_wage,
            rules.past,
            group.end,
            rules.wage_floor_mw,
            level,
        )
        for t in range(start, end):
            desk[at.WAGE_IN_HAND + t] = level[WAGE, past + t]
        if banded or i == 0:
            rates_by_wage(rules, start, end, desk)
        contributions(group.density, credit_time, start, upto, desk)
        from_hand(desk, start, end, level)
        if banded:
            by_wage_in_hand(rules, quota_time, start, end, desk, level)
        accrue(economy.moment, desk, start, end, level)
        if group.rights:
            total = 0.0
            for u in range(rules.past + group.end):
                total += level[COUNTED, u] * economy.price_average[u]
                level[NOMINAL, u] = total
            begin = group.start
            while begin < group.end:
                years = desk[at.AVERAGE_YEARS + np.uint64(begin)]
                until = begin + 1
                while until < group.end and desk[at.AVERAGE_YEARS + np.uint64(until)] == years:
                    until += 1
                averages(
                    economy.minimum_wage, economy.price_average, economy.price_award, economy.moment, tables, rules.past,
                    years, begin, until, level,
                )  # fmt: skip
                begin = until


@apart
def entry_levels(
    levels: Floats3, n_levels: int, entry: int, past: int, moment: float, desk: Floats, start: int, end: int
) -> None:
    """Reference wages of those who entered in one year, and what the State adds to pensions from them, in place."""
    whole_past = np.uint64(past)
    # Until they have served the window, it is their whole career.
    full = start
    while (
        entry >= 0
        and full < end
        and float(full - entry) + moment < desk[at.REFERENCE_YEARS + np.uint64(full)]
    ):
        full += 1
    first, beyond = np.uint64(start), np.uint64(end)
    for t in range(first, beyond):
        desk[at.CAREER + t] = float(np.int64(t) - entry) + moment
        share = desk[at.NEW_LAW + AT_DISABILITY_SHARE + t]
        beside = desk[at.ALLOWANCE + t] if desk[at.NEW_LAW + AT_NEW_ALLOWANCES + t] != 0.0 else 0.0
        desk[at.SHARE_WITH_ALLOWANCES + t] = min(share * (1.0 + beside), max(share, 1.0))
    for i in range(n_levels):
        level = levels[i]
        reference, summed, counted = level[REFERENCE], level[SUMMED], level[COUNTED]
        if full > start:
            at_entry = summed[past + entry - 1]
            for t in range(first, np.uint64(full)):
                total = summed[whole_past + t - ONE] - at_entry + moment * counted[whole_past + t]
                reference[t] = reference_wage(total, desk[at.CAREER + t])
        for t in range(full, end):
            asked = desk[at.REFERENCE_YEARS + np.uint64(t)]
            years = min(asked, float(t - entry) + moment) if entry >= 0 else asked
            earlier = years - moment
            last = past + t - 1
            before = last - np.int64(earlier)
            total = summed[last] - summed[before] + moment * counted[past + t]
            total += part_of_year(earlier) * counted[before]
            reference[t] = reference_wage(total, years)
        top_up, with_allowances = level[TOP_UP], level[at.TOP_UP_DISABILITY]
        for t in range(first, beyond):
            top_up[t] = insured_top_up(
                desk[at.NEW_LAW + AT_DISABILITY_SHARE + t], reference[t], desk[at.GUARANTEED + t]
            )
        for t in range(first, beyond):
            with_allowances[t] = insured_top_up(
                desk[at.SHARE_WITH_ALLOWANCES + t], reference[t], desk[at.GUARANTEED + t]
            )


@apart
def block_years(
    desk: Floats,
    heads: Heads,
    b: int,
    service: float,
    entry: int,
    density: float,
    moment: float,
    present: bool,
    gated: bool,
    held_from: Unsigned,
    start: Unsigned,
    end: Unsigned,
    upto: Unsigned,
) -> None:
    """Service of a block and those who leave it by each type of pension, in place; sums over its cells start at nothing.

    ``upto`` is ``end``, or whole vectors.
    """
    for t in range(held_from, end):
        desk[at.CONTRIBUTING + t] = heads.contributing[b, t]
    for t in range(held_from, end):
        desk[at.CLOSING + t] = heads.closing[b, t]
    for t in range(start, end):
        desk[at.OPENING + t] = heads.opening[b, t]
    for a in range(np.uint64(N_ACCOUNTS)):
        for t in range(held_from, end):
            desk[at.HELD + a * STRIDE + t] = 0.0
    for t in range(start, upto):
        years = service_at(service, entry, np.int64(t), moment, density)
        weeks = completed_weeks(years, desk[at.OLD_LAW + AT_WEEKS_PER_YEAR + t])
        desk[at.WEEKS + t] = weeks
        desk[at.INCREMENT_YEARS + t] = increment_years(
            weeks,
            desk[at.OLD_LAW + AT_WEEKS_RETIREMENT + t],
            desk[at.OLD_LAW + AT_WEEKS_PER_YEAR + t],
            desk[at.OLD_LAW + AT_REST_HALF_FROM + t],
            desk[at.OLD_LAW + AT_REST_FULL_ABOVE + t],
        )
        desk[at.AT_REFORM + t] = min(1.0, service / years) if present & (years > 0.0) else 0.0
        desk[at.SURRENDERED + t] = 0.0
        desk[at.HOUSING_SURRENDERED + t] = 0.0
        closed = gated & (desk[at.AGE + t] < desk[at.CERTAIN_AGE + t])
        desk[at.CLOSED + t] = 1.0 if closed & (weeks < desk[at.OLD_LAW + AT_WEEKS_RETIREMENT + t]) else 0.0
    for kind in range(np.uint64(N_TYPES)):
        place = kind * STRIDE
        for t in range(start, upto):
            unexposed, exposed = desk[at.UNEXPOSED + place + t], desk[at.EXPOSED + place + t]
            desk[at.LEAVING + place + t] = desk[at.OPENING + t] * (
                unexposed if desk[at.CLOSED + t] > 0.0 else exposed
            )
            desk[at.PAID + place + t] = 0.0
            desk[at.AWARDED_OLD + place + t] = 0.0
            desk[at.AWARDED_NEW + place + t] = 0.0
            desk[at.RAISED + place + t] = 0.0
            desk[at.AT_ONCE_OLD + place + t] = 0.0
            desk[at.AT_ONCE_NEW + place + t] = 0.0
    for kind in range(np.uint64(N_WITH_ALLOWANCES)):
        for t in range(start, upto):
            desk[at.ALLOWANCES + kind * STRIDE + t] = 0.0
            desk[at.ALLOWANCES_AT_ONCE + kind * STRIDE + t] = 0.0
    for t in range(start, upto):
        desk[at.LEAVING + np.uint64(DEATH) * STRIDE + t] *= desk[at.FAMILY + t]
        desk[at.LEAVING + np.uint64(OCCUPATIONAL_DEATH) * STRIDE + t] *= desk[at.FAMILY + t]
        desk[at.LEAVING + np.uint64(OCCUPATIONAL_DISABILITY) * STRIDE + t] *= desk[
            at.OLD_LAW + AT_PENSIONED + t
        ]
