"""What kernels are given has one type in every case, so that nothing is compiled twice."""

from __future__ import annotations

from typing import Any

import numba
import pytest

import assumptions
from assumptions import AssumptionError
from cohorts.records import Decrements, Population
from engine.apart import machine_type
from engine.kernels.types import Economy, Heads, Payments, Rules
from engine.law.new import CareerGuarantee
from engine.law.old import DatedTables
from engine.prepare import case as prepared
from engine.prepare import worker

OVERLAYS = ("", "release_0_1_0", "today", "reform_december_2020", "state_1994", "law_as_it_became")


def types(record: Any) -> dict[str, str]:
    """The type of every field of a record as the compiler sees it, fields of records within it by their place."""
    found = {}
    for name, value in record._asdict().items():
        if hasattr(value, "_fields"):
            found |= {f"{name}.{inner}": kind for inner, kind in types(value).items()}
        else:
            found[name] = str(numba.typeof(value))
    return found


def annotated(record: Any) -> bool:
    """Whether a record is what kernels are compiled for before there is anything to project."""
    return type(record) in (
        CareerGuarantee,
        DatedTables,
        Decrements,
        Economy,
        Heads,
        Payments,
        Population,
        Rules,
    )


def given() -> dict[str, dict[str, dict[str, str]]]:
    """Types by record, field and case."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for code in ("3B", "1A"):
        for basis in assumptions.basis_names():
            for overlay in OVERLAYS:
                try:
                    pack = assumptions.load(code, overlays=[overlay] if overlay else []).resolve(basis)
                    case = prepared.build(pack)
                except AssumptionError:
                    continue
                single = worker.context(pack, 1970, 2010)
                records = {
                    "economy": (case.economy, single.economy),
                    "rules": (case.rules, single.rules),
                    "tables": (case.tables,),
                    "population": (case.demography.population,),
                    "payments": (case.demography.payments,),
                    "decrements": (case.demography.decrements,),
                    "heads": (case.demography.heads,),
                    "terms": (single.terms,),
                    "lives": (single.lives,),
                    "old_law_tables": (single.tables,),
                    "allowances": (single.allowances,),
                }
                for name, several in records.items():
                    for record in several:
                        if annotated(record):
                            assert numba.typeof(record) == machine_type(type(record)), name
                        for field, kind in types(record).items():
                            label = f"{code} {basis} {overlay}"
                            found.setdefault(f"{name}.{field}", {}).setdefault(kind, {})[label] = label
    return found


@pytest.mark.slow
def test_every_field_has_one_type() -> None:
    found = given()
    assert len(found) > 100
    assert {name: kinds for name, kinds in found.items() if len(kinds) > 1} == {}
