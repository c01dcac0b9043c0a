"""Lines beside the four costs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cohorts import axes
from cohorts.records import Population
from engine.components.state_contributions import Contributions, counted_contributors
from engine.kernels.types import Flows, Heads
from engine.labels import STATE, STATE_CONTRIBUTIONS
from engine.prepare.contributions import Rates
from engine.prepare.financing import MemoTerms

Float = NDArray[np.float64]


def memo(
    flows: Flows,
    heads: Heads,
    population: Population,
    rates: Rates,
    in_force: Float,
    memo_terms: MemoTerms,
    contributions: Contributions,
    housing_of_transition: Float,
    cost: Float,
) -> Float:
    """Memo lines of the reform of 1995, the first of :data:`engine.labels.MEMO_ITEMS`, pesos, float64 (memo_item, year)."""
    old_base = flows.covered_wages.sum(axis=0)[axes.BASE_OLD_LAW] * in_force
    kept = contributions.of("iv") + contributions.of("pensioners_health")
    lost = sum(rates.old_ivcm) * old_base - kept
    old_share = rates.old_ivcm[STATE] * old_base
    health_share = contributions.of("pensioners_health") * rates.old_ivcm[STATE] / sum(rates.old_ivcm)
    # What the State pays to an insurance of its own is no cost, and what it no longer pays there no loss.
    own = old_share - health_share if memo_terms.consolidated else np.zeros_like(lost)
    if memo_terms.consolidated and not rates.proportional_counts:
        own = own - rates.iv[STATE] * flows.covered_wages.sum(axis=0)[axes.BASE_DISABILITY] * in_force
    insurance = counted_contributors(heads.contributing, population) * memo_terms.health_quota * in_force
    insured = flows.covered_wages[axes.PRESENT][axes.BASE_DISABILITY]
    return np.stack(
        [
            lost,
            cost.sum(axis=0) + lost - own,
            cost[STATE_CONTRIBUTIONS] - old_share + (health_share if memo_terms.consolidated else 0.0),
            _retirement_subaccount(population, heads, memo_terms),
            contributions.of("pensioners_health"),
            sum(rates.iv) * insured * in_force,
            rates.occupational * insured * in_force,
            flows.surrendered.sum(axis=0),
            housing_of_transition,
            insurance,
            insurance - memo_terms.old_health_rate * old_base,
        ]
    )


def with_later_laws(memo_of_reform: Float, welfare_fund: Float, housing_repaid: Float) -> Float:
    """Memo lines in the order of :data:`engine.labels.MEMO_ITEMS`, pesos, float64 (memo_item, year)."""
    return np.concatenate([memo_of_reform, welfare_fund, housing_repaid[None]])


def _retirement_subaccount(population: Population, heads: Heads, terms: MemoTerms) -> Float:
    """Balances of 1992-96 paid out as workers of the transition leave by any pension, pesos, float64 (year,).

    The stock is spread over members in proportion to heads and earns its own return.
    """
    members = population.kind == axes.MEMBER
    number = float(population.heads[members].sum())
    if number == 0.0:
        return np.zeros(terms.subaccount_return.size)
    leaving = (heads.opening[members] - heads.closing[members]).sum(axis=0)
    level = np.concatenate([[1.0], np.cumprod((1.0 + terms.subaccount_return)[:-1])])
    paid: Float = terms.subaccount * leaving / number * level
    return paid
