"""What the mechanism of 1996, inferred from the tables, lays open."""

from __future__ import annotations

from typing import Final

import numpy as np

from assumptions.report import said, study_fact
from engine.prepare.reconstruction import share_at
from engine.studies.annex_v import taken_apart
from engine.studies.annex_v.discrepancies.persons import smaller_gdp
from engine.studies.annex_v.discrepancies.row import Figures
from engine.studies.annex_v.series import ACQUIRED, MPG, PERCENT, Float, Runs, Tables

RECONSTRUCTED: Final = "reconstructed"
LONG_RUN: Final = 0.035


def _rms(difference: Float) -> float:
    return float(np.sqrt(np.nanmean(difference**2)))


def _largest(difference: Float) -> float:
    return float(np.nanmax(np.abs(difference)))


def _part(r: Runs, first: int, last: int) -> Float:
    """What 3B pays on pensions awarded in these years, percent of GDP."""
    case = r.case(RECONSTRUCTED, "3B")
    assert case.reconstructed is not None
    rights = case.reconstructed.rights
    years = int(case.years[-1]) - rights.shape[0] + 1 + np.arange(rights.shape[0])
    found: Float = PERCENT * rights[(years >= first) & (years <= last)].sum(axis=0) / case.gdp
    return found


def _ratio(t: Tables, code: str) -> Float:
    return np.asarray(t.cost(code, ACQUIRED) / t.cost("3B", ACQUIRED))


def awarded_before(t: Tables, r: Runs) -> Figures:
    own = taken_apart.printed(t, r)
    early = _part(r, 1995, 1996)
    return {
        "zero of the line, year": own.zero,
        "n 1997 from print": float(own.pensions[0]),
        "awards of 1997 in the model": float(_part(r, 1997, 1997)[0]),
        "model awards of 1995-96 in 1997": float(early[0]),
        "model awards of 1995-96 in 2030": float(early[-1]),
    }


def whole_career(t: Tables, r: Runs) -> Figures:
    ratio = _ratio(t, "1B")
    pack = r.resolved(RECONSTRUCTED, "1B")
    return {
        "printed 1B/3B 1997, ratio": float(ratio[0]),
        "printed 1B/3B 2030, ratio": float(ratio[-1]),
        "printed 4B/3B 1997, ratio": float(_ratio(t, "4B")[0]),
        "career, years": pack.number("reconstruction.infonavit_years"),
        "share left by a whole career, fraction": share_at(pack, LONG_RUN),
        "share left by one year, fraction": share_at(pack, LONG_RUN, years=1),
    }


def zero_to_2004(t: Tables, r: Runs) -> Figures:
    pack, ratio = r.resolved(RECONSTRUCTED, "1B"), _ratio(t, "1B")
    early, late = ratio[: 2005 - 1997], ratio[2005 - 1997 :]
    return {
        "printed 1B/3B to 2004 smallest, ratio": float(early.min()),
        "printed 1B/3B to 2004 largest, ratio": float(early.max()),
        "printed 1B/3B from 2005 smallest, ratio": float(late.min()),
        "printed 1B/3B from 2005 largest, ratio": float(late.max()),
        "share at 3.5%, fraction": share_at(pack, LONG_RUN),
        "share at 0%, fraction": share_at(pack, 0.0),
    }


def rcv_of_4(t: Tables, r: Runs) -> Figures:
    printed = t.cost("4B", ACQUIRED)
    high = r.percent(RECONSTRUCTED, "4B", ACQUIRED) - printed
    low = r.percent(RECONSTRUCTED, "4B", ACQUIRED, reconstruction__account_return=0.02) - printed
    return {
        "printed 4B/3B mean, ratio": float(_ratio(t, "4B").mean()),
        "largest with accounts at 3.5%": _largest(high),
        "RMS with accounts at 3.5%": _rms(high),
        "largest with accounts at 2%": _largest(low),
        "RMS with accounts at 2%": _rms(low),
    }


def career_of_22_years(t: Tables, r: Runs) -> Figures:
    pack, law = r.resolved(RECONSTRUCTED, "1B"), r.resolved("statutory", "1B")
    end, density = pack.number("reconstruction.career_end"), said("density")
    printed = t.cost("1B", MPG)
    return {
        "printed 2021": float(printed[2021 - 1997]),
        "career end, year": end,
        "career, calendar years": end - 1997,
        "stated density, fraction": density,
        "years of contributions, years": density * (end - 1997),
        "largest difference of the guarantee": _largest(r.percent(RECONSTRUCTED, "1B", MPG) - printed),
        "weeks of the law, years": law.number("law_1995.weeks_retirement")
        / law.number("law_1973.weeks_per_year"),
    }


