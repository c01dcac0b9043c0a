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
    pesos: common.Pesos = common.BASE_PESOS,
    ratio: Annotated[
        list[str] | None,
        typer.Option(
            "--ratio",
            metavar="A/B",
            help="Add a result over another, as fiscal_cost_mxn/contributors; may be repeated.",
        ),
    ] = None,
    csv_style: Annotated[
        str,
        typer.Option(
            "--csv-style", metavar="plain|es", help="es: fields end in ; and decimals begin with a comma."
        ),
    ] = "plain",
    lang: language.Lang = None,
    force: common.ForceOut = False,
) -> None:
    """Write results for Excel, Stata, R and other programs.

    The numbers are those of the run file, digit by digit. CSV and Parquet have one row a number; Stata one row a year and
    one labelled variable a line; Excel a summary with charts, one sheet a scenario, and every assumption.
    """
    from engine.outputs import export as writer
    from engine.outputs import money, ratios

    chosen = writer.check(out, format_, overwrite=force)
    spoken = language.chosen(lang)
    if lang and chosen != writer.WORKBOOK:
        raise common.InputError(
            f"--lang {lang}: has no effect on {chosen}, which has codes for names; only {writer.WORKBOOK} has words"
        )
    text = language.text(lang)
    common.choose("--csv-style", csv_style, writer.CSV_STYLES)
    if csv_style != writer.CSV_STYLES[0] and chosen != "csv":
        raise common.InputError(f"--csv-style {csv_style}: has no effect on {chosen}, only on csv")
    if chosen == "nc" and (ratio or pesos != common.BASE_PESOS):
        raise common.InputError(
            f"{'--ratio' if ratio else '--pesos'}: a netCDF file holds a run as it is; export csv, xlsx, dta or parquet"
        )
    with common.waiting(f"exporting {run.name}"):
        found = ratios.with_ratios(writer.read(run), ratio or ())
        if pesos != common.BASE_PESOS:
            found = money.convert(found, pesos)
        writer.write(found, out, format_, overwrite=force, language=spoken, csv_style=csv_style)
    typer.echo(text["screen"]["written"].format(file=out))


__all__ = ["export", "register"]
