"""What a run says in one sentence.

The record holds the numbers, the catalogue of texts the words; screens, pages, workbooks and figures share both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from engine.outputs import money as moneys
from engine.outputs.digits import decimals
from engine.outputs.peaks import Peak, peak
from engine.outputs.tables import REPLICA
from engine.shares import percent_of_gdp

if TYPE_CHECKING:
    from assumptions import Resolved
    from engine.outputs.beyond import Beyond

Float = NDArray[np.float64]

MIDDLE: Final = 2020
_PERCENT: Final = 100.0
_THOUSAND_MILLION: Final = 1e9
_MILLION: Final = 1e6
_FEW: Final = 100.0  # millions below which decimals are shown


@dataclass(frozen=True, slots=True)
class Headline:
    """The cost of one case in a few numbers.

    Attributes
    ----------
    scenario, basis : str
    years : tuple of int
    total : tuple of float
        Percent of GDP by year.
    middle_year : int
        2020, or the projected year nearest to it.
    peak : Peak
    money : float
        Cost of the middle year in thousand million pesos.
    money_unit : engine.outputs.money.Unit
    present_value : float or None
        Of the total over the horizon at the scenario's return on funds, flows paid when ``balance.payment_timing`` says, at
        the opening of the first year; percent of that year's GDP. None where the file's assumptions do not give the return.
    replica : bool
        Whether constants stand for a mechanism in a part of the total.
    """

    scenario: str
    basis: str
    years: tuple[int, ...]
    total: tuple[float, ...]
    middle_year: int
    peak: Peak
    money: float
    money_unit: moneys.Unit
    present_value: float | None
    replica: bool

    def at(self, year: int) -> float:
        """Percent of GDP of a year."""
        return self.total[self.years.index(year)]

    @property
    def first(self) -> float:
        """Percent of GDP of the first year."""
        return self.total[0]

    @property
    def middle(self) -> float:
        """Percent of GDP of the middle year."""
        return self.at(self.middle_year)

    @property
    def last(self) -> float:
        """Percent of GDP of the last year."""
        return self.total[-1]

    def share(self, percent: float) -> str:
        """A percentage with two decimals, or the first two digits of the highest where that is small."""
        return f"{percent:.{decimals(self.total, 2)}f}"

    @property
    def worth(self) -> str:
        """The present value as it is shown, with one decimal or two digits; a dash where there is none."""
        value = self.present_value
        return "-" if value is None else f"{value:.{decimals([value], 1)}f}"

    @property
    def amount(self) -> tuple[str, str]:
        """The cost of the middle year as it is shown, and the key of its unit in the catalogue of texts."""
        if abs(self.money) >= 1.0 or self.money == 0.0:
            return f"{self.money:,.0f}", "money"
        millions = self.money * (_THOUSAND_MILLION / _MILLION)
        return f"{millions:,.{0 if abs(millions) >= _FEW else 2}f}", "money_million"


def middle_year(years: Sequence[int]) -> int:
    """2020, or the year nearest to it."""
    return min(years, key=lambda year: (abs(year - MIDDLE), year))


def one_case(dataset: xr.Dataset, scenario: str, basis: str) -> xr.Dataset:
    """One case of a run, whether or not basis and scenario are still axes of it."""
    wanted = {"scenario": scenario, "basis": basis}
    return dataset.sel({name: label for name, label in wanted.items() if name in dataset.dims})


def case_input(case: xr.Dataset) -> Resolved:
    """The assumptions that one case of a run carries."""
    from assumptions import Resolved

    return Resolved.from_json(str(case.resolved_input.values.item()))


def headline(dataset: xr.Dataset, scenario: str, basis: str, resolved: Resolved | None = None) -> Headline:
    """The numbers of the sentence.

    Parameters
    ----------
    dataset : xarray.Dataset
        A run, or a selection of one, with whole series by year.
    scenario, basis : str
    resolved : Resolved, optional
        Assumptions of the case; read from the dataset otherwise, which takes longer.
    """
    resolved = resolved or case_input(one_case(dataset, scenario, basis))
    case = one_case(dataset, scenario, basis)
    years = tuple(int(year) for year in np.atleast_1d(case.year.values))
    total = tuple(float(value) for value in np.atleast_1d(case.fiscal_cost_total.values))
    middle = middle_year(years)
    gdp = np.atleast_1d(case.gdp.values)
    money = gdp * np.array(total) / _PERCENT
    unit = moneys.unit_of(dataset)
    constant = moneys.factors(resolved, np.array(years), unit)  # present values are of constant pesos
    return Headline(
        scenario=scenario,
        basis=basis,
        years=years,
        total=total,
        middle_year=middle,
        peak=peak(years, total),
        money=float(money[years.index(middle)]) / _THOUSAND_MILLION,
        money_unit=unit,
        present_value=_present_value(resolved, years, money / constant, gdp / constant),
        replica=REPLICA in np.atleast_1d(case.method.values),
    )


def _present_value(resolved: Resolved, years: tuple[int, ...], money: Float, gdp: Float) -> float | None:
    if not (resolved.has("funds.rcv_return") and resolved.has("balance.payment_timing")):
        return None
    return percent_of_gdp(float((money * discounts(resolved, years)).sum()), float(gdp[0]))


def discounts(resolved: Resolved, years: tuple[int, ...]) -> Float:
    """Factors that bring flows of each year to the opening of the first, at the return on funds, float64 (year,)."""
    rates = resolved.path("funds.rcv_return", np.array(years))
    opening = np.cumprod(np.concatenate(([1.0], 1.0 / (1.0 + rates[:-1]))))
    factors: Float = opening * (1.0 + rates) ** -resolved.number("balance.payment_timing")
    return factors


def said(found: Headline, text: Mapping[str, Any], further: Beyond | None = None) -> str:
    """The sentence of a run; ``further`` is what a longer horizon would show."""
    form = text["headline"]
    first, last = found.years[0], found.years[-1]
    parts = [form["at"].format(value=found.share(found.first), year=first)]
    if found.middle_year not in (first, last):
        parts.append(form["then"].format(value=found.share(found.middle), year=found.middle_year))
    if last != first:
        parts.append(form["then"].format(value=found.share(found.last), year=last))
    amount, key = found.amount
    money = form[key].format(value=amount, year=found.middle_year, unit=said_money(found.money_unit, text))
    worth = (
        "" if found.present_value is None else form["worth"].format(value=found.worth, year=first, last=last)
    )
    return str(
        form["sentence"].format(
            scenario=found.scenario,
            basis=text["basis_short"].get(found.basis, found.basis),
            path=", ".join(parts),
            peak=said_peak(found, text, further),
            money=money,
            worth=worth,
        )
    )


def said_peak(found: Headline, text: Mapping[str, Any], further: Beyond | None = None) -> str:
    """Where the series is highest, in words: ``and still rising``, ``(peak 1.15% in 2036)``."""
    form, where = text["headline"], found.peak
    if len(found.years) == 1:
        return ""
    if where.at_end:
        key = "still_rising"
    elif where.rising:
        key = "rising_again"
    elif where.year == found.years[0]:
        key = "falling"
    else:
        key = "peak"
    said_now = str(form[key].format(value=found.share(where.value), year=where.year))
    if not where.at_end or further is None:
        return said_now
    key = "rises_on" if further.peak.at_end else "turns"
    value = found.share(further.peak.value)
    return said_now + str(form[key].format(value=value, year=further.peak.year, to=further.to))


def said_money(unit: moneys.Unit, text: Mapping[str, Any]) -> str:
    """Whose pesos: ``of December 1996``."""
    return str(text["price_base"][unit.kind].format(year=unit.year))


def said_thousand_million(unit: moneys.Unit, text: Mapping[str, Any]) -> str:
    """The unit of figures in money: ``thousand million pesos of December 1996``."""
    return str(text["price_base"]["thousand_million"].format(unit=said_money(unit, text)))


__all__ = [
    "MIDDLE",
    "Headline",
    "case_input",
    "discounts",
    "headline",
    "middle_year",
    "one_case",
    "said",
    "said_money",
    "said_peak",
    "said_thousand_million",
]
