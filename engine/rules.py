"""Values and switches of a resolved pack, in the form that law and kernels take."""

from __future__ import annotations

import numpy as np

from assumptions import Resolved
from cohorts import axes
from engine.kernels.types import Rules
from engine.law import of_year, state
from engine.law.award import Law
from engine.law.new import NewLaw, net_contribution_rates
from engine.law.old import FamilyAllowances, OldLaw, OldLawTables

_RECOGNITION = {"exhaustion": state.EXHAUSTION, "share": state.SHARE, "capital": state.CAPITAL}
# A guarantee copied from printed values is no rule of the year loop; its amount there is nil.
_GUARANTEE = {
    "exhaustion": state.EXHAUSTION,
    "top_up": state.SHARE,
    "capital": state.CAPITAL,
    "replica": state.EXHAUSTION,
}
_CHOICE = {"best": axes.BEST, "old_law": axes.ALWAYS_OLD}
MONTHS = 12.0


def old_law_tables(resolved: Resolved) -> OldLawTables:
    """Tables of the law of 1973."""
    art_167 = resolved.table("law_1973.art_167").values
    severance = resolved.table("law_1973.severance_factor")
    return OldLawTables(
        group_upper=np.ascontiguousarray(art_167[:, 0]),
        basic=np.ascontiguousarray(art_167[:, 1]),
        increment=np.ascontiguousarray(art_167[:, 2]),
        severance_age=float(severance.coords["age"][0]),
        severance_factor=np.ascontiguousarray(severance.values),
    )


def old_law(resolved: Resolved) -> OldLaw:
    """Scalars of the law of 1973."""
    return OldLaw(
        flat=resolved.switch("basis.old_law_benefit") == "minimum",
        flat_multiple=resolved.number("law_1973.flat_multiple"),
        weeks_retirement=resolved.number("law_1973.weeks_retirement"),
        weeks_disability=resolved.number("law_1973.weeks_disability"),
        weeks_per_year=resolved.number("law_1973.weeks_per_year"),
        rest_half_from=resolved.number("law_1973.rest_half_from"),
        rest_full_above=resolved.number("law_1973.rest_full_above"),
        minimum_pension_mw=resolved.number("law_1973.minimum_pension_mw"),
        minimum_pension_weeks=resolved.number("law_1973.minimum_pension_weeks"),
        bonus=resolved.number("law_1973.bonus_months") / MONTHS,
        occupational_share=resolved.number("law_1973.occupational_disability_share"),
    )


def family_allowances(resolved: Resolved) -> FamilyAllowances:
    """Family allowances and assistance of the law of 1973."""
    return FamilyAllowances(
        spouse=resolved.number("law_1973.allowance_spouse"),
        child=resolved.number("law_1973.allowance_child"),
        parent=resolved.number("law_1973.allowance_parent"),
        only_parent=resolved.number("law_1973.allowance_only_parent"),
        alone=resolved.number("law_1973.allowance_alone"),
    )


def new_law(resolved: Resolved) -> NewLaw:
    """Scalars of the law of 1995."""
    return NewLaw(
        enacted=resolved.flag("reform.enacted"),
        minimum_age=resolved.number("guarantee.minimum_age"),
        weeks_retirement=resolved.number("law_1995.weeks_retirement"),
        weeks_disability=resolved.number("law_1995.weeks_disability"),
        weeks_death=resolved.number("law_1995.weeks_death"),
        weeks_severe=resolved.number("law_1995.weeks_disability_severe"),
        weeks_per_year=resolved.number("law_1973.weeks_per_year"),
        early_multiple=resolved.number("guarantee.early_multiple"),
        disability_share=resolved.number("law_1995.iv_share"),
        occupational_share=resolved.number("law_1995.occupational_share"),
    )


def surrender(resolved: Resolved) -> np.ndarray:
    """Part of each account handed to the State with the old-law choice, float64 (account,).

    The law of 1995 (13th transitory article) leaves the retirement account to the worker; the annex surrenders it
    too. INFONAVIT goes with the scenario, unless its use is represented by another rule than balances.
    """
    part = np.zeros(axes.N_ACCOUNTS)
    part[axes.ACCOUNT_RETIREMENT] = float(resolved.switch("basis.surrendered_funds") == "annex")
    part[axes.ACCOUNT_SEVERANCE] = 1.0
    part[axes.ACCOUNT_QUOTA] = 1.0
    part[axes.ACCOUNT_HOUSING] = float(
        resolved.flag("financing.infonavit_surrendered")
        and resolved.switch("basis.infonavit_offset") == "balance"
    )
    return part


def contribution_rates(resolved: Resolved) -> tuple[float, float, float]:
    """Rates that reach the retirement, severance and housing accounts, share of the capped wage."""
    number = resolved.number
    retirement, severance = net_contribution_rates(
        number("contributions.commission"),
        number("contributions.retirement_employer"),
        number("contributions.ceav_employer")
        + number("contributions.ceav_worker")
        + number("contributions.ceav_state"),
    )
    housing = number("contributions.infonavit_employer") * (
        1.0 - number("contributions.infonavit_loan_share")
    )
    return retirement, severance, housing


def rules(resolved: Resolved, n_years: int, past: int) -> Rules:
    """Scalars and switches of the year loop."""
    number = resolved.number
    retirement, severance, housing = contribution_rates(resolved)
    yearly_quota = number("state.social_quota") * number("economy.days_per_year")
    density = number("contributions.density")
    return Rules(
        years=n_years,
        past=past,
        density=density,
        retirement_rate=retirement,
        severance_rate=severance,
        housing_rate=housing,
        quota=yearly_quota * (density if resolved.switch("basis.quota_basis") == "density" else 1.0),
        quota_credit=yearly_quota
        * (density if resolved.switch("basis.account_quota_basis") == "density" else 1.0),
        wage_floor_mw=number("population.wage_floor_mw"),
        average_years=int(number("law_1973.average_years")),
        reference_years=int(number("law_1995.iv_average_years")),
        surrender=surrender(resolved),
        recognition=_RECOGNITION[resolved.switch("basis.recognition")],
        guarantee_rule=_GUARANTEE[resolved.switch("basis.mpg")],
        # Without the reform there is nothing to choose.
        choice=_CHOICE[resolved.switch("basis.choice")]
        if resolved.flag("reform.enacted")
        else axes.ALWAYS_OLD,
        old=by_year(old_law(resolved), n_years),
        new=by_year(new_law(resolved), n_years),
    )


def law_of_year(prepared: Rules, t: int) -> Law:
    """The law of awards of year ``t``, counted from the first."""
    found: Law = of_year.law_of_year(
        prepared.old, prepared.new, t, prepared.recognition, prepared.guarantee_rule
    )
    return found


def by_year(law: OldLaw | NewLaw, n_years: int) -> np.ndarray:
    """A law that is the same in every year, float64 (field, year)."""
    return np.repeat(np.array(law, dtype=np.float64)[:, None], n_years, axis=1)


def history_years(resolved: Resolved) -> int:
    """Years of wage history that the averages need before the first projected year."""
    longest = max(resolved.number("law_1973.average_years"), resolved.number("law_1995.iv_average_years"))
    return int(longest) + 1
