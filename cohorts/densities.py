"""Densities of contributions: how much of every year affiliates contribute, by class, and what a count of persons counts.

An affiliate has an account and rights; on a day those who contribute are the affiliates times their mean density. Service,
weeks and accounts of an affiliate grow with the density of his class.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved

Float = NDArray[np.float64]

DENSITY = "contributions.density"
CLASSES = "contributions.density_classes"
_TOLERANCE = 1e-9


class Classes(NamedTuple):
    """Classes of affiliates from the least dense to the densest.

    Attributes
    ----------
    share, density : float64 (class,)
        Of affiliates, and of every year.
    mean : float
        Mean density of affiliates.
    correlation : float
        Share of affiliates whose class goes with their place among wages; negative, with the opposite place.
    """

    share: Float
    density: Float
    mean: float
    correlation: float

    @property
    def relative(self) -> Float:
        """Densities over their mean; 1 where nobody contributes."""
        return self.density / self.mean if self.mean > 0.0 else np.ones(self.density.size)

    def at_rank(self, rank: float) -> Float:
        """Probability of each class at a place among wages, 0 the lowest and 1 the highest, float64 (class,)."""
        place = rank if self.correlation >= 0.0 else 1.0 - rank
        held = int(np.searchsorted(np.cumsum(self.share)[:-1], place, side="right"))
        weight = abs(self.correlation)
        found: Float = (1.0 - weight) * self.share
        found[held] += weight
        return found

    def of_wages(self, n: int) -> Float:
        """Shares of ``n`` equally large wage groups in each class, float64 (class, wage); each row sums to 1."""
        upper = np.concatenate([[0.0], np.cumsum(self.share)])
        upper[-1] = 1.0
        if self.share.size == 1:
            return np.full((1, n), 1.0 / n)
        edges = np.arange(n + 1) / n
        edges = edges if self.correlation >= 0.0 else 1.0 - edges[::-1]
        common = np.minimum(upper[1:, None], edges[None, 1:]) - np.maximum(upper[:-1, None], edges[None, :-1])
        together = np.maximum(common, 0.0)
        together = together if self.correlation >= 0.0 else together[:, ::-1]
        weight = abs(self.correlation)
        found = (1.0 - weight) * self.share[:, None] / n + weight * together
        of_class: Float = found / found.sum(axis=1, keepdims=True)
        return of_class


def classes(resolved: Resolved) -> Classes:
    """Classes of a resolved pack: relative densities times one factor, none above a whole year, with the mean that is given.

    Raises
    ------
    AssumptionError
        If the shares do not sum to 1, or a class has nobody, no density or less than the one before.
    """
    share, relative = resolved.table(CLASSES).values.T
    mean = resolved.number(DENSITY)
    if abs(float(share.sum()) - 1.0) > _TOLERANCE or (share <= 0.0).any():
        listed = ", ".join(f"{part:g}" for part in share)
        raise AssumptionError.single(CLASSES, f"shares {listed}", "shares above 0 that sum to 1")
    if (relative <= 0.0).any() or (np.diff(relative) <= 0.0).any():
        listed = ", ".join(f"{part:g}" for part in relative)
        raise AssumptionError.single(
            CLASSES, f"relative densities {listed}", "densities above 0, each class above the one before"
        )
    return Classes(
        share,
        _with_mean(share, relative, mean),
        mean,
        resolved.number("contributions.density_wage_correlation"),
    )


def _with_mean(share: Float, relative: Float, mean: float) -> Float:
    """Densities in the given proportions, those beyond a whole year held at it, with the given mean."""
    free = np.ones(share.size, dtype=bool)
    density = np.ones(share.size)
    for _ in range(share.size):
        left = mean - float(share[~free].sum())
        factor = left / float((share * relative)[free].sum())
        beyond = free & (factor * relative > 1.0 + _TOLERANCE)
        if not beyond.any():
            density[free] = np.minimum(factor * relative[free], 1.0)
            break
        free &= ~beyond
        if not free.any():
            break
    return density


def counts_contributors(resolved: Resolved) -> bool:
    """Whether numbers of persons are those who contribute on a day, and not affiliates."""
    return resolved.switch("basis.population_counts") == "contributors"


def counted(resolved: Resolved) -> float:
    """Persons counted for which the mean affiliate stands.

    Raises `AssumptionError` where contributors are counted and nobody contributes.
    """
    if not counts_contributors(resolved):
        return 1.0
    density = resolved.number(DENSITY)
    if density == 0.0:
        raise AssumptionError.single(
            DENSITY,
            "0: contributors on a day would be no affiliates",
            "above 0, or basis.population_counts = affiliates",
        )
    return density


__all__ = ["CLASSES", "DENSITY", "Classes", "classes", "counted", "counts_contributors"]
