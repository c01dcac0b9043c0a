"""Flows of a scheme from a valuation date on, by the generation whose rights they are.

The projection is linear in the heads that are awarded a pension. A part of its flows is therefore the projection of a part
of those heads: awards before the valuation date; awards after it, times the part of the service that lies before it; the
awards of those who had joined by then. No flow is estimated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved
from cohorts import axes
from cohorts.records import Population
from engine.components.state_contributions import counted_contributors, of_blocks, social_quota
from engine.kernels import layout as at
from engine.kernels.types import Economy, Flows, Heads
from engine.labels import STATE
from engine.prepare import contributions, rules
from engine.prepare import demography as demographics
from engine.prepare import economy as economy_paths
from engine.prepare.balance import BalanceTerms, balance_terms
from engine.projection import flows_of, projected_years

Float = NDArray[np.float64]
Int = NDArray[np.int64]

GROUPS = ("in_payment", "present_accrued", "present_future_service", "future_generations")
IN_PAYMENT, ACCRUED, FUTURE_SERVICE, FUTURE = range(len(GROUPS))
# The scheme of the old law: retirement, disability and death. Occupational risk is another insurance.
SCHEME = slice(axes.RETIREMENT, axes.DEATH + 1)

# Of the contributors: entrants that are fewer than none by less are the rounding of a sum.
_ROUNDING = 1e-9

_TYPE_OF_KIND = {
    "retirement": axes.RETIREMENT,
    "disability": axes.DISABILITY,
    "survivors": axes.DEATH,
    "orphans": axes.DEATH,
    "occupational": axes.OCCUPATIONAL_DISABILITY,
}


@dataclass(frozen=True)
class Valuation:
    """Flows of a scheme in the years after a valuation date. Money in pesos of the price base a year, heads in persons.

    Attributes
    ----------
    scenario : str
    date_year : int
        The valuation date is 31 December of this year.
    years : int64 (year,)
        Years whose flows are counted.
    rate : float
        Real discount rate.
    discount : float64 (year,)
        Value at the valuation date of a peso paid in the year.
    gdp : float64 (year,)
    gdp_at_date : float
        GDP of the year that the valuation date closes.
    price_at_date : float
        Average price level of that year, price base = 1: factor from pesos of the base to pesos of that year.
    pensions : float64 (group, type, year)
        What the scheme or the State pays, by :data:`GROUPS` and type of pension.
    pensioners : float64 (group, type, year)
        Pensioners and widows; those of present affiliates stand whole under future service.
    contributions : float64 (branch, generation, year)
        Contributions under the old law, every branch whole.
    branches : tuple of str
    counted : float64 (branch,)
        Share of each branch that is an asset of the pensions.
    wages : float64 (generation, year)
        Wages up to the old law's ceiling on which contributions are due, whether or not the old law collects them.
    contributors : float64 (generation, year)
    members : float
        Contributors at the valuation date.
    state_contributions : float64 (generation, year)
        Social quota and proportional contributions under the new law.
    iv_premiums, health_premiums : float64 (generation, year)
        Premiums of disability and life, and of pensioners' health, under the new law; reported, never netted.
    transition_premiums : float64 (year,)
        Those premiums of disability and life that are paid for holders of old-law rights, who are not all present affiliates
        where the valuation date lies before the reform.
    reserve : float
        At the valuation date.
    timing : float
        When in the year flows are paid.
    """

    scenario: str
    date_year: int
    years: Int
    rate: float
    discount: Float
    gdp: Float
    gdp_at_date: float
    price_at_date: float
    pensions: Float
    pensioners: Float
    contributions: Float
    branches: tuple[str, ...]
    counted: Float
    wages: Float
    contributors: Float
    members: float
    state_contributions: Float
    iv_premiums: Float
    health_premiums: Float
    transition_premiums: Float
    reserve: float
    timing: float

    @property
    def scheme_pensions(self) -> Float:
        """Pensions of the scheme without occupational risk, float64 (group, year)."""
        scheme: Float = self.pensions[:, SCHEME].sum(axis=1)
        return scheme

    @property
    def counted_contributions(self) -> Float:
        """Contributions that are an asset of the pensions, float64 (generation, year)."""
        counted: Float = np.tensordot(self.counted, self.contributions, axes=1)
        return counted

    def present_value(self, flows: Float) -> Float:
        """Value at the valuation date of flows whose last axis is the year."""
        value: Float = (flows * self.discount).sum(axis=-1)
        return value


def discount_factors(rate: float, timing: float, n_years: int) -> Float:
    """Value at the valuation date of one peso paid in each of the years after it, float64 (year,)."""
    factors: Float = np.power(1.0 + rate, -(np.arange(n_years) + timing))
    return factors


def value(resolved: Resolved, date_year: int | None = None) -> Valuation:
    """Project a scheme and part its flows by generation.

    Parameters
    ----------
    resolved : Resolved
        Assumptions of one scenario.
    date_year : int, optional
        Valuation at 31 December of this year; that of the state's date by default.

    Raises
    ------
    AssumptionError
        If the date lies before the state's, the reform was in force before it or comes after the horizon, or acquired rights
        are printed constants in place of a mechanism.
    """
    terms = balance_terms(resolved)
    date = terms.state_year if date_year is None else date_year
    horizon = terms.horizon
    _check_date(terms, date)
    _check_reform(terms, date + horizon)
    scheme = _scheme(resolved.with_values({"reform.last_year": float(date + horizon)}), terms, date)
    extended, elapsed, economy, heads = scheme.resolved, scheme.elapsed, scheme.economy, scheme.heads
    n_years = scheme.years.size

    whole = scheme.flows(np.repeat(scheme.counted[:, None], n_years, axis=1).astype(np.float64))
    pensions, pensioners = _parted(scheme, whole)
    population = scheme.demography.population
    contributing = [
        heads.contributing * (scheme.counted & chosen)[:, None]
        for chosen in (scheme.present, ~scheme.present)
    ]
    contributors = np.stack([counted_contributors(part, population) for part in contributing])
    payers = contributions.rates(extended, projected_years(extended))
    quota = np.stack([social_quota(part, population, payers) for part in contributing])
    old_base = whole.covered_wages[:, axes.BASE_OLD_LAW]
    state, premiums, health = _new_law_contributions(payers, whole, quota, economy)
    of_rights = premiums[axes.PRESENT]
    if scheme.early[elapsed:].any():
        nobody = np.zeros(heads.opening.shape)
        by_rights = scheme.projected(nobody, extended, scheme.demography.population)
        of_rights = _new_law_contributions(payers, by_rights, quota, economy)[1][axes.PRESENT]
    counted_years = slice(elapsed, elapsed + horizon)
    years = scheme.years[counted_years]
    gdp = economy_paths.gdp(extended, np.arange(date, int(years[-1]) + 1))
    return Valuation(
        scenario=resolved.scenario,
        date_year=date,
        years=years,
        rate=terms.rate,
        discount=discount_factors(terms.rate, terms.timing, years.size),
        gdp=gdp[1:],
        gdp_at_date=float(gdp[0]),
        price_at_date=float(economy.price_average[scheme.past - 1 + elapsed]),
        pensions=pensions[..., counted_years],
        pensioners=pensioners[..., counted_years],
        contributions=(terms.split[:, None, None] * old_base * (1.0 - economy.in_force))[..., counted_years],
        branches=terms.branches,
        counted=terms.counted,
        wages=old_base[:, counted_years],
        contributors=contributors[:, counted_years],
        members=float(counted_contributors(heads.opening, population)[elapsed]),
        state_contributions=state[:, counted_years],
        iv_premiums=premiums[:, counted_years],
        health_premiums=health[:, counted_years],
        transition_premiums=of_rights[counted_years],
        # At the state's date where the two agree, otherwise spent.
        reserve=terms.reserve if elapsed == 0 else 0.0,
        timing=terms.timing,
    )


class _Scheme(NamedTuple):
    """What the flows of a valuation are projected from.

    Attributes
    ----------
    resolved : Resolved
        To the end of the horizon.
    years : int64 (year,)
        All projected years.
    past : int
        Years of history before them.
    elapsed : int
        How many of them lie before the valuation date.
    demography : Demography
    economy : Economy
    counted, present : bool (block,)
        Blocks that the valuation counts, and those who had joined by its date.
    early : bool (year,)
        Years before a reform that is to come.
    """

    resolved: Resolved
    years: Int
    past: int
    elapsed: int
    demography: demographics.Demography
    economy: Economy
    counted: NDArray[np.bool_]
    present: NDArray[np.bool_]
    early: NDArray[np.bool_]

    @property
    def heads(self) -> Heads:
        return self.demography.heads

    def projected(self, awarded: Float, resolved: Resolved, people: Population) -> Flows:
        """Awards of a part of the heads, float64 (block, year), grouped as ``people`` have it."""
        heads = self.heads
        part = heads._replace(
            opening=np.ascontiguousarray(heads.opening * awarded),
            contributing=np.ascontiguousarray(heads.contributing * self.counted[:, None]),
            closing=np.ascontiguousarray(heads.closing * self.counted[:, None]),
        )
        demography = self.demography._replace(population=people, heads=part)
        return flows_of(resolved, demography, self.economy, self.past, self.years, False)

    def flows(self, awarded: Float) -> Flows:
        """All awards of the given parts of the heads; those before the reform are the old law's, without a choice."""
        population = self.demography.population
        generation = np.where(self.present, axes.PRESENT, axes.FUTURE).astype(np.int64)
        people = population._replace(generation=generation)
        if not self.early.any():
            return self.projected(awarded, self.resolved, people)
        old_law = self.resolved.with_values({"basis.choice": "old_law"})
        old = self.projected(awarded * self.early, old_law, people)
        chosen = self.projected(awarded * ~self.early, self.resolved, people)
        return chosen._replace(cost=old.cost + chosen.cost, pensioners=old.pensioners + chosen.pensioners)


