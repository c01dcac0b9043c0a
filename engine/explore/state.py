"""What a page of the explorer shows, and how its address says it: equal addresses, equal pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qs, urlencode

from assumptions import (
    AssumptionError,
    Fault,
    Resolved,
    all_scenario_codes,
    basis_names,
    levers,
    load,
    main_scenario,
    overlay_names,
)
from assumptions.files import parse_number, parse_year
from assumptions.files.cells import quoted
from assumptions.levers import Statement
from assumptions.text import nearest
from engine.outputs import texts
from engine.what_if import command

WHERE: Final = "address"
FURTHEST: Final = 2100
WAGES: Final = (1.0, 25.0)
BIRTHS: Final = (1930, 1990)
AGES: Final = (60, 70)
_KEYS: Final = ("scenario", "basis", "overlay", "lever", "to", "year", "wage", "born", "age", "lang")
_MOST_SCENARIOS: Final = 10


@dataclass(frozen=True, slots=True)
class Worker:
    """The worker beside the national cost: wage in minimum wages of 1996, birth year, age of retirement."""

    wage: float = 3.0
    born: int = 1950
    age: int = 65


@dataclass(frozen=True, slots=True)
class State:
    """What is shown: scenarios (the first in detail), basis, overlays of the base, levers, years, worker, language."""

    scenarios: tuple[str, ...]
    basis: str
    overlays: tuple[str, ...]
    statements: tuple[Statement, ...]
    last: int
    year: int
    worker: Worker = field(default_factory=Worker)
    language: str = "en"

    @property
    def texts(self) -> tuple[str, ...]:
        """The levers as they are typed."""
        return tuple(one.text for one in self.statements)

    @property
    def against(self) -> str:
        """The base, as `annexv what-if --against` takes it."""
        return "+".join((self.scenarios[0], *self.overlays))

    @property
    def address(self) -> str:
        """The query of the address, with what differs from a page without one."""
        usual = default(self.language)
        pairs: list[tuple[str, str]] = []
        if self.scenarios != usual.scenarios:
            pairs.append(("scenario", ",".join(self.scenarios)))
        if self.basis != usual.basis:
            pairs.append(("basis", self.basis))
        if self.overlays:
            pairs.append(("overlay", ",".join(self.overlays)))
        pairs += [("lever", text) for text in self.texts]
        if self.last != usual.last:
            pairs.append(("to", str(self.last)))
        if self.year != default_year(self.last):
            pairs.append(("year", str(self.year)))
        for key, own, other in (
            ("wage", self.worker.wage, usual.worker.wage),
            ("born", self.worker.born, usual.worker.born),
            ("age", self.worker.age, usual.worker.age),
        ):
            if own != other:
                pairs.append((key, f"{own:g}"))
        pairs.append(("lang", self.language))
        return "?" + urlencode(pairs)

    def command(self, program: str = "run") -> str:
        """The command that gives the numbers of the page (`run`: of every scenario; `what-if`: of the first)."""
        base = _resolved(self.scenarios[0], self.basis, self.last)
        against = self.against
        if program == "run" and len(self.scenarios) > 1:
            first = command(program, against, self.texts, base)
            more = "".join(f" --scenario {code}" for code in self.scenarios[1:])
            start = f"annexv run --scenario {self.scenarios[0]}"
            return start + more + first[len(start) :]
        return command(program, against, self.texts, base)


def default_year(last: int) -> int:
    """The year of the key figures, where none is chosen."""
    return last


def default(language: str = "en") -> State:
    """The page without an address."""
    last = int(_resolved(main_scenario(), basis_names()[0]).number("reform.last_year"))
    return State((main_scenario(),), basis_names()[0], (), (), last, default_year(last), Worker(), language)


@lru_cache(maxsize=64)
def _resolved(code: str, basis: str, last: int | None = None) -> Resolved:
    """A shipped scenario, which no page changes: asked for several times for every move of a control."""
    return load(code, sets={} if last is None else {"reform.last_year": last}).resolve(basis)


def read(query: str, language: str = "en") -> State:
    """The state that an address says.

    Raises
    ------
    AssumptionError
        With everything that is wrong in it.
    """
    faults: list[Fault] = []
    given = parse_qs(query.removeprefix("?"), keep_blank_values=True)
    for key in given:
        if key not in _KEYS:
            faults.append(
                Fault(WHERE, quoted(key)[1:-1], f"is no key of an address; allowed are {', '.join(_KEYS)}")
            )
        elif key != "lever" and len(given[key]) > 1:
            faults.append(Fault(WHERE, key, "is given twice"))
    one = {key: values[0] for key, values in given.items() if key in _KEYS}
    usual = default(_word(one, "lang", texts.languages(), language, faults))
    scenarios = _listed(one, "scenario", all_scenario_codes(), usual.scenarios, faults)[:_MOST_SCENARIOS]
    basis = _word(one, "basis", basis_names(), usual.basis, faults)
    overlays = _listed(one, "overlay", overlay_names(), (), faults)
    last = _year(one, "to", usual.last, (usual.last - 20, FURTHEST), faults)
    first = int(_resolved(main_scenario(), basis_names()[0]).number("reform.first_year"))
    year = _year(one, "year", default_year(last), (first, last), faults)
    worker = Worker(
        _number(one, "wage", usual.worker.wage, WAGES, faults),
        int(_number(one, "born", usual.worker.born, BIRTHS, faults)),
        int(_number(one, "age", usual.worker.age, AGES, faults)),
    )
    statements: tuple[Statement, ...] = ()
    try:
        statements = levers.parse(given.get("lever", []))
    except AssumptionError as error:
        faults.extend(error.faults)
    if faults:
        raise AssumptionError(faults)
    return State(scenarios, basis, overlays, statements, last, year, worker, usual.language)


def _word(given: Mapping[str, str], key: str, allowed: Sequence[str], usual: str, faults: list[Fault]) -> str:
    value = given.get(key, usual)
    if value not in allowed:
        said = f"{quoted(value)} is not allowed; allowed are {', '.join(allowed)}{nearest(value, allowed)}"
        faults.append(Fault(WHERE, key, said))
        return usual
    return value


def _listed(
    given: Mapping[str, str], key: str, allowed: Sequence[str], usual: tuple[str, ...], faults: list[Fault]
) -> tuple[str, ...]:
    if key not in given:
        return usual
    found = tuple(dict.fromkeys(filter(None, given[key].split(","))))
    for value in found:
        _word({key: value}, key, allowed, value, faults)
    return found or usual


def _year(
    given: Mapping[str, str], key: str, usual: int, allowed: tuple[int, int], faults: list[Fault]
) -> int:
    if key not in given:
        return usual
    year = parse_year(given[key])
    if year is None or not allowed[0] <= year <= allowed[1]:
        said = f"{quoted(given[key])} is not allowed; a year from {allowed[0]} to {allowed[1]} is"
        faults.append(Fault(WHERE, key, said))
        return usual
    return year


def _number(
    given: Mapping[str, str], key: str, usual: float, allowed: tuple[float, float], faults: list[Fault]
) -> float:
    if key not in given:
        return usual
    number = parse_number(given[key])
    whole = isinstance(usual, int)
    if number is None or not allowed[0] <= number <= allowed[1] or (whole and number != int(number)):
        said = f"{quoted(given[key])} is not allowed; a number from {allowed[0]:g} to {allowed[1]:g} is"
        faults.append(Fault(WHERE, key, said))
        return usual
    return number


__all__ = ["AGES", "BIRTHS", "FURTHEST", "WAGES", "State", "Worker", "default", "default_year", "read"]
