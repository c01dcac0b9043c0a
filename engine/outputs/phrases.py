"""What the parts of the program that know no language say in English, in the language of a reader.

The catalogue of texts holds whole phrases; ``{1}`` in one stands for anything, which is looked up in its turn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

_HOLE = re.compile(r"\{\d\}")


def phrases(table: Mapping[str, str]) -> Callable[[str], str]:
    """A function from a phrase to how it is said; what the table lacks stays as it is."""
    patterns = [
        (re.compile(".+?".join(map(re.escape, _HOLE.split(key))).replace(".+?", "(.+?)")), said)
        # The phrase with the most words of its own comes first.
        for key, said in sorted(table.items(), key=lambda pair: -len(_HOLE.sub("", pair[0])))
        if _HOLE.search(key)
    ]

    @cache
    def say(phrase: str) -> str:
        if phrase in table:
            return table[phrase]
        for pattern, said in patterns:
            if found := pattern.fullmatch(phrase):
                return said.format("", *map(say, found.groups()))
        return phrase

    return say


def of(text: Mapping[str, Any], section: str) -> Callable[[str], str]:
    """The phrases of a section of the catalogue."""
    return phrases(text[section])


__all__ = ["of", "phrases"]
