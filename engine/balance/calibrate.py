"""Fits the unknowns of the state of 1994 to the report's actuarial balance: ``python -m engine.balance.calibrate``.

Table 2 gives five present values and no assumption behind them. What is unknown moves within the ranges stated in the
overlay `state_1994`; what the report states (contributors, growth, contribution rates, reserve, GDP) stays. The result is
printed as a proposal; a person rounds it, puts it into the overlay and commits it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

import assumptions
from assumptions import Resolved
from engine.balance.actuarial import cash_flow
from engine.balance.compare import PARTS, TABLE, TEXT, printed, table_values
from engine.balance.valuation import value

Float = NDArray[np.float64]

OVERLAY = "state_1994"
SCENARIO = "0B"
UNKNOWNS = ("pensions.ongoing_level_mw", "balance.discount_rate")
HORIZON = ("balance.horizon_years", "balance.entrants_years")
HORIZONS = range(70, 125, 5)
# The year of the first cash deficit counts double: it is IMSS's own, and contributions are those that were collected.
CASH_WEIGHT = 2.0
# Relative deviations that count as one: of a part, of the deficit, of pensions over contributions in the year.
_PART, _DEFICIT, _CASH = 0.1, 0.05, 0.1
# Keeps what the targets do not determine near its start: a whole range away counts as half a target.
_PRIOR = 0.5
# Parts of a range: where a search may begin, its first step, and what is too near an end.
_EDGE, _STEP, _AT_AN_END = 1e-6, 1e-2, 1e-3
# Every part of Table 2 has to be so near, relative to print, at the shortest horizon.
_NEAR = 0.2


def starting_point() -> Resolved:
    """Scenario without reform from the state of 1994, with a balance."""
    return assumptions.load(SCENARIO, overlays=[OVERLAY], sets={"balance.computed": True}).resolve(
        "statutory"
    )


def residuals(resolved: Resolved, cash_weight: float = CASH_WEIGHT) -> Float:
    """Deviations from Table 2 and from a cash balance of nil in the year of IMSS's first deficit, in the units above."""
    valuation = value(resolved)
    model, target, text = table_values(valuation), printed(TABLE), printed(TEXT)
    flows = cash_flow(valuation)
    at = int(text["first_deficit_imss"]) - int(valuation.years[0])
    out = [math.log(model[name] / target[name]) / _PART for name in PARTS]
    out.append(math.log(max(model["deficit"], 1.0) / target["deficit"]) / _DEFICIT)
    out.append(cash_weight * math.log(flows.pensions[at] / flows.contributions[at]) / _CASH)
    return np.array(out)


def at(resolved: Resolved, values: Sequence[float]) -> Resolved:
    """The pack with other values of the unknowns."""
    return resolved.with_values(dict(zip(UNKNOWNS, values, strict=True)))


def starts(resolved: Resolved) -> Float:
    """Starting values of the unknowns, as the overlay states them."""
    return np.array([float(resolved.item(name).start) for name in UNKNOWNS])


def ranges(resolved: Resolved) -> tuple[Float, Float]:
    """Lower and upper ends of the unknowns, as the overlay states them."""
    found = [resolved.item(name).range or (math.nan, math.nan) for name in UNKNOWNS]
    return np.array([low for low, _ in found]), np.array([high for _, high in found])


def with_horizon(resolved: Resolved, years: int) -> Resolved:
    """The pack with flows and entrants counted for another number of years."""
    return resolved.with_values(dict.fromkeys(HORIZON, float(years)))


class Fit(NamedTuple):
    """Fitted values by name, half the sum of squared deviations, and the unknowns that lie at an end of their range."""

    values: dict[str, float]
    cost: float
    at_an_end: tuple[str, ...]


def fit(
    resolved: Resolved,
    cash_weight: float = CASH_WEIGHT,
    evaluations: int = 30,
    from_values: Float | None = None,
) -> Fit:
    """Best values of the unknowns within their ranges.

    Parameters
    ----------
    resolved : Resolved
        See :func:`starting_point`.
    cash_weight : float
        Weight of the year of the first cash deficit; 0 fits Table 2 alone.
    evaluations : int
        Most steps of the search.
    from_values : float64 (unknown,), optional
        Where the search begins; the starting values of the overlay by default.
    """
    low, high = ranges(resolved)
    start = starts(resolved)
    width = high - low

    def deviations(x: Float) -> Float:
        return np.concatenate(
            [residuals(at(resolved, x.tolist()), cash_weight), _PRIOR * (x - start) / width]
        )

    first = start if from_values is None else from_values
    inside = np.clip(first, low + _EDGE * width, high - _EDGE * width)
    found = least_squares(
        deviations, inside, bounds=(low, high), x_scale=width, diff_step=[_STEP], max_nfev=evaluations
    )
    near = np.minimum(found.x - low, high - found.x) < _AT_AN_END * width
    return Fit(
        dict(zip(UNKNOWNS, map(float, found.x), strict=True)),
        float(found.cost),
        tuple(name for name, end in zip(UNKNOWNS, near, strict=True) if end),
    )


def main() -> int:
    """Fit for each horizon and print a proposal for the overlay, with the distance from each printed item."""
    resolved = starting_point()
    proposal, target = None, printed(TABLE)
    for years in HORIZONS:
        found = fit(with_horizon(resolved, years))
        model = table_values(value(at(with_horizon(resolved, years), list(found.values.values()))))
        farthest = max(abs(model[name] / target[name] - 1.0) for name in PARTS)
        ends = ", ".join(found.at_an_end) or "none"
        print(
            f"# {years} years: half the squared deviations {found.cost:.2f}; farthest part {farthest:.0%}; at an end of its"
            f" range: {ends}"
        )
        if proposal is None and not found.at_an_end and farthest <= _NEAR:
            proposal = years, found
    if proposal is None:
        print("# no horizon brings every part near and leaves every unknown inside its range")
        return 1
    years, found = proposal
    for name in HORIZON:
        print(f"{name} = {years}")
    for name, number in found.values.items():
        print(f"{name} = {number:.4g}")
    model = table_values(value(at(with_horizon(resolved, years), list(found.values.values()))))
    for name in (*PARTS, "deficit"):
        print(
            f"# {name}: {model[name]:.2f}, printed {target[name]:.2f} ({model[name] / target[name] - 1:+.1%})"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
