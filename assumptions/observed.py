"""What happened: observed prices, spending, heads, wages, returns.

No projection reads them; overlays hold what is made of them.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from assumptions.files import parse_integer, parse_number, read_table
from assumptions.model import AssumptionError, Fault
from assumptions.text import DATA
from assumptions.value_files import dated

FOLDER: Final = DATA / "observed"
PRICES = FOLDER / "inpc.csv"
COLUMNS: Final = ("year", "item", "value", "unit", "source", "locator", "confidence")
CONFIDENCE: Final = ("A", "B", "C")


class Price(NamedTuple):
    """INPC of a year, second half of July 2018 = 100."""

    average: float
    december: float


class Observation(NamedTuple):
    """One observed number.

    Confidence: A official text or open data, or two extractions that agree; B one good source; C press or partial.
    """

    value: float
    unit: str
    source: str
    locator: str
    confidence: str


Series = dict[int, Observation]


@lru_cache(maxsize=1)
def prices() -> dict[int, Price]:
    """Observed INPC by year (INEGI).

    Raises `AssumptionError` when the file has faults.
    """
    faults: list[Fault] = []
    table = read_table(PRICES, faults)
    columns = [None if table is None else dated(table, name, name, faults) for name in Price._fields]
    if faults:
        raise AssumptionError(faults)
    average, december = (column or {} for column in columns)
    return {year: Price(average[year], december[year]) for year in average}


@lru_cache(maxsize=32)
def observations(name: str, folder: Path = FOLDER) -> dict[str, Series]:
    """Observed numbers of one file of `data/observed`, by item and year, in the order of the file.

    Raises `AssumptionError` when the file has faults.
    """
    faults: list[Fault] = []
    table = read_table(folder / f"{name}.csv", faults)
    if table is not None and table.header != COLUMNS:
        said = f"has columns {', '.join(table.header)}; needed are {', '.join(COLUMNS)}"
        faults.append(Fault(table.file, "", said))
    if table is None or faults:
        raise AssumptionError(faults)
    found: dict[str, Series] = {}
    for line, row in zip(table.lines, table.rows, strict=True):
        year, value, confidence = parse_integer(row[0]), parse_number(row[2]), row[6]
        if year is None or value is None:
            faults.append(Fault(table.file, f"line {line}", f"{','.join(row)!r}: year and value are numbers"))
        elif confidence not in CONFIDENCE:
            said = f"confidence {confidence!r} is not allowed; allowed are {', '.join(CONFIDENCE)}"
            faults.append(Fault(table.file, f"line {line}", said))
        elif year in found.setdefault(row[1], {}):
            faults.append(Fault(table.file, f"line {line}", f"{row[1]} of {year} is given twice"))
        else:
            found[row[1]][year] = Observation(value, row[3], row[4], row[5], confidence)
    if faults:
        raise AssumptionError(faults)
    return found


@lru_cache(maxsize=1)
def minimum_wages() -> dict[str, dict[int, float]]:
    """Observed minimum wage (in force on 31 December) and UMA by year, pesos a day.

    Raises `AssumptionError` when the file has faults.
    """
    faults: list[Fault] = []
    table = read_table(DATA / "law_today" / "minimum_wage_uma.csv", faults)
    found: dict[str, dict[int, float]] = {}
    if table is not None:
        for line, series, label, text in zip(
            table.lines, table.column("series"), table.column("year"), table.column("value"), strict=True
        ):
            year, value = parse_integer(label), parse_number(text)
            if year is None or value is None:
                faults.append(
                    Fault(table.file, f"line {line}", f"{label}, {text!r}: year and value are numbers")
                )
            else:
                found.setdefault(series, {})[year] = value
    if faults:
        raise AssumptionError(faults)
    return found
