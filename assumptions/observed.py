"""What happened: observed consumer prices, for money of another year. No projection reads them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from assumptions.files import read_table
from assumptions.model import AssumptionError, Fault
from assumptions.text import DATA
from assumptions.value_files import dated

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
    table = read_table(PRICES, faults)
    columns = [None if table is None else dated(table, name, name, faults) for name in Price._fields]
    if faults:
        raise AssumptionError(faults)
    average, december = (column or {} for column in columns)
    return {year: Price(average[year], december[year]) for year in average}
