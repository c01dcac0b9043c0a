"""The welfare fund of a resolved pack."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from engine.kernels.welfare import WelfareFund

Int = NDArray[np.int64]


def welfare_fund(resolved: Resolved, years: Int) -> WelfareFund:
    """Whom the fund complements, up to what, and what it has."""
    first = max(0, int(resolved.number("welfare_fund.first_year")) - int(years[0]))
    return WelfareFund(
        enacted=resolved.flag("welfare_fund.enacted"),
        first_year=first,
        age=resolved.number("welfare_fund.age"),
        ceiling=np.ascontiguousarray(
            resolved.path("welfare_fund.ceiling", years) * resolved.number("economy.days_per_year")
        ),
        balance=resolved.number("welfare_fund.balance"),
        inflow=np.array(resolved.path("welfare_fund.inflow", years)),
    )


__all__ = ["welfare_fund"]
