"""Single workers against figures worked out by hand in a world without inflation, growth and interest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import assumptions
from assumptions import Resolved
from engine.worker import calculator, careers
from engine.worker.careers import Career, CareerError
from engine.worker.steps import steps

MW = 26.45 * 365
RELATIVE = 1e-12


@cache
def still() -> Resolved:
    """Scenario 1B, statutory, with constant prices, minimum wages and balances."""
    return (
        assumptions.load("1B")
        .resolve("statutory")
        .with_values(
            {
                "economy.inflation": 0.0,
                "economy.real_minimum_wage_growth": 0.0,
                "funds.rcv_return": 0.0,
                "funds.infonavit_return": 0.0,
            }
        )
    )


@cache
def real(scenario: str = "1B", basis: str = "statutory") -> Resolved:
    return assumptions.load(scenario).resolve(basis)


def constant(
    wage_mw: float, first_age: int, award_age: int, born: int, time: float = 1.0, **more: object
) -> Career:
    """``born`` here: the year at whose opening the age is 0."""
    n = award_age - first_age + 1
    return Career(np.full(n, wage_mw * MW), np.full(n, time), first_age, born - 1, award_age, **more)  # type: ignore[arg-type]


def test_thirty_years_of_two_minimum_wages() -> None:
    """Each year: 4.5% of 2 MW to RCV, a quota of 5.5% of 1 MW, 5% of 2 MW to INFONAVIT."""
    figures = calculator.study(constant(2.0, 30, 60, 1967), still()).figures
    assert figures["weeks"] == 30 * 52
    assert figures["retirement"] == pytest.approx(30 * 0.02 * 4.5 / 6.5 * 2 * MW, rel=RELATIVE)
    assert figures["ceav"] == pytest.approx(30 * 0.045 * 4.5 / 6.5 * 2 * MW, rel=RELATIVE)
    assert figures["social_quota"] == pytest.approx(30 * 0.055 * MW, rel=RELATIVE)
    assert figures["infonavit"] == pytest.approx(30 * 0.05 * 2 * MW, rel=RELATIVE)
    # The State: the quota, 0.225% for severance and old age and 0.125% for disability and life.
    assert figures["state_contributions"] == pytest.approx(30 * (0.055 + 2 * 0.0035) * MW, rel=RELATIVE)
    assert figures["old_rights"] == 0.0
    assert figures["old_pension"] == 0.0
    assert figures["takes_old"] == 0.0


def test_half_time_is_half_of_everything_but_the_wage() -> None:
    whole = calculator.study(constant(2.0, 30, 60, 1967), still()).figures
    half = calculator.study(constant(2.0, 30, 60, 1967, 0.5), still()).figures
    assert half["weeks"] == 780
    for name in ("retirement", "ceav", "social_quota", "infonavit", "state_contributions"):
        assert half[name] == pytest.approx(0.5 * whole[name], rel=RELATIVE)
    assert half["last_wage"] == whole["last_wage"]
    assert half["entitled"] == 0.0  # 780 weeks of 1,250


def test_ceilings_of_1997_and_2007() -> None:
    """At 30 MW: retirement 25 MW, severance 15 in 1997 and 25 from 2007, INFONAVIT 10."""
    first = calculator.study(constant(30.0, 59, 60, 1938), still()).figures
    later = calculator.study(constant(30.0, 59, 60, 1948), still()).figures
    rate = 4.5 / 6.5
    assert first["retirement"] == pytest.approx(0.02 * rate * 25 * MW, rel=RELATIVE)
    assert first["ceav"] == pytest.approx(0.045 * rate * 15 * MW, rel=RELATIVE)
    assert later["ceav"] == pytest.approx(0.045 * rate * 25 * MW, rel=RELATIVE)
    assert first["infonavit"] == pytest.approx(0.05 * 10 * MW, rel=RELATIVE)


def test_old_law_pension_by_hand() -> None:
    """1.9 MW, 30 years: 1,560 weeks are 20 years and 20 weeks beyond 500, so 20.5; 42.67% + 20.5 x 1.615% = 75.7775%,
    of 1.9 MW 1.4397725; x 13/12 = 1.559753541667; living alone 15% of it without the bonus, 0.215965875: 1.775719416667.
    """
    figures = calculator.study(constant(1.9, 35, 65, 1942), still()).figures
    assert figures["old_rights"] == 1.0
    assert figures["average_wage"] == pytest.approx(1.9 * MW, rel=RELATIVE)
    assert figures["group"] == 5.0
    assert figures["increment_years"] == 20.5
    assert figures["old_pension"] == pytest.approx(1.775719416667 * MW, rel=1e-11)
    # Retirement account kept (13th transitory article), severance, quota and INFONAVIT handed over in scenario 1.
    assert figures["kept"] == pytest.approx(figures["retirement"], rel=RELATIVE)
    pension = figures["old_pension"] - figures["old_allowances"]
    value = pension * figures["unit_old"] + figures["old_allowances"] * figures["unit_allowances"]
    assert figures["value_old"] == pytest.approx(value, rel=RELATIVE)


def test_average_wage_reaches_over_gaps_and_weighs_time() -> None:
    """Full time at 2 MW to 52, half time at 4 MW at 53 and 54, then nothing. 250 weeks are 52 at 4 MW and 198 at 2 MW; five
    calendar years give (3 x 2 + 2 x 0.5 x 4) / (3 + 1) = 2.5 MW.
    """
    wage = np.concatenate([np.full(23, 2.0), np.full(2, 4.0), np.zeros(6)]) * MW
    time = np.concatenate([np.ones(23), np.full(2, 0.5), np.zeros(6)])
    career = Career(wage, time, 30, 1940, 60)
    calendar = still().with_values({"basis.average_weeks": "calendar"})
    assert calculator.study(career, calendar).figures["average_wage"] == pytest.approx(2.5 * MW, rel=RELATIVE)
    figures = calculator.study(career, still()).figures
    assert figures["average_wage"] == pytest.approx((52 * 4 + 198 * 2) / 250 * MW, rel=RELATIVE)
    assert figures["last_wage"] == pytest.approx(4.0 * MW, rel=RELATIVE)
    assert figures["weeks"] == 24 * 52


def test_inflation_erodes_the_average_wage() -> None:
    """Wages constant in real terms, prices doubling: a year is paid at the logarithmic mean of its prices."""
    for told, award in (("year_end", 1.0), ("average", 0.5 / np.log(2.0))):
        doubling = still().with_values({"economy.inflation": 1.0, "basis.prices": told})
        figures = calculator.study(constant(1.9, 35, 65, 1942), doubling).figures
        # At the end of the award's year prices are 1; the year j before runs from 2^-(j+1) to 2^-j, on average
        # 2^-(j+1) / ln 2.
        # 250 weeks are four years of 52 and 42 weeks of the fifth.
        weeks = {1: 52, 2: 52, 3: 52, 4: 52, 5: 42}
        mean = sum(n * 2.0 ** -(j + 1) / np.log(2.0) for j, n in weeks.items()) / 250
        expected = 1.9 * MW * mean / award
        assert figures["average_wage"] == pytest.approx(expected, rel=1e-12)


def test_guarantee_and_choice_without_interest() -> None:
    """Without interest a unit of pension is worth the expected years: the State adds what is missing to the guarantee."""
    figures = calculator.study(constant(1.0, 35, 65, 1962), still()).figures
    assert figures["entitled"] == 1.0
    assert figures["annuity"] < MW
    assert figures["new_pension"] == pytest.approx(MW, rel=RELATIVE)
    assert figures["state_new"] == pytest.approx(MW * figures["unit_real"] - figures["account"], rel=RELATIVE)
    assert figures["value_new"] == pytest.approx(MW * figures["unit_real"], rel=RELATIVE)


def test_the_guarantee_is_that_of_the_award_year_and_stays_constant_after_it() -> None:
    """2% a year from 1998 to 2027, the year of the award; the pension itself does not grow."""
    growing = still().with_values({"guarantee.real_growth": 0.02})
    study = calculator.study(constant(1.0, 35, 65, 1962), growing)
    level = MW * 1.02**30
    assert study.figures["new_pension"] == pytest.approx(level, rel=RELATIVE)
    assert study.figures["state_new"] == pytest.approx(
        level * study.figures["unit_real"] - study.figures["account"], rel=RELATIVE
    )
    paid = study.after["withdrawal"] + study.after["withdrawal_state"]
    alive = study.after["survival"] > 0.0
    assert paid[alive].to_numpy() == pytest.approx(level, rel=RELATIVE)


RISING = {
    "guarantee.real_growth": {1997: 0.0, 2030: 0.2, 2031: -0.1, 2032: 0.0},
    "guarantee.in_payment": {1997: 1.0, 2030: 0.5},
}
"""In 2030 new guarantees rise by a fifth, those in payment by half of that; in 2031 new ones fall."""


def test_a_guarantee_in_payment_follows_its_part_of_a_rise_and_no_fall() -> None:
    """Awarded in 2027; without interest what the State pays is what the account lacks of it for life."""
    study = calculator.study(constant(1.0, 35, 65, 1962), still().with_values(RISING))
    figures, after = study.figures, study.after
    index = np.where(after["year"] >= 2030, 1.1, 1.0)
    paid = after["withdrawal"] + after["withdrawal_state"]
    alive = (after["survival"] > 0.0).to_numpy()
    assert figures["new_pension"] == pytest.approx(MW, rel=RELATIVE)
    assert paid.to_numpy()[alive] == pytest.approx(MW * index[alive], rel=RELATIVE)
    due = MW * float((after["payments"] * index).sum())
    assert figures["value_new"] == pytest.approx(due, rel=RELATIVE)
    assert after["expected_new_state"].sum() == pytest.approx(due - figures["account"], rel=RELATIVE)
    assert figures["state_new"] == pytest.approx(due - figures["account"], rel=RELATIVE)


def test_a_disability_pension_raised_to_the_guarantee_rises_with_it_and_no_other_does() -> None:
    """The insurer pays 35% of the reference wage with 15% of that, the State what lacks of the guarantee in every year."""
    for wage, guaranteed in ((1.0, True), (4.0, False)):
        career = constant(wage, 35, 60, 1967, award="disability")
        study = calculator.study(career, still().with_values(RISING))
        figures, after = study.figures, study.after
        insured = 0.35 * 1.15 * figures["reference_wage"]
        index = np.where(after["year"] >= 2030, 1.1, 1.0)
        added = (MW * index - insured) * after["payments"] if guaranteed else 0.0 * after["payments"]
        assert (insured < MW) == guaranteed
        assert after["expected_new_state"].to_numpy() == pytest.approx(added.to_numpy(), rel=1e-9, abs=1e-9)
        assert figures["state_new"] == pytest.approx(float(added.sum()), rel=1e-9)
        if guaranteed:
            # and a month of bonus on the insurer's 35%, which no guarantee raises
            bonus = 0.35 * figures["reference_wage"] / 12
            assert after["annuity"].to_numpy() == pytest.approx(MW * index + bonus, rel=RELATIVE)


def test_a_rise_that_is_not_known_at_the_award_is_paid_and_not_valued() -> None:
    """Foresight of the award's year alone: nothing is followed in 2027, and half of the rise of 2030 is paid."""
    later = {**RISING, "guarantee.in_payment": {1997: 0.0, 2030: 0.5}, "basis.foresight": "award"}
    study = calculator.study(constant(1.0, 35, 65, 1962), still().with_values(later))
    assert study.figures["value_new"] == pytest.approx(MW * study.figures["unit_real"], rel=RELATIVE)
    due = MW * float((study.after["payments"] * np.where(study.after["year"] >= 2030, 1.1, 1.0)).sum())
    paid = study.after["expected_new_state"].sum()
    assert paid == pytest.approx(due - study.figures["account"], rel=RELATIVE)


