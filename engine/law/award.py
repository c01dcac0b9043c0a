"""The award of a pension: both laws, the worker's choice between them, and what the State's part is reckoned from.

One function for each type of pension, each the law's rule for one person in one year. What it takes is the claim (age,
weeks, wages, account), the prices of the year and the law of the year; what it gives is a record of everything decided.
The projection, money's worth, the single worker and the explanation of a number all call these, and decide nothing else.
"""

from __future__ import annotations

from typing import NamedTuple

from engine.law.choice import takes_old_law
from engine.law.compiled import inlined, inner_inlined
from engine.law.new import (
    NewLaw,
    guarantee_shortfall,
    has_early_pension,
    has_pension,
    insured_pension,
    insured_top_up,
)
from engine.law.occupational import degree_shares
from engine.law.old import (
    OldLaw,
    OldPension,
    disability_amount,
    flat_pension,
    limited_pension,
    no_pension,
    occupational_amount,
    occupational_limited,
    retirement_amount,
)
from engine.law.state import CAPITAL, EXHAUSTION, SHARE


class Law(NamedTuple):
    """The law of one year, and how the State pays under it.

    Attributes
    ----------
    old, new
        Values of the two laws.
    recognition, guarantee : int
        Rule of :mod:`engine.law.state` for acquired rights and for the guarantee.
    """

    old: OldLaw
    new: NewLaw
    recognition: int
    guarantee: int


class Claim(NamedTuple):
    """Who claims a pension.

    Attributes
    ----------
    age, weeks : float
        Age, and whole weeks contributed.
    old_rights : bool
        Whether the old law may be chosen.
    wage, average_wage, reference_wage : float
        Counted wage of the year (occupational risk), average wage S of the old law, reference wage R of the new, pesos.
    basic, increment : float
        Row of Art. 167 for S, shares of S.
    years : float
        Years that earn the increment.
    age_share : float
        Share of the old-age pension at this age (Art. 171).
    allowance : float
        Family allowances as a share of the pension.
    account, handed_over : float
        Balance of all accounts, and what of it goes to the State with the old law, pesos.
    degree : float
        Of an occupational disability, 0 to 1; negative for the average of those who draw a pension.
    """

    age: float
    weeks: float
    old_rights: bool
    wage: float
    average_wage: float
    reference_wage: float
    basic: float
    increment: float
    years: float
    age_share: float
    allowance: float
    account: float
    handed_over: float
    degree: float


class Prices(NamedTuple):
    """Prices of the award.

    Attributes
    ----------
    minimum_wage, guarantee : float
        Pesos a year.
    annuity_old, annuity_real, annuity_guarantee : float
        Value of a unit of pension with survivors: on the old law's index, constant in real terms, and on the index of
        guarantees in payment.
    allowance_old, allowance_real : float
        The same of a unit of family allowances, which end with the pensioner and with the relatives.
    may_choose : bool
        Whether the worker may choose; otherwise the old law's pension is taken where there is one.
    """

    minimum_wage: float
    guarantee: float
    annuity_old: float
    annuity_real: float
    annuity_guarantee: float
    allowance_old: float
    allowance_real: float
    may_choose: bool


class Award(NamedTuple):
    """Everything decided at the award. Pesos, a year where it is a pension.

    Attributes
    ----------
    before_limits, after_limit, floor : float
        Old-law pension as computed, after the limit S (Art. 169), and the minimum that it is raised to (Art. 168).
    pension : float
        Old-law pension with the bonus; 0 where none is due.
    allowances : float
        Family allowances beside it.
    value_old : float
        Present value of that pension with its survivors, and of the allowances.
    kept : float
        Balances the worker keeps although the old law is taken.
    entitled, early : bool
        Whether the new law pays a pension with the guarantee or the insurance, or one that the account alone buys.
    pension_new, top_up : float
        Pension of the new law, and what the State adds to it each year, at their present value.
    allowances_new, bonus_new : float
        Family allowances and yearly bonus beside the pension of the new law.
    guaranteed : bool
        Whether what the new law pays is the guarantee, which goes on its index.
    value_new : float
        Account with guarantee or insurance.
    takes_old : bool
    due : bool
        Whether a pension is awarded; otherwise the balance is paid out.
    amount, funds, unit : float
        Yearly amount of the State's concern, what pays it first, and the value of a unit with its allowances.
    raised : float
        Guarantee whose rises in payment the State adds to that amount; of retirement the amount rises itself.
    per_unit : float
        Family allowances for a unit of that amount, paid in the same proportions by funds and State.
    rule : int
        How the State pays (:mod:`engine.law.state`).
    state_old, state_new : float
        Present value of what the State pays under either law.
    """

    before_limits: float
    after_limit: float
    floor: float
    pension: float
    allowances: float
    value_old: float
    kept: float
    entitled: bool
    early: bool
    pension_new: float
    allowances_new: float
    bonus_new: float
    top_up: float
    guaranteed: bool
    value_new: float
    takes_old: bool
    due: bool
    amount: float
    funds: float
    unit: float
    raised: float
    per_unit: float
    rule: int
    state_old: float
    state_new: float


