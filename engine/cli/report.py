"""`annexv report`: a page to look at and to print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.cli import common, language


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("report")(report)


def report(
    file: Annotated[
        Path, typer.Argument(metavar="RUN.nc|SWEEP.nc", help="Result file of `annexv run` or `annexv sweep`.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE.html",
            help="Page to write; beside the run by default, replaced by the next report.",
        ),
    ] = None,
    pesos: Annotated[
        str | None,
        typer.Option(
            "--pesos",
            metavar="1996|YEAR|nominal",
            help="Money in pesos of December 1996, of another year or of each year; a sweep's cost in pesos, not % of GDP.",
        ),
    ] = None,
    lang: language.Lang = None,
    balance: Annotated[
        Path | None,
        typer.Option(
            "--balance",
            metavar="BALANCE.nc",
            help="File of `annexv balance --out`: adds the reform against no reform.",
        ),
    ] = None,
    force: common.ForceOut = False,
) -> None:
    """Write a page with figures, tables, assumptions and sources.

    Figures, tables, assumptions and sources, in English or Spanish. The page loads nothing from a network, so that it can
    be sent by mail and kept. It prints on A4.
    """
    from engine.outputs import balance as balances
    from engine.outputs import export, money
    from engine.outputs import report as pages
    from engine.outputs.files import check_target
    from engine.outputs.report import sweep

    text = language.text(lang)
    target = file.with_suffix(".html") if out is None else out
    overwrite = force or out is None
    check_target(target, overwrite=overwrite, suffixes=(".html",))
    with common.waiting(f"writing {target.name}"):
        found = export.read(file)
        if "case" in found.dims:
            if balance is not None:
                raise common.InputError(f"--balance {balance}: goes with a run; {file} is a sweep")
            sweep.write(found, target, language=text["language"], overwrite=overwrite, pesos=pesos)
        else:
            found = money.convert(found, pesos or common.BASE_PESOS)
            against = None if balance is None else balances.read(balance)
            pages.write(found, target, language=text["language"], overwrite=overwrite, balance=against)
    said = text["screen"]["report"]
    what = said["of_sweep" if "case" in found.dims else "of_run"]
    cases = found.sizes["case"] if "case" in found.dims else found.sizes["basis"] * found.sizes["scenario"]
    typer.echo(what.format(title=found.attrs.get("title", ""), cases=f"{cases:,}"))
    typer.echo(text["screen"]["written"].format(file=target))


__all__ = ["register", "report"]
