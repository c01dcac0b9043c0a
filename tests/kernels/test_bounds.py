"""No kernel reads or writes beyond what it is given: compiled to look, they end with an error where one does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import json
import numpy as np
import assumptions
from engine.balance.worth import worth
from engine.projection import run_case
from engine.worker import calculator, careers

def scenario(code, basis, overlays=(), **sets):
    return assumptions.load(code, overlays=list(overlays), sets=sets).resolve(basis)

few = {"reform.last_year": 2003, "population.wage_groups": 5}
cases = [
    scenario("3B", "statutory"),
    scenario("3B", "statutory", **few),
    scenario("1B", "published", **{"reform.last_year": 2041}),
    scenario("2A", "statutory", **{"contributions.unemployment_frequency": 0.1} | few),
    scenario("3B", "statutory", ["law_as_it_became"], **{"reform.last_year": 2030}),
    scenario("1A", "statutory", **{"law_1973.indexation_floor_mw": {1980: 0.0, 2002: 1.0}} | few),
]
found = {str(n): run_case(case, True).cost.sum(axis=1).tolist() for n, case in enumerate(cases)}
found["worth"] = worth(cases[0]).received.sum(axis=(1, 2)).ravel().tolist()
one = careers.Career(np.full(36, 1e4), np.ones(36), 25, 1960, 60)
found["worker"] = list(calculator.study(one, cases[0]).figures.values())
print(json.dumps(found))
"""


def found(**environment: str) -> dict[str, list[float]]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout))


@pytest.mark.slow
@pytest.mark.nightly
def test_kernels_stay_within_their_arrays(tmp_path: Path) -> None:
    checked = found(NUMBA_BOUNDSCHECK="1", NUMBA_CACHE_DIR=str(tmp_path))
    for case, numbers in found().items():
        np.testing.assert_allclose(checked[case], numbers, rtol=1e-12, err_msg=case)
