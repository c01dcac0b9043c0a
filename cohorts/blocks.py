"""A block: affiliates of one birth year, sex and density with the same entry, past service and rights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cohorts.axes import N_ACCOUNTS

Float = NDArray[np.float64]
Int = NDArray[np.int64]


class Block(NamedTuple):
    """See :class:`cohorts.records.Population` for the meaning of the fields; ``age`` is that at the first year's opening.

    ``wages`` are relative wages and their shares; ``None`` stands for the wage groups of the population,
    divided in ``shares_of_wages``, or equally.
    ``balance`` are account balances per head at entry. ``density`` is the share of every year that he contributes.
    """

    age: int
    sex: int
    entry: int
    kind: int
    service: float
    generation: int
    old_rights: bool
    heads: float
    wages: tuple[tuple[float, float], ...] | None = None
    balance: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    shares_of_wages: tuple[float, ...] | None = None
    density: float = 1.0


class Columns(NamedTuple):
    """Many blocks, a row each.

    Attributes
    ----------
    age, sex, entry, kind, generation : int64 (block,)
    service, heads, density : float64 (block,)
    old_rights : bool (block,)
    balance : float64 (block, account)
    wages : list, optional
        As of :class:`Block`, one for each; ``None`` where every block has ``None``.
    shares_of_wages : float64 (block, wage group), optional
        NaN for equal ones; ``None`` where all are equal.
    """

    age: Int
    sex: Int
    entry: Int
    kind: Int
    service: Float
    generation: Int
    old_rights: NDArray[np.bool_]
    heads: Float
    density: Float
    balance: Float
    wages: list[tuple[tuple[float, float], ...] | None] | None
    shares_of_wages: Float | None

    @property
    def size(self) -> int:
        """Number of blocks."""
        return int(self.age.size)


def columns(blocks: Iterable[Block]) -> Columns:
    """Blocks as columns."""
    given = list(blocks)
    fields: dict[str, Sequence[Any]] = (
        dict(zip(Block._fields, zip(*given, strict=True), strict=True))
        if given
        else dict.fromkeys(Block._fields, ())
    )

    def column(name: str, kind: type) -> NDArray[Any]:
        return np.array(fields[name], dtype=kind)

    return Columns(
        age=column("age", np.int64),
        sex=column("sex", np.int64),
        entry=column("entry", np.int64),
        kind=column("kind", np.int64),
        service=column("service", np.float64),
        generation=column("generation", np.int64),
        old_rights=column("old_rights", np.bool_),
        heads=column("heads", np.float64),
        density=column("density", np.float64),
        balance=column("balance", np.float64).reshape(-1, N_ACCOUNTS),
        wages=None if all(own is None for own in fields["wages"]) else list(fields["wages"]),
        shares_of_wages=_rows(fields["shares_of_wages"]),
    )


def _rows(shares: Sequence[tuple[float, ...] | None]) -> Float | None:
    """Shares of wage groups, a row for each; NaN for equal ones, ``None`` where all are."""
    length = max((len(one) for one in shares if one is not None), default=0)
    return np.array([[np.nan] * length if one is None else one for one in shares]) if length else None


def crossed(
    shape: tuple[int, ...],
    of_class: Sequence[tuple[float, ...] | None],
    kept: NDArray[np.bool_] | None = None,
    **values: Any,
) -> Columns:
    """Blocks of every combination of the axes of ``shape``, of which the first is the class of density.

    Parameters
    ----------
    of_class : sequence
        Shares of the wage groups in each class.
    kept : bool, optional
        Which combinations there are; broadcasts to ``shape``, as every value does.
    values
        Fields of :class:`Columns`, all but balances and wages.
    """
    places = slice(None) if kept is None else np.flatnonzero(np.broadcast_to(kept, shape).ravel())

    def column(value: Any) -> NDArray[Any]:
        found: NDArray[Any] = np.broadcast_to(value, shape).ravel()[places]
        return found

    shares = _rows(of_class)
    if shares is not None:
        shares = shares[column(np.arange(shape[0]).reshape(-1, *[1] * (len(shape) - 1)))]
    found = {name: column(value) for name, value in values.items()}
    return Columns(
        **found, balance=np.zeros((found["age"].size, N_ACCOUNTS)), wages=None, shares_of_wages=shares
    )


def together(*parts: Columns) -> Columns:
    """Blocks one after another."""
    joined: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in Columns._fields
        if name not in ("wages", "shares_of_wages")
    }
    if any(part.wages is not None for part in parts):
        joined["wages"] = [own for part in parts for own in part.wages or [None] * part.size]
    length = max(
        (part.shares_of_wages.shape[1] for part in parts if part.shares_of_wages is not None), default=0
    )
    if length:
        joined["shares_of_wages"] = np.concatenate(
            [
                np.full((part.size, length), np.nan) if part.shares_of_wages is None else part.shares_of_wages
                for part in parts
            ]
        )
    return Columns(**{"wages": None, "shares_of_wages": None, **joined})
