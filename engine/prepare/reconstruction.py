"""What the mechanism reconstructed from the printed tables is given, out of a resolved pack."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assumptions import AssumptionError, Resolved
from engine import reconstruction
from engine.checked import arithmetic, finite
from engine.prepare import economy, financing
from engine.reconstruction import Contributors, Mechanism

Float = NDArray[np.float64]
Int = NDArray[np.int64]

RECONSTRUCTED = "reconstructed"


def mechanism(resolved: Resolved, years: Int) -> Mechanism | None:
    """The mechanism in the projected years; None where costs are those of cohorts, or there is no reform.

    Parameters
    ----------
    years : int64 (year,)

    Raises
    ------
    AssumptionError
        If values contradict one another.
    """
    if resolved.switch("basis.mechanism") != RECONSTRUCTED or not resolved.flag("reform.enacted"):
        return None
    with arithmetic("the reconstructed mechanism"):
        return finite(_mechanism(resolved, years), "the reconstructed mechanism")


def _mechanism(resolved: Resolved, years: Int) -> Mechanism:
    def number(name: str) -> float:
        return float(resolved.number(f"reconstruction.{name}"))

    first, base = int(number("first_award")), int(resolved.number("replica.gdp_base_year"))
    award_years = np.arange(first, int(years[-1]) + 1, dtype=np.int64)
    # Enough years of the account for every award; those before it was opened have none.
    held = np.maximum(award_years - int(number("account_opens")), 0)
    balances = reconstruction.account(
        int(held.max(initial=0)),
        number("account_rate"),
        number("wage"),
        number("wage_growth"),
        number("social_quota"),
        number("density"),
        number("account_return"),
    )
    end = number("career_end")
    share = number("guarantee_share") * (1.0 + number("guarantee_growth")) ** (years - end)
    step_year = int(number("guarantee_steps_year"))
    gdp, gdp_of_steps = (
        float(economy.replica_gdp(resolved, np.array([year], dtype=np.int64))[0])
        for year in (base, step_year)
    )
    wages = economy.minimum_wages(resolved, years)
    of_1996 = resolved.number("economy.minimum_wage_daily") * resolved.number("economy.days_per_year")
    return Mechanism(
        award_years=award_years,
        years=years,
        awards=reconstruction.awards(
            award_years,
            base,
            number("awards_base"),
            number("awards_growth"),
            end,
            Contributors(
                number("contributors_long_run"), number("contributors_extra"), number("contributors_decay")
            ),
        ),
        new_workers=reconstruction.career(award_years, end, number("career_spread")),
        balance=balances[held],
        account_return=number("account_return"),
        pension=number("pension") * wages / of_1996,
        termination=number("termination"),
        state_share=state_share(resolved, award_years, int(years[0])),
        guarantee_share=np.clip(share, 0.0, 1.0),
        steps=resolved.path("reconstruction.guarantee_steps", years) * gdp_of_steps / gdp,
        guarantee_factor=number("guarantee_factor"),
        gdp=gdp,
    )


def state_share(resolved: Resolved, award_years: Int, first: int) -> Float:
    """What INFONAVIT leaves to the State of pensions by year of award, float64 (award,); all where it does not pay.

    Awards before ``first`` have the rate of that year.
    """
    if financing.housing_use(resolved) == financing.UNUSED:
        return np.ones(award_years.size)
    rates = resolved.path("reconstruction.infonavit_return", np.maximum(award_years, first))
    known = {rate: share_at(resolved, rate) for rate in dict.fromkeys(rates.tolist())}
    return np.array([known[rate] for rate in rates.tolist()])


def share_at(
    resolved: Resolved, real_return: float, table: ArrayLike | None = None, **changed: float | None
) -> float:
    """The share of :func:`engine.reconstruction.infonavit_share` at a return, with values of the pack.

    Parameters
    ----------
    table : array_like (age,), optional
        Probabilities of death from the age on, in place of EMSSA-97.
    **changed
        Other values for ``wage``, ``growth``, ``years``, ``age``, ``months`` and ``contribution``; None for the pack's.
    """
    per_year = resolved.number("law_1973.months_per_year")
    given = {
        "wage": resolved.number("reconstruction.wage"),
        "growth": resolved.number("reconstruction.wage_growth"),
        "years": resolved.number("reconstruction.infonavit_years"),
        "age": resolved.number("reconstruction.infonavit_age"),
        "months": per_year + resolved.number("reconstruction.infonavit_bonus_months"),
        "contribution": resolved.number("reconstruction.infonavit_rate"),
    }
    given |= {name: value for name, value in changed.items() if value is not None}
    age = int(given["age"])
    return reconstruction.infonavit_share(
        real_return,
        given["wage"],
        given["growth"],
        int(given["years"]),
        age,
        _deaths(resolved, age) if table is None else table,
        given["months"],
        contribution=given["contribution"],
        months_per_year=per_year,
    )


def _deaths(resolved: Resolved, age: int) -> Float:
    """Probabilities of death from an age on, float64 (age,)."""
    table = resolved.table("mortality.active")
    ages = list(table.coords["age"])
    if age not in ages:
        raise AssumptionError.single("age", f"{age} is not in the table", f"{ages[0]} to {ages[-1]}")
    sex = table.coords["sex"].index(resolved.switch("reconstruction.infonavit_mortality_sex"))
    found: Float = table.values[sex, ages.index(age) :]
    return found


__all__ = ["RECONSTRUCTED", "mechanism", "share_at", "state_share"]
