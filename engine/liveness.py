"""Which assumptions move a number, and from which year on: measured by moving each over its range.

The result stands beside the register (`assumptions.liveness`), which tells it to those who set a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved, basis_names, load, main_scenario
from assumptions.liveness import BALANCE, PROJECTION, WORKER, Measured
from assumptions.units import UNITS
from engine.balance import actuarial, valuation, worth
from engine.notices import differs, first_difference
from engine.projection import run_case
from engine.runs import default_workers
from engine.worker import calculator, careers

# Where an end of a range is refused together with other values, a part of the way to it is tried.
_PARTS: Final = (1.0, 0.5, 0.25, 0.1, 0.02)
_AWARD_YEAR: Final = 2000
_DATES: Final = ("1997-07-01", "2000-01-01")
_OTHER: Final = {BALANCE: "balance.computed", WORKER: "worker.computed"}


class _Task(NamedTuple):
    name: str
    calculation: str
    pack: Resolved


def measure(
    scenarios: Sequence[str],
    horizon: int,
    names: Sequence[str] | None = None,
    *,
    workers: int | None = None,
    on_done: Callable[[int], object] | None = None,
) -> list[Measured]:
    """Move assumptions over their ranges and tell from which year on a number moves.

    Parameters
    ----------
    scenarios : sequence of str
    horizon : int
        Last projected year.
    names : sequence of str, optional
        All but names of files by default.
    workers : int, optional
        Threads; as many as processors by default.
    on_done : callable, optional
        Called with the number of finished rows.

    Returns
    -------
    list of Measured
        By name, calculation, basis and scenario. Values that are used on no basis have no row. A balance and a single worker
        (statutory basis) are told by their first year.
    """
    tasks = list(_tasks(scenarios, horizon, names))
    bases: dict[tuple[str, str, str], Any] = {}
    for task in tasks:
        key = (task.calculation, task.pack.basis, task.pack.scenario)
        if key not in bases:
            bases[key] = _compute(task.calculation, task.pack)

    def run(task: _Task) -> Measured:
        pack = task.pack
        base = bases[task.calculation, pack.basis, pack.scenario]
        return Measured(task.name, task.calculation, pack.basis, pack.scenario, _first_year(task, base))

    found = []
    with ThreadPoolExecutor(workers or default_workers()) as pool:
        for number, row in enumerate(pool.map(run, tasks), start=1):
            found.append(row)
            if on_done is not None:
                on_done(number)
    return sorted(found)


def _tasks(scenarios: Sequence[str], horizon: int, names: Sequence[str] | None) -> Iterator[_Task]:
    packs = [
        load(code, sets={"reform.last_year": horizon}).resolve(b) for code in scenarios for b in basis_names()
    ]
    listed = packs[0].names() if names is None else names
    others = {
        calculation: load(main_scenario(), sets={flag: True}).resolve(basis_names()[0])
        for calculation, flag in _OTHER.items()
    }
    for name in listed:
        if packs[0].item(name).kind == "text":
            continue
        used = [pack for pack in packs if pack.live(name)[0]]
        yield from (_Task(name, PROJECTION, pack) for pack in used)
        for calculation, pack in others.items():
            if not any(one.basis == pack.basis for one in used) and pack.live(name)[0]:
                yield _Task(name, calculation, pack)


def _compute(calculation: str, pack: Resolved) -> Any:
    if calculation == PROJECTION:
        return run_case(pack)
    if calculation == BALANCE:
        valued = valuation.value(pack)
        parts = [
            *vars(actuarial.balance(valued)).values(),
            *worth.worth(pack),
            valued.discount,
            valued.pensions.sum(),
        ]
        return _flat(parts)
    figures: list[Any] = []
    for award, age in (("retirement", 60), ("disability", 25), ("death", 25)):
        for severe in (False, True):
            career = careers.steady(
                pack, 12_000.0, 22, age, severe=severe, award=award, spouse="entitled", parents=1
            )
            figures.append(list(calculator.study(career, pack).figures.values()))
        alone = careers.steady(pack, 12_000.0, 22, age, _AWARD_YEAR - age, award=award, parents=1)
        figures.append(list(calculator.study(alone, pack).figures.values()))
    return _flat(figures)


def _flat(parts: Sequence[Any]) -> NDArray[np.float64]:
    numbers: list[NDArray[np.float64]] = []
    for part in parts:
        inner = list(part.values()) if isinstance(part, dict) else part
        numbers.append(np.asarray(inner, dtype=np.float64).ravel())
    return np.concatenate(numbers)


def _first_year(task: _Task, base: Any) -> int | None:
    earliest: int | None = None
    for moved in variants(task.pack, task.name):
        try:
            found = _compute(task.calculation, moved)
        except AssumptionError:
            continue
        if task.calculation == PROJECTION:
            year = first_difference(base, found)
        else:
            first = int(task.pack.number("reform.first_year"))
            year = None if found.shape == base.shape and not differs(base, found).any() else first
        if year is not None and (earliest is None or year < earliest):
            earliest = year
    return earliest


def variants(pack: Resolved, name: str) -> Iterator[Resolved]:
    """The pack with one value moved to both ends of its range or bounds, or to each of its other choices."""
    item = pack.item(name)
    if item.kind == "switch":
        yield from _allowed(
            *(partial(pack.with_values, {name: c}) for c in item.choices if c != pack.switch(name))
        )
    elif item.kind == "flag":
        yield from _allowed(partial(pack.with_values, {name: not pack.flag(name)}))
    elif item.kind == "date":
        yield from _allowed(*(partial(pack.with_values, {name: date}) for date in _DATES))
    else:
        for end in (0, 1):
            yield from _first_allowed(pack, name, end)
        if item.kind == "table":
            yield from _reshaped(pack, name)


def _allowed(*makers: Callable[[], Resolved]) -> Iterator[Resolved]:
    for make in makers:
        try:
            moved = make()
        except AssumptionError:
            continue
        yield moved


def _first_allowed(pack: Resolved, name: str, end: int) -> Iterator[Resolved]:
    """The value at one end, or as far on the way to it as it is allowed."""
    item = pack.item(name)
    unit = UNITS[item.unit]
    limits = item.range if item.range is not None and item.range[0] < item.range[1] else None
    mode = (item.range_of or ("value" if item.kind == "number" else "scale")) if limits else "value"
    low, high = limits or item.bounds or (unit.low, unit.high)
    goal = (low, high)[end]
    for part in _PARTS:
        try:
            if mode == "value":
                old = np.asarray(getattr(pack.value(name), "values", pack.value(name)), dtype=np.float64)
                value = old + part * (goal - old)
                value = np.round(value) if item.whole else value
                moved = _with(pack, name, value)
            else:
                middle = 1.0 if mode == "scale" else 0.0
                moved = pack.modified(name, mode, value=middle + part * (goal - middle))
        except AssumptionError:
            continue
        yield moved
        return


def _with(pack: Resolved, name: str, value: NDArray[np.float64]) -> Resolved:
    kind = pack.item(name).kind
    if kind == "number":
        return pack.with_values({name: float(value)})
    if kind == "table":
        return pack.with_values({name: value})
    old = pack.dated(name)
    return pack.with_values({name: type(old)(old.years, value, old.rule)})


def _reshaped(pack: Resolved, name: str) -> Iterator[Resolved]:
    """Tables whose sum or order is prescribed: a little moved from one end to the other, and all by one place.

    Rows of a register that apply from a year on begin with the run, by a tenth more; of other registers each field of the
    last row is a tenth more.
    """
    table = pack.table(name)
    values = table.values
    fields = table.coords.get("field", ())
    if "from_year" in fields and "factor" in fields:
        begun = values.copy()
        begun[..., fields.index("from_year")] = pack.number("reform.first_year")
        begun[..., fields.index("factor")] *= 1.1
        yield from _allowed(partial(pack.with_values, {name: begun}))
    elif fields and values.shape[0] > 1:
        for column in range(len(fields)):
            more = values.copy()
            more[-1, ..., column] *= 1.1
            yield from _allowed(partial(pack.with_values, {name: more}))
    tilted = values.copy().reshape(-1)
    step = 0.1 * max(tilted[0], tilted[-1])
    tilted[0], tilted[-1] = tilted[0] + step, tilted[-1] - step
    yield from _allowed(
        *(
            partial(pack.with_values, {name: changed})
            for changed in (tilted.reshape(values.shape), np.roll(values, 1, axis=-1))
        )
    )


__all__ = ["measure", "variants"]
