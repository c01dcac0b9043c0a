"""Inputs of the oracle from a pack of assumptions, read by name only.

The blocks of the opening population, no plain value of a pack, are made here as `docs/methods.md` says.
"""

from __future__ import annotations

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
    "commission": "contributions.commission",
    "retirement_rate": "contributions.retirement_employer",
    "infonavit_rate": "contributions.infonavit_employer",
    "infonavit_loan_share": "contributions.infonavit_loan_share",
    "old_ivcm_state": "contributions.old_ivcm_state",
    "pensioners_health": "contributions.pensioners_health",
    "occupational_premium": "contributions.occupational_premium",
    "health_quota_share": "memo.health_quota_share",
    "old_health_rate": "memo.old_health_rate",
    "old_health_state_share": "memo.old_health_state_share",
    "iv_state": "contributions.iv_state",
    "social_quota": "state.social_quota",
    "guarantee_daily": "guarantee.mpg",
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
    "old_occupational_share": "law_1973.occupational_disability_share",
    "occupational_widow_share": "law_1973.occupational_widow_share",
    "occupational_orphan_share": "law_1973.occupational_orphan_share",
    "occupational_orphan_share_both": "law_1973.occupational_orphan_share_both",
    "new_widow_share": "law_1995.widow_share",
    "new_orphan_share": "law_1995.orphan_share",
    "new_orphan_share_both": "law_1995.orphan_share_both",
    "new_survivors_cap": "law_1995.survivors_cap",
    "new_occupational_widow_share": "law_1995.occupational_widow_share",
    "new_occupational_orphan_share": "law_1995.occupational_orphan_share",
    "new_occupational_orphan_share_both": "law_1995.occupational_orphan_share_both",
    "guarantee_minimum_age": "guarantee.minimum_age",
    "iv_share": "law_1995.iv_share",
    "new_occupational_share": "law_1995.occupational_share",
    "contributors": "population.contributors",
    "average_wage_mw": "population.average_wage_mw",
    "wage_floor_mw": "population.wage_floor_mw",
    "active_mortality_scale": "decrements.active_mortality_scale",
    "iv_disability_scale": "decrements.iv_disability_scale",
    "dependent_widower_share": "family.dependent_widower_share",
    "replica_c4_over_c2": "replica.c4_over_c2",
    "replica_c5_over_c3": "replica.c5_over_c3",
}
WHOLE_NUMBERS = {
    "first_year": "reform.first_year",
    "last_year": "reform.last_year",
    "state_year": "reform.state_year",
    "price_base_year": "economy.price_base_year",
    "gdp_base_year": "economy.gdp_base_year",
    "replica_gdp_base_year": "replica.gdp_base_year",
    "last_age": "retirement.last_age",
    "weeks_per_year": "law_1973.weeks_per_year",
    "old_weeks_retirement": "law_1973.weeks_retirement",
    "old_weeks_disability": "law_1973.weeks_disability",
    "rest_half_from": "law_1973.rest_half_from",
    "rest_full_above": "law_1973.rest_full_above",
    "average_years": "law_1973.average_years",
    "minimum_pension_weeks": "law_1973.minimum_pension_weeks",
    "new_weeks_disability": "law_1995.weeks_disability",
    "new_weeks_death": "law_1995.weeks_death",
    "iv_average_years": "law_1995.iv_average_years",
    "spouse_age_difference": "family.spouse_age_difference",
}
SWITCHES = (
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
    "account_history",
    "retirement_exposure",
    "type_split",
    "state_accounts",
    "prices",
)
PATHS_OF_THE_PAST = {  # needed before the first year as well
    "inflation": "economy.inflation",
    "real_minimum_wage_growth": "economy.real_minimum_wage_growth",
    "ceiling_average_wage": "law_1973.ceiling_average_wage",
}
PATHS = {
    "real_wage_growth": "economy.real_wage_growth",
    "gdp_growth": "economy.gdp_growth",
    "replica_gdp_growth": "replica.gdp_growth",
    "guarantee_growth": "guarantee.real_growth",
    "rcv_return": "funds.rcv_return",
    "retirement_subaccount_return": "funds.retirement_subaccount_return",
    "infonavit_return": "funds.infonavit_return",
    "infonavit_collection": "contributions.infonavit_collection",
    "ceav_employer": "contributions.ceav_employer",
    "ceav_worker": "contributions.ceav_worker",
    "ceav_state": "contributions.ceav_state",
    "new_weeks_retirement": "law_1995.weeks_retirement",
    "uma": "economy.uma",
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


def inputs_of(res: Resolved) -> Inputs:
    """Everything the oracle needs, as plain numbers."""
    inputs: Inputs = {key: res.number(name) for key, name in NUMBERS.items()}
    for key, name in WHOLE_NUMBERS.items():
        inputs[key] = whole(res.number(name))
    for switch in SWITCHES:
        inputs[switch] = res.switch("basis." + switch)
    first, last = inputs["first_year"], inputs["last_year"]

    def path(name: str, start: int) -> ByYear:
        years = list(range(start, last + LONGEST_LIFE))
        return dict(zip(years, res.path(name, years).tolist(), strict=True))

    for key, name in PATHS_OF_THE_PAST.items():
        # Prices also of the year before the first wage: a year's average lies between two ends.
        years_back = max(inputs["average_years"], inputs["iv_average_years"]) + 1 + (key == "inflation")
        inputs[key] = path(name, first - years_back)
    for key, name in PATHS.items():
        inputs[key] = path(name, first)
    inputs["ceilings"] = {c: path("contributions.ceiling_" + c, first) for c in CEILINGS}
    inputs["replica_mpg"] = product_of(
        path("replica.mpg", first),
        path("replica.mpg_scenario_factor", first),
        dict.fromkeys(range(first, last + LONGEST_LIFE), res.number("replica.mpg_series_factor")),
    )
    for key, name in TABLES_BY_SEX.items():
        inputs[key] = {
            sex: {age: res.table(name)[sex, age] for age in map(whole, res.table(name).coords["age"])}
            for sex in SEXES
        }
    for key, name in TABLES_BY_AGE.items():
        inputs[key] = {age: res.table(name)[age] for age in map(whole, res.table(name).coords["age"])}
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
    ):
        inputs[key] = [tuple(row) for row in res.table(name).values.tolist()]
    inputs["infonavit_surrendered"] = res.flag("financing.infonavit_surrendered")
    inputs["enacted"] = res.flag("reform.enacted")
    inputs["reform_date"] = res.date("reform.date")
    art_167 = res.table("law_1973.art_167")
    inputs["art_167"] = [
        (art_167[row, "wage_up_to_mw"], art_167[row, "basic"], art_167[row, "increment"])
        for row in art_167.coords["bracket"]
    ]
    inputs["choice"] = res.switch("basis.choice")
    inputs["retirement_first_year_factor"] = res.number("retirement.first_year_factor")
    groups = wage_groups(whole(res.number("population.wage_groups")), res.number("population.wage_sigma"))
    inputs["entrant_wages"] = [(relative, 1.0 / len(groups)) for relative in groups]
    inputs["blocks"] = members(res, inputs) + arrivals(res, inputs)
    inputs["ongoing"] = ongoing(res)
    return inputs


