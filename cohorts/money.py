"""Wages and pensions of files: their period, and amounts that can only be in another unit."""

from __future__ import annotations

from typing import Final

from assumptions import Resolved

PERIODS: Final = ("yearly", "monthly", "daily")
MONTHS: Final = 12.0
_THOUSAND: Final = 1000.0


def columns(what: str) -> tuple[str, ...]:
    """Names a column of amounts may have: `yearly_wage`, `monthly_wage`, `daily_wage`."""
    return tuple(f"{period}_{what}" for period in PERIODS)


def per_year(column: str, resolved: Resolved) -> float:
    """How often the period of a column stands in a year; days are `economy.days_per_year`."""
    period = column.partition("_")[0]
    return {"yearly": 1.0, "monthly": MONTHS}.get(period) or resolved.number("economy.days_per_year")


def is_below(amount: float, cell: str, times: float, least: float) -> bool:
    """Whether a yearly amount lies below the least by more than half a unit of the last digit of its cell."""
    mantissa, _, exponent = cell.lower().partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    return amount < least - 0.5 * times * 10.0**-decimals


def likely_unit(amount: float, times: float, least: float, days: float, what: str = "") -> str:
    """What a yearly amount below the least probably is, in words.

    Parameters
    ----------
    amount : float
        Pesos a year as the file is read.
    times : float
        Periods a year of its column.
    least : float
        The smallest amount that can be meant, pesos a year.
    what : str
        What the columns of a file hold, which its name can say by period: "wage" or "pension".
    """
    as_typed = amount / times
    guesses = (
        (MONTHS, "a month" + (f", which the column monthly_{what} takes" if what else "")),
        (days, "a day" + (f", which the column daily_{what} takes" if what else "")),
        (least, "in minimum wages"),
        (MONTHS * _THOUSAND, "in thousands a month"),
    )
    for factor, said in guesses:
        if factor > times and least <= as_typed * factor:
            return f"; it looks like an amount {said}"
    return ""
