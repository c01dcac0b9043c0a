"""The reform against no reform, and what workers get, against closed forms and the projection."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from assumptions import AssumptionError, observed
from cohorts import axes, careers, population
from cohorts.blocks import Block
from engine.balance import comparison, valuation, worth
from engine.kernels.heads import project_heads
from engine.prepare import demography as demographics
from engine.prepare import economy, rules
from engine.projection import MEMO_ITEMS, flows_of, run_case
from tests.counterfactual.conftest import resolved
from tests.counterfactual.test_identities import EXACT, close, retiring_at_65


def test_lines_say_what_they_are(file_reform: xr.Dataset) -> None:
    line = {str(name): file_reform.reform_line.sel(line=name).values for name in file_reform.line.values}
    close(line["lost_contributions"], line["contributions_no_reform"] - line["contributions_kept"])
    gross = line["pensions_reform"] + line["state_contributions"] + line["lost_contributions"]
    close(line["net_cash_cost_gross"], gross)
    close(line["net_fiscal_cost_gross"], gross - line["pensions_no_reform"])
    cash = gross - line["lost_contributions_of_state"]
    close(line["net_cash_cost"], cash)
    np.testing.assert_allclose(
        line["net_fiscal_cost"], cash - line["pensions_no_reform"], rtol=EXACT, atol=EXACT * cash.max()
    )
    year = int(file_reform.break_even_year)
    assert (line["net_fiscal_cost"][file_reform.year.values >= year] <= 0.0).all()
    assert line["net_fiscal_cost"][file_reform.year.values == year - 1] > 0.0


def test_what_the_state_pays_to_itself_is_no_loss() -> None:
    """The State's 0.425% of the old insurance goes on as 0.225 + 0.125 + 0.075%: without the quota nothing of it is new."""
    pack = resolved("3B")
    wide = {f"contributions.ceiling_{name}": 100.0 for name in ("ceav", "iv", "old_ivcm")}
    found = comparison.compare(pack.with_values({"state.social_quota": 0.0, **wide}))
    of_state = 0.00425 * found.no_reform.wages.sum(axis=0)
    health = 0.00075 * found.reform.wages.sum(axis=0)
    close(found.lines["lost_contributions_of_state"], of_state - health)
    close(found.lines["state_contributions"], 0.0035 * found.reform.wages.sum(axis=0))
    result = run_case(pack.with_values({"state.social_quota": 0.0, **wide}))
    net = result.memo[MEMO_ITEMS.index("state_contributions_net_of_old")]
    np.testing.assert_allclose(net, 0.0, atol=1e-9 * result.cost[2].max())


def test_the_state_and_health_insurance() -> None:
    """Gross within 10% of the 17,428 million pesos of 1998 (health study, Table 12); the old law's share is 5% of 12.5%."""
    result = run_case(resolved("3B"))
    at = 1998 - int(result.years[0])
    index = observed.prices()
    of_1998 = 17_428e6 * index[1996].december / index[1998].average
    gross = result.memo[MEMO_ITEMS.index("state_health_insurance")]
    assert gross[at] == pytest.approx(of_1998, rel=0.10)
    np.testing.assert_allclose(gross, 0.139 * 26.45 * 365 * result.contributors, rtol=EXACT)
    net = result.memo[MEMO_ITEMS.index("state_health_insurance_net_of_old")]
    old = result.flows.covered_wages[:, axes.BASE_OLD_LAW].sum(axis=0)
    close(gross - net, 0.05 * 0.125 * old)


def test_lines_are_those_of_two_projections() -> None:
    pack = resolved("4B", balance__horizon_years=30.0)
    found = comparison.compare(pack)
    reform = run_case(pack.with_values({"reform.last_year": 2026.0}))
    without = run_case(pack.with_values({"reform.last_year": 2026.0, "reform.enacted": False}))
    close(found.lines["state_contributions"], reform.cost[2])
    rate = sum(pack.number(f"contributions.old_ivcm_{payer}") for payer in ("employer", "worker", "state"))
    close(
        found.lines["contributions_no_reform"],
        rate * without.flows.covered_wages[:, axes.BASE_OLD_LAW].sum(axis=0),
    )
    occupational = slice(axes.OCCUPATIONAL_DISABILITY, None)
    ongoing = found.reform.pensions[valuation.IN_PAYMENT, occupational].sum(axis=0)
    scheme = reform.cost[0] + reform.cost[1] + reform.cost[3] - ongoing
    scheme = (
        scheme
        - reform.acquired_by_type[occupational].sum(axis=0)
        - reform.mpg_by_type[occupational].sum(axis=0)
    )
    close(found.lines["pensions_reform"], scheme)


