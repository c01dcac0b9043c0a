"""`annexv worker`: one worker under both laws, and published tables of that kind reproduced."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from cohorts.axes import ACCOUNTS, PENSION_TYPES, RETIREMENT
from engine.cli import common, language

if TYPE_CHECKING:
    import pandas as pd

    from assumptions import Resolved
    from engine.worker.calculator import Study
    from engine.worker.careers import Career

BASIS: Final = "statutory"
_DEFAULT_RETIREMENT: Final = 65
_DISABILITIES: Final = ("disability", "occupational_disability")
_LAWS: Final = ("both", "old", "new")
_MODES: Final = ("as_printed", "as_stated")
_MONTHS: Final = 12.0
_ACCOUNTS: Final = (*ACCOUNTS, "account")
_OLD_AMOUNTS: Final = ("value_old", "handed_over", "state_old")
_NEW_AMOUNTS: Final = ("value_new", "state_new")

Force = Annotated[bool, typer.Option("--force", help="Replace existing files.")]


def register(app: typer.Typer) -> None:
    """Add the group of commands to the application."""
    group = typer.Typer(
        help="One worker under both laws.", rich_markup_mode=None, invoke_without_command=True
    )
    group.callback()(worker)
    papers = typer.Typer(
        help="Reproduce published tables of single workers.", no_args_is_help=True, rich_markup_mode=None
    )
    papers.command("parker-wong")(parker_wong)
    papers.command("infonavit-history")(infonavit_history)
    group.add_typer(papers, name="reproduce")
    app.add_typer(group, name="worker")


def worker(
    context: typer.Context,
    career: Annotated[
        Path | None, typer.Option("--career", metavar="FILE.csv", help="Career by age; see docs/workers.md.")
    ] = None,
    wage: Annotated[
        str | None,
        typer.Option(
            "--wage",
            metavar="WAGE",
            help="Wage of a full year: 2.6mw (minimum wages) or 25000 (pesos of Dec 1996), at the level of the first year.",
        ),
    ] = None,
    from_age: Annotated[
        int | None, typer.Option("--from-age", metavar="AGE", help="Age of the first contribution.")
    ] = None,
    retire_at: Annotated[
        int | None,
        typer.Option(
            "--retire-at", metavar="AGE", help="Age of the award; 65, or the age after the last of the file."
        ),
    ] = None,
    born: Annotated[
        int | None,
        typer.Option(
            "--born",
            metavar="YEAR",
            help="Year of birth; by default the career begins in the first year of the accounts.",
        ),
    ] = None,
    sex: Annotated[str | None, typer.Option("--sex", metavar="m|f", help="m by default.")] = None,
    participation: Annotated[
        float | None,
        typer.Option("--participation", metavar="SHARE", help="Share of every year worked; 0.83 by default."),
    ] = None,
    gap: Annotated[
        list[str] | None,
        typer.Option(
            "--gap",
            metavar="AGE-AGE",
            help="No work from the opening of one age to that of the other, as 25-45; may be repeated.",
        ),
    ] = None,
    growth: Annotated[
        float | None,
        typer.Option(
            "--growth", metavar="RATE", help="Real growth of the wage a year; the pack's by default."
        ),
    ] = None,
    spouse: Annotated[
        str | None, typer.Option("--spouse", metavar="WORD", help="none, not_entitled or entitled.")
    ] = None,
    children: Annotated[
        float | None, typer.Option("--children", metavar="N", help="Entitled children at the award.")
    ] = None,
    parents: Annotated[
        int | None, typer.Option("--parents", metavar="N", help="Dependent parents at the award.")
    ] = None,
    award: Annotated[
        str | None,
        typer.Option(
            "--award",
            metavar="TYPE",
            help="retirement, disability, death, occupational_disability or occupational_death.",
        ),
    ] = None,
    severe: Annotated[
        bool, typer.Option("--severe", help="The disability is of three quarters or more.")
    ] = False,
    law: Annotated[str, typer.Option("--law", metavar="LAW", help="old, new or both.")] = "both",
    explain: Annotated[bool, typer.Option("--explain", help="Show every step with its article.")] = False,
    scenario: common.OneScenario = None,
    basis: Annotated[str, typer.Option("--basis", metavar="BASIS", help="statutory or published.")] = BASIS,
    sets: common.Sets = None,
    overlay: common.Overlays = None,
    accept_low_wages: common.LowWages = False,
    sex_codes: common.SexCodes = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE.csv", help="Write balances and payments year by year."),
    ] = None,
    figure: Annotated[
        Path | None,
        typer.Option(
            "--figure", metavar="FILE", help="Draw the account and the pensions: .png, .svg or .pdf."
        ),
    ] = None,
    force: Force = False,
    lang: language.Lang = None,
    strict: common.Strict = False,
    json: common.Json = False,
) -> None:
    """One worker's pension under both laws, the choice between them and what the State pays.

    The career comes from a file (--career) or from a wage (--wage, --from-age). Amounts are pesos of December 1996.
    """
    if context.invoked_subcommand is not None:
        _refuse_given(context)
        return
    if severe and career is None and award not in _DISABILITIES:
        raise common.InputError(f"--severe: has no effect without --award {' or '.join(_DISABILITIES)}")
    common.choose("--law", law, _LAWS)
    text = language.text(lang)
    _check_targets(out, figure, force)
    resolved = resolved_of(scenario, basis, sets, overlay)
    from engine.worker import calculator
    from engine.worker.careers import CareerError

    given = {
        "sex": sex,
        "born": born,
        "retire_at": retire_at,
        "spouse": spouse,
        "children": children,
        "parents": parents,
        "award": award,
        "severe": "yes" if severe else None,
    }
    try:
        careers = _careers(
            career,
            wage,
            from_age,
            participation,
            growth,
            gap,
            _checked(given),
            resolved,
            accept_low_wages=accept_low_wages,
            sex_codes=sex_codes,
        )
        studies = [calculator.study(one, resolved) for one in careers]
    except CareerError as error:
        raise common.InputError(str(error)) from error
    unmoved = calculator.unmoved(studies, resolved)
    notices = common.tell([*resolved.notices, *unmoved], strict)
    if json:
        common.print_json([_as_json(one, law, explain) | {"notices": notices} for one in studies])
    else:
        if career is not None:
            _tell_what_was_read(career, careers, resolved)
        for one in studies:
            _print(one, law, explain, text)
        common.say_defaults(common.console(), scenario, text)
    if out is not None:
        _write_path(studies, out, force)
    if figure is not None:
        _write_figure(studies, figure, force, text)
    for path in (out, figure):
        if path is not None and not json:
            typer.echo(text["screen"]["written"].format(file=path))


def _refuse_given(context: typer.Context) -> None:
    """Options of one worker mean nothing to the commands of the group."""
    for option in context.command.params:
        source = context.get_parameter_source(str(option.name))
        if source is not None and source.name == "COMMANDLINE":
            raise common.InputError(
                f"worker: {option.opts[0]} has no effect on {context.invoked_subcommand}, whose options stand after its name"
            )


def resolved_of(
    scenario: str | None, basis: str, sets: list[str] | None, overlays: list[str] | None
) -> Resolved:
    from assumptions import basis_names

    common.choose("--basis", basis, basis_names())
    given = {"worker.computed": True, **common.parsed_sets(sets)}
    (pack,) = common.load_packs([common.one_scenario(scenario)], overlays, given)
    return pack.resolve(basis)


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    """Options that were given, each within what a column of a file may hold."""
    from cohorts.axes import SEXES
    from cohorts.sexes import sex_of
    from engine.worker.careers import COLUMNS

    found = {name: value for name, value in given.items() if value is not None}
    sex = sex_of(found.get("sex", ""), "fm") if found.get("sex") != "h" else 0
    if sex is not None:
        found["sex"] = SEXES[sex]
    for name, value in found.items():
        column = COLUMNS[name]
        allowed = value in column.words if column.words else column.low <= value <= column.high
        if not allowed:
            raise common.InputError(f"--{name.replace('_', '-')} {value}: allowed is {column.says}")
    return found


def _careers(
    file: Path | None,
    wage: str | None,
    from_age: int | None,
    participation: float | None,
    growth: float | None,
    gap: list[str] | None,
    given: dict[str, Any],
    resolved: Resolved,
    *,
    accept_low_wages: bool,
    sex_codes: str | None,
) -> list[Career]:
    from engine.worker import careers

    codes = "" if sex_codes is None else common.choose("--sex-codes", sex_codes, common.SEX_CODES)

    if (file is None) == (wage is None):
        raise common.InputError(
            "give the career by --career FILE.csv, or by --wage 2.6mw --from-age 20; `annexv worker --help` shows all"
        )
    if file is not None:
        own = {"from-age": from_age, "participation": participation, "growth": growth, "gap": gap or None}
        for name, value in own.items():
            if value is not None:
                raise common.InputError(f"--{name}: belongs to --wage; the file of --career says it itself")
        return careers.read(file, resolved, given, accept_low_wages=accept_low_wages, codes=codes)
    if codes:
        raise common.InputError("--sex-codes: belongs to the file of --career; --sex says m or f")
    assert wage is not None
    if from_age is None:
        raise common.InputError("--wage needs --from-age, the age of the first contribution")
    if participation is not None and not 0.0 <= participation <= 1.0:
        raise common.InputError(f"--participation {participation:g}: allowed is a share of the year, 0 to 1")
    if growth is not None and not -0.5 <= growth <= 0.5:
        raise common.InputError(f"--growth {growth:g}: allowed is a yearly rate from -0.5 to 0.5")
    award_age = given.pop("retire_at", _DEFAULT_RETIREMENT)
    if not 0 <= from_age < award_age:
        raise common.InputError(
            f"--from-age {from_age}: allowed is an age from 0 to {award_age - 1}, below that of the award"
        )
    severe = given.pop("severe", "no") == "yes"
    return [
        careers.steady(
            resolved,
            careers.parse_wage(wage, resolved, accept_low_wages=accept_low_wages),
            from_age,
            award_age,
            given.pop("born", None),
            participation,
            growth,
            gaps=[_gap(text, from_age, award_age) for text in gap or ()],
            accept_low_wages=True,  # as typed, it has been judged
            severe=severe,
            **given,
        )
    ]


def _gap(text: str, from_age: int, award_age: int) -> tuple[int, int]:
    """Ages of a gap, the second the first of work again."""
    first, dash, last = (part.strip() for part in text.partition("-"))
    if dash and first.isdecimal() and last.isdecimal() and from_age <= int(first) < int(last) <= award_age:
        return int(first), int(last)
    raise common.InputError(
        f"--gap {text}: allowed are two rising ages from {from_age} to {award_age}, as {from_age + 5}-{from_age + 10}"
    )


def _tell_what_was_read(file: Path, careers: list[Career], resolved: Resolved) -> None:
    """Control totals of a file of careers, on stderr: lines, workers, ages, and wages with their unit."""
    from cohorts.careers import reference_minimum_wage

    lines = sum(one.wage.size for one in careers)
    worked = [float(wage) for one in careers for wage in one.wage[one.participation > 0.0]]
    ages = f"ages {min(one.first_age for one in careers)} to {max(one.first_age + one.wage.size - 1 for one in careers)}"
    wages = ""
    if worked:
        mean = sum(worked) / len(worked)
        wages = f", mean wage {mean:,.2f} pesos a year, {mean / reference_minimum_wage(resolved):.2f} minimum wages"
    common.complain(f"note: {file}: {lines} lines, {len(careers)} workers, {ages}{wages}")


# ---------------------------------------------------------------------------------------------------------------------
# What is shown


def _as_json(study: Study, law: str, explain: bool) -> dict[str, Any]:
    from engine.worker.calculator import FLAGS
    from engine.worker.steps import steps

    career = study.career
    content: dict[str, Any] = {
        "worker": career.name,
        "sex": career.sex,
        "born": career.born,
        "award": career.award,
        "award_age": career.award_age,
        "award_year": career.born + career.award_age,
        "units": "pesos of December 1996; pensions and wages a year",
        "figures": {name: bool(value) if name in FLAGS else value for name, value in study.figures.items()},
    }
    if explain:
        content["steps"] = [step.as_dict() for step in steps(study, law)]
    return content


def _print(study: Study, law: str, explain: bool, text: Mapping[str, Any]) -> None:
    from cohorts.careers import reference_minimum_wage
    from engine.outputs.headline import said_case

    console = common.console()
    said = text["screen"]["worker"]
    f, career = study.figures, study.career
    unit = reference_minimum_wage(study.context.resolved)
    enacted = study.context.terms.enacted
    title = said["title"].format(
        name=career.name,
        sex=said[career.sex],
        born=career.born,
        award=said["award"][career.award],
        age=career.award_age,
        year=career.born + career.award_age,
        case=said_case(study.context.resolved, text),
    )
    common.say(console, _answer(study, law, unit, said), "bold")
    common.say(console, title)
    console.print()
    table = common.table("", [said[key] for key in ("money", "a_year", "a_month", "in_wages", "of_wage")])

    def pension(name: str) -> None:
        value = f[name]
        share = f"{100.0 * value / f['last_wage']:.1f}%" if f["last_wage"] > 0.0 else ""
        table.add_row(said[name], f"{value:,.2f}", f"{value / _MONTHS:,.2f}", f"{value / unit:.3f}", share)

    old, new = law in ("both", "old") and f["old_rights"], law in ("both", "new") and enacted
    pensions = (("average_wage", "old_pension") if old else ()) + (("annuity", "new_pension") if new else ())
    for name in ("last_wage", *pensions):
        pension(name)
    console.print(table)
    console.print()
    amounts = common.table("", (said["money"], said["at_award"]))
    amounts.add_row(said["weeks"], f"{f['weeks']:,.0f}")
    accounts = _ACCOUNTS if enacted else ()
    for name in (*accounts, *(_OLD_AMOUNTS if old else ()), *(_NEW_AMOUNTS if new else ())):
        amounts.add_row(said[name], f"{f[name]:,.2f}")
    console.print(amounts)
    for line in _sentences(study, law, said):
        common.say(console, line)
    if explain:
        _print_steps(study, law, said)
    typer.echo("")


def _answer(study: Study, law: str, unit: float, said: Mapping[str, Any]) -> str:
    """What the worker gets, in a sentence: by the law asked for, or by the better of both."""
    f, enacted = study.figures, study.context.terms.enacted
    chosen = law == "both" and f["old_rights"] and enacted
    old = law == "old" or not enacted or (chosen and f["takes_old"])
    pension, state = (f["old_pension"], f["state_old"]) if old else (f["new_pension"], f["state_new"])
    name = said["old" if old else "new"]
    known = pension > 0.0 and f["last_wage"] > 0.0
    form = "pays_nothing" if not known else "pays" if state > 0.0 else "pays_alone"
    return str(
        said[form].format(
            law=said["better"].format(law=name) if chosen else name,
            month=pension / _MONTHS,
            mw=pension / unit,
            share=100.0 * pension / f["last_wage"] if known else 0.0,
            state=state,
        )
    )


def _sentences(study: Study, law: str, said: Mapping[str, Any]) -> list[str]:
    f = study.figures
    retires = study.career.award == PENSION_TYPES[RETIREMENT]
    found = []
    if law in ("both", "old"):
        if not f["old_rights"]:
            found.append(said["no_rights"])
        elif f["old_pension"] == 0.0:
            found.append(said["no_old"])
    if law in ("both", "new") and study.context.terms.enacted and retires:
        if f["entitled"]:
            found.append(said["topped_up" if f["state_new"] > 0.0 else "enough"])
        else:
            found.append(said["early" if f["early"] else "paid_out"])
    if law == "both" and f["old_rights"] and study.context.terms.enacted:
        better = said["the_old" if f["takes_old"] else "the_account"]
        found.append(said["choice"].format(law=better, state=f["state"]))
    return found


def _print_steps(study: Study, law: str, said: Mapping[str, Any]) -> None:
    from engine.worker.steps import steps

    console = common.console()
    heads = [said[key] for key in ("part", "step", "article", "formula", "inputs", "result", "unit")]
    table = common.table(said["steps"], heads, left=5)
    table.columns[-1].justify = "left"
    last = ""
    for step in steps(study, law):
        table.add_row(
            step.part if step.part != last else "",
            step.step,
            step.article,
            step.formula,
            step.inputs,
            f"{step.result:,.2f}" if step.unit.startswith("pesos") else f"{step.result:,.6g}",
            step.unit,
        )
        last = step.part
    console.print(table)


def _check_targets(out: Path | None, figure: Path | None, force: bool) -> None:
    from importlib.util import find_spec

    from engine.outputs.files import check_target

    if out is not None:
        check_target(out, overwrite=force, suffixes=(".csv",))
    if figure is not None:
        from engine.worker.figure import FORMATS

        check_target(figure, overwrite=force, suffixes=FORMATS)
        if find_spec("matplotlib") is None:
            raise ModuleNotFoundError("No module named 'matplotlib'", name="matplotlib")


def _write_figure(studies: list[Study], path: Path, force: bool, text: Mapping[str, Any]) -> None:
    """One figure; of several workers of a file there is no single one."""
    from engine.outputs.files import whole
    from engine.worker import figure

    if len(studies) > 1:
        raise common.InputError(f"--figure {path}: draws one worker; the file of --career has {len(studies)}")
    with whole(path, overwrite=force) as temporary:
        drawn = temporary.with_suffix(path.suffix)
        try:
            figure.write(studies[0], drawn, text)
            drawn.replace(temporary)
        finally:
            drawn.unlink(missing_ok=True)


def _write_path(studies: list[Study], out: Path, force: bool) -> None:
    import pandas as pd

    from assumptions.spreadsheet import defused_frame
    from engine.outputs.files import whole

    frames = []
    for study in studies:
        both = pd.concat([study.before, study.after], ignore_index=True)
        both.insert(0, "worker", study.career.name)
        frames.append(both)
    with whole(out, overwrite=force) as temporary:
        defused_frame(pd.concat(frames, ignore_index=True)).to_csv(
            temporary, index=False, lineterminator="\n"
        )


# ---------------------------------------------------------------------------------------------------------------------
# Published tables


def parker_wong(
    mode: Annotated[
        str,
        typer.Option(
            "--mode", metavar="MODE", help="as_printed (slips included) or as_stated (the paper's rules)."
        ),
    ] = "as_printed",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for the tables as CSV.")
    ] = None,
    force: Force = False,
    json: common.Json = False,
) -> None:
    """Reproduce Parker & Wong (2001), Tables 5 to 11 and Appendix B1, and compare with print."""
    common.choose("--mode", mode, _MODES)
    from engine.studies import parker_wong as paper

    chosen: paper.Mode = "as_stated" if mode == "as_stated" else "as_printed"
    comparison = paper.compare(chosen)
    changes = paper.sign_changes()
    written = _write_all(lambda: paper.write(out, chosen, force), out) if out is not None else []
    changed = changes[changes["changes"]]
    if json:
        common.print_json(
            {
                "mode": mode,
                "comparison": comparison.to_dict("records"),
                "sign_changes": changed.to_dict("records"),
                "files": [str(path) for path in written],
            }
        )
        return
    console = common.console()
    table = common.table(
        f"Parker & Wong (2001), {mode}: printed cells",
        ("table", "cells", "in tolerance", "largest difference"),
    )
    for name, part in comparison.groupby("table", sort=False):
        table.add_row(
            str(name), str(len(part)), str(int(part["ok"].sum())), f"{part['difference'].abs().max():.4f}"
        )
    console.print(table)
    if mode == _MODES[0]:
        _list_cells(comparison[~comparison["ok"]])
    typer.echo(
        f"Conclusions that change sign between the paper's tables and its stated rules: {len(changed)} of {len(changes)}."
    )
    _written(written)


def _list_cells(cells: pd.DataFrame) -> None:
    if cells.empty:
        return
    table = common.table(
        "Cells that do not agree",
        ("table", "sex", "area", "education", "measure", "printed", "ours"),
        left=5,
    )
    names = ["table", "sex", "area", "education", "measure"]
    for row in cells.to_dict("records"):
        table.add_row(*(str(row[name]) for name in names), f"{row['printed']:g}", f"{row['value']:.4f}")
    common.console().print(table)


def infonavit_history(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.csv", help="Write the table, unrounded, as CSV.")
    ] = None,
    force: Force = False,
    json: common.Json = False,
) -> None:
    """Reproduce Annex VII, Table 2, and show what its slip of 1979 and its added 2% change."""
    if out is not None:
        from engine.outputs.files import check_target

        check_target(out, overwrite=force, suffixes=(".csv",))
    from engine.studies import annex_vii as history

    table, comparison, effects = history.reproduce(), history.compare(), history.effects()
    if out is not None:
        from assumptions.spreadsheet import defused_frame
        from engine.outputs.files import whole

        with whole(out, overwrite=force) as temporary:
            defused_frame(table).to_csv(temporary, index=False, lineterminator="\n")
    if json:
        common.print_json(
            {
                "units": "NP$",
                "table": table.to_dict("records"),
                "comparison": comparison.to_dict("records"),
                "effects": effects.to_dict("records"),
                "file": None if out is None else str(out),
            }
        )
        return
    console = common.console()
    shown = common.table("Annex VII, Table 2 (NP$)", tuple(table.columns))
    for row in table.itertuples(index=False):
        shown.add_row(str(row[0]), *(f"{value:,.2f}" for value in row[1:]))
    console.print(shown)
    typer.echo(f"Printed figures that agree to the cent: {int(comparison['ok'].sum())} of {len(comparison)}.")
    console.print()
    changes = common.table(
        "What the slip and the simplification change",
        ("inflation", "2% compounded", "column", "total", "paid %", "change", "change %"),
        left=3,
    )
    for effect in effects.to_dict("records"):
        changes.add_row(
            str(effect["inflation"]),
            "yes" if effect["compounded"] else "no",
            str(effect["column"]),
            *(f"{effect[name]:,.2f}" for name in ("total", "paid_pct", "change", "change_pct")),
        )
    console.print(changes)
    if out is not None:
        typer.echo(f"Written: {out}")


def _write_all(write: Any, out: Path) -> list[Path]:
    from engine.outputs import OutputError

    try:
        written: list[Path] = write()
    except FileExistsError as error:
        raise OutputError(f"{str(error).partition(';')[0]}; --force replaces them") from error
    except NotADirectoryError as error:
        raise OutputError(f"{out}: is not a folder") from error
    return written


def _written(paths: list[Path]) -> None:
    for path in paths:
        typer.echo(f"Written: {path}")


__all__ = ["infonavit_history", "parker_wong", "register", "worker"]
