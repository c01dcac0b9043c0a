"""Permanent disability by an occupational risk, by its degree (Art. 65 of 1973; Art. 58 of 1995)."""

from __future__ import annotations

from engine.law.compiled import inlined
from engine.law.old import OldLaw

# A degree that nobody has told: that of the average of those who draw a pension.
UNTOLD = -1.0


@inlined()
def degree_shares(degree: float, law: OldLaw) -> tuple[float, float]:
    """What a disability of ``degree`` draws a year, bonus included: of the pension of a total one as the wage gives it, and
    of that pension with its floor.

    Up to ``indemnity_degree`` an indemnity takes the place of the pension; the bonus is paid above ``bonus_degree``. Only a
    total disability has the floor.
    """
    if degree <= law.indemnity_degree:
        return 0.0, 0.0
    drawn = degree * (1.0 + (law.occupational_bonus if degree > law.bonus_degree else 0.0))
    return (0.0, drawn) if degree >= 1.0 else (drawn, 0.0)


@inlined()
def indemnity(degree: float, pension: float, law: OldLaw) -> float:
    """Paid at once: so many years of what the degree draws of the ``pension`` of a total disability (Art. 58-III).

    In place of the pension up to ``indemnity_degree``, at the choice of the disabled up to ``bonus_degree``.
    """
    return law.indemnity_years * degree * pension if degree <= law.bonus_degree else 0.0
