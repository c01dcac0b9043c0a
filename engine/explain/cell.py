"""One wage group of one birth year and sex, recomputed step by step in plain Python from the formulas of the laws.

Nothing here comes from the compiled year loop: wages, accounts, awards, the choice and the State's payments are worked
out again, so that the sum over awards is a check and not a copy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from cohorts import axes
from engine.explain.records import Chain, Figure, Step
from engine.kernels import lives
from engine.kernels.heads import service_at
from engine.kernels.types import Economy, Rules
from engine.law import award as law_award
from engine.law import old, state
from engine.law.account import by_wage, credit
from engine.law.new import career_guarantee
from engine.prepare import demography as demographics
from engine.prepare import economy as economy_paths
from engine.prepare import financing, rules
from engine.projection import ACCOUNTS, PENSION_TYPES, projected_years

Float = NDArray[np.float64]

PESOS_YEAR = "MXN of December 1996 a year"
PESOS = "MXN of December 1996"
_SURVIVORS = (axes.DEATH, axes.OCCUPATIONAL_DEATH)
_HAZARDS = (
    "retirement.hazard",
    "decrements.iv_disability",
    "mortality.active",
    "decrements.occupational_disability",
    "decrements.occupational_death",
)
_LAWS = ("old law", "guarantee")


@dataclass(frozen=True)
class Context:
    """A case taken apart: what the formulas need, on plain arrays."""

    resolved: Resolved

    @cached_property
    def years(self) -> NDArray[np.int64]:
        return projected_years(self.resolved)

    @cached_property
    def past(self) -> int:
        return rules.history_years(self.resolved)

    @cached_property
    def demography(self) -> demographics.Demography:
        return demographics.build(self.resolved, self.years, self.past)

    @cached_property
    def by_factor(self) -> bool:
        """Whether a replica factor stands for the use of INFONAVIT balances."""
        return financing.housing_use(self.resolved) == financing.FACTOR

    @cached_property
    def plain_economy(self) -> Economy:
        n_durations = self.demography.payments.total.shape[3]
        return economy_paths.build(self.resolved, self.years, self.past, n_durations)

    @cached_property
    def economy(self) -> Economy:
        """Economy of acquired rights: a replica factor is applied to a projection on returns of its own."""
        plain = self.plain_economy
        if not self.by_factor:
            return plain
        span = np.arange(self.years[0], self.years[0] + plain.fund_return.size)
        return plain._replace(fund_return=self.resolved.path("replica.base_rcv_return", span))

    def due(self, t: int) -> float:
        """Fraction of the year in which pensions are the State's to pay."""
        return float(economy_paths.pensions_due(self.resolved, self.plain_economy.in_force)[t])

    @cached_property
    def tables(self) -> old.OldLawTables:
        return rules.old_law_tables(self.resolved)

    def law(self, t: int) -> law_award.Law:
        """The law of awards of year ``t``."""
        return rules.law_of_year(self.rules, t)

    @cached_property
    def rules(self) -> Rules:
        return rules.rules(self.resolved, self.years, self.past)

    def annuities(self, economy: Economy) -> tuple[Float, Float]:
        """Annuity-due values of old-law and of real pensions, float64 (type, sex, age, year)."""
        return demographics.annuities(self.demography, economy, self.years.size)

    def group(self, birth_year: int, sex: int) -> int | None:
        """Position of a birth year and sex among the groups, None where there is nobody."""
        people = self.demography.population
        age = int(self.years[0]) - birth_year
        found = np.flatnonzero((people.age == age) & (people.sex == sex))
        return int(found[0]) if found.size else None

    def levels(self, group: int) -> slice:
        """Rows of the relative wages of a group."""
        start = self.demography.population.level_start
        return slice(int(start[group]), int(start[group + 1]))


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


def credited(ctx: Context, wage: float, t: int, economy: Economy) -> Float:
    """Contributions of a year to the four accounts of one head (docs/methods.md, section 4), float64 (account,), pesos."""
    r = ctx.rules
    minimum = float(economy.minimum_wage[ctx.past + t])

    def base(ceiling: int) -> float:
        return r.density * min(wage, float(economy.ceilings[ceiling, ctx.past + t]) * minimum)

    amounts = (
        by_wage(wage, r.retirement, t) * base(axes.BASE_RETIREMENT),
        by_wage(wage, r.severance, t) * base(axes.BASE_SEVERANCE),
        by_wage(wage, r.quota_credit, t),
        r.housing_rate[t] * base(axes.BASE_HOUSING),
    )
    return float(economy.in_force[t]) * np.array(amounts)


