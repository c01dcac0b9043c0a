"""`annexv export`: results for Excel, Stata, R and others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.cli import common


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("export")(export)


def export(
    run: common.RunFile,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="File to write.")],
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="nc, csv, xlsx, dta or parquet; by default the ending of --out.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file of --out if it exists.")] = False,
) -> None:
    """Write results for Excel, Stata, R and other programs.

    The numbers are those of the run file, digit by digit. CSV and Parquet have one row a number; Stata one row a year and
    one labelled variable a line; Excel one sheet a scenario, with a sheet "Read me" and one with every assumption.
    """
    from engine.outputs import export as writer

    writer.check(out, format_, overwrite=force)
    with common.waiting(f"exporting {run.name}"):
        writer.write(writer.read(run), out, format_, overwrite=force)
    typer.echo(f"Written: {out}")


__all__ = ["export", "register"]
