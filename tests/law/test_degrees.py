"""Occupational disabilities by degree: averages over all degrees, and what the branch collected bounds them."""

from __future__ import annotations

import numpy as np
import pytest

import assumptions
from assumptions import Resolved
from cohorts.axes import BASE_DISABILITY, OCCUPATIONAL_DEATH, OCCUPATIONAL_DISABILITY, PRESENT
from engine.law.occupational import degree_shares
from engine.prepare import degrees, rules
from engine.projection import run_case

MEAN = "decrements.occupational_mean_degree"
# What the branch collected in 1996, medical care and daily benefits in it, as a share of wages; pensions at most half of it.
COLLECTED, PENSIONS = 0.022, 0.5


def pack(**sets: object) -> Resolved:
    given = {name.replace("__", "."): value for name, value in sets.items()}
    return assumptions.load("3B", sets=given).resolve("statutory")


@pytest.mark.parametrize("mean", [0.2, 0.3, 0.45, 0.6, 0.9])
def test_averages_are_those_of_many_degrees(mean: float) -> None:
    """A million degrees, those of the middle of equal parts of the disabled, each under the law's rule."""
    law = rules.old_law(pack(decrements__occupational_mean_degree=mean))
    parts = (np.arange(200_000) + 0.5) / 200_000
    drawn = np.minimum(-degrees.scale(mean) * np.log(parts), 1.0)
    assert drawn.mean() == pytest.approx(mean, abs=1e-5)
    found = np.array([degree_shares(degree, law) for degree in drawn])
    pensioned = found.sum(axis=1) > 0.0
    assert law.pensioned == pytest.approx(pensioned.mean(), abs=2e-5)
    assert law.mean_partial == pytest.approx(found[pensioned, 0].mean(), abs=1e-4)
    assert law.mean_total == pytest.approx(found[pensioned, 1].mean(), abs=1e-4)


def capital(*kinds: int) -> np.ndarray:
    """Capital value of the pensions awarded in a year to those insured before the reform, over their wages."""
    contributions = ("retirement_employer", "ceav_employer", "ceav_worker", "ceav_state", "commission")
    nothing = {f"contributions.{name}": 0.0 for name in (*contributions, "infonavit_employer")}
    whole = {"basis.recognition": "capital", "basis.choice": "old_law", "state.social_quota_share": 0.0}
    case = run_case(pack().with_values(nothing | whole | {"reform.last_year": 2010}))
    wages = case.flows.covered_wages[PRESENT, BASE_DISABILITY]
    found: np.ndarray = case.acquired_by_type[list(kinds)].sum(axis=0) / wages
    return found


def test_occupational_awards_are_within_what_the_branch_collects() -> None:
    assert capital(OCCUPATIONAL_DISABILITY, OCCUPATIONAL_DEATH).max() <= PENSIONS * COLLECTED
