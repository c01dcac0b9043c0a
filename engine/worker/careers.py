"""Careers of single workers: given by a few figures, or read from a CSV file whose faults are all named by line and column.

A year of birth is that of the calendar, as in files of members: whoever is born in 1955 completes 60 during 2015 and is 60
at the opening of 2016 (:func:`year_of_age`). With ``basis.birth_year = age_zero`` it is the year at whose opening the age
is 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Fault, Resolved
from assumptions.files import TextTable, likely_cause, parse_number, read_table
from assumptions.files.cells import quoted
from assumptions.text import nearest
from cohorts import money, sexes
from cohorts.axes import PENSION_TYPES, SEXES
from cohorts.careers import reference_minimum_wage, wage_index
from cohorts.members import NOTE
from engine.prepare.worker import (
    days_per_year,
    first_projected_year,
    growth_before,
    sex_codes_of,
    usual_density,
    years_to_first_opening,
)

FloatArray = NDArray[np.float64]

SPOUSES: Final = ("none", "not_entitled", "entitled")
AWARDS: Final = PENSION_TYPES
SEVERITIES: Final = ("no", "yes")
MONEY: Final = ("wage", "wage_mw", "earnings")
_IN_MINIMUM_WAGES: Final = "mw"
_GROWTH: Final = "growth"
LAST_AGE: Final = 110
"""No career and no award beyond the last age of the tables of mortality."""
_YEARS: Final = (1880, 2200)
_MOST: Final = 20.0
MOST_PARENTS: Final = 2
_ROUNDING: Final = 1e-9
_TYPED: Final = "as typed"


class CareerError(AssumptionError):
    """A career that cannot be computed; the message names where the fault is and what is allowed."""

    def __init__(self, faults: str | Iterable[Fault]) -> None:
        super().__init__([Fault("", "", faults)] if isinstance(faults, str) else faults)


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
        Age of the first entry, and year of birth.
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
    months : int, optional
        Months beyond that age, 0 to 11, where they are known (Art. 171); None where birthdays are spread over the year, as
        in the projection.
    degree : float, optional
        Of an occupational disability; None for the average of those who draw a pension, as in the projection.
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
    months: int | None = 0
    degree: float | None = 1.0


def year_of_age(resolved: Resolved, born: int, age: int) -> int:
    """The year at whose opening somebody born in ``born`` has completed ``age``."""
    return born + age + years_to_first_opening(resolved)


# ---------------------------------------------------------------------------------------------------------------------
# From a few figures


def parse_wage(text: str, resolved: Resolved, *, accept_low_wages: bool = False) -> float:
    """A wage such as ``2.6mw`` (minimum wages of December 1996) or ``95000`` (pesos of December 1996 a year).

    One below the minimum wage is refused (`CareerError`) unless ``accept_low_wages`` says that it is meant.
    """
    plain = text.strip().lower()
    in_minimum_wages = plain.endswith("mw")
    number = parse_number(plain.removesuffix("mw").strip())
    if number is None or not number > 0.0:
        raise CareerError(
            f"--wage {text!r}: a number above 0 is expected, as 2.6mw (minimum wages) or 95000 (pesos a year)"
        )
    least = reference_minimum_wage(resolved)
    times = least if in_minimum_wages else 1.0
    typed = plain.removesuffix("mw").strip()
    if not accept_low_wages and money.is_below(number * times, typed, times, least):
        raise CareerError(_too_low(f"--wage {text!r}", number * times, least, resolved))
    return number * times


def _too_low(what: str, wage: float, least: float, resolved: Resolved) -> str:
    unit = money.likely_unit(wage, 1.0, least, days_per_year(resolved))
    return (
        f"{what}: {wage:,.2f} pesos a year is below the minimum wage of {least:,.2f}{unit}; 2.6mw is 2.6 minimum wages,"
        " and --accept-low-wages says that less than one is meant"
    )


def wage_level(resolved: Resolved, years: NDArray[np.int64], growth: float | None = None) -> FloatArray:
    """Real wages of ``years`` relative to the first projected year: as the projection moves them, or at ``growth``."""
    first = first_projected_year(resolved)
    if growth is not None:
        return np.asarray((1.0 + growth) ** (years - first), dtype=np.float64)
    back = (1.0 + growth_before(resolved)) ** np.minimum(years - first, 0)
    last = max(int(years[-1]), first)
    forward = wage_index(resolved, np.arange(first, last + 1))
    return np.asarray(back * forward[np.maximum(years - first, 0)], dtype=np.float64)


def _born_to_begin(resolved: Resolved, first_age: int) -> int:
    """Year of birth of who has ``first_age`` at the opening of the first projected year."""
    return first_projected_year(resolved) - year_of_age(resolved, 0, first_age)


def steady(
    resolved: Resolved,
    wage: float,
    first_age: int,
    award_age: int,
    born: int | None = None,
    participation: float | None = None,
    growth: float | None = None,
    *,
    gaps: Iterable[tuple[int, int]] = (),
    accept_low_wages: bool = False,
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
    accept_low_wages : bool
        Whether a wage below the minimum wage of December 1996 is meant.
    **family
        Other fields of :class:`Career`.

    Raises
    ------
    CareerError
        If the wage is below the minimum wage and that is not said to be meant.
    """
    if not math.isfinite(wage) or award_age < first_age:
        raise CareerError(
            f"wage {wage:g}, ages {first_age} to {award_age}: a finite wage and ages that rise are needed"
        )
    least = reference_minimum_wage(resolved)
    if not accept_low_wages and wage < least * (1.0 - _ROUNDING):
        raise CareerError(_too_low("wage", wage, least, resolved))
    start = _born_to_begin(resolved, first_age) if born is None else born
    ages = np.arange(first_age, max(award_age, first_age) + 1)
    density = usual_density(resolved) if participation is None else participation
    worked = np.full(ages.size, density, dtype=np.float64)
    for first, last in gaps:
        worked[(ages >= first) & (ages < last)] = 0.0
    return Career(
        wage=wage * wage_level(resolved, year_of_age(resolved, start, 0) + ages, growth),
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
    "parents": _Column(0, MOST_PARENTS, whole=True, says="0, 1 or 2"),
    "severe": _Column(words=SEVERITIES, says="yes or no"),
    "degree": _Column(0.0, 1.0, says="the degree of an occupational disability, 0 to 1"),
    "months": _Column(0, 11, whole=True, says="whole months beyond the age of the award, 0 to 11"),
}
COLUMNS: Final = {**_BY_AGE, **_OF_WORKER}


