"""Makes of what was observed the paths that overlays hold, in `data/observed/paths`. Run by hand, and by a test that
compares what it would write with what is there: ``python -m assumptions.happened [folder]``.

Years that nobody observed keep the assumption that stood there before, and their row says so by its source.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from assumptions.files import read_table
from assumptions.model import AssumptionError, Fault
from assumptions.observed import minimum_wages, observations, prices
from assumptions.resolved import Resolved
from assumptions.scenarios import load
from assumptions.text import DATA
from assumptions.tree import main_scenario
from assumptions.value_files import dated, sources_of_rows

BASE: Final = 1996
LAST: Final = 2025
_FIRST_HEADS: Final = 1997
_FIRST_RETURN: Final = 1998
_HORIZON: Final = 2100
_RECENT: Final = 20
_DIGITS: Final = 8
# Before any year that a run asks for.
_ALWAYS: Final = 1940


class Row(NamedTuple):
    """A dated value with its origin."""

    value: float
    status: str
    source: str


Path_ = dict[int, Row]


@cache
def _annex() -> Resolved:
    """What the statutory basis assumes where nothing was observed."""
    return load(main_scenario()).resolve("statutory")


def _assumed(name: str, year: int) -> Row:
    """The shipped value of a path in a year, with its origin."""
    item = _annex().item(name)
    return Row(float(_annex().path(name, [year])[0]), item.status, item.source)


def _shipped(name: str) -> Path_:
    """A path of the annex, series B."""
    faults: list[Fault] = []
    table = read_table(DATA / f"{name}.csv", faults)
    values = None if table is None else dated(table, "b", name, faults)
    if table is None or values is None or faults:
        raise AssumptionError(faults)
    rows = sources_of_rows(table)
    return {int(year): Row(values[int(year)], status, source) for year, status, source in rows}


def _seen(source: str, values: Mapping[int, float]) -> Path_:
    return {year: Row(value, "sourced", source) for year, value in values.items()}


def inflation() -> Path_:
    """Inflation from December to December."""
    known, before = prices(), _shipped("inflation")
    own = {
        year: known[year].december / known[year - 1].december - 1.0
        for year in sorted(known)
        if year - 1 in known and year <= LAST
    }
    held = before[max(before)]
    return {**{y: row for y, row in before.items() if y < min(own)}, **_seen("inpc", own), LAST + 1: held}


def minimum_wage_of_year() -> dict[int, float]:
    """Minimum wage, pesos a day: of 31 December, or of most of the year where December's is known to be the next year's."""
    within = observations("minimum_wage_within_year")["minimum_wage"]
    return minimum_wages()["minimum_wage"] | {year: item.value for year, item in within.items()}


def minimum_wage() -> Path_:
    """Growth of the minimum wage, in money of December, over the year before; from 1995 on as observed."""
    wage, known, before = minimum_wage_of_year(), prices(), _shipped("minimum_wage")
    real = {year: wage[year] / known[year].december for year in wage if year in known}
    own = {
        year: real[year] / real[year - 1] - 1.0 for year in sorted(real) if year - 1 in real and year <= LAST
    }
    held = before[max(before)]
    return {**{y: row for y, row in before.items() if y < min(own)}, **_seen("conasami", own), LAST + 1: held}


def heads() -> dict[int, float]:
    """Contributors of a year, the mean of two Decembers; of the first year its own December, for want of the one before."""
    seen = {year: item.value for year, item in observations("insured")["insured_with_wage"].items()}
    found = {_FIRST_HEADS: seen[_FIRST_HEADS]}
    found |= {y: 0.5 * (seen[y] + seen[y - 1]) for y in sorted(seen) if y - 1 in seen and y <= LAST}
    return found


def wage_bill() -> dict[int, float]:
    """Base wages of a year, current pesos: the mean of the bills of two Decembers, times the days of a year."""
    days = _annex().number("economy.days_per_year")
    seen = {year: item.value for year, item in observations("insured")["daily_wage_bill"].items()}
    found = {_FIRST_HEADS: seen[_FIRST_HEADS] * days}
    found |= {y: 0.5 * days * (seen[y] + seen[y - 1]) for y in sorted(seen) if y - 1 in seen and y <= LAST}
    return found


def real_wages() -> dict[int, float]:
    """Mean base wage a day in pesos of December 1996; of the first year that of December at prices of December."""
    known, number, bill = prices(), heads(), wage_bill()
    days = _annex().number("economy.days_per_year")
    found = {year: bill[year] / number[year] / days / known[year].average for year in bill}
    found[_FIRST_HEADS] *= known[_FIRST_HEADS].average / known[_FIRST_HEADS].december
    return {year: value * known[BASE].december for year, value in found.items()}


def wages() -> Path_:
    """Growth of the mean base wage over prices; before it is known, and after, the annex's 2%."""
    real = real_wages()
    own = {year: real[year] / real[year - 1] - 1.0 for year in real if year - 1 in real}
    annex = _assumed("economy.real_wage_growth", _FIRST_HEADS)
    return {_ALWAYS: annex, **_seen("imss_open_data", own), LAST + 1: annex}


