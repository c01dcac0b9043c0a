"""Wages that pensions are computed from. Pesos of December 1996 a year; ceilings and floors in minimum wages."""

from __future__ import annotations

import numpy as np

from engine.law.compiled import inlined


@inlined()
def counted_wage(wage: float, ceiling: float, minimum_wage: float) -> float:
    """Wage up to a ceiling in minimum wages (Art. 33 of 1973, Art. 28 of 1995)."""
    return min(wage, ceiling * minimum_wage)


@inlined()
def average_wage(nominal: float, years: float, price: float) -> float:
    """Average wage S of the old law at the prices of the award (Art. 167: the last 250 weeks, nominal wages).

    ``nominal`` is the sum of the counted wages in money of their own years, ``years`` the time they were earned in,
    ``price`` the price level of the award.
    """
    return nominal / (years * price)


@inlined()
def part_of_year(years: float) -> float:
    """What beyond whole years a window of ``years`` takes of the earliest one."""
    return years - np.floor(years)


@inlined()
def reference_wage(total: float, years: float) -> float:
    """Reference wage R of the new law, indexed to prices (Art. 141: the last 500 weeks): ``total`` in constant pesos."""
    return total / years


@inlined()
def window_years(asked: float, calendar: float, density: float, longest: float) -> float:
    """Calendar years of a window at a density: those that hold the years of contribution that are ``asked`` for, as far as
    wages are known; ``calendar`` where these count whatever was contributed in them.
    """
    return min(asked / density, longest) if asked > 0.0 else calendar