def opening_balances(ctx: Context, group: int, block: int, level: int, economy: Economy, until: int) -> Float:
    """Balances per head at the opening of every year up to ``until``, float64 (year, account), pesos."""
    people = ctx.demography.population
    cells = range(int(people.cell_start[block]), int(people.cell_start[block + 1]))
    cell = next(c for c in cells if int(people.level[c]) == level)
    wage = wages(ctx, group, level, economy).wage
    out = np.zeros((until + 1, axes.N_ACCOUNTS))
    balance = people.balance[cell].copy()
    returns = np.array(
        [economy.fund_return, economy.fund_return, economy.fund_return, economy.housing_return]
    )
    for t in range(until + 1):
        out[t] = balance
        if t >= int(people.entry[block]):
            paid = credited(ctx, float(wage[ctx.past + t]), t, economy)
            for account in range(axes.N_ACCOUNTS):
                balance[account] = credit(balance[account], float(returns[account, t]), float(paid[account]))
    return out


class _Unit(NamedTuple):
    """Payments of a unit of pension from one award year on: total and own, index, discount, discounted running sums."""

    total: Float
    total_new: Float
    own: Float
    indexed: Float
    discount: Float
    cumulative_old: Float
    cumulative_real: Float


def _unit(ctx: Context, kind: int, sex: int, age: int, t: int, economy: Economy) -> _Unit:
    pay = ctx.demography.payments
    n = min(pay.total.shape[3], ctx.years.size - t)
    row = age - pay.first_age
    total = pay.total[kind, sex, row, :n]
    indexed = economy.indexation[t : t + n] / economy.indexation[t]
    discount = np.ones(n)
    for k in range(1, n):
        discount[k] = discount[k - 1] / (1.0 + float(economy.fund_return[t + k - 1]))
    total_new = pay.total_new[kind, sex, row, :n]
    return _Unit(
        total,
        total_new,
        pay.own[kind, sex, row, :n],
        indexed,
        discount,
        np.cumsum(total * indexed * discount),
        np.cumsum(total_new * discount),
    )


def _state_payment(decided: law_award.Award, heads: float, unit: _Unit, k: int) -> tuple[float, int]:
    """What the State pays ``k`` years after the award (docs/methods.md, section 7), and after how many years it begins."""
    amount, funds, annuity = decided.amount, decided.funds, decided.unit
    if amount <= 0.0 or annuity <= 0.0:
        return 0.0, -1
    index = unit.indexed if decided.takes_old else np.ones_like(unit.indexed)
    total = unit.total if decided.takes_old else unit.total_new
    if decided.rule == state.EXHAUSTION:
        cumulative = unit.cumulative_old if decided.takes_old else unit.cumulative_real
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
    return heads * float(state.share(amount, funds, annuity)) * float(total[k] * index[k]), -1


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
    people, heads, payments = ctx.demography.population, ctx.demography.heads, ctx.demography.payments
    rates = ctx.demography.decrements
    sex = int(people.sex[group])
    found: list[Award] = []
    units: dict[tuple[int, int], _Unit] = {}
    blocks = range(int(people.block_start[group]), int(people.block_start[group + 1]))
    n_levels = ctx.levels(group).stop - ctx.levels(group).start
    pay = {i: wages(ctx, group, i, economy) for i in range(n_levels) if only_level is None or i == only_level}
    for block in blocks:
        generation = int(people.generation[block])
        if not (booked(generation, axes.OLD_LAW) or booked(generation, axes.GUARANTEE)):
            continue
        entry = int(people.entry[block])
        rights = bool(people.old_rights[block])
        for cell in range(int(people.cell_start[block]), int(people.cell_start[block + 1])):
            level = int(people.level[cell])
            if level not in pay:
                continue
            balances = opening_balances(ctx, group, block, level, economy, target)
            for t in range(max(entry, 0), target + 1):
                age = int(people.age[group]) + t
                if age < rates.first_age or age > rates.last_age:
                    continue
                opening = float(heads.opening[block, t]) * float(people.share[cell])
                if opening == 0.0:
                    continue
                service = float(service_at(float(people.service[block]), entry, t, ctx.rules.density))
                values = ctx.law(t).old
                weeks = float(old.completed_weeks(service, values.weeks_per_year))
                exposed = not (
                    rates.gated and rights and age < rates.last_age and weeks < values.weeks_retirement
                )
                table = rates.first_year if t == 0 else rates.probability
                row = age - payments.first_age
                for kind in range(axes.N_TYPES):
                    number = opening * float(table[int(exposed), kind, sex, age - rates.first_age])
                    if kind in _SURVIVORS:
                        number *= float(payments.entitled[sex, row])
                    if number == 0.0:
                        continue
                    if (kind, t) not in units:
                        units[kind, t] = _unit(ctx, kind, sex, age, t, economy)
                    unit = units[kind, t]
                    claim, prices, law, decided = _award(
                        ctx, economy, pay[level], balances[t], block, t, kind, age, sex, rights
                    )
                    state_pays, exhausted = _state_payment(decided, number, unit, target - t)
                    award = Award(
                        block,
                        level,
                        t,
                        kind,
                        number,
                        service,
                        claim,
                        prices,
                        law,
                        decided,
                        exhausted,
                        state_pays,
                    )
                    if booked(generation, award.regime):
                        found.append(award)
    return found


