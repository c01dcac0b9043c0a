"""The single worker: what is awarded at one age, under either law, and what the State pays; one row a worker."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cohorts.axes import (
    DEATH,
    DISABILITY,
    N_ACCOUNTS,
    OCCUPATIONAL_DEATH,
    OCCUPATIONAL_DISABILITY,
    RETIREMENT,
)
from engine.kernels.accounts import accumulate, surrendered
from engine.kernels.claims import average_wages, claim_of, may_choose
from engine.kernels.figures import INDEMNITY, write_figures
from engine.kernels.indexing import valued_award
from engine.kernels.types import NO_SPOUSE, SPOUSE_ENTITLED, Economy, Lives, Rules, Shares, Terms, Workers
from engine.law.award import Prices
from engine.law.compiled import compiled
from engine.law.new import career_guarantee
from engine.law.occupational import indemnity
from engine.law.of_year import law_of_year
from engine.law.old import (
    FamilyAllowances,
    OldLawTables,
    allowance_left,
    ascendants_share,
    family_allowance,
    occupational_amount,
    survivors_share,
)


@compiled()
def family_payments(
    kind: int,
    sex: int,
    age: int,
    spouse: int,
    children: float,
    parents: float,
    lives: Lives,
    shares: Shares,
    total: np.ndarray,
    own: np.ndarray,
) -> None:
    """Expected payments of a unit of pension in each year from the award on, in place.

    Parameters
    ----------
    total, own : float64 (duration,)
        To pensioner and family, and to the pensioner alone; of a pension for death, to the family.
    """
    row = age - lives.first_age
    widow = shares.widow
    orphan = shares.orphan
    both = shares.orphan_both
    if kind == OCCUPATIONAL_DISABILITY or kind == OCCUPATIONAL_DEATH:
        widow = shares.occupational_widow
        orphan = shares.occupational_orphan
        both = shares.occupational_orphan_both
    if spouse != SPOUSE_ENTITLED:
        widow = 0.0
    cap = shares.cap
    limit = lives.child_age_limit
    pensioner = lives.active[sex, row] if kind == RETIREMENT else lives.disabled[sex, row]
    other = lives.spouse[sex, row]
    after_death = kind == DEATH or kind == OCCUPATIONAL_DEATH
    for k in range(total.shape[0]):
        left = children
        if k > 0:
            left = max(0.0, 1.0 - k / limit) * children
        family = survivors_share(other[k] if spouse != NO_SPOUSE else 0.0, left, widow, orphan, both, cap)
        if spouse != SPOUSE_ENTITLED and children == 0.0:
            family = ascendants_share(parents, shares.ascendant, cap) * lives.parent[row, k]
        alive = 0.0 if after_death else pensioner[k]
        own[k] = alive
        total[k] = family if after_death else alive + (1.0 - alive) * family


@compiled()
def allowance_payments(
    kind: int,
    sex: int,
    age: int,
    spouse: int,
    children: float,
    parents: float,
    lives: Lives,
    law: FamilyAllowances,
    unit: np.ndarray,
) -> None:
    """Expected payments of a unit of family allowances in each year from the award on, float64 (duration,), in place."""
    row = age - lives.first_age
    entitled = spouse == SPOUSE_ENTITLED
    at_award = family_allowance(entitled, children, parents, law)
    for k in range(unit.shape[0]):
        unit[k] = 0.0
    if kind > DISABILITY or at_award == 0.0:
        return
    pensioner = lives.active[sex, row] if kind == RETIREMENT else lives.disabled[sex, row]
    for k in range(unit.shape[0]):
        left = children if k == 0 else max(0.0, 1.0 - k / lives.child_age_limit) * children
        still = allowance_left(entitled, lives.spouse[sex, row, k], children, left, parents, law)
        unit[k] = pensioner[k] * still / at_award


def evaluate(
    workers: Workers,
    lives: Lives,
    economy: Economy,
    rules: Rules,
    terms: Terms,
    tables: OldLawTables,
    allowances: FamilyAllowances,
    begin: int,
    end: int,
    out: np.ndarray,
) -> None:
    """Figures of the workers ``begin`` to ``end``, in place.

    Parameters
    ----------
    out : float64 (worker, figure)
        Columns :data:`FIGURES`. Pesos of December 1996, a year where it is a pension or a wage; flags are 0 and 1.
        ``state_old`` and ``state_new`` are present values at the award of what the State pays under either law, ``state``
        under the law chosen.
    """
    years, rules_known = economy.fund_return.shape[0], economy.expected.shape[0]
    total, total_new, allowed, own = np.empty((4, lives.active.shape[2]))
    room = Room(
        np.empty((0, 6)),
        np.empty(N_ACCOUNTS),
        total,
        total_new,
        allowed,
        own,
        np.empty(years),
        np.empty((rules_known, years)),
    )
    _evaluate(workers, lives, economy, rules, terms, tables, allowances, begin, end, room, out)


class Room(NamedTuple):
    """What workers are evaluated in.

    Attributes
    ----------
    no_path : float64 (0, 6)
        In place of the path of the accounts, which nobody asks for.
    balance : float64 (account,)
    total, total_new, allowed, own : float64 (duration,)
        Payments of a unit of pension under either law, of its allowances, and of the pensioner alone.
    discount : float64 (long_year,)
        A unit paid at the opening of each year, discounted to the first.
    indexed : float64 (index, long_year)
        The same on the indices that may be expected.
    """

    no_path: np.ndarray
    balance: np.ndarray
    total: np.ndarray
    total_new: np.ndarray
    allowed: np.ndarray
    own: np.ndarray
    discount: np.ndarray
    indexed: np.ndarray


@compiled()
def _evaluate(
    workers: Workers,
    lives: Lives,
    economy: Economy,
    rules: Rules,
    terms: Terms,
    tables: OldLawTables,
    allowances: FamilyAllowances,
    begin: int,
    end: int,
    room: Room,
    out: np.ndarray,
) -> None:
    """:func:`evaluate` in the room given."""
    no_path, balance, total, total_new, allowed, own, discount, indexed = room
    n_durations, rules_known = total.shape[0], indexed.shape[0]
    factor = 1.0
    for t in range(discount.shape[0]):
        discount[t] = factor
        for rule in range(rules_known):
            indexed[rule, t] = economy.expected[rule, t] * factor
        factor /= 1.0 + economy.annuity_return[t]
    for i in range(begin, end):
        kind = workers.kind[i]
        sex = workers.sex[i]
        born = workers.born[i]
        age = workers.award_age[i]
        first_age = workers.first_age[i]
        spouse = workers.spouse[i]
        t = born + age - terms.first_year
        expected = economy.expected_of_year[t]
        service, contributed, before = accumulate(
            workers.wage[i],
            workers.participation[i],
            first_age,
            born,
            age,
            economy,
            rules,
            terms,
            balance,
            no_path,
        )
        wages = average_wages(
            workers.wage[i], workers.participation[i], first_age, born, age, economy, rules, terms.first_year
        )
        children, parents = workers.children[i], workers.parents[i]
        family_payments(kind, sex, age, spouse, children, parents, lives, terms.shares_old, total, own)
        family_payments(kind, sex, age, spouse, children, parents, lives, terms.shares_new, total_new, own)
        allowance_payments(
            kind, sex, age, spouse, workers.children[i], workers.parents[i], lives, allowances, allowed
        )
        unit_old = unit_real = unit_guarantee = allowed_old = allowed_real = 0.0
        guarantee_index = economy.guarantee_expected[economy.guarantee_expected_of_year[t]]
        for k in range(n_durations):
            unit_old += total[k] * indexed[expected, t + k]
            unit_real += total_new[k] * discount[t + k]
            unit_guarantee += total_new[k] * discount[t + k] * guarantee_index[t + k]
            allowed_old += allowed[k] * indexed[expected, t + k]
            allowed_real += allowed[k] * discount[t + k]
        account = balance[0] + balance[1] + balance[2] + balance[3]
        handed_over = surrendered(balance, rules, t)
        minimum = economy.minimum_wage[rules.past + t]
        law = law_of_year(rules.old, rules.new, t, rules.recognition, rules.guarantee_rule)
        old_rights = before or not terms.enacted
        entitled_spouse = spouse == SPOUSE_ENTITLED
        claim = claim_of(
            float(age),
            service,
            old_rights,
            wages,
            minimum,
            family_allowance(entitled_spouse, workers.children[i], workers.parents[i], allowances),
            account,
            handed_over,
            law,
            tables,
            workers.months[i],
            workers.degree[i],
        )
        guaranteed = economy.guarantee[t]
        if kind == RETIREMENT:
            guaranteed = career_guarantee(
                guaranteed, float(age), claim.weeks - law.new.weeks_retirement, wages.career, rules.career, t
            )
        prices = Prices(
            minimum,
            guaranteed,
            unit_old / indexed[expected, t],
            unit_real / discount[t],
            unit_guarantee / discount[t] / guarantee_index[t],
            allowed_old / indexed[expected, t],
            allowed_real / discount[t],
            may_choose(economy, rules, t),
        )
        award, prices = valued_award(
            claim, prices, law, kind, workers.severe[i], t, total, allowed, economy, rules.past, own
        )
        missing_old = wages.missing_nominal and old_rights and kind <= DEATH
        missing_new = wages.missing_real and terms.enacted and (kind == DISABILITY or kind == DEATH)
        write_figures(
            out[i], balance, wages, claim, prices, award, contributed, missing_old or missing_new, tables
        )
        if kind == OCCUPATIONAL_DISABILITY and law.old.by_degree and claim.degree >= 0.0:
            out[i, INDEMNITY] = indemnity(claim.degree, occupational_amount(claim.wage, law.old), law.old)
