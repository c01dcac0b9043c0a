"""What the report says of pensions in payment and State contributions, against its tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.projection import FUNDS
from engine.shares import percent_of_gdp
from engine.studies.annex_v.discrepancies.row import figure
from engine.studies.annex_v.series import ONGOING, PERCENT, STATE, Runs, Tables


def indexation(t: Tables, r: Runs) -> dict[str, Any]:
    ratio = t.cost("1A", ONGOING) / t.cost("1B", ONGOING)
    early = ratio[: 2016 - 1997]
    base = r.resolved("published", "1A").number("economy.minimum_wage_base")
    printed = t.cost("1B", ONGOING)
    kept = np.abs(r.percent("published", "1B", ONGOING) - printed).max()
    indexed = r.percent("published", "1B", ONGOING, basis__ongoing_indexation="minimum_wage")
    other = r.percent("published", "1A", ONGOING, basis__ongoing_indexation="minimum_wage")
    return {
        "title": "Pensions in payment: indexation and first year",
        "statement": "“by law their pensions have to be indexed” to the minimum wage; the government pays “beginning when the IMSS's"
        " reserves are exhausted, which will happen during the second year”",
        "where": "Annex V, A6",
        "printed": f"A/B lies between {figure(early.min(), 3)} and {figure(early.max(), 3)} to 2015 (0.001 is rounding), although the minimum wages"
        f" of the series part after 1996; {figure(printed[0])} is charged in 1997 already.",
        "model": f"Without indexation after 1996 A/B is {figure(base, 4)} in every year, from the minimum wage of 1996 alone, and the largest"
        f" difference from print is {figure(float(kept), 4)}; with indexation it is {figure(float(np.abs(indexed - printed).max()), 4)} and A/B falls"
        f" to {figure(float(other[-1] / indexed[-1]), 3)}.",
        "consequence": "Constant in real terms on the published basis, indexed on the statutory one; both charge the first year.",
        "figures": {
            "printed A/B smallest to 2015, ratio": float(early.min()),
            "printed A/B largest to 2015, ratio": float(early.max()),
            "model A/B, ratio": base,
            "largest difference unindexed": float(kept),
            "largest difference indexed": float(np.abs(indexed - printed).max()),
            "A/B 2030 indexed, ratio": float(other[-1] / indexed[-1]),
            "printed 1997": float(printed[0]),
        },
    }


def prorated(t: Tables, r: Runs) -> dict[str, Any]:
    column = t.contributions("prorated")
    case = r.case("statutory", "1B")
    quota = percent_of_gdp(case.contributions[FUNDS.index("social_quota")], case.gdp)
    rest = r.percent("statutory", "1B", STATE) - quota
    return {
        "title": "Proportional contributions of the State",
        "statement": "“the cost of the prorated contributions ... is negligible”; a column beside percents prints 0.0002",
        "where": "Annex V, A4 and the long table of State contributions",
        "printed": f"{figure(column[0], 4)} in 1997, in a table of percents.",
        "model": f"0.225% and 0.125% of covered wages are {figure(float(rest[0]), 3)}% of GDP in 1997 and {figure(float(rest[-1]), 3)}% in 2030 on the"
        f" statutory basis; as a fraction, 0.0002 would be {figure(PERCENT * column[0], 2)}%.",
        "consequence": "Probably a fraction among percents. The published basis leaves proportional contributions out, as the printed totals"
        " do; the statutory basis counts them.",
        "figures": {
            "printed 1997": float(column[0]),
            "statutory 1997": float(rest[0]),
            "statutory 2030": float(rest[-1]),
        },
    }


def two_runs(t: Tables, r: Runs) -> dict[str, Any]:
    gap = t.contributions("total") - t.cost("1B", STATE)
    near = t.contributions("total") - r.percent("published", "1B", STATE)
    return {
        "title": "Two tables of State contributions",
        "statement": "the long table (1997-2069) and the tables of the scenarios give the same cost",
        "where": "Annex V, section B, tables",
        "printed": f"The long table lies between {gap.min():+.3f} and {gap.max():+.3f} of the scenario tables.",
        "model": f"The published basis, fitted to the scenario tables, differs from the long one by up to {figure(float(np.abs(near).max()), 4)}.",
        "consequence": "Two runs of another model. The scenario tables are fitted; the long one is compared (`annexv validate --long`).",
        "figures": {
            "long less scenario table smallest": float(gap.min()),
            "long less scenario table largest": float(gap.max()),
            "largest difference of the model from the long table": float(np.abs(near).max()),
        },
    }


def steady(t: Tables, r: Runs) -> dict[str, Any]:
    column = t.cost("1B", STATE)
    ours = r.percent("published", "1B", STATE)
    return {
        "title": "A steady social quota",
        "statement": "the quota is “close to 0.3% of GDP in 1997 and will remain steady at that level over the first nine years”",
        "where": "Annex V, A4, page 8",
        "printed": f"{figure(column[0])} in 1997, {figure(column[8])} in 2005: a fall of {100 * (1 - column[8] / column[0]):.0f}% in nine years.",
        "model": f"Published basis: {figure(float(ours[0]))} and {figure(float(ours[8]))}.",
        "consequence": "The tables are followed.",
        "figures": {
            "printed 1997": float(column[0]),
            "printed 2005": float(column[8]),
            "model 1997": float(ours[0]),
            "model 2005": float(ours[8]),
        },
    }
