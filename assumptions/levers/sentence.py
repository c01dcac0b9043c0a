"""From `commission=1% of balance from 2008, law=new` to a statement, and back."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from assumptions.files import likely_cause, parse_number, parse_year
from assumptions.files.cells import quoted, years_allowed
from assumptions.levers.model import Lever, Option, known
from assumptions.model import AssumptionError, Fault
from assumptions.text import nearest
from assumptions.units import UNITS

WHERE: Final = "lever"
_FROM: Final = ("from", "desde")
_OF: Final = ("of", "de", "del")
_LONGEST: Final = 300
_SHAPE: Final = "write it as NAME=VALUE from YEAR, as retirement_age=67 from 2010"


@dataclass(frozen=True, slots=True)
class Statement:
    """A lever moved: to what, from which year on (None: in all years), with which options."""

    lever: Lever
    value: float | str
    from_year: int | None = None
    options: Mapping[str, float | str] = field(default_factory=dict)

    def option(self, name: str) -> float | str | None:
        """An option, or its default."""
        return self.options.get(name, self.lever.options[name].default)

    @property
    def text(self) -> str:
        """The statement as it is typed."""
        of = [str(v) for k, v in self.options.items() if self.lever.options[k].of]
        rest = [(k, v) for k, v in self.options.items() if not self.lever.options[k].of]
        value = self.value if isinstance(self.value, str) else written(self.value, self.lever.percent)
        words = [f"{self.lever.name}={value}", *(f"of {word}" for word in of)]
        if self.from_year is not None:
            words.append(f"from {self.from_year}")
        said = " ".join(words)
        for key, item in rest:
            percent = self.lever.options[key].unit == "fraction"
            said += f", {key}={item if isinstance(item, str) else written(item, percent)}"
        return said

    def sentence(self, language: str = "en") -> str:
        """The statement in words."""
        lever = self.lever
        when = (
            ""
            if self.from_year is None
            else {"en": " from {}", "es": " desde {}"}[language].format(self.from_year)
        )
        rest = []
        for key, value in self.options.items():
            title = getattr(lever.options[key].title, language)
            shown = value if isinstance(value, str) else _shown(value, lever.options[key].unit == "fraction")
            rest.append(f"{title}: {shown}")
        said: str = getattr(lever.sentence, language).format(
            value=lever.shown(self.value, language), when=when
        )
        return said + (f" ({'; '.join(rest)})" if rest else "")


def _shown(value: float, percent: bool) -> str:
    return f"{100.0 * value:.10g}%" if percent else f"{value:.10g}"


def written(value: float, percent: bool) -> str:
    """A number as it is typed; it reads back as the very same number."""
    exact = Decimal(repr(value)) * (100 if percent else 1)
    plain = f"{exact:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return f"{plain}%" if percent else plain


def _one(text: str, faults: list[Fault]) -> Statement | None:
    def fault(path: str, message: str) -> None:
        faults.append(Fault(WHERE, path, message))

    name, found, right = text.partition("=")
    name = name.strip()
    if not found or not name or not right.strip() or len(text) > _LONGEST:
        fault(quoted(text)[1:-1], f"is no lever that is moved; {_SHAPE}")
        return None
    levers = known()
    if name not in levers:
        fault(name, f"unknown lever; known are {', '.join(levers)}{nearest(name, levers)}")
        return None
    lever = levers[name]
    first, *rest = (part.strip() for part in right.split(","))
    words = first.split()
    value_text, tail = words[0] if words else "", words[1:]
    given: dict[str, str] = {}
    while tail:
        key, *after = tail
        if key.lower() in _FROM and after:
            target = "from"
        elif key.lower() in _OF and after and any(option.of for option in lever.options.values()):
            target = next(k for k, option in lever.options.items() if option.of)
        else:
            fault(name, f"{quoted(' '.join(tail))} is not understood; {_SHAPE}")
            return None
        if target in given:
            fault(f"{name}.{target}", "is given twice")
            return None
        given[target], tail = after[0], after[1:]
    for part in rest:
        key, found, value = (item.strip() for item in part.partition("="))
        if key in given:
            fault(f"{name}.{key}", "is given twice")
            return None
        given[key] = value
        if not found or not value:
            fault(
                f"{name}",
                f"{quoted(part)} is not understood; options are written as {', '.join(lever.options) or 'from'}=...",
            )
            return None
    return statement(lever, value_text, given.pop("from", None), given, faults)


def statement(
    lever: Lever, value: Any, from_year: Any, options: Mapping[str, Any], faults: list[Fault]
) -> Statement | None:
    """A checked statement; what is wrong goes to the list."""
    before = len(faults)

    def fault(path: str, message: str) -> None:
        faults.append(Fault(WHERE, f"{lever.name}.{path}" if path else lever.name, message))

    year: int | None = None
    if from_year is not None:
        year = parse_year(str(from_year)) if not isinstance(from_year, bool) else None
        if year is None:
            fault("from", f"{quoted(from_year)} is no calendar year ({years_allowed()})")
    found = _value(lever, value, fault)
    options = {**_named_options(lever, value, options, fault), **options}
    chosen: dict[str, float | str] = {}
    for key, given in options.items():
        option = lever.options.get(str(key))
        if option is None:
            said = ", ".join(lever.options) or "none"
            fault(str(key), f"is no option of this lever; options are {said}{nearest(key, lever.options)}")
            continue
        taken = _option(option, given, fault_of(fault, str(key)))
        if taken is not None and taken != option.default:
            chosen[str(key)] = taken
    if len(faults) > before or found is None:
        return None
    ordered = {key: chosen[key] for key in lever.options if key in chosen}
    one = Statement(lever, found, year, ordered)
    for key in ordered:
        when = lever.options[key].when
        if not applies(when, one):
            fault(key, f"has no effect with {one.text}; it needs {_needed(lever, when)}")
    return one if len(faults) == before else None


def _needed(lever: Lever, when: Mapping[str, tuple[str, ...]]) -> str:
    """What an option asks of the rest of a statement, in words."""
    words = {"from": "from YEAR", "more": f"a value above {lever.shown(lever.present)}"}
    return " and ".join(words.get(key, " or ".join(wanted)) for key, wanted in when.items())


def _named_options(lever: Lever, value: Any, options: Mapping[str, Any], fault: Any) -> dict[str, float]:
    """Options that a word in place of the number gives."""
    given = lever.named.get(value, {}) if isinstance(value, str) else {}
    for key in given.keys() & options.keys():
        fault(key, f"is given twice, by {value} and by itself")
    return {key: number for key, number in given.items() if key != "value"}


def _value(lever: Lever, value: Any, fault: Any) -> float | str | None:
    if lever.choices:
        if value not in lever.choices:
            fault(
                "",
                f"{quoted(value)} is not allowed; allowed are {', '.join(lever.choices)}{nearest(value, lever.choices)}",
            )
            return None
        return str(value)
    assert lever.range is not None
    if isinstance(value, str) and value in lever.named:
        value = lever.named[value]["value"]
    elif isinstance(value, str) and lever.named and value.replace("_", "").isalpha():
        fault(
            "",
            f"{quoted(value)} is neither a number nor {', '.join(lever.named)}{nearest(value, lever.named)}",
        )
        return None
    found = _number(value, lever.range, lever.unit, lever.percent, fault_of(fault, ""))
    if found is not None and lever.whole and found != int(found):
        fault("", f"{_shown(found, lever.percent)} is not a whole number ({lever.of_unit.label})")
        return None
    return found


def fault_of(fault: Any, path: str) -> Any:
    """A function of the message alone."""
    return lambda message: fault(path, message)


def _number(value: Any, allowed: tuple[float, float], unit: str, percent: bool, fault: Any) -> float | None:
    text = value.strip() if isinstance(value, str) else value
    in_percent = isinstance(text, str) and text.endswith("%")
    if in_percent and not percent:
        fault(f"{quoted(value)} is in percent; a number is needed ({UNITS[unit].label})")
        return None
    number: float | None
    if isinstance(text, str):
        bare = text.removesuffix("%").strip().removeprefix("+")
        number = parse_number(bare)
        if number is not None and in_percent:
            number = float(Decimal(bare) / 100)
    elif isinstance(text, bool) or not isinstance(text, int | float):
        number = None
    else:
        number = float(text)
    if number is None or math.isnan(number):
        cause = likely_cause(text) if isinstance(text, str) else ""
        fault(f"{quoted(value)} is not a number{cause}")
        return None
    low, high = allowed
    if not low <= number <= high:
        span = f"{_shown(low, percent)} to {_shown(high, percent)}"
        label = "" if unit in ("none", "ratio") else f" ({UNITS[unit].label})"
        fault(f"{_shown(number, percent)} is outside {span}{label}")
        return None
    return number


def _option(option: Option, given: Any, fault: Any) -> float | str | None:
    if option.choices:
        if given not in option.choices:
            fault(
                f"{quoted(given)} is not allowed; allowed are {', '.join(option.choices)}{nearest(given, option.choices)}"
            )
            return None
        return str(given)
    assert option.range is not None
    return _number(given, option.range, option.unit, option.unit == "fraction", fault)


def parse(texts: str | Iterable[Any]) -> tuple[Statement, ...]:
    """Statements from texts, in the order of the levers and of their dates.

    Raises
    ------
    AssumptionError
        With everything found wrong: unknown levers, values outside their range, words that are not understood,
        contradictions.
    """
    listed = [texts] if isinstance(texts, str) else list(texts)
    faults: list[Fault] = []
    found: list[Statement] = []
    for text in listed:
        if isinstance(text, Statement):
            found.append(text)
            continue
        if not isinstance(text, str):
            faults.append(Fault(WHERE, quoted(text), f"is no text; {_SHAPE}"))
            continue
        # Several may stand in one text.
        for part in filter(None, (piece.strip() for piece in text.split(";"))):
            one = _one(part, faults)
            if one is not None:
                found.append(one)
    _contradictions(found, faults)
    if faults:
        raise AssumptionError(faults)
    order = list(known())
    return tuple(sorted(found, key=lambda one: (order.index(one.lever.name), one.from_year or 0)))


def _contradictions(found: list[Statement], faults: list[Fault]) -> None:
    """The same lever twice from the same year, and two levers that move one value."""
    movers: dict[str, list[Statement]] = {}
    for one in found:
        for move in one.lever.moves:
            if applies(move.when, one):
                movers.setdefault(move.name, []).append(one)
    told: set[tuple[str, ...]] = set()
    always = [one.lever for one in found if one.from_year is None]
    for lever in always:
        for other in always:
            if other.name in lever.restates:
                told.add((other.name, lever.name))
                pair = f"{other.name} and {lever.name}"
                faults.append(
                    Fault(WHERE, pair, "contradict one another: give one of them, or one from a year on")
                )
    for name, of in movers.items():
        levers = tuple(dict.fromkeys(one.lever.name for one in of))
        if len(levers) > 1 and levers not in told:
            told.add(levers)
            faults.append(
                Fault(
                    WHERE, " and ".join(levers), f"contradict one another: both move {name}; give one of them"
                )
            )
        years = [one.from_year for one in of]
        twice = len(set(years)) < len(years) or (None in years and len(years) > 1)
        if len(levers) == 1 and twice and levers not in told:
            told.add(levers)
            said = "is given twice; a second time needs a year of its own, as retirement_age=66 from 2010"
            faults.append(Fault(WHERE, levers[0], said))


def applies(when: Mapping[str, tuple[str, ...]], one: Statement) -> bool:
    """Whether a move is made by a statement."""
    for key, wanted in when.items():
        if key == "more":
            value = one.value if one.value > one.lever.present else None  # type: ignore[operator]
        else:
            value = one.from_year if key == "from" else one.value if key == "value" else one.option(key)
        state = "not given" if value is None else "given"
        if state not in wanted and str(value) not in wanted:
            return False
    return True
