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
from engine.kernels.heads import project_heads
from engine.kernels.project import project_flows
from engine.kernels.types import Flows, Inputs
from engine.prepare import demography as demographics
from engine.prepare import economy as economy_paths
from engine.prepare import payments, rules
from engine.worker.careers import AWARDS, SEXES, Career, year_of_age

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
    pensioned : float
        Share of the head who is awarded a pension at the exit: occupational disabilities up to a degree have none.
    """

    years: NDArray[np.int64]
    flows: Flows
    generation: int
    career: Career
    resolved: Resolved
    pensioned: float


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


def certain_exit(resolved: Resolved, cause: int, age: int, n_years: int) -> Decrements:
    """Decrements of ``n_years`` in which all leave by ``cause`` at the opening of ``age``, and nobody by anything else."""
    first, last = active_ages(resolved)
    probability = np.zeros((1, 2, axes.N_CAUSES, 2, last - first + 1))
    probability[..., cause, :, age - first] = 1.0
    return Decrements(
        probability=probability,
        table_of_year=np.zeros(n_years, dtype=np.int64),
        first_age=first,
        last_age=last,
        certain_age=np.full(n_years, last),
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
    # A single worker's award is not spread over a year.
    own = with_family(resolved, spouse, children).with_values({"basis.awards": "opening"})
    first_year = int(own.number("reform.first_year"))
    years = np.arange(first_year, first_year + award_age - age + _BEYOND_LAST_PAYMENT + 1)
    rules.check_length(years)
    past = rules.history_years(own)
    shared = rules.rules(own, years, past, all_collected=True)
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
        density=density,
    )
    people = population.assemble(own, [block], years, past)
    exits = certain_exit(own, AWARDS.index(award), award_age, years.size)
    heads = project_heads(
        people,
        exits,
        np.zeros(years.size),
        1.0,
        np.ascontiguousarray(own.path("law_1973.weeks_retirement", years)),
        own.number("law_1973.weeks_per_year"),
        False,
        0.0,
    )
    pay = payments.build(own, years)
    economy = economy_paths.build(own, years, past, pay.total.shape[4])
    rows = np.zeros(axes.N_STREAMS, dtype=np.int64)
    value_old, value_real = demographics.values_at_award(
        pay,
        economy,
        lambda unit, index: annuity_values(
            unit, pay.of_year, index, economy.annuity_return, years.size, rows, economy.moment
        ),
    )
    inputs = Inputs(
        people,
        heads,
        exits,
        pay,
        value_old,
        value_real,
        economy,
        rules.dated_tables(own, years),
        shared,
    )
    flows = project_flows(inputs, False)
    mean = people.mean_wage[0]
    floor = shared.wage_floor_mw * economy.minimum_wage[past]
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
        born=first_year - year_of_age(own, 0, age),
        award_age=award_age,
        sex=sex,
        award=award,
        spouse="entitled" if spouse else "none",
        children=children,
        months=None,
        degree=None,
    )
    disabled_at_work = AWARDS.index(award) == axes.OCCUPATIONAL_DISABILITY
    pensioned = rules.old_law(own, first_year + award_age - age).pensioned if disabled_at_work else 1.0
    return Single(years, flows, block.generation, career, own, pensioned)


__all__ = ["Single", "certain_exit", "project", "with_family"]
