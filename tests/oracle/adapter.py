"""Inputs of the oracle from a pack of assumptions, read by name only.

The blocks of the opening population, no plain value of a pack, are made here as `docs/methods.md` says.
"""

from __future__ import annotations

import math
from typing import Any

from assumptions import Resolved
from tests.oracle.oracle import CEILINGS, LONGEST_LIFE, SEXES, Block, ByYear, Inputs, wage_groups

NUMBERS = {  # key of the oracle -> name of the assumption
    "minimum_wage_daily": "economy.minimum_wage_daily",
    "minimum_wage_base": "economy.minimum_wage_base",
    "days_per_year": "economy.days_per_year",
    "real_wage_growth_history": "economy.real_wage_growth_history",
    "gdp_1997": "economy.gdp_1997",
    "replica_gdp_1997": "replica.gdp_1997",
    "density": "contributions.density",
    "retirement_rate": "contributions.retirement_employer",
    "infonavit_rate": "contributions.infonavit_employer",
    "unemployment_frequency": "contributions.unemployment_frequency",
    "unemployment_days": "law_1995.unemployment_days",
    "unemployment_share": "law_1995.unemployment_share",
    "infonavit_loan_share": "contributions.infonavit_loan_share",
    "old_ivcm_state": "contributions.old_ivcm_state",
    "pensioners_health": "contributions.pensioners_health",
    "occupational_premium": "contributions.occupational_premium",
    "health_quota_share": "memo.health_quota_share",
    "old_health_rate": "memo.old_health_rate",
    "old_health_state_share": "memo.old_health_state_share",
    "iv_state": "contributions.iv_state",
    "early_multiple": "guarantee.early_multiple",
    "flat_multiple": "law_1973.flat_multiple",
    "minimum_pension_mw": "law_1973.minimum_pension_mw",
    "bonus_months": "law_1973.bonus_months",
    "months_per_year": "law_1973.months_per_year",
    "allowance_spouse": "law_1973.allowance_spouse",
    "allowance_child": "law_1973.allowance_child",
    "allowance_alone": "law_1973.allowance_alone",
    "child_age_limit": "law_1973.child_age_limit",
    "widow_share": "law_1973.widow_share",
    "orphan_share": "law_1973.orphan_share",
    "orphan_share_both": "law_1973.orphan_share_both",
    "survivors_cap": "law_1973.survivors_cap",
    "ascendant_share": "law_1973.ascendant_share",
    "mean_degree": "decrements.occupational_mean_degree",
    "indemnity_degree": "law_1973.indemnity_degree",
    "bonus_degree": "law_1973.bonus_degree",
    "occupational_bonus_months": "law_1973.occupational_bonus_months",
    "old_occupational_share": "law_1973.occupational_disability_share",
    "occupational_widow_share": "law_1973.occupational_widow_share",
    "occupational_orphan_share": "law_1973.occupational_orphan_share",
    "occupational_orphan_share_both": "law_1973.occupational_orphan_share_both",
    "new_widow_share": "law_1995.widow_share",
    "new_orphan_share": "law_1995.orphan_share",
    "new_orphan_share_both": "law_1995.orphan_share_both",
    "new_survivors_cap": "law_1995.survivors_cap",
    "new_ascendant_share": "law_1995.ascendant_share",
    "new_occupational_widow_share": "law_1995.occupational_widow_share",
    "new_occupational_orphan_share": "law_1995.occupational_orphan_share",
    "new_occupational_orphan_share_both": "law_1995.occupational_orphan_share_both",
    "guarantee_minimum_age": "guarantee.minimum_age",
    "iv_share": "law_1995.iv_share",
    "iv_bonus_months": "law_1995.bonus_months",
    "new_occupational_share": "law_1995.occupational_share",
    "contributors": "population.contributors",
    "average_wage_mw": "population.average_wage_mw",
    "wage_floor_mw": "population.wage_floor_mw",
    "active_mortality_scale": "decrements.active_mortality_scale",
    "iv_disability_scale": "decrements.iv_disability_scale",
    "dependent_widower_share": "family.dependent_widower_share",
    "dependent_parents": "family.dependent_parents",
    "anchor": "outlook.anchor",
    "welfare_age": "welfare_fund.age",
    "welfare_balance": "welfare_fund.balance",
    "replica_c4_over_c2": "replica.c4_over_c2",
    "replica_c5_over_c3": "replica.c5_over_c3",
}
FAMILY_SHARES = ("widow_share", "orphan_share", "orphan_share_both", "ascendant_share", "survivors_cap")
WHOLE_NUMBERS = {
    "first_year": "reform.first_year",
    "last_year": "reform.last_year",
    "state_year": "reform.state_year",
    "price_base_year": "economy.price_base_year",
    "gdp_base_year": "economy.gdp_base_year",
    "replica_gdp_base_year": "replica.gdp_base_year",
    "anchor_from": "outlook.anchor_from",
    "welfare_first_year": "welfare_fund.first_year",
    "last_age": "retirement.last_age",
    "weeks_per_year": "law_1973.weeks_per_year",
    "old_weeks_retirement": "law_1973.weeks_retirement",
    "old_weeks_disability": "law_1973.weeks_disability",
    "rest_half_from": "law_1973.rest_half_from",
    "rest_full_above": "law_1973.rest_full_above",
    "average_years": "law_1973.average_years",
    "minimum_pension_weeks": "law_1973.minimum_pension_weeks",
    "new_weeks_disability_before": "law_1995.weeks_disability_insured_before",
    "new_weeks_disability": "law_1995.weeks_disability",
    "new_weeks_death": "law_1995.weeks_death",
    "iv_average_years": "law_1995.iv_average_years",
    "spouse_age_difference": "family.spouse_age_difference",
    "parent_age_difference": "family.parent_age_difference",
}
SWITCHES = (
    "old_law_benefit",
    "old_law_indexation",
    "foresight",
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
    "account_history",
    "retirement_exposure",
    "awards",
    "type_split",
    "state_accounts",
    "prices",
    "art_167_ratio",
    "occupational_risks",
    "family_allowances",
    "average_weeks",
    "severance_months",
)
PATHS_OF_THE_PAST = {  # needed before the first year as well
    "inflation": "economy.inflation",
    "real_minimum_wage_growth": "economy.real_minimum_wage_growth",
    "ceiling_average_wage": "law_1973.ceiling_average_wage",
    "ceiling_occupational": "law_1973.ceiling_occupational",
}
PATHS = {
    "commission": "contributions.commission",
    "commission_balance": "contributions.commission_balance",
    "social_quota": "state.social_quota",
    "real_wage_growth": "economy.real_wage_growth",
    "gdp_growth": "economy.gdp_growth",
    "replica_gdp_growth": "replica.gdp_growth",
    "average_weeks_old": "law_1973.average_weeks",
    "average_weeks_new": "law_1995.iv_average_weeks",
    "guarantee_daily": "guarantee.mpg",
    "guarantee_growth": "guarantee.real_growth",
    "guarantee_in_payment": "guarantee.in_payment",
    "rcv_return": "funds.rcv_return",
    "annuity_return": "funds.annuity_return",
    "retirement_subaccount_return": "funds.retirement_subaccount_return",
    "infonavit_return": "funds.infonavit_return",
    "infonavit_share": "financing.infonavit_share",
    "infonavit_repayment": "financing.infonavit_repayment",
    "infonavit_collection": "contributions.infonavit_collection",
    "ceav_employer": "contributions.ceav_employer",
    "ceav_worker": "contributions.ceav_worker",
    "ceav_state": "contributions.ceav_state",
    "new_weeks_retirement": "law_1995.weeks_retirement",
    "uma": "economy.uma",
    "ceilings_in_uma": "contributions.ceilings_in_uma",
    "indexation": "law_1973.indexation",
    "indexation_floor_mw": "law_1973.indexation_floor_mw",
    "welfare_ceiling": "welfare_fund.ceiling",
    "welfare_inflow": "welfare_fund.inflow",
    "contributors_growth": "population.contributors_growth",
    "replica_acquired_rights_factor": "replica.acquired_rights_factor",
    "replica_base_rcv_return": "replica.base_rcv_return",
}
TABLES_BY_SEX = {
    "age_wage_profile": "population.age_wage_profile",
    "entry_age_shares": "population.entry_age_shares",
    "mortality_active": "mortality.active",
    "mortality_disabled": "mortality.disabled",
    "iv_disability": "decrements.iv_disability",
    "occupational_disability": "decrements.occupational_disability",
    "occupational_death": "decrements.occupational_death",
    "leaving": "decrements.leaving",
    "spouse_share": "family.spouse_share",
}
TABLES_BY_AGE = {
    "children": "family.children",
    "retirement_hazard": "retirement.hazard",
    "severance_factor": "law_1973.severance_factor",
}


