"""Runs on an existing cluster of dask.distributed.

Chunks are tasks; this process hands out a few more than the cluster has threads and keeps every chunk as it comes back, so
that workers need no common file system. A task that a dying worker leaves behind is given to another one by the scheduler.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Sequence
from pickle import dumps, loads
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Fault
from engine.outputs import provenance
from engine.sweeps.assemble import Source
from engine.sweeps.cases import Block, Context, Plan, work

_AHEAD: Final = 2  # tasks handed out for each thread of the cluster
_CONNECT_SECONDS: Final = 20


def unpack(packed: bytes, code: str) -> Context:
    """On a worker: what all runs share. Refuses to work with other code than the one that asks.

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
    context: Context = loads(zlib.decompress(packed))
    return context


def labour(context: Context, first: int, last: int, rows: NDArray[np.float64]) -> Block:
    """On a worker: one chunk."""
    return work(context, first, last, rows)


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

    def refuse(said: str) -> AssumptionError:
        return AssumptionError([Fault("", f"--scheduler {scheduler}", said)])

    try:
        client = dask.Client(scheduler, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise refuse(f"cannot be reached ({_short(error)}); give its address as tcp://HOST:PORT") from None
    kept = "; the chunks that came back are kept, --resume goes on"
    try:
        try:
            client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        except TimeoutError:
            raise refuse("has no workers; start some with `dask worker`") from None
        packed = zlib.compress(dumps(plan.context))
        # A task, not scattered data: should the worker that holds it die, the scheduler makes it anew.
        context = client.submit(unpack, packed, provenance.code_sha256(), key=f"annexv-{plan.sha256}")
        todo = iter(chunks)
        of: dict[str, tuple[int, int, int]] = {}

        def hand_out() -> Any:
            chunk = next(todo, None)
            if chunk is None:
                return None
            _, first, last = chunk
            # The key names the content, so that a chunk is never worked on twice at a time.
            key = f"annexv-{plan.sha256}-{first}-{last}"
            of[key] = chunk
            return client.submit(labour, context, first, last, plan.rows(first, last), key=key, pure=True)

        ahead = _AHEAD * max(1, sum(client.nthreads().values()))
        started = [future for future in (hand_out() for _ in range(ahead)) if future is not None]
        with client.as_current():
            coming = dask.as_completed(started)
        left = len(chunks)
        for future in coming:
            number, first, last = of.pop(future.key)
            if future.cancelled():
                raise refuse(f"was lost{kept}")
            failure = future.exception()
            if isinstance(failure, AssumptionError):
                raise failure
            if failure is not None:
                raise refuse(f"gave up on a chunk ({type(failure).__name__}: {_short(failure)}){kept}")
            source.write(number, future.result())
            future.release()
            left -= 1
            on_runs(last - first)
            more = hand_out()
            if more is not None:
                coming.add(more)
        if left:
            raise refuse(f"was lost{kept}")
    except (CommClosedError, TimeoutError) as error:
        raise refuse(f"was lost ({_short(error)}){kept}") from None
    finally:
        client.close(timeout=5)


def _short(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


__all__ = ["labour", "run", "unpack"]
