"""Bytes of a file or of a pipe that ends, within a bound; and their text. No devices, no folders, no endless pipes."""

from __future__ import annotations

import codecs
import os
import re
import select
import stat
from pathlib import Path

from assumptions.model import Fault
from assumptions.text import shown

LARGEST_TABLE = 256 * 2**20
LARGEST_TEXT = 4 * 2**20
PATIENCE = 10.0
"""Seconds to wait for a silent pipe."""
_CHUNK = 2**20
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_WORKBOOK, _OLD_WORKBOOK, _HDF, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89HDF", b"%PDF"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# An unnamed pipe can be read once, while a file of a user is read for every scenario.
_PIPES: dict[tuple[int, int], bytes] = {}


def read_bytes(
    path: Path, faults: list[Fault], largest: int = LARGEST_TABLE, field: str = ""
) -> bytes | None:
    """All bytes of a file or pipe, or None with a fault (at ``field`` of the file, where the caller knows one)."""
    said, content = _read(path, largest)
    if content is None:
        faults.append(Fault(shown(path), field, said))
    return content


def _read(path: Path, largest: int) -> tuple[str, bytes | None]:
    name = os.fspath(path)
    if _CONTROL.search(name):
        return (
            "the name of the file holds a control character (a Windows path in double quotes? write it in single"
            " quotes, or with /)",
            None,
        )
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            return "is a folder; a file is expected", None
        if not (stat.S_ISREG(kind) or stat.S_ISFIFO(kind)):
            return "is a device; a file is expected", None
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags)
        try:
            state = os.fstat(descriptor)
            if stat.S_ISFIFO(state.st_mode):
                return _pipe(path, descriptor, state, largest)
            if state.st_size > largest:
                return _too_large(largest), None
            return _all(descriptor, largest, wait=False)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return "no such file", None
    except OSError as error:
        return f"cannot be read: {error.strerror or error}", None
    except ValueError as error:
        return f"cannot be read: {error}", None


def _too_large(largest: int) -> str:
    return f"is larger than {largest / 2**20:g} MiB, the most that is read"


def _pipe(path: Path, descriptor: int, state: os.stat_result, largest: int) -> tuple[str, bytes | None]:
    key = (state.st_dev, state.st_ino)
    unnamed = "pipe:[" in os.path.realpath(path)
    if unnamed and key in _PIPES:
        return "", _PIPES[key]
    said, content = _all(descriptor, largest, wait=True)
    if unnamed and content is not None:
        _PIPES[key] = content
    return said, content


def _all(descriptor: int, largest: int, wait: bool) -> tuple[str, bytes | None]:
    parts: list[bytes] = []
    size = 0
    while size <= largest:
        if wait and not select.select([descriptor], [], [], PATIENCE)[0]:
            return f"is a pipe through which nothing came for {PATIENCE:g} seconds", None
        part = os.read(descriptor, _CHUNK)
        if not part:
            return "", b"".join(parts)
        parts.append(part)
        size += len(part)
    return _too_large(largest), None


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are those of an .xlsx file, whatever its name."""
    return content.startswith(_WORKBOOK)


def decoded(content: bytes, file: str, faults: list[Fault]) -> str | None:
    """Bytes as text with plain line ends: UTF-8 with or without byte-order mark, or UTF-16 with one."""
    said = ""
    if content.startswith(_UTF16):
        try:
            return _plain(content.decode("utf-16"))
        except UnicodeDecodeError:
            said = "is not UTF-16 text, which its byte-order mark promises; save it as UTF-8"
    elif is_workbook(content):
        said = "is a workbook; a text file is expected"
    elif content.startswith(_OLD_WORKBOOK):
        said = "is a workbook of the old kind (.xls) or one with a password; save it as .xlsx or as CSV UTF-8"
    elif content.startswith((_HDF, _PDF)):
        said = f"is a {'netCDF or HDF' if content.startswith(_HDF) else 'PDF'} file; a text file is expected"
    else:
        try:
            text = _plain(content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            said = (
                f"is not UTF-8 text (byte {error.start + 1}); save it as UTF-8 (Excel: 'CSV UTF-8', not 'CSV',"
                " which writes Windows-1252)"
            )
        else:
            if "\0" not in text:
                return text
            said = "holds NUL bytes, so it is no text (or UTF-16 without byte-order mark; save it as UTF-8)"
    faults.append(Fault(file, "", said))
    return None


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
