"""The overlay that a lever is: the same values as TOML, one for each basis where they differ."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from assumptions.levers.model import Said
from assumptions.levers.moves import Moved, live, moved
from assumptions.levers.sentence import WHERE, Statement, parse
from assumptions.model import AssumptionError, Fault, Table
from assumptions.resolved import Resolved
from assumptions.scenarios import Pack
from assumptions.timeline import DatedPath

FILE: Final = WHERE
_WIDTH: Final = 118


def text(
    pack: Pack,
    levers: str | Iterable[str | Statement],
    bases: Sequence[str] = ("statutory",),
    *,
    title: Said | None = None,
    base: Mapping[str, Resolved] | None = None,
) -> str:
    """The overlay that levers write over a pack.

    Parameters
    ----------
    pack : Pack
        What the levers are moved from.
    levers : str or sequence of str
    bases : sequence of str
        Bases on which it is to hold.
    title : Said, optional
        Of the file; the levers by default.
    base : dict, optional
        Basis -> the pack resolved on it, where that is known already.

    Raises
    ------
    AssumptionError
        With everything found wrong.
    """
    statements = parse(levers)
    found: dict[str, dict[str, Moved]] = {}
    faults: list[Fault] = []
    for basis in bases:
        resolved = base[basis] if base is not None else pack.resolve(basis)
        try:
            every = moved(resolved, statements)
            found[basis] = live(resolved, every)
        except AssumptionError as error:
            faults.extend(error.faults)
    # Where a lever works on one of the bases, it need not on the others.
    effective = {item.lever for basis in found for item in found[basis].values()}
    serious = [f for f in faults if " has no effect " not in f" {f.message} " or f.path not in effective]
    if serious or not found:
        raise AssumptionError(serious or faults)
    return _written(pack, statements, found, title)


def over(pack: Pack, levers: str | Iterable[str | Statement], bases: Sequence[str] = ("statutory",)) -> Pack:
    """A pack with levers moved: the pack with the overlay that they write on top.

    Raises
    ------
    AssumptionError
        With everything found wrong.
    """
    return pack.with_text(text(pack, levers, bases), FILE)


def _written(
    pack: Pack, statements: Sequence[Statement], found: Mapping[str, dict[str, Moved]], title: Said | None
) -> str:
    said = [one.text for one in statements]
    head = title.en if title is not None else "; ".join(said)
    described = "; ".join(one.sentence() for one in statements)
    lines = [f"# annexv what-if {' '.join(map(json.dumps, said))} --against {pack.scenario}"]
    for one in statements:
        lines.append(f"# {one.sentence()}. {one.lever.article.en}.")
        if one.lever.half is not None:
            lines.append(f"# {one.lever.half.en}")
    lines += ["", "[overlay]", f"title = {quote(head)}", f"description = {quote(described + '.')}"]
    by_lever = {one.lever.name: one for one in statements}
    entries = {
        basis: {name: _entry(name, item, by_lever) for name, item in items.items()}
        for basis, items in found.items()
    }
    names = list(dict.fromkeys(name for items in entries.values() for name in items))
    common: list[str] = []
    own: list[str] = []
    for name in names:
        forms = {items[name] for items in entries.values() if name in items}
        (common if len(forms) == 1 else own).append(name)
    lines += _tables({name: next(e[name] for e in entries.values() if name in e) for name in common}, "")
    for basis, items in entries.items():
        lines += _tables({name: items[name] for name in own if name in items}, f"only.{basis}.")
    return "\n".join(lines) + "\n"


def _tables(entries: Mapping[str, tuple[str, ...]], prefix: str) -> list[str]:
    lines: list[str] = []
    for name, keys in entries.items():
        lines += ["", f"[{prefix}{name}]", *(key.replace("\0", prefix) for key in keys)]
    return lines


def _entry(name: str, item: Moved, by_lever: Mapping[str, Statement]) -> tuple[str, ...]:
    """Lines of one name, after its heading; `{prefix}` stands for what headings begin with."""
    keys = _value_keys(item)
    said = f"locator = {quote(f'lever {item.lever}: {by_lever[item.lever].lever.article.en}')}"
    later = _later(item.value, item.from_year, "\0" + name) if isinstance(item.value, Table) else []
    return (*keys, said, *later)


def _value_keys(item: Moved) -> tuple[str, ...]:
    value = item.value
    if item.constant is not None:
        return (f"value = {number(item.constant)}", f"from_year = {item.from_year}")
    if isinstance(value, DatedPath):
        return _path_keys(value)
    if isinstance(value, Table):
        return _table_keys(value, item.from_year)
    if isinstance(value, bool):
        return (f"value = {'true' if value else 'false'}",)
    if isinstance(value, str):
        return (f"value = {quote(value)}",)
    return (f"value = {number(float(value))}",)


def _path_keys(path: DatedPath) -> tuple[str, ...]:
    if path.is_constant:
        return (f"value = {number(float(path.values[0]))}",)
    pairs = [f"{year} = {number(value)}" for year, value in path.dated().items()]
    keys = (f"values = {{ {', '.join(pairs)} }}",)
    return keys if path.rule == "step" else (*keys, f"rule = {quote(path.rule)}")


def _table_keys(table: Table, from_year: int | None) -> tuple[str, ...]:
    if len(table.later) == 1 and table.later[0][0] == from_year:
        # What stood before is left to stand.
        return (f"from_year = {from_year}", *_cells(table.later[0][1]))
    return _cells(table)


def _cells(table: Table) -> tuple[str, ...]:
    free = ", ".join(f"{axis} = {_labels(table.coords[axis])}" for axis in table.axes)
    return (f"coords = {{ {free} }}", *_lines("value", table.values.tolist()))


def _later(table: Table, from_year: int | None, name: str) -> list[str]:
    """Tables that follow, where the first of them is not the one that the name itself gives."""
    if len(table.later) == 1 and table.later[0][0] == from_year:
        return []
    lines: list[str] = []
    for year, other in table.later:
        lines += ["", f"[[{name}.later]]", f"from_year = {year}", *_cells(other)]
    return lines


def _lines(key: str, value: Any) -> tuple[str, ...]:
    """A list over several lines, a row each."""
    if not isinstance(value[0], list):
        return tuple(_folded(f"{key} = ", value))
    out = [f"{key} = ["]
    for row in value:
        out += [f"  {line}" for line in _folded("", row, ",")]
    return (*out, "]")


def _folded(head: str, row: list[float], tail: str = "") -> list[str]:
    lines, line = [], f"{head}["
    for n, cell in enumerate(row):
        word = number(cell) + (", " if n < len(row) - 1 else "")
        if len(line) + len(word) > _WIDTH:
            lines.append(line.rstrip())
            line = "  "
        line += word
    return [*lines, f"{line}]{tail}"]


def _labels(labels: Sequence[Any]) -> str:
    whole = all(isinstance(label, int) for label in labels)
    if whole and len(labels) > 1 and list(labels) == list(range(labels[0], labels[-1] + 1)):
        return quote(f"{labels[0]}..{labels[-1]}")
    return (
        "[" + ", ".join(str(label) if isinstance(label, int) else quote(str(label)) for label in labels) + "]"
    )


def number(value: float) -> str:
    """A number as TOML reads it back, to the last bit."""
    return repr(float(value))


def quote(said: str) -> str:
    """A text as TOML reads it back."""
    return json.dumps(said, ensure_ascii=False)
