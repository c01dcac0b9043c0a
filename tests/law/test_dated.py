"""Values of the law by year: what a decree changes from a year on leaves earlier awards and contributions as they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assumptions
from assumptions import AssumptionError, Resolved
from cohorts import axes
from engine.prepare import rules
from engine.projection import CaseResult, run_case
from engine.worker import calculator
from engine.worker.careers import Career

DATED = (
    "law_1973.weeks_retirement",
    "law_1973.weeks_disability",
    "law_1973.average_weeks",
    "law_1973.minimum_pension_mw",
    "law_1973.bonus_months",
    "law_1973.occupational_disability_share",
    "law_1995.weeks_disability",
    "law_1995.weeks_death",
    "law_1995.iv_share",
    "law_1995.iv_average_weeks",
    "law_1995.occupational_share",
    "contributions.commission",
    "contributions.retirement_employer",
    "contributions.ceav_employer",
    "contributions.ceav_state",
    "contributions.iv_state",
    "contributions.infonavit_employer",
    "guarantee.mpg",
    "state.social_quota",
)


def pack(**values: Any) -> Resolved:
    found = assumptions.load("1B").resolve("statutory")
    return found.with_values({name.replace("__", "."): value for name, value in values.items()})


@pytest.fixture(scope="module")
def plain() -> CaseResult:
    return run_case(pack())


@pytest.mark.parametrize("name", DATED)
def test_a_value_from_a_year_on_moves_nothing_before_it(name: str, plain: CaseResult) -> None:
    factor = 2.0 if ".weeks" in name else 1.1
    changed = run_case(pack().modified(name, "scale", value=factor, from_year=2000))
    year = int(np.flatnonzero(plain.years == 2000)[0])
    for field in ("cost", "contributions", "contributions_by_payer", "assets", "acquired_by_type", "memo"):
        before, after = getattr(plain, field), getattr(changed, field)
        np.testing.assert_array_equal(before[..., :year], after[..., :year])
    moved = [
        field
        for field in ("cost", "contributions", "contributions_by_payer", "assets")
        if not np.array_equal(getattr(plain, field), getattr(changed, field))
    ]
    assert moved, f"{name} moves nothing from 2000 on"


def test_a_path_that_never_changes_is_the_bare_number(plain: CaseResult) -> None:
    dated = run_case(
        pack(law_1995__iv_share={1940: 0.35, 2005: 0.35}, contributions__ceav_state={1940: 0.00225})
    )
    for field in ("cost", "assets", "memo"):
        np.testing.assert_array_equal(getattr(plain, field), getattr(dated, field))


def test_contributions_follow_the_rate_of_their_year(plain: CaseResult) -> None:
    """The State's share of CEAV ends in 2022: nothing from 2023 on, the same pesos before (reform of December 2020)."""
    ended = run_case(pack(contributions__ceav_state={1940: 0.00225, 2023: 0.0}))
    base = plain.flows.covered_wages[:, axes.BASE_SEVERANCE].sum(axis=0)
    expected = plain.cost[2] - np.where(plain.years >= 2023, 0.00225 * base, 0.0)
    np.testing.assert_allclose(ended.cost[2], expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("award_year", "weeks", "entitled"),
    [(2020, 1249, False), (2020, 1250, True), (2021, 749, False), (2021, 750, True), (2024, 824, False), (2024, 825, True)],
)  # fmt: skip
def test_weeks_of_the_reform_of_december_2020(award_year: int, weeks: int, entitled: bool) -> None:
    """1,250 weeks to 2020, 750 in 2021, 25 more each year to 1,000 in 2031 (transitory articles, DOF 16 December 2020)."""
    dated = {1940: 1250.0, **{2021 + k: 750.0 + 25.0 * k for k in range(11)}}
    resolved = pack(law_1995__weeks_retirement=dated)
    years = weeks / 52.0
    whole = int(years)
    career = Career(
        wage=np.full(whole + 2, 20000.0),
        participation=np.array([*np.ones(whole), years - whole, 0.0]),
        first_age=65 - (whole + 1),
        born=award_year - 66,  # 65 at the opening of the year
        award_age=65,
        sex="m",
        award="retirement",
        spouse="none",
        children=0.0,
    )
    found = calculator.study(career, resolved)
    assert found.figures["weeks"] == weeks
    assert (found.figures["entitled"] > 0.0) == entitled
    assert found.law.new.weeks_retirement == dated[max(year for year in dated if year <= award_year)]


def test_an_overlay_changes_a_value_from_a_year_on(tmp_path: Path) -> None:
    overlay = tmp_path / "later.toml"
    overlay.write_text(
        "[overlay]\n"
        'title = "Later"\n'
        "[contributions]\n"
        "commission = { value = 0.01, from_year = 2008 }\n"
        "[law_1995]\n"
        "weeks_retirement = { from_year = 2021, values = { 2021 = 750, 2022 = 775 } }\n",
        encoding="utf-8",
    )
    resolved = assumptions.load("1B", overlays=[overlay]).resolve("statutory")
    assert resolved.path("contributions.commission", [1997, 2007, 2008, 2030]).tolist() == [
        0.02,
        0.02,
        0.01,
        0.01,
    ]
    weeks = resolved.path("law_1995.weeks_retirement", [1997, 2020, 2021, 2022, 2030]).tolist()
    assert weeks == [1250.0, 1250.0, 750.0, 775.0, 775.0]
    back = Resolved.from_json(resolved.to_json())
    assert back.sha256 == resolved.sha256


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("[economy]\ngdp_growth = { from_year = 2005, values = { 2006 = 0.01 } }", "begin with that year"),
        ("[contributions]\ndensity = { value = 0.7, from_year = 2005 }", "path"),
    ],
)
def test_a_change_that_cannot_be_dated_is_refused(tmp_path: Path, entry: str, said: str) -> None:
    overlay = tmp_path / "later.toml"
    overlay.write_text(f'[overlay]\ntitle = "Later"\n{entry}\n', encoding="utf-8")
    with pytest.raises(AssumptionError, match=said) as caught:
        assumptions.load("1B", overlays=[overlay]).resolve("statutory")
    assert "from_year" in str(caught.value)


def test_one_number_for_all_years_is_refused_where_there_are_several() -> None:
    resolved = pack(contributions__commission={1940: 0.02, 2008: 0.01})
    with pytest.raises(AssumptionError, match=r"contributions\.commission: is dated"):
        resolved.number("contributions.commission")
    assert rules.rules(resolved, np.arange(1997, 2031), 11).retirement.value[0, -1] == pytest.approx(
        0.02 * (1 - 0.01 / 0.065)
    )


def test_order_of_weeks_holds_in_every_year() -> None:
    with pytest.raises(AssumptionError, match="must not decrease"):
        pack(law_1973__weeks_disability={1940: 150.0, 2010: 600.0})