def test_disability_and_death_by_hand() -> None:
    """35% of the reference wage, 15% of that for living alone and a month of bonus, 250 weeks; 150 where the disability is
    severe; survivors without a family get nothing.
    """
    five = constant(4.0, 30, 35, 1967, 1.0, award="disability")
    figures = calculator.study(five, still()).figures
    assert figures["weeks"] == 260
    assert figures["reference_wage"] == pytest.approx(4.0 * MW, rel=RELATIVE)
    assert figures["new_pension"] == pytest.approx(0.35 * (1.15 + 1 / 12) * 4.0 * MW, rel=RELATIVE)
    assert figures["top_up"] == 0.0
    four = constant(4.0, 30, 34, 1967, 1.0, award="disability")
    assert calculator.study(four, still()).figures["entitled"] == 0.0
    assert calculator.study(replace(four, severe=True), still()).figures["entitled"] == 1.0
    alone = constant(4.0, 30, 40, 1967, 1.0, award="death")
    figures = calculator.study(alone, still()).figures
    assert figures["unit_real"] == 0.0
    assert figures["new_pension"] == 0.0
    widow = calculator.study(replace(alone, spouse="entitled"), still()).after
    assert widow["payments"].iloc[0] == pytest.approx(0.9, rel=RELATIVE)


