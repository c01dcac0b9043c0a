"""Careers of single workers: given by a few figures, or read from a CSV file whose faults are all named by line and column.

Age ``x`` is that at the opening of the year ``born + x``, as in the projection: whoever is 60 at the opening of 2015 has
``born = 1955``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from assumptions.text import nearest, parse_number
from cohorts.careers import reference_minimum_wage, wage_index

FloatArray = NDArray[np.float64]

SEXES: Final = ("m", "f")
SPOUSES: Final = ("none", "not_entitled", "entitled")
AWARDS: Final = ("retirement", "disability", "death", "occupational_disability", "occupational_death")
SEVERITIES: Final = ("no", "yes")
MONEY: Final = ("wage", "wage_mw", "earnings")
_IN_MINIMUM_WAGES: Final = "mw"
_GROWTH: Final = "growth"
LAST_AGE: Final = 110
"""No career and no award beyond the last age of the tables of mortality."""
_YEARS: Final = (1880, 2200)
_MOST: Final = 20.0
_SHOWN_FAULTS: Final = 20


class CareerError(ValueError):
    """A career that cannot be computed; the message names where the fault is and what is allowed."""


@dataclass(frozen=True)
class Career:
    """One worker.

    Attributes
    ----------
    wage : float64 (age,)
        Wage of a full year of work, pesos of December 1996, by age from ``first_age`` on; may be 0 where nothing is
        worked.
    participation : float64 (age,)
        Share of the year that contributes and counts, within [0, 1].
    first_age, born : int
        Age of the first entry, and year of age 0.
    award_age : int
        Age at whose opening the pension is awarded; entries from that age on are not contributed.
    sex : {"m", "f"}
    award : str
        One of :data:`AWARDS`.
    spouse : {"none", "not_entitled", "entitled"}
        A wife is entitled; a husband only where disabled and dependent (Art. 152 of the law of 1973).
    children : float
        Entitled children at the award, their ages spread evenly below the limit.
    parents : int
        Dependent parents, counted where there is neither entitled spouse nor child.
    severe : bool
        Whether a disability is of three quarters or more.
    name : str
    """

    wage: FloatArray
    participation: FloatArray
    first_age: int
    born: int
    award_age: int
    sex: str = "m"
    award: str = "retirement"
    spouse: str = "none"
    children: float = 0.0
    parents: int = 0
    severe: bool = False
    name: str = "worker"


# ---------------------------------------------------------------------------------------------------------------------
# From a few figures


def parse_wage(text: str, resolved: Resolved) -> float:
    """A wage such as ``2.6mw`` (minimum wages of December 1996) or ``95000`` (pesos of December 1996 a year)."""
    plain = text.strip().lower()
    in_minimum_wages = plain.endswith("mw")
    number = parse_number(plain.removesuffix("mw").strip())
    if number is None or not number > 0.0:
        raise CareerError(
            f"--wage {text!r}: a number above 0 is expected, as 2.6mw (minimum wages) or 95000 (pesos a year)"
        )
    return number * reference_minimum_wage(resolved) if in_minimum_wages else number


def wage_level(resolved: Resolved, years: NDArray[np.int64], growth: float | None = None) -> FloatArray:
    """Real wages of ``years`` relative to the first projected year: as the projection moves them, or at ``growth``."""
    first = int(resolved.number("reform.first_year"))
    if growth is not None:
        return np.asarray((1.0 + growth) ** (years - first), dtype=np.float64)
    back = (1.0 + resolved.number("economy.real_wage_growth_history")) ** np.minimum(years - first, 0)
    last = max(int(years[-1]), first)
    forward = wage_index(resolved, np.arange(first, last + 1))
    return np.asarray(back * forward[np.maximum(years - first, 0)], dtype=np.float64)


def steady(
    resolved: Resolved,
    wage: float,
    first_age: int,
    award_age: int,
    born: int | None = None,
    participation: float | None = None,
    growth: float | None = None,
    gaps: Iterable[tuple[int, int]] = (),
    **family: Any,
) -> Career:
    """A career at one wage and density, with gaps if there are any.

    Parameters
    ----------
    wage : float
        Wage of a full year at the level of the first projected year, pesos of December 1996; before and after it moves
        with real wages (or at ``growth``).
    first_age, award_age : int
        Contributions run from the opening of the first to that of the second.
    born : int, optional
        Without it the career begins in the first projected year.
    participation : float, optional
        ``contributions.density`` without it.
    gaps : iterable of (int, int)
        Nothing is worked from the opening of the first age to that of the second.
    **family
        Other fields of :class:`Career`.
    """
    start = int(resolved.number("reform.first_year")) - first_age if born is None else born
    ages = np.arange(first_age, max(award_age, first_age) + 1)
    density = resolved.number("contributions.density") if participation is None else participation
    worked = np.full(ages.size, density, dtype=np.float64)
    for first, last in gaps:
        worked[(ages >= first) & (ages < last)] = 0.0
    return Career(
        wage=wage * wage_level(resolved, start + ages, growth),
        participation=worked,
        first_age=first_age,
        born=start,
        award_age=award_age,
        **family,
    )


# ---------------------------------------------------------------------------------------------------------------------
# From a file


@dataclass(frozen=True)
class _Column:
    """How a column of the file is read."""

    low: float = 0.0
    high: float = np.inf
    whole: bool = False
    words: tuple[str, ...] = ()
    says: str = ""


_BY_AGE: Final = {
    "age": _Column(0, LAST_AGE, whole=True, says=f"a whole number from 0 to {LAST_AGE}"),
    "wage": _Column(
        says="0 or more for a full year of work: pesos of December 1996, or minimum wages as 3mw"
    ),
    "wage_mw": _Column(says="0 or more, minimum wages of December 1996 for a full year of work"),
    "earnings": _Column(says="0 or more, pesos of December 1996 earned in the year"),
    "participation": _Column(0.0, 1.0, says="a share of the year, 0 to 1"),
    "growth": _Column(
        -0.5, 0.5, says="a real rate over the age before, -0.5 to 0.5, where the money of the line is empty"
    ),
}
_OF_WORKER: Final = {
    "worker": _Column(says="a name"),
    "sex": _Column(words=SEXES, says="m or f"),
    "born": _Column(*_YEARS, whole=True, says=f"a year, {_YEARS[0]} to {_YEARS[1]}"),
    "retire_at": _Column(1, LAST_AGE, whole=True, says=f"a whole age from 1 to {LAST_AGE}"),
    "award": _Column(words=AWARDS, says=", ".join(AWARDS)),
    "spouse": _Column(words=SPOUSES, says=", ".join(SPOUSES)),
    "children": _Column(0.0, _MOST, says=f"a number from 0 to {_MOST:g}"),
    "parents": _Column(0, 2, whole=True, says="0, 1 or 2"),
    "severe": _Column(words=SEVERITIES, says="yes or no"),
}
COLUMNS: Final = {**_BY_AGE, **_OF_WORKER}


@dataclass
class _Row:
    line: int
    cells: dict[str, Any]


class _Faults:
    def __init__(self, file: str) -> None:
        self._file = file
        self._found: list[str] = []

    def add(self, line: int, column: str, message: str) -> None:
        where = f", column {column}" if column else ""
        self._found.append(f"{self._file}: line {line}{where}: {message}")

    def stop(self) -> None:
        if not self._found:
            return
        shown = self._found[:_SHOWN_FAULTS]
        if len(self._found) > _SHOWN_FAULTS:
            shown.append(f"{self._file}: and {len(self._found) - _SHOWN_FAULTS} more")
        raise CareerError("\n".join(shown))


def read(path: str | Path, resolved: Resolved, given: Mapping[str, Any] | None = None) -> list[Career]:
    """Careers of a CSV file: one line an age, one or several workers.

    Parameters
    ----------
    path : path
        Columns ``age``; one of ``wage`` (a cell as 3mw is in minimum wages), ``wage_mw``, ``earnings``; optionally
        ``growth`` (of the wage over the age before, in lines without a wage), ``participation`` (without it
        ``contributions.density``; ``earnings`` need it) and, the same in all lines of a worker, ``worker``, ``sex``,
        ``born``, ``retire_at``, ``award``, ``spouse``, ``children``, ``parents``, ``severe``. Lines that begin with # are
        skipped.
    resolved : Resolved
        Density, minimum wage and first year.
    given : mapping, optional
        Values of the columns of a worker that the file lacks. Without ``born`` a career begins in the first projected year;
        without ``retire_at`` the pension is awarded at the opening of the age after the last.

    Returns
    -------
    list of Career
        In the order of the file.

    Raises
    ------
    CareerError
        Naming file, line and column of every fault, and what is allowed.
    """
    file = str(path)
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CareerError(f"{file}: is not UTF-8 text (byte {error.start + 1})") from error
    faults = _Faults(file)
    header, header_line, rows = _cells(text, faults)
    own = dict(given or {})
    _check_header(header, header_line, own, faults)
    faults.stop()
    parsed = [_parse(row, faults) for row in rows]
    if not parsed:
        faults.add(header_line, "", "no ages follow the header")
    faults.stop()
    workers = [_career(group, own, resolved, faults) for group in _grouped(parsed, faults)]
    faults.stop()
    return [career for career in workers if career is not None]


def _cells(text: str, faults: _Faults) -> tuple[list[str], int, list[_Row]]:
    reader = csv.reader(text.splitlines(), skipinitialspace=True)
    header: list[str] = []
    header_line = 1
    rows: list[_Row] = []
    for cells in reader:
        if not cells or cells[0].lstrip().startswith("#") or not any(cell.strip() for cell in cells):
            continue
        if not header:
            header, header_line = [cell.strip() for cell in cells], reader.line_num
            continue
        if len(cells) != len(header):
            faults.add(reader.line_num, "", f"{len(cells)} cells under {len(header)} columns")
            continue
        rows.append(_Row(reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
    return header, header_line, rows


def _check_header(header: Sequence[str], line: int, own: Mapping[str, Any], faults: _Faults) -> None:
    for name in header:
        if name not in COLUMNS:
            faults.add(
                line, name or "(empty)", f"unknown; allowed are {', '.join(COLUMNS)}{nearest(name, COLUMNS)}"
            )
        if header.count(name) > 1:
            faults.add(line, name, "is there twice")
        if name in own:
            faults.add(line, name, "is given by an option too; give it once")
    if "age" not in header:
        faults.add(line, "age", "is missing")
    money = [name for name in MONEY if name in header]
    if len(money) != 1:
        said = "none is there" if not money else f"{' and '.join(money)} are there"
        faults.add(line, "", f"exactly one of {', '.join(MONEY)} is needed; {said}")
    if "earnings" in header and _GROWTH in header:
        faults.add(line, _GROWTH, "goes with wage or wage_mw, which are of a full year, not with earnings")
    if "earnings" in header and "participation" not in header:
        faults.add(
            line, "participation", "is missing: earnings of the year need it to give the wage of a full year"
        )


def _parse(row: _Row, faults: _Faults) -> _Row:
    values: dict[str, Any] = {}
    for name, cell in row.cells.items():
        column = COLUMNS[name]
        if not cell and name in (*MONEY, _GROWTH) and _GROWTH in row.cells:
            continue  # one of the two is enough; see _check_wage
        if name == "wage" and cell.lower().endswith(_IN_MINIMUM_WAGES):
            cell = cell.lower().removesuffix(_IN_MINIMUM_WAGES).strip()
            values[_IN_MINIMUM_WAGES] = True
        if not cell:
            faults.add(row.line, name, f"is empty; allowed is {column.says}")
        elif column.words:
            if cell not in column.words:
                faults.add(row.line, name, f"{cell!r} is not known; allowed are {column.says}")
            values[name] = cell
        elif name == "worker":
            values[name] = cell
        else:
            number = parse_number(cell)
            if (
                number is None
                or not column.low <= number <= column.high
                or (column.whole and not number.is_integer())
            ):
                faults.add(row.line, name, f"{cell!r} is not allowed; allowed is {column.says}")
                number = column.low
            values[name] = int(number) if column.whole else number
    _check_wage(row, values, faults)
    return _Row(row.line, values)


def _check_wage(row: _Row, values: dict[str, Any], faults: _Faults) -> None:
    """With a column of growth a line gives the wage or its growth over the age before."""
    if _GROWTH in row.cells and sum(name in values for name in (*MONEY, _GROWTH)) != 1:
        faults.add(row.line, _GROWTH, "give either the wage of the line or its growth over the age before")


def _grouped(rows: Iterable[_Row], faults: _Faults) -> list[list[_Row]]:
    groups: list[list[_Row]] = []
    seen: set[str] = set()
    for row in rows:
        name = row.cells.get("worker", "")
        if groups and groups[-1][0].cells.get("worker", "") == name:
            groups[-1].append(row)
            continue
        if name in seen:
            faults.add(row.line, "worker", f"{name!r} began further up; the lines of a worker stand together")
        seen.add(name)
        groups.append([row])
    return groups


def _amounts(rows: Sequence[_Row], money: str, minimum_wage: float) -> FloatArray:
    """Money by line in pesos, float64 (age,): as given, or grown from the age before."""
    found: list[float] = []
    for row in rows:
        if money not in row.cells:
            found.append(found[-1] * (1.0 + row.cells[_GROWTH]))
        else:
            in_minimum_wages = money == "wage_mw" or row.cells.get(_IN_MINIMUM_WAGES, False)
            found.append(row.cells[money] * (minimum_wage if in_minimum_wages else 1.0))
    return np.array(found, dtype=np.float64)


def _career(
    rows: Sequence[_Row], own: Mapping[str, Any], resolved: Resolved, faults: _Faults
) -> Career | None:
    first = rows[0]
    for before, row in pairwise(rows):
        age, expected = row.cells["age"], before.cells["age"] + 1
        if age < expected:
            said = "is there twice" if age == expected - 1 else f"comes after {expected - 1}: ages must rise"
            faults.add(row.line, "age", f"{age} {said}")
        elif age > expected:
            faults.add(
                row.line,
                "age",
                f"{age} where {expected} is expected: a year without work has a line too, with participation 0",
            )
        for name in _OF_WORKER:
            if name in row.cells and row.cells[name] != first.cells[name]:
                faults.add(
                    row.line, name, f"{row.cells[name]!r}, but {first.cells[name]!r} in line {first.line}"
                )
    money = next((name for name in MONEY if name in first.cells), "")
    if not money:
        faults.add(first.line, _GROWTH, "the first line of a worker needs the wage itself")
        return None
    density = resolved.number("contributions.density")
    participation = np.array([row.cells.get("participation", density) for row in rows], dtype=np.float64)
    amount = _amounts(rows, money, reference_minimum_wage(resolved))
    for row, time, paid in zip(rows, participation, amount, strict=True):
        if time > 0.0 and paid == 0.0:
            faults.add(row.line, money, "0 in a year that is worked; without work participation is 0")
        if money == "earnings" and time == 0.0 and paid > 0.0:
            faults.add(row.line, "participation", "0 in a year with earnings")
    if money == "earnings":
        wage = np.divide(amount, participation, out=np.zeros_like(amount), where=participation > 0.0)
    else:
        wage = amount
    values = {**own, **{name: first.cells[name] for name in _OF_WORKER if name in first.cells}}
    first_age = int(first.cells["age"])
    award_age = int(values.get("retire_at", rows[-1].cells["age"] + 1))
    if award_age <= first_age:
        faults.add(
            first.line, "age", f"{first_age} is not before {award_age}, the age at which the pension begins"
        )
        return None
    born = values.get("born")
    return Career(
        wage=wage,
        participation=participation,
        first_age=first_age,
        born=int(resolved.number("reform.first_year")) - first_age if born is None else int(born),
        award_age=award_age,
        sex=values.get("sex", "m"),
        award=values.get("award", "retirement"),
        spouse=values.get("spouse", "none"),
        children=float(values.get("children", 0.0)),
        parents=int(values.get("parents", 0)),
        severe=values.get("severe", "no") == "yes",
        name=str(values.get("worker", "worker")),
    )


__all__ = [
    "AWARDS",
    "COLUMNS",
    "SEXES",
    "SPOUSES",
    "Career",
    "CareerError",
    "parse_wage",
    "read",
    "steady",
    "wage_level",
]
