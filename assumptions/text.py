"""Words of messages: files as they are named there, and the names somebody may have meant."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"


def shown(path: Path) -> str:
    """A file as messages and layers name it: relative to the package's data when it lies there; always encodable."""
    try:
        return "data/" + path.resolve().relative_to(DATA).as_posix()
    except (ValueError, OSError, RuntimeError):
        # A name that is not text in the locale's encoding holds surrogates, which no file can store.
        text = os.fsencode(path).decode("utf-8", "backslashreplace")
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def nearest(asked: object, known: Iterable[str]) -> str:
    """'; did you mean ...?' with the closest known names, or nothing."""
    name, names = str(asked), list(known)
    close = difflib.get_close_matches(name[:200], names, n=3, cutoff=0.6)
    if not close:
        tails = [full for full in names if full.rpartition(".")[2] == name.rpartition(".")[2]]
        close = tails[:3]
    return f"; did you mean {' or '.join(close)}?" if close else ""
