"""Sensitivity sweeps: many cases of a projection, on the threads of this machine or on a cluster, resumable.

:func:`engine.sweep` is the door. A sweep is read and checked (:mod:`spec`), laid out as cases (:mod:`design`), worked on in
chunks of runs (:mod:`cases`, :mod:`local`, :mod:`cluster`) that are kept as they finish (:mod:`store`), put together into
one dataset (:mod:`assemble`) and summed up (:mod:`analysis`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xarray as xr

from assumptions import AssumptionError, Fault, Pack
from engine.outputs import OutputError
from engine.outputs.files import check_target
from engine.sweeps import assemble, bounds, cluster, local, reading, store
from engine.sweeps.assemble import read
from engine.sweeps.cases import Plan, plan
from engine.sweeps.spec import Checked

Design = Mapping[str, Any] | str | Path
Progress = Callable[[str, int, int], object]


@dataclass(frozen=True, slots=True)
class Done:
    """What happened.

    Cases and those of them that failed; runs and those that were found done; whether the file was finished already; chunks
    of an earlier sweep that were damaged and computed again.
    """

    cases: int
    failed: int
    runs: int
    runs_found: int
    finished_before: bool
    chunks_damaged: int = 0


def prepare(design: Design, *, embed_tables: bool = False, **given: Any) -> Plan:
    """Read, check and lay out a sweep; other keywords are those of :func:`check`.

    Raises
    ------
    AssumptionError
        With everything found wrong.
    """
    return lay_out(check(design, **given), embed_tables)


def check(
    design: Design,
    *,
    packs: Pack | Sequence[Pack] | None = None,
    basis: str | None = None,
    outputs: Sequence[str] | None = None,
    overlays: Sequence[str] = (),
    sets: Mapping[str, Any] | None = None,
) -> Checked:
    """Read and check a sweep; see :func:`engine.sweep`.

    Raises
    ------
    AssumptionError
        With everything found wrong.
    """
    raw, file, folder = ({}, "design", Path())
    if isinstance(design, Mapping):
        raw = dict(design)
    else:
        raw, file, folder = reading.read(design)
    given = [packs] if isinstance(packs, Pack) else packs
    return reading.check(
        raw, file, folder, packs=given, basis=basis, chosen=outputs, overlays=overlays, sets=sets
    )


def lay_out(checked: Checked, embed_tables: bool = False) -> Plan:
    """Cases of a checked sweep, their values held to bounds and constraints.

    Raises
    ------
    AssumptionError
        With the cases that no projection can take.
    """
    laid_out = plan(checked, embed_tables)
    bounds.check(laid_out)
    return laid_out


def quiet(stage: str, done: int, total: int) -> None:
    """No progress wanted."""


def in_memory(
    laid_out: Plan,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    chunk: int | None = None,
    on_progress: Progress = quiet,
) -> xr.Dataset:
    """Work on a plan and give the dataset, without any file."""
    check_workers(workers, scheduler, chunk)
    blocks = assemble.Blocks(laid_out.runs, chunk or store.chunk_size(laid_out.runs))
    _work(laid_out, blocks, blocks.chunks, workers, scheduler, on_progress, 0)
    return assemble.dataset(laid_out, blocks)


def to_file(
    laid_out: Plan,
    target: Path,
    *,
    resume: bool = False,
    overwrite: bool = False,
    workers: int | None = None,
    scheduler: str | None = None,
    chunk: int | None = None,
    command: str = "engine.sweep",
    on_progress: Progress = quiet,
) -> Done:
    """Work on a plan and write its file; memory does not grow with the number of cases.

    Finished chunks lie in the folder ``FILE.parts`` until the file is complete.

    Parameters
    ----------
    resume : bool
        Go on with the parts of an earlier, interrupted sweep; a finished file is verified and left as it is.
    overwrite : bool
        Replace a file, and discard parts, of an earlier sweep.
    chunk : int, optional
        Runs of a chunk; a resumed sweep keeps that of its parts.
    on_progress : callable
        Called with ``"runs"`` or ``"writing"``, the number done and the total.

    Raises
    ------
    OutputError
        If the file exists, belongs to another sweep, or cannot be written.
    AssumptionError
        If a cluster cannot be used.
    """
    check_workers(workers, scheduler, chunk)
    check_target(target, overwrite=overwrite or resume, suffixes=(".nc",))
    folder = store.folder_of(target)
    if target.exists() and resume and not overwrite:
        failed = assemble.verify(target, laid_out)
        if folder.is_dir():
            store.Parts(target, laid_out).remove()
        return Done(laid_out.cases, failed, laid_out.runs, laid_out.runs, True)
    if folder.exists() and not resume:
        if not overwrite:
            raise OutputError(
                f"{folder}: holds parts of an unfinished sweep; --resume goes on with it, --force starts anew"
            )
        store.discard(folder)
    parts = store.Parts(target, laid_out, chunk)
    try:
        missing = [piece for piece in parts.chunks if parts.read(*piece) is None]
        damaged = sum(parts.damaged(number) for number, _, _ in missing)
        found = laid_out.runs - sum(last - first for _, first, last in missing)
        _work(laid_out, parts, missing, workers, scheduler, on_progress, found)
        failed = assemble.write(
            laid_out, parts, target, command, lambda cases: on_progress("writing", cases, laid_out.cases)
        )
        parts.remove()
    finally:
        parts.release()
    return Done(laid_out.cases, failed, laid_out.runs, found, False, damaged)


def check_workers(workers: int | None, scheduler: str | None, chunk: int | None = None) -> None:
    """Refuse impossible numbers of threads and runs.

    Raises
    ------
    AssumptionError
        With everything found wrong.
    """
    faults = []
    if workers is not None and workers < 1:
        faults.append(Fault("", "workers", f"{workers} is not allowed; 1 or more threads are"))
    if workers is not None and scheduler is not None:
        faults.append(
            Fault("", "workers", "has no effect with a scheduler: its workers have their own threads")
        )
    if chunk is not None and chunk < 1:
        faults.append(Fault("", "chunk", f"{chunk} is not allowed; 1 or more runs are"))
    if faults:
        raise AssumptionError(faults)


def _work(
    laid_out: Plan,
    source: assemble.Source,
    chunks: Sequence[tuple[int, int, int]],
    workers: int | None,
    scheduler: str | None,
    on_progress: Progress,
    found: int,
) -> None:
    done = found

    def report(runs: int) -> None:
        nonlocal done
        done += runs
        on_progress("runs", done, laid_out.runs)

    report(0)
    if not chunks:
        return
    if scheduler is None:
        local.run(laid_out, source, chunks, workers, report)
    else:
        cluster.run(laid_out, source, chunks, scheduler, report)


__all__ = [
    "Checked",
    "Design",
    "Done",
    "Progress",
    "check",
    "check_workers",
    "in_memory",
    "lay_out",
    "prepare",
    "quiet",
    "read",
    "to_file",
]
