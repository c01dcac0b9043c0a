"""Tables of a user's own that values name: their bytes are read once, and are part of what the value is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final

from assumptions.files import read_bytes
from assumptions.model import AssumptionError, Fault
from assumptions.text import shown

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
        If the file is missing, a device, or too large.
    """
    faults: list[Fault] = []
    content = read_bytes(path, faults, field=name)
    if content is None:
        raise AssumptionError(faults)
    return Attached.of(content, shown(path))


__all__ = ["Attached", "plain_name", "read_attached"]
