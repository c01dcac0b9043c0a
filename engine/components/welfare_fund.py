"""What a welfare fund would pay beside the costs, and what it lacks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.kernels.types import Economy
from engine.kernels.welfare import WelfareFund

Float = NDArray[np.float64]


def welfare_fund(complements: Float, fund: WelfareFund, economy: Economy) -> Float:
    """Complements to pensions, and what of them the fund cannot pay, pesos, float64 (2, year).

    In a year the inflow comes first, then complements are paid as far as the fund suffices; the rest earns what accounts do.
    """
    due = complements[0]
    lacking = np.zeros_like(due)
    balance = fund.balance
    for t in range(fund.first_year, due.size if fund.enacted else 0):
        balance += fund.inflow[t]
        lacking[t] = max(0.0, due[t] - balance)
        balance = (balance - due[t] + lacking[t]) * (1.0 + economy.fund_return[t])
    return np.stack([due, lacking])


__all__ = ["welfare_fund"]