DATED = (  # keys that are of the year of award or of exit
    *(key for key in NUMBERS if key.removeprefix("new_").removeprefix("occupational_") in FAMILY_SHARES),
    "allowance_spouse",
    "allowance_child",
    "allowance_alone",
    "child_age_limit",
    "active_mortality_scale",
    "iv_disability_scale",
    "dependent_widower_share",
    "dependent_parents",
    "last_age",
    "old_weeks_retirement",
    "old_weeks_disability",
    "minimum_pension_mw",
    "minimum_pension_weeks",
    "bonus_months",
    "old_occupational_share",
    "new_weeks_disability",
    "new_weeks_disability_before",
    "new_weeks_death",
    "iv_share",
    "iv_bonus_months",
    "new_occupational_share",
    "early_multiple",
    "guarantee_minimum_age",
)


def tables_of(res: Resolved) -> Inputs:
    """Tables by age, and by sex and age, and the table of Art. 167."""
    inputs: Inputs = {}
    for key, name in TABLES_BY_SEX.items():
        table = res.table(name)
        inputs[key] = {
            sex: {age: table[sex, age] for age in map(whole, table.coords["age"])} for sex in SEXES
        }
    for key, name in TABLES_BY_AGE.items():
        inputs[key] = {age: res.table(name)[age] for age in map(whole, res.table(name).coords["age"])}
    art_167 = res.table("law_1973.art_167")
    inputs["art_167"] = [
        (art_167[row, "wage_up_to_mw"], art_167[row, "basic"], art_167[row, "increment"])
        for row in art_167.coords["bracket"]
    ]
    return inputs


