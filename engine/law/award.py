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


class Prices(NamedTuple):
    """Prices of the award.

    Attributes
    ----------
    minimum_wage, guarantee : float
        Pesos a year.
    annuity_old, annuity_real : float
        Value of a unit of pension with survivors: on the old law's index, and constant in real terms.
    may_choose : bool
        Whether the worker may choose; otherwise the old law's pension is taken where there is one.
    """

    minimum_wage: float
    guarantee: float
    annuity_old: float
    annuity_real: float
    may_choose: bool


class Award(NamedTuple):
    """Everything decided at the award. Pesos, a year where it is a pension.

    Attributes
    ----------
    before_limits, after_limit, floor : float
        Old-law pension as computed, after the limit S (Art. 169), and the minimum that it is raised to (Art. 168).
    pension : float
        Old-law pension with the bonus; 0 where none is due.
    value_old : float
        Present value of that pension with its survivors.
    kept : float
        Balances the worker keeps although the old law is taken.
    entitled, early : bool
        Whether the new law pays a pension with the guarantee or the insurance, or one that the account alone buys.
    pension_new, top_up : float
        Pension of the new law, and what the State adds to it each year, at their present value.
    value_new : float
        Account with guarantee or insurance.
    takes_old : bool
    due : bool
        Whether a pension is awarded; otherwise the balance is paid out.
    amount, funds, unit : float
        Yearly amount of the State's concern, what pays it first, and the value of a unit.
    rule : int
        How the State pays (:mod:`engine.law.state`).
    state_old, state_new : float
        Present value of what the State pays under either law.
    """

    before_limits: float
    after_limit: float
    floor: float
    pension: float
    value_old: float
    kept: float
    entitled: bool
    early: bool
    pension_new: float
    top_up: float
    value_new: float
    takes_old: bool
    due: bool
    amount: float
    funds: float
    unit: float
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
        retirement_amount(
            claim.average_wage, claim.basic, claim.increment, claim.years, claim.age_share, claim.allowance
        ),
        claim,
        prices,
        old,
    )
    account, unit = claim.account, prices.annuity_real
    entitled = has_pension(claim.age, claim.weeks, new)
    early = (not entitled) & has_early_pension(account, unit, prices.guarantee, new)
    shortfall = guarantee_shortfall(account, prices.guarantee, unit) if entitled else 0.0
    annuity = account / unit
    return _decided(
        claim,
        prices,
        law,
        pension,
        entitled,
        early,
        max(annuity, prices.guarantee) if entitled else (annuity if early else 0.0),
        shortfall / unit,
        account + shortfall,
        prices.guarantee if entitled else 0.0,
        account,
        law.guarantee,
        shortfall,
    )


@inlined()
def disability(claim: Claim, prices: Prices, law: Law, severe: bool) -> Award:
    """Disability (Arts. 128-137 of 1973; Arts. 119-126, 141 of 1995); ``severe``: by three quarters or more (Art. 122)."""
    weeks = law.new.weeks_severe if severe else law.new.weeks_disability
    return _disability_or_death(claim, prices, law, claim.allowance, weeks)


@inlined()
def death(claim: Claim, prices: Prices, law: Law) -> Award:
    """Pensions of survivors, of which each gets the share of law (Arts. 149-159 of 1973; Arts. 127-137 of 1995)."""
    return _disability_or_death(claim, prices, law, 0.0, law.new.weeks_death)


@inlined()
def occupational(claim: Claim, prices: Prices, law: Law) -> Award:
    """Total permanent disability and death by occupational risk (Arts. 65, 71 of 1973; Arts. 58, 64 of 1995)."""
    opens = claim.old_rights & (prices.annuity_real > 0.0)
    floor = law.old.minimum_pension_mw * prices.minimum_wage
    limited = occupational_limited(occupational_amount(claim.wage, law.old), floor, law.old)
    pension = _flat_or_none(opens, limited, prices, law.old)
    return _insured(claim, prices, law, pension, law.new.enacted, law.new.occupational_share, claim.wage)


@inner_inlined()
def _disability_or_death(claim: Claim, prices: Prices, law: Law, allowance: float, weeks: float) -> Award:
    opens = claim.old_rights & (claim.weeks >= law.old.weeks_disability) & (prices.annuity_real > 0.0)
    amount = disability_amount(claim.average_wage, claim.basic, claim.increment, claim.years, allowance)
    pension = _old_pension(opens, amount, claim, prices, law.old)
    entitled = law.new.enacted & (claim.weeks >= weeks)
    return _insured(claim, prices, law, pension, entitled, law.new.disability_share, claim.reference_wage)


@inner_inlined()
def _old_pension(opens: bool, amount: float, claim: Claim, prices: Prices, old: OldLaw) -> OldPension:
    limited = limited_pension(amount, claim.average_wage, prices.minimum_wage, claim.weeks, old)
    return _flat_or_none(opens, limited, prices, old)


@inner_inlined()
def _flat_or_none(opens: bool, limited: OldPension, prices: Prices, old: OldLaw) -> OldPension:
    found = flat_pension(prices.minimum_wage, old) if old.flat else limited
    return found if opens else no_pension()


@inner_inlined()
def _insured(
    claim: Claim, prices: Prices, law: Law, pension: OldPension, entitled: bool, share: float, wage: float
) -> Award:
    """The insurer's annuity and the State's top-up, or the account where it is worth more (Arts. 58, 141, 159)."""
    account, unit, guarantee = claim.account, prices.annuity_real, prices.guarantee
    insured = insured_pension(share, wage, guarantee)
    top_up = insured_top_up(share, wage, guarantee) if entitled else 0.0
    paid = entitled & (unit > 0.0)
    return _decided(
        claim,
        prices,
        law,
        pension,
        entitled,
        False,
        max(account / unit, insured) if paid else 0.0,
        top_up if paid else 0.0,
        max(account, insured * unit) if entitled else account,
        top_up,
        0.0,
        # Nothing pays first, so nothing can be exhausted: the State adds its part every year.
        SHARE if law.guarantee == EXHAUSTION else law.guarantee,
        top_up * unit,
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
    top_up: float,
    value_new: float,
    amount: float,
    funds: float,
    rule: int,
    state_new: float,
) -> Award:
    """The choice (3rd, 4th and 11th transitory articles of 1995) and what follows from it for the State."""
    value_old = old.pension * prices.annuity_old
    kept = claim.account - claim.handed_over
    takes_old = takes_old_law(value_old, kept, value_new) if prices.may_choose else value_old > 0.0
    return Award(
        old.before_limits,
        old.after_limit,
        old.floor,
        old.pension,
        value_old,
        kept,
        entitled,
        early,
        pension_new,
        top_up,
        value_new,
        takes_old,
        takes_old | entitled | early,
        old.pension if takes_old else amount,
        claim.handed_over if takes_old else funds,
        prices.annuity_old if takes_old else prices.annuity_real,
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
