"""An alternative reading: accounts as though the new law had been in force during the whole career."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from cohorts import axes
from cohorts.careers import reference_minimum_wage
from cohorts.records import Population
from engine.prepare import economy, rules, wage_bands

Float = NDArray[np.float64]


def with_career_balances(resolved: Resolved, population: Population, past: int) -> Population:
    """The population with balances that past service would have built under the new law.

    Wages are rolled back at the real rate of the history; contributions, ceilings and returns are those of the first year. A
    career of ``h`` years of service lasted ``h`` / density calendar years, a last fraction of a year counting pro rata.
    """
    first = np.array([int(resolved.number("reform.first_year"))])
    fund = float(economy.account_return(resolved, "funds.rcv_return", first)[0])
    housing = float(resolved.path("funds.infonavit_return", first)[0])
    ceilings = {
        axes.ACCOUNT_RETIREMENT: float(resolved.path("contributions.ceiling_retirement", first)[0]),
        axes.ACCOUNT_SEVERANCE: float(resolved.path("contributions.ceiling_ceav", first)[0]),
        axes.ACCOUNT_HOUSING: float(resolved.path("contributions.ceiling_infonavit", first)[0]),
    }
    terms = rules.rules(resolved, first, past)
    rate: dict[int, Callable[[Float], Float]] = {
        axes.ACCOUNT_RETIREMENT: lambda wage: wage_bands.at(terms.retirement, wage, 0),
        axes.ACCOUNT_SEVERANCE: lambda wage: wage_bands.at(terms.severance, wage, 0),
        axes.ACCOUNT_HOUSING: lambda wage: np.full_like(wage, terms.housing_rate[0]),
    }
    minimum = reference_minimum_wage(resolved)
    back = 1.0 + resolved.number("economy.real_wage_growth_history")
    floor = resolved.number("population.wage_floor_mw") * minimum
    block_group = np.repeat(np.arange(population.age.size), np.diff(population.block_start))
    cell_block = np.repeat(np.arange(population.entry.size), np.diff(population.cell_start))
    wage = np.maximum(
        population.relative_wage[population.level_start[block_group[cell_block]] + population.level]
        * population.mean_wage[block_group[cell_block], past],
        floor,
    )
    density = population.density[block_group[cell_block]]
    years = population.service[cell_block] / density
    balance = population.balance.copy()
    for j in range(1, int(np.ceil(years.max(initial=0.0))) + 1):
        weight = np.clip(years - (j - 1), 0.0, 1.0) * density
        for account, ceiling in ceilings.items():
            annual_return = housing if account == axes.ACCOUNT_HOUSING else fund
            balance[:, account] += (
                weight
                * rate[account](wage * back**-j)
                * np.minimum(wage * back**-j, ceiling * minimum)
                * (1.0 + annual_return) ** (j - 1)
            )
        quota = wage_bands.at(terms.quota, wage * back**-j, 0) * (density if terms.credit_by_density else 1.0)
        balance[:, axes.ACCOUNT_QUOTA] += weight / density * quota * (1.0 + fund) ** (j - 1)
    return population._replace(balance=balance)
