"""Shapley values: axioms that define them, values by hand, samples within their errors, and what only fits together."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest

import assumptions
from assumptions import AssumptionError, Resolved
from engine import attribution

NAMES = (
    "contributions.density",
    "economy.gdp_growth",
    "funds.rcv_return",
    "funds.infonavit_return",
    "law_1973.bonus_months",
    "mortality.active",
    "state.social_quota",
    "economy.inflation",
    "law_1973.widow_share",
    "law_1995.occupational_share",
    "population.contributors_growth",
)
OLD = assumptions.load("3B").resolve("statutory")


def switched(count: int) -> tuple[Resolved, list[tuple[str, ...]]]:
    """A case in which so many names differ from :data:`OLD`."""
    new = OLD
    for name in NAMES[:count]:
        new = new.modified(name, "scale", value=0.9)
    return new, [(name,) for name in NAMES[:count]]


def flags(resolved: Resolved, count: int) -> np.ndarray:
    """Which of the names are switched, as 0 and 1."""
    return np.array([float(resolved.identity(name) != OLD.identity(name)) for name in NAMES[:count]])


def by_all_orders(count: int, worth: Any) -> np.ndarray:
    """Shapley values by their definition, over every order."""
    total = np.zeros(count)
    orders = list(permutations(range(count)))
    for order in orders:
        x = np.zeros(count)
        for at in order:
            before = worth(x)
            x[at] = 1.0
            total[at] += worth(x) - before
    return total / len(orders)


def interacting(x: np.ndarray) -> float:
    """A result with interactions of two and three units, and one unit that does nothing."""
    weights = np.arange(1, x.size + 1)
    return float(x[1:] @ weights[1:] + 5.0 * x[0] * 0.0 + 3.0 * x[1] * x[2] - 7.0 * x[1] * x[2] * x[-1])


def test_exact_values_are_those_of_all_orders() -> None:
    new, units = switched(6)
    found = attribution.attribute(OLD, new, units, lambda one: np.array([interacting(flags(one, 6))]))
    assert found.units == units
    assert found.orders == 0
    expected = by_all_orders(6, interacting)
    assert np.abs(np.concatenate(found.effects) - expected).max() < 1e-12
    assert expected[0] == 0.0


def test_a_sample_adds_up_and_lies_within_its_errors() -> None:
    count = 10
    new, units = switched(count)
    found = attribution.attribute(OLD, new, units, lambda one: np.array([interacting(flags(one, count))]))
    assert found.orders == 2 * attribution.pairs_of_orders(count)
    effects, errors = np.concatenate(found.effects), np.concatenate(found.errors)
    ones = np.ones(count)
    assert effects.sum() == pytest.approx(interacting(ones) - interacting(0.0 * ones), abs=1e-9)
    # By symmetry: half of what two units do together, a third of what three do.
    exact = np.arange(1.0, count + 1.0)
    exact[0] = 0.0
    exact[[1, 2]] += 1.5 - 7.0 / 3.0
    exact[-1] -= 7.0 / 3.0
    assert (np.abs(effects - exact) <= 4.0 * errors + 1e-9).all()
    again = attribution.attribute(
        OLD, new, units, lambda one: np.array([interacting(flags(one, count))]), workers=1
    )
    assert (np.concatenate(again.effects) == effects).all()


@pytest.mark.parametrize("count", [4, 10])
def test_what_only_fits_together_is_one_unit(count: int) -> None:
    """The third name cannot be switched without the first."""

    def result(one: Resolved) -> np.ndarray:
        x = flags(one, count)
        if x[2] and not x[0]:
            raise AssumptionError.single(NAMES[2], "does not fit", "it together with the first")
        return np.array([x @ np.arange(1.0, count + 1.0)])

    new, units = switched(count)
    found = attribution.attribute(OLD, new, units, result)
    worth = dict(zip(found.units, np.concatenate(found.effects), strict=True))
    assert worth.pop((NAMES[0], NAMES[2])) == pytest.approx(1.0 + 3.0, abs=1e-12)
    assert sorted(worth) == sorted(unit for unit in units if unit[0] not in (NAMES[0], NAMES[2]))
    for (name,), effect in worth.items():
        assert effect == pytest.approx(NAMES.index(name) + 1.0, abs=1e-12)


def test_faults_of_the_ends_are_raised() -> None:
    new, units = switched(2)

    def result(one: Resolved) -> np.ndarray:
        if flags(one, 2).all():
            raise AssumptionError.single("x", "is wrong", "y")
        return np.zeros(1)

    with pytest.raises(AssumptionError, match="is wrong"):
        attribution.attribute(OLD, new, units, result)
