"""What the report shows of a balance file: the old system, and the reform against no reform."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import xarray as xr

from engine.outputs import OutputError, export
from engine.outputs.report.content import plain
from engine.shares import percent_of_gdp

VARIABLES: Final = (
    "reform_line",
    "liabilities",
    "liabilities_no_reform",
    "replacement_rate",
    "reform_gain",
)
_PERCENT: Final = 100.0


def figures(balance: xr.Dataset) -> dict[str, Any]:
    """Numbers of the figures; flows and debts in percent of GDP, rates in percent of wages.

    Parameters
    ----------
    balance : xarray.Dataset
        As read by :func:`engine.outputs.balance.read`.

    Raises
    ------
    OutputError
        If the balance compares no reform with none.
    """
    if not bool(balance.reform_value.notnull().all()):
        raise OutputError(
            f"--balance: {balance.attrs['title']!r} compares no reform with none; a balance of a scenario with a reform at"
            " its state's date is expected, as `annexv balance --scenario 3B --out FILE.nc` writes"
        )
    shares = percent_of_gdp(balance.reform_line, balance.gdp)
    line = {str(name): shares.sel(line=name).values for name in balance.line.values}
    counted = line["contributions_no_reform"] * counted_share(balance)
    at_date = percent_of_gdp(1.0, float(balance.gdp_at_date))
    last = int(balance.wage_group[-1])
    wages = sorted({1, (last + 1) // 2, last})
    age = int(balance.pension_age[-1])
    replaced = _PERCENT * balance.replacement_rate.sel(pension_age=age)
    sexes = [str(sex) for sex in balance.sex.values]
    systems = [str(system) for system in balance.system.values]
    return {
        "years": balance.year.values.tolist(),
        "births": balance.birth_year.values.tolist(),
        "wages": wages,
        "wage_groups": last,
        "age": age,
        "old": {
            "contributions": plain(counted),
            "pensions": plain(line["pensions_no_reform"]),
            "cash_balance": plain(counted - line["pensions_no_reform"]),
        },
        "cost": {name: plain(line[name]) for name in ("net_fiscal_cost", "net_cash_cost")},
        "groups": [str(name) for name in balance.liability.values],
        "debt": {
            "no_reform": plain(at_date * balance.liabilities_no_reform.values),
            "reform": plain(at_date * balance.liabilities.values),
        },
        "replacement": {
            sex: {
                system: [
                    plain(replaced.sel(sex=sex, system=system, wage_group=group).values) for group in wages
                ]
                for system in systems
            }
            for sex in sexes
        },
        "gain": {
            sex: [
                plain(_PERCENT * balance.reform_gain.sel(sex=sex, wage_group=group).values) for group in wages
            ]
            for sex in sexes
        },
    }


def counted_share(balance: xr.Dataset) -> float:
    """Part of the old law's contributions that is an asset of the pensions."""
    (resolved,) = export.resolved_inputs(balance).values()
    split = resolved.table("balance.contribution_split").values
    whole = float(split.sum())
    return float((split * balance.counted_share.values).sum()) / whole if whole else 0.0


def said(balance: xr.Dataset, text: Mapping[str, Any]) -> list[str]:
    """What the figures are of, and the years that follow from them."""
    (resolved,) = export.resolved_inputs(balance).values()
    words = text["reform"]

    def year(name: str) -> str:
        found = float(balance[name])
        return f"{found:.0f}" if np.isfinite(found) else words["not_within"]

    def value(name: str) -> str:
        found = percent_of_gdp(float(balance.reform_value.sel(line=name)), float(balance.gdp_at_date))
        return f"{found:.1f}"

    return [
        words["of"].format(
            scenario=resolved.scenario,
            date=int(balance.valuation_year),
            rate=f"{_PERCENT * float(balance.discount_rate):.2f}%",
            first=int(balance.year[0]),
            last=int(balance.year[-1]),
        ),
        words["dates"].format(
            cost=value("net_fiscal_cost"),
            even=year("break_even_year"),
            back=year("paid_back_year"),
        ),
    ]


__all__ = ["VARIABLES", "counted_share", "figures", "said"]
