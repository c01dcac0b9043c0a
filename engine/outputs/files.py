"""Files appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.outputs import OutputError


def check_target(path: Path, *, overwrite: bool, suffixes: tuple[str, ...] = ()) -> None:
    """Refuse a target that cannot be written, before anything is computed.

    Parameters
    ----------
    path : Path
        File to be written.
    overwrite : bool
        Whether an existing file may be replaced.
    suffixes : tuple of str
        Allowed endings, with the dot; empty for any.

    Raises
    ------
    OutputError
        Naming the file and what is allowed.
    """
    if suffixes and path.suffix.lower() not in suffixes:
        raise OutputError(f"{path}: the name must end in {' or '.join(suffixes)}")
    if path.is_dir():
        raise OutputError(f"{path}: is a folder; give the name of a file")
    folder = path.parent
    if not folder.is_dir():
        said = "is not a folder" if folder.exists() else "no such folder; create it first"
        raise OutputError(f"{path}: {folder}: {said}")
    if not os.access(folder, os.W_OK):
        raise OutputError(f"{path}: the folder {folder} is not writable")
    if path.exists() and not overwrite:
        raise OutputError(f"{path}: exists already; --force replaces it")


@contextmanager
def whole(path: Path, *, overwrite: bool = True) -> Iterator[Path]:
    """A temporary file beside ``path`` to write to; it takes the name ``path`` when the block ends without an error.

    Raises
    ------
    OutputError
        If the file cannot be written; the old file, if any, then stays as it is.
    """
    check_target(path, overwrite=overwrite)
    said, path = path, path.resolve()  # what a link points to is written; the link stays
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        yield temporary
        if path.exists() and not overwrite:
            raise OutputError(f"{said}: has appeared meanwhile; --force replaces it")
        temporary.replace(path)
    except OSError as error:
        raise OutputError(f"{said}: cannot be written: {error.strerror or error}") from error
    finally:
        temporary.unlink(missing_ok=True)


__all__ = ["check_target", "whole"]
