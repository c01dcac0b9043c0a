"""A worker equals a cohort of one: the year loop on a single head gives the calculator's flows to 1e-9."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import assumptions
from assumptions import Resolved
from cohorts import axes
from engine.prepare import rules
from engine.worker import calculator
from engine.worker.careers import AWARDS
from tests.worker import cohort_of_one

RELATIVE = 1e-9


@cache
def pack(scenario: str, basis: str) -> Resolved:
    return assumptions.load(scenario).resolve(basis)


def agree(resolved: Resolved, **worker: Any) -> calculator.Study:
    """Compare balances, award, pension and the State's payments of every year."""
    single = cohort_of_one.project(resolved, **worker)
    study = calculator.study(single.career, single.resolved)
    f, flows, generation = study.figures, single.flows, single.generation
    award = single.career.award_age - worker["age"]
    n = single.years.size

    held = np.zeros((axes.N_ACCOUNTS, n))
    before = study.before[study.before["year"] >= single.years[0]]
    for k, name in enumerate(calculator.BALANCES):
        held[k, : len(before)] = before[name]
    np.testing.assert_allclose(flows.assets[generation], held, rtol=RELATIVE, atol=1e-6)

    def yearly(column: str) -> np.ndarray:
        out = np.zeros(n)
        values = single.pensioned * study.after[column].fillna(0.0).to_numpy()[: n - award]
        out[award : award + values.size] = values
        return out

    old_law = f["takes_old"] > 0.0
    paid = flows.paid[generation].sum(axis=0)
    np.testing.assert_allclose(paid, yearly("expected_old") if old_law else 0.0, rtol=RELATIVE, atol=1e-6)
    state = flows.cost[generation].sum(axis=(0, 1))
    expected = yearly("expected_old_state" if old_law else "expected_new_state")
    np.testing.assert_allclose(state, expected, rtol=RELATIVE, atol=1e-6)
    surrendered = flows.surrendered[generation].sum()
    assert surrendered == pytest.approx(single.pensioned * f["handed_over"] if old_law else 0.0, rel=RELATIVE)
    awards = flows.awards[generation].sum(axis=(1, 2))
    if old_law:
        assert awards[axes.OLD_LAW] == pytest.approx(single.pensioned)
    return study


@pytest.mark.parametrize("award", AWARDS)
@pytest.mark.parametrize("sex", ["m", "f"])
@pytest.mark.parametrize(
    ("scenario", "basis"), [("1B", "statutory"), ("3A", "statutory"), ("4B", "published")]
)
def test_transition_worker(award: str, sex: str, scenario: str, basis: str) -> None:
    study = agree(
        pack(scenario, basis),
        age=42,
        award_age=60,
        years_before=24,
        sex=sex,
        award=award,
        spouse=True,
        children=1.0,
    )
    assert study.figures["old_rights"] == 1.0


@pytest.mark.parametrize("award", AWARDS)
def test_new_worker_on_low_wages_needs_the_guarantee(award: str) -> None:
    dense = pack("2B", "statutory").with_values({"contributions.density": 0.83})
    study = agree(dense, age=20, award_age=60, sex="f", award=award, spouse=True, relative_wage=0.3)
    assert study.figures["old_rights"] == 0.0
    if award == "retirement":
        assert study.figures["state_new"] > 0.0


@pytest.mark.parametrize("award", AWARDS)
def test_new_worker_has_the_guarantee_of_the_award_year(award: str) -> None:
    growing = pack("2B", "statutory").with_values(
        {"guarantee.real_growth": {1997: 0.02, 2010: -0.01}, "contributions.density": 0.83}
    )
    study = agree(growing, age=20, award_age=60, sex="f", award=award, spouse=True, relative_wage=0.3)
    # 1997 + 40: the rate of each year from 1998 on, 12 of them at 2%.
    level = 26.45 * 365 * 1.02**12 * 0.99**28
    assert study.context.economy.guarantee[2037 - 1997] == pytest.approx(level, rel=1e-12)
    if award == "retirement":
        assert study.figures["new_pension"] == pytest.approx(level, rel=1e-12)


def test_single_worker_without_the_reform() -> None:
    agree(pack("0B", "statutory"), age=20, award_age=65, spouse=True)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    scenario=st.sampled_from(("1B", "2A", "3B", "4A")),
    recognition=st.sampled_from(("exhaustion", "share", "capital")),
    guarantee=st.sampled_from(("exhaustion", "top_up", "capital")),
    guarantee_growth=st.sampled_from((-0.01, 0.0, 0.02)),
    funds=st.sampled_from(("law", "annex")),
    indexation=st.sampled_from(("minimum_wage", "none")),
    growth=st.sampled_from(("age_profile", "uniform")),
    density=st.sampled_from((0.6, 0.83, 1.0)),
    fund_return=st.sampled_from((0.0, 0.02, 0.05)),
    annuity_return=st.sampled_from((0.0, 0.02, 0.05)),
    commission=st.sampled_from((0.0, 0.01)),
    award=st.sampled_from(AWARDS),
    sex=st.sampled_from(("m", "f")),
    age=st.integers(18, 64),
    wait=st.integers(1, 40),
    years_before=st.integers(0, 40),
    wage=st.floats(0.1, 8.0),
    family=st.sampled_from(((False, 0.0), (True, 0.0), (True, 2.0))),
)
def test_any_worker(
    scenario: str,
    recognition: str,
    guarantee: str,
    guarantee_growth: float,
    funds: str,
    indexation: str,
    growth: str,
    density: float,
    fund_return: float,
    annuity_return: float,
    commission: float,
    award: str,
    sex: str,
    age: int,
    wait: int,
    years_before: int,
    wage: float,
    family: tuple[bool, float],
) -> None:
    resolved = pack(scenario, "statutory").with_values(
        {
            "basis.recognition": recognition,
            "basis.mpg": guarantee,
            "guarantee.real_growth": guarantee_growth,
            "basis.surrendered_funds": funds,
            "basis.old_law_indexation": indexation,
            "basis.wage_growth": growth,
            "contributions.density": density,
            "funds.rcv_return": fund_return,
            "funds.annuity_return": annuity_return,
            "contributions.commission_balance": commission,
        }
    )
    # The year loop gives members all wages of the averages; a shorter career has only its own.
    years_before = min(years_before, age - 15)
    if years_before < rules.history_years(resolved) - 1:
        years_before = 0
    award_age = min(age + wait, int(resolved.number("retirement.last_age")))
    if award == "retirement":
        # Nobody retires earlier in the year loop, which therefore does not ask for the age of the guarantee.
        award_age = max(award_age, int(resolved.number("guarantee.minimum_age")))
    agree(
        resolved,
        age=age,
        award_age=award_age,
        years_before=years_before,
        sex=sex,
        award=award,
        relative_wage=wage,
        spouse=family[0],
        children=family[1],
    )
