"""Analysis of sweeps whose answers are known in closed form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr

import assumptions
import engine
from engine import sweeps
from engine.outputs import OutputError
from engine.sweeps import analysis
from engine.sweeps.cases import plan

NAMES = ("economy.gdp_growth", "funds.rcv_return", "contributions.density")


def sweep(pack: assumptions.Pack, kind: str, n: int | None, **more: Any) -> xr.Dataset:
    """A sweep of a cheap output; its results are replaced by functions of the parameters."""
    limits = {
        "economy.gdp_growth": (0.02, 0.06),
        "funds.rcv_return": (0.0, 0.05),
        "contributions.density": (0.5, 1.0),
    }
    parameters = [
        {"name": name, "distribution": {"kind": "uniform", "low": low, "high": high}}
        for name, (low, high) in limits.items()
    ]
    design: dict[str, Any] = {"kind": kind} | ({"n": n} if n else {}) | ({"seed": 1} if n else {})
    return engine.sweep(pack, {"design": design, "parameter": parameters, **more}, outputs=["gdp"])


@pytest.fixture(scope="module")
def tiny(small: Callable[..., assumptions.Pack]) -> assumptions.Pack:
    return small("3B", **{"reform.last_year": 1998, "population.wage_groups": 1})


def standardised(dataset: xr.Dataset) -> np.ndarray:
    """Parameters as uniform numbers on 0 to 1."""
    given = np.stack([dataset[name].values for name in NAMES], axis=1)
    low, high = np.array([0.02, 0.0, 0.5]), np.array([0.06, 0.05, 1.0])
    return (given - low) / (high - low)


@pytest.mark.slow
def test_sobol_indices_of_a_function_with_known_ones(tiny: assumptions.Pack) -> None:
    """y = 2 x1 + x2 + 3 (x1 - 1/2)(x3 - 1/2), x uniform: variances 4/12, 1/12 and 9/144, the last shared by x1 and x3.

    The estimates are held to the confidence bounds they come with, doubled: four standard errors.
    """
    pytest.importorskip("SALib")
    found = sweep(tiny, "saltelli", 64)
    x = standardised(found)
    y = 2.0 * x[:, 0] + x[:, 1] + 3.0 * (x[:, 0] - 0.5) * (x[:, 2] - 0.5)
    indices, lost = analysis.sobol_indices(found, y)
    assert lost == 0
    whole = 4.0 / 12.0 + 1.0 / 12.0 + 9.0 / 144.0
    first = dict(zip(NAMES, (4.0 / 12.0 / whole, 1.0 / 12.0 / whole, 0.0), strict=True))
    total = dict(
        zip(NAMES, ((4.0 / 12.0 + 9.0 / 144.0) / whole, 1.0 / 12.0 / whole, 9.0 / 144.0 / whole), strict=True)
    )
    for index in indices:
        assert abs(index.first - first[index.parameter]) < 2.0 * index.first_confidence + 1e-3
        assert abs(index.total - total[index.parameter]) < 2.0 * index.total_confidence + 1e-3
        assert 0.0 < index.total_confidence < 0.5
    assert [index.total for index in indices] == sorted((i.total for i in indices), reverse=True)


@pytest.mark.slow
def test_a_failed_case_costs_its_group_only(tiny: assumptions.Pack) -> None:
    pytest.importorskip("SALib")
    found = sweep(tiny, "saltelli", 64)
    y = standardised(found)[:, 1].copy()
    y[[7, 8, 200]] = np.nan
    with pytest.raises(OutputError, match=r"beyond 0\.01"):
        analysis.sobol_indices(found, np.where(np.arange(y.size) < 8, np.nan, y))
    indices, lost = analysis.sobol_indices(found, y)
    assert lost == len({7 // 5, 8 // 5, 200 // 5})
    assert indices[0].parameter == NAMES[1]
    assert indices[0].total == pytest.approx(1.0, abs=0.1)
    y[:] = np.nan
    with pytest.raises(OutputError, match="only 0 groups"):
        analysis.sobol_indices(found, y, allow_failed=True)


def test_rank_correlations(tiny: assumptions.Pack) -> None:
    """A monotone function of one parameter has rank correlation 1 with it; a parameter without effect has about none.

    Of 100 independent points a rank correlation has a standard error of 0.1.
    """
    found = sweep(tiny, "latin_hypercube", 100)
    x = standardised(found)
    plain = {rank.parameter: rank for rank in analysis.rank_correlations(found, -np.exp(5.0 * x[:, 1]))}
    assert plain[NAMES[1]].spearman == pytest.approx(-1.0)
    assert abs(plain[NAMES[0]].spearman) < 0.4
    both = analysis.rank_correlations(found, x[:, 0] + 0.2 * x[:, 2])
    assert [rank.parameter for rank in both[:2]] == [NAMES[0], NAMES[2]]
    assert both[1].partial > both[1].spearman


def test_tornado(tiny: assumptions.Pack) -> None:
    found = sweep(tiny, "one_at_a_time", None)
    assert found.sizes["case"] == 7
    values = np.array([10.0, 9.0, 12.0, 10.5, np.nan, 4.0, 11.0])
    with pytest.raises(analysis.Failed, match="1 of 7 cases failed"):
        analysis.tornado(found, values)
    bars = analysis.tornado(found, values, allow_failed=True)
    assert [(bar.cases, bar.cases_failed) for bar in bars] == [(2, 0), (2, 0), (2, 1)]
    assert [bar.parameter for bar in bars] == [NAMES[2], NAMES[0], NAMES[1]]
    assert [bar.swing for bar in bars] == [7.0, 3.0, 0.5]
    assert all(bar.base == 10.0 for bar in bars)
    # The parameter whose other end failed: its bar goes from the base case, with the base's value of the parameter.
    assert (bars[2].low, bars[2].low_value) == (10.0, 0.035)
    assert bars[0].low_value == pytest.approx(0.525)
    with pytest.raises(OutputError, match="one_at_a_time"):
        analysis.tornado(sweep(tiny, "latin_hypercube", 6), values)


def test_budget_line(small: Callable[..., assumptions.Pack]) -> None:
    """Cost in percent of GDP is inversely proportional to its level: which cases break a line follows from the base case."""
    levels = [1.5e12, 2.0e12, 2.91e12, 4.0e12]
    design = {"design": {"kind": "grid"}, "parameter": [{"name": "economy.gdp_1997", "values": levels}]}
    found = engine.sweep(small(), design)
    one = engine.project(small()).fiscal_cost_total.values[0, 0]
    line = 1.01 * float(one.max())
    expected = [level for level in levels if float(one.max()) * 2.91e12 / level > line]
    breaches, number = analysis.above(found, analysis.series(found), line)
    assert number == len(expected) == 2
    assert [breach.parameters["economy.gdp_1997"] for breach in breaches] == sorted(expected)
    assert breaches[0].highest == pytest.approx(float(one.max()) * 2.91 / 1.5)
    assert breaches[0].highest_year == 1997 + int(one.argmax())
    assert breaches[0].years_above == int((one * 2.91 / 1.5 > line).sum())
    only, number = analysis.above(found, analysis.series(found), line, year=1997)
    assert number == sum(float(one[0]) * 2.91e12 / level > line for level in levels)
    assert {breach.highest_year for breach in only} == {1997}
    # Components, a total made of them, and the highest of all years.
    total = analysis.series(found, component="total")
    parts = sum(analysis.series(found, component=str(c)).values for c in found.component.values)
    assert total.values == pytest.approx(parts)
    without = analysis.series(found.drop_vars("fiscal_cost_total"))
    assert without.values == pytest.approx(total.values)
    assert (analysis.at_year(total, None) == total.values.max(axis=1)).all()


def test_spread_leaves_failed_cases_out(small: Callable[..., assumptions.Pack]) -> None:
    densities = [0.7, 0.8, 0.9, 1.7]
    design = {
        "design": {"kind": "grid"},
        "parameter": [{"name": "contributions.density", "values": densities}],
    }
    # Not held to bounds first, so that a case can fail.
    found = sweeps.in_memory(plan(sweeps.check(design, packs=small())))
    series = analysis.series(found)
    with pytest.raises(analysis.Failed, match="1 of 4 cases failed"):
        analysis.spread(series)
    assert analysis.spread(series, (0.0, 0.5, 1.0), allow_failed=True) == pytest.approx(
        np.sort(series.values[:3], axis=0).T
    )
    (failure,) = analysis.failures(found)
    assert failure["case"] == 3
    assert "1.7 is outside" in failure["message"]


def test_what_is_not_there_is_told(small: Callable[..., assumptions.Pack]) -> None:
    found = engine.sweep(
        small(), {"design": {"kind": "grid"}, "parameter": [{"name": NAMES[2], "values": [0.8]}]}
    )
    with pytest.raises(OutputError, match="scenario '9B' is not in the sweep; it has 3B"):
        analysis.series(found, "9B")
    with pytest.raises(OutputError, match="component 'rights' is not in fiscal_cost; it has acquired_rights"):
        analysis.series(found, component="rights")
    with pytest.raises(OutputError, match="memo was not kept"):
        analysis.series(found, output="memo")
    with pytest.raises(OutputError, match="year 2050 is not in the sweep; it has 1997 to 2003"):
        analysis.at_year(analysis.series(found), 2050)
