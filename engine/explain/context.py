"""A case taken apart: what the formulas of an explanation need, on plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from engine.kernels.types import Economy, Rules
from engine.law import award as law_award
from engine.law import old
from engine.prepare import demography as demographics
from engine.prepare import economy as economy_paths
from engine.prepare import financing, rules
from engine.projection import projected_years

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Context:
    """A case taken apart: what the formulas need, on plain arrays."""

    resolved: Resolved

    @cached_property
    def years(self) -> NDArray[np.int64]:
        return projected_years(self.resolved)

    @cached_property
    def past(self) -> int:
        return rules.history_years(self.resolved)

    @cached_property
    def demography(self) -> demographics.Demography:
        return demographics.build(self.resolved, self.years, self.past)

    @cached_property
    def by_factor(self) -> bool:
        """Whether a replica factor stands for the use of INFONAVIT balances."""
        return financing.housing_use(self.resolved) == financing.FACTOR

    @cached_property
    def plain_economy(self) -> Economy:
        n_durations = self.demography.payments.total.shape[4]
        return economy_paths.build(self.resolved, self.years, self.past, n_durations)

    @cached_property
    def economy(self) -> Economy:
        """Economy of acquired rights: a replica factor is applied to a projection on returns of its own."""
        plain = self.plain_economy
        if not self.by_factor:
            return plain
        span = np.arange(self.years[0], self.years[0] + plain.fund_return.size)
        return plain._replace(**financing.base_returns(self.resolved, span)._asdict())

    def due(self, t: int) -> float:
        """Fraction of the year in which pensions are the State's to pay."""
        return float(economy_paths.pensions_due(self.resolved, self.plain_economy.in_force)[t])

    @cached_property
    def ongoing_index(self) -> Float:
        """What a pension of one minimum wage at the state's date pays in each year, pesos."""
        return economy_paths.ongoing_index(self.resolved, self.plain_economy, self.past, self.years.size)

    def anchor(self, t: int) -> float:
        """Factor on pensions in payment and acquired rights of year ``t``."""
        return float(financing.anchor(self.resolved, self.years)[t])

    @cached_property
    def dated_tables(self) -> old.DatedTables:
        return rules.dated_tables(self.resolved, self.years)

    def tables(self, t: int) -> old.OldLawTables:
        """Tables of the law of 1973 for awards of year ``t``."""
        found: old.OldLawTables = old.tables_of_year.py_func(self.dated_tables, t)
        return found

    def law(self, t: int) -> law_award.Law:
        """The law of awards of year ``t``."""
        return rules.law_of_year(self.rules, t)

    @cached_property
    def rules(self) -> Rules:
        return rules.rules(self.resolved, self.years, self.past)

    def annuities(self, economy: Economy) -> tuple[Float, Float]:
        """Annuity-due values of old-law and of real pensions, float64 (type, sex, age, year)."""
        return demographics.annuities(self.demography, economy, self.years.size)

    def group(self, birth_year: int, sex: int) -> int | None:
        """The first of them, None where there is nobody."""
        return next(iter(self.groups(birth_year, sex)), None)

    def groups(self, birth_year: int, sex: int) -> list[int]:
        """Positions of a birth year and sex among the groups, one for each density."""
        people = self.demography.population
        age = int(self.years[0]) - birth_year
        found: list[int] = np.flatnonzero((people.age == age) & (people.sex == sex)).tolist()
        return found

    def group_of(self, block: int) -> int:
        """Position of a block's group."""
        return int(np.searchsorted(self.demography.population.block_start, block, side="right")) - 1

    def levels(self, group: int) -> slice:
        """Rows of the relative wages of a group."""
        start = self.demography.population.level_start
        return slice(int(start[group]), int(start[group + 1]))
