"""Legal cases that the engine does not answer yet, held against a second text written from the law (tests/oracle).

A function of the engine takes a rule over by one line: put it in ENGINE under the rule's name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assumptions
from assumptions import observed_prices
from engine.law import account, award, new, old, state, wage
from engine.law import occupational as degrees
from engine.prepare import economy, guarantee_cells, rules, wage_bands
from tests.oracle import law_letter, law_today

CASES = Path(__file__).parent / "cases"
FIRST_STEP = 2023
KEYS = {"name", "situation", "article", "derivation", "authority", "rule", "given", "expected", "tolerance"}

Rule = Callable[..., Mapping[str, Any]]


def engine_bands(
    rows: list[dict[str, str]], wage: float, minimum_wage: float, uma: float, in_uma: bool
) -> float:
    """The engine's reading of rows of the tables, for a wage in the money of its units."""
    found = []
    for row in rows:
        bound = float(row["up_to"] or 0.0)
        of_uma = row["up_to_unit"] == "UMA" or (in_uma and bound > 1.0)
        found.append([FIRST_STEP, 0.0 if of_uma else bound, bound if of_uma else 0.0, float(row["value"])])
    if found[-1][1] or found[-1][2]:
        found.append([FIRST_STEP, 0.0, 0.0, 0.0])
    one = np.ones(1)
    bands = wage_bands.of_rows(np.array(found), np.array([FIRST_STEP]), one, minimum_wage * one, uma * one)
    return float(account.by_wage(wage, bands, 0))


def ceav_rate(year: int, payer: str, wage: float, minimum_wage: float, uma: float) -> dict[str, float]:
    rows = [
        row
        for row in law_today.table("ceav_rates")
        if row["payer"] == payer and int(row["from_year"]) <= year
    ]
    of_year = [row for row in rows if row["from_year"] == rows[-1]["from_year"]]
    return {"rate": engine_bands(of_year, wage, minimum_wage, uma, in_uma=False)}


def social_quota(
    date: str,
    wage: float,
    minimum_wage: float,
    uma: float = 0.0,
    index_now: float = 1.0,
    index_base: float = 1.0,
) -> dict[str, float]:
    rows = [
        row for row in law_today.table("social_quota") if row["from_date"] <= date <= (row["to_date"] or date)
    ]
    if not rows:
        return {"quota": 0.0}
    found = engine_bands(rows, wage, minimum_wage, uma, in_uma=date >= "2017-01-01")
    return {"quota": found * index_now / index_base}


def weeks_required(year: int) -> dict[str, int]:
    resolved = assumptions.load("3B", overlays=["reform_december_2020"]).resolve("statutory")
    return {"weeks": int(resolved.path("law_1995.weeks_retirement", [year])[0])}


def guarantee_of(year: int, age: int, weeks: int, career_wage_uma: float) -> float:
    """The engine's cell in the shipped reform, pesos a month at prices of December 2019."""
    resolved = assumptions.load("3B", overlays=["reform_december_2020"]).resolve("statutory")
    years = np.array([year])
    cells = guarantee_cells.career_guarantee(resolved, years)
    law = rules.new_law(resolved, year)
    above = weeks - law.weeks_retirement
    found = new.career_guarantee(0.0, float(age), above, career_wage_uma * cells.uma[0], cells, 0)
    return float(found) / 12 * law_today.prices(2019) / law_today.prices(1996)


def guaranteed_pension(
    year: int, age: int, weeks: int, career_wage_uma: float, month: int = 2
) -> dict[str, float]:
    resolved = assumptions.load("3B", overlays=["reform_december_2020"]).resolve("statutory")
    if not new.has_pension(float(age), float(weeks), rules.new_law(resolved, year)):
        return {"pension": 0.0, "cell": 0.0}
    cell = guarantee_of(year, age, weeks, career_wage_uma)
    december = year - 1 if month >= 2 else year - 2
    return {"pension": cell * law_today.prices(december) / law_today.prices(2019), "cell": cell}


def disability_minimum(year: int, month: int = 2) -> dict[str, float]:
    resolved = assumptions.load("3B", overlays=["reform_december_2020"]).resolve("statutory")
    real = economy.guarantee(resolved, np.arange(1997, year + 1))[-1] / 12
    cell = float(real) * law_today.prices(2019) / law_today.prices(1996)
    return {"pension": cell * law_today.prices(year - 1) / law_today.prices(2019), "cell": cell}


