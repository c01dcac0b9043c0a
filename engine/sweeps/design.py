"""Designs: which values each case takes."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from engine.sweeps import distributions
from engine.sweeps.spec import DEFAULT_POINTS, Spec, Swept

Float = NDArray[np.float64]

BASE = "base"
# Where a design without chance asks for points of a distribution, they lie between these quantiles.
TAIL = 0.05


def cases(spec: Spec) -> Float:
    """Values of all cases, float64 (case, parameter); NaN where a case leaves the assumption as it is.

    The same file gives the same numbers, whatever the machine or the number of workers.
    """
    if not spec.kind:
        return np.empty((1, 0))
    if spec.kind == "table":
        return np.asarray(spec.rows, dtype=np.float64).reshape(len(spec.rows), len(spec.parameters))
    if spec.kind == "grid":
        return np.asarray(list(itertools.product(*(points(spec, item) for item in spec.parameters))))
    if spec.kind == "one_at_a_time":
        rows = [np.full(len(spec.parameters), np.nan)]
        for at, item in enumerate(spec.parameters):
            for value in points(spec, item):
                row = np.full(len(spec.parameters), np.nan)
                row[at] = value
                rows.append(row)
        return np.stack(rows)
    uniform = _uniform(spec)
    if spec.correlation:
        matrix, _ = distributions.correlation_matrix(len(spec.parameters), spec.correlation, ranks=True)
        if matrix is None:
            raise AssertionError("a correlation matrix is checked when the sweep is read")
        if spec.kind == "latin_hypercube":
            uniform = distributions.iman_conover(uniform, matrix, spec.seed or 0)
        else:
            uniform = distributions.gaussian_copula(uniform, matrix)
    out = np.empty_like(uniform)
    for at, item in enumerate(spec.parameters):
        out[:, at] = _at_quantiles(item, uniform[:, at])
    return out


def points(spec: Spec, item: Swept) -> Float:
    """Values of a parameter in a design without chance; of a distribution, ``n`` quantiles evenly between the tails."""
    if item.values is not None:
        return np.asarray(item.values)
    return _at_quantiles(item, np.linspace(TAIL, 1.0 - TAIL, spec.n or DEFAULT_POINTS))


def varied(spec: Spec) -> tuple[str, ...]:
    """For each case of a one-at-a-time design the coordinate that it varies, or ``base``; empty for other designs."""
    if spec.kind != "one_at_a_time":
        return ()
    found = [BASE]
    for item in spec.parameters:
        found += [item.label] * points(spec, item).size
    return tuple(found)


def _at_quantiles(item: Swept, probability: Float) -> Float:
    if item.distribution is not None:
        return item.distribution.quantile(probability)
    if item.values is None:
        raise AssertionError("a parameter has values or a distribution")
    return distributions.choice_quantile(item.values, probability)


def _uniform(spec: Spec) -> Float:
    """Points in the unit cube, float64 (case, parameter)."""
    from scipy.stats import qmc

    size, n, seed = len(spec.parameters), spec.n or 1, spec.seed or 0
    rng = np.random.default_rng(seed)
    if spec.kind == "latin_hypercube":
        drawn: Float = qmc.LatinHypercube(size, rng=rng).random(n)
        return drawn
    if spec.kind == "sobol":
        sequence: Float = qmc.Sobol(size, scramble=True, rng=rng).random_base2(n.bit_length() - 1)
        return sequence
    from SALib.sample import sobol

    problem = {
        "num_vars": size,
        "names": [item.label for item in spec.parameters],
        "bounds": [[0.0, 1.0]] * size,
    }
    # SALib seeds with 32 bits; a larger seed is folded into them.
    small = seed if seed < 2**32 else int(rng.integers(2**32))
    return np.asarray(
        sobol.sample(problem, n, calc_second_order=False, scramble=True, seed=small), dtype=np.float64
    )


__all__ = ["BASE", "cases", "points", "varied"]