def contributors() -> Path_:
    """Growth of contributors to the next year; after the last the path that is fitted to the annex."""
    number = heads()
    own = {year: number[year + 1] / number[year] - 1.0 for year in number if year + 1 in number}
    after = {year: _assumed("population.contributors_growth", year) for year in range(LAST, _HORIZON)}
    return {**_seen("imss_open_data", own), **after}


def gdp_level(base: str = "gdp_base_2018") -> dict[int, float]:
    """GDP in pesos of December 1996 by the INPC, of a base of the national accounts."""
    known = prices()
    return {
        year: item.value * 1e9 * known[BASE].december / known[year].average
        for year, item in observations("gdp")[base].items()
    }


def gdp_growth() -> Path_:
    """Growth of GDP in money of consumer prices, base 2018; before and after, the fitted 4.05%."""
    level = gdp_level()
    own = {year: level[year] / level[year - 1] - 1.0 for year in level if year > _FIRST_HEADS}
    fitted = _assumed("economy.gdp_growth", LAST)
    return {_ALWAYS: fitted, **_seen("inegi_gdp", own), max(own) + 1: fitted}


def returns() -> Path_:
    """Real return of the funds of the AFOREs, before commissions."""
    gross, known = observations("returns_and_fees")["siefore_gross_return"], prices()
    own = {
        year: (1.0 + gross[year].value) * known[year - 1].december / known[year].december - 1.0
        for year in sorted(gross)
        if _FIRST_RETURN <= year <= LAST
    }
    return {**_seen("consar_panel", own), LAST + 1: _assumed("funds.rcv_return", LAST + 1)}


def balance_commissions() -> Path_:
    """Commissions of the AFOREs on the balance, mean of the system, from 2008 on; after the last the ceiling of 2026."""
    seen = observations("returns_and_fees")
    own = {year: item.value for year, item in seen["afore_fee_on_balance"].items() if year <= LAST}
    ceiling = seen["afore_fee_cap"][LAST + 1].value
    return {
        _ALWAYS: _assumed("contributions.commission_balance", BASE + 1),
        **_seen("consar_panel", own),
        LAST + 1: Row(ceiling, "judgement", "press"),
    }


def housing_returns() -> Path_:
    """Real return of the housing sub-account; held at its mean after the last."""
    seen, known = observations("returns_and_fees")["infonavit_return"], prices()
    own = {
        year: (1.0 + item.value) * known[year - 1].december / known[year].december - 1.0
        for year, item in seen.items()
    }
    mean = sum(own.values()) / len(own)
    return {**_seen("infonavit_page", own), LAST + 1: Row(mean, "judgement", "project")}


# The outlook: what was observed to 2025, and after it a judgement made of what was observed.


def _mean(growth: Mapping[int, float], years: int) -> float:
    """Mean growth a year of the last years that were observed."""
    last = max(growth)
    product = math.prod(1.0 + growth[year] for year in range(last - years + 1, last + 1))
    return float(product ** (1.0 / years) - 1.0)


def _observed(path: Path_) -> dict[int, float]:
    return {year: row.value for year, row in path.items() if row.status == "sourced"}


def _with_outlook(path: Path_, after: Mapping[int, float]) -> Path_:
    """What was observed, and what is judged after it in place of the annex's assumption."""
    own = _observed(path)
    kept = {year: row for year, row in path.items() if year <= max(own)}
    return {**kept, **{year: Row(value, "judgement", "project") for year, value in after.items()}}


def outlook_inflation() -> Path_:
    """Inflation as observed, and its mean of the last 20 years after 2025."""
    return _with_outlook(inflation(), {LAST + 1: _mean(_observed(inflation()), _RECENT)})


def outlook_wages() -> Path_:
    """Growth of real base wages as observed, and its mean of the last 20 years after 2025."""
    return _with_outlook(wages(), {LAST + 1: _mean(_observed(wages()), _RECENT)})


def outlook_minimum_wage() -> Path_:
    """Growth of the real minimum wage as observed, that decreed for 2026, and after it as base wages."""
    decreed = minimum_wages()["minimum_wage"]
    prices_up = 1.0 + outlook_inflation()[LAST + 1].value
    first = decreed[LAST + 1] / decreed[LAST] / prices_up - 1.0
    return _with_outlook(minimum_wage(), {LAST + 1: first, LAST + 2: outlook_wages()[LAST + 1].value})


def outlook_gdp_growth() -> Path_:
    """Growth of GDP over consumer prices as observed, and its mean of the last 20 years after 2023."""
    own = _observed(gdp_growth())
    return _with_outlook(gdp_growth(), {max(own) + 1: _mean(own, _RECENT)})


def outlook_contributors() -> Path_:
    """Growth of contributors as observed, and that of the population of 15 to 64 (CONAPO) from 2025 on; held after 2069."""
    people = observations("population_2025_2070")
    age = {
        year: people["men_15_64"][year].value + people["women_15_64"][year].value
        for year in people["men_15_64"]
    }
    after = {year: age[year + 1] / age[year] - 1.0 for year in age if year + 1 in age}
    return {**_seen("imss_open_data", _observed(contributors())), **_seen("conapo", after)}


