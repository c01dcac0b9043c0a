"""The paper's tables under one set of values and switches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from engine.studies.parker_wong.data import PAIR, Art167, FloatArray, Switches, Values, Workers
from engine.studies.parker_wong.formulas import (
    Terms,
    annuity_due,
    change,
    cut,
    cut_and_round,
    old_law_pension,
    share_below,
    value_at_pension,
)

_MONTHS_PER_YEAR: Final = 12.0


class Paper:
    """All quantities under one set of values and switches; a table is a method."""

    def __init__(self, values: Values, switches: Switches, workers: Workers, art167: Art167) -> None:
        self.values = values
        self.switches = switches
        self.workers = workers
        self.art167 = art167
        self.women = workers.women
        self.years_to_pension = values.pension_age - workers.ages.astype(np.float64)
        omitted = (workers.ages == values.omitted_age) & switches.omit_age_56
        self.ages = self.years_to_pension, np.where(omitted, 0.0, 1.0)
        self.terms = Terms(values.interest, values.fee, values.quota_share * values.minimum_wage)
        self.life_expectancy = np.where(
            self.women, values.life_expectancy_women, values.life_expectancy_men
        ).astype(np.float64)
        self.experience = workers.participation.sum(axis=1)
        last = self.years_to_pension < values.last_wage_years
        self.last_wage = workers.earnings[:, last].mean(axis=1) / values.minimum_wage
        self.capital = self.capital_of(workers.earnings, workers.participation, self.terms)
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
        early = switches.guarantee_after_20_years
        self.new_law_years = values.new_law_years_early if early else values.new_law_years
        needed = values.new_law_weeks * self.new_law_years / values.new_law_years
        entitled = (weeks >= needed) & switches.new_law_minimum
        self.new_pension_mpg = np.where(
            entitled, np.maximum(self.new_pension, values.minimum_pension), self.new_pension
        )

    # -- quantities

    def capital_of(self, earnings: FloatArray, participation: FloatArray, terms: Terms) -> FloatArray:
        """K, pesos of 1997 at 65, float64 (worker,)."""
        by_age = value_at_pension(earnings, participation, self.ages, self.values, terms)
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
        keys = self.workers.keys().loc[self.women, PAIR].reset_index(drop=True)
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
            self.workers.earnings, self.workers.participation, self.ages, self.values, self.terms
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

    def table4(self) -> pd.DataFrame:
        """Table 4: estimated experience at 65, years. Ages at marriage and observed experience are the paper's data."""
        return self._tidy({"estimated_experience": self.experience})

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

        def pension(terms: Terms) -> FloatArray:
            capital = self.capital_of(workers.earnings, workers.participation, terms)
            amount = capital / self.annuity(terms.interest) / values.minimum_wage
            if self.switches.printed_digits:
                return np.asarray(np.round(amount, int(values.table6_decimals)), dtype=np.float64)
            return np.asarray(amount, dtype=np.float64)

        base, terms = pension(self.terms), self.terms
        return self._tidy(
            {
                "baseline_mw": self.new_pension,
                "pct_interest_5": change(pension(replace(terms, interest=values.interest_high)), base),
                "pct_fee_0.95": change(pension(replace(terms, fee=values.fee_low)), base),
                "pct_no_quota": change(pension(replace(terms, quota=0.0)), base),
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
        his_participation = self.capital_of(hers[0] * relative if moved else hers[0], his[1], self.terms)
        his_earnings = self.capital_of(his[0] * inverse if moved else his[0], hers[1], self.terms)
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
                terms = replace(self.terms, interest=interest, growth=growth)
                capital = self.capital_of(workers.earnings, workers.participation, terms)
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
            new_replacement = cut(new, finer) / cut(self.last_wage, finer)
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
            {"pct_annuity": change(new, old), "pct_replacement": change(new_replacement, old_replacement)}
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

        Experience below 25 years (20 with the guarantee of Figure 10) and 10; new-law and old-law pension (no minimum
        pension) below one minimum wage. All are taken as normal around the worker's figure, with the coefficient of
        variation of the worker's earnings: sample standard deviation over mean of the fifty single-age earnings.
        """
        values, earnings = self.values, self.workers.earnings
        spread = earnings.std(axis=1, ddof=1) / earnings.mean(axis=1)
        return self._tidy(
            {
                "mean_experience": self.experience,
                f"p_lt_{self.new_law_years:.0f}y": share_below(self.new_law_years, self.experience, spread),
                "p_lt_10y": share_below(values.old_law_years, self.experience, spread),
                "p_new_lt_mw": share_below(values.minimum_pension, self.new_pension, spread),
                "p_old_lt_mw": share_below(values.minimum_pension, self.old_pension, spread),
            }
        )

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        return {
            "table4": self.table4(),
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


__all__ = ["Paper"]
