"""How many are affiliates: decrements, arrivals and the entrants who close the gap to the contributors' path."""

from __future__ import annotations

import numpy as np

from cohorts.axes import ARRIVAL, ENTRANT, LEAVING, MEMBER, N_CAUSES
from cohorts.records import Decrements, Population
from engine.compiled import njit
from engine.kernels.types import Heads
from engine.law.old import completed_weeks


@njit(cache=True, nogil=True, error_model="numpy")
def service_at(service_at_entry: float, entry: int, year: int, moment: float, density: float) -> float:
    """Years of service when a part, ``moment``, of a year has passed."""
    return service_at_entry + density * (year - max(entry, 0) + moment)


def project_heads(
    population: Population,
    decrements: Decrements,
    contributors: np.ndarray,
    counted_of_entrant: float,
    weeks_retirement: np.ndarray,
    weeks_per_year: float,
    open_group: bool,
    moment: float,
) -> Heads:
    """Heads of every block in every year.

    Members meet their decrements when a part, ``moment``, of the year has passed, and contribute until then; arrivals and
    entrants join at the opening, and all who remain contribute.

    Parameters
    ----------
    population, decrements
        See :mod:`engine.kernels.types`.
    contributors : float64 (year,)
        Path that entrants close the gap to; read only where ``open_group``.
    counted_of_entrant : float
        Persons of that path for which the mean entrant stands (``population.counted`` of entrants).
    weeks_per_year : float
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
        np.zeros((blocks, years)),
        np.zeros((N_CAUSES, years)),
        np.zeros(years),
        np.zeros(years),
    )
    _fill(
        population, decrements, contributors, counted_of_entrant, weeks_retirement, weeks_per_year, open_group,
        moment, *heads,
    )  # fmt: skip
    return heads


@njit(cache=True, nogil=True, error_model="numpy")
def _fill(
    population: Population,
    decrements: Decrements,
    contributors: np.ndarray,
    counted_of_entrant: float,
    weeks_retirement: np.ndarray,
    weeks_per_year: float,
    open_group: bool,
    moment: float,
    opening: np.ndarray,
    contributing: np.ndarray,
    closing: np.ndarray,
    exits: np.ndarray,
    entrants: np.ndarray,
    arrivals: np.ndarray,
) -> None:
    """:func:`project_heads` into arrays of noughts."""
    n_groups = population.age.shape[0]
    for t in range(contributors.shape[0]):
        remaining = 0.0
        probability = decrements.probability[decrements.table_of_year[t]]
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
                        closing[b, t] = population.heads[b]
                        arrivals[t] += population.heads[b]
                        remaining += population.heads[b] * population.counted[g]
                    continue
                else:
                    start = closing[b, t - 1]
                if start == 0.0:
                    continue
                opening[b, t] = start
                exposed = 1
                if decrements.gated and population.old_rights[b] and age < decrements.certain_age[t]:
                    weeks = completed_weeks(
                        service_at(population.service[b], entry, t, moment, population.density[g]),
                        weeks_per_year,
                    )
                    if weeks < weeks_retirement[t]:
                        exposed = 0
                leaving = 0.0
                for cause in range(LEAVING + 1):
                    out = start * probability[exposed, cause, sex, row]
                    exits[cause, t] += out
                    leaving += out
                closing[b, t] = start - leaving
                contributing[b, t] = start - leaving + moment * leaving
                remaining += contributing[b, t] * population.counted[g]
        if open_group:
            gap = (contributors[t] - remaining) / counted_of_entrant
            entrants[t] = gap
            for g in range(n_groups):
                for b in range(population.block_start[g], population.block_start[g + 1]):
                    if population.kind[b] == ENTRANT and population.entry[b] == t:
                        contributing[b, t] = gap * population.heads[b]
                        closing[b, t] = contributing[b, t]
