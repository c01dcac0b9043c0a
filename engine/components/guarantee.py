"""The minimum pension guarantee of workers who first contribute under the new law."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cohorts import axes
from engine.components import replica
from engine.kernels.types import Flows
from engine.prepare.financing import Replicas
from engine.reconstruction import Reconstructed

Float = NDArray[np.float64]


def mpg_new_workers(
    flows: Flows, due: Float, replicas: Replicas, reconstructed: Reconstructed | None
) -> Float:
    """Guarantee by type of pension, pesos, float64 (pension_type, year)."""
    if reconstructed is not None:
        return replica.guarantee(reconstructed.guarantee)
    if replicas.guarantee is not None:
        return replica.guarantee(replicas.guarantee)
    paid: Float = flows.cost[axes.FUTURE, axes.GUARANTEE] * due
    return paid
