"""Every number can be taken apart: parts add up to it, and single cells are recomputed from the formulas of the laws."""

from __future__ import annotations

import re
from math import isclose

import numpy as np
import pytest
import xarray as xr

import assumptions
import engine
from engine.explain import TOLERANCE, Explanation, explain
from engine.outputs import OutputError, steps
from engine.projection import COMPONENTS, PENSION_TYPES

MIXTURES = {
    "law": {},
    "share": {"basis.recognition": "share", "basis.mpg": "top_up", "guarantee.real_growth": 0.02},
    "capital": {"basis.recognition": "capital", "basis.mpg": "capital"},
    "pooled": {"basis.infonavit_offset": "pooled_contributions"},
    "july": {"reform.date": "1997-07-01"},
    "whole_career": {"basis.account_history": "whole_career"},
    "surrender_all": {"basis.surrendered_funds": "annex", "basis.choice": "old_law"},
    "returning": {"population.inactive_number": 2.0e6},
    "growing": {"guarantee.mpg": 35.0, "guarantee.real_growth": 0.03},
    "no_reform": {"reform.enacted": False},
}
OFTEN = ("law", "share", "july", "surrender_all")


@pytest.fixture(scope="module")
def run() -> xr.Dataset:
    return engine.project_many([assumptions.load(code) for code in ("2B", "3B", "4A")])


def mixed(name: str) -> xr.Dataset:
    return engine.project(assumptions.load("2B", sets=MIXTURES[name]), basis="statutory")


def assert_adds_up(found: Explanation) -> None:
    for level in found.levels:
        assert level.adds_up, f"{level.title}: {level.total} and not {level.expected}"
        assert isclose(
            sum(part.percent for part in level.parts), level.expected, rel_tol=TOLERANCE, abs_tol=1e-15
        )


@pytest.mark.slow
@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.parametrize("basis", ["statutory", "published"])
@pytest.mark.parametrize("scenario", ["2B", "3B", "4A"])
def test_parts_add_up_to_the_number(run: xr.Dataset, scenario: str, basis: str, component: str) -> None:
    for year in (1997, 2012, 2030):
        found = explain(run, scenario, basis, component, year)
        number = float(run.fiscal_cost.sel(scenario=scenario, basis=basis, component=component, year=year))
        assert found.number == number
        assert_adds_up(found)
        # The last step of the chain is the number.
        assert found.steps[-1].unit == "percent of GDP"
        assert isclose(float(found.steps[-1].value), number, rel_tol=TOLERANCE, abs_tol=1e-15)


@pytest.mark.slow
@pytest.mark.parametrize(
    "mixture", [name if name in OFTEN else pytest.param(name, marks=pytest.mark.nightly) for name in MIXTURES]
)
@pytest.mark.parametrize("component", ["acquired_rights", "mpg_new_workers"])
def test_cells_are_recomputed_from_the_law_under_every_rule(mixture: str, component: str) -> None:
    dataset = mixed(mixture)
    cohort = 1950 if component == "acquired_rights" else 1979
    for year in (1997, 2024) if component == "acquired_rights" else (2030,):
        whole = explain(dataset, "2B", "statutory", component, year)
        assert_adds_up(whole)
        births = {part.who.get("birth_year") for part in whole.levels[1].parts}
        if cohort not in births:
            continue
        for sex, wage in (("f", 1.0), ("m", 6.0)):
            found = explain(dataset, "2B", "statutory", component, year, cohort=cohort, sex=sex, wage=wage)
            assert_adds_up(found)
            assert found.chains or not found.levels[-1].parts


@pytest.mark.slow
@pytest.mark.parametrize("basis", ["statutory", "published"])
def test_all_wage_groups_of_a_birth_year_are_recomputed(run: xr.Dataset, basis: str) -> None:
    """The sum over awards in plain Python against what the compiled projection books, group by group."""
    found = explain(run, "3B", basis, "acquired_rights", 2015, cohort=1950, sex="m")
    wages, awards = found.levels[-2], found.levels[-1]
    by_group: dict[tuple[float, int], float] = {}
    booked: dict[tuple[float, int], float] = {}
    for level, sums in ((awards, by_group), (wages, booked)):
        for part in level.parts:
            # The published basis has one density, of which nothing is said.
            group = part.who.get("density", 0.0), int(part.who["wage_group"])
            sums[group] = sums.get(group, 0.0) + part.mxn
    assert len(by_group) == (30 if basis == "statutory" else 10)
    assert by_group == pytest.approx(booked, rel=TOLERANCE)


