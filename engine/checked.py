"""What the kernels are given is finite: they never raise, so that a number that is none must be stopped before them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np

from assumptions import AssumptionError, Fault

Record = TypeVar("Record", bound=tuple[Any, ...])


def finite(record: Record, where: str) -> Record:
    """The record itself, if every number in it is finite.

    Parameters
    ----------
    record : named tuple
        Of arrays and numbers, as the kernels take it.
    where : str
        What it is, for the message.

    Raises
    ------
    AssumptionError
        With every field that holds NaN or infinity.
    """
    names = getattr(record, "_fields", range(len(record)))
    bad = [
        str(name)
        for name, value in zip(names, record, strict=True)
        if isinstance(value, float | np.ndarray)
        and np.asarray(value).dtype.kind == "f"
        and not np.isfinite(value).all()
    ]
    if bad:
        raise AssumptionError([_extreme(f"{where}: {', '.join(bad)} would not be finite numbers")])
    return record


@contextmanager
def arithmetic(where: str) -> Iterator[None]:
    """Turns an overflow, a division by nil or a NaN of numpy into an `AssumptionError`; a tiny number may become nil."""
    try:
        with np.errstate(divide="raise", over="raise", invalid="raise"):
            yield
    except (FloatingPointError, OverflowError, ZeroDivisionError) as error:
        raise AssumptionError([_extreme(f"{where}: {error}")]) from error


def _extreme(said: str) -> Fault:
    return Fault("", "", f"{said}; look for extreme values among those that were set")


__all__ = ["arithmetic", "finite"]
