"""How a value is replaced, shifted or scaled; the one place that knows what becomes of a probability beyond 1."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import numpy as np

from assumptions.model import FloatArray, Parameter, Table, Value
from assumptions.timeline import DatedPath

MODES: Final = ("replace", "shift", "scale")
RULES: Final = {
    "cap": "scaled or shifted past 1 it is 1",
    "force": "the force is scaled, 1 - (1 - q)^factor; shifted past 1 it is 1",
}


def scaled(rule: str | None, values: FloatArray, factor: float) -> FloatArray:
    """Numbers of a table times a factor, float64 of the same shape.

    Parameters
    ----------
    rule : str or None
        ``force``: probabilities whose force (constant over the year) is multiplied, q -> 1 - (1 - q)^factor, so
        that none passes 1; ``cap``: probabilities that are multiplied and held at 1; None: plain multiplication.

    Notes
    -----
    A factor of 1 gives the very numbers back. A certain death stays certain whatever the factor: a table still ends. A
    negative factor has no meaning for a probability and is multiplied plainly, so that its bounds refuse it.
    """
    if factor == 1.0:
        return values
    if rule == "force" and factor >= 0.0:
        with np.errstate(divide="ignore", invalid="ignore"):
            found = -np.expm1(factor * np.log1p(-values))
        return np.where(values >= 1.0, values, np.clip(found, 0.0, 1.0))
    found = values * factor
    return np.minimum(found, 1.0) if rule is not None else found


def changed(parameter: Parameter, old: Value, mode: str, value: Any, from_year: int | None = None) -> Value:
    """A value replaced by, shifted by (added to) or scaled with another; a path or a table also from a year on.

    What a replacement may be is checked by :meth:`Resolved.with_values`.
    """
    if isinstance(old, DatedPath):
        return old.modified(mode, value, from_year)
    if mode == "replace":
        return (
            value if from_year is None else old.from_year(from_year, old.in_year(from_year).with_array(value))
        )
    if isinstance(old, Table):
        if from_year is not None:
            return old.from_year(from_year, changed(parameter, old.in_year(from_year), mode, value))
        if mode == "scale":
            return old.mapped(partial(scaled, parameter.scaling, factor=value))
        return old.mapped(
            lambda cells: cells + value if parameter.scaling is None else np.minimum(cells + value, 1.0)
        )
    return old + value if mode == "shift" else old * value


__all__ = ["MODES", "RULES", "changed", "scaled"]
