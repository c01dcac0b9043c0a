"""Expected payments of one unit of pension to pensioner and survivors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from cohorts import families
from cohorts.axes import (
    DEATH,
    DISABILITY,
    N_TYPES,
    OCCUPATIONAL_DEATH,
    OCCUPATIONAL_DISABILITY,
    RETIREMENT,
)
from cohorts.decrements import active_ages
from cohorts.survival import longest_duration, survival_table
from engine.compiled import njit
from engine.kernels.types import Payments
from engine.law.old import survivors_share

Float = NDArray[np.float64]

_LIFE_TABLE = {
    RETIREMENT: "mortality.active",
    DISABILITY: "mortality.disabled",
    OCCUPATIONAL_DISABILITY: "mortality.disabled",
}
_GENERAL = ("widow_share", "orphan_share", "orphan_share_both")
_OCCUPATIONAL = ("occupational_widow_share", "occupational_orphan_share", "occupational_orphan_share_both")
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


def build(resolved: Resolved) -> Payments:
    """Payments of a resolved pack for awards at all ages of active membership.

    A pensioner's pension goes, at death, to an entitled family with the law's shares; deaths of pensioner and spouse are
    independent. A death pension starts with the family alive at the award.
    """
    first, last = active_ages(resolved)
    ages = np.arange(first, last + 1)
    n_durations = longest_duration(resolved, first)
    spouse = families.spouse_survival(resolved, first, ages.size, n_durations)
    left = families.children_left(resolved, ages, n_durations)
    entitled = families.entitled_share(resolved, ages)
    shape = (N_TYPES, 2, ages.size, n_durations)
    total, total_new, own, widows = (np.zeros(shape) for _ in range(4))
    family_of = {
        (law, names): family_payments(resolved, law, names, spouse, left)
        for law in (OLD, NEW)
        for names in (_GENERAL, _OCCUPATIONAL)
    }
    for kind in range(N_TYPES):
        family, family_new = (family_of[law, _SHARES[kind]] for law in (OLD, NEW))
        if kind in _LIFE_TABLE:
            alive = survival_table(resolved, _LIFE_TABLE[kind], first, ages.size, n_durations)
            left_behind = entitled[:, :, None] * (1.0 - alive)
            own[kind] = alive
            total[kind] = alive + left_behind * family
            total_new[kind] = alive + left_behind * family_new
            widows[kind] = left_behind * spouse
        else:
            total[kind], total_new[kind] = family, family_new
            widows[kind] = spouse
    return Payments(
        total=total,
        total_new=total_new,
        own=own,
        widows=widows,
        entitled=entitled,
        allowance=families.allowance(resolved, ages),
        first_age=first,
    )
