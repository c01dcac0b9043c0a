"""How formulas of the law and kernels are compiled: strict arithmetic, without the interpreter's lock, kept on disk."""

from __future__ import annotations

from functools import partial
from typing import Any

from engine.compiled import njit

# Untyped, as what they make: a compiled function takes machine integers for whole numbers.
compiled: Any = partial(njit, cache=True, nogil=True, error_model="numpy")
# Into the loop that calls it, always: an award called as a function of its own makes the year loop 40% slower.
inlined: Any = partial(njit, cache=True, nogil=True, error_model="numpy", forceinline=True)
