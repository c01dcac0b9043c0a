"""From the statutory to the published basis, one thing at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved, diff, load
from engine.projection import run_case

Float = NDArray[np.float64]

START, END = "statutory", "published"
_PERCENT: Final = 100.0


@dataclass(frozen=True)
class Step:
    """One change: its title and the names (or beginnings of names) that it moves."""

    title: str
    names: tuple[str, ...]


# In this order. Every name that differs between the bases belongs to exactly one step; the first that fits takes it.
STEPS: Final = (
    Step("old-law benefit: one minimum wage", ("basis.old_law_benefit",)),
    Step("funds surrendered: the whole RCV", ("basis.surrendered_funds",)),
    Step("INFONAVIT: constants", ("basis.infonavit_offset",)),
    Step("density: quota of full years", ("basis.quota_basis",)),
    Step("State contributions: quota alone", ("basis.state_contributions",)),
    Step("guarantee: printed values", ("basis.mpg",)),
    Step("pensions in payment: not indexed, one kind", ("basis.ongoing_indexation", "pensions.")),
    Step("wages: no age profile", ("basis.wage_growth", "population.age_wage_profile")),
    Step("retirement: hazards and backlog", ("retirement.",)),
    Step("disability, occupational risk, leaving", ("decrements.", "basis.type_split")),
    Step("families", ("family.",)),
    Step("past service", ("population.service_",)),
    Step("ages", ("population.active_age_shares",)),
    Step("number of contributors", ("population.contributors", "population.active_1996")),
    Step("denominator: GDP", ("economy.gdp_",)),
)


@dataclass(frozen=True)
class Decomposition:
    """Costs of a scenario on both bases and what each step moves, percent of GDP.

    Attributes
    ----------
    scenario : str
    years : int64 (year,)
    start, end : float64 (component, year)
    changes : float64 (step, component, year)
        Their sum over steps is ``end - start``.
    moved : tuple of int
        Names that each step changes; a step of none is exactly zero.
    """

    scenario: str
    years: NDArray[np.int64]
    start: Float
    end: Float
    changes: Float
    moved: tuple[int, ...]


def decompose(scenario: str) -> Decomposition:
    """Run the steps of a scenario, each on top of those before it.

    Raises
    ------
    RuntimeError
        If a name that differs belongs to no step, or the last run is not the published one: a defect of the program.
    """
    here, there = (load(scenario).resolve(basis) for basis in (START, END))
    assigned = _assign(here, there)
    start = _cost(here)
    costs = [start[1]]
    for values in assigned:
        if values:
            here = here.with_values(values)
            costs.append(_cost(here)[1])
        else:
            costs.append(costs[-1])
    years, end = _cost(there)
    if not np.array_equal(costs[-1], end):
        raise RuntimeError(f"scenario {scenario}: the steps do not lead to the published basis")
    return Decomposition(
        scenario,
        years,
        start[1],
        end,
        np.diff(np.stack(costs), axis=0),
        tuple(len(values) for values in assigned),
    )


def _assign(here: Resolved, there: Resolved) -> list[Mapping[str, Any]]:
    found: list[dict[str, Any]] = [{} for _ in STEPS]
    lost = []
    for item in diff(here, there):
        place = next((n for n, step in enumerate(STEPS) if item.name.startswith(step.names)), None)
        if place is None:
            lost.append(item.name)
        else:
            found[place][item.name] = there.value(item.name)
    if lost:
        raise RuntimeError(f"no step of the decomposition moves {', '.join(lost)}")
    return list(found)


def _cost(resolved: Resolved) -> tuple[NDArray[np.int64], Float]:
    case = run_case(resolved)
    return case.years, np.asarray(_PERCENT * case.cost / case.gdp)


__all__ = ["STEPS", "Decomposition", "Step", "decompose"]
