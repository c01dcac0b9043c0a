"""What the State books of a projection: the table of components, each a small function of arrays.

A row names its inputs: fields of what was prepared, flows of the kernels, or rows above it. A new component is a function, a
row here and a label in :mod:`engine.labels`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.components import acquired_rights, guarantee, memo, ongoing, state_contributions

Float = NDArray[np.float64]


class Component(NamedTuple):
    """A row of the table: the name of what is booked, the function that gives it, and the names of its inputs."""

    name: str
    function: Callable[..., Any]
    inputs: tuple[str, ...]


def total_cost(
    acquired_rights: Float, ongoing_pensions: Float, state_contributions: Float, mpg_new_workers: Float
) -> Float:
    """The four costs in the order of :data:`engine.labels.COMPONENTS`, pesos, float64 (component, year)."""
    return np.stack(
        [acquired_rights.sum(axis=0), ongoing_pensions, state_contributions, mpg_new_workers.sum(axis=0)]
    )


TABLE: Final = (
    Component(
        "housing_of_transition",
        acquired_rights.housing_of_transition,
        ("flows", "rates", "in_force"),
    ),
    Component(
        "acquired_rights",
        acquired_rights.acquired_rights,
        ("funded", "due", "replicas", "housing_use", "housing_of_transition"),
    ),
    Component("ongoing_pensions", ongoing.ongoing_pensions, ("ongoing", "ongoing_index", "due")),
    Component("contributions", state_contributions.contributions, ("flows", "heads", "rates", "in_force")),
    Component("state_contributions", state_contributions.state_contributions, ("contributions", "rates")),
    Component("mpg_new_workers", guarantee.mpg_new_workers, ("flows", "due", "replicas")),
    Component(
        "cost", total_cost, ("acquired_rights", "ongoing_pensions", "state_contributions", "mpg_new_workers")
    ),
    Component(
        "memo",
        memo.memo,
        (
            "flows", "heads", "population", "rates", "in_force", "gdp", "memo_terms",
            "contributions", "housing_of_transition", "cost",
        ),
    ),
)  # fmt: skip


def booked(given: Mapping[str, Any]) -> dict[str, Any]:
    """Every row of the table, from the top; ``given`` has what no row makes."""
    found = dict(given)
    for row in TABLE:
        found[row.name] = row.function(*(found[name] for name in row.inputs))
    return {row.name: found[row.name] for row in TABLE}


__all__ = ["TABLE", "Component", "booked", "total_cost"]
