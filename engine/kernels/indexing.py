"""Pensions of the old law in payment by their own level, and awards that are valued by it."""

from __future__ import annotations

import numpy as np

from cohorts.axes import DEATH, DISABILITY, OCCUPATIONAL_DEATH, RETIREMENT
from engine.kernels.annuity import until_next
from engine.kernels.types import Economy
from engine.law.award import Award, Claim, Law, Prices, death, disability, occupational, retirement
from engine.law.compiled import compiled, inlined
from engine.law.indexation import ORPHANS, Indexing, followed, increase, least_pension


@compiled()
def own_index(
    pension: float,
    bonus: float,
    kind: int,
    age: int,
    t: int,
    known: int,
    minimum_wage: np.ndarray,
    past: int,
    rules: Indexing,
    index: np.ndarray,
) -> None:
    """What a pension awarded in year ``t`` pays in each year from the award on, per peso of it; in place.

    Parameters
    ----------
    pension, bonus : float
        Yearly pension with its bonus, and the bonus as a fraction of what it is added to: levels are told without it.
    kind, age : int
        Type of pension, and age at the award.
    known : int
        Last year whose law is known: that of the award, or any later one. Its rules hold on from there.
    minimum_wage : float64 (past + long_year,)
    index : float64 (duration,)
    """
    survivors = kind == DEATH or kind == OCCUPATIONAL_DEATH or kind == ORPHANS
    amount = pension / (1.0 + bonus)
    last = rules.follows.shape[0] - 1
    for k in range(index.shape[0]):
        year = min(t + k, last)
        law = min(year, known)
        minimum = minimum_wage[past + year]
        if k > 0:
            before = minimum_wage[past + min(t + k - 1, last)]
            amount = followed(amount, minimum, before, rules.follows[law])
        amount *= increase(amount / minimum, age + float(k), kind, t + k, t, known, rules.increases)
        if not survivors:
            amount = least_pension(amount, rules.floor_mw[law], minimum)
        index[k] = amount * (1.0 + bonus) / pension


@compiled()
def guarantee_since(index_of_year: np.ndarray, t: int, index: np.ndarray) -> None:
    """What a guarantee awarded in year ``t`` pays in each year from then on, per peso of it; in place."""
    for k in range(index.shape[0]):
        index[k] = index_of_year[t + k] / index_of_year[t]


@inlined()
def award_of_kind(kind: int, claim: Claim, prices: Prices, law: Law, severe: bool) -> Award:
    """The law's award of a type of pension."""
    if kind == RETIREMENT:
        return retirement(claim, prices, law)
    if kind == DISABILITY:
        return disability(claim, prices, law, severe)
    if kind == DEATH:
        return death(claim, prices, law)
    return occupational(claim, prices, law, kind == OCCUPATIONAL_DEATH)


@compiled()
def valued_award(
    claim: Claim,
    prices: Prices,
    law: Law,
    kind: int,
    severe: bool,
    t: int,
    unit: np.ndarray,
    unit_allowance: np.ndarray,
    economy: Economy,
    past: int,
    index: np.ndarray,
) -> tuple[Award, Prices]:
    """The award of a claim in year ``t``, and the prices that it is valued by; ``index`` in place.

    Parameters
    ----------
    unit, unit_allowance : float64 (duration,)
        What a unit of an old-law pension and of family allowances beside it pays; allowances follow the pension's index.
    index : float64 (duration,)
        Payments of each year from the award on, per peso of the pension.

    Notes
    -----
    Where no rule depends on a pension's level the value is that of ``prices``. Otherwise the pension, which does not depend
    on it, is valued by what it will pay itself, as far as that is known, and the law is asked again.
    """
    award = award_of_kind(kind, claim, prices, law, severe)
    rules = economy.indexing
    if not rules.by_level:
        for k in range(index.shape[0]):
            index[k] = economy.indexation[t + k] / economy.indexation[t]
        return award, prices
    if award.pension == 0.0:
        return award, prices
    age, bonus = int(claim.age), 0.0 if law.old.flat else law.old.bonus
    last = rules.follows.shape[0] - 1
    known = last if rules.known_ahead else t
    own_index(award.pension, bonus, kind, age, t, known, economy.minimum_wage, past, rules, index)
    value, beside, discount = 0.0, 0.0, 1.0
    for k in range(unit.shape[0]):
        value += unit[k] * index[k] * discount
        beside += unit_allowance[k] * index[k] * discount
        discount /= until_next(economy.annuity_return[t + k], k, economy.moment)
    if known != last:
        own_index(award.pension, bonus, kind, age, t, last, economy.minimum_wage, past, rules, index)
    valued = Prices(
        prices.minimum_wage,
        prices.guarantee,
        value,
        prices.annuity_real,
        prices.annuity_guarantee,
        beside if award.allowances > 0.0 else 0.0,
        prices.allowance_real,
        prices.may_choose,
    )
    return award_of_kind(kind, claim, valued, law, severe), valued
