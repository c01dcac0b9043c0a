"""Members and pensioners of a fund from tables of its own, one line a person or a group of equals.

A file is named by `population.members_file` or `pensions.pensioners_file`; a relative name is looked for beside the file
that gives it. The columns are described in docs/extending.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Fault, Resolved
from assumptions.files import (
    TextTable,
    likely_cause,
    parse_integer,
    parse_number,
    parse_table,
)
from assumptions.files.cells import quoted
from assumptions.units import UNITS
from cohorts import money, sexes
from cohorts.axes import FEMALE, MALE, MEMBER, PRESENT
from cohorts.blocks import Block
from cohorts.careers import mean_wages, minimum_wage_of, wage_rank
from cohorts.densities import Classes, classes
from cohorts.survival import last_age as last_age_of

Float = NDArray[np.float64]
Int = NDArray[np.int64]
T = TypeVar("T")

MEMBERS: Final = "population.members_file"
PENSIONERS: Final = "pensions.pensioners_file"
NUMBER: Final = "number"
DENSITY: Final = "density"
"""Optional column of members: the share of every year that they contribute; without it the classes of the pack."""
NOTE: Final = "note"
"""Columns whose names begin so are for people; no reader of persons looks at them."""
_MOST_SERVICE: Final = 60.0
_MOST_MW: Final = UNITS["mw"].high
_MOST_PERSONS: Final = UNITS["persons"].high
_HALF_A_PESO: Final = 0.5
_LEAST_DENSITY: Final = 0.01
# Values of an overlay of ours that describes a whole state are nobody's wish for the persons of a file.
_SHIPPED: Final = "data/overlays/"


class Pensioner(NamedTuple):
    """A line of a pensioners' file: kind, sex, age at the state's date, pesos a year of each, number of persons."""

    kind: int
    sex: int
    age: int
    pension: float
    number: float


@dataclass(frozen=True, slots=True)
class Totals:
    """Control totals of a table that was read: what a user compares with the fund's own books.

    Attributes
    ----------
    name : str
        The assumption that names the file.
    file, sha256 : str
        The file as it is named there, and the SHA-256 of its bytes.
    rows : int
    persons, men, women : float
    youngest, oldest : int
        Ages at the state's date.
    mean_age : float
    amount : float
        Wages or pensions of all persons, pesos of the price base a year.
    mean_mw : float
        Their mean, in minimum wages of the state's date.
    at_floor, at_ceiling : float
        Persons at most at the floor of covered wages, and at least at the ceiling of contributions; of pensioners, those
        with at most one minimum wage, and those at the ceiling.
    notices : tuple of str
        What is unusual about them, with the likely unit.
    """

    name: str
    file: str
    sha256: str
    rows: int
    persons: float
    men: float
    women: float
    youngest: int
    oldest: int
    mean_age: float
    amount: float
    mean_mw: float
    at_floor: float
    at_ceiling: float
    notices: tuple[str, ...] = ()


def digest(resolved: Resolved, name: str) -> bytes:
    """SHA-256 of the file's content, for caches and run files; empty where no file is named."""
    table = resolved.attached.get(name)
    return b"" if table is None else bytes.fromhex(table.sha256)


def with_totals(resolved: Resolved) -> Resolved:
    """The same assumptions, with control totals of every table of the user's own beside its digest.

    Raises
    ------
    AssumptionError
        With every line that cannot be used.
    """
    if any(table.content is not None and not table.totals for table in resolved.attached.values()):
        for one in totals(resolved):
            said = asdict(one)
            del said["name"], said["file"], said["sha256"]
            resolved = resolved.with_totals(one.name, said)
    return resolved


