"""Free parameters: between a vector that an optimiser moves and values of named assumptions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Fault, Parameter, Resolved
from assumptions.model import Table, Value
from assumptions.timeline import DatedPath
from engine.calibrate.plan import FreeEntry

Float = NDArray[np.float64]

_NUMERIC: Final = ("number", "path", "table")
# Like whole numbers: no small change means anything.
_COUNTED: Final = ("calendar_year", "groups")
_MOST_CELLS: Final = 40
_LEAST_SMOOTH: Final = 3  # cells; fewer have no curvature
_DECADE: Final = 10.0
# Without a plan's own step, a change worth noticing is this part of the range.
_STEP_OF_RANGE: Final = 0.1


@dataclass(frozen=True)
class Free:
    """One name and the cells of it that move.

    Attributes
    ----------
    name : str
    entry : FreeEntry
    labels : tuple of str
        One for each moving cell; empty text for a number.
    places : int64 (cell,)
        Positions of the moving cells in the flattened value.
    abscissa : float64 (all cells,)
        Labels of a table's one axis as numbers, for the curvature; empty otherwise.
    """

    name: str
    entry: FreeEntry
    labels: tuple[str, ...]
    places: NDArray[np.int64]
    abscissa: Float

    @property
    def size(self) -> int:
        """Number of moving cells."""
        return len(self.labels)

    @property
    def titles(self) -> tuple[str, ...]:
        """Name and cell, as people read them."""
        return tuple(f"{self.name}[{label}]" if label else self.name for label in self.labels)

    def encode(self, values: Float) -> Float:
        """From values of cells to the optimiser's coordinates."""
        return np.log(values) if self.entry.transform == "log" else values

    def decode(self, x: Float) -> Float:
        """From the optimiser's coordinates to values of cells."""
        return np.exp(x) if self.entry.transform == "log" else x

    def read(self, resolved: Resolved) -> Float:
        """Values of the moving cells as they stand, float64 (cell,); of a shape, its nearest parameters."""
        if self.entry.shape == "quadratic":
            return np.asarray(
                np.linalg.lstsq(self._basis(), np.log(_flat(resolved, self.name)), rcond=None)[0]
            )
        return _flat(resolved, self.name)[self.places]

    def write(self, resolved: Resolved, values: Float) -> Any:
        """The whole value with other moving cells, as ``Resolved.with_values`` takes it."""
        flat = _flat(resolved, self.name).copy()
        if self.entry.shape == "quadratic":
            unit = resolved.item(self.name).bounds or (0.0, np.inf)
            flat = np.clip(np.exp(self._basis() @ values), *unit)
        else:
            flat[self.places] = values
        old = resolved.value(self.name)
        if isinstance(old, DatedPath):
            return DatedPath(old.years.tolist(), flat.tolist(), old.rule)
        return float(flat[0]) if resolved.item(self.name).kind == "number" else flat.reshape(old.values.shape)

    def _basis(self) -> Float:
        decades = (self.abscissa - float(self.entry.fixed[0])) / _DECADE
        return np.stack([decades, decades**2], axis=1)

    def cold(self, resolved: Resolved) -> Float:
        """Where a start that knows nothing of the committed values begins, float64 (cell,)."""
        if self.entry.cold is None:
            return self.read(resolved)
        given = np.atleast_1d(np.asarray(self.entry.cold, dtype=np.float64))
        if given.size == 1:
            return np.full(self.size, given[0])
        if self.entry.shape == "quadratic" and given.size == self.size:
            return given
        whole = _flat(resolved, self.name)
        if given.size != whole.size:
            raise AssumptionError(
                [Fault("", self.name, f"cold has {given.size} numbers; one or {whole.size} are allowed")]
            )
        return given[self.places]

    def curvature(self, resolved: Resolved, values: Float) -> Float:
        """Second derivative of the log over the axis times the root of the interval, float64 (inner cell,).

        Its squares sum to the integral of the squared second derivative, which hardly depends on where the knots lie.
        """
        if not self.entry.smooth:
            return np.zeros(0)
        flat = _flat(resolved, self.name).copy()
        flat[self.places] = values
        interval = np.diff(self.abscissa)
        width = 0.5 * (self.abscissa[2:] - self.abscissa[:-2])
        return np.asarray(np.diff(np.diff(np.log(flat)) / interval) / width * np.sqrt(width))


def _flat(resolved: Resolved, name: str) -> Float:
    value = resolved.value(name)
    if isinstance(value, float):
        return np.array([value])
    return np.asarray(value.values, dtype=np.float64).ravel()


def entries_for(
    names: Sequence[str], planned: Iterable[FreeEntry], resolved: Resolved
) -> tuple[FreeEntry, ...]:
    """Entries of the names: the plan's own, or one made from the assumption's range.

    Raises
    ------
    AssumptionError
        For every name that is unknown, no number, a rule of the law, derived, or without effect in this basis.
    """
    known = {entry.name: entry for entry in planned}
    faults: list[Fault] = []
    found: list[FreeEntry] = []
    for name in dict.fromkeys(names):
        fault = _refusal(resolved, name)
        if fault is not None:
            faults.append(fault)
        elif name in known:
            found.append(known[name])
        else:
            made = _from_range(resolved, name)
            if isinstance(made, Fault):
                faults.append(made)
            else:
                found.append(made)
    if faults:
        raise AssumptionError(faults)
    return tuple(found)