def of_year(res: Resolved, year: int) -> Inputs:
    """What is dated by year of award or of exit, as of one year."""
    as_of = res.in_year(year)
    found: Inputs = {key: as_of.number(NUMBERS[key]) for key in DATED if key in NUMBERS}
    found |= {key: whole(as_of.number(WHOLE_NUMBERS[key])) for key in DATED if key in WHOLE_NUMBERS}
    return found | tables_of(as_of)


def epochs_of(res: Resolved, first: int, last: int) -> dict[int, Inputs]:
    """The same by the first year from which it holds."""
    found = {first: of_year(res, first)}
    for year in range(first + 1, last + 1):
        then = of_year(res, year)
        if then != found[max(found)]:
            found[year] = then
    return found


def inputs_of(res: Resolved) -> Inputs:
    """Everything the oracle needs, as plain numbers."""
    res = res.in_year(whole(res.number("reform.first_year")))
    inputs: Inputs = {key: res.number(name) for key, name in NUMBERS.items()}
    for key, name in WHOLE_NUMBERS.items():
        inputs[key] = whole(res.number(name))
    for switch in SWITCHES:
        inputs[switch] = res.switch("basis." + switch)
    first, last = inputs["first_year"], inputs["last_year"]

    def path(name: str, start: int) -> ByYear:
        years = list(range(start, last + LONGEST_LIFE))
        return dict(zip(years, res.path(name, years).tolist(), strict=True))

    groups = wage_groups(whole(res.number("population.wage_groups")), res.number("population.wage_sigma"))
    inputs["entrant_classes"] = density_classes(res, groups)
    for key, name in PATHS.items():
        inputs[key] = path(name, first)
    inputs["history"] = history(res, inputs)
    for key, name in PATHS_OF_THE_PAST.items():
        # Prices also of the year before the first wage: a year's average lies between two ends.
        years_back = inputs["history"] + (key == "inflation")
        inputs[key] = path(name, first - years_back)
    inputs["ceilings"] = {c: path("contributions.ceiling_" + c, first) for c in CEILINGS}
    inputs["replica_mpg"] = product_of(
        path("replica.mpg", first),
        path("replica.mpg_scenario_factor", first),
        dict.fromkeys(range(first, last + LONGEST_LIFE), res.number("replica.mpg_series_factor")),
    )
    inputs |= tables_of(res)
    inputs["epochs"] = epochs_of(res, first, last)
    for branch in ("iv", "old_ivcm"):
        payers = (f"contributions.{branch}_{payer}" for payer in ("employer", "worker", "state"))
        inputs[branch + "_rate"] = sum(res.number(payer) for payer in payers)
    inputs["retirement_subaccount"] = res.number("memo.retirement_subaccount_usd") * res.number(
        "memo.exchange_rate"
    )
    for key, name in (
        ("employer_bands", "contributions.ceav_employer_bands"),
        ("quota_bands", "state.social_quota_bands"),
        ("guarantee_cells", "guarantee.cells"),
        ("increases", "law_1973.increases"),
    ):
        inputs[key] = [tuple(row) for row in res.table(name).values.tolist()]
    inputs["infonavit_surrendered"] = res.flag("financing.infonavit_surrendered")
    inputs["welfare_enacted"] = res.flag("welfare_fund.enacted")
    inputs["enacted"] = res.flag("reform.enacted")
    inputs["reform_date"] = res.date("reform.date")
    inputs["choice"] = res.switch("basis.choice")
    inputs["retirement_first_year_factor"] = res.number("retirement.first_year_factor")
    inputs["blocks"] = members(res, inputs) + arrivals(res, inputs)
    inputs["ongoing"] = ongoing(res)
    return inputs


