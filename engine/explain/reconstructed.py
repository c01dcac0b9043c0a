"""Acquired rights and guarantee of the reconstructed mechanism: a formula of a few lines, each with its place in print."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError
from engine import reconstruction
from engine.explain.chain import PESOS
from engine.explain.context import Context
from engine.explain.levels import Chained, Chosen
from engine.explain.records import Figure, Level, Step, level, step
from engine.outputs.steps import said
from engine.prepare import reconstruction as prepared
from engine.projection import ACQUIRED_RIGHTS, MPG_NEW_WORKERS, CaseResult
from engine.reconstruction import Mechanism
from engine.shares import percent_of_gdp

Float = NDArray[np.float64]

_INFERRED: Final = (
    "Inferred from the printed tables: the mechanism reproduces them; that it was used is not stated"
    " anywhere."
)
_TYPES: Final = "Types of pension are in the proportions of the published basis: the mechanism knows none."


def _given(ctx: Context) -> Mechanism:
    given = prepared.mechanism(ctx.resolved, ctx.years)
    assert given is not None
    return given


def _by_award(given: Mechanism, t: int) -> Float:
    """Pensions in payment in year ``t`` by year of award, pesos at one minimum wage of December 1996."""
    survival = reconstruction.in_payment(given.award_years, given.years, given.termination)[:, t]
    found: Float = given.gdp * given.awards * survival
    return found


def _rights_steps(ctx: Context, result: CaseResult, t: int) -> list[Step]:
    """From awards to what the State pays for acquired rights."""
    given, year, due = _given(ctx), int(ctx.years[t]), ctx.due(t)
    assert result.reconstructed is not None
    number, now = _by_award(given, t), given.award_years == year
    transition = number * (1.0 - given.new_workers)
    gross = float(transition.sum() * given.pension[t])
    account = float(result.reconstructed.paid_by_account[:, t].sum()) / (due or 1.0)
    awarded = Figure("awards of the year", float(given.gdp * given.awards[now].sum()), PESOS)
    new = Figure("share of new workers in the year", float(given.new_workers[now].sum()), "fraction")
    paid = Figure("paid by accounts", account, PESOS)
    balance = Figure("balance at the award", float(given.balance[now].sum()), "mw")
    steps = [
        step("awarded", float(number.sum()), awarded, first=int(given.award_years[0]), year=year),
        step("of_transition", float(transition.sum()), new),
        step("at_minimum_wage", gross, Figure("minimum wage", float(given.pension[t]), "mw")),
        step("less_accounts", gross - account, paid, balance),
    ]
    if ctx.resolved.flag("financing.infonavit_surrendered"):
        shares = [
            Figure(said("awards of {year} and later", year=since), left, "fraction")
            for since, left in _changes(given).items()
        ]
        steps.append(
            step("left_by_infonavit", float(result.cost[ACQUIRED_RIGHTS, t]) / (due or 1.0), *shares)
        )
    return steps


def _changes(given: Mechanism) -> dict[int, float]:
    """Years of award from which on another share holds."""
    found: dict[int, float] = {}
    last: float | None = None
    for year, left in zip(given.award_years.tolist(), given.state_share.tolist(), strict=True):
        if left != last:
            found[year] = last = left
    return found


def _guarantee_steps(ctx: Context, result: CaseResult, t: int) -> list[Step]:
    """From awards to the guarantee of new workers."""
    given, due = _given(ctx), ctx.due(t)
    new, share = float((_by_award(given, t) * given.new_workers).sum()), float(given.guarantee_share[t])
    constants = (
        Figure("steps", float(given.gdp * given.steps[t]), PESOS),
        Figure("factor", given.guarantee_factor, "ratio"),
    )
    return [
        step("new_pensions", new),
        step("whole_guarantees", new * share, Figure("share", share, "fraction")),
        step("guarantee_constants", float(result.cost[MPG_NEW_WORKERS, t]) / (due or 1.0), *constants),
    ]


def _levels_by_award(result: CaseResult, t: int, number: float) -> Level:
    """Acquired rights by year of award."""
    assert result.reconstructed is not None
    rights = result.reconstructed.rights[:, t]
    first = int(result.years[-1]) - rights.size + 1
    parts = [({"award_year": first + n}, float(value)) for n, value in enumerate(rights) if value != 0.0]
    return level("By year of award", parts, float(result.gdp[t]), number)


def of_mechanism(
    ctx: Context, result: CaseResult, place: int, t: int, chosen: Chosen, by_type: Level
) -> Chained:
    """A component that the mechanism gives, which knows years of award and no birth years.

    ``by_type`` are its parts by type of pension.
    """
    if chosen.cohort is not None:
        raise AssumptionError.single(
            "--cohort", "the mechanism of this basis knows years of award and no birth years", "no --cohort"
        )
    cost = float(result.cost[place, t])
    number = percent_of_gdp(cost, float(result.gdp[t]))
    force = ctx.due(t)
    begins = [step("first_year", cost, Figure("fraction", force, "fraction"))] if force != 1.0 else []
    if place == ACQUIRED_RIGHTS:
        steps, notes = _rights_steps(ctx, result, t), [said(_INFERRED), said(_TYPES)]
        return Chained([*steps, *begins], [_levels_by_award(result, t, number), by_type], [], notes)
    return Chained([*_guarantee_steps(ctx, result, t), *begins], [by_type], [], [said(_INFERRED)])


__all__ = ["of_mechanism"]
