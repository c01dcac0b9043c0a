"""The neutral benchmark kernel: every variant computes the same, whatever the layout and the number of threads."""

from __future__ import annotations

import json
import platform
from pathlib import Path

import llvmlite.binding as llvm
import numpy as np
import pytest

from benchmarks import neutral_kernel
from benchmarks.neutral_inputs import (
    OUTPUTS,
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
from benchmarks.neutral_kernel import (
    CASE_LANES,
    CELL_LANES,
    VARIANTS,
    same_for_all_threads,
    totals,
    vector_bits,
)

# Compiling the variants takes longer than running them, and no command uses them.
pytestmark = pytest.mark.slow


def by_hand(tables: Tables, cells: Cells, scenarios: Scenarios) -> Floats:
    """The kernel in plain Python, in the letters of its definition; array [cases, STEPS, outputs]."""
    out = np.zeros((scenarios.floor.size, STEPS, len(OUTPUTS)))
    for k in range(scenarios.floor.size):
        rate_a, rate_b, m = scenarios.return_a[k], scenarios.return_b[k], scenarios.floor[k]
        for x, s, w, l0, h in zip(cells.age, cells.sex, cells.wage, cells.heads, cells.service, strict=True):
            L, A, B = l0, 0.0, 0.0
            for t in range(STEPS):
                W = w * scenarios.wage_index[k, t]
                c = 0.83 * ((0.065 - 0.02) * W + 3.0)
                d = 0.83 * 0.05 * W
                A = A * (1 + rate_a) + c
                B = B * (1 + rate_b) + d
                D = L * tables.mortality[x + t, s]
                I = (L - D) * tables.disability[x + t]
                R = (L - D - I) * tables.retirement[x + t]
                E = I + R
                rep = min(1.0, 0.35 + 0.0125 * max(h + 0.83 * t - 10, 0.0))
                F = max(0.0, max(rep * W, m) * tables.annuity[x + t, s] - (A + B)) * E
                out[k, t] += (F, 3.0 * 0.83 * L, (c + d) * L, L, E)
                L = L - D - I - R
    return out


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("cases", [1, CASE_LANES + 1])
def test_follows_the_definition(name: str, cases: int) -> None:
    """Cells and cases that fill no whole block, so that the padding is seen to add nothing."""
    tables, cells, scenarios = make_tables(), make_cells(CELL_LANES + 3), make_scenarios(cases)
    result = totals(VARIANTS[name], tables, cells, scenarios)
    assert deviation(result, by_hand(tables, cells, scenarios)) <= TOLERANCE


@pytest.mark.parametrize("name", VARIANTS)
def test_matches_the_reference_for_one_case(name: str) -> None:
    expected = read_reference()[1_000, 1][0]
    result = totals(VARIANTS[name], make_tables(), make_cells(1_000), make_scenarios(1))
    assert deviation(result, expected[None]) <= TOLERANCE


@pytest.mark.parametrize("name", [name for name in VARIANTS if name != "numpy"])
def test_matches_the_reference_for_a_hundred_cases(name: str) -> None:
    reference = read_reference()[10_000, 100]
    result = totals(VARIANTS[name], make_tables(), make_cells(10_000), make_scenarios(100))
    assert sorted(reference) == [0, 50, 99]
    assert (
        deviation(result[sorted(reference)], np.stack([reference[k] for k in sorted(reference)])) <= TOLERANCE
    )


def test_bytes_do_not_depend_on_threads() -> None:
    assert same_for_all_threads(make_cells(100), make_scenarios(7))


@pytest.mark.parametrize("name", ["cell-lanes", "case-lanes"])
def test_a_case_does_not_depend_on_the_others(name: str) -> None:
    """What a case gives in a run of 30 it also gives in a run of its first 4, to the last bit."""
    tables, cells = make_tables(), make_cells(50)
    many = make_scenarios(30)
    few = Scenarios(many.return_a[:4], many.return_b[:4], many.floor[:4], many.wage_index[:4])
    assert np.array_equal(
        totals(VARIANTS[name], tables, cells, many)[:4], totals(VARIANTS[name], tables, cells, few)
    )


def test_strict_lanes_are_vectorised() -> None:
    """Without relaxed arithmetic, too: a change that makes LLVM give up is several times slower and fails here."""
    if platform.machine() not in {"x86_64", "AMD64"} or not llvm.get_host_cpu_features().get("avx2"):
        pytest.skip("looks for x86 instructions with 256 bits or more")
    totals(VARIANTS["cell-lanes"], make_tables(), make_cells(CELL_LANES), make_scenarios(1))
    assert vector_bits(VARIANTS["cell-lanes"].run) >= 256


def test_deviation_sees_small_faults_and_gaps() -> None:
    right = np.array([[[1.0, 1e-3], [2.0, 0.0]]])
    assert deviation(right, right) == 0.0
    off = right.copy()
    off[0, 0, 1] *= 1 + 1e-6
    assert deviation(off, right) == pytest.approx(1e-6, rel=1e-6)
    off[0, 0, 1] = np.nan
    assert deviation(off, right) == float("inf")


def test_command_writes_its_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "figures.json"
    assert neutral_kernel.main(["--quick", "--only", "numpy", "cell-lanes", "--json", str(file)]) == 0
    figures = json.loads(file.read_text(encoding="utf-8"))
    assert [row["variant"] for row in figures["warm"]] == ["numpy", "cell-lanes"]
    assert all(row["right"] and row["ns_min"] <= row["ns_median"] for row in figures["warm"])
    assert "cell-lanes" in capsys.readouterr().out


def test_command_fails_when_the_reference_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {key: {k: v * (1 + 1e-8) for k, v in table.items()} for key, table in read_reference().items()}
    monkeypatch.setattr(neutral_kernel, "read_reference", lambda: wrong)
    assert neutral_kernel.main(["--quick", "--only", "cell-lanes"]) == 1
