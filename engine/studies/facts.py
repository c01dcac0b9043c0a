"""The statutory basis beside what was counted, collected or stated of 1992-99."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from assumptions import Resolved, load
from assumptions.facts import Fact, facts
from cohorts import axes
from engine.balance.actuarial import cash_flow, exhausted, first_deficit
from engine.balance.valuation import Valuation, value
from engine.labels import FUNDS, MEMO_ITEMS
from engine.projection import CaseResult, run_case
from engine.shares import percent_of_gdp

BASIS: Final = "statutory"
SCENARIO: Final = "3B"
# The country without the reform, from IMSS's own state.
STATE, WITHOUT_REFORM = "state_1994", "0B"
_THOUSAND, _THOUSAND_MILLION, _PERCENT = 1e3, 1e9, 100.0
# The years of the transition that the report prints.
_TO = 2030


class Row(NamedTuple):
    """A fact, the model's number, and whether the two agree (None: not judged)."""

    fact: Fact
    model: float
    holds: bool | None

    def as_dict(self) -> dict[str, Any]:
        """For JSON; a number that the model has not is None."""
        model = float(self.model) if np.isfinite(self.model) else None
        return {**self.fact._asdict(), "model": model, "holds": self.holds}


class _Model:
    """Numbers of the model, each computed when it is asked for."""

    def __init__(self, overlays: Sequence[str | Path], sets: Mapping[str, Any]) -> None:
        self.resolved: Resolved = load(SCENARIO, overlays=list(overlays), sets=dict(sets)).resolve(BASIS)
        self.result: CaseResult = run_case(self.resolved)

    @cached_property
    def of_1994(self) -> Valuation:
        """IMSS's state of 1994, the same whatever a user changes in that of the reform."""
        return value(load(WITHOUT_REFORM, overlays=[STATE], sets={"balance.computed": True}).resolve(BASIS))

    def at(self, year: int) -> int:
        return year - int(self.result.years[0])

    def pensioners(self, december: int) -> float:
        """In payment at the end of a year: those of the next year's opening before its awards."""
        t = self.at(december + 1)
        found = float(self.result.pensioners[:, t].sum())
        if t == 0:
            return float(found - self.result.pensioners[1:, t].sum()) / _THOUSAND
        return (found - float(self.result.new_awards[:, t].sum())) / _THOUSAND

    def contributors(self, year: int) -> float:
        return float(self.result.contributors[self.at(year)]) / _THOUSAND

    def growth(self, values: np.ndarray) -> float:
        t = self.at(_TO)
        return _PERCENT * float((values[t] / values[0]) ** (1.0 / t) - 1.0)

    def old_base(self) -> float:
        """Wages on which the old insurance collects, of the first year, percent of GDP."""
        covered = self.result.flows.covered_wages.sum(axis=0)[axes.BASE_OLD_LAW]
        return float(percent_of_gdp(covered[0], self.result.gdp[0]))

    def old_rate(self, *payers: str) -> float:
        first = [int(self.result.years[0])]
        return sum(float(self.resolved.path(f"contributions.old_ivcm_{payer}", first)[0]) for payer in payers)

    def service(self) -> float:
        """Mean over the retirements of all years to the last that is printed."""
        until = slice(0, self.at(_TO) + 1)
        number = self.result.new_awards[axes.RETIREMENT, until]
        found: float = float(
            (number * self.result.award_service[axes.RETIREMENT, until]).sum() / number.sum()
        )
        return found

    def awards_of_disability_and_life(self) -> float:
        """Capital value of the first year's awards to transition workers, percent of the wages that pay the premium."""
        in_capital = {"basis.recognition": "capital", "basis.mpg": "capital"}
        flows = run_case(self.resolved.with_values(in_capital)).flows
        value_of_awards = flows.cost[axes.PRESENT].sum(axis=0)[[axes.DISABILITY, axes.DEATH], 0].sum()
        return _PERCENT * float(value_of_awards / flows.covered_wages.sum(axis=0)[axes.BASE_DISABILITY, 0])

    def cost_in_december(self) -> float:
        """Pensions in payment at the state's date, a year at the minimum wage of that date, percent of GDP."""
        levels = (
            self.resolved.table("pensions.ongoing").values
            * self.resolved.table("pensions.ongoing_level_mw").values
        )
        minimum = self.resolved.number("economy.minimum_wage_daily") * self.resolved.number(
            "economy.days_per_year"
        )
        return float(percent_of_gdp(float(levels.sum()) * minimum, self.result.gdp[0]))


