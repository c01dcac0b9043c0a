"""The minimum pension guarantee by wage of the career, age and weeks: dated rows of a table as arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Fault, Resolved
from engine.law.new import CareerGuarantee

Float = NDArray[np.float64]
Int = NDArray[np.int64]

TABLE = "guarantee.cells"
FROM_YEAR, BELOW_UMA, AGE, WEEKS_ABOVE, AMOUNT = range(5)


def career_guarantee(resolved: Resolved, years: Int) -> CareerGuarantee:
    """The guarantee of awards of each year.

    The rows of a year are those of the latest ``from_year`` that it has reached: every combination of wage (UMA that a band
    ends below, 0 for the last), age and weeks above those required, in whole steps.

    Raises
    ------
    AssumptionError
        If a combination is missing or stands twice, or ages or weeks are not evenly spaced.
    """
    rows = resolved.table(TABLE).values
    if (rows[:, FROM_YEAR] % 1.0 != 0.0).any():
        raise _refused(resolved, "from_year is no whole year", "whole years")
    rows = rows[rows[:, FROM_YEAR] <= years[-1]]
    if not rows.size or resolved.switch("basis.mpg") == "replica":
        return CareerGuarantee(
            np.full(years.size, -1), np.ones((0, 1)), np.zeros((0, 1, 1, 1)), 0.0, 1.0, np.ones(years.size)
        )
    starts = np.unique(rows[:, FROM_YEAR])
    bounds = np.where(rows[:, BELOW_UMA] > 0.0, rows[:, BELOW_UMA], np.inf)
    bands, ages, weeks = np.unique(bounds), np.unique(rows[:, AGE]), np.unique(rows[:, WEEKS_ABOVE])
    step = float(weeks[1] - weeks[0]) if weeks.size > 1 else 1.0
    if (
        (np.diff(ages) != 1.0).any()
        or (np.diff(weeks) != step).any()
        or weeks[0] != 0.0
        or np.isfinite(bands[-1])
    ):
        raise AssumptionError.single(
            TABLE,
            "ages, weeks or wages leave gaps",
            "ages a year apart, weeks from 0 in even steps, a last band of 0",
        )
    amount = np.full((starts.size, bands.size, ages.size, weeks.size), np.nan)
    places = (
        np.searchsorted(starts, rows[:, FROM_YEAR]),
        np.searchsorted(bands, bounds),
        np.searchsorted(ages, rows[:, AGE]),
        np.searchsorted(weeks, rows[:, WEEKS_ABOVE]),
    )
    amount[places] = rows[:, AMOUNT] * resolved.number("economy.days_per_year")
    if rows.shape[0] != amount.size or np.isnan(amount).any():
        raise AssumptionError.single(
            TABLE,
            f"{rows.shape[0]} rows",
            f"one for each of {amount.size} combinations of year, wage, age and weeks",
        )
    return CareerGuarantee(
        np.searchsorted(starts, years, side="right") - 1,
        np.tile(bands, (starts.size, 1)),
        amount,
        float(ages[0]),
        step,
        np.array(resolved.path("economy.uma", years) * resolved.number("economy.days_per_year")),
    )


def _refused(resolved: Resolved, said: str, allowed: str) -> AssumptionError:
    return AssumptionError([Fault(resolved.item(TABLE).layer, TABLE, f"{said}; allowed: {allowed}")])


__all__ = ["TABLE", "career_guarantee"]