def history(res: Resolved, inputs: Inputs) -> int:
    """Years before the first that wages are averaged over, and one more; those whose prices are known, at a low density."""
    if inputs["average_weeks"] == "calendar":
        return max(inputs["average_years"], inputs["iv_average_years"]) + 1
    years = range(inputs["first_year"], inputs["last_year"] + 1)
    weeks = [inputs[f"average_weeks_{law}"][year] for law in ("old", "new") for year in years]
    longest = max(weeks) / inputs["weeks_per_year"]
    ceilings = [f"contributions.ceiling_{ceiling}" for ceiling in CEILINGS]
    begin = [int(res.dated(name).years[0]) for name in ceilings]
    for key, name in PATHS_OF_THE_PAST.items():
        begin.append(int(res.dated(name).years[0]) + (not key.startswith("ceiling")))
    known = max(inputs["first_year"] - max(begin), math.ceil(longest) + 1)
    least = min(density for _, density, _ in inputs["entrant_classes"])
    return min(math.ceil(longest / least) + 1, known)


def members(res: Resolved, inputs: Inputs) -> list[Block]:
    """Contributors at the state's date, by sex, age and past service."""
    heads, shares = res.number("population.active_1996"), res.table("population.active_age_shares")
    if inputs["population_counts"] == "contributors":
        heads /= inputs["density"]  # those who contribute on a day, of more affiliates
    factors, weights = res.table("population.service_factors"), res.table("population.service_weights")
    blocks: list[Block] = []
    for sex in SEXES:
        for age in map(whole, shares.coords["age"]):
            for factor, weight in zip(factors.values.tolist(), weights.values.tolist(), strict=True):
                for of_class, (part, density, wages) in enumerate(inputs["entrant_classes"]):
                    if shares[sex, age] * weight == 0.0:
                        continue
                    blocks.append(
                        {
                            "kind": "member",
                            "generation": "present",
                            "sex": sex,
                            "age": age,
                            "entry": inputs["first_year"],
                            "service": past_service(res, age, factor * density / inputs["density"]),
                            "heads": heads * shares[sex, age] * weight * part,
                            "density": density,
                            "class": of_class,
                            "old_rights": True,
                            "wages": wages,
                        }
                    )
    return blocks