def test_death_asks_for_150_weeks() -> None:
    """Art. 128-I of 1995: survivors are insured from 150 weeks, and then have at least the minimum pension (Art. 170)."""
    for years, weeks, due in ((2, 104, 0.0), (3, 156, 1.0), (4, 208, 1.0), (5, 260, 1.0)):
        one = constant(1.0, 30, 30 + years, 1967, 1.0, award="death", spouse="entitled")
        figures = calculator.study(one, still()).figures
        assert figures["weeks"] == weeks
        assert figures["entitled"] == due
        # 35% of one minimum wage is less than the guarantee of one minimum wage.
        assert figures["new_pension"] == pytest.approx(due * MW, rel=RELATIVE)
    annex_vi = still().with_values({"law_1995.weeks_death": 250.0})
    three = constant(1.0, 30, 33, 1967, 1.0, award="death", spouse="entitled")
    assert calculator.study(three, annex_vi).figures["entitled"] == 0.0
    # Disability asks for 250, or 150 where it is severe, whatever death asks for.
    disabled = replace(three, award="disability")
    assert calculator.study(disabled, still()).figures["entitled"] == 0.0
    assert calculator.study(replace(disabled, severe=True), annex_vi).figures["entitled"] == 1.0


def test_the_age_of_the_guarantee_is_an_assumption() -> None:
    """Arts. 154, 162: 60 years and 1,250 weeks; an age of 65 leaves those of 60 to 64 without."""
    at_60 = constant(1.0, 30, 60, 1967)
    for least, entitled in ((60.0, 1.0), (61.0, 0.0)):
        pack = still().with_values({"guarantee.minimum_age": least})
        assert calculator.study(at_60, pack).figures["entitled"] == entitled
        assert calculator.study(constant(1.0, 30, 61, 1967), pack).figures["entitled"] == 1.0


