"""Wages over the working life, and past service."""

from __future__ import annotations

from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved
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
    return _age_scale(floor, shares.shape, shares.tobytes(), profile.tobytes(), relative.tobytes())


@lru_cache(maxsize=16)
def _age_scale(
    floor: float, shape: tuple[int, ...], shares_: bytes, profile_: bytes, relative_: bytes
) -> float:
    # By content, so that sweeps over other values search once.
    shares, profile = (np.frombuffer(content).reshape(shape) for content in (shares_, profile_))
    weight = shares / shares.sum() if shares.sum() > 0.0 else np.full_like(shares, 1.0 / shares.size)
    wages = profile[..., None] * np.frombuffer(relative_)

    def mean(scale: float) -> float:
        return float((weight * np.maximum(scale * wages, floor).mean(axis=-1)).sum())

    low, high = 0.0, 2.0 / float((weight * profile).sum())
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

    With ``basis.wage_growth = age_profile`` a cohort moves along the age profile while all wages grow; with
    ``uniform`` it keeps
    the relative wage it starts with. Wages before the first year are rolled back at a constant real rate.

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
    if resolved.switch("basis.wage_growth") == "age_profile":
        ages = first_ages[:, None] + np.arange(years.size)[None, :]
    else:
        ages = np.repeat(first_ages[:, None], years.size, axis=1)
    rows = np.clip(ages - share_ages[0], 0, share_ages.size - 1)
    projected = scale * profile[sexes[:, None], rows] * wage_index(resolved, years)
    back = (1.0 + resolved.number("economy.real_wage_growth_history")) ** -np.arange(past, 0, -1.0)
    return np.concatenate([projected[:, :1] * back, projected], axis=1)


def past_service(resolved: Resolved, ages: Int) -> Float:
    """Years of past service at the state's date, float64 (age, service group).

    A straight line in age through ``service_at_30``, times the factors of the service groups, never below 0 and
    never more than the years since ``service_max_age_start``.
    """
    pivot = resolved.number("population.service_pivot_age")
    mean = resolved.number("population.service_at_30") + resolved.number("population.service_slope") * (
        ages - pivot
    )
    ceiling = np.maximum(0.0, ages - resolved.number("population.service_max_age_start"))
    mean = np.clip(mean, 0.0, resolved.number("population.service_cap"))
    factors = resolved.table("population.service_factors").values
    service: Float = np.clip(mean[:, None] * factors[None, :], 0.0, ceiling[:, None])
    return service
