"""Prices, minimum wage, guarantee, returns and GDP of a resolved pack, as yearly paths."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved
from cohorts.axes import N_CEILINGS
from cohorts.careers import minimum_wage_of
from engine.checked import arithmetic, finite
from engine.kernels.types import Economy

Float = NDArray[np.float64]
Int = NDArray[np.int64]

CEILINGS = (
    "contributions.ceiling_retirement",
    "contributions.ceiling_ceav",
    "contributions.ceiling_iv",
    "contributions.ceiling_infonavit",
    "contributions.ceiling_old_ivcm",
)


def projected_years(resolved: Resolved) -> Int:
    """Projected years, int64 (year,).

    Raises
    ------
    AssumptionError
        If the last year is before the first.
    """
    first, last = int(resolved.number("reform.first_year")), int(resolved.number("reform.last_year"))
    if last < first:
        raise AssumptionError.single(
            "reform.last_year", f"{last} is before the first year", f"{first} or later"
        )
    return np.arange(first, last + 1)


def level_path(growth: Float, years: Int, base_year: int) -> Float:
    """Index that is 1 in ``base_year`` and grows by ``growth`` of each year over the year before, float64 (year,)."""
    level: Float = np.cumprod(1.0 + growth, dtype=np.float64)
    base = float(level[int(np.searchsorted(years, base_year))])
    return level / base


def average_price(end: Float, before: Float) -> Float:
    """Average price level of a year whose prices rise at a constant rate from ``before`` to ``end``: their
    logarithmic mean.
    """
    ratio = end / before
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = before * (ratio - 1.0) / np.log(ratio)
    return np.where(np.abs(ratio - 1.0) < 1e-9, 0.5 * (end + before), mean)


def gdp(resolved: Resolved, years: Int) -> Float:
    """GDP, pesos of December 1996 a year, float64 (year,)."""
    return _gdp(resolved, years, "economy")


def replica_gdp(resolved: Resolved, years: Int) -> Float:
    """GDP of which printed columns are shares, whatever the GDP of the run; pesos of December 1996, float64 (year,)."""
    return _gdp(resolved, years, "replica")


def _gdp(resolved: Resolved, years: Int, room: str) -> Float:
    base = int(resolved.number(f"{room}.gdp_base_year"))
    span = np.arange(min(base, int(years[0])), max(base, int(years[-1])) + 1)
    growth = resolved.path(f"{room}.gdp_growth", span)
    with arithmetic(f"{room}.gdp_growth"):
        level = resolved.number(f"{room}.gdp_1997") * level_path(growth, span, base)
    return level[int(years[0]) - int(span[0]) :][: years.size]


def in_force(resolved: Resolved, years: Int) -> Float:
    """Fraction of each year during which the law of 1995 is in force; 0 throughout where the reform is not enacted."""
    if not resolved.flag("reform.enacted"):
        return np.zeros(years.size)
    start = resolved.date("reform.date")
    first_day = start.timetuple().tm_yday - 1
    days = (start.replace(month=12, day=31)).timetuple().tm_yday
    fraction = 1.0 - first_day / days
    return np.where(years > start.year, 1.0, np.where(years == start.year, fraction, 0.0))


def pensions_due(resolved: Resolved, in_force: Float) -> Float:
    """Fraction of each year in which the State pays pensions; the whole of it where no reform hands them over."""
    return in_force if resolved.flag("reform.enacted") else np.ones_like(in_force)


def ongoing_index(resolved: Resolved, economy: Economy, past: int, n_years: int) -> Float:
    """What a pension of one minimum wage at the state's date pays in each projected year, pesos, float64 (year,)."""
    if resolved.switch("basis.ongoing_indexation") == "minimum_wage":
        index: Float = economy.minimum_wage[past : past + n_years]
        return index
    # Amounts of the state's date stand at its prices, whatever the prices of a year are told by.
    return np.full(n_years, minimum_wage_of(resolved, int(resolved.number("reform.state_year"))))


def minimum_wages(resolved: Resolved, years: Int) -> Float:
    """The minimum wage of each year as :class:`Economy` has it, pesos of December 1996 a year, float64 (year,)."""
    found: Float = build(resolved, years, 0, 1).minimum_wage[: years.size]
    return found


