"""The page of a sweep: spread, what matters most, quantiles, failed cases, design and the assumptions all cases share."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import xarray as xr

from engine.outputs import OutputError, export, headline, money, scenario_words, texts, words
from engine.outputs.files import check_target, whole
from engine.outputs.report import content, render
from engine.outputs.tables import chosen_years

_LISTED: Final = 20
_MONEY: Final = "fiscal_cost_mxn"
_TOTAL: Final = "fiscal_cost_total"
_SHARES: Final = (_TOTAL, f"{_TOTAL}_mean", "fiscal_cost", "fiscal_cost_mean")
_THOUSAND_MILLION: Final = 1e9


def write(
    dataset: xr.Dataset,
    path: str | Path,
    *,
    language: str = "en",
    overwrite: bool = False,
    pesos: str | None = None,
) -> Path:
    """Write the page of a sweep, whole or not at all.

    Parameters
    ----------
    dataset : xarray.Dataset
        As read by :func:`engine.outputs.export.read`.
    path : str or Path
    language : str
    overwrite : bool
        Whether an existing file is replaced.
    pesos : str, optional
        Cost in pesos of December 1996 (``1996``) or of a year with observed prices, in place of percent of GDP.

    Raises
    ------
    OutputError
        If the language is not known, the sweep kept no series, or none in this money, or the file cannot be written.
    """
    target = Path(path)
    check_target(target, overwrite=overwrite, suffixes=(".html",))
    page = build(dataset, language, pesos)
    with whole(target, overwrite=overwrite) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    return target


def build(dataset: xr.Dataset, language: str = "en", pesos: str | None = None) -> str:
    """The page as text."""
    text = texts.load(language)
    if pesos is not None:
        dataset = _in_pesos(dataset, pesos, text)
    said = text["sweep"]
    inputs = export.resolved_inputs(dataset)
    scenarios, figures = [], []
    for code in map(str, dataset.scenario.values):
        one, drawn = _scenario(dataset, code, inputs, text)
        scenarios.append(one)
        figures += drawn
    rows, register = content.assumptions(dataset, text) if inputs else ([], [])
    identity = content.identity(dataset)
    made = (identity["run_id"], identity["source"], identity["date_created"])
    cases, failed = dataset.sizes["case"], int(dataset.attrs.get("cases_failed", 0))
    return render(
        "sweep.html",
        "figures.js",
        {"text": text, "figures": figures},
        text=text,
        title=dataset.attrs.get("title", ""),
        made=said["made"].format(sweep=made[0], program=made[1], date=made[2]),
        scenarios=scenarios,
        source=said["source"].format(sweep=made[0]),
        failed_said=said["cases"].format(cases=f"{cases:,}", failed=f"{failed:,}"),
        failures_head=(text["workbook"]["case"], text["scenario"], text["workbook"]["case_message"]),
        failures=_failures(dataset),
        design_said=_design_said(dataset, text),
        design_head=(
            text["table"]["name"],
            said["varied"],
            said["values"],
            text["table"]["unit"],
            text["table"]["source"],
        ),
        design=_design(dataset),
        assumptions=rows,
        register=register,
        identity=identity,
    )


def _in_pesos(dataset: xr.Dataset, pesos: str, text: Mapping[str, Any]) -> xr.Dataset:
    """The sweep with its total cost in thousand million pesos, in place of percent of GDP.

    Cases may differ in inflation, so that only prices that are the same for all of them are taken.
    """
    unit = money.parse(pesos)
    if unit.kind not in ("december", "observed"):
        raise OutputError(
            f"--pesos {pesos}: cases of a sweep may differ in prices; allowed are 1996 and years with observed prices"
        )
    if _MONEY not in dataset or "quantile" in dataset[_MONEY].dims:
        raise OutputError(
            f"--pesos {pesos}: the sweep kept no {_MONEY} of each case; its outputs name what is kept"
        )
    cost = money.convert(dataset, pesos)[_MONEY]
    total = cost.sum("component", skipna=False) / _THOUSAND_MILLION
    label = headline.said_thousand_million(unit, text)
    found = dataset.drop_vars([name for name in _SHARES if name in dataset])
    return found.assign({_TOTAL: total.assign_attrs({**cost.attrs, "units_label": label})})


def _scenario(
    dataset: xr.Dataset, code: str, inputs: Mapping[tuple[str, str], Any], text: Mapping[str, Any]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the page says of one scenario, and its figures as plain records."""
    from engine.sweeps import figures

    found = summary(dataset, code)
    said = text["sweep"]
    resolved = inputs.get((found["basis"], code))
    last = int(dataset.year.values[-1])
    one: dict[str, Any] = {
        "code": code,
        "words": scenario_words.said_scenario(scenario_words.words(resolved, last), text) if resolved else "",
        "refused": found.get("refused") or "",
        "figures": [], "clouds": [], "quantiles": [], "bars": [], "choices": [],
        "said": "",
    }  # fmt: skip
    if one["refused"]:
        return one, []
    main = [figure for figure in (figures.fan(found, text), figures.importance(found, text)) if figure]
    clouds = figures.scatter(dataset, found, text)
    drawn = []
    for kind, group in (("figures", main), ("clouds", clouds)):
        for figure in group:
            record = figure.plain() | {"key": f"{code}-{figure.key}"}
            one[kind].append(record["key"])
            drawn.append(record)
    one["said"] = ". ".join(figure.title for figure in main) + "."
    one["unit"] = text["unit"].get(found["units"], found["units"])
    years = chosen_years(found["quantiles"]["years"])
    place = {year: at for at, year in enumerate(found["quantiles"]["years"])}
    one["quantiles_head"] = [said["quantile"], *years]
    one["quantiles"] = [
        [f"{share:.0%}", *(_number(found["quantiles"]["values"][place[year]][at]) for year in years)]
        for at, share in enumerate(found["quantiles"]["probabilities"])
    ]
    one["bars_head"], one["bars"] = _sensitivities(found, text)
    one["choices_head"] = [
        said[key] for key in ("parameter", "choice", "number", "lowest_word", "median", "highest_word")
    ]
    one["choices"] = [
        [
            row["parameter"],
            row["choice"],
            row["cases"] - row["cases_failed"],
            *map(_number, (row["low"], row["median"], row["high"])),
        ]
        for row in found.get("by_choice", ())
    ]
    return one, drawn


