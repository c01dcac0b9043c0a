"""One wage group of one birth year and sex, recomputed in plain Python from the formulas of the laws.

Nothing here comes from the compiled year loop: wages, accounts, awards, the choice and the State's payments are worked
out again, so that the sum over awards is a check and not a copy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cohorts import axes
from engine.explain.context import Context
from engine.kernels import claims
from engine.kernels.annuity import until_next
from engine.kernels.heads import service_at
from engine.kernels.indexing import valued_award
from engine.kernels.types import Economy
from engine.law import award as law_award
from engine.law import occupational, old, state
from engine.law.account import by_wage, credit, left_by_unemployment
from engine.law.new import career_guarantee

Float = NDArray[np.float64]

SURVIVORS = (axes.DEATH, axes.OCCUPATIONAL_DEATH)


class Unit(NamedTuple):
    """Payments of a unit of pension from one award year on: total and own, of its family allowances, indices of old-law
    pensions and of guarantees, discount, discounted running sums."""

    total: Float
    total_new: Float
    own: Float
    allowances: Float
    indexed: Float
    followed: Float
    discount: Float
    cumulative_old: Float
    cumulative_guarantee: Float
    cumulative_allowances: Float


class Award(NamedTuple):
    """Awards of one year, type and law to one wage group with the same service, and what they cost in the target year.

    Attributes
    ----------
    block, level, start, kind : int
        ``start``: year of the award, counted from the first; ``kind``: type of pension.
    heads, service : float
    claim, prices, law, decided
        What the law asks about, and its answer (:mod:`engine.law.award`).
    exhausted : int
        Years from the award after which the State pays; -1 where the rule has none.
    state : float
        Paid by the State in the target year, pesos.
    unit : Unit
        Payments of a unit of pension in the years from the award on.
    """

    block: int
    level: int
    start: int
    kind: int
    heads: float
    service: float
    claim: law_award.Claim
    prices: law_award.Prices
    law: law_award.Law
    decided: law_award.Award
    exhausted: int
    state: float
    unit: Unit

    @property
    def regime(self) -> int:
        """Position of the law taken."""
        return axes.OLD_LAW if self.decided.takes_old else axes.GUARANTEE


Booked = Callable[[int, int], bool]


def as_acquired_rights(generation: int, regime: int) -> bool:
    """Whatever is paid to transition workers, and old-law pensions of later entrants where there is no reform."""
    return generation == axes.PRESENT or regime == axes.OLD_LAW


def as_guarantee(generation: int, regime: int) -> bool:
    """The guarantee of those who first contribute under the new law."""
    return generation == axes.FUTURE and regime == axes.GUARANTEE


class Wages(NamedTuple):
    """Wage and wage that counts for benefits, float64 (past + year,), pesos a year."""

    wage: Float
    capped: Float


def wages(ctx: Context, group: int, level: int, economy: Economy) -> Wages:
    """Wages of one wage group of a birth year and sex (docs/methods.md, section 2)."""
    people = ctx.demography.population
    relative = float(people.relative_wage[ctx.levels(group)][level])
    mean = people.mean_wage[group]
    floor = ctx.rules.wage_floor_mw * economy.minimum_wage[: mean.size]
    wage = np.maximum(relative * mean, floor)
    wage[: ctx.past] = wage[ctx.past] * mean[: ctx.past] / mean[ctx.past]
    ceiling = economy.wage_ceiling_old_law * economy.minimum_wage[: mean.size]
    return Wages(wage, np.minimum(wage, ceiling))


def credited(ctx: Context, wage: float, density: float, t: int, economy: Economy) -> Float:
    """Contributions of a year to the four accounts of one head (docs/methods.md, section 4), float64 (account,), pesos."""
    r = ctx.rules
    minimum = float(economy.minimum_wage[ctx.past + t])

    def base(ceiling: int) -> float:
        return density * min(wage, float(economy.ceilings[ceiling, ctx.past + t]) * minimum)

    amounts = (
        by_wage(wage, r.retirement, t) * base(axes.BASE_RETIREMENT),
        by_wage(wage, r.severance, t) * base(axes.BASE_SEVERANCE),
        by_wage(wage, r.quota, t) * (density if r.credit_by_density else 1.0),
        r.housing_rate[t] * base(axes.BASE_HOUSING),
    )
    return float(economy.in_force[t]) * np.array(amounts)


def balances_at_award(
    ctx: Context, group: int, block: int, level: int, economy: Economy, until: int
) -> Float:
    """Balances per head at the awards of every year up to ``until``, float64 (year, account), pesos."""
    people = ctx.demography.population
    cells = range(int(people.cell_start[block]), int(people.cell_start[block + 1]))
    cell = next(c for c in cells if int(people.level[c]) == level)
    wage = wages(ctx, group, level, economy).wage
    out = np.zeros((until + 1, axes.N_ACCOUNTS))
    balance = people.balance[cell].copy()
    fund, housing = economy.fund_return[: until + 1], economy.housing_return[: until + 1]
    returns = np.array([fund, fund, fund, housing])
    for t in range(until + 1):
        if t >= int(people.entry[block]):
            paid = credited(ctx, float(wage[ctx.past + t]), float(people.density[group]), t, economy)
            out[t] = balance * (1.0 + returns[:, t]) ** economy.moment + economy.moment * paid
            for account in range(axes.N_ACCOUNTS):
                balance[account] = credit(balance[account], float(returns[account, t]), float(paid[account]))
            balance[: axes.ACCOUNT_HOUSING] *= _left(ctx, balance, float(wage[ctx.past + t]), t, economy)
    return out


def _left(ctx: Context, balance: Float, wage: float, t: int, economy: Economy) -> float:
    """Share that withdrawals on account of unemployment leave in a year."""
    u = ctx.past + t
    base = min(wage, float(economy.ceilings[axes.BASE_RETIREMENT, u]) * float(economy.minimum_wage[u]))
    held = float(balance[: axes.ACCOUNT_HOUSING].sum())
    return float(left_by_unemployment(held, base, float(economy.in_force[t]), ctx.rules.withdrawals))


def unit_payments(ctx: Context, kind: int, sex: int, age: int, t: int, economy: Economy) -> Unit:
    pay = ctx.demography.payments
    n, table = min(pay.total.shape[4], ctx.years.size - t), pay.of_year[t]
    row = age - pay.first_age
    total = pay.total[table, kind, sex, row, :n]
    indexed = economy.indexation[t : t + n] / economy.indexation[t]
    followed = economy.guarantee_index[t : t + n] / economy.guarantee_index[t]
    discount = np.ones(n)
    for k in range(1, n):
        discount[k] = discount[k - 1] / until_next(
            float(economy.fund_return[t + k - 1]), k - 1, economy.moment
        )
    total_new = pay.total_new[table, kind, sex, row, :n]
    allowances = np.zeros(n)
    if kind < axes.N_WITH_ALLOWANCES:
        allowances = pay.total[table, axes.N_TYPES + kind, sex, row, :n]
    return Unit(
        total,
        total_new,
        pay.own[table, kind, sex, row, :n],
        allowances,
        indexed,
        followed,
        discount,
        np.cumsum(total * indexed * discount),
        np.cumsum(total_new * followed * discount),
        np.cumsum(allowances * indexed * discount),
    )


def with_allowances(decided: law_award.Award, unit: Unit) -> tuple[Float, Float]:
    """Payments of a unit of the State's concern with its family allowances, and their discounted running sum."""
    if not decided.takes_old:
        return unit.total_new, unit.cumulative_guarantee
    if decided.per_unit == 0.0:
        return unit.total, unit.cumulative_old
    return (
        unit.total + decided.per_unit * unit.allowances,
        unit.cumulative_old + decided.per_unit * unit.cumulative_allowances,
    )