def guarantee(resolved: Resolved, years: Int) -> Float:
    """Minimum pension guarantee of awards of each year, pesos of December 1996 a year, float64 (year,).

    The level holds in the first of ``years``, and grows from the second on. Where the guarantee is a copy of printed values,
    none enters a worker's choice or cost.
    """
    structural = resolved.switch("basis.mpg") != "replica"
    first = resolved.number("guarantee.mpg") * resolved.number("economy.days_per_year") * structural
    growth = resolved.path("guarantee.real_growth", years)
    return first * level_path(growth, years, int(years[0]))


def _with_history(resolved: Resolved, name: str, years: Int, first_year: int) -> Float:
    """A path that also covers the years whose wages are averaged; refused where it begins too late."""
    begins = int(resolved.dated(name).years[0])
    if int(years[0]) < begins:
        raise AssumptionError.single(
            name,
            f"begins in {begins}, and averages of wages before {first_year} need {years[0]}",
            "fewer years of averages (law_1973.average_years, law_1995.iv_average_years), a price base"
            f" (economy.price_base_year) that is not earlier, or a path from {years[0]} on",
        )
    return resolved.path(name, years)


def build(resolved: Resolved, years: Int, past: int, n_durations: int) -> Economy:
    """Economy of a resolved pack.

    Parameters
    ----------
    years : int64 (year,)
    past : int
        Years of history before the first.
    n_durations : int
        Years beyond the last for which present values need paths; they hold their last rates.

    Raises
    ------
    AssumptionError
        If the state's year is outside the history, or a path is not finite.
    """
    with arithmetic("paths of the economy"):
        return finite(_build(resolved, years, past, n_durations), "paths of the economy")


def _build(resolved: Resolved, years: Int, past: int, n_durations: int) -> Economy:
    base_year = int(resolved.number("economy.price_base_year"))
    first = min(int(years[0]) - past, base_year) - 1
    span = np.arange(first, int(years[-1]) + n_durations + 1)
    offset = int(years[0]) - past - first
    future = np.arange(int(years[0]), int(years[-1]) + n_durations + 1)
    inflation = _with_history(resolved, "economy.inflation", span, int(years[0]))
    if base_year > int(span[-1]):
        raise AssumptionError.single(
            "economy.price_base_year", f"{base_year} is after the projection", f"at most {years[-1]}"
        )
    end = level_path(inflation, span, base_year)
    average = np.empty_like(end)
    average[1:] = average_price(end[1:], end[:-1])
    average[0] = end[0]
    growth = _with_history(resolved, "economy.real_minimum_wage_growth", span, int(years[0]))
    minimum = (
        resolved.number("economy.minimum_wage_daily")
        * resolved.number("economy.days_per_year")
        * resolved.number("economy.minimum_wage_base")
        * level_path(growth, span, base_year)
    )
    at_average = resolved.switch("basis.prices") == "average"
    if at_average:
        # The annex's real minimum wage is the year's wage in money of its December.
        minimum = minimum / average_price(np.ones(span.size), 1.0 / (1.0 + inflation))
    window = np.arange(int(years[0]) - past, int(years[-1]) + 1)
    ceilings = np.empty((N_CEILINGS, window.size))
    for i, name in enumerate(CEILINGS):
        ceilings[i] = _with_history(resolved, name, window, int(years[0]))
    indexation = minimum[offset + past :]
    if resolved.switch("basis.old_law_indexation") == "none":
        indexation = np.ones(future.size)
    return Economy(
        minimum_wage=np.ascontiguousarray(minimum[offset:]),
        price_award=np.ascontiguousarray((average if at_average else end)[offset:]),
        price_average=np.ascontiguousarray(average[offset:]),
        indexation=np.ascontiguousarray(indexation / indexation[0]),
        fund_return=np.ascontiguousarray(resolved.path("funds.rcv_return", future)),
        housing_return=np.ascontiguousarray(resolved.path("funds.infonavit_return", future)),
        guarantee=np.ascontiguousarray(guarantee(resolved, future)),
        in_force=in_force(resolved, years),
        ceilings=ceilings,
        wage_ceiling_old_law=np.ascontiguousarray(
            _with_history(resolved, "law_1973.ceiling_average_wage", window, int(years[0]))
        ),
    )
