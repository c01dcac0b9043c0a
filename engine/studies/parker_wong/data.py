"""The paper's numbers, switches and workers, read from `assumptions/data/parker_wong`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assumptions.text import DATA

Mode = Literal["as_printed", "as_stated"]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

FOLDER = DATA / "parker_wong"
ART167_FILE = DATA / "law_1973_art167.csv"
WORKER: Final = ["sex", "area", "education"]
PAIR: Final = ["area", "education"]


@dataclass(frozen=True)
class Values:
    """The numbers of the paper; units and sources in parameters.toml."""

    minimum_wage: float
    account_contribution: float
    fee: float
    fee_low: float
    interest: float
    interest_high: float
    housing_contribution: float
    housing_interest: float
    quota_share: float
    life_expectancy_women: float
    life_expectancy_men: float
    survivor_share: float
    growth_low: float
    growth_high: float
    pension_age: float
    last_wage_years: float
    old_law_years: float
    new_law_years: float
    new_law_years_early: float
    old_law_weeks: float
    new_law_weeks: float
    weeks_per_year: float
    minimum_pension: float
    bonus_months: float
    omitted_age: float
    table6_decimals: float
    table9_decimals: float
    table9_old_replacement_decimals: float
    table9_old_replacement_decimals_less_urban_women: float


@dataclass(frozen=True)
class Switches:
    """Where words and tables of the paper part; meanings in parameters.toml."""

    omit_age_56: bool
    art167_lower_bound: bool
    old_law_bonus: bool
    new_law_minimum: bool
    survivor_deferred: bool
    adjusted_men_throughout: bool
    participation_moves_earnings: bool
    table8_adjusted: bool
    guarantee_after_20_years: bool
    printed_digits: bool


@dataclass(frozen=True)
class Art167:
    """Art. 167 table of the law of 1973.

    Attributes
    ----------
    upper : float64 (group,)
        Upper bound of the group in minimum wages; the last is infinite.
    basic, increment : float64 (group,)
        Basic amount and yearly increment, fractions of the average wage.
    """

    upper: FloatArray
    basic: FloatArray
    increment: FloatArray


@dataclass(frozen=True)
class Workers:
    """The fourteen workers of Appendices A1 and A2.

    Attributes
    ----------
    sex, area, education : tuple of str, one a worker
    ages : int64 (age,)
    age_group : tuple of str, one an age
        Row of the appendices the age belongs to ("16", "31-35").
    participation : float64 (worker, age)
        Share of the year worked.
    earnings : float64 (worker, age)
        Pesos of 1997 a year, participation already in them.
    """

    sex: tuple[str, ...]
    area: tuple[str, ...]
    education: tuple[str, ...]
    ages: NDArray[np.int64]
    age_group: tuple[str, ...]
    participation: FloatArray
    earnings: FloatArray

    @property
    def women(self) -> BoolArray:
        """Which workers are women, bool (worker,)."""
        return np.array([sex == "women" for sex in self.sex])

    def keys(self) -> pd.DataFrame:
        """Columns sex, area, education, one row a worker."""
        return pd.DataFrame({"sex": self.sex, "area": self.area, "education": self.education})


def _document() -> dict[str, Any]:
    with (FOLDER / "parameters.toml").open("rb") as file:
        return tomllib.load(file)


def _exactly(found: Mapping[str, Any], kind: type[Values] | type[Switches]) -> None:
    wanted = {field.name for field in fields(kind)}
    if wanted != set(found):
        raise ValueError(f"parameters.toml: missing or unknown: {sorted(wanted ^ set(found))}")


def load_values() -> Values:
    """The numbers of parameters.toml."""
    table = _document()["values"]
    _exactly(table, Values)
    return Values(**{name: float(entry["value"]) for name, entry in table.items()})


def load_switches(mode: Mode, early_guarantee: bool = False) -> Switches:
    """The switches of one mode; `early_guarantee` turns on the alternative of Figure 10."""
    if mode not in get_args(Mode):
        raise ValueError(f"mode {mode!r}: one of {', '.join(get_args(Mode))}")
    table = _document()["switches"]
    _exactly(table, Switches)
    found = Switches(**{name: bool(entry[mode]) for name, entry in table.items()})
    return replace(found, guarantee_after_20_years=True) if early_guarantee else found


def load_tolerances() -> dict[str, dict[str, float]]:
    """What rounding allows, by printed table and measure (`*`: any other)."""
    found: dict[str, dict[str, float]] = _document()["tolerances"]
    return found


def load_art167(path: Path = ART167_FILE) -> Art167:
    """The Art. 167 table of the law's data; its last group has no upper limit, whatever figure stands for that."""
    table = pd.read_csv(path, comment="#")
    upper = table["wage_up_to_mw"].to_numpy(dtype=np.float64, copy=True)
    if not np.all(np.diff(upper) > 0.0):
        raise ValueError(f"{path.name}: upper bounds must rise")
    upper[-1] = np.inf
    return Art167(
        upper=upper,
        basic=table["basic"].to_numpy(dtype=np.float64),
        increment=table["increment"].to_numpy(dtype=np.float64),
    )


