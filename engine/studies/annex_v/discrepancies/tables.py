"""How the tables are made, and what the report says of their totals."""

from __future__ import annotations

from typing import Final

import numpy as np

from assumptions import scenario_codes
from assumptions.report import said
from engine.projection import COMPONENTS
from engine.shares import percent_of_gdp
from engine.studies.annex_v.discrepancies.row import Figures
from engine.studies.annex_v.series import (
    ACQUIRED,
    LOW_INFLATION,
    MPG,
    ONGOING,
    PERCENT,
    STATE,
    Runs,
    Tables,
)

ANCHORS: Final = (1997, 2001, 2005, 2009, 2013, 2017, 2021, 2023)
"""Years between which the acquired rights are printed as straight lines."""
TABLE_5_YEARS: Final = (1997, 2015, 2025)
# Years of the page 7 of Annex V.
ASSUMED_YEARS: Final = np.arange(1995, 2004)
HALF_A_PERCENT: Final = 0.5
# Real rises are printed with two decimals of a percent: half a unit, times one plus inflation of at most 52%.
ROUNDING: Final = 0.005 * 1.52


def table_5(t: Tables, r: Runs) -> Figures:
    return {
        **{f"printed {s} {y}": t.at(s, ACQUIRED, y) for s in LOW_INFLATION for y in TABLE_5_YEARS},
        **{f"printed total {s} {y}": t.at(s, "total", y) for s in ("2B", "3B") for y in TABLE_5_YEARS},
        **{f"Table 5 {s} {y}": said(f"table_5_rights_{s}_{y}") for s in ("2B", "3B") for y in TABLE_5_YEARS},
        **{
            f"Table 5 total {s} {y}": said(f"table_5_total_{s}_{y}")
            for s in ("2B", "3B")
            for y in TABLE_5_YEARS
        },
    }


def straight(t: Tables, r: Runs) -> Figures:
    found: Figures = {}
    places = np.array(ANCHORS) - 1997
    inner = np.array([y for y in range(ANCHORS[0], ANCHORS[-1]) if y not in ANCHORS]) - 1997
    for s in LOW_INFLATION:
        column = t.cost(s, ACQUIRED)
        line = np.interp(t.years, ANCHORS, column[places])
        found[f"largest distance from straight lines {s}"] = float(np.abs(column - line)[inner].max())
    mine = r.percent("published", "3B", ACQUIRED)
    chord = np.interp(t.years, ANCHORS, mine[places])
    return {
        **found,
        "years drawn, years": float(len(inner)),
        "years printed, years": float(len(t.years)),
        "model 3B from its own chords": float(np.abs(mine - chord)[inner].max()),
    }


def copies(t: Tables, r: Runs) -> Figures:
    def spread(component: str, codes: tuple[str, ...]) -> float:
        return float(
            max(np.nanmax(np.abs(t.cost(s, component) - t.cost(codes[0], component))) for s in codes)
        )

    every = scenario_codes()
    kept = {c: [t.cost(s, c) for s in every if not np.isnan(t.cost(s, c)).all()] for c in COMPONENTS}
    distinct = {c: len({column.tobytes() for column in columns}) for c, columns in kept.items()}
    law = [float(r.percent("statutory", code, STATE)[-1]) for code in ("1A", "1B")]
    return {
        "ongoing pensions within B": spread(ONGOING, LOW_INFLATION),
        "State contributions over all eight": spread(STATE, every),
        "MPG over 1B, 2B, 3B": spread(MPG, ("1B", "2B", "3B")),
        "columns of series B and of both series where equal, columns": float(
            sum(len(columns) for columns in kept.values())
        ),
        "distinct columns, columns": float(sum(distinct.values())),
        "statutory State contributions A less B 2030": abs(law[0] - law[1]),
    }


def one_to_two(t: Tables, r: Runs) -> Figures:
    window = slice(0, 2017 - 1997)
    found: Figures = {}
    for s in LOW_INFLATION:
        total = t.cost(s, "total")[window]
        case = r.case("statutory", s)
        law = percent_of_gdp(case.cost.sum(axis=0), case.gdp)[window]
        found[f"printed smallest total 1997-2016 {s}"] = float(total.min())
        found[f"printed largest total 1997-2016 {s}"] = float(total.max())
        found[f"printed years below 1% {s}, years"] = float((total < said("lowest_total")).sum())
        found[f"statutory smallest total 1997-2016 {s}"] = float(law.min())
        found[f"statutory largest total 1997-2016 {s}"] = float(law.max())
    for s in ("3B", "2B"):
        for y in TABLE_5_YEARS:
            found[f"Table 5 total {s} {y}"] = said(f"table_5_total_{s}_{y}")
    return found


def round_minimum_wages(t: Tables, r: Runs) -> Figures:
    """Nominal rises of the minimum wage that the printed real ones and inflation imply, percent."""
    found: Figures = {}
    away = []
    for series in "BA":
        pack = r.resolved("published", f"1{series}")
        inflation, real = (
            pack.path(f"economy.{name}", ASSUMED_YEARS) for name in ("inflation", "real_minimum_wage_growth")
        )
        nominal = PERCENT * ((1.0 + real) * (1.0 + inflation) - 1.0)
        away.append(np.abs(nominal - HALF_A_PERCENT * np.round(nominal / HALF_A_PERCENT)))
        for year, value in zip(ASSUMED_YEARS.tolist(), nominal.tolist(), strict=True):
            found[f"nominal rise {series} {year}, percent"] = value
    every = np.concatenate(away)
    found["cells within rounding, cells"] = float((every <= ROUNDING).sum())
    found["rounding allows, percentage points"] = ROUNDING
    found["largest distance from half a percent, percentage points"] = float(every.max())
    found["cells, cells"] = float(every.size)
    return found
