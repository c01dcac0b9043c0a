"""New entrants: those who first contribute after the state's date, by year, age and sex."""

from __future__ import annotations

import numpy as np

from assumptions import AssumptionError, Resolved
from cohorts.axes import ENTRANT, FUTURE, PRESENT
from cohorts.blocks import Columns, crossed
from cohorts.careers import wages_by_class
from cohorts.densities import classes


def entrants(resolved: Resolved, n_years: int) -> Columns:
    """One block for each year of entry, age, sex and density; heads are shares of the year's entrants.

    Those who enter before the year of the reform hold old-law rights and count among the present generation; without the
    reform all hold old-law rights.
    """
    table = resolved.table("population.entry_age_shares")
    ages = np.asarray(table.coords["age"], dtype=np.int64)
    enacted = resolved.flag("reform.enacted")
    first_year = int(resolved.number("reform.first_year"))
    before = max(0, resolved.date("reform.date").year - first_year) if enacted else 0
    found = classes(resolved)
    entry = np.arange(n_years)[:, None, None]
    return crossed(
        (found.share.size, n_years, *table.values.shape),
        wages_by_class(resolved),
        table.values > 0.0,
        age=ages - entry,
        sex=np.arange(table.values.shape[0])[:, None],
        entry=entry,
        kind=ENTRANT,
        service=0.0,
        generation=np.where(entry < before, PRESENT, FUTURE),
        old_rights=np.full(entry.shape, not enacted) | (entry < before),
        heads=table.values * found.share[:, None, None, None],
        density=found.density[:, None, None, None],
    )


def contributors_path(resolved: Resolved, years: np.ndarray) -> np.ndarray:
    """Contributors of each year, persons: the first year's number and the growth after it.

    ``population.contributors_growth`` of a year leads from that year to the next.

    Raises
    ------
    AssumptionError
        If the path becomes negative.
    """
    growth = resolved.path("population.contributors_growth", years)
    path = resolved.number("population.contributors") * np.concatenate([[1.0], np.cumprod(1.0 + growth[:-1])])
    if (path < 0.0).any():
        raise AssumptionError.single("population.contributors_growth", "the number falls below 0", "above -1")
    return path
