"""In which language the commands speak: `--lang`, else the environment."""

from __future__ import annotations

import os
from typing import Annotated, Any, Final

import typer

VARIABLE: Final = "ANNEXV_LANG"
# As gettext reads them: the first that is set decides.
LOCALES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
DEFAULT: Final = "en"

Lang = Annotated[
    str | None,
    typer.Option(
        "--lang", metavar="en|es", help=f"Language; that of {VARIABLE} or of the locale by default."
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


__all__ = ["DEFAULT", "LOCALES", "VARIABLE", "Lang", "chosen", "text"]
