"""What the projection of 1996 is told, in which order, and by which overlays."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from assumptions import Resolved, load

START: Final = "as_projected_1996"
END: Final = "all_observed"
# Each unit by the overlays that say it; cumulative in this order.
UNITS: Final[dict[str, tuple[str, ...]]] = {
    "prices": ("observed_prices",),
    "minimum_wage": ("observed_minimum_wage",),
    "wages": ("observed_wages",),
    "contributors": ("observed_contributors",),
    "gdp_growth": ("observed_gdp_growth",),
    "gdp_base": ("observed_gdp_base_2018",),
    "returns": ("observed_returns",),
    "mortality": ("observed_mortality",),
    "law_1997": ("law_1997",),
    "law_2002": ("law_2002",),
    "law_2004": ("increase_2004", "floor_2004"),
    "law_2009": ("law_2009",),
    "law_2012": ("law_2012",),
    "law_2017": ("law_2017",),
    "law_2020": ("reform_december_2020",),
}
NAMES: Final = tuple(UNITS)
STEPS: Final = (START, *NAMES, END)
# Tables that two units write together: an overlay more where both apply.
TOGETHER: Final[dict[frozenset[str], tuple[str, ...]]] = {
    frozenset({"law_2009", "law_2020"}): ("law_2009_and_2020",),
}
# The unit that follows every award for itself, which takes a hundred times longer: attributed last, after all others.
LAST: Final = "law_2004"
# Units that change what a cost is divided by and no cost.
OF_GDP: Final = frozenset({"gdp_growth", "gdp_base"})


def overlays(units: Collection[str]) -> tuple[str, ...]:
    """Overlays of some units, in the order in which they are laid."""
    own = [overlay for name in NAMES if name in units for overlay in UNITS[name]]
    joint = [overlay for both, found in TOGETHER.items() if both <= set(units) for overlay in found]
    return (*own, *joint)


def resolved(scenario: str, basis: str, units: Iterable[str], last: int) -> Resolved:
    """The assumptions of a scenario that is told some of what happened, to the year ``last``."""
    pack = load(scenario, overlays(set(units)), {"reform.last_year": last})
    return pack.resolve(basis)


def up_to(step: str) -> tuple[str, ...]:
    """Units that a cumulative step is told."""
    if step == START:
        return ()
    return NAMES if step == END else NAMES[: NAMES.index(step) + 1]


__all__ = [
    "END",
    "LAST",
    "NAMES",
    "OF_GDP",
    "START",
    "STEPS",
    "TOGETHER",
    "UNITS",
    "overlays",
    "resolved",
    "up_to",
]