def _by_age(
    frame: pd.DataFrame, column: str, name: str, order: pd.DataFrame
) -> tuple[NDArray[np.int64], tuple[str, ...], FloatArray]:
    """Spread the rows of one appendix over single ages, one row of the result a worker."""
    rows: list[FloatArray] = []
    expected: tuple[list[int], list[str]] | None = None
    for key in order.itertuples(index=False, name=None):
        own = frame[(frame[WORKER] == list(key)).all(axis=1)].sort_values("age_lo")
        counts = own["n_years"].to_numpy(dtype=np.int64)
        ages = [
            age
            for low, high in zip(own["age_lo"], own["age_hi"], strict=True)
            for age in range(int(low), int(high) + 1)
        ]
        groups = [str(group) for group in np.repeat(own["age_group"].to_numpy(dtype=str), counts)]
        expected = expected or (ages, groups)
        if (ages, groups) != expected or ages != list(range(ages[0], ages[-1] + 1)):
            raise ValueError(
                f"{name}: ages of {' '.join(map(str, key))} overlap, have gaps or differ from the others"
            )
        rows.append(np.repeat(own[column].to_numpy(dtype=np.float64) / counts, counts))
    if expected is None:
        raise ValueError(f"{name}: no workers")
    values = np.array(rows)
    if not np.all(np.isfinite(values)) or np.any(values < 0.0):
        raise ValueError(f"{name}: {column} must be finite and not negative")
    return np.array(expected[0], dtype=np.int64), tuple(expected[1]), values


def load_workers(folder: Path = FOLDER) -> Workers:
    """The workers of Appendices A1 (lfp.csv) and A2 (earnings.csv), in the order of the paper's columns."""
    text = {"age_group": str, "education": str}
    participation_rows = pd.read_csv(folder / "lfp.csv", dtype=text)
    earnings_rows = pd.read_csv(folder / "earnings.csv", dtype=text)
    order = earnings_rows[WORKER].drop_duplicates()
    order = order.sort_values(["sex", "area"], ascending=[False, True], kind="stable", ignore_index=True)
    ages, groups, participation = _by_age(participation_rows, "participation_sum", "lfp.csv", order)
    ages_again, groups_again, earnings = _by_age(
        earnings_rows, "earnings_sum_1997_pesos", "earnings.csv", order
    )
    if not np.array_equal(ages, ages_again) or groups != groups_again:
        raise ValueError("lfp.csv and earnings.csv have different ages")
    if np.any(participation > 1.0):
        raise ValueError("lfp.csv: participation above one year a year")
    return Workers(
        sex=tuple(order["sex"]),
        area=tuple(order["area"]),
        education=tuple(order["education"]),
        ages=ages,
        age_group=groups,
        participation=participation,
        earnings=earnings,
    )


__all__ = [
    "FOLDER",
    "PAIR",
    "WORKER",
    "Art167",
    "BoolArray",
    "FloatArray",
    "Mode",
    "Switches",
    "Values",
    "Workers",
    "load_art167",
    "load_switches",
    "load_tolerances",
    "load_values",
    "load_workers",
]
