"""Money of another time: pesos of December 1996, of December of any year, or of each year (nominal).

Nominal money follows the run's own price path. Pesos of a year whose prices are known follow the observed INPC, those of a
later year the run's path; the unit says which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from engine.outputs import OutputError, schema
from engine.prepare.economy import average_price, level_path

if TYPE_CHECKING:
    from assumptions import Resolved

Float = NDArray[np.float64]
Int = NDArray[np.int64]

NOMINAL: Final = "nominal"
ATTRIBUTE: Final = "pesos"
_BASE: Final = str(schema.PRICE_BASE_YEAR)
# In the order of the attribute `price_basis`: what it says in English.
_SAID: Final = {
    "december": "December {year}",
    "observed": "December {year}, observed prices",
    "path": "December {year}, prices of the run",
    "nominal": "each year, prices of the run",
}


Kind = Literal["december", "observed", "path", "nominal"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


class Unit(NamedTuple):
    """Money as somebody wants to read it.

    Attributes
    ----------
    kind : {"december", "observed", "path", "nominal"}
        December 1996; December of a year with observed prices, or with those of the run; each year's own money.
    year : int
    """

    kind: Kind
    year: int

    @property
    def price_basis(self) -> str:
        """Attribute ``price_basis`` of variables in this money."""
        return _SAID[self.kind].format(year=self.year)

    @property
    def asked(self) -> str:
        """What somebody types to get it."""
        return NOMINAL if self.kind == NOMINAL else str(self.year)


BASE: Final = Unit("december", schema.PRICE_BASE_YEAR)


def parse(text: str | int) -> Unit:
    """``1996``, another year, or ``nominal``.

    Raises
    ------
    OutputError
        If it is none of them.
    """
    from assumptions import observed_prices

    asked = str(text).strip().lower()
    if asked == NOMINAL:
        return Unit("nominal", schema.PRICE_BASE_YEAR)
    if not (asked.isdecimal() and len(asked) == len(_BASE)):
        raise OutputError(f"--pesos {text}: is not allowed; {_BASE}, another year or {NOMINAL} is")
    year = int(asked)
    if year == schema.PRICE_BASE_YEAR:
        return BASE
    known = observed_prices()
    if year < min(known):
        raise OutputError(
            f"--pesos {text}: no prices are known before {min(known)}; {min(known)} or later, or {NOMINAL}, is allowed"
        )
    return Unit("observed" if year in known else "path", year)


def levels(resolved: Resolved, years: Int) -> tuple[Float, Float]:
    """Price level of a run: average of each year and its end, December 1996 = 1, float64 (year,) each."""
    base = schema.PRICE_BASE_YEAR
    span = np.arange(min(int(years[0]), base) - 1, max(int(years[-1]), base) + 1)
    end = level_path(resolved.path("economy.inflation", span), span, base)
    average = average_price(end[1:], end[:-1])
    at = years - span[0]
    return average[at - 1], end[at]


def factors(resolved: Resolved, years: Int, unit: Unit) -> Float:
    """What pesos of December 1996 are multiplied with, float64 (year,).

    Raises
    ------
    OutputError
        If the run's prices are wanted for a year after the last year it covers.
    """
    if unit.kind == "december":
        return np.ones(years.size)
    if unit.kind == "nominal":
        return levels(resolved, years)[0]
    if unit.kind == "observed":
        ratio = observed_ratio(unit.year)
    else:
        ratio = float(levels(resolved, np.array([unit.year]))[1][0])
    return np.full(years.size, ratio)


def unit_of(dataset: xr.Dataset) -> Unit:
    """The money of a dataset."""
    return parse(str(dataset.attrs.get(ATTRIBUTE, _BASE)))


def convert(dataset: xr.Dataset, pesos: str | int) -> xr.Dataset:
    """The same run with all its money in other pesos; ``price_basis`` of every variable says which.

    Parameters
    ----------
    dataset : xarray.Dataset
        A run, or a selection of one, in pesos of December 1996.
    pesos : str or int
        ``1996``, another year, or ``nominal``.

    Raises
    ------
    OutputError
        If the money is not known, or the dataset's is not that of December 1996.
    """
    unit = parse(pesos)
    if unit_of(dataset) != BASE:
        raise OutputError(
            f"the money is in pesos of {unit_of(dataset).price_basis} already; start from the run itself"
        )
    if unit == BASE:
        return dataset
    factor = _factor(dataset, unit)
    out = dataset.copy()
    for name, item in dataset.data_vars.items():
        if item.attrs.get("price_basis"):
            moved = (item * factor).transpose(*item.dims)
            out[name] = moved.assign_attrs({**item.attrs, "price_basis": unit.price_basis})
    return out.assign_attrs({**dataset.attrs, ATTRIBUTE: unit.asked})


def _factor(dataset: xr.Dataset, unit: Unit) -> xr.DataArray:
    """What money is multiplied with: one number where prices are observed, else by case and year."""
    from assumptions import Resolved

    if unit.kind == "observed":
        known = observed_ratio(unit.year)
        return xr.DataArray(known)
    if "resolved_input" not in dataset:
        raise OutputError(
            f"--pesos {unit.asked}: the file has no price path of its own; a year with observed prices is allowed"
        )
    inputs = dataset["resolved_input"]
    years = np.atleast_1d(dataset.year.values)
    found = np.stack([factors(Resolved.from_json(str(text)), years, unit) for text in inputs.values.ravel()])
    factor = xr.DataArray(
        found.reshape(*inputs.shape, years.size), dims=(*inputs.dims, "year"), coords={"year": years}
    )
    return factor if "year" in dataset.dims else factor.isel(year=0, drop=True)


def observed_ratio(year: int) -> float:
    """Observed prices of a year's December over those of December 1996."""
    from assumptions import observed_prices

    known = observed_prices()
    return known[year].december / known[schema.PRICE_BASE_YEAR].december


__all__ = [
    "ATTRIBUTE",
    "BASE",
    "NOMINAL",
    "Unit",
    "convert",
    "factors",
    "levels",
    "observed_ratio",
    "parse",
    "unit_of",
]
