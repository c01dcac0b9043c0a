"""Values and switches of a resolved pack, in the form that law and kernels take."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved, by_epoch
from cohorts import axes, densities
from engine.kernels.layout import LANES, STRIDE
from engine.kernels.types import Rules
from engine.law import of_year, state
from engine.law.account import Bands, Withdrawals
from engine.law.award import Law
from engine.law.new import NewLaw, net_contribution_rates
from engine.law.old import (
    DatedTables,
    FamilyAllowances,
    OldLaw,
    OldLawTables,
    cut_bounds,
    mean_severance_factors,
)
from engine.prepare import degrees, economy, financing, guarantee_cells, wage_bands

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


def dated_tables(resolved: Resolved, years: Int) -> DatedTables:
    """Tables of the law of 1973 for awards of each year."""
    moment = economy.award_moment(resolved)
    found, of_year = by_epoch(resolved, years, partial(old_law_tables, moment=moment))
    columns = [
        _stacked([np.atleast_1d(table[i]) for table in found]) for i in range(len(OldLawTables._fields))
    ]
    upper, basic, increment, age, factor, mean = columns
    return DatedTables(of_year, upper, basic, increment, age[:, 0].copy(), factor, mean)


def _stacked(rows: list[Float]) -> Float:
    """Rows of different lengths as one array, float64 (row, place), the shorter ones filled with their last number."""
    longest = max(row.size for row in rows)
    return np.stack([np.pad(row, (0, longest - row.size), mode="edge") for row in rows])


def old_law_tables(resolved: Resolved, moment: float = 0.0) -> OldLawTables:
    """Tables of the law of 1973, of a pack as of one year where they are dated.

    ``moment`` is the part of a year that has passed at its awards.
    """
    art_167 = resolved.table("law_1973.art_167").values
    severance = resolved.table("law_1973.severance_factor")
    upper, factors = art_167[:, 0], severance.values
    if resolved.switch("basis.art_167_ratio") == "two_decimals":
        upper = cut_bounds(upper)
    counted = resolved.switch("basis.severance_months") == "counted"
    return OldLawTables(
        group_upper=np.ascontiguousarray(upper),
        basic=np.ascontiguousarray(art_167[:, 1]),
        increment=np.ascontiguousarray(art_167[:, 2]),
        severance_age=float(severance.coords["age"][0]),
        severance_factor=np.ascontiguousarray(factors),
        severance_mean=np.array(mean_severance_factors(factors, moment) if counted else factors),
    )


def old_law_by_year(resolved: Resolved, years: Int) -> Float:
    """Values of the law of 1973 for awards of each year, float64 (field of :class:`OldLaw`, year)."""
    path: Any = partial(resolved.path, years=years)
    return _by_year(
        OldLaw(
            flat=resolved.switch("basis.old_law_benefit") == "minimum",
            flat_multiple=path("law_1973.flat_multiple"),
            weeks_retirement=path("law_1973.weeks_retirement"),
            weeks_disability=path("law_1973.weeks_disability"),
            weeks_per_year=path("law_1973.weeks_per_year"),
            rest_half_from=path("law_1973.rest_half_from"),
            rest_full_above=path("law_1973.rest_full_above"),
            minimum_pension_mw=path("law_1973.minimum_pension_mw"),
            minimum_pension_weeks=path("law_1973.minimum_pension_weeks"),
            bonus=path("law_1973.bonus_months") / MONTHS,
            occupational_share=path("law_1973.occupational_disability_share"),
            **degrees.of_law(resolved, years),
            allowances_apart=resolved.switch("basis.family_allowances") == "apart",
        ),
        years,
    )


def old_law(resolved: Resolved, year: int | None = None) -> OldLaw:
    """The law of 1973 for awards of one year, by default the first projected."""
    found = OldLaw(*old_law_by_year(resolved, _one(resolved, year))[:, 0].tolist())
    flags = {name: bool(getattr(found, name)) for name in ("flat", "by_degree", "allowances_apart")}
    return found._replace(**flags)


def new_law_by_year(resolved: Resolved, years: Int) -> Float:
    """Values of the law of 1995 for awards of each year, float64 (field of :class:`NewLaw`, year)."""
    path: Any = partial(resolved.path, years=years)
    apart = resolved.switch("basis.family_allowances") == "apart"
    return _by_year(
        NewLaw(
            enacted=resolved.flag("reform.enacted"),
            minimum_age=path("guarantee.minimum_age"),
            weeks_retirement=path("law_1995.weeks_retirement"),
            weeks_disability=path("law_1995.weeks_disability"),
            weeks_insured_before=path("law_1995.weeks_disability_insured_before"),
            weeks_severe=path("law_1995.weeks_disability_severe"),
            weeks_death=path("law_1995.weeks_death"),
            weeks_per_year=path("law_1973.weeks_per_year"),
            early_multiple=path("guarantee.early_multiple"),
            disability_share=path("law_1995.iv_share"),
            occupational_share=path("law_1995.occupational_share"),
            allowances=apart,
            bonus=path("law_1995.bonus_months") / MONTHS if apart else 0.0,
        ),
        years,
    )


def new_law(resolved: Resolved, year: int | None = None) -> NewLaw:
    """The law of 1995 for awards of one year, by default the first projected."""
    found = NewLaw(*new_law_by_year(resolved, _one(resolved, year))[:, 0].tolist())
    return found._replace(enacted=bool(found.enacted), allowances=bool(found.allowances))


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


def surrender(resolved: Resolved, years: np.ndarray) -> np.ndarray:
    """Part of each account handed to the State with the old-law choice, by year of award, float64 (account, year).

    The law of 1995 (13th transitory article) leaves the retirement account to the worker; the annex surrenders it
    too. INFONAVIT goes with the scenario, unless its use is represented by another rule than balances.
    """
    part = np.zeros((axes.N_ACCOUNTS, years.size))
    part[axes.ACCOUNT_RETIREMENT] = float(resolved.switch("basis.surrendered_funds") == "annex")
    part[axes.ACCOUNT_SEVERANCE] = 1.0
    part[axes.ACCOUNT_QUOTA] = 1.0
    if resolved.switch("basis.infonavit_offset") == financing.BALANCES:
        part[axes.ACCOUNT_HOUSING] = resolved.path("financing.infonavit_share", years)
    return part


def withdrawals(resolved: Resolved) -> Withdrawals:
    """Withdrawals on account of unemployment."""
    return Withdrawals(
        resolved.number("contributions.unemployment_frequency"),
        resolved.number("law_1995.unemployment_days") / resolved.number("economy.days_per_year"),
        resolved.number("law_1995.unemployment_share"),
    )


class ContributionRates(NamedTuple):
    """Contributions by wage and year. Shares of the capped wage; quota in pesos a full year.

    Attributes
    ----------
    retirement, severance : Bands
        What reaches the accounts, commission taken.
    severance_employer : Bands
        What the employer pays to severance and old age.
    quota : Bands
        The social quota of all days of a year.
    housing : float64 (year,)
        What reaches the housing account.
    """

    retirement: Bands
    severance: Bands
    severance_employer: Bands
    quota: Bands
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
    due = path("contributions.infonavit_employer") if all_collected else collected_housing(resolved, years)
    return ContributionRates(
        Bands(employer.upper, np.ascontiguousarray(retirement)),
        Bands(employer.upper, np.ascontiguousarray(severance)),
        employer,
        quota,
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
    averages = windows(resolved, years)
    return Rules(
        years=years.size,
        past=past,
        housing_rate=rates.housing,
        retirement=rates.retirement,
        severance=rates.severance,
        severance_employer=rates.severance_employer,
        quota=rates.quota,
        quota_by_density=resolved.switch("basis.quota_basis") == "density",
        credit_by_density=resolved.switch("basis.account_quota_basis") == "density",
        wage_floor_mw=number("population.wage_floor_mw"),
        average_years=averages[0].years,
        reference_years=averages[1].years,
        average_time=averages[0].time,
        reference_time=averages[1].time,
        average_asked=averages[0].asked,
        reference_asked=averages[1].asked,
        surrender=surrender(resolved, years),
        recognition=_RECOGNITION[resolved.switch("basis.recognition")],
        guarantee_rule=_GUARANTEE[resolved.switch("basis.mpg")],
        # Without the reform there is nothing to choose.
        choice=_CHOICE[resolved.switch("basis.choice")]
        if resolved.flag("reform.enacted")
        else axes.ALWAYS_OLD,
        withdrawals=withdrawals(resolved),
        career=guarantee_cells.career_guarantee(resolved, years),
        old=old_law_by_year(resolved, years),
        new=new_law_by_year(resolved, years),
    )


class Window(NamedTuple):
    """What wages are averaged over at awards of each year: calendar years at the mean density, and years of contribution (0:
    calendar years count), as far as wages are known and as the law asks for them; float64 (year,).
    """

    years: Float
    time: Float
    asked: Float


AVERAGE_WEEKS = ("law_1973.average_weeks", "law_1995.iv_average_weeks")


def windows(resolved: Resolved, years: Int) -> tuple[Window, Window]:
    """Windows of the old law's average wage and of the new law's reference wage."""
    number = resolved.number
    if resolved.switch("basis.average_weeks") == "calendar":
        none = np.zeros(years.size)
        old, new = (
            Window(none + number(name), none, none)
            for name in ("law_1973.average_years", "law_1995.iv_average_years")
        )
        return old, new
    density, longest = number("contributions.density"), float(history_years(resolved) - 1)
    old, new = (
        _window(resolved.path(name, years) / number("law_1973.weeks_per_year"), density, longest)
        for name in AVERAGE_WEEKS
    )
    return old, new


def _window(time: Float, density: float, longest: float) -> Window:
    return (
        Window(np.minimum(time / density, longest), np.minimum(time, longest * density), time)
        if density > 0.0
        else Window(time, time, time)
    )


def history_years(resolved: Resolved) -> int:
    """Years of wage history that the averages need before the first projected year.

    Averages of weeks at a low density take no more years than there are, but at least those of an unbroken career.
    """
    number = resolved.number
    if resolved.switch("basis.average_weeks") == "calendar":
        return int(max(number("law_1973.average_years"), number("law_1995.iv_average_years"))) + 1
    years = np.arange(number("reform.first_year"), number("reform.last_year") + 1, dtype=np.int64)
    weeks = max(float(resolved.path(name, years).max()) for name in AVERAGE_WEEKS)
    unbroken = weeks / number("law_1973.weeks_per_year")
    known = max(economy.known_history(resolved), int(np.ceil(unbroken)) + 1)
    least = float(densities.classes(resolved).density[0]) if number("contributions.density") > 0.0 else 0.0
    return min(int(np.ceil(unbroken / least)) + 1, known) if least > 0.0 else known
