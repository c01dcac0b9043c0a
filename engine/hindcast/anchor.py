"""An anchor to the last observed year of the old-law line: a factor that a user may ask for, and off by default."""

from __future__ import annotations

from typing import NamedTuple

from assumptions import AssumptionError, Resolved
from engine.hindcast import compare, lines
from engine.projection import run_case, with_last_year

NAME, FROM = "outlook.anchor", "outlook.anchor_from"
_MILLION = 1e6


class Anchor(NamedTuple):
    """What was observed and projected in the last observed year, million current pesos, and the factor that is asked for."""

    year: int
    observed: float
    modelled: float
    part: float

    @property
    def factor(self) -> float:
        """The part of what is unexplained that goes on, as a factor."""
        return 1.0 + self.part * (self.observed / self.modelled - 1.0)


def anchored(resolved: Resolved, part: float) -> tuple[Resolved, Anchor]:
    """The same assumptions with ``part`` of what is unexplained in the last observed year from the next year on.

    Raises
    ------
    AssumptionError
        If ``part`` is not above 0 and at most 1, the projection ends before, or no anchor is used on the basis.
    """
    found = measured(resolved, part)
    last = int(resolved.number("reform.last_year"))
    if last <= found.year:
        raise AssumptionError.single(
            "anchor",
            f"the projection ends in {last}, and the last observed year is {found.year}",
            f"a projection to {found.year + 1} or later",
        )
    resolved.refuse_inert([NAME])
    return resolved.with_values({NAME: found.factor, FROM: found.year + 1}), found


def measured(resolved: Resolved, part: float) -> Anchor:
    """Observed and projected pensions in payment and old-law awards of the last observed year."""
    if not 0.0 < part <= 1.0:
        raise AssumptionError.single("anchor", f"{part:g} is not allowed", "above 0, and at most 1")
    if resolved.number(NAME) != 1.0:
        raise AssumptionError.single(
            "anchor", f"{NAME} is {resolved.number(NAME):g} already", "one of the two"
        )
    year, seen = compare.last_of_old_law()
    case = with_last_year(resolved, year)
    result = run_case(case)
    at = year - int(result.years[0])
    carried = lines.current(result.years[at : at + 1])[0]
    modelled = float(lines.of_case(result, case)[0, at] * carried / _MILLION)
    return Anchor(year, seen, modelled, part)


__all__ = ["FROM", "NAME", "Anchor", "anchored", "measured"]
