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
    for name in ("gdp", "contributors", "entrants"):
        ours |= labelled(name, getattr(engine, name))
    ours |= labelled("exits", engine.exits, CAUSES)
    ours |= labelled("cost", engine.cost, COMPONENTS)
    ours |= labelled("acquired_rights_by_type", engine.acquired_by_type, TYPES)
    ours |= labelled("mpg_by_type", engine.mpg_by_type, TYPES)
    ours |= labelled("contributions", engine.contributions[: len(FUNDS)], FUNDS)
    ours |= labelled("assets", engine.assets, FUNDS)
    ours |= labelled("awards", engine.flows.awards, GENERATIONS, REGIMES, TYPES)
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
DEARER = {"guarantee.mpg": 50.0, "contributions.density": 0.6}
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
    "mpg_replica": ("4A", "statutory", {"basis.mpg": "replica"}),
    "flat_pensions": ("1B", "statutory", {"basis.old_law_benefit": "minimum"}),
    "not_indexed": (
        "1A",
        "statutory",
        {"basis.old_law_indexation": "none", "basis.ongoing_indexation": "none"},
    ),
    "uniform_growth": ("1B", "statutory", {"basis.wage_growth": "uniform"}),
    "everybody_exposed": ("1B", "statutory", {"basis.retirement_exposure": "all"}),
    "full_time_quota": (
        "1B",
        "statutory",
        {"basis.quota_basis": "full_time", "basis.account_quota_basis": "full_time"},
    ),
    "factor": ("1B", "statutory", {"basis.infonavit_offset": "factor"}),
    "pooled_contributions": ("1B", "statutory", {"basis.infonavit_offset": "pooled_contributions"}),
    "type_split": ("4B", "statutory", {"basis.type_split": "replica"}),
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
    "july_1997": ("1B", "statutory", HALF),
    "postponed": ("3B", "statutory", {"reform.date": "1998-07-01"}),
    "postponed_long": ("1B", "statutory", {"reform.date": "2003-01-01"}),
    "july_1997_published": ("1B", "published", HALF | {"basis.mpg": "capital"}),
    "not_enacted_old_law": ("1B", "statutory", {"reform.enacted": False, "basis.choice": "old_law"}),
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
        "contributions.infonavit_loan_share": draw.uniform(0.0, 0.4),
        "contributions.infonavit_collection": steps(0.5, 1.0),
        "contributions.ceiling_retirement": steps(4.0, 25.0),
        "contributions.ceiling_ceav": steps(3.0, 20.0),
        "contributions.ceiling_iv": steps(3.0, 20.0),
        "contributions.ceiling_infonavit": steps(2.0, 10.0),
        "law_1973.ceiling_average_wage": steps(2.0, 20.0),
        "law_1973.weeks_retirement": draw.randint(300, 700),
        "law_1995.weeks_retirement": draw.randint(500, 1250),
        "law_1995.weeks_disability": draw.randint(100, 300),
        "law_1973.widow_share": draw.uniform(0.4, 0.9),
        "law_1995.widow_share": draw.uniform(0.4, 0.9),
        "guarantee.mpg": draw.uniform(20.0, 60.0),
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
        "account_quota_basis",
        "wage_growth",
        "retirement_exposure",
        "type_split",
        "state_accounts",
        "prices",
        "choice",
    ):
        changes["basis." + switch] = draw.choice(base.item("basis." + switch).choices)
    if draw.random() < 0.3:
        changes["population.inactive_number"] = draw.uniform(1e4, 3e5)
    changes["guarantee.real_growth"] = steps(-0.03, 0.06)
    return base.with_values(changes)


@pytest.mark.parametrize("code", ["1B", "3B"])
def test_the_reform_of_2020(code: str) -> None:
    """Weeks by year, rates and quotas by wage: the shipped overlay to 2036."""
    changes = {"reform.last_year": 2036, "population.wage_groups": 4}
    assert faults(small(code, "statutory", changes, ("reform_december_2020",))) == []


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
