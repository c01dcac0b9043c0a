"""`annexv report`: a page to look at and to print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.cli import common


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
    lang: Annotated[str, typer.Option("--lang", metavar="en|es", help="Language.")] = "en",
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
    from engine.outputs import netcdf
    from engine.outputs import report as pages
    from engine.outputs.files import check_target

    target = run.with_suffix(".html") if out is None else out
    overwrite = force or out is None
    check_target(target, overwrite=overwrite, suffixes=(".html",))
    with common.waiting(f"writing {target.name}"):
        found = netcdf.read(run)
        against = None if balance is None else balances.read(balance)
        pages.write(found, target, language=lang, overwrite=overwrite, balance=against)
    typer.echo(f"Written: {target}")


__all__ = ["register", "report"]
