"""From the statutory to the published basis, one thing at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved, diff, load
from engine.outputs import texts
from engine.projection import run_case
from engine.shares import percent_of_gdp

Float = NDArray[np.float64]

START, END = "statutory", "published"


@dataclass(frozen=True)
class Step:
    """One change: the names (or beginnings of names) that it moves; the first is its key in the catalogue of texts."""

    names: tuple[str, ...]

    @property
    def title(self) -> str:
        """What changes, in English."""
        return str(texts.load("en")["step"][self.names[0]])


# In this order. Every name that differs between the bases belongs to exactly one step; the first that fits takes it.
STEPS: Final = (
    Step(("basis.prices", "basis.state_accounts", "economy.minimum_wage_base")),
    Step(("basis.awards",)),
    Step(("basis.art_167_ratio", "basis.severance_months", "basis.average_weeks")),
    Step(("basis.occupational_risks",)),
    Step(("basis.family_allowances",)),
    Step(("basis.old_law_benefit",)),
    Step(("basis.surrendered_funds",)),
    Step(("basis.infonavit_offset", "contributions.infonavit_collection")),
    Step(("basis.quota_basis",)),
    Step(("basis.state_contributions",)),
    Step(("basis.mpg",)),
    Step(("basis.ongoing_indexation", "pensions.")),
    Step(("basis.wage_growth", "population.age_wage_profile")),
    Step(("retirement.",)),
    Step(("decrements.", "basis.type_split")),
    Step(("family.",)),
    Step(("basis.population_counts",)),
    Step(("contributions.density",)),
    Step(("population.service_",)),
    Step(("population.active_age_shares",)),
    Step(("population.contributors", "population.active_1996")),
    Step(("economy.gdp_",)),
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


def decompose(
    scenario: str, last_year: int | None = None, on_done: Callable[[int], object] | None = None
) -> Decomposition:
    """Run the steps of a scenario, each on top of those before it.

    Parameters
    ----------
    scenario : str
    last_year : int, optional
        Last projected year; the shipped one by default.
    on_done : callable, optional
        Called with the number of finished projections, of ``len(STEPS) + 2``.

    Raises
    ------
    AssumptionError
        If the scenario or the year is not known.
    RuntimeError
        If a name that differs belongs to no step, or the last run is not the published one: a defect of the program.
    """
    done = on_done or (lambda _: None)
    sets = {} if last_year is None else {"reform.last_year": last_year}
    here, there = (load(scenario, sets=sets).resolve(basis) for basis in (START, END))
    assigned = _assign(here, there)
    start = _cost(here)
    costs = [start[1]]
    for number, values in enumerate(assigned, start=1):
        done(number)
        if values:
            here = here.with_values(values)
            costs.append(_cost(here)[1])
        else:
            costs.append(costs[-1])
    years, end = _cost(there)
    done(len(STEPS) + 2)
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
    return case.years, percent_of_gdp(case.cost, case.gdp)


__all__ = ["STEPS", "Decomposition", "Step", "decompose"]
