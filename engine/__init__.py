"""What happens: the projection of the reform's fiscal cost, year by year.

>>> import assumptions, engine
>>> result = engine.project(assumptions.load("3B"), basis="statutory")
>>> result.fiscal_cost.dims
('basis', 'scenario', 'component', 'year')

Importing this package is cheap; numpy, numba and xarray are imported with the first projection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xarray as xr

    from assumptions import Pack


def project(pack: Pack, basis: str = "statutory", *, workers: int | None = None) -> xr.Dataset:
    """Project one scenario on one basis.

    Parameters
    ----------
    pack : assumptions.Pack
        As ``assumptions.load`` gives it.
    basis : str
        ``statutory`` or ``published``.
    workers : int, optional
        Threads; one case needs one.

    Returns
    -------
    xarray.Dataset
        Variables of :mod:`engine.outputs.schema`, with dimensions ``basis`` and ``scenario`` of length 1.

    Raises
    ------
    assumptions.AssumptionError
        If values contradict one another, or a value that was set has no effect on this basis.

    Examples
    --------
    >>> import assumptions, engine
    >>> result = engine.project(assumptions.load("3B"), basis="published")
    >>> cost = result.fiscal_cost.sel(basis="published", scenario="3B", component="acquired_rights")
    >>> cost.attrs["units_label"]
    'percent of GDP'
    """
    return project_many([pack], (basis,), workers=workers)


def project_many(
    packs: Iterable[Pack],
    bases: Sequence[str] = ("statutory", "published"),
    *,
    workers: int | None = None,
    on_done: Callable[[int], object] | None = None,
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

    return project_resolved(resolve(packs, bases), workers=workers, on_done=on_done)


__all__ = ["project", "project_many"]
