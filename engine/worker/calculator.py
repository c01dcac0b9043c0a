"""Pensions of single workers under both laws, the choice between them, and what the State pays.

The formulas of the law and the paths of the economy are the projection's; a cohort of one gives the same flows (see
:mod:`engine.worker.cohort_of_one`). :func:`evaluate` takes any number of careers at once, :func:`study` one, which it
also follows year by year.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assumptions import Resolved
from cohorts.axes import ACCOUNTS, RETIREMENT
from cohorts.decrements import active_ages
from cohorts.families import spouse_survival
from cohorts.survival import longest_duration, survival_table
from engine import notices
from engine.checked import finite
from engine.kernels import lives as kernel
from engine.kernels.types import Economy, Rules
from engine.law.award import Law
from engine.law.new import withdrawal
from engine.law.old import FamilyAllowances, OldLawTables
from engine.law.state import CAPITAL, EXHAUSTION
from engine.prepare import economy as economy_paths
from engine.prepare import rules
from engine.worker.careers import AWARDS, SEXES, SPOUSES, Career, CareerError

FloatArray = NDArray[np.float64]

FIGURES: Final = kernel.FIGURES
Workers = kernel.Workers
Bools = NDArray[np.bool_]
FLAGS: Final = ("old_rights", "entitled", "early", "takes_old", "missing_history")
BALANCES: Final = ACCOUNTS
_CHUNK: Final = 8192
_PRICES: Final = ("economy.inflation", "economy.real_minimum_wage_growth")


@dataclass(frozen=True)
class Context:
    """Everything a resolved pack says that does not depend on the worker."""

    resolved: Resolved
    lives: kernel.Lives
    economy: Economy
    rules: Rules
    terms: kernel.Terms
    tables: OldLawTables
    allowances: FamilyAllowances


def _shares(resolved: Resolved, law: str) -> kernel.Shares:
    names = (
        f"{risk}{name}"
        for risk in ("", "occupational_")
        for name in ("widow_share", "orphan_share", "orphan_share_both")
    )
    return kernel.Shares(*(resolved.number(f"{law}.{name}") for name in (*names, "survivors_cap")))


def first_priced_year(resolved: Resolved) -> int:
    """First year of which the price level and the minimum wage are known; 0 where both are constant rates."""
    starts = [
        int(path.years[0]) + 1 for path in (resolved.dated(name) for name in _PRICES) if not path.is_constant
    ]
    ceilings = (*economy_paths.CEILINGS, "law_1973.ceiling_average_wage")
    starts += [int(path.years[0]) for path in map(resolved.dated, ceilings) if not path.is_constant]
    return max(starts, default=0)


def context(resolved: Resolved, first_needed: int, last_award: int) -> Context:
    """What is needed for careers from ``first_needed`` on with awards until ``last_award`` (calendar years)."""
    first_year = int(resolved.number("reform.first_year"))
    past = max(0, first_year - max(first_priced_year(resolved), first_needed))
    youngest, _ = active_ages(resolved)
    n_durations = longest_duration(resolved, youngest)
    oldest = max(
        int(resolved.table(name).coords["age"][-1]) for name in ("mortality.active", "mortality.disabled")
    )
    n_ages = oldest - youngest + 1
    years = np.arange(first_year, max(last_award, first_year) + 1)
    number = resolved.number
    shared = rules.rules(resolved, years, past, all_collected=True)
    enacted = resolved.flag("reform.enacted")
    full = resolved.switch("basis.state_contributions") == "full"
    return Context(
        resolved=resolved,
        lives=finite(
            kernel.Lives(
                active=survival_table(resolved, "mortality.active", youngest, n_ages, n_durations),
                disabled=survival_table(resolved, "mortality.disabled", youngest, n_ages, n_durations),
                spouse=spouse_survival(resolved, youngest, n_ages, n_durations),
                first_age=youngest,
                child_age_limit=number("law_1973.child_age_limit"),
            ),
            "survival",
        ),
        economy=economy_paths.build(resolved, years, past, n_durations),
        terms=kernel.Terms(
            first_year=first_year,
            enacted=enacted,
            state_severance=(resolved.path("contributions.ceav_state", years) * full).copy(),
            state_disability=(resolved.path("contributions.iv_state", years) * full).copy(),
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


# ---------------------------------------------------------------------------------------------------------------------
# Many workers


def pack(careers: Sequence[Career]) -> Workers:
    """Arrays of careers; shorter ones are filled with years without work."""
    width = max((career.wage.size for career in careers), default=0)
    wage = np.zeros((len(careers), width))
    participation = np.zeros_like(wage)
    for i, career in enumerate(careers):
        if career.wage.shape != career.participation.shape:
            raise CareerError(f"{career.name}: as many wages as shares of participation are needed")
        wage[i, : career.wage.size] = career.wage
        participation[i, : career.wage.size] = career.participation

    def whole(values: Sequence[int]) -> NDArray[np.int64]:
        return np.array(values, dtype=np.int64)

    return Workers(
        wage=wage,
        participation=participation,
        first_age=whole([career.first_age for career in careers]),
        born=whole([career.born for career in careers]),
        sex=whole([_position(career, "sex", SEXES) for career in careers]),
        award_age=whole([career.award_age for career in careers]),
        kind=whole([_position(career, "award", AWARDS) for career in careers]),
        spouse=whole([_position(career, "spouse", SPOUSES) for career in careers]),
        children=np.array([career.children for career in careers], dtype=np.float64),
        parents=np.array([career.parents for career in careers], dtype=np.float64),
        severe=np.array([career.severe for career in careers], dtype=np.bool_),
    )


def _position(career: Career, field: str, words: tuple[str, ...]) -> int:
    given = getattr(career, field)
    if given not in words:
        raise CareerError(f"{career.name}: {field} {given!r} is not known; allowed are {', '.join(words)}")
    return words.index(given)


def _check(workers: Workers, resolved: Resolved, names: Sequence[str] | None) -> None:
    """Refuse workers whom the kernel must not see; the first fault is named."""
    n = workers.wage.shape[0]

    def refuse(bad: Bools, message: str) -> None:
        if bad.any():
            i = int(np.flatnonzero(bad)[0])
            said = f"worker {i + 1}" if names is None else names[i]
            raise CareerError(f"{said}: {message}")

    for field in Workers._fields:
        array = getattr(workers, field)
        if array.shape[0] != n or (field == "participation" and array.shape != workers.wage.shape):
            raise CareerError(f"{field}: one row a worker is needed ({n}), and a column an age")
    award_year = workers.born + workers.award_age
    first = int(resolved.number("reform.first_year"))
    oldest = max(
        int(resolved.table(name).coords["age"][-1]) for name in ("mortality.active", "mortality.disabled")
    )
    youngest, _ = active_ages(resolved)
    with np.errstate(invalid="ignore"):
        paid = np.isfinite(workers.wage) & (workers.wage >= 0.0)
        worked = (workers.participation >= 0.0) & (workers.participation <= 1.0)
    refuse(np.asarray(~np.all(paid, axis=1)), "wages must be finite, 0 or more")
    refuse(np.asarray(~np.all(worked, axis=1)), "participation must be a share of the year, 0 to 1")
    refuse(workers.first_age < 0, "the first age must be 0 or more")
    refuse(workers.award_age <= workers.first_age, "the pension must begin after the first age of the career")
    refuse(
        (workers.award_age < youngest) | (workers.award_age > oldest),
        f"the pension must begin between the ages {youngest} and {oldest}",
    )
    refuse(
        award_year < first,
        f"the pension would begin before {first}, the first projected year; give a later year of birth",
    )
    refuse((workers.sex < 0) | (workers.sex >= len(SEXES)), "sex must be 0 or 1")
    refuse((workers.kind < 0) | (workers.kind >= len(AWARDS)), "no such type of pension")
    refuse((workers.spouse < 0) | (workers.spouse >= len(SPOUSES)), "no such kind of spouse")
    refuse(~(workers.children >= 0.0), "children must be 0 or more")
    refuse(~((workers.parents >= 0.0) & (workers.parents <= 2.0)), "parents must be 0, 1 or 2")


def evaluate(
    workers: Workers | Sequence[Career],
    resolved: Resolved,
    threads: int | None = None,
    shared: Context | None = None,
) -> dict[str, FloatArray]:
    """Figures of many workers.

    Parameters
    ----------
    workers : Workers or sequence of Career
    resolved : Resolved
        Assumptions of one scenario on one basis.
    threads : int, optional
        As many as processors without it; results do not depend on it.
    shared : Context, optional
        From an earlier call that covers the same years.

    Returns
    -------
    dict of float64 (worker,)
        :data:`FIGURES`; flags are 0 or 1. Beside these ``replacement_old`` and ``replacement_new``, pensions as shares of
        the last full-year wage (NaN without one).

    Raises
    ------
    CareerError
        If a career is impossible or needs prices of years before they are known.
    """
    if isinstance(workers, kernel.Workers):
        names, arrays = None, workers
    else:
        names, arrays = [career.name for career in workers], pack(workers)
    _check(arrays, resolved, names)
    n = arrays.wage.shape[0]
    known = shared or context(
        resolved,
        int((arrays.born + arrays.first_age).min(initial=0 if n == 0 else np.iinfo(np.int64).max)),
        int((arrays.born + arrays.award_age).max(initial=0)),
    )
    out = np.empty((n, len(FIGURES)))
    starts = range(0, n, _CHUNK)

    def run(begin: int) -> None:
        kernel.evaluate(
            arrays,
            known.lives,
            known.economy,
            known.rules,
            known.terms,
            known.tables,
            known.allowances,
            begin,
            min(begin + _CHUNK, n),
            out,
        )

    workers_wanted = min(threads or os.cpu_count() or 1, max(1, len(starts)))
    if workers_wanted == 1:
        for begin in starts:
            run(begin)
    else:
        with ThreadPoolExecutor(workers_wanted) as pool:
            list(pool.map(run, starts))
    missing = out[:, kernel.MISSING_HISTORY] > 0.0
    if missing.any():
        i = int(np.flatnonzero(missing)[0])
        said = f"worker {i + 1}" if names is None else names[i]
        raise CareerError(
            f"{said}: the averages need wages of years before {known.terms.first_year - known.rules.past}, whose"
            " prices are not known; the last contributions lie too far back"
        )
    figures = {name: np.ascontiguousarray(out[:, k]) for k, name in enumerate(FIGURES)}
    with np.errstate(divide="ignore", invalid="ignore"):
        wage = np.where(figures["last_wage"] > 0.0, figures["last_wage"], np.nan)
        figures["replacement_old"] = figures["old_pension"] / wage
        figures["replacement_new"] = figures["new_pension"] / wage
    return figures


# ---------------------------------------------------------------------------------------------------------------------
# One worker, year by year


@dataclass(frozen=True)
class Study:
    """One worker in full.

    Attributes
    ----------
    career : Career
    figures : dict of str to float
        As :func:`evaluate`.
    before : DataFrame
        One row a year of age until the award: year, age, wage (full year), participation, credited, the four balances at
        the end of the year, state_contributions.
    after : DataFrame
        One row a year from the award on; see :func:`payments_after`.
    context : Context
    """

    career: Career
    figures: dict[str, float]
    before: pd.DataFrame
    after: pd.DataFrame

    def __repr__(self) -> str:
        one, resolved, f = self.career, self.context.resolved, self.figures
        return (
            f"Study of {one.name}: {one.sex}, born {one.born}, {one.award} at {one.award_age}; old law"
            f" {f['old_pension']:,.2f}, new law {f['new_pension']:,.2f} pesos of December 1996 a year; {resolved!r}"
        )

    context: Context

    @property
    def law(self) -> Law:
        """The law of the award's year."""
        year = self.career.born + self.career.award_age - self.context.terms.first_year
        return rules.law_of_year(self.context.rules, year)


