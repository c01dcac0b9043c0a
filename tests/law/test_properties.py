"""Properties that the law's words imply, on random cases."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import assumptions
from engine.law import award, new, old, state
from engine.prepare import economy, rules

MW = 9654.25
wages = st.floats(0.3, 30.0)
weeks = st.integers(0, 2600)
ages = st.floats(55.0, 75.0)
families = st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 2))
money = st.floats(0.0, 5e6)
units = st.floats(0.5, 40.0)


@cache
def laws() -> tuple[old.OldLaw, old.OldLawTables, old.FamilyAllowances, new.NewLaw]:
    resolved = assumptions.load("1B").resolve("statutory")
    return (
        rules.old_law(resolved),
        rules.old_law_tables(resolved),
        rules.family_allowances(resolved),
        rules.new_law(resolved),
    )


@cache
def minimum_guarantee() -> float:
    return float(economy.guarantee(assumptions.load("1B").resolve("statutory"), np.array([1997]))[0])


def whole_law() -> award.Law:
    law, _, _, new_law = laws()
    return award.Law(law, new_law, state.EXHAUSTION, state.EXHAUSTION)


def retirement(wage: float, n: float, age: float, family: tuple[bool, int, int]) -> float:
    law, tables, allowances, _ = laws()
    group = old.art_167_group(wage, tables.group_upper)
    found = award.retirement(
        award.Claim(
            age=age,
            weeks=float(n),
            old_rights=True,
            wage=0.0,
            average_wage=wage * MW,
            reference_wage=0.0,
            basic=tables.basic[group],
            increment=tables.increment[group],
            years=old.increment_years(
                float(n), law.weeks_retirement, law.weeks_per_year, law.rest_half_from, law.rest_full_above
            ),
            age_share=old.severance_factor(age, tables.severance_age, tables.severance_factor),
            allowance=old.family_allowance(family[0], float(family[1]), float(family[2]), allowances),
            account=0.0,
            handed_over=0.0,
            degree=1.0,
        ),
        award.Prices(MW, minimum_guarantee(), 10.0, 10.0, 10.0, 10.0, 10.0, True),
        whole_law(),
    )
    return float(found.pension + found.allowances)


@settings(max_examples=300, deadline=None)
@given(wages, wages, weeks, ages, families)
def test_pension_rises_with_the_wage_within_a_group(
    a: float, b: float, n: int, age: float, family: tuple[bool, int, int]
) -> None:
    _, tables, _, _ = laws()
    low, high = sorted((a, b))
    upper = tables.group_upper[old.art_167_group(low, tables.group_upper)]
    high = min(high, float(upper))
    assert retirement(high, n, age, family) >= retirement(low, n, age, family) * (1.0 - 1e-12)


@settings(max_examples=300, deadline=None)
@given(wages, weeks, st.integers(0, 600), ages, families)
def test_pension_rises_with_weeks(
    wage: float, n: int, more: int, age: float, family: tuple[bool, int, int]
) -> None:
    assert retirement(wage, n + more, age, family) >= retirement(wage, n, age, family) * (1.0 - 1e-12)


@settings(max_examples=300, deadline=None)
@given(wages, weeks, ages, st.floats(0.0, 10.0), families)
def test_pension_rises_with_age(
    wage: float, n: int, age: float, later: float, family: tuple[bool, int, int]
) -> None:
    assert retirement(wage, n, age + later, family) >= retirement(wage, n, age, family) * (1.0 - 1e-12)


@settings(max_examples=500, deadline=None)
@given(wages, weeks, ages, families)
def test_pension_lies_between_the_minimum_and_the_average_wage(
    wage: float, n: int, age: float, family: tuple[bool, int, int]
) -> None:
    law, *_ = laws()
    pension = retirement(wage, n, age, family) / (1.0 + law.bonus)
    if n < law.weeks_retirement or age < 60.0:
        assert pension == 0.0
    else:
        assert pension >= MW * (1.0 - 1e-12)
        assert pension <= max(wage, 1.0) * MW * (1.0 + 1e-12)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2600), st.integers(1, 200))
def test_increment_years_never_fall_and_never_exceed_the_weeks_rounded_up(n: int, more: int) -> None:
    law, *_ = laws()

    def years(value: int) -> float:
        return old.increment_years(
            float(value), law.weeks_retirement, law.weeks_per_year, law.rest_half_from, law.rest_full_above
        )

    assert years(n + more) >= years(n)
    excess = max(0.0, n - law.weeks_retirement) / law.weeks_per_year
    assert abs(years(n) - excess) <= 0.5


@settings(max_examples=300, deadline=None)
@given(money, units, st.integers(0, 2600), st.integers(15, 100))
def test_new_law_pension_and_guarantee(account: float, unit: float, n: int, age: int) -> None:
    law, guarantee = laws()[3], minimum_guarantee()
    assume(unit > 0.0)
    claim = award.Claim(
        float(age), float(n), False, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, account, 0.0, 1.0
    )
    found = award.retirement(
        claim, award.Prices(MW, guarantee, unit, unit, unit, unit, unit, True), whole_law()
    )
    pension, short = found.pension_new, new.guarantee_shortfall(account, guarantee, unit)
    annuity = account / unit
    if annuity >= guarantee * (1.0 + 1e-12):
        assert short == 0.0
    if new.has_pension(float(age), float(n), law):
        assert pension >= guarantee
        assert abs(max(account, guarantee * unit) - (account + short)) <= 1e-9 * max(1.0, account + short)
    elif pension > 0.0:
        assert annuity >= law.early_multiple * guarantee * (1.0 - 1e-12)
        assert pension == annuity


@settings(max_examples=300, deadline=None)
@given(st.floats(0.0, 1.0), st.integers(0, 8), st.sampled_from(((0.9, 0.2, 0.3), (0.4, 0.2, 0.3))))
def test_survivors_together_never_exceed_the_pension(
    spouse: float, children: int, shares: tuple[float, float, float]
) -> None:
    paid = old.survivors_share(spouse, float(children), *shares, 1.0)
    assert 0.0 <= paid <= 1.0 + 1e-12
    assert old.survivors_share(spouse, float(children + 1), *shares, 1.0) >= paid - 1e-12


@settings(max_examples=300, deadline=None)
@given(money, units, st.booleans())
def test_a_withdrawal_is_at_most_the_balance_and_at_least_the_guarantee_while_it_lasts(
    balance: float, unit: float, entitled: bool
) -> None:
    guarantee = minimum_guarantee() if entitled else 0.0
    paid = new.withdrawal(balance, max(unit, 1.0), guarantee)
    assert paid <= balance
    assert paid == balance or paid >= guarantee


@pytest.mark.parametrize("moment", [0.0, 0.25, 0.5, 0.9])
def test_mean_share_of_those_whose_birthdays_are_spread_over_the_year(moment: float) -> None:
    """A thousand people of each completed age, born evenly over the year before their birthday (Art. 171)."""
    _, tables, *_ = laws()
    factors = old.mean_severance_factors(tables.severance_factor, moment)
    beyond = moment + (np.arange(1000) + 0.5) / 1000
    for row, share in enumerate(factors):
        ages = tables.severance_age + row + beyond
        shares = [old.severance_factor(age, tables.severance_age, tables.severance_factor) for age in ages]
        assert share == pytest.approx(np.mean(shares), abs=1e-3 * 0.05)
