"""Two runs side by side: which assumptions differ, what that does, and which assumption does how much of it.

The change is attributed by switching assumptions from the one run to the other, one after the other. Each step is worth
what the projection then moves, so that the steps add up to the whole change; what a step is worth depends on the steps
before it, and the order is therefore stated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from assumptions import AssumptionError, Fault, Resolved, Table, diff
from cohorts.sexes import SEXES
from engine.outputs import OutputError, export, provenance, selection
from engine.outputs.tables import TOTAL
from engine.projection import COMPONENTS, run_case
from engine.runs import default_workers

if TYPE_CHECKING:
    from assumptions.scenarios import Difference

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Case = tuple[str, str]

LINES: Final = (*COMPONENTS, TOTAL)
_PERCENT: Final = 100.0
_BIRTHS: Final = 5


class Change(NamedTuple):
    """A value that differs, in words, with where each side comes from."""

    name: str
    old: str
    new: str
    unit: str
    source_old: str
    source_new: str
    used: bool


@dataclass(frozen=True)
class Step:
    """What switching some names does.

    Attributes
    ----------
    names : tuple of str
        Usually one; several where values only fit together, or where derived values follow.
    effect : float64 (line, year)
        Percentage points of GDP, by component and in total.
    """

    names: tuple[str, ...]
    effect: Float


@dataclass(frozen=True)
class Waterfall:
    """The change of one case, step by step.

    Attributes
    ----------
    old_case, new_case : (basis, scenario)
    years : int64 (year,)
        Years that both runs cover.
    old, new : float64 (line, year)
        Percent of GDP at both ends, as computed now.
    levels : float64 (step + 1, line, year)
        Percent of GDP before the first step and after each.
    steps : list of Step
        In the order in which they were taken.
    changes : list of Change
    """

    old_case: Case
    new_case: Case
    years: Int
    old: Float
    new: Float
    levels: Float
    steps: list[Step]
    changes: list[Change]

    def __repr__(self) -> str:
        a, b = ("/".join(reversed(case)) for case in (self.old_case, self.new_case))
        total = LINES.index(TOTAL)
        return (
            f"Waterfall {a} -> {b}: {len(self.steps)} steps, {self.years[0]}-{self.years[-1]}; total of {self.years[-1]}"
            f" {self.old[total, -1]:.4f} -> {self.new[total, -1]:.4f} percent of GDP"
        )


def pairs(
    a: Mapping[Case, Resolved],
    b: Mapping[Case, Resolved],
    *,
    scenarios: Sequence[str] | None = None,
    bases: Sequence[str] | None = None,
    to_scenario: str | None = None,
    to_basis: str | None = None,
) -> list[tuple[Case, Case]]:
    """Cases to compare: equal ones of both runs, or each chosen case of A with another scenario or basis of B.

    Raises
    ------
    OutputError
        If there is nothing to compare; the message lists what each run has.
    """
    found = []
    for basis, scenario in a:
        if (scenarios and scenario not in scenarios) or (bases and basis not in bases):
            continue
        other = (to_basis or basis, to_scenario or scenario)
        if other in b:
            found.append(((basis, scenario), other))
    if not found:
        said = "; ".join(
            f"{label} has " + ", ".join(f"{scenario}/{basis}" for basis, scenario in cases)
            for label, cases in (("A", a), ("B", b))
        )
        raise OutputError(
            f"no case of A has its counterpart in B: {said}; --to-scenario and --to-basis name another one"
        )
    return found


def changes(old: Resolved, new: Resolved) -> list[Change]:
    """Values that differ between two cases, by name."""
    return [_change(old, new, item) for item in diff(old, new)]


def _change(old: Resolved, new: Resolved, item: Difference) -> Change:
    from assumptions import audit
    from assumptions.units import UNITS

    sides = [audit.summary(side, item.name) if side.has(item.name) else "" for side in (old, new)]
    holder = new if new.has(item.name) else old
    used = any(side.has(item.name) and side.live(item.name)[0] for side in (old, new))
    unit = UNITS[holder.item(item.name).unit].label
    return Change(item.name, sides[0], sides[1], unit, item.source_old, item.source_new, used)


def _upstream(resolved: Resolved, name: str, seen: set[str]) -> set[str]:
    if resolved.has(name):
        derivation = resolved.item(name).derived
        for source in derivation.inputs if derivation is not None else ():
            if source not in seen:
                seen.add(source)
                _upstream(resolved, source, seen)
    return seen


def units(old: Resolved, new: Resolved) -> list[tuple[str, ...]]:
    """Names that differ, alphabetically, each with the derived values that follow it.

    A derived value goes with the last differing name that it is made from.
    """
    names = [item.name for item in diff(old, new)]
    differing = set(names)
    sources = {
        name: (_upstream(old, name, set()) | _upstream(new, name, set())) & differing - {name}
        for name in names
    }
    leaders = [name for name in names if not sources[name]]
    followers: dict[str, list[str]] = {name: [] for name in leaders}
    for name in names:
        of = [leader for leader in leaders if leader in sources[name]]
        if name not in followers:
            followers[of[-1] if of else leaders[-1]].append(name)
    return _with_shared_labels(old, new, [(name, *followers[name]) for name in leaders])


def _with_shared_labels(
    old: Resolved, new: Resolved, found: Sequence[tuple[str, ...]]
) -> list[tuple[str, ...]]:
    """Units whose tables get other labels on the same axis become one, in the place of the last: they only fit together."""

    def relabelled(unit: tuple[str, ...]) -> set[str]:
        axes: set[str] = set()
        for name in unit:
            a, b = (side.value(name) if side.has(name) else None for side in (old, new))
            if isinstance(a, Table) and isinstance(b, Table):
                axes |= {axis for axis in a.axes if a.coords.get(axis) != b.coords.get(axis)}
        return axes

    out: list[tuple[tuple[str, ...], set[str]]] = []
    for unit in found:
        axes = relabelled(unit)
        mates = [item for item in out if item[1] & axes]
        out = [item for item in out if not item[1] & axes]
        joint = tuple(name for item in mates for name in item[0]) + unit
        out.append((joint, axes.union(*(item[1] for item in mates))))
    return [unit for unit, _ in out]


def _states(
    old: Resolved, new: Resolved, ordered: Sequence[tuple[str, ...]]
) -> list[tuple[tuple[str, ...], Resolved]]:
    """States on the way from old to new, each with the names switched since the one before.

    A value that does not fit the others yet waits for the one that it belongs with.
    """
    known = [tuple(name for name in unit if old.has(name) and new.has(name)) for unit in ordered]
    values: dict[str, Any] = {}
    waiting: list[tuple[str, ...]] = []
    states = []
    for unit in filter(None, known):
        for tried in ([unit], [*waiting, unit]):
            wanted = {name: new.value(name) for part in tried for name in part}
            try:
                state = old.with_values({**values, **wanted}, "switched")
            except AssumptionError:
                continue
            values |= wanted
            states.append((tuple(name for part in tried for name in part), state))
            if len(tried) > 1:
                waiting = []
            break
        else:
            waiting.append(unit)
    left = tuple(name for part in waiting for name in part)
    left += tuple(name for unit in ordered for name in unit if not (old.has(name) and new.has(name)))
    if left:
        states.append((left, new))
    elif states:
        # Equal values, and with them equal bits; the new case itself also carries its own sources.
        states[-1] = (states[-1][0], new)
    return states


def shares(resolved: Resolved, years: Int) -> Float:
    """Cost by component and in total in some of the projected years, percent of GDP, float64 (line, year)."""
    result = run_case(resolved)
    share = _PERCENT * result.cost / result.gdp
    total = share[0].copy()
    for n in range(1, len(COMPONENTS)):
        total += share[n]
    rows = np.searchsorted(result.years, years)
    return np.concatenate([share, total[None]])[:, rows]


@dataclass(frozen=True)
class Holders:
    """Acquired rights by a trait of the worker they derive from, on both sides.

    Attributes
    ----------
    kind : {"birth", "sex", "wage"}
        Five birth years, the sex, or equally large groups of wages, the lowest first.
    labels : list of str
    old, new : float64 (label, year)
        Percent of GDP; each sums to the component.
    """

    kind: str
    labels: list[str]
    old: Float
    new: Float


def holders(old: Resolved, new: Resolved, years: Int) -> list[Holders]:
    """Whose acquired rights two cases count, by birth year, sex and wage.

    Cases with different numbers of wage groups are not split by wage.
    """
    from cohorts.careers import wage_groups
    from engine.outputs.dataset import rights_by_level

    results = [run_case(side, detail=True) for side in (old, new)]
    shares = []
    for result in results:
        rows = np.searchsorted(result.years, years)
        shares.append(_PERCENT * rights_by_level(result)[:, rows] / result.gdp[rows])

    def split(kind: str, labels: list[str], places: Sequence[Int]) -> Holders:
        sides = []
        for place, share in zip(places, shares, strict=True):
            out = np.zeros((len(labels), years.size))
            np.add.at(out, place, share)
            sides.append(out)
        return Holders(kind, labels, *sides)

    firsts = np.unique(np.concatenate([result.level_birth // _BIRTHS * _BIRTHS for result in results]))
    births = [np.searchsorted(firsts, result.level_birth // _BIRTHS * _BIRTHS) for result in results]
    found = [
        split("birth", [f"{first}-{first + _BIRTHS - 1}" for first in firsts.tolist()], births),
        split("sex", list(SEXES), [result.level_sex for result in results]),
    ]
    groups = [wage_groups(side) for side in (old, new)]
    if groups[0].size == groups[1].size:
        nearest = [
            np.searchsorted(0.5 * (group[1:] + group[:-1]), result.level_wage)
            for group, result in zip(groups, results, strict=True)
        ]
        found.append(split("wage", [str(n + 1) for n in range(groups[0].size)], nearest))
    return found


def common_years(old: Resolved, new: Resolved) -> Int:
    """Years that both cases project.

    Raises
    ------
    OutputError
        If there is none.
    """
    first = max(int(side.number("reform.first_year")) for side in (old, new))
    last = min(int(side.number("reform.last_year")) for side in (old, new))
    if first > last:
        raise OutputError("the runs have no year in common")
    return np.arange(first, last + 1)


def waterfall(
    old: Resolved,
    new: Resolved,
    *,
    reverse: bool = False,
    workers: int | None = None,
    on_done: Callable[[int], object] | None = None,
) -> Waterfall:
    """Attribute the change from one case to another to the assumptions that differ.

    Parameters
    ----------
    old, new : Resolved
    reverse : bool
        Take the steps from the last name to the first: shows how far the attribution depends on the order.
    workers : int, optional
        Threads; as many as processors by default.
    on_done : callable, optional
        Called with the number of finished projections.

    Returns
    -------
    Waterfall
        Its steps add up to the change.
    """
    ordered = units(old, new)
    if reverse:
        ordered = ordered[::-1]
    steps = _states(old, new, ordered)
    years = common_years(old, new)
    results = _projected([old, *(state for _, state in steps)], years, workers, on_done)
    first = results[0]
    if isinstance(first, AssumptionError):
        raise first
    levels = [first]
    taken: list[tuple[str, ...]] = []
    pending: tuple[str, ...] = ()
    for (names, _), result in zip(steps, results[1:], strict=True):
        pending += names
        if isinstance(result, AssumptionError):
            # Cannot be projected half-way: the step is taken together with the next.
            last_error = result
            continue
        levels.append(result)
        taken.append(pending)
        pending = ()
    if pending:
        raise last_error
    found = [
        Step(names, after - before) for names, before, after in zip(taken, levels, levels[1:], strict=False)
    ]
    return Waterfall(
        old_case=(old.basis, old.scenario),
        new_case=(new.basis, new.scenario),
        years=years,
        old=levels[0],
        new=levels[-1],
        levels=np.stack(levels),
        steps=found,
        changes=changes(old, new),
    )


def _projected(
    states: Sequence[Resolved],
    years: Int,
    workers: int | None,
    on_done: Callable[[int], object] | None,
) -> list[Float | AssumptionError]:
    done = 0

    def one(state: Resolved) -> Float | AssumptionError:
        nonlocal done
        try:
            found: Float | AssumptionError = shares(state, years)
        except AssumptionError as error:
            found = error
        except (IndexError, KeyError, ValueError) as error:
            # Tables that only fit together may meet half-switched, where no check of the input foresees it.
            found = AssumptionError([Fault("", "", f"{type(error).__name__}: {error}")])
        done += 1
        if on_done is not None:
            on_done(done)
        return found

    with ThreadPoolExecutor(max_workers=workers or default_workers()) as pool:
        return list(pool.map(one, states))


# running again -----------------------------------------------------------------------------------------------------


class Moved(NamedTuple):
    """A variable that came out otherwise: largest absolute difference, and where."""

    variable: str
    cells: int
    largest: float
    units: str
    where: str


@dataclass(frozen=True)
class Rerun:
    """What running a file's own input again gives.

    Attributes
    ----------
    dataset : xarray.Dataset
        The new results.
    moved : list of Moved
        Empty when every number is the same, bit for bit.
    program : list of (str, str, str)
        What identifies the program, then and now, where it differs.
    data : dict
        Case -> names whose shipped values differ from the recorded ones, leaving aside what the user had set.
    """

    dataset: xr.Dataset
    moved: list[Moved]
    program: list[tuple[str, str, str]]
    data: dict[Case, list[str]]

    @property
    def same(self) -> bool:
        """Whether every number came out bit for bit."""
        return not self.moved


def rerun(
    dataset: xr.Dataset, *, workers: int | None = None, on_done: Callable[[int], object] | None = None
) -> Rerun:
    """Project again from the input that a run carries, and compare bit for bit.

    Parameters
    ----------
    dataset : xarray.Dataset
        As read by :func:`engine.outputs.netcdf.read`.
    workers : int, optional
    on_done : callable, optional
    """
    from engine.outputs.dataset import project_resolved

    if selection.ATTRIBUTE in dataset.attrs:
        raise OutputError(f"the file is a {selection.describe_run(dataset)}; rerun the run itself")
    inputs = export.runnable_inputs(dataset)
    fresh = project_resolved(list(inputs.values()), workers=workers, on_done=on_done)
    program = [
        (key, str(dataset.attrs.get(key, "")), str(fresh.attrs.get(key, "")))
        for key in ("source", "code_sha256")
        if dataset.attrs.get(key) != fresh.attrs.get(key)
    ]
    return Rerun(fresh, moved(dataset, fresh), program, _shipped_differences(inputs))


def moved(old: xr.Dataset, new: xr.Dataset) -> list[Moved]:
    """Variables whose numbers or labels are not the same bit for bit; NaN equals NaN."""
    found = []
    for name in map(str, old.variables):
        if name == export.INPUT:
            continue
        before = old[name]
        if name not in new.variables or before.shape != new[name].shape:
            found.append(Moved(name, before.size, float("nan"), "", "is missing or has another shape now"))
            continue
        a, b = before.values, new[name].values
        if a.dtype.kind != "f":
            different = a != b
            gap = np.zeros(a.shape)
        else:
            different = ~((a.view(np.int64) == b.view(np.int64)) | (np.isnan(a) & np.isnan(b)))
            gap = np.where(different, np.abs(np.nan_to_num(a) - np.nan_to_num(b)), 0.0)
        if different.any():
            spot = np.unravel_index(int(np.argmax(gap if gap.any() else different)), a.shape)
            where = ", ".join(
                str(before[dim].values[place]) for dim, place in zip(before.dims, spot, strict=True)
            )
            found.append(Moved(name, int(different.sum()), float(gap.max()), export.units_of(before), where))
    return found


def _shipped_differences(inputs: Mapping[Case, Resolved]) -> dict[Case, list[str]]:
    """Names whose shipped values are no longer the recorded ones, what the user had set left aside."""
    from assumptions import load

    found = {}
    for (basis, scenario), recorded in inputs.items():
        try:
            now = load(scenario).resolve(basis)
            mine = {name: recorded.value(name) for name in recorded.user_set if now.has(name)}
            now = now.with_values(mine) if mine else now
        except AssumptionError:
            # A scenario of the user's own, or values that no longer fit: there is nothing to compare with.
            continue
        names = [item.name for item in diff(recorded, now)]
        if names:
            found[basis, scenario] = names
    return found


def program_now() -> str:
    """The program that runs, in words."""
    commit = provenance.commit()
    return f"annexv {provenance.version()}" + (f", commit {commit[:12]}" if commit else "")


__all__ = [
    "LINES",
    "Change",
    "Holders",
    "Moved",
    "Rerun",
    "Step",
    "Waterfall",
    "changes",
    "common_years",
    "holders",
    "moved",
    "pairs",
    "program_now",
    "rerun",
    "shares",
    "units",
    "waterfall",
]