class _Row(NamedTuple):
    line: int
    cells: dict[str, Any]


class _Faults:
    """What is wrong with the table of careers, by line and column."""

    def __init__(self, table: TextTable) -> None:
        self._table = table
        self._found: list[Fault] = []

    def add(self, line: int, column: str, message: str) -> None:
        self._found.append(self._table.fault(line, column, message))

    def stop(self) -> None:
        if self._found:
            raise CareerError(self._found)


def read(
    path: str | Path,
    resolved: Resolved,
    given: Mapping[str, Any] | None = None,
    *,
    accept_low_wages: bool = False,
    codes: str = "",
) -> list[Career]:
    """Careers of a table (CSV or workbook): one line an age, one or several workers.

    Parameters
    ----------
    path : path
        Columns ``age``; one of ``wage`` (a cell as 3mw is in minimum wages), ``wage_mw``, ``earnings``; optionally
        ``growth`` (of the wage over the age before, in lines without a wage), ``participation`` (without it
        ``contributions.density``; ``earnings`` need it) and, the same in all lines of a worker, ``worker``, ``sex``,
        ``born``, ``retire_at``, ``award``, ``spouse``, ``children``, ``parents``, ``severe``,
        ``months``, ``degree``. Comments begin with # and stand above the header.
    resolved : Resolved
        Density, minimum wage and first year.
    given : mapping, optional
        Values of the columns of a worker that the file lacks. Without ``born`` a career begins in the first projected year;
        without ``retire_at`` the pension is awarded at the opening of the age after the last.
    accept_low_wages : bool
        Whether wages of a full year below the minimum wage of December 1996 are meant; they are faults otherwise.
    codes : {"fm", "hm"}, optional
        What a bare m in the column of sexes means; without it `population.sex_codes`.

    Returns
    -------
    list of Career
        In the order of the file.

    Raises
    ------
    CareerError
        Naming file, line and column of every fault, and what is allowed.
    """
    faults: list[Fault] = []
    table = read_table(Path(path), faults)
    if table is None:
        raise CareerError(faults)
    found = _Faults(table)
    own = dict(given or {})
    _check_header(table, own, found)
    found.stop()
    sex_codes = codes or sex_codes_of(resolved)
    meant = _sexes(table, sex_codes, found)
    rows = [
        _parse(line, dict(zip(table.header, cells, strict=True)), meant, found)
        for line, cells in zip(table.lines, table.rows, strict=True)
    ]
    found.stop()
    least = None if accept_low_wages else reference_minimum_wage(resolved)
    workers = [_career(group, own, resolved, least, found) for group in _grouped(rows, found)]
    found.stop()
    return [career for career in workers if career is not None]


