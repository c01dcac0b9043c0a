"""The statutory basis beside the published one, and the steps from the one to the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.calibrate import BASIS
from engine.outputs import compare
from engine.projection import COMPONENTS
from engine.studies.annex_v import decomposition
from engine.studies.annex_v.reproduction.markdown import table
from engine.studies.annex_v.reproduction.results import STEP_YEARS, Reproduction
from engine.studies.annex_v.series import ACQUIRED, HIGH_INFLATION, LOW_INFLATION, MPG, STATUTORY, Float


def statutory(found: Reproduction) -> list[str]:
    """The section on the statutory basis."""
    data = found.dataset
    tables = found.register.tables
    rows = []
    for code in (*LOW_INFLATION, *HIGH_INFLATION):
        for basis in (BASIS, STATUTORY):
            part = data.sel(basis=basis, scenario=code, year=list(STEP_YEARS))
            rights = part.fiscal_cost.sel(component=ACQUIRED).values
            rows.append(
                (
                    code if basis == BASIS else "",
                    basis,
                    *(f"{v:.3f}" for v in rights),
                    *(f"{v:.3f}" for v in part.fiscal_cost.sel(component=MPG).values[-1:]),
                    *(f"{v:.3f}" for v in part.fiscal_cost_total.values),
                )
            )
    distance = [
        (
            item.scenario,
            item.column,
            f"{item.largest:.3f}",
            str(item.year),
            f"{item.rms:.3f}",
            f"{item.model:.3f}",
            f"{item.printed:.3f}",
        )
        for item in found.statutory
        if item.table == compare.TOTAL_TABLE and item.scenario in LOW_INFLATION
    ]
    in_order = sorted(
        LOW_INFLATION,
        key=lambda code: float(data.fiscal_cost_total.sel(basis=STATUTORY, scenario=code, year=2030)),
    )
    printed_order = sorted(LOW_INFLATION, key=lambda code: tables.at(code, "total", 2030))
    header = (
        "scenario",
        "basis",
        *(f"rights {y}" for y in STEP_YEARS),
        "MPG 2030",
        *(f"total {y}" for y in STEP_YEARS),
    )
    return [
        "## The statutory basis beside it",
        "",
        "The law as written and a population built from facts, under the same economics. It has no target: it is not tuned to the tables, and"
        " the table below is the difference between the two readings, not an error.",
        "",
        "![Total cost on both bases and in print](figures/reproduction_bases.png)",
        "",
        *table(header, rows, left=2),
        f"By total cost of 2030 the statutory order is {' < '.join(in_order)}, the printed one {' < '.join(printed_order)}.",
        "",
        "Distance of the statutory basis from print, series B:",
        "",
        *table(
            ("scenario", "column", "largest", "year", "RMS", "model then", "print then"), distance, left=2
        ),
    ]


def steps(found: Reproduction) -> list[str]:
    """The steps from the statutory to the published basis."""
    lines = [
        "### From the statutory to the published basis, step by step",
        "",
        "Each step is a run that changes one thing on top of all steps above it; the order matters and is the one shown. The steps add up to"
        " the whole difference.",
        "",
        "![Steps from the statutory to the published basis, scenarios 1B and 3B](figures/reproduction_steps.png)",
        "",
    ]
    for item in found.steps:
        places = [int(np.flatnonzero(item.years == year)[0]) for year in STEP_YEARS]
        rows = [("**statutory**", "", *_both(item.start, places))]
        for step, change, moved in zip(decomposition.STEPS, item.changes, item.moved, strict=True):
            rows.append((step.title, str(moved), *_both(change, places, sign=True)))
        rows.append(("**published**", "", *_both(item.end, places)))
        lines += [
            f"Scenario {item.scenario}:",
            "",
            *table(
                (
                    "step",
                    "names",
                    *(f"rights {y}" for y in STEP_YEARS),
                    *(f"total {y}" for y in STEP_YEARS),
                ),
                rows,
            ),
        ]
    return [
        *lines,
        f"{_denominator(found)} It is an assumption all the same: with the GDP of the report's own macro table, 2,541 thousand"
        f" million pesos (`--overlay gdp_macro_table`), the statutory total of 3B in 2030 moves by {found.gdp_overlay:+.3f}.",
        "",
        "The number of effective contributors is a choice of denominator. GDP of 1997 at the prices of 1995 is 1,711 thousand million"
        " pesos; with it (`--overlay gdp_1995_prices`) the published basis gives the same costs with 10.58 million contributors, near"
        " the 10.3 that were counted, in place of 18. The price is a GDP 41% below the national accounts and 0.69 million pensions in"
        " payment where 1.60 were counted (1.18 with 2,910); so neither reading has fewer implausible numbers, and the one with"
        " the GDP that was is kept.",
        "",
    ]


def _denominator(found: Reproduction) -> str:
    place = next(n for n, step in enumerate(decomposition.STEPS) if "economy.gdp_" in step.names)
    if any(item.moved[place] for item in found.steps):
        return "The two bases have GDPs of their own, so the denominator moves the figures too."
    return "The two bases have the same GDP, so the denominator moves nothing."


def _both(cost: Float, places: Sequence[int], sign: bool = False) -> list[str]:
    def said(value: float) -> str:
        text = f"{value:+.3f}" if sign else f"{value:.3f}"
        return "0" if sign and float(text) == 0.0 else text

    return [
        *(said(float(cost[COMPONENTS.index(ACQUIRED), place])) for place in places),
        *(said(float(cost[:, place].sum())) for place in places),
    ]


__all__ = ["statutory", "steps"]
