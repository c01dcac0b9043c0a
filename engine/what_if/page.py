"""The page of a reform and its base: the report of a run, with what was asked and what came of it in front."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from cohorts.axes import SEXES
from engine.compare_runs import LINES
from engine.outputs import report, texts
from engine.outputs.dataset import project_resolved
from engine.outputs.digits import decimals, shown
from engine.outputs.figures import COLOURS, Figure, Trace, numbers, spread
from engine.outputs.report import Beside
from engine.outputs.tables import TOTAL
from engine.what_if import words
from engine.what_if.asked import WhatIf

PARTS: Final = "fig-asked-parts"
BIRTHS: Final = "fig-asked-births"
WAGES: Final = "fig-asked-wages"
GAIN: Final = "fig-asked-gain"


def write(
    found: WhatIf,
    path: str | Path,
    *,
    overlay: str = "",
    language: str = "en",
    overwrite: bool = False,
) -> Path:
    """Write the page, whole or not at all.

    Parameters
    ----------
    found : WhatIf
    path : str or Path
    overlay : str
        The overlay that the levers are.
    language : str
    overwrite : bool

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    text = texts.load(language)
    run = project_resolved([found.reform])
    beside = Beside(project_resolved([found.base]), asked(found, text, overlay), figures(found, text))
    return report.write(run, path, language=language, overwrite=overwrite, beside=beside)


def asked(found: WhatIf, text: Mapping[str, Any], overlay: str) -> dict[str, Any]:
    """Sentences and tables in front of the section."""
    said = text["what_if"]
    tables = [words.by_component(found, text), words.by_lever(found, text), words.gains(found, text)]
    language = text["language"]
    articles = [(one.sentence(language), getattr(one.lever.article, language)) for one in found.statements]
    return {
        "sentences": words.sentences(found, text),
        "levers": articles,
        "halves": words.halves(found, language),
        "tables": [table._asdict() for table in tables if table is not None],
        "method": words.method(found, text),
        "gain_said": said["gain_said"].format(date=int(found.base.number("reform.state_year"))),
        "overlay": overlay,
        "command": found.arguments(),
        "base": said["base_is"].format(base=words.base_name(found, text)),
        "figures": [figure.key for figure in figures(found, text)],
    }


def figures(found: WhatIf, text: Mapping[str, Any]) -> list[Figure]:
    """Levers, whose rights change, what workers gain."""
    drawn = [_parts(found, text), *_rights(found, text), _gain(found, text)]
    return [figure for figure in drawn if figure is not None]


def _parts(found: WhatIf, text: Mapping[str, Any]) -> Figure | None:
    """The change by lever, line by line."""
    if len(found.parts) < 2:
        return None
    total = LINES.index(TOTAL)
    years = found.years.tolist()
    traces = [
        Trace(
            words.told_part(part, found, text),
            "line",
            years,
            numbers(part.effect[total]),
            COLOURS[n % len(COLOURS)],
        )
        for n, part in enumerate(found.parts)
    ]
    traces.append(Trace(text["total"], "line", years, numbers(found.total), COLOURS[-1], dash="dash"))
    first = found.parts[0]
    at = int(np.abs(first.effect[total]).argmax())
    value = shown(first.effect[total, at], decimals(first.effect[total], 3), "+")
    title = text["what_if"]["finding_parts"].format(
        name=words.told_part(first, found, text), value=value, year=years[at]
    )
    return Figure(PARTS, title, text["what_if"]["by_lever_drawn"], text["change"]["points"], tuple(traces))


def _rights(found: WhatIf, text: Mapping[str, Any]) -> list[Figure]:
    """Acquired rights by birth year, and by wage."""
    out = []
    first = int(found.years[0])
    for key, kind in ((BIRTHS, "birth"), (WAGES, "wage")):
        for group, worth in zip(found.holders, found.holder_worth, strict=True):
            if group.kind != kind or not np.abs(worth).max(initial=0.0) > 0.0:
                continue
            rows = [words.group_name(kind, label, len(group.labels), text) for label in group.labels]
            kept = np.flatnonzero(np.abs(worth) > 0.0)[::-1]
            most = int(np.abs(worth).argmax())
            places = decimals(worth, 3)
            trace = Trace(
                "", "bar", numbers(worth[kept]), [rows[n] for n in kept], COLOURS[0], base=[0.0] * kept.size,
                text=[shown(worth[n], places, "+") for n in kept],
            )  # fmt: skip
            title = text["what_if"]["finding_rights"].format(
                name=rows[most], value=shown(worth[most], places, "+"), first=first
            )
            subject, _, unit = text["what_if"]["rights"].format(first=first).partition(": ")
            signs = bool((worth[kept] < 0.0).any())
            out.append(
                Figure(key, title, subject, unit, (trace,), from_zero=not signs, mark=0.0 if signs else None)
            )
    return out


def _gain(found: WhatIf, text: Mapping[str, Any]) -> Figure | None:
    """What workers gain by birth year, men and women, at three wages."""
    if found.gain is None or not found.gain.value.any():
        return None
    said = text["what_if"]
    groups = found.gain.value.shape[2]
    wages = words.chosen_wages(groups)
    births = found.gain.birth_year.tolist()
    colours = spread(len(wages) + 1)
    traces = [
        Trace(
            f"{text['reform']['sex'][sex].capitalize()}, {said['wage'].format(n=wage + 1, total=groups)}",
            "line", births, numbers(found.gain.value[:, n, wage]), colours[k], dash=("solid", "dash")[n],
        )
        for n, sex in enumerate(SEXES)
        for k, wage in enumerate(wages)
    ]  # fmt: skip
    middle = found.gain.value[:, :, wages[len(wages) // 2]].mean(axis=1)
    at = int(np.abs(middle).argmax())
    key = "finding_gain" if middle[at] >= 0.0 else "finding_loss"
    title = said[key].format(year=births[at], value=shown(abs(middle[at]), decimals(middle, 2)))
    subject, _, unit = said["gain"].partition(", ")
    return Figure(GAIN, title, subject, unit, tuple(traces), x_unit=said["birth_year"])


__all__ = ["BIRTHS", "GAIN", "PARTS", "WAGES", "asked", "figures", "write"]
