"""The anchor of an outlook: a factor that somebody asks for, told by what was observed, and applied to two costs alone."""

from __future__ import annotations

import numpy as np
import pytest

import assumptions
from assumptions import AssumptionError, Resolved
from engine.hindcast import compare, lines
from engine.hindcast.anchor import anchored
from engine.labels import ACQUIRED_RIGHTS, COMPONENTS, ONGOING_PENSIONS
from engine.projection import run_case


def pack(last: int, basis: str = "statutory", **sets: float) -> Resolved:
    given = {name.replace("__", "."): value for name, value in sets.items()}
    return assumptions.load("3B", sets={"reform.last_year": last, **given}).resolve(basis)


@pytest.mark.parametrize("part", [0.25, 1.0])
def test_the_factor_is_the_part_of_what_is_unexplained(part: float) -> None:
    case = pack(2026)
    moved, found = anchored(case, part)
    plain, raised = run_case(case), run_case(moved)
    at = found.year - int(plain.years[0])
    modelled = lines.of_case(plain, case)[0, at] * lines.current(plain.years[at : at + 1])[0] / 1e6
    seen = compare.observe(plain.years[: at + 1]).lines[0, at]
    assert np.isfinite(seen)
    assert not np.isfinite(compare.on({found.year: seen}, plain.years[at + 1 :])).any()
    factor = 1.0 + part * (seen / modelled - 1.0)
    for name in range(len(COMPONENTS)):
        wanted = plain.cost[name].copy()
        if name in (ACQUIRED_RIGHTS, ONGOING_PENSIONS):
            wanted[at + 1 :] *= factor
        assert raised.cost[name] == pytest.approx(wanted, rel=1e-12)
    assert raised.acquired_by_type.sum(axis=0) == pytest.approx(raised.cost[ACQUIRED_RIGHTS], rel=1e-12)
    assert np.array_equal(raised.memo[-2:], plain.memo[-2:])


def test_what_does_nothing_is_refused() -> None:
    with pytest.raises(AssumptionError, match=r"ends in 2020, and the last observed year is 2023; allowed"):
        anchored(pack(2020), 1.0)
    for part in (0.0, -0.5, 1.01):
        with pytest.raises(AssumptionError, match="is not allowed; allowed: above 0, and at most 1"):
            anchored(pack(2030), part)
    with pytest.raises(AssumptionError, match="has no effect in the reconstructed basis"):
        anchored(pack(2030, "reconstructed"), 1.0)
    with pytest.raises(AssumptionError, match=r"outlook\.anchor is 1\.1 already"):
        anchored(pack(2030, outlook__anchor=1.1), 1.0)
    with pytest.raises(AssumptionError, match=r"used only when outlook\.anchor != 1"):
        pack(2030, outlook__anchor_from=2010)
