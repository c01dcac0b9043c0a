"""What is told of a sweep before it starts: of the values that a user sets beneath it, and of its design."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from assumptions.notices import of_design
from engine import notices
from engine.sweeps.spec import Swept


def told(
    resolved: Sequence[Resolved], parameters: Sequence[Swept], values: NDArray[np.float64]
) -> tuple[str, ...]:
    """Notices of a sweep.

    Parameters
    ----------
    resolved : sequence of Resolved
        Scenarios, with what a user sets beneath the design.
    parameters : sequence of Swept
    values : float64 (case, parameter)
    """
    own = dict.fromkeys(notice for pack in resolved for notice in pack.notices)
    return (*own, *notices.of_cases(resolved), *_design(resolved[0], parameters, values))


def _design(pack: Resolved, parameters: Sequence[Swept], values: NDArray[np.float64]) -> Iterator[str]:
    for at, parameter in enumerate(parameters):
        if pack.has(parameter.name) and values.ndim == 2 and values.shape[0] and at < values.shape[1]:
            column = values[:, at]
            if np.isfinite(column).all():
                if (
                    parameter.mode == "replace"
                    and parameter.from_year is None
                    and parameter.name in pack.user_set
                ):
                    yield f"{parameter.name} is set beneath the sweep, and the design replaces it in every case"
                low, high = float(column.min()), float(column.max())
                yield from of_design(pack.item(parameter.name), parameter.mode, low, high)


__all__ = ["told"]
