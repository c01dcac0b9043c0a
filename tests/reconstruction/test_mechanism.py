"""The mechanism of 1996: its five functions, a second text of it, and the printed tables."""

from __future__ import annotations

import csv

import numpy as np
import pytest

import annexv
from assumptions import load, published
from assumptions.text import DATA
from engine import reconstruction
from engine.prepare import reconstruction as prepared
from engine.projection import ACQUIRED_RIGHTS, MPG_NEW_WORKERS, run_case
from tests.oracle import mechanism as oracle

SCENARIOS = ("1B", "2B", "3B", "4B", "1A", "2A", "3A", "4A")
# Two computations of the same thing; the oracle's and the engine's differ by rounding alone.
SAME = 1e-9


def emssa97_men() -> dict[int, float]:
    """Probabilities of death of EMSSA-97, men, read from the file by other means than the engine's."""
    with (DATA / "mortality" / "emssa97.csv").open(encoding="utf-8") as stream:
        rows = csv.DictReader(line for line in stream if not line.startswith("#"))
        return {int(row["age"]): float(row["m"]) for row in rows}


@pytest.mark.parametrize(("rate", "share"), [(0.035, 0.256), (0.02, 0.505), (0.0, 0.711)])
def test_share_of_infonavit_by_hand(rate: float, share: float) -> None:
    """1 - 5% of 2.6 minimum wages growing 2%, 35 years, over 13 monthly pensions for life from 60: .256, .505, .711."""
    deaths = emssa97_men()
    saved = sum(0.05 * 2.6 * 1.02**k * (1 + rate) ** (34 - k) for k in range(35))
    alive, annuity = 1.0, 0.0
    for age in range(60, 111):
        annuity += alive / (1 + rate) ** (age - 60)
        alive *= 1 - deaths[age]
    by_hand = 1 - saved / (13 / 12 * annuity)
    assert by_hand == pytest.approx(share, abs=0.0005)
    assert annexv.infonavit_share(rate) == pytest.approx(by_hand, abs=SAME)
    said = oracle.share_of_infonavit(rate, 2.6, 0.02, 35, 60, deaths, 13)
    assert said == pytest.approx(by_hand, abs=SAME)


def test_share_takes_every_argument() -> None:
    table = [emssa97_men()[age] for age in range(65, 111)]
    one = annexv.infonavit_share(0.015, wage=3.0, growth=0.01, years=30, age=65, table=table, months=12)
    deaths = emssa97_men()
    assert one == pytest.approx(oracle.share_of_infonavit(0.015, 3.0, 0.01, 30, 65, deaths, 12), abs=SAME)


def test_share_is_never_below_nil_and_refuses_what_is_none() -> None:
    assert annexv.infonavit_share(0.10) == 0.0
    assert annexv.infonavit_share(0.035, years=0) == 1.0
    with pytest.raises(ValueError, match="above -1"):
        annexv.infonavit_share(-1.0)
    with pytest.raises(ValueError, match="0 or more"):
        annexv.infonavit_share(0.035, years=-1)
    with pytest.raises(ValueError, match="between 0 and 1"):
        annexv.infonavit_share(0.035, table=[0.5, 1.5])


def values(resolved) -> dict[str, float]:
    """Numbers of the mechanism under the names of the oracle."""

    def n(name: str) -> float:
        return resolved.number(f"reconstruction.{name}")

    return {
        "awards": 100 * n("awards_base"), "growth": n("awards_growth"), "first_award": int(n("first_award")),
        "career_end": n("career_end"), "spread": n("career_spread"), "long_run": n("contributors_long_run"),
        "extra": n("contributors_extra"), "decay": n("contributors_decay"), "wage": n("wage"),
        "wage_growth": n("wage_growth"), "return": n("account_return"), "density": n("density"),
        "rate": n("account_rate"), "quota": n("social_quota"), "guarantee": n("guarantee_share"),
        "ending": n("termination"), "gdp_growth": 0.0405,
    }  # fmt: skip


def minimum_wages(series: str, last: int = 2030) -> dict[int, float]:
    """Real minimum wages of the annex, page 7, one in December 1996 of series B."""
    with (DATA / "minimum_wage.csv").open(encoding="utf-8") as stream:
        rows = csv.DictReader(line for line in stream if not line.startswith("#"))
        growth = {int(row["year"]): float(row[series]) for row in rows}
    level = 1.0 if series == "b" else (1 - 0.1586) / (1 - 0.0615)
    found = {}
    for year in range(1997, last + 1):
        level *= 1 + growth[min(year, max(growth))]
        found[year] = level
    return found


