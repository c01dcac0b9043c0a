"""What the calculator of single workers takes from a pack: survival, economy, rules, terms, and what careers are held to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from assumptions import Resolved
from cohorts.decrements import active_ages
from cohorts.families import parent_survival, spouse_survival
from cohorts.survival import last_age, longest_duration, survival_table
from engine.checked import finite
from engine.kernels.types import Economy, Lives, Rules, Shares, Terms
from engine.labels import STATE
from engine.law.old import FamilyAllowances, OldLawTables
from engine.prepare import contributions, rules
from engine.prepare import economy as economy_paths

_PRICES: Final = ("economy.inflation", "economy.real_minimum_wage_growth")
_LIFE_TABLES: Final = ("mortality.active", "mortality.disabled")


@dataclass(frozen=True)
class Context:
    """Everything a resolved pack says that does not depend on the worker."""

    resolved: Resolved
    lives: Lives
    economy: Economy
    rules: Rules
    terms: Terms
    tables: OldLawTables
    allowances: FamilyAllowances


def _shares(resolved: Resolved, law: str) -> Shares:
    names = (
        f"{risk}{name}"
        for risk in ("", "occupational_")
        for name in ("widow_share", "orphan_share", "orphan_share_both")
    )
    return Shares(
        *(resolved.number(f"{law}.{name}") for name in (*names, "ascendant_share", "survivors_cap"))
    )


def first_priced_year(resolved: Resolved) -> int:
    """First year of which the price level and the minimum wage are known; 0 where both are constant rates."""
    starts = [
        int(path.years[0]) + 1 for path in (resolved.dated(name) for name in _PRICES) if not path.is_constant
    ]
    ceilings = (*economy_paths.CEILINGS, "law_1973.ceiling_average_wage")
    starts += [int(path.years[0]) for path in map(resolved.dated, ceilings) if not path.is_constant]
    return max(starts, default=0)


def _lives(resolved: Resolved, youngest: int, n_durations: int) -> Lives:
    n_ages = last_age(resolved) - youngest + 1
    lives = Lives(
        active=survival_table(resolved, "mortality.active", youngest, n_ages, n_durations),
        disabled=survival_table(resolved, "mortality.disabled", youngest, n_ages, n_durations),
        spouse=spouse_survival(resolved, youngest, n_ages, n_durations),
        parent=parent_survival(resolved, youngest, n_ages, n_durations).mean(axis=0),
        first_age=youngest,
        child_age_limit=resolved.number("law_1973.child_age_limit"),
    )
    return finite(lives, "survival")


def context(resolved: Resolved, first_needed: int, last_award: int) -> Context:
    """What is needed for careers from ``first_needed`` on with awards until ``last_award`` (calendar years)."""
    first_year = int(resolved.number("reform.first_year"))
    past = max(0, first_year - max(first_priced_year(resolved), first_needed))
    youngest, _ = active_ages(resolved)
    n_durations = longest_duration(resolved, youngest)
    years = np.arange(first_year, max(last_award, first_year) + 1)
    shared = rules.rules(resolved, years, past, all_collected=True)
    enacted = resolved.flag("reform.enacted")
    rates = contributions.rates(resolved, years)
    return Context(
        resolved=resolved,
        lives=_lives(resolved, youngest, n_durations),
        # One person's award is at a moment of its own, not spread over a year.
        economy=economy_paths.build(resolved, years, past, n_durations)._replace(moment=0.0),
        terms=Terms(
            first_year=first_year,
            enacted=enacted,
            state_severance=rates.ceav[STATE] * rates.proportional_counts,
            state_disability=rates.iv[STATE] * rates.proportional_counts,
            quota=rules.contribution_rates(resolved, years).quota,
            quota_by_time=resolved.switch("basis.quota_basis") == "density",
            credit_by_time=resolved.switch("basis.account_quota_basis") == "density",
            shares_old=_shares(resolved, "law_1973"),
            shares_new=_shares(resolved, "law_1995"),
        ),
        rules=shared,
        tables=rules.old_law_tables(resolved),
        allowances=rules.family_allowances(resolved),
    )


def as_of_award(resolved: Resolved) -> tuple[Any, ...]:
    """What holds by the year of the award in :func:`context`: survival, shares, tables, allowances."""
    youngest = active_ages(resolved)[0]
    return (
        _lives(resolved, youngest, longest_duration(resolved, youngest)),
        _shares(resolved, "law_1973"),
        _shares(resolved, "law_1995"),
        rules.old_law_tables(resolved),
        rules.family_allowances(resolved),
    )


def first_projected_year(resolved: Resolved) -> int:
    """The first year of which a pension can be told."""
    return int(resolved.number("reform.first_year"))


def oldest_age(resolved: Resolved) -> int:
    """Last age of any life table."""
    return max(int(resolved.labels(name, "age")[-1]) for name in _LIFE_TABLES)


def months_are_dropped(resolved: Resolved) -> bool:
    """Whether severance counts completed years of age only."""
    return resolved.switch("basis.severance_months") == "dropped"


def years_to_first_opening(resolved: Resolved) -> int:
    """Years from the year of birth to that at whose opening the age is 0."""
    return int(resolved.switch("basis.birth_year") == "calendar")


def sex_codes_of(resolved: Resolved) -> str:
    """What 1 and 2 mean in files of people."""
    return resolved.switch("population.sex_codes")


def days_per_year(resolved: Resolved) -> float:
    """Days of wage of a year."""
    return resolved.number("economy.days_per_year")


def usual_density(resolved: Resolved) -> float:
    """Share of the year that contributes where a career tells none."""
    return resolved.number("contributions.density")


def growth_before(resolved: Resolved) -> float:
    """Real growth of wages a year before the first projected one."""
    return resolved.number("economy.real_wage_growth_history")


__all__ = [
    "Context",
    "as_of_award",
    "context",
    "days_per_year",
    "first_priced_year",
    "first_projected_year",
    "growth_before",
    "months_are_dropped",
    "oldest_age",
    "sex_codes_of",
    "usual_density",
    "years_to_first_opening",
]
