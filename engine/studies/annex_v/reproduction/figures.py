"""Figures of the reproduction page: model against print, by small multiples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from assumptions import load
from engine.calibrate import BASIS, plan
from engine.outputs import compare
from engine.outputs.tables import TOTAL
from engine.projection import COMPONENTS
from engine.studies.annex_v import decomposition, fits
from engine.studies.annex_v.reproduction import finding_figures, mechanism_figures
from engine.studies.annex_v.reproduction.drawing import GREY, MODEL, OTHER, PRINT, circles, save
from engine.studies.annex_v.reproduction.drawing import axes as axes_of
from engine.studies.annex_v.reproduction.results import STEP_YEARS
from engine.studies.annex_v.series import HIGH_INFLATION, LOW_INFLATION, STATUTORY

if TYPE_CHECKING:
    from engine.studies.annex_v.reproduction.results import Reproduction

_TITLES: Final = {
    "acquired_rights": "acquired rights",
    "ongoing_pensions": "pensions in payment",
    "state_contributions": "State contributions",
    "mpg_new_workers": "MPG of new workers",
}


def _legend(figure: Any, ax: Any, names: int) -> None:
    handles, labels = ax.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=names, frameon=False, fontsize=9)


def _finish(axes: Any, label: str) -> None:
    # only when all is drawn: a limit set earlier would hold shared axes to what was there by then
    for ax in axes.ravel():
        ax.set_ylim(bottom=0.0)
    for ax in axes[:, 0]:
        ax.set_ylabel(label, fontsize=8)


def _printed(found: Reproduction, table: str, scenario: str, column: str) -> list[tuple[int, float]]:
    """Years and figures of a printed column; none where it is not in print."""
    return [
        (cell.year, cell.printed)
        for cell in found.cells
        if (cell.table, cell.scenario, cell.column) == (table, scenario, column)
    ]


def _scenarios(found: Reproduction, codes: Sequence[str], path: Path) -> None:
    data = found.dataset.sel(basis=BASIS)
    years = data.year.values
    figure, axes = axes_of(
        len(codes), len(COMPONENTS), 11.0, 2.1 * len(codes) + 0.6, sharex=True, sharey="col"
    )
    for r, code in enumerate(codes):
        for n, component in enumerate(COMPONENTS):
            ax = axes[r, n]
            points = _printed(found, compare.TOTAL_TABLE, code, component)
            model = data.fiscal_cost.sel(scenario=code, component=component).values
            method = str(data.method.sel(scenario=code, component=component).values)
            unseen = () if points else _printed(found, compare.HELD_OUT_TABLE, code, component)
            right = () if points else _printed(found, compare.PUT_RIGHT_TABLE, code, component)
            ax.plot(years, model, color=MODEL, linewidth=1.6, label="model", zorder=2)
            circles(ax, points or unseen, 2.6, label="print", zorder=3)
            ax.plot(*zip(*right, strict=True), ".", color=OTHER, markersize=2.5, zorder=3) if right else None
            said = f"{method}, seen by no fit" if unseen else method
            ax.set_title(f"{code} {_TITLES[component]} ({said})", fontsize=8.5, loc="left")
    _finish(axes, "% of GDP")
    _legend(figure, axes[0, 1], 2)
    save(figure, path)


def series_b(found: Reproduction, path: Path) -> None:
    """Scenarios of series B by component."""
    _scenarios(found, LOW_INFLATION, path)


def series_a(found: Reproduction, path: Path) -> None:
    """Scenarios of series A by component; acquired rights were seen by no fit, points are print put right."""
    _scenarios(found, HIGH_INFLATION, path)


def types(found: Reproduction, path: Path) -> None:
    """Acquired rights of 3B by type of pension."""
    data = found.dataset.sel(basis=BASIS, scenario="3B")
    figure, axes = axes_of(1, len(compare.TYPE_COLUMNS), 13.0, 2.9, sharex=True)
    for ax, (column, kind) in zip(axes[0], compare.TYPE_COLUMNS.items(), strict=True):
        points = _printed(found, compare.TYPE_TABLE, "3B", column)
        ax.plot(
            data.year.values,
            data.acquired_rights_by_type.sel(pension_type=kind).values,
            color=MODEL,
            linewidth=1.6,
            label="model",
        )
        circles(ax, points, 3, label="print")
        ax.set_title(f"{column} {kind.replace('_', ' ')}", fontsize=9, loc="left")
        ax.set_ylim(bottom=0.0)
    axes[0, 0].set_ylabel("% of GDP", fontsize=8)
    _legend(figure, axes[0, 0], 2)
    save(figure, path)


def ages(found: Reproduction, path: Path) -> None:
    """Ages of contributors: facts, free knots, two parameters."""
    chosen = f"{plan.read().settings.penalty:g}"
    law = load("3B").resolve(STATUTORY)
    table = law.table("population.active_age_shares")
    number = {b: load("3B").resolve(b).number("population.active_1996") / 1e6 for b in (STATUTORY, BASIS)}
    figure, axes = axes_of(1, 1, 8.0, 3.6)
    ax = axes[0, 0]
    ax.plot(
        table.coords["age"],
        number[STATUTORY] * table.values.sum(axis=0),
        color=GREY,
        linewidth=1.6,
        label="statutory (facts)",
    )
    for study, case, color, label in (
        (fits.SMOOTHING, chosen, MODEL, f"published: free at knots, penalty {chosen}"),
        (fits.PROFILE, fits.PROFILE, OTHER, "published: two parameters"),
    ):
        at, share = found.studies.series(study, case, "share of age")
        ax.plot(at, number[BASIS] * share, color=color, linewidth=1.6, label=label)
    ax.axvspan(15, 26.5, color=GREY, alpha=0.12, linewidth=0)
    ax.set_ylim(bottom=0.0, top=1.12 * ax.get_ylim()[1])
    ax.text(15.4, 0.95 * ax.get_ylim()[1], "60 after 2030: shape not identified", fontsize=8, color="#555555")
    ax.set_xlabel("age on 31 December 1996", fontsize=9)
    ax.set_ylabel("million persons a year of age", fontsize=9)
    ax.legend(frameon=False, fontsize=8.5)
    save(figure, path)


def smoothing(found: Reproduction, path: Path) -> None:
    """Acquired rights of 3A and 3B for every penalty, and how far 3A moves."""
    cases = found.studies.cases(fits.SMOOTHING)
    chosen = f"{plan.read().settings.penalty:g}"
    figure, axes = axes_of(1, 2, 12.0, 3.8)
    left, right = axes[0]
    base = found.studies.series(fits.SMOOTHING, chosen, "acquired rights 3A")[1]
    for n, case in enumerate(cases):
        shade = 0.25 + 0.65 * n / max(1, len(cases) - 1)
        color = (1.0 - shade, 0.62 - 0.3 * shade, 0.45 + 0.35 * shade)
        for series in "BA":
            years, cost = found.studies.series(fits.SMOOTHING, case, f"acquired rights 3{series}")
            left.plot(years, cost, color=color, linewidth=1.2)
        years, cost = found.studies.series(fits.SMOOTHING, case, "acquired rights 3A")
        label = f"penalty {case}" + (" (chosen)" if case == chosen else "")
        right.plot(years, cost - base, color=color, linewidth=1.6, label=label)
    years, cost = found.studies.series(fits.PROFILE, fits.PROFILE, "acquired rights 3A")
    right.plot(years, cost - base, color=OTHER, linewidth=1.4, linestyle="--", label="two parameters")
    printed = _printed(found, compare.TOTAL_TABLE, "3B", COMPONENTS[0])
    circles(left, printed, 3)
    left.set_title("3B (circles: print) and 3A (held out), all penalties", fontsize=9, loc="left")
    right.set_title("3A less 3A at the chosen penalty", fontsize=9, loc="left")
    left.set_ylim(bottom=0.0)
    left.set_ylabel("% of GDP", fontsize=9)
    right.set_ylabel("percentage points", fontsize=9)
    right.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    save(figure, path)


def bases(found: Reproduction, path: Path) -> None:
    """Total cost on both bases and in print."""
    data = found.dataset
    figure, axes = axes_of(2, 4, 11.0, 5.2, sharex=True, sharey=True)
    for ax, code in zip(axes.ravel(), (*LOW_INFLATION, *HIGH_INFLATION), strict=True):
        for basis, color in ((STATUTORY, OTHER), (BASIS, MODEL)):
            ax.plot(
                data.year.values,
                data.fiscal_cost_total.sel(basis=basis, scenario=code).values,
                color=color,
                linewidth=1.6,
                label=basis,
            )
        points = _printed(found, compare.TOTAL_TABLE, code, TOTAL)
        circles(ax, points, 2.6, label="print")
        ax.set_title(code if points else f"{code} (total not kept here)", fontsize=9, loc="left")
    _finish(axes, "total, % of GDP")
    _legend(figure, axes[0, 0], 3)
    save(figure, path)


def steps(found: Reproduction, path: Path) -> None:
    """What each step from the statutory to the published basis moves, total cost."""
    shown = [item for item in found.steps if item.scenario in ("1B", "3B")]
    years = STEP_YEARS
    figure, axes = axes_of(len(shown), len(years), 11.5, 4.0 * len(shown), sharex="row", sharey=True)
    titles = [step.title for step in decomposition.STEPS]
    for r, item in enumerate(shown):
        for n, year in enumerate(years):
            ax = axes[r, n]
            place = int(np.flatnonzero(item.years == year)[0])
            change = item.changes[:, :, place].sum(axis=1)
            level = float(item.start[:, place].sum())
            left = level + np.concatenate([[0.0], np.cumsum(change[:-1])])
            order = np.arange(1, change.size + 1)
            ax.barh(0, level, color=OTHER, height=0.7)
            ax.barh(
                order,
                change,
                left=left,
                height=0.7,
                color=[GREY if value < 0.0 else PRINT for value in change],
            )
            ax.barh(change.size + 1, float(item.end[:, place].sum()), color=MODEL, height=0.7)
            ax.set_yticks([0, *order, change.size + 1], ["statutory", *titles, "published"], fontsize=7.5)
            ax.set_title(f"{item.scenario}, {year}", fontsize=9, loc="left")
            ax.set_xlabel("total cost, % of GDP (grey: down, black: up)", fontsize=8)
    # the y axes are shared: turning one turns all
    axes[0, 0].invert_yaxis()
    save(figure, path)


ALL: Final[dict[str, Callable[[Any, Path], None]]] = {
    "reproduction_b.png": series_b,
    "reproduction_a.png": series_a,
    "reproduction_types.png": types,
    "reproduction_ages.png": ages,
    "reproduction_smoothing.png": smoothing,
    "reproduction_bases.png": bases,
    "reproduction_steps.png": steps,
    **mechanism_figures.ALL,
    **finding_figures.ALL,
}

__all__ = ["ALL"]
