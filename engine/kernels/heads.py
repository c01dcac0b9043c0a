"""How many contribute: decrements, arrivals and the entrants who close the gap to the contributors' path."""

from __future__ import annotations

import numpy as np

from cohorts.axes import ARRIVAL, ENTRANT, LEAVING, MEMBER, N_CAUSES
from cohorts.records import Decrements, Population
from engine.compiled import njit
from engine.kernels.types import Heads
from engine.law.old import completed_weeks


@njit(cache=True, nogil=True, error_model="numpy")
def service_at(service_at_entry: float, entry: int, year: int, density: float) -> float:
    """Years of service at the opening of a year."""
    return service_at_entry + density * (year - max(entry, 0))


def project_heads(
    population: Population,
    decrements: Decrements,
    contributors: np.ndarray,
    density: float,
    weeks_retirement: np.ndarray,
    weeks_per_year: float,
    open_group: bool,
) -> Heads:
    """Heads of every block in every year.

    Members meet their decrements at the opening of the year; then arrivals and entrants join, and all who remain contribute.

    Parameters
    ----------
    population, decrements
        See :mod:`engine.kernels.types`.
    contributors : float64 (year,)
        Path that entrants close the gap to; read only where ``open_group``.
    density, weeks_per_year : float
        Service of a year, and its weeks.
    weeks_retirement : float64 (year,)
        Weeks that open an old-law retirement pension.

    Returns
    -------
    Heads
        ``entrants`` is negative where survivors exceed the path; the caller refuses that.
    """
    blocks, years = population.entry.shape[0], contributors.shape[0]
    heads = Heads(
        np.zeros((blocks, years)),
        np.zeros((blocks, years)),
        np.zeros((N_CAUSES, years)),
        np.zeros(years),
        np.zeros(years),
    )
    _fill(population, decrements, contributors, density, weeks_retirement, weeks_per_year, open_group, *heads)
    return heads


@njit(cache=True, nogil=True, error_model="numpy")
def _fill(
    population: Population,
    decrements: Decrements,
    contributors: np.ndarray,
    density: float,
    weeks_retirement: np.ndarray,
    weeks_per_year: float,
    open_group: bool,
    opening: np.ndarray,
    contributing: np.ndarray,
    exits: np.ndarray,
    entrants: np.ndarray,
    arrivals: np.ndarray,
) -> None:
    """:func:`project_heads` into arrays of noughts."""
    n_groups = population.age.shape[0]
    for t in range(contributors.shape[0]):
        remaining = 0.0
        probability = decrements.first_year if t == 0 else decrements.probability
        for g in range(n_groups):
            age = population.age[g] + t
            if age < decrements.first_age or age > decrements.last_age:
                continue
            row = age - decrements.first_age
            sex = population.sex[g]
            for b in range(population.block_start[g], population.block_start[g + 1]):
                entry = population.entry[b]
                kind = population.kind[b]
                if entry > t:
                    continue
                if kind == MEMBER and t == 0:
                    start = population.heads[b]
                elif entry == t:
                    if kind == ARRIVAL:
                        contributing[b, t] = population.heads[b]
                        arrivals[t] += population.heads[b]
                        remaining += population.heads[b]
                    continue
                else:
                    start = contributing[b, t - 1]
                if start == 0.0:
                    continue
                opening[b, t] = start
                exposed = 1
                if decrements.gated and population.old_rights[b] and age < decrements.last_age:
                    weeks = completed_weeks(
                        service_at(population.service[b], entry, t, density), weeks_per_year
                    )
                    if weeks < weeks_retirement[t]:
                        exposed = 0
                leaving = 0.0
                for cause in range(LEAVING + 1):
                    out = start * probability[exposed, cause, sex, row]
                    exits[cause, t] += out
                    leaving += out
                left = start - leaving
                contributing[b, t] = left
                remaining += left
        if open_group:
            gap = contributors[t] - remaining
            entrants[t] = gap
            for g in range(n_groups):
                for b in range(population.block_start[g], population.block_start[g + 1]):
                    if population.kind[b] == ENTRANT and population.entry[b] == t:
                        contributing[b, t] = gap * population.heads[b]
