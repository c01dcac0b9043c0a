"""The engine against the oracle, on populations small enough to be followed cell by cell.

Both compute the same thing by different routes in double precision, so they must agree to 1e-9; what is left apart
is rounding, which grows with the number of payments a pool has made before it runs dry (hence the absolute part, a
thousandth of that of the largest value of the row).
"""

from __future__ import annotations

import math
import random
from itertools import combinations
from typing import Any

import numpy as np
import pytest

import assumptions
from assumptions import Resolved, Table
from engine.projection import MEMO_ITEMS, run_case
from tests.oracle.adapter import inputs_of
from tests.oracle.oracle import (
    CAUSES,
    CEILINGS,
    COMPONENTS,
    FUNDS,
    GENERATIONS,
    MEMO,
    TYPES,
    dependent,
    project,
    wage_groups,
)

RELATIVE, OF_THE_LARGEST = 1e-9, 1e-12
REGIMES = ("old_law", "guarantee")  # awards of a bare balance cost nothing and are not counted as pensions

MEMBERS = {  # sex, age: share of contributors at the state's date
    ("m", 25): 0.30,
    ("f", 27): 0.20,
    ("m", 45): 0.20,
    ("f", 50): 0.10,
    ("m", 59): 0.15,
    ("f", 64): 0.05,
}
ENTRANTS = {("m", 20): 0.6, ("f", 24): 0.4}


def shares(table: Table, of: dict[tuple[str, int], float]) -> np.ndarray:
    """An array of the table's shape with the given cells, zero elsewhere."""
    values = np.zeros(table.values.shape)
    for (sex, age), share in of.items():
        values[table.coords["sex"].index(sex), table.coords["age"].index(age)] = share
    return values


def small(
    code: str, basis: str, changes: dict[str, Any] | None = None, overlays: tuple[str, ...] = ()
) -> Resolved:
    """A pack with few ages, two wage groups and a short horizon."""
    base = assumptions.load(code, overlays=list(overlays)).resolve(basis)
    members = {
        "population.active_age_shares": shares(base.table("population.active_age_shares"), MEMBERS),
        "population.entry_age_shares": shares(base.table("population.entry_age_shares"), ENTRANTS),
        "population.service_factors": Table(("service",), {"service": (1, 2)}, [0.5, 1.3]),
        "population.service_weights": Table(("service",), {"service": (1, 2)}, [0.4, 0.6]),
        "population.wage_groups": 2,
        "reform.last_year": 2006,
    }
    return base.with_values(members | (changes or {}))


def rows(name: str, tree: Any) -> dict[str, list[float]]:
    """The leaves of nested results, as name -> values by year."""
    if all(isinstance(key, int) for key in tree):
        return {name: [tree[year] for year in sorted(tree)]}
    return {label: row for key in tree for label, row in rows(f"{name}, {key}", tree[key]).items()}


def labelled(name: str, array: np.ndarray, *axes: tuple[str, ...]) -> dict[str, list[float]]:
    """The rows of an array of the engine under the names the oracle gives them."""
    if not axes:
        return {name: array.tolist()}
    assert array.shape[0] == len(axes[0]), name
    return {
        label: row
        for at, key in enumerate(axes[0])
        for label, row in labelled(f"{name}, {key}", array[at], *axes[1:]).items()
    }


