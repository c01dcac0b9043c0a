"""What a run says in one sentence, and its scenarios in words.

The record holds the numbers, the catalogue of texts the words; screens, pages, workbooks and figures share both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

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


class Words(NamedTuple):
    """What distinguishes a scenario, read from its values; rates in the last projected year.

    Attributes
    ----------
    reform : bool
    infonavit_pays : bool
        Whether balances of the housing fund help to pay for acquired rights.
    infonavit_return, fund_return, inflation : float
        Fractions a year; returns are real.
    """

    reform: bool
    infonavit_pays: bool
    infonavit_return: float
    fund_return: float
    inflation: float


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
    rates = resolved.path("funds.rcv_return", np.array(years))
    opening = np.cumprod(np.concatenate(([1.0], 1.0 / (1.0 + rates[:-1]))))
    factors = opening * (1.0 + rates) ** -resolved.number("balance.payment_timing")
    return percent_of_gdp(float((money * factors).sum()), float(gdp[0]))


def words(resolved: Resolved, last_year: int) -> Words:
    """What distinguishes a scenario."""

    def rate(name: str) -> float:
        return float(resolved.path(name, [last_year])[0])

    return Words(
        reform=not resolved.has("reform.enacted") or resolved.flag("reform.enacted"),
        infonavit_pays=resolved.flag("financing.infonavit_surrendered"),
        infonavit_return=rate("funds.infonavit_return"),
        fund_return=rate("funds.rcv_return"),
        inflation=rate("economy.inflation"),
    )


def percent(fraction: float) -> str:
    """A rate with the digits it needs, at most two: ``3.5%``, ``6%``."""
    return f"{_PERCENT * fraction:.2f}".rstrip("0").rstrip(".") + "%"


def said_scenario(found: Words, text: Mapping[str, Any]) -> str:
    """A scenario in words: ``INFONAVIT does not pay, earns 3.5%; inflation 6%``."""
    form = text["scenario_words"]
    kind = "no_reform" if not found.reform else "pays" if found.infonavit_pays else "pays_not"
    return str(form[kind]).format(
        infonavit=percent(found.infonavit_return),
        funds=percent(found.fund_return),
        inflation=percent(found.inflation),
    )


def said_scenario_of(resolved: Resolved, text: Mapping[str, Any]) -> str:
    """The scenario of a case in words, as it stands in the last year."""
    return said_scenario(words(resolved, int(resolved.number("reform.last_year"))), text)


def said_case(resolved: Resolved, text: Mapping[str, Any]) -> str:
    """A case in words, its code beside: ``Scenario 3B (INFONAVIT does not pay ...), statutory basis``."""
    return str(
        text["scenario_words"]["case"].format(
            scenario=resolved.scenario,
            words=said_scenario_of(resolved, text),
            basis=text["basis_names"].get(resolved.basis, resolved.basis),
        )
    )


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
    "Words",
    "case_input",
    "headline",
    "middle_year",
    "one_case",
    "percent",
    "said",
    "said_case",
    "said_money",
    "said_peak",
    "said_scenario",
    "said_scenario_of",
    "said_thousand_million",
    "words",
]
