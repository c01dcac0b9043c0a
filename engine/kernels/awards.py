"""Awards of one cell, year by year: the law's award of every year in one loop, then the marks that payments are made from.

An award only leaves marks: a yearly amount from the award on, or in capital; or, where funds pay first, from which duration
on the State pays the whole amount and what it adds in the one year in which the funds run out. One running sum per birth
year, year of award and type then gives the flows of all awards together, exactly, without following every award.
"""

from __future__ import annotations

import numpy as np

from cohorts.arrays import Floats, Floats3, Unsigned
from cohorts.axes import (
    DEATH,
    DISABILITY,
    N_TYPES,
    OCCUPATIONAL_DEATH,
    OCCUPATIONAL_DISABILITY,
    RETIREMENT,
)
from engine.apart import apart
from engine.kernels import layout as at
from engine.kernels.layout import (
    ENACTED,
    ONE,
    STRIDE,
    WEEKS_DEATH,
    WEEKS_DISABILITY,
    WEEKS_PENSION,
    ZERO,
)
from engine.law.award import Award, Claim, Law, Prices, death, disability, occupational, retirement
from engine.law.compiled import inner_inlined
from engine.law.new import CareerGuarantee, NewLaw, career_guarantee
from engine.law.occupational import UNTOLD
from engine.law.old import OldLaw
from engine.law.state import CAPITAL, EXHAUSTION, SHARE, capital, funded, share

TYPES = np.uint64(N_TYPES)
# Offsets of the types of pension and of the fields of a law: one row each.
AT_RETIREMENT, AT_DISABILITY, AT_DEATH, AT_OCC_DISABILITY, AT_OCC_DEATH = (
    np.uint64(kind) * STRIDE
    for kind in (RETIREMENT, DISABILITY, DEATH, OCCUPATIONAL_DISABILITY, OCCUPATIONAL_DEATH)
)
(
    F1, F2, F3, F4, F5, F6, F7, F8, F9, F10, F11, F12, F13, F14, F15, F16, F17, F18, F19,
) = (np.uint64(k) * STRIDE for k in range(1, 20))  # fmt: skip

AT_ENACTED, AT_WEEKS_PENSION, AT_WEEKS_DISABILITY, AT_WEEKS_DEATH = (
    np.uint64(row) * STRIDE for row in (ENACTED, WEEKS_PENSION, WEEKS_DISABILITY, WEEKS_DEATH)
)


@inner_inlined()
def law_of_year(desk: np.ndarray, t: int, recognition: int, guarantee: int) -> Law:
    """The law of a year of award."""
    o, n = at.OLD_LAW + t, at.NEW_LAW + t
    return Law(
        OldLaw(
            desk[o] != 0.0, desk[o + F1], desk[o + F2], desk[o + F3], desk[o + F4], desk[o + F5],
            desk[o + F6], desk[o + F7], desk[o + F8], desk[o + F9], desk[o + F10], desk[o + F11] != 0.0,
            desk[o + F12], desk[o + F13], desk[o + F14], desk[o + F15], desk[o + F16], desk[o + F17], desk[o + F18],
            desk[o + F19] != 0.0,
        ),
        NewLaw(
            desk[n] != 0.0, desk[n + F1], desk[n + F2], desk[n + F3], desk[n + F4], desk[n + F5],
            desk[n + F6], desk[n + F7], desk[n + F8], desk[n + F9], desk[n + F10], desk[n + F11] != 0.0,
            desk[n + F12],
        ),
        recognition,
        guarantee,
    )  # fmt: skip


@inner_inlined()
def prices_of_year(desk: np.ndarray, t: int, row: int, guaranteed: int, allowances: bool) -> Prices:
    """Prices of a year of award of the type of pension at ``row``, with the guarantee at ``guaranteed``.

    ``allowances``: whether there are any beside pensions of that type.
    """
    return Prices(
        desk[at.MINIMUM + t],
        desk[guaranteed + t],
        desk[at.UNIT_OLD + row + t],
        desk[at.UNIT_REAL + row + t],
        desk[at.UNIT_GUARANTEE + row + t],
        desk[at.UNIT_ALLOWANCE_OLD + row + t] if allowances else 0.0,
        desk[at.UNIT_ALLOWANCE_REAL + row + t] if allowances else 0.0,
        desk[at.MAY_CHOOSE + t] != 0.0,
    )


