"""`annexv worker`: one worker under both laws."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer

from engine.cli import common, language
from engine.cli.worker import reproduce, shown

if TYPE_CHECKING:
    from assumptions import Resolved
    from engine.worker.calculator import Study
    from engine.worker.careers import Career

BASIS: Final = "statutory"
_DEFAULT_RETIREMENT: Final = 65
_BY_DEGREE: Final = "occupational_disability"
_DISABILITIES: Final = ("disability", "occupational_disability")
_LAWS: Final = ("both", "old", "new")
# A real wage does not halve, nor grow by half, in every year of a career.
_LARGEST_GROWTH: Final = 0.5


_Wage = Annotated[
    str | None,
    typer.Option(
        "--wage",
        metavar="WAGE",
        help="Wage of a full year: 2.6mw (minimum wages) or 25000 (pesos of Dec 1996), at the level of the first year.",
    ),
]
_RetireAt = Annotated[
    int | None,
    typer.Option(
        "--retire-at", metavar="AGE", help="Age of the award; 65, or the age after the last of the file."
    ),
]
_Born = Annotated[
    int | None,
    typer.Option(
        "--born",
        metavar="YEAR",
        help="Year of birth; by default the career begins in the first year of the accounts.",
    ),
]
_Gaps = Annotated[
    list[str] | None,
    typer.Option(
        "--gap",
        metavar="AGE-AGE",
        help="No work from the opening of one age to that of the other, as 25-45; may be repeated.",
    ),
]
_AwardType = Annotated[
    str | None,
    typer.Option(
        "--award",
        metavar="TYPE",
        help="retirement, disability, death, occupational_disability or occupational_death.",
    ),
]


class _Given(NamedTuple):
    """A career as options give it: a file, or a wage and what belongs to it; ``more`` are columns of a file as options."""

    file: Path | None
    wage: str | None
    from_age: int | None
    participation: float | None
    growth: float | None
    gap: list[str] | None
    more: dict[str, Any]
    accept_low_wages: bool
    sex_codes: str | None


def register(app: typer.Typer) -> None:
    """Add the group of commands to the application."""
    group = typer.Typer(
        help="One worker under both laws.", rich_markup_mode=None, invoke_without_command=True
    )
    group.callback()(worker)
    reproduce.register(group)
    app.add_typer(group, name="worker")


def worker(
    context: typer.Context,
    career: Annotated[
        Path | None, typer.Option("--career", metavar="FILE.csv", help="Career by age; see docs/workers.md.")
    ] = None,
    wage: _Wage = None,
    from_age: Annotated[
        int | None, typer.Option("--from-age", metavar="AGE", help="Age of the first contribution.")
    ] = None,
    retire_at: _RetireAt = None,
    born: _Born = None,
    sex: Annotated[str | None, typer.Option("--sex", metavar="m|f", help="m by default.")] = None,
    participation: Annotated[
        float | None,
        typer.Option("--participation", metavar="SHARE", help="Share of every year worked; 0.83 by default."),
    ] = None,
    gap: _Gaps = None,
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
    award: _AwardType = None,
    severe: Annotated[
        bool, typer.Option("--severe", help="The disability is of three quarters or more.")
    ] = False,
    degree: Annotated[
        float | None,
        typer.Option(
            "--degree",
            metavar="SHARE",
            help="Degree of an occupational disability, 0 to 1; total by default.",
        ),
    ] = None,
    months: Annotated[
        int | None,
        typer.Option(
            "--months", metavar="N", help="Months beyond the age of the award, 0 to 11; 0 by default."
        ),
    ] = None,
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
    force: common.Force = False,
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
    if degree is not None and career is None and award != _BY_DEGREE:
        raise common.InputError(f"--degree: has no effect without --award {_BY_DEGREE}")
    common.choose("--law", law, _LAWS)
    text = language.text(lang)
    shown.check_targets(out, figure, force)
    resolved = resolved_of(scenario, basis, sets, overlay)
    more = {
        "sex": sex,
        "born": born,
        "retire_at": retire_at,
        "spouse": spouse,
        "children": children,
        "parents": parents,
        "award": award,
        "severe": "yes" if severe else None,
        "months": months,
        "degree": degree,
    }
    given = _Given(
        career, wage, from_age, participation, growth, gap, _checked(more), accept_low_wages, sex_codes
    )
    studies, notices = _studies(given, resolved, strict)
    if json:
        common.print_json([shown.as_json(one, law, explain) | {"notices": notices} for one in studies])
    else:
        if career is not None:
            _tell_what_was_read(career, [study.career for study in studies], resolved)
        for one in studies:
            shown.show(one, law, explain, text)
        common.say_defaults(common.console(), scenario, text)
    if out is not None:
        shown.write_path(studies, out, force)
    if figure is not None:
        shown.write_figure(studies, figure, force, text)
    for path in (out, figure):
        if path is not None and not json:
            typer.echo(text["screen"]["written"].format(file=path))


def _studies(given: _Given, resolved: Resolved, strict: bool) -> tuple[list[Study], list[str]]:
    """The calculations, and the notices on what they rest on."""
    from engine.worker import calculator
    from engine.worker.careers import CareerError

    try:
        studies = [calculator.study(one, resolved) for one in _careers(given, resolved)]
    except CareerError as error:
        raise common.InputError(str(error)) from error
    return studies, common.tell([*resolved.notices, *calculator.unmoved(studies, resolved)], strict)


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


def _careers(given: _Given, resolved: Resolved) -> list[Career]:
    from engine.worker import careers

    codes = ""
    if given.sex_codes is not None:
        codes = common.choose("--sex-codes", given.sex_codes, common.SEX_CODES)
    if (given.file is None) == (given.wage is None):
        raise common.InputError(
            "give the career by --career FILE.csv, or by --wage 2.6mw --from-age 20; `annexv worker --help` shows all"
        )
    if given.wage is not None:
        return [_steady(given, given.wage, resolved)]
    assert given.file is not None
    for name in ("from_age", "participation", "growth", "gap"):
        if getattr(given, name) not in (None, []):
            raise common.InputError(
                f"--{name.replace('_', '-')}: belongs to --wage; the file of --career says it itself"
            )
    return careers.read(
        given.file, resolved, given.more, accept_low_wages=given.accept_low_wages, codes=codes
    )


def _steady(given: _Given, wage: str, resolved: Resolved) -> Career:
    """The career of `--wage`."""
    from engine.worker import careers

    from_age, participation, growth = given.from_age, given.participation, given.growth
    if given.sex_codes:
        raise common.InputError("--sex-codes: belongs to the file of --career; --sex says m or f")
    if from_age is None:
        raise common.InputError("--wage needs --from-age, the age of the first contribution")
    if participation is not None and not 0.0 <= participation <= 1.0:
        raise common.InputError(f"--participation {participation:g}: allowed is a share of the year, 0 to 1")
    if growth is not None and not -_LARGEST_GROWTH <= growth <= _LARGEST_GROWTH:
        raise common.InputError(f"--growth {growth:g}: allowed is a yearly rate from -0.5 to 0.5")
    more = dict(given.more)
    award_age = more.pop("retire_at", _DEFAULT_RETIREMENT)
    if not 0 <= from_age < award_age:
        raise common.InputError(
            f"--from-age {from_age}: allowed is an age from 0 to {award_age - 1}, below that of the award"
        )
    severe = more.pop("severe", "no") == "yes"
    return careers.steady(
        resolved,
        careers.parse_wage(wage, resolved, accept_low_wages=given.accept_low_wages),
        from_age,
        award_age,
        more.pop("born", None),
        participation,
        growth,
        gaps=[_gap(text, from_age, award_age) for text in given.gap or ()],
        accept_low_wages=True,  # as typed, it has been judged
        severe=severe,
        **more,
    )


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


__all__ = ["register", "worker"]
