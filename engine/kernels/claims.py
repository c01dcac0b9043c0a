"""What an award of one life is reckoned from: averages of its wages, and the claim that stands before the law."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cohorts.axes import ALWAYS_OLD
from engine.kernels.layout import COUNTED, SUMMED, WAGE
from engine.kernels.types import Economy, Rules
from engine.law.award import Claim, Law
from engine.law.compiled import compiled, inlined, inner, inner_inlined
from engine.law.old import OldLawTables, art_167_group, completed_weeks, increment_years, severance_share
from engine.law.wage import average_wage, counted_wage, part_of_year, reference_wage, window_years

# A window of weeks that lacks no more than this of itself is full.
ENOUGH = 1e-12


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


@inner_inlined()
def _lacking(time: float, years: int, all_time: float, all_years: float) -> float:
    """Years of contribution that an average still takes: ``time`` and ``years`` are those it has."""
    if all_time > 0.0:
        return all_time - time if time < all_time * (1.0 - ENOUGH) else 0.0
    return 1.0 if years < all_years else 0.0


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
    number of weeks, or of years, is reached, or all there are.
    """
    award = born + award_age - first_year + rules.past
    t = award - rules.past
    average_time, average_years = rules.average_time[t], rules.average_years[t]
    reference_time, reference_years = rules.reference_time[t], rules.reference_years[t]
    career = career_time = 0.0
    nominal = nominal_time = real = real_time = last = risk = 0.0
    n_nominal = n_real = 0
    missing_nominal = missing_real = False
    at_award = award_age - first_age
    if at_award < wage.shape[0] and wage[at_award] > 0.0:
        full = max(wage[at_award], rules.wage_floor_mw * economy.minimum_wage[award])
        risk = counted_wage(full, economy.wage_ceiling_occupational[award], economy.minimum_wage[award])
    for j in range(min(at_award, wage.shape[0]) - 1, -1, -1):
        more_nominal = _lacking(nominal_time, n_nominal, average_time, average_years)
        more_real = _lacking(real_time, n_real, reference_time, reference_years)
        if more_nominal <= 0.0 and more_real <= 0.0 and rules.career.amount.shape[0] == 0:
            break
        time = participation[j]
        if time <= 0.0:
            continue
        u = born + first_age + j - first_year + rules.past
        if u < 0:
            # Weeks of low participation reach far back; as many years as an unbroken career has are enough.
            missing_nominal = more_nominal > 0.0 and n_nominal < (average_time or average_years)
            missing_real = more_real > 0.0 and n_real < (reference_time or reference_years)
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
                risk = counted_wage(full, economy.wage_ceiling_occupational[u], minimum)
        if more_nominal > 0.0:
            taken = min(time, more_nominal)
            nominal += taken * counted * economy.price_average[u]
            nominal_time += taken
            n_nominal += 1
        if more_real > 0.0:
            taken = min(time, more_real)
            real += taken * counted
            real_time += taken
            n_real += 1
    average = average_wage(nominal, nominal_time, economy.price_award[award]) if nominal_time > 0.0 else 0.0
    reference = reference_wage(real, real_time) if real_time > 0.0 else 0.0
    mean = career / career_time if career_time > 0.0 else 0.0
    return Averages(average, reference, last, risk, mean, missing_nominal, missing_real)


@compiled()
def cohort_averages(
    history: np.ndarray, entry: int, t: int, density: float, economy: Economy, rules: Rules
) -> Averages:
    """Averages of a wage group that contributes in every year until awards of year ``t``: all calendar years count, S also
    those before entry.
    """
    u, longest = rules.past + t, float(rules.past - 1)
    average_years = window_years(rules.average_asked[t], rules.average_years[t], density, longest)
    reference_years = window_years(rules.reference_asked[t], rules.reference_years[t], density, longest)
    moment = economy.moment
    nominal = moment * history[COUNTED, u] * economy.price_average[u]
    earlier = average_years - moment
    whole = int(earlier)
    for j in range(1, whole + 1):
        nominal += history[COUNTED, u - j] * economy.price_average[u - j]
    part = part_of_year(earlier)
    if part > 0.0:
        nominal += part * history[COUNTED, u - whole - 1] * economy.price_average[u - whole - 1]
    years = min(reference_years, float(t - entry) + moment) if entry >= 0 else reference_years
    earlier = years - moment
    before = u - 1 - int(earlier)
    total = history[SUMMED, u - 1] - history[SUMMED, before] + moment * history[COUNTED, u]
    part = part_of_year(earlier)
    if part > 0.0:
        total += part * history[COUNTED, before]
    first = rules.past + entry if entry >= 0 else 0
    career = history[SUMMED, u - 1] - (history[SUMMED, first - 1] if first > 0 else 0.0)
    return Averages(
        average_wage(nominal, average_years, economy.price_award[u]),
        reference_wage(total, years),
        history[WAGE, u - 1],
        counted_wage(history[WAGE, u], economy.wage_ceiling_occupational[u], economy.minimum_wage[u]),
        (career + moment * history[COUNTED, u]) / (u - first + moment),
        False,
        False,
    )


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
    months: float,
    degree: float,
) -> Claim:
    """A claim from age, service, wages and account; ``months`` beyond the age and the ``degree`` of a disability at work are
    negative where not told."""
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
        severance_share(age, months, tables),
        allowance,
        account,
        handed_over,
        degree,
    )


@inlined()
def may_choose(economy: Economy, rules: Rules, t: int) -> bool:
    """Whether there is a choice between the laws in a year: not before the new one is in force, or beyond the paths."""
    early = t < economy.in_force.shape[0] and economy.in_force[t] == 0.0
    return rules.choice != ALWAYS_OLD and not early
