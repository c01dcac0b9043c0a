"""The random paths of a sweep file, read and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from assumptions import (
    Resolved,
)
from engine.sweeps.correlations import pairs_of, positive
from engine.sweeps.reader import Reader
from engine.sweeps.spec import (
    DEFAULT_QUANTILES,
    LARGEST_SEED,
    MOST_CASES,
    Pair,
    Shock,
    Stochastic,
)

_STOCHASTIC: Final = ("paths", "seed", "quantiles", "keep_paths", "common_shocks", "shock", "correlation")
_SHOCK: Final = ("name", "sd", "persistence")
_GROWTH_UNITS: Final = ("growth_per_year", "price_growth_per_year")


def stochastic_of(reader: Reader, raw: Mapping[str, Any], resolved: Sequence[Resolved]) -> Stochastic | None:
    """Random paths of every case, None where the file has none."""
    if "stochastic" not in raw:
        return None
    given = raw["stochastic"]
    where = "stochastic."
    if not isinstance(given, Mapping):
        reader.fault("stochastic", "is no table; write [stochastic] with paths = ...")
        return None
    reader.unknown(given, _STOCHASTIC, where)
    paths = reader.integer(given, "paths", where, 2, MOST_CASES)
    if "paths" not in given:
        reader.fault(f"{where}paths", "is missing; the number of random paths of each case")
    seed = reader.integer(given, "seed", where, 0, LARGEST_SEED) if "seed" in given else 0
    quantiles = given.get("quantiles", list(DEFAULT_QUANTILES))
    fine = isinstance(quantiles, list | tuple) and len(quantiles) > 0
    fine = fine and all(isinstance(q, float) and 0.0 < q < 1.0 for q in quantiles)
    if not fine or list(quantiles) != sorted(set(quantiles)):
        reader.fault(
            f"{where}quantiles", "must be ascending probabilities between 0 and 1, as [0.05, 0.5, 0.95]"
        )
        quantiles = DEFAULT_QUANTILES
    keep = reader.flag(given, "keep_paths", where, False)
    common = reader.flag(given, "common_shocks", where, True)
    entries = reader.entries(given, "shock", where)
    if not entries:
        reader.fault(f"{where}shock", "is missing; write at least one [[stochastic.shock]] with name and sd")
    shocks = _shocks(reader, entries, where, resolved)
    labels = [item.name for item in shocks]
    pairs: list[tuple[Pair, int]] = []
    if len(shocks) == len(entries):
        pairs = pairs_of(reader, reader.entries(given, "correlation", where), labels, where)
    correlation = positive(reader, pairs, labels, where, ranks=False)
    return Stochastic(paths or 2, seed or 0, tuple(quantiles), keep, common, tuple(shocks), correlation)


def _shocks(
    reader: Reader, entries: Sequence[Mapping[str, Any]], where: str, resolved: Sequence[Resolved]
) -> list[Shock]:
    shocks: list[Shock] = []
    for number, entry in enumerate(entries, start=1):
        at = f"{where}shock {number}."
        reader.unknown(entry, _SHOCK, at)
        name = reader.name(entry, at, resolved)
        if name and resolved:
            _shockable(reader, name, at, resolved)
        sd = reader.number(entry, "sd", at)
        if sd is not None and sd <= 0.0:
            reader.fault(f"{at}sd", f"{sd:g} is not above 0")
        persistence = reader.number(entry, "persistence", at) if "persistence" in entry else 0.0
        if persistence is not None and not -1.0 < persistence < 1.0:
            reader.fault(
                f"{at}persistence", f"{persistence:g} is not allowed; between -1 and 1, without them, is"
            )
        if name and any(item.name == name for item in shocks):
            reader.fault(f"{at}name", f"{name} is given twice")
        elif name and sd is not None and persistence is not None:
            shocks.append(Shock(name, sd, persistence))
    return shocks


def _shockable(reader: Reader, name: str, where: str, resolved: Sequence[Resolved]) -> None:
    item = resolved[0].item(name)
    if item.kind != "path" or item.unit not in _GROWTH_UNITS:
        reader.fault(f"{where}name", f"{name} cannot be shocked; paths of yearly growth or return can")
        return
    reader.without_effect(name, where, resolved, resolved)