def test_occupational_disability_by_hand() -> None:
    career = constant(4.0, 30, 31, 1967, 1.0, award="occupational_disability")
    figures = calculator.study(career, still()).figures
    # 15 days of bonus (Art. 58-IV).
    assert figures["new_pension"] == pytest.approx(0.7 * 4.0 * MW * 25 / 24, rel=RELATIVE)
    partial = calculator.study(replace(career, degree=0.4), still()).figures
    assert partial["new_pension"] == pytest.approx(0.4 * 0.7 * 4.0 * MW, rel=RELATIVE)
    assert partial["indemnity"] == pytest.approx(5 * 0.4 * 0.7 * 4.0 * MW, rel=RELATIVE)
    small = calculator.study(replace(career, degree=0.2), still()).figures
    assert (small["new_pension"], small["entitled"]) == (0.0, 0.0)
    assert small["indemnity"] == pytest.approx(5 * 0.2 * 0.7 * 4.0 * MW, rel=RELATIVE)
    assert small["account"] > 0.0


def test_orphan_of_one_and_of_both_parents() -> None:
    """A father who is alive but not entitled: 20%; nobody: 30%, 40% with two children."""
    base = constant(4.0, 30, 40, 1967, 1.0, award="death", sex="f")
    alive = calculator.study(replace(base, spouse="not_entitled", children=1.0), still()).after
    gone = calculator.study(replace(base, children=1.0), still()).after
    two = calculator.study(replace(base, children=2.0), still()).after
    assert alive["payments"].iloc[0] == pytest.approx(0.2, rel=RELATIVE)
    assert gone["payments"].iloc[0] == pytest.approx(0.3, rel=RELATIVE)
    assert two["payments"].iloc[0] == pytest.approx(0.6, rel=RELATIVE)


