"""How formulas of the law and kernels are compiled: strict arithmetic, without the interpreter's lock, kept on disk.

What only compiled code calls has no wrapper for Python: wrappers are half of the time that compiling takes.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from engine.compiled import njit

# Untyped, as what they make: a compiled function takes machine integers for whole numbers.
compiled: Any = partial(njit, cache=True, nogil=True, error_model="numpy", no_cfunc_wrapper=True)
inner: Any = partial(compiled, no_cpython_wrapper=True)
# Into the loop that calls it, always: an award called as a function of its own makes the year loop 40% slower.
inlined: Any = partial(compiled, forceinline=True)
inner_inlined: Any = partial(inlined, no_cpython_wrapper=True)
