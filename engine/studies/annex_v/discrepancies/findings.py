"""The five findings that stand first on the page: words by language, figures of the rows behind them, a picture each."""

from __future__ import annotations

from dataclasses import dataclass

from engine.studies.annex_v.discrepancies import ENGLISH, Register
from engine.studies.annex_v.discrepancies.row import Figures
from engine.studies.annex_v.discrepancies.sensitivity import summary
from engine.studies.annex_v.discrepancies.wording import Filler, words


@dataclass(frozen=True)
class Finding:
    """What a reader should know first.

    Attributes
    ----------
    title, text : str
    rows : tuple of int
        Numbers of the rows behind it.
    figure, alt : str
        File of its picture, and what the picture shows.
    """

    title: str
    text: str
    rows: tuple[int, ...]
    figure: str
    alt: str


def findings(register: Register, language: str = ENGLISH) -> tuple[Finding, ...]:
    """The findings in the words of a language."""
    said = words(language)
    filler, numbers = Filler(said["page"]["and"]), list(register.figures)
    found = []
    for entry in said["finding"]:
        figures: Figures = summary(register.figures)
        for key in entry["rows"]:
            figures = figures | register.figures[key]
        found.append(
            Finding(
                title=entry["title"],
                text=filler.format(entry["text"], **figures),
                rows=tuple(numbers.index(key) + 1 for key in entry["rows"]),
                figure=entry["figure"],
                alt=entry["alt"],
            )
        )
    return tuple(found)


__all__ = ["Finding", "findings"]
