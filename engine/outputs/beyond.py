"""Where a cost that still rises at the end of its horizon would turn: the same case, projected on.

For a sentence on a screen only: nothing of it is written. One case takes some hundredths of a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from engine.outputs.peaks import Peak, peak
from engine.projection import projected_years, run_case, with_last_year
from engine.shares import percent_of_gdp

if TYPE_CHECKING:
    from assumptions import Resolved

LONGER: Final = 30
_ROUND: Final = 10


class Beyond(NamedTuple):
    """What a longer horizon would show.

    Attributes
    ----------
    peak : Peak
        Highest total cost, percent of GDP.
    to : int
        Last year of a horizon that shows it: the end of the decade, or the longest looked at where the cost rises on.
    """

    peak: Peak
    to: int


def beyond(resolved: Resolved) -> Beyond | None:
    """The peak within thirty years more; None where that cannot be projected or would read files again.

    Parameters
    ----------
    resolved : Resolved
        A case whose total is highest in its last year.
    """
    from assumptions import AssumptionError

    if resolved.attached:
        return None
    try:
        longer = with_last_year(resolved, int(projected_years(resolved)[-1]) + LONGER)
        years = projected_years(longer).tolist()
        result = run_case(longer)
    except AssumptionError:
        return None
    found = peak(years, percent_of_gdp(result.cost.sum(axis=0), result.gdp).tolist())
    if found.at_end:
        return Beyond(found, years[-1])
    return Beyond(found, min(years[-1], (found.year // _ROUND + 1) * _ROUND))


__all__ = ["LONGER", "Beyond", "beyond"]
