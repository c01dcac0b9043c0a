"""Parts of a case that other cases may share, kept by the content of what they are made from.

Demography does not depend on returns, prices or benefits, and annuity values only on the two paths they use. Results are
pure functions of their inputs; the cache only saves the work, so a case gives the same numbers whatever ran before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved
from cohorts import axes, decrements, entrants, members, pensioners, population
from cohorts.records import Decrements, Population
from engine.checked import arithmetic, finite
from engine.kernels.annuity import annuity_values
from engine.kernels.heads import project_heads
from engine.kernels.types import Economy, Heads, Payments
from engine.prepare import history, payments
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
    people, rates, heads = found.part
    pay = payments_of(resolved)
    return Demography(people, rates, pay.part, heads, pay.key)


def payments_of(resolved: Resolved) -> Kept:
    """Payments of a unit of pension of a resolved pack, and the key that identifies them."""
    return _PAYMENTS.of(resolved, None, _make_payments)


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


def _make_payments(resolved: Resolved) -> Payments:
    with arithmetic("expected payments"):
        return finite(payments.build(resolved), "expected payments")


def _make_people(resolved: Resolved, years: Int, past: int) -> tuple[Population, Decrements, Heads]:
    with arithmetic("population and decrements"):
        rates = finite(decrements.build(resolved), "decrements")
        people = finite(_people(resolved, years, past), "population")
        (contributors,) = finite((entrants.contributors_path(resolved, years),), "number of contributors")
    heads = project_heads(
        people,
        rates,
        contributors,
        resolved.number("contributions.density"),
        np.ascontiguousarray(resolved.path("law_1973.weeks_retirement", years)),
        resolved.number("law_1973.weeks_per_year"),
        resolved.flag("population.open_group"),
    )
    return people, rates, heads


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
    """Annuity-due values of old-law pensions on their index and of real pensions, float64 (type, sex, age, year)."""
    pay = found.payments
    retirement_row = max(0, found.decrements.retirement_age - pay.first_age)
    rows = np.zeros(pay.total.shape[0], dtype=np.int64)
    rows[axes.RETIREMENT] = retirement_row
    constant = np.ones_like(economy.indexation)
    out = []
    for unit, index in ((pay.total, economy.indexation), (pay.total_new, constant)):
        digest = hashlib.blake2b(index.tobytes() + economy.fund_return.tobytes(), digest_size=16).digest()
        key = (found.key, unit is pay.total, digest, n_years, retirement_row)
        out.append(
            _ANNUITIES.get(
                key,
                partial(annuity_values, unit, index, economy.fund_return, n_years, rows),
            )
        )
    return out[0], out[1]


def ongoing(resolved: Resolved, n_years: int) -> pensioners.Ongoing:
    """Pensions in payment at the state's date, projected."""
    members.refuse_replaced(resolved, members.PENSIONERS)
    found: pensioners.Ongoing = _ONGOING.of(resolved, n_years, partial(_make_ongoing, n_years=n_years)).part
    return found


def _make_ongoing(resolved: Resolved, n_years: int) -> pensioners.Ongoing:
    with arithmetic("pensions in payment"):
        return finite(pensioners.build(resolved, n_years), "pensions in payment")
