"""What screen, page and document say of a hindcast: figures in words, and tables as head and rows of text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import xarray as xr

from assumptions import load
from engine.hindcast import compare, steps
from engine.hindcast.lines import LINES

Table = tuple[list[str], list[list[str]]]
Words = Mapping[str, Any]

MAIN: Final = LINES[0]
CEAV: Final = "state_ceav_statutory"
CEAV_YEARS: Final = (2008, 2018)
CEAV_TOLERANCE: Final = 6.0
WINDOWS: Final = ((2008, 2016), (2016, 2019), (2019, 2023))
_SHOWN: Final = (1997, 2000, 2005, 2010, 2015, 2020)
_THOUSAND: Final = 1e3
_PERCENT: Final = 100.0


def seen(dataset: xr.Dataset, line: str) -> list[int]:
    """Years of which a line was observed."""
    found = dataset.observed.sel(line=line)
    return [int(year) for year in dataset.year.values[np.isfinite(found.values)]]


def last_seen(dataset: xr.Dataset) -> int:
    """The last year whose old-law line and GDP are both observed; the last year of the hindcast where there is none."""
    share = dataset.observed_percent.sel(line=MAIN)
    known = dataset.year.values[np.isfinite(share.values)]
    return int(known[-1] if known.size else dataset.year.values[-1])


def sentence(dataset: xr.Dataset, text: Words) -> str:
    """What it says of the old-law line in the last year that was observed."""
    said, year = text["hindcast"], last_seen(dataset)
    share = dataset.modelled_percent.sel(line=MAIN, year=year)
    observed = float(dataset.observed_percent.sel(line=MAIN, year=year))
    end = float(share.sel(step=steps.END))
    return str(
        said["sentence"].format(
            line=said["lines"][MAIN],
            year=year,
            observed=observed,
            start=float(share.sel(step=steps.START)),
            end=end,
            left=observed - end,
        )
    )


def attribution(dataset: xr.Dataset, text: Words) -> Table:
    """Cumulative steps and what each does free of the order, for the old-law line in the last observed year."""
    said, year = text["hindcast"], last_seen(dataset)
    at: dict[str, Any] = {"line": MAIN, "year": year}
    rows = []
    for step in steps.STEPS:
        free = float(dataset.attribution_percent.sel(**at, step=step))
        rows.append(
            [
                said["steps"][step],
                f"{float(dataset.modelled_percent.sel(**at, step=step)):.3f}",
                f"{float(dataset.modelled.sel(**at, step=step)):,.0f}",
                plain(free, "+.3f", said),
            ]
        )
    share, money = (float(dataset[name].sel(**at)) for name in ("observed_percent", "observed"))
    rows.append([said["observed"], plain(share, ".3f", said), plain(money, ",.0f", said), said["none"]])
    left = share - float(dataset.modelled_percent.sel(**at, step=steps.END))
    rows.append(
        [said["left"], plain(left, "+.3f", said), plain(float(dataset.residual.sel(**at)), "+,.0f", said), ""]
    )
    return [said["step"], f"{said['share']} {year}", f"{said['million']} {year}", said["attribution"]], rows


def attribution_said(dataset: xr.Dataset, text: Words) -> str:
    """How the attribution was made."""
    said, year = text["hindcast"], last_seen(dataset)
    error = dataset.attribution_error.sel(line=MAIN, year=year)
    share = error / dataset.modelled.sel(line=MAIN, year=year, step=steps.END)
    most = float(share.max()) * float(dataset.modelled_percent.sel(line=MAIN, year=year, step=steps.END))
    return str(
        said["attribution_said"].format(
            orders=dataset.attrs["orders"], error=f"{most:.3f}", line=said["lines"][MAIN], year=year
        )
    )


def by_year(dataset: xr.Dataset, line: str, text: Words) -> Table:
    """A line by observed year: projected, told all, observed, what is left."""
    said = text["hindcast"]
    rows = []
    for year in seen(dataset, line):
        at = {"line": line, "year": year}
        start, end = (float(dataset.modelled.sel(**at, step=step)) for step in (steps.START, steps.END))
        observed = float(dataset.observed.sel(**at))
        share = float(dataset.observed_percent.sel(**at))
        rows.append(
            [
                str(year),
                f"{start:,.0f}",
                f"{end:,.0f}",
                f"{observed:,.0f}",
                str(dataset.observed_confidence.sel(**at).item()),
                f"{observed - end:+,.0f}",
                f"{end / observed:.2f}",
                plain(share, ".3f", said),
            ]
        )
    head = [
        text["year"],
        said["projected"],
        said["all_known"],
        said["observed"],
        said["confidence"],
        said["left"],
    ]
    return [*head, said["ratio"], f"{said['observed']}, {said['share']}"], rows


def windows(dataset: xr.Dataset, text: Words) -> Table:
    """Real growth a year of the old-law line in windows of years: observed, projected, told all."""
    said, years = text["hindcast"], dataset.year.values
    rows = []
    for first, last in WINDOWS:
        if last > int(years[-1]) or not {first, last} <= set(seen(dataset, MAIN)):
            continue
        series = [
            dataset.observed.sel(line=MAIN).values,
            *(dataset.modelled.sel(line=MAIN, step=step).values for step in (steps.START, steps.END)),
        ]
        found = [_PERCENT * compare.growth(values, years, first, last) for values in series]
        rows.append([f"{first}-{last}", *(f"{value:.1f}%" for value in found), f"{found[0] - found[2]:+.1f}"])
    return [said["window"], said["observed"], said["projected"], said["all_known"], said["left"]], rows


def contribution_test(dataset: xr.Dataset, text: Words) -> tuple[str, bool]:
    """Whether the State's severance and old age is as near as wanted, in words."""
    said = text["hindcast"]
    years = [year for year in seen(dataset, CEAV) if CEAV_YEARS[0] <= year <= CEAV_YEARS[1]]
    if not years:
        return str(said["unobserved"]), False
    at = {"line": CEAV, "year": years}
    observed = dataset.observed.sel(**at).values
    modelled = dataset.modelled.sel(**at, step=steps.END).values
    off = _PERCENT * (modelled / observed - 1.0)
    met = bool(np.abs(off).max() <= CEAV_TOLERANCE)
    words = said["tests_said"].format(
        tolerance=CEAV_TOLERANCE, first=years[0], last=years[-1], low=off.min(), high=off.max()
    )
    words += f" {said['met' if met else 'not_met']}"
    bill = (dataset.wage_bill.sel(step=steps.END) / dataset.wage_bill_observed).sel(year=years).values
    if np.isfinite(bill).all():
        paid = _PERCENT * (modelled / observed / bill - 1.0)
        words += " " + said["of_the_bill"].format(low=paid.min(), high=paid.max())
    return words, met


