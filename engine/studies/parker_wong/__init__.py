"""Reproduction of Parker & Wong (2001): fourteen workers under the new and the old law, by sex.

S. W. Parker and R. Wong, "Social security reform in Mexico: a gender perspective", CIDE working paper 206, 2001:
Tables 5 to 11 and Appendix B1, computed from Appendices A1 (participation) and A2 (earnings).

Two modes. `as_printed` follows the paper's tables, slips included; `as_stated` follows the paper's words and the wage
groups of the law. What separates them is one list of switches in `assumptions/data/parker_wong/parameters.toml`; the
numbers stand there too, with unit and source.

Money is in pesos of 1997 a year, pensions and wages in the results in minimum wages of 1997 (`mw`). Arrays of
workers have shape (worker,), in the order of the paper's columns; arrays by age have shape (worker, age) with the ages
of the appendices, 16 to 65. A value that Appendices A1 and A2 give for five years is spread evenly over them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from assumptions.text import DATA
from engine.law.old import art_167_group
from engine.studies.files import write_tables

Mode = Literal["as_printed", "as_stated"]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

FOLDER = DATA / "parker_wong"
ART167_FILE = DATA / "law_1973_art167.csv"
PRINTED_TABLES = ("table5", "table6", "table9a", "accumulation_b1")
_WORKER = ["sex", "area", "education"]
_PAIR = ["area", "education"]
_PERCENT = 100.0
_MONTHS_PER_YEAR = 12.0
_SAFETY = 1e-9
"""What binary fractions may lose when a decimal figure is cut or compared with a printed one; no tolerance."""


# ---------------------------------------------------------------------------------------------------------------------
# Data


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


def load_switches(mode: Mode) -> Switches:
    """The switches of one mode."""
    if mode not in get_args(Mode):
        raise ValueError(f"mode {mode!r}: one of {', '.join(get_args(Mode))}")
    table = _document()["switches"]
    _exactly(table, Switches)
    return Switches(**{name: bool(entry[mode]) for name, entry in table.items()})


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
        own = frame[(frame[_WORKER] == list(key)).all(axis=1)].sort_values("age_lo")
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
    order = earnings_rows[_WORKER].drop_duplicates()
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


# ---------------------------------------------------------------------------------------------------------------------
# Formulas


def annuity_due(years: FloatArray, rate: float) -> FloatArray:
    """Value of 1 a year in advance over `years` (which may be fractional), at a yearly `rate`.

    (1 - v^n) / (1 - v), v = 1 / (1 + rate). Appendix B: 14.461986 over 18.5 years and 12.811076 over 15.8, at 3%.

    Parameters
    ----------
    years : float64 (any shape), years
    rate : float, fraction a year
    """
    if rate == 0.0:
        return np.array(years, dtype=np.float64)
    discount = 1.0 / (1.0 + rate)
    return np.asarray((1.0 - discount**years) / (1.0 - discount), dtype=np.float64)


def value_at_pension(
    earnings: FloatArray,
    participation: FloatArray,
    years_to_pension: FloatArray,
    counted: FloatArray,
    values: Values,
    *,
    interest: float,
    fee: float,
    quota: float,
    growth: float = 0.0,
) -> FloatArray:
    """What each year of work is worth in the worker's accounts at the pension's age (Appendix B1).

    ((contribution - fee) W + quota L) f + housing W h, with f = (1 + interest)^years and h the housing account's
    factor. With growth, W is earnings times (1 + growth)^-years, each age on its own (Table 8). Contributions and
    pension fall at the start of a year of age, so those of the pension's age bear no interest.

    Parameters
    ----------
    earnings, participation : float64 (worker, age)
        Pesos of 1997 a year; share of the year.
    years_to_pension : float64 (age,), years
    counted : float64 (age,)
        1 where the age's interest-bearing contribution is counted, 0 where it is left out.
    interest, growth : float, fraction a year
    fee : float, fraction of wage
    quota : float, pesos of 1997 per year of work

    Returns
    -------
    float64 (worker, age), pesos of 1997
    """
    wage = earnings * (1.0 + growth) ** -years_to_pension
    account = (values.account_contribution - fee) * wage + quota * participation
    housing = values.housing_contribution * wage * (1.0 + values.housing_interest) ** years_to_pension
    return np.asarray(account * (1.0 + interest) ** years_to_pension * counted + housing, dtype=np.float64)


def art167_row(average_wage: FloatArray, table: Art167, lower_bound: bool) -> NDArray[np.int64]:
    """Row of the Art. 167 table for an average wage in minimum wages.

    The law's groups hold their upper bound (1.22 belongs to "1.01 to 1.25"). With `lower_bound` the row is that of
    the largest printed bound not above the wage (1.22 takes the row of 1.00), as in Tables 9 to 11 of the paper; below
    the first bound the first row is taken, above the last the open row.

    Parameters
    ----------
    average_wage : float64 (worker,), minimum wages
    """
    if lower_bound:
        bounds = table.upper[:-1]
        rows = np.searchsorted(bounds, average_wage, side="right") - 1
        rows = np.where(average_wage > bounds[-1], len(bounds), np.maximum(rows, 0))
        return rows.astype(np.int64)
    return np.array([art_167_group(float(wage), table.upper) for wage in average_wage], dtype=np.int64)


def old_law_pension(
    average_wage: FloatArray, years: FloatArray, table: Art167, old_law_years: float, lower_bound: bool
) -> FloatArray:
    """Old-law pension without bonus and minimum: S x (CB + AI x (years - 10)), Art. 167.

    Parameters
    ----------
    average_wage : float64 (worker,)
        S, average of the last five years, minimum wages.
    years : float64 (worker,)
        Years of contribution, here the sum of participation.

    Returns
    -------
    float64 (worker,), minimum wages; nothing with fewer than `old_law_years`.
    """
    row = art167_row(average_wage, table, lower_bound)
    share = table.basic[row] + table.increment[row] * (years - old_law_years)
    return np.where(years >= old_law_years, average_wage * share, 0.0)


def cut_and_round(figure: FloatArray, decimals: FloatArray | float) -> FloatArray:
    """Cut after one digit more than is kept, then round with a last 5 going down: how Table 9a takes its figures.

    0.34557 gives 0.345 and 3.41353 gives 3.413 with three decimals; 0.8558 gives 0.85 with two.
    """
    scale = 10.0 ** np.asarray(decimals, dtype=np.float64)
    cut = np.floor(figure * scale * 10.0 + _SAFETY) / 10.0
    return np.asarray(np.ceil(cut - 0.5 - _SAFETY) / scale, dtype=np.float64)


def share_below(threshold: float, mean: FloatArray, coefficient_of_variation: FloatArray) -> FloatArray:
    """P(X < threshold) of a normal X with the given mean and coefficient of variation (Table 11)."""
    return np.asarray(ndtr((threshold / mean - 1.0) / coefficient_of_variation), dtype=np.float64)


# ---------------------------------------------------------------------------------------------------------------------
# The paper's tables


class _Paper:
    """All quantities under one set of values and switches; a table is a method."""

    def __init__(self, values: Values, switches: Switches, workers: Workers, art167: Art167) -> None:
        self.values = values
        self.switches = switches
        self.workers = workers
        self.art167 = art167
        self.women = workers.women
        self.years_to_pension = values.pension_age - workers.ages.astype(np.float64)
        omitted = (workers.ages == values.omitted_age) & switches.omit_age_56
        self.counted = np.where(omitted, 0.0, 1.0)
        self.quota = values.quota_share * values.minimum_wage
        self.life_expectancy = np.where(
            self.women, values.life_expectancy_women, values.life_expectancy_men
        ).astype(np.float64)
        self.experience = workers.participation.sum(axis=1)
        last = self.years_to_pension < values.last_wage_years
        self.last_wage = workers.earnings[:, last].mean(axis=1) / values.minimum_wage
        self.capital = self.capital_of(workers.earnings, workers.participation)
        self.new_pension = self.capital / self.annuity() / values.minimum_wage
        self.new_replacement = self.new_pension / self.last_wage
        months = values.bonus_months if switches.old_law_bonus else 0.0
        self.bonus = 1.0 + months / _MONTHS_PER_YEAR
        bare = old_law_pension(
            self.last_wage, self.experience, art167, values.old_law_years, switches.art167_lower_bound
        )
        weeks = self.experience * values.weeks_per_year
        self.old_pension = bare * self.bonus
        # The minimum is a monthly pension: the bonus comes on top of it.
        entitled = weeks >= values.old_law_weeks
        self.old_pension_mpg = np.where(entitled, np.maximum(bare, values.minimum_pension), bare) * self.bonus
        entitled = (weeks >= values.new_law_weeks) & switches.new_law_minimum
        self.new_pension_mpg = np.where(
            entitled, np.maximum(self.new_pension, values.minimum_pension), self.new_pension
        )

    # -- quantities

    def capital_of(
        self,
        earnings: FloatArray,
        participation: FloatArray,
        interest: float | None = None,
        fee: float | None = None,
        quota: float | None = None,
        growth: float = 0.0,
    ) -> FloatArray:
        """K, pesos of 1997 at 65, float64 (worker,)."""
        by_age = value_at_pension(
            earnings,
            participation,
            self.years_to_pension,
            self.counted,
            self.values,
            interest=self.values.interest if interest is None else interest,
            fee=self.values.fee if fee is None else fee,
            quota=self.quota if quota is None else quota,
            growth=growth,
        )
        return np.asarray(by_age.sum(axis=1), dtype=np.float64)

    def annuity(self, interest: float | None = None) -> FloatArray:
        """Annuity factor of each worker's own life, years, float64 (worker,)."""
        return annuity_due(self.life_expectancy, self.values.interest if interest is None else interest)

    def joint_annuity(self, interest: float | None = None) -> float:
        """Annuity factor of a man whose widow receives a share for the difference of the life expectancies.

        Deferred (as the words have it): a(men) + share x (a(women) - a(men)). Not deferred (as the digits have it):
        a(men) + share x a(women - men) = 14.39125 at 3%.
        """
        rate = self.values.interest if interest is None else interest
        hers, his = self.values.life_expectancy_women, self.values.life_expectancy_men
        a_hers, a_his, a_rest = annuity_due(np.array([hers, his, hers - his]), rate)
        widow = a_hers - a_his if self.switches.survivor_deferred else a_rest
        return float(a_his + self.values.survivor_share * widow)

    # -- assembling

    def _tidy(self, measures: Mapping[str, FloatArray]) -> pd.DataFrame:
        parts = [self.workers.keys().assign(measure=name, value=column) for name, column in measures.items()]
        return pd.concat(parts, ignore_index=True)

    def _ratios(self, measures: Mapping[str, FloatArray]) -> pd.DataFrame:
        """Rows by area and education; columns of women and men must already be paired."""
        keys = self.workers.keys().loc[self.women, _PAIR].reset_index(drop=True)
        parts = [keys.assign(measure=name, value=column) for name, column in measures.items()]
        return pd.concat(parts, ignore_index=True)

    def _ratio(self, column: FloatArray) -> FloatArray:
        """Men over women, float64 (pair,)."""
        return np.asarray(column[~self.women] / column[self.women], dtype=np.float64)

    # -- tables

    def accumulation_b1(self) -> pd.DataFrame:
        """Appendix B1: value at 65 by age or five-year group, the total K, life expectancy, annuity (pesos of 1997).

        Measures `age 16` to `age 30`, `age 31-35` to `age 61-65`, `K`, `e65`, `annuity`; rows by worker.
        """
        by_age = value_at_pension(
            self.workers.earnings,
            self.workers.participation,
            self.years_to_pension,
            self.counted,
            self.values,
            interest=self.values.interest,
            fee=self.values.fee,
            quota=self.quota,
        )
        groups = np.array(self.workers.age_group)
        measures = {
            f"age {group}": by_age[:, groups == group].sum(axis=1)
            for group in dict.fromkeys(self.workers.age_group)
        }
        measures["K"] = self.capital
        measures["e65"] = self.life_expectancy
        measures["annuity"] = self.capital / self.annuity()
        return self._tidy(measures)

    def table5(self) -> pd.DataFrame:
        """Table 5: wage at 61-65 and new-law annuity, minimum wages; replacement rate, the one over the other."""
        return self._tidy(
            {
                "wage_61_65_mw": self.last_wage,
                "new_pension_mw": self.new_pension,
                "replacement_rate": self.new_replacement,
            }
        )

    def table6(self) -> pd.DataFrame:
        """Table 6: new-law annuity (minimum wages, all digits) and its change, percent.

        Interest of 5% (in the annuity too), half the fee, no social quota. With `printed_digits` the changes are those
        of pensions rounded to two decimals.
        """
        values, workers = self.values, self.workers

        def pension(interest: float, fee: float, quota: float) -> FloatArray:
            capital = self.capital_of(workers.earnings, workers.participation, interest, fee, quota)
            amount = capital / self.annuity(interest) / values.minimum_wage
            if self.switches.printed_digits:
                return np.asarray(np.round(amount, int(values.table6_decimals)), dtype=np.float64)
            return np.asarray(amount, dtype=np.float64)

        base = pension(values.interest, values.fee, self.quota)
        return self._tidy(
            {
                "baseline_mw": self.new_pension,
                "pct_interest_5": _change(pension(values.interest_high, values.fee, self.quota), base),
                "pct_fee_0.95": _change(pension(values.interest, values.fee_low, self.quota), base),
                "pct_no_quota": _change(pension(values.interest, values.fee, 0.0), base),
            }
        )

    def table7(self) -> pd.DataFrame:
        """Table 7: men's annuity over women's, by area and education.

        - `adjusted`: the man's annuity adjusted for his widow (`joint_annuity`), the woman's as it is.
        - `life_expectancy_of_men`, `lfp_of_men`, `earnings_of_men`: one by one, not cumulated, women are given men's life
          expectancy, participation or earnings; all else of hers stays.

        As printed, the last three take the man's annuity unadjusted; so the second is K of men over K of women.
        Participation moves the quota only (A2's earnings stay hers), and men's earnings are A2's, men's participation in
        them, beside women's participation in the quota. As stated, the man's annuity is adjusted throughout, men's
        participation moves women's earnings in proportion, and men's earnings are those per unit of participation,
        earned at women's participation.
        """
        values, women = self.values, self.women
        own = self.capital / self.annuity()
        adjusted = self.capital[~women] / self.joint_annuity()
        men = adjusted if self.switches.adjusted_men_throughout else own[~women]
        hers = self.workers.earnings[women], self.workers.participation[women]
        his = self.workers.earnings[~women], self.workers.participation[~women]
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = np.where(hers[1] > 0.0, his[1] / hers[1], 0.0)
            inverse = np.where(his[1] > 0.0, hers[1] / his[1], 0.0)
        moved = self.switches.participation_moves_earnings
        his_participation = self.capital_of(hers[0] * relative if moved else hers[0], his[1])
        his_earnings = self.capital_of(his[0] * inverse if moved else his[0], hers[1])
        a_women = float(annuity_due(np.array(values.life_expectancy_women), values.interest))
        a_men = float(annuity_due(np.array(values.life_expectancy_men), values.interest))
        return self._ratios(
            {
                "adjusted": adjusted / own[women],
                "life_expectancy_of_men": men / (self.capital[women] / a_men),
                "lfp_of_men": men / (his_participation / a_women),
                "earnings_of_men": men / (his_earnings / a_women),
            }
        )

    def table8(self) -> pd.DataFrame:
        """Table 8: men's over women's annuity and replacement rate when earnings grow, by area and education.

        Earnings at age x are multiplied by (1 + g)^(x - 65), each age of a five-year group on its own, so that the wage at
        65 is A2's. The rate r is that of the account and of the annuity. Age 56, where left out, is left out of the
        interest-bearing part only, as in B1. The replacement ratio is the annuity ratio over the ratio of the wages
        at 61-65. Measures `annuity g=0.01 r=0.03`, `replacement g=0.01 r=0.03` and so on. As printed nobody is adjusted for
        a widow; as stated (the title) the man is.
        """
        values, workers, women = self.values, self.workers, self.women
        # All ages of a five-year group grow alike for men and women: growth drops out of the ratio of these wages.
        wages = self._ratio(self.last_wage)
        annuities: dict[str, FloatArray] = {}
        replacements: dict[str, FloatArray] = {}
        for growth in (values.growth_low, values.growth_high):
            for interest in (values.interest, values.interest_high):
                capital = self.capital_of(workers.earnings, workers.participation, interest, growth=growth)
                factor = self.annuity(interest)
                if self.switches.table8_adjusted:
                    factor = np.where(women, factor, self.joint_annuity(interest))
                case = f"g={growth:.2f} r={interest:.2f}"
                annuities[f"annuity {case}"] = self._ratio(capital / factor)
                replacements[f"replacement {case}"] = self._ratio(capital / factor) / wages
        return self._ratios(annuities | replacements)

    def _gains(self, new: FloatArray, old: FloatArray) -> pd.DataFrame:
        """Gain of the new over the old pension and replacement rate, percent."""
        values = self.values
        new_replacement, old_replacement = new / self.last_wage, old / self.last_wage
        if self.switches.printed_digits:
            keys = self.workers.keys()
            # Table 5 prints replacement rates of pensions and wages cut after the fourth decimal.
            finer = 10.0 ** (values.table9_decimals + 1)
            new_replacement = _cut(new, finer) / _cut(self.last_wage, finer)
            new_replacement = cut_and_round(new_replacement, values.table9_decimals)
            special = ((keys["sex"] == "women") & (keys["area"] == "less")).to_numpy()
            decimals = np.where(
                special,
                values.table9_old_replacement_decimals_less_urban_women,
                values.table9_old_replacement_decimals,
            )
            old_replacement = cut_and_round(old_replacement, decimals)
            new = cut_and_round(new, values.table9_decimals)
            old = cut_and_round(old, values.table9_decimals)
        return self._tidy(
            {"pct_annuity": _change(new, old), "pct_replacement": _change(new_replacement, old_replacement)}
        )

    def table9a(self) -> pd.DataFrame:
        """Table 9a: gain of the new-law over the old-law pension and replacement rate, no minimum pension, percent.

        With `printed_digits` the gains are those of figures cut and rounded as in the paper (`cut_and_round`).
        """
        return self._gains(self.new_pension, self.old_pension)

    def table9b(self) -> pd.DataFrame:
        """Table 9b: as 9a with the minimum pension: the old-law pension is at least one minimum wage, percent.

        As printed the new-law pension has no minimum. As stated it has one too, with 1,250 weeks. With
        `printed_digits` the figures are cut and rounded as in Table 9a, which the paper does not say of 9b.
        """
        return self._gains(self.new_pension_mpg, self.old_pension_mpg)

    def table10(self) -> pd.DataFrame:
        """Table 10: men over women, by area and education: experience, pensions, replacement rates; all digits.

        Experience is the sum of participation (years). `_mpg`: the old-law pension with the minimum pension. Nobody is
        adjusted for a widow, and the new-law pension has no minimum, in either mode.
        """
        wage = self.last_wage
        measures = {
            "experience": self.experience,
            "new_pension": self.new_pension,
            "new_replacement": self.new_replacement,
            "old_pension": self.old_pension,
            "old_replacement": self.old_pension / wage,
            "old_pension_mpg": self.old_pension_mpg,
            "old_replacement_mpg": self.old_pension_mpg / wage,
        }
        return self._ratios({name: self._ratio(column) for name, column in measures.items()})

    def table11(self) -> pd.DataFrame:
        """Table 11: mean experience (years) and shares (fractions) of each group below thresholds.

        Experience below 25 and 10 years; new-law and old-law pension (no minimum pension) below one minimum wage. All are
        taken as normal around the worker's figure, with the coefficient of variation of the worker's earnings:
        sample standard deviation over mean of the fifty single-age earnings.
        """
        values, earnings = self.values, self.workers.earnings
        spread = earnings.std(axis=1, ddof=1) / earnings.mean(axis=1)
        return self._tidy(
            {
                "mean_experience": self.experience,
                "p_lt_25y": share_below(values.new_law_years, self.experience, spread),
                "p_lt_10y": share_below(values.old_law_years, self.experience, spread),
                "p_new_lt_mw": share_below(values.minimum_pension, self.new_pension, spread),
                "p_old_lt_mw": share_below(values.minimum_pension, self.old_pension, spread),
            }
        )

    def tables(self) -> dict[str, pd.DataFrame]:
        return {
            "table5": self.table5(),
            "table6": self.table6(),
            "table7": self.table7(),
            "table8": self.table8(),
            "table9a": self.table9a(),
            "table9b": self.table9b(),
            "table10": self.table10(),
            "table11": self.table11(),
            "accumulation_b1": self.accumulation_b1(),
        }


