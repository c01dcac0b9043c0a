"""A sweep of many cases on a local cluster of two processes, one of which is killed on the way.

    python benchmarks/scale.py [--cases 100000] [--basis published] [--out FILE.nc]

Prints rates, and the memory of the process that collects at a tenth, a half and all of the cases: it must not grow with
their number. A hundred cases of the file are projected again in this process and compared to the bit. Exit status 1 where
something of this does not hold. Needs the extra cluster.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr

import assumptions
import engine

SEED: Final = 20_261_127
DESIGN: Final[dict[str, Any]] = {
    "scenarios": ["3B"],
    "outputs": ["fiscal_cost", "fiscal_cost_total"],
    "parameter": [
        {"name": "funds.rcv_return", "distribution": {"kind": "uniform", "low": 0.02, "high": 0.05}},
        {"name": "economy.real_wage_growth", "distribution": {"kind": "uniform", "low": 0.0, "high": 0.02}},
        {"name": "economy.gdp_growth", "distribution": {"kind": "uniform", "low": 0.02, "high": 0.05}},
    ],
}
COMPARED: Final = 100
# Growth of the peak between a tenth and all of the cases that is still flat, in MB: the interpreter's own.
FLAT: Final = 50.0


def peak() -> float:
    """Peak memory of this process, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024.0 if sys.platform != "darwin" else 1024.0**2
    )


def main() -> int:
    """Run; the exit status."""
    parser = argparse.ArgumentParser(prog="benchmarks/scale.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--basis", default="published", choices=assumptions.basis_names())
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if options.cases < COMPARED:
        parser.error(f"--cases {options.cases} is not allowed; {COMPARED} or more are")
    try:
        import distributed
    except ImportError:
        parser.error('dask.distributed is not installed: python -m pip install ".[sweep,cluster]"')
    design = {
        **DESIGN,
        "basis": options.basis,
        "design": {"kind": "latin_hypercube", "n": options.cases, "seed": SEED},
    }
    marks: dict[float, float] = {}
    killed: list[int] = []
    started = time.perf_counter()
    writing: list[float] = []
    with (
        tempfile.TemporaryDirectory() as scratch,
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
    ):
        target = options.out or Path(scratch) / "scale.nc"

        def watch(stage: str, done: int, total: int) -> None:
            if stage == "writing" and not writing:
                writing.append(time.perf_counter())
            if stage != "runs":
                return
            if not killed and done >= total // 4:
                killed.append(next(iter(cluster.workers.values())).pid)
                os.kill(killed[0], signal.SIGKILL)
            for part in (0.1, 0.5, 1.0):
                if done >= part * total:
                    marks.setdefault(part, peak())

        with engine.sweep(
            assumptions.load("3B"), design, out=target, scheduler=cluster.scheduler_address, on_progress=watch
        ) as found:
            took = time.perf_counter() - started
            failed = int(found.attrs["cases_failed"])
            wrong = compared(found, options.basis, options.cases)
        size = target.stat().st_size / 1e6
        with xr.open_dataset(target, chunks={"case": 4096}) as lazy:
            chunks = lazy.fiscal_cost_total.data.numblocks[lazy.fiscal_cost_total.get_axis_num("case")]
    ran = (writing[0] if writing else started + took) - started
    print(
        f"{options.cases} cases of 3B {options.basis}: {took:.0f} s, of which {took - ran:.0f} s to assemble {size:.0f} MB"
    )
    print(
        f"{options.cases / ran:.0f} cases a second; worker {killed[0]} killed at a quarter; {failed} cases failed"
    )
    print(
        "peak memory of the collecting process: "
        + ", ".join(f"{mb:.0f} MB at {part:.0%}" for part, mb in marks.items())
    )
    print(f"{COMPARED} cases again in this process: {wrong} differ; read lazily in {chunks} chunks")
    return int(failed > 0 or wrong > 0 or marks[1.0] - marks[0.1] > FLAT)


def compared(found: xr.Dataset, basis: str, cases: int) -> int:
    """How many of some cases of a file are not, to the bit, what this process projects."""
    wrong = 0
    for case in np.random.default_rng(SEED).choice(cases, COMPARED, replace=False):
        sets = {item["name"]: float(found[item["name"]][case]) for item in DESIGN["parameter"]}
        again = engine.project(assumptions.load("3B", sets=sets), basis).fiscal_cost_total
        wrong += not np.array_equal(found.fiscal_cost_total[case].values.squeeze(), again.values.squeeze())
    return wrong


if __name__ == "__main__":
    sys.exit(main())
