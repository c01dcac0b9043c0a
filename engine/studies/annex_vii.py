"""Annex VII, Table 2 of report P-7018-ME: one worker's INFONAVIT account, 1972-1992, and what it could have earned.

Interest of the year = rate x (opening balance + contribution of the year); the balance is carried on unrounded. The
rates are the CPP (average cost of funds of the banks), inflation, and inflation plus two points. Money: new pesos (NP$).

The table states no rates. Its cents do: `assumptions/data/annex_vii/infonavit_rates.csv` holds the inflation path that
gives both of its columns (with one decimal there is only one) and a CPP path. The INPC, December to December, lies
within 0.11 percentage points of the path in every year but 1979, where the path has 27.6% and the INPC rose 20.0%.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assumptions.text import DATA
from engine.studies.files import write_tables

FloatArray = NDArray[np.float64]
Inflation = Literal["table", "true_1979", "inpc"]

FOLDER = DATA / "annex_vii"
COLUMNS = ("interest_cpp", "interest_inflation", "interest_2pct_real")
_PERCENT = 100.0
_RATE_DECIMALS = 1
"""Decimals of the percentages of the table's inflation path; the corrected year keeps them."""
_SAFETY = 1e-9
"""What binary fractions may lose in a comparison with a printed decimal; no tolerance."""


def _document() -> dict[str, Any]:
    with (FOLDER / "parameters.toml").open("rb") as file:
        return tomllib.load(file)


def _value(name: str) -> float:
    return float(_document()["values"][name]["value"])


def printed() -> pd.DataFrame:
    """The printed table: year, contribution, interest in three columns (NP$), INPC December to December (percent)."""
    return pd.read_csv(FOLDER / "infonavit_table2.csv", comment="#")


def interest_paid(contributions: FloatArray, rates: FloatArray) -> FloatArray:
    """Interest of each year on the opening balance and the year's contribution.

    Parameters
    ----------
    contributions : float64 (year,), NP$, paid at the start of the year
    rates : float64 (year,), fraction a year

    Returns
    -------
    float64 (year,), NP$, credited at the end of the year, unrounded
    """
    interest = np.empty_like(contributions)
    balance = 0.0
    for year, (contribution, rate) in enumerate(zip(contributions, rates, strict=True)):
        interest[year] = rate * (balance + contribution)
        balance += contribution + interest[year]
    return interest


def inflation_path(inflation: Inflation = "table") -> FloatArray:
    """Inflation of the years of the table, fraction a year, float64 (year,).

    Parameters
    ----------
    inflation : {"table", "true_1979", "inpc"}
        The table's own rates; the same with the INPC's rate in 1979, to one decimal like the others (20.0%); the
        INPC's, with two decimals, in every year.
    """
    if inflation not in get_args(Inflation):
        raise ValueError(f"inflation {inflation!r}: one of {', '.join(get_args(Inflation))}")
    table = printed()
    inpc = table["inpc_dec_dec"].to_numpy(dtype=np.float64)
    if inflation == "inpc":
        return np.asarray(inpc / _PERCENT, dtype=np.float64)
    rates = pd.read_csv(FOLDER / "infonavit_rates.csv", comment="#")
    if not rates["year"].equals(table["year"]):
        raise ValueError("infonavit_rates.csv and infonavit_table2.csv have different years")
    path = rates["inflation_pct"].to_numpy(dtype=np.float64)
    if inflation == "true_1979":
        slip = table["year"].to_numpy() == _value("slip_year")
        path = np.where(slip, np.round(inpc, _RATE_DECIMALS), path)
    return np.asarray(path / _PERCENT, dtype=np.float64)


def reproduce(inflation: Inflation = "table", compounded: bool = False) -> pd.DataFrame:
    """Annex VII, Table 2, unrounded.

    Parameters
    ----------
    inflation : {"table", "true_1979", "inpc"}
        See `inflation_path`.
    compounded : bool
        "2% real" as (1 + inflation) x 1.02 - 1; otherwise inflation plus two points, as in the table.

    Returns
    -------
    DataFrame
        year, contribution, interest_cpp, interest_inflation, interest_2pct_real, in NP$.
    """
    table = printed()
    contributions = table["contribution"].to_numpy(dtype=np.float64)
    cpp = pd.read_csv(FOLDER / "infonavit_rates.csv", comment="#")["cpp_pct"].to_numpy(dtype=np.float64)
    prices = inflation_path(inflation)
    real = _value("real_rate")
    nominal = (1.0 + prices) * (1.0 + real) - 1.0 if compounded else prices + real
    result = table[["year", "contribution"]].copy()
    for column, rates in zip(COLUMNS, (cpp / _PERCENT, prices, nominal), strict=True):
        result[column] = interest_paid(contributions, np.asarray(rates, dtype=np.float64))
    return result


