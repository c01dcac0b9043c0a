"""Runs on the threads of this machine; kernels hold no lock of the interpreter."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence

from engine.runs import default_workers
from engine.sweeps.assemble import Source
from engine.sweeps.cases import Cancelled, Plan, work


def run(
    plan: Plan,
    source: Source,
    chunks: Sequence[tuple[int, int, int]],
    workers: int | None,
    on_runs: Callable[[int], object],
) -> None:
    """Work on chunks until all are done; each is kept as soon as it is.

    Parameters
    ----------
    chunks : sequence of (int, int, int)
        Number, first run and run after the last of those still to be done.
    workers : int, optional
        Threads; as many as processors by default. Results do not depend on it.
    on_runs : callable
        Called in the calling thread with the number of runs of every chunk that is done.
    """
    todo = iter(chunks)
    taking = threading.Lock()
    stop = threading.Event()
    done: queue.SimpleQueue[int | BaseException] = queue.SimpleQueue()

    def labour() -> None:
        try:
            while not stop.is_set():
                with taking:
                    chunk = next(todo, None)
                if chunk is None:
                    break
                number, first, last = chunk
                source.write(number, work(plan.context, first, last, plan.rows(first, last), stop.is_set))
                done.put(last - first)
        except Cancelled:
            pass
        except BaseException as error:
            done.put(error)

    count = max(1, min(workers or default_workers(), len(chunks)))
    threads = [threading.Thread(target=labour, name=f"annexv-sweep-{n}", daemon=True) for n in range(count)]
    for thread in threads:
        thread.start()
    try:
        for _ in chunks:
            found = done.get()
            if isinstance(found, BaseException):
                raise found
            on_runs(found)
    finally:
        stop.set()
        for thread in threads:
            thread.join()


__all__ = ["run"]
