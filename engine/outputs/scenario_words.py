"""A scenario in words: what its values say, and not its code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from assumptions import Resolved

_PERCENT: Final = 100.0


class Words(NamedTuple):
    """What distinguishes a scenario, read from its values; rates in the last projected year.

    Attributes
    ----------
    reform : bool
    infonavit_pays : bool
        Whether balances of the housing fund help to pay for acquired rights.
    infonavit_return, fund_return, inflation : float
        Fractions a year; returns are real.
    """

    reform: bool
    infonavit_pays: bool
    infonavit_return: float
    fund_return: float
    inflation: float


def words(resolved: Resolved, last_year: int) -> Words:
    """What distinguishes a scenario."""

    def rate(name: str) -> float:
        return float(resolved.path(name, [last_year])[0])

    return Words(
        reform=not resolved.has("reform.enacted") or resolved.flag("reform.enacted"),
        infonavit_pays=resolved.flag("financing.infonavit_surrendered"),
        infonavit_return=rate("funds.infonavit_return"),
        fund_return=rate("funds.rcv_return"),
        inflation=rate("economy.inflation"),
    )


def percent(fraction: float) -> str:
    """A rate with the digits it needs, at most two: ``3.5%``, ``6%``."""
    return f"{_PERCENT * fraction:.2f}".rstrip("0").rstrip(".") + "%"


def said_scenario(found: Words, text: Mapping[str, Any]) -> str:
    """A scenario in words: ``INFONAVIT does not pay, earns 3.5%; inflation 6%``."""
    form = text["scenario_words"]
    kind = "no_reform" if not found.reform else "pays" if found.infonavit_pays else "pays_not"
    return str(form[kind]).format(
        infonavit=percent(found.infonavit_return),
        funds=percent(found.fund_return),
        inflation=percent(found.inflation),
    )


def said_scenario_of(resolved: Resolved, text: Mapping[str, Any]) -> str:
    """The scenario of a case in words, as it stands in the last year."""
    return said_scenario(words(resolved, int(resolved.number("reform.last_year"))), text)


def said_case(resolved: Resolved, text: Mapping[str, Any]) -> str:
    """A case in words, its code beside: ``Scenario 3B (INFONAVIT does not pay ...), statutory basis``."""
    return str(
        text["scenario_words"]["case"].format(
            scenario=resolved.scenario,
            words=said_scenario_of(resolved, text),
            basis=text["basis_names"].get(resolved.basis, resolved.basis),
        )
    )


__all__ = ["Words", "percent", "said_case", "said_scenario", "said_scenario_of", "words"]
