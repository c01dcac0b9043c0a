"""Bounded least squares from several starts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.calibrate.objective import Objective

Float = NDArray[np.float64]

# Forward differences, in steps worth noticing: well above rounding, well below anything seen.
_DIFFERENCE: Final = 1e-4
_TOLERANCE: Final = 1e-5
_ROUGH: Final = 1e-2
_INSIDE: Final = 1e-6
# Two starts that end this close in the objective ended in the same place; the earlier one counts.
SAME: Final = 1e-3
_AT_BOUND: Final = 1e-3

COMMITTED, COLD, RANDOM = "committed values", "cold start", "random start"


@dataclass(frozen=True)
class Start:
    """One start: where it began, what the objective was and became, iterations, and whether it came to rest."""

    kind: str
    began: float
    ended: float
    iterations: int
    converged: bool
    z: Float


def jacobian(function: Callable[[Float], Float], objective: Objective, z: Float) -> Float:
    """Forward differences of a vector function, away from the nearest bound, float64 (residual, parameter)."""
    here = function(z)
    out = np.empty((here.size, z.size))
    for n in range(z.size):
        step = _DIFFERENCE if z[n] + _DIFFERENCE <= objective.upper[n] else -_DIFFERENCE
        moved = z.copy()
        moved[n] += step
        out[:, n] = (function(moved) - here) / step
    return out


def starting_points(objective: Objective) -> list[tuple[str, Float]]:
    """Kinds and coordinates of all starts, the same for the same seed."""
    settings = objective.settings
    zero = np.zeros(objective.origin.size)
    cold = objective.point([f.cold(objective.cases[next(iter(objective.cases))]) for f in objective.free])
    cold = np.clip(cold, objective.lower, objective.upper)
    random = np.random.default_rng(settings.seed)
    points = [(COMMITTED, zero), (COLD, cold)][: settings.starts]
    for _ in range(settings.starts - len(points)):
        points.append((RANDOM, cold + settings.spread * random.standard_normal(zero.size)))
    return points


def run(
    objective: Objective,
    *,
    workers: int = 1,
    on_step: Callable[[int, int, float], object] | None = None,
) -> list[Start]:
    """Fit from every start.

    Parameters
    ----------
    objective : Objective
    workers : int
        Threads; the result does not depend on their number.
    on_step : callable, optional
        Called with the start's number, its iterations so far and the objective's value.

    Returns
    -------
    list of Start
        In the order of the starts.
    """
    points = starting_points(objective)
    lock = threading.Lock()

    def report(number: int, iteration: int, value: float) -> None:
        if on_step is not None:
            with lock:
                on_step(number, iteration, value)

    def one(number: int) -> Start:
        kind, z = points[number]
        return _from(objective, kind, z, lambda iteration, value: report(number, iteration, value))

    with ThreadPoolExecutor(max_workers=max(1, min(workers, len(points)))) as pool:
        return list(pool.map(one, range(len(points))))


def best(starts: list[Start]) -> Start:
    """The lowest objective; of those equal to within :data:`SAME`, the earliest."""
    lowest = min(start.ended for start in starts)
    return next(start for start in starts if start.ended <= lowest * (1.0 + SAME))


def _from(objective: Objective, kind: str, z: Float, report: Callable[[int, float], object]) -> Start:
    width = objective.upper - objective.lower
    inside = np.clip(z, objective.lower + _INSIDE * width, objective.upper - _INSIDE * width)
    first = objective.residuals(inside)
    steps = 0

    def descend(
        function: Callable[[Float], Float], at: Float, tolerance: float, most: int
    ) -> tuple[Float, bool]:
        from scipy.optimize import least_squares

        def slopes(here: Float) -> Float:
            nonlocal steps
            steps += 1
            value = objective.residuals(here)
            report(steps, float(value @ value))
            return jacobian(function, objective, here)

        found = least_squares(
            function,
            at,
            jac=slopes,
            bounds=(objective.lower, objective.upper),
            method="trf",
            ftol=tolerance,
            xtol=tolerance,
            gtol=tolerance,
            max_nfev=most,
        )
        return np.asarray(found.x), bool(found.status > 0)

    most = objective.settings.max_iterations
    at = inside
    if kind != COMMITTED:
        # The powers that hold down the largest differences are no guide from afar.
        at, _ = descend(objective.plain, at, _ROUGH, max(1, most // 2))
    at, converged = descend(objective.residuals, at, _TOLERANCE, max(1, most - steps))
    last = objective.residuals(at)
    return Start(kind, float(first @ first), float(last @ last), steps, converged, at)


def at_bounds(objective: Objective, z: Float) -> list[str]:
    """Titles of parameters that ended at a bound, with the bound."""
    width = objective.upper - objective.lower
    found = []
    for n, title in enumerate(objective.titles):
        if z[n] - objective.lower[n] < _AT_BOUND * width[n]:
            found.append(f"{title} at its lower bound")
        elif objective.upper[n] - z[n] < _AT_BOUND * width[n]:
            found.append(f"{title} at its upper bound")
    return found


__all__ = ["COLD", "COMMITTED", "RANDOM", "Start", "at_bounds", "best", "jacobian", "run", "starting_points"]