def faults(res: Resolved) -> list[str]:
    """Every row in which engine and oracle differ."""
    engine, oracle = run_case(res), project(inputs_of(res))
    ours: dict[str, list[float]] = {}
    for name in ("gdp", "affiliates", "contributors", "entrants"):
        ours |= labelled(name, getattr(engine, name))
    ours |= labelled("exits", engine.exits, CAUSES)
    ours |= labelled("cost", engine.cost, COMPONENTS)
    ours |= labelled("acquired_rights_by_type", engine.acquired_by_type, TYPES)
    ours |= labelled("mpg_by_type", engine.mpg_by_type, TYPES)
    ours |= labelled("contributions", engine.contributions[: len(FUNDS)], FUNDS)
    ours |= labelled("assets", engine.assets, FUNDS)
    ours |= labelled("awards", engine.flows.awards, GENERATIONS, REGIMES, TYPES)
    ours |= labelled("served", engine.flows.served, GENERATIONS, TYPES)
    ours |= labelled("old_law_pensions", engine.flows.paid, GENERATIONS, TYPES)
    ours |= labelled("surrendered", engine.flows.surrendered, GENERATIONS)
    ours |= labelled("wage_bill", engine.flows.covered_wages.sum(axis=0)[: len(CEILINGS)], CEILINGS)
    ours |= labelled("arrivals", engine.heads.arrivals)
    memo = labelled("memo", engine.memo, MEMO_ITEMS)
    ours |= {label: row for label, row in memo.items() if label.removeprefix("memo, ") in MEMO}
    theirs = {label: row for name in oracle for label, row in rows(name, oracle[name]).items()}
    found = []
    for label, row in ours.items():
        expected = np.array(theirs[label])
        allowed = RELATIVE * np.abs(expected) + OF_THE_LARGEST * np.max(np.abs(expected))
        apart = np.abs(np.array(row) - expected)
        if not np.all(apart <= allowed):
            worst = int(np.argmax(apart - allowed))
            year = sorted(oracle["gdp"])[worst]
            found.append(f"{label}, {year}: engine {row[worst]!r}, oracle {expected[worst]!r}")
    return found


def test_dependent_probabilities_by_inclusion_and_exclusion() -> None:
    """The oracle's quadrature against the sum over all sets of other causes, and against total survival."""
    rates = {"a": 0.3, "b": 0.02, "c": 0.11, "d": 0.004, "e": 0.5, "f": 0.07}
    for cause, rate in rates.items():
        others = [rates[other] for other in rates if other != cause]
        expected = rate * sum(
            (-1.0) ** size / (size + 1) * sum(math.prod(chosen) for chosen in combinations(others, size))
            for size in range(len(others) + 1)
        )
        assert dependent(rates, cause) == pytest.approx(expected, rel=1e-14)
    leaving = sum(dependent(rates, cause) for cause in rates)
    assert leaving == pytest.approx(1.0 - math.prod(1.0 - rate for rate in rates.values()), rel=1e-14)


def test_wage_groups_average_one_and_rise() -> None:
    """Conditional means of a distribution with mean 1."""
    means = wage_groups(7, 0.72)
    assert math.fsum(means) / 7 == pytest.approx(1.0, rel=1e-14)
    assert means == sorted(means)


@pytest.mark.parametrize("basis", ["statutory", "published"])
@pytest.mark.parametrize("code", ["1B", "2B", "3B", "4B", "3A", "4A"])
def test_scenarios(code: str, basis: str) -> None:
    """The scenarios as they are shipped, on both bases."""
    assert faults(small(code, basis)) == []


