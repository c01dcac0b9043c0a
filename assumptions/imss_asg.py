"""IMSS's open microdata of insured workers, read row by row whatever their size, into a table by sex, age and wage."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple, TextIO

from assumptions.files import parse_number, read_table
from assumptions.files.cells import quoted
from assumptions.model import SEXES, AssumptionError, Fault
from assumptions.text import DATA, nearest, shown

FOLDER: Final = DATA / "imss_asg"
SEX, AGE, WAGE = "sexo", "rango_edad", "rango_salarial"
INSURED, WITH_WAGE, BILL = "ta", "ta_sal", "masa_sal_ta"
COLUMNS: Final = (SEX, AGE, WAGE, INSURED, WITH_WAGE, BILL)
NO_WAGE: Final = ""
_NOTHING: Final = ("", "na", "nan", "null")
_DELIMITERS: Final = ("|", ",")
_MOST_FAULTS: Final = 20
_LONGEST_LINE: Final = 65536
_ENCODINGS: Final = ("utf-8-sig", "latin-1")
_SNIFFED: Final = 2**20
_OPEN_YEARS: Final = 5


class Ages(NamedTuple):
    """First and last year of age; None where the range is open."""

    first: int
    last: int | None


class Wages(NamedTuple):
    """Above and up to so many minimum wages."""

    above: float
    up_to: float


@dataclass(frozen=True)
class Codes:
    """What stands behind the codes of the files."""

    sexes: Mapping[str, str]
    ages: Mapping[str, Ages]
    wages: Mapping[str, Wages]


Key = tuple[str, str, str]


@dataclass
class Insured:
    """Insured workers by sex, code of age and code of wage (empty: without a wage).

    Attributes
    ----------
    cells : dict
        Insured persons, persons with a wage, and the daily wage bill in pesos of the file.
    rows : int
        Rows that were read.
    codes : Codes
    """

    codes: Codes
    cells: dict[Key, list[float]] = field(default_factory=dict)
    rows: int = 0

    def totals(self) -> tuple[float, float, float]:
        """Insured, with a wage, daily wage bill."""
        found = [sum(cell[at] for cell in self.cells.values()) for at in range(3)]
        return found[0], found[1], found[2]


@lru_cache(maxsize=1)
def codes() -> Codes:
    """The shipped ranges of the codes.

    Raises `AssumptionError` when a file has faults.
    """
    faults: list[Fault] = []
    tables = [
        read_table(FOLDER / f"{name}.csv", faults) for name in ("sex_codes", "age_ranges", "wage_ranges")
    ]
    sexes, ages, wages = tables
    if sexes is None or ages is None or wages is None or faults:
        raise AssumptionError(faults)
    by_age = {
        code: Ages(int(first), int(last) if last else None)
        for code, first, last in zip(ages.column("code"), ages.column("from"), ages.column("to"), strict=True)
    }
    by_wage = {
        code: Wages(float(above), float(up_to))
        for code, above, up_to in zip(
            wages.column("code"), wages.column("above_mw"), wages.column("up_to_mw"), strict=True
        )
    }
    return Codes(dict(zip(sexes.column("code"), sexes.column("sex"), strict=True)), by_age, by_wage)


def read(path: Path) -> Insured:
    """A monthly file, pipe- or comma-separated, summed while it is read.

    Raises `AssumptionError` with the first twenty faults: file, line, column, value and what is allowed.
    """
    faults: list[Fault] = []
    found = Insured(codes())
    with _opened(path, faults) as stream:
        if stream is not None:
            _sum(stream, path, found, faults)
    if faults:
        raise AssumptionError(faults)
    return found


@contextmanager
def _opened(path: Path, faults: list[Fault]) -> Iterator[TextIO | None]:
    """The file as text; None with a fault."""
    try:
        if path.is_dir():
            faults.append(Fault(shown(path), "", "is a folder; a file is expected"))
            yield None
            return
        with path.open("rb") as raw:
            head = raw.read(_SNIFFED)
            raw.seek(0)
            if b"\0" in head:
                faults.append(
                    Fault(
                        shown(path),
                        "",
                        "is no text; a table with | or , between columns is expected (unpack it)",
                    )
                )
                yield None
                return
            with io.TextIOWrapper(raw, encoding=_encoding(head), errors="replace", newline="") as stream:
                yield stream
    except FileNotFoundError:
        faults.append(Fault(shown(path), "", "no such file"))
        yield None
    except OSError as error:
        faults.append(Fault(shown(path), "", f"cannot be read: {error.strerror or error}"))
        yield None


def _encoding(head: bytes) -> str:
    # A letter may be cut at the end of what was looked at.
    try:
        head[: len(head) - 4 if len(head) == _SNIFFED else len(head)].decode("utf-8")
    except UnicodeDecodeError as error:
        return _ENCODINGS[1] if error.start < len(head) - 4 or len(head) < _SNIFFED else _ENCODINGS[0]
    return _ENCODINGS[0]


def _sum(stream: TextIO, path: Path, found: Insured, faults: list[Fault]) -> None:
    file = shown(path)
    first = stream.readline(_LONGEST_LINE)
    delimiter = max(_DELIMITERS, key=first.count)
    header = [name.strip().strip('"').lower() for name in first.rstrip("\r\n").split(delimiter)]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        said = ", ".join(header[:30]) if first.strip() else "nothing"
        faults.append(Fault(file, "line 1", f"lacks the columns {', '.join(missing)}; it has {said}"))
        return
    at = [header.index(name) for name in COLUMNS]
    for number, row in enumerate(csv.reader(stream, delimiter=delimiter), start=2):
        if not row or not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            faults.append(
                Fault(file, f"line {number}", f"has {len(row)} columns; the header has {len(header)}")
            )
        else:
            _add(found, [row[place].strip() for place in at], file, number, faults)
        if len(faults) >= _MOST_FAULTS:
            faults.append(Fault(file, "", "has more faults; what comes after was not read"))
            return
    if not found.rows and not faults:
        faults.append(Fault(file, "", "holds no rows below its header"))


def _add(found: Insured, cells: list[str], file: str, line: int, faults: list[Fault]) -> None:
    sex, age, wage, *numbers = cells
    wage = NO_WAGE if wage.lower() in _NOTHING else wage.upper()
    known = found.codes
    for column, code, allowed in (
        (SEX, sex, known.sexes),
        (AGE, age.upper(), known.ages),
        (WAGE, wage, known.wages),
    ):
        if code not in allowed and not (column == WAGE and code == NO_WAGE):
            ends = f"{next(iter(allowed))} to {list(allowed)[-1]}"
            said = f"{quoted(code)} is not a code of it; allowed are {ends}{nearest(code, allowed)}"
            faults.append(Fault(file, f"line {line}, {column}", said))
            return
    values = []
    for column, cell in zip((INSURED, WITH_WAGE, BILL), numbers, strict=True):
        value = 0.0 if cell.lower() in _NOTHING else parse_number(cell)
        whole = column == BILL or value is None or value == int(value)
        if value is None or value < 0.0 or not whole:
            kind = "a number" if column == BILL else "a whole number"
            faults.append(
                Fault(file, f"line {line}, {column}", f"{quoted(cell)} is not {kind} of at least 0")
            )
            return
        values.append(value)
    insured, with_wage, bill = values
    if with_wage > insured:
        said = f"{with_wage:g} with a wage are more than the {insured:g} insured of {INSURED}"
        faults.append(Fault(file, f"line {line}, {WITH_WAGE}", said))
        return
    if bill > 0.0 and with_wage == 0.0:
        faults.append(
            Fault(file, f"line {line}, {BILL}", f"{bill:g} pesos a day are paid to nobody of {WITH_WAGE}")
        )
        return
    sums = found.cells.setdefault((known.sexes[sex], age.upper(), wage), [0.0, 0.0, 0.0])
    for place, value in enumerate(values):
        sums[place] += value
    found.rows += 1


def table(found: Insured) -> str:
    """The population table: a row by sex, range of ages and range of wages."""
    lines = [
        "# Insured workers by sex, age and wage, IMSS's open microdata; ranges to be checked against its dictionary.",
        "sex,age_from,age_to,above_mw,up_to_mw,insured,with_wage,daily_wage_bill,mean_daily_wage",
    ]
    ages, wages = list(found.codes.ages), ["", *found.codes.wages]
    order = sorted(found.cells, key=lambda key: (key[0] != "m", ages.index(key[1]), wages.index(key[2])))
    for sex, age, wage in order:
        insured, with_wage, bill = found.cells[sex, age, wage]
        span = found.codes.ages[age]
        paid = found.codes.wages.get(wage)
        mean = f"{bill / with_wage:.4f}" if with_wage else ""
        bounds = f"{paid.above:g},{paid.up_to:g}" if paid else ","
        last = "" if span.last is None else span.last
        lines.append(f"{sex},{span.first},{last},{bounds},{insured:.0f},{with_wage:.0f},{bill:.2f},{mean}")
    return "\n".join(lines) + "\n"


def age_shares(found: Insured, first: int, last: int) -> str:
    """Shares of workers with a wage by single age and sex, level within a range, for `population.active_age_shares`.

    Ages outside ``first`` to ``last`` go to the nearest; an open range is as long as the others.

    Raises `AssumptionError` where nobody has a wage.
    """
    sums = {(sex, age): 0.0 for sex in SEXES for age in range(first, last + 1)}
    for (sex, code, _), cell in found.cells.items():
        span = found.codes.ages[code]
        years = range(span.first, (span.first + _OPEN_YEARS if span.last is None else span.last + 1))
        for age in years:
            sums[sex, min(max(age, first), last)] += cell[1] / len(years)
    total = sum(sums.values())
    if total == 0.0:
        raise AssumptionError([Fault("", WITH_WAGE, "nobody has a wage, so there are no shares of age")])
    lines = [
        "# Shares of workers with a wage by age, from IMSS's open microdata; level within ranges of five years.",
        "age,m,f",
    ]
    lines += [
        f"{age},{sums['m', age] / total!r},{sums['f', age] / total!r}" for age in range(first, last + 1)
    ]
    return "\n".join(lines) + "\n"


def contradictions(found: Insured, minimum_wage: float) -> list[str]:
    """Codes of wage whose mean wage lies outside their range, at a minimum wage in pesos a day."""
    said = []
    for code, span in found.codes.wages.items():
        cells = [cell for (_, _, wage), cell in found.cells.items() if wage == code]
        with_wage, bill = (sum(cell[at] for cell in cells) for at in (1, 2))
        if not with_wage:
            continue
        mean = bill / with_wage / minimum_wage
        if not span.above < mean <= span.up_to and not (code == "W25" and mean > span.above):
            said.append(
                f"{code}: the mean wage is {mean:.2f} minimum wages, its range is above {span.above:g} up to {span.up_to:g}"
            )
    return said


__all__ = ["COLUMNS", "Codes", "Insured", "age_shares", "codes", "contradictions", "read", "table"]