def study(career: Career, resolved: Resolved) -> Study:
    """Everything about one worker."""
    workers = pack([career])
    _check(workers, resolved, [career.name])
    shared = context(resolved, career.born + career.first_age, career.born + career.award_age)
    figures = {name: float(column[0]) for name, column in evaluate([career], resolved, 1, shared).items()}
    return Study(
        career=career,
        figures=figures,
        before=_before(career, shared),
        after=payments_after(career, figures, shared),
        context=shared,
    )


def unmoved(studies: Sequence[Study], resolved: Resolved) -> list[str]:
    """Values that a user sets and that move no figure of these workers, measured by computing them without each."""

    def figures(case: Resolved) -> FloatArray:
        try:
            found = studies if case is resolved else [study(one.career, case) for one in studies]
        except CareerError:
            return np.empty(0)
        return np.array([list(one.figures.values()) for one in found])

    return notices.unmoved_figures(
        resolved, figures, "for this worker" if len(studies) == 1 else "for these workers"
    )


def _before(career: Career, shared: Context) -> pd.DataFrame:
    n = career.award_age - career.first_age
    path = np.zeros((n, 6))
    kernel.accumulate(
        career.wage,
        career.participation,
        career.first_age,
        career.born,
        career.award_age,
        shared.economy,
        shared.rules,
        shared.terms,
        np.empty(len(BALANCES)),
        path,
    )
    ages = career.first_age + np.arange(n)
    held = min(n, career.wage.size)
    frame = pd.DataFrame(
        {
            "year": career.born + ages,
            "age": ages,
            "wage": np.pad(career.wage[:held], (0, n - held)),
            "participation": np.pad(career.participation[:held], (0, n - held)),
            "credited": path[:, 4],
        }
    )
    for k, name in enumerate(BALANCES):
        frame[name] = path[:, k]
    frame["account"] = path[:, : len(BALANCES)].sum(axis=1)
    frame["state_contributions"] = path[:, 5]
    return frame