@inlined()
def retirement(claim: Claim, prices: Prices, law: Law) -> Award:
    """Severance in old age and old age (Arts. 137-147 of 1973; Arts. 154-164, 170 of 1995)."""
    old, new = law.old, law.new
    opens = claim.old_rights & (claim.weeks >= old.weeks_retirement) & (claim.age_share > 0.0)
    pension = _old_pension(
        opens,
        retirement_amount(claim.average_wage, claim.basic, claim.increment, claim.years, claim.age_share),
        claim.allowance,
        claim,
        prices,
        old,
    )
    account, unit = claim.account, prices.annuity_real
    entitled = has_pension(claim.age, claim.weeks, new)
    early = (not entitled) & has_early_pension(account, unit, prices.guarantee, new)
    # The account pays the guarantee until exhausted (Art. 172): what counts is whether it is worth the guarantee for life.
    shortfall = guarantee_shortfall(account, prices.guarantee, prices.annuity_guarantee) if entitled else 0.0
    guaranteed = shortfall > 0.0
    annuity = account / unit
    at_least = prices.guarantee if guaranteed else max(annuity, prices.guarantee)
    return _decided(
        claim,
        prices,
        law,
        pension,
        entitled,
        early,
        at_least if entitled else (annuity if early else 0.0),
        0.0,
        0.0,
        shortfall / unit,
        guaranteed,
        account + shortfall,
        prices.guarantee if entitled else 0.0,
        account,
        prices.annuity_guarantee,
        0.0,
        law.guarantee,
        shortfall,
    )


@inlined()
def disability(claim: Claim, prices: Prices, law: Law, severe: bool) -> Award:
    """Disability (Arts. 128-137 of 1973; Arts. 119-126, 141 of 1995); ``severe``: by three quarters (Art. 122)."""
    weeks = law.new.weeks_insured_before if claim.old_rights else law.new.weeks_disability
    weeks = min(weeks, law.new.weeks_severe) if severe else weeks
    return _disability_or_death(claim, prices, law, claim.allowance, weeks, law.new.bonus)


@inlined()
def death(claim: Claim, prices: Prices, law: Law) -> Award:
    """Pensions of survivors, of which each gets the share of law (Arts. 149-159 of 1973; Arts. 127-137 of 1995)."""
    return _disability_or_death(claim, prices, law, 0.0, law.new.weeks_death, 0.0)


@inlined()
def occupational(claim: Claim, prices: Prices, law: Law, fatal: bool) -> Award:
    """Permanent disability and death by occupational risk (Arts. 65, 71 of 1973; Arts. 58, 59, 64 of 1995).

    Survivors share the pension of a total disability. Where disabilities have degrees, that is at least the pension of
    disability with allowances (Art. 59); the State adds nothing to what the insurance pays.
    """
    old = law.old
    partial, total = 0.0, 1.0 + old.occupational_bonus
    if not fatal:
        partial, total = old.mean_partial, old.mean_total
        if old.by_degree and claim.degree >= 0.0:
            partial, total = degree_shares(claim.degree, old)
    drawn = partial + total
    opens = claim.old_rights & (prices.annuity_real > 0.0) & (drawn > 0.0)
    floor = (
        _disability_floor(claim, prices, old)
        if old.by_degree
        else old.minimum_pension_mw * prices.minimum_wage
    )
    limited = occupational_limited(occupational_amount(claim.wage, old), floor, partial, total)
    pension = _flat_or_none(opens, limited, prices, old)
    share = law.new.occupational_share * (drawn if old.by_degree else 1.0)
    guarantee = 0.0 if old.by_degree else prices.guarantee
    entitled = law.new.enacted & (drawn > 0.0)
    return _insured(claim, prices, law, pension, entitled, share, claim.wage, 0.0, 0.0, guarantee)


@inner_inlined()
def _disability_floor(claim: Claim, prices: Prices, old: OldLaw) -> float:
    """Pension of disability with allowances, without the bonus; none without the weeks for it."""
    base = disability_amount(claim.average_wage, claim.basic, claim.increment, claim.years)
    limited = limited_pension(
        base, claim.allowance, claim.average_wage, prices.minimum_wage, claim.weeks, old
    )
    return (
        max(limited.after_limit, limited.floor) + limited.allowances
        if claim.weeks >= old.weeks_disability
        else 0.0
    )


