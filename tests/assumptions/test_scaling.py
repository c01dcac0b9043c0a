"""What scaling does to probabilities, through every door that scales."""

from __future__ import annotations

import numpy as np
import pytest

import assumptions
from assumptions import AssumptionError, DatedPath
from assumptions.scaling import scaled

FORCE = ("mortality.active", "mortality.disabled", "mortality.child")
CAP = (
    "decrements.iv_disability",
    "decrements.leaving",
    "decrements.occupational_death",
    "decrements.occupational_disability",
    "family.spouse_share",
    "retirement.hazard",
)


@pytest.fixture(scope="module")
def base() -> assumptions.Resolved:
    return assumptions.load("3B").resolve("statutory")


def test_every_table_of_probabilities_says_what_scaling_does(base: assumptions.Resolved) -> None:
    found = {name: base.item(name).scaling for name in base.names()}
    assert {name for name, rule in found.items() if rule == "force"} == set(FORCE)
    assert {name for name, rule in found.items() if rule == "cap"} == set(CAP)
    for name in base.names():
        item = base.item(name)
        assert (item.kind, item.unit) != ("table", "probability_per_year") or item.scaling


def test_the_force_is_scaled() -> None:
    """Twice the force is surviving twice: 1 - (1 - q)^2. A half is the square root. Certain death stays certain."""
    q = np.array([0.0, 0.1, 0.5, 0.9, 1.0])
    assert scaled("force", q, 2.0) == pytest.approx([0.0, 0.19, 0.75, 0.99, 1.0], rel=1e-14)
    assert scaled("force", scaled("force", q, 0.5), 2.0) == pytest.approx(q, rel=1e-14)
    assert scaled("force", q, 0.0).tolist() == [0.0, 0.0, 0.0, 0.0, 1.0]
    # The force of a small probability is the probability itself, and no digit is lost.
    assert scaled("force", np.array([1e-12]), 3.0) == pytest.approx([3e-12], rel=1e-11)
    assert scaled("cap", q, 2.0).tolist() == [0.0, 0.2, 1.0, 1.0, 1.0]
    assert scaled(None, q, 2.0).tolist() == [0.0, 0.2, 1.0, 1.8, 2.0]


@pytest.mark.parametrize("name", [*FORCE, *CAP])
def test_no_factor_leads_out_of_0_to_1(base: assumptions.Resolved, name: str) -> None:
    table = base.table(name).values
    assert base.modified(name, "scale", value=1.0).table(name).values.tobytes() == table.tobytes()
    before = table
    for factor in (0.0, 0.5, 0.8, 1.0, 1.06, 1.2, 5.0, 1e6):
        found = base.modified(name, "scale", value=factor).table(name).values
        assert np.isfinite(found).all()
        assert ((found >= 0.0) & (found <= 1.0)).all()
        assert factor in (0.0, 0.5) or (found >= before - 1e-15).all()
        before = found
    assert base.modified(name, "shift", value=0.5).table(name).values.max() <= 1.0
    for mode, value in (("scale", -0.5), ("shift", -1.5)):
        with pytest.raises(AssumptionError, match="is outside 0 to 1"):
            base.modified(name, mode, value=value)


def test_scaled_rates_may_sum_past_one_and_typed_ones_may_not(base: assumptions.Resolved) -> None:
    """Independent rates: whatever they are, the probabilities of leaving sum to 1 less the product of the (1 - q)."""
    from cohorts.decrements import dependent_probabilities, independent_rates

    many = base.modified("decrements.leaving", "scale", value=16.0)
    many = many.modified("decrements.iv_disability", "scale", value=30.0)
    rates, _, _ = independent_rates(many)
    assert rates[:, 0].sum(axis=0).max() > 1.0
    total = dependent_probabilities(rates).sum(axis=0)
    assert total == pytest.approx(1.0 - np.prod(1.0 - rates, axis=0), abs=1e-12)
    assert total.max() <= 1.0 + 1e-12
    with pytest.raises(AssumptionError, match="competing rates sum to"):
        base.with_values({"decrements.leaving": 0.99})


def test_the_register_states_it(base: assumptions.Resolved) -> None:
    from assumptions import audit

    assert "the force is scaled" in audit.show(base, "mortality.active")
    rows = {row.name: row.scaling for row in audit.register(base, expand=False)}
    assert rows["retirement.hazard"] == "scaled or shifted past 1 it is 1"
    assert rows["contributions.density"] == ""


def test_a_process_is_held_to_what_is_possible(base: assumptions.Resolved) -> None:
    """A year's growth of 60% or a fall of 90% happens in a process; a fall of all of it or more cannot."""
    name = "economy.gdp_growth"
    for value in (0.6, -0.9):
        with pytest.raises(AssumptionError, match="is outside"):
            base.with_values({name: value})
        found = base.with_process({name: DatedPath.constant(value)}, "test")
        assert found.dated(name).at([2000])[0] == value
    with pytest.raises(AssumptionError, match="-1 is not possible: it must be above -1"):
        base.with_process({name: DatedPath.constant(-1.0)}, "test")
