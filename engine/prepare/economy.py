"""Prices, minimum wage, guarantee, returns and GDP of a resolved pack, as yearly paths."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved
from cohorts.axes import N_CEILINGS
from cohorts.careers import minimum_wage_of
from engine.checked import arithmetic, finite
from engine.kernels.types import Economy
from engine.law.indexation import ORPHANS, Indexing

Float = NDArray[np.float64]
# Prices that move by less within a year are those of its two ends in the middle: the logarithm would round.
_STILL = 1e-9
# Awards that are spread evenly over a year are on average in its middle.
_MOMENTS = {"opening": 0.0, "within_year": 0.5}
Int = NDArray[np.int64]

INCREASE_FIELDS = ("from_year", "kind", "age_from", "level_from", "level_to", "factor")
CEILINGS = (
    "contributions.ceiling_retirement",
    "contributions.ceiling_ceav",
    "contributions.ceiling_iv",
    "contributions.ceiling_infonavit",
    "contributions.ceiling_old_ivcm",
)


def projected_years(resolved: Resolved) -> Int:
    """Projected years, int64 (year,).

    Raises
    ------
    AssumptionError
        If the last year is before the first.
    """
    first, last = int(resolved.number("reform.first_year")), int(resolved.number("reform.last_year"))
    if last < first:
        raise AssumptionError.single(
            "reform.last_year", f"{last} is before the first year", f"{first} or later"
        )
    return np.arange(first, last + 1)


def level_path(growth: Float, years: Int, base_year: int) -> Float:
    """Index that is 1 in ``base_year`` and grows by ``growth`` of each year over the year before, float64 (year,)."""
    level: Float = np.cumprod(1.0 + growth, dtype=np.float64)
    base = float(level[int(np.searchsorted(years, base_year))])
    return level / base


def average_price(end: Float, before: Float) -> Float:
    """Average price level of a year whose prices rise at a constant rate from ``before`` to ``end``: their
    logarithmic mean.
    """
    ratio = end / before
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = before * (ratio - 1.0) / np.log(ratio)
    return np.where(np.abs(ratio - 1.0) < _STILL, 0.5 * (end + before), mean)


def gdp(resolved: Resolved, years: Int) -> Float:
    """GDP, pesos of December 1996 a year, float64 (year,)."""
    return _gdp(resolved, years, "economy")


def replica_gdp(resolved: Resolved, years: Int) -> Float:
    """GDP of which printed columns are shares, whatever the GDP of the run; pesos of December 1996, float64 (year,)."""
    return _gdp(resolved, years, "replica")


def _gdp(resolved: Resolved, years: Int, room: str) -> Float:
    base = int(resolved.number(f"{room}.gdp_base_year"))
    span = np.arange(min(base, int(years[0])), max(base, int(years[-1])) + 1)
    growth = resolved.path(f"{room}.gdp_growth", span)
    with arithmetic(f"{room}.gdp_growth"):
        level = resolved.number(f"{room}.gdp_1997") * level_path(growth, span, base)
    return level[int(years[0]) - int(span[0]) :][: years.size]


def in_force(resolved: Resolved, years: Int) -> Float:
    """Fraction of each year during which the law of 1995 is in force; 0 throughout where the reform is not enacted."""
    if not resolved.flag("reform.enacted"):
        return np.zeros(years.size)
    start = resolved.date("reform.date")
    first_day = start.timetuple().tm_yday - 1
    days = (start.replace(month=12, day=31)).timetuple().tm_yday
    fraction = 1.0 - first_day / days
    return np.where(years > start.year, 1.0, np.where(years == start.year, fraction, 0.0))


def award_moment(resolved: Resolved) -> float:
    """Part of a year that has passed at its awards, on their average."""
    return _MOMENTS[resolved.switch("basis.awards")]


def pensions_due(resolved: Resolved, in_force: Float) -> Float:
    """Fraction of each year in which the State pays pensions; the whole of it where no reform hands them over."""
    return in_force if resolved.flag("reform.enacted") else np.ones_like(in_force)


def ongoing_index(resolved: Resolved, economy: Economy, past: int, n_years: int) -> Float:
    """What a pension of one minimum wage at the state's date pays in each projected year, pesos, float64 (year,)."""
    if resolved.switch("basis.ongoing_indexation") == "minimum_wage":
        minimum: Float = economy.minimum_wage[past : past + n_years]
        years = int(resolved.number("reform.first_year")) + np.arange(n_years)
        follows = resolved.path("law_1973.indexation", years)
        if (follows == 1.0).all():
            return minimum
        index: Float = minimum[0] * pension_index(minimum, follows)
        return index
    # Amounts of the state's date stand at its prices, whatever the prices of a year are told by.
    return np.full(n_years, minimum_wage_of(resolved, int(resolved.number("reform.state_year"))))


