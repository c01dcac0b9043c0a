"""The plan of a fit: which printed columns, which free parameters, which weights; read from TOML and checked whole.

The shipped plan lies beside the printed tables. It is, with the targets, the only place where a fit learns what is printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from assumptions import AssumptionError, Fault, published
from assumptions.files import read_toml
from assumptions.model import Strict
from assumptions.reading import pydantic_faults
from assumptions.text import nearest, shown

Float = NDArray[np.float64]

SHIPPED = published.FOLDER / "calibration.toml"
TOTAL_TABLE, TYPE_TABLE = "total_fiscal_cost", "acquired_rights_by_type"
PARTS = ("fit", "target", "free")
_READERS = {TOTAL_TABLE: published.total_fiscal_cost, TYPE_TABLE: published.acquired_rights_by_type}

M = TypeVar("M", bound=Strict)

Positive = Annotated[float, Field(gt=0.0)]
NotNegative = Annotated[float, Field(ge=0.0)]


class Settings(Strict):
    """Weights and effort of a fit; see the comments in the shipped plan."""

    peak_weight: NotNegative
    peak_power: Annotated[float, Field(ge=1.0)]
    column_weight: NotNegative
    penalty: NotNegative
    seed: Annotated[int, Field(ge=0)]
    starts: Annotated[int, Field(ge=1, le=64)]
    spread: NotNegative
    max_iterations: Annotated[int, Field(ge=1, le=1000)]
    first_year: int
    last_year: int


class Target(Strict):
    """Printed columns of one scenario. `max` and `rms` replace tolerances.toml; `weight` multiplies residuals."""

    table: Literal["total_fiscal_cost", "acquired_rights_by_type"]
    scenario: str
    columns: tuple[str, ...]
    max: Positive | None = None
    rms: Positive | None = None
    weight: Positive = 1.0


class FreeEntry(Strict):
    """A name to fit.

    `fixed` lists labels of a table that stay; `smooth` puts the penalty on its curvature. `shape = "quadratic"` lets
    two parameters make a whole table over ages: its log is p u + q u^2 with u the decades from the fixed label.
    """

    name: str
    lower: float
    upper: float
    step: Positive
    cold: float | tuple[float, ...] | None = None
    transform: Literal["linear", "log"] = "linear"
    fixed: tuple[int | str, ...] = ()
    smooth: bool = False
    shape: Literal["free", "quadratic"] = "free"


@dataclass(frozen=True)
class Column:
    """One printed column: figures of the fitted years and the accuracy asked for, percentage points of GDP.

    Attributes
    ----------
    table, scenario, column : str
    years : int64 (year,)
    printed : float64 (year,)
    largest, rms, weight : float
    """

    table: str
    scenario: str
    column: str
    years: NDArray[np.int64]
    printed: Float
    largest: float
    rms: float
    weight: float

    @property
    def label(self) -> str:
        """Scenario and column, as people read them."""
        return f"{self.scenario} {self.column}"


@dataclass(frozen=True)
class Plan:
    """Settings, columns and free parameters of a fit, and the files they came from."""

    settings: Settings
    columns: tuple[Column, ...]
    free: tuple[FreeEntry, ...]
    files: tuple[str, ...]

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Scenarios that have to be projected, each once."""
        return tuple(dict.fromkeys(column.scenario for column in self.columns))


def read(file: Path | None = None) -> Plan:
    """The shipped plan, with the parts that ``file`` gives in place of its own.

    Raises
    ------
    AssumptionError
        With every fault: unknown keys, columns that are not printed or are held out, bounds that run backwards.
    """
    faults: list[Fault] = []
    shipped = read_toml(SHIPPED, faults) or {}
    own = {} if file is None else _own(file, faults)
    if faults:
        raise AssumptionError(faults)
    merged = {**shipped, **own}
    origin = {key: shown(file if file is not None and key in own else SHIPPED) for key in PARTS}
    settings = _settings(merged, shipped, origin["fit"], faults)
    targets = _models(Target, merged, "target", origin, faults)
    entries = [entry for _, entry in _models(FreeEntry, merged, "free", origin, faults)]
    for entry in entries:
        _check_entry(entry, origin["free"], faults)
    for name in sorted({entry.name for entry in entries if [e.name for e in entries].count(entry.name) > 1}):
        faults.append(Fault(origin["free"], name, "is freed twice"))
    columns: list[Column] = []
    if settings is not None:
        columns = _columns(targets, settings, origin["target"], faults)
    if faults or settings is None:
        raise AssumptionError(faults)
    return Plan(settings, tuple(columns), tuple(entries), tuple(dict.fromkeys(origin.values())))


def _own(file: Path, faults: list[Fault]) -> dict[str, Any]:
    """The parts that a user's file gives."""
    own = read_toml(file, faults) or {}
    for key in own:
        if key not in PARTS:
            said = f"unknown part; allowed are {', '.join(PARTS)}{nearest(key, PARTS)}"
            faults.append(Fault(shown(file), key, said))
    if not faults and not own:
        faults.append(Fault(shown(file), "", f"is empty; it may hold {', '.join(PARTS)}"))
    return own


