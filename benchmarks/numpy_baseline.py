"""The projection's year loop in plain NumPy: the baseline that the compiled kernel is measured against.

    python -m benchmarks.numpy_baseline [SCENARIO]

An array program as one would write it without a compiler: all cells of a year at once, formulas of the law as whole-array
expressions, one loop over years and one over types of pension. It computes the same flows as
:func:`engine.kernels.project.project_flows` for the rules of the statutory basis (exhaustion of balances), no others.
The speed-up is reported as the ratio of the best of several runs of either in one process.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import assumptions
from assumptions import Resolved
from cohorts import axes
from cohorts.axes import (
    ACCOUNT_HOUSING,
    DEATH,
    DISABILITY,
    GUARANTEE,
    N_ACCOUNTS,
    N_BASES,
    N_CEILINGS,
    N_GENERATIONS,
    N_REGIMES,
    N_TYPES,
    OCCUPATIONAL_DEATH,
    OLD_LAW,
    RETIREMENT,
)
from engine.kernels import types
from engine.kernels.project import project_flows
from engine.kernels.types import Flows
from engine.law.old import WEEK_TOLERANCE, tables_of_year
from engine.law.state import EXHAUSTION
from engine.prepare import demography as demographics
from engine.prepare import economy as economy_paths
from engine.prepare import rules
from engine.prepare.payments import award_payments
from engine.projection import projected_years

Float = NDArray[np.float64]
TOLERANCE = 1e-9  # relative, between two computations of the same thing
_REPEATS = 3


@dataclass(frozen=True)
class Inputs:
    """What the year loop reads, as the kernel takes it."""

    arguments: types.Inputs

    @classmethod
    def of(cls, resolved: Resolved) -> Inputs:
        """Inputs of a resolved pack."""
        years, past = projected_years(resolved), rules.history_years(resolved)
        demography = demographics.build(resolved, years, past)
        economy = economy_paths.build(resolved, years, past, demography.payments.total.shape[4])
        value_old, value_real = demographics.annuities(demography, economy, years.size)
        return cls(
            types.Inputs(
                demography.population,
                demography.heads,
                demography.decrements,
                demography.payments,
                value_old,
                value_real,
                economy,
                rules.dated_tables(resolved, years),
                rules.rules(resolved, years, past),
            )
        )

    @property
    def cell_years(self) -> int:
        """Cells that contribute or meet their decrements, summed over years."""
        population, heads = self.arguments[0], self.arguments[1]
        cells = np.diff(population.cell_start)
        live = (heads.opening > 0.0) | (heads.contributing > 0.0)
        return int((live * cells[:, None]).sum())


def compiled(inputs: Inputs) -> Flows:
    """Flows by the engine's kernel."""
    found: Flows = project_flows(inputs.arguments, False)
    return found


