"""The catalogue of texts by language, one for all screens, pages and files: data beside this module."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from engine.outputs import OutputError

FOLDER: Final = Path(__file__).parent


def languages() -> tuple[str, ...]:
    """Languages that have a file of texts."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@lru_cache(maxsize=4)
def load(language: str) -> dict[str, Any]:
    """Texts of a language.

    Raises
    ------
    OutputError
        If there are none.
    """
    if language not in languages():
        raise OutputError(f"--lang {language}: not known; allowed are {', '.join(languages())}")
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


__all__ = ["languages", "load"]