@inner_inlined()
def note(desk: np.ndarray, t: int, row: int, part: float, award: Award, allowances: bool) -> None:
    """Add a year's awards to the sums of the block, and keep what the State pays of them for the marks."""
    number = desk[at.LEAVING + row + t] * part
    old = number if award.takes_old else 0.0
    due = number if award.due & (award.amount > 0.0) & (award.unit > 0.0) else 0.0
    shared = due * share(award.amount, award.funds, award.unit)
    lacking = due * capital(award.amount, award.funds, award.unit)
    at_once = shared if award.rule == SHARE else (lacking if award.rule == CAPITAL else 0.0)
    at_once = at_once if due > 0.0 else 0.0
    desk[at.AWARDED_OLD + row + t] += old
    desk[at.AWARDED_NEW + row + t] += number if award.due & (not award.takes_old) else 0.0
    desk[at.PAID + row + t] += old * award.pension
    desk[at.SURRENDERED + t] += old * desk[at.HANDED_OVER + t]
    desk[at.HOUSING_SURRENDERED + t] += old * desk[at.HOUSING_HANDED_OVER + t]
    desk[at.AT_ONCE_OLD + row + t] += at_once if award.takes_old else 0.0
    desk[at.AT_ONCE_NEW + row + t] += 0.0 if award.takes_old else at_once
    raised = due * award.raised if award.rule == SHARE else 0.0
    desk[at.RAISED + row + t] += raised
    desk[at.RAISED_CELL + t] = raised
    desk[at.AT_ONCE + t] = at_once
    desk[at.OLD_CHOSEN + t] = 1.0 if award.takes_old else 0.0
    desk[at.YEARLY + t] = due * award.amount if award.rule == EXHAUSTION else 0.0
    desk[at.FUNDED + t] = funded(award.amount, award.funds)
    if allowances:
        desk[at.PER_UNIT + t] = award.per_unit
        desk[at.ALLOWANCES + row + t] += old * award.allowances
        desk[at.ALLOWANCES_AT_ONCE + row + t] += (at_once if award.rule == SHARE else 0.0) * award.per_unit


@apart
def retirement_awards(
    desk: Floats,
    levels: Floats3,
    i: int,
    part: float,
    old_rights: bool,
    recognition: int,
    guarantee: int,
    start: Unsigned,
    end: Unsigned,
) -> None:
    """Retirement of the cell in hand, ``part`` of its block, in every year from ``start`` to ``end``."""
    average, basic, increment = levels[i, at.AVERAGE], levels[i, at.BASIC], levels[i, at.INCREMENT]
    for t in range(start, end):
        claim = Claim(
            desk[at.AGE + t], desk[at.WEEKS + t], old_rights, 0.0, average[t], 0.0, basic[t], increment[t],
            desk[at.INCREMENT_YEARS + t], desk[at.AGE_SHARE + t], desk[at.ALLOWANCE + t],
            desk[at.ACCOUNT + t], desk[at.HANDED_OVER + t], UNTOLD,
        )  # fmt: skip
        law = law_of_year(desk, t, recognition, guarantee)
        note(
            desk,
            t,
            AT_RETIREMENT,
            part,
            retirement(claim, prices_of_year(desk, t, AT_RETIREMENT, at.GUARANTEED_CELL, True), law),
            True,
        )


@inner_inlined()
def insured_claim(
    desk: np.ndarray, t: int, average: float, basic: float, increment: float, reference: float
) -> Claim:
    """Claim of a holder of old-law rights for disability or death."""
    return Claim(
        desk[at.AGE + t], desk[at.WEEKS + t], True, 0.0, average, reference, basic, increment,
        desk[at.INCREMENT_YEARS + t], 0.0, desk[at.ALLOWANCE + t], desk[at.ACCOUNT + t], desk[at.HANDED_OVER + t],
        UNTOLD,
    )  # fmt: skip