def payments_after(career: Career, figures: dict[str, float], shared: Context) -> pd.DataFrame:
    """What is paid in each year from the award on, by the account and by the State.

    Amounts called ``expected`` are weighted with the survival of pensioner and family, as the projection pays them: the
    balance that pays first is that of a pool of equal workers. The others are what a living pensioner gets. Payments are
    made at the opening of the year, then the balance earns the year's return.

    Returns
    -------
    DataFrame
        year, age; survival of the pensioner; payments, expected units paid to pensioner and family; old_pension (alive);
        expected_old, expected_old_account, expected_old_state; annuity and withdrawal (alive) of the new law,
        withdrawal_balance before the withdrawal, withdrawal_state what the State adds to it; expected_new_state. NaN where
        a law pays no pension.
    """
    terms, economy = shared.terms, shared.economy
    kind = AWARDS.index(career.award)
    sex = SEXES.index(career.sex)
    spouse = SPOUSES.index(career.spouse)
    award = career.born + career.award_age - terms.first_year
    guarantee = figures["guarantee"]
    n = shared.lives.active.shape[2]
    total, total_new, own = np.empty(n), np.empty(n), np.empty(n)
    for shares, units in ((terms.shares_old, total), (terms.shares_new, total_new)):
        kernel.family_payments(
            kind, sex, career.award_age, spouse, career.children, shared.lives, shares, units, own
        )
    index = economy.indexation[award : award + n] / economy.indexation[award]
    returns = economy.fund_return[award : award + n]
    nothing = np.full(n, np.nan)
    frame = pd.DataFrame(
        {
            "year": terms.first_year + award + np.arange(n),
            "age": career.award_age + np.arange(n),
            "survival": own,
            "payments": total,
        }
    )
    pension = figures["old_pension"]
    for name in ("old_pension", "expected_old", "expected_old_account", "expected_old_state"):
        frame[name] = nothing
    if pension > 0.0:
        due = pension * total * index
        account = _paid_first(
            due, figures["handed_over"], figures["value_old"], returns, shared.rules.recognition
        )
        frame["old_pension"] = pension * index
        frame["expected_old"] = due
        frame["expected_old_account"] = account
        frame["expected_old_state"] = due - account
        if shared.rules.recognition == CAPITAL:
            frame["expected_old_state"] = np.where(np.arange(n) == 0, figures["state_old"], 0.0)
    for name in ("annuity", "withdrawal", "withdrawal_balance", "withdrawal_state"):
        frame[name] = nothing
    state = np.zeros(n)
    retires = kind == RETIREMENT
    entitled = figures["entitled"] > 0.0
    if figures["new_pension"] > 0.0:
        frame["annuity"] = np.full(n, max(figures["annuity"], 0.0) if retires else figures["new_pension"])
        if retires:
            least = guarantee if entitled else 0.0
            paid, held = _withdrawals(figures["account"], least, total_new, own, returns)
            frame["withdrawal"], frame["withdrawal_balance"] = paid, held
            frame["withdrawal_state"] = np.maximum(0.0, least - paid)
    if entitled and figures["state_new"] > 0.0:
        if shared.rules.guarantee_rule == CAPITAL:
            state[0] = figures["state_new"]
        elif retires and shared.rules.guarantee_rule == EXHAUSTION:
            due = guarantee * total_new
            state = due - _paid_first(
                due, figures["account"], guarantee * figures["unit_real"], returns, EXHAUSTION
            )
        else:
            state = figures["top_up"] * total_new
    frame["expected_new_state"] = state
    return frame[np.maximum(total, total_new) > 0.0].reset_index(drop=True)


