"""A page that shows what moved between two runs, and which assumption moved how much of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.outputs import texts, words
from engine.outputs.files import whole
from engine.outputs.report import content, render
from engine.outputs.tables import TOTAL

if TYPE_CHECKING:
    from engine.compare_runs import Holders


def write(
    found: Mapping[str, Any],
    path: Path,
    *,
    holders: Sequence[Sequence[Holders]] = (),
    language: str = "en",
    overwrite: bool = False,
) -> Path:
    """Write the page of a comparison, whole or not at all.

    Parameters
    ----------
    found : mapping
        As `annexv compare --json` prints it.
    path : Path
    holders : sequence of sequence of Holders
        For each case whose acquired rights change: by birth year, sex and wage.
    language : str
    overwrite : bool
    """
    text = texts.load(language)
    lines = {TOTAL: text["total"], **text["component"]}
    cases = [_case(case, text) for case in found["cases"]]
    for case, groups in zip(cases, holders, strict=False):
        case["holders"] = [_holders(group, text) for group in groups]
    kinds = [group.kind for group in holders[0]] if holders else []
    data = {"text": text, "lines": lines, "cases": cases}
    page = render(
        "comparison.html",
        "comparison.js",
        data,
        text=text,
        a=found["a"],
        b=found["b"],
        said=text["comparison"]["said"].format(a=found["a"], b=found["b"]),
        method=found["method"],
        kinds=kinds,
        cases=cases,
        lines=list(lines.items()),
    )
    with whole(path, overwrite=overwrite) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    return path


def _case(case: Mapping[str, Any], text: Mapping[str, Any]) -> dict[str, Any]:
    sides = [f"{case[side]['scenario']}, {words.basis(case[side]['basis'], text)}" for side in ("a", "b")]
    steps = []
    for step in case["steps"]:
        first, *more = step["names"]
        steps.append({"name": f"{first} (+{len(more)})" if more else first, "effect": step["effect"]})
    name = sides[0] if sides[0] == sides[1] else " - ".join(sides)
    return {**case, "name": name, "steps": steps}


def _holders(group: Holders, text: Mapping[str, Any]) -> dict[str, Any]:
    """Names of the groups, and what each gains, percentage points of GDP by year."""
    forms: dict[str, Callable[[str], str]] = {
        "birth": lambda label: str(text["comparison"]["born"]).format(years=label),
        "sex": lambda label: str(text["reform"]["sex"][label]),
        "wage": lambda label: str(text["wage_group"]).format(n=label, total=len(group.labels)),
    }
    named = forms[group.kind]
    gain = group.new - group.old
    shown = [
        n for n in range(len(group.labels)) if (group.old[n] != 0.0).any() or (group.new[n] != 0.0).any()
    ]
    names = [words.capital(named(group.labels[n])) for n in shown]
    return {"kind": group.kind, "names": names, "gain": [content.plain(gain[n]) for n in shown]}


__all__ = ["write"]
