"""Expected payments of one unit of pension to pensioner and survivors."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved, by_epoch
from cohorts import families
from cohorts.axes import (
    DEATH,
    DISABILITY,
    N_STREAMS,
    N_TYPES,
    N_WITH_ALLOWANCES,
    OCCUPATIONAL_DEATH,
    OCCUPATIONAL_DISABILITY,
    RETIREMENT,
)
from cohorts.decrements import active_ages
from cohorts.survival import longest_duration, survival_table
from engine.compiled import njit
from engine.kernels.types import Payments
from engine.law.old import ascendants_share, survivors_share
from engine.prepare import economy

Float = NDArray[np.float64]
Int = NDArray[np.int64]

_LIFE_TABLE = {
    RETIREMENT: "mortality.active",
    DISABILITY: "mortality.disabled",
    OCCUPATIONAL_DISABILITY: "mortality.disabled",
}
_GENERAL = ("widow_share", "orphan_share", "orphan_share_both")
_OCCUPATIONAL = ("occupational_widow_share", "occupational_orphan_share", "occupational_orphan_share_both")
ALLOWANCES = "basis.family_allowances"
OLD, NEW = "law_1973", "law_1995"
_SHARES = {
    RETIREMENT: _GENERAL,
    DISABILITY: _GENERAL,
    DEATH: _GENERAL,
    OCCUPATIONAL_DISABILITY: _OCCUPATIONAL,
    OCCUPATIONAL_DEATH: _OCCUPATIONAL,
}


def family_payments(
    resolved: Resolved, law: str, names: tuple[str, str, str], spouse: Float, children: Float
) -> Float:
    """Share of the pension paid to an entitled family after each duration, float64 (sex, age, duration)."""
    widow, orphan, both = (resolved.number(f"{law}.{name}") for name in names)
    cap = resolved.number(f"{law}.survivors_cap")
    out = np.empty_like(spouse)
    family_shares(spouse, np.broadcast_to(children, spouse.shape).copy(), widow, orphan, both, cap, out)
    return out


@njit(cache=True, nogil=True, error_model="numpy")
def family_shares(
    spouse: Float, children: Float, widow: float, orphan: float, both: float, cap: float, out: Float
) -> None:
    """:func:`engine.law.old.survivors_share` of every sex, age and duration, float64 (sex, age, duration), in place."""
    for s in range(spouse.shape[0]):
        for a in range(spouse.shape[1]):
            for k in range(spouse.shape[2]):
                out[s, a, k] = survivors_share(spouse[s, a, k], children[s, a, k], widow, orphan, both, cap)


def build(resolved: Resolved, years: Int) -> Payments:
    """Payments of a resolved pack for awards of each of ``years`` at all ages of active membership.

    A pensioner has for life the mortality, the family and the survivors' shares of the year of his award.
    """
    n_durations = longest_duration(resolved, active_ages(resolved)[0])
    found, of_year = by_epoch(
        resolved, years, partial(of_awards, ages=active_ages(resolved), n_durations=n_durations)
    )
    arrays: dict[str, Any] = {
        name: np.concatenate([getattr(pay, name) for pay in found])
        for name in Payments._fields
        if name not in ("of_year", "first_age")
    }
    return Payments(of_year=of_year, first_age=found[0].first_age, **arrays)


def from_award(alive: Float, moment: float) -> Float:
    """Survival from awards within a year to the openings of the years after, float64 (sex, age, duration).

    Parameters
    ----------
    alive : float64 (sex, age, duration)
        From the opening of the year on, at the age of the opening.
    moment : float
        Part of the year that has passed; deaths of a year are spread evenly over it.
    """
    if moment == 0.0:
        return alive
    at_award = (1.0 - moment) + moment * alive[:, :, 1:2]
    found: Float = alive / at_award
    found[:, :, 0] = 1.0
    return found


def _ascendants(resolved: Resolved, law: str) -> float:
    """Share of the pension of one dependent parent."""
    share, cap = resolved.number(f"{law}.ascendant_share"), resolved.number(f"{law}.survivors_cap")
    return float(ascendants_share(1.0, share, cap))


def of_awards(resolved: Resolved, ages: tuple[int, int], n_durations: int) -> Payments:
    """Payments of a pack as of one year, for awards of that year from the first of ``ages`` to the last.

    A pensioner's pension goes, at death, to an entitled family with the law's shares; deaths of pensioner and spouse are
    independent. A death pension starts with the family alive at the award. Awards within the year are paid what is left of
    it in the first.
    """
    first = ages[0]
    each = np.arange(first, ages[1] + 1)
    moment = economy.award_moment(resolved)
    spouse = from_award(families.spouse_survival(resolved, first, each.size, n_durations), moment)
    left = families.children_left(resolved, each, n_durations, moment)
    entitled = families.entitled_share(resolved, each)
    parents = families.dependent_parents(resolved, each)
    # Parents of either sex alike.
    parent = from_award(families.parent_survival(resolved, first, each.size, n_durations), moment).mean(
        axis=0
    )
    allowed = families.allowance_left(resolved, each, spouse, left)
    at_award = allowed[:, :, :1]
    allowed = np.divide(allowed, at_award, out=np.zeros_like(allowed), where=at_award > 0.0)
    shape = (N_TYPES, 2, each.size, n_durations)
    own, widows = np.zeros(shape), np.zeros(shape)
    total, total_new = (np.zeros((N_STREAMS, *shape[1:])) for _ in range(2))
    survived = (entitled + parents)[:, :, None]
    # Of a death that leaves anybody with a right, the part that leaves a family.
    families_part = np.divide(
        entitled[:, :, None], survived, out=np.ones_like(survived), where=survived > 0.0
    )
    family_of = {
        (law, names): families_part * family_payments(resolved, law, names, spouse, left)
        + (1.0 - families_part) * _ascendants(resolved, law) * parent
        for law in (OLD, NEW)
        for names in (_GENERAL, _OCCUPATIONAL)
    }
    for kind in range(N_TYPES):
        family, family_new = (family_of[law, _SHARES[kind]] for law in (OLD, NEW))
        if kind in _LIFE_TABLE:
            table = survival_table(resolved, _LIFE_TABLE[kind], first, each.size, n_durations)
            alive = from_award(table, moment)
            left_behind = survived * (1.0 - alive)
            own[kind] = alive
            total[kind] = alive + left_behind * family
            total_new[kind] = alive + left_behind * family_new
            widows[kind] = left_behind * families_part * spouse
            if kind < N_WITH_ALLOWANCES and resolved.switch(ALLOWANCES) == "apart":
                total[N_TYPES + kind] = total_new[N_TYPES + kind] = alive * allowed
        else:
            total[kind], total_new[kind] = family, family_new
            widows[kind] = families_part * spouse
    for array in (total, total_new, own):
        array[..., 0] *= 1.0 - moment
    return Payments(
        of_year=np.zeros(1, dtype=np.int64),
        total=total[None],
        total_new=total_new[None],
        own=own[None],
        widows=widows[None],
        entitled=survived[None, :, :, 0],
        allowance=families.allowance(resolved, each)[None],
        first_age=first,
    )


def award_payments(pay: Payments, t: int) -> Payments:
    """The payments of awards of year ``t``: arrays without the axis of tables."""
    of = {name: item[pay.of_year[t]] for name, item in pay._asdict().items() if np.ndim(item) > 1}
    return pay._replace(**of)
