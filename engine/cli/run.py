"""`annexv run`: project scenarios, write the result file, print chosen years."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from engine.cli import common

if TYPE_CHECKING:
    import xarray as xr

DEFAULT_OUT: Final = Path("results") / "annex_v.nc"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("run")(run)


def run(
    scenario: common.Scenarios = None,
    basis: Annotated[
        str, typer.Option("--basis", metavar="BASIS", help="statutory, published or both.")
    ] = common.BOTH,
    sets: common.Sets = None,
    overlay: common.Overlays = None,
    accept_low_wages: common.LowWages = False,
    sex_codes: common.SexCodes = None,
    to: Annotated[int | None, typer.Option("--to", metavar="YEAR", help="Last projected year.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.nc", help=f"Result file; {DEFAULT_OUT} by default.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file of --out if it exists.")] = False,
    embed_tables: common.EmbedTables = False,
    strict: common.Strict = False,
    json: common.Json = False,
    workers: common.Workers = None,
) -> None:
    """Project the fiscal cost, write it to a netCDF file and print chosen years.

    Without options: all eight scenarios on both bases to 2030, into results/annex_v.nc, which the next run replaces.
    """
    sets = common.sets_of_files(sets, accept_low_wages, sex_codes)
    target, overwrite = _target(out, force)
    bases = common.chosen_bases(basis)
    scenarios = common.chosen_scenarios(scenario)
    packs = common.load_packs(scenarios, overlay, common.parsed_sets(sets, to))

    from engine.outputs.dataset import project_resolved, resolve
    from engine.outputs.netcdf import write

    cases = resolve(packs, bases)
    notices = common.tell((notice for case in cases for notice in case.notices), strict)
    with common.progress(len(cases)) as report:
        dataset = project_resolved(cases, workers=workers, on_done=report, embed_tables=embed_tables)
    later = str(dataset.attrs.get("notices", "")).splitlines()
    notices += common.tell((notice for notice in later if notice not in notices), strict)
    tables = common.tell_tables(str(dataset.attrs.get("tables_read", "")).splitlines())
    write(dataset, target, command=_command(scenario, basis, sets, overlay, to), overwrite=overwrite)
    if json:
        from engine.outputs.tables import nested

        common.print_json(
            {
                "file": str(target),
                "units": dataset.fiscal_cost.attrs["units_label"],
                "years": dataset.year.values.tolist(),
                "notices": notices,
                "tables_read": tables,
                "results": nested(dataset),
            }
        )
    else:
        _print(dataset, {pack.scenario: pack.title for pack in packs})
        typer.echo(f"Written: {target}")


def _target(out: Path | None, force: bool) -> tuple[Path, bool]:
    """The result file, and whether it may be replaced; refused before anything is computed."""
    from engine.outputs import OutputError
    from engine.outputs.files import check_target

    target = DEFAULT_OUT if out is None else out
    overwrite = force or target == DEFAULT_OUT
    if target == DEFAULT_OUT:
        try:
            target.parent.mkdir(exist_ok=True)
        except OSError as error:
            raise OutputError(f"{target.parent}: cannot be created: {error.strerror}; use --out") from error
    check_target(target, overwrite=overwrite, suffixes=(".nc",))
    return target, overwrite


def _command(
    scenarios: Sequence[str] | None,
    basis: str,
    sets: Sequence[str] | None,
    overlays: Sequence[str] | None,
    to: int | None,
) -> str:
    """What determines the result, as a command: neither the file nor the number of threads does."""
    words = ["annexv", "run"]
    for option, values in (("--scenario", scenarios), ("--set", sets), ("--overlay", overlays)):
        for value in values or ():
            words += [option, value]
    if basis != common.BOTH:
        words += ["--basis", basis]
    if to is not None:
        words += ["--to", str(to)]
    return shlex.join(words)


def _print(dataset: xr.Dataset, titles: dict[str, str]) -> None:
    from engine.outputs.tables import TOTAL, chosen_years, cost_rows

    console = common.console()
    years = chosen_years(dataset.year.values.tolist())
    marked = False
    for code in map(str, dataset.scenario.values):
        table = common.table(f"{titles[code]} (percent of GDP)", ("", *map(str, years)), left=1)
        last = ""
        for row in cost_rows(dataset, code, years):
            if row.basis != last:
                table.add_row(row.basis, style="italic")
                last = row.basis
            mark = " *" if row.replica else ""
            marked = marked or row.replica
            table.add_row(
                f"  {row.component}{mark}",
                *(f"{value:.3f}" for value in row.values),
                style="bold" if row.component == TOTAL else None,
            )
        console.print(table)
        console.print()
    if marked:
        console.print(
            "* replica: constants that reproduce the printed tables, no mechanism; a total that holds one is marked too."
        )


__all__ = ["register", "run"]