def totals(history: pd.DataFrame) -> pd.DataFrame:
    """Last lines of the table: contributions plus interest (NP$), the amount paid, and that in percent of the first.

    Parameters
    ----------
    history : DataFrame
        As `reproduce` returns it.

    Returns
    -------
    DataFrame
        column, total, paid, paid_pct; one row an interest column.
    """
    contributed = float(history["contribution"].sum())
    paid = _value("paid_multiple") * contributed
    rows = []
    for column in COLUMNS:
        total = contributed + float(history[column].sum())
        rows.append({"column": column, "total": total, "paid": paid, "paid_pct": paid / total * _PERCENT})
    return pd.DataFrame(rows)


def compare() -> pd.DataFrame:
    """Every printed figure of Table 2 beside ours, with the table's own rates.

    Returns
    -------
    DataFrame
        item ("1972" to "1992", "total", "paid", "paid_pct"), column, printed, value, difference, tolerance (half a unit
        of the last printed digit), ok.
    """
    document, ours = _document(), reproduce()
    sums = totals(ours).set_index("column")
    rows: list[tuple[str, str, float, float]] = []
    table = printed()
    for column in COLUMNS:
        rows += [
            (str(year), column, float(theirs), float(mine))
            for year, theirs, mine in zip(table["year"], table[column], ours[column], strict=True)
        ]
        total, share = sums["total"][column], sums["paid_pct"][column]
        rows.append(("total", column, float(document["totals"][column]), float(total)))
        rows.append(("paid_pct", column, float(document["paid_pct"][column]), float(share)))
    rows.append(("total", "contribution", _value("contributions"), float(ours["contribution"].sum())))
    rows.append(("paid", "contribution", _value("amount_paid"), float(sums["paid"].iloc[0])))
    result = pd.DataFrame(rows, columns=["item", "column", "printed", "value"])
    result["difference"] = result["value"] - result["printed"]
    result["tolerance"] = _value("tolerance")
    result["ok"] = result["difference"].abs() <= result["tolerance"] + _SAFETY
    return result


def effects() -> pd.DataFrame:
    """What the slip of 1979 and the added, not compounded, 2% change in the last lines of the table.

    Returns
    -------
    DataFrame
        inflation, compounded, column, total (NP$), paid_pct, change (NP$) and change_pct of the total against the
        table's own rates. The first rows are the table itself; the CPP column, which neither touches, is left out.
    """
    parts = []
    for inflation in get_args(Inflation):
        for compounded in (False, True):
            sums = totals(reproduce(inflation, compounded))
            parts.append(sums.assign(inflation=inflation, compounded=compounded))
    frame = pd.concat(parts, ignore_index=True)
    frame = frame[frame["column"] != "interest_cpp"]
    own = totals(reproduce()).set_index("column")["total"]
    base = frame["column"].map(own)
    frame = frame.assign(change=frame["total"] - base, change_pct=(frame["total"] / base - 1.0) * _PERCENT)
    columns = ["inflation", "compounded", "column", "total", "paid_pct", "change", "change_pct"]
    # Compounding does not touch the inflation column: it is listed once for each path.
    twice = frame["compounded"] & (frame["column"] == "interest_inflation")
    return frame.loc[~twice, columns].reset_index(drop=True)


def write(out_dir: str | Path, force: bool = False) -> list[Path]:
    """Write infonavit_history.csv (unrounded), infonavit_comparison.csv and infonavit_effects.csv; all or none.

    Existing files are overwritten only with `force`. Returns the paths.
    """
    tables = {
        "infonavit_history": reproduce(),
        "infonavit_comparison": compare(),
        "infonavit_effects": effects(),
    }
    return write_tables(out_dir, tables, force)