@inner_inlined()
def _disability_or_death(
    claim: Claim, prices: Prices, law: Law, allowance: float, weeks: float, bonus: float
) -> Award:
    opens = claim.old_rights & (claim.weeks >= law.old.weeks_disability) & (prices.annuity_real > 0.0)
    base = disability_amount(claim.average_wage, claim.basic, claim.increment, claim.years)
    pension = _old_pension(opens, base, allowance, claim, prices, law.old)
    entitled = law.new.enacted & (claim.weeks >= weeks)
    share, wage = law.new.disability_share, claim.reference_wage
    beside = allowance if law.new.allowances else 0.0
    return _insured(claim, prices, law, pension, entitled, share, wage, beside, bonus, prices.guarantee)


@inner_inlined()
def _old_pension(
    opens: bool, base: float, allowance: float, claim: Claim, prices: Prices, old: OldLaw
) -> OldPension:
    limited = limited_pension(base, allowance, claim.average_wage, prices.minimum_wage, claim.weeks, old)
    return _flat_or_none(opens, limited, prices, old)


@inner_inlined()
def _flat_or_none(opens: bool, limited: OldPension, prices: Prices, old: OldLaw) -> OldPension:
    found = flat_pension(prices.minimum_wage, old) if old.flat else limited
    return found if opens else no_pension()


@inner_inlined()
def _insured(
    claim: Claim,
    prices: Prices,
    law: Law,
    pension: OldPension,
    entitled: bool,
    share: float,
    wage: float,
    allowance: float,
    bonus: float,
    guarantee: float,
) -> Award:
    """The insurer's annuity and the State's top-up, or the account where it is worth more (Arts. 58, 141, 159).

    The guarantee is of pension and allowances together (Art. 141), and the bonus of the pension without them (Art. 139).
    """
    account, unit = claim.account, prices.annuity_real
    insured = insured_pension(share, wage, guarantee)
    # Together at most the reference wage (Art. 143).
    with_allowances = min(share * (1.0 + allowance), max(share, 1.0))
    allowances = insured_pension(with_allowances, wage, guarantee) - insured
    top_up = insured_top_up(with_allowances, wage, guarantee) if entitled else 0.0
    paid = entitled & (unit > 0.0)
    # What is raised to the guarantee goes on its index, and allowances are in it.
    raised = guarantee if top_up > 0.0 else 0.0
    rises = raised * (prices.annuity_guarantee - unit)
    yearly_bonus = bonus * share * wage
    annuity = account / unit
    beside = allowances * prices.allowance_real + yearly_bonus * unit + rises
    by_account = annuity > insured + beside / unit
    return _decided(
        claim,
        prices,
        law,
        pension,
        entitled,
        False,
        (annuity if by_account else insured) if paid else 0.0,
        allowances if paid & (not by_account) else 0.0,
        yearly_bonus if paid & (not by_account) else 0.0,
        top_up if paid else 0.0,
        (raised > 0.0) & (not by_account),
        max(account, insured * unit + beside) if entitled else account,
        top_up,
        0.0,
        unit + (rises / top_up if top_up > 0.0 else 0.0),
        raised,
        # Nothing pays first, so nothing can be exhausted: the State adds its part every year.
        SHARE if law.guarantee == EXHAUSTION else law.guarantee,
        top_up * unit + rises,
    )


@inner_inlined()
def _decided(
    claim: Claim,
    prices: Prices,
    law: Law,
    old: OldPension,
    entitled: bool,
    early: bool,
    pension_new: float,
    allowances_new: float,
    bonus_new: float,
    top_up: float,
    guaranteed: bool,
    value_new: float,
    amount: float,
    funds: float,
    unit: float,
    raised: float,
    rule: int,
    state_new: float,
) -> Award:
    """The choice (3rd, 4th and 11th transitory articles of 1995) and what follows from it for the State."""
    beside = (prices.allowance_old > 0.0) & (old.allowances > 0.0)
    per_unit = old.allowances / old.pension if beside else 0.0
    value_old = old.pension * prices.annuity_old + (old.allowances * prices.allowance_old if beside else 0.0)
    kept = claim.account - claim.handed_over
    takes_old = takes_old_law(value_old, kept, value_new) if prices.may_choose else value_old > 0.0
    return Award(
        old.before_limits,
        old.after_limit,
        old.floor,
        old.pension,
        old.allowances,
        value_old,
        kept,
        entitled,
        early,
        pension_new,
        allowances_new,
        bonus_new,
        top_up,
        guaranteed,
        value_new,
        takes_old,
        takes_old | entitled | early,
        old.pension if takes_old else amount,
        claim.handed_over if takes_old else funds,
        (prices.annuity_old + per_unit * prices.allowance_old) if takes_old else unit,
        0.0 if takes_old else raised,
        per_unit if takes_old else 0.0,
        law.recognition if takes_old else rule,
        max(0.0, value_old - claim.handed_over),
        state_new,
    )


__all__ = [
    "CAPITAL",
    "EXHAUSTION",
    "SHARE",
    "Award",
    "Claim",
    "Law",
    "Prices",
    "death",
    "disability",
    "occupational",
    "retirement",
]
