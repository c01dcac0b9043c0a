"""What a sweep's dataset holds: its dimensions, variables and attributes, before a case is projected."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from assumptions.units import UNITS
from engine.labels import labels
from engine.outputs import provenance, schema
from engine.sweeps import design, outputs, policy, spec
from engine.sweeps.cases import FAILED, GOOD, PARTLY, Plan
from engine.sweeps.spec import Stochastic, Swept

if TYPE_CHECKING:
    pass

FORMAT: Final = "annexv-sweep"
FORMAT_VERSION: Final = 1
IDENTITY: Final = "sweep_sha256"
MEAN: Final = "_mean"
PATHS: Final = "_paths"
_MODES: Final = {
    "replace": "value of the assumption",
    "shift": "number added to the assumption",
    "scale": "factor on the assumption",
}


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of a sweep's dataset; ``dtype`` is float64, int64, int8 or str."""

    dims: tuple[str, ...]
    dtype: str
    attributes: dict[str, Any]
    coordinate: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """What a sweep's dataset holds.

    Attributes
    ----------
    sizes : dict
        Length of each dimension.
    variables : dict
        By name; those with a first dimension ``case`` are filled piece by piece, the others stand in ``fixed``.
    fixed : dict
    attributes : dict
        Of the dataset, without time and digest.
    """

    sizes: dict[str, int]
    variables: dict[str, Variable]
    fixed: dict[str, NDArray[Any]]
    attributes: dict[str, Any] = field(default_factory=dict)


def layout(plan: Plan, width: int) -> Layout:
    """Layout of the dataset of a plan.

    Parameters
    ----------
    width : int
        Length of the longest message in UTF-8.
    """
    context, sweep = plan.context, plan.context.spec
    said = "Number of the case in the order of the design"
    out = Layout(
        {"case": plan.cases, "scenario": len(sweep.scenarios)},
        {"case": Variable(("case",), "int64", _plain("case", said), True)},
        {"scenario": np.array(sweep.scenarios), "year": context.years},
        _attributes(plan),
    )
    _add_parameters(out, plan)
    known = labels()
    used = ["scenario", *dict.fromkeys(dim for name in sweep.outputs for dim in outputs.dims(name))]
    for dim in used:
        out.fixed.setdefault(dim, np.array(known.get(dim, ())))
        out.sizes[dim] = out.fixed[dim].size
        coordinate = schema.COORDINATES[dim]
        out.variables[dim] = Variable((dim,), coordinate.dtype, dict(coordinate.attributes), True)
    for name in sweep.outputs:
        _add_output(out, name, sweep.stochastic)
    _add_status(out, sweep.stochastic, width)
    _add_inputs(out, plan)
    for name in out.fixed:
        if out.variables[name].dtype == "str":
            lengths = [len(str(text).encode()) for text in out.fixed[name]]
            out.sizes[f"{name}_length"] = max(1, *lengths)
    return out


def _add_parameters(out: Layout, plan: Plan) -> None:
    """What is varied, and the seeds and quantiles of random paths."""
    sweep = plan.context.spec
    settings, sizes, variables = sweep.stochastic, out.sizes, out.variables
    for item in sweep.parameters:
        kind = "str" if item.choices else "float64"
        variables[item.label] = Variable(("case",), kind, _parameter(plan, item), True)
        if item.choices:
            sizes[f"{item.label}_length"] = max(
                len(text.encode()) for text in (*item.choices, *_base(plan, item))
            )
    if sweep.kind == "one_at_a_time":
        said = "Coordinate that the case varies; base for the case that varies none"
        variables["varied"] = Variable(("case",), "str", _plain("varied parameter", said, text=True), True)
        sizes["varied_length"] = max(len(name.encode()) for name in design.varied(sweep))
    if settings is not None:
        said = "Seed of the random paths of the case"
        variables["shock_seed"] = Variable(("case",), "int64", _plain("seed", said), True)
        out.fixed["quantile"] = np.asarray(settings.quantiles)
        sizes["quantile"] = len(settings.quantiles)
        said = "Share of the random paths with a smaller value"
        variables["quantile"] = Variable(("quantile",), "float64", _plain("quantile over paths", said), True)


def _add_output(out: Layout, name: str, settings: Stochastic | None) -> None:
    """A result; of random paths quantiles, mean and, if they are kept, all of them."""
    found, rest = outputs.variable(name), outputs.dims(name)

    def add(suffix: str, dims: tuple[str, ...], said: str) -> None:
        attributes = dict(found.attributes) | ({"long_name": found.long_name + said} if said else {})
        out.variables[name + suffix] = Variable((*dims, *rest), "float64", attributes)

    if settings is None:
        add("", ("case", "scenario"), "")
        return
    add("", ("case", "scenario", "quantile"), ", quantile over paths")
    add(MEAN, ("case", "scenario"), ", mean over paths")
    if settings.keep_paths:
        add(PATHS, ("case", "path", "scenario"), " by random path")
        out.sizes["path"] = settings.paths