def _scheme(resolved: Resolved, terms: BalanceTerms, date: int) -> _Scheme:
    years, past = projected_years(resolved), rules.history_years(resolved)
    demography = demographics.build(resolved, years, past)
    economy = economy_paths.build(resolved, years, past, demography.payments.total.shape[4])
    elapsed = date + 1 - int(years[0])
    if elapsed < 0:
        raise AssumptionError.single(
            "reform.first_year", f"{years[0]} is after the valuation date", f"{date + 1} or earlier"
        )
    population, heads = demography.population, demography.heads
    most = float(heads.contributing.sum(axis=0).max(initial=0.0))
    if heads.entrants.min(initial=0.0) < -_ROUNDING * max(1.0, most):
        raise AssumptionError.single(
            "population.contributors_growth",
            f"those who stay exceed the number of contributors before {years[-1]}",
            "a path that leaves room for entrants",
        )
    entered = population.entry < elapsed
    counted = population.entry < elapsed + terms.entrants
    # Who enters between the valuation date and a later reform holds old-law rights, and is yet of a future generation.
    joins_later = (population.kind == axes.ENTRANT) & ~entered
    present = ~joins_later & ((population.generation == axes.PRESENT) | entered)
    early = (economy.in_force == 0.0) & (terms.reform_date is not None)
    return _Scheme(resolved, years, past, elapsed, demography, economy, counted, present, early)


