"""The lifetime switch option of transition workers (third, fourth and eleventh transitory articles of the law of 1995)."""

from __future__ import annotations

from engine.law.compiled import inlined

# Two pensions that are one but for rounding are no reason to leave the new law.
TIE = 1e-9


@inlined()
def takes_old_law(present_value_old: float, kept: float, value_new: float) -> bool:
    """True where the old-law pension is worth more than the account.

    Parameters
    ----------
    present_value_old : float
        Present value of the old-law pension with its survivors, pesos.
    kept : float
        Balances the worker keeps although the old law is taken (never part of ``present_value_old``), pesos.
    value_new : float
        The whole account, those balances included, and the guarantee where the worker is entitled to it, pesos.
    """
    return (present_value_old > 0.0) & (present_value_old + kept > value_new * (1.0 + TIE))
