"""What the report says of the guarantee of new workers, against its tables."""

from __future__ import annotations

from typing import Final

import numpy as np

from assumptions.report import said
from engine.prepare.reconstruction import share_at
from engine.shares import percent_of_gdp
from engine.studies.annex_v.discrepancies.row import Figures
from engine.studies.annex_v.series import MPG, PERCENT, Runs, Tables

VISIBLE: Final = 0.001
"""What print with three decimals shows, percent of GDP."""
RECONSTRUCTED: Final = "reconstructed"
# Return on INFONAVIT from 2005 on in scenario 1.
LONG_RUN: Final = 0.035


def _begins(t: Tables) -> int:
    return int(t.years[np.flatnonzero(t.cost("1B", MPG) > VISIBLE)[0]])


def density(t: Tables, r: Runs) -> Figures:
    law = r.resolved("statutory", "1B")
    years = law.number("law_1995.weeks_retirement") / law.number("law_1973.weeks_per_year")
    stated = r.resolved("published", "1B").number("contributions.density")
    starts = _begins(t)
    return {
        "printed first visible year, year": float(starts),
        "printed then": float(t.cost("1B", MPG)[starts - 1997]),
        "years after the reform, years": float(starts - 1997),
        "weeks of the law, weeks": law.number("law_1995.weeks_retirement"),
        "stated density, fraction": stated,
        "years at density 1, years": years,
        "years at the stated density, years": years / stated,
        "first entitled at the stated density, year": 1997 + float(np.ceil(years / stated)),
    }


def guarantee_returns(t: Tables, r: Runs) -> Figures:
    b1, b2, b4, a1 = (t.cost(s, MPG) for s in ("1B", "2B", "4B", "1A"))
    ratio = (a1 / np.where(b1 > 0.0, b1, np.nan))[2024 - 1997 :]
    law = {s: float(r.percent("statutory", s, MPG)[-1]) for s in ("1B", "2B", "3B", "4B", "1A")}
    return {
        "printed largest difference 2B-1B": float(np.abs(b2 - b1).max()),
        "printed largest difference 4B-1B 2024-25": float(np.abs(b4 - b1)[2024 - 1997 : 2026 - 1997].max()),
        "printed 4B/1B 2030, ratio": float(b4[-1] / b1[-1]),
        "printed A/B from 2024 smallest, ratio": float(np.nanmin(ratio)),
        "printed A/B from 2024 largest, ratio": float(np.nanmax(ratio)),
        **{f"statutory MPG 2030 {s}": v for s, v in law.items()},
    }


def top_ups(t: Tables, r: Runs) -> Figures:
    case = r.case("statutory", "1B")
    by_type = percent_of_gdp(case.mpg_by_type, case.gdp)
    return {
        "printed largest before 2021": float(np.nanmax(t.cost("1B", MPG)[: 2021 - 1997])),
        "statutory largest before 2021": float(by_type[1:, : 2021 - 1997].sum(axis=0).max()),
        "statutory 2030": float(by_type[1:, -1].sum()),
    }


def exhaustion(t: Tables, r: Runs) -> Figures:
    starts = _begins(t)
    found: Figures = {
        "printed first visible year, year": float(starts),
        "printed then": float(t.cost("1B", MPG)[starts - 1997]),
        "printed 2030": float(t.cost("1B", MPG)[-1]),
    }
    for rule in ("exhaustion", "top_up", "capital"):
        case = r.case("statutory", "1B", basis__mpg=rule)
        retired = PERCENT * case.mpg_by_type[0] / case.gdp
        found[f"statutory years above 0.001% to 2030 {rule}, years"] = float((retired > VISIBLE).sum())
        found[f"statutory 2030 {rule}"] = float(r.percent("statutory", "1B", MPG, basis__mpg=rule)[-1])
    return found


def average_period(t: Tables, r: Runs) -> Figures:
    pack = r.resolved(RECONSTRUCTED, "1B")
    law = r.resolved("statutory", "1B")
    stated = r.resolved("published", "1B").number("contributions.density")
    calendar = pack.number("reconstruction.career_end") - 1997
    whole = pack.number("reconstruction.infonavit_years")
    case = r.case("statutory", "3B")
    awards = case.new_awards[0]
    return {
        "stated, years": said("average_period"),
        "weeks of the law, years": law.number("law_1995.weeks_retirement")
        / law.number("law_1973.weeks_per_year"),
        "statutory mean service at retirement to 2030, years": float(
            (awards * case.award_service[0]).sum() / awards.sum()
        ),
        "career of the mechanism, calendar years": calendar,
        "career of the mechanism at the stated density, years": calendar * stated,
        "career in the share of INFONAVIT, years": whole,
        "share left by that career, fraction": share_at(pack, LONG_RUN),
        "share left by the stated period, fraction": share_at(
            pack, LONG_RUN, years=int(said("average_period"))
        ),
        "share of new pensions that take the guarantee, fraction": pack.number(
            "reconstruction.guarantee_share"
        ),
        **{
            f"guarantee of the total 2030 {s}, ratio": float(t.cost(s, MPG)[-1] / t.cost(s, "total")[-1])
            for s in ("1B", "3B")
        },
    }


def weeks(t: Tables, r: Runs) -> Figures:
    law = r.resolved("statutory", "1B")
    days = said("days_of_a_week")
    number, in_a_year = law.number("law_1995.weeks_retirement"), law.number("law_1973.weeks_per_year")
    return {
        "weeks of the law, weeks": number,
        "as the report counts, weeks a year": number / said("weeks_as_years"),
        "years of 52 weeks, years": number / in_a_year,
        "years if the day of rest were not counted, years": number * days / (days - 1.0) / in_a_year,
    }
