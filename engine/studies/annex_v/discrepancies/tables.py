"""How the tables are made, and what the report says of their totals."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from assumptions import scenario_codes
from engine.projection import COMPONENTS
from engine.shares import percent_of_gdp
from engine.studies.annex_v.discrepancies.row import figure, joined
from engine.studies.annex_v.series import ACQUIRED, LOW_INFLATION, MPG, ONGOING, STATE, Runs, Tables

ANCHORS: Final = (1997, 2001, 2005, 2009, 2013, 2017, 2021, 2023)
"""Years between which the acquired rights are printed as straight lines."""


def table_5(t: Tables, r: Runs) -> dict[str, Any]:
    years = (1997, 2015, 2025)
    said = {"without INFONAVIT": (0.21, 0.70, 0.80), "with INFONAVIT": (0.05, 0.38, 0.53)}
    figures: dict[str, float] = {}
    for s in LOW_INFLATION:
        for y in years:
            figures[f"printed {s} {y}"] = t.at(s, ACQUIRED, y)
    totals = {s: [t.at(s, "total", y) for y in years] for s in ("2B", "3B")}
    return {
        "title": "Table 5 and its source",
        "statement": "Table 5 (1997, 2015, 2025) gives transition workers "
        + "; ".join(f"{name} {joined([figure(v, 2) for v in values])}" for name, values in said.items())
        + "; “Source: Annex V, Scenario 2B and 4B”",
        "where": "main report, Table 5",
        "printed": "; ".join(
            f"{s} has {joined([figure(t.at(s, ACQUIRED, y)) for y in years])}" for s in LOW_INFLATION
        )
        + ". Without INFONAVIT is 3B, with it 2B; neither is 4B.",
        "model": "Printed totals of the three years: 3B "
        + joined([figure(v) for v in totals["3B"]])
        + " (Table 5: 0.93, 1.04 and 1.19), 2B "
        + joined([figure(v) for v in totals["2B"]])
        + " (0.77, 0.72 and 0.92).",
        "consequence": "The source line names the wrong scenarios. Its own heading, “MPG to transition workers”, says what scenario 3 is:"
        " minimum pensions that INFONAVIT does not help to pay.",
        "figures": figures,
    }


def straight(t: Tables, r: Runs) -> dict[str, Any]:
    figures, words = {}, []
    inner = np.array([y for y in range(ANCHORS[0], ANCHORS[-1]) if y not in ANCHORS])
    for s in LOW_INFLATION:
        column = t.cost(s, ACQUIRED)
        line = np.interp(t.years, ANCHORS, column[np.array(ANCHORS) - 1997])
        away = float(np.abs(column - line)[inner - 1997].max())
        figures[f"largest distance from straight lines {s}"] = away
        words.append(f"{s} {figure(away, 4)}")
    drawn = len(inner)
    mine = r.percent("published", "3B", ACQUIRED)
    chord = np.interp(t.years, ANCHORS, mine[np.array(ANCHORS) - 1997])
    bent = float(np.abs(mine - chord)[inner - 1997].max())
    return {
        "title": "Straight lines in the tables",
        "statement": "the tables give a cost for each year",
        "where": "Annex V, section B, tables",
        "printed": f"Between {', '.join(map(str, ANCHORS))} acquired rights lie on straight lines; largest distances: {', '.join(words)}"
        " (rounding alone can make 0.001).",
        "model": f"So {drawn} of the {len(t.years)} printed years of scenarios 1, 3 and 4 are drawn, not computed; those of scenario 2 bend elsewhere."
        f" The model is compared year by year without drawing lines: 3B leaves the chords of its own values by up to {figure(bent, 4)}.",
        "consequence": "Part of the difference left over on the published basis is the other model's interpolation.",
        "figures": {**figures, "years drawn, years": float(drawn), "model 3B from its own chords": bent},
    }


def copies(t: Tables, r: Runs) -> dict[str, Any]:
    def spread(component: str, codes: tuple[str, ...]) -> float:
        return float(
            max(np.nanmax(np.abs(t.cost(s, component) - t.cost(codes[0], component))) for s in codes)
        )

    every = scenario_codes()
    figures = {
        "ongoing pensions within B": spread(ONGOING, LOW_INFLATION),
        "State contributions over all eight": spread(STATE, every),
        "MPG over 1B, 2B, 3B": spread(MPG, ("1B", "2B", "3B")),
    }
    distinct = {
        c: len({t.cost(s, c).tobytes() for s in every if not np.isnan(t.cost(s, c)).all()})
        for c in COMPONENTS
    }
    printed = sum(not np.isnan(t.cost(s, c)).all() for s in every for c in COMPONENTS)
    law = abs(float(r.percent("statutory", "1A", STATE)[-1]) - float(r.percent("statutory", "1B", STATE)[-1]))
    return {
        "title": "Columns that repeat",
        "statement": "eight scenarios",
        "where": "Annex V, section B, tables",
        "printed": "Largest differences: "
        + "; ".join(f"{name} {figure(value, 5)}" for name, value in figures.items())
        + f". Of the {printed} columns kept here {sum(distinct.values())} are distinct: "
        + ", ".join(f"{number} of {name.replace('_', ' ')}" for name, number in distinct.items())
        + ".",
        "model": f"On the statutory basis State contributions of A and B differ by {figure(law, 5)} in 2030: ceilings are in minimum wages.",
        "consequence": "A fit has fewer figures to meet than are printed; each column is fitted once, in 3B.",
        "figures": {
            **figures,
            "distinct columns, columns": float(sum(distinct.values())),
            "statutory State contributions A less B 2030": law,
        },
    }


def one_to_two(t: Tables, r: Runs) -> dict[str, Any]:
    window = slice(0, 2017 - 1997)
    totals = {s: t.cost(s, "total")[window] for s in LOW_INFLATION}
    below = {s: int((v < 1.0).sum()) for s, v in totals.items()}
    law = {
        s: percent_of_gdp(r.case("statutory", s).cost.sum(axis=0), r.case("statutory", s).gdp)[window]
        for s in LOW_INFLATION
    }
    return {
        "title": "Between 1 and 2 percent",
        "statement": "“the sum of the above costs ... is estimated to be between 1 and 2 percent of GDP during the next 20 years”",
        "where": "para 2.43",
        "printed": "Printed totals of 1997-2016: "
        + "; ".join(f"{s} {figure(v.min(), 2)} to {figure(v.max(), 2)}" for s, v in totals.items())
        + f". Below 1% in {joined([f'{below[s]} years of {s}' for s in LOW_INFLATION])}.",
        "model": "Statutory: "
        + "; ".join(f"{s} {figure(float(v.min()), 2)} to {figure(float(v.max()), 2)}" for s, v in law.items())
        + ".",
        "consequence": "The tables are followed; the text may count costs that they leave out (pensioners' health, the retirement sub-account),"
        " which are memo lines here.",
        "figures": {
            **{f"printed smallest total 1997-2016 {s}": float(v.min()) for s, v in totals.items()},
            **{f"printed largest total 1997-2016 {s}": float(v.max()) for s, v in totals.items()},
        },
    }
