"""Kernels that are called by their address: who calls them sees to it that they stand ready."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
import pytest
from numba import typeof
from numba.core import types
from numba.core.dispatcher import Dispatcher

import assumptions
from cohorts.arrays import Floats2, Unsigned
from engine.apart import KERNELS, Apart, machine_type
from engine.kernels import flows, heads, plain, welfare, worker, worth
from engine.kernels.layout import Buffers, new_buffers
from engine.kernels.project import project_flows
from engine.kernels.types import Flows, Inputs
from engine.law.compiled import Formula
from engine.prepare import case as prepared
from engine.prepare import demography
from engine.projection import run_case

ROOT = Path(__file__).resolve().parents[2]


def functions(value: Any) -> Iterator[FunctionType]:
    """What a name in compiled code stands for, as Python functions."""
    for one in (value, getattr(value, "made", None), getattr(value, "within", None)):
        if isinstance(one, Dispatcher):
            yield one.py_func


def called(function: FunctionType, seen: set[FunctionType]) -> Iterator[Any]:
    """All that a function calls, and what these call."""
    seen.add(function)
    free = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    known = {**function.__globals__, **{name: cell.cell_contents for name, cell in free}}
    for name in (*function.__code__.co_names, *function.__code__.co_freevars):
        value = known.get(name)
        yield value
        for other in functions(value):
            if other not in seen:
                yield from called(other, seen)


def calls_apart(function: FunctionType) -> bool:
    return any(isinstance(value, Apart) for value in called(function, set()))


def test_who_calls_kernels_apart_is_an_entry() -> None:
    """A compiled function that Python calls would otherwise jump to an address that is not there yet."""
    entries = [flows.add_flows, plain.add_flows_by_award, welfare.add_complements]
    assert [calls_apart(entry.made.py_func) for entry in entries] == [True] * 3
    for module in (flows, plain, welfare, heads, worker, worth):
        for name, value in vars(module).items():
            if isinstance(value, Dispatcher) and not value.targetoptions.get("no_cpython_wrapper"):
                assert not calls_apart(value.py_func), f"{module.__name__}.{name}"
            if isinstance(value, Formula):
                assert not calls_apart(value.py_func), f"{module.__name__}.{name}"


def test_every_kernel_says_its_types() -> None:
    symbols = [kernel.symbol for kernel in KERNELS]
    assert len(set(symbols)) == len(symbols)
    for kernel in KERNELS:
        assert len(kernel.signature.args) == kernel.made.py_func.__code__.co_argcount, kernel.name
    assert machine_type(Floats2) == types.Array(types.float64, 2, "C")
    assert machine_type(Unsigned) == types.uint64
    with pytest.raises(TypeError, match="neither kind of number nor axes"):
        machine_type(np.ndarray)
    with pytest.raises(TypeError, match="compiled code only"):
        KERNELS[0]()


def test_records_that_the_kernels_make_have_the_types_of_their_annotations() -> None:
    case = prepared.build(assumptions.load("3B", sets={"reform.last_year": 1998.0}).resolve("statutory"))
    made = flows_of(case, case.economy)
    assert typeof(made) == machine_type(Flows)
    assert typeof(new_buffers(3, 2, 2, 5)) == machine_type(Buffers)


def flows_of(case: prepared.Case, economy: Any) -> Flows:
    people = case.demography
    old, real = demography.annuities(people, economy, int(case.rules.years))
    inputs = Inputs(
        people.population,
        people.heads,
        people.decrements,
        people.payments,
        old,
        real,
        economy,
        case.tables,
        case.rules,
    )
    return project_flows(inputs, True)


def test_who_ends_before_kernels_are_asked_for_leaves_nothing_begun(tmp_path: Path) -> None:
    """As a command that refuses its input: the next one would compile everything by itself."""
    program = """
import os
os.sched_getaffinity = lambda process: {0, 1}
from engine import ahead, compiled
ahead.begin()
assert (compiled.folder() / "ahead").is_dir()
"""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=ROOT, check=False, timeout=120
    )
    assert done.returncode == 0
    assert list(tmp_path.rglob("ahead")) == []


@pytest.mark.slow
def test_other_types_are_linked_and_give_the_same_numbers() -> None:
    """An array that may not be written to is another type: kernels that take it are compiled into who calls them."""
    pack = assumptions.load("3B", sets={"reform.last_year": 1999.0}).resolve("statutory")
    case = prepared.build(pack)
    returns = case.economy.housing_return.copy()
    returns.flags.writeable = False
    economy = case.economy._replace(housing_return=returns)
    assert typeof(economy) != machine_type(type(economy))
    for expected, found in zip(flows_of(case, case.economy), flows_of(case, economy), strict=True):
        np.testing.assert_array_equal(found, expected)
    assert run_case(pack).cost.sum() > 0.0
