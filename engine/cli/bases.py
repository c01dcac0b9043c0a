"""`annexv compare --bases`: why the two bases of a shipped scenario differ, step by step, in one year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.cli import common

if TYPE_CHECKING:
    from engine.studies.annex_v.decomposition import Decomposition

_COLUMNS = ("rights", "ongoing", "state", "guarantee")


def show(scenarios: Sequence[str] | None, year: int | None, text: Mapping[str, Any], json: bool) -> None:
    """Print the steps of each scenario; the main one where none is chosen."""
    from assumptions import load, main_scenario
    from engine.outputs.headline import MIDDLE
    from engine.studies.annex_v import decomposition

    codes = common.chosen_scenarios(scenarios or [main_scenario()])
    asked = MIDDLE if year is None else year
    shipped = load(codes[0]).resolve(decomposition.START)
    first, last = int(shipped.number("reform.first_year")), int(shipped.number("reform.last_year"))
    if asked < first:
        raise common.InputError(f"--year {asked}: allowed are {first} and later years")
    found = []
    each = len(decomposition.STEPS) + 2
    with common.progress(each * len(codes)) as report:
        for n, code in enumerate(codes):

            def done(finished: int, before: int = n * each) -> None:
                report(before + finished)

            found.append(decomposition.decompose(code, max(asked, last), done))
    if json:
        common.print_json(
            {"year": asked, "units": "percent of GDP", "scenarios": [_content(one, asked) for one in found]}
        )
        return
    for one in found:
        _print(one, asked, text)
    console = common.console()
    common.say(console, text["screen"]["bases"]["shipped"])
    common.say(console, text["screen"]["bases"]["order"])
    common.say_defaults(console, scenarios, text)


def _content(found: Decomposition, year: int) -> dict[str, Any]:
    from engine.projection import COMPONENTS
    from engine.studies.annex_v.decomposition import STEPS

    at = year - int(found.years[0])

    def by_component(values: Any) -> dict[str, float]:
        return {**dict(zip(COMPONENTS, values.tolist(), strict=True)), "total": float(values.sum())}

    return {
        "scenario": found.scenario,
        "statutory": by_component(found.start[:, at]),
        "steps": [
            {
                "step": step.title,
                "names": list(step.names),
                "moved": moved,
                "effect": by_component(change[:, at]),
            }
            for step, moved, change in zip(STEPS, found.moved, found.changes, strict=True)
        ],
        "published": by_component(found.end[:, at]),
    }


def _print(found: Decomposition, year: int, text: Mapping[str, Any]) -> None:
    from engine.studies.annex_v.decomposition import END, START, STEPS

    said, console = text["screen"]["bases"], common.console()
    at = year - int(found.years[0])
    start, end, changes = found.start[:, at], found.end[:, at], found.changes[:, :, at]
    titles = [text["step"][step.names[0]] for step in STEPS]
    total = changes.sum(axis=1)
    largest = int(abs(total).argmax())
    sentence = said["sentence" if total[largest] != 0.0 else "equal"].format(
        scenario=found.scenario,
        year=year,
        start=start.sum(),
        end=end.sum(),
        largest=titles[largest],
        worth=total[largest],
    )
    common.say(console, sentence, "bold")
    console.print()
    columns = ("", *(said[key] for key in _COLUMNS), text["total"])
    table = common.table(said["table"].format(year=year), columns)
    table.padding = (0, 1, 0, 0)
    names = text["basis_names"]
    table.add_row(names[START], *(f"{value:.3f}" for value in (*start, start.sum())), style="bold")
    for title, change in zip(titles, changes, strict=True):
        table.add_row(f"  {title}", *(_step(value) for value in (*change, change.sum())))
    table.add_row(names[END], *(f"{value:.3f}" for value in (*end, end.sum())), style="bold")
    console.print(table)
    console.print()


def _step(value: float) -> str:
    """What a step moves; a dot where it moves nothing."""
    return "." if value == 0.0 else f"{value:+.3f}"


__all__ = ["show"]
