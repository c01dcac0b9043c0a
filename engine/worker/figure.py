"""A figure of one worker: the account by fund until the award, and what each law pays while alive."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.outputs.figures import AREAS, COLOURS
from engine.worker.calculator import BALANCES, Study

FORMATS: Final = (".png", ".svg", ".pdf")
_THOUSAND: Final = 1000.0
_OLDEST: Final = 100


def write(study: Study, path: Path, text: Mapping[str, Any]) -> None:
    """Draw the figure; needs matplotlib.

    Parameters
    ----------
    study : Study
    path : Path
        Ending in one of :data:`FORMATS`.
    text : mapping
        The catalogue of texts.
    """
    from matplotlib.figure import Figure

    words = text["screen"]["worker"]
    page = Figure(figsize=(10.0, 4.0), layout="constrained")
    left, right = page.subplots(1, 2)
    before = study.before
    left.stackplot(
        before["age"] + 1,
        *(before[fund] / _THOUSAND for fund in BALANCES),
        labels=[text["fund"][fund] for fund in BALANCES],
        colors=AREAS,
    )
    _dress(left, words["figure_balance"], words["age"], words["thousand"])
    alive = study.after[(study.after["survival"] > 0.0) & (study.after["age"] <= _OLDEST)]
    # The new law's pension keeps its purchasing power; its guarantee is what the State adds at the award.
    new = np.full(len(alive), study.figures["new_pension"])
    for pension, label, colour in (
        (alive["old_pension"], words["old"], COLOURS[0]),
        (new, words["new"], COLOURS[1]),
    ):
        if (pension > 0.0).any():
            right.plot(alive["age"], pension / _THOUSAND, color=colour, label=label)
    _dress(right, words["figure_pension"], words["age"], words["thousand_a_year"])
    page.savefig(path, format=path.suffix.removeprefix("."), dpi=120)


def _dress(axes: Any, title: str, across: str, up: str) -> None:
    axes.set_title(title, loc="left", fontsize=11)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.set_ylim(bottom=0.0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#e0e0e0", linewidth=0.8)
    axes.set_axisbelow(True)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="upper left", frameon=False)


__all__ = ["FORMATS", "write"]
