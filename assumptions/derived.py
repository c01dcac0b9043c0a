"""Functions of derived values. Each takes the values of its inputs in order and returns the value.

A TOML entry `derived = { function = "product", inputs = ["a.b", "c.d"] }` names one of them; it is computed when
a basis is resolved and again whenever an input changes, unless the value itself is set.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from assumptions.model import SEXES, Table
from assumptions.timeline import DatedPath

# A path given by a formula is written out over more years than any projection has.
YEARS_WRITTEN_OUT = 250

REGISTRY: dict[str, Callable[..., Any]] = {}


def _register(function: Callable[..., Any]) -> Callable[..., Any]:
    REGISTRY[function.__name__] = function
    return function


@_register
def same(value: Any) -> Any:
    """Another parameter's value (what `value_of` is written for)."""
    return value


@_register
def all_or_nothing(flag: bool) -> DatedPath:
    """1 in all years where a flag is set, otherwise 0."""
    return DatedPath.constant(float(flag))


@_register
def product(*factors: float) -> float:
    """Product of numbers."""
    return math.prod(factors)


@_register
def quotient(above: float, below: float) -> float:
    """`above / below`."""
    return above / below


@_register
def thirteenths(months: float, months_per_year: float) -> float:
    """(months a year + months of bonus) / months a year: 13/12 for one month's bonus."""
    return (months_per_year + months) / months_per_year


@_register
def growth_ratio(growth: float, reference: float) -> float:
    """(1 + growth) / (1 + reference growth), both a year: the level after one year beside the reference's."""
    return (1.0 + growth) / (1.0 + reference)


@_register
def grown_until(level: float, growth: DatedPath, base_year: float, date: str) -> float:
    """`level` of `base_year` after the growth a year of the years up to that of `date`, or before it, back to then."""
    base, year = int(base_year), dt.date.fromisoformat(date).year
    growing = float(np.prod(1.0 + growth.at(np.arange(min(base, year) + 1, max(base, year) + 1))))
    return level * growing if year >= base else level / growing


@_register
def decaying_growth(long_run: float, extra: float, decay: float, origin: float) -> DatedPath:
    """Growth a year, long_run + extra * exp(-decay (t - origin)), from origin on."""
    years = int(origin) + np.arange(YEARS_WRITTEN_OUT)
    return DatedPath(years, long_run + extra * np.exp(-decay * (years - origin)))


@_register
def geometric_path(level: float, growth: float, origin: float) -> DatedPath:
    """level * (1 + growth)^(t - origin), from origin on."""
    years = int(origin) + np.arange(YEARS_WRITTEN_OUT)
    return DatedPath(years, level * (1.0 + growth) ** (years - origin))


@_register
def spliced(early: DatedPath, late: DatedPath) -> DatedPath:
    """`early` until the year before the first dated value of `late`, then `late`."""
    first = int(late.years[0])
    keep = early.years < first
    return DatedPath(
        [*early.years[keep].tolist(), *late.years.tolist()],
        [*early.values[keep].tolist(), *late.values.tolist()],
    )


@_register
def knots_to_ages(density: Table, male_share: float, first_age: float, last_age: float) -> Table:
    """Shares by sex and single age, sum 1, axes (sex, age), from relative numbers at knots of age.

    Log-linear between knots, held below the first knot; nobody at `first_age` itself nor above the last knot.
    """
    ages = tuple(range(int(first_age), int(last_age) + 1))
    knots = np.asarray(density.coords[density.axes[0]], dtype=np.float64)
    flat = np.exp(np.interp(ages, knots, np.log(density.values)))
    flat[0] = 0.0
    flat[np.asarray(ages) > knots[-1]] = 0.0
    values = np.outer((male_share, 1.0 - male_share), flat / flat.sum())
    return Table(("sex", "age"), {"sex": SEXES, "age": ages}, values)


@_register
def heads_from_cost(cost: float, gdp: float, wage_daily: float, days: float) -> float:
    """Persons whose yearly pension of one minimum wage costs the fraction `cost` of `gdp` (MXN of Dec 1996)."""
    return cost * gdp / (wage_daily * days)


@_register
def scaled_table(total: float, shares: Table) -> Table:
    """A total split by a table of shares."""
    return shares.with_array(total * shares.values)


@_register
def one_kind_by_sex(male_share: float) -> Table:
    """Shares by sex of a group of a single kind, axes (kind, sex)."""
    coords: dict[str, tuple[str | int, ...]] = {"kind": ("all",), "sex": SEXES}
    return Table(("kind", "sex"), coords, [[male_share, 1.0 - male_share]])


@_register
def step_by_age(below: float, above: float, step_age: float) -> Table:
    """One value below an age and another from it on, for both sexes and ages 15 to 110, axes (sex, age)."""
    ages = tuple(range(15, 111))
    row = [below if age < step_age else above for age in ages]
    return Table(("sex", "age"), {"sex": SEXES, "age": ages}, [row, row])
