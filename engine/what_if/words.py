"""What a reform does, in sentences and tables that screens and pages share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from assumptions import levers
from cohorts.axes import SEXES
from engine.compare_runs import LINES
from engine.outputs import words
from engine.outputs.digits import decimals, shown
from engine.outputs.tables import TOTAL, chosen_years
from engine.what_if.asked import Part, WhatIf, kinds

_POINTS: Final = 3
_FEW: Final = 1e-3


class Table(NamedTuple):
    """A table of texts: its title, heads and rows, of which the first cell is a name."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def name(found: WhatIf) -> str:
    """The reform as it was asked for."""
    return "; ".join([*found.overlays, *(one.text for one in found.statements)])


def base_name(found: WhatIf, text: Mapping[str, Any]) -> str:
    """The base by its code and its basis in words."""
    basis = found.base.basis
    return f"{found.against}, {text['basis_short'].get(basis, basis)}"


def sentences(found: WhatIf, text: Mapping[str, Any]) -> list[str]:
    """What it costs and when most; its present value; what of it is law."""
    said = text["what_if"]
    at, line = found.peak, LINES.index(TOTAL)
    first, last = int(found.years[0]), int(found.years[-1])
    gap = found.total[at]
    if gap == 0.0:
        return [said["sentence_none"].format(reform=name(found), base=base_name(found, text), last=last)]
    money = found.new_money[line, at] - found.old_money[line, at]
    out = [
        said["sentence"].format(
            reform=name(found),
            value=shown(abs(gap), decimals([gap], _POINTS)),
            way=said["more" if gap > 0.0 else "less"],
            base=base_name(found, text),
            year=int(found.years[at]),
            old=shown(found.old[line, at], decimals([gap], 2)),
            new=shown(found.new[line, at], decimals([gap], 2)),
            money=shown(money, decimals([money], 1), "+"),
        ),
        said["worth"].format(
            first=first,
            last=last,
            value=shown(found.worth, decimals([found.worth], 2), "+"),
            old=shown(found.worth_old[line], 1),
            new=shown(found.worth_new[line], 1),
        ),
    ]
    by_kind = kinds(found)
    if by_kind:
        places = decimals(by_kind.values(), 2)
        listed = "; ".join(f"{said[kind]} {shown(value, places, '+')}%" for kind, value in by_kind.items())
        out[1] += " " + said["kinds"].format(kinds=listed)
    return out


def halves(found: WhatIf, language: str) -> list[str]:
    """What else belongs to levers that are half a reform."""
    asked = {one.lever.name: one.lever.half for one in found.statements}
    return [f"{name}: {getattr(half, language)}" for name, half in asked.items() if half is not None]


def part_name(part: Part, found: WhatIf, text: Mapping[str, Any]) -> str:
    """A part by its lever, or by the overlays."""
    return (
        part.statement.text
        if part.statement is not None
        else ", ".join(found.overlays) or text["what_if"]["other"]
    )


def told_part(part: Part, found: WhatIf, text: Mapping[str, Any]) -> str:
    """A part with what it is of: law, behaviour or economy."""
    return f"{part_name(part, found, text)} ({text['what_if'][part.kind]})"


def years_shown(found: WhatIf) -> tuple[int, ...]:
    """Years of the tables."""
    return chosen_years(found.years.tolist(), [int(found.years[found.peak])])


def by_component(found: WhatIf, text: Mapping[str, Any], years: Sequence[int] | None = None) -> Table:
    """The change by component, and base and reform in total."""
    said = text["what_if"]
    listed = tuple(years or years_shown(found))
    rows = [year - int(found.years[0]) for year in listed]
    places = decimals(found.change.ravel(), _POINTS)
    labels = {**text["component"], TOTAL: text["total"]}
    worth = found.worth_new - found.worth_old
    at = LINES.index(TOTAL)
    out = []
    for n, line in enumerate(LINES):
        cells = [shown(value, places, "+") for value in found.change[n, rows]]
        out.append((words.capital(labels[line]), *cells, shown(worth[n], 2, "+")))
    for key, values, value in (("base", found.old, found.worth_old), ("reform", found.new, found.worth_new)):
        cells = [shown(share, places) for share in values[at, rows]]
        out.append((words.capital(said[key]), *cells, shown(value[at], 2)))
    title = said["by_component"].format(first=int(found.years[0]))
    return Table(title, ("", *map(str, listed), text["screen"]["run"]["worth"]), tuple(out))


