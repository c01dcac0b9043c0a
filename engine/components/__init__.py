"""What the State books of a projection: the table of components, each a small function of arrays.

A row names its inputs: fields of what was prepared, flows of the kernels, or rows above it. A new component is a function, a
row here and a label in :mod:`engine.labels`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.components import (
    acquired_rights,
    guarantee,
    housing_repaid,
    memo,
    ongoing,
    reconstructed,
    state_contributions,
    welfare_fund,
)
from engine.labels import COMPONENTS

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
    Component("reconstructed", reconstructed.reconstructed, ("mechanism", "due")),
    Component(
        "acquired_rights",
        acquired_rights.acquired_rights,
        ("funded", "due", "anchor", "replicas", "housing_use", "housing_of_transition", "reconstructed"),
    ),
    Component("ongoing_pensions", ongoing.ongoing_pensions, ("ongoing", "ongoing_index", "due", "anchor")),
    Component("contributions", state_contributions.contributions, ("flows", "heads", "population", "rates", "in_force")),
    Component("state_contributions", state_contributions.state_contributions, ("contributions", "rates")),
    Component("mpg_new_workers", guarantee.mpg_new_workers, ("flows", "due", "replicas", "reconstructed")),
    Component("cost", total_cost, COMPONENTS),
    Component("housing_repaid", housing_repaid.housing_repaid, ("flows", "housing_repayment", "economy", "past")),
    Component("welfare_fund", welfare_fund.welfare_fund, ("complements", "fund", "economy")),
    Component(
        "memo_of_reform",
        memo.memo,
        (
            "flows", "heads", "population", "rates", "in_force", "memo_terms",
            "contributions", "housing_of_transition", "cost",
        ),
    ),
    Component("memo", memo.with_later_laws, ("memo_of_reform", "welfare_fund", "housing_repaid")),
)  # fmt: skip


# What inputs that are no field of a prepared case are made of: fields of it.
_MADE_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "flows": ("years", "past", "demography", "economy", "tables", "rules"),
    "funded": ("years", "past", "demography", "economy", "tables", "rules", "replicas"),
    "complements": ("years", "past", "demography", "economy", "tables", "rules", "fund"),
    "heads": ("demography",),
    "population": ("demography",),
    "in_force": ("economy",),
    # Their paths are those of the economy.
    "due": ("due", "economy"),
    "ongoing": ("ongoing", "economy"),
    "ongoing_index": ("ongoing_index", "economy"),
}


def fields_behind(name: str) -> tuple[str, ...]:
    """Fields of a prepared case (:class:`engine.prepare.case.Case`) that a row is made of, through all rows above it."""
    rows = {row.name: row for row in TABLE}
    found: dict[str, None] = {}
    todo = [*rows[name].inputs]
    while todo:
        one = todo.pop(0)
        if one in rows:
            todo += rows[one].inputs
        else:
            found.update(dict.fromkeys(_MADE_OF.get(one, (one,))))
    return tuple(found)


def booked(given: Mapping[str, Any]) -> dict[str, Any]:
    """Every row of the table, from the top; ``given`` has what no row makes."""
    found = dict(given)
    for row in TABLE:
        found[row.name] = row.function(*(found[name] for name in row.inputs))
    return {row.name: found[row.name] for row in TABLE}


__all__ = ["TABLE", "Component", "booked", "fields_behind", "total_cost"]
