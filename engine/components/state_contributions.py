"""Contributions under the new law, by fund and by payer, and those of the State that are a cost of the reform."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cohorts import axes
from cohorts.records import Population
from engine.kernels.types import Flows, Heads
from engine.labels import EMPLOYER, FUNDS, STATE, WORKER
from engine.prepare.contributions import Rates

Float = NDArray[np.float64]


class Contributions(NamedTuple):
    """Contributions of each year, pesos.

    Attributes
    ----------
    by_fund : float64 (fund, year)
    by_payer : float64 (payer, year)
    proportional : float64 (year,)
        The State's shares of severance and old age and of disability and life.
    """

    by_fund: Float
    by_payer: Float
    proportional: Float

    def of(self, fund: str) -> Float:
        """Contributions to one fund, float64 (year,)."""
        row: Float = self.by_fund[FUNDS.index(fund)]
        return row


def social_quota(contributing: Float, population: Population, rates: Rates) -> Float:
    """Social quota of affiliates by block and year where one holds for all wages, pesos, float64 (year,)."""
    if not rates.quota_by_density:
        full: Float = contributing.sum(axis=0) * rates.quota
        return full
    density = of_blocks(population, population.density)
    parts = [contributing[density == one].sum(axis=0) * (rates.quota * one) for one in np.unique(density)]
    found: Float = np.sum(parts, axis=0) if parts else np.zeros_like(rates.quota)
    return found


def of_blocks(population: Population, by_group: Float) -> Float:
    """Values of groups at each of their blocks, float64 (block,)."""
    found: Float = np.repeat(by_group, np.diff(population.block_start))
    return found


def counted_contributors(contributing: Float, population: Population) -> Float:
    """Contributors as the pack counts them (``population.counted``), persons, float64 (year,)."""
    found: Float = (contributing * of_blocks(population, population.counted)[:, None]).sum(axis=0)
    return found


def contributions(
    flows: Flows, heads: Heads, population: Population, rates: Rates, in_force: Float
) -> Contributions:
    """Contributions of all contributors while the new law is in force."""
    covered = flows.covered_wages.sum(axis=0) * in_force
    retirement_base, ceav_base = covered[axes.BASE_RETIREMENT], covered[axes.BASE_SEVERANCE]
    iv_base = covered[axes.BASE_DISABILITY]
    retirement, ceav = rates.retirement * retirement_base, sum(rates.ceav) * ceav_base
    employer = rates.ceav[EMPLOYER] * ceav_base
    net_retirement, net_ceav = rates.net_retirement * retirement_base, rates.net_ceav * ceav_base
    quota = social_quota(heads.contributing, population, rates) * in_force
    if flows.by_wage.shape[0]:
        net_retirement, net_ceav, employer, quota = flows.by_wage.sum(axis=0) * in_force
        ceav = employer + (rates.ceav[WORKER] + rates.ceav[STATE]) * ceav_base
    health = rates.health * iv_base
    housing = rates.housing * covered[axes.BASE_HOUSING]
    by_fund = np.stack(
        [
            net_retirement,
            net_ceav,
            quota,
            housing,
            retirement + ceav - net_retirement - net_ceav,
            sum(rates.iv) * iv_base,
            health,
        ]
    )
    proportional = rates.ceav[STATE] * ceav_base + rates.iv[STATE] * iv_base
    # Health of pensioners is paid in the proportions of the old law's insurance.
    split = health / sum(rates.old_ivcm)
    by_payer = np.stack(
        [
            retirement + employer + rates.iv[EMPLOYER] * iv_base + housing + split * rates.old_ivcm[EMPLOYER],
            rates.ceav[WORKER] * ceav_base + rates.iv[WORKER] * iv_base + split * rates.old_ivcm[WORKER],
            quota + proportional + split * rates.old_ivcm[STATE],
        ]
    )
    return Contributions(by_fund, by_payer, proportional)


def state_contributions(contributions: Contributions, rates: Rates) -> Float:
    """What the State contributes at the reform's cost, pesos, float64 (year,)."""
    quota = contributions.of("social_quota")
    return quota + contributions.proportional if rates.proportional_counts else quota