def on_index(unit: Unit, index: Float) -> Unit:
    """The same payments, those of the old law on the index of one pension."""
    own = index[: unit.total.size]
    return unit._replace(
        indexed=own,
        cumulative_old=np.cumsum(unit.total * own * unit.discount),
        cumulative_allowances=np.cumsum(unit.allowances * own * unit.discount),
    )


def index_of(decided: law_award.Award, kind: int, unit: Unit) -> Float:
    """What the yearly amount of the State's concern is multiplied by since the award."""
    if decided.takes_old:
        return unit.indexed
    return unit.followed if kind == axes.RETIREMENT else np.ones_like(unit.followed)


def _state_payment(
    decided: law_award.Award, kind: int, heads: float, unit: Unit, k: int
) -> tuple[float, int]:
    """What the State pays ``k`` years after the award (docs/methods.md, section 7), and after how many years it begins."""
    amount, funds, annuity = decided.amount, decided.funds, decided.unit
    if amount <= 0.0 or annuity <= 0.0:
        return 0.0, -1
    index = index_of(decided, kind, unit)
    total, cumulative = with_allowances(decided, unit)
    if decided.rule == state.EXHAUSTION:
        funded = float(state.funded(amount, funds))
        first = int(np.searchsorted(cumulative, funded, side="right"))
        if k < first:
            return 0.0, first
        if k == first:
            lacking = state.last_payment(amount, float(cumulative[k]), funded, float(unit.discount[k]))
            return heads * float(lacking), first
        return heads * amount * float(total[k] * index[k]), first
    if decided.rule == state.CAPITAL:
        return (heads * float(state.capital(amount, funds, annuity)) if k == 0 else 0.0), -1
    rises = decided.raised * float(unit.followed[k] - 1.0)
    yearly = float(state.share(amount, funds, annuity)) * float(index[k]) + rises
    return heads * yearly * float(total[k]), -1