def test_without_the_reform_there_is_the_old_law_only() -> None:
    old = assumptions.load("0B").resolve("statutory")
    figures = calculator.study(constant(2.0, 30, 65, 1967), old).figures
    assert figures["account"] == 0.0
    assert figures["old_pension"] > 0.0
    assert figures["takes_old"] == 1.0
    assert figures["new_pension"] == 0.0


def test_no_reform_date_in_mid_year_contributes_half() -> None:
    half = assumptions.load("1B", overlays=["reform_july_1997"]).resolve("statutory")
    whole = calculator.study(constant(2.0, 59, 60, 1938), real()).figures["retirement"]
    figures = calculator.study(constant(2.0, 59, 60, 1938), half).figures
    assert figures["retirement"] == pytest.approx(whole * 184 / 365, rel=RELATIVE)


# ---------------------------------------------------------------------------------------------------------------------
# Year by year


def studies() -> Iterator[calculator.Study]:
    for scenario, switches in (
        ("1B", {}),
        ("3B", {"basis.recognition": "share", "basis.mpg": "top_up"}),
        ("4A", {"basis.recognition": "capital", "basis.mpg": "capital"}),
    ):
        resolved = real(scenario).with_values(switches) if switches else real(scenario)
        for award in careers.AWARDS:
            for born, first_age in ((1955, 20), (1980, 22)):
                yield calculator.study(
                    constant(1.4, first_age, 60, born, 0.83, award=award, spouse="entitled", children=1.0),
                    resolved,
                )


def test_payments_are_worth_what_the_figures_say() -> None:
    for study in studies():
        after, f = study.after, study.figures
        start = int(after["year"].iloc[0]) - study.context.terms.first_year
        returns = study.context.economy.fund_return[start : start + len(after)]
        discount = np.concatenate([[1.0], np.cumprod(1.0 / (1.0 + returns[:-1]))])
        if f["old_pension"] > 0.0:
            state = float((after["expected_old_state"] * discount).sum())
            assert state == pytest.approx(f["state_old"], rel=1e-9, abs=1e-6)
            assert float((after["expected_old"] * discount).sum()) == pytest.approx(f["value_old"], rel=1e-9)
        assert float((after["expected_new_state"] * discount).sum()) == pytest.approx(
            f["state_new"], rel=1e-9, abs=1e-6
        )


def test_the_path_ends_in_the_balances() -> None:
    for study in studies():
        last = study.before.iloc[-1]
        for name in calculator.BALANCES:
            assert last[name] == pytest.approx(study.figures[name], rel=RELATIVE)
        assert study.before["state_contributions"].sum() == pytest.approx(
            study.figures["state_contributions"], rel=RELATIVE
        )


def test_a_large_account_never_falls_below_the_guarantee_nor_asks_the_state() -> None:
    study = calculator.study(careers.steady(real(), 4 * MW, 20, 65, None, 0.83, sex="f"), real())
    assert study.figures["annuity"] > MW
    alive = study.after[study.after["survival"] > 0.0]
    assert (alive["withdrawal"] >= MW).all()
    assert (alive["withdrawal_state"] == 0.0).all()
    assert alive["withdrawal"].iloc[0] == pytest.approx(study.figures["annuity"], rel=1e-9)


