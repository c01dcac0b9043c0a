"""The register holds every value, and both files say the same."""

import csv
from pathlib import Path

import pytest

import assumptions
from assumptions import audit

RES = assumptions.load("3A").resolve("statutory")


def test_every_value_has_a_row_with_source_and_status() -> None:
    rows = assumptions.register(RES)
    assert {row.name for row in rows} == set(RES.names())
    for row in rows:
        assert row.status in {"statute", "published", "sourced", "calibrated", "derived", "judgement"}
        assert row.source_title
        assert row.locator
        if row.status == "judgement" and row.kind in {"number", "path", "table"} and not row.at:
            assert row.note
            assert row.range
    assert len(assumptions.register(RES, expand=False)) == len(RES.names())


def test_rows_of_a_dated_value_keep_their_own_source() -> None:
    rows = {row.at: row for row in assumptions.register(RES) if row.name == "economy.inflation"}
    assert (rows["1990"].status, rows["1990"].source, rows["1990"].value) == ("sourced", "inpc", 0.2993)
    assert (rows["1997"].status, rows["1997"].source, rows["1997"].value) == ("published", "annex_v", 0.38)


def test_csv_keeps_every_figure(tmp_path: Path) -> None:
    path = audit.write_csv(RES, tmp_path / "register.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    written = {(row["name"], row["at"]): row["value"] for row in rows}
    for row in assumptions.register(RES):
        text = written[row.name, row.at]
        assert (
            (float(text) == row.value)
            if isinstance(row.value, float)
            else (text.lower() == str(row.value).lower())
        )


@pytest.mark.slow
def test_xlsx(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    book = openpyxl.load_workbook(audit.write_xlsx(RES, tmp_path / "register.xlsx"))
    assert book.sheetnames == ["Read me", "Assumptions", "Values", "Sources"]
    assert book["Values"].max_row == len(assumptions.register(RES)) + 1
    assert book["Sources"].max_row == len(RES.sources) + 1


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    for writer in (audit.write_csv, audit.write_xlsx):
        with pytest.raises(assumptions.AssumptionError, match="cannot be written"):
            writer(RES, tmp_path / "nowhere" / "register")


def test_show() -> None:
    text = assumptions.show(assumptions.load("3A").resolve("published"), "replica.minimum_wage_base")
    for part in (
        "0.8965",
        "derived, growth_ratio",
        "annex_v: Annex V",
        "data/scenarios/3A.toml",
        "used     yes",
    ):
        assert part in text
    assert "used     no: used only when basis.mpg = replica" in assumptions.show(RES, "replica.mpg")
    with pytest.raises(assumptions.AssumptionError, match="unknown name"):
        assumptions.show(RES, "replica.mgp")
