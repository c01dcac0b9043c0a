"""Pensions that were in payment at the state's date."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cohorts.pensioners import Ongoing

Float = NDArray[np.float64]


def ongoing_pensions(ongoing: Ongoing, ongoing_index: Float, due: Float, anchor: Float) -> Float:
    """Pensions in payment, pesos, float64 (year,)."""
    cost: Float = ongoing.units.sum(axis=0) * ongoing_index * due * anchor
    return cost
