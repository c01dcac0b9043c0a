"""Designs: which values each case takes."""

from __future__ import annotations

import math
from collections.abc import Sequence

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
        axes = [points(spec, item) for item in spec.parameters]
        out = np.empty((math.prod(axis.size for axis in axes), len(axes)))
        before, after = 1, out.shape[0]
        for at, axis in enumerate(axes):
            after //= axis.size
            out[:, at] = np.tile(np.repeat(axis, after), before)
            before *= axis.size
        return out
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


def count(spec: Spec) -> int:
    """Number of cases, without laying them out."""
    if not spec.kind:
        return 1
    if spec.kind == "table":
        return len(spec.rows)
    if spec.kind in ("grid", "one_at_a_time"):
        sizes = [len(item.values) if item.values else spec.n or DEFAULT_POINTS for item in spec.parameters]
        return math.prod(sizes) if spec.kind == "grid" else 1 + sum(sizes)
    n = spec.n or 1
    return n * (len(spec.parameters) + 2) if spec.kind == "saltelli" else n


def examples(spec: Spec, probabilities: Sequence[float]) -> tuple[tuple[float, ...], ...]:
    """Rows like those of the design, one for each probability: every parameter at that quantile."""
    if spec.kind == "table":
        last = len(spec.rows) - 1
        return tuple(spec.rows[round(p * last)] for p in probabilities)
    given = np.asarray(probabilities, dtype=np.float64)
    columns = [_at_quantiles(item, given) for item in spec.parameters]
    return tuple(tuple(float(column[n]) for column in columns) for n in range(given.size))


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


__all__ = ["BASE", "cases", "count", "examples", "points", "varied"]
