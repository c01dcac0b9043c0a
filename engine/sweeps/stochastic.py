"""Random paths: correlated AR(1) shocks added to yearly growth and returns.

x(t) = persistence x(t-1) + sd e(t) from the first projected year on, x = 0 before it; the e(t) are standard normal,
independent between years and correlated between the shocks of a year. After the last projected year there is no shock, so
pensions awarded near the end are valued on the path as assumed; before it, present values at award know the path that comes.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from assumptions import DatedPath
from engine.sweeps.distributions import correlated, correlation_matrix
from engine.sweeps.spec import Stochastic

Float = NDArray[np.float64]
Int = NDArray[np.int64]


def case_seed(settings: Stochastic, case: int) -> int:
    """Seed of a case: the sweep's own, or one of its own that depends on nothing but that and the case's number."""
    if settings.common_shocks:
        return settings.seed
    state = np.random.SeedSequence([settings.seed, case]).generate_state(1, np.uint64)
    return int(state[0] >> np.uint64(1))


def factor(settings: Stochastic) -> Float:
    """Lower triangular factor of the correlation of a year's innovations, float64 (shock, shock)."""
    matrix, _ = correlation_matrix(len(settings.shocks), settings.correlation, ranks=False)
    if matrix is None:
        raise AssertionError("a correlation matrix is checked when the sweep is read")
    return np.asarray(np.linalg.cholesky(matrix))


def shocks(settings: Stochastic, lower: Float, seed: int, path: int, years: int) -> Float:
    """Shocks of one path, float64 (shock, year).

    They depend on the seed of the case and the number of the path alone, not on how many paths or cases there are.

    Parameters
    ----------
    lower : float64 (shock, shock)
        As :func:`factor` gives it.
    seed, path : int
        Seed of the case and number of the path.
    years : int
        Number of years.
    """
    rng = np.random.default_rng([seed, path])
    # Year by year, so that a longer horizon does not change earlier years.
    noise = correlated(rng.standard_normal((years, len(settings.shocks))), lower)
    out = np.empty((len(settings.shocks), years))
    for at, shock in enumerate(settings.shocks):
        level = 0.0
        for t in range(years):
            level = shock.persistence * level + shock.sd * noise[t, at]
            out[at, t] = level
    return out


def shocked(path: DatedPath, shock: Float, years: Int) -> DatedPath:
    """A path with shocks added in the projected years; other years stay as they are.

    Parameters
    ----------
    shock : float64 (year,)
    years : int64 (year,)
        Projected years, consecutive.
    """
    first, last = int(years[0]), int(years[-1])
    if path.rule == "linear":
        # The straight lines before and after are kept by spelling them out.
        ends = [int(y) for y in path.years]
        low, high = min(first, ends[0]), max(last + 1, ends[-1])
        spelt = np.arange(low, high + 1)
        values = np.array(path.at(np.maximum(spelt, ends[0])))
        values[first - low : last + 1 - low] += shock
        return DatedPath(spelt, values, "step")
    before = path.years < first
    after = path.years > last + 1
    rest = path.at(np.array([last + 1]))
    return DatedPath(
        np.concatenate([path.years[before], years, [last + 1], path.years[after]]),
        np.concatenate([path.values[before], path.at(years) + shock, rest, path.values[after]]),
    )


def quantiles(values: Float, probabilities: tuple[float, ...]) -> Float:
    """Quantiles over the first axis without those paths that failed (NaN), float64 (quantile, ...)."""
    if not np.isnan(values).any():
        out: Float = np.quantile(values, probabilities, axis=0)
        return out
    with np.errstate(invalid="ignore"):
        return _without_nan(values, probabilities)


def _without_nan(values: Float, probabilities: tuple[float, ...]) -> Float:
    out = np.full((len(probabilities), *values.shape[1:]), np.nan)
    flat, target = values.reshape(values.shape[0], -1), out.reshape(len(probabilities), -1)
    for column in range(flat.shape[1]):
        found = flat[~np.isnan(flat[:, column]), column]
        if found.size:
            target[:, column] = np.quantile(found, probabilities)
    return out


def mean(values: Float) -> Float:
    """Mean over the first axis without paths that failed (NaN)."""
    count = (~np.isnan(values)).sum(axis=0)
    total = np.where(np.isnan(values), 0.0, values).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        out: Float = np.where(count > 0, total / count, np.nan)
    return out


def apply(
    changes: Mapping[str, DatedPath], settings: Stochastic, lower: Float, seed: int, path: int, years: Int
) -> dict[str, DatedPath]:
    """The shocked paths of one case, by name; ``changes`` holds the paths before the shocks."""
    drawn = shocks(settings, lower, seed, path, years.size)
    return {
        shock.name: shocked(changes[shock.name], drawn[at], years)
        for at, shock in enumerate(settings.shocks)
        if shock.name in changes
    }


__all__ = ["apply", "case_seed", "factor", "mean", "quantiles", "shocked", "shocks"]