def _sexes(table: TextTable, codes: str, faults: _Faults) -> str:
    """What a bare m means in the column of sexes."""
    if "sex" not in table.header:
        return ""
    cells = table.column("sex")
    twofold = sexes.ambiguity(cells, codes)
    if twofold:
        at = next(i for i, cell in enumerate(cells) if cell.casefold() == "m")
        faults.add(table.lines[at], "sex", twofold)
    return sexes.convention(cells, codes) or ("any" if twofold else "")


def _check_header(table: TextTable, own: Mapping[str, Any], faults: _Faults) -> None:
    header, line = table.header, table.line_of_header
    for name in header:
        if name not in COLUMNS and not name.startswith(NOTE):
            faults.add(
                line, name or "(empty)", f"unknown; allowed are {', '.join(COLUMNS)}{nearest(name, COLUMNS)}"
            )
        if name in own:
            faults.add(line, name, "is given by an option too; give it once")
    if "age" not in header:
        faults.add(line, "age", "is missing")
    given = [name for name in MONEY if name in header]
    if len(given) != 1:
        said = "none is there" if not given else f"{' and '.join(given)} are there"
        faults.add(line, "", f"exactly one of {', '.join(MONEY)} is needed; {said}")
    if "earnings" in header and _GROWTH in header:
        faults.add(line, _GROWTH, "goes with wage or wage_mw, which are of a full year, not with earnings")
    if "earnings" in header and "participation" not in header:
        faults.add(
            line, "participation", "is missing: earnings of the year need it to give the wage of a full year"
        )


def _parse(line: int, cells: Mapping[str, str], meant: str, faults: _Faults) -> _Row:
    values: dict[str, Any] = {}
    for name, cell in cells.items():
        column = COLUMNS.get(name)
        if column is None:
            continue
        if not cell and name in (*MONEY, _GROWTH) and _GROWTH in cells:
            continue  # one of the two is enough; see _check_wage
        if name == "wage" and cell.lower().endswith(_IN_MINIMUM_WAGES):
            cell = cell.lower().removesuffix(_IN_MINIMUM_WAGES).strip()
            values[_IN_MINIMUM_WAGES] = True
        if not cell:
            faults.add(line, name, f"is empty; allowed is {column.says}")
        elif name == "sex":
            sex = sexes.sex_of(cell, meant)
            if sex is None:
                faults.add(line, name, f"{quoted(cell)} is not known; allowed are {sexes.SAYS}")
            values[name] = SEXES[sex or 0]
        elif column.words:
            if cell.lower() not in column.words:
                faults.add(line, name, f"{quoted(cell)} is not known; allowed are {column.says}")
            values[name] = cell.lower()
        elif name == "worker":
            values[name] = cell
        else:
            number = parse_number(cell)
            if (
                number is None
                or not column.low <= number <= column.high
                or (column.whole and not number.is_integer())
            ):
                said = f"{quoted(cell)} is not allowed; allowed is {column.says}{likely_cause(cell)}"
                faults.add(line, name, said)
                number = column.low
            values[name] = int(number) if column.whole else number
    _check_wage(line, cells, values, faults)
    values[_TYPED] = {name: cells[name] for name in MONEY if name in cells}
    return _Row(line, values)