def heads(dataset: xr.Dataset, text: Words) -> Table:
    """Contributors, wage bill and balances, modelled over observed."""
    said = text["hindcast"]
    years = [year for year in (*_SHOWN, int(dataset.year.values[-1])) if year in dataset.year.values]
    end = dataset.sel(step=steps.END)
    rcv = end.account_assets.sel(account=["retirement", "ceav", "social_quota"]).sum("account")
    pairs = {
        "contributors": (end.contributors, dataset.contributors_observed),
        "wage_bill": (end.wage_bill, dataset.wage_bill_observed),
        "balance": (rcv, dataset.rcv_observed),
    }
    rows = []
    for name, (modelled, observed) in pairs.items():
        ratio = (modelled / observed).sel(year=years).values
        rows.append([f"{said[name]}, {said['ratio']}", *(plain(float(one), ".2f", said) for one in ratio)])
    return ["", *map(str, years)], rows


def candidates(dataset: xr.Dataset, text: Words) -> tuple[str, Table]:
    """What could explain the rest: words and table."""
    said = text["hindcast"]
    years = seen(dataset, MAIN)
    first, last = (
        (years[0], last_seen(dataset)) if years else (int(dataset.year.values[0]), last_seen(dataset))
    )
    ends = json.loads(dataset.attrs["candidates"])
    rows = []
    for name in map(str, dataset.candidate.values):
        moved = dataset.candidate_moved.sel(candidate=name, line=MAIN, year=[first, last]) / _THOUSAND
        label = said["candidate_names"].get(name, name)
        rows.append(
            [
                label,
                f"{ends[name][0]} ... {ends[name][1]}",
                *(
                    f"{float(moved.sel(end=end, year=y)):+.1f}"
                    for y in (first, last)
                    for end in ("low", "high")
                ),
            ]
        )
    left = dataset.observed_pesos_1996 - dataset.modelled_pesos_1996.sel(step=steps.END)
    words = said["candidates_said"].format(
        line=said["lines"][MAIN],
        first=first,
        last=last,
        left_first=float(left.sel(line=MAIN, year=first)) / _THOUSAND,
        left_last=float(left.sel(line=MAIN, year=last)) / _THOUSAND,
    )
    columns = [f"{year}, {said[end]}" for year in (first, last) for end in ("low", "high")]
    return words, ([said["candidate"], said["value"], *columns], rows)


