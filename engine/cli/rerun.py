"""`annexv rerun`: does a run's own input still give its numbers?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli import common

if TYPE_CHECKING:
    from engine.compare_runs import Rerun


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("rerun")(rerun)


def rerun(
    run: common.RunFile,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.nc", help="Also write the new results.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file of --out if it exists.")] = False,
    json: common.Json = False,
    workers: common.Workers = None,
) -> None:
    """Project again from the input that a run carries; exit status 1 if a number came out otherwise.

    A run file holds all its assumptions, so neither the options of the run nor its overlay files are needed.
    """
    from engine.outputs.files import check_target

    if out is not None:
        check_target(out, overwrite=force, suffixes=(".nc",))
    from engine import compare_runs
    from engine.outputs import netcdf

    dataset = netcdf.read(run)
    cases = dataset.sizes["basis"] * dataset.sizes["scenario"]
    with common.progress(cases) as report:
        found = compare_runs.rerun(dataset, workers=workers, on_done=report)
    if out is not None:
        netcdf.write(found.dataset, out, command=f"annexv rerun {run.name}", overwrite=force)
    if json:
        common.print_json(
            {
                "file": str(run),
                "same": found.same,
                "moved": [item._asdict() for item in found.moved],
                "program": [{"what": key, "then": then, "now": now} for key, then, now in found.program],
                "shipped_data_changed": [
                    {"basis": basis, "scenario": scenario, "names": names}
                    for (basis, scenario), names in found.data.items()
                ],
            }
        )
    else:
        _print(run, found, cases, dataset.attrs.get("run_id", ""))
        if out is not None:
            typer.echo(f"Written: {out}")
    if not found.same:
        raise typer.Exit(common.NOT_ALL_WELL)


def _print(run: Path, found: Rerun, cases: int, run_id: str) -> None:
    from engine import compare_runs

    if found.same:
        numbers = sum(item.size for item in found.dataset.data_vars.values() if item.dtype.kind in "fi")
        typer.echo(
            f"{run}: reproduced bit for bit ({numbers:,} numbers of {cases} cases, run {run_id}, by"
            f" {compare_runs.program_now()})"
        )
    else:
        typer.echo(f"{run}: NOT reproduced")
        columns = ("variable", "cells", "largest difference", "unit", "at")
        table = common.table("Numbers that came out otherwise", columns, left=1)
        for item in found.moved:
            table.add_row(item.variable, f"{item.cells:,}", f"{item.largest:.6g}", item.units, item.where)
        common.console().print(table)
    if found.program:
        typer.echo("The program is not the one that made the file:")
        for key, then, now in found.program:
            typer.echo(f"  {key}: {then or 'not recorded'} -> {now}")
    elif not found.same:
        typer.echo(
            "The program is the one that made the file: another processor or other versions of numpy and numba may round"
            " otherwise."
        )
    every: dict[tuple[str, ...], list[str]] = {}
    for (basis, scenario), names in found.data.items():
        every.setdefault(tuple(names), []).append(f"{scenario}/{basis}")
    for changed, where in every.items():
        typer.echo(
            f"Shipped values have changed since, and were not used ({', '.join(where)}): {', '.join(changed)}"
        )


__all__ = ["register", "rerun"]
