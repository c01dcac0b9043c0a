"""Parts of a case that other cases may share, kept by the content of what they are made from.

Demography does not depend on returns, prices or benefits, and annuity values only on the two paths they use. Results are
pure functions of their inputs; the cache only saves the work, so a case gives the same numbers whatever ran before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved
from cohorts import axes, careers, decrements, densities, entrants, members, pensioners, population
from cohorts.records import Decrements, Population
from engine.checked import arithmetic, finite
from engine.kernels.annuity import annuity_values
from engine.kernels.heads import project_heads
from engine.kernels.types import Economy, Heads, Payments
from engine.prepare import economy as economy_paths
from engine.prepare import history, payments
from engine.prepare import ongoing as in_payment
from engine.prepare.kept import Cache, Kept, Store

Float = NDArray[np.float64]
Int = NDArray[np.int64]

_HEADS_TOLERANCE = 1e-9


class Demography(NamedTuple):
    """Population, decrements, heads and payments of a unit of pension; ``key`` identifies the payments."""

    population: Population
    decrements: Decrements
    payments: Payments
    heads: Heads
    key: Hashable


_PEOPLE = Cache(16)
_LAYOUTS = Cache(8)
_PAYMENTS = Cache(8)
_ANNUITIES = Store(16)
_ONGOING = Cache(16)


def clear() -> None:
    """Forget all prepared parts; for measurements."""
    _PEOPLE.clear()
    _LAYOUTS.clear()
    _PAYMENTS.clear()
    _ANNUITIES.clear()
    _ONGOING.clear()


def build(resolved: Resolved, years: Int, past: int) -> Demography:
    """Population, decrements, heads and payments of a resolved pack."""
    members.refuse_replaced(resolved, members.MEMBERS)
    found = _PEOPLE.of(resolved, (years.tobytes(), past), partial(_make_people, years=years, past=past))
    people, rates, heads, _ = found.part
    pay = payments_of(resolved, years)
    return Demography(people, rates, pay.part, heads, pay.key)


def moved_wages(resolved: Resolved, years: Int, past: int) -> Float:
    """Factors on wages of each year by which their mean follows the economy, float64 (past + year,); 1 where it need not."""
    if not _follows_mean(resolved):
        return np.ones(past + years.size)
    found = _PEOPLE.of(resolved, (years.tobytes(), past), partial(_make_people, years=years, past=past))
    factors: Float = found.part[3]
    return factors


def _follows_mean(resolved: Resolved) -> bool:
    return resolved.switch("basis.wage_growth") == "mean_wage"


def payments_of(resolved: Resolved, years: Int) -> Kept:
    """Payments of a unit of pension of a resolved pack for awards of each year, and the key that identifies them."""
    return _PAYMENTS.of(resolved, years.tobytes(), partial(_make_payments, years=years))


def refuse_shortage(resolved: Resolved, years: Int, heads: Heads) -> None:
    """Raise where more stay in a year than there are contributors: nobody can enter a negative number of times."""
    scale = max(1.0, float(heads.contributing.sum(axis=0).max(initial=0.0)))
    short = heads.entrants < -_HEADS_TOLERANCE * scale
    if short.any():
        year = int(years[np.flatnonzero(short)[0]])
        growth = resolved.item("population.contributors_growth").derived
        of = f" ({', '.join(growth.inputs)})" if growth is not None else ""
        raise AssumptionError.single(
            "population.contributors_growth",
            f"in {year} those who stay (population.active_1996, population.inactive_number, less decrements) exceed the"
            f" contributors (population.contributors) by {-heads.entrants[short][0]:,.0f}",
            f"a path{of} that leaves room for entrants: more contributors or stronger decrements",
        )


def _make_payments(resolved: Resolved, years: Int) -> Payments:
    with arithmetic("expected payments"):
        return finite(payments.build(resolved, years), "expected payments")


def _make_people(resolved: Resolved, years: Int, past: int) -> tuple[Population, Decrements, Heads, Float]:
    with arithmetic("population and decrements"):
        rates = finite(decrements.build(resolved, years), "decrements")
        people = finite(_people(resolved, years, past), "population")
        (contributors,) = finite((entrants.contributors_path(resolved, years),), "number of contributors")
    heads = project_heads(
        people,
        rates,
        contributors,
        densities.counted(resolved),
        np.array(resolved.path("law_1973.weeks_retirement", years)),
        resolved.number("law_1973.weeks_per_year"),
        resolved.flag("population.open_group"),
        economy_paths.award_moment(resolved),
    )
    factors = np.ones(past + years.size)
    if _follows_mean(resolved):
        floor = resolved.number("population.wage_floor_mw") * economy_paths.minimum_wages(resolved, years)
        factors[past:] = careers.factors_of_mean(
            people, heads.contributing, floor, careers.wage_index(resolved, years)
        )
        people = people._replace(mean_wage=people.mean_wage * factors)
    return people, rates, heads, factors


def _people(resolved: Resolved, years: Int, past: int) -> Population:
    open_group = resolved.flag("population.open_group")
    layout = _LAYOUTS.of(
        resolved,
        (years.size, open_group),
        partial(population.layout, n_years=years.size, open_group=open_group),
    )
    people = population.with_wages(resolved, layout.part, years, past)
    if resolved.switch("basis.account_history") == "whole_career":
        return history.with_career_balances(resolved, people, past)
    return people


def annuities(found: Demography, economy: Economy, n_years: int) -> tuple[Float, Float]:
    """Annuity-due values of old-law pensions on their index and of real pensions, float64 (type and
    allowances, sex, age, year)."""
    retirement_row = max(0, found.decrements.retirement_age - found.payments.first_age)
    rows = np.zeros(axes.N_STREAMS, dtype=np.int64)
    if not found.payments.total[:, axes.N_TYPES :].any():
        rows[axes.N_TYPES :] = found.payments.total.shape[3]
    rows[axes.RETIREMENT] = retirement_row

    def kept(unit: Float, index: Float) -> Float:
        digest = hashlib.blake2b(index.tobytes() + economy.annuity_return.tobytes(), digest_size=16).digest()
        key = (found.key, unit is found.payments.total, digest, n_years, retirement_row, economy.moment)
        make = partial(
            annuity_values,
            unit,
            found.payments.of_year,
            index,
            economy.annuity_return,
            n_years,
            rows,
            economy.moment,
        )
        values: Float = _ANNUITIES.get(key, make)
        return values

    return values_at_award(found.payments, economy, kept)


def values_at_award(
    pay: Payments, economy: Economy, value: Callable[[Float, Float], Float]
) -> tuple[Float, Float]:
    """Values of a unit of old-law and of real pension by year of award, float64 (type and allowances, sex, age, year) each.

    ``value`` gives those of payments of a unit on an index. Old-law pensions, and guarantees, which stand by type behind the
    real pensions, are valued by the index that is expected in the year of the award.
    """

    def expected(unit: Float, indices: Float, of_year: Int) -> Float:
        by_rule = [value(unit, index) for index in indices]
        if len(by_rule) == 1:
            return by_rule[0]
        found = np.empty_like(by_rule[0])
        for t, rule in enumerate(of_year[: found.shape[3]]):
            found[..., t] = by_rule[rule][..., t]
        return found

    real = value(pay.total_new, np.ones_like(economy.indexation))
    guarantees = expected(pay.total_new, economy.guarantee_expected, economy.guarantee_expected_of_year)
    old = expected(pay.total, economy.expected, economy.expected_of_year)
    return old, np.concatenate([real, guarantees[: axes.N_TYPES]])


def ongoing(resolved: Resolved, economy: Economy, past: int, n_years: int) -> pensioners.Ongoing:
    """Pensions in payment at the state's date, projected: in minimum wages of that date, which follow the index of all."""
    members.refuse_replaced(resolved, members.PENSIONERS)
    opening = resolved.in_year(int(resolved.number("reform.first_year")))
    index = economy_paths.ongoing_index(resolved, economy, past, n_years)
    own = in_payment.own_factors(opening, economy, past, n_years, index)
    if own is not None:
        with arithmetic("pensions in payment"):
            return finite(pensioners.build(opening, n_years, own), "pensions in payment")
    found: pensioners.Ongoing = _ONGOING.of(resolved, n_years, partial(_make_ongoing, n_years=n_years)).part
    return found


def _make_ongoing(resolved: Resolved, n_years: int) -> pensioners.Ongoing:
    with arithmetic("pensions in payment"):
        # Those of the state's date keep what holds at the start, whatever the law of later awards.
        opening = resolved.in_year(int(resolved.number("reform.first_year")))
        return finite(pensioners.build(opening, n_years), "pensions in payment")
