"""One sweep at a time on a folder of parts. The system lets go of a lock when its process ends, however it ends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

from engine.outputs import OutputError

NAME = ".lock.tmp"


class Lock:
    """Holds a folder until it is released or the process ends.

    Raises
    ------
    OutputError
        If another process holds it, or the lock file cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        try:
            self._handle: BinaryIO | None = self._path.open("ab")
            _acquire(self._handle)
        except BlockingIOError:
            raise OutputError(
                f"{folder}: another sweep is writing here; wait for it, or use another --out"
            ) from None
        except OSError as error:
            raise OutputError(f"{self._path}: cannot be locked: {error.strerror or error}") from error

    def release(self) -> None:
        """Let go; may be called twice."""
        if self._handle is not None:
            self._handle.close()
            self._handle = None


if sys.platform == "win32":
    import msvcrt

    def _acquire(handle: BinaryIO) -> None:
        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError from error

else:
    import fcntl

    def _acquire(handle: BinaryIO) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