def early_pension(year: int, weeks: int, career_wage_uma: float, annuity: float) -> dict[str, object]:
    resolved = assumptions.load("3B", overlays=["reform_december_2020"]).resolve("statutory")
    own = guarantee_of(year, 50, weeks, career_wage_uma) * law_today.prices(year - 1) / law_today.prices(2019)
    law = rules.new_law(resolved, year)
    return {
        "threshold": law.early_multiple * own,
        "entitled": bool(new.has_early_pension(annuity, 1.0, own, law)),
    }


def art_167(average_wage_mw: float) -> dict[str, float]:
    tables = rules.old_law_tables(assumptions.load("3B").resolve("statutory"))
    group = old.art_167_group(average_wage_mw, tables.group_upper)
    return {"basic": float(tables.basic[group]), "increment": float(tables.increment[group])}


def severance_age(years: int, months: int) -> dict[str, int]:
    tables = rules.old_law_tables(assumptions.load("3B").resolve("statutory"))
    share = old.severance_share(float(years), float(months), tables)
    ages = np.flatnonzero(tables.severance_factor == share)
    return {"age": int(tables.severance_age) + int(ages[0]) if ages.size else 0}


def occupational(wage: float, degree: float, invalidity: float = 0.0) -> dict[str, float]:
    """By the engine's functions, the pension of disability put in as the floor."""
    law = rules.old_law(assumptions.load("3B").resolve("statutory"))
    plain = law._replace(occupational_bonus=0.0)
    amount = float(old.occupational_amount(wage, law))
    paid = old.occupational_limited(amount, invalidity, *degrees.degree_shares(degree, plain)).pension
    with_bonus = old.occupational_limited(amount, invalidity, *degrees.degree_shares(degree, law)).pension
    at_once = float(degrees.indemnity(degree, amount, law))
    instead = degree <= law.indemnity_degree
    return {
        "pension": float(paid),
        "indemnity": at_once if instead else 0.0,
        "choice": 0.0 if instead else at_once,
        "bonus": float(with_bonus - paid),
    }


def average_of_weeks(wages: list[float], density: float, weeks: float) -> dict[str, float]:
    """By the engine's window, on wages that do not go further back than they are told."""
    sets = {
        "contributions.density": density,
        "law_1973.average_weeks": weeks,
        "law_1995.iv_average_weeks": weeks,
    }
    pack = assumptions.load("3B").resolve("statutory").with_values(sets)
    years = min(float(rules.windows(pack, np.array([1997]))[0].years[0]), float(len(wages)))
    whole = int(years)
    total = sum(wages[:whole]) + (wage.part_of_year(years) * wages[whole] if years > whole else 0.0)
    return {"average_wage": float(wage.reference_wage(total, years)), "years": years}


def unemployment_withdrawal(wage: float, balance: float) -> dict[str, float]:
    one = rules.withdrawals(assumptions.load("3B").resolve("statutory"))._replace(frequency=1.0)
    return {"withdrawal": balance * (1.0 - float(account.left_by_unemployment(balance, wage, 1.0, one)))}


def disability_weeks(weeks: int, severe: bool, insured_before: bool) -> dict[str, bool]:
    """By the engine's award of disability to somebody without an account."""
    resolved = assumptions.load("3B").resolve("statutory")
    law = award.Law(rules.old_law(resolved), rules.new_law(resolved), state.EXHAUSTION, state.EXHAUSTION)
    claim = award.Claim(
        50.0, float(weeks), insured_before, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0
    )
    found = award.disability(claim, award.Prices(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, True), law, severe)
    return {"insured": bool(found.entitled)}


def welfare_complement(age: int, pension: float, last_wage: float, date: str) -> dict[str, float]:
    """By the engine's ceiling, carried from its pesos a day to those a month of the year's average prices."""
    resolved = assumptions.load("3B", overlays=["welfare_fund"]).resolve("statutory")
    year = int(date[:4])
    money = observed_prices()[year].average / observed_prices()[1996].december
    daily = float(resolved.path("welfare_fund.ceiling", np.array([year]))[0])
    ceiling = daily * resolved.number("economy.days_per_year") / 12.0 * money
    from_age = resolved.number("welfare_fund.age")
    return {"complement": float(new.welfare_complement(pension, last_wage, ceiling, float(age), from_age))}