def test_chain_ends_with_the_award_that_is_listed_first(run: xr.Dataset) -> None:
    found = explain(run, "3B", "statutory", "acquired_rights", 2015, cohort=1950, sex="f", wage=2.0)
    first, last = found.levels[-1].parts[0], found.chains[0].steps[-1]
    assert isclose(float(last.value), first.mxn, rel_tol=TOLERANCE)
    labels = [step.label for step in found.chains[0].steps]
    for expected in (
        "Average wage S",
        "Group of Art. 167",
        "The worker's choice",
        "Account at the award",
    ):
        assert expected in labels
    articles = " ".join(step.source for step in found.chains[0].steps)
    for article in ("Art. 167", "171", "168", "13th transitory"):
        assert article in articles


def test_steps_of_a_pension_follow_the_law_by_hand(run: xr.Dataset) -> None:
    """S, the row of Art. 167, the increment's years and the limits, recomputed from the figures that are shown."""
    found = explain(
        run, "3B", "statutory", "acquired_rights", 2015,
        cohort=1950, sex="f", wage=2.0, award_year=2010, pension_type="retirement",
    )  # fmt: skip
    steps = {step.label: step for step in found.chains[0].steps}
    figures = {step.label: {figure.label: figure.value for figure in step.figures} for step in steps.values()}
    of_s = figures["Average wage S"]
    # 250 weeks at those of a year that the density of the award's class gives, the latest first: half of the award's year.
    a_year = 52.0 * figures["Service and weeks at the award"]["density"]
    nominal, left, year, of_year = 0.0, 250.0, 2010, 0.5 * a_year
    while left > 1e-9:
        nominal += min(left, of_year) * of_s[f"C({year})"] * of_s[f"average prices of {year}"]
        left, year, of_year = left - of_year, year - 1, a_year
    average = nominal / 250 / of_s["prices of awards of 2010"]
    assert isclose(average, float(steps["Average wage S"].value), rel_tol=1e-12)
    weeks = float(steps["Service and weeks at the award"].value)
    years, rest = divmod(weeks - 500, 52)
    years += 1.0 if rest > 26 else 0.5 if rest >= 13 else 0.0
    assert years == steps["Years that earn the increment"].value
    row = figures["Group of Art. 167"]
    before = figures["Pension before limits"]
    pension = average * (row["basic amount"] + row["yearly increment"] * years)
    pension *= before["severance factor at 60"]
    minimum = float(steps["Minimum wage of 2010"].value)
    with_allowances = pension * (1.0 + figures["Family allowances beside it"]["expected family allowances a"])
    alone, together = (max(min(amount, average), minimum) for amount in (pension, with_allowances))
    assert isclose(alone * 13.0 / 12.0, float(steps["Old-law pension awarded in 2010"].value), rel_tol=1e-12)
    beside = float(steps["Family allowances beside it"].value)
    assert isclose(together - alone, beside, rel_tol=1e-9, abs_tol=1e-9 * together)
    # Art. 171: in the middle of the year all who were 60 at its opening are beyond six months.
    assert before["severance factor at 60"] == pytest.approx(0.80, rel=1e-12)


def test_replica_factor_is_a_step_with_its_evidence(run: xr.Dataset) -> None:
    found = explain(run, "2B", "published", "acquired_rights", 2010)
    assert found.method == "replica"
    (step,) = (step for step in found.steps if step.label == "Replica factor of 2010")
    # the specification, section 5, scenario 2: the fifth value of 2006-2030.
    assert step.figures[0].value == 0.401
    assert step.source.startswith("evidence: ")
    assert {"replica.acquired_rights_factor", "replica.base_rcv_return"} <= {
        item.name for item in found.parameters
    }


def test_a_replica_guarantee_shows_its_constants_and_knows_no_birth_years(run: xr.Dataset) -> None:
    found = explain(run, "4A", "published", "mpg_new_workers", 2030)
    gdp, share, series, scenario = (figure.value for figure in found.steps[0].figures)
    assert isclose(gdp, 2910e9 * 1.0405**33, rel_tol=TOLERANCE)
    # the specification, section 5: 1.1424 for series A, 1.0066 for scenario 4 from 2026.
    assert (series, scenario) == (1.1424, 1.0066)
    assert isclose(100.0 * share * series * scenario, found.number, rel_tol=TOLERANCE)
    with pytest.raises(assumptions.AssumptionError, match="replica"):
        explain(run, "4A", "published", "mpg_new_workers", 2030, cohort=1980)


@pytest.mark.parametrize("component", ["ongoing_pensions", "state_contributions"])
def test_other_components_go_down_to_a_cell(run: xr.Dataset, component: str) -> None:
    cohort = 1930 if component == "ongoing_pensions" else 1970
    found = explain(run, "3B", "statutory", component, 2005, cohort=cohort, sex="m", wage=3.0)
    assert_adds_up(found)
    assert isclose(
        float(found.chains[0].steps[-1].value),
        max(part.mxn for part in found.levels[-1].parts)
        if component == "ongoing_pensions"
        else sum(part.mxn for part in found.levels[-1].parts),
        rel_tol=TOLERANCE,
    )


