"""Designs, distributions and correlations, against their definitions."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

import assumptions
from engine import sweeps
from engine.sweeps import distributions
from engine.sweeps.design import cases

A, B, C = "economy.gdp_growth", "funds.rcv_return", "contributions.density"
UNIT = {"kind": "uniform", "low": 0.0, "high": 1.0}


def values(pack: assumptions.Pack, kind: str, parameters: list[dict[str, Any]], **more: Any) -> np.ndarray:
    correlation = more.pop("correlation", [])
    design = {"design": {"kind": kind, **more}, "parameter": parameters, "correlation": correlation}
    # The design alone: whether a projection can take the values is checked after it.
    return cases(sweeps.check(design, packs=pack).spec)


def uniform(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "distribution": UNIT} for name in names]


def test_grid_is_the_full_product_with_the_last_parameter_fastest(
    small: Callable[..., assumptions.Pack],
) -> None:
    found = values(
        small(), "grid", [{"name": A, "values": [1.0, 2.0]}, {"name": C, "values": [3.0, 4.0, 5.0]}]
    )
    assert found.tolist() == [[1, 3], [1, 4], [1, 5], [2, 3], [2, 4], [2, 5]]


def test_one_at_a_time_begins_with_the_base_case(small: Callable[..., assumptions.Pack]) -> None:
    found = values(
        small(), "one_at_a_time", [{"name": A, "values": [1.0, 2.0]}, {"name": C, "values": [3.0]}]
    )
    assert np.isnan(found[0]).all()
    assert np.nan_to_num(found, nan=-1.0).tolist() == [[-1, -1], [1, -1], [2, -1], [-1, 3]]


def test_latin_hypercube_has_one_point_in_every_stratum(small: Callable[..., assumptions.Pack]) -> None:
    found = values(small(), "latin_hypercube", uniform(A, B, C), n=40, seed=5)
    for column in found.T:
        assert sorted(np.floor(column * 40).astype(int)) == list(range(40))
    again = values(small(), "latin_hypercube", uniform(A, B, C), n=40, seed=5)
    other = values(small(), "latin_hypercube", uniform(A, B, C), n=40, seed=6)
    assert found.tobytes() == again.tobytes()
    assert found.tobytes() != other.tobytes()


def test_sobol_fills_every_dyadic_box(small: Callable[..., assumptions.Pack]) -> None:
    """A scrambled Sobol' sequence of 2^m points is a net: each of the 64 x 1 and 1 x 64 strips holds one point."""
    found = values(small(), "sobol", uniform(A, B), n=64, seed=2)
    for column in found.T:
        assert sorted(np.floor(column * 64).astype(int)) == list(range(64))
    quarters = np.floor(found * 2).astype(int)
    assert np.unique(quarters, axis=0, return_counts=True)[1].tolist() == [16, 16, 16, 16]


def test_saltelli_changes_one_column_at_a_time(small: Callable[..., assumptions.Pack]) -> None:
    """Each group is A, A with one column of B in turn, B (Saltelli 2010)."""
    pytest.importorskip("SALib")
    found = values(small(), "saltelli", uniform(A, B, C), n=16, seed=1).reshape(16, 5, 3)
    first, last = found[:, 0], found[:, -1]
    for k in range(3):
        mixed = first.copy()
        mixed[:, k] = last[:, k]
        assert (found[:, 1 + k] == mixed).all()


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_rank_correlations_are_those_asked_for(kind: str, small: Callable[..., assumptions.Pack]) -> None:
    """Between 2,048 points the error of a rank correlation is about 1/sqrt(n) = 0.022; the designs do better."""
    from scipy.stats import spearmanr

    correlation = [{"names": [A, B], "value": 0.6}, {"names": [B, C], "value": -0.3}]
    found = values(small(), kind, uniform(A, B, C), n=2048, seed=4, correlation=correlation)
    ranks = spearmanr(found).statistic
    assert ranks[0, 1] == pytest.approx(0.6, abs=0.02)
    assert ranks[1, 2] == pytest.approx(-0.3, abs=0.02)
    assert ranks[0, 2] == pytest.approx(0.0, abs=0.03)
    if kind == "latin_hypercube":
        for column in found.T:
            assert sorted(np.floor(column * 2048).astype(int)) == list(range(2048))


def test_quantiles_of_the_distributions() -> None:
    p = np.array([0.1, 0.5, 0.9])
    normal = NormalDist(2.0, 0.5)

    def of(**raw: Any) -> np.ndarray:
        found, wrong = distributions.parse(raw)
        assert found is not None, wrong
        return found.quantile(p)

    assert of(kind="uniform", low=2.0, high=4.0) == pytest.approx([2.2, 3.0, 3.8])
    # Triangular on 0, 1 with mode 0.5: F(x) = 2 x^2 below the mode.
    assert of(kind="triangular", low=0.0, mode=0.5, high=1.0) == pytest.approx(
        [math.sqrt(0.05), 0.5, 1.0 - math.sqrt(0.05)]
    )
    assert of(kind="normal", mean=2.0, sd=0.5) == pytest.approx([normal.inv_cdf(x) for x in p])
    # Cut below 2, the normal is its upper half: its quantile q is that of (1 + q)/2.
    assert of(kind="normal", mean=2.0, sd=0.5, low=2.0) == pytest.approx(
        [normal.inv_cdf(0.5 + 0.5 * x) for x in p]
    )
    # A lognormal with mean 1 and sd s has log-variance ln(1 + s^2) and median 1/sqrt(1 + s^2).
    sigma = math.sqrt(math.log(1.25))
    expected = [math.exp(sigma * NormalDist().inv_cdf(x)) / math.sqrt(1.25) for x in p]
    assert of(kind="lognormal", mean=1.0, sd=0.5) == pytest.approx(expected)


def test_bounds_hold_at_the_ends() -> None:
    found, _ = distributions.parse({"kind": "normal", "mean": 0.0, "sd": 1.0, "low": -1.0, "high": 2.0})
    assert found is not None
    assert found.quantile(np.array([0.0, 1.0])) == pytest.approx([-1.0, 2.0])
    free, _ = distributions.parse({"kind": "normal", "mean": 0.0, "sd": 1.0})
    assert free is not None
    assert np.isfinite(free.quantile(np.array([0.0, 1.0]))).all()


def test_listed_values_are_equally_likely_in_a_sample(small: Callable[..., assumptions.Pack]) -> None:
    found = values(small(), "latin_hypercube", [{"name": C, "values": [0.7, 0.8, 0.9]}], n=30, seed=1)
    assert np.unique(found, return_counts=True)[1].tolist() == [10, 10, 10]


def test_points_of_a_distribution_in_a_design_without_chance(
    small: Callable[..., assumptions.Pack],
) -> None:
    """Evenly spaced quantiles from 5% to 95%."""
    found = values(small(), "grid", uniform(A), n=3)
    assert found[:, 0] == pytest.approx([0.05, 0.5, 0.95])
