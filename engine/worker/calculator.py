"""Pensions of single workers under both laws, the choice between them, and what the State pays.

The formulas of the law and the paths of the economy are the projection's; a cohort of one gives the same flows (see
``tests/worker/cohort_of_one.py``). :func:`evaluate` takes any number of careers at once, :func:`study` one, which it
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

from assumptions import Resolved, by_epoch
from cohorts.axes import ACCOUNTS, RETIREMENT
from cohorts.decrements import active_ages
from engine import notices
from engine.kernels import worker as kernel
from engine.kernels.accounts import accumulate
from engine.kernels.figures import FIGURES, MISSING_HISTORY
from engine.kernels.indexing import own_index
from engine.kernels.types import Workers
from engine.law import occupational, old
from engine.law.award import Law
from engine.law.new import withdrawal
from engine.law.state import CAPITAL, EXHAUSTION
from engine.prepare import rules
from engine.prepare.rules import MONTHS
from engine.prepare.worker import (
    Context,
    as_of_award,
    context,
    first_projected_year,
    months_are_dropped,
    oldest_age,
    years_to_first_opening,
)
from engine.worker.careers import (
    AWARDS,
    MOST_PARENTS,
    SEXES,
    SPOUSES,
    Career,
    CareerError,
    year_of_age,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

Bools = NDArray[np.bool_]
FLAGS: Final = ("old_rights", "entitled", "guaranteed", "early", "takes_old", "missing_history")
BALANCES: Final = ACCOUNTS
_CHUNK: Final = 8192


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
        degree=np.array(
            [occupational.UNTOLD if career.degree is None else career.degree for career in careers],
            dtype=np.float64,
        ),
        months=np.array(
            [old.UNTOLD if career.months is None else career.months for career in careers], dtype=np.float64
        ),
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
    award_year = workers.born + workers.award_age + years_to_first_opening(resolved)
    first, oldest = first_projected_year(resolved), oldest_age(resolved)
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
    refuse(~(workers.months < MONTHS), "months beyond the age must be 0 to 11, or negative where not told")
    refuse(~(workers.degree <= 1.0), "the degree must be 0 to 1, or negative where not told")
    refuse(~((workers.parents >= 0.0) & (workers.parents <= MOST_PARENTS)), "parents must be 0, 1 or 2")


def _award_years(workers: Workers, resolved: Resolved) -> IntArray:
    """Calendar years from the first to the last award; the first projected year where there is none."""
    awards = workers.born + workers.award_age
    first = first_projected_year(resolved)
    return np.arange(int(awards.min(initial=first)), int(awards.max(initial=first)) + 1)


def _context_of(workers: Workers, resolved: Resolved) -> Context:
    nobody = workers.wage.shape[0] == 0
    first = int((workers.born + workers.first_age).min(initial=0 if nobody else np.iinfo(np.int64).max))
    return context(resolved, first, int((workers.born + workers.award_age).max(initial=0)))


def _first_known(workers: Workers, resolved: Resolved, shared: Context | None) -> int:
    known = shared or _context_of(workers, resolved.in_year(first_projected_year(resolved)))
    return known.terms.first_year - known.rules.past


def _out(workers: Workers, known: Context, threads: int | None) -> FloatArray:
    """Figures of workers whose awards have the law of ``known``, float64 (worker, figure)."""
    n = workers.wage.shape[0]
    out = np.empty((n, len(FIGURES)))
    starts = range(0, n, _CHUNK)

    def run(begin: int) -> None:
        kernel.evaluate(
            workers,
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
    return out


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
        ``born`` is the year of birth.
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
    if isinstance(workers, Workers):
        names, arrays = None, workers
    else:
        names, arrays = [career.name for career in workers], pack(workers)
    _check(arrays, resolved, names)
    if months_are_dropped(resolved):
        arrays = arrays._replace(months=np.zeros_like(arrays.months))
    # From here on the year of age 0, as the kernel wants it.
    arrays = arrays._replace(born=arrays.born + years_to_first_opening(resolved))
    n = arrays.wage.shape[0]
    if shared is not None:
        out = _out(arrays, shared, threads)
    else:
        years = _award_years(arrays, resolved)
        epochs, place = by_epoch(resolved, years, as_of_award)
        of_worker = place[np.maximum(arrays.born + arrays.award_age - years[0], 0)]
        out = np.empty((n, len(FIGURES)))
        for epoch in range(len(epochs)):
            mine = np.flatnonzero(of_worker == epoch)
            as_of = resolved.in_year(int(years[np.flatnonzero(place == epoch)[0]]))
            some = arrays if mine.size == n else Workers(*(item[mine] for item in arrays))
            if mine.size or n == 0:
                out[mine] = _out(some, _context_of(some, as_of), threads)
    missing = out[:, MISSING_HISTORY] > 0.0
    if missing.any():
        i = int(np.flatnonzero(missing)[0])
        said = f"worker {i + 1}" if names is None else names[i]
        raise CareerError(
            f"{said}: the averages need wages of years before {_first_known(arrays, resolved, shared)}, whose"
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
    def award_year(self) -> int:
        """Year at whose opening the pension is awarded."""
        return year_of_age(self.context.resolved, self.career.born, self.career.award_age)

    @property
    def law(self) -> Law:
        """The law of the award's year."""
        return rules.law_of_year(self.context.rules, self.award_year - self.context.terms.first_year)