def budget_said(dataset: xr.Dataset, text: Words) -> str:
    """The budget of the first year."""
    year = int(dataset.year.values[0])
    original, spent = (compare.budget(item)[year] for item in ("ramo_19_original_budget", "ramo_19"))
    modelled = float(dataset.modelled.sel(step=steps.START, year=year).sum("line"))
    return str(
        text["hindcast"]["budget_said"].format(
            original=f"{original.value:,.1f}", spent=f"{spent.value:,.1f}", modelled=f"{modelled:,.0f}"
        )
    ) + (f" ({original.source}, {original.confidence})")


def others(text: Words) -> Table:
    """What others projected."""
    said = text["hindcast"]
    rows = [
        [what, str(year), f"{item.value:,g}", item.unit, item.locator, item.confidence]
        for what, series in compare.others().items()
        for year, item in series.items()
    ]
    head = [said["said_by"], text["year"], said["value"], said["unit"], said["place"], said["confidence"]]
    return head, rows


def register(dataset: xr.Dataset, text: Words) -> Table:
    """Every observed number of the lines, with source and confidence."""
    said = text["hindcast"]
    rows = [
        [
            said["lines"][line],
            str(year),
            f"{item.value:,.1f}",
            item.unit,
            item.source,
            item.locator,
            item.confidence,
        ]
        for line, year, item in compare.of_lines(dataset.year.values)
    ]
    head = [said["line"], text["year"], said["value"], said["unit"], said["source"], said["place"]]
    return [*head, said["confidence"]], rows


def overlays_used(text: Words) -> Table:
    """What each step is told: overlays, their titles and places."""
    from assumptions import overlay_headers

    said, known = text["hindcast"], overlay_headers()
    rows = [
        [said["steps"][unit], name, known[name].description, known[name].source, known[name].locator]
        for unit, names in steps.UNITS.items()
        for name in names
    ]
    return [said["step"], "--overlay", said["said_by"], said["source"], said["place"]], rows


def scenario_title(code: str) -> str:
    """Title of a scenario."""
    return load(code).title


def markdown(table: Table) -> str:
    """A table in Markdown."""
    head, rows = table

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    return "\n".join([line(head), line(["---"] * len(head)), *map(line, rows)]) + "\n"


def plain(value: float, form: str, said: Words) -> str:
    """A number in a form; a dash where there is none."""
    if not np.isfinite(value):
        return str(said["none"])
    found = format(value, form)
    # Nothing has no sign.
    return found.replace("-", "").replace("+", "") if not any(map(int, filter(str.isdigit, found))) else found
