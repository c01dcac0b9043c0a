"""What the report says of how many persons contribute and retire, against its tables."""

from __future__ import annotations

from typing import Final

import numpy as np

from assumptions import load
from assumptions.report import said, study_fact
from engine.studies.annex_v.discrepancies.row import Figures
from engine.studies.annex_v.series import PERCENT, STATE, Runs, Tables

# Overlay with the GDP of 1997 at the prices of 1995: another reading of the denominator.
SMALLER_GDP: Final = "gdp_1995_prices"


def smaller_gdp() -> float:
    """GDP of 1997 at prices of 1995, pesos."""
    return load("3B", overlays=[SMALLER_GDP]).resolve("published").number("economy.gdp_1997")


def _smaller(r: Runs) -> float:
    """GDP at prices of 1995 over that of the published basis."""
    return smaller_gdp() / r.resolved("published", "1B").number("economy.gdp_1997")


def contributors(t: Tables, r: Runs) -> Figures:
    law, published = r.resolved("statutory", "1B"), r.resolved("published", "1B")
    daily = published.number("state.social_quota")
    days = published.number("economy.days_per_year")
    density, gdp = published.number("contributions.density"), published.number("economy.gdp_1997")
    column = t.cost("1B", STATE)
    needed = column[0] / PERCENT * gdp / (daily * days)
    actual = law.number("population.contributors")
    return {
        "printed 1997": float(column[0]),
        "quota, pesos a day": daily,
        "GDP, pesos": gdp,
        "contributors needed, persons": float(needed),
        "contributors needed at the stated density, persons": float(needed / density),
        "contributors needed at one peso a day, persons": float(needed * daily),
        "contributors needed with the smaller GDP, persons": float(needed * _smaller(r)),
        "contributors counted, persons": actual,
        "needed over actual, ratio": float(needed / actual),
        "statutory 1997": float(r.percent("statutory", "1B", STATE)[0]),
    }


def ages(t: Tables, r: Runs) -> Figures:
    bases = ("statutory", "published")
    shares = {b: r.resolved(b, "3B").table("population.active_age_shares") for b in bases}
    ages = np.asarray(shares["statutory"].coords["age"])
    part = {b: table.values.sum(axis=0) for b, table in shares.items()}
    number = r.resolved("published", "3B").number("population.active_1996")
    older = number * float(part["published"][ages >= 27].sum())
    return {
        **{f"{b} share to 30, ratio": float(part[b][ages <= 30].sum()) for b in bases},
        **{f"{b} share under 32, ratio": float(part[b][ages < 32].sum()) for b in bases},
        "published share 25-34, ratio": float(part["published"][(ages >= 25) & (ages < 35)].sum()),
        "published persons aged 27 and more, persons": older,
        "the same with the smaller GDP, persons": older * _smaller(r),
        "insured workers 1996, persons": 1000.0 * study_fact("Table 15", "workers, total", "1996"),
    }


def first_awards(t: Tables, r: Runs) -> Figures:
    resolved, index = r.resolved("published", "3B"), r.case("published", "3B")
    wage = resolved.number("economy.minimum_wage_daily") * resolved.number("economy.days_per_year")
    growth = float(resolved.path("economy.real_minimum_wage_growth", np.array([1997]))[0])
    minimum = wage * (1.0 + growth) * resolved.number("law_1973.flat_multiple")
    needed = float(t.kind("3B", "c1")[0] / PERCENT * float(index.gdp[0]) / minimum)
    pensioners = 1000.0 * study_fact("Table 5", "pensioners", "1994")
    insured, workers = (
        1000.0 * study_fact("Table 15", row, "1994") for row in ("insured, total", "workers, total")
    )
    return {
        "printed c1 1997": float(t.kind("3B", "c1")[0]),
        "awards needed, persons": needed,
        "awards needed with the smaller GDP, persons": needed * _smaller(r),
        "pensioners 1994, persons": pensioners,
        "pensioners of the insured 1994, per hundred": PERCENT * pensioners / insured,
        "pensioners of the workers 1994, per hundred": PERCENT * pensioners / workers,
        "rise of pensioners 1994-96, persons": 1000.0 * study_fact("Table 5", "pensioners", "1996")
        - pensioners,
        "statutory awards 1997, persons": float(r.case("statutory", "3B").new_awards[0, 0]),
    }


def counts_that_differ(t: Tables, r: Runs) -> Figures:
    """Coverage, balances of the retirement sub-account and shares over 65, from the text's own numbers."""
    insured = 1000.0 * study_fact("Table 15", "workers, total", "1996")
    covered = 1e6 * sum(said(name) for name in ("contributors", "other_public", "oil_company", "military"))
    others = 1e6 * (said("self_employed") + said("underemployed"))
    return {
        "economically active if IMSS covers 28%, persons": PERCENT * insured / said("coverage_present"),
        "covered by all schemes, persons": covered,
        "active if these are 40%, persons": PERCENT * covered / said("coverage_all_schemes"),
        "covered of all who are named, ratio": covered / (covered + others),
        "sub-accounts end of 1995, thousand million pesos": said("sub_accounts_end_1995"),
        "contributions to mid-1995, thousand million pesos": said("contributions_mid_1995"),
        "over 65 in 1990, main report, percent": said("over_65_main_report"),
        "over 65 in 1990, annex I, percent": said("over_65_annex_i"),
    }
