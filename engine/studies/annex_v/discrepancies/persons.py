"""What the report says of how many persons contribute and retire, against its tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.studies.annex_v.discrepancies.row import figure
from engine.studies.annex_v.series import PERCENT, STATE, Runs, Tables


def contributors(t: Tables, r: Runs) -> dict[str, Any]:
    resolved = r.resolved("statutory", "1B")
    quota = resolved.number("state.social_quota") * resolved.number("economy.days_per_year")
    density = resolved.number("contributions.density")
    gdp = resolved.number("economy.gdp_1997")
    column = t.cost("1B", STATE)
    needed = column[0] / PERCENT * gdp / quota
    actual = resolved.number("population.contributors")
    return {
        "title": "Contributors behind the quota",
        "statement": "IMSS “covers about 10 million contributors”; the quota is one peso a day contributed",
        "where": "para 2.8; Art. 168-IV of the law of 1995",
        "printed": f"{figure(column[0])}% of GDP in 1997.",
        "model": f"At {quota:.2f} pesos a year and a GDP of {gdp / 1e9:,.0f} thousand million pesos that is the quota of {needed / 1e6:.1f}"
        f" million contributors all year round ({needed / density / 1e6:.1f} million at density {density:g}), {needed / actual:.2f} times the"
        f" {actual / 1e6:.2f} million of 1997. Statutory: {figure(float(r.percent('statutory', '1B', STATE)[0]))}%.",
        "consequence": "The published basis carries effective contributors; the statutory basis the number of the statistics.",
        "figures": {
            "printed 1997": float(column[0]),
            "contributors needed, persons": needed,
            "contributors needed at the stated density, persons": needed / density,
            "needed over actual, ratio": needed / actual,
        },
    }


def ages(t: Tables, r: Runs) -> dict[str, Any]:
    shares = {
        b: r.resolved(b, "3B").table("population.active_age_shares") for b in ("statutory", "published")
    }
    ages = np.asarray(shares["statutory"].coords["age"])
    part = {b: table.values.sum(axis=0) for b, table in shares.items()}
    upto30 = {b: float(v[ages <= 30].sum()) for b, v in part.items()}
    under32 = {b: float(v[ages < 32].sum()) for b, v in part.items()}
    between = {b: float(v[(ages >= 25) & (ages < 35)].sum()) for b, v in part.items()}
    number = r.resolved("published", "3B").number("population.active_1996")
    insured = r.resolved("statutory", "3B").number("population.active_1996")
    older = number * float(part["published"][ages >= 27].sum())
    return {
        "title": "Ages of contributors",
        "statement": "“in 1994 almost 50 percent of IMSS contributors were between 15 and 30 years old”; “the majority of the transition workers"
        " (65 percent) are under 32 years of age”",
        "where": "paras 2.9 and 2.24",
        "printed": "No table of ages survives. The step from 50 to 65% would put 15% of all contributors at the single age of 31.",
        "model": f"Statutory ages: {100 * upto30['statutory']:.0f}% to 30, {100 * under32['statutory']:.0f}% under 32. Effective ages of the"
        f" published basis: {100 * under32['published']:.0f}% under 32, but only {100 * between['published']:.0f}% between 25 and 34; those who"
        f" reach 60 by 2030 (aged 27 and more) are {older / 1e6:.1f} million, against {insured / 1e6:.1f} million whom IMSS insured in all.",
        "consequence": "The statutory basis follows the first statement. The tables identify how many persons of 27 and more retire when; what the"
        " printed quota needs beyond them is put below 27, where nothing identifies it.",
        "figures": {
            "statutory share to 30, ratio": upto30["statutory"],
            "statutory share under 32, ratio": under32["statutory"],
            "published share under 32, ratio": under32["published"],
            "published share 25-34, ratio": between["published"],
            "published persons aged 27 and more, persons": older,
        },
    }


def first_awards(t: Tables, r: Runs) -> dict[str, Any]:
    resolved = r.resolved("published", "3B")
    wage = resolved.number("economy.minimum_wage_daily") * resolved.number("economy.days_per_year")
    index = r.case("published", "3B")
    path = resolved.path("economy.real_minimum_wage_growth", np.array([1997]))
    minimum = wage * (1.0 + float(path[0])) * resolved.number("law_1973.flat_multiple")
    cost = t.kind("3B", "c1")[0] / PERCENT * float(index.gdp[0])
    needed = cost / minimum
    stock = resolved.number("pensions.ongoing_heads")
    law = r.case("statutory", "3B")
    return {
        "title": "Awards of the first year",
        "statement": "transition workers retire from the day of the reform on; pensions in payment were known, 12.5 per 100 contributors in 1994",
        "where": "Annex V, A5-A6; Annex VI, Table 3",
        "printed": f"Retirement of 3B costs {figure(float(t.kind('3B', 'c1')[0]))} in 1997.",
        "model": f"At one minimum pension each that is {needed / 1e3:,.0f} thousand awards in a single year, {100 * needed / stock:.0f}% of the"
        f" {stock / 1e3:,.0f} thousand pensions in payment; the statutory basis awards {float(law.new_awards[0, 0]) / 1e3:,.0f} thousand.",
        "consequence": "A backlog (`retirement.first_year_factor`) and effective ages carry it on the published basis. It is the main reason why"
        " the printed start lies above any projection from the facts.",
        "figures": {
            "printed c1 1997": float(t.kind("3B", "c1")[0]),
            "awards needed, persons": needed,
            "pensions in payment, persons": stock,
            "statutory awards 1997, persons": float(law.new_awards[0, 0]),
        },
    }
