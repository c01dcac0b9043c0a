"""Parts of a case that other cases may share, kept by the content of what they are made from.

Demography does not depend on returns, prices or benefits, and annuity values only on the two paths they use.
Results are pure
functions of their inputs; the cache only saves the work, so a case gives the same numbers whatever ran before it.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

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

Float = NDArray[np.float64]
Int = NDArray[np.int64]

_HEADS_TOLERANCE = 1e-9


class Demography(NamedTuple):
    """Population, decrements, heads and payments of a unit of pension; ``key`` identifies the payments."""

    population: Population
    decrements: Decrements
    payments: Payments
    heads: Heads
    key: bytes


class Cache:
    """A small cache of results by key that threads may share; the oldest entry leaves first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: OrderedDict[Any, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Any, make: Callable[[], Any]) -> Any:
        """The entry of ``key``, made where it is missing. Two threads may make it twice; both results are equal."""
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
                return self._entries[key]
        value = make()
        with self._lock:
            self._entries[key] = value
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)
        return value

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()


_PEOPLE = Cache(16)
_LAYOUTS = Cache(8)
_PAYMENTS = Cache(8)
_ANNUITIES = Cache(16)
_ONGOING = Cache(16)

_PAYMENT_PREFIXES = (
    "mortality.",
    "family.",
    "law_1973.widow_share",
    "law_1973.orphan_share",
    "law_1973.survivors_cap",
    "law_1973.occupational_",
    "law_1973.allowance_",
    "law_1995.widow_share",
    "law_1995.orphan_share",
    "law_1995.survivors_cap",
    "law_1995.occupational_",
    "law_1973.child_age_limit",
    "population.active_age_shares",
    "retirement.last_age",
)
_PEOPLE_PREFIXES = (
    "population.",
    "retirement.",
    "decrements.",
    "mortality.active",
    "basis.retirement_exposure",
    "basis.wage_growth",
    "basis.account_history",
    "reform.",
    "economy.real_wage_growth",
    "economy.minimum_wage_daily",
    "economy.days_per_year",
    "contributions.density",
    "law_1973.weeks_retirement",
    "law_1973.weeks_per_year",
)
_LAYOUT_PREFIXES = (
    "population.active_",
    "population.service_",
    "population.inactive_",
    "population.entry_age_shares",
    "population.wage_groups",
    "population.wage_sigma",
    "reform.enacted",
    "reform.date",
    "reform.first_year",
)
_ONGOING_PREFIXES = ("pensions.", "mortality.", "family.", "law_1973.widow_share")
_PENSIONS_IN_PESOS = ("economy.", "reform.state_year")
_WHOLE_CAREER = ("contributions.", "funds.", "state.", "basis.account_quota_basis")


def clear() -> None:
    """Forget all prepared parts; for measurements."""
    _PEOPLE.clear()
    _LAYOUTS.clear()
    _PAYMENTS.clear()
    _ANNUITIES.clear()
    _ONGOING.clear()


def build(resolved: Resolved, years: Int, past: int) -> Demography:
    """Population, decrements, heads and payments of a resolved pack."""
    prefixes: tuple[str, ...] = _PEOPLE_PREFIXES
    whole_career = resolved.switch("basis.account_history") == "whole_career"
    if whole_career:
        prefixes = prefixes + _WHOLE_CAREER
    file = members.digest(resolved, members.MEMBERS)
    people_key = (resolved.fingerprint(prefixes), file, years.tobytes(), past)
    # Lines of a file bring wages of their own: then the layout depends on all that the people do.
    layout_key = people_key if file else _layout_key(resolved, years)
    people, rates, heads = _PEOPLE.get(
        people_key, lambda: _make_people(resolved, years, past, whole_career, layout_key)
    )
    payment_key = resolved.fingerprint(_PAYMENT_PREFIXES)
    pay = _PAYMENTS.get(payment_key, lambda: _make_payments(resolved))
    return Demography(people, rates, pay, heads, payment_key)


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


def _layout_key(resolved: Resolved, years: Int) -> tuple[Any, ...]:
    # Of retirement only the ages matter, so that a sweep over rates keeps the layout.
    retirement_age = resolved.table("retirement.hazard").coords["age"][0]
    open_group = resolved.flag("population.open_group")
    return resolved.fingerprint(_LAYOUT_PREFIXES), retirement_age, open_group, years.size


def _make_people(
    resolved: Resolved, years: Int, past: int, whole_career: bool, layout_key: tuple[Any, ...]
) -> tuple[Population, Decrements, Heads]:
    with arithmetic("population and decrements"):
        rates = finite(decrements.build(resolved), "decrements")
        people = finite(_people(resolved, years, past, whole_career, layout_key), "population")
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


def _people(
    resolved: Resolved, years: Int, past: int, whole_career: bool, layout_key: tuple[Any, ...]
) -> Population:
    open_group = resolved.flag("population.open_group")
    layout = _LAYOUTS.get(layout_key, lambda: population.layout(resolved, years.size, open_group))
    people = population.with_wages(resolved, layout, years, past)
    return history.with_career_balances(resolved, people, past) if whole_career else people


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
    file = members.digest(resolved, members.PENSIONERS)
    prefixes = _ONGOING_PREFIXES + _PENSIONS_IN_PESOS if file else _ONGOING_PREFIXES
    key = (resolved.fingerprint(prefixes), file, n_years)
    found: pensioners.Ongoing = _ONGOING.get(key, lambda: _make_ongoing(resolved, n_years))
    return found


def _make_ongoing(resolved: Resolved, n_years: int) -> pensioners.Ongoing:
    with arithmetic("pensions in payment"):
        return finite(pensioners.build(resolved, n_years), "pensions in payment")
