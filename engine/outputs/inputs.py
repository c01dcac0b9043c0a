"""The assumptions that a file of results carries, checked as though a user had typed them, and the tables they need.

A file opens nothing but itself: a table of the user's own that it does not hold is named by the user, and must have the
bytes that the file recorded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr

import assumptions
from assumptions import AssumptionError, DatedPath, Fault, Parameter, Resolved
from assumptions.attached import Attached, read_attached
from assumptions.timeline import RULES
from engine.outputs import OutputError, provenance, stored
from engine.outputs.schema import FORMAT

INPUT: Final = "resolved_input"
Case = tuple[str, str]


def resolved_inputs(dataset: xr.Dataset) -> dict[Case, Resolved]:
    """The assumptions of every case that the file carries, by (basis, scenario).

    Raises
    ------
    OutputError
        If they cannot be read back, or hold what nobody could have typed.
    """
    found: dict[Case, Resolved] = {}
    for text in dataset[INPUT].values.ravel().tolist() if INPUT in dataset else []:
        try:
            resolved = Resolved.from_json(str(text))
            _as_typed(resolved)
        except AssumptionError as error:
            raise OutputError(
                f"{_of(dataset)}the assumptions of the run cannot be read back: {error}"
            ) from error
        found[resolved.basis, resolved.scenario] = resolved
    _same_as_recorded(dataset, found)
    return dict(zip(found, with_shared_tables(list(found.values())), strict=True))


def _of(dataset: xr.Dataset) -> str:
    """The file that a dataset was read from, as messages begin; nothing for one of this process."""
    source = dataset.encoding.get("source")
    return f"{source}: " if source else ""


def _same_as_recorded(dataset: xr.Dataset, cases: Mapping[Case, Resolved]) -> None:
    """Refuse a run, or a part of one, whose assumptions are not those that its digest and its years name."""
    if dataset.attrs.get(stored.FORMAT_ATTRIBUTE) != FORMAT:
        return
    listed = str(dataset.attrs.get("scenario_sha256", ""))
    years = np.atleast_1d(dataset.year.values)
    last = max(case.number("reform.last_year") for case in cases.values()) if cases else 0
    if hashlib.sha256(listed.encode()).hexdigest() != dataset.attrs.get("assumptions_sha256"):
        said = "scenario_sha256 is not that of assumptions_sha256"
    elif not {provenance.listed([case]) for case in cases.values()} <= set(listed.split("\n")):
        said = "the assumptions are not those of scenario_sha256"
    elif years.size and years[-1] > last:
        said = f"years go to {years[-1]}, the assumptions to {last:g}"
    else:
        return
    raise OutputError(f"{_of(dataset)}has been changed since it was written: {said}")


def with_shared_tables(cases: Sequence[Resolved]) -> tuple[Resolved, ...]:
    """Every case with the tables that one of them holds."""
    held = {
        table.sha256: table
        for resolved in cases
        for table in resolved.attached.values()
        if table.content is not None
    }
    return tuple(_with_tables(resolved, held) for resolved in cases)


def _with_tables(resolved: Resolved, held: Mapping[str, Attached]) -> Resolved:
    for name, table in resolved.attached.items():
        if table.content is None and table.sha256 in held:
            resolved = resolved.with_table(name, held[table.sha256])
    return resolved


@lru_cache(maxsize=4)
def _now(scenario: str, basis: str) -> Resolved:
    known = {*assumptions.all_scenario_codes()}
    return assumptions.load(scenario if scenario in known else assumptions.scenario_codes()[0]).resolve(basis)


def _older_form(mine: Parameter, here: Parameter) -> bool:
    """Whether a file holds what later versions hold in more detail: one number for all years, a table without digest."""
    if mine.unit != here.unit or mine.file:
        return False
    return (mine.kind, here.kind) == ("number", "path") or (mine.kind == here.kind and here.file)


def _as_typed(resolved: Resolved) -> None:
    """Hold every value against the bounds, choices and constraints that typed input meets.

    Raises
    ------
    AssumptionError
        With everything found wrong.
    """
    if resolved.basis not in assumptions.basis_names():
        known = ", ".join(assumptions.basis_names())
        raise AssumptionError.single("basis", f"{resolved.basis!r} is not known", known)
    now = _now("", resolved.basis)
    faults: list[Fault] = []
    given: dict[str, Any] = {}
    for name in resolved.names():
        if not now.has(name):
            continue
        mine, here = resolved.item(name), now.item(name)
        if _older_form(mine, here):
            given |= {} if here.file else {name: resolved.value(name)}
        elif (mine.kind, mine.unit, mine.file) != (here.kind, here.unit, here.file):
            faults.append(
                Fault("", name, f"is a {mine.kind} in {mine.unit}; a {here.kind} in {here.unit} is expected")
            )
        elif not here.file:
            value = given[name] = resolved.value(name)
            if isinstance(value, DatedPath):
                ascending = value.years.size == value.values.size and (np.diff(value.years) > 0).all()
                if not ascending or value.rule not in RULES:
                    faults.append(
                        Fault("", name, f"is no path of ascending years with rule {' or '.join(RULES)}")
                    )
    if faults:
        raise AssumptionError(faults)
    now.with_values(given, "")


def runnable_inputs(dataset: xr.Dataset, tables: Sequence[str] = ()) -> dict[Case, Resolved]:
    """The same, with every assumption that this version of the program reads, and with the tables they need.

    Parameters
    ----------
    tables : sequence of str
        Files of tables that the dataset does not hold, as ``NAME=FILE`` or ``FILE``; their digests must agree.

    Raises
    ------
    OutputError
        If the run is older than one of the assumptions, or they cannot be read back.
    AssumptionError
        If a table is missing, is another one, or is not needed.
    """
    return with_given(_complete(dataset), tables)


def runnable_pair(
    one: xr.Dataset, other: xr.Dataset, tables: Sequence[str] = ()
) -> tuple[dict[Case, Resolved], dict[Case, Resolved]]:
    """The same of two runs, with tables that the one or the other needs."""
    found, second = _complete(one), _complete(other)
    return with_given(found, tables, also=second), with_given(second, tables, also=found)


def _complete(dataset: xr.Dataset) -> dict[Case, Resolved]:
    """The assumptions of a run that holds every one which this version of the program reads."""
    found = resolved_inputs(dataset)
    for (basis, scenario), resolved in found.items():
        now = _now(scenario, basis)
        missing = [name for name in now.names() if not resolved.has(name)]
        less = [
            name
            for name in now.names()
            if resolved.has(name)
            and _older_form(resolved.item(name), now.item(name))
            and resolved.value(name) != ""
        ]
        lacks = [f"had no {', '.join(missing)}"] if missing else []
        lacks += [f"had no years or digest of {', '.join(less)}"] if less else []
        if lacks:
            raise OutputError(
                f"{_of(dataset)}the run is from an older version, which {' and '.join(lacks)}, and cannot be projected "
                "again as it stands; its numbers can still be shown and exported. Make it anew with annexv run"
            )
    return found


def with_given(
    found: Mapping[Case, Resolved], tables: Sequence[str], *, also: Mapping[Case, Resolved] | None = None
) -> dict[Case, Resolved]:
    """Cases with the tables that a user names; what is still missing is asked for.

    Parameters
    ----------
    also : dict, optional
        Cases of another run that the tables may be for.
    """
    wanted = {
        (name, table.sha256): table
        for resolved in (*found.values(), *(also or {}).values())
        for name, table in resolved.attached.items()
    }
    held: dict[str, Attached] = {}
    faults: list[Fault] = []
    for given in tables:
        try:
            table = _given(given, wanted)
            held[table.sha256] = table
        except AssumptionError as error:
            faults.extend(error.faults)
    if faults:
        raise AssumptionError(faults)
    complete = {case: _with_tables(resolved, held) for case, resolved in found.items()}
    lacking = {
        (name, table.sha256): (resolved, name)
        for resolved in complete.values()
        for name, table in resolved.attached.items()
        if table.content is None
    }
    for resolved, name in lacking.values():
        try:
            resolved.content_of(name)
        except AssumptionError as error:
            faults.extend(error.faults)
    if faults:
        raise AssumptionError(faults)
    return complete


def _given(text: str, wanted: Mapping[tuple[str, str], Attached]) -> Attached:
    """The table of one ``NAME=FILE`` or ``FILE``; its bytes must be those of a table that is wanted."""
    before, equals, after = text.partition("=")
    names = {name for name, _ in wanted}
    chosen = next((name for name in names if before and before in (name, name.rpartition(".")[2])), None)
    if not wanted:
        raise AssumptionError(
            [Fault("--table", text, "is not needed: the run uses no table of the user's own")]
        )
    if not (equals and chosen):
        chosen, after = None, text
    found = read_attached(Path(after), chosen or "--table")
    fitting = [
        table for (name, sha), table in wanted.items() if sha == found.sha256 and chosen in (None, name)
    ]
    if fitting:
        return found
    known = " or ".join(
        f"{name}: {table.said}" for (name, _), table in wanted.items() if chosen in (None, name)
    )
    raise AssumptionError([Fault(found.place, chosen or "", f"is {found.said}; the run needs {known}")])


__all__ = ["INPUT", "resolved_inputs", "runnable_inputs", "runnable_pair", "with_given", "with_shared_tables"]
