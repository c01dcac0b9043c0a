"""What the State pays of a pension that other funds pay first: three rules."""

from __future__ import annotations

from engine.law.compiled import inlined

# After the funds are exhausted; its share of every payment; or what the funds lack, in capital at the award.
EXHAUSTION, SHARE, CAPITAL = 0, 1, 2


@inlined()
def funded(amount: float, funds: float) -> float:
    """Discounted payments of a unit of pension that the funds pay before they are exhausted (Art. 172)."""
    return funds / amount


@inlined()
def last_payment(amount: float, paid: float, funded_units: float, discount: float) -> float:
    """What the funds lack in the year in which they run out: ``paid`` discounted units are due by then."""
    return amount * (paid - funded_units) / discount


@inlined()
def share(amount: float, funds: float, unit: float) -> float:
    """What the State adds each year where the funds pay a constant share: ``unit`` is the value of a unit of pension."""
    return max(0.0, amount - funds / unit)


@inlined()
def capital(amount: float, funds: float, unit: float) -> float:
    """What the State adds at the award where it pays the shortfall at once."""
    return max(0.0, amount * unit - funds)
