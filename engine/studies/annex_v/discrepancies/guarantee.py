"""What the report says of the guarantee of new workers, against its tables."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from engine.shares import percent_of_gdp
from engine.studies.annex_v.discrepancies.row import figure
from engine.studies.annex_v.series import MPG, PERCENT, Runs, Tables

VISIBLE: Final = 0.001
"""What print with three decimals shows, percent of GDP."""


def density(t: Tables, r: Runs) -> dict[str, Any]:
    resolved = r.resolved("statutory", "1B")
    weeks = resolved.number("law_1995.weeks_retirement")
    years = weeks / resolved.number("law_1973.weeks_per_year")
    density = resolved.number("contributions.density")
    printed = t.cost("1B", MPG)
    starts = int(t.years[np.flatnonzero(printed > VISIBLE)[0]])
    return {
        "title": "First minimum pensions of new workers",
        "statement": "“contribution density is in average 0.83 ... Years of service and contributions are affected in the model by this"
        " density factor”",
        "where": "Annex V, A3, page 7",
        "printed": f"The cost of the guarantee begins in {starts} ({figure(printed[starts - 1997], 4)}), after {starts - 1997} years.",
        "model": f"{weeks:.0f} weeks are {figure(years, 2)} years at density 1 and {figure(years / density, 2)} at {density:g}: at the stated density"
        f" nobody who enters in 1997 is entitled before {1997 + int(np.ceil(years / density))}.",
        "consequence": "The guarantee of the published basis is a copy of ten printed values (replica); the statutory basis counts weeks with"
        " the stated density.",
        "figures": {
            "printed first visible year, year": float(starts),
            "years at density 1, years": years,
            "years at the stated density, years": years / density,
        },
    }


def guarantee_returns(t: Tables, r: Runs) -> dict[str, Any]:
    b1, b2, b4, a1 = (t.cost(s, MPG) for s in ("1B", "2B", "4B", "1A"))
    same = float(np.abs(b2 - b1).max())
    years = (2024 - 1997, 2025 - 1997)
    apart = max(float(abs(b4[y] - b1[y])) for y in years)
    ratio = (a1 / np.where(b1 > 0.0, b1, np.nan))[2024 - 1997 :]
    law = {s: float(r.percent("statutory", s, MPG)[-1]) for s in ("1B", "2B", "3B", "4B", "1A")}
    return {
        "title": "The guarantee does not feel the returns",
        "statement": "the guarantee makes up what the account lacks, and returns on INFONAVIT differ: 3.5% from 2005 in scenario 1, 0% in 2,"
        " 2% on everything in 4; it is constant in real terms, so inflation does not matter to it",
        "where": "Annex V, A7 and section C",
        "printed": f"1B and 2B differ by at most {figure(same, 5)}; 4B equals 1B in 2024-25 (difference {figure(apart, 5)}) and is"
        f" {figure(float(b4[-1] / b1[-1]), 4)} times it in 2030; A is {figure(float(np.nanmin(ratio)), 4)} to {figure(float(np.nanmax(ratio)), 4)} times B.",
        "model": "Statutory, 2030: " + ", ".join(f"{s} {figure(v, 4)}" for s, v in law.items()) + ".",
        "consequence": "No mechanism gives these columns: replica on the published basis.",
        "figures": {
            "printed largest difference 2B-1B": same,
            "printed 4B/1B 2030, ratio": float(b4[-1] / b1[-1]),
            "printed A/B from 2024 smallest, ratio": float(np.nanmin(ratio)),
            "printed A/B from 2024 largest, ratio": float(np.nanmax(ratio)),
            **{f"statutory MPG 2030 {s}": v for s, v in law.items()},
        },
    }


def top_ups(t: Tables, r: Runs) -> dict[str, Any]:
    before = float(np.nanmax(t.cost("1B", MPG)[: 2021 - 1997]))
    case = r.case("statutory", "1B")
    by_type = percent_of_gdp(case.mpg_by_type, case.gdp)
    early = float(by_type[1:, : 2021 - 1997].sum(axis=0).max())
    last = float(by_type[1:, -1].sum())
    return {
        "title": "Top-ups for disability and death",
        "statement": "“only when this 35% (or 70%) is lower than the MPG the State must make up the shortfall”: disabled and survivors of"
        " low wages get top-ups from the start",
        "where": "Annex V, section C",
        "printed": f"Before 2021 the column never exceeds {figure(before, 5)}.",
        "model": f"Statutory top-ups of new workers for disability, death and occupational risk reach {figure(early, 4)} before 2021 and"
        f" {figure(last, 4)} in 2030.",
        "consequence": "Announced, and all but absent from the tables. The statutory basis pays them.",
        "figures": {
            "printed largest before 2021": before,
            "statutory largest before 2021": early,
            "statutory 2030": last,
        },
    }


def exhaustion(t: Tables, r: Runs) -> dict[str, Any]:
    rules = ("exhaustion", "top_up", "capital")
    cost = {rule: r.percent("statutory", "1B", MPG, basis__mpg=rule) for rule in rules}
    old = {
        rule: PERCENT
        * r.case("statutory", "1B", basis__mpg=rule).mpg_by_type[0]
        / r.case("statutory", "1B").gdp
        for rule in rules
    }
    first = {
        rule: int(t.years[np.flatnonzero(v > VISIBLE)[0]]) if (v > VISIBLE).any() else None
        for rule, v in old.items()
    }
    printed = t.cost("1B", MPG)
    starts = int(t.years[np.flatnonzero(printed > VISIBLE)[0]])
    return {
        "title": "When the guarantee begins to cost",
        "statement": "by law the account pays the minimum pension until exhausted, and the State then; the annex: “the government will make up"
        " the shortfall”",
        "where": "Arts. 170-173 of the law of 1995; Annex V, section C",
        "printed": f"A cost from the first year of eligibility on: {figure(printed[starts - 1997], 4)} in {starts}, {figure(float(printed[-1]), 3)} in 2030.",
        "model": "Statutory 1B, guarantee of retirement above 0.001% of GDP from: "
        + "; ".join(
            f"{rule} {year if year is not None else 'never before 2031'}" for rule, year in first.items()
        )
        + ". All types in 2030: "
        + ", ".join(f"{rule} {figure(float(v[-1]), 4)}" for rule, v in cost.items())
        + ".",
        "consequence": "A cost from the first year on implies a yearly top-up. The statutory basis follows the law (exhaustion); the others are a switch.",
        "figures": {f"statutory 2030 {rule}": float(v[-1]) for rule, v in cost.items()},
    }