class _Year(NamedTuple):
    """A wage group of a block in a year: ``heads`` at its opening, ``service`` at its awards."""

    block: int
    level: int
    t: int
    age: int
    sex: int
    rights: bool
    service: float
    heads: float


def probability(ctx: Context, block: int, kind: int, t: int, age: int, sex: int, weeks: float) -> float:
    """Probability of leaving a block with a type of pension in a year."""
    rates, rights = ctx.demography.decrements, bool(ctx.demography.population.old_rights[block])
    gated = rates.gated and rights and age < rates.certain_age[t]
    exposed = not (gated and weeks < ctx.law(t).old.weeks_retirement)
    table = rates.probability[rates.table_of_year[t]]
    return float(table[int(exposed), kind, sex, age - rates.first_age])


def entitled(ctx: Context, t: int, sex: int, age: int) -> float:
    """Probability that a death in year ``t`` leaves a family with a right to a pension."""
    payments = ctx.demography.payments
    return float(payments.entitled[payments.of_year[t], sex, age - payments.first_age])


def awards(
    ctx: Context, group: int, target: int, economy: Economy, booked: Booked, only_level: int | None = None
) -> list[Award]:
    """Every award to a birth year and sex up to the target year that a component's costs may come from.

    Parameters
    ----------
    ctx : Context
    group : int
    target : int
        Year counted from the first.
    economy : Economy
        With the returns of the component.
    booked : callable
        Whether the costs of a generation under a law belong to the component.
    only_level : int, optional
        One wage group.
    """
    people = ctx.demography.population
    units: dict[tuple[int, int], Unit] = {}
    n_levels = ctx.levels(group).stop - ctx.levels(group).start
    pay = {i: wages(ctx, group, i, economy) for i in range(n_levels) if only_level is None or i == only_level}
    found: list[Award] = []
    for block in range(int(people.block_start[group]), int(people.block_start[group + 1])):
        generation = int(people.generation[block])
        if not (booked(generation, axes.OLD_LAW) or booked(generation, axes.GUARANTEE)):
            continue
        for cell in range(int(people.cell_start[block]), int(people.cell_start[block + 1])):
            level = int(people.level[cell])
            if level not in pay:
                continue
            balances = balances_at_award(ctx, group, block, level, economy, target)
            for year in _years(ctx, group, block, cell, target, economy.moment):
                every = _awards_of_year(ctx, year, pay[level], balances[year.t], economy, units, target)
                found += [award for award in every if booked(generation, award.regime)]
    return found


def _years(ctx: Context, group: int, block: int, cell: int, target: int, moment: float) -> Iterator[_Year]:
    """The years up to the target in which a cell has contributors who may be awarded a pension."""
    people, rates = ctx.demography.population, ctx.demography.decrements
    entry = int(people.entry[block])
    for t in range(max(entry, 0), target + 1):
        age = int(people.age[group]) + t
        heads = float(ctx.demography.heads.opening[block, t]) * float(people.share[cell])
        if rates.first_age <= age <= rates.last_age and heads != 0.0:
            service = float(
                service_at(float(people.service[block]), entry, t, moment, float(people.density[group]))
            )
            sex, rights = int(people.sex[group]), bool(people.old_rights[block])
            yield _Year(block, int(people.level[cell]), t, age, sex, rights, service, heads)


