"""`annexv assumptions`: list, show, check, compare and export what is believed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli import common, language

if TYPE_CHECKING:
    from assumptions import Resolved

_DEFAULT_BASIS = "statutory"
_OVERLAY = {"title", "description"}

Basis = Annotated[str, typer.Option("--basis", metavar="BASIS", help="statutory or published.")]


def register(app: typer.Typer) -> None:
    """Add the group of commands to the application."""
    group = typer.Typer(
        help="List, show, check, compare and export assumptions.", no_args_is_help=True, rich_markup_mode=None
    )
    group.command("list")(list_)
    group.command("show")(show)
    group.command("check")(check)
    group.command("diff")(diff)
    group.command("overlays")(overlays_)
    group.command("register")(register_)
    group.command("liveness")(liveness)
    app.add_typer(group, name="assumptions")


def _resolved(
    scenario: str | None,
    basis: str,
    sets: list[str] | None = None,
    overlays: list[str] | None = None,
) -> Resolved:
    from assumptions import basis_names

    common.choose("--basis", basis, basis_names())
    (pack,) = common.load_packs([common.one_scenario(scenario)], overlays, common.parsed_sets(sets))
    return pack.resolve(basis)


def list_(
    prefix: Annotated[str, typer.Argument(metavar="[PREFIX]", help="Only names that start so.")] = "",
    scenario: common.OneScenario = None,
    basis: Basis = _DEFAULT_BASIS,
    sets: common.Sets = None,
    overlay: common.Overlays = None,
    json: common.Json = False,
) -> None:
    """List values with unit, status and source."""
    resolved = _resolved(scenario, basis, sets, overlay)
    from assumptions import audit

    rows = [row for row in audit.register(resolved, expand=False) if row.name.startswith(prefix)]
    if not rows:
        raise common.InputError(f"no name starts with {prefix!r}; `annexv assumptions list` shows all")
    if json:
        common.print_json([row._asdict() for row in rows])
        return
    from engine.outputs.scenario_words import said_case

    text = language.text(language.DEFAULT)
    console = common.console()
    common.say(console, f"{len(rows)} values of {said_case(resolved, text)}.", "bold")
    console.print()
    heads = ("name", "value", "unit", "status", "source")
    narrow = common.narrow(console)
    table = common.table("", ("name", "value, unit", "status, source") if narrow else heads, left=len(heads))
    table.padding = (0, 1 if narrow else 2, 0, 0)
    for row in rows:
        value, style = audit.summary(resolved, row.name), None if row.live else "dim"
        if narrow:
            table.add_row(row.name, f"{value} {row.unit}", f"{row.status}, {row.source}", style=style)
        else:
            table.add_row(row.name, value, row.unit, row.status, row.source, style=style)
    console.print(table)
    common.say_defaults(console, scenario, text)


def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Dotted name, as funds.rcv_return.")],
    scenario: common.OneScenario = None,
    basis: Basis = _DEFAULT_BASIS,
    sets: common.Sets = None,
    overlay: common.Overlays = None,
    json: common.Json = False,
) -> None:
    """Show everything known about one value.

    Unit, status, source, place, range, and whether it is used.
    """
    resolved = _resolved(scenario, basis, sets, overlay)
    from assumptions import audit

    text = audit.show(resolved, name)
    if json:
        rows = [row for row in audit.register(resolved) if row.name == name]
        common.print_json([row._asdict() for row in rows])
    else:
        typer.echo(text)
        common.say_defaults(common.console(), scenario, language.text(language.DEFAULT))


def check(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[PATH]", help="Overlay file or data folder; the shipped data by default."),
    ] = None,
    use: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="run|balance|worker|sweep",
            help="Which command is to use the file; run by default.",
        ),
    ] = None,
    scenario: common.Scenarios = None,
    basis: Annotated[
        str | None,
        typer.Option("--basis", metavar="BASIS", help="As that command takes it; its own default."),
    ] = None,
    strict: common.Strict = False,
    json: common.Json = False,
) -> None:
    """Report everything that is wrong with a file or all data.

    Exit status 2 if anything is. A file is used as the command of --for uses it (a sweep file too, for sweep), files that
    it names included: what the check accepts that command accepts, and what it refuses that command refuses. Nothing is
    written.
    """
    from assumptions import AssumptionError
    from assumptions import check as check_all
    from engine.cli.judge import JUDGES

    if path is not None and not path.exists():
        raise common.InputError(f"{path}: no such file or folder")
    if path is None or path.is_dir():
        if use is not None or scenario or basis:
            raise common.InputError(
                "--for, --scenario and --basis belong to a file; data are checked as a whole"
            )
        faults = check_all(path)
    else:
        judge = JUDGES[common.choose("--for", use or next(iter(JUDGES)), tuple(JUDGES))]
        faults = []
        try:
            common.tell(judge(path, scenario, basis), strict)
        except AssumptionError as error:
            faults = list(error.faults)
    if json:
        common.print_json(
            [{"file": fault.file, "path": fault.path, "message": fault.message} for fault in faults]
        )
        if faults:
            raise typer.Exit(common.BAD_INPUT)
    elif faults:
        raise AssumptionError(faults)
    else:
        typer.echo(f"{'shipped data' if path is None else path}: no faults")


def diff(
    a: Annotated[
        str, typer.Argument(metavar="A", help="SCENARIO[/BASIS][+OVERLAY]..., as 3B/published+mine.toml.")
    ],
    b: Annotated[str, typer.Argument(metavar="B", help="The same.")],
    basis: Annotated[
        str, typer.Option("--basis", metavar="BASIS", help="Basis where A or B names none.")
    ] = _DEFAULT_BASIS,
    json: common.Json = False,
) -> None:
    """Show which values differ between two sets, and their sources."""
    from assumptions import audit
    from assumptions import diff as differences

    old, new = _side(a, basis), _side(b, basis)
    found = differences(old, new)

    def said(side: Resolved, name: str) -> str:
        return audit.summary(side, name) if side.has(name) else "(absent)"

    if json:
        content: list[dict[str, Any]] = [
            {
                "name": item.name,
                "a": said(old, item.name),
                "b": said(new, item.name),
                "source_a": item.source_old,
                "source_b": item.source_new,
            }
            for item in found
        ]
        common.print_json(content)
        return
    for item in found:
        typer.echo(item.name)
        typer.echo(f"  A  {said(old, item.name)}   [{item.source_old}]")
        typer.echo(f"  B  {said(new, item.name)}   [{item.source_new}]")
    typer.echo(f"Values that differ: {len(found) or 'none'}.")


def _side(text: str, basis: str) -> Resolved:
    """One side of a comparison: scenario, basis and overlays."""
    head, *overlays = text.split("+")
    scenario, slash, own = head.partition("/")
    if not scenario or (slash and not own) or not all(overlays):
        raise common.InputError(
            f"{text!r} is written as SCENARIO[/BASIS][+OVERLAY]..., as 3B/published+mine.toml"
        )
    return _resolved(scenario, own or basis, overlays=overlays)


def overlays_(json: common.Json = False) -> None:
    """List the shipped overlays and what they do."""
    from assumptions import overlay_headers

    found = overlay_headers()
    if json:
        common.print_json(
            [{"name": name, **item.model_dump(include=_OVERLAY)} for name, item in found.items()]
        )
        return
    console = common.console()
    common.say(console, f"{len(found)} overlays are shipped; --overlay NAME applies one.", "bold")
    console.print()
    table = common.table("", ("name", "what it does"), left=2)
    for name, item in found.items():
        table.add_row(name, f"{item.title}. {item.description}")
    console.print(table)


def register_(
    out: Annotated[Path, typer.Option("--out", metavar="FILE.xlsx|.csv", help="File to write.")],
    scenario: common.OneScenario = None,
    basis: Basis = _DEFAULT_BASIS,
    sets: common.Sets = None,
    overlay: common.Overlays = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write every value with unit, status and source, for review."""
    from engine.outputs.files import check_target, whole

    check_target(out, overwrite=force, suffixes=(".xlsx", ".csv"))
    resolved = _resolved(scenario, basis, sets, overlay)
    from assumptions import audit

    write = audit.write_xlsx if out.suffix.lower() == ".xlsx" else audit.write_csv
    with whole(out, overwrite=force) as temporary:
        write(resolved, temporary)
    typer.echo(f"Written: {out}")


