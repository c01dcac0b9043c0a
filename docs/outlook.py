"""Writes docs/outlook.md and docs/outlook.es.md: the outlook to 2070, and the reform of December 2020 against none.

Usage: python docs/outlook.py
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

import assumptions
from assumptions import Resolved
from engine.hindcast import compare, lines
from engine.hindcast.tables import Table, markdown
from engine.labels import COMPONENTS, MEMO_ITEMS
from engine.outputs import texts
from engine.projection import CaseResult, run_case
from engine.worker import calculator, careers

HERE = Path(__file__).parent
LAST = 2070
TODAY, BEFORE = ("today", "welfare_fund"), ("law_before_2020", "outlook_2070")
YEARS = (2025, 2030, 2035, 2040, 2045, 2050, 2060, 2070)
BORN = (1975, 1985, 1995, 2005)
WAGES = (1.2, 2.0, 4.0, 8.0)
FIRST_AGE, AWARD_AGE, DENSITY = 22, 65, 0.6
WEEKS = (2021, 2023, 2025, 2028, 2031, 2035)
PAGES = {"en": "outlook.md", "es": "outlook.es.md"}
Words = Mapping[str, Any]
RUN = """```sh
annexv run --scenario 3B --basis statutory --overlay today --to 2070 --out today.nc
annexv run --scenario 3B --basis statutory --overlay law_before_2020 --overlay outlook_2070 --to 2070 --out before.nc
annexv compare before.nc today.nc
annexv what-if 'retirement_age=67 from 2030' --against 3B+today_by_index --to 2070
```"""
SWEEP = """```sh
annexv sweep examples/sweeps/outlook.toml --overlay today_by_index --set reform.last_year=2070 --out outlook.nc
annexv plot outlook.nc --out fan.png
```"""


def resolved(overlays: tuple[str, ...]) -> Resolved:
    """Scenario 3B under overlays, to the last year."""
    return assumptions.load("3B", overlays, {"reform.last_year": LAST}).resolve("statutory")


def at_years(case: CaseResult) -> list[int]:
    """Places of the years of the tables."""
    return [year - int(case.years[0]) for year in YEARS]


def cost(case: CaseResult, text: Words) -> Table:
    """Cost by component in percent of GDP."""
    said, share, at = text["outlook"], 100.0 * case.cost / case.gdp, at_years(case)
    rows = [
        [text["component"][name], *(f"{value:.2f}" for value in share[row, at])]
        for row, name in enumerate(COMPONENTS)
    ]
    rows.append([said["total"], *(f"{value:.2f}" for value in share[:, at].sum(axis=0))])
    return [said["percent"], *map(str, YEARS)], rows


def wave(case: CaseResult, said: Words) -> str:
    """The old-law wave: its peak and its end."""
    share = 100.0 * case.cost[:2].sum(axis=0) / case.gdp
    top = int(share.argmax())
    below = case.years[top:][share[top:] < 0.5 * share[top]]
    end = said["falls"].format(year=below[0]) if below.size else said["stays"]
    found: str = said["peak"].format(
        top=case.years[top], peak=share[top], end=end, last=share[-1], year=case.years[-1]
    )
    return found


def anchored(case: CaseResult, told: Resolved, said: Words) -> tuple[str, Table]:
    """The old-law wave if what the hindcast leaves unexplained stayed as large: what `annexv run --anchor` gives."""
    year, seen = compare.last_of_old_law()
    at = year - int(case.years[0])
    full = float(seen * 1e6 / lines.current(case.years[at : at + 1])[0] / lines.of_case(case, told)[0, at])
    share = 100.0 * case.cost[:2].sum(axis=0)[at_years(case)] / case.gdp[at_years(case)]
    rows = []
    for name, factor in (("none", 1.0), ("half", 0.5 * (1.0 + full)), ("full", full)):
        rows.append([said[name].format(factor=factor), *(f"{factor * value:.2f}" for value in share)])
    return said["anchored_said"].format(year=year, full=full), ([said["anchor"], *map(str, YEARS)], rows)


def fund(case: CaseResult, said: Words) -> tuple[str, Table]:
    """What the welfare fund would pay, what it lacks, and how many pensions it would complement."""
    due, lacking = (
        case.memo[MEMO_ITEMS.index(name)] for name in ("welfare_fund_complements", "welfare_fund_shortfall")
    )
    short = case.years[lacking > 0.0]
    ends = said["fund_ends"].format(year=short[0] - 1) if short.size else said["fund_lasts"]
    start = 2025 - int(case.years[0])
    money = lines.current(case.years[start : start + 1])[0] / 1e9
    worth_of = [
        money * float((one[start:] / 1.035 ** np.arange(case.years.size - start)).sum())
        for one in (due, lacking)
    ]
    words = said["fund_said"].format(ends=ends, last=LAST, due=worth_of[0], lacking=worth_of[1])
    at = at_years(case)
    rows = [
        [said["complements"], *(f"{value:.2f}" for value in 100.0 * due[at] / case.gdp[at])],
        [said["lacking"], *(f"{value:.2f}" for value in 100.0 * lacking[at] / case.gdp[at])],
        [said["pensions"], *(f"{value / 1e3:,.0f}" for value in case.complemented[at])],
    ]
    return words, (["", *map(str, YEARS)], rows)


def worth(case: CaseResult, first: int = 2021) -> float:
    """Present value at 3.5% real of the cost from the reform on, percent of the GDP of that year."""
    at = first - int(case.years[0])
    years = np.arange(case.years.size - at)
    return float(100.0 * (case.cost[:, at:].sum(axis=0) / 1.035**years).sum() / case.gdp[at])


def helped(today: Resolved, before: Resolved, said: Words) -> Table:
    """New-law pension of old age by birth year and wage under both laws."""
    rows = []
    minimum = today.number("economy.minimum_wage_daily") * today.number("economy.days_per_year")
    for wage in WAGES:
        row = [f"{wage:g}"]
        for born in BORN:
            found = []
            for case in (before, today):
                career = careers.steady(
                    case, wage * minimum, FIRST_AGE, AWARD_AGE, born, DENSITY, sex="f", spouse="none"
                )
                found.append(calculator.evaluate([career], case))
            old, new = (float(one["new_pension"][0]) / 12.0 for one in found)
            row.append(
                f"{old:,.0f}, {new:,.0f} ({100.0 * (new / old - 1.0):+.0f}%)" if old else f"0, {new:,.0f}"
            )
        rows.append(row)
    return [said["wage"], *(said["born"].format(year=born) for born in BORN)], rows


def weeks(today: Resolved, before: Resolved, said: Words) -> Table:
    """Weeks that are required, and those that someone has who contributed since July 1997."""
    years = np.array(WEEKS)
    needed = [case.path("law_1995.weeks_retirement", years) for case in (before, today)]
    rows = [[said["before"], *(f"{value:.0f}" for value in needed[0])]]
    rows.append([said["today"], *(f"{value:.0f}" for value in needed[1])])
    for density in (0.4, DENSITY, 0.83):
        held = density * 365.0 / 7.0 * (years - 1997.5)
        rows.append([said["held"].format(density=density), *(f"{value:.0f}" for value in held)])
    return [said["weeks_at"], *map(str, WEEKS)], rows


def page(told: tuple[Resolved, Resolved], cases: tuple[CaseResult, CaseResult], language: str) -> str:
    """The document in a language."""
    text = texts.load(language)
    said = text["outlook"]
    values = [worth(case) for case in cases]
    anchor, anchors = anchored(cases[0], told[0], said)
    paid, complements = fund(cases[0], said)

    def table(found: Table) -> str:
        return markdown(found).rstrip("\n")

    parts = [
        f"<!-- {said['generated']} -->",
        f"# {said['title']}",
        said["other"],
        said["opening"],
        f"{said['minutes']}\n{RUN}",
        said["carries"],
        f"## {said['cost']}",
        table(cost(cases[0], text)),
        wave(cases[0], said),
        f"## {said['anchored']}",
        anchor,
        table(anchors),
        f"## {said['without']}",
        table(cost(cases[1], text)),
        said["worth"].format(last=LAST, now=values[0], before=values[1], apart=values[0] - values[1]),
        f"## {said['fund']}",
        paid,
        table(complements),
        f"## {said['helped']}",
        said["helped_said"].format(age=AWARD_AGE, density=DENSITY, first=FIRST_AGE),
        table(helped(*told, said)),
        f"## {said['weeks']}",
        table(weeks(*told, said)),
        said["weeks_said"],
        f"## {said['unknown']}",
        f"![{said['figure']}](figures/outlook_fan.png)",
        said["unknown_said"],
        f"{said['minutes']}\n{SWEEP}",
    ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Write the documents."""
    told = resolved(TODAY), resolved(BEFORE)
    cases = run_case(told[0]), run_case(told[1])
    for language, name in PAGES.items():
        (HERE / name).write_text(page(told, cases, language), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
