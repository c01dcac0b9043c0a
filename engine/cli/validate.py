"""`annexv validate`: how far a projection is from the printed tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from engine.cli import common, language

if TYPE_CHECKING:
    from engine.outputs.compare import Comparison

LAST_YEAR_OF_LONG_TABLE: Final = 2069
_TITLES: Final = {
    "total_fiscal_cost": "Fiscal cost by component",
    "acquired_rights_by_type": "Acquired rights by type of pension",
    "state_contributions_long": f"State contributions to {LAST_YEAR_OF_LONG_TABLE}",
}


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("validate")(validate)


def validate(
    scenario: common.Scenarios = None,
    basis: Annotated[
        str, typer.Option("--basis", metavar="BASIS", help="published (has targets), statutory or both.")
    ] = "published",
    sets: common.Sets = None,
    overlay: common.Overlays = None,
    long: Annotated[
        bool, typer.Option("--long", help="Also compare the State's contributions to 2069.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.csv", help="Write the comparison as CSV.")
    ] = None,
    cells: Annotated[
        Path | None, typer.Option("--cells", metavar="FILE.csv", help="Write every printed figure as CSV.")
    ] = None,
    discrepancies: Annotated[
        Path | None,
        typer.Option(
            "--discrepancies",
            metavar="FILE.csv|FILE.json",
            help="Write the register of what contradicts itself in the report, and stop.",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="FOLDER",
            help="Write the pages reproduction.md and discrepancies.md with data and figures, and stop.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace existing files.")] = False,
    json: common.Json = False,
    workers: common.Workers = None,
) -> None:
    """Compare with the printed tables of the report.

    Exit status 1 when a stated tolerance is broken. Differences are in percentage points of GDP. Targets belong to
    the basis published; statutory is compared without any.
    """
    from engine.outputs.files import check_target

    if discrepancies is not None or report is not None:
        _check_alone(discrepancies, report, (scenario, sets, overlay, long, out, cells, json), basis)
        if discrepancies is not None:
            _write_register(discrepancies, force)
        if report is not None:
            _write_report(report, workers)
        return
    for path in (out, cells):
        if path is not None:
            check_target(path, overwrite=force, suffixes=(".csv",))
    if out is not None and cells is not None and out.resolve() == cells.resolve():
        raise common.InputError(f"--out and --cells {cells}: are the same file; give two")
    bases = common.chosen_bases(basis)
    scenarios = common.chosen_scenarios(scenario)
    packs = common.load_packs(scenarios, overlay, common.parsed_sets(sets))

    from engine.outputs import compare, headline
    from engine.outputs.dataset import project_resolved, resolve

    cases = resolve(packs, bases)
    common.tell(notice for case in cases for notice in case.notices)
    with common.progress(len(cases)) as on_done:
        dataset = project_resolved(cases, workers=workers, on_done=on_done)
    differences = {name: compare.cells(dataset, name) for name in bases}
    found = {name: compare.compare(dataset, name, differences[name]) for name in bases}
    if long:
        sets_long = common.parsed_sets(sets, LAST_YEAR_OF_LONG_TABLE)
        first = common.load_packs(scenarios[:1], overlay, sets_long)
        far = project_resolved(resolve(first, bases), workers=workers)
        for name in bases:
            extra = compare.long_cells(far, name)
            differences[name] += extra
            found[name] += compare.compare(far, name, extra)
    unprinted = [key for name in bases for key in compare.unprinted(scenarios, name)]
    if out is not None:
        _write_csv(out, force, [{"basis": name, **item.as_dict()} for name in bases for item in found[name]])
    if cells is not None:
        _write_csv(
            cells,
            force,
            [
                {
                    "basis": name,
                    **{key: getattr(cell, key) for key in cell.__slots__},
                    "difference": cell.difference,
                    "within_rounding": cell.within_rounding,
                }
                for name in bases
                for cell in differences[name]
            ],
        )
    broken = [item for name in bases for item in found[name] if item.passed is False]
    if json:
        common.print_json(
            {
                "units": "percentage points of GDP",
                "passed": not broken,
                "targets_without_printed_figures": [list(key) for key in unprinted],
                "comparisons": [{"basis": name, **item.as_dict()} for name in bases for item in found[name]],
            }
        )
    else:
        console = common.console()
        for name in bases:
            common.say(console, _sentence(name, found[name], len(scenarios)), "bold")
        text = language.text(language.DEFAULT)
        for case in cases[: len(scenarios)]:
            common.say(console, f"({case.scenario}: {headline.said_scenario_of(case, text)}.)")
        console.print()
        for name in bases:
            _print(name, found[name])
        _summary(unprinted)
        common.say_defaults(console, scenario, text)
        for path in (out, cells):
            if path is not None:
                typer.echo(f"Written: {path}")
    if broken:
        raise typer.Exit(common.NOT_ALL_WELL)


def _check_alone(
    discrepancies: Path | None, report: Path | None, others: tuple[object, ...], basis: str
) -> None:
    """Register and pages speak of the shipped assumptions, all scenarios and both bases: nothing else goes with them."""
    said = "--discrepancies" if discrepancies is not None else "--report"
    if any(others) or basis != "published":
        raise common.InputError(
            f"{said}: is written for the shipped assumptions, all scenarios and both bases; only --force, --workers,"
            " --discrepancies and --report go together with it"
        )
    if report is not None and not report.is_dir():
        raise common.InputError(f"--report {report}: no such folder; create it first")


def _write_register(path: Path, force: bool) -> None:
    from engine.outputs.files import check_target, whole

    check_target(path, overwrite=force, suffixes=(".csv", ".json"))

    from engine.studies.annex_v.discrepancies import Register

    register = Register()
    text = register.as_json() if path.suffix.lower() == ".json" else register.as_csv()
    with whole(path, overwrite=force) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    typer.echo(f"Written: {path} ({len(register.rows)} rows)")


def _write_report(folder: Path, workers: int | None) -> None:
    """The pages; fits take minutes and are made again only when the committed fit has moved."""
    from importlib.util import find_spec

    if find_spec("matplotlib") is None:
        raise ModuleNotFoundError("No module named 'matplotlib'", name="matplotlib")

    from engine.runs import default_workers
    from engine.studies.annex_v import fits, reproduction

    kept = reproduction.load_kept(folder)
    if kept is None:
        common.complain(f"note: fitting {fits.COUNT} studies anew; this takes a few minutes")
    count = workers or default_workers()
    with common.progress(0 if kept is not None else fits.COUNT, "studies fitted") as on_done:
        found = reproduction.make(kept, workers=count, on_done=on_done)
    for path in reproduction.write(found, folder):
        typer.echo(f"Written: {path}")


def _sentence(basis: str, found: Sequence[Comparison], scenarios: int) -> str:
    """How near the basis is to print: targets, figures within rounding, and the largest difference."""
    judged = [item for item in found if item.passed is not None]
    met = sum(item.passed is True for item in judged)
    targets = (
        f"{met} of {len(judged)} targets met"
        if judged
        else "no targets, it is not meant to reproduce the tables"
    )
    within, cells = (sum(getattr(item, name) for item in found) for name in ("within_rounding", "cells"))
    worst = max(found, key=lambda item: item.largest)
    return (
        f"Basis {basis}, {scenarios} scenario{'s' if scenarios > 1 else ''}: {targets}; {within:,} of {cells:,} printed"
        f" figures agree within their last digit; the largest difference is {worst.largest:.4f} points of GDP"
        f" ({worst.scenario} {worst.label.replace('_', ' ')}, {worst.year})."
    )


def _print(basis: str, found: Sequence[Comparison]) -> None:
    console = common.console()
    columns = ("", "column", "max", "year", "RMS", "in print", "target max", "RMS", "")
    for table, title in _TITLES.items():
        rows = [item for item in found if item.table == table]
        if not rows:
            continue
        out = common.table(f"{title}, basis {basis} (percentage points of GDP)", columns, left=2)
        last = ""
        for item in rows:
            column = item.label if item.column == item.label else f"{item.column} {item.label}"
            mark = {True: "ok", False: "BROKEN", None: ""}[item.passed]
            out.add_row(
                item.scenario if item.scenario != last else "",
                f"{column}{' *' if item.method == 'replica' else ''}{' (held out)' if item.held_out else ''}",
                f"{item.largest:.4f}",
                str(item.year),
                f"{item.rms:.4f}",
                f"{item.within_rounding}/{item.cells}",
                _number(item.tolerance_largest),
                _number(item.tolerance_rms),
                mark,
                style="bold red" if item.passed is False else None,
            )
            last = item.scenario
        console.print(out)
        console.print()


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _summary(unprinted: Sequence[tuple[str, str, str]]) -> None:
    typer.echo(
        "in print: figures that agree within half a unit of the last printed digit. * replica: constants."
    )
    if unprinted:
        listed = ", ".join(f"{scenario} {column}" for _, scenario, column in unprinted)
        typer.echo(f"Targets without printed figures here, not checked: {listed}.")


def _write_csv(path: Path, force: bool, rows: Iterable[dict[str, Any]]) -> None:
    from assumptions.spreadsheet import Writer
    from engine.outputs.files import whole

    listed = list(rows)
    with (
        whole(path, overwrite=force) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as stream,
    ):
        writer = Writer(stream)
        writer.writerow(listed[0] if listed else ())
        writer.writerows(row.values() for row in listed)


__all__ = ["register", "validate"]
