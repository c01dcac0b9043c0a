"""Figures of the mechanism: taken apart, one a function, three readings, the hump of 2A."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine import reconstruction
from engine.prepare.reconstruction import mechanism, share_at
from engine.studies.annex_v import taken_apart
from engine.studies.annex_v.reproduction.drawing import GREY, MODEL, OTHER, PRINT, axes, circles, save
from engine.studies.annex_v.series import ACQUIRED, HIGH_INFLATION, LOW_INFLATION, MPG, PERCENT

if TYPE_CHECKING:
    from engine.reconstruction import Mechanism
    from engine.studies.annex_v.reproduction.results import Reproduction

_GDP_1997: Final = "% of the GDP of 1997"


def _one(width: float = 7.5, height: float = 3.2) -> tuple[Any, Any]:
    figure, found = axes(1, 1, width, height)
    return figure, found[0, 0]


def _given(found: Reproduction) -> Mechanism:
    given = mechanism(found.register.runs.resolved("reconstructed", "3B"), found.register.tables.years)
    assert given is not None
    return given


def apart(found: Reproduction, path: Path) -> None:
    """n and x of print and of the mechanism."""
    tables, runs = found.register.tables, found.register.runs
    own, ours = taken_apart.printed(tables, runs), taken_apart.modelled(runs, tables.years)
    figure, both = axes(1, 2, 10.5, 3.6, sharex=True)
    for ax, name, title in zip(
        both[0],
        ("pensions", "accounts"),
        ("n: pensions at one minimum wage", "x: paid by accounts"),
        strict=True,
    ):
        ax.plot(own.years, getattr(ours, name), color=MODEL, linewidth=1.6, label="mechanism")
        circles(ax, list(zip(own.years, getattr(own, name), strict=True)), 3.5, label="3A and 3B in print")
        ax.set_title(title, fontsize=9, loc="left")
        ax.set_ylabel(_GDP_1997, fontsize=8)
    line = np.array([own.zero, taken_apart.STRAIGHT_TO])
    both[0, 0].plot(
        line, own.slope * (line - own.zero), color=OTHER, linewidth=1.0, linestyle="--", label="straight line"
    )
    both[0, 0].annotate(f"{own.zero:.1f}", (own.zero, 0.0), (own.zero + 1.0, 0.12), fontsize=8, color=OTHER)
    both[0, 0].legend(frameon=False, fontsize=8)
    save(figure, path)


def awards(found: Reproduction, path: Path) -> None:
    """Awards of a year."""
    given, (figure, ax) = _given(found), _one()
    old = PERCENT * given.awards * (1.0 - given.new_workers)
    ax.bar(given.award_years, old, color=MODEL, label="transition")
    ax.bar(given.award_years, PERCENT * given.awards - old, bottom=old, color=OTHER, label="new workers")
    ax.set_ylabel(_GDP_1997, fontsize=8)
    ax.set_xlabel("year of award", fontsize=8)
    ax.legend(frameon=False, fontsize=8.5)
    save(figure, path)


def career(found: Reproduction, path: Path) -> None:
    """Share of new workers in the awards."""
    given, (figure, ax) = _given(found), _one()
    pack = found.register.runs.resolved("reconstructed", "3B")
    end, spread = (pack.number(f"reconstruction.{name}") for name in ("career_end", "career_spread"))
    fine = np.linspace(2017.0, 2028.0, 111)
    ax.plot(fine, reconstruction.career(fine, end, spread), color=MODEL, linewidth=1.6)
    seen = given.award_years >= fine[0]
    circles(ax, list(zip(given.award_years[seen], given.new_workers[seen], strict=True)), 4.0)
    ax.axvline(end, color=GREY, linewidth=0.8, linestyle="--")
    ax.set_xlim(fine[0], fine[-1])
    ax.set_ylabel("share of new workers", fontsize=8)
    ax.set_xlabel("year of award", fontsize=8)
    save(figure, path)


def account(found: Reproduction, path: Path) -> None:
    """Balance at the award, and the part of pensions that the State pays."""
    given = _given(found)
    open_ = reconstruction.unpaid(
        given.award_years, given.years, given.balance, given.pension, given.account_return
    )
    figure, both = axes(1, 2, 10.5, 3.4)
    left, right = both[0]
    left.plot(given.award_years, given.balance, color=MODEL, linewidth=1.6)
    left.set_title("balance at the award", fontsize=9, loc="left")
    left.set_ylabel("minimum wages of December 1996, a year", fontsize=8)
    left.set_xlabel("year of award", fontsize=8)
    for year, color in ((2000, GREY), (2007, OTHER), (2015, MODEL)):
        row = open_[year - int(given.award_years[0])] / given.pension
        seen = given.years >= year
        right.step(
            given.years[seen], row[seen], where="mid", color=color, linewidth=1.5, label=f"awarded {year}"
        )
    right.set_title("share of a pension that the State pays (scenario 3)", fontsize=9, loc="left")
    right.legend(frameon=False, fontsize=8.5)
    save(figure, path)


def share(found: Reproduction, path: Path) -> None:
    """What INFONAVIT leaves by return, and what print asks for."""
    figure, ax = _one()
    pack, tables = found.register.runs.resolved("reconstructed", "1B"), found.register.tables
    rates = np.linspace(-0.01, 0.055, 66)
    for years, color, width in ((30, GREY, 1.0), (35, MODEL, 1.8), (40, GREY, 1.0)):
        drawn = [share_at(pack, float(rate), years=years) for rate in rates]
        ax.plot(PERCENT * rates, drawn, color=color, linewidth=width, label=f"career of {years} years")
    base = tables.cost("3B", ACQUIRED)
    points = [
        (3.5, float((tables.cost("1B", ACQUIRED) / base).mean())),
        (2.0, float((tables.cost("4B", ACQUIRED) / base).mean())),
    ]
    circles(ax, points, 6.0, label="print: 1B and 4B over 3B")
    ax.set_xlabel("real return on INFONAVIT, % a year", fontsize=8)
    ax.set_ylabel("share left to the State", fontsize=8)
    ax.legend(frameon=False, fontsize=8.5)
    save(figure, path)


def guarantee(found: Reproduction, path: Path) -> None:
    """Guarantee of new workers in 1B and 1A."""
    figure, ax = _one()
    tables, runs = found.register.tables, found.register.runs
    late = tables.years >= 2018
    for code, color in (("1B", MODEL), ("1A", OTHER)):
        ax.plot(
            tables.years[late],
            runs.percent("reconstructed", code, MPG)[late],
            color=color,
            linewidth=1.6,
            label=f"{code}, mechanism",
        )
        circles(ax, list(zip(tables.years[late], tables.cost(code, MPG)[late], strict=True)), 3.5)
    ax.set_ylabel("% of GDP (circles: print)", fontsize=8)
    ax.legend(frameon=False, fontsize=8.5)
    save(figure, path)


def readings(found: Reproduction, path: Path) -> None:
    """Acquired rights of all scenarios: print, published, reconstructed."""
    tables, runs = found.register.tables, found.register.runs
    figure, many = axes(2, 4, 11.5, 5.2, sharex=True)
    for ax, code in zip(many.ravel(), (*LOW_INFLATION, *HIGH_INFLATION), strict=True):
        low = code in LOW_INFLATION
        printed = tables.cost(code, ACQUIRED) if low else tables.held_out(code)
        for basis, color in (("published", OTHER), ("reconstructed", MODEL)):
            ax.plot(
                tables.years, runs.percent(basis, code, ACQUIRED), color=color, linewidth=1.5, label=basis
            )
        circles(ax, list(zip(tables.years, printed, strict=True)), 2.6, label="print")
        ax.set_title(code if low else f"{code} (not fitted)", fontsize=9, loc="left")
        ax.set_ylim(bottom=0.0)
    for ax in many[:, 0]:
        ax.set_ylabel("acquired rights, % of GDP", fontsize=8)
    many[0, 0].legend(frameon=False, fontsize=8)
    save(figure, path)


def hump(found: Reproduction, path: Path) -> None:
    """Column 2A as printed and put right, beside what saw neither."""
    figure, ax = _one(8.0, 3.6)
    tables, runs = found.register.tables, found.register.runs
    neither = tables.cost("2B", ACQUIRED) / tables.cost("3B", ACQUIRED) * tables.corrected("3A")
    circles(ax, list(zip(tables.years, tables.held_out("2A"), strict=True)), 3.5, label="2A as printed")
    ax.plot(
        tables.years, tables.corrected("2A"), color=PRINT, linewidth=1.2, label="put right: .216 and .241"
    )
    ax.plot(tables.years, neither, color=GREY, linewidth=1.4, linestyle="--", label="2B/3B x 3A")
    ax.plot(
        tables.years,
        runs.percent("reconstructed", "2A", ACQUIRED),
        color=MODEL,
        linewidth=1.6,
        label="mechanism",
    )
    ax.set_ylabel("acquired rights, % of GDP", fontsize=8)
    ax.legend(frameon=False, fontsize=8.5)
    save(figure, path)


ALL: Final[dict[str, Callable[[Any, Path], None]]] = {
    "reproduction_apart.png": apart,
    "mechanism_awards.png": awards,
    "mechanism_career.png": career,
    "mechanism_account.png": account,
    "mechanism_share.png": share,
    "mechanism_guarantee.png": guarantee,
    "reproduction_readings.png": readings,
    "reproduction_hump.png": hump,
}

__all__ = ["ALL"]
