"""Members and pensioners of a fund from CSV files of its own, one line a person or a group of equals.

A file is named by `population.members_file` or `pensions.pensioners_file`; a relative name is looked for beside the file
that gives it. The columns are described in docs/extending.md.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Fault, Resolved
from assumptions.text import decoded, parse_csv, parse_integer, parse_number
from cohorts.axes import MEMBER, PRESENT
from cohorts.blocks import Block
from cohorts.careers import mean_wages

Float = NDArray[np.float64]
Int = NDArray[np.int64]

MEMBERS = "population.members_file"
PENSIONERS = "pensions.pensioners_file"
SEXES = ("m", "f")
NUMBER = "number"
_MEMBER_COLUMNS = ("sex", "birth_year", "service_years", "yearly_wage")
_PENSIONER_COLUMNS = ("kind", "sex", "birth_year", "yearly_pension")
# What a file replaces; a user who sets one of these beside it would see no effect.
_REPLACED = {
    MEMBERS: (
        "population.active_1996",
        "population.service_at_30",
        "population.service_slope",
        "population.service_cap",
        "population.service_factors",
        "population.service_weights",
        "population.service_max_age_start",
        "population.service_pivot_age",
    ),
    PENSIONERS: (
        "pensions.ongoing_heads",
        "pensions.ongoing_share",
        "pensions.ongoing",
        "pensions.ongoing_level_mw",
        "pensions.ongoing_age_mean",
        "pensions.ongoing_age_sd",
        "pensions.ongoing_age_min",
    ),
}


class Pensioner(NamedTuple):
    """A line of a pensioners' file: kind, sex, age at the state's date, pesos a year of each, number of persons."""

    kind: int
    sex: int
    age: int
    pension: float
    number: float


def digest(resolved: Resolved, name: str) -> bytes:
    """SHA-256 of the file's content, for caches and run files; empty where no file is named."""
    table = resolved.attached.get(name)
    return b"" if table is None else bytes.fromhex(table.sha256)


def with_totals(resolved: Resolved) -> Resolved:
    """The same assumptions, with control totals of every table of the user's own: lines, persons, pesos a year."""
    for name, table in resolved.attached.items():
        if table.content is not None and not table.totals:
            resolved = resolved.with_totals(name, _totals(table.content))
    return resolved


@lru_cache(maxsize=8)
def _totals(content: bytes) -> dict[str, float]:
    table = parse_csv("", decoded(content, "", []), [])
    rows = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    heads = [parse_number(row.get(NUMBER, "1")) or 0.0 for row in rows]
    found: dict[str, float] = {"lines": len(rows), "persons": math.fsum(heads)}
    for column in (*_MEMBER_COLUMNS, *_PENSIONER_COLUMNS):
        if column.startswith("yearly_") and column in table.header:
            amounts = [parse_number(row[column]) or 0.0 for row in rows]
            found[column] = math.fsum(head * amount for head, amount in zip(heads, amounts, strict=True))
    return found


class _Line:
    """Cells of one line; what is wrong goes to the list of faults."""

    def __init__(self, file: str, line: int, cells: dict[str, str], faults: list[Fault]) -> None:
        self.file = file
        self.line = line
        self.cells = cells
        self.faults = faults

    def fault(self, column: str, allowed: str) -> None:
        found = self.cells[column]
        self.faults.append(
            Fault(self.file, f"line {self.line}", f"column '{column}': {found!r} is not allowed; {allowed}")
        )

    def choice(self, column: str, allowed: tuple[str, ...]) -> int:
        if self.cells[column] in allowed:
            return allowed.index(self.cells[column])
        self.fault(column, f"allowed are {', '.join(allowed)}")
        return 0

    def number(self, column: str, low: float, high: float = math.inf, missing: float | None = None) -> float:
        if column not in self.cells and missing is not None:
            return missing
        found = parse_number(self.cells[column])
        if found is not None and low <= found <= high:
            return found
        upper = f" to {high:g}" if math.isfinite(high) else " or more"
        self.fault(column, f"a number is needed, {low:g}{upper}, as 1234.5")
        return low

    def age(self, column: str, state_year: int, low: int, high: int) -> int:
        birth = parse_integer(self.cells[column])
        if birth is not None and low <= state_year - birth <= high:
            return state_year - birth
        self.fault(column, f"a year of birth from {state_year - high} to {state_year - low} is needed")
        return low


