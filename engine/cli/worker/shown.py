"""What `annexv worker` shows and writes of a calculation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from cohorts.axes import ACCOUNTS, PENSION_TYPES, RETIREMENT
from engine.cli import common

if TYPE_CHECKING:
    from engine.worker.calculator import Study

_MONTHS: Final = 12.0
_ACCOUNTS: Final = (*ACCOUNTS, "account")
_OLD_AMOUNTS: Final = ("value_old", "handed_over", "state_old")
_NEW_AMOUNTS: Final = ("value_new", "state_new")


def as_json(study: Study, law: str, explain: bool) -> dict[str, Any]:
    from engine.worker.calculator import FLAGS
    from engine.worker.steps import steps

    career = study.career
    content: dict[str, Any] = {
        "worker": career.name,
        "sex": career.sex,
        "born": career.born,
        "award": career.award,
        "award_age": career.award_age,
        "award_year": study.award_year,
        "units": "pesos of December 1996; pensions and wages a year",
        "figures": {name: bool(value) if name in FLAGS else value for name, value in study.figures.items()},
    }
    if explain:
        content["steps"] = [step.as_dict() for step in steps(study, law)]
    return content


def show(study: Study, law: str, explain: bool, text: Mapping[str, Any]) -> None:
    from cohorts.careers import reference_minimum_wage
    from engine.outputs.scenario_words import said_case

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
        year=study.award_year,
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
        _print_steps(study, law, said, text["language"])
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


def _print_steps(study: Study, law: str, said: Mapping[str, Any], language: str) -> None:
    from engine.worker.steps import steps

    console = common.console()
    heads = [said[key] for key in ("part", "step", "article", "formula", "inputs", "result", "unit")]
    table = common.table(said["steps"], heads, left=5)
    table.columns[-1].justify = "left"
    last = ""
    for step in steps(study, law):
        words = (step.step, step.article, step.formula, step.inputs)
        table.add_row(
            step.part.to(language) if step.part != last else "",
            *(word.to(language) for word in words),
            f"{step.result:,.2f}" if step.unit.startswith("pesos") else f"{step.result:,.6g}",
            step.unit.to(language),
        )
        last = step.part
    console.print(table)


def check_targets(out: Path | None, figure: Path | None, force: bool) -> None:
    from importlib.util import find_spec

    from engine.outputs.files import check_target

    if out is not None:
        check_target(out, overwrite=force, suffixes=(".csv",))
    if figure is not None:
        from engine.worker.figure import FORMATS

        check_target(figure, overwrite=force, suffixes=FORMATS)
        if find_spec("matplotlib") is None:
            raise ModuleNotFoundError("No module named 'matplotlib'", name="matplotlib")


def write_figure(studies: list[Study], path: Path, force: bool, text: Mapping[str, Any]) -> None:
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


def write_path(studies: list[Study], out: Path, force: bool) -> None:
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


__all__ = ["as_json", "check_targets", "show", "write_figure", "write_path"]
