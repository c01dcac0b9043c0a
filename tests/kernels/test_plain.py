"""The year loop that sums over awards, and the plain one that follows each of them, give the same flows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import assumptions
from engine.kernels.project import project_flows
from engine.kernels.types import Flows, Inputs
from engine.prepare import case, demography
from engine.projection import run_case

RELATIVE = 1e-12
CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("3B", "statutory", {}),
    ("1B", "published", {}),
    ("4A", "statutory", {"basis.recognition": "capital"}),
    ("2B", "statutory", {"basis.recognition": "share", "basis.mpg": "top_up"}),
    ("1A", "statutory", {"basis.mpg": "capital", "basis.foresight": "award", "law_1973.indexation": {1980: 1.0, 2005: 0.3}}),
    ("3B", "statutory", {"reform.enacted": False}),
    ("3B", "statutory", {"contributions.commission_balance": 0.01, "funds.annuity_return": 0.02,
                         "contributions.ceilings_in_uma": {1980: 0.0, 2010: 1.0},
                         "financing.infonavit_share": {1980: 1.0, 2005: 0.5, 2012: 0.0}}),
    ("3B", "statutory", {"guarantee.real_growth": 0.03, "guarantee.in_payment": {1980: 0.0, 2003: 0.6},
                         "law_1973.average_weeks": {1980: 250, 2005: 300, 2015: 200},
                         "law_1995.iv_average_weeks": {1980: 500, 2006: 250}, "reform.last_year": 2060}),
    ("3B", "statutory", {"basis.account_history": "whole_career", "reform.last_year": 2060}),
    ("1B", "statutory", {"contributions.unemployment_frequency": 0.1}),
    ("1B", "statutory", {"contributions.infonavit_collection": 0.0, "contributions.density": 0.6,
                         "reform.last_year": 2100}),
]  # fmt: skip


def flows(code: str, basis: str, changes: dict[str, Any], by_award: bool) -> Flows:
    found = case.build(assumptions.load(code).resolve(basis).with_values(changes))
    people = found.demography
    values = demography.annuities(people, found.economy, found.years.size)
    inputs = Inputs(
        people.population,
        people.heads,
        people.decrements,
        people.payments,
        *values,
        found.economy,
        found.tables,
        found.rules,
    )
    return project_flows(inputs, True, by_award)


@pytest.mark.slow
@pytest.mark.parametrize(("code", "basis", "changes"), CASES)
def test_sums_over_awards_are_the_awards(code: str, basis: str, changes: dict[str, Any]) -> None:
    fast, plain = (flows(code, basis, changes, by_award) for by_award in (False, True))
    for field in Flows._fields:
        one, other = getattr(fast, field), getattr(plain, field)
        scale = float(np.abs(one).max(initial=0.0))
        np.testing.assert_allclose(other, one, rtol=RELATIVE, atol=RELATIVE * scale, err_msg=field)


@pytest.mark.slow
def test_a_floor_and_a_decree_only_add() -> None:
    """A least pension in payment never lowers a year's pensions, and reaches only the years in which it holds."""
    pack = (
        assumptions.load("3B")
        .resolve("statutory")
        .with_values({"law_1973.indexation": {1980: 1.0, 2002: 0.0}})
    )
    floor = pack.with_values({"law_1973.indexation_floor_mw": {1980: 0.0, 2004: 2.0}})
    before, after = run_case(pack).cost[0], run_case(floor).cost[0]
    assert (after[7:] > before[7:]).all()
    none = pack.with_values({"law_1973.indexation_floor_mw": {1980: 0.0, 2004: 0.01}})
    np.testing.assert_allclose(run_case(none).cost[0], before, rtol=1e-12)
