"""Contributions that depend on the wage: dated rows of a table as bands by year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Fault, Resolved
from engine.law.account import BOUND_TOLERANCE, Bands
from engine.prepare import economy

Float = NDArray[np.float64]
Int = NDArray[np.int64]

FROM_YEAR, UP_TO_MW, UP_TO_UMA, VALUE = range(4)


def bands(resolved: Resolved, years: Int, single: str, table: str) -> Bands:
    """A value by band of the wage and by year.

    Parameters
    ----------
    years : int64 (year,)
    single : str
        Path that holds for all wages in years before the first row of the table.
    table : str
        Rows ``from_year, up_to_mw, up_to_uma, value``: a year has the rows of the latest ``from_year`` that it has
        reached. A bound is so many minimum wages and so many UMA of the year; the last row of a year has none (noughts).

    Raises
    ------
    AssumptionError
        If bounds do not rise, or the last row of a year has one.
    """
    rows = resolved.table(table).values
    plain = resolved.path(single, years)
    if (rows[:, FROM_YEAR] % 1.0 != 0.0).any():
        raise _refused(resolved, table, "from_year is no whole year")
    if not (rows[:, FROM_YEAR] <= years[-1]).any():
        return Bands(np.full((1, years.size), np.inf), np.array(plain[None, :]))
    days = resolved.number("economy.days_per_year")
    minimum, uma = economy.minimum_wages(resolved, years), resolved.path("economy.uma", years) * days
    try:
        return of_rows(rows, years, plain, minimum, uma)
    except ValueError as error:
        raise _refused(resolved, table, str(error)) from None


def _refused(resolved: Resolved, table: str, said: str) -> AssumptionError:
    allowed = f"what `annexv assumptions show {table}` says of its rows"
    return AssumptionError([Fault(resolved.item(table).layer, table, f"{said}; allowed is {allowed}")])


def of_rows(rows: Float, years: Int, plain: Float, minimum: Float, uma: Float) -> Bands:
    """Bands by year out of dated rows.

    Parameters
    ----------
    rows : float64 (row, field)
        ``from_year, up_to_mw, up_to_uma, value``.
    plain : float64 (year,)
        Value of all wages before the first row.
    minimum, uma : float64 (year,)
        Minimum wage and UMA, in the money of the wages that are asked for.

    Raises
    ------
    ValueError
        If a row but the last of its year has not one bound, the last has one, or bounds of one unit do not rise.
    """
    starts = np.unique(rows[:, FROM_YEAR])
    width = max([1, *(int((rows[:, FROM_YEAR] == start).sum()) for start in starts if start <= years[-1])])
    upper, value = np.full((width, years.size), np.inf), np.tile(plain, (width, 1))
    for t, year in enumerate(years):
        reached = starts[starts <= year]
        if not reached.size:
            continue
        of_year = rows[rows[:, FROM_YEAR] == reached[-1]]
        bounds, start = of_year[:, [UP_TO_MW, UP_TO_UMA]], f"of {reached[-1]:.0f}"
        if bounds[-1].any() or ((bounds[:-1] > 0.0).sum(axis=1) != 1).any():
            said = "each row but the last has one bound, in minimum wages or in UMA, and the last none (0, 0)"
            raise ValueError(f"{start}: {said}")
        if any((np.diff(column[column > 0.0]) <= 0.0).any() for column in bounds.T):
            raise ValueError(f"{start}: bounds of one unit do not rise")
        bound = bounds[:, 0] * minimum[t] + bounds[:, 1] * uma[t]
        # A bound below the one before holds nobody: one minimum wage may be above the first bounds in UMA.
        upper[: bound.size - 1, t] = np.maximum.accumulate(bound[:-1])
        value[: bound.size, t] = of_year[:, VALUE]
        value[bound.size :, t] = of_year[-1, VALUE]
    return Bands(upper, np.ascontiguousarray(value))


def scaled(found: Bands, factor: float) -> Bands:
    """The same bands with all values times a factor."""
    return Bands(found.upper, found.value * factor)


def at(found: Bands, wage: Float, t: int) -> Float:
    """Values of the bands that hold full-year wages in the year at ``t``, as :func:`engine.law.account.by_wage` of each."""
    place = (wage[:, None] > found.upper[:-1, t] * (1.0 + BOUND_TOLERANCE)).sum(axis=1)
    held: Float = found.value[place, t]
    return held


__all__ = ["at", "bands", "of_rows", "scaled"]
