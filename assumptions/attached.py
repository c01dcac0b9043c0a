"""Tables of a user's own that values name: their bytes are read once, and are part of what the value is."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final

from assumptions.model import AssumptionError, Fault
from assumptions.text import shown

LARGEST: Final = 256 * 2**20
_MARK: Final = 12  # digits of a digest that messages show


@dataclass(frozen=True)
class Attached:
    """One table as it was read.

    Attributes
    ----------
    name : str
        Name of the file, without its folder.
    sha256 : str
        Of its bytes.
    size : int
        Bytes.
    content : bytes or None
        None where only the digest is known: a run file need not hold the table.
    place : str
        The file as messages name it.
    totals : dict
        Control totals of what was read, for people; they identify nothing.
    """

    name: str
    sha256: str
    size: int
    content: bytes | None = field(default=None, repr=False, compare=False)
    place: str = field(default="", compare=False)
    totals: dict[str, Any] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, content: bytes, place: str) -> Attached:
        """A table by its bytes."""
        return cls(plain_name(place), hashlib.sha256(content).hexdigest(), len(content), content, place)

    @property
    def said(self) -> str:
        """Name, size and beginning of the digest, in words."""
        return f"{self.name} ({self.size:,} bytes, sha256 {self.sha256[:_MARK]})"

    def described(self) -> dict[str, Any]:
        """What a run file says of the table, without the table."""
        return {"file": self.name, "sha256": self.sha256, "bytes": self.size, "totals": self.totals}


def plain_name(place: str) -> str:
    """Last part of a path of any system: folders are nobody's business, and are never opened."""
    return PurePosixPath(PureWindowsPath(place).name).name or "table"


def read_attached(path: Path, name: str) -> Attached:
    """The table that the value ``name`` gives.

    Raises
    ------
    AssumptionError
        If the file is missing, no plain file, or too large.
    """

    def refuse(said: str) -> AssumptionError:
        return AssumptionError([Fault(shown(path), name, said)])

    try:
        kind = path.stat()
        if stat.S_ISDIR(kind.st_mode):
            raise refuse("is a folder; a file is expected")
        if not stat.S_ISREG(kind.st_mode):
            raise refuse("is a device or a pipe; a file is expected")
        if kind.st_size > LARGEST:
            raise refuse(f"is larger than {LARGEST / 2**20:g} MiB, the most that is read")
        with path.open("rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise refuse("is a device or a pipe; a file is expected")
            content = stream.read(LARGEST + 1)
    except FileNotFoundError:
        raise refuse("no such file") from None
    except OSError as error:
        raise refuse(f"cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise refuse(f"cannot be read: {error}") from None
    if len(content) > LARGEST:
        raise refuse(f"is larger than {LARGEST / 2**20:g} MiB, the most that is read")
    return Attached.of(content, shown(path))


__all__ = ["LARGEST", "Attached", "plain_name", "read_attached"]
