"""A block: affiliates of one birth year, sex and density with the same entry, past service and rights."""

from __future__ import annotations

from typing import NamedTuple


class Block(NamedTuple):
    """See :class:`cohorts.records.Population` for the meaning of the fields; ``age`` is that at the first year's opening.

    ``wages`` are relative wages and their shares; ``None`` stands for the wage groups of the population,
    divided in ``shares_of_wages``, or equally.
    ``balance`` are account balances per head at entry. ``density`` is the share of every year that he contributes.
    """

    age: int
    sex: int
    entry: int
    kind: int
    service: float
    generation: int
    old_rights: bool
    heads: float
    wages: tuple[tuple[float, float], ...] | None = None
    balance: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    shares_of_wages: tuple[float, ...] | None = None
    density: float = 1.0
