"""How formulas of the law and kernels are compiled: strict arithmetic, without the interpreter's lock, kept on disk."""

from __future__ import annotations

from functools import partial

from numba import njit

compiled = partial(njit, cache=True, nogil=True, error_model="numpy")
# Into the loop that calls it, always: an award called as a function of its own makes the year loop 40% slower.
inlined = partial(njit, cache=True, nogil=True, error_model="numpy", forceinline=True)
