"""What the report says of acquired rights, against its tables."""

from __future__ import annotations

from typing import Final

import numpy as np

from assumptions.report import said
from engine.studies.annex_v.discrepancies.row import Figures
from engine.studies.annex_v.series import ACQUIRED, HIGH_INFLATION, LOW_INFLATION, TYPES, Float, Runs, Tables

SURRENDERED: Final = ("1B", "2B", "4B")
WAGES: Final = {"basis__old_law_benefit": "art_167"}


def first_years(t: Tables, r: Runs) -> Figures:
    first = {s: t.cost(s, ACQUIRED)[:3] for s in LOW_INFLATION}
    ours = {s: r.percent("published", s, ACQUIRED)[:3] for s in LOW_INFLATION}
    return {
        **{f"printed 1997 {s}": float(v[0]) for s, v in first.items()},
        **{f"printed sum 1997-99 {s}": float(v.sum()) for s, v in first.items()},
        **{f"model sum 1997-99 {s}": float(v.sum()) for s, v in ours.items()},
    }


def balance_first(t: Tables, r: Runs) -> Figures:
    base = t.cost("3B", ACQUIRED)[0]
    ours = r.percent("published", "3B", ACQUIRED)[0]
    law = r.percent("statutory", "3B", ACQUIRED)[0]
    by_balance = {
        s: r.percent("published", s, ACQUIRED, basis__infonavit_offset="balance")[0] / ours
        for s in SURRENDERED
    }
    return {
        **{f"printed ratio 1997 {s}, ratio": float(t.cost(s, ACQUIRED)[0] / base) for s in SURRENDERED},
        **{f"balance first, ratio 1997 {s}, ratio": float(v) for s, v in by_balance.items()},
        **{
            f"statutory ratio 1997 {s}, ratio": float(r.percent("statutory", s, ACQUIRED)[0] / law)
            for s in SURRENDERED
        },
    }


def heading_of_2(t: Tables, r: Runs) -> Figures:
    b2, b4 = t.cost("2B", ACQUIRED), t.cost("4B", ACQUIRED)
    two = r.percent("statutory", "2B", ACQUIRED, funds__infonavit_return=0.02)
    return {
        "printed 2B 2030": float(b2[-1]),
        "printed 4B 2030": float(b4[-1]),
        "statutory 2B 2030 at 0%": float(r.percent("statutory", "2B", ACQUIRED)[-1]),
        "statutory 2B 2030 at 2%": float(two[-1]),
        "first year 2B above 4B, year": float(t.years[np.flatnonzero(b2 > b4)[0]]),
    }


def peaks(t: Tables, r: Runs) -> Figures:
    found: Figures = {}
    for code in (*LOW_INFLATION, *HIGH_INFLATION):
        column = t.cost(code, ACQUIRED) if code in LOW_INFLATION else t.held_out(code)
        found[f"printed peak {code}"] = float(column.max())
        found[f"printed peak {code}, year"] = float(t.years[int(column.argmax())])
        found[f"stated peak {code}"] = said(f"peak_{code}")
        stated = said(f"peak_{code}_year")
        found[f"stated peak {code}, year"] = stated
        found[f"printed in the stated year {code}"] = float(column[int(stated) - int(t.years[0])])
    for code in LOW_INFLATION:
        mine = r.percent("published", code, ACQUIRED)
        found[f"model peak {code}"] = float(mine.max())
        found[f"model peak {code}, year"] = float(t.years[int(mine.argmax())])
    return found


def occupational(t: Tables, r: Runs) -> Figures:
    c = {name: t.kind("3B", name) for name in TYPES}
    late = slice(2015 - 1997, None)
    four, five = c["c4"][late] / c["c2"][late], c["c5"][late] / c["c3"][late]
    resolved = r.resolved("published", "3B")
    return {
        "printed median c4/c2 from 2015, ratio": float(np.median(four)),
        "printed smallest c5/c3 from 2015, ratio": float(five.min()),
        "printed largest c5/c3 from 2015, ratio": float(five.max()),
        "fitted c4/c2, ratio": resolved.number("replica.c4_over_c2"),
        "fitted c5/c3, ratio": resolved.number("replica.c5_over_c3"),
    }


def ten_percent(t: Tables, r: Runs) -> Figures:
    found: Figures = {}
    kinds = r.case("statutory", "3B").acquired_by_type
    for year in (1997, 2025):
        at = year - 1997
        rest = sum(t.kind("3B", c)[at] for c in TYPES[1:])
        found[f"printed share {year}, ratio"] = float(rest / t.kind("3B", "sum")[at])
        found[f"statutory share {year}, ratio"] = float(kinds[1:, at].sum() / kinds[:, at].sum())
        found[f"statutory share of occupational risk {year}, ratio"] = float(
            kinds[3:, at].sum() / kinds[:, at].sum()
        )
    scale = r.resolved("published", "3B").number("decrements.iv_disability_scale")
    return {**found, "published over statutory disability, ratio": scale}


def slip_of_3a(t: Tables, r: Runs) -> Figures:
    """4A is half of 3A of the year before the slip, and of 3A two rows earlier after it, by type of pension."""
    found: Figures = {}
    slip, rows = t.shifts["3A"].from_year - int(t.years[0]), t.shifts["3A"].years
    for kind in TYPES:
        half, whole = (t.held_out_kind(code, kind) for code in ("4A", "3A"))
        late = slip + rows
        found[f"to 2017 {kind}"] = float(np.abs(half - 0.5 * whole)[:slip].max())
        found[f"same year from 2020 {kind}"] = float(np.abs(half - 0.5 * whole)[late:].max())
        found[f"two rows earlier from 2020 {kind}"] = float(
            np.abs(half[late:] - 0.5 * whole[slip:-rows]).max()
        )
    return found


def five_years_wages(t: Tables, r: Runs) -> Figures:
    """Pensions of one minimum wage, or by Art. 167 from five years' wages, with all else of the published basis."""
    found: Figures = {}
    series = {"3B": t.cost("3B", ACQUIRED), "3A": t.corrected("3A")}
    flat = {code: r.percent("published", code, ACQUIRED) for code in series}
    wages = {code: r.percent("published", code, ACQUIRED, **WAGES) for code in series}
    seen = ~np.isnan(series["3A"])
    years = t.years[seen]
    for name, one in (("printed", series), ("minimum wage", flat), ("wages", wages)):
        ratio = (one["3A"] / one["3B"])[seen]
        for year in (1997, 2010, int(years[-1])):
            found[f"{name} 3A/3B {year}, ratio"] = float(ratio[years == year][0])
        for code in series:
            if name != "printed":
                found[f"{name} RMS {code}"] = _rms((one[code] - series[code])[seen])
    for code in series:
        found[f"wages 2030 {code}"] = float(wages[code][-1])
    found["printed 2030 3B"] = float(series["3B"][-1])
    return found


def _rms(difference: Float) -> float:
    return float(np.sqrt((difference**2).mean()))


def infonavit_kept(t: Tables, r: Runs) -> Figures:
    sums = {s: float(t.cost(s, ACQUIRED).sum()) for s in LOW_INFLATION}
    return {
        **{f"printed sum 1997-2030 {s}": v for s, v in sums.items()},
        "1B of 3B, ratio": sums["1B"] / sums["3B"],
    }