def test_steps_hold_the_results_and_name_articles() -> None:
    for study in studies():
        rows = steps(study)
        assert all(row.formula and row.inputs for row in rows)
        assert sum(bool(row.article) for row in rows) > len(rows) / 2
        by_name = {(row.part, row.step): row.result for row in rows}
        assert by_name["state", "paid by the State"] == study.figures["state"]
        if ("old", "pension before limits") in by_name and study.figures["old_pension"] > 0.0:
            least = by_name["old", "at least the minimum"]
            bonus = 1.0 + study.law.old.bonus
            beside = by_name.get(("old", "family allowances beside it"), 0.0)
            assert least * bonus + beside == pytest.approx(study.figures["old_pension"], rel=1e-12)


# ---------------------------------------------------------------------------------------------------------------------
# Many workers


def test_workers_do_not_depend_on_one_another_nor_on_threads() -> None:
    rng = np.random.default_rng(5)
    n = 20_000
    first_age = rng.integers(16, 26, n)
    born = rng.integers(1940, 1985, n)
    packed = calculator.Workers(
        wage=np.exp(rng.normal(0.5, 0.7, (n, 1))) * MW * np.ones((1, 45)),
        participation=rng.uniform(0.0, 1.0, (n, 45)),
        first_age=first_age,
        born=born,
        sex=rng.integers(0, 2, n),
        award_age=np.maximum(rng.integers(58, 66, n), 1996 - born),
        kind=rng.integers(0, 5, n),
        spouse=rng.integers(0, 3, n),
        children=rng.integers(0, 3, n).astype(np.float64),
        parents=rng.integers(0, 3, n).astype(np.float64),
        severe=rng.integers(0, 2, n).astype(np.bool_),
        months=rng.integers(-1, 12, n).astype(np.float64),
        degree=rng.uniform(-0.2, 1.0, n),
    )
    one = calculator.evaluate(packed, real(), threads=1)
    two = calculator.evaluate(packed, real(), threads=2)
    some = rng.choice(n, 50, replace=False)
    part = calculator.evaluate(calculator.Workers(*(column[some] for column in packed)), real())
    for name in one:
        np.testing.assert_array_equal(one[name], two[name])
        np.testing.assert_array_equal(one[name][some], part[name], err_msg=name)


def test_no_workers_give_no_rows() -> None:
    assert all(column.shape == (0,) for column in calculator.evaluate([], real()).values())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"wage": np.array([MW, -1.0, MW])}, "wages must be finite, 0 or more"),
        ({"wage": np.array([MW, np.nan, MW])}, "wages must be finite, 0 or more"),
        ({"participation": np.array([1.0, 1.1, 1.0])}, "participation must be a share of the year, 0 to 1"),
        ({"award_age": 60}, "the pension must begin after the first age"),
        ({"award_age": 150, "born": 1900}, "the pension must begin between the ages 15 and 110"),
        ({"born": 1930}, "the pension would begin before 1997"),
        ({"sex": "x"}, "sex 'x' is not known; allowed are m, f"),
        ({"award": "lottery"}, "award 'lottery' is not known; allowed are retirement"),
        ({"spouse": "yes"}, "spouse 'yes' is not known; allowed are none, not_entitled, entitled"),
        ({"children": -1.0}, "children must be 0 or more"),
        ({"participation": np.ones(2)}, "as many wages as shares"),
    ],
)
def test_impossible_workers_are_refused(change: dict[str, object], message: str) -> None:
    career = Career(np.full(3, MW), np.ones(3), 60, 1940, 63, name="Ana")
    with pytest.raises(CareerError, match=r"^Ana: .*" + message.split("'")[0]):
        calculator.evaluate([replace(career, **change)], real())  # type: ignore[arg-type]


def test_wages_of_years_without_prices_are_refused() -> None:
    """Contributions until 1975, a pension in 1997: nominal wages of years of which no price level is given."""
    wage = np.concatenate([np.full(20, MW), np.zeros(22)])
    career = Career(wage, (wage > 0.0) * 1.0, 23, 1932, 65, name="Ana")
    with pytest.raises(CareerError, match="Ana: the averages need wages of years before 1981"):
        calculator.evaluate([career], real())
