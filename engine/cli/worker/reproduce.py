"""`annexv worker reproduce`: published tables of single workers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from engine.cli import common

if TYPE_CHECKING:
    import pandas as pd

_MODES: Final = ("as_printed", "as_stated")
_YEARS: Final = ("25", "20")


def register(group: typer.Typer) -> None:
    """Add the commands to the group of the worker."""
    papers = typer.Typer(
        help="Reproduce published tables of single workers.", no_args_is_help=True, rich_markup_mode=None
    )
    papers.command("parker-wong")(parker_wong)
    papers.command("infonavit-history")(infonavit_history)
    group.add_typer(papers, name="reproduce")


def parker_wong(
    mode: Annotated[
        str,
        typer.Option(
            "--mode", metavar="MODE", help="as_printed (slips included) or as_stated (the paper's rules)."
        ),
    ] = "as_printed",
    guarantee_years: Annotated[
        str,
        typer.Option(
            "--guarantee-years",
            metavar="25|20",
            help="Years that the new law's guarantee asks for: 25, or 20 as in the paper's Figure 10.",
        ),
    ] = "25",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for the tables as CSV.")
    ] = None,
    force: common.Force = False,
    json: common.Json = False,
) -> None:
    """Reproduce Parker & Wong (2001), Tables 4 to 11 and Appendix B1, and compare with print."""
    common.choose("--mode", mode, _MODES)
    common.choose("--guarantee-years", guarantee_years, _YEARS)
    early = guarantee_years == _YEARS[1]
    from engine.studies import parker_wong as paper

    chosen: paper.Mode = "as_stated" if mode == "as_stated" else "as_printed"
    comparison = paper.compare(chosen)
    entitled = paper.entitled(early)
    changes = paper.sign_changes()
    written = _write_all(lambda: paper.write(out, chosen, force, early), out) if out is not None else []
    changed = changes[changes["changes"]]
    if json:
        common.print_json(
            {
                "mode": mode,
                "comparison": comparison.to_dict("records"),
                "guarantee_years": int(guarantee_years),
                "entitled_to_the_guarantee": entitled.to_dict("records"),
                "sign_changes": changed.to_dict("records"),
                "files": [str(path) for path in written],
            }
        )
        return
    console = common.console()
    table = common.table(
        f"Parker & Wong (2001), {mode}: printed cells",
        ("table", "cells", "in tolerance", "largest difference"),
    )
    for name, part in comparison.groupby("table", sort=False):
        table.add_row(
            str(name), str(len(part)), str(int(part["ok"].sum())), f"{part['difference'].abs().max():.4f}"
        )
    console.print(table)
    if mode == _MODES[0]:
        _list_cells(comparison[~comparison["ok"]])
    if early:
        _list_entitled(entitled)
    typer.echo(
        f"Conclusions that change sign between the paper's tables and its stated rules: {len(changed)} of {len(changes)}."
    )
    _written(written)


def _list_entitled(entitled: pd.DataFrame) -> None:
    years = entitled["years"].iloc[0]
    table = common.table(
        f"Share with {years} years (Figure 10)",
        ("sex", "area", "education", "share"),
        left=3,
    )
    for row in entitled.to_dict("records"):
        table.add_row(*(str(row[name]) for name in ("sex", "area", "education")), f"{row['share']:.3f}")
    common.console().print(table)


def _list_cells(cells: pd.DataFrame) -> None:
    if cells.empty:
        return
    table = common.table(
        "Cells that do not agree",
        ("table", "sex", "area", "education", "measure", "printed", "ours"),
        left=5,
    )
    names = ["table", "sex", "area", "education", "measure"]
    for row in cells.to_dict("records"):
        table.add_row(*(str(row[name]) for name in names), f"{row['printed']:g}", f"{row['value']:.4f}")
    common.console().print(table)


def infonavit_history(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.csv", help="Write the table, unrounded, as CSV.")
    ] = None,
    force: common.Force = False,
    json: common.Json = False,
) -> None:
    """Reproduce Annex VII, Table 2, and show what its slip of 1979 and its added 2% change."""
    if out is not None:
        from engine.outputs.files import check_target

        check_target(out, overwrite=force, suffixes=(".csv",))
    from engine.studies import annex_vii as history

    table, comparison, effects = history.reproduce(), history.compare(), history.effects()
    if out is not None:
        from assumptions.spreadsheet import defused_frame
        from engine.outputs.files import whole

        with whole(out, overwrite=force) as temporary:
            defused_frame(table).to_csv(temporary, index=False, lineterminator="\n")
    if json:
        common.print_json(
            {
                "units": "NP$",
                "table": table.to_dict("records"),
                "comparison": comparison.to_dict("records"),
                "effects": effects.to_dict("records"),
                "file": None if out is None else str(out),
            }
        )
        return
    console = common.console()
    shown = common.table("Annex VII, Table 2 (NP$)", tuple(table.columns))
    for row in table.itertuples(index=False):
        shown.add_row(str(row[0]), *(f"{value:,.2f}" for value in row[1:]))
    console.print(shown)
    typer.echo(f"Printed figures that agree to the cent: {int(comparison['ok'].sum())} of {len(comparison)}.")
    console.print()
    changes = common.table(
        "What the slip and the simplification change",
        ("inflation", "2% compounded", "column", "total", "paid %", "change", "change %"),
        left=3,
    )
    for effect in effects.to_dict("records"):
        changes.add_row(
            str(effect["inflation"]),
            "yes" if effect["compounded"] else "no",
            str(effect["column"]),
            *(f"{effect[name]:,.2f}" for name in ("total", "paid_pct", "change", "change_pct")),
        )
    console.print(changes)
    if out is not None:
        typer.echo(f"Written: {out}")


def _write_all(write: Any, out: Path) -> list[Path]:
    from engine.outputs import OutputError

    try:
        written: list[Path] = write()
    except FileExistsError as error:
        raise OutputError(f"{str(error).partition(';')[0]}; --force replaces them") from error
    except NotADirectoryError as error:
        raise OutputError(f"{out}: is not a folder") from error
    return written


def _written(paths: list[Path]) -> None:
    for path in paths:
        typer.echo(f"Written: {path}")


__all__ = ["infonavit_history", "parker_wong", "register"]
