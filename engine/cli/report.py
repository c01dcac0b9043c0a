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
    run: common.RunFile,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE.html",
            help="Page to write; beside the run by default, replaced by the next report.",
        ),
    ] = None,
    pesos: common.Pesos = common.BASE_PESOS,
    lang: language.Lang = None,
    balance: Annotated[
        Path | None,
        typer.Option(
            "--balance",
            metavar="BALANCE.nc",
            help="File of `annexv balance --out`: adds the reform against no reform.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file of --out if it exists.")] = False,
) -> None:
    """Write a page with figures, tables, assumptions and sources.

    The page loads nothing from a network, so that it can be sent by mail and kept. It prints on A4.
    """
    from engine.outputs import balance as balances
    from engine.outputs import money, netcdf
    from engine.outputs import report as pages
    from engine.outputs.files import check_target

    text = language.text(lang)
    target = run.with_suffix(".html") if out is None else out
    overwrite = force or out is None
    check_target(target, overwrite=overwrite, suffixes=(".html",))
    with common.waiting(f"writing {target.name}"):
        found = money.convert(netcdf.read(run), pesos)
        against = None if balance is None else balances.read(balance)
        pages.write(found, target, language=text["language"], overwrite=overwrite, balance=against)
    typer.echo(text["screen"]["written"].format(file=target))


__all__ = ["register", "report"]
