"""Lines beside the four costs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cohorts import axes
from cohorts.records import Population
from engine.components.state_contributions import STATE, Contributions
from engine.kernels.types import Flows, Heads
from engine.labels import STATE_CONTRIBUTIONS
from engine.prepare.contributions import Rates
from engine.prepare.financing import MemoTerms

Float = NDArray[np.float64]


def memo(
    flows: Flows,
    heads: Heads,
    population: Population,
    rates: Rates,
    in_force: Float,
    gdp: Float,
    memo_terms: MemoTerms,
    contributions: Contributions,
    housing_of_transition: Float,
    cost: Float,
) -> Float:
    """Memo lines in the order of :data:`engine.labels.MEMO_ITEMS`, pesos, float64 (memo_item, year)."""
    old_base = flows.covered_wages.sum(axis=0)[axes.BASE_OLD_LAW] * in_force
    kept = contributions.of("iv") + contributions.of("pensioners_health")
    lost = sum(rates.old_ivcm) * old_base - kept
    insured = flows.covered_wages[axes.PRESENT][axes.BASE_DISABILITY]
    return np.stack(
        [
            lost,
            cost.sum(axis=0) + lost,
            cost[STATE_CONTRIBUTIONS] - rates.old_ivcm[STATE] * old_base,
            _retirement_subaccount(population, heads, memo_terms),
            memo_terms.health_share * gdp,
            sum(rates.iv) * insured * in_force,
            rates.occupational * insured * in_force,
            flows.surrendered.sum(axis=0),
            housing_of_transition,
        ]
    )


def _retirement_subaccount(population: Population, heads: Heads, terms: MemoTerms) -> Float:
    """Balances of 1992-96 paid out as workers of the transition leave by any pension, pesos, float64 (year,).

    The stock is spread over members in proportion to heads and earns its own return.
    """
    members = population.kind == axes.MEMBER
    number = float(population.heads[members].sum())
    if number == 0.0:
        return np.zeros(terms.subaccount_return.size)
    leaving = (heads.opening[members] - heads.contributing[members]).sum(axis=0)
    level = np.concatenate([[1.0], np.cumprod((1.0 + terms.subaccount_return)[:-1])])
    paid: Float = terms.subaccount * leaving / number * level
    return paid
