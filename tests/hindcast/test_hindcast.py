"""Steps, attribution, file and pages of the hindcast."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import assumptions
from engine.hindcast import compare, lines, page, steps, study, tables
from engine.projection import run_case

# Two computations of the same thing.
SAME = 1e-9
CEAV = "state_ceav_statutory"


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found() -> xr.Dataset:
    return study.hindcast("3B", 2025)


def test_the_first_step_is_the_shipped_scenario(found: xr.Dataset) -> None:
    shipped = assumptions.load("3B", sets={"reform.last_year": 2025}).resolve("statutory")
    expected = lines.of_case(run_case(shipped), shipped) / 1e6
    assert found.modelled_pesos_1996.sel(step=steps.START).values == pytest.approx(expected, rel=SAME)


def test_the_last_step_is_all_overlays_together(found: xr.Dataset) -> None:
    told = assumptions.load("3B", ["all_observed", "law_as_it_became"], {"reform.last_year": 2025})
    resolved = told.resolve("statutory")
    expected = lines.of_case(run_case(resolved), resolved) / 1e6
    assert found.modelled_pesos_1996.sel(step=steps.END).values == pytest.approx(expected, rel=SAME)


def test_attribution_adds_up_to_the_change(found: xr.Dataset) -> None:
    for name, level in (("attribution", "modelled"), ("attribution_percent", "modelled_percent")):
        effects = found[name].sel(step=list(steps.NAMES)).sum("step")
        change = found[level].sel(step=steps.END) - found[level].sel(step=steps.START)
        assert effects.values == pytest.approx(change.values, rel=1e-6, abs=1e-6)


def test_gdp_moves_no_pesos(found: xr.Dataset) -> None:
    for name in steps.OF_GDP:
        assert (found.attribution.sel(step=name) == 0.0).all()


def test_observed_numbers_are_those_of_the_budget(found: xr.Dataset) -> None:
    # J008 of 2023, million pesos; GDP of 2023 on base 2018, 31,768.334825 thousand million.
    at = {"line": lines.LINES[0], "year": 2023}
    assert float(found.observed.sel(at)) == 555385.163
    assert float(found.observed_percent.sel(at)) == pytest.approx(100 * 555.385163 / 31768.334825, rel=1e-6)
    assert found.observed_confidence.sel(at).item() == "B"
    left = found.observed - found.modelled.sel(step=steps.END)
    assert (found.residual.fillna(0.0) == left.fillna(0.0)).all()
    assert found.observed.sel(line="state_disability_life").isnull().all()


def test_printed_values_are_those_of_the_annex(found: xr.Dataset) -> None:
    cells = compare.published.total_fiscal_cost()
    printed = float(found.printed.sel(printed_component="total", year=2010))
    assert printed == next(cell.value for key, cell in cells.items() if key == ("3B", "total", 2010))


def test_contributors_and_their_observation_agree(found: xr.Dataset) -> None:
    # The overlay closes the gap to the observed path by entrants.
    ratio = found.contributors.sel(step=steps.END) / found.contributors_observed
    assert ratio.values == pytest.approx(np.ones(ratio.size), rel=1e-5)


def test_the_states_severance_and_old_age_is_within_six_per_cent(found: xr.Dataset) -> None:
    years = np.arange(2008, 2019)
    at = {"line": CEAV, "year": years}
    ratio = found.modelled.sel(at).sel(step=steps.END) / found.observed.sel(at)
    assert float(abs(ratio - 1.0).max()) <= 0.06


def test_the_test_of_contributions_says_whether_it_is_met(found: xr.Dataset) -> None:
    for language, words in (("en", ("Met.", "Not met.")), ("es", ("Se cumple.", "No se cumple."))):
        said, met = tables.contribution_test(found, page.texts.load(language))
        assert words[0 if met else 1] in said


def test_candidates_move_by_their_own_ranges(found: xr.Dataset) -> None:
    # Candidates are measured without the decree of 2004.
    units = [name for name in steps.NAMES if name != steps.LAST]
    resolved = steps.resolved("3B", "statutory", units, 2025)
    low, high = resolved.item("population.service_at_30").range or (0.0, 0.0)
    base = lines.of_case(run_case(resolved), resolved)
    for end, value in (("low", low), ("high", high)):
        case = resolved.with_values({"population.service_at_30": value})
        moved = (lines.of_case(run_case(case), case) - base) / 1e6
        kept = found.candidate_moved.sel(candidate="population.service_at_30", end=end).values
        assert kept == pytest.approx(moved, rel=1e-6, abs=1e-6)


def test_a_file_is_read_as_it_was_written(found: xr.Dataset, tmp_path: Path) -> None:
    path = study.write(found, tmp_path / "hindcast.nc")
    again = study.read(path)
    assert again.attrs["scenario"] == "3B"
    for name in found.data_vars:
        xr.testing.assert_equal(again[name], found[name])
    assert again.modelled.attrs["units"] == "1"
    assert again.modelled.attrs["units_label"] == "million current pesos"


@pytest.mark.parametrize("language", ["en", "es"])
def test_pages_hold_every_observed_number_with_its_confidence(found: xr.Dataset, language: str) -> None:
    pytest.importorskip("jinja2")
    pytest.importorskip("plotly")
    text = page.build(found, language)
    for _, year, item in compare.of_lines(found.year.values):
        assert f"{item.value:,.1f}" in text, year
        assert item.source in text
    for unit in steps.NAMES:
        assert page.texts.load(language)["hindcast"]["steps"][unit] in text
    assert "36,795.6" in text
    assert "30,647.0" in text
