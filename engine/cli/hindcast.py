"""`annexv hindcast`: the projection of 1996 told what happened, one thing at a time, beside what was observed."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from engine.cli import common, language

if TYPE_CHECKING:
    import xarray as xr

LAST: Final = 2025


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("hindcast")(hindcast)


def hindcast(
    scenario: common.OneScenario = None,
    to: Annotated[
        int,
        typer.Option(
            "--to",
            metavar="YEAR",
            help="Last year, 2008 to 2025; spending is observed from the first, prices to the last.",
        ),
    ] = LAST,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.nc", help="Write all steps, lines and years.")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report", metavar="PAGE.html", help="Write a page with figures, sources and confidence."
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the files of --out and --report if they exist.")
    ] = False,
    lang: language.Lang = None,
    json: common.Json = False,
    workers: common.Workers = None,
) -> None:
    """Tell the projection of 1996 what happened, and compare.

    On the statutory basis: prices, minimum wage, wages, contributors, GDP, returns, mortality and the law as it became, one
    after the other; what each does free of the order (Shapley values); what was observed; what nothing explains. Nothing is
    fitted to spending.
    """
    from assumptions import main_scenario
    from engine.outputs.files import check_target

    text = language.text(lang)
    for target, suffix in ((out, ".nc"), (report, ".html")):
        if target is not None:
            check_target(target, overwrite=force, suffixes=(suffix,))
    if report is not None and not common.has_report():
        raise common.InputError(
            "--report: needs the report extra: python -m pip install '.[report]'; --out needs nothing more"
        )
    if workers is not None and workers < 1:
        raise common.InputError(f"--workers {workers}: is not allowed; 1 or more threads are")
    code = common.chosen_scenarios([scenario or main_scenario()])[0]
    from engine.hindcast import study

    first, end = study.allowed()
    if not first <= to <= end:
        raise common.InputError(
            f"--to {to}: is not allowed; {first} to {end} are, years whose spending and prices were observed; for later"
            " ones: annexv run --overlay today --to 2070"
        )
    with common.progress(study.projections(), "projections") as done:
        found = study.hindcast(code, to, workers=workers, on_done=done)
    if out is not None:
        study.write(found, out, command=_command(scenario, to), overwrite=force)
    if report is not None:
        from engine.hindcast import page

        page.write(found, report, language=text["language"], overwrite=force)
    if json:
        common.print_json(_content(found, text))
    else:
        _print(found, text)
        for path in (out, report):
            if path is not None:
                typer.echo(text["screen"]["written"].format(file=path))
        common.say_defaults(common.console(), [scenario] if scenario else None, text)


def _command(scenario: str | None, to: int) -> str:
    words = ["annexv", "hindcast"]
    if scenario is not None:
        words += ["--scenario", scenario]
    if to != LAST:
        words += ["--to", str(to)]
    return shlex.join(words)


def _print(found: xr.Dataset, text: Mapping[str, Any]) -> None:
    from engine.hindcast import tables

    console, said = common.console(), text["hindcast"]
    common.say(console, tables.sentence(found, text), "bold")
    for title, (head, rows) in (
        (said["attribution"], tables.attribution(found, text)),
        (said["windows"], tables.windows(found, text)),
    ):
        console.print()
        table = common.table(title, tuple(head))
        for row in rows:
            table.add_row(*row)
        console.print(table)
    common.say(console, tables.attribution_said(found, text))
    console.print()
    tested, _ = tables.contribution_test(found, text)
    for words in (tested, said["missing"], said["cannot"]):
        common.say(console, words)


def _content(found: xr.Dataset, text: Mapping[str, Any]) -> dict[str, Any]:
    """Lines by step and year, as JSON."""
    from engine.hindcast import tables

    def plain(values: Any) -> Any:
        if isinstance(values, list):
            return [plain(value) for value in values]
        return None if isinstance(values, float) and math.isnan(values) else values

    tested, met = tables.contribution_test(found, text)
    return {
        "scenario": found.attrs["scenario"],
        "basis": found.attrs["basis"],
        "years": found.year.values.tolist(),
        "units": found.modelled.attrs["units_label"],
        "said": tables.sentence(found, text),
        "contribution_test": {"met": met, "said": tested},
        "modelled": {
            line: {
                step: plain(found.modelled.sel(line=line, step=step).values.tolist())
                for step in map(str, found.step.values)
            }
            for line in map(str, found.line.values)
        },
        "observed": {
            line: plain(found.observed.sel(line=line).values.tolist()) for line in map(str, found.line.values)
        },
        "residual": {
            line: plain(found.residual.sel(line=line).values.tolist()) for line in map(str, found.line.values)
        },
    }


__all__ = ["register"]
