"""Kernels that are called by their address: each is compiled by itself, once, by whichever process is free.

numba links what a function calls into it and optimizes it there again, so that who calls thirty kernels waits for all of
them, twice. A kernel of whole rows gains nothing by that. Its types are those of its annotations, known before there is
anything to project; who calls it reads its address from a place that stands from the beginning, and is filled before anybody
calls. Given other types it is linked as any compiled function.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cached_property, wraps
from threading import Lock
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

import llvmlite.binding
from llvmlite import ir
from numba import typeof
from numba.core import cgutils, sigutils, types
from numba.core.compiler_lock import global_compiler_lock
from numba.core.typing.templates import AbstractTemplate, signature
from numba.extending import lower_builtin, typeof_impl

from engine.law.compiled import compiled, inner

KERNELS: Final[list[Apart]] = []
"""All kernels of the modules that are imported, in their order."""
_PLAIN: Final = {int: types.int64, float: types.float64, bool: types.boolean, type(None): types.void}


def machine_type(annotation: Any) -> Any:
    """Type that an annotation stands for: a number, an array of :mod:`cohorts.arrays`, or a record of such."""
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if get_origin(annotation) is Annotated:
        parse: Any = sigutils.normalize_signature
        return parse(f"({get_args(annotation)[1]},)")[0][0]
    if not hasattr(annotation, "_fields"):
        raise TypeError(f"{annotation} says neither kind of number nor axes; see cohorts.arrays")
    fields = get_type_hints(annotation, include_extras=True).values()
    return types.BaseTuple.from_types([machine_type(field) for field in fields], annotation)


class Apart:
    """A kernel that compiled code calls by its address.

    Attributes
    ----------
    made
        The same as numba compiles it.
    symbol : str
        Name of the place of its address.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.made: Any = inner()(function)
        self.name: str = f"{function.__module__}.{function.__qualname__}"
        alike = sum(kernel.name == self.name for kernel in KERNELS)
        self.symbol = f"{self.name.replace('<locals>.', '')}.{alike}"
        self._address = ctypes.c_void_p()
        binding: Any = llvmlite.binding
        binding.add_symbol(self.symbol, ctypes.addressof(self._address))
        KERNELS.append(self)
        kernel = self

        class Use(AbstractTemplate):
            key = kernel

            def generic(self, args: Any, kws: Any) -> Any:
                as_said = _plain(args) == kernel.signature.args
                return kernel.signature if as_said else kernel.linked(self.context, args)

        self.type: Any = types.Function(Use)
        lower_builtin(self, types.VarArg(types.Any))(self._call)

    def __call__(self, *args: Any) -> Any:
        raise TypeError(f"{self.name} is called by compiled code only")

    @cached_property
    def signature(self) -> Any:
        """Types of result and arguments, of the annotations."""
        hints = get_type_hints(self.made.py_func, include_extras=True)
        result = hints.pop("return")
        return signature(machine_type(result), *(machine_type(hint) for hint in hints.values()))

    def linked(self, context: Any, args: Any) -> Any:
        """Types of result and arguments where it is called with others than those of the annotations."""
        return context.resolve_function_type(context.resolve_value_type(self.made), _plain(args), {})

    def _call(self, context: Any, builder: Any, used: Any, args: Any) -> Any:
        if used.args != self.signature.args:
            call = context.get_function(context.typing_context.resolve_value_type(self.made), used)
            return call(builder, args)
        kind = context.call_conv.get_function_type(used.return_type, used.args)
        place = builder.module.globals.get(self.symbol)
        if place is None:
            place = ir.GlobalVariable(builder.module, kind.as_pointer(), self.symbol)
        status, result = context.call_conv.call_function(
            builder, builder.load(place), used.return_type, used.args, args
        )
        with cgutils.if_unlikely(builder, status.is_error):
            context.call_conv.return_status_propagate(builder, status)
        return result

    @property
    def ready(self) -> bool:
        """Whether its address stands where callers look for it."""
        return self._address.value is not None

    def compile(self) -> None:
        """Compile it, or read what is kept, and put its address where callers look for it."""
        # Nor is LLVM to be asked for an address while another thread compiles.
        with global_compiler_lock:
            if not self.ready:
                self.made.compile(self.signature.args)
                done = self.made.overloads[self.signature.args]
                self._address.value = done.library.get_pointer_to_function(done.fndesc.llvm_func_name)


@typeof_impl.register(Apart)
def _(kernel: Apart, context: Any) -> Any:
    return kernel.type


def _plain(args: Any) -> Any:
    return tuple(types.unliteral(arg) for arg in args)


def apart(function: Callable[..., Any]) -> Any:
    """As :func:`engine.law.compiled.inner`, and called by its address. Every argument is annotated."""
    return Apart(function)


_READY: Final = Lock()
_take: Callable[[Apart], None] = Apart.compile


def take_by(way: Callable[[Apart], None]) -> None:
    """Have kernels that are to stand ready compiled in another way than by this process alone, one after the other."""
    global _take
    _take = way


def entry(function: Callable[..., Any]) -> Any:
    """As :func:`engine.law.compiled.compiled`, of a function that calls kernels apart: they stand ready when it begins."""
    made: Any = compiled()(function)

    @wraps(function)
    def call(*args: Any) -> Any:
        if not call.ready:  # type: ignore[attr-defined]
            with _READY:
                made.compile(tuple(typeof(arg) for arg in args))
                for kernel in reversed(KERNELS):
                    _take(kernel)
            call.ready = True  # type: ignore[attr-defined]
        return made(*args)

    call.ready, call.made = False, made  # type: ignore[attr-defined]
    return call


__all__ = ["KERNELS", "Apart", "apart", "entry", "machine_type", "take_by"]
