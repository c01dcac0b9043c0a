"""Wages over the working life, and past service."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved
from cohorts.densities import classes
from cohorts.records import Population
from cohorts.tables import by_sex_age

Float = NDArray[np.float64]
Int = NDArray[np.int64]

_SCALE_STEPS = 200


def wage_groups(resolved: Resolved) -> Float:
    """Mean relative wage of equally large groups of a lognormal distribution with mean 1, float64 (wage,)."""
    n = int(resolved.number("population.wage_groups"))
    sigma = resolved.number("population.wage_sigma")
    if sigma == 0.0:
        return np.ones(n)
    normal = NormalDist()
    cut = [normal.inv_cdf(i / n) for i in range(1, n)]
    shifted = np.array([0.0, *(normal.cdf(z - sigma) for z in cut), 1.0])
    return np.diff(shifted) * n


def wage_rank(resolved: Resolved, relative: float) -> float:
    """Share of contributors of an age and sex whose wage is below a relative one."""
    sigma = resolved.number("population.wage_sigma")
    return NormalDist().cdf(math.log(relative) / sigma + 0.5 * sigma)


def wages_by_class(resolved: Resolved) -> list[tuple[float, ...] | None]:
    """Shares of the wage groups in each class of density; None stands for equal ones."""
    found = classes(resolved)
    if found.share.size == 1 or found.correlation == 0.0:
        return [None] * found.share.size
    return [tuple(row) for row in found.of_wages(int(resolved.number("population.wage_groups"))).tolist()]


def average_wage(resolved: Resolved) -> float:
    """Average yearly wage of contributors at the state's date, pesos; in minimum wages of December 1996 of series B."""
    return resolved.number("population.average_wage_mw") * reference_minimum_wage(resolved)


def reference_minimum_wage(resolved: Resolved) -> float:
    """The minimum wage of December 1996, pesos a year; the same in every inflation environment."""
    return resolved.number("economy.minimum_wage_daily") * resolved.number("economy.days_per_year")


def minimum_wage_of(resolved: Resolved, year: int) -> float:
    """The minimum wage in force at the end of ``year``, pesos of the price base a year."""
    base = int(resolved.number("economy.price_base_year"))
    level = reference_minimum_wage(resolved) * resolved.number("economy.minimum_wage_base")
    between = np.arange(min(base, year) + 1, max(base, year) + 1)
    growth = float(np.prod(1.0 + resolved.path("economy.real_minimum_wage_growth", between)))
    return level * growth if year >= base else level / growth


def contributors_by_wage(resolved: Resolved) -> Float:
    """Shares of the wage groups among those who contribute on a day, float64 (wage,); empty where they are equal."""
    if all(shares is None for shares in wages_by_class(resolved)):
        return np.empty(0)
    found = classes(resolved)
    by_class = found.of_wages(int(resolved.number("population.wage_groups")))
    on_a_day: Float = (found.share * found.relative) @ by_class
    shares: Float = on_a_day / on_a_day.sum()
    return shares


def age_scale(resolved: Resolved, shares: Float, profile: Float, relative: Float) -> float:
    """Factor on the age-wage profile that gives the average wage once the floor holds.

    Parameters
    ----------
    shares, profile : float64 (sex, age)
        Contributors' shares and relative wages by age.
    relative : float64 (wage,)
        Relative wages of equally large wage groups.

    Returns
    -------
    float
        Average wages per unit of the profile.

    Raises
    ------
    AssumptionError
        If the floor is above the average wage.
    """
    floor = resolved.number("population.wage_floor_mw") / resolved.number("population.average_wage_mw")
    if floor > 1.0:
        raise AssumptionError.single(
            "population.wage_floor_mw, population.average_wage_mw",
            f"a floor of {resolved.number('population.wage_floor_mw'):g} minimum wages is above the average wage",
            f"a floor of at most {resolved.number('population.average_wage_mw'):g}",
        )
    return _age_scale(
        floor,
        shares.shape,
        shares.tobytes(),
        profile.tobytes(),
        relative.tobytes(),
        contributors_by_wage(resolved).tobytes(),
    )


@lru_cache(maxsize=16)
def _age_scale(
    floor: float, shape: tuple[int, ...], shares_: bytes, profile_: bytes, relative_: bytes, by_wage_: bytes
) -> float:
    # By content, so that sweeps over other values search once.
    shares, profile = (np.frombuffer(content).reshape(shape) for content in (shares_, profile_))
    weight = shares / shares.sum() if shares.sum() > 0.0 else np.full_like(shares, 1.0 / shares.size)
    wages, by_wage = profile[..., None] * np.frombuffer(relative_), np.frombuffer(by_wage_)

    def mean(scale: float) -> float:
        floored = np.maximum(scale * wages, floor)
        return float((weight * (floored @ by_wage if by_wage.size else floored.mean(axis=-1))).sum())

    low, high = 0.0, 2.0 / float((weight * profile).sum())
    while mean(high) < 1.0:
        high *= 2.0
    for _ in range(_SCALE_STEPS):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if mean(middle) < 1.0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def wage_index(resolved: Resolved, years: Int) -> Float:
    """Real wage level of each year, 1 in the first: wages of the state's date hold in the first year and then grow."""
    growth = resolved.path("economy.real_wage_growth", years)
    return np.concatenate([[1.0], np.cumprod(1.0 + growth[1:])])


