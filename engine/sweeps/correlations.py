"""Correlations of what is varied, read and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assumptions.files.cells import quoted
from assumptions.text import nearest
from engine.sweeps import distributions
from engine.sweeps.reader import Reader
from engine.sweeps.spec import (
    Pair,
)


def pairs_of(
    reader: Reader, entries: Sequence[Mapping[str, Any]], labels: Sequence[str], where: str
) -> list[tuple[Pair, int]]:
    """Pairs of positions with their correlation, and the number of the entry of each."""
    found: list[tuple[Pair, int]] = []
    seen: dict[tuple[int, int], int] = {}
    for number, entry in enumerate(entries, start=1):
        at = f"{where}correlation {number}."
        reader.unknown(entry, ("names", "value"), at)
        names = entry.get("names")
        value = reader.number(entry, "value", at)
        if value is not None and not -1.0 < value < 1.0:
            reader.fault(
                f"{at}value", f"{value:g} is not allowed; a correlation between -1 and 1, without them, is"
            )
            value = None
        if not isinstance(names, list | tuple) or len(names) != 2 or names[0] == names[1]:
            reader.fault(f"{at}names", 'must name two different parameters, as names = ["a.b", "c.d"]')
            continue
        missing = [name for name in names if name not in labels]
        for name in missing:
            said = f"{quoted(name)} is not among those varied{nearest(str(name), labels)}"
            reader.fault(f"{at}names", said)
        if missing or value is None:
            continue
        i, j = sorted(labels.index(name) for name in names)
        if (i, j) in seen:
            reader.fault(
                f"{at}names", f"{names[0]} and {names[1]} are correlated already by number {seen[i, j]}"
            )
            continue
        seen[i, j] = number
        found.append(((i, j, value), number))
    return found


def positive(
    reader: Reader, pairs: Sequence[tuple[Pair, int]], labels: Sequence[str], where: str, ranks: bool
) -> tuple[Pair, ...]:
    listed = tuple(pair for pair, _ in pairs)
    matrix, at = distributions.correlation_matrix(len(labels), listed, ranks)
    if matrix is None:
        (i, j, value), number = pairs[at]
        reader.fault(
            f"{where}correlation {number}.value",
            f"the matrix is not positive definite: {value:g} between {labels[i]} and {labels[j]} contradicts the"
            " other correlations (0 where none is given)",
        )
    return listed
