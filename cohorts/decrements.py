"""Decrements of active membership: from independent rates to dependent probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved, by_epoch
from cohorts.axes import (
    DEATH,
    DISABILITY,
    LEAVING,
    N_CAUSES,
    OCCUPATIONAL_DEATH,
    OCCUPATIONAL_DISABILITY,
    RETIREMENT,
)
from cohorts.densities import counted
from cohorts.records import Decrements
from cohorts.tables import age_rows, sex_age_rates

Float = NDArray[np.float64]
Int = NDArray[np.int64]


def dependent_probabilities(independent: Float) -> Float:
    """Probabilities of leaving by each cause when all act together.

    Each cause is taken to act uniformly over the year on its own (uniform distribution of decrements in the single-decrement
    tables), so that q_j = q'_j x integral over the year of the product of (1 - s q'_k), k other than j. Unlike a constant
    force this holds for a rate of 1.

    Parameters
    ----------
    independent : float64 (cause, ...)
        Rates of each cause acting alone, within [0, 1].

    Returns
    -------
    float64 (cause, ...)
        Their sum is 1 less the product of the (1 - q').

    Notes
    -----
    Bowers et al., Actuarial Mathematics, section 10.6.
    """
    n = independent.shape[0]
    dependent = np.empty_like(independent)
    for j in range(n):
        # Coefficients in s of the product over the other causes.
        polynomial = [np.ones(independent.shape[1:])]
        for k in range(n):
            if k == j:
                continue
            rate = independent[k]
            extended = [*polynomial, np.zeros_like(rate)]
            for i in range(len(polynomial)):
                extended[i + 1] = extended[i + 1] - polynomial[i] * rate
            polynomial = extended
        integral = sum((c / (i + 1) for i, c in enumerate(polynomial)), np.zeros(independent.shape[1:]))
        dependent[j] = independent[j] * integral
    return dependent


def independent_rates(resolved: Resolved) -> tuple[Float, int, int]:
    """Independent rates of every cause, float64 (cause, sex, age), and the first and last age.

    ``resolved`` is a pack as of one year where rates are dated.
    """
    first, last = active_ages(resolved)
    ages = np.arange(first, last + 1)
    # Rates of disability and occupational risk are of contributors: an affiliate is exposed while he contributes.
    exposed = counted(resolved)
    rates = np.zeros((N_CAUSES, 2, ages.size))
    hazard = resolved.table("retirement.hazard")
    rows = age_rows(hazard, ages)
    rates[RETIREMENT] = np.where(rows >= 0, hazard.values[np.maximum(rows, 0)], 0.0)
    # Nobody stays beyond the last age.
    rates[RETIREMENT, :, _certain_age(resolved) - first :] = 1.0
    rates[DISABILITY] = sex_age_rates(
        resolved,
        "decrements.iv_disability",
        ages,
        resolved.number("decrements.iv_disability_scale") * exposed,
    )
    rates[DEATH] = sex_age_rates(
        resolved, "mortality.active", ages, resolved.number("decrements.active_mortality_scale")
    )
    rates[OCCUPATIONAL_DISABILITY] = sex_age_rates(
        resolved, "decrements.occupational_disability", ages, exposed
    )
    rates[OCCUPATIONAL_DEATH] = sex_age_rates(resolved, "decrements.occupational_death", ages, exposed)
    rates[LEAVING] = sex_age_rates(resolved, "decrements.leaving", ages)
    return rates, first, last


def active_ages(resolved: Resolved) -> tuple[int, int]:
    """First and last age of active membership in any year; who is older than the last age at the start retires then."""
    ages = resolved.labels("population.active_age_shares", "age")
    return int(ages[0]), max(int(ages[-1]), int(resolved.dated("retirement.last_age").values.max()))


def build(resolved: Resolved, years: Int, with_backlog: bool = True) -> Decrements:
    """Dependent probabilities of a resolved pack in each of ``years``; ``with_backlog``: of retirements, in the first.

    Row 0 is for holders of old-law rights who have not the weeks for a pension: no retirement before the last age.
    """
    tables, place = by_epoch(resolved, years, _probabilities)
    backlog = resolved.number("retirement.first_year_factor") if with_backlog else 1.0
    of_year = place.copy()
    probability = list(tables)
    if backlog != 1.0:
        opening = resolved.in_year(int(years[0]))
        rates, first, _ = independent_rates(opening)
        more = rates.copy()
        more[RETIREMENT] = np.minimum(1.0, rates[RETIREMENT] * backlog)
        if not np.array_equal(more, rates):
            probability.append(_by_exposure(more, _certain_age(opening) - first))
            of_year[0] = len(tables)
    first, last = active_ages(resolved)
    return Decrements(
        probability=np.stack(probability),
        table_of_year=of_year,
        first_age=first,
        last_age=last,
        certain_age=resolved.path("retirement.last_age", years).astype(np.int64),
        gated=resolved.switch("basis.retirement_exposure") == "entitled",
        retirement_age=first_retirement_age(resolved),
    )


def first_retirement_age(resolved: Resolved) -> int:
    """First age of exposure to retirement in any year."""
    return int(resolved.labels("retirement.hazard", "age")[0])


def _certain_age(resolved: Resolved) -> int:
    return int(resolved.number("retirement.last_age"))


def _probabilities(resolved: Resolved) -> Float:
    rates, first, _ = independent_rates(resolved)
    return _by_exposure(rates, _certain_age(resolved) - first)


def _by_exposure(rates: Float, certain_from: int) -> Float:
    """Dependent probabilities of those not exposed to retirement and of those exposed, float64 (exposed,
    cause, sex, age).
    """
    closed = rates.copy()
    closed[RETIREMENT, :, :certain_from] = 0.0
    return np.stack([dependent_probabilities(closed), dependent_probabilities(rates)])
