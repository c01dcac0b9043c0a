"""Labels, units and sums of the dataset; independence of threads, order and company."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import xarray as xr

import assumptions
import engine
from engine.outputs import dataset as datasets
from engine.projection import FUNDS, MEMO_ITEMS, PAYERS, PENSIONER_GROUPS, run_case

# Two computations of the same sum in another order.
RELATIVE = 1e-12

LABELS = {
    "basis": ["statutory", "published"],
    "scenario": ["1B", "2B", "3B", "4B", "1A", "2A", "3A", "4A"],
    "component": ["acquired_rights", "ongoing_pensions", "state_contributions", "mpg_new_workers"],
    "pension_type": ["retirement", "disability", "death", "occupational_disability", "occupational_death"],
    "fund": list(FUNDS),
    "payer": list(PAYERS),
    "pensioner_group": list(PENSIONER_GROUPS),
    "memo_item": list(MEMO_ITEMS),
    "year": list(range(1997, 2031)),
}


@pytest.mark.parametrize("name", LABELS)
def test_labels(full: xr.Dataset, name: str) -> None:
    assert full[name].values.tolist() == LABELS[name]


def test_dimensions_as_promised(full: xr.Dataset) -> None:
    cases = ("basis", "scenario")
    expected = {
        "fiscal_cost": (*cases, "component", "year"),
        "fiscal_cost_total": (*cases, "year"),
        "fiscal_cost_mxn": (*cases, "component", "year"),
        "acquired_rights_by_type": (*cases, "pension_type", "year"),
        "mpg_by_type": (*cases, "pension_type", "year"),
        "contributions": (*cases, "fund", "year"),
        "account_assets": (*cases, "fund", "year"),
        "memo": (*cases, "memo_item", "year"),
        "method": (*cases, "component"),
        "acquired_rights_by_cohort": (*cases, "birth_year", "year"),
        "acquired_rights_by_wage": (*cases, "wage_group", "year"),
    }
    assert {name: full[name].dims for name in expected} == expected
    assert np.issubdtype(full.year.dtype, np.integer)


def test_sums(full: xr.Dataset) -> None:
    rights = full.fiscal_cost.sel(component="acquired_rights", drop=True)
    guarantee = full.fiscal_cost.sel(component="mpg_new_workers", drop=True)
    for total, parts in (
        (full.fiscal_cost_total, full.fiscal_cost.sum("component")),
        (full.fiscal_cost, 100.0 * full.fiscal_cost_mxn / full.gdp),
        (rights, full.acquired_rights_by_type.sum("pension_type")),
        (rights, full.acquired_rights_by_cohort.sum("birth_year")),
        (rights, full.acquired_rights_by_wage.sum("wage_group")),
        (guarantee, full.mpg_by_type.sum("pension_type")),
        (full.contributions.sum("fund"), full.contributions_by_payer.sum("payer")),
    ):
        parts = parts.transpose(*total.dims)
        np.testing.assert_allclose(parts.values, total.values, rtol=RELATIVE, atol=1e-14)


def test_heads_are_conserved(full: xr.Dataset) -> None:
    exits = full.exits.sum("cause")
    # On the statutory basis exits are spread over the year: half of them are there on its average.
    closing = full.affiliates - xr.where(full.basis == "statutory", 0.5, 0.0) * exits
    after = closing.shift(year=1) - exits + full.entrants
    np.testing.assert_allclose(
        after.isel(year=slice(1, None)).values, closing.isel(year=slice(1, None)).values, rtol=RELATIVE
    )


def test_everything_is_finite_but_for_stated_gaps(full: xr.Dataset) -> None:
    for name, item in full.data_vars.items():
        if item.dtype.kind == "f" and name not in {"old_law_share", "award_service", "account_assets"}:
            assert np.isfinite(item.values).all(), name
    held = np.isfinite(full.account_assets.values).all(axis=(0, 1, 3))
    accounts = ["retirement", "ceav", "social_quota", "infonavit"]
    assert [fund for fund, full_of in zip(FUNDS, held, strict=True) if full_of] == accounts
    gaps = np.isnan(full.old_law_share.values)
    assert ((full.old_law_share.values[~gaps] >= 0.0) & (full.old_law_share.values[~gaps] <= 1.0)).all()


def test_numbers_are_those_of_the_case() -> None:
    resolved = assumptions.load("1B").resolve("published")
    case = run_case(resolved)
    one = engine.project(assumptions.load("1B"), basis="published").squeeze()
    assert np.array_equal(one.fiscal_cost_mxn.values, case.cost)
    assert np.array_equal(one.contributions.values, case.contributions)
    assert tuple(one.method.values) == case.method
    assert float(one.fiscal_cost[0, 0]) == 100.0 * case.cost[0, 0] / case.gdp[0]


def test_replica_cells_are_marked(full: xr.Dataset) -> None:
    rights = full.method.sel(component="acquired_rights", basis="published")
    assert set(rights.sel(scenario=["3B", "3A"]).values) == {"structural"}
    assert set(rights.sel(scenario=["1B", "2B", "4B", "1A", "2A", "4A"]).values) == {"replica"}
    assert set(full.method.sel(basis="published", component="mpg_new_workers").values) == {"replica"}
    assert set(full.method.sel(basis="statutory").values.ravel()) == {"structural"}


@pytest.mark.slow
def test_results_do_not_depend_on_threads_or_order(packs: list[assumptions.Pack], full: xr.Dataset) -> None:
    again = engine.project_many(list(reversed(packs)), ("published", "statutory"), workers=1)
    xr.testing.assert_identical(again, full)


def test_results_do_not_depend_on_company(full: xr.Dataset) -> None:
    alone = engine.project_many([assumptions.load("4A")], ("published",), workers=3)
    for name in ("fiscal_cost", "acquired_rights_by_type", "contributions", "memo", "resolved_input"):
        beside = full[name].sel(basis=["published"], scenario=["4A"])
        assert np.array_equal(alone[name].values, beside.values), name


def test_cohorts_and_wages_follow_the_projection_that_is_scaled() -> None:
    """With a factor on acquired rights, shares by birth year and wage are those without it."""
    scaled = engine.project(assumptions.load("1B"), basis="published").squeeze()
    base = engine.project(assumptions.load("3B"), basis="published").squeeze()
    for name, dim in (("acquired_rights_by_cohort", "birth_year"), ("acquired_rights_by_wage", "wage_group")):
        shares = [one[name] / one[name].sum(dim) for one in (scaled, base)]
        np.testing.assert_allclose(shares[0].values, shares[1].values, rtol=1e-9, atol=1e-15)


def test_fewer_wage_groups_leave_gaps() -> None:
    packs = [assumptions.load("3B", sets={"population.wage_groups": 4}), assumptions.load("1B")]
    both = engine.project_many(packs, ("statutory",)).acquired_rights_by_wage.isel(basis=0)
    assert both.sizes["wage_group"] == 10
    four = both.sel(scenario="3B").values
    assert np.isnan(four[4:]).all()
    assert np.isfinite(four[:4]).all()


def test_notices_tell_what_a_basis_ignores() -> None:
    """INFONAVIT's return moves no number of the basis that replaces its use by a factor (the specification, section 5)."""
    pack = assumptions.load("1B", sets={"funds.infonavit_return": 0.02})
    with pytest.raises(assumptions.AssumptionError, match=r"funds\.infonavit_return"):
        engine.project(pack, basis="published")
    both = engine.project_many([pack])
    assert "funds.infonavit_return" in both.attrs["notices"]
    assert "published" in both.attrs["notices"]
    plain = engine.project_many([assumptions.load("1B")])
    assert np.array_equal(both.fiscal_cost.sel(basis="published"), plain.fiscal_cost.sel(basis="published"))
    assert not np.array_equal(
        both.fiscal_cost.sel(basis="statutory"), plain.fiscal_cost.sel(basis="statutory")
    )


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: engine.project_many([]), "no case"),
        (lambda: engine.project_many([assumptions.load("3B"), assumptions.load("3B")]), "given twice"),
        (
            lambda: engine.project_many(
                [assumptions.load("3B"), assumptions.load("1B", sets={"reform.last_year": 2010})]
            ),
            "one horizon",
        ),
        (lambda: engine.project(assumptions.load("3B"), basis="publishd"), "publishd"),
        (lambda: engine.project(assumptions.load("3B"), workers=0), "workers"),
        (
            lambda: engine.project_many(
                [
                    assumptions.load(code, sets={"population.contributors_growth": -0.2})
                    for code in ("1B", "3B")
                ]
            ),
            r"population\.contributors_growth",
        ),
    ],
)
def test_refusals(build: object, said: str) -> None:
    with pytest.raises(assumptions.AssumptionError, match=said):
        build()  # type: ignore[operator]


