"""Members and pensioners of a fund from CSV files of its own, one line a person or a group of equals.

A file is named by `population.members_file` or `pensions.pensioners_file`; a relative name is looked for beside the file
that gives it. The columns are described in docs/extending.md.
"""

from __future__ import annotations

import hashlib
import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Fault, Resolved
from assumptions.text import parse_integer, parse_number, read_csv
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


def path_of(resolved: Resolved, name: str) -> Path | None:
    """The file that ``name`` gives, or None where it gives none."""
    given = resolved.text(name)
    if not given:
        return None
    return Path(resolved.item(name).layer).parent / given


def digest(resolved: Resolved, name: str) -> bytes:
    """SHA-256 of the file's content, for caches and run files; empty where no file is named.

    Raises
    ------
    AssumptionError
        If the file cannot be read.
    """
    path = path_of(resolved, name)
    if path is None:
        return b""
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except FileNotFoundError:
        said = "no such file"
    except OSError as error:
        said = f"cannot be read: {error.strerror or error}"
    raise AssumptionError([Fault(str(path), name, said)])


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
    path = path_of(resolved, name)
    if path is None:
        return []
    given = [other for other in _REPLACED[name] if other in resolved.user_set]
    faults.extend(Fault("", other, f"has no effect: {name} takes its place") for other in given)
    table = read_csv(path, faults)
    if table is None:
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
