"""What happens: the projection of the reform's fiscal cost, year by year.

>>> import assumptions, engine
>>> result = engine.project(assumptions.load("3B"), basis="statutory")
>>> result.fiscal_cost.dims
('basis', 'scenario', 'component', 'year')

Importing this package is cheap; numpy, numba and xarray are imported with the first projection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr

    from assumptions import Pack


def project(
    pack: Pack, basis: str = "statutory", *, workers: int | None = None, strict: bool = False
) -> xr.Dataset:
    """Project one scenario on one basis.

    Parameters
    ----------
    pack : assumptions.Pack
        As ``assumptions.load`` gives it.
    basis : str
        ``statutory``, ``published`` or ``reconstructed``.
    workers : int, optional
        Threads; one case needs one.
    strict : bool
        Whether notices (the dataset's attribute ``notices``, one a line) are errors.

    Returns
    -------
    xarray.Dataset
        Variables of :mod:`engine.outputs.schema`, with dimensions ``basis`` and ``scenario`` of length 1.

    Raises
    ------
    assumptions.AssumptionError
        If values contradict one another, or a value that was set has no effect on this basis; with
        ``strict`` also if there is a notice.

    Examples
    --------
    >>> import assumptions, engine
    >>> result = engine.project(assumptions.load("3B"), basis="published")
    >>> cost = result.fiscal_cost.sel(basis="published", scenario="3B", component="acquired_rights")
    >>> cost.attrs["units_label"]
    'percent of GDP'
    """
    return project_many([pack], (basis,), workers=workers, strict=strict)


def project_many(
    packs: Iterable[Pack],
    bases: Sequence[str] = ("statutory", "published"),
    *,
    workers: int | None = None,
    on_done: Callable[[int], object] | None = None,
    embed_tables: bool = False,
    strict: bool = False,
) -> xr.Dataset:
    """Project scenarios on bases, in parallel on the threads of this machine.

    A value that was set and has no effect on one of several bases is left out there; the attribute ``notices`` of the
    dataset says so.

    Parameters
    ----------
    packs : iterable of assumptions.Pack
        Each scenario once, in any order.
    bases : sequence of str
    workers : int, optional
        Threads; as many as processors by default. Results do not depend on it.
    on_done : callable, optional
        Called with the number of finished cases.
    embed_tables : bool
        Whether the dataset holds the users' own tables (members, pensioners), not only their digests and control totals.
    strict : bool
        Whether notices are errors.

    Returns
    -------
    xarray.Dataset
        Bases and scenarios in their fixed order.

    Raises
    ------
    assumptions.AssumptionError
        With everything found wrong.

    Examples
    --------
    >>> import assumptions, engine
    >>> packs = [assumptions.load(code) for code in ("1B", "3B")]
    >>> engine.project_many(packs).sizes["basis"]
    2
    """
    from engine.outputs.dataset import project_resolved, resolve

    return project_resolved(
        resolve(packs, bases), workers=workers, on_done=on_done, embed_tables=embed_tables, strict=strict
    )


def sweep(
    pack: Pack | Sequence[Pack] | None,
    design: Mapping[str, Any] | str | Path,
    *,
    basis: str | None = None,
    outputs: Sequence[str] | None = None,
    out: str | Path | None = None,
    resume: bool = False,
    overwrite: bool = False,
    workers: int | None = None,
    scheduler: str | None = None,
    chunk: int | None = None,
    on_progress: Callable[[str, int, int], object] | None = None,
    embed_tables: bool = False,
    strict: bool = False,
) -> xr.Dataset:
    """Project many cases that differ in some assumptions.

    Every case is a pure function of its own values: results do not depend, in any bit, on workers, order or chunks. A case
    that fails has missing results and a message in ``case_message``; the attribute ``cases_failed`` counts them. Values
    out of bounds are refused before the first projection.

    Parameters
    ----------
    pack : assumptions.Pack, sequence of Pack or None
        Scenarios; None for those that the design names.
    design : mapping, str or Path
        A SWEEP.toml, or the same as nested dicts; see docs/scaling.md.
    basis : str, optional
        Instead of the design's own.
    outputs : sequence of str, optional
        Variables of :mod:`engine.outputs.schema` to keep, instead of the design's own.
    out : str or Path, optional
        Write a netCDF file, in memory that does not grow with the number of cases, and open that; by default all stays in
        memory.
    resume, overwrite : bool
        With ``out``: go on with an interrupted sweep (a finished file is verified); replace what is there.
    workers : int, optional
        Threads; as many as processors by default.
    scheduler : str, optional
        Address of a dask.distributed cluster to run on.
    chunk : int, optional
        Runs of a chunk, the unit of work and of what an interruption can lose.
    on_progress : callable, optional
        Called with ``"runs"`` or ``"writing"``, the number done and the total.
    embed_tables : bool
        Whether the dataset holds the users' own tables (members, pensioners), not only their digests and control totals.
    strict : bool
        Whether notices (the dataset's attribute ``notices``) are errors.

    Returns
    -------
    xarray.Dataset
        Outputs with the dimensions ``case`` and ``scenario`` before their own; the values of every parameter are a
        coordinate on ``case`` under its dotted name. From a file, values are read when they are used.

    Raises
    ------
    assumptions.AssumptionError
        With everything found wrong in the design.
    engine.outputs.OutputError
        If the file cannot be written.

    Examples
    --------
    >>> import assumptions, engine
    >>> growth = {"name": "economy.gdp_growth", "values": [0.03, 0.05]}
    >>> found = engine.sweep(assumptions.load("3B"), {"design": {"kind": "grid"}, "parameter": [growth]})
    >>> found["economy.gdp_growth"].values.tolist()
    [0.03, 0.05]
    """
    from engine import notices, sweeps

    plan = sweeps.prepare(design, packs=pack, basis=basis, outputs=outputs, embed_tables=embed_tables)
    if strict:
        notices.refuse(plan.notices)
    report = on_progress or sweeps.quiet
    if out is None:
        if resume or overwrite:
            raise ValueError("resume and overwrite are for a file; give out as well")
        return sweeps.in_memory(plan, workers=workers, scheduler=scheduler, chunk=chunk, on_progress=report)
    target = Path(out)
    sweeps.to_file(
        plan,
        target,
        resume=resume,
        overwrite=overwrite,
        workers=workers,
        scheduler=scheduler,
        chunk=chunk,
        on_progress=report,
    )
    return sweeps.read(target, written_now=True)


__all__ = ["project", "project_many", "sweep"]
