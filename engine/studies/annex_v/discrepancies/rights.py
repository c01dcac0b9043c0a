"""What the report says of acquired rights, against its tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.studies.annex_v.discrepancies.row import figure, joined
from engine.studies.annex_v.series import ACQUIRED, TYPES, Runs, Tables


def first_years(t: Tables, r: Runs) -> dict[str, Any]:
    said = ("1B", "3B", "4B")
    first = {s: t.at(s, ACQUIRED, 1997) for s in said}
    sums = {s: float(t.cost(s, ACQUIRED)[:3].sum()) for s in said}
    ours = {s: float(r.percent("published", s, ACQUIRED)[:3].sum()) for s in said}
    return {
        "title": "Sums of the first three years",
        "statement": "“for the first 3 years” the cost “sums” 0.05, 0.2 and 0.1% of GDP in scenarios 1, 3 and 4",
        "where": "Annex V, section B",
        "printed": f"1997 alone is {joined([figure(first[s]) for s in said])}; the three years sum to {joined([figure(sums[s]) for s in said])}.",
        "model": f"The published basis sums to {joined([figure(ours[s]) for s in said])}.",
        "consequence": "The text gives the first year's values for a sum. The tables are followed.",
        "figures": {
            **{f"printed 1997 {s}": first[s] for s in said},
            **{f"printed sum 1997-99 {s}": sums[s] for s in said},
            **{f"model sum 1997-99 {s}": ours[s] for s in said},
        },
    }


def balance_first(t: Tables, r: Runs) -> dict[str, Any]:
    base = t.cost("3B", ACQUIRED)
    ratio = {s: t.cost(s, ACQUIRED) / base for s in ("1B", "2B", "4B")}
    by_balance = {
        s: r.percent("published", s, ACQUIRED, basis__infonavit_offset="balance")[0]
        / r.percent("published", "3B", ACQUIRED)[0]
        for s in ratio
    }
    law = {
        s: r.percent("statutory", s, ACQUIRED)[0] / r.percent("statutory", "3B", ACQUIRED)[0] for s in ratio
    }
    names = list(ratio)
    return {
        "title": "Who pays first: the balance or the government",
        "statement": "the pension is paid “together with the balance on their individual accounts and when this is exhausted the"
        " government will provide the necessary sums”",
        "where": "Annex V, A5; para 2.21",
        "printed": f"Scenarios 1, 2 and 4 are {joined([figure(ratio[s][0], 2) for s in names])} of scenario 3 already in 1997, when nobody has"
        " a balance from after the reform.",
        "model": f"With balances first, the engine gives {joined([figure(by_balance[s], 2) for s in names])} of scenario 3 in 1997 on the"
        f" published basis and {joined([figure(law[s], 2) for s in names])} on the statutory one.",
        "consequence": "No rule with balances gives the printed columns of scenarios 1, 2 and 4. The published basis multiplies"
        " scenario 3 by constants and marks these cells as replica; the statutory basis follows the text.",
        "figures": {
            **{f"printed ratio 1997 {s}, ratio": float(ratio[s][0]) for s in names},
            **{f"balance first, ratio 1997 {s}, ratio": float(by_balance[s]) for s in names},
            **{f"statutory ratio 1997 {s}, ratio": float(law[s]) for s in names},
        },
    }


def heading_of_2(t: Tables, r: Runs) -> dict[str, Any]:
    zero = r.percent("statutory", "2B", ACQUIRED)
    two = r.percent("statutory", "2B", ACQUIRED, funds__infonavit_return=0.02)
    b2, b4 = t.cost("2B", ACQUIRED), t.cost("4B", ACQUIRED)
    above = int(t.years[np.flatnonzero(b2 > b4)[0]])
    return {
        "title": "Return on INFONAVIT in scenario 2",
        "statement": "the headings of the tables of scenario 2 say 2%; the text says “a 0% real return throughout the projection period”",
        "where": "Annex V, A7 and the tables of scenario 2",
        "printed": f"2B equals 1B to 2005 and leaves it as the returns part; from {above} it is above 4B, whose INFONAVIT earns 2%:"
        f" {figure(b2[-1])} against {figure(b4[-1])} in 2030.",
        "model": f"Statutory 2B costs {figure(float(zero[-1]))} in 2030 with 0% and {figure(float(two[-1]))} with 2%.",
        "consequence": "0%, as the text and the figures say. A run with 2%: `--set funds.infonavit_return=0.02`.",
        "figures": {
            "printed 2B 2030": float(b2[-1]),
            "printed 4B 2030": float(b4[-1]),
            "statutory 2B 2030 at 0%": float(zero[-1]),
            "statutory 2B 2030 at 2%": float(two[-1]),
            "first year 2B above 4B, year": float(above),
        },
    }


def peaks(t: Tables, r: Runs) -> dict[str, Any]:
    found, ours = {}, {}
    for s in ("3B", "4B", "2B"):
        column = t.cost(s, ACQUIRED)
        found[s] = (float(np.nanmax(column)), int(t.years[int(np.nanargmax(column))]))
        mine = r.percent("published", s, ACQUIRED)
        ours[s] = (float(mine.max()), int(t.years[int(mine.argmax())]))
    return {
        "title": "Peaks of acquired rights",
        "statement": "3B reaches “0.80 in 2026”, 4B “0.4 in 2027”, 2B “0.52”",
        "where": "Annex V, section B",
        "printed": "; ".join(f"{s} peaks at {figure(v)} in {y}" for s, (v, y) in found.items()) + ".",
        "model": "Published basis: "
        + "; ".join(f"{s} {figure(v)} in {y}" for s, (v, y) in ours.items())
        + ".",
        "consequence": "The tables are followed; the text rounds down and dates loosely.",
        "figures": {
            **{f"printed peak {s}": v for s, (v, _) in found.items()},
            **{f"printed peak {s}, year": float(y) for s, (_, y) in found.items()},
            **{f"model peak {s}": v for s, (v, _) in ours.items()},
            **{f"model peak {s}, year": float(y) for s, (_, y) in ours.items()},
        },
    }


def occupational(t: Tables, r: Runs) -> dict[str, Any]:
    c = {name: t.kind("3B", name) for name in TYPES}
    late = slice(2015 - 1997, None)
    four = c["c4"][late] / c["c2"][late]
    five = c["c5"][late] / c["c3"][late]
    resolved = r.resolved("published", "3B")
    return {
        "title": "Occupational risks as a fixed share",
        "statement": "pensions by five types, among them occupational disability and death",
        "where": "Annex V, tables by type (columns unlabelled in the scan)",
        "printed": f"From 2015 on c4/c2 is {figure(float(np.median(four)), 2)} in the median and c5/c3 lies between {figure(float(five.min()), 3)} and"
        f" {figure(float(five.max()), 3)}, as close to constant as three decimals show.",
        "model": f"The fit gives {figure(resolved.number('replica.c4_over_c2'), 3)} and {figure(resolved.number('replica.c5_over_c3'), 3)}.",
        "consequence": "Columns c4 and c5 look like multiples of c2 and c3, not like separate risks: replica on the published basis, separate"
        " decrements on the statutory one.",
        "figures": {
            "printed median c4/c2 from 2015, ratio": float(np.median(four)),
            "printed smallest c5/c3 from 2015, ratio": float(five.min()),
            "printed largest c5/c3 from 2015, ratio": float(five.max()),
        },
    }


def ten_percent(t: Tables, r: Runs) -> dict[str, Any]:
    share = {
        y: float(sum(t.kind("3B", c)[y - 1997] for c in TYPES[1:]) / t.kind("3B", "sum")[y - 1997])
        for y in (1997, 2025)
    }
    case = r.case("statutory", "3B")
    scale = r.resolved("published", "3B").number("decrements.iv_disability_scale")
    law = {
        y: float(case.acquired_by_type[1:, y - 1997].sum() / case.acquired_by_type[:, y - 1997].sum())
        for y in share
    }
    return {
        "title": "Disability, death and occupational risk",
        "statement": "“nearly 10% of this cost is due to the cost of providing life/disability and occupational risk insurance”",
        "where": "para 2.40",
        "printed": f"c2 to c5 are {100 * share[1997]:.0f}% of 3B in 1997 and {100 * share[2025]:.0f}% in 2025.",
        "model": f"Statutory 3B: {100 * law[1997]:.0f}% and {100 * law[2025]:.0f}%.",
        "consequence": "The printed share fits the text; by the decrements of the statutory basis it is far larger. To fit c2, IV disability"
        f" of the published basis is {figure(scale, 3)} times the statutory one.",
        "figures": {
            **{f"printed share {y}, ratio": v for y, v in share.items()},
            **{f"statutory share {y}, ratio": v for y, v in law.items()},
        },
    }
