"""What a sweep is: varied assumptions, random paths, and what of them determines results."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from assumptions import (
    DatedPath,
    Resolved,
)
from engine.sweeps import policy
from engine.sweeps.distributions import Distribution

KINDS: Final = ("one_at_a_time", "grid", "latin_hypercube", "sobol", "saltelli", "table")
SAMPLED: Final = ("latin_hypercube", "sobol", "saltelli")
CORRELATED: Final = ("latin_hypercube", "sobol")
POWER_OF_TWO: Final = ("sobol", "saltelli")
NUMERIC: Final = ("number", "path", "table")
LABELLED: Final = ("switch", "flag")
SCENARIO: Final = "scenario"
# The coordinate of a scenario that is varied, and the only label of the axis `scenario` then.
SCENARIO_LABEL: Final = "scenario_factor"
BY_CASE: Final = "by_case"
DEFAULT_BASIS: Final = "statutory"
DEFAULT_OUTPUTS: Final = ("fiscal_cost", "fiscal_cost_total")
DEFAULT_QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
DEFAULT_POINTS: Final = 2
LARGEST_SEED: Final = 2**63 - 1
MOST_CASES: Final = 50_000_000
Pair = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class Swept:
    """One varied assumption: ``values`` or ``distribution``; neither where a table gives the values.

    ``label`` names its coordinate: the assumption, with the year where the same one is varied twice. A switch, a flag or the
    scenario has ``choices``; its values are positions among them. So has a lever of words; ``options`` are a lever's.
    """

    name: str
    mode: str
    from_year: int | None
    values: tuple[float, ...] | None
    distribution: Distribution | None
    label: str
    choices: tuple[str, ...] = ()
    options: tuple[tuple[str, float | str], ...] = ()

    def said(self, value: float) -> str:
        """A value as a person reads it."""
        return self.choices[int(value)] if self.choices else f"{value:g}"


@dataclass(frozen=True, slots=True)
class Shock:
    """Yearly shocks to a path: x(t) = persistence x(t-1) + sd e(t), e(t) standard normal, added to the path."""

    name: str
    sd: float
    persistence: float


@dataclass(frozen=True, slots=True)
class Stochastic:
    """Random paths of every case.

    Attributes
    ----------
    paths, seed : int
    quantiles : tuple of float
        Probabilities, ascending.
    keep_paths : bool
        Whether every path goes into the file, not only quantiles and mean.
    common_shocks : bool
        Whether path n has the same shocks in every case, so that differences between cases are not due to chance.
    shocks : tuple of Shock
    correlation : tuple of (int, int, float)
        Of the innovations e(t) of two shocks in the same year.
    """

    paths: int
    seed: int
    quantiles: tuple[float, ...]
    keep_paths: bool
    common_shocks: bool
    shocks: tuple[Shock, ...]
    correlation: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Spec:
    """A checked sweep.

    Attributes
    ----------
    file : str
        Where it was read from, for messages.
    kind : str
        Of the design; empty where only random paths are asked for.
    n, seed : int or None
    rows : tuple of tuples of float
        Cases of a table, NaN where a case leaves a value as it is.
    correlation : tuple of (int, int, float)
        Rank correlations of two parameters by position.
    """

    file: str
    title: str
    basis: str
    scenarios: tuple[str, ...]
    outputs: tuple[str, ...]
    kind: str
    n: int | None
    seed: int | None
    parameters: tuple[Swept, ...]
    correlation: tuple[Pair, ...]
    rows: tuple[tuple[float, ...], ...]
    stochastic: Stochastic | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A sweep with its resolved packs.

    Attributes
    ----------
    spec : Spec
    resolved : tuple of Resolved
        One for each scenario.
    applied : tuple of tuples of bool
        For each scenario and parameter, whether the assumption has an effect there.
    notices : tuple of str
        Where it has none.
    """

    spec: Spec
    resolved: tuple[Resolved, ...]
    applied: tuple[tuple[bool, ...], ...]
    notices: tuple[str, ...]


def as_word(value: object) -> str:
    """A choice as files and screens have it."""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def base_value(resolved: Sequence[Resolved], item: Swept) -> float:
    """What a parameter is where a case leaves it as it is; NaN where that is no single number.

    Of a switch or the scenario see :func:`base_label`.
    """
    if item.mode != "replace":
        return 0.0 if item.mode == "shift" else 1.0
    if policy.is_lever(item.name):
        held = {policy.today(pack, policy.lever_of(item.name)) for pack in resolved}
        only = held.pop() if len(held) == 1 else None
        return only if isinstance(only, float) else math.nan
    found = set()
    for pack in resolved:
        value = pack.value(item.name)
        if isinstance(value, float):
            found.add(value)
        elif isinstance(value, DatedPath) and value.is_constant:
            found.add(float(value.values[0]))
        else:
            return math.nan
    return found.pop() if len(found) == 1 else math.nan


def base_label(resolved: Sequence[Resolved], item: Swept) -> str:
    """What a switch or the scenario is where a case leaves it as it is; empty where scenarios differ."""
    if item.name == SCENARIO:
        return resolved[0].scenario
    if policy.is_lever(item.name):
        held = {policy.today(pack, policy.lever_of(item.name)) for pack in resolved}
        return str(held.pop() or "") if len(held) == 1 else ""
    found = {as_word(pack.value(item.name)) for pack in resolved}
    return found.pop() if len(found) == 1 else ""


def canonical(spec: Spec) -> dict[str, Any]:
    """What of a sweep determines results, for JSON. Neither its file name nor its title does."""
    return {
        "basis": spec.basis,
        "scenarios": list(spec.scenarios),
        "outputs": list(spec.outputs),
        "design": {"kind": spec.kind, "n": spec.n, "seed": spec.seed},
        "parameters": [
            {
                "name": item.name,
                "mode": item.mode,
                "from_year": item.from_year,
                "values": list(item.values) if item.values else None,
                "distribution": item.distribution.describe() if item.distribution else None,
                **({"choices": list(item.choices)} if item.choices else {}),
                **({"options": dict(item.options)} if item.options else {}),
            }
            for item in spec.parameters
        ],
        "correlation": [
            {"names": [spec.parameters[i].label, spec.parameters[j].label], "value": value}
            for i, j, value in spec.correlation
        ],
        "stochastic": None
        if spec.stochastic is None
        else {
            "paths": spec.stochastic.paths,
            "seed": spec.stochastic.seed,
            "quantiles": list(spec.stochastic.quantiles),
            "keep_paths": spec.stochastic.keep_paths,
            "common_shocks": spec.stochastic.common_shocks,
            "shocks": [[item.name, item.sd, item.persistence] for item in spec.stochastic.shocks],
            "correlation": [list(pair) for pair in spec.stochastic.correlation],
        },
    }


__all__ = [
    "Checked",
    "Shock",
    "Spec",
    "Stochastic",
    "Swept",
    "as_word",
    "base_label",
    "base_value",
    "canonical",
]
