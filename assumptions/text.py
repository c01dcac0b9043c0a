"""Reading of text files: TOML and CSV, every fault with its place. CSV cells stay text until we parse them."""

from __future__ import annotations

import difflib
import math
import os
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from assumptions.model import Fault

DATA = Path(__file__).resolve().parent / "data"
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_INTEGER = re.compile(r"[+-]?\d+")


def shown(path: Path) -> str:
    """A file as messages and layers name it: relative to the package's data when it lies there; always encodable."""
    try:
        return "data/" + path.resolve().relative_to(DATA).as_posix()
    except ValueError:
        # A name that is not text in the locale's encoding holds surrogates, which no file can store.
        return os.fsencode(path).decode("utf-8", "backslashreplace")


def nearest(name: str, known: Iterable[str]) -> str:
    """'; did you mean ...?' with the closest known names, or nothing."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.6)
    if not close:
        tails = [full for full in names if full.rpartition(".")[2] == name.rpartition(".")[2]]
        close = tails[:3]
    return f"; did you mean {' or '.join(close)}?" if close else ""


def parse_number(cell: str) -> float | None:
    """A finite decimal number, or None. Neither 'NA' nor '1,234' nor 'inf' is a number."""
    if not _NUMBER.fullmatch(cell):
        return None
    value = float(cell)
    return value if math.isfinite(value) else None


def parse_integer(cell: str) -> int | None:
    """A plain integer, or None."""
    return int(cell) if _INTEGER.fullmatch(cell) else None


def read_text(path: Path, faults: list[Fault]) -> str | None:
    """The file as text (UTF-8, with or without byte-order mark, any line ending)."""
    try:
        if path.is_char_device() or path.is_block_device():
            faults.append(Fault(shown(path), "", "is a device; a file is expected"))
            return None
        return decoded(path.read_bytes(), shown(path), faults)
    except FileNotFoundError:
        faults.append(Fault(shown(path), "", "no such file"))
    except IsADirectoryError:
        faults.append(Fault(shown(path), "", "is a folder; a file is expected"))
    except OSError as error:
        faults.append(Fault(shown(path), "", f"cannot be read: {error.strerror}"))
    return None


def decoded(content: bytes, file: str, faults: list[Fault]) -> str | None:
    """Bytes of a file as text, as :func:`read_text` gives it."""
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        faults.append(Fault(file, "", f"is not UTF-8 text (byte {error.start}); save it as UTF-8"))
        return None


def read_toml(path: Path, faults: list[Fault]) -> dict[str, Any] | None:
    """A TOML file as nested dicts, or None with a fault (syntax, a key given twice ...)."""
    text = read_text(path, faults)
    if text is None:
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        if "overwrite" in message or "twice" in message or "already" in message:
            message += " (a key or table is given twice)"
        faults.append(Fault(shown(path), "", f"is not valid TOML: {message}"))
    except (ValueError, RecursionError) as error:
        faults.append(Fault(shown(path), "", f"cannot be read as TOML: {too_much(error)}"))
    return None


def too_much(error: ValueError | RecursionError) -> str:
    """In words, what Python's reader of TOML refuses though the grammar allows it."""
    return "a number has too many digits" if isinstance(error, ValueError) else "values are nested too deeply"


@dataclass(frozen=True)
class Csv:
    """A CSV file as text: header, rows of equal length, and the line number of each row."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    faults: tuple[Fault, ...] = ()

    def column(self, name: str) -> tuple[str, ...]:
        """The cells of one column."""
        at = self.header.index(name)
        return tuple(row[at] for row in self.rows)


@lru_cache(maxsize=256)
def _read_csv(path: Path, stamp: int) -> Csv:
    faults: list[Fault] = []
    return parse_csv(shown(path), read_text(path, faults), faults)


def parse_csv(file: str, text: str | None, faults: list[Fault]) -> Csv:
    """A CSV from its text; ``file`` names it in messages."""
    import csv

    header: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    numbered = [
        (number, line)
        for number, line in enumerate((text or "").split("\n"), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    for (number, _), cells in zip(numbered, csv.reader(line for _, line in numbered), strict=False):
        row = tuple(cell.strip() for cell in cells)
        if not header:
            header = row
            for name in sorted({name for name in header if header.count(name) > 1}):
                faults.append(Fault(file, f"line {number}", f"column '{name}' is given twice"))
        elif len(row) != len(header):
            faults.append(
                Fault(
                    file,
                    f"line {number}",
                    f"{len(row)} cells where the header has {len(header)}"
                    " (a number is written without thousands separator: 1234.5)",
                )
            )
        else:
            rows.append(row)
            lines.append(number)
    if text is not None and not rows and not faults:
        faults.append(Fault(file, "", "has no rows"))
    return Csv(file, header, tuple(rows), tuple(lines), tuple(faults))


def read_csv(path: Path, faults: list[Fault]) -> Csv | None:
    """A CSV file (comment lines start with '#'), or None when it has faults. Cached on its time stamp."""
    try:
        stamp = path.stat().st_mtime_ns
    except OSError:
        stamp = -1
    found = _read_csv(path, stamp)
    if found.faults:
        faults.extend(found.faults)
        return None
    return found
