"""Benchmarks for asv. Those named track_speed_up_... are better when higher, all others when lower."""

from __future__ import annotations

import os
from typing import Final

# In quick mode, which only asks whether everything still runs, sizes are small.
QUICK: Final = bool(os.environ.get("ANNEXV_BENCH_QUICK"))
LAST_YEAR: Final = 2005 if QUICK else 2030


def sets(**more: float) -> dict[str, float]:
    """Values set in every benchmark that is shortened in quick mode."""
    return {"reform.last_year": LAST_YEAR, **more} if QUICK else dict(more)


__all__ = ["LAST_YEAR", "QUICK", "sets"]
