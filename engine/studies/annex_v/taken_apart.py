"""The cost of 3A and 3B taken apart without a model: a number of pensions and what accounts pay.

Both series have the same persons and the same accounts; the minimum wage alone differs. So cost x GDP = n MW - x, one equation
a series, has one n and one x a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.prepare import economy
from engine.studies.annex_v.series import ACQUIRED, Float, Runs, Tables

STRAIGHT_TO: Final = 2023
RECONSTRUCTED: Final = "reconstructed"


@dataclass(frozen=True)
class Apart:
    """Percent of the GDP of 1997, at one minimum wage of December 1996.

    Attributes
    ----------
    years : int64 (year,)
    pensions, accounts : float64 (year,)
        n and x; nan where 3A is not in print.
    slope, zero : float
        Of the straight line through n to 2023: a year, and the year in which it is nil.
    away : float
        Largest distance of n from it.
    """

    years: np.ndarray
    pensions: Float
    accounts: Float
    slope: float
    zero: float
    away: float


def take_apart(low: Float, high: Float, runs: Runs, years: np.ndarray) -> Apart:
    """n and x of a pair of columns, percent of GDP: 3B and 3A."""
    packs = [runs.resolved(RECONSTRUCTED, code) for code in ("3B", "3A")]
    base = packs[0]
    unit = base.number("economy.minimum_wage_daily") * base.number("economy.days_per_year")
    wages = [economy.minimum_wages(pack, years) / unit for pack in packs]
    gdp = economy.replica_gdp(base, years)
    growth = gdp / gdp[0]
    pensions = (low - high) * growth / (wages[0] - wages[1])
    accounts = pensions * wages[0] - low * growth
    early = (years <= STRAIGHT_TO) & ~np.isnan(pensions)
    slope, level = np.polyfit(years[early], pensions[early], 1)
    away = np.abs(pensions - (slope * years + level))[early].max()
    return Apart(years, pensions, accounts, float(slope), float(-level / slope), float(away))


def printed(tables: Tables, runs: Runs) -> Apart:
    """n and x of the printed columns, 3A put right."""
    return take_apart(tables.cost("3B", ACQUIRED), tables.corrected("3A"), runs, tables.years)


def modelled(runs: Runs, years: np.ndarray) -> Apart:
    """n and x of the reconstructed basis."""
    low, high = (runs.percent(RECONSTRUCTED, code, ACQUIRED) for code in ("3B", "3A"))
    return take_apart(low, high, runs, years)


__all__ = ["STRAIGHT_TO", "Apart", "modelled", "printed", "take_apart"]
