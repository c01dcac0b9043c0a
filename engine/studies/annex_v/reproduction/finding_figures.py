"""Pictures of the five findings on the page of discrepancies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.studies.annex_v.discrepancies import rights, sensitivity
from engine.studies.annex_v.reproduction.drawing import GREY, MODEL, OTHER, PRINT, axes, circles, save
from engine.studies.annex_v.series import ACQUIRED

if TYPE_CHECKING:
    from engine.studies.annex_v.reproduction.results import Reproduction

_COLORS: Final = {"1B": MODEL, "2B": OTHER, "4B": GREY}


def who_pays(found: Reproduction, path: Path) -> None:
    """Scenarios 1, 2 and 4 over scenario 3: print, and balances of persons first on the published basis."""
    tables, runs = found.register.tables, found.register.runs
    figure, many = axes(1, 1, 8.0, 3.6)
    ax = many[0, 0]
    base = runs.percent("published", "3B", ACQUIRED)
    for code, color in _COLORS.items():
        printed = tables.cost(code, ACQUIRED) / tables.cost("3B", ACQUIRED)
        circles(ax, list(zip(tables.years, printed, strict=True)), 3.5)
        ax.lines[-1].set_markeredgecolor(color)
        mine = runs.percent("published", code, ACQUIRED, basis__infonavit_offset="balance") / base
        ax.plot(tables.years, mine, color=color, linewidth=1.6, label=f"{code}, balances of persons first")
    ax.plot([], [], linestyle="none", marker="o", markerfacecolor="none", color=PRINT, label="print")
    ax.set_ylabel("cost over that of 3B", fontsize=8)
    ax.set_ylim(0.0, 1.1)
    ax.legend(frameon=False, fontsize=8.5, loc="center left", bbox_to_anchor=(0.0, 0.66))
    save(figure, path)


def wages(found: Reproduction, path: Path) -> None:
    """3A over 3B, and 3B: print, pensions of one minimum wage, pensions from five years' wages."""
    tables, runs = found.register.tables, found.register.runs
    figure, both = axes(1, 2, 10.5, 3.6, sharex=True)
    low, high = tables.cost("3B", ACQUIRED), tables.corrected("3A")
    for given, color, title in (
        ({}, MODEL, "one minimum wage"),
        (rights.WAGES, OTHER, "from five years' wages"),
    ):
        b, a = (runs.percent("published", code, ACQUIRED, **given) for code in ("3B", "3A"))
        both[0, 0].plot(tables.years, a / b, color=color, linewidth=1.6, label=title)
        both[0, 1].plot(tables.years, b, color=color, linewidth=1.6, label=title)
    for ax, column, title in ((both[0, 0], high / low, "3A over 3B"), (both[0, 1], low, "3B, % of GDP")):
        circles(ax, list(zip(tables.years, column, strict=True)), 3.5, label="print")
        ax.set_title(title, fontsize=9, loc="left")
        ax.set_ylim(bottom=0.0)
    both[0, 1].legend(frameon=False, fontsize=8.5)
    save(figure, path)


def sensitivities(found: Reproduction, path: Path) -> None:
    """Rise of the cost by scenario and basis, beside the stated bounds."""
    figure, both = axes(1, 2, 10.5, 3.4)
    place = np.arange(len(sensitivity.SHOWN))
    for ax, key, title in (
        (both[0, 0], "sensitivity_minimum_wage", "minimum wages grow as wages do"),
        (both[0, 1], "sensitivity_distribution", "more low wages"),
    ):
        figures = found.register.figures[key]
        for n, (basis, color) in enumerate(zip(sensitivity.BASES, (OTHER, MODEL), strict=True)):
            heights = [figures[f"{basis} rise {code}, percent of the cost"] for code in sensitivity.SHOWN]
            ax.bar(place + 0.38 * (n - 0.5), heights, 0.36, color=color, label=basis)
        stated = figures["stated, percent of the cost"]
        ax.axhline(stated, color=PRINT, linewidth=1.2, linestyle="--", label=f"stated: at most {stated:.0f}%")
        ax.set_xticks(place, sensitivity.SHOWN)
        ax.set_title(title, fontsize=9, loc="left")
        ax.set_ylabel("rise of the cost of 1997-2030, %", fontsize=8)
        ax.legend(frameon=False, fontsize=8.5)
    save(figure, path)


def slips(found: Reproduction, path: Path) -> None:
    """3A beside twice 4A, and 2A with its knots put right."""
    tables = found.register.tables
    figure, both = axes(1, 2, 10.5, 3.6, sharex=True)
    left, right = both[0]
    years = tables.years
    circles(left, list(zip(years, tables.held_out("3A"), strict=True)), 3.5, label="3A as printed")
    left.plot(years, 2.0 * tables.held_out("4A"), color=OTHER, linewidth=1.4, label="twice 4A")
    left.plot(
        years, tables.corrected("3A"), color=MODEL, linewidth=1.6, label="3A from 2018 on two rows later"
    )
    circles(right, list(zip(years, tables.held_out("2A"), strict=True)), 3.5, label="2A as printed")
    neither = tables.cost("2B", ACQUIRED) / tables.cost("3B", ACQUIRED) * tables.corrected("3A")
    right.plot(years, neither, color=OTHER, linewidth=1.4, label="2B/3B x 3A")
    right.plot(years, tables.corrected("2A"), color=MODEL, linewidth=1.6, label="2A, two knots put right")
    for ax in (left, right):
        ax.set_ylabel("acquired rights, % of GDP", fontsize=8)
        ax.set_ylim(bottom=0.0)
        ax.legend(frameon=False, fontsize=8.5)
    save(figure, path)


ALL: Final[dict[str, Callable[[Any, Path], None]]] = {
    "register_who_pays.png": who_pays,
    "register_wages.png": wages,
    "register_sensitivities.png": sensitivities,
    "reproduction_slips.png": slips,
}

__all__ = ["ALL"]
