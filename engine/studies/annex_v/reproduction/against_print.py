"""Model against print: the error of every column, and year by year."""

from __future__ import annotations

from typing import Final

from engine.outputs import compare
from engine.studies.annex_v.reproduction.markdown import table
from engine.studies.annex_v.reproduction.results import Reproduction
from engine.studies.annex_v.series import ACQUIRED, LOW_INFLATION, MPG, ONGOING, STATE

_THOUSAND: Final = 1000.0


def errors(found: Reproduction) -> list[str]:
    rows = []
    for item in found.comparisons:
        rows.append(
            (
                item.scenario,
                item.column if item.column == item.label else f"{item.column} {item.label}",
                item.method or "both",
                f"{item.largest:.4f}",
                str(item.year),
                f"{item.rms:.4f}",
                f"{item.within_rounding}/{item.cells}",
                "" if item.tolerance_largest is None else f"{item.tolerance_largest:.3f}",
                "" if item.tolerance_rms is None else f"{item.tolerance_rms:.3f}",
                {True: "met", False: "**missed**", None: ""}[item.passed],
            )
        )
    header = (
        "scenario",
        "column",
        "method",
        "largest",
        "year",
        "RMS",
        "in print",
        "target largest",
        "target RMS",
        "",
    )
    return [
        "## Model against print",
        "",
        "![Series B, model and print by scenario and component](figures/reproduction_b.png)",
        "",
        "![Series A, model and print by scenario and component](figures/reproduction_a.png)",
        "",
        "![Acquired rights of 3B by type of pension, model and print](figures/reproduction_types.png)",
        "",
        "Differences over 1997-2030; “in print”: figures that agree within half a unit of the last printed digit.",
        "",
        *table(header, rows, left=3),
    ]


def by_year(found: Reproduction) -> list[str]:
    columns = [
        *((compare.TOTAL_TABLE, code, ACQUIRED, f"{code} rights") for code in LOW_INFLATION),
        *((compare.TYPE_TABLE, "3B", name, f"3B {name}") for name in compare.TYPE_COLUMNS),
        (compare.TOTAL_TABLE, "1B", ONGOING, "B payment"),
        (compare.TOTAL_TABLE, "1A", ONGOING, "A payment"),
        (compare.TOTAL_TABLE, "1B", STATE, "State"),
        (compare.TOTAL_TABLE, "1B", MPG, "1B MPG"),
        (compare.TOTAL_TABLE, "4B", MPG, "4B MPG"),
        (compare.TOTAL_TABLE, "1A", MPG, "1A MPG"),
    ]
    by_key = {(c.table, c.scenario, c.column, c.year): c for c in found.cells}
    years = sorted({c.year for c in found.cells})
    rows = [
        (
            str(year),
            *(
                _thousandths(by_key[(table, code, column, year)].difference)
                for table, code, column, _ in columns
            ),
        )
        for year in years
    ]
    return [
        "### Year by year",
        "",
        "Model less print in thousandths of a percentage point of GDP. State contributions and pensions in payment are the same in all"
        " scenarios of a series. All figures: `data/reproduction.csv`.",
        "",
        *table(("year", *(title for *_, title in columns)), rows),
    ]


def _thousandths(value: float) -> str:
    said = f"{_THOUSAND * value:+.1f}"
    return "0" if said in ("+0.0", "-0.0") else said


__all__ = ["by_year", "errors"]
