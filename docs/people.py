"""Makes the tables of docs/people.md: mean service of awards, weeks of those of 60, and what moves the guarantee.

Run `python docs/people.py`; nothing in the page between its markers is typed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import numpy as np

import assumptions
from assumptions import Resolved, Table
from cohorts import axes
from engine.labels import COMPONENTS
from engine.prepare import case as prepared
from engine.projection import CaseResult, run_case
from engine.shares import percent_of_gdp

PAGE: Final = Path(__file__).with_name("people.md")
SCENARIO, BASIS, LAST = "3B", "statutory", 2070
AGE: Final = 60
SERVICE_YEARS: Final = (1997, 2000, 2010, 2030)
GUARANTEE_YEARS: Final = (2030, 2050, 2070)
ONE_CLASS: Final = Table(("class", "field"), {"class": (1,), "field": ("share", "relative")}, np.ones((1, 2)))
RETURNS: Final = ("funds.rcv_return", "funds.infonavit_return", "funds.retirement_subaccount_return")
RUNS: Final[dict[str, dict[str, Any]]] = {
    "as it stands": {},
    "wages do not grow": {"economy.real_wage_growth": 0.0},
    "the guarantee grows with wages, 2%": {"guarantee.real_growth": 0.02},
    "500 weeks in place of 1,250": {"law_1995.weeks_retirement": 500},
    "500 weeks, and 2%": {"law_1995.weeks_retirement": 500, "guarantee.real_growth": 0.02},
    "one density, that of the mean": {"contributions.density_classes": ONE_CLASS},
    "mean density 0.83": {"contributions.density": 0.83},
    "mean density 1": {"contributions.density": 1.0},
    "40 wage groups": {"population.wage_groups": 40},
    "average wage of 2.0 minimum wages": {"population.average_wage_mw": 2.0},
    "all enter at 16": {"population.entry_age_shares": 16},
    "all enter at 30": {"population.entry_age_shares": 30},
    "nobody leaves for good": {"decrements.leaving": 0.0},
    "returns of 2%": dict.fromkeys(RETURNS, 0.02),
    "no commission": {"contributions.commission": 0.0},
}


def table(head: tuple[str, ...], rows: list[list[str]]) -> str:
    """Markdown, the first column to the left."""
    lines = ["| " + " | ".join(head) + " |", "|---" + "|--:" * (len(head) - 1) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def service(result: CaseResult) -> str:
    """Mean service of retirement awards."""
    at = [year - int(result.years[0]) for year in SERVICE_YEARS]
    row = [f"{result.award_service[axes.RETIREMENT, t]:.1f}" for t in at]
    return table(("mean years of contributions", *map(str, SERVICE_YEARS)), [["retirement awards", *row]])


def weeks(pack: Resolved, result: CaseResult) -> str:
    """Affiliates who reach the age at the opening of a year, by density: who has the weeks of either law."""
    people = prepared.build(pack).demography.population
    group = np.repeat(np.arange(people.age.size), np.diff(people.block_start))
    density = people.density[group]
    old, new = (pack.number(f"law_{law}.weeks_retirement") for law in (1973, 1995))
    rows = []
    for year in SERVICE_YEARS:
        t = year - int(result.years[0])
        served = people.service + density * np.maximum(0, t - np.maximum(people.entry, 0))
        number = result.heads.opening[:, t] * (people.age[group] + t == AGE)
        contributed = np.floor(served * pack.number("law_1973.weeks_per_year"))
        cells = []
        for of in [*np.unique(density), None]:
            mine = number if of is None else number * (density == of)
            shares = [100.0 * (mine * (contributed >= least)).sum() / mine.sum() for least in (old, new)]
            cells.append(" / ".join(f"{share:.0f}" for share in shares))
        rows.append([str(year), *cells, f"{(number * served).sum() / number.sum():.1f}"])
    classes = [f"density {of:.2f}" for of in np.unique(density)]
    return table((f"of {AGE}, in", *classes, "all", "mean years"), rows)


def guarantee(pack: Resolved) -> str:
    """Guarantee of new workers, percent of GDP, each run one change away."""
    rows = []
    for name, sets in RUNS.items():
        changed = dict(sets)
        if "population.entry_age_shares" in changed:
            shares = pack.table("population.entry_age_shares")
            at = shares.coords["age"].index(changed["population.entry_age_shares"])
            moved = np.zeros_like(shares.values)
            moved[..., at] = shares.values.sum(axis=-1)
            changed["population.entry_age_shares"] = moved
        result = run_case(pack.with_values(changed))
        cost = percent_of_gdp(result.cost[COMPONENTS.index("mpg_new_workers")], result.gdp)
        rows.append([name, *(f"{cost[year - int(result.years[0])]:.3f}" for year in GUARANTEE_YEARS)])
    return table(("run", *map(str, GUARANTEE_YEARS)), rows)


def main() -> None:
    """Put the tables between their markers."""
    pack = assumptions.load(SCENARIO, sets={"reform.last_year": LAST}).resolve(BASIS)
    result = run_case(pack)
    made = {"service": service(result), "weeks": weeks(pack, result), "guarantee": guarantee(pack)}
    text = PAGE.read_text(encoding="utf-8")
    for name, content in made.items():
        marked = re.compile(rf"(<!-- {name} -->\n\n).*?(\n\n<!-- end -->)", re.DOTALL)
        if not marked.search(text):
            raise SystemExit(f"{PAGE.name}: no markers for {name}")
        text = marked.sub(lambda found, content=content: found[1] + content + found[2], text)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
