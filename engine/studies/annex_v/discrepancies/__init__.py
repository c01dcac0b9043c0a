"""Register of what contradicts itself in the report: statement, printed figures, our figures, consequence.

Statements are quoted from World Bank report P-7018-ME, whose passages the project keeps; every number beside them is computed here,
from the printed tables or from runs of the model that change one thing. Words stand in `words`, by language.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

from assumptions.report import passages
from engine.studies.annex_v.discrepancies import (
    guarantee,
    mechanism,
    persons,
    rights,
    sensitivity,
    state,
    tables,
)
from engine.studies.annex_v.discrepancies.identities import Identity, identities
from engine.studies.annex_v.discrepancies.row import Figures, Maker, Quotation, Row
from engine.studies.annex_v.discrepancies.wording import Filler, languages, quotations, words
from engine.studies.annex_v.series import Runs, Tables

ENGLISH: Final = "en"
# Rows are cited by their number: a new one goes to the end.
ROWS: Final[tuple[Maker, ...]] = (
    rights.first_years,
    rights.balance_first,
    state.indexation,
    rights.heading_of_2,
    rights.peaks,
    guarantee.density,
    guarantee.guarantee_returns,
    guarantee.top_ups,
    state.prorated,
    state.two_runs,
    state.steady,
    tables.table_5,
    persons.contributors,
    persons.ages,
    guarantee.exhaustion,
    tables.straight,
    tables.copies,
    rights.occupational,
    rights.ten_percent,
    tables.one_to_two,
    persons.first_awards,
    *mechanism.ROWS,
    rights.slip_of_3a,
    rights.five_years_wages,
    sensitivity.sensitivity_minimum_wage,
    sensitivity.sensitivity_distribution,
    guarantee.average_period,
    state.peso_a_day,
    state.state_rate,
    rights.infonavit_kept,
    state.three_dates,
    state.health_half_percent,
    persons.counts_that_differ,
    guarantee.weeks,
    tables.round_minimum_wages,
)


class Register:
    """All rows, and the identities that hold."""

    def __init__(self, runs: Runs | None = None) -> None:
        self.tables = Tables()
        self.runs = runs or Runs()

    @cached_property
    def figures(self) -> dict[str, Figures]:
        """The figures of every row by its name, in the order of the rows."""
        return {make.__name__: make(self.tables, self.runs) for make in ROWS}

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The register in English, numbered from 1."""
        return self.rows_in(ENGLISH)

    def rows_in(self, language: str) -> tuple[Row, ...]:
        """The register in the words of a language."""
        said = words(language)
        return tuple(
            _row(number, key, figures, said)
            for number, (key, figures) in enumerate(self.figures.items(), start=1)
        )

    @cached_property
    def identities(self) -> tuple[Identity, ...]:
        """Identities of the tables: they bear out the reading of the scan."""
        return identities(self.tables)


def _row(number: int, key: str, figures: Figures, said: dict[str, dict[str, str]]) -> Row:
    own, known, given = said[key], passages(), quotations()[key]
    spanish = said["page"]["places"] == "es"
    quoted = tuple(Quotation(text, known[name]) for name, text in given.get("quote", ()))
    places = [one.passage for one in quoted] + [known[name] for name in given.get("cite", ())]
    where = [passage.at_es if spanish else passage.at for passage in places]
    if "elsewhere" in own:
        where.append(own["elsewhere"])
    filler = Filler(said["page"]["and"])
    parts = {
        name: filler.format(own[name], **figures) for name in ("statement", "printed", "model", "consequence")
    }
    return Row(
        number=number,
        key=key,
        title=own["title"],
        quotations=quoted,
        where="; ".join(dict.fromkeys(where)),
        figures=figures,
        **parts,
    )


__all__ = ["Identity", "Quotation", "Register", "Row", "languages"]