def mean_wages(
    resolved: Resolved, first_ages: Int, sexes: Int, years: Int, past: int, shares: Float, share_ages: Int
) -> Float:
    """Mean yearly wage of each birth year and sex, before the floor.

    With ``basis.wage_growth = age_profile`` or ``mean_wage`` a cohort moves along the age profile while all wages grow; with
    ``uniform`` it keeps the relative wage it starts with. Wages before the first year are rolled back at a constant real
    rate.

    Parameters
    ----------
    first_ages, sexes : int64 (group,)
        Age at the opening of the first year, and sex.
    years : int64 (year,)
    past : int
        Years of history.
    shares : float64 (sex, age)
        Contributors at the state's date, on ``share_ages``.

    Returns
    -------
    float64 (group, past + year)
        Pesos of December 1996 a year.
    """
    profile = by_sex_age(resolved, "population.age_wage_profile", share_ages)
    scale = age_scale(resolved, shares, profile, wage_groups(resolved)) * average_wage(resolved)
    if resolved.switch("basis.wage_growth") == "uniform":
        ages = np.repeat(first_ages[:, None], years.size, axis=1)
    else:
        ages = first_ages[:, None] + np.arange(years.size)[None, :]
    rows = np.clip(ages - share_ages[0], 0, share_ages.size - 1)
    projected = scale * profile[sexes[:, None], rows] * wage_index(resolved, years)
    back = (1.0 + resolved.number("economy.real_wage_growth_history")) ** -np.arange(past, 0, -1.0)
    return np.concatenate([projected[:, :1] * back, projected], axis=1)


def factors_of_mean(people: Population, contributing: Float, floor: Float, index: Float) -> Float:
    """Factors on the wages of each year by which the mean wage of those who contribute follows an index.

    The mean holds the floors. Where everybody would stand at the floor the factor is 1.

    Parameters
    ----------
    people : Population
    contributing : float64 (block, year)
    floor : float64 (year,)
        Least wage, pesos of December 1996 a year.
    index : float64 (year,)
        Level of the mean wage, 1 in the first year.

    Returns
    -------
    float64 (year,)
        1 in the first year.
    """
    group_of_block = np.repeat(np.arange(people.age.size), np.diff(people.block_start))
    block_of_cell = np.repeat(np.arange(people.heads.size), np.diff(people.cell_start))
    level_of_cell = people.level_start[group_of_block[block_of_cell]] + people.level
    on_a_day = contributing * people.density[group_of_block][:, None]
    weight = np.zeros((people.relative_wage.size, index.size))
    np.add.at(weight, level_of_cell, people.share[:, None] * on_a_day[block_of_cell])
    group_of_level = np.repeat(np.arange(people.age.size), np.diff(people.level_start))
    wage = (
        people.relative_wage[:, None]
        * people.mean_wage[group_of_level, people.mean_wage.shape[1] - index.size :]
    )
    persons = weight.sum(axis=0)
    first = (
        float((weight[:, 0] * np.maximum(wage[:, 0], floor[0])).sum()) / persons[0]
        if persons[0] > 0.0
        else 0.0
    )
    factors = np.ones(index.size)
    for t in range(1, index.size):
        wanted = first * index[t]
        if persons[t] > 0.0 and wanted > floor[t]:
            factors[t] = _factor(weight[:, t], wage[:, t], float(floor[t]), wanted)
    return factors


def _factor(weight: Float, wage: Float, floor: float, wanted: float) -> float:
    """The factor on wages that gives their mean, none below the floor: exact once it is known who stands above."""
    above = np.ones(wage.size, dtype=bool)
    while True:
        lacking = wanted * weight.sum() - floor * weight[~above].sum()
        factor = float(lacking / (weight * wage)[above].sum())
        lower = above & (factor * wage > floor)
        if lower.sum() == above.sum():
            return factor
        above = lower


def past_service(resolved: Resolved, ages: Int, relative_density: float = 1.0) -> Float:
    """Years of past service at the state's date, float64 (age, service group).

    A straight line in age through ``service_at_30``, times the factors of the service groups, never below 0 and
    never more than the years since ``service_max_age_start``. Who is denser than the mean has served more by as much.
    """
    pivot = resolved.number("population.service_pivot_age")
    mean = resolved.number("population.service_at_30") + resolved.number("population.service_slope") * (
        ages - pivot
    )
    ceiling = np.maximum(0.0, ages - resolved.number("population.service_max_age_start"))
    mean = np.clip(mean, 0.0, resolved.number("population.service_cap"))
    factors = resolved.table("population.service_factors").values
    service: Float = np.clip(mean[:, None] * relative_density * factors[None, :], 0.0, ceiling[:, None])
    return service
