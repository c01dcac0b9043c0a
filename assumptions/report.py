"""Passages of World Bank report P-7018-ME, as scanned: what the register quotes and what published values cite.

Each has its place in the report and its position in the scanned text. `read` mends the errors of the scan one by one;
nothing else is changed. A quotation is good when its words stand in the passage it names, in their order; "..." leaves
words out.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import ValidationError

from assumptions.files import parse_number, read_table, read_toml
from assumptions.model import AssumptionError, Fault, Strict
from assumptions.reading import pydantic_faults
from assumptions.text import DATA, shown

FOLDER: Final = DATA / "report"
OMITTED: Final = "..."
STUDY: Final = "health_reform_study"


class _Entry(Strict):
    at: str
    at_es: str
    position: int
    scan: str
    read: tuple[tuple[str, str], ...] = ()


class Passage(NamedTuple):
    """A passage.

    Attributes
    ----------
    key, at, at_es : str
        Its name here, and its place in the report in English and Spanish.
    position : int
        Characters before it in the scanned text.
    scan, text : str
        As scanned, and with the errors of the scan mended.
    """

    key: str
    at: str
    at_es: str
    position: int
    scan: str
    text: str

    def holds(self, quotation: str) -> bool:
        """Whether the words of a quotation stand here in their order, "..." for words left out."""
        start = 0
        for part in quotation.split(OMITTED):
            words = plain(part)
            found = plain(self.text).find(words, start)
            if found < 0:
                return False
            start = found + len(words)
        return True


class StudyFact(NamedTuple):
    """A number printed in another study: its place there, and how well it could be read."""

    table: str
    row: str
    column: str
    value: float
    unit: str
    locator: str
    confidence: str


def plain(text: str) -> str:
    """Text with single spaces, straight quotation marks and small letters."""
    straight = (
        text.replace("\u2019", "'").replace("\u2018", "'").replace("\u201c", '"').replace("\u201d", '"')
    )
    return " ".join(straight.split()).lower()


@lru_cache(maxsize=4)
def passages(folder: Path = FOLDER) -> dict[str, Passage]:
    """All passages by name, in the order of the report.

    Raises
    ------
    AssumptionError
        If the file is not as it must be, or a correction of the scan finds nothing to mend.
    """
    path = folder / "passages.toml"
    faults: list[Fault] = []
    found: dict[str, Passage] = {}
    for key, keys in (read_toml(path, faults) or {}).items():
        try:
            mended = tuple(tuple(pair) for pair in keys.get("read", ()))
            entry = _Entry.model_validate({**keys, "read": mended})
        except ValidationError as error:
            faults.extend(pydantic_faults(shown(path), key, error))
            continue
        text = entry.scan
        for wrong, right in entry.read:
            if wrong not in text:
                faults.append(Fault(shown(path), key, f"read {wrong!r}: is not in the scan"))
            text = text.replace(wrong, right)
        found[key] = Passage(key, entry.at, entry.at_es, entry.position, entry.scan, text)
    if faults:
        raise AssumptionError(faults)
    return found


def at_place(place: str, folder: Path = FOLDER) -> list[Passage]:
    """The passages of a place, as locators name it."""
    return [item for item in passages(folder).values() if item.at == place]


class Statement(NamedTuple):
    """A number that the text states, in its own unit, and the passage in which it stands."""

    value: float
    unit: str
    passage: str


@lru_cache(maxsize=4)
def statements(folder: Path = FOLDER) -> dict[str, Statement]:
    """Numbers that the text of the report states, by name."""
    faults: list[Fault] = []
    table = read_table(folder / "statements.csv", faults)
    if table is None or faults:
        raise AssumptionError(faults)
    known, found = passages(folder), {}
    for line, (name, text, unit, passage) in zip(table.lines, table.rows, strict=True):
        value = parse_number(text)
        if value is None or passage not in known:
            faults.append(Fault(table.file, f"line {line}", f"{text!r}, {passage!r}: a number and a passage"))
            continue
        found[name] = Statement(value, unit, passage)
    if faults:
        raise AssumptionError(faults)
    return found


def said(name: str) -> float:
    """A number that the text states, in its own unit."""
    return statements()[name].value


@lru_cache(maxsize=4)
def study_facts(folder: Path = FOLDER) -> tuple[StudyFact, ...]:
    """Numbers printed in the study of the health reform, as copied from it."""
    faults: list[Fault] = []
    table = read_table(folder / f"{STUDY}.csv", faults)
    if table is None or faults:
        raise AssumptionError(faults)
    found = []
    for line, row in zip(table.lines, table.rows, strict=True):
        value = parse_number(row[3])
        if value is None:
            faults.append(Fault(table.file, f"line {line}", f"value {row[3]!r} is not a number"))
            continue
        found.append(StudyFact(row[0], row[1], row[2], value, *row[4:7]))
    if faults:
        raise AssumptionError(faults)
    return tuple(found)


def study_fact(table: str, row: str, column: str, folder: Path = FOLDER) -> float:
    """One number of the study, by the start of its table's title, its row and its column."""
    for fact in study_facts(folder):
        if fact.table.startswith(table) and (fact.row, fact.column) == (row, column):
            return fact.value
    raise AssumptionError([Fault(f"{STUDY}.csv", table, f"has no row {row!r} with column {column!r}")])


__all__ = [
    "Passage",
    "Statement",
    "StudyFact",
    "at_place",
    "passages",
    "plain",
    "said",
    "statements",
    "study_fact",
    "study_facts",
]