def _award(
    ctx: Context,
    economy: Economy,
    pay: Wages,
    balance: Float,
    block: int,
    t: int,
    kind: int,
    age: int,
    sex: int,
    rights: bool,
) -> tuple[law_award.Claim, law_award.Prices, law_award.Law, law_award.Award]:
    """What the law is asked about one wage group of a block in a year, and what it answers."""
    people, payments = ctx.demography.population, ctx.demography.payments
    row = age - payments.first_age
    value_old, value_real = ctx.annuities(economy)
    minimum = float(economy.minimum_wage[ctx.past + t])
    law = ctx.law(t)
    entry = int(people.entry[block])
    history = np.stack([pay.wage, pay.capped, np.cumsum(pay.capped)])
    averages = lives.cohort_averages(history, entry, t, economy, ctx.rules)
    claim = lives.claim_of(
        float(age),
        float(service_at(float(people.service[block]), entry, t, ctx.rules.density)),
        rights,
        averages,
        minimum,
        float(payments.allowance[sex, row]),
        float(balance.sum()),
        float((ctx.rules.surrender * balance).sum()),
        law,
        ctx.tables,
    )
    guaranteed = float(economy.guarantee[t])
    if kind == axes.RETIREMENT:
        above = claim.weeks - law.new.weeks_retirement
        guaranteed = float(
            career_guarantee(guaranteed, claim.age, above, averages.career, ctx.rules.career, t)
        )
    prices = law_award.Prices(
        minimum,
        guaranteed,
        float(value_old[kind, sex, row, t]),
        float(value_real[kind, sex, row, t]),
        bool(lives.may_choose(economy, ctx.rules, t)),
    )
    return claim, prices, law, lives.award_of_kind(kind, claim, prices, law, False)


# in words ----------------------------------------------------------------------------------------------------------


def who(ctx: Context, award: Award) -> dict[str, object]:
    """An award as the keys of a ranked part."""
    entry = int(ctx.demography.population.entry[award.block])
    return {
        "award_year": int(ctx.years[award.start]),
        "type": PENSION_TYPES[award.kind],
        "paid_under": _LAWS[award.regime],
        "service_years": round(award.service, 4),
        **({"first_year": int(ctx.years[entry])} if entry >= 0 else {}),
    }


