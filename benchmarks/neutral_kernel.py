"""The neutral kernel: what one cell, one step and one case cost, with nothing of the pension law in it.

    python -m benchmarks.neutral_kernel [--quick] [--json FILE] [--only VARIANT ...] [--no-cold]

Definition, rules and measured figures: docs/benchmarks-neutral.md. Every variant is compared with the reference totals
and with the scalar loop; the exit status is 1 when one of them differs by more than the tolerance, or when the result
depends on the number of threads.

Marks. No mark: the arithmetic and the four table look-ups are done for every (cell, step, case). `+`: the arithmetic
is, but the cases that are computed side by side share the look-ups of their cell. `*`: work is shared in a way that
the rules forbid.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from benchmarks.neutral_inputs import (
    COMMISSION,
    DENSITY,
    OUTPUTS,
    QUOTA,
    RATE_A,
    RATE_B,
    REPLACEMENT_BASE,
    REPLACEMENT_CAP,
    REPLACEMENT_STEP,
    SERVICE_BASE,
    SEXES,
    STEPS,
    TOLERANCE,
    Cells,
    Floats,
    Scenarios,
    Tables,
    deviation,
    make_cells,
    make_scenarios,
    make_tables,
    read_reference,
)
from engine.law.account import credit

# Cells side by side: whole vector registers, and few enough that the partial sums (STEPS x TOTALS x CELL_LANES, 38 kB)
# stay near. With fewer than 16, LLVM unrolls the loop before it could vectorise it.
CELL_LANES = 16
CASE_LANES = 20  # cases side by side
TOTALS = len(OUTPUTS)
COLUMNS = 4  # of a row of the table
ROW_STEP = SEXES * COLUMNS  # from one age to the next, same sex
# Allowed in this benchmark only: sums may be reordered and products fused, so results vary with the processor.
RELAXED = {"reassoc", "nsz", "contract"}


# ---------------------------------------------------------------------------------------------------------------------
# Arithmetic of one cell, one step, one case.


@njit(inline="always")
def _year(a, b, heads, wage, service, floor, return_a, return_b, q, i, r, annuity):
    """One step.

    Takes the two balances, the heads, the wage and the service of this year, the parameters of the case, the three
    probabilities and the annuity factor of this age; all scalars. Returns the balances and heads for the next step,
    then fiscal cost, quota and contributions (amounts of the year) and exits (heads).
    """
    into_a = DENSITY * ((RATE_A - COMMISSION) * wage + QUOTA)
    into_b = DENSITY * RATE_B * wage
    a = credit(a, return_a, into_a)
    b = credit(b, return_b, into_b)
    deaths = heads * q
    disabled = (heads - deaths) * i
    retired = (heads - deaths - disabled) * r
    exits = disabled + retired
    further = service - SERVICE_BASE
    further = further if further > 0.0 else 0.0
    replacement = REPLACEMENT_BASE + REPLACEMENT_STEP * further
    replacement = replacement if replacement < REPLACEMENT_CAP else REPLACEMENT_CAP
    pension = replacement * wage
    pension = pension if pension > floor else floor
    missing = pension * annuity - (a + b)
    fiscal = (missing if missing > 0.0 else 0.0) * exits
    left = heads - deaths - disabled - retired
    return a, b, left, fiscal, QUOTA * DENSITY * heads, (into_a + into_b) * heads, exits


@njit(inline="always")
def _look_up(table, j):
    """The four values of the row that begins at j, an unsigned integer."""
    return table[j], table[j + np.uint64(1)], table[j + np.uint64(2)], table[j + np.uint64(3)]


# ---------------------------------------------------------------------------------------------------------------------
# Layouts.


@dataclass(frozen=True, slots=True)
class CellArrays:
    """Cells, arrays of shape [cells]. `row` is the place of the cell's first row in the row table."""

    row: NDArray[np.uint64]
    wage: Floats
    heads: Floats
    service: Floats


