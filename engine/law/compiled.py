"""How formulas of the law and kernels are compiled: strict arithmetic, without the interpreter's lock, kept on disk.

References are not counted: arrays are made by the callers in Python, who hold them until the call returns. Counting, two
atomic operations for every array that is handed on, took a fifth of the year loop. So nothing compiled makes an array, and
nothing that Python calls gives one back.

What only compiled code calls has no wrapper for Python: wrappers are half of the time that compiling takes.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from engine.compiled import njit

# Untyped, as what they make: a compiled function takes machine integers for whole numbers.
compiled: Any = partial(njit, cache=True, nogil=True, error_model="numpy", no_cfunc_wrapper=True, _nrt=False)
inner: Any = partial(compiled, no_cpython_wrapper=True)
# Into the loop that calls it, always: an award called as a function of its own makes the year loop 40% slower.
inlined: Any = partial(compiled, forceinline=True)
inner_inlined: Any = partial(inlined, no_cpython_wrapper=True)
