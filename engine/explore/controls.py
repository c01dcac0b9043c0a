"""Levers as controls of the page, and what the controls say as statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from dash import dcc, html

from assumptions import DatedPath, Resolved, Table, levers
from assumptions.levers import Lever, Statement
from engine.explore.state import State

ON: Final = "on"
VALUE: Final = "value"
FROM: Final = "from"
OPTION: Final = "option"
OPENED: Final = "opened"
ROWS: Final = "rows"
_HUNDRED: Final = 100.0
CHECKED: Final = "yes"
_DIGITS: Final = 10


def identity(kind: str, lever: Any, key: str = "") -> dict[str, Any]:
    """The name of a control."""
    return {"kind": kind, "lever": lever, "key": key}


def dated(lever: Lever, resolved: Resolved) -> bool:
    """Whether a lever can begin in a year."""
    made = [m for m in lever.moves if "given" in m.when.get("from", ("given",)) and m.how != "bands"]
    return all(resolved.has(m.name) and isinstance(resolved.value(m.name), DatedPath | Table) for m in made)


def today(lever: Lever, resolved: Resolved) -> float | str:
    """What holds where the lever is not moved; of a path its last value."""
    present = lever.present
    if not isinstance(present, str) or present in lever.choices:
        return present
    value = resolved.value(present)
    if isinstance(value, DatedPath):
        return float(value.values[-1])
    if isinstance(value, bool):
        words: Mapping[str, Any] = next(move.values for move in lever.moves if move.name == present)
        return next(word for word, own in words.items() if own == value)
    return float(value)


def groups(state: State, resolved: Resolved, text: Mapping[str, Any]) -> list[Any]:
    """Every lever that has an effect in the case, or is moved, by group; a group with a moved lever is open.

    A closed group is empty until it is opened: what stands in the page costs time at every move of a control.
    """
    first = _first(state)
    out = []
    for n, (group, listed) in enumerate(_listed(state, resolved).items()):
        opened = any(lever.name in first for lever in listed) or (n == 0 and not first)
        out.append(
            html.Details(
                [
                    html.Summary(text["explore"]["group"][group], id={"kind": OPENED, "group": group}),
                    html.Div(
                        rows(group, state, resolved, text) if opened else None,
                        id={"kind": ROWS, "group": group},
                    ),
                ],
                open=opened,
                className="group",
            )
        )
    return out


def rows(group: str, state: State, resolved: Resolved, text: Mapping[str, Any]) -> list[Any]:
    """The levers of a group; none where the case has none of it, as another basis may."""
    first, listed = _first(state), _listed(state, resolved).get(group, [])
    return [_row(lever, first.get(lever.name), resolved, text) for lever in listed]


def _first(state: State) -> dict[str, Statement]:
    found: dict[str, Statement] = {}
    for one in state.statements:
        found.setdefault(one.lever.name, one)
    return found


def _listed(state: State, resolved: Resolved) -> dict[str, list[Lever]]:
    moved = _first(state)
    found: dict[str, list[Lever]] = {}
    for lever in levers.known().values():
        if lever.name in moved or any(resolved.live(move.name)[0] for move in lever.moves):
            found.setdefault(lever.group, []).append(lever)
    return found


def extra(state: State) -> list[str]:
    """Statements beyond the first of a lever, which have no control of their own."""
    seen: set[str] = set()
    out = []
    for one in state.statements:
        if one.lever.name in seen:
            out.append(one.text)
        seen.add(one.lever.name)
    return out


def _row(lever: Lever, one: Statement | None, resolved: Resolved, text: Mapping[str, Any]) -> Any:
    said, language = text["explore"], text["language"]
    title = getattr(lever.title, language)
    held = today(lever, resolved)
    value = held if one is None else one.value
    factor = _HUNDRED if lever.percent else 1.0
    control: Any
    if lever.choices:
        control = dcc.RadioItems(
            [{"label": lever.shown(word, language), "value": word} for word in lever.choices],
            value,
            id=identity(VALUE, lever.name),
            inline=True,
        )
    else:
        assert lever.range is not None
        low, high = (_rounded(end * factor) for end in lever.range)
        mark = _rounded(float(held) * factor)
        control = dcc.Slider(
            low,
            high,
            _rounded(lever.step * factor),
            value=_rounded(float(value) * factor),
            marks={mark: said["today"].format(value=f"{mark:g}")} if low <= mark <= high else None,
            id=identity(VALUE, lever.name),
            updatemode="drag",
            allow_direct_input=True,
            included=False,
        )
    more: list[Any] = []
    if dated(lever, resolved):
        first, last = (int(resolved.number(f"reform.{end}_year")) for end in ("first", "last"))
        more.append(
            html.Label(
                [
                    said["from"],
                    dcc.Input(
                        id=identity(FROM, lever.name),
                        type="number",
                        min=first,
                        max=last,
                        step=1,
                        value=None if one is None else one.from_year,
                        debounce=True,
                        placeholder=said["all_years"],
                    ),
                ]
            )
        )
    for key, option in lever.options.items():
        given = None if one is None else one.options.get(key)
        name = getattr(option.title, language)
        part: Any
        if option.choices:
            offered = _offered(lever, key, resolved)
            part = dcc.Dropdown(
                offered,
                given or (option.default if option.default in offered else offered[0]),
                id=identity(OPTION, lever.name, key),
                clearable=False,
            )
        else:
            assert option.range is not None
            scale = _HUNDRED if option.unit == "fraction" else 1.0
            low, high = (end * scale for end in option.range)
            shown = given if given is not None else option.default
            part = dcc.Input(
                id=identity(OPTION, lever.name, key),
                type="number",
                min=low,
                max=high,
                step="any",
                value=None if shown is None else _rounded(float(shown) * scale),
                debounce=True,
            )
        more.append(html.Label([name, part]))
    unit = "%" if lever.percent else "" if lever.choices else lever.of_unit.label.partition(" (")[0]
    unit = said["unit"].get(lever.unit, unit)
    return html.Div(
        [
            dcc.Checklist(
                [{"label": f"{title}{f', {unit}' if unit else ''}", "value": CHECKED}],
                [] if one is None else [CHECKED],
                id=identity(ON, lever.name),
                className="on",
            ),
            control,
            html.Div(more, className="more") if more else None,
            html.P(getattr(lever.article, language), className="soft"),
        ],
        className="lever",
        id=f"lever-{lever.name}",
        role="group",
        **{"aria-label": title},
    )


def _offered(lever: Lever, key: str, resolved: Resolved) -> list[str]:
    """Words of an option under which the lever has an effect."""
    made = [move.when.get(key) for move in lever.moves if resolved.live(move.name)[0]]
    words = lever.options[key].choices
    return [word for word in words if any(when is None or word in when for when in made)] or list(words)


def _rounded(value: float) -> float:
    return round(value, _DIGITS)


def texts(controls: Sequence[Mapping[str, Any]], touched: Collection[str], more: Sequence[str]) -> list[str]:
    """What the controls say, as levers are typed.

    Parameters
    ----------
    controls : sequence of dict
        ``id`` and ``value`` of every control.
    touched : collection of str
        Levers that count as moved although their box is not yet ticked: their slider is just being moved.
    more : sequence of str
        Statements without a control.
    """
    said: dict[str, dict[tuple[str, str], Any]] = {}
    for item in controls:
        name = item["id"]
        said.setdefault(name["lever"], {})[name["kind"], name["key"]] = item.get("value")
    out = []
    for lever in levers.known().values():
        own = said.get(lever.name)
        if own is None or not (own.get((ON, "")) or lever.name in touched):
            continue
        value = own[VALUE, ""]
        text = f"{lever.name}={value if lever.choices else _typed(value, lever.percent)}"
        parts = []
        for key, option in lever.options.items():
            given = own.get((OPTION, key))
            if given is None:
                continue
            given = given if option.choices else _typed(given, option.unit == "fraction")
            if option.of:
                text += f" of {given}"
            else:
                parts.append(f"{key}={given}")
        if own.get((FROM, "")) is not None:
            text += f" from {own[FROM, '']}"
        out.append(", ".join([text, *parts]))
    return [*out, *more]


def _typed(value: Any, percent: bool) -> str:
    number = f"{_rounded(float(value)):.10g}" if value is not None else "?"
    return f"{number}%" if percent else number


__all__ = [
    "CHECKED",
    "FROM",
    "ON",
    "OPENED",
    "OPTION",
    "ROWS",
    "VALUE",
    "dated",
    "extra",
    "groups",
    "identity",
    "rows",
    "texts",
    "today",
]
