"""Identities of the printed tables: they hold as far as rounding lets them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.projection import COMPONENTS
from engine.studies.annex_v.series import ACQUIRED, LOW_INFLATION, TYPES, Float, Tables


@dataclass(frozen=True)
class Identity:
    """An identity of the printed tables: largest deviation, what rounding alone allows, and cells that exceed it."""

    title: str
    cells: int
    largest: float
    allowed: float
    broken: int


def identities(t: Tables) -> tuple[Identity, ...]:
    """All identities, from the tables as read."""
    half = 0.0005
    found = []
    gaps = [t.cost(s, "total") - sum(t.cost(s, c) for c in COMPONENTS) for s in LOW_INFLATION]
    found.append(_identity("total = sum of the four components", gaps, 4 * half))
    gaps = [t.kind(s, "sum") - sum(t.kind(s, c) for c in TYPES) for s in LOW_INFLATION]
    found.append(_identity("sum of types = c1 + ... + c5", gaps, 6 * half))
    gaps = [t.kind(s, "sum") - t.cost(s, ACQUIRED) for s in LOW_INFLATION]
    found.append(_identity("sum of types = acquired rights", gaps, 0.0))
    total, quota, prorated = (t.long_series(c) for c in ("total", "social_quota", "prorated"))
    found.append(
        _identity("long table: total = quota + prorated", [total - quota - prorated], 0.005 + half + 0.00005)
    )
    return tuple(found)


def _identity(title: str, gaps: list[Float], allowed: float) -> Identity:
    flat = np.concatenate(gaps)
    flat = np.abs(flat[~np.isnan(flat)])
    edge = 1e-9
    return Identity(title, flat.size, float(flat.max()), allowed, int((flat > allowed + edge).sum()))


__all__ = ["Identity", "identities"]
