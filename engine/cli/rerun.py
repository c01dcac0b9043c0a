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
    tables: common.Tables = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.nc", help="Also write the new results.")
    ] = None,
    force: common.ForceOut = False,
    json: common.Json = False,
    workers: common.Workers = None,
) -> None:
    """Project a run again from the input that it carries.

    Tells the same bits, the same to rounding, or different, and why. A run file holds all its assumptions, so neither the
    options of the run nor its overlay files are needed; a table of members or pensioners that it does not hold is given by
    --table. Exit status 0 where no number moved by more than rounding, 1 where one did.
    """
    from engine.outputs.files import check_target

    if out is not None:
        check_target(out, overwrite=force, suffixes=(".nc",))
    from engine import compare_runs
    from engine.outputs import netcdf

    dataset = netcdf.read(run)
    cases = dataset.sizes["basis"] * dataset.sizes["scenario"]
    with common.progress(cases) as report:
        found = compare_runs.rerun(dataset, tables=tables or (), workers=workers, on_done=report)
    if out is not None:
        netcdf.write(found.dataset, out, command=f"annexv rerun {run.name}", overwrite=force)
    if json:
        common.print_json(
            {
                "file": str(run),
                "verdict": found.verdict,
                "same": found.same,
                "numbers": found.numbers,
                "rounding": compare_runs.ROUNDING,
                "moved": [item._asdict() for item in found.moved],
                "program": [{"what": key, "then": then, "now": now} for key, then, now in found.program],
                "environment": dict(zip(("then", "now"), found.environment, strict=True)),
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
    if found.verdict == compare_runs.DIFFERENT:
        raise typer.Exit(common.NOT_ALL_WELL)


def _print(run: Path, found: Rerun, cases: int, run_id: str) -> None:
    from engine import compare_runs

    moved = sum(item.cells for item in found.moved)
    if found.same:
        typer.echo(
            f"{run}: reproduced bit for bit ({found.numbers:,} numbers of {cases} cases, run {run_id}, by"
            f" {compare_runs.program_now()})"
        )
    elif found.verdict == compare_runs.SAME_TO_ROUNDING:
        furthest = max(found.moved, key=lambda item: item.relative)
        typer.echo(
            f"{run}: reproduced to rounding: {moved:,} of {found.numbers:,} numbers differ, by at most"
            f" {furthest.relative:.2g} of the largest of their series ({furthest.largest:.3g} {furthest.units});"
            f" up to {compare_runs.ROUNDING:g} is rounding"
        )
    else:
        typer.echo(f"{run}: NOT reproduced: {moved:,} of {found.numbers:,} numbers differ")
    if not found.same:
        columns = ("variable", "numbers", "of", "largest difference", "unit", "of its series", "at")
        table = common.table("Numbers that came out otherwise", columns, left=1)
        for item in found.moved:
            table.add_row(
                item.variable,
                f"{item.cells:,}",
                f"{item.of:,}",
                f"{item.largest:.6g}",
                item.units,
                f"{item.relative:.2g}",
                item.where,
            )
        common.console().print(table)
    _why(found)
    every: dict[tuple[str, ...], list[str]] = {}
    for (basis, scenario), names in found.data.items():
        every.setdefault(tuple(names), []).append(f"{scenario}/{basis}")
    for changed, where in every.items():
        typer.echo(
            f"Shipped values have changed since, and were not used ({', '.join(where)}): {', '.join(changed)}"
        )


def _why(found: Rerun) -> None:
    """What differs between then and now, and so can be the cause: assumptions and tables are those of the run."""
    then, now = found.environment
    if found.program:
        typer.echo("The program is not the one that made the file:")
        for key, old, new in found.program:
            typer.echo(f"  {key}: {old or 'not recorded'} -> {new}")
    if found.same:
        return
    if then != now:
        typer.echo(f"Computed with: {then or 'not recorded'} -> {now}")
    if not found.program and then == now:
        typer.echo(
            "Program, assumptions, tables, packages and processor are those that made the file: please report this as a"
            " defect of the program"
        )


__all__ = ["register", "rerun"]
