"""Draws the figures of docs/counterfactual.md and renews the tables and the printed output in it.

Run in the project's folder: python docs/figures/counterfactual.py
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

import assumptions
from assumptions import Resolved
from engine.balance import calibrate, compare
from engine.balance.actuarial import cash_flow, exhausted, first_deficit
from engine.balance.valuation import value
from engine.outputs import balance

FOLDER = Path(__file__).parent
PAGES = (FOLDER.parent / "counterfactual.md", FOLDER.parent / "extending.md")
WIDTH = 150
BLUE, ORANGE, GREEN, GREY, PALE = "#1f5a94", "#d9822b", "#3a8f5c", "#8a8a8a", "#9fc0dd"
PARTS = {
    "contributions_present": "contributions, present",
    "contributions_future": "contributions, future",
    "in_payment": "pensions in payment",
    "pensions_present": "pensions, present",
    "pensions_future": "pensions, future",
    "deficit": "deficit",
}


def pack(code: str, *overlays: str) -> Resolved:
    """A scenario on the statutory basis with a balance."""
    return assumptions.load(code, overlays=list(overlays), sets={"balance.computed": True}).resolve(
        "statutory"
    )


def fitted(resolved: Resolved, weight: float) -> Resolved:
    """The unknowns fitted anew with another weight of the year of the first cash deficit."""
    return calibrate.at(resolved, list(calibrate.fit(resolved, weight).values.values()))


def other(name: str, number: object) -> Callable[[Resolved], Resolved]:
    """One value replaced."""
    return lambda resolved: resolved.with_values({name: number})


VARIANTS: dict[str, Callable[[Resolved], Resolved]] = {
    "as shipped": lambda resolved: resolved,
    "fitted to Table 2 alone": lambda resolved: fitted(resolved, 0.0),
    "fitted with a quarter of the weight on 2000": lambda resolved: fitted(resolved, 0.5),
    "all 8.5% of wages counted": other("balance.counted_branches", np.ones(5)),
    "75 years (to 2069)": lambda resolved: calibrate.with_horizon(resolved, 75),
    "1,268 thousand pensioners (12.5 per 100)": other("pensions.ongoing_heads", 1267500.0),
    "average wage of 2.6 minimum wages": other("population.average_wage_mw", 2.6),
    "density of 0.83": other("contributions.density", 0.83),
    "150 years": lambda resolved: calibrate.with_horizon(resolved, 150),
    "entrants of 40 years, flows of 150": lambda resolved: resolved.with_values(
        {"balance.entrants_years": 40.0, "balance.horizon_years": 150.0}
    ),
    "rate 3%": other("balance.discount_rate", 0.03),
    "rate 5%": other("balance.discount_rate", 0.05),
    "minimum wage +2% a year": lambda resolved: resolved.modified(
        "economy.real_minimum_wage_growth", "replace", value=0.02, from_year=1995
    ),
    "inflation 7% after 1994": lambda resolved: resolved.modified(
        "economy.inflation", "replace", value=0.07, from_year=1995
    ),
    "leaving as after 1996": lambda resolved: resolved.with_values(
        {"decrements.leaving": pack("0B").table("decrements.leaving").values}
    ),
}


def variants() -> str:
    """Items of Table 2 over the printed ones, and dates of the cash flow, by variant; a Markdown table."""
    state = pack("0B", "state_1994")
    target = compare.printed(compare.TABLE)
    heads = [
        "",
        *PARTS.values(),
        "first cash deficit",
        "reserve spent",
        "pensions / contributions 2030",
        "missing 2030, % of GDP",
    ]
    lines = ["| " + " | ".join(heads) + " |", "|---|" + "--:|" * (len(heads) - 1)]
    for name, change in VARIANTS.items():
        found = value(change(state))
        flows = cash_flow(found)
        model = compare.table_values(found)
        text = compare.text_values(found)
        first, spent = first_deficit(found.years, flows.balance), exhausted(found.years, flows.reserve)
        cells = [f"{model[item] / target[item]:.2f}" for item in PARTS]
        cells += [str(first or "none"), str(spent or "none")]
        cells += [f"{text['multiple_of_contributions']:.2f}", f"{text['state_2030']:.2f}"]
        lines.append("| " + " | ".join([name, *cells]) + " |")
    return "\n".join(lines)


GENERATED = {"variants": variants}


def blocks(text: str) -> list[str]:
    """Console blocks of a page."""
    return re.findall(r"```console\n(.*?)```", text, flags=re.S)


def command(block: str) -> str:
    """The command of a block."""
    return block.splitlines()[0].removeprefix("$ ")


def output(line: str) -> str:
    """What a command prints, as wide as the page takes."""
    done = subprocess.run(
        [sys.executable, "-c", "from engine.cli import main; main()", *shlex.split(line)[1:]],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": str(WIDTH), "NO_COLOR": "1"},
    )
    return "\n".join(row.rstrip() for row in done.stdout.splitlines()).rstrip()


def section(name: str, text: str) -> str:
    """A generated part of the page with its marks."""
    return f"<!-- generated: {name} -->\n\n{text}\n\n<!-- end -->"


def renewed(text: str) -> str:
    """The page with its tables and printed output renewed."""
    for block in blocks(text):
        text = text.replace(block, f"$ {command(block)}\n{output(command(block))}\n")
    for name, make in GENERATED.items():
        if f"<!-- generated: {name} -->" not in text:
            continue
        new = section(name, make())
        text = re.sub(rf"<!-- generated: {name} -->.*?<!-- end -->", lambda _, new=new: new, text, flags=re.S)
    return text


def _axes(width: float = 7.2, height: float = 3.6) -> tuple[plt.Figure, plt.Axes]:
    figure, axes = plt.subplots(figsize=(width, height), layout="constrained")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#e3e3e3", linewidth=0.8)
    axes.set_axisbelow(True)
    return figure, axes


def _save(figure: plt.Figure, name: str) -> None:
    figure.savefig(FOLDER / f"{name}.png", dpi=150, metadata={"Software": None})
    plt.close(figure)


def draw_cash_flow(state: xr.Dataset) -> None:
    """The report's Figure 1: contributions and pensions without reform."""
    figure, axes = _axes()
    year = state.year.values
    scale = float(state.price_at_date) * 1e-9
    whole = state.contributions.sum(("branch", "generation")) * scale
    axes.plot(year, state.scheme_pensions * scale, color=ORANGE, linewidth=2, label="pensions")
    axes.plot(
        year, whole, color=BLUE, linewidth=1.2, linestyle="--", label="all contributions, 8.5% of wages"
    )
    axes.plot(year, state.scheme_contributions * scale, color=BLUE, linewidth=2, label="pension branches, 6%")
    axes.legend(frameon=False, loc="upper left")
    axes.set_ylabel("thousand million pesos of 1994")
    axes.set_ylim(0)
    axes.set_xlim(year[0], year[-1])
    _save(figure, "counterfactual_cash_flow")


