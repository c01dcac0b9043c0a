"""Partial rank correlations against other ways to compute them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy.stats import rankdata, spearmanr

from engine.sweeps import analysis


def dataset(**columns: Any) -> xr.Dataset:
    """As a sweep's file has it: a coordinate on `case` for each parameter."""
    coords = {name: ("case", np.asarray(values), {"assumption": name}) for name, values in columns.items()}
    return xr.Dataset(coords=coords)


def ranks(found: xr.Dataset, y: Any) -> dict[str, analysis.Rank]:
    return {rank.parameter: rank for rank in analysis.rank_correlations(found, np.asarray(y, dtype=float))}


def test_one_parameter_partial_is_plain() -> None:
    """A monotone function: +1 and +1 (and -1 and -1), whatever the number of cases."""
    x = np.array([0.3, 0.1, 0.9, 0.5, 0.7])
    for sign in (1.0, -1.0):
        (rank,) = ranks(dataset(a=x), sign * np.exp(x)).values()
        assert (rank.spearman, rank.partial) == pytest.approx((sign, sign))
    y = np.array([2.0, 1.0, 5.0, 3.0, 2.5])
    (rank,) = ranks(dataset(a=x), y).values()
    assert rank.partial == pytest.approx(rank.spearman, abs=1e-12)
    assert rank.spearman == pytest.approx(spearmanr(x, y).statistic)


def test_two_parameters_by_the_recursive_formula() -> None:
    """r_xy.z = (r_xy - r_xz r_yz) / sqrt((1 - r_xz^2)(1 - r_yz^2)), of ranks."""
    rng = np.random.default_rng(3)
    x, z = rng.random(25), rng.random(25)
    z = z + 0.5 * x
    y = x + 2.0 * z + 0.3 * rng.random(25)
    found = ranks(dataset(x=x, z=z), y)
    xy, xz, yz = (spearmanr(a, b).statistic for a, b in ((x, y), (x, z), (y, z)))
    assert found["x"].partial == pytest.approx((xy - xz * yz) / np.sqrt((1 - xz**2) * (1 - yz**2)), abs=1e-10)
    assert found["z"].partial == pytest.approx((yz - xz * xy) / np.sqrt((1 - xz**2) * (1 - xy**2)), abs=1e-10)


def test_many_parameters_by_the_inverse_of_the_correlation_matrix() -> None:
    """Where that matrix is regular: minus an element of the inverse over the roots of the diagonal ones."""
    rng = np.random.default_rng(4)
    x = rng.random((60, 4)) + 0.7 * rng.random((60, 1))
    y = x @ [1.0, -0.5, 0.1, 0.0] + 0.2 * rng.random(60)
    matrix = np.corrcoef(np.column_stack([*map(rankdata, x.T), rankdata(y)]), rowvar=False)
    inverse = np.linalg.inv(matrix)
    found = ranks(dataset(a=x[:, 0], b=x[:, 1], c=x[:, 2], d=x[:, 3]), y)
    for at, name in enumerate("abcd"):
        expected = -inverse[at, -1] / np.sqrt(inverse[at, at] * inverse[-1, -1])
        assert found[name].partial == pytest.approx(expected, abs=1e-10)
        assert found[name].spearman == pytest.approx(matrix[at, -1], abs=1e-12)


def test_what_is_not_defined_is_missing() -> None:
    rng = np.random.default_rng(5)
    a, b = rng.random(20), rng.random(20)
    y = a + 0.1 * b
    collinear = ranks(dataset(a=a, twice=2.0 * a, b=b, still=np.ones(20)), y)
    for name in ("a", "twice"):
        assert collinear[name].spearman == pytest.approx(spearmanr(a, y).statistic)
        assert np.isnan(collinear[name].partial)
    assert np.isfinite(collinear["b"].partial)
    assert np.isnan((collinear["still"].spearman, collinear["still"].partial)).all()
    flat = ranks(dataset(a=a, b=b), np.full(20, 3.0))
    assert all(np.isnan((rank.spearman, rank.partial)).all() for rank in flat.values())
    # As many regressors as cases leave nothing to correlate.
    few = ranks(dataset(a=a[:3], b=b[:3]), y[:3])
    assert all(np.isnan(rank.partial) for rank in few.values())


def test_switches_have_no_order_and_are_held() -> None:
    """Within each choice the result rises with `a`; across choices it is dominated by the switch."""
    a = np.array([0.1, 0.2, 0.3, 0.4] * 3)
    switch = np.repeat(["x", "y", "z"], 4)
    y = a + np.repeat([0.0, 100.0, 50.0], 4)
    found = ranks(dataset(a=a, switch=switch), y)
    assert np.isnan((found["switch"].spearman, found["switch"].partial)).all()
    assert found["a"].partial == pytest.approx(1.0, abs=1e-9)
    assert found["a"].spearman < 0.5
    choices = analysis.by_choice(dataset(a=a, switch=switch), y)
    assert [(item.choice, item.cases, item.median) for item in choices] == [
        ("x", 4, 0.25),
        ("y", 4, 100.25),
        ("z", 4, 50.25),
    ]
