"""Who did how much of a change: Shapley values, which depend on no order.

What a unit (an assumption, or several that only fit together) is worth is what the result moves when it is switched,
averaged over every order in which all units can be switched. The values add up to the whole change. Up to :data:`EXACT`
units every combination is projected; of more, orders are drawn, each with its reverse, and the values have a standard error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved
from engine.runs import default_workers

Float = NDArray[np.float64]
Unit = tuple[str, ...]

EXACT: Final = 8
"""Most units whose combinations (2 to that power) are all projected."""
_SEED: Final = 1
_PROJECTIONS: Final = 400  # that a sample is meant to take
_LEAST_PAIRS: Final = 8


@dataclass(frozen=True)
class Attribution:
    """The change by unit.

    Attributes
    ----------
    units : list of tuple of str
        As given, or joined where some combination of them cannot be projected.
    effects : list of float64 arrays
        One for each unit; they add up to the change.
    errors : list of float64 arrays
        Standard errors; 0 where every combination was projected.
    orders : int
        Orders that were drawn; 0 where every combination was projected.
    """

    units: list[Unit]
    effects: list[Float]
    errors: list[Float]
    orders: int


class _Broken(Exception):
    """A combination that cannot be projected."""

    def __init__(self, members: frozenset[int]) -> None:
        self.members = members


class _Played(Protocol):
    """What attributes: so many units, and the results of combinations of them."""

    @property
    def count(self) -> int: ...

    def results(self, wanted: Sequence[frozenset[int]]) -> list[Float]: ...


class _Coalitions:
    """Results of combinations of numbered units, each asked for once."""

    def __init__(
        self,
        count: int,
        result: Callable[[frozenset[int]], Float],
        workers: int | None,
        on_done: Callable[[int], object] | None,
    ) -> None:
        self.count = count
        self._result, self._on_done = result, on_done
        self._known: dict[frozenset[int], Float] = {}
        self._pool = ThreadPoolExecutor(max_workers=workers or default_workers())

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def results(self, wanted: Sequence[frozenset[int]]) -> list[Float]:
        fresh = [members for members in dict.fromkeys(wanted) if members not in self._known]
        for members, found in zip(fresh, self._pool.map(self._result, fresh), strict=True):
            self._known[members] = found
            if self._on_done is not None:
                self._on_done(len(self._known))
        return [self._known[members] for members in wanted]


class _Game:
    """Results of combinations of units, each projected once."""

    def __init__(
        self,
        old: Resolved,
        new: Resolved,
        result: Callable[[Resolved], Float],
        workers: int | None,
        on_done: Callable[[int], object] | None,
    ) -> None:
        self._old, self._new, self._result = old, new, result
        self._on_done = on_done
        self._known: dict[frozenset[str], Float | None] = {}
        self._pool = ThreadPoolExecutor(max_workers=workers or default_workers())
        self.units: list[Unit] = []

    @property
    def count(self) -> int:
        """How many units there are now."""
        return len(self.units)

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def ends(self) -> tuple[Float, Float]:
        """Results of the old and the new case; their own faults are raised."""
        found = list(self._pool.map(self._result, (self._old, self._new)))
        every = frozenset(name for unit in self.units for name in unit)
        self._known[frozenset()], self._known[every] = found
        return found[0], found[1]

    def _names(self, members: Iterable[int]) -> frozenset[str]:
        return frozenset(name for at in members for name in self.units[at])

    def _project(self, names: frozenset[str]) -> Float | None:
        try:
            state = self._old.with_values({name: self._new.given(name) for name in sorted(names)}, "switched")
            return self._result(state)
        except (AssumptionError, IndexError, KeyError, ValueError):
            # Values that contradict one another half-way, or tables that only fit together.
            return None

    def fits(self, members: frozenset[int]) -> bool:
        """Whether a combination can be projected."""
        return self._ask([members])[0] is not None

    def results(self, wanted: Sequence[frozenset[int]]) -> list[Float]:
        """Results of combinations.

        Raises
        ------
        _Broken
            If one of them cannot be projected.
        """
        found = []
        for members, result in zip(wanted, self._ask(wanted), strict=True):
            if result is None:
                raise _Broken(members)
            found.append(result)
        return found

    def _ask(self, wanted: Sequence[frozenset[int]]) -> list[Float | None]:
        named = [self._names(members) for members in wanted]
        fresh = [names for names in dict.fromkeys(named) if names not in self._known]
        for names, result in zip(fresh, self._pool.map(self._project, fresh), strict=True):
            self._known[names] = result
            if self._on_done is not None:
                self._on_done(len(self._known))
        return [self._known[names] for names in named]

    def join(self, broken: frozenset[int]) -> None:
        """Make one unit of two that a broken combination holds apart: it lacks the one that the other needs."""
        whole = frozenset(range(len(self.units)))
        enough = whole
        for at in sorted(whole - broken):
            if self.fits(enough - {at}):
                enough = enough - {at}
        missing = min(enough - broken)
        needing = next((at for at in sorted(broken) if self.fits(broken - {at})), min(broken))
        first, second = sorted((needing, missing))
        joint = self.units[first] + self.units[second]
        self.units = [joint if at == first else unit for at, unit in enumerate(self.units) if at != second]


def attribute(
    old: Resolved,
    new: Resolved,
    units: Sequence[Unit],
    result: Callable[[Resolved], Float],
    *,
    workers: int | None = None,
    on_done: Callable[[int], object] | None = None,
) -> Attribution:
    """Attribute the change from one case to another to the units in which they differ.

    Parameters
    ----------
    old, new : Resolved
    units : sequence of tuple of str
        Names that are switched together; all that differ.
    result : callable
        Projects a case into an array.
    workers : int, optional
        Threads; as many as processors by default. Results do not depend on it.
    on_done : callable, optional
        Called with the number of finished projections.

    Raises
    ------
    AssumptionError
        If the old or the new case cannot be projected.
    """
    game = _Game(old, new, result, workers, on_done)
    try:
        game.units = list(units)
        first, last = game.ends()
        while True:
            try:
                if len(game.units) <= 1:
                    return Attribution(
                        game.units, [last - first] * len(game.units), [0.0 * first] * len(game.units), 0
                    )
                effects, errors, orders = _exact(game) if game.count <= EXACT else _sampled(game)
                return Attribution(game.units, effects, errors, orders)
            except _Broken as broken:
                game.join(broken.members)
    finally:
        game.close()


def shapley(
    count: int,
    result: Callable[[frozenset[int]], Float],
    *,
    workers: int | None = None,
    on_done: Callable[[int], object] | None = None,
) -> tuple[list[Float], list[Float], int]:
    """Attribute the change from no unit to all of ``count`` units, which any combination may hold.

    Parameters
    ----------
    count : int
    result : callable
        Result of a combination of units, by number.
    workers, on_done
        As in :func:`attribute`.

    Returns
    -------
    list of float64 arrays, list of float64 arrays, int
        Effects, which add up to the change; standard errors; orders that were drawn, 0 where all combinations were taken.
    """
    game = _Coalitions(count, result, workers, on_done)
    try:
        return _exact(game) if count <= EXACT else _sampled(game)
    finally:
        game.close()


def _exact(game: _Played) -> tuple[list[Float], list[Float], int]:
    n = game.count
    every = [frozenset(some) for size in range(n + 1) for some in combinations(range(n), size)]
    value = dict(zip(every, game.results(every), strict=True))
    effects = []
    for at in range(n):
        effect = np.zeros_like(value[frozenset()])
        for some in every:
            if at not in some:
                share = factorial(len(some)) * factorial(n - len(some) - 1) / factorial(n)
                effect += share * (value[some | {at}] - value[some])
        effects.append(effect)
    return effects, [np.zeros_like(effect) for effect in effects], 0


def pairs_of_orders(n: int) -> int:
    """Orders that are drawn, each with its reverse, for so many units."""
    return max(_LEAST_PAIRS, _PROJECTIONS // (2 * (n - 1)))


def _sampled(game: _Played) -> tuple[list[Float], list[Float], int]:
    n = game.count
    # Every unit alone, and all but one: what only fits together shows early.
    singles = [frozenset({at}) for at in range(n)]
    game.results([*singles, *(frozenset(range(n)) - single for single in singles)])
    draw = np.random.default_rng(_SEED)
    pairs = []
    for _ in range(pairs_of_orders(n)):
        order = draw.permutation(n).tolist()
        pairs.append(0.5 * (_along(game, order) + _along(game, order[::-1])))
    drawn = np.stack(pairs)
    error = drawn.std(axis=0, ddof=1) / np.sqrt(len(pairs))
    return list(drawn.mean(axis=0)), list(error), 2 * len(pairs)


def _along(game: _Played, order: Sequence[int]) -> Float:
    """What each unit moves when they are switched in this order, float64 (unit, ...)."""
    levels = game.results([frozenset(order[:count]) for count in range(len(order) + 1)])
    moved = np.empty((len(order), *levels[0].shape))
    for at, before, after in zip(order, levels, levels[1:], strict=False):
        moved[at] = after - before
    return moved


def projections(n: int) -> int:
    """How many projections an attribution to so many units takes at most."""
    return 2**n if n <= EXACT else 2 * pairs_of_orders(n) * (n - 1) + 2 * n + 2


__all__ = ["EXACT", "Attribution", "attribute", "pairs_of_orders", "projections", "shapley"]
