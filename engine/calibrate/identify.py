"""What the printed figures say about the free parameters, and what they do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.calibrate.fit import jacobian
from engine.calibrate.objective import Objective

Float = NDArray[np.float64]

# A step worth noticing that moves the figures by less than this part of the RMS asked for is not seen in print.
UNSEEN: Final = 0.02
_CLOSE: Final = 0.9
_PART: Final = 0.3
_MOST_PAIRS: Final = 12


@dataclass(frozen=True)
class Direction:
    """A combination of parameters (parts of one step each, large ones only) and how far one step moves the figures.

    ``moves`` is the root mean square over all figures of their change, in units of the RMS asked for.
    """

    moves: float
    parts: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Identification:
    """Identifiability at a solution.

    Attributes
    ----------
    condition, condition_with_penalty : float
        Ratio of the largest to the smallest singular value of the slopes, without and with the penalty.
    parameters : int
    seen : float
        Effective number of parameters that the figures determine once the penalty is in force.
    error : float64 (parameter,)
        Standard error, in steps, if every figure were off by its RMS target, independently; with the penalty in force.
    unseen : tuple of Direction
        Directions that the figures do not show (below :data:`UNSEEN`), the flattest first.
    correlations : tuple of (str, str, float)
        Pairs of parameters whose errors go together, the closest first.
    """

    condition: float
    condition_with_penalty: float
    parameters: int
    seen: float
    error: Float
    unseen: tuple[Direction, ...]
    correlations: tuple[tuple[str, str, float], ...]


def identify(objective: Objective, z: Float) -> Identification:
    """Identifiability at coordinates ``z``."""
    slopes = jacobian(objective.scaled, objective, z)
    bent = jacobian(objective.penalties, objective, z)
    _, singular, directions = np.linalg.svd(slopes, full_matrices=False)
    held = np.linalg.svd(np.concatenate([slopes, bent]), compute_uv=False)
    information = slopes.T @ slopes
    covariance = np.linalg.pinv(information + bent.T @ bent, hermitian=True)
    error = np.sqrt(np.clip(np.diag(covariance), 0.0, None))
    scale = np.where(error > 0.0, error, 1.0)
    correlation = covariance / np.outer(scale, scale)
    moves = singular / np.sqrt(slopes.shape[0])
    unseen = [
        Direction(float(moves[n]), _parts(objective.titles, directions[n]))
        for n in reversed(range(moves.size))
        if moves[n] < UNSEEN
    ]
    pairs = [
        (objective.titles[a], objective.titles[b], float(correlation[a, b]))
        for a in range(z.size)
        for b in range(a + 1, z.size)
        if abs(correlation[a, b]) >= _CLOSE
    ]
    pairs.sort(key=lambda pair: (-abs(pair[2]), pair[0], pair[1]))
    return Identification(
        condition=_ratio(singular),
        condition_with_penalty=_ratio(held),
        parameters=z.size,
        seen=float(np.trace(covariance @ information)),
        error=error,
        unseen=tuple(unseen),
        correlations=tuple(pairs[:_MOST_PAIRS]),
    )


def _ratio(singular: Float) -> float:
    return float(singular[0] / singular[-1]) if singular.size and singular[-1] > 0.0 else float("inf")


def _parts(titles: tuple[str, ...], direction: Float) -> tuple[tuple[str, float], ...]:
    # the sign of a direction means nothing; its largest part is taken as positive
    order = np.argsort(-np.abs(direction), kind="stable")
    sign = 1.0 if direction[order[0]] >= 0.0 else -1.0
    large = [n for n in order if abs(direction[n]) >= _PART]
    return tuple((titles[n], float(sign * direction[n])) for n in large)


__all__ = ["UNSEEN", "Direction", "Identification", "identify"]
