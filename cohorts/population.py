"""Assembles transition workers and entrants into the arrays that the kernels read, and checks that heads are conserved."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from cohorts.axes import N_ACCOUNTS
from cohorts.blocks import Block
from cohorts.careers import mean_wages, wage_groups
from cohorts.entrants import entrants
from cohorts.records import Population
from cohorts.transition import members, returning, share_ages

Float = NDArray[np.float64]
Int = NDArray[np.int64]


def build(resolved: Resolved, years: Int, past: int, open_group: bool = True) -> Population:
    """Population of a resolved pack.

    Parameters
    ----------
    years : int64 (year,)
        Projected years.
    past : int
        Years of wage history before the first.
    open_group : bool
        Whether new entrants join.
    """
    blocks = members(resolved) + returning(resolved, years.size)
    if open_group:
        blocks += entrants(resolved, years.size)
    return assemble(resolved, blocks, years, past)


def assemble(resolved: Resolved, blocks: Iterable[Block], years: Int, past: int) -> Population:
    """Sort blocks into groups of one sex and birth year and lay them out."""
    relative = wage_groups(resolved)
    ordered = sorted(blocks, key=lambda b: (b.sex, b.age, b.entry))
    default_level = np.arange(relative.size)
    default_share = np.full(relative.size, 1.0 / relative.size)

    ages: list[int] = []
    sexes: list[int] = []
    block_start: list[int] = []
    levels: list[Float] = []
    cell_level: list[Int] = []
    cell_share: list[Float] = []
    for (sex_of_group, age), group in groupby(
        enumerate(ordered), key=lambda pair: (pair[1].sex, pair[1].age)
    ):
        members_of_group = list(group)
        ages.append(age)
        sexes.append(sex_of_group)
        block_start.append(members_of_group[0][0])
        own = dict.fromkeys(wage for _, block in members_of_group for wage, _ in block.wages or ())
        standard = any(block.wages is None for _, block in members_of_group)
        offset = relative.size if standard else 0
        position = {wage: offset + i for i, wage in enumerate(own)}
        levels.append(np.concatenate([relative[:offset], np.fromiter(own, dtype=np.float64, count=len(own))]))
        for _, block in members_of_group:
            if block.wages is None:
                cell_level.append(default_level)
                cell_share.append(default_share)
            else:
                cell_level.append(np.array([position[wage] for wage, _ in block.wages]))
                cell_share.append(np.array([share for _, share in block.wages]))
    block_start.append(len(ordered))
    cells_of_block = np.array([level.size for level in cell_level], dtype=np.int64)
    per_block = np.array([block.balance for block in ordered], dtype=np.float64).reshape(-1, N_ACCOUNTS)

    first_ages = np.asarray(ages, dtype=np.int64)
    sex = np.asarray(sexes, dtype=np.int64)
    shares = resolved.table("population.active_age_shares").values
    return Population(
        age=first_ages,
        sex=sex,
        block_start=np.asarray(block_start, dtype=np.int64),
        entry=np.asarray([b.entry for b in ordered], dtype=np.int64),
        kind=np.asarray([b.kind for b in ordered], dtype=np.int64),
        service=np.asarray([b.service for b in ordered], dtype=np.float64),
        generation=np.asarray([b.generation for b in ordered], dtype=np.int64),
        old_rights=np.asarray([b.old_rights for b in ordered], dtype=np.bool_),
        heads=np.asarray([b.heads for b in ordered], dtype=np.float64),
        cell_start=np.concatenate([[0], np.cumsum(cells_of_block)]).astype(np.int64),
        level=joined(cell_level, np.int64),
        share=joined(cell_share, np.float64),
        balance=np.repeat(per_block, cells_of_block, axis=0),
        level_start=np.cumsum([0, *(level.size for level in levels)]).astype(np.int64),
        relative_wage=joined(levels, np.float64),
        mean_wage=mean_wages(resolved, first_ages, sex, years, past, shares, share_ages(resolved)),
    )


def joined(parts: list[NDArray[Any]], kind: type) -> NDArray[Any]:
    """The parts one after another; an empty array where there are none."""
    return np.concatenate(parts).astype(kind) if parts else np.zeros(0, dtype=kind)


def conservation_gap(
    members_heads: float, contributing: Float, exits: Float, entrants_heads: Float, arrivals: Float
) -> float:
    """Largest relative difference between heads that should and do contribute, over all years.

    Parameters
    ----------
    members_heads : float
        Heads at the state's date.
    contributing, entrants_heads, arrivals : float64 (year,)
    exits : float64 (cause, year)
    """
    before = np.concatenate([[members_heads], contributing[:-1]])
    gap = before - exits.sum(axis=0) + entrants_heads + arrivals - contributing
    scale = max(members_heads, float(np.abs(contributing).max(initial=0.0)), 1.0)
    return float(np.abs(gap).max(initial=0.0)) / scale