def _change(new: FloatArray, old: FloatArray) -> FloatArray:
    return np.asarray((new / old - 1.0) * _PERCENT, dtype=np.float64)


def _cut(figure: FloatArray, scale: float) -> FloatArray:
    return np.asarray(np.floor(figure * scale + _SAFETY) / scale, dtype=np.float64)


@lru_cache(maxsize=32)
def _tables(switches: Switches) -> dict[str, pd.DataFrame]:
    """Shared by all callers: to be read, not changed."""
    return _Paper(load_values(), switches, load_workers(), load_art167()).tables()


def reproduce(mode: Mode = "as_printed") -> dict[str, pd.DataFrame]:
    """Tables 5 to 11 and Appendix B1 of the paper, unrounded, in long form.

    Returns
    -------
    dict of DataFrame
        Keys table5, table6, table7, table8, table9a, table9b, table10, table11, accumulation_b1. Columns sex, area,
        education, measure, value; Tables 7, 8 and 10 are ratios of men to women and have no sex. What each measure is and
        its unit: the docstrings of the methods of the same names.
    """
    return {name: table.copy() for name, table in _tables(load_switches(mode)).items()}


def printed(table: str) -> pd.DataFrame:
    """One printed table: sex, area, education, measure, printed (as read), corrected (by an identity), note."""
    frame = pd.read_csv(FOLDER / f"{table}.csv", dtype={"education": str, "age_group": str})
    if table == "accumulation_b1":
        group = frame["age_group"].fillna("")
        frame["measure"] = (frame["item"] + " " + group).str.strip()
    frame["note"] = frame["note"].fillna("")
    return frame.rename(columns={"value": "corrected"})[[*_WORKER, "measure", "printed", "corrected", "note"]]


