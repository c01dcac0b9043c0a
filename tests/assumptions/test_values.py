"""The values of the specification, and what generated tables must meet."""

import math
from pathlib import Path

import numpy as np
import pytest

import assumptions
from assumptions import generate
from assumptions.mortality import load_soa
from assumptions.text import DATA

STATUTORY = assumptions.load("3B").resolve("statutory")
PUBLISHED = assumptions.load("3B").resolve("published")

NUMBERS = {
    "economy.minimum_wage_daily": 26.45,
    "economy.gdp_1997": 2910e9,
    "contributions.commission": 0.02,
    "state.social_quota": 1.45475,
    "guarantee.mpg": 26.45,
    "guarantee.weeks": 1250,
    "law_1973.weeks_retirement": 500,
    "law_1995.weeks_retirement": 1250,
    "population.average_wage_mw": 2.6,
    "reform.first_year": 1997,
    "memo.exchange_rate": 7.5,
}


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("res", [STATUTORY, PUBLISHED], ids=lambda res: res.basis)
def test_numbers_common_to_both_bases(res: assumptions.Resolved, name: str) -> None:
    assert res.number(name) == pytest.approx(NUMBERS[name], rel=1e-12)


def test_contribution_rates_add_up() -> None:
    def total(*names: str) -> float:
        return sum(STATUTORY.number(f"contributions.{name}") for name in names)

    assert total("old_ivcm_employer", "old_ivcm_worker", "old_ivcm_state") == pytest.approx(0.085)
    assert total("retirement_employer", "ceav_employer", "ceav_worker", "ceav_state") == pytest.approx(0.065)
    assert total("iv_employer", "iv_worker", "iv_state") == pytest.approx(0.025)


def test_ceilings() -> None:
    years = np.arange(1996, 2012)
    expected = np.clip(years - 1997 + 15, 15, 25)
    assert STATUTORY.path("contributions.ceiling_ceav", years).tolist() == expected.tolist()
    average = STATUTORY.path("law_1973.ceiling_average_wage", years)
    assert average[0] == 10
    assert average[1:].tolist() == expected[1:].tolist()


@pytest.mark.parametrize(
    ("code", "surrendered", "rcv", "infonavit"),
    [
        ("1", True, 0.035, (0.0, 0.0, 0.035)),
        ("2", True, 0.035, (0.0, 0.0, 0.0)),
        ("3", False, 0.035, (0.0, 0.0, 0.035)),
        ("4", True, 0.02, (0.0, 0.0, 0.02)),
    ],
)
@pytest.mark.parametrize("series", ["A", "B"])
def test_scenarios(
    code: str, series: str, surrendered: bool, rcv: float, infonavit: tuple[float, ...]
) -> None:
    res = assumptions.load(code + series).resolve("statutory")
    assert res.flag("financing.infonavit_surrendered") is surrendered
    assert res.path("funds.rcv_return", [1997, 2030]).tolist() == [rcv, rcv]
    assert tuple(res.path("funds.infonavit_return", [1997, 2004, 2005])) == infonavit
    assert res.flag("reform.enacted")


def test_series() -> None:
    low, high = (assumptions.load(code).resolve("published") for code in ("3B", "3A"))
    assert low.number("economy.minimum_wage_base") == 1.0
    assert high.number("economy.minimum_wage_base") == pytest.approx(0.8414 / 0.9385, rel=1e-15)
    years = [1995, 1996, 2003, 2030]
    assert low.path("economy.inflation", years).tolist() == [0.52, 0.30, 0.06, 0.06]
    assert high.path("economy.inflation", years).tolist() == [0.52, 0.45, 0.10, 0.10]
    assert high.path("economy.real_minimum_wage_growth", years).tolist() == [-0.2105, -0.1586, 0.0045, 0.0045]
    assert high.number("replica.mpg_series_factor") == 1.1424


def test_the_minimum_wage_of_1996_knows_no_series() -> None:
    for code in ("3A", "3B"):
        res = assumptions.load(code).resolve("statutory")
        assert res.number("economy.minimum_wage_base") == 1.0
        assert res.number("economy.minimum_wage_daily") == 26.45


@pytest.mark.parametrize(("code", "growth"), [("3B", -0.0328), ("3A", -0.0942)])
def test_the_guarantee_of_section_c(code: str, growth: float) -> None:
    """One 1997 minimum wage, by the real growth printed for 1997 on page 7."""
    res = assumptions.load(code, overlays=["guarantee_1997_minimum_wage"]).resolve("statutory")
    assert res.number("guarantee.mpg") == pytest.approx(26.45 * (1 + growth), rel=1e-12)