def chain(ctx: Context, group: int, award: Award, target: int, economy: Economy) -> Chain:
    """The steps from the wage to what the State pays in the target year, for the awards of one year, type and service."""
    t, kind, level = award.start, award.kind, award.level
    people = ctx.demography.population
    sex, age = int(people.sex[group]), int(people.age[group]) + t
    year = int(ctx.years[t])
    pay = wages(ctx, group, level, economy)
    steps = [*_wage_steps(ctx, group, level, pay, t, economy), *_people_steps(ctx, group, award, age, sex, t)]
    if bool(people.old_rights[award.block]):
        steps += _old_law_steps(ctx, kind, pay.capped, award, age, t, economy)
        steps.append(
            Step(
                "Present value of the old-law pension",
                "PV = P x a, a = annuity-due with survivors, on the pensions' index, at the funds' return",
                "Transitory articles 3 and 11 of the law of 1995; docs/methods.md, section 5",
                award.decided.value_old,
                PESOS,
                (
                    Figure("P", award.decided.pension, PESOS_YEAR),
                    Figure("a", award.prices.annuity_old, "years"),
                ),
                (
                    "funds.rcv_return" if not ctx.by_factor else "replica.base_rcv_return",
                    "basis.old_law_indexation",
                    "economy.real_minimum_wage_growth",
                    "mortality.active",
                    "mortality.disabled",
                    "family.spouse_share",
                    "family.spouse_age_difference",
                    "law_1973.widow_share",
                    "law_1973.orphan_share",
                    "law_1973.survivors_cap",
                ),
            )
        )
    steps += _account_steps(ctx, group, award, t, economy)
    steps += _choice_steps(ctx, award, kind)
    steps += _state_steps(ctx, award, kind, sex, age, target, economy)
    law = _LAWS[award.regime]
    title = f"{PENSION_TYPES[kind].replace('_', ' ')} awarded in {year} at age {age} after {award.service:.2f} years, {law}"
    return Chain(title, steps)


def _wage_steps(ctx: Context, group: int, level: int, pay: Wages, t: int, economy: Economy) -> list[Step]:
    people = ctx.demography.population
    u = ctx.past + t
    year = int(ctx.years[t])
    minimum = float(economy.minimum_wage[u])
    relative = float(people.relative_wage[ctx.levels(group)][level])
    return [
        Step(
            f"Minimum wage of {year}",
            "MW = daily x days x base x product of (1 + real growth)",
            "docs/methods.md, section 2",
            minimum,
            PESOS_YEAR,
            (),
            (
                "economy.minimum_wage_daily",
                "economy.days_per_year",
                "economy.minimum_wage_base",
                "economy.real_minimum_wage_growth",
            ),
        ),
        Step(
            f"Wage of the group in {year}",
            "W = max(relative wage x mean wage of birth year and sex, floor x MW)",
            "docs/methods.md, section 2",
            float(pay.wage[u]),
            PESOS_YEAR,
            (
                Figure("relative wage", relative, "ratio"),
                Figure("mean wage", float(people.mean_wage[group, u]), PESOS_YEAR),
                Figure("W / MW", float(pay.wage[u]) / minimum, "minimum wages"),
            ),
            (
                "population.average_wage_mw",
                "population.wage_sigma",
                "population.wage_groups",
                "population.wage_floor_mw",
                "population.age_wage_profile",
                "basis.wage_growth",
                "economy.real_wage_growth",
            ),
        ),
        Step(
            "Wage that counts for benefits",
            "C = min(W, ceiling x MW)",
            "Art. 33 of the law of 1973; Art. 28 of 1995",
            float(pay.capped[u]),
            PESOS_YEAR,
            (Figure("ceiling", float(economy.wage_ceiling_old_law[u]), "minimum wages"),),
            ("law_1973.ceiling_average_wage",),
        ),
    ]


def _people_steps(ctx: Context, group: int, award: Award, age: int, sex: int, t: int) -> list[Step]:
    people, heads, rates = ctx.demography.population, ctx.demography.heads, ctx.demography.decrements
    kind, block = award.kind, award.block
    cells = range(int(people.cell_start[block]), int(people.cell_start[block + 1]))
    share = next(float(people.share[c]) for c in cells if int(people.level[c]) == award.level)
    opening = float(heads.opening[block, t])
    table = rates.first_year if t == 0 else rates.probability
    gated = rates.gated and bool(people.old_rights[block]) and age < rates.last_age
    exposed = not (gated and award.claim.weeks < award.law.old.weeks_retirement)
    rate = float(table[int(exposed), kind, sex, age - rates.first_age])
    figures = [
        Figure("contributors of this birth year, sex and service at the opening", opening, "persons"),
        Figure("share of the wage group", share, "fraction"),
        Figure("probability of the year", rate, "fraction"),
    ]
    if kind in _SURVIVORS:
        entitled = float(ctx.demography.payments.entitled[sex, age - ctx.demography.payments.first_age])
        figures.append(Figure("probability that a death leaves an entitled family", entitled, "fraction"))
    return [
        Step(
            "Service and weeks at the opening of the year",
            "service at entry + density x years since; weeks = floor(weeks of a year x service)",
            "Arts. 138, 145, 150 of the law of 1973",
            award.claim.weeks,
            "weeks",
            (
                Figure("service", award.service, "years"),
                Figure("service at entry", float(people.service[block]), "years"),
            ),
            (
                "contributions.density",
                "law_1973.weeks_per_year",
                "population.service_at_30",
                "population.service_slope",
                "population.service_factors",
            ),
        ),
        Step(
            "Awards",
            "N = contributors x share x probability of the year" + (" x family" if len(figures) > 3 else ""),
            "docs/methods.md, section 3",
            award.heads,
            "persons",
            tuple(figures),
            (
                "population.active_1996",
                "population.active_age_shares",
                "population.service_weights",
                _HAZARDS[kind],
                "retirement.first_year_factor",
                "basis.retirement_exposure",
            ),
        ),
    ]


