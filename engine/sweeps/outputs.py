"""Which results of a case go into a sweep, and how they are taken from it: names and units as in the projection's files."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError
from engine.outputs import ratios, schema
from engine.outputs.dataset import AS_THEY_ARE, labels
from engine.projection import ACCOUNTS, COMPONENTS, FUNDS, CaseResult
from engine.shares import percent_of_gdp

Float = NDArray[np.float64]
Int = NDArray[np.int64]

_OF_GDP: Final = {"acquired_rights_by_type": "acquired_by_type", "mpg_by_type": "mpg_by_type"}
_AS_THEY_ARE: Final = ("gdp", *AS_THEY_ARE)
# In the order of the projection's files. Results by birth year or wage group are left out: those axes differ between cases.
NAMES: Final = tuple(
    name
    for name in schema.VARIABLES
    if name
    in ("fiscal_cost", "fiscal_cost_total", "fiscal_cost_mxn", "account_assets", *_OF_GDP, *_AS_THEY_ARE)
)


def variable(name: str) -> schema.Variable:
    """What a result is: a variable of the projection's files, or a ratio of two."""
    ratio = ratios.named(name)
    return schema.VARIABLES[name] if ratio is None else ratio.variable


def dims(name: str) -> tuple[str, ...]:
    """Dimensions of a result within one case and scenario; the last is ``year``."""
    return variable(name).dims[2:]


def shape(name: str, years: int) -> tuple[int, ...]:
    """Lengths of :func:`dims`."""
    known = labels()
    return tuple(years if dim == "year" else len(known[dim]) for dim in dims(name))


def take(name: str, result: CaseResult) -> Float:
    """One result of a projected case, float64 on :func:`dims`, bit for bit as :func:`engine.project` gives it."""
    ratio = ratios.named(name)
    if ratio is not None:
        over, under = take(ratio.over.name, result), take(ratio.under.name, result)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(under != 0.0, over / under, np.nan)
    if name == "fiscal_cost_mxn":
        return result.cost
    if name == "fiscal_cost":
        return percent_of_gdp(result.cost, result.gdp)
    if name == "fiscal_cost_total":
        share = percent_of_gdp(result.cost, result.gdp)
        total: Float = share[0].copy()
        for n in range(1, len(COMPONENTS)):
            total += share[n]
        return total
    if name in _OF_GDP:
        values: Float = getattr(result, _OF_GDP[name])
        return percent_of_gdp(values, result.gdp)
    if name == "account_assets":
        assets: Float = np.full((len(FUNDS), result.years.size), np.nan)
        assets[[FUNDS.index(account) for account in ACCOUNTS]] = result.assets
        return assets
    plain: Float = getattr(result, name)
    return plain


def check(result: CaseResult, years: Int) -> None:
    """Refuse a case whose numbers mean nothing.

    Raises
    ------
    AssumptionError
        If years differ from the sweep's, GDP is not positive, or a cost is not finite.
    """
    if not np.array_equal(result.years, years):
        raise AssumptionError.single(
            "reform.first_year, reform.last_year",
            f"covers {result.years[0]}-{result.years[-1]}",
            f"{years[0]}-{years[-1]} as the other cases",
        )
    if not (result.gdp > 0.0).all():
        raise AssumptionError.single("economy.gdp_1997", "GDP is not above 0 in every year", "above 0")
    finite = np.isfinite(result.cost).all(axis=0) & np.isfinite(result.gdp)
    if not finite.all():
        raise AssumptionError.single(
            "fiscal_cost",
            f"costs of {int(result.years[~finite][0])} exceed every finite number",
            "less extreme growth or returns",
        )


__all__ = ["NAMES", "check", "dims", "shape", "take"]