def test_the_quota_of_a_law_of_july_1997() -> None:
    """1.45475 pesos of June 1997 are 1.3388 of December 1996 (case "quota of 1997 in pesos of December 1996")."""
    res = assumptions.load("3B", overlays=["reform_july_1997"]).resolve("statutory")
    assert res.path("state.social_quota", [1997])[0] == pytest.approx(1.3388, abs=5e-5)


def test_what_infonavit_collects() -> None:
    """7.75 thousand million of 1996 (Annex VII) against 5% of the base of the quotas collected (health study, Table 11)."""
    base = (17_440.4 + 970.8) / 0.085
    collected = 7_750 / (0.05 * base)
    res = assumptions.load("1B").resolve("statutory")
    assert res.path("contributions.infonavit_collection", [1997])[0] == pytest.approx(collected, abs=0.005)
    assert (
        assumptions.load("1B").resolve("published").path("contributions.infonavit_collection", [1997])[0]
        == 1.0
    )


def test_the_real_growth_follows_from_nominal_rises() -> None:
    # the round nominal rises of the minimum wage that reproduce the printed real rates
    nominal = {
        "3B": [20, 22, 18, 15, 11, 10, 9, 7.5, 7.5],
        "3A": [20, 22, 25, 25, 20, 15, 15, 15, 10.5],
    }
    years = np.arange(1995, 2004)
    for code, rises in nominal.items():
        res = assumptions.load(code).resolve("statutory")
        inflation = res.path("economy.inflation", years)
        real = (1 + np.array(rises) / 100) / (1 + inflation) - 1
        assert (
            np.abs(real - res.path("economy.real_minimum_wage_growth", years)).max() < 2.5e-4
        )  # A 1999 is printed -3.25


def test_no_reform_is_not_in_the_default_list() -> None:
    assert assumptions.scenario_codes() == ("1B", "2B", "3B", "4B", "1A", "2A", "3A", "4A")
    assert set(assumptions.all_scenario_codes()) - set(assumptions.scenario_codes()) == {"0A", "0B"}
    assert not assumptions.load("0B").resolve("statutory").flag("reform.enacted")
    assert assumptions.basis_names() == ("statutory", "published", "reconstructed")


def test_replica_factors() -> None:
    years = np.array([1997, 2005, 2006, 2030, 2035])
    one, two, four = (
        assumptions.load(code).resolve("published").path("replica.acquired_rights_factor", years)
        for code in ("1B", "2B", "4B")
    )
    assert one == pytest.approx(0.25 * 1.001 ** (years - 1997.0), rel=1e-14)
    assert two.tolist() == [one[0], one[1], 0.278, 0.639, 0.639]
    assert four.tolist() == [0.5] * 5
    assert PUBLISHED.path("replica.mpg", [1997, 2020, 2021, 2030]).tolist() == [0, 0, 0.0000465, 0.0029830]
    factor = (
        assumptions.load("4A").resolve("published").path("replica.mpg_scenario_factor", [2025, 2026, 2030])
    )
    assert factor.tolist() == [1.0, 1.0066, 1.0066]


def test_art_167_starts_and_ends_as_printed() -> None:
    table = STATUTORY.table("law_1973.art_167")
    assert table.values.shape == (22, 3)
    assert table[1, "basic"] == 0.80
    assert table[1, "increment"] == 0.00563
    assert table[22, "basic"] == 0.13
    assert np.all(np.diff(table.values[:, 0]) > 0)
    assert np.all(np.diff(table.values[:, 1]) < 0)


def test_contributors_growth() -> None:
    years = np.array([1997, 2010, 2030])
    long_run, extra, decay = (
        PUBLISHED.number(f"population.growth_{part}") for part in ("long_run", "extra", "decay")
    )
    expected = long_run + extra * np.exp(-decay * (years - 1997))
    assert PUBLISHED.path("population.contributors_growth", years) == pytest.approx(expected, rel=1e-14)


