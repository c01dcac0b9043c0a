"""Percent of GDP, made in one place."""

from __future__ import annotations

from typing import Any, Final, overload

import numpy as np
from numpy.typing import NDArray

PERCENT: Final = 100.0


@overload
def percent_of_gdp(money: float, gdp: float) -> float: ...
@overload
def percent_of_gdp(money: NDArray[np.float64], gdp: NDArray[np.float64]) -> NDArray[np.float64]: ...
def percent_of_gdp(money: Any, gdp: Any) -> Any:
    """Money as a percentage of GDP, both in pesos of the same prices; the last axis of arrays is the year.

    Sums over years are shares of the GDP of the one year that is given.
    """
    return PERCENT * money / gdp