def _old_law_steps(
    ctx: Context, kind: int, capped: Float, award: Award, age: int, t: int, economy: Economy
) -> list[Step]:
    law, claim, decided, minimum = award.law.old, award.claim, award.decided, award.prices.minimum_wage
    u, year = ctx.past + t, int(ctx.years[t])
    occupational = kind in (axes.OCCUPATIONAL_DISABILITY, axes.OCCUPATIONAL_DEATH)
    needed = law.weeks_retirement if kind == axes.RETIREMENT else law.weeks_disability
    needed_name = "law_1973.weeks_retirement" if kind == axes.RETIREMENT else "law_1973.weeks_disability"
    if not occupational and award.claim.weeks < needed:
        return [
            Step(
                "Right to an old-law pension",
                "weeks contributed below the weeks required",
                "Arts. 131, 138, 145, 150 of 1973",
                "none",
                "",
                (Figure("weeks", award.claim.weeks, "weeks"), Figure("required", needed, "weeks")),
                (needed_name,),
            )
        ]
    if law.flat:
        return [
            Step(
                f"Old-law pension awarded in {year}",
                "P = multiple x MW",
                "basis published: docs/methods.md, section 6",
                award.decided.pension,
                PESOS_YEAR,
                (Figure("multiple", law.flat_multiple, "minimum wages"), Figure("MW", minimum, PESOS_YEAR)),
                ("basis.old_law_benefit", "law_1973.flat_multiple", needed_name),
            )
        ]
    bonus = ("law_1973.bonus_months",)
    if occupational:
        wage = float(capped[u])
        return [
            Step(
                f"Old-law pension awarded in {year}",
                "P = max(share x C, minimum x MW) x (1 + bonus)",
                "Art. 65 of the law of 1973",
                award.decided.pension,
                PESOS_YEAR,
                (
                    Figure("share", law.occupational_share, "fraction"),
                    Figure("C", wage, PESOS_YEAR),
                    Figure("MW", minimum, PESOS_YEAR),
                    Figure("bonus", law.bonus, "fraction"),
                ),
                ("law_1973.occupational_disability_share", "law_1973.minimum_pension_mw", *bonus),
            )
        ]
    average, basic, increment = claim.average_wage, claim.basic, claim.increment
    group = int(old.art_167_group(average / minimum, ctx.tables.group_upper))
    n = ctx.rules.average_years
    history = []
    for j in range(n, 0, -1):
        before = year - j
        history += [
            Figure(f"C({before})", float(capped[u - j]), PESOS_YEAR),
            Figure(f"average prices of {before}", float(economy.price_average[u - j]), "December 1996 = 1"),
        ]
    history.append(Figure(f"prices of awards of {year}", float(economy.price_award[u]), "December 1996 = 1"))
    steps = [
        Step(
            "Average wage S",
            f"S = (1/{n}) sum of C(u) x average prices(u) / prices of the award, u = {year - n} .. {year - 1}",
            "Art. 167 of the law of 1973: last 250 weeks, nominal wages",
            average,
            PESOS_YEAR,
            tuple(history),
            ("law_1973.average_years", "economy.inflation", "economy.real_wage_growth_history"),
        ),
        Step(
            "Group of Art. 167",
            "row whose upper bound is the first not below S / MW",
            "Art. 167 of the law of 1973",
            float(group + 1),
            "row",
            (
                Figure("S / MW", average / minimum, "minimum wages"),
                Figure("upper bound", float(ctx.tables.group_upper[group]), "minimum wages"),
                Figure("basic amount", basic, "fraction of S"),
                Figure("yearly increment", increment, "fraction of S"),
            ),
            ("law_1973.art_167",),
        ),
        Step(
            "Years that earn the increment",
            f"(weeks - {law.weeks_retirement:g}) / {law.weeks_per_year:g}; a rest of {law.rest_half_from:g} to"
            f" {law.rest_full_above:g} weeks counts half, a longer one whole",
            "Art. 167 of the law of 1973",
            claim.years,
            "years",
            (Figure("weeks", award.claim.weeks, "weeks"),),
            (
                "law_1973.weeks_retirement",
                "law_1973.weeks_per_year",
                "law_1973.rest_half_from",
                "law_1973.rest_full_above",
            ),
        ),
    ]
    formula = "S x (basic + increment x years)"
    figures: list[Figure] = []
    names: tuple[str, ...] = ()
    if kind == axes.RETIREMENT:
        formula += " x severance factor"
        figures.append(Figure(f"severance factor at {age}", claim.age_share, "fraction"))
        names += ("law_1973.severance_factor",)
    if kind != axes.DEATH:
        formula += " x (1 + allowances)"
        figures.append(Figure("expected family allowances", claim.allowance, "fraction"))
        names += (
            "law_1973.allowance_spouse",
            "law_1973.allowance_child",
            "law_1973.allowance_alone",
            "family.spouse_share",
            "family.children",
        )
    return [
        *steps,
        Step(
            "Pension before limits",
            formula,
            "Arts. 164, 167, 171 of the law of 1973",
            decided.before_limits,
            PESOS_YEAR,
            tuple(figures),
            names,
        ),
        Step(
            f"Old-law pension awarded in {year}",
            "P = max(min(pension, S), minimum x MW) x (1 + bonus)",
            "Arts. 167 (bonus), 168 (minimum), 169 (limit S) of the law of 1973",
            award.decided.pension,
            PESOS_YEAR,
            (
                Figure("after the limit S", decided.after_limit, PESOS_YEAR),
                Figure("minimum", decided.floor, PESOS_YEAR),
                Figure("bonus", law.bonus, "fraction"),
            ),
            ("law_1973.minimum_pension_mw", "law_1973.minimum_pension_weeks", *bonus),
        ),
    ]