def pension_index(minimum_wage: Float, follows: Float) -> Float:
    """Real index of pensions that follow a part of the minimum wage's growth in each year, 1 in the first; (year,)."""
    if (follows == 1.0).all():
        whole: Float = minimum_wage / minimum_wage[0]
        return whole
    growth = follows[1:] * (minimum_wage[1:] / minimum_wage[:-1] - 1.0)
    return np.concatenate([[1.0], np.cumprod(1.0 + growth)])


def _expected(
    resolved: Resolved, indexed: bool, index: Float, level: Float, follows: str, years: Int
) -> tuple[Float, Int]:
    """Indices by which pensions are valued at the award, float64 (rule, long_year), and which of them in which year.

    One for all years where the run's own ``index`` is known; where only the law of the award's year is (``basis.foresight =
    award``), one for each part of a ``level`` that pensions of some year follow, by the path of that name.
    """
    if not indexed or resolved.switch("basis.foresight") == "run":
        return index[None], np.zeros(years.size, dtype=np.int64)
    rules, of_year = np.unique(resolved.path(follows, years), return_inverse=True)
    indices = [pension_index(level, np.full(level.size, rule)) for rule in rules]
    return np.stack(indices), of_year.astype(np.int64)


def _never_lowered(guarantee_of_year: Float) -> Float:
    """A level that rises by as much as the guarantee does, and never falls, 1 in the first year, float64 (year,)."""
    before, now = guarantee_of_year[:-1], guarantee_of_year[1:]
    rises = np.divide(now, before, out=np.ones_like(now), where=(now > before) & (before > 0.0))
    return np.concatenate([[1.0], np.cumprod(rises)])


def _check_increases(rows: Float) -> None:
    """Refuse rows of increases that say no year, no type of pension or no factor."""
    allowed = (
        f"whole years, types -1 (all) to {ORPHANS} and whole ages; levels and factors of 0 or more, on top of"
        " law_1973.indexation"
    )
    whole = rows[:, [INCREASE_FIELDS.index(name) for name in ("from_year", "kind", "age_from")]]
    kinds, sizes = rows[:, INCREASE_FIELDS.index("kind")], rows[:, INCREASE_FIELDS.index("age_from") :]
    said = ""
    if (whole % 1.0 != 0.0).any():
        said = f"{whole[whole % 1.0 != 0.0][0]:g} is no whole number"
    elif ((kinds < -1) | (kinds > ORPHANS)).any():
        said = f"kind {kinds[(kinds < -1) | (kinds > ORPHANS)][0]:g} is no type of pension"
    elif (sizes < 0.0).any():
        said = f"{sizes[sizes < 0.0][0]:g} is below 0"
    if said:
        raise AssumptionError.single("law_1973.increases", said, allowed)


def _indexing(resolved: Resolved, future: Int) -> Indexing:
    """Rules of old-law pensions in payment by year."""
    if resolved.switch("basis.old_law_indexation") != "minimum_wage":
        nothing = np.zeros(future.size)
        return Indexing(False, True, nothing, nothing, np.zeros((0, len(INCREASE_FIELDS))))
    floor = np.array(resolved.path("law_1973.indexation_floor_mw", future))
    rows = resolved.table("law_1973.increases").values
    rows = rows[rows[:, 0] <= future[-1]]
    _check_increases(rows)
    increases = rows.copy()
    increases[:, 0] -= float(future[0])
    return finite(
        Indexing(
            by_level=bool(increases.size or (floor > 0.0).any()),
            known_ahead=resolved.switch("basis.foresight") == "run",
            follows=np.array(resolved.path("law_1973.indexation", future)),
            floor_mw=floor,
            increases=np.ascontiguousarray(increases),
        ),
        "rules of pensions in payment",
    )


