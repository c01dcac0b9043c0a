"""What is compared with: observed lines, heads and balances, and the printed table. Nothing else here reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assumptions import happened, observed, observed_prices, published
from engine.hindcast.lines import LINES
from engine.labels import COMPONENTS

Float = NDArray[np.float64]

_TOTAL: Final = "total"
PRINTED: Final = (*COMPONENTS, _TOTAL)
_MILLION: Final = 1e6
_GDP: Final = "gdp_base_2018"


@dataclass(frozen=True)
class Observed:
    """Observed numbers on the years of a hindcast; NaN where nothing was observed.

    Attributes
    ----------
    lines : float64 (line, year)
        Million current pesos.
    confidence : str (line, year)
        A, B, C, or empty.
    contributors : float64 (year,)
        Persons, mean of two Decembers.
    wage_bill, gdp, rcv, housing : float64 (year,)
        Million current pesos; GDP on base 2018; balances at the end of the year.
    """

    lines: Float
    confidence: NDArray[np.str_]
    contributors: Float
    wage_bill: Float
    gdp: Float
    rcv: Float
    housing: Float


def on(values: dict[int, float], years: NDArray[np.int64]) -> Float:
    """Values on years, NaN where there is none."""
    return np.array([values.get(int(year), np.nan) for year in years])


def observe(years: NDArray[np.int64]) -> Observed:
    """Observed numbers on some years."""
    spent = observed.observations("fiscal_lines")
    lines = [spent.get(line, {}) for line in LINES]
    balances = observed.observations("sar_balances")
    gdp = observed.observations("gdp")[_GDP]

    def values(series: observed.Series) -> dict[int, float]:
        return {year: item.value for year, item in series.items()}

    def at_december(name: str) -> dict[int, float]:
        return {y: item.value for y, item in balances[name].items() if item.locator.endswith("-12")}

    return Observed(
        lines=np.stack([on(values(series), years) for series in lines]),
        confidence=np.array(
            [
                [series[int(year)].confidence if int(year) in series else "" for year in years]
                for series in lines
            ]
        ),
        contributors=on(happened.heads(), years),
        wage_bill=on({year: bill / _MILLION for year, bill in happened.wage_bill().items()}, years),
        gdp=on({year: value * 1e3 for year, value in values(gdp).items()}, years),
        rcv=on(at_december("rcv_imss"), years),
        housing=on(at_december("housing"), years),
    )


def printed(scenario: str, years: NDArray[np.int64]) -> Float:
    """Printed cost, percent of GDP, float64 (component, year), total last; NaN where the annex prints nothing."""
    cells = published.total_fiscal_cost()
    return np.stack(
        [
            on({y: cell.value for y, cell in published.series(cells, scenario, column).items()}, years)
            for column in PRINTED
        ]
    )


def of_lines(years: NDArray[np.int64]) -> list[tuple[str, int, observed.Observation]]:
    """Every observed number of the lines on some years, with its origin."""
    spent = observed.observations("fiscal_lines")
    wanted = set(map(int, years))
    return [
        (line, year, item) for line in LINES for year, item in spent.get(line, {}).items() if year in wanted
    ]


def first_observed() -> int:
    """The first year of which spending was observed."""
    return min(year for line in LINES for year in observed.observations("fiscal_lines").get(line, {}))


def last_of_old_law() -> tuple[int, float]:
    """The last year of which spending on old-law pensions was observed, and that spending, million current pesos."""
    spent = observed.observations("fiscal_lines")[LINES[0]]
    year = max(spent)
    return year, spent[year].value


def budget(item: str) -> dict[int, observed.Observation]:
    """Branch 19 of the budget by year, exercised or original, million current pesos."""
    return observed.observations("ramo_19")[item]


def others() -> dict[str, observed.Series]:
    """What others projected, by what it is."""
    return observed.observations("projections_by_others")


def growth(values: Float, years: NDArray[np.int64], first: int, last: int) -> float:
    """Real growth a year of current pesos between two years, by the INPC of the averages; a fraction."""
    known = observed_prices()
    at = [values[int(np.searchsorted(years, year))] / known[year].average for year in (first, last)]
    return float((at[1] / at[0]) ** (1.0 / (last - first)) - 1.0)


__all__ = [
    "PRINTED",
    "Observed",
    "budget",
    "first_observed",
    "growth",
    "last_of_old_law",
    "observe",
    "of_lines",
    "on",
    "others",
    "printed",
]
