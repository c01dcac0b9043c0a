"""The actuarial balance as one labelled dataset and as a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from assumptions import Resolved
from cohorts import axes, careers, members
from engine import notices
from engine.balance import actuarial, comparison, valuation
from engine.balance import worth as moneys_worth
from engine.outputs import netcdf, provenance
from engine.outputs.dataset import tables_attribute
from engine.outputs.schema import NONE, PEOPLE, PERCENT, SHARE, TEXT, Variable
from engine.shares import percent_of_gdp

FORMAT: Final = "annexv-balance"
FORMAT_VERSION: Final = 1
_MONEY: Final = ("1", "MXN of the price base")
_YEAR: Final = ("1", "calendar year")
_RATE: Final = ("year-1", "fraction a year")
_METHODS: Final = "docs/counterfactual.md"
_NAN: Final = float("nan")


def _coordinate(name: str, dtype: str, unit: tuple[str, str], long_name: str, said: str) -> Variable:
    return Variable(name, (name,), dtype, *unit, long_name, said, _METHODS)


def _variable(
    name: str, dims: str, unit: tuple[str, str], long_name: str, said: str, dtype: str = "float64"
) -> Variable:
    return Variable(name, tuple(dims.split()), dtype, *unit, long_name, said, _METHODS)


_COHORT: Final = "birth_year sex wage_group"
_COORDINATES: Final = (
    _coordinate("year", "int64", _YEAR, "calendar year", "Years whose flows the balance counts"),
    _coordinate(
        "benefit_group",
        "str",
        TEXT,
        "whose rights",
        "Pensions in payment at the valuation date; of affiliates at that date, earned by service before it and after it; of"
        " those who join later",
    ),
    _coordinate(
        "pension_type",
        "str",
        TEXT,
        "type of pension",
        "The scheme is retirement, disability and death; occupational risk is another insurance and enters no sum",
    ),
    _coordinate(
        "generation", "str", TEXT, "generation", "Affiliates at the valuation date, or joining later"
    ),
    _coordinate("branch", "str", TEXT, "branch of contributions", "Parts of the old law's contribution"),
    _coordinate("asset", "str", TEXT, "asset", "Assets of the actuarial balance"),
    _coordinate("liability", "str", TEXT, "liability", "Liabilities of the actuarial balance"),
    _coordinate(
        "debt",
        "str",
        TEXT,
        "measure of implicit pension debt",
        "Accrued to date: in payment and earned by past service; closed group: with future service; open group: with future"
        " generations; net: less contributions of the same persons and the reserve",
    ),
    _coordinate("line", "str", TEXT, "line of the comparison", "The reform against no reform"),
    _coordinate("system", "str", TEXT, "system", "The old system, or the reform"),
    _coordinate(
        "pension_age", "int64", ("year", "years"), "age at award", "First and full age of the old law"
    ),
    _coordinate("birth_year", "int64", _YEAR, "year of birth", "Of the worker"),
    _coordinate("sex", "str", TEXT, "sex", "m: men, f: women"),
    _coordinate(
        "wage_group", "int64", NONE, "wage group", "Equally large groups of relative wages, lowest first"
    ),
)
_DATA: Final = (
    _variable(
        "pensions",
        "benefit_group pension_type year",
        _MONEY,
        "pensions paid",
        "By the scheme, or by the State where accounts pay first; the guarantee included",
    ),
    _variable(
        "pensioners",
        "benefit_group pension_type year",
        PEOPLE,
        "pensioners",
        "Pensioners and widows; those of present affiliates stand whole under present_future_service",
    ),
    _variable(
        "contributions",
        "branch generation year",
        _MONEY,
        "contributions under the old law",
        "Every branch whole, while the old law collects it",
    ),
    _variable(
        "counted_share",
        "branch",
        SHARE,
        "counted share",
        "Share of a branch that is an asset of the pensions",
    ),
    _variable(
        "covered_wages",
        "generation year",
        _MONEY,
        "covered wages",
        "Wages up to the old law's ceiling on which contributions are due",
    ),
    _variable("contributors", "generation year", PEOPLE, "contributors", "Contributing in the year"),
    _variable(
        "state_contributions",
        "generation year",
        _MONEY,
        "contributions of the State under the new law",
        "Social quota and proportional contributions",
    ),
    _variable(
        "iv_premiums",
        "generation year",
        _MONEY,
        "premiums of disability and life under the new law",
        "Reported; an asset of no balance",
    ),
    _variable(
        "health_premiums",
        "generation year",
        _MONEY,
        "contributions to pensioners' health under the new law",
        "Reported; an asset of no balance",
    ),
    _variable("discount_factor", "year", NONE, "discount factor", "Value at the date of a peso of the year"),
    _variable("gdp", "year", _MONEY, "gross domestic product", "Of the year"),
    _variable(
        "scheme_contributions", "year", _MONEY, "counted contributions", "All generations, counted branches"
    ),
    _variable(
        "scheme_pensions", "year", _MONEY, "pensions of the scheme", "All groups, without occupational risk"
    ),
    _variable(
        "cash_balance",
        "year",
        _MONEY,
        "cash balance",
        "Counted contributions less pensions and State contributions",
    ),
    _variable(
        "reserve", "year", _MONEY, "reserve", "At the end of the year, at the discount rate; below 0 a debt"
    ),
    _variable("cost_rate", "year", SHARE, "pay-as-you-go cost rate", "Pensions over covered wages"),
    _variable(
        "contribution_rate", "year", SHARE, "contribution rate", "Counted contributions over covered wages"
    ),
    _variable(
        "pensioners_per_100",
        "year",
        NONE,
        "pensioners per 100 contributors",
        "Of all types; missing without contributors",
    ),
    _variable("assets", "asset", _MONEY, "assets", "Present values at the valuation date"),
    _variable("liabilities", "liability", _MONEY, "liabilities", "Present values at the valuation date"),
    _variable(
        "liabilities_no_reform",
        "liability",
        _MONEY,
        "liabilities without the reform",
        "Present values; missing where no reform is enacted or the date is not the state's",
    ),
    _variable("deficit", "", _MONEY, "actuarial deficit", "Liabilities less assets"),
    _variable("deficit_gdp", "", PERCENT, "actuarial deficit", "Of the year that the valuation date closes"),
    _variable("implicit_debt", "debt", _MONEY, "implicit pension debt", "Present values"),
    _variable(
        "implicit_debt_gdp", "debt", PERCENT, "implicit pension debt", "Of the year that the date closes"
    ),
    _variable(
        "average_premium",
        "",
        SHARE,
        "general average premium",
        "Share of covered wages that pays all liabilities with the reserve at hand",
    ),
    _variable("discount_rate", "", _RATE, "real discount rate", "Of every present value"),
    _variable("valuation_year", "", _YEAR, "valuation year", "The date is its 31 December", "int64"),
    _variable("gdp_at_date", "", _MONEY, "gross domestic product", "Of the valuation year"),
    _variable(
        "price_at_date",
        "",
        NONE,
        "price level",
        "Average of the valuation year, price base = 1: pesos of that year",
    ),
    _variable("first_deficit_year", "", _YEAR, "first cash deficit", "First year below 0; missing if none"),
    _variable(
        "reserve_spent_year", "", _YEAR, "reserve spent", "First year that ends below 0; missing if none"
    ),
    _variable(
        "reform_line",
        "line year",
        _MONEY,
        "reform against no reform",
        "Missing where no reform is enacted or the date is not the state's",
    ),
    _variable("reform_value", "line", _MONEY, "reform against no reform", "Present values of the lines"),
    _variable(
        "break_even_year",
        "",
        _YEAR,
        "break-even year",
        "First year from which on the reform never costs more than the old system; missing if none",
    ),
    _variable(
        "paid_back_year",
        "",
        _YEAR,
        "year of pay-back",
        "First year by which discounted savings have made up for the costs; missing if none",
    ),
    _variable(
        "worth_paid",
        f"system {_COHORT}",
        _MONEY,
        "paid",
        "Present value of employer's and worker's contributions",
    ),
    _variable(
        "worth_received",
        f"system {_COHORT}",
        _MONEY,
        "received",
        "Present value of pensions and balances paid out",
    ),
    _variable("worth_wages", _COHORT, _MONEY, "wages", "Present value of wages"),
    _variable("moneys_worth", f"system {_COHORT}", NONE, "money's worth", "Received over paid"),
    _variable(
        "reform_gain", _COHORT, SHARE, "gain by the reform", "Received less paid, over wages; below 0 a loss"
    ),
    _variable(
        "rate_of_return",
        f"system {_COHORT}",
        _RATE,
        "internal rate of return",
        "Of whole careers only; missing for workers who bring past service",
    ),
    _variable(
        "replacement_rate",
        f"system pension_age {_COHORT}",
        SHARE,
        "replacement rate",
        "Pension of the first year over the last wage; missing where no pension is due",
    ),
    _variable(
        "resolved_input",
        "",
        TEXT,
        "resolved assumptions",
        "Every value with unit, status and source, as JSON",
        "str",
    ),
)
COORDINATES: Final[Mapping[str, Variable]] = {item.name: item for item in _COORDINATES}
VARIABLES: Final[Mapping[str, Variable]] = {item.name: item for item in _DATA}
ALL: Final[Mapping[str, Variable]] = {**COORDINATES, **VARIABLES}
_LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    "benefit_group": valuation.GROUPS,
    "pension_type": axes.PENSION_TYPES,
    "generation": axes.GENERATIONS,
    "asset": actuarial.ASSETS,
    "liability": actuarial.LIABILITIES,
    "debt": actuarial.DEBTS,
    "line": comparison.LINES,
    "system": moneys_worth.SYSTEMS,
    "sex": axes.SEXES,
}


def balance(resolved: Resolved, date_year: int | None = None, *, embed_tables: bool = False) -> xr.Dataset:
    """Value a scheme; at the state's date of an enacted reform also compare it with no reform, and its workers' worth.

    Parameters
    ----------
    resolved : Resolved
    date_year : int, optional
        31 December of this year; the state's date by default.
    embed_tables : bool
        Whether the dataset holds the users' own tables, not only their digests.

    Raises
    ------
    AssumptionError
    """
    resolved = members.with_totals(resolved)
    found = valuation.value(resolved, date_year)
    sums = actuarial.balance(found)
    cash = actuarial.cash_flow(found)
    data: dict[str, Any] = {
        "pensions": found.pensions,
        "pensioners": found.pensioners,
        "contributions": found.contributions,
        "counted_share": found.counted,
        "covered_wages": found.wages,
        "contributors": found.contributors,
        "state_contributions": found.state_contributions,
        "iv_premiums": found.iv_premiums,
        "health_premiums": found.health_premiums,
        "discount_factor": found.discount,
        "gdp": found.gdp,
        "scheme_contributions": cash.contributions,
        "scheme_pensions": cash.pensions,
        "cash_balance": cash.balance,
        "reserve": cash.reserve,
        "cost_rate": cash.cost_rate,
        "contribution_rate": cash.contribution_rate,
        "pensioners_per_100": cash.pensioners_per_100,
        "assets": list(sums.assets.values()),
        "liabilities": list(sums.liabilities.values()),
        "deficit": sums.deficit,
        "deficit_gdp": percent_of_gdp(sums.deficit, found.gdp_at_date),
        "implicit_debt": list(sums.debts.values()),
        "implicit_debt_gdp": [percent_of_gdp(debt, found.gdp_at_date) for debt in sums.debts.values()],
        "average_premium": sums.average_premium,
        "discount_rate": found.rate,
        "valuation_year": found.date_year,
        "gdp_at_date": found.gdp_at_date,
        "price_at_date": found.price_at_date,
        "first_deficit_year": _or_nan(actuarial.first_deficit(found.years, cash.balance)),
        "reserve_spent_year": _or_nan(actuarial.exhausted(found.years, cash.reserve)),
        "resolved_input": np.array(provenance.inputs_as_text([resolved], embed_tables)[0], dtype=object),
    }
    at_state = found.date_year == int(resolved.number("reform.state_year"))
    reform = resolved.flag("reform.enacted") and at_state
    data |= _of_reform(resolved, found.years.size) if reform else _without_reform(resolved, found.years.size)
    births = int(resolved.number("reform.state_year")) - resolved.table("balance.worth_ages").values
    ages = [resolved.number("law_1973.severance_age"), resolved.number("law_1973.old_age")]
    coordinates: dict[str, NDArray[Any]] = {
        "year": found.years.astype(np.int64),
        **{name: np.array(labels) for name, labels in _LABELS.items()},
        "branch": np.array(found.branches),
        "pension_age": np.array(ages).astype(np.int64),
        "birth_year": births.astype(np.int64),
        "wage_group": np.arange(1, careers.wage_groups(resolved).size + 1, dtype=np.int64),
    }
    base = f"December {int(resolved.number('economy.price_base_year'))}"
    return xr.Dataset(
        {
            name: xr.Variable(item.dims, _shaped(data[name], item), _said(item, base))
            for name, item in VARIABLES.items()
        },
        {
            name: xr.Variable(item.dims, coordinates[name], item.attributes)
            for name, item in COORDINATES.items()
        },
        _attributes(resolved, found),
    )


def unmoved(resolved: Resolved, dataset: xr.Dataset, date_year: int | None = None) -> list[str]:
    """Values that a user sets and that move no figure of a balance, measured by drawing it up without each."""

    def figures(case: Resolved) -> NDArray[np.float64]:
        drawn = dataset if case is resolved else balance(case, date_year)
        numbers = [item.values.ravel() for item in drawn.data_vars.values() if item.dtype.kind == "f"]
        return np.concatenate(numbers)

    return notices.unmoved_figures(resolved, figures, "in this balance")


def write(dataset: xr.Dataset, path: str | Path, *, command: str = "engine", overwrite: bool = True) -> Path:
    """Write a balance to a netCDF file, whole or not at all."""
    return netcdf.write(dataset, path, command=command, overwrite=overwrite, table=ALL)


def read(path: str | Path) -> xr.Dataset:
    """Read a file of :func:`write` into memory and check that it is one."""
    return netcdf.read(path, content=FORMAT, table=ALL, known=_LABELS, command="annexv balance --out FILE.nc")


def _of_reform(resolved: Resolved, n_years: int) -> dict[str, Any]:
    against = comparison.compare(resolved)
    worth = moneys_worth.worth(resolved)
    return {
        "reform_line": np.stack([against.lines[name] for name in comparison.LINES]),
        "reform_value": [against.present_values[name] for name in comparison.LINES],
        "liabilities_no_reform": list(actuarial.balance(against.no_reform).liabilities.values()),
        "break_even_year": _or_nan(against.break_even_year),
        "paid_back_year": _or_nan(against.paid_back_year),
        "worth_paid": worth.paid,
        "worth_received": worth.received,
        "worth_wages": worth.wages,
        "moneys_worth": worth.moneys_worth,
        "reform_gain": worth.gain,
        "rate_of_return": worth.rate_of_return,
        "replacement_rate": worth.replacement,
    }


def _without_reform(resolved: Resolved, n_years: int) -> dict[str, Any]:
    cells = (resolved.table("balance.worth_ages").values.size, 2, careers.wage_groups(resolved).size)
    both = len(moneys_worth.SYSTEMS)
    shapes: dict[str, tuple[int, ...]] = {
        "reform_line": (len(comparison.LINES), n_years),
        "reform_value": (len(comparison.LINES),),
        "liabilities_no_reform": (len(actuarial.LIABILITIES),),
        "break_even_year": (),
        "paid_back_year": (),
        "worth_paid": (both, *cells),
        "worth_received": (both, *cells),
        "worth_wages": cells,
        "moneys_worth": (both, *cells),
        "reform_gain": cells,
        "rate_of_return": (both, *cells),
        "replacement_rate": (both, 2, *cells),
    }
    return {name: np.full(shape, np.nan) for name, shape in shapes.items()}


def _shaped(found: Any, item: Variable) -> NDArray[Any]:
    array = np.asarray(found)
    return array if item.dtype == "str" else array.astype(item.dtype)


def _said(item: Variable, base: str) -> dict[str, str]:
    return item.attributes | ({"price_basis": base} if item.units_label == _MONEY[1] else {})


def _or_nan(year: int | None) -> float:
    return _NAN if year is None else float(year)


def _attributes(resolved: Resolved, found: valuation.Valuation) -> dict[str, str | int]:
    attributes = provenance.run_attributes([resolved], [int(year) for year in found.years], resolved.notices)
    return attributes | {
        "title": f"Actuarial balance of scenario {resolved.scenario} at 31 December {found.date_year}",
        "summary": "Flows of a pension scheme by generation, their present values, and the reform against no reform.",
        "annexv_format": FORMAT,
        "annexv_format_version": FORMAT_VERSION,
        **tables_attribute([resolved]),
    }


__all__ = ["ALL", "FORMAT", "FORMAT_VERSION", "balance", "read", "unmoved", "write"]