def _awards_of_year(
    ctx: Context,
    year: _Year,
    pay: Wages,
    balance: Float,
    economy: Economy,
    units: dict[tuple[int, int], Unit],
    target: int,
) -> Iterator[Award]:
    """The awards of a year by type of pension; ``units`` keeps the payments of a unit by type and year."""
    block, level, t, age, sex = year[:5]
    weeks = float(old.completed_weeks(year.service, ctx.law(t).old.weeks_per_year))
    for kind in range(axes.N_TYPES):
        number = year.heads * probability(ctx, block, kind, t, age, sex, weeks)
        if kind in SURVIVORS:
            number *= entitled(ctx, t, sex, age)
        if kind == axes.OCCUPATIONAL_DISABILITY:
            number *= float(ctx.law(t).old.pensioned)
        if number == 0.0:
            continue
        if (kind, t) not in units:
            units[kind, t] = unit_payments(ctx, kind, sex, age, t, economy)
        claim, prices, law, decided, index = _decide(ctx, year, kind, pay, balance, economy)
        unit = on_index(units[kind, t], index) if economy.indexing.by_level else units[kind, t]
        state_pays, exhausted = _state_payment(decided, kind, number, unit, target - t)
        yield Award(
            block,
            level,
            t,
            kind,
            number,
            year.service,
            claim,
            prices,
            law,
            decided,
            exhausted,
            state_pays,
            unit,
        )


def _decide(
    ctx: Context, year: _Year, kind: int, pay: Wages, balance: Float, economy: Economy
) -> tuple[law_award.Claim, law_award.Prices, law_award.Law, law_award.Award, Float]:
    """What the law is asked about one wage group of a block in a year, what it answers, and what old-law pensions pay on."""
    payments, t, sex = ctx.demography.payments, year.t, year.sex
    row = year.age - payments.first_age
    value_old, value_real = ctx.annuities(economy)
    minimum = float(economy.minimum_wage[ctx.past + t])
    law = ctx.law(t)
    history = np.stack([pay.wage, pay.capped, np.cumsum(pay.capped)])
    entry = int(ctx.demography.population.entry[year.block])
    density = float(ctx.demography.population.density[ctx.group_of(year.block)])
    averages = claims.cohort_averages(history, entry, t, density, economy, ctx.rules)
    claim = claims.claim_of(
        float(year.age),
        year.service,
        year.rights,
        averages,
        minimum,
        float(payments.allowance[payments.of_year[t], sex, row]),
        float(balance.sum()),
        float((ctx.rules.surrender[:, t] * balance).sum()),
        law,
        ctx.tables(t),
        old.UNTOLD,
        occupational.UNTOLD,
    )
    guaranteed = float(economy.guarantee[t])
    if kind == axes.RETIREMENT:
        above = claim.weeks - law.new.weeks_retirement
        guaranteed = float(
            career_guarantee(guaranteed, claim.age, above, averages.career, ctx.rules.career, t)
        )
    allowed = kind < axes.N_WITH_ALLOWANCES
    prices = law_award.Prices(
        minimum,
        guaranteed,
        float(value_old[kind, sex, row, t]),
        float(value_real[kind, sex, row, t]),
        float(value_real[axes.N_STREAMS + kind, sex, row, t]),
        float(value_old[axes.N_TYPES + kind, sex, row, t]) if allowed else 0.0,
        float(value_real[axes.N_TYPES + kind, sex, row, t]) if allowed else 0.0,
        bool(claims.may_choose(economy, ctx.rules, t)),
    )
    index = np.empty(payments.total.shape[4])
    of_year = payments.total[payments.of_year[t]]
    total, allowances = (of_year[at, sex, row] for at in (kind, axes.N_TYPES + (kind if allowed else 0)))
    decided, valued = valued_award(
        claim, prices, law, kind, False, t, total, allowances, economy, ctx.past, index
    )
    return claim, law_award.Prices(*valued), law, law_award.Award(*decided), index
