"""One contradiction: figures by name, the words in which they stand, and the passages that are quoted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from assumptions.report import Passage
from engine.studies.annex_v.series import Runs, Tables


@dataclass(frozen=True)
class Quotation:
    """Words of the report, as they stand in a passage ("..." leaves some out), in English in every language."""

    text: str
    passage: Passage


@dataclass(frozen=True)
class Row:
    """One contradiction, in the words of one language.

    Attributes
    ----------
    number : int
    key, title : str
        Its name in every language, and in this one.
    statement : str
        What the report says, in our words.
    quotations : tuple of Quotation
        The same in the report's words.
    where : str
        Places of the quotations and of what is cited without being quoted.
    printed, model : str
        What its tables say and what we compute, in words with the numbers.
    consequence : str
        What the project does about it.
    figures : mapping of str to float
        The numbers of ``printed`` and ``model`` by name, unrounded; percent of GDP unless the name says otherwise.
    """

    number: int
    key: str
    title: str
    statement: str
    quotations: tuple[Quotation, ...]
    where: str
    printed: str
    model: str
    consequence: str
    figures: Mapping[str, float] = field(default_factory=dict)


Figures = dict[str, float]
Maker = Callable[[Tables, Runs], Figures]
"""The figures of one row, from print and runs; its words stand in `words`, by language, under the maker's name."""

__all__ = ["Figures", "Maker", "Quotation", "Row"]
