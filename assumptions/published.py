"""Reader of the printed tables of Annex V. Closed to the projection: only comparison and calibration import it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import ValidationError

from assumptions.files import TextTable, parse_integer, parse_number, read_table, read_toml
from assumptions.model import AssumptionError, Fault, Strict
from assumptions.reading import pydantic_faults
from assumptions.text import DATA, shown

FOLDER = DATA / "published"
READINGS = ("read", "derived", "low")


class Cell(NamedTuple):
    """One printed figure: value in percent of GDP as printed, decimals printed, how well it could be read.

    `reading`: read (digits plain), derived (fixed by an identity of the tables), low (more than one reading,
    normally +-0.001; `note` gives the second).
    """

    value: float
    decimals: int
    reading: str
    note: str = ""


class Key(NamedTuple):
    """Place of a cell: scenario code, column of the table, calendar year."""

    scenario: str
    column: str
    year: int


class Target(Strict):
    """Accuracy to reach, percentage points of GDP; `rms` may be absent. `ratio_to_other_series`: of A over B.

    `last_year`: where it is not that of all targets.
    """

    table: Literal["total_fiscal_cost", "acquired_rights_by_type", "series_a", "series_a_put_right"]
    column: str
    scenarios: tuple[str, ...]
    max: float
    rms: float | None = None
    ratio_to_other_series: float | None = None
    held_out: bool = False
    last_year: int | None = None
    method: Literal["structural", "replica", "reconstructed"]


class Tolerances(NamedTuple):
    """All targets, the basis that has to meet them, and the years they cover (inclusive)."""

    basis: str
    first_year: int
    last_year: int
    targets: tuple[Target, ...]


def _read(name: str, columns: tuple[str, ...], folder: Path) -> TextTable:
    faults: list[Fault] = []
    table = read_table(folder / name, faults)
    if table is not None and table.header != columns:
        said = f"has columns {', '.join(table.header)}; needed are {', '.join(columns)}"
        faults.append(Fault(table.file, "", said))
    if table is None or faults:
        raise AssumptionError(faults)
    return table


def _cells(table: TextTable, place: int, faults: list[Fault]) -> dict[Key, Cell]:
    # the last four columns are value, decimals, reading, note; those before say where the cell stands
    found: dict[Key, Cell] = {}
    for line, row in zip(table.lines, table.rows, strict=True):
        where = row[:place]
        scenario, (year_text, column) = ("", where) if place == 2 else (where[0], where[1:])
        year, value, decimals = parse_integer(year_text), parse_number(row[-4]), parse_integer(row[-3])
        at = f"line {line}"
        if year is None or value is None or decimals is None:
            faults.append(Fault(table.file, at, f"{','.join(row)!r}: year, value and decimals are numbers"))
            continue
        if row[-2] not in READINGS:
            said = f"reading {row[-2]!r} is not allowed; allowed are {', '.join(READINGS)}"
            faults.append(Fault(table.file, at, said))
        key = Key(scenario, column, year)
        if key in found:
            faults.append(Fault(table.file, at, f"{' '.join(map(str, key)).strip()} is given twice"))
        found[key] = Cell(value, decimals, row[-2], row[-1])
    return found


@lru_cache(maxsize=8)
def _table(name: str, place: int, value: str, column: str, folder: Path) -> dict[Key, Cell]:
    where = ("scenario", "year", column) if place > 2 else ("year", column)
    table = _read(f"{name}.csv", (*where, value, "decimals", "reading", "note"), folder)
    faults: list[Fault] = []
    cells = _cells(table, place, faults)
    if faults:
        raise AssumptionError(faults)
    return cells


def read_cells(name: str, folder: Path = FOLDER) -> dict[Key, Cell]:
    """A table of figures by (scenario, component, year), percent of GDP."""
    return dict(_table(name, 3, "percent_of_gdp", "component", folder))


def read_by_type(name: str, folder: Path = FOLDER) -> dict[Key, Cell]:
    """A table of acquired rights by (scenario, column, year), columns c1 to c5 and their sum, percent of GDP."""
    return dict(_table(name, 3, "percent_of_gdp", "column", folder))


def total_fiscal_cost(folder: Path = FOLDER) -> dict[Key, Cell]:
    """Fiscal cost by (scenario, component, year), percent of GDP; series A lacks acquired rights and total."""
    return read_cells("total_fiscal_cost", folder)


def acquired_rights_by_type(folder: Path = FOLDER) -> dict[Key, Cell]:
    """Acquired rights by (scenario, column, year), columns c1..c5 and their sum, series B, percent of GDP."""
    return read_by_type("acquired_rights_by_type", folder)


def state_contributions_long(folder: Path = FOLDER) -> dict[Key, Cell]:
    """State contributions 1997-2069 by ("", column, year): social_quota, prorated, total, percent as printed."""
    return dict(_table("state_contributions_long", 2, "percent_as_printed", "column", folder))


class Statement(NamedTuple):
    """A printed figure about the old system: value and decimals as printed, unit, place and note."""

    value: float
    decimals: int
    unit: str
    locator: str
    note: str


def actuarial_balance_1994(folder: Path = FOLDER) -> dict[tuple[str, str], Statement]:
    """Actuarial balance of IMSS at 31 December 1994 and what the report says of its cash flow, by (part, item)."""
    columns = ("part", "item", "value", "decimals", "unit", "locator", "note")
    table = _read("actuarial_balance_1994.csv", columns, folder)
    faults: list[Fault] = []
    found: dict[tuple[str, str], Statement] = {}
    for line, (part, item, text, digits, *said) in zip(table.lines, table.rows, strict=True):
        number, decimals = parse_number(text), parse_integer(digits)
        if number is None or decimals is None:
            faults.append(
                Fault(table.file, f"line {line}", f"{text!r}, {digits!r}: value and decimals are numbers")
            )
            continue
        if (part, item) in found:
            faults.append(Fault(table.file, f"line {line}", f"{part} {item} is given twice"))
        found[part, item] = Statement(number, decimals, *said)
    if faults:
        raise AssumptionError(faults)
    return found


def series(cells: dict[Key, Cell], scenario: str, column: str) -> dict[int, Cell]:
    """One column of one scenario as {year: cell}, years ascending; empty where nothing is printed."""
    found = {
        key.year: cell for key, cell in cells.items() if (key.scenario, key.column) == (scenario, column)
    }
    return dict(sorted(found.items()))


TOLERANCES = {"published": "tolerances.toml", "reconstructed": "tolerances_reconstructed.toml"}


def tolerances(basis: str = "published", folder: Path = FOLDER) -> Tolerances:
    """Accuracy a basis has to reach by column and scenario, percentage points of GDP; no targets where none is stated."""
    if basis not in TOLERANCES:
        first = tolerances("published", folder)
        return first._replace(basis=basis, targets=())
    path = folder / TOLERANCES[basis]
    faults: list[Fault] = []
    tree = read_toml(path, faults) or {}
    targets = []
    for number, keys in enumerate(tree.get("target", ()), start=1):
        try:
            targets.append(Target.model_validate({**keys, "scenarios": tuple(keys.get("scenarios", ()))}))
        except ValidationError as error:
            faults.extend(pydantic_faults(shown(path), f"target {number}", error))
    header = tree.get("header", {})
    years = header.get("first_year"), header.get("last_year")
    if not all(isinstance(year, int) for year in years):
        faults.append(Fault(shown(path), "header", "needs first_year and last_year"))
    if not isinstance(header.get("basis"), str):
        faults.append(Fault(shown(path), "header", "needs basis, the one that has to meet the targets"))
    if faults:
        raise AssumptionError(faults)
    return Tolerances(header["basis"], *years, tuple(targets))


def check(folder: Path = FOLDER) -> list[Fault]:
    """Everything that is wrong with the printed tables and the tolerances."""
    faults: list[Fault] = []
    tables = (total_fiscal_cost, acquired_rights_by_type, state_contributions_long, actuarial_balance_1994)
    readers: list[Callable[[], object]] = [partial(reader, folder) for reader in tables]
    readers += [partial(tolerances, basis, folder) for basis in TOLERANCES]
    for read in readers:
        try:
            read()
        except AssumptionError as error:
            faults.extend(error.faults)
    return faults
