"""`annexv compare`: which assumptions of two runs differ, and what each of them does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from engine.cli import common, language

if TYPE_CHECKING:
    from assumptions import Resolved
    from engine.compare_runs import Change, Waterfall

_SHOWN: Final = 48
_NAMED: Final = 3
_TOTAL: Final = "total"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("compare")(compare)


def compare(
    a: Annotated[
        Path | None, typer.Argument(metavar="A.nc", help="Result file to start from.", show_default=False)
    ] = None,
    b: Annotated[
        Path | None,
        typer.Argument(metavar="B.nc", help="Result file to arrive at; may be the same.", show_default=False),
    ] = None,
    bases: Annotated[
        bool,
        typer.Option("--bases", help="Without files: why the two bases differ, step by step, as shipped."),
    ] = False,
    year: Annotated[
        int | None,
        typer.Option("--year", "-y", metavar="YEAR", help="Year of the sentence and of --bases; 2020."),
    ] = None,
    scenario: common.Scenarios = None,
    basis: Annotated[
        str | None, typer.Option("--basis", metavar="BASIS", help="Basis of A; all by default.")
    ] = None,
    to_scenario: Annotated[
        str | None,
        typer.Option("--to-scenario", metavar="CODE", help="Scenario of B; that of A by default."),
    ] = None,
    to_basis: Annotated[
        str | None, typer.Option("--to-basis", metavar="BASIS", help="Basis of B; that of A by default.")
    ] = None,
    component: Annotated[
        str,
        typer.Option(
            "--component", metavar="NAME", help="Component whose change is attributed in the table."
        ),
    ] = _TOTAL,
    tables: common.Tables = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Write all steps by component and year: .csv, or .html with figures.",
        ),
    ] = None,
    force: common.ForceOut = False,
    lang: language.Lang = None,
    json: common.Json = False,
    workers: common.Workers = None,
) -> None:
    """Compare two runs or the two bases, one change at a time.

    Each assumption is worth what its switch from A to B moves, averaged over every order of switching (Shapley values), so
    that the steps add up to the change and depend on no order. With up to 8 differences every combination is projected;
    with more, orders are drawn and standard errors stated. Values that only fit together are one step.
    """
    from engine.outputs.files import check_target

    text = language.text(lang)
    if bases:
        from engine.cli import bases as screen

        given = (a, b, basis, to_scenario, to_basis, out, tables, component != _TOTAL, workers)
        if any(item not in (None, False) for item in given):
            raise common.InputError(
                "--bases: compares the bases of shipped scenarios; only --scenario, --year, --lang and --json go with it"
            )
        screen.show(scenario, year, text, json)
        return
    if a is None or b is None:
        raise common.InputError("give two files, as annexv compare A.nc B.nc, or --bases")
    if out is not None:
        check_target(out, overwrite=force, suffixes=(".csv", ".html"))
    if workers is not None and workers < 1:
        raise common.InputError(f"--workers {workers}: is not allowed; 1 or more threads are")
    from engine import attribution, compare_runs
    from engine.outputs import inputs, netcdf

    common.choose("--component", component, compare_runs.LINES)
    before, after = netcdf.read(a), netcdf.read(b)
    old, new = inputs.runnable_pair(before, after, tables or ())
    found = compare_runs.pairs(
        old,
        new,
        scenarios=scenario,
        bases=[basis] if basis else None,
        to_scenario=to_scenario,
        to_basis=to_basis,
    )
    sizes = [attribution.projections(len(compare_runs.units(old[x], new[y]))) for x, y in found]
    done = 0
    falls = []
    with common.progress(sum(sizes), "projections") as report:

        def reported(finished: int) -> None:
            report(done + finished)

        for (x, y), size in zip(found, sizes, strict=True):
            falls.append(compare_runs.waterfall(old[x], new[y], workers=workers, on_done=reported))
            done += size
    sides = [(old[x], new[y]) for x, y in found]
    # What is compared is projected here, from the inputs of the files; the files may say otherwise.
    otherwise = [
        f"{path}: {case[1]}/{case[0]}: the file's costs are not those of its input, by up to {far:.3g} percentage points of"
        " GDP; what is compared is computed from the input; `annexv rerun` tells what changed"
        for fall in falls
        for path, dataset, case, costs in (
            (a, before, fall.old_case, fall.old),
            (b, after, fall.new_case, fall.new),
        )
        if (far := compare_runs.apart(dataset, case, fall.years, costs)) > 0.0
    ]
    common.tell(otherwise)
    if out is not None:
        _write(out, falls, sides, a, b, force, text)
    if json:
        common.print_json(_content(falls, a, b) | {"not_of_their_input": otherwise})
    else:
        _print(falls, sides, component, year, out, text)
    if otherwise:
        raise typer.Exit(common.NOT_ALL_WELL)


def _print(
    falls: Sequence[Waterfall],
    sides: Sequence[tuple[Resolved, Resolved]],
    component: str,
    year: int | None,
    out: Path | None,
    text: Mapping[str, Any],
) -> None:
    said = text["screen"]["compare"]
    common.say(common.console(), _sentence(falls, component, year, text), "bold")
    _print_words([case for pair in sides for case in pair], text)
    typer.echo("")
    _print_changes(falls, text)
    for fall in falls:
        _print_fall(fall, component, text)
    if any(fall.steps for fall in falls):
        common.say(common.console(), said["order"].format(method=_method(falls, said)))
    if out is not None:
        typer.echo(text["screen"]["written"].format(file=out))


def _sentence(falls: Sequence[Waterfall], component: str, year: int | None, text: Mapping[str, Any]) -> str:
    """What B costs more than A: of the main scenario, else of the first that differs."""
    from assumptions import main_scenario
    from engine.compare_runs import LINES
    from engine.outputs.headline import middle_year

    said = text["screen"]["compare"]
    moved = [fall for fall in falls if fall.steps]
    if not moved:
        return str(said["same"])
    fall = next((fall for fall in moved if fall.new_case[1] == main_scenario()), moved[0])
    years = fall.years.tolist()
    if year is not None and year not in years:
        raise common.InputError(f"--year {year}: both runs cover {years[0]} to {years[-1]}")
    shown = middle_year(years) if year is None else year
    where = (LINES.index(component), shown - years[0])
    step = max(fall.steps, key=lambda step: abs(step.effect[where]))
    cause = said["cause"].format(name=step.names[0], worth=step.effect[where])
    old, new = fall.old[where], fall.new[where]
    sentence = str(said["sentence"])
    return sentence.format(
        case=_title(fall, text), year=shown, old=old, new=new, change=new - old, cause=cause
    )


def _name(case: tuple[str, str], text: Mapping[str, Any]) -> str:
    """A case by its code and its basis in words."""
    return f"{case[1]}, {text['basis_names'].get(case[0], case[0])}"


def _title(fall: Waterfall, text: Mapping[str, Any]) -> str:
    if fall.old_case == fall.new_case:
        return _name(fall.old_case, text)
    return f"{_name(fall.old_case, text)} -> {_name(fall.new_case, text)}"


def _method(falls: Sequence[Waterfall], words: Mapping[str, str]) -> str:
    """How the changes were attributed, in words."""
    exact, sampled = words["exact"], words["sampled"]
    said = (sampled.format(orders=fall.orders) if fall.orders else exact for fall in falls if fall.steps)
    return "; ".join(dict.fromkeys(said)) or exact


def _content(falls: Sequence[Waterfall], a: Path, b: Path) -> dict[str, Any]:
    from engine.compare_runs import LINES
    from engine.outputs import texts

    def by_line(values: Any) -> dict[str, list[float]]:
        return dict(zip(LINES, values.tolist(), strict=True))

    return {
        "a": str(a),
        "b": str(b),
        "units": "percent of GDP",
        "method": _method(falls, texts.load("en")["screen"]["compare"]),
        "cases": [
            {
                "a": {"basis": fall.old_case[0], "scenario": fall.old_case[1]},
                "b": {"basis": fall.new_case[0], "scenario": fall.new_case[1]},
                "years": fall.years.tolist(),
                "assumptions": [item._asdict() for item in fall.changes],
                "cost_a": by_line(fall.old),
                "cost_b": by_line(fall.new),
                "orders_drawn": fall.orders,
                "steps": [
                    {
                        "names": list(step.names),
                        "effect": by_line(step.effect),
                        "standard_error": by_line(step.error),
                    }
                    for step in fall.steps
                ],
            }
            for fall in falls
        ],
    }


def _print_words(cases: Sequence[Resolved], text: Mapping[str, Any]) -> None:
    """What the codes of the scenarios stand for, each said once; silent where there are many."""
    from engine.outputs.scenario_words import said_scenario, words

    found = {
        case.scenario: said_scenario(words(case, int(case.number("reform.last_year"))), text)
        for case in cases
    }
    if len(found) <= _NAMED:
        for code, meaning in found.items():
            common.say(common.console(), f"({code}: {meaning}.)")


def _print_changes(falls: Sequence[Waterfall], text: Mapping[str, Any]) -> None:
    from engine.outputs import phrases

    said = text["screen"]["compare"]
    word = phrases.of(text, "message_words")
    groups: dict[tuple[Change, ...], list[str]] = {}
    for fall in falls:
        groups.setdefault(tuple(fall.changes), []).append(_title(fall, text))
    console = common.console()
    for changes, where in groups.items():
        label = "; ".join(where)
        if not changes:
            continue
        heads = (said["name"], "A", "B", said["unit"], said["source"])
        table = common.table(said["differ"].format(cases=label), heads, left=len(heads))
        for item in changes:
            source = _cut(item.source_new if item.source_new != item.source_old else said["as_in_a"])
            mark = "" if item.used else f" {said['unused']}"
            table.add_row(
                item.name, _cut(item.old), _cut(item.new), word(item.unit), source + mark,
                style=None if item.used else "dim",
            )  # fmt: skip
        console.print(table)
        console.print()


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def _print_fall(fall: Waterfall, component: str, text: Mapping[str, Any]) -> None:
    from engine.compare_runs import LINES
    from engine.outputs.overview import shown_years
    from engine.outputs.tables import chosen_years

    if not fall.changes:
        return
    line = LINES.index(component)
    console = common.console()
    years = (shown_years if common.narrow(console) else chosen_years)(fall.years.tolist())
    rows = [int(year - fall.years[0]) for year in years]
    label = text["component"].get(component, text["total"])
    title = f"{_title(fall, text)}: {label} ({text['percent']})"
    table = common.table(title, ("", *map(str, years)), left=1)
    table.add_row("A", *(f"{fall.old[line, row]:.4f}" for row in rows), style="bold")
    for step in fall.steps:
        table.add_row(
            f"  {step.names[0]}{_more(step.names)}", *(f"{step.effect[line, row]:+.4f}" for row in rows)
        )
        if fall.orders:
            table.add_row(
                f"    {text['screen']['compare']['error']}",
                *(f"{step.error[line, row]:.4f}" for row in rows),
                style="dim",
            )
    table.add_row("B", *(f"{fall.new[line, row]:.4f}" for row in rows), style="bold")
    change = (f"{fall.new[line, row] - fall.old[line, row]:+.4f}" for row in rows)
    table.add_row(text["screen"]["compare"]["total"], *change, style="bold")
    console.print(table)
    console.print()


def _more(names: Sequence[str]) -> str:
    if len(names) <= 2:
        return f" (with {names[1]})" if len(names) == 2 else ""
    return f" (with {len(names) - 1} that belong to it)"


def _write(
    out: Path,
    falls: Sequence[Waterfall],
    sides: Sequence[tuple[Resolved, Resolved]],
    a: Path,
    b: Path,
    force: bool,
    text: Mapping[str, Any],
) -> None:
    from assumptions.spreadsheet import Writer
    from engine.compare_runs import LINES
    from engine.outputs.files import whole

    if out.suffix.lower() == ".html":
        from engine.compare_runs import holders
        from engine.outputs.report import comparison

        groups = [holders(old, new, fall.years) for (old, new), fall in zip(sides, falls, strict=True)]
        content = {**_content(falls, a, b), "method": _method(falls, text["screen"]["compare"])}
        comparison.write(content, out, holders=groups, language=text["language"], overwrite=force)
        return
    with (
        whole(out, overwrite=force) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as stream,
    ):
        writer = Writer(stream)
        writer.writerow(
            (
                "basis_a",
                "scenario_a",
                "basis_b",
                "scenario_b",
                "number",
                "step",
                "component",
                "year",
                "value",
                "standard_error",
                "units",
            )
        )
        for fall in falls:
            nil = 0.0 * fall.old
            steps = ((" + ".join(step.names), step.effect, step.error) for step in fall.steps)
            parts = [("A", fall.old, nil), *steps, ("B", fall.new, nil)]
            for number, (label, values, errors) in enumerate(parts):
                for n, line in enumerate(LINES):
                    rows = zip(fall.years.tolist(), values[n].tolist(), errors[n].tolist(), strict=True)
                    for year, value, error in rows:
                        writer.writerow(
                            (
                                *fall.old_case,
                                *fall.new_case,
                                number,
                                label,
                                line,
                                year,
                                repr(value),
                                repr(error),
                                "percent of GDP",
                            )
                        )


__all__ = ["compare", "register"]
