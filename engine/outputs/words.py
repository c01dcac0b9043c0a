"""Names of variables, of their items and of units in the language of a reader, from the catalogue of texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import xarray as xr

from engine.outputs import money

# Labels of an axis that stand under another axis of the catalogue: causes of leaving are types of pension and one more.
_ALSO: Final[Mapping[str, tuple[str, ...]]] = {"cause": ("pension_type",)}
_YEAR: Final = re.compile(r"\d{4}")


def variable(name: str, text: Mapping[str, Any], otherwise: str = "") -> str:
    """What a variable is, beginning with a capital; ``otherwise`` where the catalogue has no such name."""
    return capital(str(text["variable"].get(name, otherwise or name)))


def capital(said: str) -> str:
    """The same with a capital at its beginning."""
    return said[:1].upper() + said[1:]


def item(dimension: str, label: str, text: Mapping[str, Any]) -> str:
    """An item of a variable's own axis: a component, a fund, a birth year."""
    if dimension in text["born"]:
        return str(text["born"][dimension]).format(item=label)
    for axis in (dimension, *_ALSO.get(dimension, ())):
        if label in text.get(axis, {}):
            return str(text[axis][label])
    return label.replace("_", " ")


def label(name: str, text: Mapping[str, Any]) -> str:
    """An item whose axis is not known."""
    for axis in ("component", "pension_type", "fund", "payer", "cause", "pensioner_group", "memo_item"):
        if name in text[axis]:
            return str(text[axis][name])
    return name


def price_base(base: str, text: Mapping[str, Any]) -> str:
    """Whose prices money is in: ``of December 1996`` or ``de diciembre de 1996``."""
    year = _YEAR.search(base)
    for kind in money.KINDS:
        if money.Unit(kind, int(year[0]) if year else 0).price_basis == base:
            return str(text["price_base"][kind]).format(year=year[0] if year else "")
    return base


def unit(of: xr.Variable | xr.DataArray, text: Mapping[str, Any]) -> str:
    """Unit as a person reads it: ``percent of GDP``, ``pesos of December 1996``."""
    label = str(of.attrs.get("units_label", of.attrs.get("units", "")))
    said = str(text["unit"].get(label, label))
    base = of.attrs.get("price_basis")
    return f"{said} {price_base(str(base), text)}" if base else said


def basis(name: str, text: Mapping[str, Any]) -> str:
    """A basis in words."""
    return str(text["basis_names"].get(name, name))


def parts(code: str) -> tuple[str, str]:
    """Number and letter of a scenario's code, as in 3B; the letter is that of the series of inflation."""
    found = re.fullmatch(r"(\d+)([A-Z]+)", code)
    return (found[1], found[2]) if found else (code, "")


__all__ = ["basis", "capital", "item", "label", "parts", "price_base", "unit", "variable"]