def _add_status(out: Layout, settings: Stochastic | None, width: int) -> None:
    """Whether cases failed, and why; the random path where all are kept."""
    sizes, variables = out.sizes, out.variables
    if settings is not None and "path" in sizes:
        out.fixed["path"] = np.arange(settings.paths, dtype=np.int64)
        said = "Number of the random path"
        variables["path"] = Variable(("path",), "int64", _plain("random path", said), True)
    flags = {"good": GOOD, "failed": FAILED} | ({"partly_failed": PARTLY} if settings else {})
    variables["case_status"] = Variable(
        ("case", "scenario"),
        "int8",
        {
            "long_name": "status of the case",
            "comment": "Results of a failed case are missing",
            "flag_values": np.array(list(flags.values()), dtype=np.int8),
            "flag_meanings": " ".join(flags),
            "coverage_content_type": "qualityInformation",
        },
    )
    said = "Why the case failed, or the first of its paths that did; empty for a good one"
    variables["case_message"] = Variable(
        ("case", "scenario"), "str", _plain("message of a failed case", said, text=True)
    )
    sizes["case_message_length"] = max(1, width)
    if settings is not None:
        said = "Random paths that failed; quantiles and mean are of the others"
        variables["paths_failed"] = Variable(
            ("case", "scenario"), "int64", {**_plain("failed paths", said), "units": "count"}
        )


def _add_inputs(out: Layout, plan: Plan) -> None:
    """The assumptions of the base case, by scenario or by what the scenario is chosen among."""
    context, fixed, sizes, variables = plan.context, out.fixed, out.sizes, out.variables
    fixed["resolved_input"] = np.array(
        provenance.inputs_as_text(context.resolved, plan.embed_tables), dtype=object
    )
    axis = "scenario"
    if context.spec.scenarios == (spec.BY_CASE,):
        axis = "scenario_choice"
        fixed[axis] = np.array([pack.scenario for pack in context.resolved])
        sizes[axis] = fixed[axis].size
        said = "Scenarios that cases choose among, the base case's first"
        variables[axis] = Variable((axis,), "str", _plain("scenario that is varied", said, text=True), True)
    variables["resolved_input"] = Variable(
        (axis,),
        "str",
        _plain("resolved assumptions of the base case", "As JSON, to run it again", text=True),
    )
    sizes["resolved_input_length"] = max(len(text.encode()) for text in fixed["resolved_input"])


def _plain(long_name: str, comment: str, text: bool = False) -> dict[str, Any]:
    found = {"long_name": long_name, "comment": comment, "coverage_content_type": "referenceInformation"}
    return found if text else {"units": "1", **found}


def _base(plan: Plan, item: Swept) -> tuple[str, ...]:
    return (spec.base_label(plan.context.resolved, item),)


def _parameter(plan: Plan, item: Swept) -> dict[str, Any]:
    if item.choices:
        labelled = _plain(
            f"{item.name}, choice of the case",
            "Empty where a case leaves it as it is and scenarios differ",
            text=True,
        )
        return labelled | {"assumption": item.name, "mode": item.mode, "values": ", ".join(item.choices)}
    if policy.is_lever(item.name):
        lever = policy.lever_of(item.name)
        unit, origin = lever.of_unit, f"lever: {lever.title.en}, {lever.article.en}"
    else:
        known = plan.context.resolved[0].item(item.name)
        unit, origin = UNITS[known.unit], f"{known.status}, {known.source}, {known.locator}"
    since = f" from {item.from_year}" if item.from_year else ""
    found: dict[str, Any] = {
        "long_name": f"{item.name}, {_MODES[item.mode]}{since}",
        "units": "1" if item.mode == "scale" else unit.cf,
        "units_label": "factor" if item.mode == "scale" else unit.label,
        "comment": "Missing where a case leaves an assumption as it is that is no single number",
        "source": origin,
        "coverage_content_type": "referenceInformation",
        "assumption": item.name,
        "mode": item.mode,
    }
    if item.from_year:
        found["from_year"] = item.from_year
    if item.distribution is not None:
        found["distribution"] = item.distribution.describe()
    elif item.values is not None:
        found["values"] = ", ".join(f"{value:g}" for value in item.values)
    return found


def _attributes(plan: Plan) -> dict[str, Any]:
    context, sweep = plan.context, plan.context.spec
    years = [int(year) for year in context.years]
    attributes: dict[str, Any] = dict(provenance.run_attributes(context.resolved, years, list(plan.notices)))
    title = (
        sweep.title
        or f"Sensitivity of the fiscal cost of Mexico's 1996 pension reform, {years[0]}-{years[-1]}"
    )
    attributes |= {
        "title": title,
        "summary": f"{plan.cases:,} cases of {', '.join(dict.fromkeys(p.scenario for p in context.resolved))} on the basis"
        f" {sweep.basis}",
        "annexv_format": FORMAT,
        "annexv_format_version": FORMAT_VERSION,
        "id": plan.sha256[:16],
        "run_id": plan.sha256[:16],
        IDENTITY: plan.sha256,
        "design_sha256": plan.identity["design"],
        "sweep_identity": json.dumps(plan.identity, sort_keys=True),
        "sweep_design": json.dumps(spec.canonical(sweep), sort_keys=True),
        "basis": sweep.basis,
        "design_kind": sweep.kind or "none",
        "coverage_content_type": "modelResult",
    }
    if sweep.seed is not None:
        attributes["design_seed"] = sweep.seed
    if sweep.stochastic is not None:
        attributes["paths"] = sweep.stochastic.paths
        attributes["stochastic_seed"] = sweep.stochastic.seed
    return attributes