def draw_groups(state: xr.Dataset) -> None:
    """Pensions by whose rights they are, share of GDP."""
    figure, axes = _axes()
    shares = (
        100
        * state.pensions.sel(pension_type=["retirement", "disability", "death"]).sum("pension_type")
        / state.gdp
    )
    labels = (
        "in payment at the end of 1994",
        "earned before 1995",
        "earned after 1994 by affiliates of 1994",
        "later generations",
    )
    colours = (GREY, BLUE, PALE, ORANGE)
    axes.stackplot(state.year, shares.values, colors=colours, labels=labels)
    axes.plot(
        state.year,
        100 * state.scheme_contributions / state.gdp,
        color="black",
        linewidth=1.5,
        label="contributions, 6%",
    )
    handles, names = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], names[::-1], frameon=False, loc="upper left")
    axes.set_ylabel("% of GDP")
    axes.set_xlim(int(state.year[0]), int(state.year[-1]))
    _save(figure, "counterfactual_groups")


def draw_reform(reforms: dict[str, xr.Dataset]) -> None:
    """Net fiscal cost of the reform against no reform, share of GDP."""
    figure, axes = _axes()
    colours = dict(zip(reforms, (BLUE, ORANGE, GREEN, GREY), strict=False))
    for name, data in reforms.items():
        cost = 100 * data.reform_line.sel(line="net_fiscal_cost") / data.gdp
        axes.plot(data.year, cost, color=colours[name], linewidth=2, label=f"scenario {name}")
    axes.axhline(0, color="black", linewidth=0.8)
    axes.legend(frameon=False)
    axes.set_ylabel("% of GDP, above 0: the reform costs more")
    axes.set_xlim(int(data.year[0]), int(data.year[-1]))
    _save(figure, "counterfactual_reform")


def draw_worth(reform: xr.Dataset) -> None:
    """Money's worth by year of birth and wage, old system and reform."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.6), layout="constrained", sharey=True)
    last = int(reform.wage_group[-1])
    for axes, sex, title in ((left, "m", "men"), (right, "f", "women")):
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", color="#e3e3e3", linewidth=0.8)
        for group, colour in ((1, GREEN), ((last + 1) // 2, BLUE), (last, ORANGE)):
            worth = reform.moneys_worth.sel(sex=sex, wage_group=group)
            worth = worth.where(reform.birth_year >= 1956, drop=True)
            axes.plot(
                worth.birth_year, worth.sel(system="no_reform"), color=colour, linestyle="--", linewidth=1.2
            )
            axes.plot(
                worth.birth_year,
                worth.sel(system="reform"),
                color=colour,
                linewidth=2,
                label=f"wage group {group}",
            )
        axes.axhline(1, color="black", linewidth=0.8)
        axes.set_title(title, fontsize=10)
        axes.set_xlabel("year of birth")
        axes.set_ylim(0)
    left.set_ylabel("received / paid (dashed: no reform)")
    right.legend(frameon=False)
    _save(figure, "counterfactual_worth")


def main() -> int:
    """Draw and renew."""
    state = balance.balance(pack("0B", "state_1994"))
    draw_cash_flow(state)
    draw_groups(state)
    reforms = {code: balance.balance(pack(code)) for code in ("1B", "2B", "3B", "4B")}
    draw_reform(reforms)
    draw_worth(reforms["3B"])
    for page in PAGES:
        page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
