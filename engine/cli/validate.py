"""`annexv validate`: how far a projection is from the printed tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from engine.cli import common, language

if TYPE_CHECKING:
    from assumptions import Resolved
    from assumptions.facts import Fact
    from engine.outputs.compare import CellDifference, Comparison

LAST_YEAR_OF_LONG_TABLE: Final = 2069
_TITLES: Final = {
    "total_fiscal_cost": "Fiscal cost by component",
    "acquired_rights_by_type": "Acquired rights by type of pension",
    "series_a": "Acquired rights of series A, seen by no fit",
    "series_a_put_right": "The same where a slip of the print is put right (corrections.toml)",
    "state_contributions_long": f"State contributions to {LAST_YEAR_OF_LONG_TABLE}",
}


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("validate")(validate)


def validate(
    scenario: common.Scenarios = None,
    basis: Annotated[
        str | None,
        typer.Option(
            "--basis",
            metavar="BASIS",
            help="published (the default) or reconstructed (have targets), statutory, both or all.",
        ),
    ] = None,
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
            metavar="FILE.csv|FILE.json|FILE.html",
            help="Write the register of what contradicts itself in the report (.html: a page to print), and stop.",
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
    facts: Annotated[
        bool,
        typer.Option(
            "--facts",
            help="Show what was counted and collected in 1992-99 beside the statutory basis, and stop; status 1 when one is"
            " broken.",
        ),
    ] = False,
    force: common.Force = False,
    json: common.Json = False,
    workers: common.Workers = None,
    lang: language.Lang = None,
) -> None:
    """Compare with the printed tables of the report.

    With --facts, with the facts of its years.

    Exit status 1 when a stated tolerance is broken. Differences are in percentage points of GDP. Targets belong to
    the bases published and reconstructed; statutory is compared without any.
    """
    _check_language(lang, facts, discrepancies)
    if facts:
        _facts(
            sets,
            overlay,
            json,
            lang,
            (scenario, basis, long, out, cells, discrepancies, report, force),
        )
        return
    if discrepancies is not None or report is not None:
        _check_alone(discrepancies, report, (scenario, basis, sets, overlay, long, out, cells, json))
        _write_alone(discrepancies, report, force, workers, lang)
        return
    _check_targets(out, cells, force)
    bases = common.chosen_bases(basis or "published")
    scenarios = common.chosen_scenarios(scenario)
    packs = common.load_packs(scenarios, overlay, common.parsed_sets(sets))

    from engine.outputs import compare
    from engine.outputs.dataset import project_resolved, resolve

    cases = resolve(packs, bases)
    common.tell(notice for case in cases for notice in case.notices)
    with common.progress(len(cases)) as on_done:
        dataset = project_resolved(cases, workers=workers, on_done=on_done)
    differences = {
        name: compare.cells(dataset, name)
        + (compare.held_out_cells(dataset, name) if compare.has_held_out(name) else [])
        for name in bases
    }
    found = {name: compare.compare(dataset, name, differences[name]) for name in bases}
    if long:
        sets_long = common.parsed_sets(sets, LAST_YEAR_OF_LONG_TABLE)
        first = common.load_packs(scenarios[:1], overlay, sets_long)
        far = project_resolved(resolve(first, bases), workers=workers)
        for name in bases:
            extra = compare.long_cells(far, name)
            differences[name] += extra
            found[name] += compare.compare(far, name, extra)
    rows = [{"basis": name, **item.as_dict()} for name in bases for item in found[name]]
    if out is not None:
        _write_csv(out, force, rows)
    if cells is not None:
        _write_csv(cells, force, [_as_row(name, cell) for name in bases for cell in differences[name]])
    broken = [item for name in bases for item in found[name] if item.passed is False]
    if json:
        common.print_json(
            {
                "units": "percentage points of GDP",
                "passed": not broken,
                "comparisons": rows,
            }
        )
    else:
        _show(found, cases[: len(scenarios)], scenario)
        for path in (out, cells):
            if path is not None:
                typer.echo(f"Written: {path}")
    if broken:
        raise typer.Exit(common.NOT_ALL_WELL)


def _check_targets(out: Path | None, cells: Path | None, force: bool) -> None:
    from engine.outputs.files import check_target

    for path in (out, cells):
        if path is not None:
            check_target(path, overwrite=force, suffixes=(".csv",))
    if out is not None and cells is not None and out.resolve() == cells.resolve():
        raise common.InputError(f"--out and --cells {cells}: are the same file; give two")


def _as_row(basis: str, cell: CellDifference) -> dict[str, Any]:
    return {
        "basis": basis,
        **{key: getattr(cell, key) for key in cell.__slots__},
        "difference": cell.difference,
        "within_rounding": cell.within_rounding,
    }


def _show(
    found: Mapping[str, Sequence[Comparison]],
    cases: Sequence[Resolved],
    scenario: Sequence[str] | None,
) -> None:
    """The comparison of every basis, and what each scenario is."""
    from engine.outputs import scenario_words

    console, text = common.console(), language.text(language.DEFAULT)
    for name, comparisons in found.items():
        common.say(console, _sentence(name, comparisons, len(cases)), "bold")
    for case in cases:
        common.say(console, f"({case.scenario}: {scenario_words.said_scenario_of(case, text)}.)")
    console.print()
    for name, comparisons in found.items():
        _print(name, comparisons)
    typer.echo(
        "in print: figures that agree within half a unit of the last printed digit. * replica: constants."
    )
    common.say_defaults(console, scenario, text)


def _check_alone(discrepancies: Path | None, report: Path | None, others: tuple[object, ...]) -> None:
    """Register and pages speak of the shipped assumptions, all scenarios and both bases: nothing else goes with them."""
    said = "--discrepancies" if discrepancies is not None else "--report"
    if any(others):
        raise common.InputError(
            f"{said}: is written for the shipped assumptions, all scenarios and both bases; only --force, --workers,"
            " --lang, --discrepancies and --report go together with it"
        )
    if report is not None and not report.is_dir():
        raise common.InputError(f"--report {report}: no such folder; create it first")


def _check_language(lang: str | None, facts: bool, discrepancies: Path | None) -> None:
    if lang is not None and discrepancies is None and not facts:
        raise common.InputError("--lang: goes with --discrepancies and --facts; the comparison is in English")


def _write_alone(
    discrepancies: Path | None, report: Path | None, force: bool, workers: int | None, lang: str | None
) -> None:
    """Register and pages, whichever is asked for."""
    if discrepancies is not None:
        _write_register(discrepancies, force, language.chosen(lang))
    if report is not None:
        _write_report(report, workers)


def _facts(
    sets: common.Sets, overlay: common.Overlays, json: bool, lang: str | None, others: tuple[object, ...]
) -> None:
    """The page of facts; exit status 1 when one is broken."""
    if any(others):
        raise common.InputError(
            "--facts: shows the statutory basis of one scenario; only --set, --overlay, --json and --lang go together"
            " with it"
        )

    from engine.studies import facts

    rows = facts.compared(overlay or (), common.parsed_sets(sets))
    broken = [row for row in rows if row.holds is False]
    if json:
        common.print_json({"passed": not broken, "facts": [row.as_dict() for row in rows]})
    else:
        text = language.text(language.chosen(lang))["facts"]
        console = common.console()
        judged = sum(row.holds is not None for row in rows)
        said = text["sentence"].format(
            met=judged - len(broken), judged=judged, others=len(rows) - judged, scenario=facts.SCENARIO
        )
        common.say(console, said, "bold")
        columns = ("", text["observed"], text["model"], text["unit"], text["allowed"], "")
        out = common.table(text["title"], columns, left=1)
        for row in rows:
            out.add_row(
                text["item"][row.fact.item],
                _of_fact(row.fact.value, row.fact.unit),
                _of_fact(row.model, row.fact.unit),
                text["units"][row.fact.unit],
                _allowed(row.fact),
                {True: "ok", False: text["broken"], None: ""}[row.holds],
                style="bold red" if row.holds is False else None,
            )
        console.print(out)
        common.say(console, text["not_met"], "bold")
        for row in rows:
            if row.fact.item in text["reason"]:
                common.say(console, f"{text['item'][row.fact.item]}: {text['reason'][row.fact.item]}")
    if broken:
        raise typer.Exit(common.NOT_ALL_WELL)


def _of_fact(number: float, unit: str) -> str:
    """A number of the page; a dash where the model has none."""
    if math.isnan(number):
        return "-"
    return f"{number:.0f}" if unit == "calendar year" else f"{number:,.6g}"


def _allowed(fact: Fact) -> str:
    """The tolerance as a reader sees it."""
    if fact.within == "none":
        return ""
    return f"± {100.0 * fact.tolerance:g}%" if fact.within == "relative" else f"± {fact.tolerance:g}"


def _write_register(path: Path, force: bool, said: str) -> None:
    from engine.outputs.files import check_target, whole

    check_target(path, overwrite=force, suffixes=(".csv", ".json", ".html"))

    from engine.studies.annex_v.discrepancies import Register, export

    register = Register()
    writers = {".json": export.as_json, ".html": export.as_html, ".csv": export.as_csv}
    text = writers[path.suffix.lower()](register, said)
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
