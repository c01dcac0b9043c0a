"""What must hold for any assumptions: conservation, additivity, direction, scale, independence."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import assumptions
from assumptions import AssumptionError, Resolved
from cohorts import axes, densities
from cohorts.population import conservation_gap
from engine import liveness
from engine.prepare import demography as demographics
from engine.projection import CaseResult, run_case

ROUNDING = 1e-9  # stated for conservation; sums of some ten thousand cells come far closer
CODES = assumptions.scenario_codes()
SLOW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def resolved(code: str = "3B", basis: str = "statutory") -> Resolved:
    return assumptions.load(code).resolve(basis)


def numbers(result: CaseResult) -> dict[str, np.ndarray]:
    """Every array of a result by name."""
    found = {}
    for field in dataclasses.fields(result):
        value = getattr(result, field.name)
        if isinstance(value, np.ndarray):
            found[field.name] = value
        elif hasattr(value, "_fields"):
            found.update({f"{field.name}.{name}": getattr(value, name) for name in value._fields})
    return found


def same(a: CaseResult, b: CaseResult) -> bool:
    left, right = numbers(a), numbers(b)
    return all(
        left[name].shape == right[name].shape and np.array_equal(left[name], right[name], equal_nan=True)
        for name in left
    )


def affiliates_at_the_start(pack: Resolved) -> float:
    """Affiliates of the state, by the count of those who contribute on a day where the pack has that."""
    return pack.number("population.active_1996") / densities.counted(pack)


@pytest.mark.parametrize("basis", assumptions.basis_names())
@pytest.mark.parametrize("code", CODES)
def test_heads_are_conserved_and_components_add_up(code: str, basis: str) -> None:
    case = run_case(resolved(code, basis))
    start = affiliates_at_the_start(resolved(code, basis))
    closing = case.heads.closing.sum(axis=0)
    assert conservation_gap(start, closing, case.exits, case.entrants, case.heads.arrivals) < ROUNDING
    np.testing.assert_allclose(case.acquired_by_type.sum(axis=0), case.cost[0], rtol=ROUNDING)
    np.testing.assert_allclose(case.mpg_by_type.sum(axis=0), case.cost[3], rtol=ROUNDING)
    target = case.contributors[0]
    np.testing.assert_allclose(target, resolved(code, basis).number("population.contributors"), rtol=ROUNDING)
    np.testing.assert_allclose(
        case.contributions.sum(axis=0), case.contributions_by_payer.sum(axis=0), rtol=ROUNDING
    )


def test_arrivals_hold_heads_too() -> None:
    pack = resolved().with_values({"population.inactive_number": 2e6})
    case = run_case(pack)
    assert case.heads.arrivals.sum() > 0.0
    start = affiliates_at_the_start(pack)
    closing = case.heads.closing.sum(axis=0)
    assert conservation_gap(start, closing, case.exits, case.entrants, case.heads.arrivals) < ROUNDING
    assert case.cost[0, -1] > run_case(resolved()).cost[0, -1]


@SLOW
@given(rate=st.floats(0.0, 0.06), more=st.floats(0.002, 0.03), code=st.sampled_from(["1B", "3B", "4A"]))
def test_acquired_rights_fall_when_returns_rise(rate: float, more: float, code: str) -> None:
    low = run_case(resolved(code).with_values({"funds.rcv_return": rate}))
    high = run_case(resolved(code).with_values({"funds.rcv_return": rate + more}))
    assert high.cost[0].sum() < low.cost[0].sum()
    assert high.cost[3].sum() <= low.cost[3].sum()


@SLOW
@given(
    level=st.floats(15.0, 60.0),
    more=st.floats(1.0, 30.0),
    rule=st.sampled_from(["exhaustion", "top_up", "capital"]),
)
def test_cost_rises_with_the_guarantee(level: float, more: float, rule: str) -> None:
    pack = resolved("2B").with_values({"basis.mpg": rule})
    low = run_case(pack.with_values({"guarantee.mpg": level}))
    high = run_case(pack.with_values({"guarantee.mpg": level + more}))
    assert (high.cost[3] >= low.cost[3]).all()
    assert high.cost[3].sum() > low.cost[3].sum()


@pytest.mark.parametrize("rule", ["exhaustion", "top_up", "capital"])
def test_an_earlier_award_does_not_feel_later_growth_of_the_guarantee(rule: str) -> None:
    """Awards keep their guarantee: growth from 2020 on leaves every payment before untouched, and costs more after."""
    pack = resolved("2B").with_values({"basis.mpg": rule, "guarantee.mpg": 40.0})
    plain = run_case(pack)
    grown = run_case(pack.with_values({"guarantee.real_growth": {1997: 0.0, 2020: 0.05}}))
    earlier = plain.years < 2020
    assert (grown.cost[:, earlier] == plain.cost[:, earlier]).all()
    assert (grown.cost[3] >= plain.cost[3]).all()
    assert grown.cost[3].sum() > plain.cost[3].sum()


@pytest.mark.parametrize("basis", ["statutory", "published"])
def test_nobody_costs_nothing(basis: str) -> None:
    pack = resolved("3B", basis)
    pack = pack.with_values(
        {
            "pensions.ongoing": np.zeros_like(pack.table("pensions.ongoing").values),
            "population.contributors": 0.0,
            "population.active_1996": 0.0,
            "basis.mpg": "exhaustion",
        }
    )
    case = run_case(pack)
    assert (case.cost == 0.0).all()
    assert (case.contributors == 0.0).all()
    assert (case.assets == 0.0).all()


@SLOW
@given(
    factor=st.floats(0.3, 4.0), basis=st.sampled_from(assumptions.basis_names()), code=st.sampled_from(CODES)
)
def test_a_larger_country_has_the_same_ratios(factor: float, basis: str, code: str) -> None:
    """More heads and as much more GDP: no percentage moves."""
    pack = resolved(code, basis)
    larger = pack.with_values(
        {
            "population.contributors": pack.number("population.contributors") * factor,
            "population.active_1996": pack.number("population.active_1996") * factor,
            "pensions.ongoing": pack.table("pensions.ongoing").values * factor,
            "economy.gdp_1997": pack.number("economy.gdp_1997") * factor,
            "replica.gdp_1997": pack.number("replica.gdp_1997") * factor,
        }
    )
    one, other = run_case(pack), run_case(larger)
    np.testing.assert_allclose(other.cost / other.gdp, one.cost / one.gdp, rtol=1e-11, atol=1e-16)


def test_order_threads_and_company_do_not_matter() -> None:
    packs = [resolved(code, basis) for code in CODES for basis in assumptions.basis_names()]
    demographics.clear()
    alone = [run_case(pack) for pack in packs]
    demographics.clear()
    assert same(run_case(packs[0], workers=2), alone[0])
    demographics.clear()
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(run_case, reversed(packs)))[::-1]
    assert all(same(a, b) for a, b in zip(alone, together, strict=True))


# Values that the formulas read but that bind nobody here, and why.
NOT_BINDING = {
    (
        "statutory",
        "contributions.ceav_employer_bands",
    ): "rows of years that never come: one rate holds for all wages",
    (
        "published",
        "contributions.ceav_employer_bands",
    ): "rows of years that never come: one rate holds for all wages",
    ("statutory", "state.social_quota_bands"): "rows of years that never come: one quota holds for all wages",
    ("published", "state.social_quota_bands"): "rows of years that never come: one quota holds for all wages",
    ("statutory", "guarantee.cells"): "rows of years that never come: one guarantee holds for all",
    ("published", "guarantee.cells"): "rows of years that never come: one guarantee holds for all",
    ("statutory", "economy.uma"): "no bound in UMA is in force",
    ("published", "economy.uma"): "no bound in UMA is in force",
    ("statutory", "reform.first_year"): "moves only together with the state's date",
    ("published", "reform.first_year"): "moves only together with the state's date",
    ("published", "reform.state_year"): "moves only together with the first year",
    ("statutory", "balance.computed"): "opens other values to `annexv balance`",
    ("published", "balance.computed"): "opens other values to `annexv balance`",
    ("statutory", "guarantee.minimum_age"): "until 2030 nobody under the new law retires before 60",
    ("published", "contributions.density_classes"): "one class",
    ("published", "basis.retirement_exposure"): "everybody of 60 has 500 weeks in the effective population",
    ("published", "basis.art_167_ratio"): "every pension is a minimum wage",
    ("published", "basis.severance_months"): "every pension is a minimum wage",
    ("published", "basis.average_weeks"): "without a guarantee the insured pension never beats the old law",
    ("published", "basis.occupational_risks"): "occupational columns are fixed shares",
    ("statutory", "basis.foresight"): "no shipped law changes a pension after its award",
    ("published", "basis.foresight"): "no shipped law changes a pension after its award",
    (
        "statutory",
        "law_1995.occupational_orphan_share_both",
    ): "until 2030 no orphan of both chooses the account",
    ("statutory", "basis.birth_year"): "of single workers",
    ("published", "basis.birth_year"): "of single workers",
    ("published", "basis.wage_growth"): "the effective age profile is flat",
    ("published", "financing.infonavit_surrendered"): "scenario 3 has the factor 1",
    ("published", "law_1973.child_age_limit"): "no children in the effective population",
    ("statutory", "worker.computed"): "opens other values to `annexv worker`",
    ("published", "worker.computed"): "opens other values to `annexv worker`",
    ("published", "law_1995.orphan_share"): "no children in the effective population",
    ("published", "law_1995.orphan_share_both"): "no children in the effective population",
    ("published", "law_1973.orphan_share"): "no children in the effective population",
    ("published", "law_1973.orphan_share_both"): "no children in the effective population",
    (
        "published",
        "law_1995.iv_average_years",
    ): "without a guarantee the insured pension never beats the old law",
    ("statutory", "guarantee.in_payment"): "follows a growth of the guarantee, which the law does not have",
    (
        "statutory",
        "financing.infonavit_repayment",
    ): "of awards before its first year: held all years, of nobody",
    **{
        (basis, name): reason
        for basis in assumptions.basis_names()
        for name, reason in {
            "family.parent_age_difference": "no share of the insured leaves a dependent parent",
            "law_1973.ascendant_share": "no share of the insured leaves a dependent parent",
            "law_1995.ascendant_share": "no share of the insured leaves a dependent parent",
            "welfare_fund.enacted": "the fund exists from 2025 on; its first complement is after the horizon",
        }.items()
    },
}


@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("family.parent_age_difference", {"family.dependent_parents": 0.1}),
        ("law_1973.ascendant_share", {"family.dependent_parents": 0.1}),
        ("law_1995.ascendant_share", {"family.dependent_parents": 0.1}),
        ("guarantee.in_payment", {"guarantee.real_growth": 0.02, "reform.last_year": 2060.0}),
        ("financing.infonavit_repayment", {"reform.last_year": 2020.0}),
        ("welfare_fund.enacted", {"reform.last_year": 2040.0}),
    ],
)
def test_what_binds_nobody_by_default_binds_with_its_companion(name: str, beside: dict[str, float]) -> None:
    """The reasons of NOT_BINDING are tried: with what the reason misses, the value moves a number."""
    pack = resolved("1B").with_values(beside)
    base = run_case(pack)
    if name == "financing.infonavit_repayment":
        moved = [pack.with_values({name: {1940: 0.0, 2012: 1.0, 2013: 0.0}})]
    else:
        moved = list(liveness.variants(pack, name))
    assert any(not same(base, run_case(one)) for one in moved)


def moved_by(pack: Resolved, name: str) -> Iterator[Resolved]:
    """The pack with one value moved in several ways, as far as they are allowed."""
    item = pack.item(name)
    candidates: list[Callable[[], Resolved]] = []
    if item.kind == "switch":
        candidates = [partial(pack.with_values, {name: c}) for c in item.choices if c != pack.switch(name)]
    elif item.kind == "flag":
        candidates = [partial(pack.with_values, {name: not pack.flag(name)})]
    elif item.kind == "date":
        candidates = [partial(pack.with_values, {name: "1997-07-01"})]
    elif item.kind in ("number", "path", "table"):
        if item.kind == "table":
            values = pack.table(name).values
            tilted = values.copy().reshape(-1)
            step = 0.1 * max(tilted[0], tilted[-1])
            tilted[0], tilted[-1] = tilted[0] + step, tilted[-1] - step
            shifted = np.roll(values, 1, axis=-1)
            candidates = [
                partial(pack.with_values, {name: changed})
                for changed in (tilted.reshape(values.shape), shifted)
            ]
        for mode, value in (
            ("scale", 1.07), ("scale", 0.9), ("scale", 0.3), ("scale", 3.0), ("shift", -1.0), ("shift", 1.0),
            ("shift", 5.0), ("shift", 0.01), ("shift", -0.01), ("scale", 10.0),
        ):  # fmt: skip
            candidates.append(partial(pack.modified, name, mode, value=value))
    for make in candidates:
        try:
            moved = make()
        except AssumptionError:
            continue
        if moved.sha256 != pack.sha256:
            yield moved
    yield from liveness.variants(pack, name)


@pytest.mark.slow
@pytest.mark.parametrize(("code", "basis"), [("1B", "statutory"), ("3A", "published")])
def test_what_is_accepted_changes_something(code: str, basis: str) -> None:
    """Every live value moves a result; every value that moves none is refused as inert. And no cache hides a change."""
    pack = resolved(code, basis)
    base = run_case(pack)
    dead, hidden = [], []
    for name in pack.names():
        alive, _ = pack.live(name)
        if not alive:
            with pytest.raises(AssumptionError):
                pack.refuse_inert([name])
            continue
        if pack.item(name).kind == "text" or (basis, name) in NOT_BINDING:
            continue
        for moved in moved_by(pack, name):
            try:
                warm = run_case(moved)
            except AssumptionError:
                continue
            if not same(base, warm):
                demographics.clear()
                if not same(warm, run_case(moved)):
                    hidden.append(name)
                break
        else:
            dead.append(name)
    assert not hidden, f"a cache kept what had changed: {hidden}"
    assert not dead, f"accepted, but nothing changes: {dead}"


@pytest.mark.parametrize("basis", assumptions.basis_names())
def test_pension_types_have_one_order(basis: str) -> None:
    case = run_case(resolved("3B", basis))
    assert case.acquired_by_type.shape[0] == axes.N_TYPES
