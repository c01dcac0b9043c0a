"""Transition workers: those with rights under the old law at the reform, by age, sex, past service and wage group."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from cohorts import members as files
from cohorts.axes import ARRIVAL, MEMBER, PRESENT
from cohorts.blocks import Block, Columns, columns, crossed
from cohorts.careers import past_service, wages_by_class
from cohorts.decrements import first_retirement_age
from cohorts.densities import classes, counted

Float = NDArray[np.float64]
Int = NDArray[np.int64]


def share_ages(resolved: Resolved) -> Int:
    """Ages of the table of contributors by age."""
    return np.asarray(resolved.labels("population.active_age_shares", "age"), dtype=np.int64)


def members(resolved: Resolved) -> Columns:
    """Affiliates who contribute at the state's date: those of a file, or one block for each age, sex, density and service
    group.
    """
    ages = share_ages(resolved)
    shares = resolved.table("population.active_age_shares").values
    if resolved.text(files.MEMBERS):
        return columns(files.members(resolved, shares, ages))
    total = resolved.number("population.active_1996") / counted(resolved)
    weights = resolved.table("population.service_weights").values
    found = classes(resolved)
    service = np.array([past_service(resolved, ages, relative) for relative in found.relative.tolist()])
    return crossed(
        (found.share.size, *shares.shape, weights.size),
        wages_by_class(resolved),
        age=ages[:, None],
        sex=np.arange(shares.shape[0])[:, None, None],
        entry=-1,
        kind=MEMBER,
        service=service[:, None],
        generation=PRESENT,
        old_rights=True,
        heads=total * shares[:, :, None] * weights * found.share[:, None, None, None],
        density=found.density[:, None, None, None],
    )


def returning(resolved: Resolved, n_years: int) -> Columns:
    """Persons inactive at the reform who come back: a closed stock that returns at a constant rate until it is of
    pension age.

    They are aged like contributors and have the mean past service of their age at the state's date.
    """
    number = resolved.number("population.inactive_number")
    if number == 0.0:
        return columns([])
    ages = share_ages(resolved)
    shares = resolved.table("population.active_age_shares").values
    retirement_age = first_retirement_age(resolved)
    rate = resolved.number("population.inactive_return_rate")
    weights = resolved.table("population.service_weights").values
    found = classes(resolved)
    service = [past_service(resolved, ages, relative) @ weights for relative in found.relative.tolist()]
    wages = wages_by_class(resolved)
    blocks: list[Block] = []
    for sex in range(shares.shape[0]):
        for a, age in enumerate(ages):
            waiting = number * shares[sex, a]
            for t in range(n_years):
                if age + t >= retirement_age:
                    break
                back = waiting * rate
                waiting -= back
                if back > 0.0:
                    blocks += [
                        Block(
                            age=int(age),
                            sex=sex,
                            entry=t,
                            kind=ARRIVAL,
                            service=float(service[c][a]),
                            generation=PRESENT,
                            old_rights=True,
                            heads=float(back) * part,
                            shares_of_wages=wages[c],
                            density=density,
                        )
                        for c, (part, density) in enumerate(
                            zip(found.share.tolist(), found.density.tolist(), strict=True)
                        )
                    ]
    return columns(blocks)