def arrivals(res: Resolved, inputs: Inputs) -> list[Block]:
    """Inactive at the state's date who come back: ages of the members, mean past service of their age."""
    number, rate = res.number("population.inactive_number"), res.number("population.inactive_return_rate")
    active = members(res, inputs)
    everybody = sum(member["heads"] for member in active)
    blocks: list[Block] = []
    for key in dict.fromkeys((member["sex"], member["age"], member["class"]) for member in active):
        like = [member for member in active if (member["sex"], member["age"], member["class"]) == key]
        age, heads = key[1], sum(member["heads"] for member in like)
        still_out = number * heads / everybody
        for year in range(inputs["first_year"], inputs["last_year"] + 1):
            age_back = age + year - inputs["first_year"]
            if number > 0.0 and age_back < min(inputs["retirement_hazard"]):
                arrival = like[0] | {"kind": "arrival", "entry": year, "age": age_back}
                arrival["service"] = sum(member["service"] * member["heads"] for member in like) / heads
                arrival["heads"] = still_out * rate
                still_out -= arrival["heads"]
                blocks.append(arrival)
    return blocks


def density_classes(
    res: Resolved, groups: list[float]
) -> list[tuple[float, float, list[tuple[float, float]]]]:
    """Classes of affiliates: share, density, and the wage groups with their shares of the class.

    Densities are in the given proportions, none above a whole year, and have the given mean: the factor is found by halving.
    A part of the affiliates, the rank correlation, stands at the same place among wages as among densities.
    """
    rows = res.table("contributions.density_classes").values.tolist()
    mean = res.number("contributions.density")

    def densities(factor: float) -> list[float]:
        return [min(1.0, factor * relative) for _, relative in rows]

    low, high = 0.0, 1.0 / min(relative for _, relative in rows)
    while low < 0.5 * (low + high) < high:
        middle = 0.5 * (low + high)
        found = sum(share * density for (share, _), density in zip(rows, densities(middle), strict=True))
        low, high = (middle, high) if found < mean else (low, middle)
    rho, n, begin, classes = res.number("contributions.density_wage_correlation"), len(groups), 0.0, []
    for (share, _), density in zip(rows, densities(high), strict=True):
        end = begin + share
        wages = []
        for group, relative in enumerate(groups):
            place = group if rho >= 0.0 else n - 1 - group
            same_place = max(0.0, min(end, (place + 1) / n) - max(begin, place / n))
            of_all = (1.0 - abs(rho)) * share / n + abs(rho) * same_place
            wages.append((relative, of_all / share))
        classes.append((share, density, wages))
        begin = end
    return classes


def past_service(res: Resolved, age: int, factor: float) -> float:
    """Years of service at the state's date: a line in age up to a cap, times the factor of the group.

    Never more than the years since the youngest working age.
    """
    beyond = age - res.number("population.service_pivot_age")
    line = res.number("population.service_at_30") + res.number("population.service_slope") * beyond
    mean = max(0.0, min(line, res.number("population.service_cap")))
    return min(mean * factor, max(0.0, age - res.number("population.service_max_age_start")))


# What the decrees call the kinds of pensions in payment at the state's date: types of award, 5 orphans; else retirement.
DECREED = {"retirement": 0, "disability": 1, "survivors": 2, "occupational": 3, "orphans": 5}


def ongoing(res: Resolved) -> list[dict[str, Any]]:
    """Pensions in payment at the state's date, by kind and sex."""

    def of_kind(name: str, kind: Any) -> float:
        return res.table("pensions.ongoing_" + name)[kind]

    table, level = res.table("pensions.ongoing"), res.table("pensions.ongoing_level_mw")
    return [
        {
            "sex": sex,
            "decreed": DECREED.get(str(kind), 0),
            "heads": table[kind, sex],
            "level_mw": level[kind, sex],
            "age_mean": of_kind("age_mean", kind),
            "age_sd": of_kind("age_sd", kind),
            "age_min": whole(of_kind("age_min", kind)),
            "age_end": whole(of_kind("age_end", kind)),
            "emssa_weight": of_kind("emssa_weight", kind),
            "reversion": of_kind("reversion", kind) == 1.0,
        }
        for kind in table.coords["kind"]
        for sex in SEXES
    ]


def product_of(*paths: ByYear) -> ByYear:
    """Paths multiplied year by year."""
    product = dict.fromkeys(paths[0], 1.0)
    for path in paths:
        for year, value in path.items():
            product[year] *= value
    return product


def whole(value: float | str) -> int:
    """A number that must be whole."""
    number = float(value)
    if number != int(number):
        raise ValueError(f"{value} is not a whole number")
    return int(number)