@apart
def insured_awards(
    desk: Floats,
    levels: Floats3,
    i: int,
    part: float,
    recognition: int,
    guarantee: int,
    start: Unsigned,
    end: Unsigned,
    is_death: bool,
) -> None:
    """Disability, or death, in the cell in hand, of holders of old-law rights."""
    average, basic, increment = levels[i, at.AVERAGE], levels[i, at.BASIC], levels[i, at.INCREMENT]
    reference = levels[i, at.REFERENCE]
    if is_death:
        for t in range(start, end):
            claim = insured_claim(desk, t, average[t], basic[t], increment[t], reference[t])
            law = law_of_year(desk, t, recognition, guarantee)
            prices = prices_of_year(desk, t, AT_DEATH, at.GUARANTEED, False)
            note(desk, t, AT_DEATH, part, death(claim, prices, law), False)
    else:
        for t in range(start, end):
            claim = insured_claim(desk, t, average[t], basic[t], increment[t], reference[t])
            law = law_of_year(desk, t, recognition, guarantee)
            prices = prices_of_year(desk, t, AT_DISABILITY, at.GUARANTEED, True)
            note(desk, t, AT_DISABILITY, part, disability(claim, prices, law, False), True)


@inner_inlined()
def occupational_award(
    desk: np.ndarray, t: int, row: int, counted: float, average: float, basic: float, increment: float,
    recognition: int, guarantee: int, fatal: bool,
) -> Award:  # fmt: skip
    """Award to holders of old-law rights for occupational risk."""
    claim = Claim(
        desk[at.AGE + t], desk[at.WEEKS + t], True, counted, average, 0.0, basic, increment,
        desk[at.INCREMENT_YEARS + t], 0.0, desk[at.ALLOWANCE + t], desk[at.ACCOUNT + t], desk[at.HANDED_OVER + t],
        UNTOLD,
    )  # fmt: skip
    law = law_of_year(desk, t, recognition, guarantee)
    return occupational(claim, prices_of_year(desk, t, row, at.GUARANTEED, False), law, fatal)


@apart
def occupational_awards(
    desk: Floats,
    levels: Floats3,
    i: int,
    part: float,
    recognition: int,
    guarantee: int,
    start: Unsigned,
    end: Unsigned,
    is_death: bool,
) -> None:
    """Disability, or death, by occupational risk in the cell in hand, of holders of old-law rights."""
    counted, average = levels[i, at.RISK], levels[i, at.AVERAGE]
    basic, increment = levels[i, at.BASIC], levels[i, at.INCREMENT]
    if is_death:
        for t in range(start, end):
            award = occupational_award(
                desk, t, AT_OCC_DEATH, counted[t], average[t], basic[t], increment[t], recognition, guarantee, True
            )  # fmt: skip
            note(desk, t, AT_OCC_DEATH, part, award, False)
    else:
        for t in range(start, end):
            award = occupational_award(
                desk, t, AT_OCC_DISABILITY, counted[t], average[t], basic[t], increment[t], recognition, guarantee, False
            )  # fmt: skip
            note(desk, t, AT_OCC_DISABILITY, part, award, False)


@apart
def cell_guarantee(
    desk: Floats,
    levels: Floats3,
    i: int,
    past: Unsigned,
    entry: int,
    moment: float,
    career: CareerGuarantee,
    start: Unsigned,
    end: Unsigned,
) -> None:
    """The guarantee of a cell's retirement in every year, by the wage of the career since entry, in place."""
    first = past + np.uint64(entry) if entry >= 0 else ZERO
    for t in range(start, end):
        before = past + t
        total = levels[i, at.SUMMED, before - ONE] - (
            levels[i, at.SUMMED, first - ONE] if first > ZERO else 0.0
        )
        total += moment * levels[i, at.COUNTED, before]
        weeks = desk[at.WEEKS + t] - desk[at.NEW_LAW + AT_WEEKS_PENSION + t]
        desk[at.GUARANTEED_CELL + t] = career_guarantee(
            desk[at.GUARANTEED + t],
            desk[at.AGE + t],
            weeks,
            total / (float(before - first) + moment),
            career,
            np.int64(t),
        )