def _account_steps(ctx: Context, group: int, award: Award, t: int, economy: Economy) -> list[Step]:
    balances = opening_balances(ctx, group, award.block, award.level, economy, t)[t]
    names = ACCOUNTS
    part = ctx.rules.surrender
    return [
        Step(
            "Account at the opening of the year",
            "b(t+1) = b(t) (1 + return) + contribution, from the reform on, four accounts",
            "Arts. 168, 169 of the law of 1995; docs/methods.md, section 4",
            award.claim.account,
            PESOS,
            tuple(Figure(name, float(value), PESOS) for name, value in zip(names, balances, strict=True)),
            (
                "contributions.retirement_employer",
                "contributions.ceav_employer",
                "contributions.ceav_worker",
                "contributions.ceav_state",
                "contributions.commission",
                "contributions.infonavit_employer",
                "state.social_quota",
                "contributions.ceiling_retirement",
                "contributions.ceiling_ceav",
                "contributions.ceiling_infonavit",
                "funds.rcv_return",
                "funds.infonavit_return",
                "basis.account_quota_basis",
                "reform.date",
            ),
        ),
        Step(
            "Handed to the State with the old law",
            "H = sum of the accounts surrendered; the worker keeps the rest",
            "13th transitory article of the law of 1995",
            award.claim.handed_over,
            PESOS,
            (
                *(
                    Figure(f"part of {name}", float(value), "fraction")
                    for name, value in zip(names, part, strict=True)
                ),
                Figure("kept", award.decided.kept, PESOS),
            ),
            ("basis.surrendered_funds", "basis.infonavit_offset", "financing.infonavit_surrendered"),
        ),
    ]


