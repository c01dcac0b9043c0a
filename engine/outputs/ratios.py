"""One result divided by another: `fiscal_cost_mxn/contributors`, in exports and sweeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import xarray as xr

from engine.outputs import OutputError, schema

_SIGN = "/"
_PER = "_per_"


class Ratio(NamedTuple):
    """A ratio of two variables of the table.

    Attributes
    ----------
    over, under : Variable
        The second has a value a year and no axis of its own, or the very axes of the first.
    """

    over: schema.Variable
    under: schema.Variable

    @property
    def variable(self) -> schema.Variable:
        """The ratio as a variable: name, axes, unit and meaning."""
        over, under = self.over, self.under
        unit = f"{over.units_label} / {under.units_label}"
        same = over.units_label == under.units_label
        return schema.Variable(
            name=f"{over.name}{_PER}{under.name}",
            dims=over.dims,
            dtype="float64",
            units="1",
            units_label=schema.SHARE[1] if same else unit.replace("/ persons", "per person"),
            long_name=f"{over.long_name} / {under.long_name}",
            description=f"{over.name} divided by {under.name}; missing where that is 0",
            source=over.source,
        )


def is_ratio(text: str) -> bool:
    """Whether a name of an output asks for a ratio."""
    return _SIGN in text


def parse(text: str, known: Sequence[str] = tuple(schema.VARIABLES)) -> Ratio:
    """``fiscal_cost_mxn/contributors``.

    Raises
    ------
    OutputError
        If a name is not known, is text, or the axes do not go together.
    """
    names = [name.strip() for name in text.split(_SIGN)]
    if len(names) != 2:
        raise OutputError(f"ratio {text!r}: is written as fiscal_cost_mxn/contributors")
    found = []
    for name in names:
        item = schema.VARIABLES.get(name)
        if item is None or name not in known or item.dtype != "float64" or "year" not in item.dims:
            table = ((n, schema.VARIABLES[n]) for n in known)
            yearly = [n for n, one in table if one.dtype == "float64" and "year" in one.dims]
            raise OutputError(
                f"ratio {text!r}: {name!r} is no yearly result; allowed are {', '.join(yearly)}"
            )
        found.append(item)
    over, under = found
    if under.dims != over.dims and under.dims[2:] != ("year",):
        raise OutputError(
            f"ratio {text!r}: the second has one value a year, or the axes of the first, {', '.join(over.dims)}"
        )
    return Ratio(over, under)


def named(name: str) -> Ratio | None:
    """The ratio behind the name of its variable, if it is one."""
    over, found, under = name.partition(_PER)
    return parse(f"{over}{_SIGN}{under}") if found else None


def with_ratios(dataset: xr.Dataset, asked: Sequence[str]) -> xr.Dataset:
    """The dataset with its ratios added; a run or a sweep that has both results.

    Raises
    ------
    OutputError
        If a ratio cannot be made of what the file has.
    """
    added = {}
    for text in asked:
        ratio = parse(text)
        lacking = [name for name in (ratio.over.name, ratio.under.name) if name not in dataset]
        if lacking:
            raise OutputError(f"ratio {text!r}: the file has no {', '.join(lacking)}")
        over, under = dataset[ratio.over.name], dataset[ratio.under.name]
        values = (over / under.where(under != 0.0)).transpose(*over.dims)
        attributes = {key: text for key, text in ratio.variable.attributes.items() if key != "price_basis"}
        if over.attrs.get("price_basis") and not under.attrs.get("price_basis"):
            attributes["price_basis"] = over.attrs["price_basis"]
        values.attrs = attributes
        added[ratio.variable.name] = values
    return dataset.assign(added)


__all__ = ["Ratio", "is_ratio", "named", "parse", "with_ratios"]