def old_pension(
    average_wage_mw: float, weeks: int, spouse: bool = False, children: int = 0, parents: int = 0
) -> dict[str, float]:
    """By the engine's award at 65, in minimum wages."""
    resolved = assumptions.load("3B").resolve("statutory")
    law = award.Law(rules.old_law(resolved), rules.new_law(resolved), state.EXHAUSTION, state.EXHAUSTION)
    tables, o = rules.old_law_tables(resolved), law.old
    row = old.art_167_group(average_wage_mw, tables.group_upper)
    years = old.increment_years(
        float(weeks), o.weeks_retirement, o.weeks_per_year, o.rest_half_from, o.rest_full_above
    )
    share = old.family_allowance(spouse, float(children), float(parents), rules.family_allowances(resolved))
    claim = award.Claim(
        65.0, float(weeks), True, 0.0, average_wage_mw, 0.0, tables.basic[row], tables.increment[row], years,
        1.0, share, 0.0, 0.0, 1.0,
    )  # fmt: skip
    found = award.retirement(claim, award.Prices(1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, False), law)
    base = found.pension / (1.0 + o.bonus)
    return {
        "base": base,
        "allowances": found.allowances,
        "bonus": found.pension - base,
        "year": found.pension + found.allowances,
        "widow": resolved.number("law_1973.widow_share") * base,
    }


def new_disability(
    reference: float, guarantee: float, spouse: bool = False, children: int = 0, parents: int = 0
) -> dict[str, float]:
    resolved = assumptions.load("3B").resolve("statutory")
    n = rules.new_law(resolved)
    law = award.Law(rules.old_law(resolved), n, state.EXHAUSTION, state.EXHAUSTION)
    share = old.family_allowance(spouse, float(children), float(parents), rules.family_allowances(resolved))
    claim = award.Claim(
        50.0, n.weeks_disability, False, 0.0, 0.0, reference, 0.0, 0.0, 0.0, 0.0, share, 0.0, 0.0, 1.0
    )
    # Without a guarantee the pension is the law's share and what is beside it; with one, the State's part is told.
    plain, found = (
        award.disability(claim, award.Prices(1.0, least, 1.0, 1.0, 1.0, 1.0, 1.0, True), law, False)
        for least in (0.0, guarantee)
    )
    return {
        "base": plain.pension_new,
        "allowances": plain.allowances_new,
        "bonus": found.bonus_new,
        "top_up": found.top_up,
        "widow": resolved.number("law_1995.widow_share") * plain.pension_new,
    }


ENGINE: dict[str, Rule] = {
    "new_disability": new_disability,
    "old_pension": old_pension,
    "disability_weeks": disability_weeks,
    "occupational": occupational,
    "average_of_weeks": average_of_weeks,
    "unemployment_withdrawal": unemployment_withdrawal,
    "art_167": art_167,
    "severance_age": severance_age,
    "guaranteed_pension": guaranteed_pension,
    "disability_minimum": disability_minimum,
    "early_pension": early_pension,
    "ceav_rate": ceav_rate,
    "social_quota": social_quota,
    "weeks_required": weeks_required,
    "welfare_complement": welfare_complement,
}
"""Rules that the engine answers: name -> a function with the second text's arguments and results."""


def _cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.toml")):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        if document.get("held_by") == Path(__file__).name:
            found += [pytest.param(case, id=f"{path.stem}: {case['name']}") for case in document["case"]]
    return found


def second_text(rule: str) -> Rule:
    function: Rule = getattr(law_today, rule, None) or getattr(law_letter, rule)
    return function


def spread(
    given: Mapping[str, Any], expected: Mapping[str, Any]
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """A list of results is so many cases: lists of that length in `given` are read across, the rest is shared."""
    sizes = {len(value) for value in expected.values() if isinstance(value, list)}
    if not sizes:
        return [(dict(given), dict(expected))]
    (size,) = sizes
    return [
        (
            {k: v[i] if isinstance(v, list) and len(v) == size else v for k, v in given.items()},
            {k: v[i] for k, v in expected.items()},
        )
        for i in range(size)
    ]


@pytest.mark.parametrize("case", _cases())
def test_legal_case(case: dict[str, Any]) -> None:
    assert set(case) == KEYS
    rules = [second_text(case["rule"]), *(ENGINE[name] for name in ENGINE if name == case["rule"])]
    for rule in rules:
        for given, expected in spread(case["given"], case["expected"]):
            result = rule(**given)
            for name, value in expected.items():
                told = f"{name} of {given}: {case['article']}: {case['derivation']}"
                if isinstance(value, float | int) and not isinstance(value, bool):
                    assert result[name] == pytest.approx(value, rel=1e-12, abs=case["tolerance"]), told
                else:
                    assert result[name] == value, told


def test_every_row_of_the_tables_says_unit_source_place_and_confidence() -> None:
    for path in sorted(law_today.DATA.glob("*.csv")):
        for row in law_today.table(path.stem):
            assert all(row[column] for column in ("value", "unit", "source", "locator")), (
                f"{path.name}: {row}"
            )
            assert row["confidence"] in ("A", "B", "C"), f"{path.name}: {row}"


DAYS_OF_A_MONTH = 30.0
"""A day of a pension that is paid by the month."""


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("law_1995.bonus_months", "aguinaldo_disability_days"),
        ("law_1973.occupational_bonus_months", "aguinaldo_occupational_days"),
    ],
)
def test_a_bonus_is_that_of_the_table(name: str, rule: str) -> None:
    resolved = assumptions.load("3B").resolve("statutory")
    days = float(law_today.rule(rule, "1997-07-01")["value"])
    assert resolved.path(name, np.array([1997]))[0] == days / DAYS_OF_A_MONTH


