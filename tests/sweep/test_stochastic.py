"""Random paths: the process, its seeds, and that quantiles are those of the paths."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assumptions
import engine
from assumptions import DatedPath
from engine import sweeps
from engine.outputs import OutputError
from engine.sweeps import cases, stochastic
from engine.sweeps.spec import Shock, Stochastic

GDP, RCV = "economy.gdp_growth", "funds.rcv_return"


def settings(*shocks: Shock, correlation: float = 0.0, **more: Any) -> Stochastic:
    pairs = ((0, 1, correlation),) if correlation else ()
    given = {"paths": 10, "seed": 1, "quantiles": (0.5,), "keep_paths": False, "common_shocks": True} | more
    return Stochastic(shocks=shocks, correlation=pairs, **given)


def design(**more: Any) -> dict[str, Any]:
    return {
        "outputs": ["fiscal_cost", "fiscal_cost_total"],
        "stochastic": {
            "paths": 9,
            "seed": 5,
            "quantiles": [0.1, 0.5, 0.9],
            "shock": [
                {"name": GDP, "sd": 0.02, "persistence": 0.5},
                {"name": RCV, "sd": 0.01},
                {"name": "funds.infonavit_return", "sd": 0.01},
                {"name": "economy.real_wage_growth", "sd": 0.01},
                {"name": "economy.inflation", "sd": 0.01},
            ],
            "correlation": [{"names": [RCV, "funds.infonavit_return"], "value": 0.8}],
            **more,
        },
    }


def test_the_process_is_ar1_with_the_moments_asked_for() -> None:
    """Variance after t years of an AR(1) that starts at 0 is sd^2 (1 - p^2t)/(1 - p^2); 4,000 paths give 5%, four times the
    standard error of a variance, sqrt(2/4000) = 2.2% and of a correlation, 1.6%, within a margin of 0.07."""
    given = settings(Shock(GDP, 0.02, 0.6), Shock(RCV, 0.01, 0.0), correlation=0.5)
    lower = stochastic.factor(given)
    drawn = np.stack([stochastic.shocks(given, lower, 1, path, 12) for path in range(4000)])
    year = np.arange(1, 13)
    expected = 0.02**2 * (1.0 - 0.6 ** (2 * year)) / (1.0 - 0.6**2)
    assert drawn[:, 0].var(axis=0) == pytest.approx(expected, rel=0.09)
    assert drawn[:, 1].var(axis=0) == pytest.approx(np.full(12, 0.01**2), rel=0.09)
    assert np.corrcoef(drawn[:, 0, 0], drawn[:, 1, 0])[0, 1] == pytest.approx(0.5, abs=0.07)
    assert np.corrcoef(drawn[:, 0, 5], drawn[:, 0, 6])[0, 1] == pytest.approx(0.6, abs=0.07)
    assert np.corrcoef(drawn[:, 1, 5], drawn[:, 1, 6])[0, 1] == pytest.approx(0.0, abs=0.07)
    assert drawn.mean(axis=0) == pytest.approx(np.zeros((2, 12)), abs=4 * 0.025 / np.sqrt(4000))


def test_a_longer_horizon_does_not_change_earlier_shocks() -> None:
    given = settings(Shock(GDP, 0.02, 0.6), Shock(RCV, 0.01, 0.0), correlation=0.5)
    lower = stochastic.factor(given)
    short, long = (stochastic.shocks(given, lower, 3, 4, n) for n in (5, 50))
    assert (short == long[:, :5]).all()


@pytest.mark.parametrize("rule", ["step", "linear"])
def test_shocks_stay_in_the_projected_years(rule: str) -> None:
    path = DatedPath([1990, 2000, 2010], [0.01, 0.03, 0.05], rule)
    years = np.arange(1997, 2004)
    shock = np.linspace(-0.01, 0.01, years.size)
    found = stochastic.shocked(path, shock, years)
    for year in (1990, 1995, 1996, 2004, 2005, 2009, 2010, 2060):
        assert found.at([year])[0] == pytest.approx(path.at([year])[0], rel=1e-14)
    assert found.at(years) == pytest.approx(path.at(years) + shock)
    constant = stochastic.shocked(DatedPath.constant(0.04), shock, years)
    assert constant.at([1950, 1996, 2004, 2100]).tolist() == [0.04] * 4


def test_a_path_is_the_projection_with_its_shocks(small: Callable[..., assumptions.Pack]) -> None:
    """Paths kept are those of the engine for the pack with shocked paths; quantiles and mean are theirs."""
    packs = [small("1B"), small("3B")]
    found = engine.sweep(packs, design(keep_paths=True), workers=2)
    paths = found.fiscal_cost_paths.values
    assert found.fiscal_cost_paths.dims == ("case", "path", "scenario", "component", "year")
    assert found.fiscal_cost.dims == ("case", "scenario", "quantile", "component", "year")
    given = sweeps.prepare(design(keep_paths=True), packs=packs).context.spec.stochastic
    assert given is not None
    lower, years = stochastic.factor(given), found.year.values
    for number, at in ((0, 0), (6, 1)):
        base = packs[at].resolve("statutory")
        drawn = stochastic.shocks(given, lower, int(found.shock_seed.values[0]), number, years.size)
        changed = {
            shock.name: stochastic.shocked(base.dated(shock.name), drawn[n], years)
            for n, shock in enumerate(given.shocks)
        }
        from engine.projection import run_case

        result = run_case(base.with_values(changed))
        assert (100.0 * result.cost / result.gdp).tobytes() == paths[0, number, at].tobytes()
    assert found.fiscal_cost.values[0, 1] == pytest.approx(
        np.quantile(paths[0, :, 1], [0.1, 0.5, 0.9], axis=0), rel=1e-12
    )
    assert found.fiscal_cost_mean.values[0] == pytest.approx(paths[0].mean(axis=0), rel=1e-12)
    assert (np.diff(found.fiscal_cost_total.values, axis=2) >= 0.0).all()


def test_paths_change_nothing_before_the_first_year_and_all_after(
    small: Callable[..., assumptions.Pack],
) -> None:
    found = engine.sweep(small(), {**design(keep_paths=True), "outputs": ["fiscal_cost_total"]})
    spread = found.fiscal_cost_total_paths.values[0, :, 0].std(axis=0)
    assert (spread > 0.0).all()


def test_common_and_own_shocks(small: Callable[..., assumptions.Pack]) -> None:
    varied = {
        "design": {"kind": "grid"},
        "parameter": [{"name": "law_1973.bonus_months", "values": [0.5, 1.0]}],
    }
    common = engine.sweep(small(), {**design(keep_paths=True), **varied, "outputs": ["gdp"]})
    own = engine.sweep(
        small(), {**design(keep_paths=True, common_shocks=False), **varied, "outputs": ["gdp"]}
    )
    assert common.shock_seed.values.tolist() == [5, 5]
    assert (common.gdp_paths.values[0] == common.gdp_paths.values[1]).all()
    assert len(set(own.shock_seed.values.tolist())) == 2
    # From the second year on: GDP of the first is the base of all growth.
    assert not (own.gdp_paths.values[0] == own.gdp_paths.values[1])[..., 1:].any()


def test_more_paths_or_cases_keep_those_there_were(small: Callable[..., assumptions.Pack]) -> None:
    few = engine.sweep(small(), {**design(keep_paths=True), "outputs": ["gdp"]})
    many = engine.sweep(small(), {**design(keep_paths=True, paths=14), "outputs": ["gdp"]})
    assert (many.gdp_paths.values[:, :9] == few.gdp_paths.values).all()


@pytest.mark.slow
def test_a_file_is_the_same_for_any_chunks(small: Callable[..., assumptions.Pack], tmp_path: Path) -> None:
    """Chunks that split the paths of a case, and chunks that hold several cases."""
    varied = {
        "design": {"kind": "grid"},
        "parameter": [{"name": "contributions.density", "values": [0.7, 0.8, 0.9]}],
    }
    digests = set()
    for chunk in (2, 9, 20, 100):
        with engine.sweep(
            small(), {**design(), **varied}, out=tmp_path / f"{chunk}.nc", chunk=chunk, workers=2
        ) as found:
            digests.add(found.attrs["content_sha256"])
            assert "fiscal_cost_paths" not in found
            assert "path" not in found.dims
    assert len(digests) == 1


def test_paths_that_fail_are_counted(small: Callable[..., assumptions.Pack]) -> None:
    """Growth is above -1: with shocks of nearly that size, some paths of seven years break this and some do not."""
    wild = {"paths": 30, "shock": [{"name": GDP, "sd": 0.7}]}
    found = engine.sweep(small(), {"outputs": ["gdp"], "stochastic": wild})
    failed = int(found.paths_failed.values[0, 0])
    assert 0 < failed < 30
    assert found.case_status.values[0, 0] == cases.PARTLY
    assert "economy.gdp_growth" in str(found.case_message.values[0, 0])
    assert np.isfinite(found.gdp.values).all()
    assert found.attrs["cases_failed"] == 1


def test_a_total_of_quantiles_is_refused(small: Callable[..., assumptions.Pack]) -> None:
    from engine.sweeps import analysis

    found = engine.sweep(small(), {**design(), "outputs": ["fiscal_cost"]})
    with pytest.raises(OutputError, match="quantiles of a total cannot be made of those of its components"):
        analysis.series(found)
