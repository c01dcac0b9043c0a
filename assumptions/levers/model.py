"""What a lever is: data of `data/levers`, read and checked once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, ValidationError

from assumptions.files import read_toml
from assumptions.model import AssumptionError, Fault, Strict
from assumptions.reading import pydantic_faults
from assumptions.text import DATA, shown
from assumptions.units import UNITS, Unit

LANGUAGES: Final = ("en", "es")
GROUPS: Final = ("pensions", "guarantee", "contributions", "economy", "mechanism")
PARTS: Final = ("law", "behaviour", "economy")
PERCENTS: Final = ("fraction", "fraction_of_wage", "growth_per_year", "probability_per_year", "ratio")
"""Units that are written and shown in percent."""


class Said(Strict):
    """A text in every language."""

    en: str
    es: str


class Option(Strict):
    """A word or a number beside the value: `choices`, or a number within `range`.

    `of` lets it stand after "of" (commission=1% of balance). `default` holds where it is not given; without one a
    number may be left out. Where `when` does not hold (as in :class:`Move`) it has no effect and is refused.
    """

    title: Said
    choices: tuple[str, ...] = ()
    range: tuple[float, float] | None = None
    unit: str = "none"
    default: str | float | None = None
    of: bool = False
    when: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Move(Strict):
    """One value that a lever moves.

    Attributes
    ----------
    name : str
        Dotted name of the assumption.
    how : str
        ``set`` (factor x value + offset takes its place), ``scale``, ``shift`` (by value + offset), ``choose`` (`values` by
        word), ``follow`` (the path that `values` names by word), ``bands`` (rows of dated bands up to the option `up_to`),
        ``later`` (a table by age moved value + offset years up).
    part : str
        ``law``, ``behaviour`` or ``economy``: what a change by this value is told as.
    factor, offset : float
    values : dict
        By word.
    option : str
        Option whose number takes the place of the lever's value.
    when : dict
        Option -> words or "given" / "not given": the move is made only then. `from` stands for the date, `value` for the
        value, `more` for a value above `present`.
    """

    name: str
    how: Literal["set", "scale", "shift", "choose", "follow", "bands", "later"]
    part: Literal["law", "behaviour", "economy"] = "law"
    factor: float = 1.0
    offset: float = 0.0
    values: dict[str, str | float | bool] = Field(default_factory=dict)
    option: str = ""
    when: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Lever(Strict):
    """A policy in one number or word, and everything that it moves.

    Attributes
    ----------
    range, step, unit, choices
        What the value may be; a lever has a range or choices. A step is that of a slider.
    present : str or float
        What holds where the lever is not moved; a number, a word, or the dotted name it is read from.
    raises : str
        What a higher value (or a later word) does to the total cost: ``more``, ``less``, ``either``, or ``nothing`` where it
        moves what workers gain and memo lines alone.
    named : dict
        Words in place of a number: word -> its `value`, and options that it gives.
    half : Said, optional
        What else belongs to the reform of which the lever is half.
    without : tuple of str
        Tables of dated rows that would take the place of what it moves.
    restates : tuple of str
        Levers of which it says the same otherwise, so that both without a year contradict one another.
    """

    name: str
    group: Literal["pensions", "guarantee", "contributions", "economy", "mechanism"]
    title: Said
    sentence: Said
    article: Said
    unit: str = "none"
    range: tuple[float, float] | None = None
    step: float = 1.0
    whole: bool = False
    choices: tuple[str, ...] = ()
    words: dict[str, Said] = Field(default_factory=dict)
    present: str | float
    raises: Literal["more", "less", "either", "nothing"]
    half: Said | None = None
    options: dict[str, Option] = Field(default_factory=dict)
    named: dict[str, dict[str, float]] = Field(default_factory=dict)
    without: tuple[str, ...] = ()
    restates: tuple[str, ...] = ()
    moves: tuple[Move, ...]

    @property
    def of_unit(self) -> Unit:
        """The unit of the value."""
        return UNITS[self.unit]

    @property
    def percent(self) -> bool:
        """Whether the value is written in percent."""
        return self.unit in PERCENTS

    def shown(self, value: str | float, language: str = "en") -> str:
        """A value as people read it."""
        if isinstance(value, str):
            return str(getattr(self.words[value], language)) if value in self.words else value
        return f"{100.0 * value:.10g}%" if self.percent else f"{value:.10g}"


def _tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return value


def _wrong(lever: Lever) -> str:
    """What is wrong with a lever as data, or nothing."""
    if (lever.range is None) == (not lever.choices):
        return "has a range or choices, one of them"
    if lever.unit not in UNITS:
        return f"{lever.unit!r} is no unit"
    if lever.range is not None and lever.range[0] >= lever.range[1]:
        return "has a range that is empty"
    conditions = {"from", "value", "more"}
    for key, option in lever.options.items():
        if unknown := set(option.when) - conditions:
            return f"has an option {key} when {', '.join(sorted(unknown))}, which is no condition"
    for move in lever.moves:
        if unknown := set(move.when) - set(lever.options) - conditions:
            return f"moves {move.name} when {', '.join(sorted(unknown))}, which is no option"
        if move.option and move.option not in lever.options:
            return f"moves {move.name} by {move.option}, which is no option"
        if move.how in ("choose", "follow") and set(move.values) != set(lever.choices):
            return f"moves {move.name} by words that are not its choices"
    return ""


@lru_cache(maxsize=4)
def known(root: Path = DATA) -> Mapping[str, Lever]:
    """All levers, by name, in the order of their groups and files.

    Raises
    ------
    AssumptionError
        With everything that is wrong in the folder.
    """
    faults: list[Fault] = []
    found: dict[str, Lever] = {}
    for path in sorted((root / "levers").glob("*.toml")):
        for name, keys in (read_toml(path, faults) or {}).items():
            try:
                lever = Lever.model_validate({"name": name, **_tuples(keys)})
            except (ValidationError, TypeError) as error:
                faults += (
                    pydantic_faults(shown(path), name, error)
                    if isinstance(error, ValidationError)
                    else [Fault(shown(path), name, "is no table")]
                )
                continue
            wrong = "is declared twice" if name in found else _wrong(lever)
            if wrong:
                faults.append(Fault(shown(path), name, wrong))
            found[name] = lever
    if faults:
        raise AssumptionError(faults)
    return dict(sorted(found.items(), key=lambda item: GROUPS.index(item[1].group)))
