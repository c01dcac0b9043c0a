"""Figures of a single worker: the columns of the result, and what stands in each."""

from __future__ import annotations

import numpy as np

from cohorts.axes import N_ACCOUNTS
from engine.kernels.claims import Averages
from engine.law.award import Award, Claim, Prices
from engine.law.compiled import inner
from engine.law.old import OldLawTables, art_167_group

FIGURES = (
    "weeks",
    "retirement",
    "ceav",
    "social_quota",
    "infonavit",
    "account",
    "average_wage",
    "minimum_wage",
    "group",
    "basic",
    "increment",
    "increment_years",
    "age_share",
    "allowance",
    "old_pension",
    "old_allowances",
    "reference_wage",
    "last_wage",
    "risk_wage",
    "unit_old",
    "unit_real",
    "unit_guarantee",
    "unit_allowances",
    "unit_allowances_real",
    "handed_over",
    "kept",
    "old_rights",
    "value_old",
    "value_new",
    "entitled",
    "guaranteed",
    "early",
    "annuity",
    "new_pension",
    "new_allowances",
    "top_up",
    "takes_old",
    "state_old",
    "state_new",
    "state",
    "state_contributions",
    "guarantee",
    "indemnity",
    "missing_history",
)
(
    WEEKS,
    BALANCE_RETIREMENT,
    BALANCE_SEVERANCE,
    BALANCE_QUOTA,
    BALANCE_HOUSING,
    ACCOUNT,
    AVERAGE_WAGE,
    MINIMUM_WAGE,
    GROUP,
    BASIC,
    INCREMENT,
    INCREMENT_YEARS,
    AGE_SHARE,
    ALLOWANCE,
    OLD_PENSION,
    OLD_ALLOWANCES,
    REFERENCE_WAGE,
    LAST_WAGE,
    RISK_WAGE,
    UNIT_OLD,
    UNIT_REAL,
    UNIT_GUARANTEE,
    UNIT_ALLOWANCES,
    UNIT_ALLOWANCES_REAL,
    HANDED_OVER,
    KEPT,
    OLD_RIGHTS,
    VALUE_OLD,
    VALUE_NEW,
    ENTITLED,
    GUARANTEED,
    EARLY,
    ANNUITY,
    NEW_PENSION,
    NEW_ALLOWANCES,
    TOP_UP,
    TAKES_OLD,
    STATE_OLD,
    STATE_NEW,
    STATE,
    STATE_CONTRIBUTIONS,
    GUARANTEE,
    INDEMNITY,
    MISSING_HISTORY,
) = range(len(FIGURES))


@inner()
def write_figures(
    out: np.ndarray,
    balance: np.ndarray,
    wages: Averages,
    claim: Claim,
    prices: Prices,
    award: Award,
    contributed: float,
    missing: bool,
    tables: OldLawTables,
) -> None:
    """Figures of one worker, in place."""
    out[WEEKS] = claim.weeks
    for a in range(N_ACCOUNTS):
        out[BALANCE_RETIREMENT + a] = balance[a]
    out[ACCOUNT] = claim.account
    out[AVERAGE_WAGE] = claim.average_wage
    out[MINIMUM_WAGE] = prices.minimum_wage
    out[GUARANTEE] = prices.guarantee
    out[GROUP] = art_167_group(claim.average_wage / prices.minimum_wage, tables.group_upper) + 1
    out[BASIC] = claim.basic
    out[INCREMENT] = claim.increment
    out[INCREMENT_YEARS] = claim.years
    out[AGE_SHARE] = claim.age_share
    out[ALLOWANCE] = claim.allowance
    out[OLD_PENSION] = award.pension + award.allowances
    out[OLD_ALLOWANCES] = award.allowances
    out[REFERENCE_WAGE] = claim.reference_wage
    out[LAST_WAGE] = wages.last
    out[RISK_WAGE] = claim.wage
    out[UNIT_OLD] = prices.annuity_old
    out[UNIT_REAL] = prices.annuity_real
    out[UNIT_GUARANTEE] = prices.annuity_guarantee
    out[UNIT_ALLOWANCES] = prices.allowance_old
    out[UNIT_ALLOWANCES_REAL] = prices.allowance_real
    out[HANDED_OVER] = claim.handed_over
    out[KEPT] = award.kept
    out[OLD_RIGHTS] = claim.old_rights
    out[VALUE_OLD] = award.value_old
    out[VALUE_NEW] = award.value_new
    out[ENTITLED] = award.entitled
    out[GUARANTEED] = award.guaranteed
    out[EARLY] = award.early
    out[ANNUITY] = claim.account / prices.annuity_real if prices.annuity_real > 0.0 else 0.0
    out[NEW_PENSION] = award.pension_new + award.allowances_new + award.bonus_new
    out[NEW_ALLOWANCES] = award.allowances_new
    out[TOP_UP] = award.top_up
    out[TAKES_OLD] = award.takes_old
    out[STATE_OLD] = award.state_old
    out[STATE_NEW] = award.state_new
    out[STATE] = award.state_old if award.takes_old else award.state_new
    out[STATE_CONTRIBUTIONS] = contributed
    out[INDEMNITY] = 0.0
    out[MISSING_HISTORY] = missing