@apart
def cell_top_ups(
    desk: Floats, levels: Floats3, i: int, part: float, in_capital: bool, start: Unsigned, end: Unsigned
) -> None:
    """What the State adds to the insured pensions of a cell without old-law rights, in place."""
    top_up, occupational_top_up = levels[i, at.TOP_UP], levels[i, at.TOP_UP_OCCUPATIONAL]
    with_allowances = levels[i, at.TOP_UP_DISABILITY]
    for t in range(start, end):
        disabled = desk[at.AWARDED_NEW + AT_DISABILITY + t] * part * with_allowances[t]
        dead = desk[at.AWARDED_NEW + AT_DEATH + t] * part * top_up[t]
        disabled_at_work = desk[at.AWARDED_NEW + AT_OCC_DISABILITY + t] * part * occupational_top_up[t]
        dead_at_work = desk[at.AWARDED_NEW + AT_OCC_DEATH + t] * part * occupational_top_up[t]
        guaranteed = part * desk[at.GUARANTEED + t]
        at_work = guaranteed if occupational_top_up[t] > 0.0 else 0.0
        raised = desk[at.AWARDED_NEW + AT_DISABILITY + t] * (guaranteed if with_allowances[t] > 0.0 else 0.0)
        raised_dead = desk[at.AWARDED_NEW + AT_DEATH + t] * (guaranteed if top_up[t] > 0.0 else 0.0)
        raised_at_work = desk[at.AWARDED_NEW + AT_OCC_DISABILITY + t] * at_work
        raised_dead_at_work = desk[at.AWARDED_NEW + AT_OCC_DEATH + t] * at_work
        if in_capital:
            disabled = in_one_sum(desk, AT_DISABILITY + t, disabled, raised)
            dead = in_one_sum(desk, AT_DEATH + t, dead, raised_dead)
            disabled_at_work = in_one_sum(desk, AT_OCC_DISABILITY + t, disabled_at_work, raised_at_work)
            dead_at_work = in_one_sum(desk, AT_OCC_DEATH + t, dead_at_work, raised_dead_at_work)
        else:
            desk[at.RAISED + AT_DISABILITY + t] += raised
            desk[at.RAISED + AT_DEATH + t] += raised_dead
            desk[at.RAISED + AT_OCC_DISABILITY + t] += raised_at_work
            desk[at.RAISED + AT_OCC_DEATH + t] += raised_dead_at_work
        desk[at.AT_ONCE_NEW + AT_DISABILITY + t] += disabled
        desk[at.AT_ONCE_NEW + AT_DEATH + t] += dead
        desk[at.AT_ONCE_NEW + AT_OCC_DISABILITY + t] += disabled_at_work
        desk[at.AT_ONCE_NEW + AT_OCC_DEATH + t] += dead_at_work


@inner_inlined()
def in_one_sum(desk: np.ndarray, place: int, added: float, raised: float) -> float:
    """Value at the award of what the State adds to insured pensions, rises of the guarantee included."""
    real = desk[at.UNIT_REAL + place]
    return added * real + raised * (desk[at.UNIT_GUARANTEE + place] - real)


@apart
def no_choice(desk: Floats, start: Unsigned, end: Unsigned) -> None:
    """Insured pensions of a block without old-law rights, in place: all of the new law, for those with the weeks."""
    for t in range(start, end):
        for kind in range(np.uint64(DISABILITY), TYPES):
            place = kind * STRIDE + t
            needed = 0.0
            if kind == DISABILITY:
                needed = desk[at.NEW_LAW + AT_WEEKS_DISABILITY + t]
            elif kind == DEATH:
                needed = desk[at.NEW_LAW + AT_WEEKS_DEATH + t]
            insured = desk[at.NEW_LAW + AT_ENACTED + t] != 0.0 and desk[at.WEEKS + t] >= needed
            desk[at.AWARDED_NEW + place] = desk[at.LEAVING + place] if insured else 0.0
