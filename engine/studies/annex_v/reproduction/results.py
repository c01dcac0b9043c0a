"""What the page of the reproduction says, computed: projections, comparisons, alternatives, steps between the bases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from assumptions import load, scenario_codes
from engine.calibrate import BASIS, cases, plan, reconstruction
from engine.calibrate.free import build
from engine.calibrate.identify import Identification, identify
from engine.calibrate.objective import Objective
from engine.calibrate.reconstruction import BASIS as RECONSTRUCTED
from engine.calibrate.reconstruction import Fit
from engine.outputs import compare
from engine.outputs.dataset import project_resolved, resolve
from engine.studies.annex_v import decomposition, fits
from engine.studies.annex_v.decomposition import Decomposition
from engine.studies.annex_v.discrepancies import Register
from engine.studies.annex_v.series import ACQUIRED, LOW_INFLATION, STATUTORY, Runs

SHOWN_YEARS: Final = (1997, 2000, 2005, 2010, 2015, 2020, 2025, 2030)
STEP_YEARS: Final = (1997, 2010, 2030)
# Rounding of committed values moves less than this; a new fit moves more. Percentage points of GDP.
_SAME: Final = 1e-4


@dataclass(frozen=True)
class Alternative:
    """Another mechanism with the committed ages: error and ratio to printed 3B, by scenario."""

    title: str
    key: str
    largest: dict[str, float]
    rms: dict[str, float]
    ratio: dict[str, tuple[float, ...]]


@dataclass(frozen=True)
class Parameter:
    """A fitted number: its value, the range it may take, its standard error, and whether that is one of logarithms."""

    title: str
    value: float
    lower: float
    upper: float
    error: float
    in_logs: bool


@dataclass(frozen=True)
class Reproduction:
    """All that the page says.

    Attributes
    ----------
    dataset : xarray.Dataset
        All scenarios on all bases.
    cells, comparisons : list
        As :mod:`engine.outputs.compare` gives them, basis published.
    statutory : list
        Comparisons of the statutory basis.
    reconstructed : list
        Comparisons of the reconstructed basis, series A among them.
    mechanism : list of Fit
        The fit of the reconstructed basis, and its alternatives.
    parameters : list of Parameter
    identification : Identification
    alternatives : list of Alternative
    steps : list of Decomposition
    studies : Studies
    register : Register
    gdp_overlay : float
        Statutory total of 3B in 2030 with the overlay gdp_macro_table less that without, percentage points.
    """

    dataset: xr.Dataset
    cells: list[compare.CellDifference]
    comparisons: list[compare.Comparison]
    statutory: list[compare.Comparison]
    reconstructed: list[compare.Comparison]
    mechanism: list[Fit]
    parameters: list[Parameter]
    identification: Identification
    alternatives: list[Alternative]
    steps: list[Decomposition]
    studies: fits.Studies
    register: Register
    gdp_overlay: float


def still_holds(kept: fits.Studies) -> bool:
    """Whether kept studies start from the committed fit as it is now: its figures at the plan's penalty agree."""
    shipped = plan.read()
    case = f"{shipped.settings.penalty:g}"
    years, cost = kept.series(fits.SMOOTHING, case, "acquired rights 3B")
    if years.size == 0:
        return False
    now = Runs().percent(BASIS, "3B", ACQUIRED)
    return bool(now.size == cost.size and np.abs(now - cost).max() < _SAME)


def make(
    kept: fits.Studies | None = None,
    *,
    workers: int = 1,
    on_done: Callable[[int], object] | None = None,
) -> Reproduction:
    """Compute everything; seconds with kept studies, a minute or two without.

    Parameters
    ----------
    kept : Studies, optional
        Studies to take over.
    workers : int
        Threads; results do not depend on their number.
    on_done : callable, optional
        Called with the number of finished studies, out of ``fits.COUNT``.
    """
    packs = [load(code) for code in scenario_codes()]
    dataset = project_resolved(resolve(packs, (STATUTORY, BASIS, RECONSTRUCTED)), workers=workers)
    cells = compare.cells(dataset, BASIS) + compare.held_out_cells(dataset, BASIS)
    register = Register()
    mechanism = reconstruction.read()
    parameters, identification = _identified()
    plain = load("3B").resolve(STATUTORY)
    other = load("3B", overlays=["gdp_macro_table"]).resolve(STATUTORY)
    totals = [
        float(part.fiscal_cost_total.sel(year=SHOWN_YEARS[-1]).squeeze())
        for part in (project_resolved([case], workers=1) for case in (plain, other))
    ]
    return Reproduction(
        dataset=dataset,
        cells=cells,
        comparisons=compare.compare(dataset, BASIS, cells),
        statutory=compare.compare(dataset, STATUTORY),
        reconstructed=compare.compare(
            dataset,
            RECONSTRUCTED,
            compare.cells(dataset, RECONSTRUCTED) + compare.held_out_cells(dataset, RECONSTRUCTED),
        ),
        mechanism=[reconstruction.fit(mechanism), *reconstruction.alternatives(mechanism)],
        parameters=parameters,
        identification=identification,
        alternatives=_alternatives(register),
        steps=[decomposition.decompose(code) for code in LOW_INFLATION],
        studies=kept if kept is not None else fits.make(workers=workers, on_done=on_done),
        register=register,
        gdp_overlay=totals[1] - totals[0],
    )


def _identified() -> tuple[list[Parameter], Identification]:
    shipped = plan.read()
    packs = cases(shipped)
    free = build(shipped.free, next(iter(packs.values())))
    objective = Objective(packs, shipped.columns, free, shipped.settings)
    zero = np.zeros(objective.origin.size)
    found = identify(objective, zero)
    values = np.concatenate(objective.cells(zero))
    entries = [(title, f.entry) for f in free for title in f.titles]
    return [
        Parameter(
            title,
            float(values[n]),
            entry.lower,
            entry.upper,
            float(found.error[n] * entry.step),
            entry.transform == "log",
        )
        for n, (title, entry) in enumerate(entries)
    ], found


def _alternatives(register: Register) -> list[Alternative]:
    tables, runs = register.tables, register.runs
    base = tables.cost("3B", ACQUIRED)
    places = [year - int(tables.years[0]) for year in STEP_YEARS]
    found = []
    for alternative in fits.ALTERNATIVES:
        given = {name.replace(".", "__"): value for name, value in alternative.switches.items()}
        largest, rms, ratio = {}, {}, {}
        for code in LOW_INFLATION:
            model = runs.percent(BASIS, code, ACQUIRED, **given)
            e = model - tables.cost(code, ACQUIRED)
            largest[code], rms[code] = float(np.abs(e).max()), float(np.sqrt((e**2).mean()))
            ratio[code] = tuple(float(v) for v in (model / base)[places])
        found.append(Alternative(alternative.title, alternative.key, largest, rms, ratio))
    return found


__all__ = ["SHOWN_YEARS", "STEP_YEARS", "Alternative", "Parameter", "Reproduction", "make", "still_holds"]