def _lines(resolved: Resolved, name: str, columns: tuple[str, ...], faults: list[Fault]) -> list[_Line]:
    content = resolved.content_of(name)
    if content is None:
        return []
    attached = resolved.attached[name]
    file = attached.place or attached.name
    given = [other for other in _REPLACED[name] if other in resolved.user_set]
    faults.extend(Fault("", other, f"has no effect: {name} takes its place") for other in given)
    unread: list[Fault] = []
    table = parse_csv(file, decoded(content, file, unread), unread)
    faults.extend(unread)
    if unread:
        return []
    known = {*columns, NUMBER}
    missing = [column for column in columns if column not in table.header]
    unknown = [column for column in table.header if column not in known]
    if missing or unknown:
        parts = [f"missing column {', '.join(missing)}"] * bool(missing)
        parts += [f"unknown column {', '.join(unknown)}"] * bool(unknown)
        said = f"{'; '.join(parts)}; allowed are {', '.join(columns)} and, if wanted, {NUMBER}"
        faults.append(Fault(table.file, "", said))
        return []
    if not table.rows:
        faults.append(Fault(table.file, "", "has no line below the header"))
    return [
        _Line(table.file, line, dict(zip(table.header, row, strict=True)), faults)
        for line, row in zip(table.lines, table.rows, strict=True)
    ]


def members(resolved: Resolved, first_age: int, last_age: int, shares: Float, share_ages: Int) -> list[Block]:
    """Members of the file as blocks of one wage each.

    Parameters
    ----------
    first_age, last_age : int
        Ages of active membership.
    shares : float64 (sex, age)
        Contributors by age on ``share_ages``; with the wage profile they give the mean wage that relative wages refer to.

    Raises
    ------
    AssumptionError
        With every line that cannot be used.
    """
    faults: list[Fault] = []
    state_year = int(resolved.number("reform.state_year"))
    found = [
        (
            line.choice("sex", SEXES),
            line.age("birth_year", state_year, first_age, last_age - 1),
            line.number("service_years", 0.0, 60.0),
            line.number("yearly_wage", 0.0),
            line.number(NUMBER, 0.0, missing=1.0),
            line,
        )
        for line in _lines(resolved, MEMBERS, _MEMBER_COLUMNS, faults)
    ]
    for _, age, service, _, _, line in found:
        if service > age - first_age and not faults:
            line.fault("service_years", f"at most {age - first_age}, the years since age {first_age}")
    if faults:
        raise AssumptionError(faults)
    sexes = np.array([row[0] for row in found], dtype=np.int64)
    ages = np.array([row[1] for row in found], dtype=np.int64)
    first_year = np.array([int(resolved.number("reform.first_year"))])
    mean = mean_wages(resolved, ages, sexes, first_year, 0, shares, share_ages)[:, 0]
    return [
        Block(
            age=age,
            sex=sex,
            entry=-1,
            kind=MEMBER,
            service=service,
            generation=PRESENT,
            old_rights=True,
            heads=number,
            wages=((float(wage / mean[at]), 1.0),),
        )
        for at, (sex, age, service, wage, number, _) in enumerate(found)
    ]


def pensioners(resolved: Resolved, kinds: tuple[str, ...], first_age: int, last_age: int) -> list[Pensioner]:
    """Pensioners of the file.

    Parameters
    ----------
    kinds : tuple of str
        Kinds that the assumptions know.
    first_age, last_age : int
        Ages of the tables of mortality.

    Raises
    ------
    AssumptionError
        With every line that cannot be used.
    """
    faults: list[Fault] = []
    state_year = int(resolved.number("reform.state_year"))
    found = [
        Pensioner(
            line.choice("kind", kinds),
            line.choice("sex", SEXES),
            line.age("birth_year", state_year, first_age, last_age),
            line.number("yearly_pension", 0.0),
            line.number(NUMBER, 0.0, missing=1.0),
        )
        for line in _lines(resolved, PENSIONERS, _PENSIONER_COLUMNS, faults)
    ]
    if faults:
        raise AssumptionError(faults)
    return found
