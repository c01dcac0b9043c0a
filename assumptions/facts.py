"""What was counted, collected or stated of 1992-99: numbers beside which the statutory basis stands. No run reads them."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from assumptions.files import parse_integer, parse_number, read_table
from assumptions.model import AssumptionError, Fault
from assumptions.text import DATA

FACTS: Final = DATA / "facts.csv"
RELATIVE, ABSOLUTE, NOT_JUDGED = "relative", "absolute", "none"
_COLUMNS: Final = ("item", "year", "value", "unit", "within", "tolerance", "source", "locator")


class Fact(NamedTuple):
    """An observed number.

    Attributes
    ----------
    item : str
        Its key among the texts.
    year : int or None
    value : float
    unit : str
    within : str
        ``relative`` or ``absolute``: what ``tolerance`` is; ``none`` where nothing is judged.
    tolerance : float
    source, locator : str
    """

    item: str
    year: int | None
    value: float
    unit: str
    within: str
    tolerance: float
    source: str
    locator: str

    def holds(self, model: float) -> bool | None:
        """Whether a number of the model is near enough; None where it is not judged."""
        if self.within == NOT_JUDGED:
            return None
        allowed = self.tolerance * (abs(self.value) if self.within == RELATIVE else 1.0)
        return abs(model - self.value) <= allowed


@lru_cache(maxsize=1)
def facts() -> tuple[Fact, ...]:
    """All facts in the order of the file.

    Raises `AssumptionError` when the file has faults.
    """
    faults: list[Fault] = []
    table = read_table(FACTS, faults)
    found = []
    if table is not None and table.header != _COLUMNS:
        said = f"has columns {', '.join(table.header)}; needed are {', '.join(_COLUMNS)}"
        faults.append(Fault(table.file, "", said))
    elif table is not None:
        for line, row in zip(table.lines, table.rows, strict=True):
            value, tolerance = parse_number(row[2]), parse_number(row[5])
            if value is None or tolerance is None or row[4] not in (RELATIVE, ABSOLUTE, NOT_JUDGED):
                said = f"{','.join(row)!r}: value and tolerance are numbers, within is relative, absolute or none"
                faults.append(Fault(table.file, f"line {line}", said))
                continue
            found.append(
                Fact(row[0], parse_integer(row[1]), value, row[3], row[4], tolerance, row[6], row[7])
            )
    if faults:
        raise AssumptionError(faults)
    return tuple(found)


__all__ = ["ABSOLUTE", "NOT_JUDGED", "RELATIVE", "Fact", "facts"]
