"""The reform against no reform: what the treasury pays and loses, and what it no longer has to pay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from engine.balance.valuation import Valuation, value
from engine.labels import STATE
from engine.prepare import contributions
from engine.prepare.balance import reform_enacted

Float = NDArray[np.float64]

LINES = (
    "pensions_no_reform",
    "contributions_no_reform",
    "pensions_reform",
    "state_contributions",
    "contributions_kept",
    "lost_contributions",
    "lost_contributions_of_state",
    "net_cash_cost",
    "net_fiscal_cost",
    "net_cash_cost_gross",
    "net_fiscal_cost_gross",
)


@dataclass(frozen=True)
class Comparison:
    """Flows of the same years with and without the reform, pesos of the price base a year.

    Attributes
    ----------
    reform, no_reform : Valuation
    lines : dict of str to float64 (year,)
        By :data:`LINES`. ``pensions`` are those of the scheme and, under the reform, what the State adds by the guarantee;
        without occupational risk in both. ``contributions_kept``: premiums of disability and life of transition workers,
        whose pensions are among the acquired rights, and pensioners' health. ``lost_contributions``: those of the old law,
        all branches, less the kept ones; ``lost_contributions_of_state`` is what of them the State paid to an insurance of
        its own, no loss to the two together. ``net_cash_cost``: pensions and contributions of the State, plus the
        contributions lost of others. ``net_fiscal_cost``: that, less the pensions that the old system would have paid.
        ``_gross``: the same with all lost contributions.
    begins : int
        First year counted in which the reform is in force; before it the two are the same.
    """

    reform: Valuation
    no_reform: Valuation
    lines: dict[str, Float]
    begins: int

    @property
    def present_values(self) -> dict[str, float]:
        """Present value of every line."""
        return {name: float(self.reform.present_value(line)) for name, line in self.lines.items()}

    @property
    def break_even_year(self) -> int | None:
        """First year from which on the reform never costs more than the old system, or None."""
        costs = (self.lines["net_fiscal_cost"] > 0.0) & (self.reform.years >= self.begins)
        if not costs.any():
            return self.begins
        after = int(np.flatnonzero(costs)[-1]) + 1
        return int(self.reform.years[after]) if after < self.reform.years.size else None

    @property
    def paid_back_year(self) -> int | None:
        """First year by which savings, at the discount rate, have made up for the costs before; None within the horizon."""
        sums = np.cumsum(self.lines["net_fiscal_cost"] * self.reform.discount)
        found = np.flatnonzero((sums <= 0.0) & (self.reform.years >= self.begins))
        return int(self.reform.years[found[0]]) if found.size else None


def compare(resolved: Resolved) -> Comparison:
    """Value a reform, and the same assumptions without it, at the state's date.

    Raises
    ------
    AssumptionError
        If the reform is not enacted.
    """
    reform_enacted(resolved, "there is no reform to compare")
    reform = value(resolved)
    without = value(resolved.with_values({"reform.enacted": False}))
    old_pensions = without.scheme_pensions.sum(axis=0)
    old_contributions = without.contributions.sum(axis=(0, 1))
    pensions = reform.scheme_pensions.sum(axis=0)
    state = reform.state_contributions.sum(axis=0)
    kept = (
        reform.transition_premiums
        + reform.health_premiums.sum(axis=0)
        + reform.contributions.sum(axis=(0, 1))
    )
    lost = old_contributions - kept
    own = _paid_to_itself(resolved, reform, old_contributions)
    gross = pensions + state + lost
    found = (
        old_pensions,
        old_contributions,
        pensions,
        state,
        kept,
        lost,
        own,
        gross - own,
        gross - own - old_pensions,
        gross,
        gross - old_pensions,
    )
    lines = dict(zip(LINES, found, strict=True))
    begins = max(resolved.date("reform.date").year, int(reform.years[0]))
    return Comparison(reform, without, lines, begins)


def _paid_to_itself(resolved: Resolved, reform: Valuation, old_contributions: Float) -> Float:
    """What the State no longer pays to an insurance of its own, pesos, float64 (year,).

    Its share of the old contributions, less its shares of what goes on: pensioners' health and, where that is no cost of
    the reform, disability and life of transition workers.
    """
    rates = contributions.rates(resolved, reform.years)
    goes_on = reform.health_premiums.sum(axis=0) + reform.contributions.sum(axis=(0, 1))
    own: Float = rates.old_ivcm[STATE] / sum(rates.old_ivcm) * (old_contributions - goes_on)
    if not rates.proportional_counts:
        own = own - rates.iv[STATE] / sum(rates.iv) * reform.transition_premiums
    return own
