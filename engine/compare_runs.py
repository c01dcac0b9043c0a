"""Two runs side by side: which assumptions differ, what that does, and which assumption does how much of it.

The change is attributed by :mod:`engine.attribution`: the steps add up to the whole change and depend on no order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved, Table, diff
from cohorts.axes import SEXES
from engine import attribution
from engine.outputs import OutputError, export, inputs, provenance, selection
from engine.outputs.tables import TOTAL
from engine.projection import COMPONENTS, run_case
from engine.shares import percent_of_gdp

if TYPE_CHECKING:
    from assumptions.scenarios import Difference

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Case = tuple[str, str]

LINES: Final = (*COMPONENTS, TOTAL)
_NAN: Final = float("nan")
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
    error : float64 (line, year)
        Standard error of the effect; 0 where every combination was projected.
    """

    names: tuple[str, ...]
    effect: Float
    error: Float


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
        Percent of GDP at the old end, and with the effects of the steps added one by one.
    steps : list of Step
        The largest in total first.
    changes : list of Change
    orders : int
        Orders of switching that were drawn; 0 where every combination was projected.
    """

    old_case: Case
    new_case: Case
    years: Int
    old: Float
    new: Float
    levels: Float
    steps: list[Step]
    changes: list[Change]
    orders: int

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


def shares(resolved: Resolved, years: Int) -> Float:
    """Cost by component and in total in some of the projected years, percent of GDP, float64 (line, year)."""
    result = run_case(resolved)
    share = percent_of_gdp(result.cost, result.gdp)
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
        shares.append(percent_of_gdp(rights_by_level(result)[:, rows], result.gdp[rows]))

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
    workers: int | None = None,
    on_done: Callable[[int], object] | None = None,
) -> Waterfall:
    """Attribute the change from one case to another to the assumptions that differ.

    Parameters
    ----------
    old, new : Resolved
    workers : int, optional
        Threads; as many as processors by default.
    on_done : callable, optional
        Called with the number of finished projections.

    Returns
    -------
    Waterfall
        Its steps add up to the change.
    """
    years = common_years(old, new)
    ordered = units(old, new)
    known = [tuple(name for name in unit if old.has(name) and new.has(name)) for unit in ordered]
    found = attribution.attribute(
        old,
        new,
        [unit for unit in known if unit],
        lambda resolved: shares(resolved, years),
        workers=workers,
        on_done=on_done,
    )
    # Names that one side alone knows cannot be switched; they go with the case that has them.
    left = [name for unit in ordered for name in unit if not (old.has(name) and new.has(name))]
    steps = [
        Step(tuple(unit) + (tuple(left) if at == 0 else ()), effect, error)
        for at, (unit, effect, error) in enumerate(zip(found.units, found.effects, found.errors, strict=True))
    ]
    total = LINES.index(TOTAL)
    steps.sort(key=lambda step: -float(np.abs(step.effect[total]).max(initial=0.0)))
    before, after = shares(old, years), shares(new, years)
    levels = [before]
    for step in steps:
        levels.append(levels[-1] + step.effect)
    if steps:
        levels[-1] = after
    return Waterfall(
        old_case=(old.basis, old.scenario),
        new_case=(new.basis, new.scenario),
        years=years,
        old=before,
        new=after,
        levels=np.stack(levels),
        steps=steps,
        changes=changes(old, new),
        orders=found.orders,
    )


def apart(dataset: xr.Dataset, case: inputs.Case, years: Int, costs: Float) -> float:
    """How far the costs of a run file are from those computed of its input, percentage points of GDP; 0 within rounding.

    Parameters
    ----------
    case : tuple of str
        Basis and scenario.
    years : int64 (year,)
    costs : float64 (line, year)
        As of :func:`shares`.
    """
    at = dataset.sel(basis=case[0], scenario=case[1], year=years)
    said = np.concatenate([at.fiscal_cost.values, at.fiscal_cost_total.values[None]])
    far = float(np.abs(said - costs).max(initial=0.0))
    return far if far > ROUNDING * float(np.abs(costs).max(initial=0.0)) else 0.0


# running again -----------------------------------------------------------------------------------------------------

ROUNDING: Final = 1e-12
"""Of the largest number of its series: what another order of the same operations may move.

A double holds 16 digits (2.2e-16 of a number); a cost is a sum of some ten thousand products of thirty or so factors.
Rounding in another order moves it by some 1e-14 of itself. A changed rule or value moves something by far more.
"""
SAME_BITS: Final = "same bits"
SAME_TO_ROUNDING: Final = "same to rounding"
DIFFERENT: Final = "different"


class Moved(NamedTuple):
    """A variable that came out otherwise.

    Attributes
    ----------
    cells, of : int
        Numbers that differ, of how many.
    largest, relative : float
        Largest difference, in ``units`` and as a share of the largest number of its series; NaN where they are no numbers.
    where : str
        Labels of the largest difference.
    rounding : bool
        Whether no difference exceeds :data:`ROUNDING`.
    """

    variable: str
    cells: int
    of: int
    largest: float
    relative: float
    units: str
    where: str
    rounding: bool


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
    environment : (str, str)
        What rounds, then and now: versions of Python and of the packages that compute, and the processor.
    data : dict
        Case -> names whose shipped values differ from the recorded ones, leaving aside what the user had set.
    """

    dataset: xr.Dataset
    moved: list[Moved]
    program: list[tuple[str, str, str]]
    environment: tuple[str, str]
    data: dict[Case, list[str]]

    @property
    def same(self) -> bool:
        """Whether every number came out bit for bit."""
        return not self.moved

    @property
    def verdict(self) -> str:
        """:data:`SAME_BITS`, :data:`SAME_TO_ROUNDING` or :data:`DIFFERENT`."""
        if self.same:
            return SAME_BITS
        return SAME_TO_ROUNDING if all(item.rounding for item in self.moved) else DIFFERENT

    @property
    def numbers(self) -> int:
        """Numbers that were compared."""
        return sum(item.size for item in self.dataset.data_vars.values() if item.dtype.kind in "fi")


