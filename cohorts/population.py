"""Assembles transition workers and entrants into the arrays that the kernels read, and checks that heads are conserved."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from cohorts.blocks import Block, Columns, columns, together
from cohorts.careers import mean_wages, wage_groups
from cohorts.densities import counts_contributors
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
    return with_wages(resolved, layout(resolved, years.size, open_group), years, past)


def layout(resolved: Resolved, n_years: int, open_group: bool) -> Population:
    """The population without its mean wages, which alone depend on growth: see :func:`with_wages`."""
    parts = [members(resolved), returning(resolved, n_years)]
    if open_group:
        parts.append(entrants(resolved, n_years))
    return laid_out(resolved, together(*parts))


def with_wages(resolved: Resolved, population: Population, years: Int, past: int) -> Population:
    """The population with the mean wage of every group and year."""
    shares = resolved.table("population.active_age_shares").values
    ages = share_ages(resolved)
    return population._replace(
        mean_wage=mean_wages(resolved, population.age, population.sex, years, past, shares, ages)
    )


def assemble(resolved: Resolved, blocks: Iterable[Block], years: Int, past: int) -> Population:
    """Sort blocks into groups of one sex, birth year and density and lay them out, with their wages."""
    return with_wages(resolved, laid_out(resolved, columns(blocks)), years, past)


def laid_out(resolved: Resolved, blocks: Columns) -> Population:
    """Blocks in groups of one sex, birth year and density, as arrays; mean wages are empty."""
    order = np.lexsort((blocks.entry, blocks.density, blocks.age, blocks.sex))
    age, sex, density = blocks.age[order], blocks.sex[order], blocks.density[order]
    changes = (np.diff(age, prepend=-1000) != 0) | (np.diff(sex, prepend=-1) != 0)
    begins = np.flatnonzero(changes | (np.diff(density, prepend=0.0) != 0.0))
    levels, level_start, cell_level, cell_share, cells = _wages(
        wage_groups(resolved),
        None if blocks.wages is None else [blocks.wages[n] for n in order.tolist()],
        None if blocks.shares_of_wages is None else blocks.shares_of_wages[order],
        begins,
        order.size,
    )
    return Population(
        age=age[begins],
        sex=sex[begins],
        density=density[begins],
        counted=density[begins] if counts_contributors(resolved) else np.ones(begins.size),
        block_start=np.append(begins, age.size).astype(np.int64),
        entry=blocks.entry[order],
        kind=blocks.kind[order],
        service=blocks.service[order],
        generation=blocks.generation[order],
        old_rights=blocks.old_rights[order],
        heads=blocks.heads[order],
        cell_start=np.concatenate([[0], np.cumsum(cells)]).astype(np.int64),
        level=cell_level,
        share=cell_share,
        balance=np.repeat(blocks.balance[order], cells, axis=0),
        level_start=level_start,
        relative_wage=levels,
        mean_wage=np.empty((begins.size, 0)),
    )


def _wages(
    relative: Float,
    wages: list[tuple[tuple[float, float], ...] | None] | None,
    parts: Float | None,
    begins: Int,
    blocks: int,
) -> tuple[Float, Int, Int, Float, Int]:
    """Relative wages of all groups, where each group's begin, level and share of every cell, and cells of each block."""
    size, groups = relative.size, begins.size
    level, equal = np.arange(size), np.full(size, 1.0 / size)
    shares = np.tile(equal, (blocks, 1)) if parts is None else np.where(np.isnan(parts), equal, parts)
    if wages is None:
        return (
            np.tile(relative, groups),
            size * np.arange(groups + 1),
            np.tile(level, blocks),
            shares.ravel(),
            np.full(blocks, size),
        )
    levels: list[Float] = []
    cell_level: list[Int] = []
    cell_share: list[Float] = []
    for first, last in pairwise([*begins.tolist(), blocks]):
        group, divided = wages[first:last], shares[first:last]
        own = dict.fromkeys(wage for listed in group for wage, _ in listed or ())
        offset = size if None in group else 0
        position = {wage: offset + i for i, wage in enumerate(own)}
        levels.append(np.concatenate([relative[:offset], np.fromiter(own, dtype=np.float64, count=len(own))]))
        for listed, of_groups in zip(group, divided, strict=True):
            if listed is None:
                cell_level.append(level)
                cell_share.append(of_groups)
            else:
                cell_level.append(np.array([position[wage] for wage, _ in listed]))
                cell_share.append(np.array([part for _, part in listed]))
    return (
        joined(levels, np.float64),
        np.cumsum([0, *(found.size for found in levels)]).astype(np.int64),
        joined(cell_level, np.int64),
        joined(cell_share, np.float64),
        np.array([found.size for found in cell_level], dtype=np.int64),
    )


def joined(parts: list[NDArray[Any]], kind: type) -> NDArray[Any]:
    """The parts one after another; an empty array where there are none."""
    return np.concatenate(parts).astype(kind) if parts else np.zeros(0, dtype=kind)


def conservation_gap(
    members_heads: float, closing: Float, exits: Float, entrants_heads: Float, arrivals: Float
) -> float:
    """Largest relative difference between heads that should be and are there at the end of a year, over all years.

    Parameters
    ----------
    members_heads : float
        Heads at the state's date.
    closing, entrants_heads, arrivals : float64 (year,)
    exits : float64 (cause, year)
    """
    before = np.concatenate([[members_heads], closing[:-1]])
    gap = before - exits.sum(axis=0) + entrants_heads + arrivals - closing
    scale = max(members_heads, float(np.abs(closing).max(initial=0.0)), 1.0)
    return float(np.abs(gap).max(initial=0.0)) / scale
