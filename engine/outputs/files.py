"""Files appear whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import re
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


def temporary_for(path: Path) -> Path:
    """A hidden name beside ``path`` that says which process on which machine is writing there."""
    return path.with_name(f".{path.name}.{os.getpid()}-{_machine()}-{secrets.token_hex(4)}.tmp")


def remove_abandoned(path: Path) -> None:
    """Remove temporary files of ``path`` whose process was killed; those of writers at work, here or elsewhere, stay."""
    named = re.compile(rf"\.{re.escape(path.name)}\.(\d+)-([0-9a-f]{{8}})-[0-9a-f]{{8}}\.tmp")
    with contextlib.suppress(OSError):
        for left in path.parent.iterdir():
            found = named.fullmatch(left.name)
            if found and found[2] == _machine() and not _alive(int(found[1])):
                left.unlink(missing_ok=True)


def _machine() -> str:
    return hashlib.blake2b(platform.node().encode(), digest_size=4).hexdigest()


def _alive(process: int) -> bool:
    if os.name != "posix":
        return True  # there is no harmless way to ask
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _into_place(temporary: Path, path: Path, said: Path) -> None:
    """Give the file its name, unless another writer was faster."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise OutputError(f"{said}: has appeared meanwhile; --force replaces it") from None
    except OSError:  # a file system without links
        if path.exists():
            raise OutputError(f"{said}: has appeared meanwhile; --force replaces it") from None
        temporary.replace(path)


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
    remove_abandoned(path)
    temporary = temporary_for(path)
    try:
        yield temporary
        if overwrite:
            temporary.replace(path)
        else:
            _into_place(temporary, path, said)
    except OSError as error:
        raise OutputError(f"{said}: cannot be written: {error.strerror or error}") from error
    except Exception as error:
        # The library of workbooks says in a class of its own that a disk is full.
        if type(error).__module__.startswith("xlsxwriter"):
            raise OutputError(f"{said}: cannot be written: {error}") from error
        raise
    finally:
        temporary.unlink(missing_ok=True)


__all__ = ["check_target", "remove_abandoned", "temporary_for", "whole"]
