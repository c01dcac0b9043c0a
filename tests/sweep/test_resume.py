"""Interruptions: whatever happens, --resume gives the values of an undisturbed sweep."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import assumptions
import engine
from engine import sweeps
from engine.outputs import OutputError
from engine.sweeps import assemble, store
from engine.sweeps.cases import work

CASES = 60
TEXT = """
scenarios = ["3B"]
outputs = ["fiscal_cost", "contributors"]
[design]
kind = "latin_hypercube"
n = {n}
seed = {seed}
[[parameter]]
name = "funds.rcv_return"
distribution = {{kind = "uniform", low = 0.01, high = 0.05}}
[[parameter]]
name = "contributions.density"
distribution = {{kind = "uniform", low = 0.6, high = 1.0}}
"""
SETS = {"reform.last_year": 2003, "population.wage_groups": 5}
COMMAND = [sys.executable, "-c", "import engine.cli; engine.cli.main()", "sweep"]


@pytest.fixture(scope="module")
def design(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("design") / "sweep.toml"
    path.write_text(TEXT.format(n=CASES, seed=1), encoding="utf-8")
    return path


def plan(path: Path, **more: Any) -> sweeps.Plan:
    return sweeps.prepare(path, sets={**SETS, **more})


def values(path: Path) -> dict[str, bytes]:
    with sweeps.read(path) as found:
        loaded = found.load()
    return {
        str(name): (
            item.values.tobytes()
            if item.dtype.kind in "fi"
            else "\0".join(map(str, item.values.ravel())).encode()
        )
        for name, item in loaded.variables.items()
    }


@pytest.fixture(scope="module")
def undisturbed(design: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    target = tmp_path_factory.mktemp("whole") / "sweep.nc"
    done = sweeps.to_file(plan(design), target, workers=2)
    assert (done.cases, done.runs_found, done.finished_before) == (CASES, 0, False)
    assert done.failed == 0
    assert not store.folder_of(target).exists()
    assert [path.name for path in target.parent.iterdir()] == ["sweep.nc"]
    return values(target)


def command(design: Path, target: Path, *more: str) -> list[str]:
    sets = [word for name, value in SETS.items() for word in ("--set", f"{name}={value}")]
    return [*COMMAND, str(design), "--out", str(target), *sets, *more]


def killed_midway(words: list[str], folder: Path, chunks: int) -> int:
    """Start a sweep, kill it without warning once some chunks are there, and give the number of chunks it left."""
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while len(list(folder.glob("chunk-*"))) < chunks:
            assert process.poll() is None, "the sweep ended before it could be killed"
            time.sleep(0.002)
    finally:
        process.kill()
    assert process.wait() == -signal.SIGKILL if os.name == "posix" else process.wait()
    return len(list(folder.glob("chunk-*")))


@pytest.mark.slow
def test_killed_and_resumed_gives_the_same_values(design: Path, tmp_path: Path) -> None:
    """Twice killed, with other numbers of threads each time. A larger sweep, so that a kill comes in its middle."""
    large = tmp_path / "large.toml"
    large.write_text(TEXT.format(n=400, seed=1), encoding="utf-8")
    target = tmp_path / "sweep.nc"
    folder = store.folder_of(target)
    first = killed_midway(command(large, target, "--workers", "2"), folder, 5)
    assert not target.exists()
    second = killed_midway(command(large, target, "--workers", "1", "--resume"), folder, first + 5)
    (folder / f".{target.name}.1.tmp").write_bytes(b"half a file")
    last = subprocess.run(
        command(large, target, "--workers", "3", "--resume", "--json"), capture_output=True, text=True
    )
    assert last.returncode == 0, last.stderr
    report = json.loads(last.stdout)
    size = store.chunk_size(400)
    assert second * size <= report["runs_found_done"] + size
    assert 0 < report["runs_found_done"] < 400
    assert not folder.exists()
    whole = tmp_path / "whole.nc"
    sweeps.to_file(plan(large), whole)
    assert values(target) == values(whole)
    with sweeps.read(target) as one, sweeps.read(whole) as other:
        assert one.attrs["content_sha256"] == other.attrs["content_sha256"]


def test_resume_starts_where_nothing_is_there(
    design: Path, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    target = tmp_path / "sweep.nc"
    assert sweeps.to_file(plan(design), target, resume=True).runs_found == 0
    assert values(target) == undisturbed


@pytest.mark.slow
def test_resume_verifies_a_finished_file(design: Path, tmp_path: Path) -> None:
    target = tmp_path / "sweep.nc"
    sweeps.to_file(plan(design), target)
    before = target.read_bytes()
    run = subprocess.run(command(design, target, "--resume"), capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "finished already and verified" in run.stdout
    assert target.read_bytes() == before


def test_a_damaged_file_is_told(design: Path, tmp_path: Path) -> None:
    import netCDF4

    target = tmp_path / "sweep.nc"
    sweeps.to_file(plan(design), target)
    with netCDF4.Dataset(target, "a") as file:
        file["contributors"][3, 0, 2] += 1.0
    with pytest.raises(OutputError, match="has been changed or damaged"):
        sweeps.to_file(plan(design), target, resume=True)
    target.write_bytes(target.read_bytes()[:3000])
    with pytest.raises(OutputError, match=r"damaged|no netCDF-4 file"):
        sweeps.to_file(plan(design), target, resume=True)


def test_damaged_chunks_are_computed_again(
    design: Path, tmp_path: Path, undisturbed: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "sweep.nc"
    with monkeypatch.context() as patch:
        patch.setattr("engine.sweeps.assemble.write", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            sweeps.to_file(plan(design), target, chunk=7)
    parts = sorted(store.folder_of(target).glob("chunk-*"))
    assert len(parts) == 9
    parts[2].write_bytes(b"")
    parts[3].write_bytes(parts[3].read_bytes()[:-40])
    parts[4].write_bytes(parts[5].read_bytes())
    middle = bytearray(parts[6].read_bytes())
    middle[len(middle) // 2] ^= 1
    parts[6].write_bytes(middle)
    with np.load(parts[1], allow_pickle=False) as found:
        content = dict(found)
    content["output_contributors"] = 2.0 * content["output_contributors"]
    np.savez(parts[1], **content)
    done = sweeps.to_file(plan(design), target, resume=True)
    assert (done.runs_found, done.chunks_damaged) == (CASES - 5 * 7, 5)
    assert values(target) == undisturbed


@pytest.fixture(scope="module")
def chunk(design: Path) -> tuple[sweeps.Plan, bytes]:
    laid_out = plan(design)
    return laid_out, store.packed(work(laid_out.context, 0, 7, laid_out.rows(0, 7)), laid_out.sha256)


def test_no_bit_of_a_chunk_can_turn_unseen(chunk: tuple[sweeps.Plan, bytes]) -> None:
    """A turned bit is seen, or stands where it means nothing (times and versions in the archive's list)."""
    laid_out, content = chunk
    sound = store.unpacked(io.BytesIO(content), laid_out, 0, 7)
    assert sound is not None
    draw = np.random.default_rng(7)
    places = {
        *draw.integers(0, len(content), 400).tolist(),
        *range(64),
        *range(len(content) - 700, len(content)),
    }
    refused = 0
    for place in places:
        flipped = bytearray(content)
        flipped[place] ^= 1 << int(draw.integers(8))
        found = store.unpacked(io.BytesIO(flipped), laid_out, 0, 7)
        refused += found is None
        assert found is None or all(
            (found.arrays[name] == values).all() or np.array_equal(found.arrays[name], values, equal_nan=True)
            for name, values in sound.arrays.items()
        )
    assert refused > len(places) // 2


@pytest.mark.slow
def test_a_chunk_that_declares_more_than_it_holds_is_refused_before_it_is_read(
    chunk: tuple[sweeps.Plan, bytes],
) -> None:
    import tracemalloc

    laid_out, content = chunk
    with np.load(io.BytesIO(content), allow_pickle=False) as found:
        arrays = dict(found)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, values in arrays.items():
            member = io.BytesIO()
            np.save(member, np.zeros(30_000_000) if name == "output_contributors" else values)
            archive.writestr(f"{name}.npy", member.getvalue())
    del member
    tracemalloc.start()
    assert store.unpacked(stream, laid_out, 0, 7) is None
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_parts_of_another_sweep_are_refused(design: Path, tmp_path: Path) -> None:
    target = tmp_path / "sweep.nc"
    other = tmp_path / "other.toml"
    other.write_text(TEXT.format(n=CASES, seed=2), encoding="utf-8")
    store.Parts(target, plan(other))
    with pytest.raises(OutputError, match="parts of another sweep: the design differs"):
        sweeps.to_file(plan(design), target, resume=True)
    store.discard(store.folder_of(target))
    store.Parts(target, plan(design, **{"economy.gdp_growth": 0.05}))
    with pytest.raises(OutputError, match="parts of another sweep: the assumptions differs"):
        sweeps.to_file(plan(design), target, resume=True)
    with pytest.raises(OutputError, match="--resume goes on with it, --force starts anew"):
        sweeps.to_file(plan(design), target)
    assert sweeps.to_file(plan(design), target, overwrite=True).runs_found == 0


def test_a_file_of_another_sweep_is_refused(design: Path, tmp_path: Path) -> None:
    target = tmp_path / "sweep.nc"
    sweeps.to_file(plan(design), target)
    with pytest.raises(OutputError, match="holds another sweep: the assumptions differs"):
        sweeps.to_file(plan(design, **{"economy.gdp_growth": 0.05}), target, resume=True)
    with pytest.raises(OutputError, match="exists already"):
        sweeps.to_file(plan(design), target)


def test_a_folder_that_is_not_ours_is_left_alone(design: Path, tmp_path: Path) -> None:
    target = tmp_path / "sweep.nc"
    folder = store.folder_of(target)
    folder.mkdir()
    (folder / "thesis.docx").write_text("years of work")
    with pytest.raises(OutputError, match=r"thesis\.docx, which is no part of a sweep"):
        sweeps.to_file(plan(design), target, overwrite=True)
    assert (folder / "thesis.docx").exists()


def test_the_file_in_memory_and_on_disk_are_the_same(
    design: Path, tmp_path: Path, small: Callable[..., assumptions.Pack]
) -> None:
    kept = engine.sweep(small(), design)
    with engine.sweep(small(), design, out=tmp_path / "s.nc", chunk=7) as opened:
        found = opened.load()
    assert set(kept.variables) == set(found.variables)
    assert set(kept.coords) == set(found.coords)
    for name, item in kept.variables.items():
        same = found[name].values.astype(item.dtype) if item.dtype.kind == "U" else found[name].values
        assert found[name].dims == item.dims
        assert (same == item.values).all() or np.array_equal(same, item.values, equal_nan=True), name
        for key, value in item.attrs.items():
            assert np.array_equal(found[name].attrs[key], value), (name, key)


@pytest.mark.slow
def test_equal_sweeps_give_equal_bytes(design: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    one, other = tmp_path / "one.nc", tmp_path / "other.nc"
    sweeps.to_file(plan(design), one, workers=1, chunk=3)
    sweeps.to_file(plan(design), other, workers=2, chunk=3)
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.slow
def test_the_file_follows_cf(design: Path, tmp_path: Path) -> None:
    pytest.importorskip("compliance_checker")
    from compliance_checker.runner import CheckSuite, ComplianceChecker

    target = tmp_path / "sweep.nc"
    sweeps.to_file(plan(design), target)
    CheckSuite.load_all_available_checkers()
    report = tmp_path / "report.json"
    ComplianceChecker.run_checker(
        str(target), ["cf:1.11"], 0, "strict", output_filename=str(report), output_format="json"
    )
    found = json.loads(report.read_text())["cf:1.11"]
    # CF recommends names of letters, digits and underscores; the dotted names of assumptions are kept on purpose.
    serious = [item for item in found["high_priorities"] if item["msgs"]]
    assert [item["msgs"] for item in serious] == []


@pytest.mark.slow
@pytest.mark.nightly
def test_memory_does_not_grow_with_cases(
    tmp_path: Path, small: Callable[..., assumptions.Pack], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pieces of a file are written one at a time: beyond a piece, here of a few cases, more of them hold less than half of
    what their results take."""
    import tracemalloc

    monkeypatch.setattr(assemble, "_PIECE", 1000)
    bonus = {"name": "law_1973.bonus_months"}
    peaks = []
    few, many = 400, 1200  # in the first hundreds caches fill
    for n in (few, many):
        values = [0.5 + 1e-4 * k for k in range(n)]
        design = {"design": {"kind": "grid"}, "parameter": [{**bonus, "values": values}]}
        laid_out = sweeps.prepare(design, packs=small(), outputs=("fiscal_cost", "contributions", "exits"))
        tracemalloc.start()
        sweeps.to_file(laid_out, tmp_path / f"{n}.nc", workers=1, chunk=5)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    held = (many - few) * 7 * (4 + 7 + 6) * 8
    assert peaks[1] - peaks[0] < 0.5 * held, peaks


def test_a_full_disk_is_told(design: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        sweeps.to_file(plan(design), tmp_path / "sweep.nc")
    assert not (tmp_path / "sweep.nc").exists()


def test_xarray_opens_it(design: Path, tmp_path: Path) -> None:
    target = tmp_path / "sweep.nc"
    sweeps.to_file(plan(design), target)
    with xr.open_dataset(target) as found:
        dims = found.fiscal_cost.dims
        assert dims == ("case", "scenario", "component", "year")
        assert "contributions.density" in found.coords
        assert found.fiscal_cost.attrs["units_label"] == "percent of GDP"
        assert found.fiscal_cost.sel(scenario="3B", component="acquired_rights").sizes["case"] == CASES


def test_two_sweeps_on_one_file_do_not_meet(design: Path, tmp_path: Path) -> None:
    target = tmp_path / "sweep.nc"
    held = store.Parts(target, plan(design))
    with pytest.raises(OutputError, match="another sweep is writing here"):
        store.Parts(target, plan(design))
    with pytest.raises(OutputError, match="another sweep is writing here"):
        store.discard(held.folder)
    held.release()
    store.Parts(target, plan(design)).remove()
    assert not held.folder.exists()
