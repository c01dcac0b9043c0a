"""The page of a hindcast, in English or Spanish, and the same as a document in Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr

from engine.hindcast import steps, tables
from engine.hindcast.lines import LINES
from engine.labels import COMPONENTS
from engine.outputs import texts
from engine.outputs.figures import COLOURS, GREY, Figure, Trace, numbers
from engine.outputs.files import check_target, whole
from engine.outputs.report import render
from engine.outputs.report.content import identity

_PERSONS: Final = 1e6


def write(dataset: xr.Dataset, path: str | Path, *, language: str = "en", overwrite: bool = False) -> Path:
    """Write the page, whole or not at all.

    Raises
    ------
    OutputError
        If the language is not known, or the file cannot be written.
    """
    target = Path(path)
    check_target(target, overwrite=overwrite, suffixes=(".html",))
    page = build(dataset, language)
    with whole(target, overwrite=overwrite) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    return target


def build(dataset: xr.Dataset, language: str = "en") -> str:
    """The page as text."""
    text = texts.load(language)
    said = text["hindcast"]
    first = [_picture(dataset, text), _waterfall(dataset, text)]
    lines = [_line(dataset, line, text) for line in LINES[1:4]]
    people = _heads(dataset, text)
    drawn = [figure.plain() for figure in (*first, *lines, *people)]
    who = identity(dataset)
    return render(
        "hindcast.html",
        "figures.js",
        {"text": text, "figures": drawn},
        text=text,
        said=said,
        title=said["title"].format(last=int(dataset.year.values[-1])),
        made=made(dataset, text),
        lead=tables.sentence(dataset, text),
        sections=_sections(dataset, text),
        picture=[figure.key for figure in first],
        lines=[figure.key for figure in lines],
        people=[figure.key for figure in people],
        source=said["source_line"].format(run=who["run_id"]),
        identity=who,
    )


def made(dataset: xr.Dataset, text: Mapping[str, Any]) -> str:
    """What was run, by what, when."""
    who = identity(dataset)
    return str(
        text["hindcast"]["made"].format(
            scenario=dataset.attrs["scenario"],
            basis=text["basis_names"].get(dataset.attrs["basis"], dataset.attrs["basis"]),
            run=who["run_id"],
            program=who["source"],
            date=who["date_created"],
        )
    )


def _sections(dataset: xr.Dataset, text: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Everything in words and tables, in the order of page and document."""
    said = text["hindcast"]
    tested, _ = tables.contribution_test(dataset, text)
    could, table = tables.candidates(dataset, text)
    year = int(dataset.year.values[0])
    found: list[dict[str, Any]] = [
        {"key": "picture", "title": said["picture"], "words": [said["steps_said"], tables.attribution_said(dataset, text)],
         "tables": [tables.attribution(dataset, text)]},
        {"key": "residual", "title": said["residual"], "words": [said["gross"], said["pesos"]],
         "tables": [tables.by_year(dataset, tables.MAIN, text)]},
        {"key": "windows", "title": said["windows"], "words": [], "tables": [tables.windows(dataset, text)]},
        {"key": "lines", "title": said["other_lines"], "words": [],
         "named": [(said["lines"][line], tables.by_year(dataset, line, text)) for line in LINES[1:4]], "tables": []},
        {"key": "tests", "title": said["tests"], "words": [tested], "tables": [tables.heads(dataset, text)]},
        {"key": "candidates", "title": said["candidates"], "words": [could, said["need"]], "tables": [table]},
        {"key": "budget", "title": said["budget"].format(year=year), "words": [tables.budget_said(dataset, text)],
         "tables": []},
        {"key": "others", "title": said["others"], "words": [], "tables": [tables.others(text)]},
        {"key": "sources", "title": said["data"], "words": [said["data_said"], said["missing"], said["cannot"]],
         "tables": [tables.overlays_used(text), tables.register(dataset, text)]},
    ]  # fmt: skip
    return found


def markdown(dataset: xr.Dataset, language: str = "en") -> str:
    """The document."""
    text = texts.load(language)
    said = text["hindcast"]
    parts = [
        f"<!-- {said['generated']} -->",
        f"# {said['title'].format(last=int(dataset.year.values[-1]))}",
        tables.sentence(dataset, text),
    ]
    for section in _sections(dataset, text):
        parts.append(f"## {section['title']}")
        parts += section["words"]
        for name, table in section.get("named", ()):
            parts += [f"### {name}", tables.markdown(table).rstrip("\n")]
        parts += [tables.markdown(table).rstrip("\n") for table in section["tables"]]
    return "\n\n".join(parts) + "\n"


