"""New entrants: those who first contribute after the state's date, by year, age and sex."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from assumptions import AssumptionError, Resolved
from cohorts.axes import ENTRANT, FUTURE, PRESENT
from cohorts.blocks import Block
from cohorts.careers import wages_by_class
from cohorts.densities import classes


def entrants(resolved: Resolved, n_years: int) -> list[Block]:
    """One block for each year of entry, age, sex and density; heads are shares of the year's entrants.

    Those who enter before the year of the reform hold old-law rights and count among the present generation; without the
    reform all hold old-law rights.
    """
    table = resolved.table("population.entry_age_shares")
    ages = [int(age) for age in table.coords["age"]]
    shares = tuple(tuple(by_age) for by_age in table.values.tolist())
    enacted = resolved.flag("reform.enacted")
    first_year = int(resolved.number("reform.first_year"))
    before = max(0, resolved.date("reform.date").year - first_year) if enacted else 0
    found = classes(resolved)
    of_class = tuple(zip(found.share.tolist(), found.density.tolist(), wages_by_class(resolved), strict=True))
    return list(_blocks(tuple(ages), shares, of_class, n_years, not enacted, before))


@lru_cache(maxsize=16)
def _blocks(
    ages: tuple[int, ...],
    shares: tuple[tuple[float, ...], ...],
    of_class: tuple[tuple[float, float, tuple[float, ...] | None], ...],
    n_years: int,
    old_rights: bool,
    before_reform: int,
) -> tuple[Block, ...]:
    return tuple(
        Block(
            age - t,
            sex,
            t,
            ENTRANT,
            0.0,
            PRESENT if t < before_reform else FUTURE,
            old_rights or t < before_reform,
            share * part,
            shares_of_wages=wages,
            density=density,
        )
        for part, density, wages in of_class
        for t in range(n_years)
        for sex, by_age in enumerate(shares)
        for age, share in zip(ages, by_age, strict=True)
        if share > 0.0
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