def guarantee_sheet(t: Tables, r: Runs) -> Figures:
    b1, b2, b3 = (t.cost(code, MPG) for code in ("1B", "2B", "3B"))
    return {
        "printed largest before 2021": float(np.nanmax(b1[: 2021 - 1997])),
        "printed largest difference of 2B and 3B from 1B": max(_largest(b2 - b1), _largest(b3 - b1)),
        "fitted share, fraction": r.resolved(RECONSTRUCTED, "1B").number("reconstruction.guarantee_share"),
    }


def steps_of_4(t: Tables, r: Runs) -> Figures:
    gdp = r.case("published", "1B").gdp
    real = gdp / gdp[2021 - 1997]
    steps = {code: (t.cost(f"4{code}", MPG) - t.cost(f"1{code}", MPG)) * real for code in "AB"}
    spans = {"2021-25": slice(24, 29), "2026-28": slice(29, 32), "2029-30": slice(32, 34)}
    return {
        **{f"step {name}": float(steps["A"][span].mean()) for name, span in spans.items()},
        "4B less 1B 2024-25": float(np.abs(steps["B"][27:29]).max()),
        "4A less 1A 2024-25": float(np.abs(steps["A"][27:29]).max()),
    }


def net_rise_and_ended(r: Runs) -> Figures:
    """New pensions of a year as IMSS's counts have them: the net rise, and those of the year before that end."""
    ends = r.resolved(RECONSTRUCTED, "3B").number("reconstruction.termination")
    years = (1994, 1995, 1996, 1997)
    heads = [1000.0 * study_fact("Table 5", "pensioners", str(year)) for year in years]
    return {
        f"net rise and 4% that end {year}, persons": now - before + ends * before
        for year, before, now in zip(years[1:], heads, heads[1:], strict=False)
    }


def denominator(t: Tables, r: Runs) -> Figures:
    pack = r.resolved(RECONSTRUCTED, "3B")
    wage = pack.number("economy.minimum_wage_daily") * pack.number("economy.days_per_year")
    base, growth = pack.number("reconstruction.awards_base"), pack.number("reconstruction.awards_growth")
    smaller, larger = smaller_gdp(), pack.number("economy.gdp_1997")
    contributors = pack.number("population.contributors")
    heads = {
        f"{name} {year}, persons": base * (1 + growth) ** (year - 1997) * gdp / wage
        for name, gdp in (
            ("awards with the smaller GDP", smaller),
            ("awards with the larger GDP", larger),
        )
        for year in (1995, 1996, 1997)
    }
    return {
        "smaller GDP, pesos": smaller,
        "larger GDP, pesos": larger,
        **heads,
        **net_rise_and_ended(r),
        "contributors with the smaller GDP, persons": contributors * smaller / larger,
        "contributors with the larger GDP, persons": contributors,
    }


def switch_of_2(t: Tables, r: Runs) -> Figures:
    printed, pack = t.cost("2B", ACQUIRED), r.resolved(RECONSTRUCTED, "2B")
    by_award = r.percent(RECONSTRUCTED, "2B", ACQUIRED) - printed
    share = np.where(t.years < 2005, share_at(pack, LONG_RUN), share_at(pack, 0.0))
    by_year = share * r.percent(RECONSTRUCTED, "3B", ACQUIRED) - printed
    ratio = _ratio(t, "2B")
    return {
        "printed 2B/3B to 2004 mean, ratio": float(ratio[: 2005 - 1997].mean()),
        "printed 2B/3B 2030, ratio": float(ratio[-1]),
        "largest by award": _largest(by_award),
        "RMS by award": _rms(by_award),
        "largest by year": _largest(by_year),
        "RMS by year": _rms(by_year),
    }


def hump_of_2a(t: Tables, r: Runs) -> Figures:
    as_printed, right = t.held_out("2A"), t.corrected("2A")
    mine = r.percent(RECONSTRUCTED, "2A", ACQUIRED)
    knots = t.knots["2A"]
    late = t.years >= min(knots)
    line = np.interp(t.years[late], list(knots), list(knots.values()))
    neither = t.cost("2B", ACQUIRED) / t.cost("3B", ACQUIRED) * t.corrected("3A")
    return {
        **{f"knot {year}": height for year, height in knots.items()},
        **{f"knot put right {year}": float(right[year - 1997]) for year in knots},
        "printed 2020": float(as_printed[2020 - 1997]),
        "largest distance from the lines": _largest(as_printed[late] - line),
        "largest from the mechanism as printed": _largest(as_printed - mine),
        "RMS from the mechanism as printed": _rms(as_printed - mine),
        "largest from the mechanism put right": _largest(right - mine),
        "RMS from the mechanism put right": _rms(right - mine),
        "largest from 2B/3B x 3A put right": _largest(right - neither),
        "RMS from 2B/3B x 3A put right": _rms(right - neither),
    }


ROWS: Final = (
    awarded_before,
    whole_career,
    zero_to_2004,
    rcv_of_4,
    career_of_22_years,
    guarantee_sheet,
    steps_of_4,
    denominator,
    switch_of_2,
    hump_of_2a,
)

__all__ = ["ROWS", "net_rise_and_ended"]
