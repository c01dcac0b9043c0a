"""One contradiction, and how its numbers are put in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.studies.annex_v.series import Runs, Tables


@dataclass(frozen=True)
class Row:
    """One contradiction.

    Attributes
    ----------
    number : int
    title : str
    statement, where : str
        What the report says, and where.
    printed, model : str
        What its tables say and what we compute, in words with the numbers.
    consequence : str
        What the project does about it.
    figures : mapping of str to float
        The numbers of ``printed`` and ``model`` by name, unrounded; percent of GDP unless the name says otherwise.
    """

    number: int
    title: str
    statement: str
    where: str
    printed: str
    model: str
    consequence: str
    figures: Mapping[str, float] = field(default_factory=dict)


Maker = Callable[[Tables, Runs], dict[str, Any]]
"""Title, statement, place, words, consequence and figures of one row, from print and runs."""


def figure(value: float, digits: int = 3) -> str:
    """A figure with its decimals."""
    return f"{value:.{digits}f}"


def joined(values: list[str]) -> str:
    """Words in a row, the last after "and"."""
    return ", ".join(values[:-1]) + f" and {values[-1]}" if len(values) > 1 else values[0]


__all__ = ["Maker", "Row", "figure", "joined"]
