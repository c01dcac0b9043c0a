"""Register of what contradicts itself in the report: statement, printed figures, our figures, consequence.

Statements are quoted from World Bank report P-7018-ME; every number beside them is computed here, from the printed
tables or from runs of the model that change one thing.
"""

from __future__ import annotations

import io
import json
from functools import cached_property
from typing import Final

from assumptions.spreadsheet import Writer
from engine.studies.annex_v.discrepancies import guarantee, persons, rights, state, tables
from engine.studies.annex_v.discrepancies.identities import Identity, identities
from engine.studies.annex_v.discrepancies.row import Maker, Row
from engine.studies.annex_v.series import Runs, Tables

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
)


class Register:
    """All rows, and the identities that hold."""

    def __init__(self, runs: Runs | None = None) -> None:
        self.tables = Tables()
        self.runs = runs or Runs()

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The register, numbered from 1."""
        return tuple(Row(number=n, **make(self.tables, self.runs)) for n, make in enumerate(ROWS, start=1))

    @cached_property
    def identities(self) -> tuple[Identity, ...]:
        """Identities of the tables: they bear out the reading of the scan."""
        return identities(self.tables)

    def as_json(self) -> str:
        """Rows with their figures."""
        content = [
            {
                "number": row.number,
                "title": row.title,
                "statement": row.statement,
                "where": row.where,
                "printed": row.printed,
                "model": row.model,
                "consequence": row.consequence,
                "figures": dict(row.figures),
            }
            for row in self.rows
        ]
        return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    def as_csv(self) -> str:
        """One line a row; figures as `name=value` joined by semicolons."""
        stream = io.StringIO()
        writer = Writer(stream)
        writer.writerow(
            ("number", "title", "statement", "where", "printed", "model", "consequence", "figures")
        )
        for row in self.rows:
            figures = "; ".join(f"{name}={value:.6g}" for name, value in row.figures.items())
            writer.writerow(
                (
                    row.number,
                    row.title,
                    row.statement,
                    row.where,
                    row.printed,
                    row.model,
                    row.consequence,
                    figures,
                )
            )
        return stream.getvalue()


def page(register: Register) -> str:
    """The register as Markdown."""
    lines = [
        "# Where the report contradicts itself",
        "",
        "Every row sets a statement of World Bank report P-7018-ME beside the figures of its own tables and beside ours. All numbers"
        " are computed: `annexv validate --discrepancies FILE.csv` (or `.json`) writes them, `annexv validate --report FOLDER` writes"
        " this page. Costs are in percent of GDP, differences in percentage points.",
        "",
        "| | about |",
        "|---|---|",
        *(f"| {row.number} | [{row.title}](#{_anchor(row)}) |" for row in register.rows),
        "",
    ]
    for row in register.rows:
        lines += [
            f"## {_heading(row)}",
            "",
            f"* **The report says:** {row.statement} ({row.where})",
            f"* **The tables say:** {row.printed}",
            f"* **We find:** {row.model}",
            f"* **So:** {row.consequence}",
            "",
        ]
    lines += [
        "## Identities that hold",
        "",
        "The tables add up as far as rounding lets them, which bears out the reading of a damaged scan.",
        "",
        "| identity | figures | largest deviation | rounding allows | beyond |",
        "|---|---:|---:|---:|---:|",
        *(
            f"| {item.title} | {item.cells} | {item.largest:.4f} | {item.allowed:.4f} | {item.broken} |"
            for item in register.identities
        ),
    ]
    return "\n".join(lines) + "\n"


def _heading(row: Row) -> str:
    return f"{row.number}. {row.title}"


def _anchor(row: Row) -> str:
    # as the table-of-contents extension of Python-Markdown makes it
    kept = "".join(c for c in _heading(row).lower() if c.isalnum() or c in " -_")
    return "-".join(kept.split())


__all__ = ["Identity", "Register", "Row", "page"]
