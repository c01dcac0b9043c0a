"""numba's compiler, with compiled code kept under a digest of everything that it was made from.

numba recompiles a cached function when its own file changes, but not when a function that it calls stands in another file
that has changed, and the kernels call the law. So the folder of the compiled code is named after a digest of all compiled
sources, of numba, llvmlite and Python, and of the processor; what another source, version or machine made is not even looked
at. Every file in it ends with a digest of its own: a damaged one is made again.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import hashlib
import os
import pickle
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

import llvmlite
import llvmlite.binding

try:
    import numba
    from numba.core.caching import IndexDataCacheFile
    from numba.core.types.functions import BaseFunction
except ValueError as error:
    wrong = f"{os.environ.get('NUMBA_NUM_THREADS', '')!r} cannot be used; whole numbers from 1 on are allowed"
    raise OSError(errno.EINVAL, wrong, "NUMBA_NUM_THREADS") from error
if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
    # Uncompiled, a division by zero is an error where the kernels count on infinity.
    raise OSError(errno.EINVAL, "the engine runs compiled only; unset it", "NUMBA_DISABLE_JIT")

Function = TypeVar("Function", bound=Callable[..., Any])

ENGINE: Final = Path(__file__).resolve().parent
PREFIX: Final = "annexv-"
_SIZE: Final = 16  # bytes of a digest
_KEPT: Final = 8  # folders of other digests: branches that are switched between
_UNUSED_SECONDS: Final = 30 * 86400
NOTICE: Final = (
    "annexv: note: no folder for compiled code can be written; it is compiled for this run only (some 20 s). NUMBA_CACHE_DIR"
    " names a folder"
)


def compiled_sources() -> list[Path]:
    """Modules that hold compiled functions, what compiles them, and the records and axes that they read."""
    folders = (path for name in ("kernels", "law") for path in (ENGINE / name).glob("*.py"))
    single = (ENGINE / "prepare" / "payments.py", ENGINE / "apart.py", ENGINE / "compiled.py")
    read = (ENGINE.parent / "cohorts" / name for name in ("arrays.py", "axes.py", "records.py"))
    return sorted([*folders, *single, *read])


def digest() -> str:
    """Digest of the compiled sources, of what compiles them and of the processor."""
    found = hashlib.blake2b(digest_size=_SIZE)
    for path in compiled_sources():
        content = path.read_bytes()
        found.update(f"{path.name}\0{len(content)}\0".encode())
        found.update(content)
    binding: Any = llvmlite.binding
    processor = (
        os.environ.get("NUMBA_CPU_NAME") or binding.get_host_cpu_name(),
        os.environ.get("NUMBA_CPU_FEATURES") or binding.get_host_cpu_features().flatten(),
    )
    python = (sys.implementation.cache_tag, platform.python_version(), platform.machine())
    found.update("\0".join((numba.__version__, llvmlite.__version__, *python, *processor)).encode())
    return found.hexdigest()


def _places() -> Iterator[Path]:
    """Folders that may hold compiled code, the wanted one first."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    if given:
        yield Path(given)
    yield ENGINE / "kernels" / "__pycache__"
    own = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME")
    if own:
        yield Path(own) / "annexv"
    with contextlib.suppress(RuntimeError):  # there is no home
        home = Path.home()
        if home.is_dir():
            yield home / ".cache" / "annexv"


