"""Throw away compiled code that no longer matches the sources.

numba recompiles a cached function when its own file changes, but not when a function it calls stands in another file that
has changed. Since the kernels call the law, a corrected article would go on giving the old numbers. So a digest of all
compiled sources is kept beside the compiled code, and when it differs that code is removed and made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

ENGINE = Path(__file__).resolve().parent.parent
STAMP = ENGINE / "kernels" / "__pycache__" / "sources.digest"


def compiled_sources() -> list[Path]:
    """Modules of the engine that hold compiled functions, and the records and axes they read."""
    cohorts = ENGINE.parent / "cohorts"
    marks = (b"@njit", b"@compiled", b"@inlined", b"njit(")
    found = [path for path in ENGINE.rglob("*.py") if any(mark in path.read_bytes() for mark in marks)]
    return sorted([*found, cohorts / "axes.py", cohorts / "records.py", ENGINE / "kernels" / "types.py"])


def sources_digest() -> str:
    """Digest of the contents of all compiled sources."""
    digest = hashlib.blake2b(digest_size=16)
    for path in compiled_sources():
        digest.update(path.read_bytes())
    return digest.hexdigest()


def drop_stale() -> bool:
    """Remove compiled code that was made from other sources; True where there was any.

    Folders that cannot be written are left alone: numba then keeps its compiled code in the user's own cache folder, which
    a fresh installation does not share.
    """
    if os.environ.get("NUMBA_CACHE_DIR"):
        return False
    now = sources_digest()
    with contextlib.suppress(OSError):
        if STAMP.read_text(encoding="ascii") == now:
            return False
    stale = False
    with contextlib.suppress(OSError):
        for folder in {path.parent / "__pycache__" for path in compiled_sources()}:
            for compiled in folder.glob("*.nbi"):
                compiled.unlink(missing_ok=True)
                stale = True
        STAMP.parent.mkdir(exist_ok=True)
        temporary = STAMP.with_name(f"{STAMP.name}.{os.getpid()}")
        temporary.write_text(now, encoding="ascii")
        temporary.replace(STAMP)
    return stale
