"""Legal cases as data: situation, article, derivation by hand, result. They run against the law's formulas.

Values of the law come from the assumptions, expected results from the law's text, worked out in each case's derivation.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assumptions
from assumptions import Resolved
from engine.law import award, choice, new, old, state
from engine.prepare import economy, rules

CASES = Path(__file__).parent / "cases"
KEYS = {"name", "situation", "article", "derivation", "rule", "given", "expected"}
RELATIVE = 1e-11
"""Expected figures are written to twelve decimals or more digits than that."""

Given = Mapping[str, Any]


def _cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.toml")):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        if "held_by" in document:  # another test holds them
            continue
        for case in document["case"]:
            found.append(pytest.param(case, id=f"{path.stem}: {case['name']}"))
    return found


@cache
def pack(scenario: str = "1B") -> Resolved:
    return assumptions.load(scenario).resolve("statutory")


def _law(given: Given) -> award.Law:
    resolved = pack()
    law = rules.old_law(resolved)
    if "bonus_months" in given:
        law = law._replace(bonus=given["bonus_months"] / rules.MONTHS)
    if "minimum_pension_weeks" in given:
        law = law._replace(minimum_pension_weeks=float(given["minimum_pension_weeks"]))
    return award.Law(law, rules.new_law(resolved), state.EXHAUSTION, state.EXHAUSTION)


def _years(weeks: float, law: old.OldLaw) -> float:
    return old.increment_years(
        weeks, law.weeks_retirement, law.weeks_per_year, law.rest_half_from, law.rest_full_above
    )


def _claim(given: Given, old_rights: bool) -> award.Claim:
    """The claim of a situation: amounts in pesos, or in minimum wages where the key says so; what is not said is nil."""
    tables, wage = rules.old_law_tables(pack()), _minimum_wage()
    weeks, average = float(given.get("weeks", 0.0)), given.get("average_wage_mw", 1.0)
    group = old.art_167_group(average, tables.group_upper)
    age = float(given.get("age", 65.0))
    return award.Claim(
        age=age,
        weeks=weeks,
        old_rights=old_rights,
        wage=given.get("wage", given.get("wage_mw", 0.0) * wage),
        average_wage=average * wage,
        reference_wage=given.get("reference", 0.0),
        basic=tables.basic[group],
        increment=tables.increment[group],
        years=_years(weeks, _law(given).old),
        age_share=old.severance_factor(age, tables.severance_age, tables.severance_factor),
        allowance=_allowance(given),
        account=given.get("account", 0.0),
        handed_over=0.0,
        degree=given.get("degree", 1.0),
    )


def _prices(given: Given) -> award.Prices:
    unit = given.get("unit", 1.0)
    rising = given.get("unit_guarantee", unit)
    return award.Prices(_minimum_wage(), _guarantee(), unit, unit, rising, unit, unit, True)


def _allowance(given: Given) -> float:
    return old.family_allowance(
        bool(given.get("spouse", False)),
        float(given.get("children", 0)),
        float(given.get("parents", 0)),
        rules.family_allowances(pack()),
    )


def _minimum_wage() -> float:
    return pack().number("economy.minimum_wage_daily") * pack().number("economy.days_per_year")


def _survivors(given: Given, prefix: str = "") -> float:
    number = pack().number
    widow = bool(given.get("widow", False))
    spouse = widow or bool(given.get("other_parent", False))
    return old.survivors_share(
        float(spouse),
        float(given.get("children", 0)),
        number(f"law_1973.{prefix}widow_share") if widow else 0.0,
        number(f"law_1973.{prefix}orphan_share"),
        number(f"law_1973.{prefix}orphan_share_both"),
        number("law_1973.survivors_cap"),
    )


def retirement(given: Given) -> dict[str, Any]:
    claim = _claim(given, True)
    found = award.retirement(claim, _prices(given), _law(given))
    return {
        "basic": claim.basic,
        "increment": claim.increment,
        "pension_mw": (found.pension + found.allowances) / _minimum_wage(),
    }


def disability(given: Given) -> dict[str, Any]:
    found = award.disability(_claim(given, True), _prices(given), _law(given), False)
    return {"pension_mw": (found.pension + found.allowances) / _minimum_wage()}


def death(given: Given) -> dict[str, Any]:
    share = _survivors(given)
    found = award.death(_claim(given, True), _prices(given), _law(given))
    return {"share": share, "pension_mw": share * found.pension / _minimum_wage()}


def occupational(given: Given) -> dict[str, Any]:
    found = award.occupational(_claim(given, True), _prices(given), _law(given), _family(given))
    pension, share = found.pension / _minimum_wage(), _survivors(given, "occupational_")
    return {"pension_mw": pension, "share": share, "survivors_mw": share * pension}


def _family(given: Given) -> bool:
    return bool(given.get("widow", False)) or "children" in given


def increment_years(given: Given) -> dict[str, Any]:
    return {"years": _years(float(given["weeks"]), _law(given).old)}


def completed_weeks(given: Given) -> dict[str, Any]:
    return {"weeks": old.completed_weeks(given["service"], pack().number("law_1973.weeks_per_year"))}


def allowance(given: Given) -> dict[str, Any]:
    return {"allowance": _allowance(given)}


def _guarantee() -> float:
    return float(economy.guarantee(pack(), np.array([1997]))[0])


def account(given: Given) -> dict[str, Any]:
    found = award.retirement(_claim(given, False), _prices(given), _law(given))
    return {
        "annuity": given["account"] / given["unit"],
        "pension": found.pension_new,
        "value": found.value_new,
        "shortfall": found.state_new,
    }


def withdrawal(given: Given) -> dict[str, Any]:
    guarantee = _guarantee() if given["entitled"] else 0.0
    return {"withdrawal": new.withdrawal(given["balance"], given["unit"], guarantee)}


def insured_weeks(given: Given) -> dict[str, Any]:
    claim, prices, law = _claim(given, False), _prices(given), _law(given)
    if given.get("dead", False):
        return {"insured": award.death(claim, prices, law).entitled}
    return {"insured": award.disability(claim, prices, law, given["severe"]).entitled}


def insured(given: Given) -> dict[str, Any]:
    law, prices = _law(given), _prices(given)
    occupational_risk = "wage" in given
    claim = _claim({"weeks": law.new.weeks_disability, **given}, False)
    alone = claim._replace(account=0.0)
    by_kind = award.occupational if occupational_risk else award.disability

    def rule(*at: Any) -> award.Award:
        return by_kind(*at, False)

    found, insured = rule(claim, prices, law), rule(alone, prices, law)
    prefix = "occupational_" if occupational_risk else ""
    return {
        "pension": insured.pension_new + insured.allowances_new,
        "bonus": insured.bonus_new,
        "top_up": found.top_up,
        "value": found.value_new,
        "widow": insured.pension_new * pack().number(f"law_1995.{prefix}widow_share"),
    }


def net_rates(given: Given) -> dict[str, Any]:
    found = rules.contribution_rates(pack(), np.array([1997]))
    return {"retirement": found.retirement.value[0, 0], "ceav": found.severance.value[0, 0]}


def quota(given: Given) -> dict[str, Any]:
    return {"quota": pack().number("state.social_quota") * pack().number("economy.days_per_year")}


def ceiling(given: Given) -> dict[str, Any]:
    return {"ceiling_mw": pack().path("contributions.ceiling_ceav", np.array([given["year"]]))[0]}


def takes_old_law(given: Given) -> dict[str, Any]:
    return {"old_law": choice.takes_old_law(given["value_old"], given["kept"], given["value_new"])}


def surrender(given: Given) -> dict[str, Any]:
    resolved = pack(given["scenario"]).with_values({"basis.surrendered_funds": given["funds"]})
    balances = np.array([given[name] for name in ("retirement", "ceav", "quota", "infonavit")])
    handed_over = float(rules.surrender(resolved, np.array([1997]))[:, 0] @ balances)
    return {"handed_over": handed_over, "kept": float(balances.sum()) - handed_over}


RULES: dict[str, Callable[[Given], dict[str, Any]]] = {
    "account": account,
    "allowance": allowance,
    "ceiling": ceiling,
    "choice": takes_old_law,
    "completed_weeks": completed_weeks,
    "death": death,
    "disability": disability,
    "increment_years": increment_years,
    "insured": insured,
    "insured_weeks": insured_weeks,
    "net_rates": net_rates,
    "occupational": occupational,
    "quota": quota,
    "retirement": retirement,
    "surrender": surrender,
    "withdrawal": withdrawal,
}


@pytest.mark.parametrize("case", _cases())
def test_legal_case(case: dict[str, Any]) -> None:
    assert set(case) == KEYS
    result = RULES[case["rule"]](case["given"])
    for name, expected in case["expected"].items():
        assert result[name] == pytest.approx(expected, rel=RELATIVE, abs=1e-12), (
            f"{name}: {case['article']}: {case['derivation']}"
        )


def test_every_wage_group_is_tried_at_and_above_its_bound() -> None:
    upper = pack().table("law_1973.art_167").values[:-1, 0]
    tried = {
        float(case.values[0]["given"]["average_wage_mw"])  # type: ignore[index]
        for case in _cases()
        if case.values[0]["rule"] == "retirement"  # type: ignore[index]
    }
    for bound in upper:
        assert bound in tried
        assert round(bound + 0.01, 2) in tried
