"""Occupational disabilities by degree, and what they draw on the average."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved

Float = NDArray[np.float64]
Int = NDArray[np.int64]

MONTHS = 12.0
# Between these every mean that the unit allows has its scale.
_SCALES = (1e-3, 1e3)


def of_law(resolved: Resolved, years: Int) -> dict[str, Any]:
    """Fields of :class:`engine.law.old.OldLaw` that say what an occupational disability draws, by name."""
    if resolved.switch("basis.occupational_risks") == "total":
        bonus = resolved.path("law_1973.bonus_months", years) / MONTHS
        return {
            "by_degree": False,
            "indemnity_degree": 0.0,
            "indemnity_years": 0.0,
            "bonus_degree": 0.0,
            "occupational_bonus": bonus,
            "pensioned": 1.0,
            "mean_partial": 0.0,
            "mean_total": 1.0 + bonus,
        }
    bonus = resolved.path("law_1973.occupational_bonus_months", years) / MONTHS
    number = resolved.number
    up_to, above = number("law_1973.indemnity_degree"), number("law_1973.bonus_degree")
    pensioned, drawn, with_bonus, total = shares(number("decrements.occupational_mean_degree"), up_to, above)
    return {
        "by_degree": True,
        "indemnity_degree": up_to,
        "indemnity_years": number("law_1973.indemnity_years"),
        "bonus_degree": above,
        "occupational_bonus": bonus,
        "pensioned": pensioned,
        "mean_partial": (drawn + bonus * with_bonus) / pensioned,
        "mean_total": total * (1.0 + bonus) / pensioned,
    }


def scale(mean: float) -> float:
    """Scale of degrees of which that beyond ``d`` are exp(-d / scale), cut at 1, and the mean is ``mean``."""
    # Halved until there is no number between: scipy takes longer to load than a case to project.
    low, high = _SCALES
    while low < (middle := 0.5 * (low + high)) < high:
        low, high = (middle, high) if middle * -math.expm1(-1.0 / middle) < mean else (low, middle)
    return middle


def shares(mean: float, up_to: float, above: float) -> tuple[float, float, float, float]:
    """Of all disabled: share with a pension, sum of the degrees of the partial ones among these, the same of those with a
    bonus, and the share of the total ones.
    """
    of = scale(mean)

    def beyond(degree: float) -> float:
        """Sum of the degrees from ``degree`` to 1, those of the total ones left out."""
        return float((degree + of) * np.exp(-degree / of) - (1.0 + of) * np.exp(-1.0 / of))

    return float(np.exp(-up_to / of)), beyond(up_to), beyond(max(up_to, above)), float(np.exp(-1.0 / of))
