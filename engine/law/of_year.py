"""The law of one year, out of the laws by year that are prepared for a run."""

from __future__ import annotations

import numpy as np

from engine.law.award import Law
from engine.law.compiled import inlined
from engine.law.new import NewLaw
from engine.law.old import OldLaw


@inlined()
def law_of_year(old: np.ndarray, new: np.ndarray, t: int, recognition: int, guarantee: int) -> Law:
    """The law of year ``t``; ``old`` and ``new`` are float64 (field, year), in the order of the records' fields."""
    return Law(
        OldLaw(
            old[0, t] != 0.0, old[1, t], old[2, t], old[3, t], old[4, t], old[5, t],
            old[6, t], old[7, t], old[8, t], old[9, t], old[10, t], old[11, t] != 0.0,
            old[12, t], old[13, t], old[14, t], old[15, t], old[16, t], old[17, t], old[18, t],
            old[19, t] != 0.0,
        ),
        NewLaw(
            new[0, t] != 0.0, new[1, t], new[2, t], new[3, t], new[4, t], new[5, t],
            new[6, t], new[7, t], new[8, t], new[9, t], new[10, t], new[11, t] != 0.0,
            new[12, t],
        ),
        recognition,
        guarantee,
    )  # fmt: skip