def test_the_employers_rate_rises_in_eight_equal_steps() -> None:
    """The decree goes from 3.15% to the rates of 2030 by eighths, printed to a thousandth of a point."""
    rates = {
        (int(row["from_year"]), row["band"]): float(row["value"])
        for row in law_today.table("ceav_rates")
        if row["payer"] == "employer" and int(row["from_year"]) >= FIRST_STEP
    }
    bands = {band for _, band in rates}
    assert len(bands) == 8
    assert len(rates) == 8 * 8
    for (year, band), rate in rates.items():
        steps = year - FIRST_STEP + 1
        assert rate == pytest.approx(0.0315 + steps / 8 * (rates[2030, band] - 0.0315), abs=1e-5), (
            year,
            band,
        )


def test_the_guarantee_is_linear_in_weeks_and_age_within_a_peso() -> None:
    """So a cell that no scan shows (legible: pattern) and a cell misread by one digit would be seen."""
    cells = {
        (row["below_uma"], int(row["age"]), int(row["weeks_above"])): float(row["value"])
        for row in law_today.table("guaranteed_pension")
    }
    assert len(cells) == 5 * 6 * 11
    for (band, age, weeks), value in cells.items():
        first, more = cells[band, 60, 0], cells[band, 60, 250] - cells[band, 60, 0]
        older = cells[band, 65, 0] - first
        line = first + weeks / 250 * more + (age - 60) / 5 * older
        assert value == pytest.approx(line, abs=1.0), (band, age, weeks)


def test_quota_of_2009_continues_that_of_1997() -> None:
    """3.22564 of December 2008 is 1.45475 of June 1997: 2.2173, of the indices 2.2174, a unit of the last digit."""
    old = law_today.social_quota("1997-07-01", 26.45, 26.45, index_now=2.2174)["quota"]
    least = law_today.social_quota("2009-07-01", 15 * 54.80, 54.80)["quota"]
    assert least == pytest.approx(old, abs=1e-4 * 1.45475)


@pytest.mark.parametrize(
    ("name", "raw", "factor"),
    [
        ("contributions.ceav_employer_bands", "ceav_rates", 1.0),
        ("state.social_quota_bands", "social_quota", None),
    ],
)
def test_the_shipped_reform_has_the_rows_of_the_decree(name: str, raw: str, factor: float | None) -> None:
    """At prices of December 1996: those of December 2022 over the INPC of the two."""
    rows = assumptions.load("3B", overlays=["reform_december_2020"]).resolve("statutory").table(name).values
    by_year = factor or law_today.prices(1996) / law_today.prices(2022)
    for year in range(2023, 2032):
        reached = max(start for start in rows[:, 0] if start <= year)
        found = [tuple(row[1:]) for row in rows if row[0] == reached]
        if raw == "ceav_rates":
            of = [r for r in law_today.table(raw) if r["payer"] == "employer" and int(r["from_year"]) <= year]
            wanted = [r for r in of if r["from_year"] == of[-1]["from_year"]]
        else:
            day = f"{year}-06-30"
            wanted = [r for r in law_today.table(raw) if r["from_date"] <= day <= (r["to_date"] or day)]
        assert len(found) == len(wanted)
        for (mw, uma, value), row in zip(found, wanted, strict=True):
            bound = float(row["up_to"] or 0.0)
            assert (mw, uma) == ((bound, 0.0) if row["up_to_unit"] == "minimum wage" else (0.0, bound))
            assert value == pytest.approx(float(row["value"]) * by_year, rel=1e-7)
