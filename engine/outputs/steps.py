"""What explanations and a worker's calculation say: words in all languages, side by side in ``steps.toml``.

A phrase that is put into another one is an entry as well, so that nothing is said in half a language.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("steps.toml")
ENGLISH: Final = "en"
OTHER: Final = "es"  # of the phrases, whose key is the English
SAID: Final = ("title", "formula", "from", "inputs", "unit")  # fields of a step that are language


class Said(str):
    """Words in every language; as text they are the English ones."""

    __slots__ = ("languages",)
    languages: Mapping[str, str]

    def __new__(cls, english: str, languages: Mapping[str, str] | None = None) -> Said:
        made = super().__new__(cls, english)
        made.languages = languages or {}
        return made

    def to(self, language: str) -> str:
        """In a language; what is the same in all, a number or a name, is as it is."""
        return self.languages.get(language, str(self))


@cache
def catalogue() -> Mapping[str, Any]:
    """Sections of the file: steps by who says them, names, and phrases."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def said(phrase: str, **words: Any) -> Said:
    """A phrase of the file by its English, with ``words`` filled in.

    Raises
    ------
    KeyError
        If the file has no such phrase.
    """
    if isinstance(phrase, Said):
        return phrase
    return filled({ENGLISH: phrase, OTHER: catalogue()["phrases"][phrase]}, words)


def texts(owner: str, key: str, **words: Any) -> dict[str, Said]:
    """What is said of a step: title, formula, place (``from``), unit, by the section of the file and the step's name."""
    text = catalogue()[owner][key]
    return {
        name: said(form) if name == "unit" else _of_forms(form, words)
        for name, form in text.items()
        if name in SAID
    }


def _of_forms(form: str | Mapping[str, str], words: Mapping[str, Any]) -> Said:
    return filled({ENGLISH: form, OTHER: form} if isinstance(form, str) else form, words)


def filled(forms: Mapping[str, str], words: Mapping[str, Any]) -> Said:
    """A text by language with numbers and other words filled in, these in the same language."""
    for _, name, _, _ in string.Formatter().parse(forms[ENGLISH]):
        if name and type(words[name]) is str and words[name]:
            raise TypeError(
                f"{{{name}}} of {forms[ENGLISH]!r}: {words[name]!r} is of no language; use said()"
            )
    made = {
        language: form.format(
            **{name: word.to(language) if isinstance(word, Said) else word for name, word in words.items()}
        )
        for language, form in forms.items()
    }
    return Said(made[ENGLISH], made)


def named(section: str, name: str) -> Said:
    """What a component, a part, an account or a sex is called within a sentence or a step."""
    return _of_forms(catalogue()["names"][section][name], {})


def joined(parts: Sequence[Said], between: str, end: str = "") -> Said:
    """Parts one after the other."""
    made = {
        language: between.join(part.to(language) for part in parts) + end for language in (ENGLISH, OTHER)
    }
    return Said(made[ENGLISH], made)


def label(name: object) -> Said:
    """A label of data as the file says it; what has no entry, a number or a user's name, is the same in all languages."""
    if isinstance(name, Said):
        return name
    return said(str(name)) if str(name) in catalogue()["phrases"] else Said(str(name))


__all__ = [
    "ENGLISH",
    "FILE",
    "OTHER",
    "SAID",
    "Said",
    "catalogue",
    "joined",
    "label",
    "named",
    "said",
    "texts",
]
