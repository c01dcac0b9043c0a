"""Words of the register by language, and how figures are put into them.

In a text `{name:.3f}` is a figure. A name may hold one star: `{printed 1997 *:.3f}` is all figures of such names, joined; after an @
they are labelled by what the star stands for: `{printed peak *:@.3f}`. A format that ends in k, m or b counts
thousands, millions or thousand millions.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from engine.outputs import texts

FOLDER: Final = Path(__file__).parent / "words"
LABELLED, ANY = "@", "*"
COUNTED: Final[Mapping[str, float]] = {"b": 1e9, "m": 1e6, "k": 1e3}


def languages() -> tuple[str, ...]:
    """Languages of the register."""
    return texts.languages(FOLDER)


def words(language: str) -> dict[str, Any]:
    """Texts of a language: of the page, and of every row by its name; `OutputError` if there are none."""
    return texts.load(language, FOLDER)


@lru_cache(maxsize=1)
def quotations() -> dict[str, dict[str, list[Any]]]:
    """What every row quotes (`quote`: passage and words) and what it cites without quoting (`cite`: passages)."""
    return tomllib.loads(Path(__file__).with_name("quotations.toml").read_text(encoding="utf-8"))


class Filler(string.Formatter):
    """Puts figures into texts; `conjunction` stands before the last of several."""

    def __init__(self, conjunction: str) -> None:
        self.conjunction = conjunction

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        """A figure by its whole name, or those whose names a star stands in, by what it stands for."""
        if ANY not in field_name:
            return kwargs[field_name], field_name
        before, after = field_name.split(ANY)
        found = {
            name[len(before) : len(name) - len(after)]: value
            for name, value in kwargs.items()
            if fnmatchcase(name, field_name) and ("," in after or "," not in name[len(before) :])
        }
        if not found:
            raise KeyError(field_name)
        return found, field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        """A figure, or several."""
        if not isinstance(value, dict):
            return self._one(value, format_spec)
        if format_spec.startswith(LABELLED):
            said = [f"{label} {self._one(number, format_spec[1:])}" for label, number in value.items()]
            return "; ".join(said)
        said = [self._one(number, format_spec) for number in value.values()]
        return f"{', '.join(said[:-1])} {self.conjunction} {said[-1]}" if len(said) > 1 else said[0]

    @staticmethod
    def _one(value: float, spec: str) -> str:
        if spec[-1:] in COUNTED:
            return format(value / COUNTED[spec[-1]], spec[:-1] + "f")
        return format(value, spec)


__all__ = ["Filler", "languages", "quotations", "words"]