def outlook_returns() -> Path_:
    """Real return of the AFOREs' funds as observed, and its mean of the last 20 years after 2025."""
    return _with_outlook(returns(), {LAST + 1: _mean(_observed(returns()), _RECENT)})


PATHS: Final = {
    "inflation": inflation,
    "minimum_wage": minimum_wage,
    "wages": wages,
    "contributors": contributors,
    "gdp_growth": gdp_growth,
    "returns": returns,
    "balance_commissions": balance_commissions,
    "housing_returns": housing_returns,
    "outlook_inflation": outlook_inflation,
    "outlook_minimum_wage": outlook_minimum_wage,
    "outlook_wages": outlook_wages,
    "outlook_contributors": outlook_contributors,
    "outlook_gdp_growth": outlook_gdp_growth,
    "outlook_returns": outlook_returns,
}


def tables() -> dict[str, str]:
    """File name -> content of all paths."""
    found = {}
    for name, make in PATHS.items():
        said = " ".join((make.__doc__ or "").split())
        lines = [f"# {said} Written by python -m assumptions.happened.", "year,value,status,source"]
        lines += [
            f"{year},{row.value:.{_DIGITS}g},{row.status},{row.source}"
            for year, row in sorted(make().items())
        ]
        found[f"{name}.csv"] = "\n".join(lines) + "\n"
    return found


# The quota of 2009 in pesos of December 1996: bands of the law, and of 2009 itself the mean over its days.
_BANDS_HEAD: Final = "band,from_year,up_to_mw,up_to_uma,value"
_BANDS_BEGIN: Final = date(2009, 7, 1)
_BAND_YEARS: Final = {2009: False, 2010: False, 2017: True}  # whether bands beyond the first are in UMA


def _before_bands() -> tuple[int, float]:
    """Days of their first year before the bands, and the quota of those days: that of the law in force on 1 July 1997."""
    of_law = load(main_scenario(), overlays=["reform_july_1997"]).resolve("statutory")
    days = (_BANDS_BEGIN - date(_BANDS_BEGIN.year, 1, 1)).days
    return days, float(of_law.path("state.social_quota", [_BANDS_BEGIN.year])[0])


def quota_bands_of_2009() -> list[tuple[int, float, float, float]]:
    """Rows from_year, up_to_mw, up_to_uma, quota in pesos of December 1996 a day, 2009 to 2022."""
    faults: list[Fault] = []
    table = read_table(DATA / "law_today" / "social_quota.csv", faults)
    if table is None or faults:
        raise AssumptionError(faults)
    known = prices()
    carried = known[BASE].december / known[2008].december
    law = [
        (float(bound or 0.0), float(value) * carried)
        for begins, bound, value in zip(
            table.column("from_date"), table.column("up_to"), table.column("value"), strict=True
        )
        if begins.startswith("2009")
    ]
    days, quota_before = _before_bands()
    year_begins, next_begins = date(_BANDS_BEGIN.year, 1, 1), date(_BANDS_BEGIN.year + 1, 1, 1)
    before = days / (next_begins - year_begins).days
    rows = []
    for year, in_uma in _BAND_YEARS.items():
        for number, (bound, quota) in enumerate(law):
            mixed = before * quota_before + (1.0 - before) * quota if year == min(_BAND_YEARS) else quota
            by_uma = in_uma and number > 0
            rows.append((year, 0.0 if by_uma else bound, bound if by_uma else 0.0, mixed))
    return rows


def band_tables() -> dict[str, str]:
    """File name -> content of the tables of bands of the quota."""
    rows = [f"{year},{mw:g},{uma:g},{value:.8g}" for year, mw, uma, value in quota_bands_of_2009()]
    faults: list[Fault] = []
    later = read_table(DATA / "reforms" / "quota_bands.csv", faults)
    if later is None or faults:
        raise AssumptionError(faults)
    days, quota = _before_bands()
    said = (
        "The State's social quota by band of the base wage from July 2009 on, pesos of December 1996 a day:"
        " law_today/social_quota.csv at prices of December 2008 carried by the INPC; 2009 itself:"
        f" {days} days of {quota:g}, the rest by band."
    )
    found = {}
    for name, more, of in (
        ("quota_bands_2009.csv", [], ""),
        (
            "quota_bands_2009_2023.csv",
            [",".join(row[1:]) for row in later.rows],
            " From 2023 on quota_bands.csv.",
        ),
    ):
        lines = [f"# {said}{of} Written by python -m assumptions.happened.", _BANDS_HEAD]
        lines += [f"{number},{row}" for number, row in enumerate([*rows, *more], start=1)]
        found[name] = "\n".join(lines) + "\n"
    return found


def write(folder: Path = DATA) -> None:
    """Write all paths and tables of bands into a data folder."""
    for inside, content in ((folder / "observed" / "paths", tables()), (folder / "reforms", band_tables())):
        inside.mkdir(parents=True, exist_ok=True)
        for name, text in content.items():
            (inside / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)
