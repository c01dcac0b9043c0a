"""What flows say about a scheme: cash balance, cost rates, actuarial balance and implicit pension debt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.balance.valuation import ACCRUED, FUTURE, FUTURE_SERVICE, IN_PAYMENT, SCHEME, Valuation

Float = NDArray[np.float64]
Int = NDArray[np.int64]

ASSETS = ("reserve", "contributions_present", "contributions_future")
LIABILITIES = (
    "in_payment",
    "present_accrued",
    "present_future_service",
    "future_generations",
    "state_contributions_present",
    "state_contributions_future",
)
_NOTHING = 1e-12
DEBTS = ("accrued_to_date", "closed_group", "closed_group_net", "open_group", "open_group_net")


@dataclass(frozen=True)
class ActuarialBalance:
    """Present values at the valuation date, pesos of the price base.

    Attributes
    ----------
    assets, liabilities : dict of str to float
        By :data:`ASSETS` and :data:`LIABILITIES`.
    wages : float
        Present value of the wages on which contributions are due, all counted generations.
    debts : dict of str to float
        Implicit pension debt by :data:`DEBTS`: ``accrued_to_date`` is pensions in payment and what present affiliates have
        earned by past service; ``closed_group`` adds what they will earn by future service; ``open_group`` adds the future
        generations; ``net`` subtracts the contributions of the same persons and the reserve.
    average_premium : float
        General average premium: share of wages that would pay every liability with the reserve at hand.
    """

    assets: dict[str, float]
    liabilities: dict[str, float]
    wages: float
    debts: dict[str, float]
    average_premium: float

    @property
    def deficit(self) -> float:
        """Liabilities less assets."""
        return sum(self.liabilities.values()) - sum(self.assets.values())


def balance(valuation: Valuation) -> ActuarialBalance:
    """Actuarial balance of a scheme."""
    pensions = valuation.present_value(valuation.scheme_pensions)
    contributions = valuation.present_value(valuation.counted_contributions)
    state = valuation.present_value(valuation.state_contributions)
    assets = dict(zip(ASSETS, (valuation.reserve, *map(float, contributions)), strict=True))
    liabilities = dict(zip(LIABILITIES, (*map(float, pensions), *map(float, state)), strict=True))
    accrued = float(pensions[IN_PAYMENT] + pensions[ACCRUED])
    closed = accrued + float(pensions[FUTURE_SERVICE])
    opened = closed + float(pensions[FUTURE])
    debts = dict(
        zip(
            DEBTS,
            (
                accrued,
                closed,
                closed - float(contributions[0]) - valuation.reserve,
                opened,
                opened - float(contributions.sum()) - valuation.reserve,
            ),
            strict=True,
        )
    )
    wages = float(valuation.present_value(valuation.wages).sum())
    wanted = sum(liabilities.values()) - valuation.reserve
    return ActuarialBalance(
        assets, liabilities, wages, debts, wanted / wages if wages > 0.0 else float("nan")
    )


class CashFlow(NamedTuple):
    """Yearly flows of a scheme; money in pesos of the price base a year, each float64 (year,).

    Attributes
    ----------
    contributions : counted contributions
    pensions : pensions of the scheme, without occupational risk
    state_contributions : contributions of the State under the new law
    balance : contributions less pensions and contributions of the State
    reserve : at the end of the year, with the discount rate as its return; below 0 it is a debt
    cost_rate : pensions over the wages on which contributions are due
    contribution_rate : counted contributions over the same wages
    pensioners_per_100 : pensioners of all types per 100 contributors; NaN without contributors
    """

    contributions: Float
    pensions: Float
    state_contributions: Float
    balance: Float
    reserve: Float
    cost_rate: Float
    contribution_rate: Float
    pensioners_per_100: Float


def cash_flow(valuation: Valuation) -> CashFlow:
    """Yearly flows of a scheme and the rates that follow from them."""
    contributions = valuation.counted_contributions.sum(axis=0)
    pensions = valuation.scheme_pensions.sum(axis=0)
    state = valuation.state_contributions.sum(axis=0)
    net = contributions - pensions - state
    growth = 1.0 + valuation.rate
    reserve = np.empty_like(net)
    held = valuation.reserve
    for t in range(net.size):
        held = held * growth + net[t] * growth ** (1.0 - valuation.timing)
        reserve[t] = held
    wages = valuation.wages.sum(axis=0)
    number = valuation.pensioners.sum(axis=(0, 1))
    return CashFlow(
        contributions,
        pensions,
        state,
        net,
        reserve,
        _ratio(pensions, wages),
        _ratio(contributions, wages),
        100.0 * _ratio(number, valuation.contributors.sum(axis=0)),
    )


def first_deficit(years: Int, net: Float) -> int | None:
    """First year in which the cash balance is below 0, or None."""
    found = years[net < 0.0]
    return int(found[0]) if found.size else None


def exhausted(years: Int, reserve: Float) -> int | None:
    """First year at whose end the reserve is spent, or None."""
    found = years[reserve < 0.0]
    return int(found[0]) if found.size else None


def occupational_value(valuation: Valuation) -> Float:
    """Present value of pensions of occupational risk, which the scheme does not pay, float64 (group,)."""
    return valuation.present_value(valuation.pensions[:, SCHEME.stop :].sum(axis=1))


def _ratio(above: Float, below: Float) -> Float:
    """NaN where nothing is below; what rounding leaves of a group that has ended is nothing."""
    least = _NOTHING * below.max(initial=0.0)
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > least)