def _paid_first(
    due: FloatArray, balance: float, value: float, returns: FloatArray, recognition: int
) -> FloatArray:
    """What a balance pays of payments due, in advance: until it is exhausted, or a constant share of their value."""
    if recognition != EXHAUSTION:
        return np.asarray(due * min(1.0, balance / value), dtype=np.float64)
    paid = np.empty_like(due)
    for k, payment in enumerate(due):
        paid[k] = min(balance, payment)
        balance = (balance - paid[k]) * (1.0 + returns[k])
    return paid


def _withdrawals(
    balance: float, guarantee: float, total: FloatArray, own: FloatArray, returns: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Programmed withdrawals of a pensioner who stays alive, and the balances before them.

    Each year the balance is divided by what a unit for life is worth at the age attained, the family's share included.
    Whoever has the guarantee and an account worth it buys an annuity with what is left before a withdrawal would fall
    below the guarantee (Art. 159-IV): the balance is 0 from then on. A smaller account pays the guarantee until exhausted.
    """
    n = total.size
    family = np.divide(total - own, 1.0 - own, out=np.zeros(n), where=own < 1.0)
    last = int(np.flatnonzero(own > 0.0)[-1])
    unit = np.ones(n)
    for k in range(last + 1):
        alive = own[k:] / own[k]
        discount = np.concatenate([[1.0], np.cumprod(1.0 / (1.0 + returns[k : n - 1]))])
        unit[k] = float(((alive + (1.0 - alive) * family[k:]) * discount).sum())
    paid, held = np.zeros(n), np.zeros(n)
    for k in range(last + 1):
        held[k] = balance
        paid[k] = withdrawal(balance, unit[k], guarantee)
        rest = (balance - paid[k]) * (1.0 + float(returns[k]))
        if k < last and balance >= guarantee * unit[k] > 0.0 and rest < guarantee * unit[k + 1]:
            paid[k : last + 1] = paid[k]
            break
        balance = rest
    return paid, held


__all__ = [
    "BALANCES",
    "FIGURES",
    "FLAGS",
    "Context",
    "Study",
    "Workers",
    "context",
    "evaluate",
    "first_priced_year",
    "pack",
    "payments_after",
    "study",
    "unmoved",
]
