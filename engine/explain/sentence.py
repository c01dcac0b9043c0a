"""What one would say of a number to a committee: rounded, from the parts of its levels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import floor, log10
from typing import Any, Final

from engine.explain.records import Chain, Level
from engine.outputs.steps import Said, joined, label, named, said

# A share that differs from nothing or from the whole by less is nothing or the whole: sums have rounding.
_ROUNDING: Final = 1e-9
_CENTAVO: Final = 0.01  # less is nothing that anybody pays
_DIGITS: Final = 2  # significant, at least
_MOST: Final = 0.5  # what years that are named together have at least


def sentence(
    component: str, year: int, mxn: float, percent: float, levels: Sequence[Level], chains: Sequence[Chain]
) -> Said:
    """A component's number in a year, pesos of December 1996 and percent of GDP, and what it is for."""
    form = "In {year} the State pays {money} of 1996, {percent} of GDP, for {component}"
    if mxn < 0.0:
        form = "In {year} the State gets back {money} of 1996, {percent} of GDP, from {component}"
    if abs(mxn) < _CENTAVO:
        form = "In {year} the State pays nothing for {component}"
    words = {"year": year, "component": named("component", component)}
    head = said(form, money=money(abs(mxn)), percent=digits(abs(percent), "%"), **words)
    whole = joined([head, *_clauses([level for level in levels if not level.of])], "; ", ".")
    of = max((level.of for level in levels), key=len)
    if not of:
        return whole
    cell = [level for level in levels if level.of == of]
    part = joined([_of_cell(cell[0]), *_clauses(cell), *_shown(cell[-1], chains)], "; ", ".")
    return joined([whole, part], " ")


def money(mxn: float) -> Said:
    """Pesos, 0 or more, rounded to two significant digits or to units where there are more."""
    for name, unit in (("thousand million", 1e9), ("million", 1e6), ("thousand", 1e3)):
        if mxn >= unit:
            return said(f"{{amount}} {name} pesos", amount=digits(mxn / unit))
    return said("{amount} pesos", amount=digits(mxn))


def digits(value: float, unit: str = "") -> Said:
    """A number of 0 or more with two significant digits at least, and with two decimals where it is percent of GDP."""
    places = max(2 if unit else 0, _DIGITS - 1 - floor(log10(value))) if value else 0
    return Said(f"{value:,.{places}f}{unit}")


def share(part: float) -> Said:
    """A share in percent: whole ones, more digits where it would be rounded to nothing or to all."""
    for end in (0.0, 1.0):
        if abs(part - end) < _ROUNDING:
            return Said(f"{end:.0%}")
    apart = 100.0 * min(abs(part), abs(1.0 - part))
    return Said(f"{part:.{max(0, -floor(log10(apart)))}%}")


def _clauses(levels: Iterable[Level]) -> Iterator[Said]:
    """What stands out in each level; where some parts are paid back, that and no shares."""
    for level in levels:
        if not level.parts:
            continue
        back = -sum(part.mxn for part in level.parts if part.mxn < 0.0)
        paid = sum(part.mxn for part in level.parts if part.mxn > 0.0)
        if min(back, paid) > _ROUNDING * max(back, paid):
            yield said("{paid} are paid and {back} come back", paid=money(paid), back=money(back))
            return
        yield from _clause(level)


def _clause(level: Level) -> Iterator[Said]:
    keys = level.parts[0].who
    if level.wage_groups > 1:
        best = _by(level, "wage_group").get(level.wage_groups, 0.0)
        form = "the best-paid of {n} wage groups takes {share}"
        yield said(form, n=level.wage_groups, share=share(best))
    elif "contribution" in keys or "type" in keys:
        name, part = _largest(_by(level, "contribution" if "contribution" in keys else "type"))
        yield said("{share} are {what}", share=share(part), what=named("part", name))
    elif len(_by(level, "kind")) > 1:
        name, part = _largest(_by(level, "kind"))
        yield said("{share} are pensions of {kind}", share=share(part), kind=label(name))
    elif "birth_year" in keys and not level.of:
        yield _span(
            _by(level, "birth_year"),
            "those born in {first} take {share}",
            "those born {first} to {last} take {share}",
        )
    elif "award_year" in keys:
        yield _span(
            _by(level, "award_year"),
            "awards of {first} take {share}",
            "awards of {first} to {last} take {share}",
        )
    elif "sex" in keys:
        name, part = _largest(_by(level, "sex"))
        yield said("{sex} take {share}", sex=named("sex", name), share=share(part))


def _by(level: Level, key: str) -> dict[Any, float]:
    """Shares of a level by one of the keys of its parts; empty where it has no such key."""
    found: dict[Any, float] = {}
    for part in level.parts:
        if key in part.who:
            found[part.who[key]] = found.get(part.who[key], 0.0) + part.share
    return found


def _largest(shares: Mapping[Any, float]) -> tuple[Any, float]:
    return max(shares.items(), key=lambda pair: pair[1])


def _span(shares: Mapping[int, float], of_one: str, of_many: str) -> Said:
    """The shortest run of years that has half of the whole, and the largest of these."""
    years = range(min(shares), max(shares) + 1)
    held = [shares.get(year, 0.0) for year in years]
    for n in range(1, len(held) + 1):
        runs = [sum(held[i : i + n]) for i in range(len(held) - n + 1)]
        if max(runs) >= _MOST or n == len(held):
            first = years[0] + runs.index(max(runs))
            form = of_one if n == 1 else of_many
            return said(form, first=first, last=first + n - 1, share=share(max(runs)))
    raise AssertionError("no years")


def _of_cell(level: Level) -> Said:
    """What the chosen birth year, sex and wage have of the number."""
    of = level.of
    form = "those born in {birth_year}"
    if "sex" in of:
        form = "women born in {birth_year}" if of["sex"] == "f" else "men born in {birth_year}"
    who = said(form, birth_year=of["birth_year"])
    if "wage_mw" in of:
        who = said("{who} with {wage} minimum wages", who=who, wage=digits(of["wage_mw"]))
    mxn = sum(part.mxn for part in level.parts)
    if abs(mxn) < _CENTAVO:
        return said("Of it nothing is for {who}", who=who)
    percent = digits(abs(level.total), "%")
    form = "Of it {money}, {percent} of GDP, is for {who}"
    if mxn < 0.0:
        form = "{money}, {percent} of GDP, come back for {who}"
    return said(form, money=money(abs(mxn)), percent=percent, who=who)


def _shown(level: Level, chains: Sequence[Chain]) -> Iterator[Said]:
    """The award whose chain is shown, as a share of the cell."""
    for chain in chains:
        parts = [
            part for part in level.parts if chain.who and chain.who.items() <= part.who.items() and part.mxn
        ]
        if len(parts) == 1 and all(part.mxn > 0.0 for part in level.parts):
            yield said(
                "the award shown, {type} of {year}, takes {share}",
                type=label(chain.who["type"]),
                year=chain.who["award_year"],
                share=share(parts[0].share),
            )


__all__ = ["digits", "money", "sentence", "share"]
