"""One case of a sweep is a pure function of the packs and of its own values; a block of runs is the unit of work.

A run is one projection of every scenario: a case, or with random paths one path of a case. Runs are numbered case by case.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assumptions import AssumptionError, Resolved
from assumptions.scaling import changed
from engine.outputs import provenance
from engine.outputs.inputs import with_shared_tables
from engine.projection import projected_years, run_case
from engine.sweeps import design, outputs, policy, spec, stochastic
from engine.sweeps.spec import Checked, Spec, Swept
from engine.sweeps.told import told

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Flags = NDArray[np.int8]

GOOD, FAILED, PARTLY = 0, 1, 2
_ORIGIN = "sweep"
_MOST_TEXT = 500


class Cancelled(Exception):
    """The sweep was stopped while this block was being worked on."""


@dataclass(frozen=True, slots=True)
class Context:
    """All that the runs of a sweep share; it travels to other processes.

    Attributes
    ----------
    spec : Spec
        Without the rows of a table.
    resolved : tuple of Resolved
        One for each scenario; where the scenario is varied, the base case's and one for each choice.
    applied : tuple of tuples of bool
        For each scenario and parameter, whether the assumption has an effect there.
    years : int64 (year,)
    lower : float64 (shock, shock)
        Factor of the correlation of shocks; empty without random paths.
    """

    spec: Spec
    resolved: tuple[Resolved, ...]
    applied: tuple[tuple[bool, ...], ...]
    years: Int
    lower: Float

    @property
    def paths(self) -> int:
        """Runs of a case."""
        return 1 if self.spec.stochastic is None else self.spec.stochastic.paths

    @property
    def scenarios(self) -> int:
        """Length of the axis of scenarios."""
        return len(self.spec.scenarios)

    def place(self, at: int, row: Float) -> int:
        """Position of the pack of a case at a place of the axis of scenarios."""
        for item, value in zip(self.spec.parameters, row.tolist(), strict=True):
            if item.name == spec.SCENARIO:
                code = self.resolved[0].scenario if math.isnan(value) else item.said(value)
                return [pack.scenario for pack in self.resolved].index(code)
        return at


@dataclass(frozen=True, slots=True)
class Plan:
    """A sweep laid out.

    Attributes
    ----------
    context : Context
    values : float64 (case, parameter)
        NaN where a case leaves the assumption as it is.
    identity : dict
        What must agree for results to be of the same sweep: design, assumptions, code.
    notices : tuple of str
    embed_tables : bool
        Whether the file holds the users' own tables, not only their digests.
    """

    context: Context
    values: Float
    identity: dict[str, str]
    notices: tuple[str, ...]
    embed_tables: bool = False

    @property
    def cases(self) -> int:
        """Number of cases."""
        return int(self.values.shape[0])

    @property
    def runs(self) -> int:
        """Number of runs."""
        return self.cases * self.context.paths

    @property
    def sha256(self) -> str:
        """Digest of the identity."""
        return hashlib.sha256(json.dumps(self.identity, sort_keys=True).encode()).hexdigest()

    def rows(self, first: int, last: int) -> Float:
        """Values of the cases that the runs ``first`` to ``last`` - 1 belong to."""
        paths = self.context.paths
        return self.values[first // paths : (last - 1) // paths + 1]


@dataclass(frozen=True, slots=True)
class Block:
    """Results of consecutive runs.

    Attributes
    ----------
    first : int
        Number of the first run.
    arrays : dict
        Name of an output -> float64 (run, scenario, ...); NaN where a run failed.
    status : int8 (run, scenario)
    messages : list of (run, scenario, text)
        Why a run failed; runs counted from ``first``.
    """

    first: int
    arrays: dict[str, Float]
    status: Flags
    messages: list[tuple[int, int, str]]


def plan(checked: Checked, embed_tables: bool = False) -> Plan:
    """Lay out a checked sweep.

    Raises
    ------
    AssumptionError
        If scenarios cover different years.
    """
    from dataclasses import replace

    sweep = checked.spec
    years = projected_years(checked.resolved[0])
    for pack in checked.resolved[1:]:
        other = projected_years(pack)
        if not np.array_equal(years, other):
            raise AssumptionError.single(
                "reform.first_year, reform.last_year",
                f"{pack.scenario} covers {other[0]}-{other[-1]}",
                f"{years[0]}-{years[-1]} as {checked.resolved[0].scenario}",
            )
    values = np.ascontiguousarray(design.cases(sweep))
    lower = stochastic.factor(sweep.stochastic) if sweep.stochastic else np.empty((0, 0))
    context = Context(replace(sweep, rows=()), checked.resolved, checked.applied, years, lower)
    written = json.dumps(spec.canonical(sweep), sort_keys=True).encode()
    identity = {
        "design": hashlib.sha256(written + values.tobytes() + lower.tobytes()).hexdigest(),
        "assumptions": hashlib.sha256(
            "\n".join(pack.sha256 for pack in checked.resolved).encode()
        ).hexdigest(),
        "code": f"{provenance.version()} {provenance.code_sha256()}",
    }
    notices = (*checked.notices, *told(checked.resolved, sweep.parameters, values))
    return Plan(context, values, identity, notices, embed_tables)


def context_to_json(context: Context) -> str:
    """What the runs share, as JSON: of the design only what a run reads."""
    sweep = context.spec
    return json.dumps(
        {
            "spec": {
                "basis": sweep.basis,
                "scenarios": sweep.scenarios,
                "outputs": sweep.outputs,
                "parameters": [
                    [item.name, item.mode, item.from_year, item.label, item.choices, item.options]
                    for item in sweep.parameters
                ],
                "stochastic": None if sweep.stochastic is None else asdict(sweep.stochastic),
            },
            "resolved": provenance.inputs_as_text(context.resolved, True),
            "applied": context.applied,
            "years": context.years.tolist(),
            "lower": context.lower.tolist(),
        }
    )


def context_from_json(text: str) -> Context:
    """The inverse of :func:`context_to_json`; results of its runs are the same bit for bit.

    Raises
    ------
    AssumptionError
        If the assumptions are not intact.
    """
    raw = json.loads(text)
    of, random = raw["spec"], raw["spec"]["stochastic"]
    settings = None
    if random is not None:
        shocks = tuple(spec.Shock(**shock) for shock in random["shocks"])
        pairs = tuple((int(i), int(j), float(value)) for i, j, value in random["correlation"])
        quantiles = tuple(random["quantiles"])
        settings = spec.Stochastic(
            **{**random, "shocks": shocks, "correlation": pairs, "quantiles": quantiles}
        )
    parameters = tuple(
        Swept(name, mode, from_year, None, None, label, tuple(choices), tuple((k, v) for k, v in options))
        for name, mode, from_year, label, choices, options in of["parameters"]
    )
    outputs_ = tuple(of["outputs"])
    lower = np.array(raw["lower"], dtype=np.float64)
    return Context(
        Spec(
            "",
            "",
            of["basis"],
            tuple(of["scenarios"]),
            outputs_,
            "",
            None,
            None,
            parameters,
            (),
            (),
            settings,
        ),
        with_shared_tables([Resolved.from_json(item) for item in raw["resolved"]]),
        tuple(tuple(map(bool, row)) for row in raw["applied"]),
        np.array(raw["years"], dtype=np.int64),
        lower if lower.size else np.empty((0, 0)),
    )


def resolved_case(context: Context, at: int, row: Float, case: int = 0, path: int = 0) -> Resolved:
    """The resolved pack of one case and scenario.

    Parameters
    ----------
    at : int
        Number of the scenario.
    row : float64 (parameter,)
        Values of the case; NaN leaves the assumption as it is.
    case, path : int
        Numbers of case and path; they matter for random paths only.

    Raises
    ------
    AssumptionError
        If a value is out of bounds or contradicts another.
    """
    base = varied_case(context, context.place(at, row), row)
    settings = context.spec.stochastic
    if settings is not None:
        before = {shock.name: base.dated(shock.name) for shock in settings.shocks if base.live(shock.name)[0]}
        seed = stochastic.case_seed(settings, case)
        shocked = stochastic.apply(before, settings, context.lower, seed, path, context.years)
        base = base.with_process(shocked, _ORIGIN)
    return base


def varied_case(context: Context, place: int, row: Float) -> Resolved:
    """The pack at a place of :attr:`Context.resolved` with the values of a case, before any random shocks.

    Raises
    ------
    AssumptionError
        If a value is out of bounds or contradicts another.
    """
    given = [
        (item, value)
        for item, value, applied in zip(
            context.spec.parameters, row.tolist(), context.applied[place], strict=True
        )
        if applied and not math.isnan(value) and item.name != spec.SCENARIO
    ]
    base = context.resolved[place]
    moved = [pair for pair in given if policy.is_lever(pair[0].name)]
    given = [pair for pair in given if not policy.is_lever(pair[0].name)]
    switches = {item.name: _choice(base, item, value) for item, value in given if item.choices}
    if switches:
        base = base.with_values(switches, _ORIGIN)
        # What has no effect under the switches of a case stays as it is.
        given = [pair for pair in given if base.live(pair[0].name)[0]]
    changes: dict[str, Any] = policy.values(base, moved) if moved else {}
    for item, value in given:
        if not item.choices:
            so_far = changes.get(item.name, base.value(item.name))
            changes[item.name] = changed(base.item(item.name), so_far, item.mode, value, item.from_year)
    if changes:
        scaled = [item.name for item, _ in given if item.mode == "scale"]
        base = base.with_values(changes, _ORIGIN, scaled=scaled)
    return base


def _choice(base: Resolved, item: Swept, value: float) -> bool | str:
    said = item.said(value)
    return said == "true" if base.item(item.name).kind == "flag" else said


def work(
    context: Context, first: int, last: int, rows: Float, stopped: Callable[[], bool] | None = None
) -> Block:
    """Project the runs ``first`` to ``last`` - 1.

    A run that fails leaves NaN and a message, and stops nothing.

    Parameters
    ----------
    rows : float64 (case, parameter)
        As :meth:`Plan.rows` gives them.
    stopped : callable, optional
        Asked before each run whether to give up.

    Raises
    ------
    Cancelled
        If it says so.
    """
    paths, scenarios = context.paths, context.scenarios
    arrays = {
        name: np.full((last - first, scenarios, *outputs.shape(name, context.years.size)), np.nan)
        for name in context.spec.outputs
    }
    status = np.zeros((last - first, scenarios), dtype=np.int8)
    messages: list[tuple[int, int, str]] = []
    for run in range(first, last):
        case, path = divmod(run, paths)
        row = rows[case - first // paths]
        # All scenarios of a case in turn: they share its demography.
        for at in range(scenarios):
            if stopped is not None and stopped():
                raise Cancelled
            try:
                with np.errstate(all="ignore"):
                    result = run_case(resolved_case(context, at, row, case, path))
                    outputs.check(result, context.years)
                for name, values in arrays.items():
                    values[run - first, at] = outputs.take(name, result)
            except MemoryError:
                raise
            except Exception as error:
                # Whatever a combination of values brings about belongs to that case alone.
                status[run - first, at] = FAILED
                messages.append((run - first, at, _one_line(error)))
    return Block(first, arrays, status, messages)


def _one_line(error: Exception) -> str:
    if isinstance(error, AssumptionError):
        text = "; ".join(": ".join(filter(None, (fault.path, fault.message))) for fault in error.faults)
    else:
        text = f"{type(error).__name__}: {'; '.join(str(error).splitlines()) or 'no message'}"
    return text if len(text) <= _MOST_TEXT else text[: _MOST_TEXT - 3] + "..."


__all__ = [
    "FAILED",
    "GOOD",
    "PARTLY",
    "Block",
    "Cancelled",
    "Context",
    "Plan",
    "context_from_json",
    "context_to_json",
    "plan",
    "resolved_case",
    "varied_case",
    "work",
]
