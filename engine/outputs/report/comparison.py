"""A page that shows what moved between two runs, and which assumption moved how much of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.outputs.files import whole
from engine.outputs.report import render, texts
from engine.outputs.tables import TOTAL


def write(found: Mapping[str, Any], path: Path, *, language: str = "en", overwrite: bool = False) -> Path:
    """Write the page of a comparison, whole or not at all.

    Parameters
    ----------
    found : mapping
        As `annexv compare --json` prints it.
    path : Path
    language : str
    overwrite : bool
    """
    text = texts.load(language)
    lines = {TOTAL: text["total"], **text["component"]}
    cases = [_case(case) for case in found["cases"]]
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
        cases=cases,
        lines=list(lines.items()),
    )
    with whole(path, overwrite=overwrite) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    return path


def _case(case: Mapping[str, Any]) -> dict[str, Any]:
    sides = [f"{case[side]['scenario']}/{case[side]['basis']}" for side in ("a", "b")]
    steps = []
    for step in case["steps"]:
        first, *more = step["names"]
        steps.append({"name": f"{first} (+{len(more)})" if more else first, "effect": step["effect"]})
    name = sides[0] if sides[0] == sides[1] else " - ".join(sides)
    return {**case, "name": name, "steps": steps}


__all__ = ["write"]
