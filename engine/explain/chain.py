"""The steps of one award in words, from the wage to what the State pays in the target year."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cohorts import axes
from engine.explain.cell import (
    SURVIVORS,
    Award,
    Wages,
    balances_at_award,
    entitled,
    index_of,
    probability,
    wages,
    with_allowances,
)
from engine.explain.context import Context
from engine.explain.records import Chain, Figure, Step, step
from engine.kernels.types import Economy
from engine.law import old, state
from engine.law.wage import window_years
from engine.outputs.steps import Said, named, said
from engine.projection import ACCOUNTS, PENSION_TYPES

PESOS_YEAR = "MXN of December 1996 a year"
PESOS = "MXN of December 1996"
_HAZARDS = (
    "retirement.hazard",
    "decrements.iv_disability",
    "mortality.active",
    "decrements.occupational_disability",
    "decrements.occupational_death",
)
_LAWS = ("old law", "guarantee")


class _Case(NamedTuple):
    """An award with what its steps are told of; ``year`` is the calendar year of the award, ``pay`` in pesos a year."""

    ctx: Context
    economy: Economy
    group: int
    award: Award
    pay: Wages
    sex: int
    age: int
    year: int


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
    people, t = ctx.demography.population, award.start
    sex, age, year = int(people.sex[group]), int(people.age[group]) + t, int(ctx.years[t])
    pay = wages(ctx, group, award.level, economy)
    case = _Case(ctx, economy, group, award, pay, sex, age, year)
    steps = [*_wage_steps(case), *_people_steps(case)]
    rights = bool(people.old_rights[award.block])
    if rights:
        figures = [
            Figure("P", award.decided.pension, PESOS_YEAR),
            Figure("a", award.prices.annuity_old, "years"),
        ]
        beside = ""
        if award.decided.allowances > 0.0:
            beside = said(" + E x a of allowances")
            figures += [
                Figure("E", award.decided.allowances, PESOS_YEAR),
                Figure("a of allowances", award.prices.allowance_old, "years"),
            ]
        returns = "replica.base_rcv_return" if ctx.by_factor else "funds.annuity_return"
        steps += _old_law_steps(case)
        steps.append(step("old_value", award.decided.value_old, *figures, returns=returns, beside=beside))
    steps += [*_account_steps(case), _new_law_step(case)]
    if rights:
        chosen = _LAWS[0] if award.regime == axes.OLD_LAW else "new law"
        steps.append(
            step(
                "choice",
                chosen,
                Figure("PV + kept", award.decided.value_old + award.decided.kept, PESOS),
                Figure("value under the new law", award.decided.value_new, PESOS),
            )
        )
    steps += _state_steps(case, target)
    title = said(
        "{type} awarded in {year} at age {age} after {service:.2f} years, {law}",
        type=said(PENSION_TYPES[award.kind].replace("_", " ")),
        year=year,
        age=age,
        service=award.service,
        law=said(_LAWS[award.regime]),
    )
    return Chain(title, steps, who(ctx, award))


def _wage_steps(case: _Case) -> list[Step]:
    ctx, economy, pay = case.ctx, case.economy, case.pay
    people, u = ctx.demography.population, ctx.past + case.award.start
    minimum, wage = float(economy.minimum_wage[u]), float(pay.wage[u])
    relative = float(people.relative_wage[ctx.levels(case.group)][case.award.level])
    return [
        step("minimum_wage", minimum, year=case.year),
        step(
            "wage",
            wage,
            Figure("relative wage", relative, "ratio"),
            Figure("mean wage", float(people.mean_wage[case.group, u]), PESOS_YEAR),
            Figure("W / MW", wage / minimum, "minimum wages"),
            year=case.year,
        ),
        step(
            "counted_wage",
            float(pay.capped[u]),
            Figure("ceiling", float(economy.wage_ceiling_old_law[u]), "minimum wages"),
        ),
    ]


def _people_steps(case: _Case) -> list[Step]:
    ctx, award, sex, age = case.ctx, case.award, case.sex, case.age
    people, block, kind, t = ctx.demography.population, award.block, award.kind, award.start
    cells = range(int(people.cell_start[block]), int(people.cell_start[block + 1]))
    share = next(float(people.share[c]) for c in cells if int(people.level[c]) == award.level)
    opening = float(ctx.demography.heads.opening[block, t])
    rate = probability(ctx, block, kind, t, age, sex, award.claim.weeks)
    figures = [
        Figure("contributors of this birth year, sex and service at the opening", opening, "persons"),
        Figure("share of the wage group", share, "fraction"),
        Figure("probability of the year", rate, "fraction"),
    ]
    by_family = ""
    if kind in SURVIVORS:
        by_family = said(" x family")
        figures.append(
            Figure(
                "probability that a death leaves an entitled family", entitled(ctx, t, sex, age), "fraction"
            )
        )
    if kind == axes.OCCUPATIONAL_DISABILITY and award.law.old.by_degree:
        by_family = said(" x pensioned")
        pensioned = award.law.old.pensioned
        figures.append(Figure("share of disabilities that draw a pension", pensioned, "fraction"))
    return [
        step(
            "weeks",
            award.claim.weeks,
            Figure("service", award.service, "years"),
            Figure("service at entry", float(people.service[block]), "years"),
            Figure("density", float(people.density[ctx.group_of(block)]), "fraction"),
        ),
        step("awards", award.heads, *figures, by_family=by_family, hazard=_HAZARDS[kind]),
    ]


def _old_law_steps(case: _Case) -> list[Step]:
    """The pension of the old law: why there is none, or by Art. 65, Art. 167 or a multiple of the minimum wage."""
    award, year = case.award, case.year
    law, minimum, pension = award.law.old, award.prices.minimum_wage, award.decided.pension
    occupational = award.kind in (axes.OCCUPATIONAL_DISABILITY, axes.OCCUPATIONAL_DEATH)
    retires = award.kind == axes.RETIREMENT
    weeks = law.weeks_retirement if retires else law.weeks_disability
    needed = f"law_1973.weeks_{'retirement' if retires else 'disability'}"
    if not occupational and award.claim.weeks < weeks:
        figures = Figure("weeks", award.claim.weeks, "weeks"), Figure("required", weeks, "weeks")
        return [step("no_right", "none", *figures, needed=needed)]
    of_minimum = Figure("MW", minimum, PESOS_YEAR)
    if law.flat:
        multiple = Figure("multiple", law.flat_multiple, "minimum wages")
        return [step("old_flat", pension, multiple, of_minimum, year=year, needed=needed)]
    bonus = Figure("bonus", law.bonus, "fraction")
    if occupational and law.by_degree:
        return [_by_degree_step(case)]
    if occupational:
        figures = (
            Figure("share", law.occupational_share, "fraction"),
            Figure("C", float(case.pay.capped[case.ctx.past + award.start]), PESOS_YEAR),
        )
        return [step("old_occupational", pension, *figures, of_minimum, bonus, year=year)]
    return [
        *_average_steps(case),
        _before_limits(case),
        step(
            "old_pension",
            pension,
            Figure("after the limit S", award.decided.after_limit, PESOS_YEAR),
            Figure("minimum", award.decided.floor, PESOS_YEAR),
            bonus,
            year=year,
        ),
        *([_allowances(case)] if law.allowances_apart and award.kind != axes.DEATH else []),
    ]


def _allowances(case: _Case) -> Step:
    award = case.award
    return step(
        "allowances",
        award.decided.allowances,
        Figure("expected family allowances a", award.claim.allowance, "fraction"),
        Figure("pension", award.decided.before_limits, PESOS_YEAR),
        Figure("S", award.claim.average_wage, PESOS_YEAR),
        Figure("minimum", award.decided.floor, PESOS_YEAR),
    )


def _by_degree_step(case: _Case) -> Step:
    """Old-law pension for an occupational risk where disabilities have degrees."""
    law, award = case.award.law.old, case.award
    fatal = award.kind == axes.OCCUPATIONAL_DEATH
    partial, total = (0.0, 1.0 + law.occupational_bonus) if fatal else (law.mean_partial, law.mean_total)
    return step(
        "old_by_degree",
        award.decided.pension,
        Figure("share", law.occupational_share, "fraction"),
        Figure("C", award.claim.wage, PESOS_YEAR),
        Figure("disability pension with allowances", award.decided.floor, PESOS_YEAR),
        Figure("partial, bonus included", partial, "fraction"),
        Figure("total, bonus included", total, "fraction"),
        year=case.year,
    )


def _average_steps(case: _Case) -> list[Step]:
    """Average wage, row of Art. 167 and years that earn the increment."""
    ctx, economy, award, year = case.ctx, case.economy, case.award, case.year
    law, claim, minimum = award.law.old, award.claim, award.prices.minimum_wage
    density = float(ctx.demography.population.density[ctx.group_of(award.block)])
    terms, u = ctx.rules, ctx.past + award.start
    asked, calendar = terms.average_asked[award.start], terms.average_years[award.start]
    window = float(window_years(asked, calendar, density, float(terms.past - 1)))
    moment = economy.moment
    earlier = window - moment
    n, part = int(np.ceil(earlier)), earlier - int(earlier)
    last = year if moment else year - 1
    tables = ctx.tables(award.start)
    bounds = ctx.resolved.in_year(year).table("law_1973.art_167").values[:, 0]
    cut = ctx.resolved.switch("basis.art_167_ratio") == "two_decimals"
    group = int(old.art_167_group(claim.average_wage / minimum, tables.group_upper))
    prices = "December 1996 = 1"
    history = []
    for j in range(n, year - last - 1, -1):
        history += [
            Figure(said("C({year})", year=year - j), float(case.pay.capped[u - j]), PESOS_YEAR),
            Figure(
                said("average prices of {year}", year=year - j), float(economy.price_average[u - j]), prices
            ),
        ]
    history.append(
        Figure(said("prices of awards of {year}", year=year), float(economy.price_award[u]), prices)
    )
    return [
        step(
            "average_wage",
            claim.average_wage,
            *history,
            n=window,
            first=year - n,
            last=last,
            part=_in_part(part, moment),
            window="law_1973.average_weeks" if asked > 0.0 else "law_1973.average_years",
        ),
        step(
            "group_167",
            float(group + 1),
            Figure("S / MW", claim.average_wage / minimum, "minimum wages"),
            Figure("upper bound", float(bounds[group]), "minimum wages"),
            Figure("basic amount", claim.basic, "fraction of S"),
            Figure("yearly increment", claim.increment, "fraction of S"),
            cut=said(", cut to two decimals") if cut else "",
        ),
        step(
            "increment_years",
            claim.years,
            Figure("weeks", claim.weeks, "weeks"),
            needed=law.weeks_retirement,
            per_year=law.weeks_per_year,
            half=law.rest_half_from,
            full=law.rest_full_above,
        ),
    ]


def _in_part(first: float, last: float) -> Said | str:
    """Which years of a window count by a part, where any do."""
    if first and last:
        return said(", the first by {share:.6g} and the last by {last:.6g}", share=first, last=last)
    if first:
        return said(", the first by {share:.6g}", share=first)
    return said(", the last by {last:.6g}", last=last) if last else ""


def _before_limits(case: _Case) -> Step:
    claim, kind = case.award.claim, case.award.kind
    severance, allowances, figures, names = "", "", [], []
    if kind == axes.RETIREMENT:
        severance = said(" x severance factor")
        figures.append(Figure(said("severance factor at {age}", age=case.age), claim.age_share, "fraction"))
        names += ["law_1973.severance_factor", "basis.severance_months"]
    if kind != axes.DEATH and not case.award.law.old.allowances_apart:
        allowances = said(" x (1 + allowances)")
        figures.append(Figure("expected family allowances", claim.allowance, "fraction"))
        names += [f"law_1973.allowance_{one}" for one in ("spouse", "child", "alone")]
        names += ["family.spouse_share", "family.children"]
    amount = case.award.decided.before_limits
    return step("before_limits", amount, *figures, more=names, severance=severance, allowances=allowances)


def _account_steps(case: _Case) -> list[Step]:
    ctx, award, t = case.ctx, case.award, case.award.start
    balances = balances_at_award(ctx, case.group, award.block, award.level, case.economy, t)[t]
    parts = zip(ACCOUNTS, ctx.rules.surrender[:, t], strict=True)
    return [
        step(
            "account",
            award.claim.account,
            *(
                Figure(named("account", name), float(value), PESOS)
                for name, value in zip(ACCOUNTS, balances, strict=True)
            ),
        ),
        step(
            "handed_over",
            award.claim.handed_over,
            *(
                Figure(said("part of {account}", account=named("account", name)), float(value), "fraction")
                for name, value in parts
            ),
            Figure("kept", award.decided.kept, PESOS),
        ),
    ]


def _new_law_step(case: _Case) -> Step:
    award, kind = case.award, case.award.kind
    law, value = award.law.new, award.decided.value_new
    figures = [
        Figure("account", award.claim.account, PESOS),
        Figure("a, real", award.prices.annuity_real, "years"),
        Figure("guarantee M of the award's year", award.prices.guarantee, PESOS_YEAR),
    ]
    if award.prices.annuity_guarantee != award.prices.annuity_real:
        figures.append(Figure("a of M, which rises in payment", award.prices.annuity_guarantee, "years"))
    if kind == axes.RETIREMENT:
        return step("new_retirement", value, *figures, weeks=law.weeks_retirement)
    if kind in (axes.DISABILITY, axes.DEATH):
        wage = Figure("reference wage R", award.claim.reference_wage, PESOS_YEAR)
        before = bool(case.ctx.demography.population.old_rights[award.block])
        weeks = law.weeks_insured_before if before else law.weeks_disability
        weeks = law.weeks_death if kind == axes.DEATH else weeks
        beside = kind == axes.DISABILITY and law.allowances
        if beside:
            figures += [
                Figure("allowances of R's share", award.claim.allowance, "fraction"),
                Figure("a of allowances, real", award.prices.allowance_real, "years"),
                Figure("bonus of R's share", law.bonus, "fraction"),
            ]
        asked = "_insured_before" if before and kind == axes.DISABILITY else ""
        share, name = law.disability_share, PENSION_TYPES[kind]
        by_weeks = case.ctx.resolved.switch("basis.average_weeks") == "contributed"
        window = "weeks" if by_weeks else "years"
        return step(
            "new_disability" if beside else "new_insured",
            value,
            *figures,
            wage,
            weeks=weeks,
            share=share,
            type=name,
            asked=asked,
            window=window,
        )
    wage = Figure("C", award.claim.wage, PESOS_YEAR)
    name = "new_by_degree" if award.law.old.by_degree else "new_occupational"
    return step(name, value, *figures, wage, share=law.occupational_share)


def _state_steps(case: _Case, target: int) -> list[Step]:
    ctx, award, decided = case.ctx, case.award, case.award.decided
    k = target - award.start
    unit = award.unit
    total, cumulative = with_allowances(decided, unit)
    payments = "payments of a unit, survivors included"
    if decided.per_unit > 0.0:
        payments = "payments of a unit, survivors included, allowances included"
    index = float(index_of(decided, award.kind, unit)[k])
    figures = [
        Figure("N", award.heads, "persons"),
        Figure("yearly amount", decided.amount, PESOS_YEAR),
        Figure("pays first", decided.funds, PESOS),
        Figure(payments, float(total[k]), "units"),
        Figure("index since the award", index, "ratio"),
    ]
    steps = []
    if decided.amount > 0.0 and decided.rule == state.EXHAUSTION:
        first, never = award.exhausted, award.exhausted >= unit.total.size
        steps.append(_exhaustion(case, [float(value) for value in cumulative], never))
        if never or k < first:
            formula = "0: the balance still pays"
        elif k == first:
            formula = "N x P x (discounted units - H / P) / discount factor: what the balance lacks in its last year"
            figures.append(Figure("discount factor", float(unit.discount[k]), "ratio"))
        else:
            formula = "N x P x payments of a unit x index"
    else:
        if decided.rule == state.CAPITAL:
            formula = "N x max(0, P x a - H) in the year of the award"
        else:
            formula = "N x max(0, P - H / a) x payments of a unit x index"
            if decided.raised > 0.0 and unit.followed[k] != 1.0:
                formula = "N x (P + M x rise since the award) x payments of a unit"
                figures.append(Figure("M", decided.raised, PESOS_YEAR))
                figures.append(
                    Figure("rise of the guarantee since the award", float(unit.followed[k]) - 1.0, "ratio")
                )
        figures.append(Figure("a", decided.unit, "years"))
    regime, year = "basis.recognition" if decided.takes_old else "basis.mpg", int(ctx.years[target])
    return [*steps, step("paid", award.state, *figures, year=year, formula=said(formula), regime=regime)]


def _exhaustion(case: _Case, cumulative: list[float], never: bool) -> Step:
    """When the balance is exhausted; ``cumulative`` are discounted units up to and with every year."""
    first, unit = case.award.exhausted, "discounted units"
    decided, last = case.award.decided, int(case.ctx.years[-1])
    figures = [
        Figure("H / P", decided.funds / decided.amount, unit),
        Figure("discounted units to the year before", cumulative[first - 1] if first > 0 else 0.0, unit),
    ]
    if not never:
        figures.append(Figure("discounted units to that year", cumulative[first], unit))
    beside = said(" and its allowances") if decided.per_unit > 0.0 else ""
    when = said("after {year}", year=last) if never else Said(str(case.year + first))
    return step("exhaustion", when, *figures, beside=beside)
