"""Housing balances that old-law pensioners had handed over, and that the State gives back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.kernels.types import Economy, Flows

Float = NDArray[np.float64]


def housing_repaid(flows: Flows, housing_repayment: Float, economy: Economy, past: int) -> Float:
    """What the State repays, pesos, float64 (year,): parts of all that was handed over before the first year of repayment.

    What was handed over earned nothing from then on: it is repaid in the money of its award.
    """
    repaid: Float = np.zeros_like(housing_repayment)
    paying = np.flatnonzero(housing_repayment > 0.0)
    if not paying.size:
        return repaid
    prices = economy.price_average[past : past + repaid.size]
    before = slice(0, int(paying[0]))
    due = (flows.housing_surrendered.sum(axis=0)[before] * prices[before]).sum()
    repaid = housing_repayment * due / prices
    return repaid


__all__ = ["housing_repaid"]