def plain(inputs: Inputs) -> Flows:
    """Flows by NumPy alone; ``paid``, ``accrued`` and ``detail`` are left empty.

    Raises
    ------
    NotImplementedError
        For other rules than those of the statutory basis.
    """
    population, heads, decrements, payments, value_old, value_real, economy, tables, law = inputs.arguments
    old, new = rules.law_of_year(law, 0)[:2]
    exhaustion = law.recognition == EXHAUSTION and law.guarantee_rule == EXHAUSTION
    to_the_letter = (
        old.by_degree
        or law.average_time.any()
        or not np.array_equal(tables.severance_mean, tables.severance_factor)
    )
    by_wage = max(len(found.upper) for found in (law.severance, law.quota)) > 1
    if to_the_letter or law.withdrawals.frequency > 0.0:
        raise NotImplementedError("the baseline knows the rules of release 0.1.0 only: overlay release_0_1_0")
    average_years, reference_years = int(law.average_years[0]), int(law.reference_years[0])
    if by_wage or law.career.amount.size or not exhaustion or law.choice != axes.BEST or old.flat:
        raise NotImplementedError("the baseline knows the rules of the statutory basis only")
    if max(found.max() for found in (tables.of_year, payments.of_year)) > 0:
        raise NotImplementedError("the baseline knows one table for all years only")
    if (economy.guarantee_index != 1.0).any():
        raise NotImplementedError("the baseline knows guarantees that follow prices only")
    tables, payments = tables_of_year.py_func(tables, 0), award_payments(payments, 0)
    n_years, past = law.years, law.past
    n_durations = payments.total.shape[3]

    # Everything by cell: its block, group, level and what they say.
    block_group = np.repeat(np.arange(population.age.size), np.diff(population.block_start))
    block = np.repeat(np.arange(population.entry.size), np.diff(population.cell_start))
    group = block_group[block]
    level = population.level_start[group] + population.level
    level_group = np.repeat(np.arange(population.age.size), np.diff(population.level_start))
    sex, generation = population.sex[group], population.generation[block]
    rights, entry = population.old_rights[block], population.entry[block]
    balance = population.balance.copy()

    mean = population.mean_wage[level_group]
    minimum = economy.minimum_wage[: past + n_years]
    wage = np.maximum(population.relative_wage[:, None] * mean, law.wage_floor_mw * minimum)
    wage[:, :past] = wage[:, past : past + 1] * mean[:, :past] / mean[:, past : past + 1]
    capped = np.minimum(wage, economy.wage_ceiling_old_law * minimum)
    summed = np.cumsum(capped, axis=1)

    shape = (N_GENERATIONS, N_REGIMES, N_TYPES, n_years)
    cost, awards, pensioners = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    covered = np.zeros((N_GENERATIONS, N_BASES, n_years))
    assets = np.zeros((N_GENERATIONS, N_ACCOUNTS, n_years))
    surrendered, housing_surrendered = np.zeros((N_GENERATIONS, n_years)), np.zeros((N_GENERATIONS, n_years))
    heirs = (DEATH, DEATH, DEATH, OCCUPATIONAL_DEATH, OCCUPATIONAL_DEATH)

    for t in range(n_years):
        age = population.age[group] + t
        present = (age >= decrements.first_age) & (age <= decrements.last_age) & (entry <= t)
        u, n = past + t, min(n_durations, n_years - t)
        minimum_wage, guarantee = economy.minimum_wage[u], float(economy.guarantee[t])
        probability = decrements.probability[decrements.table_of_year[t]]
        discount = np.concatenate([[1.0], np.cumprod(1.0 / (1.0 + economy.annuity_return[t : t + n - 1]))])
        indexed = economy.indexation[t : t + n] / economy.indexation[t]
        nominal = (capped[:, u - average_years : u] * economy.price_average[u - average_years : u]).sum(
            axis=1
        )
        average = nominal / (average_years * economy.price_award[u])
        row_167 = np.minimum(
            np.searchsorted(tables.group_upper, average / minimum_wage), tables.group_upper.size - 1
        )

        cells = np.flatnonzero(present & (heads.opening[block, t] > 0.0))
        b, i, s = block[cells], level[cells], sex[cells]
        row, award_row = age[cells] - decrements.first_age, age[cells] - payments.first_age
        opening = heads.opening[b, t] * population.share[cells]
        service = population.service[b] + population.density[block_group[b]] * (
            t - np.maximum(population.entry[b], 0)
        )
        weeks = np.floor(service * old.weeks_per_year + WEEK_TOLERANCE)
        exposed = np.ones(cells.size, dtype=np.int64)
        if decrements.gated:
            shut = rights[cells] & (age[cells] < decrements.certain_age[t]) & (weeks < old.weeks_retirement)
            exposed[shut] = 0
        excess = np.maximum(0.0, weeks - old.weeks_retirement)
        whole = np.floor(excess / old.weeks_per_year)
        rest = excess - whole * old.weeks_per_year
        years = whole + np.where(
            rest > old.rest_full_above, 1.0, np.where(rest >= old.rest_half_from, 0.5, 0.0)
        )
        account = balance[cells].sum(axis=1)
        handed_over = balance[cells] @ law.surrender[:, t]
        housing = balance[cells, ACCOUNT_HOUSING] * law.surrender[ACCOUNT_HOUSING, t]
        past_years = np.where(
            population.entry[b] >= 0,
            np.minimum(reference_years, t - population.entry[b]),
            reference_years,
        )
        reference = (summed[i, u - 1] - summed[i, u - 1 - past_years]) / past_years
        allowance = payments.allowance[s, award_row]
        amount_167 = average[i] * (tables.basic[row_167[i]] + tables.increment[row_167[i]] * years)
        at = np.floor(age[cells] + 0.5).astype(np.int64) - int(tables.severance_age)
        age_share = np.where(
            age[cells] < tables.severance_age,
            0.0,
            tables.severance_factor[np.clip(at, 0, tables.severance_factor.size - 1)],
        )
        full = np.zeros((N_GENERATIONS, N_REGIMES, N_TYPES, 2, payments.total.shape[2], n + 1))
        part = np.zeros_like(full)
        number_of = np.zeros(full.shape[:-1])
        owner = generation[cells]

        for kind in range(N_TYPES):
            number = opening * probability[exposed, kind, s, row]
            if kind in (DEATH, OCCUPATIONAL_DEATH):
                number = number * payments.entitled[s, award_row]
            if not number.any():
                continue
            unit_old, unit_real = value_old[kind, s, award_row, t], value_real[kind, s, award_row, t]
            top_up = np.zeros(cells.size)
            insured = np.ones(cells.size, dtype=np.bool_)
            if kind == RETIREMENT:
                pension = _capped(
                    amount_167 * age_share * (1.0 + allowance), average[i], minimum_wage, weeks, old
                )
                pension = np.where((weeks >= old.weeks_retirement) & (age_share > 0.0), pension, 0.0)
                short = np.maximum(0.0, guarantee * unit_real - account)
                value_new = account + np.where(weeks >= new.weeks_retirement, short, 0.0)
            elif kind in (DISABILITY, DEATH):
                share = allowance if kind == DISABILITY else 0.0
                pension = _capped(amount_167 * (1.0 + share), average[i], minimum_wage, weeks, old)
                pension = np.where(weeks >= old.weeks_disability, pension, 0.0)
                insured = weeks >= (new.weeks_disability if kind == DISABILITY else new.weeks_death)
                annuity = np.maximum(new.disability_share * reference, guarantee) * unit_real
                value_new = np.where(insured, np.maximum(account, annuity), account)
                top_up = np.where(insured, np.maximum(0.0, guarantee - new.disability_share * reference), 0.0)
            else:
                last = capped[i, u]
                pension = np.maximum(old.occupational_share * last, old.minimum_pension_mw * minimum_wage)
                pension = pension * (1.0 + old.bonus)
                annuity = np.maximum(new.occupational_share * last, guarantee) * unit_real
                value_new = np.maximum(account, annuity)
                top_up = np.maximum(0.0, guarantee - new.occupational_share * last)
            pension = np.where(rights[cells], pension, 0.0)
            present_value = pension * unit_old
            takes_old = (present_value > 0.0) & (present_value + account - handed_over > value_new)
            taken = number * takes_old
            surrendered[:, t] += np.bincount(owner, taken * handed_over, minlength=N_GENERATIONS)
            housing_surrendered[:, t] += np.bincount(owner, taken * housing, minlength=N_GENERATIONS)

            total = payments.total[kind, :, :, :n]
            old_law = takes_old & (number > 0.0)
            _exhaust(
                full[:, OLD_LAW, kind],
                part[:, OLD_LAW, kind],
                (owner[old_law], s[old_law], award_row[old_law]),
                number[old_law] * pension[old_law],
                handed_over[old_law] / pension[old_law],
                np.cumsum(total * (indexed * discount), axis=2),
                discount,
            )
            new_law = ~takes_old & (number > 0.0)
            if kind == RETIREMENT:
                pensionable = weeks >= new.weeks_retirement
                early = (account > 0.0) & (account >= new.early_multiple * guarantee * unit_real)
                awarded = new_law & (pensionable | early)
                guaranteed = new_law & pensionable & (unit_real > 0.0) & (guarantee > 0.0)
                _exhaust(
                    full[:, GUARANTEE, kind],
                    part[:, GUARANTEE, kind],
                    (owner[guaranteed], s[guaranteed], award_row[guaranteed]),
                    number[guaranteed] * guarantee,
                    account[guaranteed] / guarantee if guarantee > 0.0 else account[guaranteed],
                    np.cumsum(total * discount, axis=2),
                    discount,
                )
            else:
                awarded = new_law & insured
                places = (
                    owner[awarded],
                    s[awarded],
                    award_row[awarded],
                    np.zeros(awarded.sum(), dtype=np.int64),
                )
                np.add.at(full[:, GUARANTEE, kind], places, (number * top_up)[awarded])
            for regime, chosen in ((OLD_LAW, old_law), (GUARANTEE, awarded)):
                np.add.at(
                    number_of[:, regime, kind], (owner[chosen], s[chosen], award_row[chosen]), number[chosen]
                )

        awards[..., t] = number_of.sum(axis=(3, 4))
        for kind in range(N_TYPES):
            total, own = payments.total[kind, :, :, :n], payments.own[kind, :, :, :n]
            widows = payments.widows[kind, :, :, :n]
            with np.errstate(invalid="ignore", divide="ignore"):
                own_share = np.where(total > 0.0, own / total, 0.0)
            for regime, index in ((OLD_LAW, indexed), (GUARANTEE, np.ones(n))):
                yearly = np.cumsum(full[:, regime, kind, :, :, :n], axis=-1)
                state = yearly * (total * index) + part[:, regime, kind, :, :, :n]
                mine = (state * own_share).sum(axis=(1, 2))
                cost[:, regime, kind, t : t + n] += mine
                cost[:, regime, heirs[kind], t : t + n] += state.sum(axis=(1, 2)) - mine
                heads_awarded = number_of[:, regime, kind][..., None]
                pensioners[:, regime, kind, t : t + n] += (heads_awarded * own).sum(axis=(1, 2))
                pensioners[:, regime, heirs[kind], t : t + n] += (heads_awarded * widows).sum(axis=(1, 2))

        # Interest and contributions of those who remain.
        base = np.empty((wage.shape[0], N_BASES))
        density = population.density[level_group]
        base[:, :N_CEILINGS] = density[:, None] * np.minimum(
            wage[:, u, None], economy.ceilings[:, u] * minimum_wage
        )
        base[:, axes.BASE_UNCAPPED] = density * wage[:, u]
        credited = np.empty((wage.shape[0], N_ACCOUNTS))
        force = economy.in_force[t]
        credited[:, axes.ACCOUNT_RETIREMENT] = (
            force * law.retirement.value[0, t] * base[:, axes.BASE_RETIREMENT]
        )
        credited[:, axes.ACCOUNT_SEVERANCE] = force * law.severance.value[0, t] * base[:, axes.BASE_SEVERANCE]
        credited[:, axes.ACCOUNT_QUOTA] = (
            force * law.quota.value[0, t] * (density if law.credit_by_density else 1.0)
        )
        credited[:, axes.ACCOUNT_HOUSING] = force * law.housing_rate[t] * base[:, axes.BASE_HOUSING]
        returns = np.full(N_ACCOUNTS, economy.fund_return[t])
        returns[axes.ACCOUNT_HOUSING] = economy.housing_return[t]
        cells = np.flatnonzero(present)
        balance[cells] = balance[cells] * (1.0 + returns) + credited[level[cells]]
        remaining = heads.contributing[block[cells], t] * population.share[cells]
        for one in range(N_GENERATIONS):
            mine = np.where(generation[cells] == one, remaining, 0.0)
            assets[one, :, t] = mine @ balance[cells]
            covered[one, :, t] = np.bincount(level[cells], mine, minlength=wage.shape[0]) @ base
    empty = np.empty(0)
    return Flows(
        cost=cost,
        paid=empty,
        accrued=empty,
        awards=awards,
        served=empty,
        pensioners=pensioners,
        covered_wages=covered,
        by_wage=empty,
        assets=assets,
        surrendered=surrendered,
        housing_surrendered=housing_surrendered,
        detail=empty,
    )