def members(res: Resolved, inputs: Inputs) -> list[Block]:
    """Contributors at the state's date, by sex, age and past service."""
    heads, shares = res.number("population.active_1996"), res.table("population.active_age_shares")
    factors, weights = res.table("population.service_factors"), res.table("population.service_weights")
    blocks: list[Block] = []
    for sex in SEXES:
        for age in map(whole, shares.coords["age"]):
            for factor, weight in zip(factors.values.tolist(), weights.values.tolist(), strict=True):
                if shares[sex, age] * weight > 0.0:
                    blocks.append(
                        {
                            "kind": "member",
                            "generation": "present",
                            "sex": sex,
                            "age": age,
                            "entry": inputs["first_year"],
                            "service": past_service(res, age, factor),
                            "heads": heads * shares[sex, age] * weight,
                            "old_rights": True,
                            "wages": inputs["entrant_wages"],
                        }
                    )
    return blocks


def arrivals(res: Resolved, inputs: Inputs) -> list[Block]:
    """Inactive at the state's date who come back: ages of the members, mean past service of their age."""
    number, rate = res.number("population.inactive_number"), res.number("population.inactive_return_rate")
    active = members(res, inputs)
    blocks: list[Block] = []
    for sex, age in dict.fromkeys((member["sex"], member["age"]) for member in active):
        like = [member for member in active if (member["sex"], member["age"]) == (sex, age)]
        heads = sum(member["heads"] for member in like)
        still_out = number * heads / res.number("population.active_1996")
        for year in range(inputs["first_year"], inputs["last_year"] + 1):
            age_back = age + year - inputs["first_year"]
            if number > 0.0 and age_back < min(inputs["retirement_hazard"]):
                arrival = like[0] | {"kind": "arrival", "entry": year, "age": age_back}
                arrival["service"] = sum(member["service"] * member["heads"] for member in like) / heads
                arrival["heads"] = still_out * rate
                still_out -= arrival["heads"]
                blocks.append(arrival)
    return blocks


def past_service(res: Resolved, age: int, factor: float) -> float:
    """Years of service at the state's date: a line in age up to a cap, times the factor of the group.

    Never more than the years since the youngest working age.
    """
    beyond = age - res.number("population.service_pivot_age")
    line = res.number("population.service_at_30") + res.number("population.service_slope") * beyond
    mean = max(0.0, min(line, res.number("population.service_cap")))
    return min(mean * factor, max(0.0, age - res.number("population.service_max_age_start")))


def ongoing(res: Resolved) -> list[dict[str, Any]]:
    """Pensions in payment at the state's date, by kind and sex."""

    def of_kind(name: str, kind: Any) -> float:
        return res.table("pensions.ongoing_" + name)[kind]

    table, level = res.table("pensions.ongoing"), res.table("pensions.ongoing_level_mw")
    return [
        {
            "sex": sex,
            "heads": table[kind, sex],
            "level_mw": level[kind, sex],
            "age_mean": of_kind("age_mean", kind),
            "age_sd": of_kind("age_sd", kind),
            "age_min": whole(of_kind("age_min", kind)),
            "age_max": 110,
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
