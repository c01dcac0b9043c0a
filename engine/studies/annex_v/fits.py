"""Fits made to judge a fit: other smoothing, fewer parameters, other mechanisms. They take minutes and are kept as a file.

Series A is projected with each of them and never fitted: how far it moves shows what its printed figures can judge.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Fault, Resolved, load
from assumptions.spreadsheet import Writer
from engine.calibrate import BASIS, calibrate, cases, measure, plan, with_settings
from engine.calibrate.free import build
from engine.calibrate.objective import Objective
from engine.calibrate.plan import FreeEntry, Plan
from engine.projection import ACQUIRED_RIGHTS, run_case
from engine.shares import percent_of_gdp

Float = NDArray[np.float64]

AGES: Final = "population.age_density"
SMOOTHING, PROFILE, REFIT = "smoothing", "two parameters", "refit"
STARTS, HAZARDS = "starts", "hazards"
# Factors on the plan's penalty.
FACTORS: Final = (0.02, 0.1, 0.4, 1.0, 4.0, 20.0, 100.0)
REFITTED: Final = ("1B", "3B", "4B")
_REFIT_ITERATIONS: Final = 15
_REFIT_FREE: Final = (AGES, "retirement.first_year_factor")
_HEADER: Final = ("study", "case", "quantity", "place", "value")


@dataclass(frozen=True)
class Alternative:
    """Another mechanism for scenarios 1, 2 and 4: the switches that make it, and the column by which it is told."""

    key: str
    title: str
    switches: Mapping[str, str]


ALTERNATIVES: Final = (
    Alternative(
        "balance_first", "balance first, then the State (the text)", {"basis.infonavit_offset": "balance"}
    ),
    Alternative(
        "share",
        "the State pays a fixed share of every payment",
        {"basis.infonavit_offset": "balance", "basis.recognition": "share"},
    ),
    Alternative(
        "capital",
        "the State pays the shortfall as capital at award",
        {"basis.infonavit_offset": "balance", "basis.recognition": "capital"},
    ),
    Alternative(
        "whole_career",
        "accounts of the whole career, balance first",
        {"basis.infonavit_offset": "balance", "basis.account_history": "whole_career"},
    ),
    Alternative(
        "whole_career_share",
        "accounts of the whole career, fixed share",
        {
            "basis.infonavit_offset": "balance",
            "basis.account_history": "whole_career",
            "basis.recognition": "share",
        },
    ),
    Alternative(
        "pooled_contributions",
        "INFONAVIT contributions of the year pay first",
        {"basis.infonavit_offset": "pooled_contributions"},
    ),
)


@dataclass(frozen=True)
class Figure:
    """One number of a study; ``place`` is a year, an age or a column where there are several of a quantity."""

    study: str
    case: str
    quantity: str
    place: str
    value: float


class Studies:
    """Numbers of all studies."""

    def __init__(self, figures: Sequence[Figure]) -> None:
        self.figures = tuple(figures)
        self._by_key = {(f.study, f.case, f.quantity, f.place): f.value for f in figures}

    def get(self, study: str, case: str, quantity: str, place: str | int = "") -> float:
        """One number."""
        return self._by_key[(study, case, quantity, str(place))]

    def cases(self, study: str) -> tuple[str, ...]:
        """Cases of a study, in order."""
        return tuple(dict.fromkeys(f.case for f in self.figures if f.study == study))

    def series(self, study: str, case: str, quantity: str) -> tuple[NDArray[np.int64], Float]:
        """Years or ages, and the numbers there."""
        found = [f for f in self.figures if (f.study, f.case, f.quantity) == (study, case, quantity)]
        return np.array([int(f.place) for f in found]), np.array([f.value for f in found])

    def as_csv(self) -> str:
        """One line a number, six significant digits."""
        stream = io.StringIO()
        writer = Writer(stream)
        writer.writerow(_HEADER)
        writer.writerows((f.study, f.case, f.quantity, f.place, f"{f.value:.6g}") for f in self.figures)
        return stream.getvalue()


def read(text: str, file: str) -> Studies:
    """The inverse of :meth:`Studies.as_csv`.

    Raises
    ------
    AssumptionError
        If the text is no such table.
    """
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or tuple(rows[0]) != _HEADER:
        raise AssumptionError([Fault(file, "line 1", f"needs the columns {', '.join(_HEADER)}")])
    found = []
    for line, row in enumerate(rows[1:], start=2):
        try:
            study, case, quantity, place, value = row
            found.append(Figure(study, case, quantity, place, float(value)))
        except ValueError:
            raise AssumptionError(
                [Fault(file, f"line {line}", "needs five cells, the last a number")]
            ) from None
    return Studies(found)


def make(*, workers: int = 1, on_done: Callable[[int], object] | None = None) -> Studies:
    """Run all studies; some minutes.

    Parameters
    ----------
    workers : int
        Threads; the result does not depend on their number.
    on_done : callable, optional
        Called with the number of finished studies, out of :data:`COUNT`.
    """
    shipped = plan.read()
    jobs: list[Callable[[], list[Figure]]] = [
        lambda: all_starts(shipped),
        lambda: with_hazards(shipped),
        *((lambda f=f: smoothing(shipped, f * shipped.settings.penalty)) for f in FACTORS),
        lambda: two_parameters(shipped),
        *((lambda a=a: refit(shipped, a)) for a in ALTERNATIVES),
    ]
    done = 0

    def finished(_: object) -> None:
        nonlocal done
        done += 1
        if on_done is not None:
            on_done(done)

    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        futures = [pool.submit(job) for job in jobs]
        for future in futures:
            future.add_done_callback(finished)
        return Studies([figure for future in futures for figure in future.result()])


COUNT: Final = len(FACTORS) + 3 + len(ALTERNATIVES)


def all_starts(shipped: Plan) -> list[Figure]:
    """The plan's fit from all its starts: where each ends, and how far the figures of 3B then lie apart."""
    packs = cases(shipped)
    found = calibrate(shipped, packs)
    figures = []
    for n, start in enumerate(found.starts, start=1):
        figures.append(Figure(STARTS, str(n), "objective before", start.kind, start.began))
        figures.append(Figure(STARTS, str(n), "objective", start.kind, start.ended))
    first = next(iter(packs.values()))
    objective = Objective(packs, shipped.columns, build(shipped.free, first), shipped.settings)
    ends = [np.concatenate(objective.differences(start.z)) for start in found.starts]
    apart = max(float(np.abs(end - ends[0]).max()) for end in ends)
    return [*figures, Figure(STARTS, "all", "apart", "", apart)]


