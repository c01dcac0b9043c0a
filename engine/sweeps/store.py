"""Parts of an unfinished sweep: one file a chunk of runs, each written whole or not at all, in the folder FILE.nc.parts."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from engine.outputs import OutputError
from engine.outputs.files import temporary_for
from engine.sweeps import lock, outputs
from engine.sweeps.cases import Block, Plan

FORMAT: Final = "annexv-sweep-parts-2"
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
    temporary = temporary_for(path)
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


def packed(block: Block, sweep: str) -> bytes:
    """A chunk as bytes: arrays as numpy stores them, and a note with the sweep, the runs and a digest of every array."""
    arrays: dict[str, NDArray[Any]] = {"status": block.status}
    arrays |= {f"output_{name}": values for name, values in block.arrays.items()}
    note = {
        "sweep": sweep,
        "first": block.first,
        "messages": block.messages,
        "sha256": {name: _digest(values) for name, values in arrays.items()},
    }
    text = json.dumps(note).encode()
    arrays["note"] = np.frombuffer(hashlib.sha256(text).digest() + text, dtype=np.uint8)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, values in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, values, allow_pickle=False)
    return stream.getvalue()


def unpacked(
    stream: BinaryIO, plan: Plan, first: int, last: int, names: tuple[str, ...] | None = None
) -> Block | None:
    """A chunk from its bytes, or None where it is of another sweep or damaged in any way.

    Sizes are known from the plan and held against those that the file declares before anything is read.

    Parameters
    ----------
    names : tuple of str, optional
        Outputs wanted; all of the sweep by default.
    """
    context = plan.context
    wanted = context.spec.outputs if names is None else names
    runs, scenarios = last - first, context.scenarios
    shapes: dict[str, tuple[tuple[int, ...], Any]] = {"status": ((runs, scenarios), np.int8)}
    for name in wanted:
        shapes[f"output_{name}"] = ((runs, scenarios, *outputs.shape(name, context.years.size)), np.float64)
    try:
        end = stream.seek(0, io.SEEK_END)
        with zipfile.ZipFile(stream) as members:
            whole = _array(members, "note", None, np.uint8, end).tobytes()
            mark, text = whole[: hashlib.sha256().digest_size], whole[hashlib.sha256().digest_size :]
            if hashlib.sha256(text).digest() != mark:
                return None
            note = json.loads(text)
            arrays = {name: _array(members, name, shape, kind, end) for name, (shape, kind) in shapes.items()}
            if any(note["sha256"][name] != _digest(values) for name, values in arrays.items()):
                return None
            messages = [(int(run), int(at), str(said)) for run, at, said in note["messages"]]
            right = note["sweep"] == plan.sha256 and note["first"] == first
    except MemoryError:
        raise
    except Exception:
        # Whatever a damaged archive brings about, the chunk cannot be used and is made again.
        return None
    status = arrays.pop("status")
    return (
        Block(first, {name: arrays[f"output_{name}"] for name in wanted}, status, messages) if right else None
    )


def _array(
    members: zipfile.ZipFile, name: str, shape: tuple[int, ...] | None, kind: Any, end: int
) -> NDArray[Any]:
    """One array of an archive, of the shape and type that it must have; of any length where ``shape`` is None."""
    about = members.getinfo(f"{name}.npy")
    if about.compress_type != zipfile.ZIP_STORED or about.file_size > end:
        raise ValueError("declares more than there is")
    content = io.BytesIO(members.read(about))
    version = np.lib.format.read_magic(content)
    read_header = (
        np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    )
    declared, fortran, dtype = read_header(content)
    data = content.read()
    if fortran or dtype != np.dtype(kind) or declared != (shape or (len(data),)):
        raise ValueError("has another shape")
    return np.frombuffer(data, dtype=dtype).reshape(declared)


def _digest(values: NDArray[Any]) -> str:
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()


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
        write_whole(self.path(number), packed(block, self._plan.sha256))

    def read(self, number: int, first: int, last: int, names: tuple[str, ...] | None = None) -> Block | None:
        """A finished chunk, or None where it is missing or damaged.

        Parameters
        ----------
        names : tuple of str, optional
            Outputs wanted; all of the sweep by default.
        """
        try:
            with self.path(number).open("rb") as stream:
                return unpacked(stream, self._plan, first, last, names)
        except OSError:
            return None

    def damaged(self, number: int) -> bool:
        """Whether a chunk that could not be read is there all the same."""
        return self.path(number).exists()

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
    "packed",
    "unpacked",
    "write_whole",
]
