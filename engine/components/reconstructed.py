"""Acquired rights and guarantee of the mechanism reconstructed from print, where it takes the place of cohorts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cohorts import axes
from engine import reconstruction
from engine.reconstruction import Mechanism, Reconstructed

Float = NDArray[np.float64]


def reconstructed(mechanism: Mechanism | None, due: Float) -> Reconstructed | None:
    """Cost of the mechanism, pesos; None where there is none."""
    if mechanism is None:
        return None
    found = reconstruction.cost(mechanism)
    return Reconstructed(found.rights * due, found.paid_by_account * due, found.guarantee * due)


def by_type(rights: Float, of_cohorts: Float) -> Float:
    """Rights in the proportions of the types of the cohorts, float64 (pension_type, year): the mechanism knows no types.

    Where cohorts have none, all of it is retirement.
    """
    total = of_cohorts.sum(axis=0)
    alone = np.zeros_like(of_cohorts)
    alone[axes.RETIREMENT] = 1.0
    share: Float = np.divide(of_cohorts, total, out=alone, where=total > 0.0)
    return rights * share


__all__ = ["by_type", "reconstructed"]