def study(career: Career, resolved: Resolved) -> Study:
    """Everything about one worker."""
    workers = pack([career])
    _check(workers, resolved, [career.name])
    first_needed, award = (
        year_of_age(resolved, career.born, age) for age in (career.first_age, career.award_age)
    )
    shared = context(resolved.in_year(award), first_needed, award)
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
    zero = year_of_age(shared.resolved, career.born, 0)
    accumulate(
        career.wage,
        career.participation,
        career.first_age,
        zero,
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
            "year": zero + ages,
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
    award = year_of_age(shared.resolved, career.born, career.award_age) - terms.first_year
    n = shared.lives.active.shape[2]
    total, total_new, own = np.empty(n), np.empty(n), np.empty(n)
    for shares, units in ((terms.shares_old, total), (terms.shares_new, total_new)):
        kernel.family_payments(
            kind, sex, career.award_age, spouse, career.children, float(career.parents), shared.lives, shares, units,
            own,
        )  # fmt: skip
    allowed = np.empty(n)
    kernel.allowance_payments(
        kind, sex, career.award_age, spouse, career.children, float(career.parents), shared.lives,
        shared.allowances, allowed,
    )  # fmt: skip
    # What a living pensioner has of a unit, expected: the relatives may have gone.
    while_alive = np.divide(allowed, own, out=np.zeros(n), where=own > 0.0)
    index = economy.indexation[award : award + n] / economy.indexation[award]
    beside = figures["old_allowances"]
    pension = figures["old_pension"] - beside
    if economy.indexing.by_level and pension > 0.0:
        index = np.empty(n)
        old = rules.law_of_year(shared.rules, award).old
        own_index(
            pension, 0.0 if old.flat else old.bonus, kind, career.award_age, award, economy.indexing.follows.size,
            economy.minimum_wage, shared.rules.past, economy.indexing, index,
        )  # fmt: skip
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
    for name in ("old_pension", "expected_old", "expected_old_account", "expected_old_state"):
        frame[name] = nothing
    if pension > 0.0:
        due = (pension * total + beside * allowed) * index
        account = _paid_first(
            due, figures["handed_over"], figures["value_old"], returns, shared.rules.recognition
        )
        frame["old_pension"] = (pension + beside * while_alive) * index
        frame["expected_old"] = due
        frame["expected_old_account"] = account
        frame["expected_old_state"] = due - account
        if shared.rules.recognition == CAPITAL:
            frame["expected_old_state"] = np.where(np.arange(n) == 0, figures["state_old"], 0.0)
    _add_new_law(frame, figures, shared, kind, award, total_new, own, while_alive)
    return frame[np.maximum(total, total_new) > 0.0].reset_index(drop=True)


def _add_new_law(
    frame: pd.DataFrame,
    figures: dict[str, float],
    shared: Context,
    kind: int,
    award: int,
    total_new: FloatArray,
    own: FloatArray,
    while_alive: FloatArray,
) -> None:
    """Columns of the new law's payments, in place; ``while_alive``: what a living pensioner has of a unit of allowances."""
    n, guarantee, beside = total_new.size, figures["guarantee"], figures["new_allowances"]
    economy, years = shared.economy, slice(award, award + total_new.size)
    returns, rates = economy.fund_return[years], economy.annuity_return[years]
    rising = economy.guarantee_index[years] / economy.guarantee_index[award]
    for name in ("annuity", "withdrawal", "withdrawal_balance", "withdrawal_state"):
        frame[name] = np.full(n, np.nan)
    state = np.zeros(n)
    retires = kind == RETIREMENT
    entitled = figures["entitled"] > 0.0
    if figures["new_pension"] > 0.0:
        new_pension = figures["new_pension"] - beside + beside * while_alive
        raised = guarantee * (rising - 1.0) if figures["guaranteed"] else 0.0
        frame["annuity"] = np.full(n, max(figures["annuity"], 0.0)) if retires else new_pension + raised
        if retires:
            least = guarantee * rising if entitled else np.zeros(n)
            paid, held = _withdrawals(figures["account"], least, total_new, own, returns, rates)
            frame["withdrawal"], frame["withdrawal_balance"] = paid, held
            # An account worth the guarantee for life needs nothing, whatever it is drawn by.
            frame["withdrawal_state"] = np.maximum(0.0, least - paid) if figures["guaranteed"] else 0.0
    if entitled and figures["state_new"] > 0.0:
        if shared.rules.guarantee_rule == CAPITAL:
            state[0] = figures["state_new"]
        elif retires and shared.rules.guarantee_rule == EXHAUSTION:
            due = guarantee * rising * total_new
            state = due - _paid_first(
                due, figures["account"], guarantee * figures["unit_guarantee"], returns, EXHAUSTION
            )
        elif retires:
            state = (guarantee - figures["account"] / figures["unit_guarantee"]) * rising * total_new
        else:
            state = (figures["top_up"] + guarantee * (rising - 1.0)) * total_new
    frame["expected_new_state"] = state


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
    balance: float,
    guarantee: FloatArray,
    total: FloatArray,
    own: FloatArray,
    returns: FloatArray,
    rates: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Programmed withdrawals of a pensioner who stays alive, and the balances before them.

    Each year the balance is divided by what a unit for life is worth, by the rates of annuities, at the age attained, the
    family's share included; what is left earns the fund's return.
    Whoever has the guarantee and an account worth it buys an annuity with what is left before a withdrawal would fall
    below the guarantee (Art. 159-IV): the balance is 0 from then on. A smaller account pays the guarantee until exhausted.
    """
    n = total.size
    family = np.divide(total - own, 1.0 - own, out=np.zeros(n), where=own < 1.0)
    last = int(np.flatnonzero(own > 0.0)[-1])
    unit, worth = np.ones(n), np.zeros(n + 1)
    for k in range(last + 1):
        alive = own[k:] / own[k]
        discount = np.concatenate([[1.0], np.cumprod(1.0 / (1.0 + rates[k : n - 1]))])
        units = (alive + (1.0 - alive) * family[k:]) * discount
        unit[k], worth[k] = float(units.sum()), float((units * guarantee[k:]).sum())
    paid, held = np.zeros(n), np.zeros(n)
    for k in range(last + 1):
        held[k] = balance
        paid[k] = withdrawal(balance, unit[k], guarantee[k])
        rest = (balance - paid[k]) * (1.0 + float(returns[k]))
        if k < last and balance >= worth[k] > 0.0 and rest < worth[k + 1]:
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
    "pack",
    "payments_after",
    "study",
    "unmoved",
]