def by_lever(found: WhatIf, text: Mapping[str, Any], years: Sequence[int] | None = None) -> Table:
    """The change by lever and kind."""
    said = text["what_if"]
    listed = tuple(years or years_shown(found))
    rows = [year - int(found.years[0]) for year in listed]
    total = LINES.index(TOTAL)
    places = decimals(np.concatenate([part.effect[total] for part in found.parts] or [np.zeros(1)]), _POINTS)
    out = [
        (
            told_part(part, found, text),
            *(shown(value, places, "+") for value in part.effect[total, rows]),
            shown(part.worth, 2, "+"),
        )
        for part in found.parts
    ]
    return Table(said["by_lever"], ("", *map(str, listed), text["screen"]["run"]["worth"]), tuple(out))


def method(found: WhatIf, text: Mapping[str, Any]) -> str:
    """How the change was attributed."""
    said = text["what_if"]
    if not found.orders:
        return str(said["method"])
    error = max(float(part.error[LINES.index(TOTAL)].max()) for part in found.parts)
    return str(said["sampled"].format(orders=found.orders, error=f"{error:.1g}"))


def rights(found: WhatIf, text: Mapping[str, Any]) -> Table:
    """Acquired rights by birth year, sex and wage: present values of the change."""
    said = text["what_if"]
    rows = []
    for group, value in zip(found.holders, found.holder_worth, strict=True):
        for label, worth in zip(group.labels, value.tolist(), strict=True):
            if abs(worth) >= _FEW / 2.0:
                rows.append(
                    (group_name(group.kind, label, len(group.labels), text), shown(worth, _POINTS, "+"))
                )
    title = said["rights"].format(first=int(found.years[0]))
    return Table(title, ("", text["screen"]["run"]["worth"]), tuple(rows))


def group_name(kind: str, label: str, total: int, text: Mapping[str, Any]) -> str:
    """A group of workers in words."""
    if kind == "birth":
        return words.capital(text["what_if"]["born"].format(years=label))
    if kind == "sex":
        return words.capital(text["reform"]["sex"][label])
    return words.capital(text["what_if"]["wage"].format(n=label, total=total))


def chosen_wages(groups: int) -> tuple[int, ...]:
    """The lowest, the median and the highest group, from 0."""
    return tuple(dict.fromkeys((0, (groups - 1) // 2, groups - 1)))


def gains(found: WhatIf, text: Mapping[str, Any]) -> Table | None:
    """What workers gain, by birth year, sex and wage."""
    if found.gain is None:
        return None
    said = text["what_if"]
    groups = found.gain.value.shape[2]
    wages = chosen_wages(groups)
    heads = [
        f"{words.capital(text['reform']['sex'][sex])}, {said['wage'].format(n=wage + 1, total=groups)}"
        for sex in SEXES
        for wage in wages
    ]
    rows = []
    for n, year in enumerate(found.gain.birth_year.tolist()):
        cells = found.gain.value[n][:, wages].ravel()
        rows.append((str(year), *(shown(0.0 if abs(cell) < _FEW else cell, _POINTS, "+") for cell in cells)))
    return Table(said["gain"], (said["birth_year"], *heads), tuple(rows))


def lever_rows(language: str) -> list[tuple[str, str, str, str]]:
    """Every lever: name, meaning, what is allowed, options."""
    out = []
    for lever in levers.known().values():
        if lever.range is not None:
            low, high = (lever.shown(value, language) for value in lever.range)
            unit = "" if lever.percent else f" {lever.of_unit.label.partition(' (')[0]}"
            allowed = f"{low} - {high}{unit}"
        else:
            allowed = ", ".join(lever.choices)
        options = []
        for key, option in lever.options.items():
            said = "|".join(option.choices) if option.choices else "N"
            options.append(f"of {said}" if option.of else f"{key}={said}")
        out.append((lever.name, getattr(lever.title, language), allowed, ", ".join(options)))
    return out


__all__ = [
    "Table",
    "base_name",
    "by_component",
    "by_lever",
    "chosen_wages",
    "gains",
    "group_name",
    "halves",
    "lever_rows",
    "method",
    "name",
    "part_name",
    "rights",
    "sentences",
    "years_shown",
]
