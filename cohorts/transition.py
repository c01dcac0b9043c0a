"""Transition workers: those with rights under the old law at the reform, by age, sex, past service and wage group."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from cohorts import members as files
from cohorts.axes import ARRIVAL, MEMBER, PRESENT
from cohorts.blocks import Block
from cohorts.careers import past_service

Float = NDArray[np.float64]
Int = NDArray[np.int64]


def share_ages(resolved: Resolved) -> Int:
    """Ages of the table of contributors by age."""
    return np.asarray(resolved.labels("population.active_age_shares", "age"), dtype=np.int64)


def members(resolved: Resolved) -> list[Block]:
    """Contributors at the state's date: those of a file, or one block for each age, sex and service group."""
    ages = share_ages(resolved)
    shares = resolved.table("population.active_age_shares").values
    if resolved.text(files.MEMBERS):
        return files.members(resolved, shares, ages)
    total = resolved.number("population.active_1996")
    weights = resolved.table("population.service_weights").values
    service = past_service(resolved, ages)
    # Plain floats: the arithmetic of numpy's scalars takes longer than all else here.
    plain_ages, plain_service, plain_weights = ages.tolist(), service.tolist(), weights.tolist()
    return [
        Block(plain_ages[a], sex, -1, MEMBER, plain_service[a][h], PRESENT, True, total * share * weight)
        for sex, by_age in enumerate(shares.tolist())
        for a, share in enumerate(by_age)
        for h, weight in enumerate(plain_weights)
    ]


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
    retirement_age = int(resolved.labels("retirement.hazard", "age")[0])
    rate = resolved.number("population.inactive_return_rate")
    weights = resolved.table("population.service_weights").values
    service = past_service(resolved, ages) @ weights
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
                    blocks.append(
                        Block(
                            age=int(age),
                            sex=sex,
                            entry=t,
                            kind=ARRIVAL,
                            service=float(service[a]),
                            generation=PRESENT,
                            old_rights=True,
                            heads=float(back),
                        )
                    )
    return blocks