def compare(mode: Mode = "as_printed") -> pd.DataFrame:
    """Every printed cell beside ours.

    Returns
    -------
    DataFrame
        table, sex, area, education, measure, printed, value (ours), difference (value - printed), tolerance, ok, note. A
        cell that could not be read has no `printed`; its difference is to the figure the data prove, see the note.
        Misprints are compared as printed, and differ. Tolerances come from the printed digits (parameters.toml).
    """
    ours = reproduce(mode)
    tolerances = _document()["tolerances"]
    parts = []
    for table in PRINTED_TABLES:
        merged = printed(table).merge(
            ours[table], on=[*_WORKER, "measure"], how="left", validate="one_to_one"
        )
        allowed = tolerances[table]
        merged.insert(0, "table", table)
        merged["difference"] = merged["value"] - merged["printed"].fillna(merged["corrected"])
        merged["tolerance"] = [float(allowed.get(name, allowed["*"])) for name in merged["measure"]]
        merged["ok"] = merged["difference"].abs() <= merged["tolerance"] + _SAFETY
        parts.append(merged)
    columns = ["table", *_WORKER, "measure", "printed", "value", "difference", "tolerance", "ok", "note"]
    return pd.concat(parts, ignore_index=True)[columns]


def _conclusions(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Statements with a sign: a figure beside the threshold that decides what the paper concludes from it."""
    one, none, half = 1.0, 0.0, 0.5
    parts = []

    def add(table: str, question: str, frame: pd.DataFrame, threshold: float) -> None:
        parts.append(frame.assign(table=table, question=question, threshold=threshold))

    frame = tables["table5"]
    add("table5", "pension above one minimum wage", frame[frame["measure"] == "new_pension_mw"], one)
    add("table5", "pension above the last wage", frame[frame["measure"] == "replacement_rate"], one)
    frame = tables["table6"]
    add("table6", "pension rises", frame[frame["measure"] != "baseline_mw"], none)
    add("table7", "men receive more than women", tables["table7"], one)
    add("table8", "men receive more than women", tables["table8"], one)
    add("table9a", "new law pays more than the old", tables["table9a"], none)
    add("table9b", "new law pays more than the old", tables["table9b"], none)
    frame = tables["table10"]
    add("table10", "men have more than women", frame, one)
    wide = frame.pivot(index=_PAIR, columns="measure", values="value")
    for new, old in (
        ("new_pension", "old_pension"),
        ("new_replacement", "old_replacement"),
        ("new_pension", "old_pension_mpg"),
        ("new_replacement", "old_replacement_mpg"),
    ):
        gap = (wide[new] / wide[old]).rename("value").reset_index().assign(measure=f"{new} / {old}")
        add("table10", "new law widens the gap between men and women", gap, one)
    frame = tables["table11"]
    add("table11", "most are below the threshold", frame[frame["measure"] != "mean_experience"], half)
    result = pd.concat(parts, ignore_index=True)
    result["sex"] = result["sex"].fillna("")
    return result


def sign_changes() -> pd.DataFrame:
    """Which conclusions of the paper change sign when its stated rules and the law's groups are followed.

    Returns
    -------
    DataFrame
        One row a conclusion: table, sex (empty for ratios), area, education, measure, question, threshold, as_printed and
        as_stated (the figures), changes (True where they lie on different sides of the threshold), alone (switches of
        parameters.toml each of which changes the sign by itself, from as printed; empty where it takes several).
    """
    as_printed, as_stated = load_switches("as_printed"), load_switches("as_stated")
    first, second = _conclusions(_tables(as_printed)), _conclusions(_tables(as_stated))
    keys = ["table", *_WORKER, "measure", "question", "threshold"]
    if not first[keys].equals(second[keys]):
        raise AssertionError("the two modes must draw the same conclusions")
    yes = first["value"] > first["threshold"]
    changes = yes != (second["value"] > second["threshold"])
    alone = pd.Series([""] * len(first))
    for field in fields(Switches):
        turned = replace(as_printed, **{field.name: getattr(as_stated, field.name)})
        third = _conclusions(_tables(turned))
        flips = changes & (yes != (third["value"] > third["threshold"]))
        alone = alone.mask(flips, alone + "," + field.name)
    result = first[keys].copy()
    result["as_printed"] = first["value"]
    result["as_stated"] = second["value"]
    result["changes"] = changes
    result["alone"] = alone.str.lstrip(",")
    return result


def write(out_dir: str | Path, mode: Mode = "as_printed", force: bool = False) -> list[Path]:
    """Write every table, the comparison with print and the conclusions that change sign.

    table5.csv to table11.csv (9 as table9a.csv and table9b.csv), accumulation_b1.csv, comparison.csv and
    sign_changes.csv. Numbers are unrounded. All files or none; existing ones are overwritten only with `force`.
    Returns the paths.
    """
    tables = dict(reproduce(mode))
    tables["comparison"] = compare(mode)
    tables["sign_changes"] = sign_changes()
    return write_tables(out_dir, tables, force)
