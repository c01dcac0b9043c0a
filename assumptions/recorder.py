"""The same pack, which notes what is read of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from assumptions.model import FloatArray, Label, Value
from assumptions.resolved import Resolved


class Read(NamedTuple):
    """How a value was read: its kind, the years of a path that were asked for, and whether only labels of a table were."""

    kind: str
    first: int | None = None
    last: int | None = None
    labels: bool = False

    def with_(self, other: Read) -> Read:
        """Both readings as one."""
        firsts = [year for year in (self.first, other.first) if year is not None]
        lasts = [year for year in (self.last, other.last) if year is not None]
        return Read(
            self.kind,
            min(firsts, default=None),
            max(lasts, default=None),
            self.labels and other.labels,
        )


class Recorder(Resolved):
    """A resolved pack that notes every value read of it and of its copies; values are those of the pack.

    Parameters
    ----------
    pack : Resolved

    Notes
    -----
    A calculation that is a function of the pack gives the same result for every pack with the same values of what was read:
    to come to another value it must first read one that differs. So what was read is the key of a cache, and what an
    explanation lists.
    """

    __slots__ = ("_reads",)

    def __init__(self, pack: Resolved, _reads: dict[str, Read] | None = None) -> None:
        for slot in Resolved.__slots__:
            setattr(self, slot, getattr(pack, slot))
        self._reads: dict[str, Read] = {} if _reads is None else _reads

    @property
    def reads(self) -> dict[str, Read]:
        """What was read so far, by name."""
        return dict(self._reads)

    def note(self, reads: Mapping[str, Read]) -> None:
        """Add what somebody else read for this calculation."""
        for name, read in reads.items():
            known = self._reads.get(name)
            self._reads[name] = read if known is None else known.with_(read)

    def _get(self, name: str, kind: str) -> Value:
        value = super()._get(name, kind)
        self.note({name: Read(kind)})
        return value

    def number(self, name: str) -> float:
        value = super().number(name)
        self.note({name: Read(self._schema.parameters[name].kind)})
        return value

    def path(self, name: str, years: ArrayLike) -> FloatArray:
        asked = np.asarray(years)
        if asked.size:
            self.note({name: Read("path", int(asked.min()), int(asked.max()))})
        return super().path(name, years)

    def labels(self, name: str, axis: str) -> tuple[Label, ...]:
        before = self._reads.get(name)
        found = super().labels(name, axis)
        self._reads[name] = before or Read("table", labels=True)
        return found

    def value(self, name: str) -> Value:
        value = super().value(name)
        self.note({name: Read(self._schema.parameters[name].kind)})
        return value

    def content_of(self, name: str) -> bytes | None:
        self.note({name: Read(self._schema.parameters[name].kind)})
        return super().content_of(name)

    def _copy(self, **given: Any) -> Resolved:
        return Recorder(super()._copy(**given), self._reads)

    def _changed(
        self, values: dict[str, Value], origins: dict[str, str], *given: Any, **named: Any
    ) -> Resolved:
        schema = self._schema
        # Values derived from a changed one are derived again, from inputs that are read for it.
        for name in origins:
            for reader in schema.downstream.get(name, ()):
                derivation = schema.parameters[reader].derived
                for source in derivation.inputs if derivation is not None else ():
                    self.note({source: Read(schema.parameters[source].kind)})
        return Recorder(super()._changed(values, origins, *given, **named), self._reads)


__all__ = ["Read", "Recorder"]
