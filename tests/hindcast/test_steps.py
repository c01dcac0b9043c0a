"""Steps, lines and shares of the hindcast, without running it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import assumptions
from engine import attribution
from engine.hindcast import lines, steps, study
from engine.labels import STATE_CONTRIBUTIONS
from engine.outputs import OutputError
from engine.projection import run_case

# Two computations of the same thing.
SAME = 1e-9


def test_steps_are_told_one_after_the_other() -> None:
    assert steps.up_to(steps.START) == ()
    assert steps.up_to(steps.END) == steps.NAMES
    for before, after in zip(steps.STEPS[:-2], steps.STEPS[1:-1], strict=True):
        assert (*steps.up_to(before), after) == steps.up_to(after)


@pytest.mark.slow
def test_lines_of_the_state_add_up_to_its_contributions() -> None:
    resolved = assumptions.load("3B", "law_as_it_became").resolve("statutory")
    case = run_case(resolved)
    own = lines.of_case(case, resolved)[2:].sum(axis=0)
    assert own == pytest.approx(case.cost[STATE_CONTRIBUTIONS], rel=SAME)


def test_a_year_without_prices_is_refused() -> None:
    with pytest.raises(assumptions.AssumptionError, match=r"2026 is not allowed.*2008 to 2025"):
        study.hindcast("3B", 2026)


def test_another_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no such file"):
        study.read(tmp_path / "none.nc")


@pytest.mark.parametrize("count", [3, 11])
def test_shares_of_a_sum_are_its_terms(count: int) -> None:
    # Where units do not meet, the order cannot matter: exact for few units, drawn for many.
    weights = np.arange(1.0, count + 1.0)

    def result(members: frozenset[int]) -> np.ndarray:
        return np.array([weights[sorted(members)].sum()])

    effects, errors, _ = attribution.shapley(count, result, workers=1)
    assert np.concatenate(effects) == pytest.approx(weights, rel=SAME)
    assert np.concatenate(errors) == pytest.approx(np.zeros(count), abs=SAME)


def test_what_two_units_do_together_is_shared() -> None:
    effects, _, orders = attribution.shapley(2, lambda some: np.array([6.0 * (len(some) == 2)]), workers=1)
    assert [float(effect[0]) for effect in effects] == [3.0, 3.0]
    assert orders == 0
