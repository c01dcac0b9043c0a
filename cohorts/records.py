"""Who is counted, as plain arrays: the records that :mod:`cohorts` builds and the kernels read.

Axis lengths: ``year`` projected years, ``past`` years before the first that wages are averaged over, ``group`` birth year x
profile (a sex and a density of contributions), ``block`` members of a group with the same entry, service and rights,
``cell`` a block's wage groups. Money: constant pesos of December 1996; rates: fractions a year.
"""

from __future__ import annotations

from typing import NamedTuple

from cohorts.arrays import Bools, Floats, Floats2, Floats5, Ints


class Population(NamedTuple):
    """Who is, or will be, contributing.

    Attributes
    ----------
    age : int64 (group,)
        Age at the opening of the first projected year; negative for those born later.
    sex : int64 (group,)
    density : float64 (group,)
        Share of every year in which an affiliate of the group contributes, and which counts as service.
    counted : float64 (group,)
        Persons of the number of contributors for which an affiliate stands: 1, or his density where that number is of a day.
    block_start : int64 (group + 1,)
        First block of each group.
    entry : int64 (block,)
        Index of the year of entry; -1 for members at the state's date.
    kind : int64 (block,)
        ``MEMBER``, ``ENTRANT`` (``heads`` is a share of the year's entrants) or ``ARRIVAL`` (``heads`` are persons).
    service : float64 (block,)
        Years of past service at the opening of the year of entry (the first year for members).
    generation : int64 (block,)
        ``PRESENT`` or ``FUTURE``.
    old_rights : bool (block,)
        Whether the old law may be chosen.
    heads : float64 (block,)
    cell_start : int64 (block + 1,)
    level : int64 (cell,)
        Position of the cell's relative wage among those of its group.
    share : float64 (cell,)
        Share of the block's heads; sums to 1 over a block.
    balance : float64 (cell, account)
        Balances per head at entry.
    level_start : int64 (group + 1,)
    relative_wage : float64 (level,)
    mean_wage : float64 (group, past + year)
        Mean yearly wage of the group, before floor and ceilings.
    """

    age: Ints
    sex: Ints
    density: Floats
    counted: Floats
    block_start: Ints
    entry: Ints
    kind: Ints
    service: Floats
    generation: Ints
    old_rights: Bools
    heads: Floats
    cell_start: Ints
    level: Ints
    share: Floats
    balance: Floats2
    level_start: Ints
    relative_wage: Floats
    mean_wage: Floats2


class Decrements(NamedTuple):
    """Dependent probabilities of leaving active membership in a year.

    Attributes
    ----------
    probability : float64 (table, exposed, cause, sex, age)
        Row 0 for those not exposed to retirement, row 1 for those exposed.
    table_of_year : int64 (year,)
        Which table holds in a year; in the first a backlog of retirements may be awarded.
    first_age, last_age : int
        Ages of the last axis.
    certain_age : int64 (year,)
        Age from which on everybody is exposed, and leaves.
    gated : bool
        Whether holders of old-law rights are exposed to retirement only with the weeks that open a pension.
    retirement_age : int
        First age of exposure to retirement in any year.
    """

    probability: Floats5
    table_of_year: Ints
    first_age: int
    last_age: int
    certain_age: Ints
    gated: bool
    retirement_age: int