def _of(fund: str, result: CaseResult, t: int) -> float:
    return float(result.contributions[FUNDS.index(fund), t])


NONE: Final = float("nan")
MODEL: Final[Mapping[str, Callable[[_Model], float]]] = {
    "pensioners_1994": lambda m: float(m.of_1994.pensioners[0].sum(axis=0)[0]) / _THOUSAND,
    "pensioners_1996": lambda m: m.pensioners(1996),
    "pensioners_1997": lambda m: m.pensioners(1997),
    "pensioners_1998": lambda m: m.pensioners(1998),
    "pensioners_1999": lambda m: m.pensioners(1999),
    "pensioners_growth": lambda m: m.growth(m.result.pensioners.sum(axis=0)),
    "workers_1996": lambda m: m.resolved.number("population.active_1996") / _THOUSAND,
    "workers_1997": lambda m: m.contributors(1997),
    "workers_1998": lambda m: m.contributors(1998),
    "insured_1996": lambda m: m.resolved.number("population.active_1996") / _THOUSAND,
    "contributors_growth": lambda m: m.growth(m.result.contributors),
    "wage_bill": lambda m: m.old_base(),
    "ivcm_quotas": lambda m: m.old_base() * m.old_rate("employer", "worker", "state"),
    "ivcm_state_share": lambda m: _PERCENT * m.old_rate("state") / m.old_rate("employer", "worker", "state"),
    "state_health_1998": lambda m: (
        float(m.result.memo[MEMO_ITEMS.index("state_health_insurance"), m.at(1998)]) / _THOUSAND_MILLION
    ),
    "disability_quotas_1998": lambda m: _of("iv", m.result, m.at(1998)) / _THOUSAND_MILLION,
    "disability_awards": lambda m: m.awards_of_disability_and_life(),
    "occupational_quotas": lambda m: NONE,
    "service_of_awards": lambda m: m.service(),
    "guarantee_over_wage": lambda m: (
        _PERCENT
        * m.resolved.path("guarantee.mpg", m.result.years[:1])[0]
        / (m.resolved.number("population.average_wage_mw") * m.resolved.number("economy.minimum_wage_daily"))
    ),
    "quota_over_wages": lambda m: _PERCENT * _of("social_quota", m.result, 0) / float(m.result.wage_bill[0]),
    "cost_of_pensions": lambda m: m.cost_in_december(),
    "coverage_1996": lambda m: NONE,
    "coverage_2025": lambda m: NONE,
    "first_deficit": lambda m: float(first_deficit(m.of_1994.years, cash_flow(m.of_1994).balance) or NONE),
    "reserve_spent": lambda m: float(exhausted(m.of_1994.years, cash_flow(m.of_1994).reserve) or NONE),
}


def compared(overlays: Sequence[str | Path] = (), sets: Mapping[str, Any] | None = None) -> list[Row]:
    """Every fact beside the statutory basis of one scenario, in the order of the file.

    Parameters
    ----------
    overlays, sets
        As for :func:`assumptions.load`.
    """
    model = _Model(overlays, sets or {})
    rows = []
    for fact in facts():
        number = float(MODEL[fact.item](model))
        rows.append(Row(fact, number, fact.holds(number)))
    return rows


__all__ = ["BASIS", "MODEL", "SCENARIO", "Row", "compared"]
