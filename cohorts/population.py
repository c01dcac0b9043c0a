"""Assembles transition workers and entrants into the arrays that the kernels read, and checks that heads are conserved."""

from __future__ import annotations

from collections.abc import Iterable

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
    default = tuple((float(w), 1.0 / relative.size) for w in relative)
    ordered = sorted(blocks, key=lambda b: (b.sex, b.age, b.entry))

    ages: list[int] = []
    sexes: list[int] = []
    block_start: list[int] = []
    level_start: list[int] = [0]
    cell_start: list[int] = [0]
    levels: list[float] = []
    cell_level: list[int] = []
    cell_share: list[float] = []
    balances: list[tuple[float, float, float, float]] = []
    position: dict[float, int] = {}
    for n, block in enumerate(ordered):
        if not ages or (block.age, block.sex) != (ages[-1], sexes[-1]):
            if ages:
                level_start.append(len(levels))
            ages.append(block.age)
            sexes.append(block.sex)
            block_start.append(n)
            position = {}
        for wage, share in block.wages or default:
            if wage not in position:
                position[wage] = len(position)
                levels.append(wage)
            cell_level.append(position[wage])
            cell_share.append(share)
            balances.append(block.balance)
        cell_start.append(len(cell_level))
    if ages:
        level_start.append(len(levels))
    block_start.append(len(ordered))

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
        cell_start=np.asarray(cell_start, dtype=np.int64),
        level=np.asarray(cell_level, dtype=np.int64),
        share=np.asarray(cell_share, dtype=np.float64),
        balance=np.asarray(balances, dtype=np.float64).reshape(len(balances), N_ACCOUNTS),
        level_start=np.asarray(level_start, dtype=np.int64),
        relative_wage=np.asarray(levels, dtype=np.float64),
        mean_wage=mean_wages(resolved, first_ages, sex, years, past, shares, share_ages(resolved)),
    )


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
