"""Pensions in payment at the state's date: a closed group by kind, sex and age."""

from __future__ import annotations

from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from cohorts.families import entitled_share, spouse_survival
from cohorts.survival import longest_duration
from cohorts.tables import by_sex_age

Float = NDArray[np.float64]


class Ongoing(NamedTuple):
    """Closed group of pensions in payment, per year from the first projected one.

    Attributes
    ----------
    kinds : tuple of str
    heads : float64 (kind, year)
        Pensioners, and widows and widowers of these, in payment.
    units : float64 (kind, year)
        Payments in units of the minimum wage of the state's date.
    """

    kinds: tuple[str, ...]
    heads: Float
    units: Float


def age_distribution(mean: float, deviation: float, lowest: int, ages: NDArray[np.int64]) -> Float:
    """Normal distribution of age, cut below ``lowest``, by single years around each age; sums to 1."""
    normal = NormalDist(mean, deviation)
    weight = np.array(
        [normal.cdf(a + 0.5) - normal.cdf(a - 0.5) if a >= lowest else 0.0 for a in ages], dtype=np.float64
    )
    return weight / weight.sum()


def build(resolved: Resolved, n_years: int) -> Ongoing:
    """Project the group: deaths, and widows where reversion is switched on.

    A pensioner paid at the opening of a year has survived to it; the first year's payments are those of all who
    are in payment
    at the state's date. Mortality of a kind is a mixture of the tables of active lives and of the disabled.
    """
    heads_table = resolved.table("pensions.ongoing")
    level = resolved.table("pensions.ongoing_level_mw").values
    kinds = tuple(str(k) for k in heads_table.coords["kind"])
    youngest = resolved.table("pensions.ongoing_age_min").values
    first = int(youngest.min())
    n_ages = longest_duration(resolved, first)
    ages = first + np.arange(n_ages)
    n = min(n_years, n_ages)
    mean = resolved.table("pensions.ongoing_age_mean").values
    deviation = resolved.table("pensions.ongoing_age_sd").values
    weight = resolved.table("pensions.ongoing_emssa_weight").values
    reversion = resolved.table("pensions.ongoing_reversion").values
    rates = {name: _rates(resolved, name, ages) for name in ("mortality.active", "mortality.disabled")}
    spouse = spouse_survival(resolved, first, n_ages, max(n, 2))
    entitled = entitled_share(resolved, ages)
    share = resolved.number("law_1973.widow_share")

    heads = np.zeros((len(kinds), n_years))
    units = np.zeros((len(kinds), n_years))
    for i in range(len(kinds)):
        start = age_distribution(float(mean[i]), float(deviation[i]), int(youngest[i]), ages)
        for sex in range(2):
            q = (
                weight[i] * rates["mortality.active"][sex]
                + (1.0 - weight[i]) * rates["mortality.disabled"][sex]
            )
            alive = _survivors(q, n)
            number = heads_table.values[i, sex]
            own = number * (start[:, None] * alive).sum(axis=0)
            widows = (
                number
                * reversion[i]
                * ((start * entitled[sex])[:, None] * (1.0 - alive) * spouse[sex, :, :n]).sum(axis=0)
            )
            heads[i, :n] += own + widows
            units[i, :n] += level[i, sex] * (own + share * widows)
    return Ongoing(kinds, heads, units)


def _rates(resolved: Resolved, name: str, ages: NDArray[np.int64]) -> Float:
    """Death rates, float64 (sex, age); 1 beyond the table's last age."""
    last = int(resolved.table(name).coords["age"][-1])
    return np.where(ages > last, 1.0, by_sex_age(resolved, name, ages))


def _survivors(q: Float, n: int) -> Float:
    """Alive after k years by age, float64 (age, duration)."""
    alive = np.ones((q.size, n))
    for k in range(1, n):
        alive[: q.size - k + 1, k] = alive[: q.size - k + 1, k - 1] * (1.0 - q[k - 1 :])
        alive[q.size - k + 1 :, k] = 0.0
    return alive
