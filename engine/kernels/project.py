"""The projection of one case: its arrays for results are made, and the kernel is chosen that can follow its rules."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import reduce

import numpy as np

from cohorts.axes import N_ACCOUNTS, N_BASES, N_GENERATIONS, N_REGIMES, N_TYPES
from engine.kernels import layout as at
from engine.kernels.flows import PARTS, add_flows
from engine.kernels.layout import Buffers, new_buffers
from engine.kernels.plain import add_flows_by_award
from engine.kernels.types import Flows, Inputs, Rules
from engine.kernels.welfare import WelfareFund, add_complements


def banded(rules: Rules) -> bool:
    """Whether any contribution depends on the wage otherwise than through its ceiling."""
    return max(len(bands.upper) for bands in (rules.severance_employer, rules.quota)) > 1


def project_flows(inputs: Inputs, with_detail: bool, by_award: bool = False, workers: int = 1) -> Flows:
    """Flows of one case.

    Parameters
    ----------
    inputs : Inputs
    with_detail : bool
        Whether acquired rights are also kept by birth year, sex and wage group.
    by_award : bool
        Whether every award is followed for itself, as where pensions in payment depend on their own level; slower.
    workers : int
        Threads. Results do not depend on it.

    Returns
    -------
    Flows
    """
    detailed = inputs.population.relative_wage.shape[0] if with_detail else 0
    add = add_flows_by_award if by_award or inputs.economy.indexing.by_level else add_flows

    def work(part: int) -> Flows:
        flows = _nothing(inputs.rules, detailed)
        add(inputs, _buffers(inputs), part, flows)
        return flows

    # What is compiled yet to be is compiled in this thread: in another one it takes seconds longer.
    if workers > 1 and add.ready:
        with ThreadPoolExecutor(PARTS - 1) as pool:
            others = [pool.submit(work, part) for part in range(1, PARTS)]
            found = [work(0), *(other.result() for other in others)]
    else:
        found = [work(part) for part in range(PARTS)]
    return Flows(*(reduce(np.add, sums) for sums in zip(*found, strict=True)))


def _nothing(rules: Rules, levels: int) -> Flows:
    """Flows of nobody."""
    years = rules.years
    return Flows(
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
        np.zeros((levels, years)),
    )


def _buffers(inputs: Inputs) -> Buffers:
    levels = int(np.diff(inputs.population.level_start).max(initial=1))
    return new_buffers(levels, inputs.rules.past, inputs.rules.years, inputs.payments.total.shape[4])


def project_complements(inputs: Inputs, fund: WelfareFund) -> np.ndarray:
    """What a welfare fund would add to pensions in each year, pesos, and to how many pensions, float64 (2, year)."""
    found = np.zeros((2, inputs.rules.years))
    if fund.enacted:
        add_complements(inputs, fund, _buffers(inputs), found)
    return found
