"""One worker through the projection: a population of one head who leaves by one cause at one age and by nothing else.

The calculator must give what the year loop gives: balances, pension and the State's payments, year by year. This module
builds the cohort and the career that describes it; the comparison is a test.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from cohorts import axes, population
from cohorts.blocks import Block
from cohorts.decrements import active_ages
from cohorts.records import Decrements
from engine.kernels.annuity import annuity_values
from engine.kernels.flows import project_flows
from engine.kernels.heads import project_heads
from engine.kernels.types import Flows
from engine.prepare import economy as economy_paths
from engine.prepare import payments, rules
from engine.worker.careers import AWARDS, SEXES, Career

_BEYOND_LAST_PAYMENT = 100


@dataclass(frozen=True)
class Single:
    """A cohort of one as the projection counts it, and as the calculator reads it.

    Attributes
    ----------
    years : int64 (year,)
    flows : Flows
        Of one head.
    generation : int
    career : Career
    resolved : Resolved
        The pack with the worker's family.
    """

    years: NDArray[np.int64]
    flows: Flows
    generation: int
    career: Career
    resolved: Resolved


def with_family(resolved: Resolved, spouse: bool, children: float) -> Resolved:
    """The pack in which everybody has this family: an entitled spouse or none, and so many children."""
    shares = resolved.table("family.spouse_share").values
    numbers = resolved.table("family.children").values
    return resolved.with_values(
        {
            "family.spouse_share": np.full_like(shares, float(spouse)),
            "family.dependent_widower_share": 1.0,
            "family.children": np.full_like(numbers, children),
        }
    )


def certain_exit(resolved: Resolved, cause: int, age: int) -> Decrements:
    """Decrements in which everybody leaves by ``cause`` at the opening of ``age``, and nobody by anything else."""
    first, last = active_ages(resolved)
    probability = np.zeros((2, axes.N_CAUSES, 2, last - first + 1))
    probability[:, cause, :, age - first] = 1.0
    return Decrements(
        probability=probability,
        first_year=probability,
        first_age=first,
        last_age=last,
        gated=False,
        retirement_age=age if cause == axes.RETIREMENT else last,
    )


def project(
    resolved: Resolved,
    *,
    age: int,
    award_age: int,
    sex: str = "m",
    award: str = "retirement",
    years_before: int = 0,
    relative_wage: float = 1.0,
    spouse: bool = False,
    children: float = 0.0,
) -> Single:
    """Project one worker.

    Parameters
    ----------
    age : int
        At the opening of the first projected year.
    award_age : int
        Age at which the pension is awarded.
    sex, award : str
        As in :class:`Career`.
    years_before : int
        Calendar years of contribution before the first projected year, at the pack's density. With 0 the worker first
        contributes in the first projected year and has no rights under the old law unless the reform is not enacted.
    relative_wage : float
        Wage relative to the mean of the birth year and sex.
    spouse, children
        The family; children without an entitled spouse have no counterpart in the projection.

    Returns
    -------
    Single
    """
    own = with_family(resolved, spouse, children)
    first_year = int(own.number("reform.first_year"))
    years = np.arange(first_year, first_year + award_age - age + _BEYOND_LAST_PAYMENT + 1)
    rules.check_length(years)
    past = rules.history_years(own)
    density = own.number("contributions.density")
    present = years_before > 0
    block = Block(
        age=age,
        sex=SEXES.index(sex),
        entry=-1 if present else 0,
        kind=axes.MEMBER if present else axes.ARRIVAL,
        service=density * years_before,
        generation=axes.PRESENT if present else axes.FUTURE,
        old_rights=present or not own.flag("reform.enacted"),
        heads=1.0,
        wages=((relative_wage, 1.0),),
    )
    people = population.assemble(own, [block], years, past)
    exits = certain_exit(own, AWARDS.index(award), award_age)
    heads = project_heads(
        people,
        exits,
        np.zeros(years.size),
        density,
        np.ascontiguousarray(own.path("law_1973.weeks_retirement", years)),
        own.number("law_1973.weeks_per_year"),
        False,
    )
    pay = payments.build(own)
    economy = economy_paths.build(own, years, past, pay.total.shape[3])
    rows = np.zeros(axes.N_TYPES, dtype=np.int64)
    value_old, value_real = (
        annuity_values(unit, index, economy.fund_return, years.size, rows)
        for unit, index in (
            (pay.total, economy.indexation),
            (pay.total_new, np.ones_like(economy.indexation)),
        )
    )
    flows = project_flows(
        people,
        heads,
        exits,
        pay,
        value_old,
        value_real,
        economy,
        rules.old_law_tables(own),
        rules.rules(own, years, past, all_collected=True),
        False,
    )
    mean = people.mean_wage[0]
    floor = own.number("population.wage_floor_mw") * economy.minimum_wage[past]
    known = np.where(
        np.arange(mean.size) < past,
        max(relative_wage * mean[past], floor) * mean / mean[past],
        relative_wage * mean,
    )
    ages = np.arange(age - years_before, award_age + 1)
    wage = known[np.clip(ages - age + past, 0, mean.size - 1)]
    career = Career(
        wage=wage,
        participation=np.full(ages.size, density),
        first_age=age - years_before,
        born=first_year - age,
        award_age=award_age,
        sex=sex,
        award=award,
        spouse="entitled" if spouse else "none",
        children=children,
    )
    return Single(years, flows, block.generation, career, own)


__all__ = ["Single", "certain_exit", "project", "with_family"]