def row_table(tables: Tables) -> Floats:
    """The four values of an age and sex side by side, so that a look-up reads one short row; flat array.

    Rows are ordered by age, then sex; columns are mortality, disability, retirement, annuity.
    """
    disability = np.repeat(tables.disability, SEXES)
    retirement = np.repeat(tables.retirement, SEXES)
    return np.column_stack([tables.mortality.ravel(), disability, retirement, tables.annuity.ravel()]).ravel()


def first_rows(cells: Cells) -> NDArray[np.uint64]:
    """Where the rows of the cells begin. Unsigned: numba then does not look for negative indices at every access."""
    return ((cells.age * SEXES + cells.sex) * COLUMNS).astype(np.uint64)


def cell_arrays(cells: Cells, lanes: int = 1) -> CellArrays:
    """Cells in their given order, filled up to a multiple of `lanes` with cells of no heads, which add nothing."""
    gap = -cells.age.size % lanes
    row = first_rows(cells)
    return CellArrays(
        np.concatenate([row, np.full(gap, row[0])]),
        np.concatenate([cells.wage, np.zeros(gap)]),
        np.concatenate([cells.heads, np.zeros(gap)]),
        np.concatenate([cells.service, np.zeros(gap)]),
    )


def grouped_cell_arrays(cells: Cells, lanes: int) -> CellArrays:
    """Cells sorted by age and sex, each such group filled up to a multiple of `lanes` with cells of no heads."""
    row = first_rows(cells)
    parts = []
    for value in np.unique(row):
        mine = row == value
        gap = np.zeros(-int(mine.sum()) % lanes)
        columns = (np.concatenate([c[mine], gap]) for c in (cells.wage, cells.heads, cells.service))
        parts.append((np.full(mine.sum() + gap.size, value), *columns))
    return CellArrays(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def case_blocks(scenarios: Scenarios, lanes: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Cases in blocks of `lanes`, the last one filled up with its last case.

    Returns return_a, return_b and floor of shape [blocks, lanes] and the wage index of shape [blocks, STEPS, lanes].
    """
    count = scenarios.floor.size
    order = np.minimum(np.arange(count + -count % lanes), count - 1).reshape(-1, lanes)
    index = np.ascontiguousarray(scenarios.wage_index[order].transpose(0, 2, 1))
    return scenarios.return_a[order], scenarios.return_b[order], scenarios.floor[order], index


# ---------------------------------------------------------------------------------------------------------------------
# Compiled variants. Arguments throughout: row, wage, heads, service as in CellArrays; table as in row_table;
# return_a, return_b, floor and the wage index; out of shape [cases, STEPS, outputs], which is overwritten.


@njit(cache=True)
def scalar_loop(row, wage, heads, service, table, return_a, return_b, floor, index, out):
    """The definition, written down: case, cell, step."""
    out[:] = 0.0
    for k in range(floor.size):
        for n in range(wage.size):
            a, b, left = 0.0, 0.0, heads[n]
            for t in range(STEPS):
                j = row[n] + np.uint64(ROW_STEP * t)
                served = service[n] + DENSITY * t
                qj, ij, rj, aj = _look_up(table, j)
                before = left
                a, b, left, fiscal, quota, contributed, exits = _year(
                    a, b, before, wage[n] * index[k, t], served, floor[k], return_a[k], return_b[k],
                    qj, ij, rj, aj,
                )  # fmt: skip
                out[k, t, 0] += fiscal
                out[k, t, 1] += quota
                out[k, t, 2] += contributed
                out[k, t, 3] += before
                out[k, t, 4] += exits


# The vectorised variants keep the state of a block of cells in one flat array with one row of lanes for each quantity:
# LLVM sees that rows at constant distances do not overlap, which it cannot see for separate arrays. For the same reason
# the table rows of the cells are copied there first (from _ROWS on, COLUMNS values for each lane): a look-up and a
# store to another array in one loop would not vectorise.
_HEADS, _A, _B, _WAGE, _SERVICE, _ROWS = (quantity * CELL_LANES for quantity in range(6))
_STATE = (5 + COLUMNS) * CELL_LANES


@njit(inline="always")
def _lane_year(state, sums, n, step_index, step, floor, return_a, return_b, q, i, r, annuity):
    """One step of lane n. `sums` [TOTALS * CELL_LANES]: every lane has its own, so no sum is reordered."""
    before = state[_HEADS + n]
    a, b, left, fiscal, quota, contributed, exits = _year(
        state[_A + n], state[_B + n], before, state[_WAGE + n] * step_index, state[_SERVICE + n] + DENSITY * step,
        floor, return_a, return_b, q, i, r, annuity,
    )  # fmt: skip
    state[_A + n] = a
    state[_B + n] = b
    state[_HEADS + n] = left
    sums[n] += fiscal
    sums[CELL_LANES + n] += quota
    sums[2 * CELL_LANES + n] += contributed
    sums[3 * CELL_LANES + n] += before
    sums[4 * CELL_LANES + n] += exits


@njit(inline="always")
def _enter(state, wage, heads, service):
    """Put CELL_LANES cells at step 0 into the state."""
    for n in range(CELL_LANES):
        state[_HEADS + n] = heads[n]
        state[_A + n] = 0.0
        state[_B + n] = 0.0
        state[_WAGE + n] = wage[n]
        state[_SERVICE + n] = service[n]


@njit(inline="always")
def _add_lanes(sums, out):
    """Add up the lanes, always in the same order: sums [STEPS, TOTALS * CELL_LANES] to out [STEPS, TOTALS]."""
    for t in range(STEPS):
        for total in range(TOTALS):
            amount = 0.0
            for n in range(CELL_LANES):
                amount += sums[t, total * CELL_LANES + n]
            out[t, total] = amount


@njit(inline="always")
def _one_case_body(row, wage, heads, service, table, return_a, return_b, floor, index, out):
    """See one_case. Inlined before compilation, so that it takes the arithmetic of the function around it.

    Two functions and not two compilations of one: numba's cache on disk does not tell those apart.
    """
    state = np.empty(_STATE)
    sums = np.zeros((STEPS, TOTALS * CELL_LANES))
    for block in range(wage.size // CELL_LANES):
        cells = slice(block * CELL_LANES, (block + 1) * CELL_LANES)
        rows = row[cells]
        _enter(state, wage[cells], heads[cells], service[cells])
        for t in range(STEPS):
            for n in range(CELL_LANES):
                j = rows[n] + np.uint64(ROW_STEP * t)
                at = _ROWS + COLUMNS * n
                state[at], state[at + 1], state[at + 2], state[at + 3] = _look_up(table, j)
            step_sums, step_index = sums[t], index[t]
            for n in range(CELL_LANES):
                at = _ROWS + COLUMNS * n
                _lane_year(
                    state, step_sums, n, step_index, t, floor, return_a, return_b,
                    state[at], state[at + 1], state[at + 2], state[at + 3],
                )  # fmt: skip
    _add_lanes(sums, out)


@njit(cache=True, nogil=True)
def one_case(row, wage, heads, service, table, return_a, return_b, floor, index, out):
    """All cells of one case, CELL_LANES side by side: block of cells, step, cell. index [STEPS], out [STEPS, TOTALS]."""
    _one_case_body(row, wage, heads, service, table, return_a, return_b, floor, index, out)


@njit(cache=True, nogil=True, fastmath=RELAXED)
def one_case_relaxed(row, wage, heads, service, table, return_a, return_b, floor, index, out):
    """As one_case, with relaxed arithmetic."""
    _one_case_body(row, wage, heads, service, table, return_a, return_b, floor, index, out)


@njit(cache=True)
def cell_lanes(row, wage, heads, service, table, return_a, return_b, floor, index, out):
    """Case, block of cells, step, cell; one thread."""
    for k in range(floor.size):
        one_case(row, wage, heads, service, table, return_a[k], return_b[k], floor[k], index[k], out[k])


@njit(cache=True)
def cell_lanes_relaxed(row, wage, heads, service, table, return_a, return_b, floor, index, out):
    """As cell_lanes, with relaxed arithmetic."""
    for k in range(floor.size):
        one_case_relaxed(
            row, wage, heads, service, table, return_a[k], return_b[k], floor[k], index[k], out[k]
        )


@njit(cache=True, parallel=True)
def cell_lanes_threads(row, wage, heads, service, table, return_a, return_b, floor, index, out):
    """As cell_lanes; a case is computed by one thread from beginning to end, so the sums do not depend on how many."""
    for k in prange(floor.size):
        one_case(row, wage, heads, service, table, return_a[k], return_b[k], floor[k], index[k], out[k])


@njit(cache=True)
def grouped_cells(row, wage, heads, service, table, return_a, return_b, floor, index, out):
    """As cell_lanes, but all cells of a block have one age and sex (grouped_cell_arrays): one look-up serves them."""
    state = np.empty(_STATE)
    sums = np.empty((STEPS, TOTALS * CELL_LANES))
    for k in range(floor.size):
        sums[:] = 0.0
        floor_k, rate_a, rate_b = floor[k], return_a[k], return_b[k]
        for block in range(wage.size // CELL_LANES):
            cells = slice(block * CELL_LANES, (block + 1) * CELL_LANES)
            _enter(state, wage[cells], heads[cells], service[cells])
            for t in range(STEPS):
                j = row[block * CELL_LANES] + np.uint64(ROW_STEP * t)
                qj, ij, rj, aj = _look_up(table, j)
                step_sums, step_index = sums[t], index[k, t]
                for n in range(CELL_LANES):
                    _lane_year(state, step_sums, n, step_index, t, floor_k, rate_a, rate_b, qj, ij, rj, aj)
        _add_lanes(sums, out[k])


# The same with cases side by side.
_LANE_HEADS, _LANE_A, _LANE_B, _LANE_SERVICE, _LANE_RA, _LANE_RB, _LANE_FLOOR = (
    row * CASE_LANES for row in range(7)
)
_LANE_STATE = 7 * CASE_LANES


@njit(cache=True)
def case_lanes(row, wage, heads, service, table, return_a, return_b, floor, index, out):
    """Block of cases, cell, step, case; parameters as in case_blocks. Lanes are cases, so each has its own sums.

    Heads and service are kept for every case, although they are equal: nothing but the look-ups is shared.
    """
    state = np.empty(_LANE_STATE)
    sums = np.empty((STEPS, TOTALS * CASE_LANES))
    for block in range(floor.shape[0]):
        sums[:] = 0.0
        for k in range(CASE_LANES):
            state[_LANE_RA + k] = return_a[block, k]
            state[_LANE_RB + k] = return_b[block, k]
            state[_LANE_FLOOR + k] = floor[block, k]
        for n in range(wage.size):
            for k in range(CASE_LANES):
                state[_LANE_HEADS + k] = heads[n]
                state[_LANE_A + k] = 0.0
                state[_LANE_B + k] = 0.0
                state[_LANE_SERVICE + k] = service[n]
            for t in range(STEPS):
                j = row[n] + np.uint64(ROW_STEP * t)
                qj, ij, rj, aj = _look_up(table, j)
                w, step_index, step_sums = wage[n], index[block, t], sums[t]
                for k in range(CASE_LANES):
                    before = state[_LANE_HEADS + k]
                    a, b, left, fiscal, quota, contributed, exits = _year(
                        state[_LANE_A + k], state[_LANE_B + k], before, w * step_index[k],
                        state[_LANE_SERVICE + k] + DENSITY * t, state[_LANE_FLOOR + k],
                        state[_LANE_RA + k], state[_LANE_RB + k], qj, ij, rj, aj,
                    )  # fmt: skip
                    state[_LANE_A + k] = a
                    state[_LANE_B + k] = b
                    state[_LANE_HEADS + k] = left
                    step_sums[k] += fiscal
                    step_sums[CASE_LANES + k] += quota
                    step_sums[2 * CASE_LANES + k] += contributed
                    step_sums[3 * CASE_LANES + k] += before
                    step_sums[4 * CASE_LANES + k] += exits
        for k in range(min(CASE_LANES, out.shape[0] - block * CASE_LANES)):
            for t in range(STEPS):
                for total in range(TOTALS):
                    out[block * CASE_LANES + k, t, total] = sums[t, total * CASE_LANES + k]


@njit(cache=True)
def hoisted(row, wage, heads, service, table, return_a, return_b, floor, index, out):
    """As case_lanes, but what is equal in all cases (heads, exits, replacement rate) is computed once for a block."""
    state = np.empty(_LANE_STATE)
    sums = np.empty((STEPS, 2 * CASE_LANES))
    equal = np.empty((STEPS, 3))
    for block in range(floor.shape[0]):
        sums[:] = 0.0
        equal[:] = 0.0
        for k in range(CASE_LANES):
            state[_LANE_RA + k] = return_a[block, k]
            state[_LANE_RB + k] = return_b[block, k]
            state[_LANE_FLOOR + k] = floor[block, k]
        for n in range(wage.size):
            left = heads[n]
            for k in range(CASE_LANES):
                state[_LANE_A + k] = 0.0
                state[_LANE_B + k] = 0.0
            for t in range(STEPS):
                j = row[n] + np.uint64(ROW_STEP * t)
                qj, ij, rj, aj = _look_up(table, j)
                before = left
                # A year with a wage of one, no balances and no floor leaves what does not depend on the case.
                _, _, left, _, quota, _, exits = _year(
                    0.0, 0.0, before, 1.0, 0.0, 0.0, 0.0, 0.0, qj, ij, rj, aj
                )
                further = max(service[n] + DENSITY * t - SERVICE_BASE, 0.0)
                replacement = min(REPLACEMENT_BASE + REPLACEMENT_STEP * further, REPLACEMENT_CAP)
                equal[t, 0] += quota
                equal[t, 1] += before
                equal[t, 2] += exits
                w, step_index, step_sums = wage[n], index[block, t], sums[t]
                for k in range(CASE_LANES):
                    case_wage = w * step_index[k]
                    into_a = DENSITY * ((RATE_A - COMMISSION) * case_wage + QUOTA)
                    into_b = DENSITY * RATE_B * case_wage
                    a = credit(state[_LANE_A + k], state[_LANE_RA + k], into_a)
                    b = credit(state[_LANE_B + k], state[_LANE_RB + k], into_b)
                    state[_LANE_A + k] = a
                    state[_LANE_B + k] = b
                    pension = replacement * case_wage
                    pension = pension if pension > state[_LANE_FLOOR + k] else state[_LANE_FLOOR + k]
                    missing = pension * aj - (a + b)
                    step_sums[k] += (missing if missing > 0.0 else 0.0) * exits
                    step_sums[CASE_LANES + k] += (into_a + into_b) * before
        for k in range(min(CASE_LANES, out.shape[0] - block * CASE_LANES)):
            for t in range(STEPS):
                to = out[block * CASE_LANES + k, t]
                to[0] = sums[t, k]
                to[1] = equal[t, 0]
                to[2] = sums[t, CASE_LANES + k]
                to[3] = equal[t, 1]
                to[4] = equal[t, 2]


def plain_numpy(
    row: NDArray[np.uint64], wage: Floats, heads: Floats, service: Floats, table: Floats,
    return_a: Floats, return_b: Floats, floor: Floats, index: Floats, out: Floats,
) -> None:  # fmt: skip
    """Whole arrays of cells, Python loops over cases and steps."""
    q, i, r, annuity = np.ascontiguousarray(table.reshape(-1, COLUMNS).T)
    first = (row // COLUMNS).astype(np.int64)
    for k in range(floor.size):
        a, b, left = np.zeros(wage.size), np.zeros(wage.size), heads
        for t in range(STEPS):
            j = first + SEXES * t
            now = wage * index[k, t]
            into_a = DENSITY * ((RATE_A - COMMISSION) * now + QUOTA)
            into_b = DENSITY * RATE_B * now
            a = a * (1.0 + return_a[k]) + into_a
            b = b * (1.0 + return_b[k]) + into_b
            deaths = left * q[j]
            disabled = (left - deaths) * i[j]
            retired = (left - deaths - disabled) * r[j]
            exits = disabled + retired
            further = np.maximum(service + DENSITY * t - SERVICE_BASE, 0.0)
            replacement = np.minimum(REPLACEMENT_BASE + REPLACEMENT_STEP * further, REPLACEMENT_CAP)
            fiscal = np.maximum(np.maximum(replacement * now, floor[k]) * annuity[j] - (a + b), 0.0) * exits
            contributed = (into_a + into_b) * left
            quota = QUOTA * DENSITY * left
            out[k, t] = fiscal.sum(), quota.sum(), contributed.sum(), left.sum(), exits.sum()
            left = left - deaths - disabled - retired


# ---------------------------------------------------------------------------------------------------------------------
# Variants.


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to compute the totals."""

    name: str
    mark: str  # "", "+" or "*", see the top of the file
    run: Callable[..., None]
    layout: str = "cells"  # "cells", "grouped" or "cases"
    threads: int = 1
    many_only: bool = False  # no use with one case


VARIANTS = {
    variant.name: variant
    for variant in (
        Variant("numpy", "", plain_numpy),
        Variant("scalar-loop", "", scalar_loop),
        Variant("cell-lanes", "", cell_lanes),
        Variant("cell-lanes-relaxed", "", cell_lanes_relaxed),
        Variant("cell-lanes-threads", "", cell_lanes_threads, threads=2, many_only=True),
        Variant("case-lanes", "+", case_lanes, layout="cases", many_only=True),
        Variant("grouped-cells", "*", grouped_cells, layout="grouped"),
        Variant("hoisted", "*", hoisted, layout="cases", many_only=True),
    )
}


def prepare(variant: Variant, tables: Tables, cells: Cells, scenarios: Scenarios) -> tuple[Any, ...]:
    """Arguments of the variant's function, without the last one, in the layout it wants."""
    if variant.layout == "grouped":
        laid = grouped_cell_arrays(cells, CELL_LANES)
    else:
        laid = cell_arrays(cells, CELL_LANES if variant.layout == "cells" else 1)
    if variant.layout == "cases":
        parameters = case_blocks(scenarios, CASE_LANES)
    else:
        parameters = (scenarios.return_a, scenarios.return_b, scenarios.floor, scenarios.wage_index)
    return (laid.row, laid.wage, laid.heads, laid.service, row_table(tables), *parameters)


def totals(variant: Variant, tables: Tables, cells: Cells, scenarios: Scenarios) -> Floats:
    """Totals of one run, array [cases, STEPS, TOTALS]."""
    out = np.empty((scenarios.floor.size, STEPS, TOTALS))
    variant.run(*prepare(variant, tables, cells, scenarios), out)
    return out


@cache
def vector_bits(function: Any) -> int:
    """Width in bits of the widest packed multiplication of doubles in the machine code; 64 is scalar, 0 unknown.

    Of a copy, since numba does not show the code of what it took from its cache. To be called after a first run.
    """
    if not hasattr(function, "py_func"):
        return 0
    copy = njit(
        **{key: value for key, value in function.targetoptions.items() if key in ("fastmath", "parallel")}
    )(function.py_func)
    copy.compile(function.signatures[0])
    code = [line for lines in copy.inspect_asm().values() for line in lines.splitlines()]
    packed = [line for line in code if "mulpd" in line]
    for register, bits in (("zmm", 512), ("ymm", 256), ("xmm", 128)):
        if any(register in line for line in packed):
            return bits
    return 64 if any("mulsd" in line for line in code) else 0


# ---------------------------------------------------------------------------------------------------------------------
# Measurement.

NANO = 1e9
LEAST_REPEATS = 7
MOST_REPEATS = 200
LEAST_SECONDS = 0.5  # short runs are repeated until they add up to this


@dataclass(frozen=True, slots=True)
class Timing:
    """Warm times of one variant; ns are per cell-step, cells * STEPS * cases of them, padding not counted."""

    variant: str
    mark: str
    cells: int
    cases: int
    threads: int
    repeats: int
    ns_median: float
    ns_min: float
    vector_bits: int
    deviation: float  # from the reference totals and from the scalar loop, in units of deviation()
    right: bool


@dataclass(frozen=True, slots=True)
class ColdStart:
    """A fresh process, from its start to its first result: interpreter, imports, inputs, compilation or its cache."""

    variant: str
    cells: int
    cases: int
    cache: str  # "empty" or "filled"
    seconds: float
    peak_mb: float | None  # resident memory of the process up to then


def measure(
    variant: Variant, cells: Cells, scenarios: Scenarios, expected: Floats, checked: dict[int, Floats]
) -> Timing:
    """Time one variant and compare it with the scalar loop (`expected`) and the reference (case -> totals)."""
    out = np.empty((scenarios.floor.size, STEPS, TOTALS))
    arguments = prepare(variant, make_tables(), cells, scenarios)
    available = numba.get_num_threads()
    threads = min(variant.threads, available)
    numba.set_num_threads(threads)
    try:
        variant.run(*arguments, out)  # compiles
        seconds: list[float] = []
        while len(seconds) < LEAST_REPEATS or (sum(seconds) < LEAST_SECONDS and len(seconds) < MOST_REPEATS):
            out.fill(np.nan)
            start = time.perf_counter()
            variant.run(*arguments, out)
            seconds.append(time.perf_counter() - start)
    finally:
        numba.set_num_threads(available)
    per_step = NANO / (cells.age.size * STEPS * scenarios.floor.size)
    off = deviation(out, expected)
    if checked:
        off = max(off, deviation(out[list(checked)], np.stack(list(checked.values()))))
    return Timing(
        variant.name,
        variant.mark,
        cells.age.size,
        scenarios.floor.size,
        threads,
        len(seconds),
        statistics.median(seconds) * per_step,
        min(seconds) * per_step,
        vector_bits(variant.run),
        off,
        off <= TOLERANCE,
    )


def same_for_all_threads(cells: Cells, scenarios: Scenarios) -> bool:
    """Are the bytes equal without threads and with every number of threads there is?"""
    tables = make_tables()
    expected = totals(VARIANTS["cell-lanes"], tables, cells, scenarios).tobytes()
    available = numba.get_num_threads()
    equal = True
    try:
        for threads in range(1, available + 1):
            numba.set_num_threads(threads)
            got = totals(VARIANTS["cell-lanes-threads"], tables, cells, scenarios).tobytes()
            equal = equal and got == expected
    finally:
        numba.set_num_threads(available)
    return equal


def peak_memory_mb() -> float | None:
    """Peak resident memory of this process in MB, where the system tells."""
    status = Path("/proc/self/status")
    if status.exists():  # unlike ru_maxrss this leaves out the parent
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return None


def cold_start(name: str, cells: int, cases: int, cache: Path, state: str) -> ColdStart:
    """Run one variant once in a fresh process and wait for its line."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.neutral_kernel",
        "--first-result",
        name,
        str(cells),
        str(cases),
    ]
    environment = os.environ | {"NUMBA_CACHE_DIR": str(cache)}
    root = Path(__file__).resolve().parents[1]
    start = time.perf_counter()
    with subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        answer = process.stdout.readline()
        seconds = time.perf_counter() - start
    if process.returncode or not answer:
        raise RuntimeError(f"{' '.join(command)} ended with status {process.returncode}")
    return ColdStart(name, cells, cases, state, seconds, json.loads(answer)["peak_mb"])


def first_result(name: str, cells: int, cases: int) -> None:
    """What the fresh process does."""
    totals(VARIANTS[name], make_tables(), make_cells(cells), make_scenarios(cases))
    print(json.dumps({"peak_mb": peak_memory_mb()}), flush=True)


# ---------------------------------------------------------------------------------------------------------------------

FULL = ((10_000, 1), (10_000, 100))
QUICK = ((1_000, 1),)
COLD_REPEATS = 3


def machine() -> dict[str, Any]:
    """What the figures were measured on; no names of machines or people."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "system": platform.system(),
    }


def print_timings(timings: Sequence[Timing]) -> None:
    """The table of warm times, with the speed-up over numpy in the same run."""
    header = f"{'variant':<22}{'cells':>8}{'cases':>7}{'threads':>9}{'bits':>6}{'ns median':>11}{'ns min':>9}"
    print(f"{header}{'x numpy':>9}{'max deviation':>15}")
    base = {(t.cells, t.cases): t.ns_median for t in timings if t.variant == "numpy"}
    for t in timings:
        numpy_ns = base.get((t.cells, t.cases))
        faster = f"{numpy_ns / t.ns_median:.1f}" if numpy_ns else "-"
        verdict = "" if t.right else "  WRONG"
        print(
            f"{t.variant + ' ' + t.mark:<22}{t.cells:>8}{t.cases:>7}{t.threads:>9}{t.vector_bits or '-':>6}"
            f"{t.ns_median:>11.2f}{t.ns_min:>9.2f}{faster:>9}{t.deviation:>15.1e}{verdict}"
        )
    print(
        "ns per cell-step, warm.  + look-ups shared by the cases of a cell   * shortcuts that the rules forbid"
    )


def print_cold(starts: Sequence[ColdStart]) -> None:
    """The table of cold starts."""
    print(f"\n{'cold start':<22}{'cells':>8}{'cases':>7}{'cache':>9}{'seconds':>10}{'peak MB':>10}")
    for c in starts:
        memory = "-" if c.peak_mb is None else f"{c.peak_mb:.0f}"
        print(f"{c.variant:<22}{c.cells:>8}{c.cases:>7}{c.cache:>9}{c.seconds:>10.2f}{memory:>10}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.neutral_kernel", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--quick", action="store_true", help="1,000 cells, one case, no cold start")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE as well")
    parser.add_argument(
        "--only", nargs="+", choices=sorted(VARIANTS), metavar="VARIANT", help="some variants"
    )
    parser.add_argument("--no-cold", action="store_true", help="leave the fresh processes out")
    parser.add_argument("--first-result", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.first_result:
        name, cells, cases = options.first_result
        first_result(name, int(cells), int(cases))
        return 0

    sizes = QUICK if options.quick else FULL
    reference = read_reference()
    timings: list[Timing] = []
    for count, cases in sizes:
        cells, scenarios = make_cells(count), make_scenarios(cases)
        expected = totals(VARIANTS["scalar-loop"], make_tables(), cells, scenarios)
        for variant in VARIANTS.values():
            wanted = not options.only or variant.name in options.only
            if wanted and not (variant.many_only and cases == 1):
                timings.append(measure(variant, cells, scenarios, expected, dict(reference[count, cases])))
    print_timings(timings)

    threads_agree = same_for_all_threads(make_cells(QUICK[0][0]), make_scenarios(2 * CASE_LANES + 1))
    print(f"\nsame bytes with 1 to {numba.get_num_threads()} threads: {'yes' if threads_agree else 'NO'}")

    starts: list[ColdStart] = []
    if not (options.quick or options.no_cold):
        for count, cases in sizes:
            with tempfile.TemporaryDirectory() as cache:
                starts.append(cold_start("cell-lanes", count, cases, Path(cache), "empty"))
                filled = [
                    cold_start("cell-lanes", count, cases, Path(cache), "filled") for _ in range(COLD_REPEATS)
                ]
                starts.append(sorted(filled, key=lambda c: c.seconds)[COLD_REPEATS // 2])
        print_cold(starts)

    if options.json:
        report = {
            "machine": machine(),
            "tolerance": TOLERANCE,
            "same_for_all_threads": threads_agree,
            "warm": [asdict(t) for t in timings],
            "cold": [asdict(c) for c in starts],
        }
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0 if threads_agree and all(t.right for t in timings) else 1


if __name__ == "__main__":
    sys.exit(main())
