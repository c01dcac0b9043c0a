"""What must hold of every balance, to 1e-9: two computations of the same thing in double precision."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from assumptions import Resolved, Table
from cohorts import axes
from engine.balance.actuarial import balance
from engine.balance.valuation import ACCRUED, FUTURE, FUTURE_SERVICE, IN_PAYMENT, value
from engine.prepare import demography as demographics
from engine.prepare import rules
from engine.projection import projected_years, run_case
from tests.counterfactual.conftest import resolved
from tests.oracle.adapter import inputs_of
from tests.oracle.oracle import TYPES, project
from tests.oracle.test_oracle import small

EXACT = 1e-9
SCHEME = ["retirement", "disability", "death"]
DATES = (1996, 2005, 2020)
ONE_CLASS = Table(("class", "field"), {"class": (1,), "field": ("share", "relative")}, np.ones((1, 2)))


def close(found: object, expected: object) -> None:
    np.testing.assert_allclose(np.asarray(found), np.asarray(expected), rtol=EXACT, atol=0.0)


@pytest.mark.parametrize("name", ["file_1994", "file_reform"])
def test_present_values_are_sums_of_the_flows_in_the_file(name: str, request: pytest.FixtureRequest) -> None:
    file: xr.Dataset = request.getfixturevalue(name)
    pensions = (file.pensions.sel(pension_type=SCHEME).sum("pension_type") * file.discount_factor).sum("year")
    contributions = (file.contributions * file.counted_share).sum("branch")
    contributions = (contributions * file.discount_factor).sum("year")
    state = (file.state_contributions * file.discount_factor).sum("year")
    reserve = file.assets.sel(asset="reserve")
    close(file.liabilities, np.concatenate([pensions, state]))
    close(file.assets, np.concatenate([[float(reserve)], contributions]))
    close(file.deficit, file.liabilities.sum() - file.assets.sum())
    close(file.deficit_gdp, 100 * file.deficit / file.gdp_at_date)
    wages = (file.covered_wages.sum("generation") * file.discount_factor).sum()
    close(file.average_premium * wages, file.liabilities.sum() - reserve)
    years = np.arange(file.year.size)
    rate = 1.0 + float(file.discount_rate)
    close(file.discount_factor, rate ** -(years + 0.5))
    # The reserve at the end of the horizon is what all flows are worth then.
    worth = float(reserve) + float((file.cash_balance * file.discount_factor).sum())
    close(file.reserve[-1], worth * rate**file.year.size)
    if name == "file_reform":
        close(file.reform_value, (file.reform_line * file.discount_factor).sum("year"))


@pytest.mark.parametrize("name", ["file_1994", "file_reform"])
def test_debts_add_up(name: str, request: pytest.FixtureRequest) -> None:
    file: xr.Dataset = request.getfixturevalue(name)
    debt = {
        str(row): float(value) for row, value in zip(file.debt.values, file.implicit_debt.values, strict=True)
    }
    part = {
        str(row): float(value)
        for row, value in zip(file.liability.values, file.liabilities.values, strict=True)
    }
    asset = {str(row): float(value) for row, value in zip(file.asset.values, file.assets.values, strict=True)}
    close(debt["accrued_to_date"], part["in_payment"] + part["present_accrued"])
    close(debt["closed_group"], debt["accrued_to_date"] + part["present_future_service"])
    close(debt["open_group"], debt["closed_group"] + part["future_generations"])
    close(debt["closed_group_net"], debt["closed_group"] - asset["contributions_present"] - asset["reserve"])
    close(debt["open_group_net"], debt["open_group"] - sum(asset.values()))


@pytest.mark.parametrize("code", ["0B", "1A", "3B"])
@pytest.mark.parametrize("date", DATES)
def test_groups_add_up_to_the_projection(code: str, date: int) -> None:
    """Whoever is parted from whom, a year's payments are those of the projection."""
    pack = resolved(code, balance__horizon_years=40.0, balance__entrants_years=40.0)
    found = value(pack, date)
    case = run_case(pack.with_values({"reform.last_year": float(date + 40)}))
    of = slice(date + 1 - int(case.years[0]), None)
    components = case.cost[0] + case.cost[1] + case.cost[3]
    close(found.pensions.sum(axis=(0, 1)), components[of])
    close(found.contributors.sum(axis=0), case.contributors[of])
    close(found.state_contributions.sum(axis=0), case.cost[2][of])
    close(found.gdp, case.gdp[of])
    close(found.pensioners.sum(axis=(0, 1)), case.pensioners.sum(axis=0)[of])


def test_accrued_rights_at_the_state_date_are_the_kernel_s() -> None:
    pack = resolved("0B", balance__horizon_years=60.0)
    case = run_case(pack.with_values({"reform.last_year": 2056.0}))
    found = value(pack)
    close(found.pensions[ACCRUED], case.flows.accrued[axes.PRESENT])
    close(found.pensions[ACCRUED] + found.pensions[FUTURE_SERVICE], case.flows.paid[axes.PRESENT])
    close(found.pensions[FUTURE], case.flows.paid[axes.FUTURE])


