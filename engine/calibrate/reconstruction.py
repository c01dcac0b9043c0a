"""Fit of the mechanism of the reconstructed basis to series B, with its alternatives; never part of a projection.

Series A is not read here, nor could it be: a contract of pyproject.toml closes `assumptions.held_out` to this package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from assumptions import AssumptionError, Fault, Resolved, load, published
from assumptions.files import read_toml
from assumptions.model import Strict
from assumptions.reading import pydantic_faults
from assumptions.text import shown
from engine import reconstruction
from engine.labels import ACQUIRED_RIGHTS, COMPONENTS, MPG_NEW_WORKERS
from engine.prepare import economy
from engine.prepare import reconstruction as prepared
from engine.shares import percent_of_gdp

Float = NDArray[np.float64]

BASIS: Final = "reconstructed"
PLAN: Final = published.FOLDER / "calibration_reconstructed.toml"
_HELD_OUT: Final = "A"


class Settings(Strict):
    """Years that are fitted, and when to stop (relative change of the sum of squares)."""

    first_year: int
    last_year: int
    tolerance: float


class Target(Strict):
    """A printed column of series B."""

    scenario: str
    column: str


class Free(Strict):
    """A free number: its bounds, and where the fit begins."""

    name: str
    lower: float
    upper: float
    cold: float


class Alternative(Strict):
    """The same fit with other values, further free numbers, or targets that end earlier."""

    key: str
    title: str
    set: dict[str, float] = Field(default_factory=dict)
    also: tuple[Free, ...] = ()
    until: dict[str, int] = Field(default_factory=dict)


class Plan(Strict):
    """What is fitted to what."""

    fit: Settings
    target: tuple[Target, ...]
    free: tuple[Free, ...]
    alternative: tuple[Alternative, ...] = ()


@dataclass(frozen=True)
class Accuracy:
    """Differences of one column, percentage points of GDP: all years, and those that were not fitted."""

    scenario: str
    column: str
    largest: float
    rms: float
    largest_beyond: float | None
    rms_beyond: float | None


@dataclass(frozen=True)
class Fit:
    """One fit.

    Attributes
    ----------
    key, title : str
    given : mapping
        Values that were set.
    values : mapping
        Fitted numbers by name.
    errors : mapping
        Their standard errors, of independent differences of the size that is left.
    accuracy : tuple of Accuracy
    at_bounds : tuple of str
    """

    key: str
    title: str
    given: Mapping[str, float]
    values: Mapping[str, float]
    errors: Mapping[str, float]
    accuracy: tuple[Accuracy, ...]
    at_bounds: tuple[str, ...]

    @property
    def sets(self) -> dict[str, float]:
        """Everything that another run needs to have the mechanism of this fit."""
        return {**self.given, **self.values}


def read(path: Path = PLAN) -> Plan:
    """The plan of the fit.

    Raises
    ------
    AssumptionError
        With everything wrong: an unknown column, a column of series A.
    """
    faults: list[Fault] = []
    tree = read_toml(path, faults) or {}
    if faults:
        raise AssumptionError(faults)
    try:
        found = Plan.model_validate(_tuples(tree))
    except ValidationError as error:
        raise AssumptionError(pydantic_faults(shown(path), "plan", error)) from None
    allowed = (COMPONENTS[ACQUIRED_RIGHTS], COMPONENTS[MPG_NEW_WORKERS])
    for one in found.target:
        where = f"{one.scenario} {one.column}"
        if one.scenario.endswith(_HELD_OUT):
            faults.append(Fault(shown(path), where, "is held out: no calibration may see series A"))
        elif one.column not in allowed:
            said = f"is none of the mechanism's columns; allowed are {', '.join(allowed)}"
            faults.append(Fault(shown(path), where, said))
        elif not published.series(published.total_fiscal_cost(), one.scenario, one.column):
            faults.append(Fault(shown(path), where, "is not in print"))
    if faults:
        raise AssumptionError(faults)
    return found


def _tuples(content: Any) -> Any:
    """Lists as tuples, which strict records ask for."""
    if isinstance(content, dict):
        return {key: _tuples(value) for key, value in content.items()}
    return tuple(map(_tuples, content)) if isinstance(content, list) else content


def costs(resolved: Resolved, years: NDArray[np.int64]) -> dict[str, Float]:
    """The two columns that the mechanism gives, percent of GDP, without a projection."""
    given = prepared.mechanism(resolved, years)
    if given is None:
        raise AssumptionError.single("basis.mechanism", "is not the reconstructed one here", BASIS)
    found = reconstruction.cost(given)
    gdp = economy.gdp(resolved, years)
    return {
        COMPONENTS[ACQUIRED_RIGHTS]: percent_of_gdp(found.rights.sum(axis=0), gdp),
        COMPONENTS[MPG_NEW_WORKERS]: percent_of_gdp(found.guarantee, gdp),
    }


def fit(
    plan: Plan, alternative: Alternative | None = None, overlays: Sequence[str | Path] = (), sets: Any = None
) -> Fit:
    """Least squares from the cold start.

    Parameters
    ----------
    plan : Plan
    alternative : Alternative, optional
        Instead of the plan's own fit.
    overlays, sets
        Of a user; what is free is not set.
    """
    from scipy.optimize import least_squares

    chosen = alternative or Alternative(key="plan", title="as on the basis")
    free = (*plan.free, *chosen.also)
    given = {**(sets or {}), **chosen.set}
    packs = {
        one.scenario: load(one.scenario, overlays=list(overlays), sets=given).resolve(BASIS)
        for one in plan.target
    }
    years = np.arange(plan.fit.first_year, plan.fit.last_year + 1)
    tables = published.total_fiscal_cost()
    columns = []
    for one in plan.target:
        cells = published.series(tables, one.scenario, one.column)
        printed = np.array([cells[year].value for year in years.tolist()])
        columns.append((one, printed, years <= chosen.until.get(one.scenario, plan.fit.last_year)))
    lower, upper, start = (
        np.array([getattr(one, key) for one in free]) for key in ("lower", "upper", "cold")
    )
    # A number the size of a year is moved by years, one the size of a share by shares of itself.
    scale = np.minimum(np.abs(upper - lower), np.maximum(np.abs(start), 0.1))

    def differences(x: Float) -> list[Float]:
        moved = {one.name: float(value) for one, value in zip(free, x, strict=True)}
        found = {code: costs(pack.with_values(moved), years) for code, pack in packs.items()}
        return [found[one.scenario][one.column] - printed for one, printed, _ in columns]

    def residuals(x: Float) -> Float:
        parts = zip(differences(x), columns, strict=True)
        return np.concatenate([part[seen] for part, (_, _, seen) in parts])

    end = least_squares(
        residuals,
        start,
        bounds=(lower, upper),
        x_scale=scale,
        xtol=plan.fit.tolerance,
        ftol=plan.fit.tolerance,
        gtol=plan.fit.tolerance,
    )
    spare = max(1, end.fun.size - len(free))
    slope: Float = np.asarray(end.jac, dtype=np.float64)
    spread = np.linalg.pinv(slope.T @ slope) * float(end.fun @ end.fun) / spare
    names = [one.name for one in free]
    return Fit(
        key=chosen.key,
        title=chosen.title,
        given=dict(chosen.set),
        values=dict(zip(names, end.x.tolist(), strict=True)),
        errors=dict(zip(names, np.sqrt(np.diag(spread)).tolist(), strict=True)),
        accuracy=tuple(
            _accuracy(one, part, seen)
            for part, (one, _, seen) in zip(differences(end.x), columns, strict=True)
        ),
        at_bounds=tuple(name for name, side in zip(names, end.active_mask.tolist(), strict=True) if side),
    )


def _accuracy(target: Target, difference: Float, seen: NDArray[np.bool_]) -> Accuracy:
    def of(part: Float) -> tuple[float, float]:
        return float(np.abs(part).max()), float(np.sqrt((part**2).mean()))

    beyond: tuple[float | None, float | None] = (None, None) if seen.all() else of(difference[~seen])
    return Accuracy(target.scenario, target.column, *of(difference), *beyond)


def alternatives(plan: Plan, overlays: Sequence[str | Path] = (), sets: Any = None) -> list[Fit]:
    """Every alternative of the plan, fitted."""
    return [fit(plan, one, overlays, sets) for one in plan.alternative]


def proposal(found: Fit) -> str:
    """The fit as an overlay."""
    lines = [
        "# Proposal of `annexv calibrate --basis reconstructed`: numbers of the mechanism.",
        "",
        "[overlay]",
        'title = "Fit of the reconstructed basis"',
        'description = "Least squares on acquired rights of 3B and the guarantee of 1B."',
        "",
    ]
    for name, value in found.sets.items():
        lines += [f"[{name}]", f"value = {value!r}", ""]
    return "\n".join(lines)


__all__ = [
    "BASIS",
    "Accuracy",
    "Alternative",
    "Fit",
    "Plan",
    "alternatives",
    "costs",
    "fit",
    "proposal",
    "read",
]
