"""What could explain what is left: assumptions that nobody observed, each moved to the ends of its own range."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved
from engine.hindcast import lines
from engine.runs import run_cases

Float = NDArray[np.float64]

# Assumptions of the people and the awards that no series tells; ranges are those of the assumptions themselves.
NAMES: Final = (
    "contributions.density",
    "population.service_at_30",
    "population.service_slope",
    "population.service_cap",
    "population.wage_sigma",
    "population.inactive_number",
    "retirement.hazard",
    "decrements.iv_disability_scale",
    "decrements.occupational_disability",
    "decrements.leaving",
    "decrements.active_mortality_scale",
    "family.spouse_share",
    "pensions.ongoing_heads",
    "pensions.ongoing_level_mw",
)


@dataclass(frozen=True)
class Candidate:
    """What a line would be with one assumption at either end of its range.

    Attributes
    ----------
    name : str
    low, high : str
        What was put there.
    moved : float64 (end, line, year)
        Change of the lines, million pesos of December 1996.
    """

    name: str
    low: str
    high: str
    moved: Float


def of(resolved: Resolved, on_done: Callable[[int], object] | None = None) -> list[Candidate]:
    """All candidates of a case, by how far each moves its first line in the last year."""
    cases: list[Resolved] = [resolved]
    named: list[tuple[str, str, str]] = []
    for name in NAMES:
        ends = _ends(resolved, name)
        if ends is not None:
            cases += [case for _, case in ends]
            named.append((name, ends[0][0], ends[1][0]))
    results = run_cases(cases, on_done=on_done)
    found = np.stack([lines.of_case(result, case) for result, case in zip(results, cases, strict=True)]) / 1e6
    candidates = [
        Candidate(*names, moved=found[1 + 2 * at : 3 + 2 * at] - found[0]) for at, names in enumerate(named)
    ]
    return sorted(candidates, key=lambda one: -float(np.abs(one.moved[:, 0, -1]).max()))


def _ends(resolved: Resolved, name: str) -> list[tuple[str, Resolved]] | None:
    """The case with an assumption at both ends of its range, and what was put there; None where it has none or no use."""
    item = resolved.item(name)
    if item.range is None or not resolved.live(name)[0]:
        return None
    mode = item.range_of or ("value" if item.kind == "number" else "scale")
    found = []
    for end in item.range:
        said = f"{end:g}" if mode == "value" else f"x {end:g}" if mode == "scale" else f"{end:+g}"
        try:
            case = resolved.modified(name, {"value": "replace"}.get(mode, mode), value=float(end))
        except AssumptionError:
            return None
        found.append((said, case))
    return found


__all__ = ["NAMES", "Candidate", "of"]
