"""Reading tables by age."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved, Table

Float = NDArray[np.float64]
Int = NDArray[np.int64]


def age_rows(table: Table, ages: Int) -> Int:
    """Position of each age on the table's age axis, -1 where it has none."""
    coords = np.asarray(table.coords["age"], dtype=np.int64)
    first = coords[0]
    rows = ages - first
    return np.where((rows >= 0) & (rows < coords.size), rows, -1)


def sex_age_rates(resolved: Resolved, name: str, ages: Int, scale: float = 1.0) -> Float:
    """Rates of a (sex, age) table at ``ages``, times a factor; a rate past 1 is 1, and the last age's holds beyond it.

    Returns
    -------
    float64 (sex, age)

    Raises
    ------
    AssumptionError
        If an age before the last is missing.
    """
    table = resolved.table(name)
    rows = age_rows(table, np.minimum(ages, int(table.coords["age"][-1])))
    if (rows < 0).any():
        missing = int(ages[rows < 0][0])
        raise AssumptionError.single(name, f"age {missing} is missing", f"ages {ages[0]} to {ages[-1]}")
    return np.ascontiguousarray(np.minimum(table.values[:, rows] * scale, 1.0))


def by_sex_age(resolved: Resolved, name: str, ages: Int) -> Float:
    """Values of a (sex, age) table at ``ages``, held at the first and last age outside the table."""
    table = resolved.table(name)
    coords = np.asarray(table.coords["age"], dtype=np.int64)
    rows = np.clip(ages - coords[0], 0, coords.size - 1)
    return np.ascontiguousarray(table.values[..., rows])