def rerun(
    dataset: xr.Dataset,
    *,
    tables: Sequence[str] = (),
    workers: int | None = None,
    on_done: Callable[[int], object] | None = None,
) -> Rerun:
    """Project again from the input that a run carries, and compare number by number.

    Parameters
    ----------
    dataset : xarray.Dataset
        As read by :func:`engine.outputs.netcdf.read`.
    tables : sequence of str
        Tables that the run does not hold, as ``NAME=FILE`` or ``FILE``.
    workers : int, optional
    on_done : callable, optional

    Raises
    ------
    AssumptionError
        If a table is missing or has other bytes than the run's.
    """
    from engine.outputs.dataset import project_resolved

    if selection.ATTRIBUTE in dataset.attrs:
        raise OutputError(f"the file is a {selection.describe_run(dataset)}; rerun the run itself")
    held = any(
        table.content is not None
        for resolved in inputs.resolved_inputs(dataset).values()
        for table in resolved.attached.values()
    )
    found = inputs.runnable_inputs(dataset, tables)
    fresh = project_resolved(list(found.values()), workers=workers, on_done=on_done, embed_tables=held)
    program = [
        (key, str(dataset.attrs.get(key, "")), str(fresh.attrs.get(key, "")))
        for key in ("source", "code_sha256")
        if dataset.attrs.get(key) != fresh.attrs.get(key)
    ]
    environment = (str(dataset.attrs.get("environment", "")), str(fresh.attrs["environment"]))
    return Rerun(fresh, moved(dataset, fresh), program, environment, _shipped_differences(found))


def moved(old: xr.Dataset, new: xr.Dataset) -> list[Moved]:
    """Variables whose numbers or labels are not the same bit for bit; NaN equals NaN."""
    found = []
    for name in map(str, old.variables):
        if name == inputs.INPUT:
            continue
        before = old[name]
        if name not in new.variables or before.shape != new[name].shape:
            said = "is missing or has another shape now"
            found.append(Moved(name, before.size, before.size, _NAN, _NAN, "", said, False))
            continue
        a, b = before.values, new[name].values
        if a.dtype.kind == "f" and b.dtype.kind == "f":
            different = ~((a.view(np.int64) == b.view(np.int64)) | (np.isnan(a) & np.isnan(b)))
            gap, share = _gaps(a, b, different)
        else:
            different = np.asarray(a != b)
            gap = share = np.where(different, _NAN, 0.0)
        if different.any():
            spot = np.unravel_index(
                int(np.argmax(np.where(different, np.nan_to_num(share, nan=np.inf), -1.0))), a.shape
            )
            where = ", ".join(
                str(before[dim].values[place]) for dim, place in zip(before.dims, spot, strict=True)
            )
            found.append(
                Moved(
                    name,
                    int(different.sum()),
                    before.size,
                    float(gap[different].max()),
                    float(share[different].max()),
                    export.units_of(before),
                    where,
                    bool((share[different] <= ROUNDING).all()),
                )
            )
    return found


def _gaps(a: Float, b: Float, different: NDArray[np.bool_]) -> tuple[Float, Float]:
    """Differences, and the same as shares of the largest number of their series (the last axis)."""
    with np.errstate(invalid="ignore", over="ignore"):
        gap = np.where(different, np.abs(a - b), 0.0)
    sizes = np.fmax(np.abs(a), np.abs(b))
    largest = np.nan_to_num(sizes, nan=0.0).max(axis=-1, keepdims=True, initial=0.0) if a.ndim else sizes
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(gap > 0.0, gap / largest, np.where(np.isnan(gap), _NAN, 0.0))
    return gap, share


def _shipped_differences(recorded_inputs: Mapping[Case, Resolved]) -> dict[Case, list[str]]:
    """Names whose shipped values are no longer the recorded ones, what the user had set left aside."""
    from assumptions import load

    found = {}
    for (basis, scenario), recorded in recorded_inputs.items():
        try:
            now = load(scenario).resolve(basis)
            mine = {name: recorded.given(name) for name in recorded.user_set if now.has(name)}
            now = now.with_values(mine) if mine else now
        except AssumptionError:
            # A scenario of the user's own, or values that no longer fit: there is nothing to compare with.
            continue
        # Derived values follow those that they are derived from, and another numpy may round them otherwise.
        names = [
            item.name
            for item in diff(recorded, now)
            if not (now.has(item.name) and now.item(item.name).derived is not None)
        ]
        if names:
            found[basis, scenario] = names
    return found


def program_now() -> str:
    """The program that runs, in words."""
    commit = provenance.commit()
    return f"annexv {provenance.version()}" + (f", commit {commit[:12]}" if commit else "")


__all__ = [
    "DIFFERENT",
    "LINES",
    "ROUNDING",
    "SAME_BITS",
    "SAME_TO_ROUNDING",
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
