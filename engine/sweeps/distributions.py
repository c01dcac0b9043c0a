"""Distributions of swept values, and rank correlation between them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assumptions.files.cells import quoted
from assumptions.values import is_finite

Float = NDArray[np.float64]

REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "normal": ("mean", "sd"),
    "lognormal": ("mean", "sd"),
}
OPTIONAL: Final[Mapping[str, tuple[str, ...]]] = {
    "uniform": (),
    "triangular": (),
    "normal": ("low", "high"),
    "lognormal": ("low", "high"),
}
_LEAST_MASS: Final = 1e-9
_LEAST_EIGENVALUE: Final = 1e-10
# Quantiles of the design are kept off 0 and 1, where an unbounded distribution has no finite value.
_EDGE: Final = 2.0**-53


@dataclass(frozen=True, slots=True)
class Distribution:
    """A continuous distribution, cut at bounds where there are any.

    Attributes
    ----------
    kind : str
        ``uniform``, ``triangular``, ``normal`` or ``lognormal``.
    low, high : float
        Bounds; infinite where there are none. A cut distribution is the one conditional on lying between them.
    mode : float
        Peak of a triangular distribution.
    mean, sd : float
        Mean and standard deviation of the value itself before any cut, of a lognormal one too (not of its logarithm).
    """

    kind: str
    low: float = -math.inf
    high: float = math.inf
    mode: float = math.nan
    mean: float = math.nan
    sd: float = math.nan

    def _frozen(self) -> Any:
        from scipy import stats

        if self.kind == "uniform":
            return stats.uniform(self.low, self.high - self.low)
        if self.kind == "triangular":
            width = self.high - self.low
            return stats.triang((self.mode - self.low) / width, self.low, width)
        if self.kind == "normal":
            return stats.norm(self.mean, self.sd)
        sigma = math.sqrt(math.log1p((self.sd / self.mean) ** 2))
        return stats.lognorm(sigma, scale=self.mean / math.sqrt(1.0 + (self.sd / self.mean) ** 2))

    def mass(self) -> float:
        """Probability between the bounds before the cut."""
        if self.kind in ("uniform", "triangular"):
            return 1.0
        law = self._frozen()
        return float(law.cdf(self.high) - law.cdf(self.low))

    def quantile(self, probability: Float) -> Float:
        """Value below which a share ``probability`` lies, float64 of the same shape."""
        law = self._frozen()
        inside = np.clip(probability, _EDGE, 1.0 - _EDGE)
        if self.kind in ("normal", "lognormal"):
            below, above = law.cdf(self.low), law.cdf(self.high)
            inside = below + inside * (above - below)
        out: Float = np.clip(np.asarray(law.ppf(inside), dtype=np.float64), self.low, self.high)
        return out

    def describe(self) -> str:
        """One line for attributes and tables."""
        shown = {name: getattr(self, name) for name in ("low", "mode", "high", "mean", "sd")}
        listed = ", ".join(f"{name} {value:g}" for name, value in shown.items() if math.isfinite(value))
        return f"{self.kind} ({listed})"


def parse(raw: object) -> tuple[Distribution | None, list[tuple[str, str]]]:
    """A distribution as written in a sweep file, or all that is wrong with it as (field, message).

    Examples
    --------
    >>> parse({"kind": "uniform", "low": 0.0, "high": 1.0})[0].describe()
    'uniform (low 0, high 1)'
    """
    example = 'distribution = {kind = "uniform", low = 0.02, high = 0.05}'
    if not isinstance(raw, Mapping):
        return None, [("", f"is no table; write {example}")]
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in REQUIRED:
        return None, [("kind", f"{kind!r} is not allowed; allowed are {', '.join(REQUIRED)}")]
    required, optional = REQUIRED[kind], OPTIONAL[kind]
    wrong = [
        (str(key), f"is no key of a {kind} distribution; allowed are {', '.join((*required, *optional))}")
        for key in raw
        if key not in ("kind", *required, *optional)
    ]
    wrong += [
        (name, f"is missing; a {kind} distribution needs {', '.join(required)}")
        for name in required
        if name not in raw
    ]
    found: dict[str, float] = {}
    for name in (*required, *optional):
        if name in raw:
            value = raw[name]
            if isinstance(value, bool) or not isinstance(value, int | float) or not is_finite(value):
                wrong.append((name, f"{quoted(value)} is not a finite number"))
            else:
                found[name] = float(value)
    if wrong:
        return None, wrong
    made = Distribution(kind, **found)
    if made.low >= made.high:
        wrong.append(("high", f"{made.high:g} is not above low, {made.low:g}"))
    if kind == "triangular" and not made.low <= made.mode <= made.high:
        wrong.append(("mode", f"{made.mode:g} is not between low, {made.low:g}, and high, {made.high:g}"))
    if "sd" in required and made.sd <= 0.0:
        wrong.append(("sd", f"{made.sd:g} is not above 0"))
    if kind == "lognormal" and made.mean <= 0.0:
        wrong.append(("mean", f"{made.mean:g} is not above 0"))
    if not wrong and made.mass() < _LEAST_MASS:
        wrong.append(("low", "and high leave (almost) nothing of the distribution between them"))
    return (None, wrong) if wrong else (made, [])


def choice_quantile(values: Sequence[float], probability: Float) -> Float:
    """Equally likely values: that of the stratum in which each probability lies."""
    listed = np.asarray(values, dtype=np.float64)
    place = np.minimum((probability * listed.size).astype(np.int64), listed.size - 1)
    out: Float = listed[place]
    return out


# correlation -------------------------------------------------------------------------------------------------------


def normal_correlation(rank: float) -> float:
    """Correlation of two normal variables whose rank correlation (Spearman) is ``rank``."""
    return 2.0 * math.sin(math.pi * rank / 6.0)


def correlation_matrix(
    size: int, pairs: Sequence[tuple[int, int, float]], ranks: bool
) -> tuple[Float | None, int]:
    """Correlation matrix of normal variables.

    Parameters
    ----------
    size : int
        Number of variables.
    pairs : sequence of (int, int, float)
        Positions of two variables and their correlation; pairs that are not given are uncorrelated.
    ranks : bool
        Whether correlations given are of ranks; else of the normal variables themselves.

    Returns
    -------
    matrix : float64 (variable, variable) or None
        None where it is not positive definite.
    at : int
        Then the pair that contradicts the others most: the largest negative share of the quadratic form along the direction
        in which it is negative, the last of equals. -1 otherwise.
    """
    matrix = np.eye(size)
    for i, j, value in pairs:
        matrix[i, j] = matrix[j, i] = normal_correlation(value) if ranks else value
    if positive_definite(matrix):
        return matrix, -1
    direction = np.linalg.eigh(matrix)[1][:, 0]
    shares = np.array([matrix[i, j] * direction[i] * direction[j] for i, j, _ in pairs])
    return None, int(np.flatnonzero(shares <= shares.min() + 1e-9)[-1])


def positive_definite(matrix: Float) -> bool:
    """Whether a symmetric matrix has only eigenvalues clearly above 0."""
    return bool(np.linalg.eigvalsh(matrix).min(initial=1.0) > _LEAST_EIGENVALUE)


def correlated(independent: Float, lower: NDArray[np.floating[Any]]) -> Float:
    """Independent standard normal columns made dependent by a lower triangular factor, float64 (case, variable).

    Sums are written out in a fixed order: those of a linear algebra library may differ in the last bit between machines.
    """
    out = np.empty_like(independent)
    for i in range(lower.shape[0]):
        column = lower[i, 0] * independent[:, 0]
        for j in range(1, i + 1):
            column = column + lower[i, j] * independent[:, j]
        out[:, i] = column
    return out


def gaussian_copula(uniform: Float, matrix: Float) -> Float:
    """Independent uniform numbers made dependent; each column stays uniform.

    Parameters
    ----------
    uniform : float64 (case, variable)
    matrix : float64 (variable, variable)
        Correlation of the normal scores, positive definite.
    """
    from scipy.special import ndtr, ndtri

    scores = ndtri(np.clip(uniform, _EDGE, 1.0 - _EDGE))
    out: Float = ndtr(correlated(scores, np.linalg.cholesky(matrix)))
    return out


def iman_conover(uniform: Float, matrix: Float, seed: int) -> Float:
    """Columns reordered so that their ranks correlate; every column keeps its numbers, hence its strata.

    Parameters
    ----------
    uniform : float64 (case, variable)
        More cases than variables.
    matrix : float64 (variable, variable)
        Correlation of the normal scores, positive definite.
    seed : int

    Source
    ------
    Iman and Conover (1982), Communications in Statistics B11(3), 311-334.
    """
    from scipy.special import ndtri

    n, size = uniform.shape
    rng = np.random.default_rng(seed)
    plain = ndtri(np.arange(1, n + 1) / (n + 1.0))
    scores = np.stack([rng.permutation(plain) for _ in range(size)], axis=1)
    # The scores' own accidental correlation is taken out before the wanted one is put in.
    own = np.linalg.cholesky(np.corrcoef(scores, rowvar=False).reshape(size, size))
    target = scores @ np.linalg.inv(own).T @ np.linalg.cholesky(matrix).T
    out = np.empty_like(uniform)
    for j in range(size):
        ranks = np.argsort(np.argsort(target[:, j], kind="stable"), kind="stable")
        out[:, j] = np.sort(uniform[:, j])[ranks]
    return out


__all__ = [
    "Distribution",
    "choice_quantile",
    "correlated",
    "correlation_matrix",
    "gaussian_copula",
    "iman_conover",
    "normal_correlation",
    "parse",
    "positive_definite",
]
