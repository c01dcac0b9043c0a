"""What happened: observed consumer prices, for money of another year. No projection reads them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from assumptions.model import AssumptionError, Fault
from assumptions.text import DATA, parse_integer, parse_number, read_csv

PRICES = DATA / "observed" / "inpc.csv"


class Price(NamedTuple):
    """INPC of a year, second half of July 2018 = 100."""

    average: float
    december: float


@lru_cache(maxsize=1)
def prices() -> dict[int, Price]:
    """Observed INPC by year (INEGI).

    Raises `AssumptionError` when the file has faults.
    """
    faults: list[Fault] = []
    found = read_csv(PRICES, faults)
    out: dict[int, Price] = {}
    if found is not None:
        columns = (found.column(name) for name in ("year", "average", "december"))
        for line, cells in zip(found.lines, zip(*columns, strict=True), strict=True):
            year, average, december = parse_integer(cells[0]), parse_number(cells[1]), parse_number(cells[2])
            if year is None or average is None or december is None or min(average, december) <= 0.0:
                faults.append(Fault(found.file, f"line {line}", "needs a year and two indices above 0"))
            else:
                out[year] = Price(average, december)
    if faults:
        raise AssumptionError(faults)
    return out