@pytest.mark.parametrize("code", ["1B", "3B"])
@pytest.mark.parametrize("date", [1994, 1995])
def test_until_the_reform_begins_there_is_no_difference(code: str, date: int) -> None:
    """From the state of 1994: pensions are paid and contributions collected in 1995 and 1996 as without a reform."""
    reform = valuation.value(resolved(code, "state_1994"), date)
    without = valuation.value(resolved("0B", "state_1994"), date)
    before = slice(0, 1996 - date)
    assert without.pensions[:, :, before].sum(axis=(0, 1)).min() > 0.0
    for name in ("pensions", "pensioners", "contributions", "wages", "contributors"):
        close(getattr(reform, name)[..., before], getattr(without, name)[..., before])
    # Whoever is a pensioner at the date stays one, and contributions end with the year before the reform.
    close(reform.pensions[valuation.IN_PAYMENT], without.pensions[valuation.IN_PAYMENT])
    assert not reform.contributions[..., 1996 - date :].any()
    assert not reform.state_contributions[:, before].any()


def test_cost_of_a_reform_begins_with_it() -> None:
    found = comparison.compare(resolved("3B", "state_1994"))
    early = found.reform.years < 1997
    assert found.begins == 1997
    for name in ("state_contributions", "lost_contributions", "net_fiscal_cost"):
        assert np.abs(found.lines[name][early]).max() <= EXACT * found.lines["pensions_no_reform"].min(), name
    assert found.paid_back_year is not None
    assert found.paid_back_year > 1997
    # Those who join in 1995 and 1996 hold old-law rights: their premiums are kept with those of the members.
    members = found.reform.iv_premiums[axes.PRESENT]
    assert (found.reform.transition_premiums[~early][:20] > members[~early][:20]).all()
    close(found.reform.transition_premiums[early], members[early])


def test_in_a_year_begun_under_the_old_law_pensions_are_paid_in_full() -> None:
    pack = resolved("3B", balance__horizon_years=5.0)
    late = pack.with_values({"reform.date": "1997-07-01"})
    close(
        valuation.value(late).pensions[valuation.IN_PAYMENT],
        valuation.value(pack).pensions[valuation.IN_PAYMENT],
    )


def test_a_reform_that_never_comes_or_came_before_is_refused() -> None:
    pack = resolved("3B", balance__horizon_years=5.0)
    with pytest.raises(AssumptionError, match="after the last year that the balance counts, 2001"):
        valuation.value(pack.with_values({"reform.date": "2002-01-01"}))
    with pytest.raises(AssumptionError, match="before the first projected year 1997"):
        valuation.value(pack.with_values({"reform.date": "1995-01-01"}))


def test_workers_who_have_left_before_the_reform_gain_nothing() -> None:
    """Everybody retires by 70, so who is 60 at the state's date has left ten years later."""
    found = worth.worth(resolved("3B").with_values({"reform.date": "2012-01-01"}))
    old = found.birth_year <= 1936
    assert old.any()
    close(found.paid[1, old], found.paid[0, old])
    close(found.received[1, old], found.received[0, old])
    # Born in 1981, joining before the reform: with rights. Born in 1996: without, and the loss is much larger.
    assert found.joins_later[found.birth_year >= 1981].all()
    assert found.gain[found.birth_year == 1981].min() > found.gain[found.birth_year == 1996].max()


def test_without_a_reform_there_is_nothing_to_compare() -> None:
    for function in (comparison.compare, worth.worth):
        with pytest.raises(AssumptionError, match=r"reform\.enacted"):
            function(resolved("0B"))


def test_no_reform_pays_workers_what_the_projection_pays() -> None:
    """Members of the same ages, sexes and wages, one head each, through the year loop of the projection."""
    pack = resolved(
        "3B",
        balance__worth_ages=np.array([60.0, 55, 50, 47, 44, 41, 38, 35, 32, 29, 26, 23]),
        contributions__retirement_employer=0.0,  # no account, so that only pensions are received
        decrements__occupational_disability=0.0,
        decrements__occupational_death=0.0,
    )
    found = worth.worth(pack)
    without = pack.with_values({"reform.enacted": False, "reform.last_year": 2150.0})
    years, past = np.arange(1997, 2151), rules.history_years(without)
    made = demographics.build(without, years, past)
    relative = careers.wage_groups(without)
    weights = without.table("population.service_weights").values
    blocks = [
        Block(
            age=int(age),
            sex=sex,
            entry=-1,
            kind=axes.MEMBER,
            service=float((careers.past_service(without, np.array([int(age)])) @ weights)[0]),
            generation=axes.PRESENT,
            old_rights=True,
            heads=1.0,
            wages=((float(relative[group]), 1.0),),
            density=without.number("contributions.density"),
        )
        for age in pack.table("balance.worth_ages").values
        for sex in (0, 1)
        for group in (0, 4, 9)
    ]
    people = population.assemble(without, blocks, years, past)
    heads = project_heads(
        people,
        made.decrements,
        np.zeros(years.size),
        1.0,
        np.full(years.size, 500.0),
        52.0,
        False,
        economy.award_moment(without),
    )
    scene = economy.build(without, years, past, made.payments.total.shape[4])
    flows = flows_of(without, made._replace(population=people, heads=heads), scene, past, years, True)
    discount = valuation.discount_factors(found_rate := pack.number("balance.discount_rate"), 0.5, years.size)
    assert found_rate == 0.035
    level = 0
    for group in range(people.age.size):
        at = int(np.flatnonzero(found.birth_year == 1996 - people.age[group])[0])
        for wage in people.relative_wage[people.level_start[group] : people.level_start[group + 1]]:
            of = int(np.argmin(np.abs(relative - wage)))
            close(found.received[0, at, int(people.sex[group]), of], flows.detail[level] @ discount)
            level += 1
    assert level == 12 * 2 * 3