def test_parameters_carry_value_unit_status_and_source(run: xr.Dataset) -> None:
    found = explain(run, "3B", "statutory", "state_contributions", 2000)
    by_name = {item.name: item for item in found.parameters}
    quota = by_name["state.social_quota"]
    assert quota.value == "1.45475"
    assert quota.unit == "MXN of December 1996 a day"
    assert quota.source == "lss_1995"
    assert all(item.status and item.source and item.locator for item in found.parameters)
    # A derived value brings what it is made from.
    assert "state.social_quota_share" in by_name


@pytest.mark.slow
def test_missing_cells_and_labels_are_refused_with_what_there_is(run: xr.Dataset) -> None:
    with pytest.raises(OutputError, match="no scenario 1B; there are 2B, 3B, 4A"):
        explain(run, "1B", "statutory", "acquired_rights", 2015)
    with pytest.raises(OutputError, match="no year 2050; there are 1997 to 2030"):
        explain(run, "3B", "statutory", "acquired_rights", 2050)
    with pytest.raises(assumptions.AssumptionError, match=r"1850.*birth years"):
        explain(run, "3B", "statutory", "acquired_rights", 2015, cohort=1850)
    with pytest.raises(assumptions.AssumptionError, match=r"--wage.*without --sex"):
        explain(run, "3B", "statutory", "acquired_rights", 2015, cohort=1950, wage=2.0)
    with pytest.raises(assumptions.AssumptionError, match="'x' is not known; allowed: m, f"):
        explain(run, "3B", "statutory", "acquired_rights", 2015, cohort=1950, sex="x")
    with pytest.raises(assumptions.AssumptionError, match="no such award"):
        explain(run, "3B", "statutory", "acquired_rights", 2015, cohort=1950, sex="f", award_year=2029)


def test_a_number_that_this_version_does_not_give_is_refused(run: xr.Dataset) -> None:
    touched = run.copy(deep=True)
    touched.fiscal_cost.loc[{"scenario": "3B", "basis": "statutory", "year": 2015}] *= 1.0001
    with pytest.raises(OutputError, match="annexv rerun"):
        explain(touched, "3B", "statutory", "acquired_rights", 2015)


def test_json_content_is_plain(run: xr.Dataset) -> None:
    import json

    found = explain(run, "3B", "statutory", "acquired_rights", 2015, cohort=1950, sex="f", wage=2.0)
    content = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert content["number"] == found.number
    assert np.isclose(
        sum(part["percent_of_gdp"] for part in content["levels"][1]["parts"]), found.number, rtol=1e-9
    )
    assert all(level["relative_difference"] <= TOLERANCE for level in content["levels"])


def words(found: Explanation) -> set[steps.Said]:
    """Every phrase that a screen shows of an explanation."""
    out = {found.sentence, *(chain.title for chain in found.chains), *found.notes}
    for level in found.levels:
        keys = {steps.label(key) for part in level.parts for key in part.who}
        out |= {level.title, *keys}
    for step in (*found.steps, *(step for chain in found.chains for step in chain.steps)):
        value = {step.value} if isinstance(step.value, str) else set()
        out |= {step.label, step.formula, step.source, step.unit} | value
        out |= {phrase for figure in step.figures for phrase in (figure.label, figure.unit)}
    return out - {""}


@pytest.mark.slow
@pytest.mark.parametrize("component", COMPONENTS)
def test_an_explanation_is_said_whole_in_spanish(run: xr.Dataset, component: str) -> None:
    found = [
        explain(run, code, basis, component, 2020)
        for code in ("2B", "4A")
        for basis in ("statutory", "published")
    ]
    birth = {COMPONENTS[1]: 1935, COMPONENTS[2]: 1980, COMPONENTS[3]: 1980}.get(component, 1955)
    year = 2030
    cell = {} if component == COMPONENTS[1] else {"wage": 2.0}
    found.append(explain(run, "3B", "statutory", component, year, cohort=birth, sex="m", **cell))
    for kind in PENSION_TYPES if component == COMPONENTS[0] else ():
        found.append(
            explain(
                run, "3B", "statutory", component, year, cohort=birth, sex="m", wage=2.0, pension_type=kind
            )
        )
    # Symbols, articles and names that both languages write alike.
    alike = re.compile(
        r"\d{4}|factor|[A-Z]( / [A-Z])?|a(, real)?|C\(\d+\)|docs/methods\.md|INFONAVIT", re.ASCII
    )
    for phrase in set().union(*map(words, found)):
        spanish = phrase.to("es")
        assert spanish != phrase or alike.fullmatch(phrase), phrase
        # A sentence has its clauses, and a clause its numbers, in another order.
        assert sorted(re.findall(r"\d+", spanish)) == sorted(re.findall(r"\d+", phrase)), phrase
