"""Parts that cases share, kept by what was read to make them.

Nobody lists what a part depends on: a pack that has the same values of all that was read can only give the same part.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

from assumptions import Read, Recorder, Resolved

_Trace = tuple[tuple[str, bool], ...]  # names that were read, and whether only labels of their tables were


class Kept(NamedTuple):
    """A part, and a key that equal parts of one cache may share and different ones do not."""

    part: Any
    key: Hashable


class Store:
    """Parts by key that threads may share; the oldest leaves first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> Any:
        """What is kept under a key, or None."""
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
            return self._entries.get(key)

    def keep(self, key: Hashable, part: Any) -> None:
        """Keep a part; two threads may make it twice, and both are equal."""
        with self._lock:
            self._entries[key] = part
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The part of a key, made where it is missing."""
        found = self.find(key)
        if found is None:
            found = make()
            self.keep(key, found)
        return found

    def keys(self) -> list[Any]:
        """Keys of what is kept, the last used last."""
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()


class Cache(Store):
    """Parts by what was read of a pack to make them."""

    def of(self, resolved: Resolved, given: Hashable, make: Callable[[Resolved], Any]) -> Kept:
        """The part that ``make`` gives of a pack, made where none of the same is kept.

        ``given`` is all that ``make`` uses beside the pack. A pack that notes what is read is told what was read for a part.
        """
        traces = dict.fromkeys(trace for other, trace, _ in reversed(self.keys()) if other == given)
        for trace in traces:
            key = _key(resolved, given, trace)
            found = self.find(key)
            if found is not None:
                _tell(resolved, found[1])
                return Kept(found[0], key)
        recorder = Recorder(resolved, {})
        part, reads = make(recorder), recorder.reads
        key = _key(resolved, given, tuple(sorted((name, read.labels) for name, read in reads.items())))
        self.keep(key, (part, reads))
        _tell(resolved, reads)
        return Kept(part, key)


def _key(resolved: Resolved, given: Hashable, trace: _Trace) -> tuple[Hashable, _Trace, bytes]:
    labels = {name for name, only in trace if only}
    return given, trace, resolved.fingerprint((name for name, _ in trace), labels)


def _tell(resolved: Resolved, reads: dict[str, Read]) -> None:
    if isinstance(resolved, Recorder):
        resolved.note(reads)


__all__ = ["Cache", "Kept", "Store"]