def test_facts_of_the_statutory_population() -> None:
    shares = STATUTORY.table("population.active_age_shares")
    ages = np.array(shares.coords["age"])
    men, women = shares.values
    both = men + women
    assert men.sum() == pytest.approx(0.65, abs=1e-9)
    assert both[ages <= 30].sum() == pytest.approx(0.50, abs=0.04)
    assert both[ages < 45].sum() == pytest.approx(0.85, abs=0.015)
    assert (ages * women).sum() / women.sum() < (ages * men).sum() / men.sum()

    def mean(name: str) -> float:
        return float((STATUTORY.table(name).values * shares.values).sum())

    assert mean("decrements.iv_disability") == pytest.approx(0.0025, rel=1e-4)
    assert mean("decrements.occupational_disability") == pytest.approx(0.0015, rel=1e-4)
    assert mean("decrements.occupational_death") == pytest.approx(0.00013, rel=1e-4)
    assert mean("population.age_wage_profile") == pytest.approx(1.0, abs=1e-5)
    iv = STATUTORY.table("decrements.iv_disability")
    assert iv["m", 60] / iv["m", 30] == pytest.approx(10.0, rel=1e-3)
    profile = STATUTORY.table("population.age_wage_profile")
    assert abs(profile.coords["age"][int(profile.values[0].argmax())] - 40) <= 3  # type: ignore[operator]
    assert STATUTORY.table("family.spouse_share")["m", 60] == pytest.approx(0.75, abs=0.01)
    assert STATUTORY.table("family.spouse_share")["f", 60] == pytest.approx(0.45, abs=0.01)
    assert STATUTORY.table("family.children")[40] == pytest.approx(1.5)
    assert STATUTORY.table("family.children")[60] == 0.0


def test_wages_of_contributors_are_lognormal_as_reported() -> None:
    # mean 2.6 and median 2 minimum wages
    sigma = math.sqrt(2 * math.log(2.6 / 2.0))
    assert STATUTORY.number("population.wage_sigma") == pytest.approx(sigma, abs=0.005)


def test_effective_population_of_the_published_basis() -> None:
    shares = PUBLISHED.table("population.active_age_shares")
    assert shares.values.sum() == pytest.approx(1.0, abs=1e-12)
    assert shares.values[0].sum() == pytest.approx(0.7)
    assert PUBLISHED.number("population.active_1996") == PUBLISHED.number("population.contributors")
    assert PUBLISHED.number("population.contributors") == pytest.approx(17.9e6, rel=0.02)
    rate = PUBLISHED.table("decrements.iv_disability")["m", 45] * PUBLISHED.number(
        "decrements.iv_disability_scale"
    )
    assert 0.00005 < rate < 0.0002


def test_pensions_in_payment() -> None:
    heads = 0.00390 * 2910e9 / (26.45 * 365)
    assert PUBLISHED.table("pensions.ongoing").values.sum() == pytest.approx(heads, rel=1e-12)
    assert STATUTORY.table("pensions.ongoing").values.sum() == pytest.approx(1_603_000, rel=1e-12)
    shares = PUBLISHED.table("pensions.ongoing_share").values.sum(axis=1)
    mean = (shares * PUBLISHED.table("pensions.ongoing_age_mean").values).sum()
    assert mean == pytest.approx(64.0, abs=1.0)


@pytest.mark.parametrize(
    ("name", "sex", "identity"),
    [
        ("mortality.active", "m", 2696),
        ("mortality.active", "f", 2697),
        ("mortality.disabled", "m", 2698),
        ("mortality.disabled", "f", 2699),
    ],
)
def test_every_mortality_rate_is_that_of_the_soa_table(name: str, sex: str, identity: int) -> None:
    pytest.importorskip("pymort")
    ours, theirs = STATUTORY.table(name), load_soa(identity)
    assert ours.coords["age"] == theirs.coords["age"]
    assert ours.values[ours.coords["sex"].index(sex)].tolist() == theirs.values.tolist()


def test_unknown_soa_tables_are_refused() -> None:
    pytest.importorskip("pymort")
    with pytest.raises(assumptions.AssumptionError, match="SOA table 99999999: pymort holds no such table"):
        load_soa(99999999)


def test_a_missing_pymort_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pymort", None)
    with pytest.raises(assumptions.AssumptionError, match="pip install pymort"):
        load_soa(2696)


def test_generated_tables_are_what_their_parameters_give() -> None:
    pytest.importorskip("pymort")
    for name, text in generate.texts().items():
        assert (DATA / name).read_text(encoding="utf-8") == text, name


def test_generated_tables_can_be_written_elsewhere(tmp_path: Path) -> None:
    pytest.importorskip("pymort")
    assert generate.main([str(tmp_path)]) == 0
    assert (tmp_path / "mortality/emssa97.csv").read_text() == (DATA / "mortality/emssa97.csv").read_text()
