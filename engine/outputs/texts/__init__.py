"""The catalogue of texts by language, one for all screens, pages and files: data beside this module."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from engine.outputs import OutputError

FOLDER: Final = Path(__file__).parent


def languages(folder: Path = FOLDER) -> tuple[str, ...]:
    """Languages that have a file of texts in a folder."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


@lru_cache(maxsize=8)
def load(language: str, folder: Path = FOLDER) -> dict[str, Any]:
    """Texts of a language: those of the program, or of a study in its own folder.

    Raises
    ------
    OutputError
        If there are none.
    """
    known = languages(folder)
    if language not in known:
        raise OutputError(f"--lang {language}: not known; allowed are {', '.join(known)}")
    return tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))


__all__ = ["languages", "load"]
