"""Family allowances beside a pension, while the relatives are there (Art. 164 of 1973; Arts. 138-143 of 1995)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import assumptions
from assumptions import Resolved
from cohorts.axes import MALE, N_TYPES, RETIREMENT
from engine.law import award, old, state
from engine.prepare import payments, rules
from tests.oracle import law_letter

RELATIVE = 1e-12
"""Between two computations of the same thing."""


def pack(**sets: Any) -> Resolved:
    return assumptions.load("3B", sets={k.replace("__", "."): v for k, v in sets.items()}).resolve(
        "statutory"
    )


@pytest.mark.parametrize(
    ("spouse_alive", "left", "expected"),
    [
        (1.0, 2.0, 0.35),  # wife 15%, two children 10% each
        (1.0, 1.0, 0.25),  # the elder has turned 16
        (1.0, 0.0, 0.15),  # the wife alone
        (0.0, 1.0, 0.10),  # the wife has died, a child is left
        (0.0, 0.0, 0.15),  # alone: assistance of 15%
    ],
)
def test_an_allowance_ends_with_the_relative(spouse_alive: float, left: float, expected: float) -> None:
    law = rules.family_allowances(pack())
    found = old.allowance_left(True, spouse_alive, 2.0, left, 0.0, law)
    assert found == pytest.approx(expected, rel=RELATIVE)


def test_who_was_alone_or_has_parents_keeps_what_was_awarded() -> None:
    law = rules.family_allowances(pack())
    assert old.allowance_left(False, 0.0, 0.0, 0.0, 0.0, law) == 0.15
    assert old.allowance_left(False, 0.0, 0.0, 0.0, 2.0, law) == pytest.approx(0.20, rel=RELATIVE)


def test_children_grow_up_and_the_wife_is_paid_for_while_she_lives() -> None:
    """At 40 with 1.5 children, limit of 16 years: after 8 years 0.75 are left, after 16 none."""
    resolved = pack()
    pay = payments.award_payments(payments.build(resolved, np.array([1997])), 0)
    row = 40 - pay.first_age
    unit = pay.total[N_TYPES + RETIREMENT, MALE, row] / np.where(
        pay.own[RETIREMENT, MALE, row] > 0.0, pay.own[RETIREMENT, MALE, row], 1.0
    )
    e, children = pay.entitled[MALE, row], resolved.table("family.children")[40]
    wife = pay.widows[RETIREMENT, MALE, row] / (
        e * np.where(pay.own[RETIREMENT, MALE, row] < 1.0, 1.0 - pay.own[RETIREMENT, MALE, row], 1.0)
    )
    at_award = e * (0.15 + 0.10 * children) + (1.0 - e) * 0.15
    for k in (8, 16):
        # The award is in the middle of the year, the payment at the opening of the k-th after it.
        n = children * max(0.0, 1.0 - (k - 0.5) / 16.0)
        family = 0.15 * wife[k] + 0.10 * n + 0.15 * (1.0 - wife[k]) * (1.0 - n)
        assert unit[k] == pytest.approx((e * family + (1.0 - e) * 0.15) / at_award, rel=1e-9)


@pytest.mark.parametrize(
    ("reference", "spouse", "children"),
    [(40000.0, True, 0), (40000.0, True, 2), (27000.0, True, 0), (20000.0, True, 0)],
)
def test_disability_of_the_new_law(reference: float, spouse: bool, children: int) -> None:
    """Arts. 138-141, against the second text: what is paid is at least the guarantee, allowances counted in."""
    resolved = pack()
    law = award.Law(rules.old_law(resolved), rules.new_law(resolved), state.EXHAUSTION, state.EXHAUSTION)
    share = old.family_allowance(spouse, float(children), 0.0, rules.family_allowances(resolved))
    claim = award.Claim(50.0, 300.0, False, 0.0, 0.0, reference, 0.0, 0.0, 0.0, 0.0, share, 0.0, 0.0, 1.0)
    guarantee = 9654.25
    found = award.disability(
        claim, award.Prices(1.0, guarantee, 10.0, 10.0, 10.0, 8.0, 8.0, True), law, False
    )
    law_says = law_letter.new_disability(reference, guarantee, spouse, children)
    whole = law_says["base"] + law_says["allowances"]
    assert found.top_up == pytest.approx(law_says["top_up"], rel=1e-9)
    assert found.pension_new == pytest.approx(max(law_says["base"], guarantee), rel=1e-9)
    assert found.pension_new + found.allowances_new == pytest.approx(max(whole, guarantee), rel=1e-9)
    assert found.bonus_new == pytest.approx(law_says["bonus"], rel=1e-9)
    assert found.value_new == pytest.approx(
        10.0 * (found.pension_new + found.bonus_new) + 8.0 * found.allowances_new, rel=1e-9
    )


def test_a_bonus_is_not_raised_with_the_guarantee_and_decides_whether_the_account_is_worth_more() -> None:
    """35% of 20,000 is 7,000, raised to 9,654.25; a month of bonus on the 7,000: 583 1/3, worth 10 a peso as is a pension
    constant in real terms; a guarantee that rises in payment is worth 12. Together 121,684.33."""
    resolved = pack()
    law = award.Law(rules.old_law(resolved), rules.new_law(resolved), state.EXHAUSTION, state.EXHAUSTION)
    prices = award.Prices(1.0, 9654.25, 10.0, 10.0, 12.0, 8.0, 8.0, True)
    worth = 9654.25 * 12.0 + 7000.0 / 12.0 * 10.0

    def found(account: float) -> award.Award:
        claim = award.Claim(50.0, 300.0, False, 0.0, 0.0, 20000.0, 0.0, 0.0, 0.0, 0.0, 0.0, account, 0.0, 1.0)
        return award.disability(claim, prices, law, False)

    below, above = found(worth - 1.0), found(worth + 1.0)
    assert below.value_new == pytest.approx(worth, rel=RELATIVE)
    assert below.bonus_new == pytest.approx(7000.0 / 12.0, rel=RELATIVE)
    assert below.guaranteed
    assert above.value_new == pytest.approx(worth + 1.0, rel=RELATIVE)
    assert above.bonus_new == 0.0
    assert not above.guaranteed


def test_together_at_most_the_reference_wage() -> None:
    """Art. 143: 35% and ten times 20% would be 105%."""
    resolved = pack(law_1973__allowance_child=0.2)
    law = award.Law(rules.old_law(resolved), rules.new_law(resolved), state.EXHAUSTION, state.EXHAUSTION)
    share = old.family_allowance(False, 10.0, 0.0, rules.family_allowances(resolved))
    claim = award.Claim(50.0, 300.0, False, 0.0, 0.0, 30000.0, 0.0, 0.0, 0.0, 0.0, share, 0.0, 0.0, 1.0)
    found = award.disability(claim, award.Prices(1.0, 9000.0, 1.0, 1.0, 1.0, 1.0, 1.0, True), law, False)
    assert found.pension_new + found.allowances_new == pytest.approx(30000.0, rel=1e-9)


@pytest.mark.parametrize("rule", [state.EXHAUSTION, state.SHARE, state.CAPITAL])
def test_survivors_bonus_and_value_are_of_the_pension_without_allowances(rule: int) -> None:
    """S = 3 minimum wages, 1,540 weeks, wife: base 2.0547, allowances 0.308205 for life of both only."""
    resolved = pack()
    law = award.Law(rules.old_law(resolved), rules.new_law(resolved), rule, state.EXHAUSTION)
    claim = award.Claim(65.0, 1540.0, True, 0.0, 3.0, 0.0, 0.2783, 0.02033, 20.0, 1.0, 0.15, 5.0, 5.0, 1.0)
    found = award.retirement(claim, award.Prices(1.0, 0.0, 12.0, 12.0, 12.0, 8.0, 8.0, False), law)
    assert found.pension == pytest.approx(2.0547 * 13 / 12, rel=1e-9)
    assert found.value_old == pytest.approx(2.0547 * 13 / 12 * 12 + 0.308205 * 8, rel=1e-9)
    # 5 pay so much of both, whatever the State's rule
    assert found.unit * found.amount == pytest.approx(found.value_old, rel=RELATIVE)
    assert found.state_old == pytest.approx(found.value_old - 5.0, rel=RELATIVE)