def _parted(scheme: _Scheme, whole: Flows) -> tuple[Float, Float]:
    """Pensions and pensioners by whose rights they are, each float64 (group, type, year)."""
    resolved, elapsed, n_years = scheme.resolved, scheme.elapsed, scheme.years.size
    nothing = np.zeros_like(whole.cost[0].sum(axis=0))
    paid = whole.cost.sum(axis=1)
    in_payment, their_number = nothing, nothing
    if elapsed > 0:
        before = np.arange(n_years) < elapsed
        earlier = scheme.flows(np.broadcast_to(before, scheme.heads.opening.shape).astype(np.float64))
        in_payment = earlier.cost.sum(axis=(0, 1))
        their_number = earlier.pensioners.sum(axis=(0, 1))
        paid = paid - earlier.cost.sum(axis=1)
    accrued = scheme.flows(
        service_share(scheme.demography.population, elapsed, n_years, scheme.economy.moment)
    )
    earned = accrued.cost[axes.PRESENT].sum(axis=0)
    number = whole.pensioners.sum(axis=1)
    number[axes.PRESENT] -= their_number
    ongoing, ongoing_number = _ongoing(resolved, scheme.economy, scheme.past, n_years)
    # In full before the reform and in its first year too: whatever the law in force, pensions are paid.
    pensions = np.stack([in_payment + ongoing, earned, paid[axes.PRESENT] - earned, paid[axes.FUTURE]])
    pensioners = np.stack([their_number + ongoing_number, nothing, number[axes.PRESENT], number[axes.FUTURE]])
    return pensions, pensioners


