"""`annexv what-if`: what does this reform cost, against what, and who pays?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli import common, language

if TYPE_CHECKING:
    from engine.what_if import WhatIf
    from engine.what_if.words import Table


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("what-if")(what_if)


def what_if(
    levers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="'NAME=VALUE from YEAR'...",
            help="Levers, as 'commission=1% from 2008'.",
            show_default=False,
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="CODE[+OVERLAY]",
            help="The base: a scenario, or one with overlays, as 3B+reform_december_2020; 3B by default.",
        ),
    ] = None,
    overlay: Annotated[
        list[str] | None,
        typer.Option(
            "--overlay",
            metavar="FILE|NAME",
            help="Overlay that the reform has and the base has not; may be repeated.",
        ),
    ] = None,
    basis: Annotated[
        str, typer.Option("--basis", metavar="BASIS", help="statutory, published or reconstructed.")
    ] = "statutory",
    to: Annotated[int | None, typer.Option("--to", metavar="YEAR", help="Last projected year.")] = None,
    save: Annotated[
        Path | None,
        typer.Option("--save", metavar="FILE.toml", help="Write the overlay that the levers are."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Write a page (.html) of base and reform, or the reform's run (.nc).",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the files of --save and --out if they exist.")
    ] = False,
    listed: Annotated[bool, typer.Option("--levers", help="List the levers.")] = False,
    lang: language.Lang = None,
    json: common.Json = False,
    workers: common.Workers = None,
) -> None:
    """Say what a reform costs, against what, and who pays.

    A lever is one policy by name, with everything that belongs to it. Of several, each is worth what it moves, whatever the
    order. The reform can be kept as an overlay (--save), which gives the same numbers to the last bit.
    """
    text = language.text(lang)
    if listed:
        _list(text, json)
        return
    from engine.outputs.files import check_target

    for target, endings in ((save, (".toml",)), (out, (".html", ".nc"))):
        if target is not None:
            check_target(target, overwrite=force, suffixes=endings)
    from assumptions import basis_names, main_scenario
    from assumptions import levers as moving
    from engine import attribution
    from engine import what_if as asking

    common.choose("--basis", basis, basis_names())
    base = against if against is not None else main_scenario()
    common.chosen_scenarios([base.partition("+")[0]])
    if workers is not None and workers < 1:
        raise common.InputError(f"--workers {workers}: is not allowed; 1 or more threads are")
    sets = common.parsed_sets(None, to)
    statements = moving.parse(levers or ())
    if save is not None and not statements:
        raise common.InputError(
            "--save: writes the levers, and none is moved; the file of --overlay is kept already"
        )
    with common.progress(attribution.projections(len(statements) + bool(overlay)), "projections") as report:
        found = asking.what_if(
            statements,
            base,
            overlays=list(overlay or ()),
            basis=basis,
            sets=sets,
            workers=workers,
            on_done=report,
        )
    notices = common.tell(found.reform.notices)
    overlay_text = _overlay(found, sets) if statements else ""
    if save is not None:
        _save(save, overlay_text, force)
    if out is not None:
        _write(out, found, overlay_text, force, text)
    if json:
        common.print_json(asking.as_json(found) | {"overlay": overlay_text, "notices": notices})
    else:
        _print(found, text)
        for target in (save, out):
            if target is not None:
                typer.echo(text["screen"]["written"].format(file=target))


def _list(text: Mapping[str, Any], json: bool) -> None:
    from engine.what_if import words

    said, rows = text["what_if"], words.lever_rows(text["language"])
    heads = ("name", "meaning", "allowed", "options")
    if json:
        common.print_json([dict(zip(heads, row, strict=True)) for row in rows])
        return
    table = common.table(said["levers_title"], [said[head] for head in heads], left=len(heads))
    for row in rows:
        table.add_row(*row)
    common.console().print(table)


def _overlay(found: WhatIf, sets: Mapping[str, Any]) -> str:
    """The overlay of the levers, on top of the base and of the overlays given."""
    from assumptions import levers
    from engine.what_if import packs

    below = packs((), found.against, found.overlays, found.base.basis, sets)[1]
    return levers.text(below, found.statements, (found.base.basis,))


def _save(path: Path, content: str, force: bool) -> None:
    from engine.outputs.files import whole

    with whole(path, overwrite=force) as temporary:
        temporary.write_text(content, encoding="utf-8", newline="\n")


def _write(out: Path, found: WhatIf, overlay: str, force: bool, text: Mapping[str, Any]) -> None:
    if out.suffix.lower() == ".html":
        from engine.what_if import page

        with common.waiting(f"writing {out.name}"):
            page.write(found, out, overlay=overlay, language=text["language"], overwrite=force)
        return
    from engine.outputs.dataset import project_resolved
    from engine.outputs.netcdf import write

    write(project_resolved([found.reform]), out, command=found.arguments(), overwrite=force)


def _print(found: WhatIf, text: Mapping[str, Any]) -> None:
    from engine.what_if import words

    said = text["what_if"]
    console = common.console()
    first, *rest = words.sentences(found, text)
    common.say(console, first, "bold")
    for sentence in rest:
        common.say(console, sentence)
    if not found.parts:
        return
    years = _years(found, console)
    console.print()
    _print_table(console, words.by_component(found, text, years))
    if len(found.parts) > 1:
        console.print()
        _print_table(console, words.by_lever(found, text, years))
        common.say(console, words.method(found, text), "dim")
    rights = words.rights(found, text)
    if rights.rows:
        console.print()
        _print_table(console, rights)
        common.say(console, said["rights_said"], "dim")
    gains = words.gains(found, text)
    if gains is not None and found.gain is not None and found.gain.value.any():
        console.print()
        _print_table(console, gains)
        date = int(found.base.number("reform.state_year"))
        common.say(console, said["gain_said"].format(date=date), "dim")
    for half in words.halves(found, text["language"]):
        console.print()
        common.say(console, f"{said['half']} {half}")
    console.print()
    console.print(said["again"])
    console.print(f"  {found.arguments()}", soft_wrap=True)


def _years(found: WhatIf, console: Any) -> Sequence[int]:
    from engine.outputs.overview import shown_years
    from engine.what_if import words

    if common.narrow(console):
        return shown_years(found.years.tolist())
    return words.years_shown(found)


def _print_table(console: Any, found: Table) -> None:
    common.say(console, found.title, "bold")
    table = common.table("", found.heads, left=1)
    for row in found.rows:
        table.add_row(*row)
    console.print(table)


__all__ = ["register", "what_if"]
