"""Many cases on the threads of this machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

from assumptions import AssumptionError, Fault, Resolved
from engine.processors import default_workers
from engine.projection import CaseResult, run_case


def run_cases(
    cases: Sequence[Resolved],
    *,
    workers: int | None = None,
    detail: bool = False,
    on_done: Callable[[int], object] | None = None,
) -> list[CaseResult]:
    """Project cases on a pool of threads; kernels hold no lock of the interpreter.

    Parameters
    ----------
    cases : sequence of Resolved
    workers : int, optional
        Threads; as many as processors by default.
    detail : bool
        Whether acquired rights are kept by birth year and wage.
    on_done : callable, optional
        Called with the number of finished cases.

    Returns
    -------
    list of CaseResult
        In the order of ``cases``, whatever the number of threads.

    Raises
    ------
    AssumptionError
        With the faults of all cases.
    """
    if workers is not None and workers < 1:
        raise AssumptionError([Fault("", "workers", f"{workers} is not allowed; 1 or more threads are")])
    count = workers or default_workers()
    # The first in this thread: in another one compiling asks the system for memory a million times, for seconds.
    futures = [_here(case, detail, count) for case in cases[:1]]
    with ThreadPoolExecutor(max_workers=count, thread_name_prefix="annexv") as pool:
        futures += [pool.submit(run_case, case, detail) for case in cases[1:]]
        try:
            for number, _ in enumerate(as_completed(futures), start=1):
                if on_done is not None:
                    on_done(number)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    results: list[CaseResult] = []
    faults: list[Fault] = []
    for future in futures:
        error = future.exception()
        if isinstance(error, AssumptionError):
            faults.extend(error.faults)
        elif error is not None:
            raise error
        else:
            results.append(future.result())
    if faults:
        raise AssumptionError(faults)
    return results


def _here(case: Resolved, detail: bool, workers: int) -> Future[CaseResult]:
    found: Future[CaseResult] = Future()
    try:
        found.set_result(run_case(case, detail, workers))
    except AssumptionError as error:
        found.set_exception(error)
    return found


__all__ = ["default_workers", "run_cases"]
