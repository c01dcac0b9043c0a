"""Values and switches of a resolved pack, in the form that law and kernels take."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved
from cohorts import axes
from engine.kernels.layout import LANES, STRIDE
from engine.kernels.types import Rules
from engine.law import of_year, state
from engine.law.account import Bands
from engine.law.award import Law
from engine.law.new import NewLaw, net_contribution_rates
from engine.law.old import FamilyAllowances, OldLaw, OldLawTables
from engine.prepare import financing, guarantee_cells, wage_bands

Float = NDArray[np.float64]
Int = NDArray[np.int64]

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


def old_law_by_year(resolved: Resolved, years: Int) -> Float:
    """Values of the law of 1973 for awards of each year, float64 (field of :class:`OldLaw`, year)."""
    number = resolved.number
    path: Any = partial(resolved.path, years=years)
    return _by_year(
        OldLaw(
            flat=resolved.switch("basis.old_law_benefit") == "minimum",
            flat_multiple=number("law_1973.flat_multiple"),
            weeks_retirement=path("law_1973.weeks_retirement"),
            weeks_disability=path("law_1973.weeks_disability"),
            weeks_per_year=number("law_1973.weeks_per_year"),
            rest_half_from=number("law_1973.rest_half_from"),
            rest_full_above=number("law_1973.rest_full_above"),
            minimum_pension_mw=path("law_1973.minimum_pension_mw"),
            minimum_pension_weeks=path("law_1973.minimum_pension_weeks"),
            bonus=path("law_1973.bonus_months") / MONTHS,
            occupational_share=path("law_1973.occupational_disability_share"),
        ),
        years,
    )


def old_law(resolved: Resolved, year: int | None = None) -> OldLaw:
    """The law of 1973 for awards of one year, by default the first projected."""
    flat, *others = old_law_by_year(resolved, _one(resolved, year))[:, 0].tolist()
    return OldLaw(bool(flat), *others)


def new_law_by_year(resolved: Resolved, years: Int) -> Float:
    """Values of the law of 1995 for awards of each year, float64 (field of :class:`NewLaw`, year)."""
    path: Any = partial(resolved.path, years=years)
    return _by_year(
        NewLaw(
            enacted=resolved.flag("reform.enacted"),
            minimum_age=path("guarantee.minimum_age"),
            weeks_retirement=path("law_1995.weeks_retirement"),
            weeks_disability=path("law_1995.weeks_disability"),
            weeks_severe=path("law_1995.weeks_disability_severe"),
            weeks_death=path("law_1995.weeks_death"),
            weeks_per_year=resolved.number("law_1973.weeks_per_year"),
            early_multiple=path("guarantee.early_multiple"),
            disability_share=path("law_1995.iv_share"),
            occupational_share=path("law_1995.occupational_share"),
        ),
        years,
    )


def new_law(resolved: Resolved, year: int | None = None) -> NewLaw:
    """The law of 1995 for awards of one year, by default the first projected."""
    enacted, *others = new_law_by_year(resolved, _one(resolved, year))[:, 0].tolist()
    return NewLaw(bool(enacted), *others)


def law_of_year(prepared: Rules, t: int) -> Law:
    """The law of awards of year ``t``, counted from the first."""
    found: Law = of_year.law_of_year(
        prepared.old, prepared.new, t, prepared.recognition, prepared.guarantee_rule
    )
    return found


def _one(resolved: Resolved, year: int | None) -> Int:
    return np.array([int(resolved.number("reform.first_year")) if year is None else year])


def _by_year(law: tuple[Any, ...], years: Int) -> Float:
    return np.array([np.broadcast_to(np.asarray(value, dtype=np.float64), years.shape) for value in law])


def family_allowances(resolved: Resolved) -> FamilyAllowances:
    """Family allowances and assistance of the law of 1973."""
    return FamilyAllowances(
        spouse=resolved.number("law_1973.allowance_spouse"),
        child=resolved.number("law_1973.allowance_child"),
        parent=resolved.number("law_1973.allowance_parent"),
        only_parent=resolved.number("law_1973.allowance_only_parent"),
        alone=resolved.number("law_1973.allowance_alone"),
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
    part[axes.ACCOUNT_HOUSING] = float(financing.housing_use(resolved) == financing.BALANCES)
    return part


class ContributionRates(NamedTuple):
    """Contributions by wage and year. Shares of the capped wage; quota in pesos a full year.

    Attributes
    ----------
    retirement, severance : Bands
        What reaches the accounts, commission taken.
    severance_employer : Bands
        What the employer pays to severance and old age.
    quota, quota_paid, quota_credit : Bands
        The social quota of all days of a year, and what of it the State pays and the account receives.
    housing : float64 (year,)
        What reaches the housing account.
    """

    retirement: Bands
    severance: Bands
    severance_employer: Bands
    quota: Bands
    quota_paid: Bands
    quota_credit: Bands
    housing: Float


def contribution_rates(resolved: Resolved, years: Int, all_collected: bool = False) -> ContributionRates:
    """Contributions of a resolved pack in each year.

    ``all_collected``: those to housing of a worker whose employer pays, in place of the mean of all.
    """
    path = partial(resolved.path, years=years)
    employer = wage_bands.bands(
        resolved, years, "contributions.ceav_employer", "contributions.ceav_employer_bands"
    )
    retirement, severance = net_contribution_rates(
        path("contributions.commission"),
        path("contributions.retirement_employer"),
        employer.value + path("contributions.ceav_worker") + path("contributions.ceav_state"),
    )
    daily = wage_bands.bands(resolved, years, "state.social_quota", "state.social_quota_bands")
    quota = wage_bands.scaled(daily, resolved.number("economy.days_per_year"))
    density = resolved.number("contributions.density")
    paid, credited = (
        wage_bands.scaled(quota, density if resolved.switch(f"basis.{switch}") == "density" else 1.0)
        for switch in ("quota_basis", "account_quota_basis")
    )
    due = path("contributions.infonavit_employer") if all_collected else collected_housing(resolved, years)
    return ContributionRates(
        Bands(employer.upper, np.ascontiguousarray(retirement)),
        Bands(employer.upper, np.ascontiguousarray(severance)),
        employer,
        quota,
        paid,
        credited,
        np.ascontiguousarray(due * (1.0 - resolved.number("contributions.infonavit_loan_share"))),
    )


def collected_housing(resolved: Resolved, years: Int) -> Float:
    """What employers pay to housing funds in each year, share of the capped wage: the rate, as far as it is collected."""
    return resolved.path("contributions.infonavit_employer", years) * resolved.path(
        "contributions.infonavit_collection", years
    )


def check_length(years: Int) -> None:
    """Refuse more years than the year loop has room for."""
    most = int(STRIDE) - LANES
    if years.size > most:
        raise AssumptionError.single(
            "reform.last_year", f"{years.size} years are too many", f"{most} at most"
        )


def rules(resolved: Resolved, years: Int, past: int, all_collected: bool = False) -> Rules:
    """Values and switches of the year loop for the projected ``years``.

    ``all_collected`` is that of :func:`contribution_rates`.
    """
    number = resolved.number
    rates = contribution_rates(resolved, years, all_collected)
    return Rules(
        years=years.size,
        past=past,
        density=number("contributions.density"),
        housing_rate=rates.housing,
        retirement=rates.retirement,
        severance=rates.severance,
        severance_employer=rates.severance_employer,
        quota=rates.quota_paid,
        quota_credit=rates.quota_credit,
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
        career=guarantee_cells.career_guarantee(resolved, years),
        old=old_law_by_year(resolved, years),
        new=new_law_by_year(resolved, years),
    )


def history_years(resolved: Resolved) -> int:
    """Years of wage history that the averages need before the first projected year."""
    longest = max(resolved.number("law_1973.average_years"), resolved.number("law_1995.iv_average_years"))
    return int(longest) + 1
