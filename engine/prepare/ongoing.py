"""Pensions in payment at the state's date whose fate depends on their own level: decrees and a least pension."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from cohorts import axes, pensioners
from engine.kernels.indexing import own_index
from engine.kernels.types import Economy
from engine.law.indexation import FROM, ORPHANS

Float = NDArray[np.float64]

# Types of pension that the decrees name, by kind; every other kind is one of retirement.
TYPE_OF_KIND: Final = {
    "retirement": axes.RETIREMENT,
    "disability": axes.DISABILITY,
    "survivors": axes.DEATH,
    "orphans": ORPHANS,
    "occupational": axes.OCCUPATIONAL_DISABILITY,
}


def own_factors(resolved: Resolved, economy: Economy, past: int, n_years: int, index: Float) -> Float | None:
    """What pensions pay over what their index alone would, float64 (kind, sex, age, year); None where nothing is added.

    Parameters
    ----------
    resolved : Resolved
        As of the first projected year.
    index : float64 (year,)
        What one minimum wage of the state's date pays in each year, pesos.

    Notes
    -----
    One level stands for each kind, sex and age, and is compared with the law's bounds as it stands. Decrees before the
    first year are in it. Widows of pensioners get their share of what the pensioner would.
    """
    rules = economy.indexing
    if not rules.by_level or resolved.switch("basis.ongoing_indexation") != "minimum_wage":
        return None
    rules = rules._replace(increases=np.ascontiguousarray(rules.increases[rules.increases[:, FROM] >= 0.0]))
    kinds = tuple(str(kind) for kind in resolved.labels("pensions.ongoing", "kind"))
    ages, heads, units = pensioners.opening_group(resolved, kinds)
    level = np.divide(units, heads, out=np.zeros_like(units), where=heads > 0.0)
    found = np.ones((*heads.shape, n_years))
    last = rules.follows.size - 1
    plain = index / index[0]
    for i, kind in enumerate(kinds):
        for sex, a in np.argwhere(level[i] > 0.0).tolist():
            own_index(
                level[i, sex, a] * index[0], 0.0, TYPE_OF_KIND.get(kind, axes.RETIREMENT), int(ages[a]), 0, last,
                economy.minimum_wage, past, rules, found[i, sex, a],
            )  # fmt: skip
            found[i, sex, a] /= plain
    return found


__all__ = ["TYPE_OF_KIND", "own_factors"]