def _models(
    model: type[M], tree: dict[str, Any], key: str, origin: dict[str, str], faults: list[Fault]
) -> list[tuple[int, M]]:
    """The good tables of a list of tables, with their number in the file."""
    found = []
    for n, keys in enumerate(_tables(tree, key, origin, faults), start=1):
        one = _model(model, keys, origin[key], f"{key} {n}", faults)
        if one is not None:
            found.append((n, one))
    return found


def _tables(
    tree: dict[str, Any], key: str, origin: dict[str, str], faults: list[Fault]
) -> list[dict[str, Any]]:
    given = tree.get(key)
    if not isinstance(given, list) or not given or not all(isinstance(item, dict) for item in given):
        faults.append(Fault(origin[key], key, f"is written as one or more [[{key}]]"))
        return []
    return given


def _model(model: type[M], keys: dict[str, Any], file: str, path: str, faults: list[Fault]) -> M | None:
    try:
        return model.model_validate(
            {name: tuple(v) if isinstance(v, list) else v for name, v in keys.items()}
        )
    except ValidationError as error:
        faults.extend(pydantic_faults(file, path, error))
        return None


def _settings(
    merged: dict[str, Any], shipped: dict[str, Any], file: str, faults: list[Fault]
) -> Settings | None:
    own = merged["fit"]
    if not isinstance(own, dict):
        faults.append(Fault(file, "fit", "is a table"))
        return None
    settings = _model(Settings, {**shipped["fit"], **own}, file, "fit", faults)
    if settings is not None and settings.last_year < settings.first_year:
        faults.append(Fault(file, "fit.last_year", f"{settings.last_year} is before {settings.first_year}"))
        return None
    return settings


def _check_entry(entry: FreeEntry, file: str, faults: list[Fault]) -> None:
    if not entry.lower < entry.upper:
        faults.append(Fault(file, entry.name, f"lower {entry.lower:g} must be below upper {entry.upper:g}"))
    if entry.shape == "quadratic" and (entry.transform != "linear" or entry.smooth or len(entry.fixed) != 1):
        said = "shape quadratic is smooth by itself: transform linear, one fixed label, no smooth"
        faults.append(Fault(file, entry.name, said))
    if entry.transform == "log" and entry.lower <= 0.0:
        faults.append(Fault(file, entry.name, "transform log needs a lower bound above 0"))
    cold = () if entry.cold is None else np.atleast_1d(entry.cold)
    if any(not entry.lower <= value <= entry.upper for value in cold):
        faults.append(Fault(file, entry.name, f"cold lies outside {entry.lower:g} to {entry.upper:g}"))


def _columns(
    targets: list[tuple[int, Target]], settings: Settings, file: str, faults: list[Fault]
) -> list[Column]:
    stated = {
        (goal.table, scenario, goal.column): goal
        for goal in published.tolerances().targets
        for scenario in goal.scenarios
    }
    held_out = _held_out()
    found: list[Column] = []
    for number, target in targets:
        at = f"target {number}"
        cells = _READERS[target.table]()
        printed_in = sorted({key.column for key in cells if key.scenario == target.scenario})
        for column in target.columns:
            key = (target.table, target.scenario, column)
            goal = stated.get(key)
            if (target.scenario, column) in held_out:
                faults.append(
                    Fault(file, at, f"{target.scenario} {column} is held out: no calibration may see it")
                )
                continue
            series = published.series(cells, target.scenario, column)
            inside = {y: c.value for y, c in series.items() if settings.first_year <= y <= settings.last_year}
            if not inside:
                listed = f"; printed for {target.scenario} are {', '.join(printed_in)}" if printed_in else ""
                faults.append(Fault(file, at, f"{target.scenario} {column} is not printed{listed}"))
                continue
            if any(column == c.column and key[:2] == (c.table, c.scenario) for c in found):
                faults.append(Fault(file, at, f"{target.scenario} {column} is given twice"))
                continue
            largest = target.max if target.max is not None else goal.max if goal is not None else None
            rms = target.rms if target.rms is not None else goal.rms if goal is not None else None
            if largest is None or rms is None:
                faults.append(
                    Fault(file, at, f"{target.scenario} {column}: no accuracy is stated; give max and rms")
                )
                continue
            found.append(
                Column(
                    *key,
                    years=np.array(list(inside), dtype=np.int64),
                    printed=np.array(list(inside.values())),
                    largest=largest,
                    rms=rms,
                    weight=target.weight,
                )
            )
    return found


def _held_out() -> set[tuple[str, str]]:
    """Columns that no fit may see, whichever table they stand in."""
    return {
        (scenario, goal.column)
        for goal in published.tolerances().targets
        if goal.held_out
        for scenario in goal.scenarios
    }


def printed(table: str, scenario: str, column: str, years: NDArray[np.int64]) -> Float:
    """Printed figures of a column that is not held out, float64 (year,)."""
    if (scenario, column) in _held_out():
        raise AssumptionError([Fault("", f"{scenario} {column}", "is held out: no calibration may see it")])
    series = published.series(_READERS[table](), scenario, column)
    return np.array([series[year].value for year in years.tolist()])


__all__ = ["SHIPPED", "Column", "FreeEntry", "Plan", "Settings", "Target", "printed", "read"]
