"""The plain NumPy baseline computes what the kernel computes; else its ratio would compare different work."""

from __future__ import annotations

import pytest

import assumptions
from benchmarks.numpy_baseline import TOLERANCE, Inputs, compiled, deviation, plain

OLD = ["release_0_1_0"]
SHORT = {"reform.last_year": 2012, "population.wage_groups": 5}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scenario", "sets"),
    [
        ("1B", {}),
        ("3A", {}),
        # Accounts that outgrow pensions, so that many choose the new law and some exhaust the guarantee.
        (
            "3B",
            {
                "funds.rcv_return": 0.12,
                "reform.last_year": 2045,
                "guarantee.mpg": 60.0,
                "guarantee.real_growth": 0.01,
            },
        ),
        ("4B", {"population.inactive_number": 2e6, "law_1973.weeks_retirement": 700.0}),
    ],
)
def test_agrees_with_the_kernel(scenario: str, sets: dict[str, float]) -> None:
    inputs = Inputs.of(assumptions.load(scenario, OLD, sets={**SHORT, **sets}).resolve("statutory"))
    assert deviation(plain(inputs), compiled(inputs)) < TOLERANCE


def test_refuses_rules_it_does_not_know() -> None:
    for basis, overlays in (("published", OLD), ("statutory", [])):
        inputs = Inputs.of(assumptions.load("3B", overlays, sets=SHORT).resolve(basis))
        with pytest.raises(NotImplementedError):
            plain(inputs)
