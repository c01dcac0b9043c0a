"""The projection of one case: its arrays for results are made, and the kernel is chosen that can follow its rules."""

from __future__ import annotations

import numpy as np

from cohorts.axes import N_ACCOUNTS, N_BASES, N_GENERATIONS, N_REGIMES, N_TYPES
from cohorts.records import Decrements, Population
from engine.kernels import layout as at
from engine.kernels.flows import add_flows
from engine.kernels.layout import new_buffers
from engine.kernels.plain import add_flows_by_award
from engine.kernels.types import Economy, Flows, Heads, Payments, Rules
from engine.kernels.welfare import WelfareFund, add_complements
from engine.law.old import DatedTables


def banded(rules: Rules) -> bool:
    """Whether any contribution depends on the wage otherwise than through its ceiling."""
    return max(len(bands.upper) for bands in (rules.severance_employer, rules.quota)) > 1


def project_flows(
    population: Population,
    heads: Heads,
    decrements: Decrements,
    payments: Payments,
    value_old: np.ndarray,
    value_real: np.ndarray,
    economy: Economy,
    tables: DatedTables,
    rules: Rules,
    with_detail: bool,
    by_award: bool = False,
) -> Flows:
    """Flows of one case.

    Parameters
    ----------
    population, heads, decrements, payments, economy, tables, rules
        See :mod:`engine.kernels.types`, :mod:`cohorts.records`, :mod:`engine.law.old`.
    value_old, value_real : float64 (type, sex, age, year)
        Annuity-due of old-law pensions on their index, and of pensions constant in real terms.
    with_detail : bool
        Whether acquired rights are also kept by birth year, sex and wage group.
    by_award : bool
        Whether every award is followed for itself, as where pensions in payment depend on their own level; slower.

    Returns
    -------
    Flows
    """
    years = rules.years
    flows = Flows(
        np.zeros((N_GENERATIONS, N_REGIMES, N_TYPES, years)),
        np.zeros((N_GENERATIONS, N_TYPES, years)),
        np.zeros((N_GENERATIONS, N_TYPES, years)),
        np.zeros((N_GENERATIONS, N_REGIMES, N_TYPES, years)),
        np.zeros((N_GENERATIONS, N_TYPES, years)),
        np.zeros((N_GENERATIONS, N_REGIMES, N_TYPES, years)),
        np.zeros((N_GENERATIONS, N_BASES, years)),
        np.zeros((N_GENERATIONS if banded(rules) else 0, at.N_BY_WAGE, years)),
        np.zeros((N_GENERATIONS, N_ACCOUNTS, years)),
        np.zeros((N_GENERATIONS, years)),
        np.zeros((N_GENERATIONS, years)),
        np.zeros((population.relative_wage.shape[0] if with_detail else 0, years)),
    )
    levels = int(np.diff(population.level_start).max(initial=1))
    buffers = new_buffers(levels, rules.past, years, payments.total.shape[4])
    add = add_flows_by_award if by_award or economy.indexing.by_level else add_flows
    add(
        population, heads, decrements, payments, value_old, value_real, economy, tables, rules, buffers, flows
    )
    return flows


def project_complements(
    population: Population,
    heads: Heads,
    decrements: Decrements,
    payments: Payments,
    value_old: np.ndarray,
    value_real: np.ndarray,
    economy: Economy,
    tables: DatedTables,
    rules: Rules,
    fund: WelfareFund,
) -> np.ndarray:
    """What a welfare fund would add to pensions in each year, pesos, and to how many pensions, float64 (2, year)."""
    found = np.zeros((2, rules.years))
    if fund.enacted:
        levels = int(np.diff(population.level_start).max(initial=1))
        buffers = new_buffers(levels, rules.past, rules.years, payments.total.shape[4])
        add_complements(
            population, heads, decrements, payments, value_old, value_real, economy, tables, rules, fund, buffers,
            found,
        )  # fmt: skip
    return found