def liveness(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Only these; all values by default.")
    ] = None,
    write: Annotated[
        bool,
        typer.Option(
            "--write", help="Write all that was measured beside the register, in the package's data."
        ),
    ] = False,
    json: common.Json = False,
    workers: common.Workers = None,
) -> None:
    """Move each value over its range and tell from which year on a number moves, on which basis, in which scenarios.

    Takes minutes for all values. What was measured for the shipped data is shown by `annexv assumptions show` and stands in
    the register; scenarios and the last year are those of data/plausible.toml.
    """
    from assumptions import liveness as kept
    from assumptions import load
    from assumptions.text import DATA
    from engine import liveness as measured
    from engine.outputs.files import whole

    if write and names:
        raise common.InputError("--write: the file holds all values; give no names")
    settings = kept.plausible()["liveness"]
    known = load(settings["scenarios"][0]).resolve(_DEFAULT_BASIS)
    for name in names or ():
        known.item(name)
    with common.waiting("moving each value over its range"):
        rows = measured.measure(settings["scenarios"], settings["horizon"], names, workers=workers)
    if write:
        with whole(DATA / kept.FILE, overwrite=True) as temporary:
            temporary.write_text(kept.text(rows, settings["horizon"]), encoding="utf-8", newline="\n")
    if json:
        common.print_json([row._asdict() for row in rows])
        return
    for name in dict.fromkeys(row.name for row in rows):
        typer.echo(f"{name}: {kept.said(name, rows)}")
    if write:
        typer.echo(f"Written: {DATA / kept.FILE}")


__all__ = ["check", "diff", "list_", "liveness", "overlays_", "register", "register_", "show"]