def account_return(resolved: Resolved, earned: str, years: Int) -> Float:
    """What accounts earn of a fund's return once the commission on the balance is taken, float64 (year,)."""
    net: Float = resolved.path(earned, years) - resolved.path("contributions.commission_balance", years)
    return np.ascontiguousarray(net)


def minimum_wages(resolved: Resolved, years: Int) -> Float:
    """The minimum wage of each year as :class:`Economy` has it, pesos of December 1996 a year, float64 (year,)."""
    base_year = int(resolved.number("economy.price_base_year"))
    span = np.arange(min(int(years[0]), base_year) - 1, max(int(years[-1]), base_year) + 1)
    with arithmetic("paths of the economy"):
        levels = _levels(resolved, span, base_year, int(years[0]))
    return levels.minimum_wage[int(years[0]) - int(span[0]) :][: years.size]


def guarantee(resolved: Resolved, years: Int) -> Float:
    """Minimum pension guarantee of awards of each year, pesos of December 1996 a year, float64 (year,).

    Growth begins in the second of ``years``. Where the guarantee is a copy of printed values,
    none enters a worker's choice or cost.
    """
    structural = resolved.switch("basis.mpg") != "replica"
    amount = resolved.path("guarantee.mpg", years) * resolved.number("economy.days_per_year") * structural
    growth = resolved.path("guarantee.real_growth", years)
    return amount * level_path(growth, years, int(years[0]))


def _with_history(resolved: Resolved, name: str, years: Int, first_year: int) -> Float:
    """A path that also covers the years whose wages are averaged; refused where it begins too late."""
    begins = int(resolved.dated(name).years[0])
    if int(years[0]) < begins:
        raise AssumptionError.single(
            name,
            f"begins in {begins}, and averages of wages before {first_year} need {years[0]}",
            "averages of less (law_1973.average_weeks or average_years, law_1995.iv_average_weeks or"
            " law_1995.iv_average_years), a price base"
            f" (economy.price_base_year) that is not earlier, or a path from {years[0]} on",
        )
    return resolved.path(name, years)


def known_history(resolved: Resolved) -> int:
    """Years before the first projected one of which prices, minimum wage and ceilings are known."""
    first = int(resolved.number("reform.first_year"))
    names = (*CEILINGS, "law_1973.ceiling_average_wage", occupational_ceiling(resolved))
    # A year's average prices lie between two ends.
    begins = [int(resolved.dated(name).years[0]) for name in names]
    begins += [
        int(resolved.dated(name).years[0]) + 1
        for name in ("economy.inflation", "economy.real_minimum_wage_growth")
    ]
    return first - max(begins)


def build(resolved: Resolved, years: Int, past: int, n_durations: int) -> Economy:
    """Economy of a resolved pack.

    Parameters
    ----------
    years : int64 (year,)
    past : int
        Years of history before the first.
    n_durations : int
        Years beyond the last for which present values need paths; they hold their last rates.

    Raises
    ------
    AssumptionError
        If the state's year is outside the history, or a path is not finite.
    """
    with arithmetic("paths of the economy"):
        return finite(_build(resolved, years, past, n_durations), "paths of the economy")


def occupational_ceiling(resolved: Resolved) -> str:
    """Name of the ceiling of wages that occupational pensions are a share of."""
    by_degree = resolved.switch("basis.occupational_risks") == "by_degree"
    return "law_1973.ceiling_occupational" if by_degree else "law_1973.ceiling_average_wage"


def _unit_of_ceilings(resolved: Resolved, window: Int, minimum_wage: Float) -> Float:
    """What ceilings are multiples of, in minimum wages of the year: one of these, or one UMA, float64 (year,)."""
    part = resolved.path("contributions.ceilings_in_uma", window)
    uma = resolved.path("economy.uma", window) * resolved.number("economy.days_per_year")
    return np.where(part == 0.0, 1.0, 1.0 - part + part * uma / minimum_wage[: window.size])


