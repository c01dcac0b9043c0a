"""The model beside the report's actuarial balance of 31 December 1994 and what its text says about the cash flow."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from assumptions import published
from engine.balance.actuarial import balance, cash_flow, exhausted, first_deficit
from engine.balance.valuation import Valuation
from engine.shares import percent_of_gdp

TABLE, TEXT = "actuarial_balance", "text"
DATE_YEAR = 1994
# The five present values that make the table; the others are their sums.
PARTS = ("contributions_present", "contributions_future", "in_payment", "pensions_present", "pensions_future")
_LATE, _EARLY = 2030, 2000
_PERCENT = 100.0
_THOUSAND_MILLION = 1e9


class Row(NamedTuple):
    """A printed item beside the model's; the model's is NaN where a projection does not reach it."""

    part: str
    item: str
    model: float
    printed: float
    unit: str
    locator: str
    note: str


def table_values(valuation: Valuation) -> dict[str, float]:
    """Items of Table 2: thousand million pesos of the valuation year, the last in percent of GDP."""
    found = balance(valuation)
    scale = valuation.price_at_date / _THOUSAND_MILLION
    present = found.liabilities["present_accrued"] + found.liabilities["present_future_service"]
    contributions = found.assets["contributions_present"] + found.assets["contributions_future"]
    pensions = present + found.liabilities["future_generations"]
    money = {
        "reserve": found.assets["reserve"],
        "contributions_present": found.assets["contributions_present"],
        "contributions_future": found.assets["contributions_future"],
        "contributions": contributions,
        "in_payment": found.liabilities["in_payment"],
        "pensions_present": present,
        "pensions_future": found.liabilities["future_generations"],
        "pensions": pensions,
        "assets": found.assets["reserve"] + contributions,
        "liabilities": found.liabilities["in_payment"] + pensions,
        "deficit": found.deficit,
    }
    return {name: amount * scale for name, amount in money.items()} | {
        "deficit_gdp": percent_of_gdp(found.deficit, valuation.gdp_at_date)
    }


def text_values(valuation: Valuation) -> dict[str, float]:
    """What the text says, from the flows of the model; in the units of the statements."""
    flows = cash_flow(valuation)
    years = valuation.years

    def in_year(values: np.ndarray, year: int) -> float:
        at = np.flatnonzero(years == year)
        return float(values[at[0]]) if at.size else float("nan")

    missing = -percent_of_gdp(flows.balance, valuation.gdp)
    pensioners = valuation.pensioners.sum(axis=(0, 1))
    at_date = float(valuation.pensioners[0].sum(axis=0)[0])
    found = first_deficit(years, flows.balance)
    spent = exhausted(years, flows.reserve)
    span = _LATE - valuation.date_year

    def yearly(now: float, then: float) -> float:
        return _PERCENT * ((then / now) ** (1.0 / span) - 1.0) if now > 0.0 and span > 0 else float("nan")

    return {
        "first_deficit": float("nan") if found is None else float(found),
        "first_deficit_imss": float("nan") if found is None else float(found),
        "reserve_spent_imss": float("nan") if spent is None else float(spent),
        "multiple_of_contributions": in_year(flows.cost_rate / flows.contribution_rate, _LATE),
        f"state_{_EARLY}": in_year(missing, _EARLY),
        f"state_{_LATE}": in_year(missing, _LATE),
        "contributors_growth": yearly(valuation.members, in_year(valuation.contributors.sum(axis=0), _LATE)),
        "pensioners_growth": yearly(at_date, in_year(pensioners, _LATE)),
        f"pensioners_per_100_{DATE_YEAR}": _PERCENT * at_date / valuation.members,
        "cost_1995": in_year(percent_of_gdp(flows.pensions, valuation.gdp), DATE_YEAR + 1),
    }


def printed(part: str) -> dict[str, float]:
    """Printed figures of one part, by item."""
    return {item: cell.value for (of, item), cell in published.actuarial_balance_1994().items() if of == part}


def rows(valuation: Valuation) -> list[Row]:
    """Every printed item that the model can be held against, as printed; none for another valuation date."""
    if valuation.date_year != DATE_YEAR:
        return []
    model = {TABLE: table_values(valuation), TEXT: text_values(valuation)}
    return [
        Row(part, item, model[part][item], cell.value, cell.unit, cell.locator, cell.note)
        for (part, item), cell in published.actuarial_balance_1994().items()
        if item in model[part]
    ]
