"""The law as it became, in overlays: dates and amounts by hand from the law, and overlays that include others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import assumptions
from cohorts import axes
from engine.law.indexation import increase
from engine.prepare import economy

PRINTED = 1e-6
# UMA stand at the INPC's average of the year, minimum wages at the mean of prices that rise evenly between two Decembers.
OF_A_YEAR = 0.01


@pytest.fixture(scope="module")
def law() -> assumptions.Resolved:
    return assumptions.load("3B", "law_as_it_became").resolve("statutory")


def test_the_law_is_in_force_in_july_1997(law: assumptions.Resolved) -> None:
    assert law.date("reform.date").isoformat() == "1997-07-01"


def test_pensions_follow_the_minimum_wage_to_2001_and_prices_after(law: assumptions.Resolved) -> None:
    assert law.path("law_1973.indexation", [1997, 2001, 2002, 2020]).tolist() == [1.0, 1.0, 0.0, 0.0]
    assert law.switch("basis.foresight") == "award"


def test_the_decree_of_2004_has_its_factor_and_its_floor(law: assumptions.Resolved) -> None:
    # Lines b, d and e of the decree: 1.11 with effect from 2003; line a: one minimum wage.
    rows = law.table("law_1973.increases").values
    assert set(rows[:, 0]) == {2003.0}
    assert set(rows[:, -1]) == {1.11}
    assert law.path("law_1973.indexation_floor_mw", [2002, 2003, 2023]).tolist() == [0.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("kind", "age", "level", "factor"),
    [
        (0, 60, 1.0, 1.11),
        (0, 59, 1.5, 1.0),
        (0, 60, 0.99, 1.0),
        (0, 75, 6.0, 1.11),
        (3, 60, 0.8, 1.11),
        (2, 40, 1.5, 1.11),
        (2, 40, 1.6, 1.0),
        (2, 61, 1.6, 1.11),
    ],
)
def test_lines_of_the_decree_reach_whom_it_names(
    law: assumptions.Resolved, kind: int, age: float, level: float, factor: float
) -> None:
    rows = law.table("law_1973.increases").values
    assert increase(level, age, kind, 2003, 1999, 2003, rows) == factor
    # Determined later: at the award.
    assert increase(level, age, kind, 2010, 2010, 2010, rows) == factor
    assert increase(level, age, kind, 2011, 2010, 2011, rows) == 1.0


def test_the_ceiling_of_housing_is_that_of_severance_and_old_age(law: assumptions.Resolved) -> None:
    years = np.arange(1997, 2026)
    housing, ceav = (law.path(f"contributions.ceiling_{name}", years) for name in ("infonavit", "ceav"))
    assert (housing == ceav).all()
    assert ceav[:11].tolist() == list(range(15, 26))
    assert law.path("contributions.ceiling_infonavit", [1996])[0] == 10.0


def test_ceilings_are_of_25_uma_from_2017() -> None:
    # UMA and minimum wage of 2023: 103.74 and 207.44 pesos a day; of 2017 75.49 and, from December 2016 on, 80.04 and 88.36.
    told = assumptions.load("3B", ["all_observed", "law_as_it_became"]).resolve("statutory")
    years = np.arange(1997, 2031)
    found = economy.build(told, years, 7, 1).ceilings[:, 7:]
    assert found[axes.BASE_RETIREMENT, years == 2016] == 25.0
    for base in (axes.BASE_RETIREMENT, axes.BASE_SEVERANCE, axes.BASE_HOUSING):
        assert found[base, years == 2023] == pytest.approx(25.0 * 103.74 / 207.44, rel=OF_A_YEAR)
    # With another minimum wage 25 UMA are another number of minimum wages.
    shipped = assumptions.load("3B", ["law_as_it_became"]).resolve("statutory")
    wage = economy.minimum_wages(shipped, years)
    found = economy.build(shipped, years, 7, 1).ceilings[:, 7:] * wage
    assert found[axes.BASE_RETIREMENT, years == 2023] == pytest.approx(25.0 * 23.0778 * 365, rel=PRINTED)


def _quota(law: assumptions.Resolved, year: int) -> list[tuple[float, float, float]]:
    rows = law.table("state.social_quota_bands").values
    latest = rows[rows[:, 0] <= year][-1, 0]
    return [tuple(row[1:]) for row in rows if row[0] == latest]


def test_the_quota_of_2009_by_hand(law: assumptions.Resolved) -> None:
    # 3.87077 pesos of December 2008 to one minimum wage, 3.22564 to fifteen, none above; INPC 28.759336 and 69.295552.
    carried = 28.759336 / 69.295552
    rows = _quota(law, 2012)
    assert [row[0] for row in rows] == [1, 4, 7, 10, 15, 0]
    assert rows[0][2] == pytest.approx(3.87077 * carried, rel=PRINTED)
    assert rows[4][2] == pytest.approx(3.22564 * carried, rel=PRINTED)
    assert rows[5][2] == 0.0
    # The first half of 2009 has the quota of 1997, 181 days of 365.
    mixed = (181 * 1.33877 + 184 * 3.87077 * carried) / 365.0
    assert _quota(law, 2009)[0][2] == pytest.approx(mixed, rel=PRINTED)


def test_the_quota_of_2023_stands_beside_that_of_2009(law: assumptions.Resolved) -> None:
    alone = assumptions.load("3B", "reform_december_2020").resolve("statutory")
    assert _quota(law, 2023) == _quota(alone, 2023)
    assert _quota(law, 2030) == _quota(alone, 2030)


def test_no_scenario_surrenders_housing() -> None:
    for code in assumptions.scenario_codes():
        resolved = assumptions.load(code, "law_2012").resolve("statutory")
        assert not resolved.flag("financing.infonavit_surrendered")


def test_an_overlay_that_includes_others_is_these_laid_one_on_another() -> None:
    names = (
        "observed_prices",
        "observed_minimum_wage",
        "observed_wages",
        "observed_contributors",
        "observed_gdp_growth",
        "observed_gdp_base_2018",
        "observed_returns",
        "observed_mortality",
    )
    together = assumptions.load("3B", "all_observed").resolve("statutory")
    assert assumptions.diff(together, assumptions.load("3B", names).resolve("statutory")) == []


def test_an_included_overlay_that_is_not_there_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[overlay]\ntitle = "Own"\nincludes = ["observed_price"]\n', encoding="utf-8")
    with pytest.raises(
        assumptions.AssumptionError, match=r"no shipped overlay observed_price .*did you mean"
    ):
        assumptions.load("3B", own)


def test_a_users_overlay_may_include_a_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[overlay]\ntitle = "Own"\nincludes = ["law_1997"]\n[state]\nsocial_quota = 1.5\n', encoding="utf-8"
    )
    found = assumptions.load("3B", own).resolve("statutory")
    assert found.date("reform.date").month == 7
    assert found.path("state.social_quota", [2000])[0] == 1.5


def test_today_is_what_happened_the_law_and_the_outlook() -> None:
    today = assumptions.load("3B", "today").resolve("statutory")
    parts = assumptions.load("3B", ["law_as_it_became", "outlook_2070"]).resolve("statutory")
    assert assumptions.diff(today, parts) == []
    # Population of 15 to 64 by CONAPO, men and women, 2025 and 2026, persons: growth of contributors from 2025 on.
    people = assumptions.observed.observations("population_2025_2070")
    age = [people["men_15_64"][year].value + people["women_15_64"][year].value for year in (2025, 2026)]
    growth = today.path("population.contributors_growth", [2025])[0]
    assert growth == pytest.approx(age[1] / age[0] - 1.0, rel=PRINTED)
