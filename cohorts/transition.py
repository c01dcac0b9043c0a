"""Transition workers: those with rights under the old law at the reform, by age, sex, past service and wage group."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from cohorts import members as files
from cohorts.axes import ARRIVAL, MEMBER, PRESENT
from cohorts.blocks import Block
from cohorts.careers import past_service, wages_by_class
from cohorts.decrements import first_retirement_age
from cohorts.densities import classes, counted

Float = NDArray[np.float64]
Int = NDArray[np.int64]


def share_ages(resolved: Resolved) -> Int:
    """Ages of the table of contributors by age."""
    return np.asarray(resolved.labels("population.active_age_shares", "age"), dtype=np.int64)


def members(resolved: Resolved) -> list[Block]:
    """Affiliates who contribute at the state's date: those of a file, or one block for each age, sex, density and service
    group.
    """
    ages = share_ages(resolved)
    shares = resolved.table("population.active_age_shares").values
    if resolved.text(files.MEMBERS):
        return files.members(resolved, shares, ages)
    total = resolved.number("population.active_1996") / counted(resolved)
    weights = resolved.table("population.service_weights").values
    found = classes(resolved)
    # Plain floats: the arithmetic of numpy's scalars takes longer than all else here.
    plain_ages, plain_weights = ages.tolist(), weights.tolist()
    of_class = [
        (part, density, past_service(resolved, ages, relative).tolist(), wages)
        for part, density, relative, wages in zip(
            found.share.tolist(),
            found.density.tolist(),
            found.relative.tolist(),
            wages_by_class(resolved),
            strict=True,
        )
    ]
    return [
        Block(
            plain_ages[a], sex, -1, MEMBER, plain_service[a][h], PRESENT, True, total * share * weight * part,
            shares_of_wages=wages, density=density,
        )
        for part, density, plain_service, wages in of_class
        for sex, by_age in enumerate(shares.tolist())
        for a, share in enumerate(by_age)
        for h, weight in enumerate(plain_weights)
    ]  # fmt: skip


def returning(resolved: Resolved, n_years: int) -> list[Block]:
    """Persons inactive at the reform who come back: a closed stock that returns at a constant rate until it is of
    pension age.

    They are aged like contributors and have the mean past service of their age at the state's date.
    """
    number = resolved.number("population.inactive_number")
    if number == 0.0:
        return []
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
    return blocks
