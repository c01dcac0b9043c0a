"""In which language the commands speak: `--lang`, else the environment."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any, Final

import typer

VARIABLE: Final = "ANNEXV_LANG"
# As gettext reads them: the first that is set decides.
LOCALES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
DEFAULT: Final = "en"

# What --lang said to this command: errors are printed where its options are no longer known.
_given: str | None = None


def remember(given: str | None) -> str | None:
    """Note what `--lang` says, before any other option is judged, and give it back."""
    global _given
    _given = given
    return given


Lang = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="en|es",
        help=f"Language; that of {VARIABLE} or of the locale by default.",
        callback=remember,
        is_eager=True,
    ),
]


def chosen(given: str | None = None) -> str:
    """The language of an option, of ANNEXV_LANG, or of the locale where there are texts in it; else English.

    Raises
    ------
    InputError
        If an option or ANNEXV_LANG names a language without texts.
    """
    from engine.cli.common import InputError
    from engine.outputs import texts

    known = texts.languages()
    for name, value in (("--lang", given), (VARIABLE, os.environ.get(VARIABLE))):
        if value:
            if value not in known:
                raise InputError(f"{name} {value}: not known; allowed are {', '.join(known)}")
            return value
    locale = next((os.environ[name] for name in LOCALES if os.environ.get(name)), "")
    spoken = locale.partition("_")[0].partition(".")[0].lower()
    return spoken if spoken in known else DEFAULT


def text(given: str | None = None) -> dict[str, Any]:
    """The catalogue of texts in the language."""
    from engine.outputs import texts

    return texts.load(chosen(given))


def spoken() -> str:
    """The language of messages: the chosen one; English where that is not known, which is told anyhow."""
    from engine.cli.common import InputError

    for given in (_given, None):
        with contextlib.suppress(InputError):
            return chosen(given)
    return DEFAULT


def message(said: str) -> str:
    """An error or a notice in the language of the command, line by line; what has no translation stays English."""
    found = spoken()
    return said if found == DEFAULT else "\n".join(map(_messages(found), said.split("\n")))


@lru_cache(maxsize=4)
def _messages(spoken: str) -> Callable[[str], str]:
    from engine.outputs import phrases, texts

    return phrases.messages(texts.load(spoken))


__all__ = ["DEFAULT", "LOCALES", "VARIABLE", "Lang", "chosen", "message", "remember", "spoken", "text"]
