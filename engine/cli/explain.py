"""`annexv explain`: where a number comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from engine.cli import common, language

if TYPE_CHECKING:
    from assumptions import Resolved
    from engine.explain import Explanation, Level, Step

_DIGITS: Final = 12
_VALUE_WIDTH: Final = 48
_THOUSANDS: Final = 1000.0  # from here on digits are grouped, and two decimals are enough


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("explain")(explain)


def explain(
    run: common.RunFile,
    component: Annotated[
        str, typer.Option("--component", "-c", metavar="NAME", help="Component of the fiscal cost.")
    ],
    year: Annotated[int, typer.Option("--year", "-y", metavar="YEAR", help="Year of the number.")],
    scenario: Annotated[
        str | None,
        typer.Option(
            "--scenario", "-s", metavar="CODE", help="Scenario; 3B by default, else the run's first."
        ),
    ] = None,
    basis: Annotated[
        str | None, typer.Option("--basis", metavar="BASIS", help="Basis; the run's first by default.")
    ] = None,
    cohort: Annotated[
        int | None, typer.Option("--cohort", metavar="YEAR", help="Birth year to go down to.")
    ] = None,
    sex: Annotated[str | None, typer.Option("--sex", metavar="m|f", help="Sex; needs --cohort.")] = None,
    wage: Annotated[
        float | None,
        typer.Option("--wage", metavar="MW", help="Wage of the first year in minimum wages; needs --sex."),
    ] = None,
    award_year: Annotated[
        int | None, typer.Option("--award-year", metavar="YEAR", help="Award whose chain is shown.")
    ] = None,
    type_: Annotated[
        str | None, typer.Option("--type", metavar="TYPE", help="Type of pension whose chain is shown.")
    ] = None,
    tables: common.Tables = None,
    top: Annotated[int, typer.Option("--top", metavar="N", min=1, help="Parts shown of each level.")] = 12,
    lang: language.Lang = None,
    json: common.Json = False,
) -> None:
    """Show where a number comes from, down to one cell.

    First what one would say of it, rounded. Parts are ranked by size, formulas stand with article and values, assumptions
    with their source.

    The number is projected again from the run's own input; the parts of every level add up to it. A cell of one birth year,
    sex and wage is recomputed from the formulas of the laws, from the wage to what the State pays.
    """
    if wage is not None and not 0.0 < wage < float("inf"):
        raise common.InputError(f"--wage {wage}: is not allowed; minimum wages above 0 are, as 2.5")
    from engine.explain import explain as find
    from engine.outputs import headline, netcdf

    text = language.text(lang)
    dataset = netcdf.read(run)
    with common.waiting("projecting"):
        found = find(
            dataset,
            common.held_scenario(scenario, map(str, dataset.scenario.values)),
            basis or str(dataset.basis.values[0]),
            component,
            year,
            cohort=cohort,
            sex=sex,
            wage=wage,
            award_year=award_year,
            pension_type=type_,
            tables=tables or (),
        )
    if json:
        common.print_json(found.as_dict())
    else:
        case = headline.one_case(dataset, found.scenario, found.basis)
        _print(found, top, headline.case_input(case), text)
        common.say_defaults(common.console(), scenario, text)
    if not all(level.adds_up for level in found.levels):
        common.complain("parts do not add up to the number: a defect of the program, please report it")
        raise typer.Exit(common.SOFTWARE_DEFECT)


def _print(found: Explanation, top: int, resolved: Resolved, text: Mapping[str, Any]) -> None:
    from engine.outputs.scenario_words import said_case

    said, language, console = text["screen"]["explain"], text["language"], common.console()
    digits = said["digits"].format(
        component=text["component"].get(found.component, found.component),
        case=said_case(resolved, text),
        year=found.year,
        number=f"{found.number:.{_DIGITS}g}",
        mxn=found.mxn,
        method=said["method"].get(found.method, found.method),
    )
    common.say(console, found.sentence.to(language), "bold")
    common.say(console, digits)
    typer.echo("")
    _print_steps(said["steps"], found.steps, language)
    for level in found.levels:
        _print_level(level, top, said, language)
    for chain in found.chains:
        _print_steps(said["cell"].format(title=chain.title.to(language)), chain.steps, language)
    heads = [said[key] for key in ("name", "value", "unit", "status", "source")]
    table = common.table(said["assumptions"], heads, left=len(heads))
    for item in found.parameters:
        value = item.value if len(item.value) <= _VALUE_WIDTH else item.value[: _VALUE_WIDTH - 3] + "..."
        table.add_row(item.name, value, item.unit, item.status, f"{item.source}, {item.locator}")
    console.print(table)
    for note in found.notes:
        common.say(console, said["note"].format(note=note.to(language)))


def _word(language: str) -> Callable[[object], str]:
    from engine.outputs.steps import label

    return lambda name: label(name).to(language)


def _number(value: float) -> str:
    return f"{value:,.2f}" if abs(value) >= _THOUSANDS else f"{value:.8g}"


def _print_steps(title: str, steps: Sequence[Step], language: str) -> None:
    word = _word(language)
    typer.echo(title)
    for number, step in enumerate(steps, start=1):
        value = word(step.value) if isinstance(step.value, str) else _number(step.value)
        _echo(5, f"{number}. {word(step.label)} = {value} {word(step.unit)}", "  ")
        _echo(5, " ".join([word(step.formula), f"[{word(step.source)}]" if step.source else ""]))
        for figure in step.figures:
            _echo(9, f"{word(figure.label)}: {_number(figure.value)} {word(figure.unit)}", " " * 7)
    typer.echo("")


def _echo(indent: int, line: str, first: str | None = None) -> None:
    """A line, folded under itself where the terminal is narrower; a formula is not broken within a name."""
    import textwrap

    under = " " * indent
    width = max(common.prose_width(), 2 * indent)
    folded = textwrap.wrap(
        line.strip(), width, initial_indent=under if first is None else first, subsequent_indent=under,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    typer.echo("\n".join(folded))


def _print_level(level: Level, top: int, said: Mapping[str, Any], language: str) -> None:
    word = _word(language)
    keys = list(dict.fromkeys(key for part in level.parts for key in part.who))
    table = common.table(
        word(level.title), (*map(word, keys), "MXN", said["percent"], said["share"]), left=len(keys)
    )
    for part in level.parts[:top]:
        table.add_row(
            *(word(part.who.get(key, "")) for key in keys),
            f"{part.mxn:,.0f}",
            f"{part.percent:.9f}",
            f"{part.share:.2%}",
        )
    rest = level.parts[top:]
    if rest:
        table.add_row(
            said["more"].format(n=len(rest)),
            *([""] * (len(keys) - 1)),
            f"{sum(part.mxn for part in rest):,.0f}",
            f"{sum(part.percent for part in rest):.9f}",
            f"{sum(part.share for part in rest):.2%}",
        )
    mark = said["adds_up"] if level.adds_up else said["must_be"].format(value=level.expected)
    table.add_row(said["sum"], *([""] * (len(keys) - 1)), "", f"{level.total:.9f}", mark, style="bold")
    common.console().print(table)
    typer.echo("")


__all__ = ["explain", "register"]