def with_hazards(shipped: Plan) -> list[Figure]:
    """The plan's fit with the hazards of retirement freed as well, age by age."""
    last = load("3B").resolve(BASIS).table("retirement.hazard").coords["age"][-1]
    extra = FreeEntry(name="retirement.hazard", lower=0.05, upper=0.95, step=0.1, fixed=(last,))
    settings = with_settings(shipped, starts=1).settings
    wanted = Plan(settings, shipped.columns, (*shipped.free, extra), shipped.files)
    found = calibrate(wanted, cases(wanted))
    figures = _figures(HAZARDS, HAZARDS, wanted, found.values)
    for cell in found.moved:
        if cell.title.startswith(extra.name):
            figures.append(Figure(HAZARDS, HAZARDS, "hazard", cell.title, cell.after))
            figures.append(Figure(HAZARDS, HAZARDS, "standard error", cell.title, cell.error * cell.step))
    return figures


def smoothing(shipped: Plan, penalty: float) -> list[Figure]:
    """The plan's fit with another penalty, from the committed values."""
    wanted = with_settings(shipped, penalty=float(f"{penalty:.6g}"), starts=1)
    found = calibrate(wanted, cases(wanted))
    return _figures(SMOOTHING, f"{wanted.settings.penalty:g}", wanted, found.values)


def two_parameters(shipped: Plan) -> list[Figure]:
    """Ages by a smooth profile of two parameters in place of free knots, all else as in the plan; plain least squares."""
    entries = tuple(
        FreeEntry(
            name=AGES,
            lower=-3.0,
            upper=3.0,
            step=0.2,
            cold=(-0.5, -0.1),
            fixed=entry.fixed,
            shape="quadratic",
        )
        if entry.name == AGES
        else entry
        for entry in shipped.free
    )
    settings = with_settings(shipped, starts=2, peak_weight=0.0, column_weight=0.0).settings
    wanted = Plan(settings, shipped.columns, entries, shipped.files)
    found = calibrate(wanted, cases(wanted))
    extra = [Figure(PROFILE, PROFILE, cell.title, "", cell.after) for cell in found.moved[:2]]
    return _figures(PROFILE, PROFILE, wanted, found.values) + extra


def refit(shipped: Plan, alternative: Alternative) -> list[Figure]:
    """Ages and backlog fitted anew to scenarios 1B, 3B and 4B under another mechanism; plain least squares."""
    columns = tuple(
        replace(column, scenario=code, printed=printed)
        for column in shipped.columns
        if column.column == "acquired_rights"
        for code, printed in _printed(column)
    )
    entries = tuple(entry for entry in shipped.free if entry.name in _REFIT_FREE)
    settings = with_settings(
        shipped, starts=1, peak_weight=0.0, column_weight=0.0, max_iterations=_REFIT_ITERATIONS
    ).settings
    wanted = Plan(settings, columns, entries, shipped.files)
    packs = {code: pack.with_values(alternative.switches) for code, pack in cases(wanted).items()}
    found = calibrate(wanted, packs)
    figures = []
    for item in found.accuracy:
        figures.append(Figure(REFIT, alternative.key, "largest", item.column.scenario, item.largest))
        figures.append(Figure(REFIT, alternative.key, "rms", item.column.scenario, item.rms))
    return figures


def _printed(column: plan.Column) -> list[tuple[str, Float]]:
    return [(code, plan.printed(column.table, code, column.column, column.years)) for code in REFITTED]


def _figures(study: str, case: str, wanted: Plan, values: Mapping[str, Any]) -> list[Figure]:
    found = []
    changed = {code: pack.with_values(values) for code, pack in cases(wanted).items()}
    for item in measure(wanted.columns, changed):
        name = item.column.column
        found.append(Figure(study, case, "largest", name, item.largest))
        found.append(Figure(study, case, "rms", name, item.rms))
    b = next(iter(changed.values()))
    a = load("3A").resolve(BASIS).with_values(values)
    for series, pack in (("B", b), ("A", a)):
        years, cost = _acquired(pack)
        found += [
            Figure(study, case, f"acquired rights 3{series}", str(y), float(v))
            for y, v in zip(years, cost, strict=True)
        ]
    table = b.table("population.active_age_shares")
    shares = table.values.sum(axis=0)
    found += [
        Figure(study, case, "share of age", str(age), float(v))
        for age, v in zip(table.coords["age"], shares, strict=True)
    ]
    return found


def _acquired(pack: Resolved) -> tuple[NDArray[np.int64], Float]:
    case = run_case(pack)
    return case.years, percent_of_gdp(case.cost[ACQUIRED_RIGHTS], case.gdp)


__all__ = [
    "ALTERNATIVES",
    "COUNT",
    "PROFILE",
    "REFIT",
    "REFITTED",
    "SMOOTHING",
    "Alternative",
    "Figure",
    "Studies",
    "make",
    "read",
]
