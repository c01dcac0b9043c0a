"""Spouses and children of members, by sex and age."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assumptions import Resolved
from cohorts.axes import FEMALE
from cohorts.survival import survival_table
from cohorts.tables import age_rows, by_sex_age

Float = NDArray[np.float64]
Int = NDArray[np.int64]


def entitled_share(resolved: Resolved, ages: Int) -> Float:
    """Probability that a death leaves an entitled family, float64 (sex, age).

    A widow is entitled as such, a widower only where disabled and dependent (Art. 152 of the law of 1973).
    """
    share = by_sex_age(resolved, "family.spouse_share", ages).copy()
    share[FEMALE] *= resolved.number("family.dependent_widower_share")
    return share


def spouse_survival(resolved: Resolved, first_age: int, n_ages: int, n_durations: int) -> Float:
    """Survival of the spouse of a member of each sex and age, float64 (sex, age, duration); husbands are older
    by a constant, or younger where it is negative.
    """
    gap = int(resolved.number("family.spouse_age_difference"))
    reach = abs(gap)
    table = survival_table(resolved, "mortality.active", first_age - reach, n_ages + 2 * reach, n_durations)
    wives, husbands = reach - gap, reach + gap
    return np.stack([table[1, wives : wives + n_ages], table[0, husbands : husbands + n_ages]])


def parent_survival(resolved: Resolved, first_age: int, n_ages: int, n_durations: int) -> Float:
    """Survival of a parent of a member of each age, float64 (sex of the parent, age, duration)."""
    older = int(resolved.number("family.parent_age_difference"))
    return survival_table(resolved, "mortality.active", first_age + older, n_ages, n_durations)


def dependent_parents(resolved: Resolved, ages: Int) -> Float:
    """Probability that a death leaves a dependent parent and neither spouse nor child with a right, float64 (sex, age)."""
    found: Float = (1.0 - entitled_share(resolved, ages)) * resolved.number("family.dependent_parents")
    return found


def children(resolved: Resolved, ages: Int) -> Float:
    """Entitled children of a couple by the member's age, float64 (age,); none outside the table."""
    table = resolved.table("family.children")
    rows = age_rows(table, ages)
    return np.where(rows >= 0, table.values[np.maximum(rows, 0)], 0.0)


def children_left(resolved: Resolved, ages: Int, n_durations: int, moment: float) -> Float:
    """Children still entitled in each year from the award on, float64 (age, duration): ages spread evenly below the
    limit, none born later. A limit of nil is that of ever lower ones: children count at the award and never after it.

    ``moment`` is the part of the year that has passed at the award; later payments are at the opening of a year.
    """
    limit = resolved.number("law_1973.child_age_limit")
    left = np.zeros(n_durations)
    left[0] = 1.0
    if limit > 0.0:
        left = np.maximum(0.0, 1.0 - np.maximum(0.0, np.arange(n_durations) - moment) / limit)
    return children(resolved, ages)[:, None] * left[None, :]


def allowance_left(resolved: Resolved, ages: Int, spouse: Float, left: Float) -> Float:
    """Expected family allowances of a living pensioner after each duration, float64 (sex, age, duration).

    They end with the relative that they are for: a spouse's with her life, a child's at the limit of age; who has neither
    left is alone. ``spouse`` and ``left`` are those of :func:`spouse_survival` and :func:`children_left`.
    """
    number = resolved.number
    alone = number("law_1973.allowance_alone")
    family = (
        number("law_1973.allowance_spouse") * spouse
        + number("law_1973.allowance_child") * left
        + alone * (1.0 - spouse) * np.maximum(0.0, 1.0 - left)
    )
    entitled = entitled_share(resolved, ages)[:, :, None]
    found: Float = entitled * family + (1.0 - entitled) * alone
    return found


def allowance(resolved: Resolved, ages: Int) -> Float:
    """Expected family allowances as a share of the pension, float64 (sex, age) (Art. 164 of the law of 1973).

    With a family: spouse and children; without one: the allowance for living alone.
    """
    family = resolved.number("law_1973.allowance_spouse") + resolved.number(
        "law_1973.allowance_child"
    ) * children(resolved, ages)
    entitled = entitled_share(resolved, ages)
    return entitled * family + (1.0 - entitled) * resolved.number("law_1973.allowance_alone")
