"""How formulas of the law and kernels are compiled: strict arithmetic, without the interpreter's lock, kept on disk.

References are not counted: arrays are made by the callers in Python, who hold them until the call returns. Counting, two
atomic operations for every array that is handed on, took a fifth of the year loop. So nothing compiled makes an array, and
nothing that Python calls gives one back.

What only compiled code calls has no wrapper for Python: wrappers are half of the time that compiling takes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial, update_wrapper
from typing import Any

from numba.core import types
from numba.extending import typeof_impl

from engine.compiled import njit

# Untyped, as what they make: a compiled function takes machine integers for whole numbers.
compiled: Any = partial(njit, cache=True, nogil=True, error_model="numpy", no_cfunc_wrapper=True, _nrt=False)
inner: Any = partial(compiled, no_cpython_wrapper=True)
# Into the loop that calls it, always: an award called as a function of its own makes the year loop 40% slower.
inner_inlined: Any = partial(inner, forceinline=True)


class Formula:
    """A formula of the law: inlined where compiled code calls it, and compiled once more where Python does."""

    def __init__(self, function: Callable[..., Any]) -> None:
        update_wrapper(self, function)
        self.py_func = function
        self.within: Any = inner_inlined()(function)

    @cached_property
    def alone(self) -> Any:
        """The same with a wrapper for Python."""
        return compiled(kept_in="python")(self.py_func)

    def __call__(self, *args: Any) -> Any:
        return self.alone(*args)


@typeof_impl.register(Formula)
def _(formula: Formula, context: Any) -> Any:
    return types.Dispatcher(formula.within)


def inlined() -> Callable[[Callable[..., Any]], Any]:
    """A formula that both compiled code and Python call."""
    return Formula