class _Levels(NamedTuple):
    """Prices at the end and on the average of each year, and the minimum wage, float64 (span,)."""

    end: Float
    average: Float
    minimum_wage: Float


def _levels(resolved: Resolved, span: Int, base_year: int, first_year: int) -> _Levels:
    inflation = _with_history(resolved, "economy.inflation", span, first_year)
    end = level_path(inflation, span, base_year)
    average = np.empty_like(end)
    average[1:] = average_price(end[1:], end[:-1])
    average[0] = end[0]
    growth = _with_history(resolved, "economy.real_minimum_wage_growth", span, first_year)
    minimum = (
        resolved.number("economy.minimum_wage_daily")
        * resolved.number("economy.days_per_year")
        * resolved.number("economy.minimum_wage_base")
        * level_path(growth, span, base_year)
    )
    if resolved.switch("basis.prices") == "average":
        # The annex's real minimum wage is the year's wage in money of its December.
        minimum = minimum / average_price(np.ones(span.size), 1.0 / (1.0 + inflation))
    return _Levels(end, average, minimum)


def _build(resolved: Resolved, years: Int, past: int, n_durations: int) -> Economy:
    base_year = int(resolved.number("economy.price_base_year"))
    first = min(int(years[0]) - past, base_year) - 1
    span = np.arange(first, int(years[-1]) + n_durations + 1)
    offset = int(years[0]) - past - first
    future = np.arange(int(years[0]), int(years[-1]) + n_durations + 1)
    if base_year > int(span[-1]):
        raise AssumptionError.single(
            "economy.price_base_year", f"{base_year} is after the projection", f"at most {years[-1]}"
        )
    end, average, minimum = _levels(resolved, span, base_year, int(years[0]))
    at_average = resolved.switch("basis.prices") == "average"
    window = np.arange(int(years[0]) - past, int(years[-1]) + 1)
    ceilings = np.empty((N_CEILINGS, window.size))
    in_uma = _unit_of_ceilings(resolved, window, minimum[offset:])
    for i, name in enumerate(CEILINGS):
        ceilings[i] = _with_history(resolved, name, window, int(years[0])) * in_uma
    indexation = np.ones(future.size)
    indexed = resolved.switch("basis.old_law_indexation") == "minimum_wage"
    if indexed:
        indexation = pension_index(minimum[offset + past :], resolved.path("law_1973.indexation", future))
    expected, expected_of_year = _expected(
        resolved, indexed, indexation, minimum[offset + past :], "law_1973.indexation", years
    )
    of_awards = guarantee(resolved, future)
    level = _never_lowered(of_awards)
    in_payment = pension_index(level, resolved.path("guarantee.in_payment", future))
    guarantee_expected, guarantee_expected_of_year = _expected(
        resolved, True, in_payment, level, "guarantee.in_payment", years
    )
    return Economy(
        minimum_wage=np.ascontiguousarray(minimum[offset:]),
        price_award=np.ascontiguousarray((average if at_average else end)[offset:]),
        price_average=np.ascontiguousarray(average[offset:]),
        indexation=np.ascontiguousarray(indexation),
        expected=np.ascontiguousarray(expected),
        expected_of_year=expected_of_year,
        indexing=_indexing(resolved, future),
        fund_return=account_return(resolved, "funds.rcv_return", future),
        housing_return=np.array(resolved.path("funds.infonavit_return", future)),
        moment=award_moment(resolved),
        annuity_return=np.array(resolved.path("funds.annuity_return", future)),
        guarantee=np.ascontiguousarray(of_awards),
        guarantee_index=np.ascontiguousarray(in_payment),
        guarantee_expected=np.ascontiguousarray(guarantee_expected),
        guarantee_expected_of_year=guarantee_expected_of_year,
        in_force=in_force(resolved, years),
        ceilings=ceilings,
        wage_ceiling_old_law=np.ascontiguousarray(
            _with_history(resolved, "law_1973.ceiling_average_wage", window, int(years[0])) * in_uma
        ),
        wage_ceiling_occupational=np.ascontiguousarray(
            _with_history(resolved, occupational_ceiling(resolved), window, int(years[0])) * in_uma
        ),
    )
