"""Text for spreadsheets: a cell that a program would take for a formula is written as text, in every file that we write."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar

from assumptions.files import parse_number

if TYPE_CHECKING:
    import pandas as pd

# OWASP, "CSV injection", with the full-width forms that some programs take for the same.
_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
Cell = TypeVar("Cell")


def defused(value: Cell) -> Cell | str:
    """A value as a cell may hold it: text that begins like a formula gets an apostrophe before it.

    Numbers stay as they are, also those written as text. A carriage return within a text becomes a line feed: the module csv
    does not quote it, and a reader would begin a new line there.

    Examples
    --------
    >>> defused("=HYPERLINK(1)"), defused("-0.5"), defused(-0.5)
    ("'=HYPERLINK(1)", '-0.5', -0.5)
    """
    if not isinstance(value, str):
        return value
    formula = value.startswith(_STARTS) and parse_number(value) is None
    text = value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value
    return f"'{text}" if formula else text


def defused_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """A table whose texts, headings included, are :func:`defused`."""
    out = frame.rename(columns=defused)
    for at, kind in enumerate(out.dtypes):
        if kind.kind not in "biufMm":
            found = out.iloc[:, at]
            names = {text: defused(text) for text in found.unique() if isinstance(text, str)}
            changed = {text: safe for text, safe in names.items() if text != safe}
            if changed:
                out = out.assign(**{str(out.columns[at]): found.replace(changed)})
    return out


class Writer:
    """The writer of the module csv with lines that end in ``\\n`` and :func:`defused` cells."""

    def __init__(self, stream: IO[str]) -> None:
        self._writer = csv.writer(stream, lineterminator="\n")

    def writerow(self, row: Iterable[Any]) -> None:
        """One line."""
        self._writer.writerow([defused(cell) for cell in row])

    def writerows(self, rows: Iterable[Iterable[Any]]) -> None:
        """Many lines."""
        for row in rows:
            self.writerow(row)


__all__ = ["Writer", "defused", "defused_frame"]
