"""Pensions in payment at the state's date: a closed group by kind, sex and age."""

from __future__ import annotations

from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved
from cohorts import members
from cohorts.careers import minimum_wage_of
from cohorts.families import entitled_share, spouse_survival
from cohorts.survival import last_age, longest_duration
from cohorts.tables import by_sex_age

Float = NDArray[np.float64]


# Below this share of the distribution its differences are rounding.
_LEAST_MASS = 1e-9
_LIFE_TABLES = ("mortality.active", "mortality.disabled")


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
    """Normal distribution of age, cut below ``lowest``, by single years around each age; sums to 1. Read-only."""
    return _age_distribution(mean, deviation, lowest, tuple(ages.tolist()))


@lru_cache(maxsize=64)
def _age_distribution(mean: float, deviation: float, lowest: int, ages: tuple[int, ...]) -> Float:
    normal = NormalDist(mean, deviation)
    weight = np.array(
        [normal.cdf(a + 0.5) - normal.cdf(a - 0.5) if a >= lowest else 0.0 for a in ages], dtype=np.float64
    )
    mass = float(weight.sum())
    if mass < _LEAST_MASS:
        raise AssumptionError.single(
            "pensions.ongoing_age_mean, pensions.ongoing_age_sd, pensions.ongoing_age_min, pensions.ongoing_age_end",
            f"a mean age of {mean:g} with a deviation of {deviation:g} leaves nobody of {lowest} to"
            f" {max(ages, default=lowest - 1)}",
            "a mean nearer to these ages, a larger deviation, or an end above the lowest age",
        )
    share: Float = weight / mass
    share.flags.writeable = False
    return share


def build(resolved: Resolved, n_years: int, own: Float | None = None) -> Ongoing:
    """Project the group: deaths, and widows where reversion is switched on.

    ``own``: factors on pensions by kind, sex, age and year, where what they become depends on their own level.

    A pensioner paid at the opening of a year has survived to it; the first year's payments are those of all who
    are in payment at the state's date. Mortality of a kind is a mixture of the tables of active lives and of the disabled.
    """
    kinds = tuple(str(k) for k in resolved.labels("pensions.ongoing", "kind"))
    ages, opening, opening_units = opening_group(resolved, kinds)
    n = min(n_years, longest_duration(resolved, int(ages[0])))
    weight = resolved.table("pensions.ongoing_emssa_weight").values
    end = resolved.table("pensions.ongoing_age_end").values
    reversion = resolved.table("pensions.ongoing_reversion").values
    rates = {name: _rates(resolved, name, ages) for name in _LIFE_TABLES}
    spouse = spouse_survival(resolved, int(ages[0]), ages.size, max(n, 2))
    entitled = entitled_share(resolved, ages)
    share = resolved.number("law_1973.widow_share")

    heads = np.zeros((len(kinds), n_years))
    units = np.zeros((len(kinds), n_years))
    for i in range(len(kinds)):
        for sex in range(2):
            q = (
                weight[i] * rates["mortality.active"][sex]
                + (1.0 - weight[i]) * rates["mortality.disabled"][sex]
            )
            alive = _survivors(q, n) * (ages[:, None] + np.arange(n)[None, :] < end[i])
            widowed = reversion[i] * entitled[sex][:, None] * (1.0 - alive) * spouse[sex, :, :n]
            for target, start, widows in (
                (heads, opening[i, sex], 1.0),
                (units, opening_units[i, sex], share),
            ):
                paid = start[:, None] * (alive + widows * widowed)
                if own is not None and target is units:
                    paid = paid * own[i, sex, :, :n]
                target[i, :n] += paid.sum(axis=0)
    return Ongoing(kinds, heads, units)


def opening_group(resolved: Resolved, kinds: tuple[str, ...]) -> tuple[NDArray[np.int64], Float, Float]:
    """Ages, and pensioners and their pensions by kind, sex and age at the state's date.

    Returns
    -------
    ages : int64 (age,)
    heads : float64 (kind, sex, age)
    units : float64 (kind, sex, age)
        Minimum wages of the state's date a year.
    """
    youngest = resolved.table("pensions.ongoing_age_min").values
    from_file = bool(resolved.text(members.PENSIONERS))
    table_first = int(resolved.labels("mortality.active", "age")[0])
    given = members.pensioners(resolved) if from_file else []
    first = min([table_first, *(one.age for one in given)]) if from_file else int(youngest.min())
    ages = np.arange(first, last_age(resolved) + 1)
    if from_file:
        heads = np.zeros((len(kinds), 2, ages.size))
        units = np.zeros_like(heads)
        minimum_wage = minimum_wage_of(resolved, int(resolved.number("reform.state_year")))
        for one in given:
            heads[one.kind, one.sex, one.age - first] += one.number
            units[one.kind, one.sex, one.age - first] += one.number * one.pension / minimum_wage
        return ages, heads, units
    mean = resolved.table("pensions.ongoing_age_mean").values
    deviation = resolved.table("pensions.ongoing_age_sd").values
    end = resolved.table("pensions.ongoing_age_end").values
    start = np.zeros((len(kinds), ages.size))
    for i in range(len(kinds)):
        of_kind = ages[ages < end[i]]
        start[i, : of_kind.size] = age_distribution(
            float(mean[i]), float(deviation[i]), int(youngest[i]), of_kind
        )
    heads = resolved.table("pensions.ongoing").values[:, :, None] * start[:, None, :]
    return ages, heads, resolved.table("pensions.ongoing_level_mw").values[:, :, None] * heads


def _rates(resolved: Resolved, name: str, ages: NDArray[np.int64]) -> Float:
    """Death rates, float64 (sex, age); 1 beyond the table's last age."""
    last = int(resolved.labels(name, "age")[-1])
    return np.where(ages > last, 1.0, by_sex_age(resolved, name, ages))


def _survivors(q: Float, n: int) -> Float:
    """Alive after k years by age, float64 (age, duration)."""
    alive = np.zeros((q.size, n))
    alive[:, 0] = 1.0
    for k in range(1, min(n, q.size + 1)):
        alive[: q.size - k + 1, k] = alive[: q.size - k + 1, k - 1] * (1.0 - q[k - 1 :])
    return alive
