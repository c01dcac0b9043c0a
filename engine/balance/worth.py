"""Money's worth: what workers of each birth year, sex and wage pay and receive in the old system and under the reform."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from assumptions import AssumptionError, Resolved
from cohorts import axes, careers, decrements, population
from cohorts.blocks import Block
from cohorts.records import Population
from cohorts.survival import longest_duration
from engine.balance.valuation import discount_factors
from engine.checked import finite
from engine.kernels.types import Heads, Inputs
from engine.kernels.worth import N_SYSTEMS, PAID, RECEIVED, worth_flows
from engine.prepare import demography as demographics
from engine.prepare import economy as economy_paths
from engine.prepare import history, rules
from engine.prepare.balance import WorthTerms, premiums, reform_enacted, worth_terms

Float = NDArray[np.float64]
Int = NDArray[np.int64]

SYSTEMS = ("no_reform", "reform")
_LOWEST_RATE, _HIGHEST_RATE = -0.5, 1.0


class Worth(NamedTuple):
    """Expected flows of one worker each, valued when the worker starts: at the state's date, or at entry.

    Attributes
    ----------
    birth_year : int64 (cohort,)
    joins_later : bool (cohort,)
        Whether the worker enters after the state's date; with rights under the old law if before the year of the reform.
    relative_wage : float64 (wage,)
    paid, received : float64 (system, cohort, sex, wage)
        Present values of contributions of employer and worker, and of pensions and balances paid out; pesos.
    wages : float64 (cohort, sex, wage)
        Present value of wages.
    rate_of_return : float64 (system, cohort, sex, wage)
        Internal rate of return of a whole career; NaN for those who bring past service, and where no rate solves it.
    replacement : float64 (system, pension_age, cohort, sex, wage)
        Pension of the first year over the last wage; NaN where no pension is due.
    pension_ages : float64 (pension_age,)
    """

    birth_year: Int
    joins_later: NDArray[np.bool_]
    relative_wage: Float
    paid: Float
    received: Float
    wages: Float
    rate_of_return: Float
    replacement: Float
    pension_ages: Float

    @property
    def moneys_worth(self) -> Float:
        """Received over paid, float64 (system, cohort, sex, wage)."""
        return np.divide(self.received, self.paid, out=np.full_like(self.paid, np.nan), where=self.paid > 0.0)

    @property
    def gain(self) -> Float:
        """What the reform adds to received less paid, over wages, float64 (cohort, sex, wage)."""
        net = self.received - self.paid
        gained: Float = (net[1] - net[0]) / self.wages
        return gained


def worth(resolved: Resolved) -> Worth:
    """Money's worth with and without the reform, for members at the state's date and workers who enter after it.

    Past service of members is the mean of their age; contributions and benefits count from the start on.

    Raises
    ------
    AssumptionError
        If the reform is not enacted: there is then nothing to compare.
    """
    reform_enacted(resolved, "money's worth compares a reform with none")
    terms = worth_terms(resolved)
    ages, entry_age = terms.ages, terms.entry_age
    first_age, last_age = decrements.active_ages(resolved)
    oldest = int(ages.max(initial=first_age))
    if oldest >= last_age:
        raise AssumptionError.single(
            "balance.worth_ages",
            f"{oldest} is no age of a contributor",
            f"below {last_age} (retirement.last_age)",
        )
    n_durations = longest_duration(resolved, first_age)
    n_years = last_age - int(ages.min(initial=0)) + n_durations
    years = np.arange(terms.first_year, terms.first_year + n_years)
    pay, key = demographics.payments_of(resolved, years)
    past = rules.history_years(resolved)
    economy = economy_paths.build(resolved, years, past, n_durations)
    relative = careers.wage_groups(resolved)
    blocks = []
    for age, service in zip(ages.tolist(), terms.service.tolist(), strict=True):
        joins = age < entry_age
        blocks += [
            Block(
                age=age,
                sex=sex,
                entry=entry_age - age if joins else -1,
                kind=axes.ENTRANT if joins else axes.MEMBER,
                service=service,
                generation=axes.FUTURE if joins else axes.PRESENT,
                old_rights=entry_age - age < terms.before_reform if joins else True,
                heads=1.0,
                wages=tuple((float(wage), 1.0 / relative.size) for wage in relative),
                density=terms.density,
            )
            for sex in range(len(axes.SEXES))
        ]
    people = population.assemble(resolved, blocks, years, past)
    people = people._replace(mean_wage=people.mean_wage * demographics.moved_wages(resolved, years, past))
    if terms.whole_career:
        people = history.with_career_balances(resolved, people, past)
    demography = demographics.Demography(
        people, decrements.build(resolved, years, with_backlog=False), pay, _no_heads(n_years), key
    )
    value_old, value_real = demographics.annuities(demography, economy, n_years)
    inputs = Inputs(
        finite(people, "population"),
        demography.heads,
        finite(demography.decrements, "decrements"),
        pay,
        value_old,
        value_real,
        economy,
        rules.dated_tables(resolved, years),
        rules.rules(resolved, years, past),
    )
    flows, wages, replacement = worth_flows(inputs, premiums(resolved, years), terms.pension_ages)
    return _valued(terms, people, flows, wages, replacement, relative)


def _valued(
    terms: WorthTerms, people: Population, flows: Float, wages: Float, replacement: Float, relative: Float
) -> Worth:
    n_years = wages.shape[1]
    # An age that is asked for twice has one worker and two places.
    asked = terms.ages
    ages, place = np.unique(asked, return_inverse=True)
    shape = (ages.size, len(axes.SEXES), relative.size)
    paid, received = np.empty((N_SYSTEMS, *shape)), np.empty((N_SYSTEMS, *shape))
    worth_wages = np.empty(shape)
    returns = np.full((N_SYSTEMS, *shape), np.nan)
    replaced = np.empty((N_SYSTEMS, terms.pension_ages.size, *shape))
    order = {int(age): at for at, age in enumerate(ages)}
    for g in range(people.age.size):
        at, sex = order[int(people.age[g])], int(people.sex[g])
        block = int(people.block_start[g])
        start = max(int(people.entry[block]), 0)
        discount = np.zeros(n_years)
        discount[start:] = discount_factors(terms.rate, terms.timing, n_years - start)
        cells = slice(int(people.cell_start[block]), int(people.cell_start[block + 1]))
        level = people.level[cells]
        paid[:, at, sex, level] = flows[:, cells, PAID] @ discount
        received[:, at, sex, level] = flows[:, cells, RECEIVED] @ discount
        worth_wages[at, sex, level] = wages[cells] @ discount
        replaced[:, :, at, sex, level] = replacement[:, cells].transpose(0, 2, 1)
        if int(ages[at]) < terms.entry_age:
            net = flows[:, cells, RECEIVED] - flows[:, cells, PAID]
            for system in range(N_SYSTEMS):
                for n, wage in enumerate(level):
                    returns[system, at, sex, wage] = rate_of_return(net[system, n, start:])
    return Worth(
        terms.state_year - asked,
        asked < terms.entry_age,
        relative,
        paid[:, place],
        received[:, place],
        worth_wages[place],
        returns[:, place],
        replaced[:, :, place],
        terms.pension_ages,
    )


def rate_of_return(net: Float) -> float:
    """Rate at which flows, first negative and then positive, are worth nothing; NaN where no rate within reach does."""
    years = np.arange(net.size)

    def worth_at(rate: float) -> float:
        return float((net * (1.0 + rate) ** -years).sum())

    if worth_at(_LOWEST_RATE) * worth_at(_HIGHEST_RATE) > 0.0:
        return float("nan")
    return float(brentq(worth_at, _LOWEST_RATE, _HIGHEST_RATE))


def _no_heads(n_years: int) -> Heads:
    nobody = np.zeros((0, n_years))
    return Heads(
        nobody, nobody, nobody, np.zeros((axes.N_CAUSES, n_years)), np.zeros(n_years), np.zeros(n_years)
    )