HALF = {"reform.date": "1997-07-01"}
OLD_LAW_NEVER = {"law_1973.weeks_retirement": 2000, "law_1995.weeks_retirement": 600}
RAISED = {
    "guarantee.real_growth": {1997: 0.1, 2000: 0.03, 2002: -0.02, 2003: 0.2},
    "guarantee.in_payment": {1980: 0.0, 1999: 0.5, 2003: 1.0},
}
DEARER = {"guarantee.mpg": 50.0, "contributions.density": 0.6}
COUNTED = {"basis.population_counts": "contributors"}
CLASSES = {
    "contributions.density": 0.7,
    "contributions.density_classes": Table(
        ("class", "field"),
        {"class": (1, 2, 3), "field": ("share", "relative")},
        [[0.25, 0.3], [0.35, 0.8], [0.4, 2.0]],  # the last one would contribute more than all year
    ),
}
TOGETHER = CLASSES | {"contributions.density_wage_correlation": 0.4}
CASES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "share": ("1B", "statutory", {"basis.recognition": "share"}),
    "capital": ("1B", "statutory", {"basis.recognition": "capital"}),
    "annex_funds": ("1B", "statutory", {"basis.surrendered_funds": "annex"}),
    "annex_funds_share": (
        "4B",
        "statutory",
        {"basis.surrendered_funds": "annex", "basis.recognition": "share"},
    ),
    "top_up": ("3B", "statutory", {"basis.mpg": "top_up", **OLD_LAW_NEVER, **DEARER}),
    "mpg_capital": ("3B", "statutory", {"basis.mpg": "capital", **OLD_LAW_NEVER, **DEARER}),
    "mpg_exhaustion": ("3B", "statutory", {**OLD_LAW_NEVER, **DEARER}),
    "mpg_growth": (
        "2B",
        "statutory",
        {**OLD_LAW_NEVER, **DEARER, "guarantee.real_growth": {1997: 0.1, 2000: 0.03, 2003: -0.02}},
    ),
    "mpg_growth_top_up": (
        "4A",
        "statutory",
        {"basis.mpg": "top_up", **OLD_LAW_NEVER, **DEARER, "guarantee.real_growth": 0.04},
    ),
    "mpg_in_payment": ("3B", "statutory", {**OLD_LAW_NEVER, **DEARER, **RAISED}),
    "mpg_in_payment_top_up": (
        "1B",
        "statutory",
        {"basis.mpg": "top_up", "basis.foresight": "award", **OLD_LAW_NEVER, **DEARER, **RAISED},
    ),
    "mpg_in_payment_capital": (
        "4A",
        "statutory",
        {"basis.mpg": "capital", "basis.occupational_risks": "total", **OLD_LAW_NEVER, **DEARER, **RAISED},
    ),
    "mpg_in_payment_in_pension": (
        "2B",
        "statutory",
        {"basis.family_allowances": "in_pension", "basis.occupational_risks": "total", **DEARER, **RAISED},
    ),
    "mpg_replica": ("4A", "statutory", {"basis.mpg": "replica"}),
    "flat_pensions": ("1B", "statutory", {"basis.old_law_benefit": "minimum"}),
    "not_indexed": (
        "1A",
        "statutory",
        {"basis.old_law_indexation": "none", "basis.ongoing_indexation": "none"},
    ),
    "uniform_growth": ("1B", "statutory", {"basis.wage_growth": "uniform"}),
    "mean_wage": ("1B", "statutory", {"basis.wage_growth": "mean_wage"}),
    "mean_wage_at_the_floor": (
        "3B",
        "statutory",
        {
            "basis.wage_growth": "mean_wage",
            "economy.real_minimum_wage_growth": 0.06,
            "economy.real_wage_growth": 0.0,
        },
    ),
    "everybody_exposed": ("1B", "statutory", {"basis.retirement_exposure": "all"}),
    "full_time_quota": (
        "1B",
        "statutory",
        {"basis.quota_basis": "full_time", "basis.account_quota_basis": "full_time"},
    ),
    "factor": ("1B", "statutory", {"basis.infonavit_offset": "factor"}),
    "pooled_contributions": ("1B", "statutory", {"basis.infonavit_offset": "pooled_contributions"}),
    "type_split": ("4B", "statutory", {"basis.type_split": "replica"}),
    "on_a_day": ("1B", "statutory", COUNTED),
    "affiliates": ("1B", "statutory", {"basis.population_counts": "affiliates"}),
    "density_classes": ("3B", "statutory", CLASSES),
    "density_classes_counted": ("1B", "statutory", CLASSES | COUNTED),
    "density_and_wage": ("2B", "statutory", TOGETHER | COUNTED),
    "density_against_wage": (
        "3A",
        "statutory",
        CLASSES | {"contributions.density_wage_correlation": -0.7, "population.inactive_number": 5e5},
    ),
    "density_classes_published": ("4B", "published", TOGETHER | COUNTED | {"basis.mpg": "top_up"}),
    "always_old_law": ("3B", "statutory", {"basis.choice": "old_law"}),
    "art_167_published": ("2A", "published", {"basis.old_law_benefit": "art_167", "basis.mpg": "top_up"}),
    "entitled_published": (
        "3B",
        "published",
        {"basis.retirement_exposure": "entitled", "basis.mpg": "exhaustion"},
    ),
    "arrivals": ("3B", "statutory", {"population.inactive_number": 1e6}),
    "arrivals_published": (
        "1B",
        "published",
        {"population.inactive_number": 4e5, "population.inactive_return_rate": 0.1},
    ),
    "anchor": ("2B", "statutory", {"outlook.anchor": 1.07, "outlook.anchor_from": 2001.0}),
    "july_1997": ("1B", "statutory", HALF),
    "postponed": ("3B", "statutory", {"reform.date": "1998-07-01"}),
    "postponed_long": ("1B", "statutory", {"reform.date": "2003-01-01"}),
    "july_1997_published": ("1B", "published", HALF | {"basis.mpg": "capital"}),
    "not_enacted_old_law": ("1B", "statutory", {"reform.enacted": False, "basis.choice": "old_law"}),
    "dependent_parents": (
        "3B",
        "statutory",
        {
            "family.dependent_parents": {1997: 0.2, 2003: 0.5},
            "family.parent_age_difference": 25,
            "law_1973.ascendant_share": 0.15,
            "law_1995.ascendant_share": 0.3,
        },
    ),
    "at_the_opening": ("3B", "statutory", {"basis.awards": "opening"}),
    "spread_and_published": ("1B", "published", {"basis.awards": "within_year"}),
    "other_weeks": (
        "3B",
        "statutory",
        {
            "law_1973.weeks_retirement": 450,
            "law_1973.weeks_disability": 120,
            "law_1973.minimum_pension_weeks": 700,
            "law_1995.weeks_disability": 310,
            "law_1973.rest_half_from": 9,
            "law_1973.rest_full_above": 40,
        },
    ),
    "other_shares": (
        "2B",
        "statutory",
        {
            "law_1973.bonus_months": 0.5,
            "law_1973.widow_share": 0.7,
            "law_1973.orphan_share": 0.25,
            "law_1973.occupational_widow_share": 0.5,
            "law_1973.occupational_disability_share": 0.9,
            "law_1995.occupational_share": 0.5,
            "law_1995.iv_share": 0.55,
            "law_1995.bonus_months": 0.5,
            "family.spouse_age_difference": 2,
            "contributions.infonavit_loan_share": 0.3,
        },
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_cases(case: str) -> None:
    """One rule changed at a time."""
    code, basis, changes = CASES[case]
    assert faults(small(code, basis, changes)) == []


@pytest.mark.slow
def test_long_horizon() -> None:
    """Sixty years: cohorts die out, pools run dry, entrants reach their guarantee."""
    changes = {
        "reform.last_year": 2056,
        "population.wage_groups": 1,
        "population.service_factors": Table(("service",), {"service": (1,)}, [1.0]),
        "population.service_weights": Table(("service",), {"service": (1,)}, [1.0]),
        "population.entry_age_shares": shares(
            assumptions.load("3B").resolve("statutory").table("population.entry_age_shares"),
            {("m", 28): 1.0},
        ),
        "guarantee.mpg": 60.0,
    }
    assert faults(small("1B", "statutory", changes)) == []


def test_difference_between_scenarios() -> None:
    """What surrendering INFONAVIT saves is the same on both routes."""
    saved = []
    for run in (lambda res: run_case(res).cost[0].tolist(), oracle_rights):
        with_it, without = run(small("1B", "statutory")), run(small("3B", "statutory"))
        saved.append([b - a for a, b in zip(with_it, without, strict=True)])
    assert max(saved[1]) > 0.0
    assert saved[0] == pytest.approx(saved[1], rel=1e-7, abs=1e-9 * max(saved[1]))


def oracle_rights(res: Resolved) -> list[float]:
    """Acquired rights by the oracle."""
    return list(project(inputs_of(res))["cost"]["acquired_rights"].values())


def drawn(seed: int) -> Resolved:
    """A pack with values and switches drawn at random."""
    draw = random.Random(seed)
    code, basis = draw.choice(("1A", "2B", "3B", "4B")), draw.choice(("statutory", "published"))
    base = assumptions.load(code).resolve(basis)
    first, last = 1997, draw.randint(2003, 2008)

    def steps(low: float, high: float) -> dict[int, float]:
        years = [first, *sorted(draw.sample(range(first + 1, last + 1), 2))]
        return {1980: draw.uniform(low, high), **{year: draw.uniform(low, high) for year in years}}

    def spread(cells: list[tuple[str, int]]) -> dict[tuple[str, int], float]:
        weights = [draw.uniform(0.2, 1.0) for _ in cells]
        return {cell: weight / math.fsum(weights) for cell, weight in zip(cells, weights, strict=True)}

    def scaled(name: str, low: float, high: float) -> np.ndarray:
        return base.table(name).values * draw.uniform(low, high)

    services = draw.randint(1, 2)
    weights = spread([("m", group) for group in range(services)])
    labels: dict[str, tuple[str | int, ...]] = {"service": tuple(range(1, services + 1))}
    changes: dict[str, Any] = {
        "reform.last_year": last,
        "reform.date": draw.choice(("1997-01-01", "1997-07-01", "1997-03-15")),
        "population.active_age_shares": shares(
            base.table("population.active_age_shares"),
            spread([(draw.choice("mf"), age) for age in draw.sample(range(18, 68), 5)]),
        ),
        "population.entry_age_shares": shares(
            base.table("population.entry_age_shares"),
            spread([(sex, draw.randint(19, 30)) for sex in "mf"]),
        ),
        "population.service_factors": Table(
            ("service",), labels, [draw.uniform(0.2, 2.0) for _ in range(services)]
        ),
        "population.service_weights": Table(("service",), labels, list(weights.values())),
        "population.wage_groups": draw.randint(1, 3),
        "population.wage_sigma": draw.uniform(0.3, 1.0),
        "population.average_wage_mw": draw.uniform(1.8, 6.0),
        "population.wage_floor_mw": draw.uniform(0.6, 1.2),
        "population.contributors": base.number("population.active_1996") * draw.uniform(1.0, 1.05),
        "economy.inflation": steps(0.0, 0.4),
        "economy.real_minimum_wage_growth": steps(-0.08, 0.04),
        "economy.real_wage_growth": steps(-0.01, 0.05),
        "economy.real_wage_growth_history": draw.uniform(-0.03, 0.05),
        "economy.gdp_growth": steps(0.0, 0.06),
        "funds.rcv_return": steps(-0.01, 0.08),
        "funds.infonavit_return": steps(-0.01, 0.06),
        "contributions.density": draw.uniform(0.5, 1.0),
        "contributions.commission": draw.uniform(0.0, 0.03),
        "contributions.commission_balance": steps(0.0, 0.03),
        "financing.infonavit_share": steps(0.0, 1.0),
        "funds.annuity_return": steps(-0.01, 0.08),
        "contributions.infonavit_loan_share": draw.uniform(0.0, 0.4),
        "contributions.infonavit_collection": steps(0.5, 1.0),
        "contributions.unemployment_frequency": draw.choice((0.0, 0.05, 0.2)),
        "contributions.ceiling_retirement": steps(4.0, 25.0),
        "contributions.ceiling_ceav": steps(3.0, 20.0),
        "contributions.ceiling_iv": steps(3.0, 20.0),
        "contributions.ceiling_infonavit": steps(2.0, 10.0),
        "law_1973.ceiling_average_wage": steps(2.0, 20.0),
        "law_1973.ceiling_occupational": steps(5.0, 30.0),
        "decrements.occupational_mean_degree": draw.uniform(0.1, 0.9),
        "law_1973.indemnity_degree": draw.uniform(0.0, 0.5),
        "law_1973.bonus_degree": draw.uniform(0.2, 0.9),
        "law_1973.weeks_retirement": draw.randint(300, 700),
        "law_1995.weeks_retirement": draw.randint(500, 1250),
        "law_1995.weeks_disability": draw.randint(100, 300),
        "law_1995.weeks_disability_insured_before": draw.randint(100, 300),
        "law_1973.widow_share": draw.uniform(0.4, 0.9),
        "law_1995.widow_share": draw.uniform(0.4, 0.9),
        "guarantee.mpg": steps(20.0, 60.0),
        "state.social_quota": draw.uniform(0.5, 3.0),
        "family.children": scaled("family.children", 0.3, 1.2),
        "decrements.iv_disability": scaled("decrements.iv_disability", 0.3, 2.0),
        "decrements.active_mortality_scale": draw.uniform(0.7, 1.3),
        "retirement.first_year_factor": draw.uniform(0.3, 1.0),
        "pensions.ongoing_age_mean": scaled("pensions.ongoing_age_mean", 0.9, 1.1),
        "pensions.ongoing_level_mw": scaled("pensions.ongoing_level_mw", 0.9, 1.5),
    }
    for switch in (
        "old_law_benefit",
        "old_law_indexation",
        "ongoing_indexation",
        "surrendered_funds",
        "recognition",
        "infonavit_offset",
        "mpg",
        "state_contributions",
        "quota_basis",
        "population_counts",
        "account_quota_basis",
        "wage_growth",
        "retirement_exposure",
        "type_split",
        "state_accounts",
        "prices",
        "art_167_ratio",
        "occupational_risks",
        "family_allowances",
        "average_weeks",
        "severance_months",
        "awards",
        "choice",
    ):
        changes["basis." + switch] = draw.choice(base.item("basis." + switch).choices)
    if draw.random() < 0.5:
        changes |= TOGETHER | {"contributions.density": draw.uniform(0.4, 1.0)}
        changes["contributions.density_wage_correlation"] = draw.uniform(-1.0, 1.0)
    if draw.random() < 0.3:
        changes["population.inactive_number"] = draw.uniform(1e4, 3e5)
    changes["guarantee.real_growth"] = steps(-0.03, 0.06)
    changes["guarantee.in_payment"] = steps(0.0, 1.0)
    for name in ("law_1973.average_weeks", "law_1995.iv_average_weeks"):
        changes[name] = {year: round(weeks) for year, weeks in steps(100.0, 400.0).items()}
    changes["basis.foresight"] = draw.choice(base.item("basis.foresight").choices)
    return base.with_values(changes)


@pytest.mark.slow
@pytest.mark.parametrize("code", [pytest.param("1B", marks=pytest.mark.nightly), "3B"])
def test_the_reform_of_2020(code: str) -> None:
    """Weeks by year, rates and quotas by wage: the shipped overlay to 2036."""
    changes = {"reform.last_year": 2036, "population.wage_groups": 4}
    assert faults(small(code, "statutory", changes, ("reform_december_2020",))) == []


def later(value: Any, year: int = 2003, **given: Any) -> dict[str, Any]:
    """A value that holds from a year on."""
    return {"value": value, "from_year": year, **given}


def test_retirement_two_years_later_from_2003() -> None:
    """Ages of retirement, reductions, guarantee and the last age, all moved from a year on, in both laws."""
    base = assumptions.load("3B").resolve("statutory")
    hazard, factors = (base.table(name) for name in ("retirement.hazard", "law_1973.severance_factor"))

    def two_years_on(table: Table) -> dict[str, Any]:
        return later(table.values, coords={"age": [int(age) + 2 for age in table.coords["age"]]})

    changes = {
        "reform.last_year": 2012,
        "population.wage_groups": 2,
        "retirement.hazard": two_years_on(hazard),
        "law_1973.severance_factor": two_years_on(factors),
        "retirement.last_age": later(72.0),
        "guarantee.minimum_age": later(62.0),
    }
    assert faults(small("3B", "statutory", changes)) == []


def test_dated_rates_shares_and_tables() -> None:
    """Mortality, families, shares, weeks, and Art. 167 of awards from a year on; twice for one of them."""
    base = assumptions.load("3B").resolve("statutory")
    changes = {
        "reform.last_year": 2010,
        "population.wage_groups": 2,
        "mortality.active": later(base.table("mortality.active").values * 0.9),
        "mortality.disabled": later(base.table("mortality.disabled").values * 0.8, 2005),
        "decrements.iv_disability": later(base.table("decrements.iv_disability").values * 1.5, 2001),
        "decrements.leaving": later(base.table("decrements.leaving").values * 0.5, 2002),
        "decrements.iv_disability_scale": later(0.5, 2004),
        "family.spouse_share": later(base.table("family.spouse_share").values * 0.7, 2004),
        "family.children": later(base.table("family.children").values * 0.5, 2004),
        "law_1973.art_167": later(base.table("law_1973.art_167").values * [1.0, 0.9, 1.1], 2006),
        "law_1973.widow_share": later(0.7, 2002),
        "law_1995.orphan_share": later(0.3, 2005),
        "law_1973.allowance_spouse": later(0.2, 2005),
        "law_1973.weeks_retirement": later(750.0, 2004),
        "law_1973.bonus_months": later(0.5, 2007),
        "law_1995.iv_share": later(0.4, 2003),
        "law_1995.bonus_months": later(2.0, 2009),
        "retirement.last_age": later(66.0, 2008),
    }
    pack = small("3B", "statutory", changes)
    assert len(inputs_of(pack)["epochs"]) == 10
    assert faults(pack) == []


def test_averages_of_more_weeks_from_a_year_on() -> None:
    """Of both laws, and a guarantee of three amounts, by year of award; windows take parts of years."""
    changes = {
        "reform.last_year": 2010,
        "population.wage_groups": 2,
        "law_1973.average_weeks": {1980: 250, 2000: 300, 2004: 150},
        "law_1995.iv_average_weeks": {1980: 500, 2002: 130, 2006: 400},
        "guarantee.mpg": {1980: 26.45, 2001: 40.0, 2005: 33.0},
        "guarantee.in_payment": 1.0,
    }
    assert faults(small("3B", "statutory", CLASSES | changes)) == []


@pytest.mark.parametrize("foresight", ["run", "award"])
def test_pensions_that_follow_prices_from_2002(foresight: str) -> None:
    """Before with the minimum wage, for two years with half of it; known beforehand, or at the award only."""
    changes = {
        "reform.last_year": 2010,
        "population.wage_groups": 2,
        "economy.real_minimum_wage_growth": {1980: 0.02, 2003: -0.01, 2006: 0.05},
        "law_1973.indexation": {1980: 1.0, 2002: 0.5, 2004: 0.0},
        "basis.foresight": foresight,
    }
    assert faults(small("3B", "statutory", changes)) == []


def test_ceilings_in_uma_while_the_minimum_wage_grows() -> None:
    """Low ceilings, so that they bind, in UMA from 2000 on."""
    changes = {
        "contributions.ceilings_in_uma": {1980: 0.0, 2000: 1.0},
        "economy.real_minimum_wage_growth": {1980: 0.02, 2001: 0.10},
        "contributions.ceiling_retirement": 4.0,
        "contributions.ceiling_ceav": {1980: 2.0, 2003: 3.0},
        "law_1973.ceiling_average_wage": 3.0,
    }
    assert faults(small("3B", "statutory", changes)) == []


@pytest.mark.slow
def test_pensions_in_payment_under_the_overlays_of_2002_and_2004() -> None:
    """The decrees of 2001 and 2004 as they are shipped, whole, on those awarded before and after them."""
    overlays = ("law_2002", "increase_2004", "floor_2004", "observed_minimum_wage")
    assert faults(small("3B", "statutory", {"reform.last_year": 2006}, overlays)) == []


@pytest.mark.slow
@pytest.mark.parametrize("foresight", [pytest.param("run", marks=pytest.mark.nightly), "award"])
def test_pensions_in_payment_by_their_own_level(foresight: str) -> None:
    """Prices from 2000, a decree of 2002 by level, age and type, another of 2004, and from 2003 on a least pension."""
    rows = [[2002, 1, 0, 0, 0, 1.2], [2002, -1, 62, 1.5, 0, 1.11], [2004, 0, 0, 0, 1.5, 1.05]]
    fields = ("from_year", "kind", "age_from", "level_from", "level_to", "factor")
    changes = {
        "reform.last_year": 2007,
        "population.wage_groups": 2,
        "economy.real_minimum_wage_growth": {1980: 0.02, 2003: 0.06},
        "law_1973.indexation": {1980: 1.0, 2000: 0.0},
        "law_1973.indexation_floor_mw": {1980: 0.0, 2003: 1.1},
        "law_1973.increases": Table(
            ("increase", "field"), {"increase": (1, 2, 3), "field": fields}, np.array(rows)
        ),
        "basis.foresight": foresight,
    }
    assert faults(small("3B", "statutory", changes)) == []


@pytest.mark.parametrize("seed", [0, 1, 2, *(pytest.param(n, marks=pytest.mark.slow) for n in range(3, 30))])
def test_drawn(seed: int) -> None:
    """Everything changed at once."""
    assert faults(drawn(seed)) == []


def test_young_awards() -> None:
    """An award at 17 may be paid to a wife of 13 until she is 110: 97 years later."""
    changes = {
        "population.entry_age_shares": shares(
            assumptions.load("3B").resolve("statutory").table("population.entry_age_shares"),
            {("m", 16): 1.0},
        ),
        "basis.mpg": "capital",
        "reform.last_year": 1999,
    }
    assert faults(small("3B", "statutory", changes)) == []


@pytest.mark.parametrize("basis", ["statutory", "published"])
def test_not_enacted(basis: str) -> None:
    """Without the reform the old law is all there is."""
    assert faults(small("1B", basis, {"reform.enacted": False})) == []


def test_housing_balances_given_back() -> None:
    """Handed over to 2002 in part, then no more; given back in 2003 and 2004 in the money of the awards."""
    changes = {
        "reform.last_year": 2006,
        "financing.infonavit_share": {1940: 0.8, 2003: 0.0},
        "financing.infonavit_repayment": {1940: 0.0, 2003: 0.6, 2004: 0.4, 2005: 0.0},
    }
    pack = small("3B", "statutory", changes)
    assert faults(pack) == []
    repaid = run_case(pack).memo[MEMO_ITEMS.index("housing_repaid")]
    assert (repaid > 0.0).tolist() == [2003 <= year <= 2004 for year in range(1997, 2007)]


def entering(*of: tuple[str, int]) -> np.ndarray:
    """Shares of entrants, of all given sexes and ages alike."""
    table = assumptions.load("3B").resolve("statutory").table("population.entry_age_shares")
    return shares(table, dict.fromkeys(of, 1.0 / len(of)))


def retiring_young(by: int) -> dict[str, Any]:
    """Ages of retirement so many years lower from 1998 on, that entrants reach them within a short horizon."""
    base = assumptions.load("3B").resolve("statutory")

    def lower(name: str) -> dict[str, Any]:
        table = base.table(name)
        coords = {"age": [int(age) - by for age in table.coords["age"]]}
        return later(table.values, 1998, coords=coords)

    return {
        "retirement.hazard": lower("retirement.hazard"),
        "law_1973.severance_factor": lower("law_1973.severance_factor"),
        "retirement.last_age": later(base.number("retirement.last_age") - by, 1998),
        "guarantee.minimum_age": later(base.number("guarantee.minimum_age") - by, 1998),
        "welfare_fund.enacted": True,
    }


@pytest.mark.slow
def test_the_welfare_fund() -> None:
    """Complements of who came after the reform, with a ceiling that falls; the fund runs dry in between."""
    changes = retiring_young(20) | {
        "reform.last_year": 2016,
        "population.entry_age_shares": entering(("m", 28), ("f", 29)),
        "law_1995.weeks_retirement": 300.0,
        "welfare_fund.first_year": 2010,
        "welfare_fund.age": 42.0,
        "welfare_fund.ceiling": {1940: 90.0, 2013: 75.0},
        "welfare_fund.balance": 2e9,
        "welfare_fund.inflow": {1940: 0.0, 2014: 2e8},
    }
    pack = small("3B", "statutory", changes)
    assert faults(pack) == []
    memo = project(inputs_of(pack))["memo"]
    complements, shortfall = memo["welfare_fund_complements"], memo["welfare_fund_shortfall"]
    assert not any(complements[year] for year in range(1997, 2010))
    assert any(0.0 < shortfall[year] < complements[year] for year in complements)


@pytest.mark.slow
def test_the_welfare_fund_under_the_law_of_2020() -> None:
    """With the guarantee by career, age and weeks; the decree as it is shipped but for its ages."""
    changes = retiring_young(20) | {
        "reform.last_year": 2026,
        "population.wage_groups": 3,
        "population.entry_age_shares": entering(("f", 29)),
        "law_1995.weeks_retirement": 500.0,
        "welfare_fund.age": 45.0,
        "welfare_fund.first_year": 2021,
    }
    pack = small("3B", "statutory", changes, ("reform_december_2020",))
    assert faults(pack) == []
    assert run_case(pack).complemented[-1] > 0.0