def retiring_at_65(code: str, **changes: object) -> Resolved:
    """Nobody leaves but by retirement at 65, so that the service at award is known."""
    pack = resolved(code, **changes)
    hazard = np.zeros(pack.table("retirement.hazard").values.size)
    hazard[[5, -1]] = 1.0
    return pack.with_values(
        {
            "retirement.hazard": hazard,
            "decrements.iv_disability_scale": 0.0,
            "decrements.active_mortality_scale": 0.0,
            "decrements.occupational_disability": 0.0,
            "decrements.occupational_death": 0.0,
            "decrements.leaving": 0.0,
        }
    )


@pytest.mark.parametrize("date", DATES)
def test_accrued_part_is_service_at_the_date_over_service_at_award(date: int) -> None:
    """One age at the state's date, 50 with 10 years: the pension of 65 has 10 + 15.5 x the density, years behind it."""
    pack = retiring_at_65("0B", population__open_group=False, balance__horizon_years=60.0)
    shares = np.zeros(pack.table("population.active_age_shares").values.shape)
    shares[0, 50 - 15] = 1.0
    pack = pack.with_values(
        {
            "population.active_age_shares": shares,
            "population.service_at_30": 10.0,
            "population.service_slope": 0.0,
            "population.service_factors": 1.0,
            "contributions.density_classes": ONE_CLASS,
            "basis.ongoing_indexation": "none",
        }
    )
    found = value(pack, date)
    pensions = found.pensions[[ACCRUED, FUTURE_SERVICE]].sum(axis=1)
    if date >= 2012:
        assert not pensions.any()  # the award of 2012 is in payment by then
        return
    density = pack.number("contributions.density")
    served = 10.0 + density * (date - 1996)
    close(pensions[0], pensions.sum(axis=0) * served / (10.0 + density * 15.5))
    assert pensions.sum() > 0.0


@pytest.mark.slow
@pytest.mark.parametrize("date", [1996, 2001])
def test_generations_of_the_oracle(date: int) -> None:
    """The old system by generation, against the program that shares no code with this one."""
    pack = small("0B", "statutory", {"balance.computed": True, "balance.horizon_years": 15.0})
    pack = pack.with_values({"balance.entrants_years": 15.0})
    found = value(pack, date)
    oracle = project(inputs_of(pack.with_values({"reform.last_year": float(date + 15)})))
    for n, kind in enumerate(TYPES):
        paid = {
            generation: np.array(
                [oracle["old_law_pensions"][generation][kind][int(year)] for year in found.years]
            )
            for generation in ("present", "future")
        }
        if date == 1996:
            expected = paid["present"], paid["future"]
            of_present = found.pensions[ACCRUED, n] + found.pensions[FUTURE_SERVICE, n]
            for ours, theirs in zip((of_present, found.pensions[FUTURE, n]), expected, strict=True):
                assert np.all(
                    np.abs(ours - theirs) <= EXACT * np.abs(theirs) + 1e-12 * np.abs(theirs).max(initial=0.0)
                )
        elif kind in ("retirement", "disability", "death"):
            # At a later date the groups are cut elsewhere, but together they are the same payments.
            ongoing = value(pack, 1996).pensions[IN_PAYMENT, n, date - 1996 :]
            ours = found.pensions[:, n, : ongoing.size].sum(axis=0) - ongoing
            close(ours, (paid["present"] + paid["future"])[: ongoing.size])


@pytest.mark.slow
def test_nothing_leaks_past_the_last_age() -> None:
    """The youngest is 15 and retires by 70; nobody outlives 110, nor a spouse four years younger: nothing is left then."""
    pack = resolved("0B", balance__entrants_years=0.0, balance__horizon_years=170.0)
    found = value(pack)
    last = 1996 + (70 - 15) + (110 - 15 + 1) + 4
    after = found.years > last
    assert after.any()
    assert not found.pensions[..., after].any()
    assert not found.pensioners[..., after].any()
    # Probabilities of leaving at the last age sum to 1 but for rounding; who leaves at 70 contributes until then.
    assert found.contributors[:, found.years > 1996 + 70 - 15 + 1].max() < EXACT
    assert not found.pensions[FUTURE].any()
    longer = value(pack.with_values({"balance.horizon_years": 200.0}))
    close(balance(longer).liabilities["present_accrued"], balance(found).liabilities["present_accrued"])


def test_heads_end_at_the_last_age() -> None:
    pack = resolved("0B", reform__last_year=2146.0)
    years, past = projected_years(pack), rules.history_years(pack)
    found = demographics.build(pack, years, past)
    group = np.repeat(np.arange(found.population.age.size), np.diff(found.population.block_start))
    age = found.population.age[group][:, None] + np.arange(years.size)[None, :]
    at_the_end = found.heads.closing[age >= found.decrements.last_age]
    assert np.abs(at_the_end).max() < EXACT * found.heads.contributing.max()
    assert not found.heads.opening[age > found.decrements.last_age].any()


def test_rate_of_nil_adds_flows_up() -> None:
    found = value(resolved("0B", balance__discount_rate=0.0))
    close(found.present_value(found.scheme_pensions), found.scheme_pensions.sum(axis=1))