def _years(dataset: xr.Dataset) -> list[int]:
    return [int(year) for year in dataset.year.values]


def _picture(dataset: xr.Dataset, text: Mapping[str, Any]) -> Figure:
    """The old-law line over the years: projected, told all, observed."""
    said, years = text["hindcast"], _years(dataset)
    share = dataset.modelled_percent.sel(line=tables.MAIN)
    printed = dataset.printed.sel(printed_component=list(COMPONENTS[:2])).sum(
        "printed_component", skipna=False
    )
    traces = (
        Trace(said["printed_net"], "line", years, numbers(printed.values), GREY, dash="dot"),
        Trace(
            said["projected"], "line", years, numbers(share.sel(step=steps.START).values), GREY, dash="dash"
        ),
        Trace(said["all_known"], "line", years, numbers(share.sel(step=steps.END).values), COLOURS[0]),
        Trace(
            said["observed"],
            "point",
            years,
            numbers(dataset.observed_percent.sel(line=tables.MAIN).values),
            COLOURS[1],
        ),
    )
    return Figure("hindcast-years", said["over_time"], said["lines"][tables.MAIN], said["share"], traces)


def _waterfall(dataset: xr.Dataset, text: Mapping[str, Any]) -> Figure:
    """From what was projected to what happened in the last observed year, a bar for each surprise."""
    said, year = text["hindcast"], tables.last_seen(dataset)
    at = {"line": tables.MAIN, "year": year}
    share = dataset.modelled_percent.sel(**at)
    effects = dataset.attribution_percent.sel(**at)
    begin, end = float(share.sel(step=steps.START)), float(share.sel(step=steps.END))
    observed = float(dataset.observed_percent.sel(**at))
    rows = [(said["steps"][steps.START], 0.0, begin)]
    level = begin
    for name in steps.NAMES:
        moved = float(effects.sel(step=name))
        rows.append((said["steps"][name], level, level + moved))
        level += moved
    rows.append((said["steps"][steps.END], 0.0, end))
    if np.isfinite(observed):
        rows += [(said["left"], end, observed), (said["observed"], 0.0, observed)]
    names, base, to = zip(*rows, strict=True)
    said_ends = [tables.plain(b - a, "+.2f" if a else ".2f", said) for a, b in zip(base, to, strict=True)]
    trace = Trace("", "bar", list(to), list(names), COLOURS[0], base=list(base), text=said_ends)
    title = f"{said['attribution']}, {year}"
    return Figure("hindcast-steps", title, said["lines"][tables.MAIN], "", (trace,), x_unit=said["share"])


def _line(dataset: xr.Dataset, line: str, text: Mapping[str, Any]) -> Figure:
    said, years = text["hindcast"], _years(dataset)
    money = dataset.modelled.sel(line=line)
    traces = (
        Trace(
            said["projected"], "line", years, numbers(money.sel(step=steps.START).values), GREY, dash="dash"
        ),
        Trace(said["all_known"], "line", years, numbers(money.sel(step=steps.END).values), COLOURS[0]),
        Trace(said["observed"], "point", years, numbers(dataset.observed.sel(line=line).values), COLOURS[1]),
    )
    return Figure(f"hindcast-{line}", said["lines"][line], "", said["million"], traces)


def _heads(dataset: xr.Dataset, text: Mapping[str, Any]) -> list[Figure]:
    said, years = text["hindcast"], _years(dataset)
    found = []
    for name, unit, scale in (
        ("contributors", text["million_persons"], _PERSONS),
        ("wage_bill", said["million"], 1.0),
    ):
        pair = dataset[name], dataset[f"{name}_observed"]
        traces = (
            Trace(
                said["projected"],
                "line",
                years,
                numbers(pair[0].sel(step=steps.START).values, scale),
                GREY,
                dash="dash",
            ),
            Trace(
                said["all_known"],
                "line",
                years,
                numbers(pair[0].sel(step=steps.END).values, scale),
                COLOURS[0],
            ),
            Trace(said["observed"], "point", years, numbers(pair[1].values, scale), COLOURS[1]),
        )
        found.append(Figure(f"hindcast-{name}", said[name], "", unit, traces))
    return found


__all__ = ["build", "made", "markdown", "write"]
