"""`annexv export`: results for Excel, Stata, R and others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.cli import common, language


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
    lang: language.Lang = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file of --out if it exists.")] = False,
) -> None:
    """Write results for Excel, Stata, R and other programs.

    The numbers are those of the run file, digit by digit. CSV and Parquet have one row a number; Stata one row a year and
    one labelled variable a line; Excel a summary with charts, one sheet a scenario, and every assumption.
    """
    from engine.outputs import export as writer

    chosen = writer.check(out, format_, overwrite=force)
    spoken = language.chosen(lang)
    if lang and chosen != writer.WORKBOOK:
        raise common.InputError(
            f"--lang {lang}: has no effect on {chosen}, which has codes for names; only {writer.WORKBOOK} has words"
        )
    with common.waiting(f"exporting {run.name}"):
        writer.write(writer.read(run), out, format_, overwrite=force, language=spoken)
    typer.echo(f"Written: {out}")


__all__ = ["export", "register"]
