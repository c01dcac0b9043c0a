"""The numbers behind a page: every case projected once, and kept while pages ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved, levers, load
from engine.compare_runs import Holders, holders
from engine.explore.state import State, Worker
from engine.labels import COMPONENTS
from engine.outputs import headline
from engine.projection import run_case
from engine.runs import default_workers
from engine.shares import percent_of_gdp
from engine.what_if import Gain, gained
from engine.worker import calculator, careers

Float = NDArray[np.float64]
Int = NDArray[np.int64]

_CASES: Final = 512
_DETAILS: Final = 64


class Key(NamedTuple):
    """What a case depends on; levers as they are typed."""

    scenario: str
    basis: str
    overlays: tuple[str, ...]
    last: int
    levers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """A projected case.

    Attributes
    ----------
    resolved : Resolved
    years : int64 (year,)
    share : float64 (line, year)
        Percent of GDP, components and total.
    money : float64 (line, year)
        Pesos of December 1996.
    gdp : float64 (year,)
    """

    resolved: Resolved
    years: Int
    share: Float
    money: Float
    gdp: Float


class Pair(NamedTuple):
    """Base and reform of one scenario, and present values of both at the base's return, percent of the base's first GDP."""

    scenario: str
    base: Case
    reform: Case
    worth: tuple[float, float]


@lru_cache(maxsize=_CASES)
def resolved(key: Key) -> Resolved:
    """The assumptions of a case: the base, and on it what the levers give.

    Raises
    ------
    AssumptionError
        If a lever contradicts the base or another one.
    """
    if not key.levers:
        pack = load(key.scenario, overlays=list(key.overlays))
        found = pack.resolve(key.basis)
        last = int(found.number("reform.last_year"))
        return found if last == key.last else found.with_values({"reform.last_year": key.last})
    base = resolved(key._replace(levers=()))
    return base.with_values(levers.changes(base, levers.parse(key.levers)))


@lru_cache(maxsize=_CASES)
def case(key: Key) -> Case:
    """A case, projected."""
    found = resolved(key)
    result = run_case(found, workers=default_workers())
    return Case(
        found, result.years, _lines(percent_of_gdp(result.cost, result.gdp)), _lines(result.cost), result.gdp
    )


def _lines(values: Float) -> Float:
    """Components and their sum, added as results add them."""
    total = values[0].copy()
    for n in range(1, len(COMPONENTS)):
        total += values[n]
    return np.concatenate([values, total[None]])


def keys(state: State) -> list[Key]:
    """Cases of the reform, one a scenario."""
    return [Key(code, state.basis, state.overlays, state.last, state.texts) for code in state.scenarios]


def pairs(state: State) -> list[Pair]:
    """Base and reform of every scenario, projected side by side.

    Raises
    ------
    AssumptionError
        If one of them cannot be projected.
    """
    reforms = keys(state)
    bases = [key._replace(levers=()) for key in reforms]
    every = [*bases, *reforms] if state.texts else bases
    if len(every) > 2:
        with ThreadPoolExecutor(default_workers()) as pool:
            list(pool.map(case, every))
    return [
        Pair(key.scenario, case(base), case(key), _worth(case(base), case(key)))
        for base, key in zip(bases, reforms, strict=True)
    ]


def _worth(base: Case, reform: Case) -> tuple[float, float]:
    factors = headline.discounts(base.resolved, tuple(base.years.tolist()))
    gdp = float(base.gdp[0])
    old, new = (percent_of_gdp(float(side.money[-1] @ factors), gdp) for side in (base, reform))
    return old, new


@lru_cache(maxsize=_DETAILS)
def distribution(key: Key) -> tuple[list[Holders], list[Float], Gain | None]:
    """Whose acquired rights change, their present values, and what workers gain."""
    base = case(key._replace(levers=()))
    reform = case(key)
    found = holders(base.resolved, reform.resolved, base.years)
    factors = headline.discounts(base.resolved, tuple(base.years.tolist())) / float(base.gdp[0])
    flows = [(group.new * reform.gdp - group.old * base.gdp) @ factors for group in found]
    return found, flows, gained(base.resolved, reform.resolved)


@lru_cache(maxsize=_DETAILS)
def pension(key: Key, worker: Worker) -> dict[str, float]:
    """One worker under both laws, in a case; figures as of :func:`engine.worker.calculator.evaluate`."""
    found = resolved(key)
    pesos = careers.parse_wage(f"{worker.wage:g}mw", found)
    first = int(found.number("population.first_age")) + _FROM
    one = careers.steady(found, pesos, first, worker.age, born=worker.born)
    return calculator.study(one, found).figures


_FROM: Final = 5
"""Years after the first age of contributors at which the worker of the page begins: at 20."""


def warm(codes: Sequence[str]) -> None:
    """Project a case, so that the first page does not wait for compilation."""
    from engine.explore.state import default

    state = default()
    for code in codes:
        key = Key(code, state.basis, (), state.last)
        case(key)
    distribution(Key(codes[0], state.basis, (), state.last))
    pension(Key(codes[0], state.basis, (), state.last), state.worker)


__all__ = ["Case", "Key", "Pair", "case", "distribution", "keys", "pairs", "pension", "resolved", "warm"]