def _check_date(terms: BalanceTerms, date: int) -> None:
    """Refuse a date before the state, and constants that cannot be parted."""
    if date < terms.state_year:
        raise AssumptionError.single(
            "reform.state_year",
            f"the valuation date 31 December {date} is before the state of 31 December {terms.state_year}",
            f"{terms.state_year} or later, or an overlay with an earlier state",
        )
    if terms.replicas:
        raise AssumptionError.single(
            "basis.mpg",
            "printed constants have no generations to be parted by",
            "a basis with mechanisms only",
        )


def _check_reform(terms: BalanceTerms, last_year: int) -> None:
    """Refuse a reform that the state ignores or that never comes."""
    start, first_year = terms.reform_date, terms.first_year
    if start is None:
        return
    if start.year < first_year:
        raise AssumptionError.single(
            "reform.date",
            f"{start} is before the first projected year {first_year}: the state holds no accounts of the years between",
            f"{first_year}-01-01 or later, or a state of an earlier year (reform.state_year, reform.first_year)",
        )
    if start.year > last_year:
        raise AssumptionError.single(
            "reform.date",
            f"{start} is after the last year that the balance counts, {last_year}: the reform would never come",
            f"{last_year} or earlier, a longer balance.horizon_years, or reform.enacted = false",
        )


def service_share(population: Population, elapsed: int, n_years: int, moment: float) -> Float:
    """Part of the service at the awards of each year that lies before the valuation date, float64 (block, year).

    1 less the share still to be served: service at the date over service at award. Nothing for awards before the date (those
    pensions are in payment) and for blocks that enter after it, but for what these bring with them.
    """
    start = np.maximum(population.entry, 0)
    density = of_blocks(population, population.density)
    served = population.service + density * np.maximum(0, elapsed - start)
    since = np.arange(n_years)[None, :] - start[:, None] + moment
    at_award = population.service[:, None] + density[:, None] * np.maximum(0.0, since)
    share = np.divide(served[:, None], at_award, out=np.zeros_like(at_award), where=at_award > 0.0)
    capped: Float = np.minimum(1.0, share)
    capped[:, :elapsed] = 0.0
    return capped


def _ongoing(resolved: Resolved, economy: Economy, past: int, n_years: int) -> tuple[Float, Float]:
    """Payments to, and number of, pensions in payment at the state's date, each float64 (type, year)."""
    ongoing = demographics.ongoing(resolved, economy, past, n_years)
    index = economy_paths.ongoing_index(resolved, economy, past, n_years)
    payments = np.zeros((axes.N_TYPES, n_years))
    number = np.zeros((axes.N_TYPES, n_years))
    for row, kind in enumerate(ongoing.kinds):
        place = _TYPE_OF_KIND.get(kind, axes.RETIREMENT)
        payments[place] += ongoing.units[row] * index
        number[place] += ongoing.heads[row]
    return payments, number


def _new_law_contributions(
    rates: contributions.Rates, flows: Flows, quota: Float, economy: Economy
) -> tuple[Float, Float, Float]:
    """Contributions of the State, premiums of disability and life, and of pensioners' health, float64 (generation, year)."""
    ceav, iv = flows.covered_wages[:, axes.BASE_SEVERANCE], flows.covered_wages[:, axes.BASE_DISABILITY]
    state = flows.by_wage[:, at.BY_WAGE_QUOTA] if flows.by_wage.shape[0] else quota
    if rates.proportional_counts:
        state = state + rates.ceav[STATE] * ceav + rates.iv[STATE] * iv
    in_force = economy.in_force
    return state * in_force, sum(rates.iv) * iv * in_force, rates.health * iv * in_force
