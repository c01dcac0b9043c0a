"""A commission on the balance, and a rate of annuities of its own: worked by hand, and on identities."""

from __future__ import annotations

import numpy as np
import pytest

from assumptions import Resolved, load
from engine.projection import run_case
from engine.worker import calculator
from engine.worker.careers import Career

TWO_MINIMUM_WAGES = 2.0 * 26.45 * 365


def pack(**values: object) -> Resolved:
    return load("3B", sets={name.replace("__", "."): value for name, value in values.items()}).resolve(
        "statutory"
    )


def worker(resolved: Resolved) -> calculator.Study:
    """Who contributes the whole of every year from 25 to 45, under the new law alone."""
    years = 21
    career = Career(
        np.full(years, TWO_MINIMUM_WAGES),
        np.ones(years),
        first_age=25,
        born=1980,
        award_age=45,
        award="disability",
        spouse="entitled",
        children=0.0,
    )
    return calculator.study(career, resolved)


def test_accounts_earn_the_return_less_the_commission() -> None:
    """Deposits of one amount a year at the close: of 5% less 1% come (1.04^n - 1) / 0.04 of them; INFONAVIT keeps 3%."""
    study = worker(
        pack(
            funds__rcv_return=0.05,
            contributions__commission_balance=0.01,
            funds__infonavit_return=0.03,
            economy__real_wage_growth=0.0,
            economy__real_minimum_wage_growth=0.0,
            contributions__unemployment_frequency=0.0,
        )
    )
    path = study.before
    years = np.arange(1, len(path) + 1)
    for account, earned in (("retirement", 0.04), ("infonavit", 0.03)):
        balance = path[account].to_numpy()
        assert balance[0] > 0.0
        assert balance / balance[0] == pytest.approx(((1.0 + earned) ** years - 1.0) / earned, rel=1e-9)


def test_a_commission_on_the_balance_is_a_lower_return_where_annuities_keep_theirs() -> None:
    one = run_case(pack(funds__rcv_return=0.05, contributions__commission_balance=0.01))
    other = run_case(pack(funds__rcv_return=0.04, funds__annuity_return=0.05))
    assert one.cost == pytest.approx(other.cost, rel=1e-9)
    assert one.assets == pytest.approx(other.assets, rel=1e-9)
    assert (one.assets[:, 5:] < run_case(pack(funds__rcv_return=0.05)).assets[:, 5:]).any()


def test_annuities_have_a_rate_of_their_own() -> None:
    """A unit of pension for life is worth more at a lower rate; balances do not move."""
    shipped, low, same = (
        worker(pack(**values))
        for values in ({}, {"funds__annuity_return": 0.02}, {"funds__annuity_return": 0.035})
    )
    assert low.figures["unit_real"] > shipped.figures["unit_real"]
    assert low.figures["annuity"] < shipped.figures["annuity"]
    assert low.figures["account"] == shipped.figures["account"]
    assert same.figures == shipped.figures
