"""Arrays are handed to compiled code and never back: it counts no references (engine/law/compiled.py)."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
import pytest
from numba.core.dispatcher import Dispatcher

import assumptions
from engine.balance.worth import worth
from engine.kernels import (
    accounts,
    annuity,
    awards,
    balances,
    careers,
    claims,
    flows,
    groups,
    heads,
    indexing,
    marks,
    payments,
    plain,
    sums,
    welfare,
    worker,
)
from engine.kernels import worth as worth_kernel
from engine.law import account, award, choice, indexation, new, occupational, of_year, old, state, wage
from engine.law.compiled import Formula
from engine.projection import run_case
from engine.worker import calculator
from engine.worker import careers as lives

MODULES = (
    accounts, annuity, awards, balances, careers, claims, flows, groups, heads, indexing, marks, payments, plain, sums,
    welfare, worker, worth_kernel, account, award, choice, indexation, new, occupational, of_year, old, state, wage,
)  # fmt: skip
# Gives views of the tables of the law; from Python it is called uncompiled.
VIEWS = {"tables_of_year"}


def compiled(module: ModuleType) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in vars(module).items():
        kinds = {"": value, ".made": getattr(value, "made", None)}
        if isinstance(value, Formula):
            kinds |= {".within": value.within, ".alone": value.alone}
        found |= {name + kind: one for kind, one in kinds.items() if isinstance(one, Dispatcher)}
    return {name: value for name, value in found.items() if value.py_func.__module__ == module.__name__}


def arrays(kind: Any) -> bool:
    """Whether a type is an array, or a record that holds one."""
    if isinstance(kind, numba.types.Array):
        return True
    return any(arrays(part) for part in getattr(kind, "types", ()))


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """Everything compiled once, with its types."""
    pack = assumptions.load("3B").resolve("statutory")
    run_case(pack.with_values({"reform.last_year": 1998.0}))
    worth(pack)
    calculator.study(lives.steady(pack, 12_000.0, 22, 60), pack)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.split(".", 1)[1])
def test_nothing_that_is_compiled_gives_an_array_back(module: ModuleType) -> None:
    for name, function in compiled(module).items():
        if function.targetoptions.get("no_cpython_wrapper"):
            continue  # Python cannot call it
        for signature in function.nopython_signatures:
            assert name.split(".")[0] in VIEWS or not arrays(signature.return_type), (
                f"{name} gives {signature.return_type}"
            )


@pytest.mark.parametrize(
    "module", [m for m in MODULES if m not in (annuity, heads)], ids=lambda m: m.__name__
)
def test_references_are_not_counted(module: ModuleType) -> None:
    for name, function in compiled(module).items():
        assert function.targetoptions.get("_nrt") is False, name


def test_views_are_asked_for_uncompiled() -> None:
    """Compiled, a view that reaches Python would be the whole array: nobody in the project calls one so."""
    root = Path(__file__).resolve().parents[2]
    for folder in ("engine", "benchmarks", "tests"):
        for path in (root / folder).rglob("*.py"):
            if path.parent.name in ("kernels", "law"):
                continue
            for name in VIEWS:
                called = re.findall(rf"\b{name}\(", path.read_text(encoding="utf-8"))
                assert not called, f"{path}: {name} without .py_func"
