"""Constants in place of mechanisms: what reproduces a printed column and explains nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cohorts import axes
from engine.labels import PENSION_TYPES
from engine.prepare.financing import Replicas

Float = NDArray[np.float64]

STRUCTURAL, REPLICA, RECONSTRUCTED = "structural", "replica", "reconstructed"


def rights(paid: Float, replicas: Replicas) -> Float:
    """Acquired rights by type with the printed factor and the printed parts of occupational risk, where there are any."""
    found = paid if replicas.rights_factor is None else paid * replicas.rights_factor
    if replicas.occupational is not None:
        disability, death = replicas.occupational
        found = found.copy()
        found[axes.OCCUPATIONAL_DISABILITY] = disability * found[axes.DISABILITY]
        found[axes.OCCUPATIONAL_DEATH] = death * found[axes.DEATH]
    return found


def guarantee(whole: Float) -> Float:
    """A guarantee that knows no types of pension, all of it under retirement, float64 (pension_type, year)."""
    found = np.zeros((axes.N_TYPES, whole.size))
    found[axes.RETIREMENT] = whole
    return found


def methods(replicas: Replicas, reconstructed: bool) -> tuple[str, ...]:
    """How each component is made, (component,)."""
    if reconstructed:
        return (RECONSTRUCTED, STRUCTURAL, STRUCTURAL, RECONSTRUCTED)
    return (
        _method(replicas.rights_factor is not None),
        STRUCTURAL,
        STRUCTURAL,
        _method(replicas.guarantee is not None),
    )


def methods_by_type(replicas: Replicas, reconstructed: bool) -> tuple[str, ...]:
    """How acquired rights of each type are made, (pension_type,)."""
    found = [RECONSTRUCTED if reconstructed else _method(replicas.rights_factor is not None)] * len(
        PENSION_TYPES
    )
    if replicas.occupational is not None:
        found[axes.OCCUPATIONAL_DISABILITY] = found[axes.OCCUPATIONAL_DEATH] = REPLICA
    return tuple(found)


def _method(constant: bool) -> str:
    return REPLICA if constant else STRUCTURAL