@pytest.mark.parametrize("code", SCENARIOS)
@pytest.mark.parametrize("last", [2030, 2060])
def test_the_second_text_agrees(code: str, last: int) -> None:
    resolved = load(code, sets={"reform.last_year": last}).resolve("reconstructed")
    case = run_case(resolved)
    v, deaths = values(resolved), emssa97_men()

    def share(rate: float) -> float:
        return oracle.share_of_infonavit(rate, v["wage"], v["wage_growth"], 35, 60, deaths, 13)

    # Scenario 1: 3.5%; 2: 3.5% for pensions awarded to 2004, 0% later; 3: INFONAVIT does not pay; 4: 2%.
    late = {"1": share(0.035), "2": share(0.0), "3": 1.0, "4": share(0.02)}[code[0]]
    early = share(0.035) if code[0] == "2" else late
    shares = {y: early if y < 2005 else late for y in range(1995, last + 1)}
    rights, guarantee = oracle.tables(v, minimum_wages(code[1].lower(), last), shares, last)
    model = 100 * case.cost / case.gdp
    np.testing.assert_allclose(model[ACQUIRED_RIGHTS], list(rights.values()), rtol=SAME, atol=0.0)
    if code == "3B":
        np.testing.assert_allclose(model[MPG_NEW_WORKERS], list(guarantee.values()), rtol=SAME, atol=1e-15)
    if code == "3A":
        np.testing.assert_allclose(
            model[MPG_NEW_WORKERS], [1.1423 * one for one in guarantee.values()], rtol=SAME, atol=1e-15
        )


def test_the_steps_of_scenario_4_are_constant_pesos() -> None:
    """Annex V, tables of 4A and 1A: .00020, .00187 and .00320% of the GDP of 2021."""
    four, one = (run_case(load(code).resolve("reconstructed")) for code in ("4A", "1A"))
    step = 100 * (four.cost - one.cost)[MPG_NEW_WORKERS] / four.gdp[2021 - 1997]
    for first, last, size in (
        (1997, 2020, 0.0),
        (2021, 2025, 0.0002),
        (2026, 2028, 0.00187),
        (2029, 2030, 0.0032),
    ):
        np.testing.assert_allclose(step[first - 1997 : last - 1996], size, rtol=0.0, atol=5e-6)
    four, one = (run_case(load(code).resolve("reconstructed")) for code in ("4B", "1B"))
    assert (four.cost[MPG_NEW_WORKERS, 27:29] == one.cost[MPG_NEW_WORKERS, 27:29]).all()


def test_heads_and_money_are_conserved() -> None:
    """Pensions of the transition and of new workers are all pensions; what accounts and State pay is the pension."""
    given = prepared.mechanism(load("3B").resolve("reconstructed"), np.arange(1997, 2041))
    assert given is not None
    found = reconstruction.cost(given)
    survival = reconstruction.in_payment(given.award_years, given.years, given.termination)
    transition = given.gdp * (given.awards * (1 - given.new_workers))[:, None] * survival
    np.testing.assert_allclose(found.rights + found.paid_by_account, transition * given.pension, rtol=SAME)


def test_pensions_in_payment_and_state_contributions_are_those_of_the_published_basis() -> None:
    for code in ("1B", "3A"):
        one, other = (run_case(load(code).resolve(basis)) for basis in ("published", "reconstructed"))
        np.testing.assert_array_equal(one.cost[1:3], other.cost[1:3])


def test_types_are_in_the_proportions_of_the_published_basis() -> None:
    for code in ("3B", "4A"):
        one, other = (run_case(load(code).resolve(basis)) for basis in ("published", "reconstructed"))
        np.testing.assert_allclose(
            one.acquired_by_type / one.acquired_by_type.sum(axis=0),
            other.acquired_by_type / other.acquired_by_type.sum(axis=0),
            rtol=SAME,
        )
        np.testing.assert_allclose(other.acquired_by_type.sum(axis=0), other.cost[ACQUIRED_RIGHTS], rtol=SAME)


def test_a_country_without_the_reform_has_no_mechanism() -> None:
    one, other = (run_case(load("0B").resolve(basis)) for basis in ("published", "reconstructed"))
    np.testing.assert_array_equal(one.cost, other.cost)
    assert "reconstructed" not in other.method


def test_tables_of_targets_name_what_is_printed() -> None:
    stated = published.tolerances("reconstructed")
    assert stated.basis == "reconstructed"
    assert {t.method for t in stated.targets} == {"structural", "reconstructed"}
    held = {(t.table, code) for t in stated.targets if t.held_out for code in t.scenarios}
    assert held == {
        ("series_a", "1A"), ("series_a", "2A"), ("series_a", "4A"),
        ("series_a_put_right", "2A"), ("series_a_put_right", "3A"),
    }  # fmt: skip