def test_a_grid_with_a_hole_is_refused() -> None:
    cases = [
        assumptions.load("3B").resolve("statutory"),
        assumptions.load("3B").resolve("published"),
        assumptions.load("1B").resolve("published"),
    ]
    with pytest.raises(assumptions.AssumptionError, match="1B: is missing on the statutory basis"):
        datasets.project_resolved(cases)


def test_progress_is_reported(small: xr.Dataset) -> None:
    seen: list[int] = []
    pack = assumptions.load("3B", sets={"reform.last_year": 2001})
    engine.project_many([pack], on_done=seen.append)
    assert seen == [1, 2]


def test_scenarios_outside_the_default_set_come_last() -> None:
    order = [assumptions.load(code) for code in ("0B", "2A", "3B")]
    assert engine.project_many(order, ("statutory",)).scenario.values.tolist() == ["3B", "2A", "0B"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("cost", np.inf, "exceed every finite number"), ("gdp", 0.0, "GDP is not above 0")],
)
def test_results_that_are_no_numbers_are_refused(field: str, value: float, said: str) -> None:
    resolved = assumptions.load("3B", sets={"reform.last_year": 1999}).resolve("statutory")
    case = run_case(resolved, detail=True)
    spoiled = dataclasses.replace(case, **{field: np.full_like(getattr(case, field), value)})
    with pytest.raises(assumptions.AssumptionError, match=said):
        datasets.build([resolved], [spoiled])


def test_prices_of_another_year_are_not_mislabelled() -> None:
    pack = assumptions.load("0B", overlays=["state_1994"])
    with pytest.raises(assumptions.AssumptionError, match=r"price_base_year.*is 1994.*allowed: 1996"):
        engine.project(pack, basis="statutory")
