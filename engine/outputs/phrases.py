"""What the parts of the program that know no language say in English, in the language of a reader.

The catalogue of texts holds whole phrases; ``{1}`` in one stands for anything, which is looked up in its turn. Messages
begin with where something is, as ``file: name: what is wrong``: that stays, and what comes after it is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

_HOLE = re.compile(r"\{\d\}")


def phrases(table: Mapping[str, str], *, after: str = "") -> Callable[[str], str]:
    """A function from a phrase to how it is said; what the table lacks stays as it is.

    With ``after``, what comes after these characters is looked up where the whole is not known.
    """
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
        head, mark, rest = phrase.partition(after) if after else (phrase, "", "")
        return head + mark + say(rest) if rest else phrase

    return say


def of(text: Mapping[str, Any], section: str) -> Callable[[str], str]:
    """The phrases of a section of the catalogue."""
    return phrases(text[section])


def messages(text: Mapping[str, Any]) -> Callable[[str], str]:
    """How errors and notices are said, each of them one line that may be indented."""
    say = phrases(text["message_words"], after=": ")

    def line(message: str) -> str:
        words = message.lstrip(" ")
        return message[: len(message) - len(words)] + say(words)

    return line


__all__ = ["messages", "of", "phrases"]