def _capped(amount: Float, average: Float, minimum_wage: float, weeks: Float, old: Any) -> Float:
    """Cap at the average wage, minimum pension, bonus (Arts. 168, 169)."""
    pension = np.minimum(amount, average)
    least = np.where(weeks >= old.minimum_pension_weeks, old.minimum_pension_mw * minimum_wage, 0.0)
    out: Float = np.maximum(pension, least) * (1.0 + old.bonus)
    return out


def _exhaust(
    full: Float,
    part: Float,
    places: tuple[NDArray[np.int64], ...],
    yearly: Float,
    funded: Float,
    cumulative: Float,
    discount: Float,
) -> None:
    """Enter awards whose funds pay first: the State pays a part of one year and all of those after it."""
    by_award = cumulative[places[1], places[2]]
    k = (by_award <= funded[:, None]).sum(axis=1)
    left = np.flatnonzero(k < discount.size)
    k, at = k[left], tuple(place[left] for place in places)
    np.add.at(full, (*at, k + 1), yearly[left])
    rest = yearly[left] * (by_award[left, k] - funded[left]) / discount[k]
    np.add.at(part, (*at, k), rest)


def deviation(found: Flows, reference: Flows) -> float:
    """Largest relative difference of what both compute, each array on the scale of its largest number."""
    names = ("cost", "awards", "pensioners", "covered_wages", "assets", "surrendered", "housing_surrendered")
    gaps = []
    for name in names:
        ours, theirs = getattr(found, name), getattr(reference, name)
        gaps.append(float(np.abs(ours - theirs).max() / max(np.abs(theirs).max(), 1.0)))
    return max(gaps)


def best_of(function: Any, inputs: Inputs, repeats: int = _REPEATS) -> float:
    """Seconds of the fastest run."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        function(inputs)
        times.append(time.perf_counter() - started)
    return min(times)


def measure(scenario: str = "3B", repeats: int = _REPEATS) -> dict[str, float]:
    """Seconds of both, their ratio and their largest difference, in one run."""
    inputs = Inputs.of(assumptions.load(scenario, overlays=["release_0_1_0"]).resolve("statutory"))
    gap = deviation(plain(inputs), compiled(inputs))
    slow, fast = best_of(plain, inputs, repeats), best_of(compiled, inputs, 3 * repeats)
    cell_years = inputs.cell_years
    return {
        "numpy_seconds": slow,
        "kernel_seconds": fast,
        "ratio": slow / fast,
        "numpy_ns_per_cell_year": 1e9 * slow / cell_years,
        "kernel_ns_per_cell_year": 1e9 * fast / cell_years,
        "cell_years": cell_years,
        "largest_difference": gap,
    }


if __name__ == "__main__":
    print(json.dumps(measure(*sys.argv[1:2]), indent=1))
