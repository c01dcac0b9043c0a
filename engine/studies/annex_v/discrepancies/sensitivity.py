"""The Ministry's own sensitivities (Annex V, section D), run again on the two bases.

`examples/sweeps` ships them as sweeps; the same changes are made here.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.special import ndtr

from assumptions.report import said
from engine.studies.annex_v.discrepancies.row import Figures
from engine.studies.annex_v.series import LOW_INFLATION, PERCENT, Float, Runs, Tables

BASES: Final = ("published", "statutory")
SHOWN: Final = (*LOW_INFLATION, "3A")
SIGMA: Final = "population.wage_sigma"


def total(r: Runs, basis: str, code: str, **changes: object) -> Float:
    """Total cost, percent of GDP, by year."""
    case = r.case(basis, code, **changes)
    found: Float = PERCENT * case.cost.sum(axis=0) / case.gdp
    return found


def rise(r: Runs, basis: str, code: str, **changes: object) -> float:
    """Rise of the total cost of all years, in percent of it."""
    base = total(r, basis, code).sum()
    return float(PERCENT * (total(r, basis, code, **changes).sum() / base - 1.0))


def parallel(r: Runs) -> float:
    """Growth of the real minimum wage that is that of real wages."""
    return float(r.resolved("published", "1B").path("economy.real_wage_growth", np.array([1997]))[0])


def spread(r: Runs) -> tuple[float, float]:
    """Spread of wages as it is, and the largest that the register of assumptions allows for."""
    pack = r.resolved("statutory", "1B")
    bounds = pack.item(SIGMA).range
    assert bounds is not None
    return pack.number(SIGMA), float(bounds[1])


def sensitivity_minimum_wage(t: Tables, r: Runs) -> Figures:
    growth = parallel(r)
    given = {"economy__real_minimum_wage_growth": growth}
    return {
        "stated, percent of the cost": said("sensitivity_minimum_wage"),
        "growth of wages, fraction a year": growth,
        **{
            f"{basis} rise {code}, percent of the cost": rise(r, basis, code, **given)
            for basis in BASES
            for code in SHOWN
        },
    }


def sensitivity_distribution(t: Tables, r: Runs) -> Figures:
    now, wide = spread(r)
    mean = r.resolved("statutory", "1B").number("population.average_wage_mw")

    def up_to_two(sigma: float) -> float:
        return float(ndtr((np.log(2.0 / mean) + sigma**2 / 2.0) / sigma))

    return {
        "stated, percent of the cost": said("sensitivity_distribution"),
        "spread of wages, ratio": now,
        "wider spread of wages, ratio": wide,
        "up to two minimum wages, ratio": up_to_two(now),
        "up to two minimum wages with the wider spread, ratio": up_to_two(wide),
        **{
            f"{basis} rise {code}, percent of the cost": rise(r, basis, code, population__wage_sigma=wide)
            for basis in BASES
            for code in SHOWN
        },
    }


def summary(figures: dict[str, Figures]) -> Figures:
    """Smallest and largest rises of both sensitivities over bases and scenarios."""
    found: Figures = {}
    for key, name in (
        ("sensitivity_minimum_wage", "minimum wage"),
        ("sensitivity_distribution", "distribution"),
    ):
        own = figures[key]
        found[f"stated {name}, percent of the cost"] = own["stated, percent of the cost"]
        rises = {label: value for label, value in own.items() if " rise " in label}
        parts = {"": rises}
        for series in "BA":
            parts[f" {series}"] = {k: v for k, v in rises.items() if f"{series}," in k}
        for label, part in parts.items():
            found[f"{name} smallest{label}, percent of the cost"] = min(part.values())
            found[f"{name} largest{label}, percent of the cost"] = max(part.values())
    return found


__all__ = [
    "parallel",
    "rise",
    "sensitivity_distribution",
    "sensitivity_minimum_wage",
    "spread",
    "summary",
    "total",
]
