"""Parts of an unfinished sweep: one file a chunk of runs, each written whole or not at all, in the folder FILE.nc.parts."""

from __future__ import annotations

import contextlib
import io
import json
import os
import secrets
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np

from engine.outputs import OutputError
from engine.sweeps import lock
from engine.sweeps.cases import Block, Plan

FORMAT: Final = "annexv-sweep-parts-1"
MANIFEST: Final = "sweep.json"
_WHAT: Final = {"design": "the design", "assumptions": "the assumptions", "code": "the code of annexv"}
_LEAST_CHUNKS: Final = 200
_LARGEST_CHUNK: Final = 256


def chunk_size(runs: int) -> int:
    """Runs of a chunk: few enough that little is lost and progress is seen, many enough that files stay few."""
    return min(_LARGEST_CHUNK, max(1, runs // _LEAST_CHUNKS))


def chunk_bounds(runs: int, size: int) -> Iterator[tuple[int, int, int]]:
    """Number, first run and run after the last of every chunk."""
    for number, first in enumerate(range(0, runs, size)):
        yield number, first, min(runs, first + size)


def folder_of(target: Path) -> Path:
    """Folder of the parts of a file."""
    return target.with_name(f"{target.name}.parts")


def differing(found: Mapping[str, str], wanted: Mapping[str, str]) -> str:
    """In words, which parts of the identity of two sweeps differ; empty where none does."""
    return " and ".join(said for key, said in _WHAT.items() if found.get(key) != wanted[key])


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, also if the machine stops.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error


class Parts:
    """The folder of the parts of one sweep.

    Raises
    ------
    OutputError
        If the folder belongs to another sweep, another process works in it, or it cannot be made.
    """

    def __init__(self, target: Path, plan: Plan, size: int | None = None) -> None:
        self.folder = folder_of(target)
        self._plan = plan
        manifest = self.folder / MANIFEST
        try:
            self.folder.mkdir(exist_ok=True)
        except OSError as error:
            raise OutputError(f"{self.folder}: cannot be created: {error.strerror or error}") from error
        self._lock = lock.Lock(self.folder)
        if manifest.exists():
            self.size = self._same(manifest)
            for left in self.folder.glob(".*.tmp"):
                if left.name != lock.NAME:
                    left.unlink(missing_ok=True)
        else:
            self.size = size or chunk_size(plan.runs)
            content = {"format": FORMAT, "identity": plan.identity, "runs": plan.runs, "chunk": self.size}
            write_whole(manifest, json.dumps(content, indent=1).encode())

    def _same(self, manifest: Path) -> int:
        """Size of the chunks of the folder, once it is certain that they are of this sweep."""
        advice = "--force starts anew, another --out keeps both"
        try:
            content = json.loads(manifest.read_text(encoding="utf-8"))
            known = content["format"] == FORMAT
            found, runs, size = dict(content["identity"]), int(content["runs"]), int(content["chunk"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise OutputError(f"{manifest}: cannot be read ({error}); {advice}") from None
        different = differing(found, self._plan.identity)
        if not known or different or runs != self._plan.runs or size < 1:
            raise OutputError(
                f"{self.folder}: holds parts of another sweep: {different or 'its format'} differs; {advice}"
            )
        return size

    @property
    def chunks(self) -> list[tuple[int, int, int]]:
        """Number, first run and run after the last of every chunk."""
        return list(chunk_bounds(self._plan.runs, self.size))

    def path(self, number: int) -> Path:
        """File of a chunk."""
        return self.folder / f"chunk-{number:08d}.npz"

    def write(self, number: int, block: Block) -> None:
        """Keep a finished chunk."""
        stream = io.BytesIO()
        note = {"sweep": self._plan.sha256, "first": block.first, "messages": block.messages}
        np.savez(
            stream,
            allow_pickle=False,
            note=np.frombuffer(json.dumps(note).encode(), dtype=np.uint8),
            status=block.status,
            **{f"output_{name}": values for name, values in block.arrays.items()},
        )
        write_whole(self.path(number), stream.getvalue())

    def read(self, number: int, first: int, last: int, names: tuple[str, ...] | None = None) -> Block | None:
        """A finished chunk, or None where it is missing or damaged.

        Parameters
        ----------
        names : tuple of str, optional
            Outputs wanted; all of the sweep by default.
        """
        wanted = self._plan.context.spec.outputs if names is None else names
        try:
            with np.load(self.path(number), allow_pickle=False) as found:
                note = json.loads(found["note"].tobytes().decode())
                status = found["status"]
                arrays = {name: found[f"output_{name}"] for name in wanted}
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        messages = [(int(run), int(at), str(said)) for run, at, said in note["messages"]]
        right = note["sweep"] == self._plan.sha256 and note["first"] == first
        if not right or any(values.shape[0] != last - first for values in (status, *arrays.values())):
            return None
        return Block(first, arrays, status, messages)

    def release(self) -> None:
        """Let other processes work in the folder."""
        self._lock.release()

    def remove(self) -> None:
        """Remove the folder."""
        self._lock.release()
        discard(self.folder)


def discard(folder: Path) -> None:
    """Remove a folder of parts; its list goes first, so that what may be left of it is not taken for a sweep.

    Raises
    ------
    OutputError
        If it holds no parts of a sweep, or cannot be removed.
    """
    lock.Lock(folder).release()
    manifest = folder / MANIFEST
    names = [path.name for path in folder.iterdir()]
    foreign = [
        name for name in names if not (name == MANIFEST or name.startswith("chunk-") or name.endswith(".tmp"))
    ]
    if foreign:
        raise OutputError(f"{folder}: holds {foreign[0]}, which is no part of a sweep; move it away first")
    try:
        manifest.unlink(missing_ok=True)
        shutil.rmtree(folder)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be removed: {error.strerror or error}") from error


__all__ = [
    "Parts",
    "chunk_bounds",
    "chunk_size",
    "differing",
    "discard",
    "folder_of",
    "write_whole",
]