class _Cells:
    """Columns of a file of persons as values; what is wrong is collected by line."""

    def __init__(self, resolved: Resolved, name: str, table: TextTable) -> None:
        self.resolved = resolved
        self.name = name
        self.table = table
        self._wrong: list[tuple[int, Fault]] = []

    def stop(self) -> None:
        """Raise all faults in the order of the lines."""
        if self._wrong:
            raise AssumptionError(fault for _, fault in sorted(self._wrong, key=lambda item: item[0]))

    def fault(self, line: int, column: str, message: str) -> None:
        self._wrong.append((line, self.table.fault(line, column, message)))

    def _each(self, column: str, read: Callable[[str], T | None], allowed: str, instead: T) -> list[T]:
        found: list[T] = []
        for line, cell in zip(self.table.lines, self.table.column(column), strict=True):
            value = read(cell)
            if value is None:
                said = f"{quoted(cell)} is not allowed; {allowed}{likely_cause(cell)}"
                self.fault(line, column, said)
                value = instead
            found.append(value)
        return found

    def choice(self, column: str, allowed: Sequence[str]) -> list[int]:
        at = {word: place for place, word in enumerate(allowed)}
        return self._each(column, lambda cell: at.get(cell.lower()), f"allowed are {', '.join(allowed)}", 0)

    def sex(self) -> list[int]:
        cells = self.table.column("sex")
        codes = self.resolved.switch("population.sex_codes")
        twofold = sexes.ambiguity(cells, codes)
        if twofold:
            at = next(i for i, cell in enumerate(cells) if cell.casefold() == "m")
            self.fault(self.table.lines[at], "sex", twofold)
        meant = sexes.convention(cells, codes) or ("any" if twofold else "")
        known = f"allowed are {sexes.SAYS}" + (f"; --sex-codes says {codes}" if codes != "as_found" else "")
        return self._each("sex", lambda cell: sexes.sex_of(cell, meant), known, 0)

    def number(
        self, column: str, low: float, high: float = math.inf, missing: float | None = None
    ) -> list[float]:
        if missing is not None and column not in self.table.header:
            return [missing] * len(self.table.rows)

        def read(cell: str) -> float | None:
            found = parse_number(cell)
            return found if found is not None and low <= found <= high else None

        upper = f" to {high:g}" if math.isfinite(high) else " or more"
        return self._each(column, read, f"a number is needed, {low:g}{upper}, as 1234.5", low)

    def heads(self) -> list[float]:
        """Persons alike in each line; there must be some in the table."""
        found = self.number(NUMBER, 0.0, _MOST_PERSONS, missing=1.0)
        persons = math.fsum(found)
        if persons > _MOST_PERSONS:
            said = f"the persons of all lines are {persons:,.0f}; at most {_MOST_PERSONS:,.0f} are allowed"
            self.fault(self.table.lines[-1], NUMBER, said)
        elif persons <= 0.0 and not self._wrong:
            self.fault(self.table.lines[0], NUMBER, "is 0 in every line; a table holds at least one person")
        return found

    def age(self, low: int, high: int) -> list[int]:
        state_year = int(self.resolved.number("reform.state_year"))

        def read(cell: str) -> int | None:
            birth = parse_integer(cell)
            return state_year - birth if birth is not None and low <= state_year - birth <= high else None

        allowed = f"a year of birth from {state_year - high} to {state_year - low} is needed"
        return self._each("birth_year", read, allowed, low)

    def amount(self, what: str, least: float, why: str) -> list[float]:
        """Pesos a year of a column `yearly_`, `monthly_` or `daily_`; none below the least unless that is meant."""
        column = next(name for name in money.columns(what) if name in self.table.header)
        times = money.per_year(column, self.resolved)
        found = [times * value for value in self.number(column, 0.0)]
        accepted = self.resolved.flag("population.accept_low_wages")
        days = self.resolved.number("economy.days_per_year")
        minimum = self.minimum_wage()
        cells = self.table.column(column)
        for line, cell, value in zip(self.table.lines, cells, found, strict=True):
            if parse_number(cell) is None or value < 0.0:
                continue
            if not accepted and money.is_below(value, cell, times, least):
                unit = money.likely_unit(value, times, minimum, days, what)
                said = f"{quoted(cell)} is below {why}, {least / times:,.2f}{unit}"
                self.fault(line, column, f"{said}; --accept-low-wages says that it is meant")
            elif value > _MOST_MW * minimum:
                said = f"{quoted(cell)} is more than {_MOST_MW:g} minimum wages"
                self.fault(line, column, said + ("; it looks like an amount a year" if times > 1.0 else ""))
        return found

    def minimum_wage(self) -> float:
        """Pesos of the price base a year, at the state's date."""
        return minimum_wage_of(self.resolved, int(self.resolved.number("reform.state_year")))


def refuse_replaced(resolved: Resolved, name: str) -> None:
    """Raise `AssumptionError` for every value that a user set and that the file of ``name`` takes the place of.

    Who makes use of the file asks this of every pack: two packs may have equal values and only one a value that was set.
    """
    if not resolved.text(name):
        return
    given = [
        other
        for other in resolved.replaced(name)
        if other in resolved.user_set and not resolved.item(other).layer.startswith(_SHIPPED)
    ]
    if given:
        raise AssumptionError([Fault("", other, f"has no effect: {name} takes its place") for other in given])