def test_an_account_is_worth_its_contributions() -> None:
    """Who joins after the reform, retires at 65 and has no guarantee gets what was credited, with the fund's return."""
    pack = retiring_at_65(
        "3B",
        guarantee__mpg=0.0,
        balance__payment_timing=0.0,
        contributions__ceiling_retirement=1000.0,
        contributions__ceiling_ceav=1000.0,
        basis__awards="opening",
    )
    found = worth.worth(pack)
    later = found.joins_later
    assert later.sum() == 3
    due = rules.contribution_rates(pack, np.array([1997]))
    rates = [due.retirement.value[0, 0], due.severance.value[0, 0], due.housing[0]]
    years_at_work = 65 - 20
    quota = 1.45475 * 365 * pack.number("contributions.density") * (1.035 ** -np.arange(years_at_work)).sum()
    credited = (rates[0] + rates[1]) * found.wages[later] + quota
    close(found.received[1, later], credited / 1.035)


def test_money_s_worth_follows_the_choice() -> None:
    """With high returns many take the account; where all must keep the old law, its pension is that without reform."""
    rich = resolved("3B", funds__rcv_return=0.1)
    bound = rich.with_values({"basis.choice": "old_law"})
    free, kept = worth.worth(rich), worth.worth(bound)
    with_rights = ~free.joins_later
    assert (free.replacement[1, :, with_rights] > free.replacement[0, :, with_rights] * (1 + 1e-9)).any()
    close(kept.replacement[1, :, with_rights], kept.replacement[0, :, with_rights])
    # Who joins after the reform has no choice to make.
    close(kept.received[:, free.joins_later], free.received[:, free.joins_later])


def test_money_s_worth_follows_the_history_of_accounts() -> None:
    """Without interest, guarantee or insurance a worker receives what was credited, with history that of the past too."""
    pack = resolved(
        "3B",
        basis__account_history="whole_career",
        economy__real_wage_growth_history=0.0,
        funds__rcv_return=0.0,
        guarantee__mpg=0.0,
        law_1973__weeks_retirement=5000.0,  # nobody has an old-law pension, so that the balance is all there is
        law_1973__weeks_disability=5000.0,
        law_1995__iv_share=0.0,
        balance__worth_ages=np.array([69.0, 68, 67, 66, 65, 64, 63, 62, 61, 60, 59, 58]),
        balance__discount_rate=0.0,
    )
    later = worth.worth(pack.with_values({"basis.account_history": "from_reform"}))
    career = worth.worth(pack)
    weights = pack.table("population.service_weights").values
    due = rules.contribution_rates(pack, np.array([1997]))
    rates = [due.retirement.value[0, 0], due.severance.value[0, 0], due.housing[0]]
    minimum_wage = 26.45 * 365
    relative = careers.wage_groups(pack)
    shares = pack.table("population.active_age_shares").values
    mean = careers.mean_wages(
        pack, np.array([69]), np.array([0]), np.array([1997]), 0, shares, np.arange(15, 71)
    )[0, 0]
    service = float((careers.past_service(pack, np.array([69])) @ weights)[0])
    for group in range(relative.size):
        wage = max(relative[group] * mean, minimum_wage)
        each = rates[0] * min(wage, 25 * minimum_wage) + rates[1] * min(wage, 15 * minimum_wage)
        each += 1.45475 * 365  # the social quota of a year contributed
        close(career.received[1, 0, 0, group] - later.received[1, 0, 0, group], service * each)
    close(career.received[0], later.received[0])


def test_rate_of_return() -> None:
    assert worth.rate_of_return(np.array([-100.0, 0.0, 121.0])) == pytest.approx(0.1, abs=1e-12)
    assert np.isnan(worth.rate_of_return(np.array([1.0, 1.0])))


def test_rates_of_return_say_the_same_as_money_s_worth() -> None:
    """A career returns more than the discount rate exactly where it receives more than it pays."""
    found = worth.worth(resolved("3B"))
    later = found.joins_later
    more = found.rate_of_return[:, later] > 0.035
    assert (more == (found.moneys_worth[:, later] > 1.0)).all()
    assert np.isnan(found.rate_of_return[:, ~later]).all()


def test_an_age_asked_for_twice_is_answered_twice() -> None:
    once = worth.worth(resolved("3B"))
    ages = np.array([60.0, 60, 30, 30, 0, 0, 60, 30, 0, 60, 30, 0])
    twice = worth.worth(resolved("3B", balance__worth_ages=ages))
    shipped = resolved("3B").table("balance.worth_ages").values
    for place, age in enumerate(ages):
        at = int(np.flatnonzero(shipped == age)[0])
        close(twice.paid[:, place], once.paid[:, at])
        close(twice.received[:, place], once.received[:, at])