def _choice_steps(ctx: Context, award: Award, kind: int) -> list[Step]:
    law, claim, prices = award.law.new, award.claim, award.prices
    figures = [
        Figure("account", award.claim.account, PESOS),
        Figure("a, real", prices.annuity_real, "years"),
        Figure("guarantee M of the award's year", prices.guarantee, PESOS_YEAR),
    ]
    names: tuple[str, ...]
    if kind == axes.RETIREMENT:
        formula = (
            f"account + max(0, M x a - account) with {law.weeks_retirement:g} weeks, otherwise the account"
        )
        source, names = "Arts. 154, 162, 170 of the law of 1995", ("law_1995.weeks_retirement",)
    elif kind in (axes.DISABILITY, axes.DEATH):
        figures.append(Figure("reference wage R", claim.reference_wage, PESOS_YEAR))
        needed = law.weeks_death if kind == axes.DEATH else law.weeks_disability
        formula = f"max(account, max({law.disability_share:g} R, M) x a) with {needed:g} weeks, otherwise the account"
        source = "Arts. 122, 128, 141 of the law of 1995"
        names = (f"law_1995.weeks_{PENSION_TYPES[kind]}", "law_1995.iv_share", "law_1995.iv_average_years")
    else:
        figures.append(Figure("C", claim.wage, PESOS_YEAR))
        formula = f"max(account, max({law.occupational_share:g} C, M) x a)"
        source, names = "Art. 58 of the law of 1995", ("law_1995.occupational_share",)
    names += ("guarantee.mpg", "guarantee.real_growth", "economy.days_per_year", "basis.mpg")
    steps = [
        Step(
            "Value under the new law", formula, source, award.decided.value_new, PESOS, tuple(figures), names
        )
    ]
    if bool(ctx.demography.population.old_rights[award.block]):
        steps.append(
            Step(
                "The worker's choice",
                "old law where PV + kept > value under the new law",
                "Transitory articles 3, 4 and 11 of the law of 1995",
                _LAWS[0] if award.regime == axes.OLD_LAW else "new law",
                "",
                (
                    Figure("PV + kept", award.decided.value_old + award.decided.kept, PESOS),
                    Figure("value under the new law", award.decided.value_new, PESOS),
                ),
                ("basis.choice",),
            )
        )
    return steps


def _state_steps(
    ctx: Context, award: Award, kind: int, sex: int, age: int, target: int, economy: Economy
) -> list[Step]:
    t, k = award.start, target - award.start
    year = int(ctx.years[target])
    unit = _unit(ctx, kind, sex, age, t, economy)
    old_law, rule = award.decided.takes_old, award.decided.rule
    index = float(unit.indexed[k]) if old_law else 1.0
    figures = [
        Figure("N", award.heads, "persons"),
        Figure("yearly amount", award.decided.amount, PESOS_YEAR),
        Figure("pays first", award.decided.funds, PESOS),
        Figure(
            "payments of a unit, survivors included",
            float((unit.total if old_law else unit.total_new)[k]),
            "units",
        ),
        Figure("index since the award", index, "ratio"),
    ]
    names: tuple[str, ...] = ("basis.recognition",) if old_law else ("basis.mpg",)
    steps = []
    if award.decided.amount > 0.0 and rule == state.EXHAUSTION:
        cumulative = unit.cumulative_old if old_law else unit.cumulative_real
        first = award.exhausted
        never = first >= unit.total.size
        steps.append(
            Step(
                "Year in which the balance is exhausted",
                "first year in which discounted payments of a unit exceed H / P",
                "Art. 172 of the law of 1995; docs/methods.md, section 7",
                f"after {int(ctx.years[-1])}" if never else str(int(ctx.years[t]) + first),
                "",
                (
                    Figure("H / P", award.decided.funds / award.decided.amount, "discounted units"),
                    Figure(
                        "discounted units to the year before",
                        float(cumulative[first - 1]) if first > 0 else 0.0,
                        "discounted units",
                    ),
                    *(
                        ()
                        if never
                        else (
                            Figure(
                                "discounted units to that year", float(cumulative[first]), "discounted units"
                            ),
                        )
                    ),
                ),
                ("basis.recognition",),
            )
        )
        if never or k < first:
            formula = "0: the balance still pays"
        elif k == first:
            formula = "N x P x (discounted units - H / P) / discount factor: what the balance lacks in its last year"
            figures.append(Figure("discount factor", float(unit.discount[k]), "ratio"))
        else:
            formula = "N x P x payments of a unit x index"
    elif rule == state.CAPITAL:
        formula = "N x max(0, P x a - H) in the year of the award"
        figures.append(Figure("a", award.decided.unit, "years"))
    else:
        formula = "N x max(0, P - H / a) x payments of a unit x index"
        figures.append(Figure("a", award.decided.unit, "years"))
    return [
        *steps,
        Step(
            f"What the State pays in {year}",
            formula,
            "docs/methods.md, section 7",
            award.state,
            PESOS,
            tuple(figures),
            names,
        ),
    ]