def _cells(
    resolved: Resolved, name: str, columns: tuple[str, ...], what: str, optional: tuple[str, ...] = (NUMBER,)
) -> _Cells:
    """The table of a file with known columns and one of amounts."""
    content = resolved.content_of(name)
    assert content is not None
    attached = resolved.attached[name]
    faults: list[Fault] = []
    table = parse_table(content, attached.place or attached.name, faults)
    if table is None:
        raise AssumptionError(faults)
    amounts = money.columns(what)
    missing = [column for column in columns if column not in table.header]
    unknown = [
        column
        for column in table.header
        if column not in {*columns, *amounts, *optional} and not column.startswith(NOTE)
    ]
    found = [column for column in amounts if column in table.header]
    parts = [f"missing column {', '.join(missing)}"] * bool(missing)
    parts += [f"missing column {' or '.join(amounts)}"] * (not found)
    parts += [f"{' and '.join(found)} are there, one is needed"] * (len(found) > 1)
    parts += [f"unknown column {', '.join(unknown)}"] * bool(unknown)
    if parts:
        more = ", ".join((*optional, NOTE))
        wanted = f"allowed are {', '.join(columns)}, one of {', '.join(amounts)} and, if wanted, {more}"
        faults.append(Fault(table.file, "", f"{'; '.join(parts)}; {wanted}"))
    if faults:
        raise AssumptionError(faults)
    return _Cells(resolved, name, table)


class _Members(NamedTuple):
    cells: _Cells
    sex: list[int]
    age: list[int]
    service: list[float]
    wage: list[float]
    number: list[float]
    density: list[float | None]


def _members(resolved: Resolved) -> _Members:
    columns = ("sex", "birth_year", "service_years")
    cells = _cells(resolved, MEMBERS, columns, "wage", (NUMBER, DENSITY))
    first_age = int(resolved.labels("population.active_age_shares", "age")[0])
    last_age = int(resolved.path("retirement.last_age", [int(resolved.number("reform.first_year"))])[0])
    found = _Members(
        cells,
        cells.sex(),
        cells.age(first_age, last_age - 1),
        cells.number("service_years", 0.0, _MOST_SERVICE),
        cells.amount("wage", cells.minimum_wage(), "the minimum wage"),
        cells.heads(),
        [None] * len(cells.table.rows)
        if DENSITY not in cells.table.header
        else list(cells.number(DENSITY, _LEAST_DENSITY, 1.0)),
    )
    births = [parse_integer(cell) for cell in cells.table.column("birth_year")]
    for line, birth, age, service in zip(cells.table.lines, births, found.age, found.service, strict=True):
        if birth is not None and service > age - first_age:
            said = f"{service:g} is not allowed; at most {age - first_age}, the years since age {first_age}"
            cells.fault(line, "service_years", said)
    cells.stop()
    return found


def members(resolved: Resolved, shares: Float, share_ages: Int) -> list[Block]:
    """Members of the file as blocks of one wage each; lines are affiliates, whatever the pack's own numbers count.

    A line without a density is divided over the pack's classes as its wage says; its service stays that of the line.

    Parameters
    ----------
    shares : float64 (sex, age)
        Contributors by age on ``share_ages``; with the wage profile they give the mean wage that relative wages refer to.

    Raises
    ------
    AssumptionError
        With every line that cannot be used.
    """
    found = _members(resolved)
    sex = np.array(found.sex, dtype=np.int64)
    ages = np.array(found.age, dtype=np.int64)
    first_year = np.array([int(resolved.number("reform.first_year"))])
    mean = mean_wages(resolved, ages, sex, first_year, 0, shares, share_ages)[:, 0]
    known = classes(resolved)
    relative = np.array(found.wage) / mean
    return [
        Block(
            age=age,
            sex=of,
            entry=-1,
            kind=MEMBER,
            service=service,
            generation=PRESENT,
            old_rights=True,
            heads=number * part,
            wages=((float(relative[at]), 1.0),),
            density=of_class,
        )
        for at, (of, age, service, _, number, density) in enumerate(zip(*found[1:], strict=True))
        for part, of_class in _densities(resolved, known, float(relative[at]), density)
    ]


def _densities(
    resolved: Resolved, known: Classes, relative: float, density: float | None
) -> list[tuple[float, float]]:
    """Shares of the persons of a line and their densities."""
    if density is not None:
        return [(1.0, density)]
    if known.share.size == 1:
        return [(1.0, float(known.density[0]))]
    parts = known.at_rank(wage_rank(resolved, relative))
    return [
        (part, of_class)
        for part, of_class in zip(parts.tolist(), known.density.tolist(), strict=True)
        if part > 0.0
    ]


