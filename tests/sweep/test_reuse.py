"""What is kept between cases depends on everything it is made from: no assumption may be forgotten in a key."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

import assumptions
from assumptions import AssumptionError, Resolved
from engine.prepare import demography as demographics
from engine.projection import CaseResult, run_case

NUMERIC = ("number", "path", "table")
_FACTORS = (1.02, 0.98, 0.9)
_STEPS = (1.0, -1.0, 0.01, 1000.0)


def outcome(result: CaseResult) -> bytes:
    parts = (
        result.cost,
        result.exits,
        result.pensioners,
        result.assets,
        result.wage_bill,
        result.memo,
        result.new_awards,
    )
    return b"".join(np.ascontiguousarray(part).tobytes() for part in parts)


def changed(base: Resolved) -> Iterator[tuple[str, Resolved]]:
    """Every number, path, table, switch and flag in use, changed a little one way that is allowed."""
    for name in base.names():
        item = base.item(name)
        if not base.live(name)[0] or name.startswith("reform."):
            continue
        tries: list[Resolved] = []
        if item.kind == "switch":
            others = [choice for choice in item.choices if choice != base.switch(name)]
            for choice in others:
                try:
                    yield f"{name} = {choice}", base.with_values({name: choice})
                except AssumptionError:
                    continue
        elif item.kind == "flag":
            yield name, base.with_values({name: not base.flag(name)})
        elif item.kind in NUMERIC:
            modes = [("scale", factor) for factor in _FACTORS] + [("shift", step) for step in _STEPS]
            for mode, value in modes:
                try:
                    found = base.modified(name, mode, value=value)
                    if found.sha256 != base.sha256:
                        tries.append(found)
                        break
                except AssumptionError:
                    continue
            yield from ((name, found) for found in tries)


@pytest.mark.slow
@pytest.mark.parametrize("basis", ["statutory", "published"])
def test_a_case_after_another_is_that_case_alone(basis: str, small: Callable[..., assumptions.Pack]) -> None:
    base = small("1B", **{"population.inactive_number": 1e6}).resolve(basis)
    demographics.clear()
    plain = outcome(run_case(base))
    tried, effective = 0, 0
    wrong = []
    for name, other in changed(base):
        # After the base case, of which as much as possible is used again ...
        demographics.clear()
        run_case(base)
        try:
            after = outcome(run_case(other))
        except AssumptionError:
            continue
        # ... and with nothing to use.
        demographics.clear()
        if after != outcome(run_case(other)):
            wrong.append(name)
        tried += 1
        effective += after != plain
    assert wrong == []
    assert tried > 80
    assert effective > 0.5 * tried
