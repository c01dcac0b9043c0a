"""Survival of pensioners and spouses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved

Float = NDArray[np.float64]


def survival_table(resolved: Resolved, name: str, first_age: int, n_ages: int, n_durations: int) -> Float:
    """Probability of being alive ``k`` years after each age.

    Parameters
    ----------
    name : str
        A (sex, age) table of yearly death rates; nobody outlives its last age.
    first_age, n_ages, n_durations : int
        Ages of the result and its longest duration plus one. Ages below the table take its first rate.

    Returns
    -------
    float64 (sex, age, duration)
    """
    table = resolved.table(name)
    coords = np.asarray(table.coords["age"], dtype=np.int64)
    attained = first_age + np.arange(n_ages)[:, None] + np.arange(n_durations - 1)[None, :]
    rows = np.clip(attained - coords[0], 0, coords.size - 1)
    yearly = np.where(attained > coords[-1], 0.0, 1.0 - table.values[:, rows])
    alive = np.ones((table.values.shape[0], n_ages, n_durations))
    alive[:, :, 1:] = np.cumprod(yearly, axis=2)
    return alive


def last_age(resolved: Resolved) -> int:
    """Age that nobody outlives."""
    return max(int(resolved.labels(name, "age")[-1]) for name in ("mortality.active", "mortality.disabled"))


def longest_duration(resolved: Resolved, first_age: int) -> int:
    """Years that the youngest pensioner, or a younger spouse, can be in payment."""
    gap = abs(int(resolved.number("family.spouse_age_difference")))
    return last_age(resolved) - first_age + 1 + gap
