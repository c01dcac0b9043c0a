"""Runs on an existing cluster of dask.distributed.

Chunks are tasks; this process hands out a few more than the cluster has threads and keeps every chunk as it comes back, so
that workers need no common file system. A task that a dying worker leaves behind is given to another one by the scheduler.

Assumptions travel as JSON and chunks as bytes of their files, both checked against digests where they arrive. dask itself
sends the names of our functions by pickle: a scheduler and its workers must be trusted, as docs/scaling.md says.
"""

from __future__ import annotations

import io
import itertools
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np

from assumptions import AssumptionError, Fault
from engine.outputs import provenance
from engine.sweeps import store
from engine.sweeps.assemble import Source
from engine.sweeps.cases import Block, Context, Plan, context_from_json, context_to_json, work

_AHEAD: Final = 2  # tasks handed out for each thread of the cluster
_CONNECT_SECONDS: Final = 20
_KEPT: Final = "; the chunks that came back are kept, --resume goes on"


def hand_over(packed: bytes, code: str) -> bytes:
    """On a worker: what all runs share, as bytes that workers pass on. Refuses to work with other code than the asker's.

    Raises
    ------
    AssumptionError
        If the worker has another version of annexv.
    """
    if provenance.code_sha256() != code:
        raise AssumptionError(
            [
                Fault(
                    "",
                    f"worker {os.uname().nodename if hasattr(os, 'uname') else ''}".strip(),
                    f"runs another annexv ({provenance.version()}) than this machine; install the same everywhere",
                )
            ]
        )
    return packed


@lru_cache(maxsize=4)
def unpacked_context(packed: bytes) -> Context:
    """On a worker: the inverse of :func:`packed_context`, once for all chunks."""
    return context_from_json(zlib.decompress(packed).decode())


def packed_context(context: Context) -> bytes:
    """What all runs share, as compressed JSON."""
    return zlib.compress(context_to_json(context).encode())


def labour(packed: bytes, sweep: str, first: int, last: int, rows: bytes) -> bytes:
    """On a worker: one chunk, as the bytes of its file.

    Parameters
    ----------
    rows : bytes
        Values of the cases, float64 (case, parameter).
    """
    context = unpacked_context(packed)
    cases = (last - 1) // context.paths - first // context.paths + 1
    values = np.frombuffer(rows, dtype=np.float64).reshape(cases, len(context.spec.parameters))
    return store.packed(work(context, first, last, values), sweep)


def run(
    plan: Plan,
    source: Source,
    chunks: Sequence[tuple[int, int, int]],
    scheduler: str,
    on_runs: Callable[[int], object],
) -> None:
    """Work on chunks until all are done; each is kept as soon as it comes back.

    Parameters
    ----------
    chunks : sequence of (int, int, int)
        Number, first run and run after the last of those still to be done.
    scheduler : str
        Address, as tcp://host:8786.
    on_runs : callable
        Called with the number of runs of every chunk that is done.

    Raises
    ------
    AssumptionError
        If the scheduler cannot be reached or is lost, has no workers, or these have another annexv.
    """
    import distributed
    from distributed.comm.core import CommClosedError

    dask: Any = distributed  # parts of it are untyped
    try:
        client = dask.Client(scheduler, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        said = f"cannot be reached ({_short(error)}); give its address as tcp://HOST:PORT"
        raise _refusal(scheduler, said) from None
    try:
        try:
            client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        except TimeoutError:
            raise _refusal(scheduler, "has no workers; start some with `dask worker`") from None
        # A task, not scattered data: should the worker that holds it die, the scheduler makes it anew.
        packed = packed_context(plan.context)
        context = client.submit(hand_over, packed, provenance.code_sha256(), key=f"annexv-{plan.sha256}")
        todo = iter(chunks)
        of: dict[str, tuple[int, int, int]] = {}

        def hand_out() -> Iterator[Any]:
            """The next chunk as a task, if there is one."""
            for chunk in itertools.islice(todo, 1):
                _, first, last = chunk
                # The key names the content, so that a chunk is never worked on twice at a time.
                key = f"annexv-{plan.sha256}-{first}-{last}"
                of[key] = chunk
                rows = plan.rows(first, last).tobytes()
                yield client.submit(labour, context, plan.sha256, first, last, rows, key=key, pure=True)

        ahead = _AHEAD * max(1, sum(client.nthreads().values()))
        started = [future for _ in range(ahead) for future in hand_out()]
        with client.as_current():
            coming = dask.as_completed(started)
        left = len(chunks)
        for future in coming:
            number, first, last = of.pop(future.key)
            source.write(number, _came_back(future, plan, first, last, scheduler))
            future.release()
            left -= 1
            on_runs(last - first)
            for more in hand_out():
                coming.add(more)
        if left:
            raise _refusal(scheduler, f"was lost{_KEPT}")
    except (CommClosedError, TimeoutError) as error:
        raise _refusal(scheduler, f"was lost ({_short(error)}){_KEPT}") from None
    finally:
        client.close(timeout=5)


def _came_back(future: Any, plan: Plan, first: int, last: int, scheduler: str) -> Block:
    """A chunk that a worker has finished."""
    if future.cancelled():
        raise _refusal(scheduler, f"was lost{_KEPT}")
    failure = future.exception()
    if isinstance(failure, AssumptionError):
        raise failure
    if failure is not None:
        said = f"gave up on a chunk ({type(failure).__name__}: {_short(failure)}){_KEPT}"
        raise _refusal(scheduler, said)
    block = store.unpacked(io.BytesIO(future.result()), plan, first, last)
    if block is None:
        raise _refusal(scheduler, f"sent back a damaged chunk{_KEPT}")
    return block


def _refusal(scheduler: str, said: str) -> AssumptionError:
    return AssumptionError([Fault("", f"--scheduler {scheduler}", said)])


def _short(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


__all__ = ["hand_over", "labour", "packed_context", "run", "unpacked_context"]
