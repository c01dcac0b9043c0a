"""Acquired rights: what the State pays to workers of the transition and their survivors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cohorts import axes
from engine.components import replica
from engine.components.reconstructed import by_type
from engine.kernels.types import Flows
from engine.prepare.contributions import Rates
from engine.prepare.financing import POOLED, Replicas
from engine.reconstruction import Reconstructed

Float = NDArray[np.float64]


def acquired_rights(
    funded: Flows,
    due: Float,
    anchor: Float,
    replicas: Replicas,
    housing_use: str,
    housing_of_transition: Float,
    reconstructed: Reconstructed | None,
) -> Float:
    """Acquired rights by type of pension, pesos, float64 (pension_type, year).

    ``funded`` are the flows of the projection that a replica factor is applied to, or else the flows themselves.
    """
    # Later entrants hold old-law rights only where there is no reform.
    paid = funded.cost[axes.PRESENT].sum(axis=0) + funded.cost[axes.FUTURE, axes.OLD_LAW]
    rights: Float = replica.rights(paid, replicas) * due
    if reconstructed is not None:
        return by_type(reconstructed.rights.sum(axis=0), rights)
    if housing_use == POOLED:
        rights = _less(rights, housing_of_transition)
    return rights * anchor


def housing_of_transition(flows: Flows, rates: Rates, in_force: Float) -> Float:
    """Housing contributions of workers of the transition, pesos, float64 (year,)."""
    base: Float = flows.covered_wages[axes.PRESENT, axes.BASE_HOUSING]
    return rates.housing * base * in_force


def _less(rights: Float, pooled: Float) -> Float:
    """Rights less what pays for them in the year, never below nil; every type bears its share."""
    total = rights.sum(axis=0)
    left = np.maximum(0.0, total - pooled)
    part: Float = np.divide(left, total, out=np.zeros_like(total), where=total > 0.0)
    return rights * part