class _Pensioners(NamedTuple):
    cells: _Cells
    kind: list[int]
    sex: list[int]
    age: list[int]
    pension: list[float]
    number: list[float]


def _pensioners(resolved: Resolved) -> _Pensioners:
    kinds = tuple(str(kind) for kind in resolved.labels("pensions.ongoing", "kind"))
    first_age = int(resolved.labels("mortality.active", "age")[0])
    end = resolved.table("pensions.ongoing_age_end").values
    cells = _cells(resolved, PENSIONERS, ("kind", "sex", "birth_year"), "pension")
    least = resolved.number("law_1973.orphan_share") * cells.minimum_wage()
    found = _Pensioners(
        cells,
        cells.choice("kind", kinds),
        cells.sex(),
        cells.age(0, last_age_of(resolved)),
        cells.amount("pension", least, "an orphan's share of the minimum pension"),
        cells.heads(),
    )
    for line, kind, age in zip(cells.table.lines, found.kind, found.age, strict=True):
        low = 0 if end[kind] <= last_age_of(resolved) else first_age
        high = min(int(end[kind]) - 1, last_age_of(resolved))
        if not low <= age <= high:
            state_year = int(resolved.number("reform.state_year"))
            said = f"{state_year - age} is not allowed for {kinds[kind]}; a year of birth from {state_year - high} to"
            cells.fault(line, "birth_year", f"{said} {state_year - low} is needed")
    cells.stop()
    return found


def pensioners(resolved: Resolved) -> list[Pensioner]:
    """Pensioners of the file; kinds are those of `pensions.ongoing`.

    Raises
    ------
    AssumptionError
        With every line that cannot be used.
    """
    return [Pensioner(*line) for line in zip(*_pensioners(resolved)[1:], strict=True)]


def totals(resolved: Resolved) -> tuple[Totals, ...]:
    """Control totals of the files of members and pensioners that are named, in this order; empty where none is.

    Raises
    ------
    AssumptionError
        With every line that cannot be used.
    """
    found = []
    if resolved.text(MEMBERS):
        one = _members(resolved)
        found.append(_totals(one.cells, one.sex, one.age, one.wage, one.number))
    if resolved.text(PENSIONERS):
        other = _pensioners(resolved)
        found.append(_totals(other.cells, other.sex, other.age, other.pension, other.number))
    return tuple(found)


def _totals(
    cells: _Cells, sex: list[int], age: list[int], amount: list[float], number: list[float]
) -> Totals:
    resolved = cells.resolved
    minimum = cells.minimum_wage()
    heads, ages, pesos = np.array(number), np.array(age), np.array(amount)
    persons = float(heads.sum())
    floor = resolved.number("population.wage_floor_mw") if cells.name == MEMBERS else 1.0
    first_year = [int(resolved.number("reform.first_year"))]
    ceiling = float(resolved.path("contributions.ceiling_retirement", first_year)[0])
    # Files round to the peso, the minimum wage has centavos.
    at_floor = float(heads[pesos <= floor * minimum + _HALF_A_PESO].sum())
    at_ceiling = float(heads[pesos >= ceiling * minimum - _HALF_A_PESO].sum())
    per_head = 1.0 / persons if persons > 0.0 else math.nan
    notices = []
    for share, limit, where, unit in (
        (at_floor * per_head, "population.notice_at_floor", "the floor", "a month or a day"),
        (
            at_ceiling * per_head,
            "population.notice_at_ceiling",
            "the ceiling",
            "a year in a column by month or day",
        ),
    ):
        if cells.name == MEMBERS and share > resolved.number(limit):
            said = f"{100.0 * share:.1f}% of the persons are at {where}; are the amounts {unit}?"
            notices.append(f"{cells.table.file}: {said}")
    return Totals(
        name=cells.name,
        file=cells.table.file,
        sha256=cells.table.sha256,
        rows=len(cells.table.rows),
        persons=persons,
        men=float(heads[np.array(sex) == MALE].sum()),
        women=float(heads[np.array(sex) == FEMALE].sum()),
        youngest=int(ages.min()),
        oldest=int(ages.max()),
        mean_age=float(heads @ ages) * per_head,
        amount=float(heads @ pesos),
        mean_mw=float(heads @ pesos) * per_head / minimum,
        at_floor=at_floor,
        at_ceiling=at_ceiling,
        notices=tuple(notices),
    )
