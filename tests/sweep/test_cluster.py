"""On a cluster of two processes, one of them killed in the middle: results are those of this process."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import assumptions
import engine
from engine import sweeps

pytest.importorskip("distributed")
pytestmark = [pytest.mark.cluster, pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

DESIGN = {
    "outputs": ["fiscal_cost", "memo"],
    "design": {"kind": "latin_hypercube", "n": 150, "seed": 3},
    "parameter": [
        {"name": "funds.rcv_return", "distribution": {"kind": "uniform", "low": 0.01, "high": 0.05}},
        {"name": "contributions.density", "distribution": {"kind": "uniform", "low": 0.6, "high": 1.0}},
    ],
}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    import distributed

    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as running:
        yield running


@pytest.fixture(scope="module")
def packs(small: Callable[..., assumptions.Pack]) -> list[assumptions.Pack]:
    return [small("1B"), small("3B")]


def test_a_worker_killed_in_the_middle(cluster: Any, packs: list[assumptions.Pack], tmp_path: Path) -> None:
    killed: list[int] = []
    seen: list[int] = []

    def kill_one(stage: str, done: int, total: int) -> None:
        if stage == "runs":
            seen.append(done)
            if not killed and done >= total // 4:
                workers = cluster.scheduler.workers.values()
                pids = [worker.pid for worker in cluster.workers.values()] if not workers else []
                pids = pids or [nanny.pid for nanny in cluster.workers.values()]
                os.kill(pids[0], getattr(signal, "SIGKILL", signal.SIGTERM))
                killed.append(pids[0])

    with engine.sweep(
        packs,
        DESIGN,
        out=tmp_path / "cluster.nc",
        scheduler=cluster.scheduler_address,
        chunk=5,
        on_progress=kill_one,
    ) as there:
        digest = there.attrs["content_sha256"]
        assert there.attrs["cases_failed"] == 0
    assert killed
    assert killed[0] != os.getpid()
    assert seen[0] == 0
    assert seen[-1] == 150
    with engine.sweep(packs, DESIGN, out=tmp_path / "local.nc", workers=2) as here:
        assert here.attrs["content_sha256"] == digest


def test_random_paths_on_the_cluster(cluster: Any, packs: list[assumptions.Pack]) -> None:
    design = {
        "outputs": ["fiscal_cost_total"],
        "stochastic": {"paths": 12, "shock": [{"name": "funds.rcv_return", "sd": 0.01, "persistence": 0.4}]},
    }
    there = engine.sweep(packs, design, scheduler=cluster.scheduler_address, chunk=5)
    here = engine.sweep(packs, design)
    assert there.identical(here)


def test_other_code_on_a_worker_is_refused(
    cluster: Any, packs: list[assumptions.Pack], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.outputs.provenance.code_sha256", lambda: "0" * 64)
    with pytest.raises(assumptions.AssumptionError, match="runs another annexv"):
        engine.sweep(packs, DESIGN, scheduler=cluster.scheduler_address)


def test_no_scheduler_there(packs: list[assumptions.Pack], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.sweeps.cluster._CONNECT_SECONDS", 1)
    for address in ("tcp://127.0.0.1:9", "nowhere"):
        with pytest.raises(assumptions.AssumptionError, match=rf"--scheduler {address}: cannot be reached"):
            engine.sweep(packs, DESIGN, scheduler=address)


def test_workers_and_scheduler_exclude_one_another(packs: list[assumptions.Pack]) -> None:
    with pytest.raises(assumptions.AssumptionError, match="workers: has no effect with a scheduler"):
        sweeps.in_memory(sweeps.prepare(DESIGN, packs=packs), workers=2, scheduler="tcp://127.0.0.1:1")
