"""`annexv run`: project scenarios, write the result file, say what came out."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from engine.cli import common, language

if TYPE_CHECKING:
    import xarray as xr

    from assumptions import Resolved
    from engine.hindcast.anchor import Anchor
    from engine.outputs.overview import Line

DEFAULT_OUT: Final = Path("results") / "annex_v.nc"
_NO_REFORM: Final = ("-", "-")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("run")(run)


def run(
    scenario: common.Scenarios = None,
    basis: Annotated[
        str,
        typer.Option(
            "--basis",
            metavar="BASIS",
            help="statutory, published, reconstructed, both (the first two) or all.",
        ),
    ] = common.BOTH,
    sets: common.Sets = None,
    overlay: common.Overlays = None,
    lever: common.Levers = None,
    accept_low_wages: common.LowWages = False,
    sex_codes: common.SexCodes = None,
    to: Annotated[int | None, typer.Option("--to", metavar="YEAR", help="Last projected year.")] = None,
    anchor: Annotated[
        float | None,
        typer.Option(
            "--anchor",
            metavar="PART",
            help="After the last year of which old-law pensions were observed, raise them by this part (above 0 to 1) of"
            " what is unexplained in it.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.nc", help=f"Result file; {DEFAULT_OUT} by default.")
    ] = None,
    force: common.ForceOut = False,
    full: Annotated[
        bool, typer.Option("--full", help="Print every component by year instead of the summary.")
    ] = False,
    pesos: common.Pesos = common.BASE_PESOS,
    lang: language.Lang = None,
    embed_tables: common.EmbedTables = False,
    strict: common.Strict = False,
    json: common.Json = False,
    workers: common.Workers = None,
) -> None:
    """Project the fiscal cost and say what came out.

    All of it goes into a file. Without options: all eight scenarios on both bases to 2030, into results/annex_v.nc, which
    the next run replaces. Its money is in pesos of December 1996, whatever --pesos shows.
    """
    text = language.text(lang)
    if json and (full or pesos != common.BASE_PESOS):
        raise common.InputError(
            f"{'--full' if full else '--pesos'} and --json: JSON holds every year, in percent of GDP"
        )
    _check_pesos(pesos)
    sets = common.sets_of_files(sets, accept_low_wages, sex_codes)
    target, overwrite = _target(out, force)
    bases = common.chosen_bases(basis)
    scenarios = common.chosen_scenarios(scenario)

    from engine import ahead

    # While assumptions are read.
    ahead.begin()
    packs = common.load_packs(scenarios, overlay, common.parsed_sets(sets, to), lever, bases)

    from engine.outputs.dataset import project_resolved, resolve
    from engine.outputs.netcdf import write

    cases = resolve(packs, bases)
    anchors = []
    if anchor is not None:
        from engine.hindcast.anchor import anchored

        pairs = [anchored(case, anchor) for case in cases]
        cases, anchors = [case for case, _ in pairs], [found for _, found in pairs]
    notices = common.tell((notice for case in cases for notice in case.notices), strict)
    with common.progress(len(cases)) as report:
        dataset = project_resolved(cases, workers=workers, on_done=report, embed_tables=embed_tables)
    later = str(dataset.attrs.get("notices", "")).splitlines()
    notices += common.tell((notice for notice in later if notice not in notices), strict)
    tables = common.tell_tables(str(dataset.attrs.get("tables_read", "")).splitlines())
    write(
        dataset,
        target,
        command=_command(scenario, basis, sets, overlay, lever, to, anchor),
        overwrite=overwrite,
    )
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
        inputs = {(case.basis, case.scenario): case for case in cases}
        again = _command(scenario, basis, sets, overlay, lever, None, anchor)
        _print_anchors(inputs, anchors, text)
        _print(dataset, inputs, target, again, to, pesos, text, full)
        common.say_defaults(common.console(), scenario, text)


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
    levers: Sequence[str] | None,
    to: int | None,
    anchor: float | None = None,
) -> str:
    """What determines the result, as a command: neither the file nor the number of threads does."""
    words = ["annexv", "run"]
    given = (("--scenario", scenarios), ("--set", sets), ("--overlay", overlays), ("--lever", levers))
    for option, values in given:
        for value in values or ():
            words += [option, value]
    if basis != common.BOTH:
        words += ["--basis", basis]
    if to is not None:
        words += ["--to", str(to)]
    if anchor is not None:
        words += ["--anchor", f"{anchor:g}"]
    return shlex.join(words)


def _check_pesos(pesos: str) -> None:
    """Refuse a money that nobody knows before anything is computed."""
    if pesos != common.BASE_PESOS:
        from engine.outputs import money

        money.parse(pesos)


def _print(
    dataset: xr.Dataset,
    inputs: Mapping[tuple[str, str], Resolved],
    target: Path,
    command: str,
    to: int | None,
    pesos: str,
    text: Mapping[str, Any],
    full: bool,
) -> None:
    """The answer in a sentence, the table, what to be careful about, and what to type next."""
    from engine.outputs import money, overview

    said = text["screen"]["run"]
    lines = overview.lines(money.convert(dataset, pesos), inputs)
    console = common.console()
    _print_sentence(console, lines, inputs, text)
    if full:
        _print_full(console, dataset, lines, text)
    else:
        console.print()
        _print_summary(console, lines, text)
    if any(line.headline.replica for line in lines):
        console.print(said["replica"], style="yellow")
    if not full:
        console.print(said["legend"].format(last=lines[0].headline.years[-1]))
    console.print(text["screen"]["written"].format(file=target), soft_wrap=True)
    console.print(said["next"])
    for line in _next(lines, target, command, to, text):
        console.print(f"  {line}", soft_wrap=True)


def _print_anchors(
    inputs: Mapping[tuple[str, str], Resolved], anchors: Sequence[Anchor], text: Mapping[str, Any]
) -> None:
    """The factor of each anchored case, and what was observed and projected in the year that it is told by."""
    from engine.hindcast.anchor import FROM, NAME

    said = text["screen"]["run"]
    for number, ((basis, scenario), case) in enumerate(inputs.items()):
        if case.number(NAME) == 1.0:
            continue
        name = text["basis_names"].get(basis, basis)
        factor, year = case.number(NAME), int(case.number(FROM))
        common.say(
            common.console(), said["anchor"].format(scenario=scenario, basis=name, factor=factor, year=year)
        )
        if anchors:
            found = anchors[number]
            seen = said["anchored"].format(
                year=found.year, observed=found.observed, modelled=found.modelled, part=found.part
            )
            common.say(common.console(), seen)


def _print_sentence(
    console: Any, lines: Sequence[Line], inputs: Mapping[tuple[str, str], Resolved], text: Mapping[str, Any]
) -> None:
    """The sentence of the main scenario, else of the first, on the first basis; where its cost would turn."""
    from assumptions import main_scenario
    from engine.outputs import headline, scenario_words
    from engine.outputs.beyond import beyond

    main = next((line for line in lines if line.headline.scenario == main_scenario()), lines[0])
    found = main.headline
    further = beyond(inputs[found.basis, found.scenario]) if found.peak.at_end else None
    common.say(console, headline.said(found, text, further), "bold")
    common.say(console, f"({found.scenario}: {scenario_words.said_scenario(main.words, text)}.)")


def _print_summary(console: Any, lines: Sequence[Line], text: Mapping[str, Any]) -> None:
    from engine.outputs import overview
    from engine.outputs.scenario_words import percent

    said = text["screen"]["run"]
    years = lines[0].headline.years
    shown = overview.shown_years(years)
    bars = overview.sparklines((line.headline.total for line in lines), common.bars())
    heads = ("", *(said[key] for key in ("pays", "earns", "inflation", "basis")))
    ends = (said["highest"], said["worth"].format(year=years[0]), f"{years[0]}-{years[-1]}")
    title = said["table"].format(first=years[0], last=years[-1])
    table = common.table(title, (*heads, *map(str, shown), *ends), left=len(heads))
    table.padding = (0, 1, 0, 0)
    for column in table.columns[-3::2]:
        column.justify = "left"
    last = ""
    for line, bar in zip(lines, bars, strict=True):
        found, words = line.headline, line.words
        first = found.scenario != last
        last = found.scenario
        housing = (text["yes"] if words.infonavit_pays else text["no"], percent(words.infonavit_return))
        scenario = (found.scenario, *(housing if words.reform else _NO_REFORM), percent(words.inflation))
        peak = found.peak
        table.add_row(
            *(scenario if first else [""] * len(scenario)),
            f"{text['basis_names'].get(found.basis, found.basis)}{' *' if found.replica else ''}",
            *(found.share(found.at(year)) for year in shown),
            said["rising"] if peak.at_end else f"{found.share(peak.value)} {peak.year}",
            found.worth,
            bar,
        )
    console.print(table)


def _print_full(console: Any, dataset: xr.Dataset, lines: Sequence[Line], text: Mapping[str, Any]) -> None:
    from engine.outputs.digits import decimals, shown
    from engine.outputs.scenario_words import said_scenario
    from engine.outputs.tables import TOTAL, chosen_years, cost_rows

    said = text["screen"]["run"]
    for code in map(str, dataset.scenario.values):
        own = [line for line in lines if line.headline.scenario == code]
        years = chosen_years(dataset.year.values.tolist(), [line.headline.peak.year for line in own])
        console.print()
        console.print(f"{text['scenario']} {code}: {said_scenario(own[0].words, text)}", style="bold")
        table = common.table("", (text["percent"], *map(str, years)))
        last = ""
        rows = list(cost_rows(dataset, code, years))
        places = decimals((value for row in rows for value in row.values), 3)
        for row in rows:
            if row.basis != last:
                table.add_row(text["basis_names"].get(row.basis, row.basis), style="italic")
                last = row.basis
            label = text["total"] if row.component == TOTAL else said["component"][row.component]
            table.add_row(
                f"  {label}{' *' if row.replica else ''}",
                *(shown(value, places) for value in row.values),
                style="bold" if row.component == TOTAL else None,
            )
        console.print(table)
    console.print()


def _next(
    lines: Sequence[Line], target: Path, command: str, to: int | None, text: Mapping[str, Any]
) -> list[str]:
    """Three commands that answer what one asks next: when it peaks, where a number comes from, a page to show."""
    from engine.outputs.beyond import LONGER

    first = lines[0].headline
    rising = any(line.headline.peak.at_end for line in lines)
    longer = first.years[-1] + LONGER
    other = shlex.quote(str(target.with_name(f"to_{longer}{target.suffix}")))
    until = "" if to is None else f" --to {to}"
    file = shlex.quote(str(target))
    lang = f" --lang {text['language']}" if text["language"] != language.DEFAULT else ""
    return [
        f"{command} --to {longer} --out {other}" if rising else f"{command}{until} --full",
        f"annexv explain {file} -c acquired_rights -y {first.middle_year}",
        f"annexv report {file}{lang}" if common.has_report() else f"annexv validate -s {first.scenario}",
    ]


__all__ = ["register", "run"]
