"""Formulas of the paper: accounts, annuities, the old-law pension, and how its tables cut their figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from engine.law.old import art_167_group
from engine.studies.parker_wong.data import Art167, FloatArray, Values

PERCENT: Final = 100.0
SAFETY: Final = 1e-9
"""What binary fractions may lose when a decimal figure is cut or compared with a printed one; no tolerance."""


@dataclass(frozen=True)
class Terms:
    """What an account earns and is charged.

    Attributes
    ----------
    interest, growth : float, fraction a year
        Of the account; of earnings.
    fee : float, fraction of wage
    quota : float, pesos of 1997 per year of work
    """

    interest: float
    fee: float
    quota: float
    growth: float = 0.0


def annuity_due(years: FloatArray, rate: float) -> FloatArray:
    """Value of 1 a year in advance over `years` (which may be fractional), at a yearly `rate`.

    (1 - v^n) / (1 - v), v = 1 / (1 + rate). Appendix B: 14.461986 over 18.5 years and 12.811076 over 15.8, at 3%.

    Parameters
    ----------
    years : float64 (any shape), years
    rate : float, fraction a year
    """
    if rate == 0.0:
        return np.array(years, dtype=np.float64)
    discount = 1.0 / (1.0 + rate)
    return np.asarray((1.0 - discount**years) / (1.0 - discount), dtype=np.float64)


def value_at_pension(
    earnings: FloatArray,
    participation: FloatArray,
    ages: tuple[FloatArray, FloatArray],
    values: Values,
    terms: Terms,
) -> FloatArray:
    """What each year of work is worth in the worker's accounts at the pension's age (Appendix B1).

    ((contribution - fee) W + quota L) f + housing W h, with f = (1 + interest)^years and h the housing account's
    factor. With growth, W is earnings times (1 + growth)^-years, each age on its own (Table 8). Contributions and
    pension fall at the start of a year of age, so those of the pension's age bear no interest.

    Parameters
    ----------
    earnings, participation : float64 (worker, age)
        Pesos of 1997 a year; share of the year.
    ages : pair of float64 (age,)
        Years to the pension; 1 where the age's interest-bearing contribution is counted, 0 where it is left out.
    values : Values
    terms : Terms

    Returns
    -------
    float64 (worker, age), pesos of 1997
    """
    years_to_pension, counted = ages
    wage = earnings * (1.0 + terms.growth) ** -years_to_pension
    account = (values.account_contribution - terms.fee) * wage + terms.quota * participation
    housing = values.housing_contribution * wage * (1.0 + values.housing_interest) ** years_to_pension
    return np.asarray(
        account * (1.0 + terms.interest) ** years_to_pension * counted + housing, dtype=np.float64
    )


def art167_row(average_wage: FloatArray, table: Art167, lower_bound: bool) -> NDArray[np.int64]:
    """Row of the Art. 167 table for an average wage in minimum wages.

    The law's groups hold their upper bound (1.22 belongs to "1.01 to 1.25"). With `lower_bound` the row is that of
    the largest printed bound not above the wage (1.22 takes the row of 1.00), as in Tables 9 to 11 of the paper; below
    the first bound the first row is taken, above the last the open row.

    Parameters
    ----------
    average_wage : float64 (worker,), minimum wages
    """
    if lower_bound:
        bounds = table.upper[:-1]
        rows = np.searchsorted(bounds, average_wage, side="right") - 1
        rows = np.where(average_wage > bounds[-1], len(bounds), np.maximum(rows, 0))
        return rows.astype(np.int64)
    return np.array([art_167_group(float(wage), table.upper) for wage in average_wage], dtype=np.int64)


def old_law_pension(
    average_wage: FloatArray, years: FloatArray, table: Art167, old_law_years: float, lower_bound: bool
) -> FloatArray:
    """Old-law pension without bonus and minimum: S x (CB + AI x (years - 10)), Art. 167.

    Parameters
    ----------
    average_wage : float64 (worker,)
        S, average of the last five years, minimum wages.
    years : float64 (worker,)
        Years of contribution, here the sum of participation.

    Returns
    -------
    float64 (worker,), minimum wages; nothing with fewer than `old_law_years`.
    """
    row = art167_row(average_wage, table, lower_bound)
    share = table.basic[row] + table.increment[row] * (years - old_law_years)
    return np.where(years >= old_law_years, average_wage * share, 0.0)


def cut_and_round(figure: FloatArray, decimals: FloatArray | float) -> FloatArray:
    """Cut after one digit more than is kept, then round with a last 5 going down: how Table 9a takes its figures.

    0.34557 gives 0.345 and 3.41353 gives 3.413 with three decimals; 0.8558 gives 0.85 with two.
    """
    scale = 10.0 ** np.asarray(decimals, dtype=np.float64)
    longer = np.floor(figure * scale * 10.0 + SAFETY) / 10.0
    return np.asarray(np.ceil(longer - 0.5 - SAFETY) / scale, dtype=np.float64)


def share_below(threshold: float, mean: FloatArray, coefficient_of_variation: FloatArray) -> FloatArray:
    """P(X < threshold) of a normal X with the given mean and coefficient of variation (Table 11)."""
    return np.asarray(ndtr((threshold / mean - 1.0) / coefficient_of_variation), dtype=np.float64)


def change(new: FloatArray, old: FloatArray) -> FloatArray:
    """Gain of the new over the old, percent."""
    return np.asarray((new / old - 1.0) * PERCENT, dtype=np.float64)


def cut(figure: FloatArray, scale: float) -> FloatArray:
    """Figures without what lies beyond 1 / `scale`."""
    return np.asarray(np.floor(figure * scale + SAFETY) / scale, dtype=np.float64)


__all__ = [
    "PERCENT",
    "SAFETY",
    "Terms",
    "annuity_due",
    "art167_row",
    "change",
    "cut",
    "cut_and_round",
    "old_law_pension",
    "share_below",
    "value_at_pension",
]