def summary(dataset: xr.Dataset, scenario: str) -> dict[str, Any]:
    """What the sweep says of a scenario's cost; of the first series that it kept where it kept no cost.

    Raises
    ------
    OutputError
        If it kept none.
    """
    from engine.sweeps import analysis

    try:
        return analysis.summary(dataset, scenario=scenario, most=_LISTED)
    except OutputError:
        for name, item in dataset.data_vars.items():
            if {"case", "year"} <= set(item.dims) and not str(name).endswith("_mean"):
                own = [
                    str(dim)
                    for dim in item.dims
                    if dim not in ("case", "scenario", "year", "quantile", "path")
                ]
                label = str(dataset[own[0]].values[0]) if own else analysis.TOTAL
                return analysis.summary(
                    dataset, scenario=scenario, output=str(name), component=label, most=_LISTED
                )
        raise


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.4f}"


def _given(value: float | str) -> str:
    return value if isinstance(value, str) else "-" if math.isnan(value) else f"{value:g}"


def _sensitivities(found: Mapping[str, Any], text: Mapping[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """Table of a tornado, of Sobol' indices or of rank correlations."""
    said = text["sweep"]
    if "tornado" in found:
        head = [said[key] for key in ("parameter", "lowest_word", "at", "highest_word", "at", "swing")]
        return head, [
            [bar["parameter"], _number(bar["low"]), _given(bar["low_value"]), _number(bar["high"]),
             _given(bar["high_value"]), _number(bar["swing"])]
            for bar in found["tornado"]
        ]  # fmt: skip
    if "sobol" in found:
        head = [said[key] for key in ("parameter", "alone", "half", "with_others", "half")]
        return head, [
            [
                index["parameter"],
                *(f"{index[key]:.3f}" for key in ("first", "first_confidence", "total", "total_confidence")),
            ]
            for index in found["sobol"]["indices"]
        ]
    head = [said[key] for key in ("parameter", "plain", "partial")]
    return head, [
        [
            rank["parameter"],
            *(f"{rank[key]:+.3f}" if rank[key] == rank[key] else "-" for key in ("spearman", "partial")),
        ]
        for rank in found.get("rank_correlations", ())
    ]


def _failures(dataset: xr.Dataset) -> list[tuple[Any, ...]]:
    from engine.sweeps import analysis

    return [(one["case"], one["scenario"], one["message"]) for one in analysis.failures(dataset, _LISTED)]


def _design_said(dataset: xr.Dataset, text: Mapping[str, Any]) -> str:
    design = json.loads(str(dataset.attrs["sweep_design"]))
    said = text["sweep"]
    parts = [
        said["design_said"].format(
            kind=design["design"]["kind"] or "-",
            basis=words.basis(str(dataset.attrs["basis"]), text),
            cases=f"{dataset.sizes['case']:,}",
        )
    ]
    if design["design"].get("seed") is not None:
        parts.append(said["seed"].format(seed=design["design"]["seed"]))
    stochastic = design.get("stochastic")
    if stochastic:
        shocks = "; ".join(
            f"{name} ({deviation:g}, {memory:g})" for name, deviation, memory in stochastic["shocks"]
        )
        parts.append(
            said["paths_said"].format(paths=stochastic["paths"], seed=stochastic["seed"], shocks=shocks)
        )
    if design.get("correlation"):
        parts.append(said["correlated"])
    return " ".join(parts)


def _design(dataset: xr.Dataset) -> list[tuple[str, str, str, str, str]]:
    """A row a parameter: name, how it varies, its values or distribution, unit and source of the base value."""
    rows = []
    for name, item in dataset.coords.items():
        attrs = item.attrs
        if "assumption" not in attrs:
            continue
        how = str(attrs.get("long_name", name)).removeprefix(f"{name}, ")
        given = str(attrs.get("values", attrs.get("distribution", "")))
        rows.append((str(name), how, given, str(attrs.get("units_label", "")), str(attrs.get("source", ""))))
    return rows


__all__ = ["build", "summary", "write"]
