"""Mortality tables of the Society of Actuaries (mort.soa.org) by identity, through the package `pymort`."""

from __future__ import annotations

from typing import Any

import numpy as np

from assumptions.model import AssumptionError, Fault, Table


def load_soa(identity: int) -> Table:
    """The rates of an SOA table by identity, axis (age,), probability a year; axes (age, duration) when select.

    Raises `AssumptionError` when `pymort` is not installed, holds no such identity, or the table has other axes.
    """
    where = f"SOA table {identity}"
    try:
        import pymort
    except ImportError:
        said = "the package pymort is needed to read it: pip install pymort"
        raise AssumptionError([Fault(where, "", said)]) from None
    if isinstance(identity, bool) or not isinstance(identity, int):
        raise AssumptionError([Fault(where, "", "an identity is a whole number, as 2696")])
    try:
        content: Any = pymort.MortXML.from_id(identity)
    except Exception as error:
        # pymort raises whatever its reader met; to the user each means that there is no such table
        raise AssumptionError([Fault(where, "", f"pymort holds no such table ({error})")]) from None
    values = content.Tables[0].Values
    levels = [str(name).lower() for name in values.index.names]
    axes = tuple(levels)
    if axes not in (("age",), ("age", "duration")):
        raise AssumptionError([Fault(where, "", f"has axes {axes}; age, or age and duration, are read")])
    if len(axes) == 1:
        ages = tuple(int(age) for age in values.index)
        return Table(axes, {"age": ages}, values["vals"].to_numpy(dtype=np.float64))
    wide = values["vals"].unstack()
    coords: dict[str, tuple[str | int, ...]] = {
        "age": tuple(int(age) for age in wide.index),
        "duration": tuple(int(year) for year in wide.columns),
    }
    return Table(axes, coords, wide.to_numpy(dtype=np.float64))