def _check_wage(line: int, cells: Mapping[str, str], values: Mapping[str, Any], faults: _Faults) -> None:
    """With a column of growth a line gives the wage or its growth over the age before."""
    if _GROWTH in cells and sum(name in values for name in (*MONEY, _GROWTH)) != 1:
        faults.add(line, _GROWTH, "give either the wage of the line or its growth over the age before")


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
    rows: Sequence[_Row], own: Mapping[str, Any], resolved: Resolved, least: float | None, faults: _Faults
) -> Career | None:
    first = rows[0]
    _check_lines(rows, faults)
    paid_in = next((name for name in MONEY if name in first.cells), "")
    if not paid_in:
        faults.add(first.line, _GROWTH, "the first line of a worker needs the wage itself")
        return None
    density = usual_density(resolved)
    participation = np.array([row.cells.get("participation", density) for row in rows], dtype=np.float64)
    amount = _amounts(rows, paid_in, reference_minimum_wage(resolved))
    _check_worked(rows, paid_in, participation, amount, faults)
    wage = amount
    if paid_in == "earnings":
        wage = np.divide(amount, participation, out=np.zeros_like(amount), where=participation > 0.0)
    if least is not None:
        _check_wages(rows, paid_in, participation, wage, least, resolved, faults)
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
        born=_born_to_begin(resolved, first_age) if born is None else int(born),
        award_age=award_age,
        sex=values.get("sex", "m"),
        award=values.get("award", "retirement"),
        spouse=values.get("spouse", "none"),
        children=float(values.get("children", 0.0)),
        parents=int(values.get("parents", 0)),
        severe=values.get("severe", "no") == "yes",
        months=int(values.get("months", 0)),
        degree=float(values.get("degree", 1.0)),
        name=str(values.get("worker", "worker")),
    )


def _check_lines(rows: Sequence[_Row], faults: _Faults) -> None:
    """Ages that follow one another, and the same worker in all lines."""
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


def _check_worked(
    rows: Sequence[_Row], paid_in: str, participation: FloatArray, amount: FloatArray, faults: _Faults
) -> None:
    """Money in every year that is worked, and in no other."""
    for row, time, paid in zip(rows, participation, amount, strict=True):
        if time > 0.0 and paid == 0.0:
            faults.add(row.line, paid_in, "0 in a year that is worked; without work participation is 0")
        if paid_in == "earnings" and time == 0.0 and paid > 0.0:
            faults.add(row.line, "participation", "0 in a year with earnings")


def _check_wages(
    rows: Sequence[_Row],
    column: str,
    participation: FloatArray,
    wages: FloatArray,
    least: float,
    resolved: Resolved,
    faults: _Faults,
) -> None:
    """No wage of a full year below the minimum wage where something is worked."""
    days = days_per_year(resolved)
    for row, time, wage in zip(rows, participation.tolist(), wages.tolist(), strict=True):
        typed = row.cells[_TYPED].get(column) or f"{wage:.2f}"  # grown from the age before
        times = {"wage_mw": least, "earnings": 1.0 / time if time > 0.0 else 1.0}.get(column, 1.0)
        if row.cells.get(_IN_MINIMUM_WAGES):
            typed, times = typed.lower().removesuffix(_IN_MINIMUM_WAGES).strip(), least
        if wage > 0.0 and time > 0.0 and money.is_below(wage, typed, times, least):
            unit = money.likely_unit(wage, 1.0, least, days)
            said = f"{quoted(typed)} is below the minimum wage of {least:,.2f} pesos a year{unit}"
            faults.add(row.line, column, f"{said}; --accept-low-wages says that it is meant")


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
    "year_of_age",
]
