"""Observed numbers name their origin, and overlays hold what is made of them and nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import assumptions
from assumptions import happened, observed
from assumptions.text import DATA
from engine.prepare import economy

FILES = sorted(path.stem for path in observed.FOLDER.glob("*.csv") if path.stem != "inpc")
# Factors and shares as printed have at most eight digits.
PRINTED = 1e-6


@pytest.fixture(scope="module")
def told() -> assumptions.Resolved:
    return assumptions.load("3B", "all_observed").resolve("statutory")


@pytest.mark.parametrize("name", FILES)
def test_every_number_has_a_registered_source_a_place_and_a_confidence(
    name: str, told: assumptions.Resolved
) -> None:
    found = observed.observations(name)
    assert found
    for item, series in found.items():
        for year, one in series.items():
            assert one.source in told.sources, (item, year)
            assert one.locator, (item, year)
            assert one.unit, (item, year)
            assert one.confidence in observed.CONFIDENCE


def test_paths_and_bands_are_those_that_the_module_writes(tmp_path: Path) -> None:
    happened.write(tmp_path)
    written = sorted(path for path in tmp_path.rglob("*.csv"))
    assert written
    for path in written:
        assert path.read_bytes() == (DATA / path.relative_to(tmp_path)).read_bytes(), path.name
    stored = {path.name for path in (DATA / "observed" / "paths").iterdir()}
    assert stored == {path.name for path in written if path.parent.name == "paths"}


def test_the_accounting_break_of_the_quota_is_no_observation() -> None:
    # Zeros of the Cuenta Publica from 2017 on; the budget-transparency data have amounts to 2018.
    for line in ("social_quota_rcv", "state_ceav_statutory"):
        series = observed.observations("fiscal_lines")[line]
        assert max(series) == 2018
        assert all(item.value > 0.0 for item in series.values())


def test_inflation_by_hand(told: assumptions.Resolved) -> None:
    # INPC of December 1997 and 1998: 33.279875, 39.472974.
    assert told.path("economy.inflation", [1998])[0] == pytest.approx(
        39.472974 / 33.279875 - 1.0, rel=PRINTED
    )


def test_the_minimum_wage_is_the_decreed_one_at_observed_prices(told: assumptions.Resolved) -> None:
    # 26.45 pesos of December 1996 to 207.44 of 2023, INPC 28.759336 to 132.373.
    growth = told.path("economy.real_minimum_wage_growth", np.arange(1997, 2024))
    assert float(np.prod(1.0 + growth)) == pytest.approx((207.44 / 26.45) * 28.759336 / 132.373, rel=PRINTED)


def test_contributors_are_the_mean_of_two_decembers(told: assumptions.Resolved) -> None:
    # Decembers of 1997, 2007 and 2008.
    heads = told.number("population.contributors") * np.prod(
        1.0 + told.path("population.contributors_growth", np.arange(1997, 2008))
    )
    assert told.number("population.contributors") == 10296867
    assert float(heads) == pytest.approx((14057142 + 14035416) / 2.0, rel=PRINTED)


def test_wages_are_the_wage_bill_over_heads_at_observed_prices(told: assumptions.Resolved) -> None:
    # Wage bills a day of December 2007 and 2008 over heads, at the average INPC of 2008.
    wage = (3080562245.96 + 3256631049.22) / (14057142 + 14035416) * 28.759336 / 66.93089
    level = told.number("population.average_wage_mw") * 26.45
    grown = level * np.prod(1.0 + told.path("economy.real_wage_growth", np.arange(1998, 2009)))
    assert level == pytest.approx(88.8317 * 28.759336 / 33.279875, rel=PRINTED)
    assert float(grown) == pytest.approx(wage, rel=1e-5)


def test_gdp_of_2023_is_the_national_accounts_at_observed_prices(told: assumptions.Resolved) -> None:
    level = told.number("economy.gdp_1997") * np.prod(
        1.0 + told.path("economy.gdp_growth", np.arange(1998, 2024))
    )
    assert float(level) == pytest.approx(31768.334825e9 * 28.759336 / 129.279667, rel=1e-6)


def test_accounts_earn_returns_less_commissions_on_the_balance(told: assumptions.Resolved) -> None:
    # 2010: 13.0742% gross, commission 1.578% of the balance, INPC of December 71.771855 and 74.930954.
    gross = 1.130742 * 71.771855 / 74.930954 - 1.0
    assert told.path("funds.rcv_return", [2010])[0] == pytest.approx(gross, rel=1e-5)
    assert told.path("funds.annuity_return", [2010])[0] == pytest.approx(gross, rel=1e-5)
    assert told.path("contributions.commission_balance", [2010])[0] == 0.01578
    years = np.arange(1997, 2031)
    of_account = economy.account_return(told, "funds.rcv_return", years)
    assert of_account[years == 2010] == pytest.approx(gross - 0.01578, rel=1e-5)
    # Before 2008 fees were of contributions, and before 1998 nothing is dated: the scenario's assumptions stay.
    assert told.path("contributions.commission", [2007, 2008]).tolist() == [0.02, 0.0]
    assert told.path("contributions.commission_balance", [2007, 2008, 2026]).tolist() == [0.0, 0.0199, 0.0054]
    assert told.path("funds.rcv_return", [1997])[0] == 0.035


@pytest.mark.parametrize("name", ["returns", "outlook_returns", "housing_returns", "balance_commissions"])
def test_returns_in_overlays_are_those_of_their_paths(name: str) -> None:
    overlay = "today" if name.startswith("outlook") else "all_observed"
    resolved = assumptions.load("3B", overlay).resolve("statutory")
    path = happened.PATHS[name]()
    asked = {
        "housing_returns": "funds.infonavit_return",
        "balance_commissions": "contributions.commission_balance",
    }.get(name, "funds.rcv_return")
    years = [year for year in path if year <= 2025 or name.startswith("outlook")]
    assert resolved.path(asked, years) == pytest.approx([path[year].value for year in years], rel=PRINTED)


def test_what_nobody_observed_keeps_its_assumption(told: assumptions.Resolved) -> None:
    before = assumptions.load("3B").resolve("statutory")
    years = np.arange(1997, 2018)
    assert (told.path("funds.infonavit_return", years) == before.path("funds.infonavit_return", years)).all()
    later = [2024, 2030]
    assert (told.path("economy.gdp_growth", later) == before.path("economy.gdp_growth", later)).all()


def test_observed_spending_is_read_where_it_is_compared_and_nowhere_else() -> None:
    root = Path(assumptions.__file__).parent.parent
    readers = [
        path.relative_to(root).as_posix()
        for room in ("assumptions", "cohorts", "engine")
        for path in (root / room).rglob("*.py")
        if "fiscal_lines" in path.read_text(encoding="utf-8")
    ]
    assert readers == ["engine/hindcast/compare.py"]


def test_a_bad_file_of_observations_is_refused_in_words(tmp_path: Path) -> None:
    head = ",".join(observed.COLUMNS)
    rows = [
        "2008,a,1,x,inpc,here,A",
        "2008,a,2,x,inpc,here,A",
        "2009,a,3,x,inpc,here,D",
        "then,a,3,x,inpc,here,A",
    ]
    (tmp_path / "bad.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    with pytest.raises(assumptions.AssumptionError) as caught:
        observed.observations("bad", tmp_path)
    said = str(caught.value)
    assert "line 3: a of 2008 is given twice" in said
    assert "line 4: confidence 'D' is not allowed; allowed are A, B, C" in said
    assert "line 5" in said