def _refusal(resolved: Resolved, name: str) -> Fault | None:
    """Why a name cannot be freed; None where it can."""
    try:
        item = resolved.item(name)
    except AssumptionError as error:
        return Fault("--free", name, error.faults[0].message)
    if item.kind not in _NUMERIC:
        return Fault("--free", name, f"is a {item.kind}; numbers, paths and tables can be fitted")
    if item.status == "statute":
        return Fault(
            "--free", name, f"is a rule of the law ({item.source}, {item.locator}); no fit may change it"
        )
    if item.derived is not None:
        return Fault("--free", name, f"is derived from {', '.join(item.derived.inputs)}; free one of these")
    if item.whole or item.unit in _COUNTED:
        return Fault("--free", name, f"is counted ({item.unit}); it has no small changes to fit")
    alive, reason = resolved.live(name)
    if not alive:
        return Fault("--free", name, f"has no effect in the {resolved.basis} basis: {reason}")
    return None


def _from_range(resolved: Resolved, name: str) -> FreeEntry | Fault:
    item: Parameter = resolved.item(name)
    if item.range is None or item.range[0] == item.range[1]:
        return Fault(
            "--free", name, "has no range to fit in; give lower, upper and step in a [[free]] of --targets"
        )
    flat = _flat(resolved, name)
    if flat.size > _MOST_CELLS:
        said = f"has {flat.size} cells, at most {_MOST_CELLS} can be freed; list a coarser name"
        return Fault("--free", name, said)
    low, high = item.range
    mode = item.range_of or ("value" if item.kind == "number" else "scale")
    if mode == "scale":
        low, high = low * float(flat.min()), high * float(flat.max())
    elif mode == "shift":
        low, high = low + float(flat.min()), high + float(flat.max())
    if item.scaling is not None:
        low, high = max(low, 0.0), min(high, 1.0)  # a scaled probability is held there
    if not low < high:
        return Fault(
            "--free", name, "is 0 in all cells; give lower, upper and step in a [[free]] of --targets"
        )
    return FreeEntry(name=name, lower=low, upper=high, step=_STEP_OF_RANGE * (high - low))


def build(entries: Sequence[FreeEntry], resolved: Resolved) -> tuple[Free, ...]:
    """Cells of the entries in a resolved pack.

    Raises
    ------
    AssumptionError
        For names that cannot be freed, fixed labels that do not exist, and values outside the bounds.
    """
    faults = [fault for entry in entries if (fault := _refusal(resolved, entry.name)) is not None]
    if faults:
        raise AssumptionError(faults)
    found = [_built(entry, resolved) for entry in entries]
    faults = [
        Fault("free", item.name, said)
        for item, said in zip(entries, found, strict=True)
        if isinstance(said, str)
    ]
    if faults:
        raise AssumptionError(faults)
    return tuple(free for free in found if isinstance(free, Free))


def _built(entry: FreeEntry, resolved: Resolved) -> Free | str:
    """The cells of one entry, or what is wrong with it."""
    labels, abscissa = _labels(resolved.value(entry.name))
    if entry.smooth and (abscissa.size < _LEAST_SMOOTH or entry.transform != "log"):
        return "smooth is for a table over one axis of numbers, with transform log"
    if entry.shape == "quadratic":
        if abscissa.size < _LEAST_SMOOTH:
            return "shape quadratic is for a table over one axis of numbers"
        return Free(entry.name, entry, ("slope", "bend"), np.zeros(0, dtype=np.int64), abscissa)
    absent = [label for label in entry.fixed if label not in labels]
    if absent:
        return f"fixed {', '.join(map(str, absent))}: no such label"
    places = [n for n, label in enumerate(labels) if label not in entry.fixed]
    named = tuple(str(labels[n]) for n in places)
    free = Free(entry.name, entry, named, np.asarray(places, dtype=np.int64), abscissa)
    values = free.read(resolved)
    outside = (values < entry.lower) | (values > entry.upper)
    if outside.any():
        return f"stands at {values[outside][0]:g}, outside {entry.lower:g} to {entry.upper:g}"
    return free


def _labels(value: Value) -> tuple[list[int | str], NDArray[np.float64]]:
    """Labels of a value's cells, and their places on an axis of numbers, empty where there is no single one."""
    if isinstance(value, DatedPath):
        return ["" if len(value.years) == 1 else int(year) for year in value.years], np.zeros(0)
    if not isinstance(value, Table):
        return [""], np.zeros(0)
    axes = [value.coords[axis] for axis in value.axes]
    labels: list[int | str] = (
        list(axes[0]) if len(axes) == 1 else [" ".join(map(str, c)) for c in product(*axes)]
    )
    numbers = len(axes) == 1 and all(isinstance(label, int) for label in axes[0])
    abscissa = np.asarray(axes[0], dtype=np.float64) if numbers else np.zeros(0)
    return labels if len(labels) > 1 else [""], abscissa


__all__ = ["Free", "build", "entries_for"]