def _usable(folder: Path) -> bool:
    """Whether files can be made there; makes the folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        os.utime(folder)  # when it was used last
    except OSError:
        return False
    return True


def _tidy(place: Path, current: Path) -> None:
    """Remove code of other digests that was not used for long, or that many were used after."""
    others = []
    with contextlib.suppress(OSError):
        for path in place.glob(f"{PREFIX}*"):
            if path != current and path.is_dir():
                others.append((path.stat().st_mtime, path))
    others.sort(reverse=True)
    for number, (used, path) in enumerate(others):
        if number >= _KEPT or time.time() - used > _UNUSED_SECONDS:
            shutil.rmtree(path, ignore_errors=True)


@lru_cache(maxsize=1)
def folder() -> Path | None:
    """Folder of the compiled code of these sources; None where nothing at all can be written."""
    name = PREFIX + digest()
    for place in _places():
        found = place / name
        fresh = not found.is_dir()
        if _usable(found):
            if fresh:
                _tidy(place, found)
            return found
    print(NOTICE, file=sys.stderr)
    try:
        temporary = Path(tempfile.mkdtemp(prefix=PREFIX))
    except OSError:
        return None
    atexit.register(shutil.rmtree, temporary, ignore_errors=True)
    return temporary


def shared() -> Path | None:
    """That folder where other processes find it as well; None where there is none, or one for this process alone."""
    found = folder()
    return found if found is not None and found.parent in _places() else None


class _Checked(IndexDataCacheFile):
    """Files of one function. What is damaged counts as missing; what cannot be kept is compiled again next time."""

    _cache_path: str
    _index_path: str

    def save(self, key: Any, data: Any) -> None:
        # Named by the key: two processes that compile at once never give one name to two things.
        named = f"{hashlib.blake2b(repr(key).encode(), digest_size=_SIZE).hexdigest()}.nbc"
        name = f"{Path(self._index_path).stem}.{named}"
        with contextlib.suppress(OSError):
            self._keep(Path(self._cache_path) / name, (key, data))
            self._keep(Path(self._index_path), {**self._load_index(), key: name})

    def load(self, key: Any) -> Any:
        name = self._load_index().get(key)
        found = None if name is None else self._kept(Path(self._cache_path) / str(name))
        return found[1] if isinstance(found, tuple) and found[0] == key else None

    def _load_index(self) -> dict[Any, str]:
        found = self._kept(Path(self._index_path))
        return found if isinstance(found, dict) else {}

    def _save_index(self, overloads: dict[Any, str]) -> None:
        with contextlib.suppress(OSError):
            self._keep(Path(self._index_path), overloads)

    def _keep(self, path: Path, what: Any) -> None:
        content: bytes = self._dump(what)  # type: ignore[no-untyped-call]
        with self._open_for_write(str(path)) as stream:
            stream.write(content + hashlib.blake2b(content, digest_size=_SIZE).digest())

    def _kept(self, path: Path) -> Any:
        try:
            whole = path.read_bytes()
            content, mark = whole[:-_SIZE], whole[-_SIZE:]
            if hashlib.blake2b(content, digest_size=_SIZE).digest() == mark:
                return pickle.loads(content)
        except FileNotFoundError:
            return None
        except Exception:
            # Undamaged, and still not to be read back: of a numba that calls itself the same. It is made again as well.
            pass
        with contextlib.suppress(OSError):
            path.unlink()
        return None


def _resolve_once() -> None:
    """Have numba look for an operator's implementation once for each set of types, in place of at each use.

    It asks some ten overloads, strings and sets among them, at every addition: a fifth of the time that compiling takes.
    """
    ask: Any = BaseFunction.get_call_type
    found: dict[Any, Any] = {}

    def get_call_type(self: Any, context: Any, args: Any, kws: Any) -> Any:
        if kws:
            return ask(self, context, args, kws)
        use = (self, context, tuple(args))
        signature = found.get(use)
        # An implementation is kept beside the type that was asked; one that is equal to it has to ask as well.
        if signature is None or signature.args not in self._impl_keys:
            signature = found[use] = ask(self, context, args, kws)
        return signature

    BaseFunction.get_call_type = get_call_type  # type: ignore[method-assign]


_resolve_once()


def njit(**options: Any) -> Callable[[Function], Function]:
    """As :func:`numba.njit`, and kept in :func:`folder`, or in its folder ``kept_in``, where ``cache`` is asked for."""
    within = options.pop("kept_in", ".")

    def decorate(function: Function) -> Function:
        place = folder() if options.get("cache") else None
        if place is None:
            plain: Function = numba.njit(**{**options, "cache": False})(function)
            return plain
        config: Any = numba.config
        before = config.CACHE_DIR
        config.CACHE_DIR = str(place / within)
        try:
            made: Any = numba.njit(**options)(function)
        finally:
            config.CACHE_DIR = before
        files: Any = made._cache._cache_file
        files.__class__ = _Checked
        kept: Function = made
        return kept

    return decorate


__all__ = ["NOTICE", "compiled_sources", "digest", "folder", "njit", "shared"]
