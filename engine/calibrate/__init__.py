"""Fits effective parameters of the published basis to the printed tables; offline, and never part of a projection.

A fit writes a proposal, an overlay with its provenance; a person commits it. Rules of the law are never fitted, and columns
that are held out are never seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved, load
from engine.calibrate import fit, free, identify, plan, proposal
from engine.calibrate.objective import Objective, costs, figures, lean
from engine.calibrate.plan import Column, Plan
from engine.projection import run_case

Float = NDArray[np.float64]

BASIS: Final = "published"
# What the lean projection of a fit may differ from the full one, percentage points of GDP: rounding alone.
_SAME: Final = 1e-9


@dataclass(frozen=True)
class Accuracy:
    """One fitted column: largest and RMS difference with the proposed values, percentage points of GDP."""

    column: Column
    largest: float
    rms: float

    @property
    def reached(self) -> bool:
        """Whether both targets are met."""
        return self.largest <= self.column.largest and self.rms <= self.column.rms


@dataclass(frozen=True)
class Moved:
    """One free cell: where it stood, what is proposed, between which bounds, and its standard error in units of its step."""

    title: str
    before: float
    after: float
    lower: float
    upper: float
    error: float
    step: float
    log: bool


@dataclass(frozen=True)
class Calibration:
    """A fit: proposed values and how they came about.

    Attributes
    ----------
    plan : Plan
    values : mapping of str to float, array or DatedPath
        Proposed whole values by name, rounded to five significant digits.
    moved : tuple of Moved
    accuracy : tuple of Accuracy
        Of the rounded values.
    before, after : float
        Objective at the values that stood and at the solution.
    starts : tuple of Start
    chosen : int
        Position of the start whose end is proposed.
    at_bounds : tuple of str
    identification : Identification
    """

    plan: Plan
    values: Mapping[str, Any]
    moved: tuple[Moved, ...]
    accuracy: tuple[Accuracy, ...]
    before: float
    after: float
    starts: tuple[fit.Start, ...]
    chosen: int
    at_bounds: tuple[str, ...]
    identification: identify.Identification

    @property
    def reached(self) -> bool:
        """Whether every fitted column meets its targets."""
        return all(item.reached for item in self.accuracy)


def cases(
    plan_: Plan, overlays: Sequence[str | Path] = (), sets: Mapping[str, Any] | None = None
) -> dict[str, Resolved]:
    """Resolved packs of the plan's scenarios on the published basis."""
    return {code: load(code, overlays=overlays, sets=sets).resolve(BASIS) for code in plan_.scenarios}


def with_settings(plan_: Plan, **changes: Any) -> Plan:
    """The plan with other settings; None leaves one as it is."""
    given = {name: value for name, value in changes.items() if value is not None}
    settings = plan.Settings.model_validate({**plan_.settings.model_dump(), **given})
    return Plan(settings, plan_.columns, plan_.free, plan_.files)


def calibrate(
    plan_: Plan,
    packs: Mapping[str, Resolved],
    names: Sequence[str] = (),
    *,
    workers: int = 1,
    on_step: Callable[[int, int, float], object] | None = None,
) -> Calibration:
    """Fit the plan's free parameters, or the named ones, to its columns.

    Parameters
    ----------
    plan_ : Plan
    packs : mapping of str to Resolved
        As :func:`cases` gives them.
    names : sequence of str
        Names to free instead of the plan's.
    workers : int
        Threads; the result does not depend on their number.
    on_step : callable, optional
        Called with the start's number, its iterations so far and the objective's value.

    Raises
    ------
    AssumptionError
        If a name is a rule of the law, is derived, or has no effect in the published basis.
    """
    first = next(iter(packs.values()))
    entries = free.entries_for(names, plan_.free, first) if names else plan_.free
    parameters = free.build(entries, first)
    objective = Objective(packs, plan_.columns, parameters, plan_.settings)
    starts = fit.run(objective, workers=workers, on_step=on_step)
    best = fit.best(starts)
    values = {name: proposal.rounded(value) for name, value in objective.values(best.z).items()}
    accuracy = measure(plan_.columns, {code: case.with_values(values) for code, case in packs.items()})
    identification = identify.identify(objective, best.z)
    here = objective.residuals(np.zeros(best.z.size))
    cells = np.concatenate(objective.cells(best.z))
    before = np.concatenate([f.read(first) for f in parameters])
    moved = []
    place = 0
    for f in parameters:
        for title in f.titles:
            moved.append(
                Moved(
                    title,
                    float(before[place]),
                    proposal.rounded(float(cells[place])),
                    f.entry.lower,
                    f.entry.upper,
                    float(identification.error[place]),
                    f.entry.step,
                    f.entry.transform == "log",
                )
            )
            place += 1
    return Calibration(
        plan=plan_,
        values=values,
        moved=tuple(moved),
        accuracy=tuple(accuracy),
        before=float(here @ here),
        after=best.ended,
        starts=tuple(starts),
        chosen=starts.index(best),
        at_bounds=tuple(fit.at_bounds(objective, best.z)),
        identification=identification,
    )


def measure(columns: Sequence[Column], packs: Mapping[str, Resolved]) -> list[Accuracy]:
    """Accuracy of packs, by the full projection that users run.

    Raises
    ------
    RuntimeError
        If the lean projection of a fit differs from it: a defect of the program.
    """
    found: dict[int, Accuracy] = {}
    for code, case in packs.items():
        mine = [n for n, column in enumerate(columns) if column.scenario == code]
        wanted = [columns[n] for n in mine]
        full = figures(case, run_case(case), wanted)
        small = lean(case)
        quick = figures(small, run_case(small), wanted)
        for n, series, other in zip(mine, full, quick, strict=True):
            if np.abs(series - other).max(initial=0.0) > _SAME:
                raise RuntimeError(f"the fit projects {columns[n].label} unlike the projection itself")
            e = series - columns[n].printed
            found[n] = Accuracy(columns[n], float(np.abs(e).max()), float(np.sqrt((e**2).mean())))
    return [found[n] for n in range(len(columns))]


__all__ = [
    "BASIS",
    "Accuracy",
    "Calibration",
    "Moved",
    "calibrate",
    "cases",
    "costs",
    "measure",
    "with_settings",
]
