"""No text that we write into a table is taken for a formula, whoever gave it."""

from __future__ import annotations

import ast
import csv
import io
from pathlib import Path

import pandas as pd
import pytest

import assumptions
from assumptions import audit
from assumptions.spreadsheet import Writer, defused, defused_frame

ROOT = Path(__file__).resolve().parents[2]
BAD = ("=HYPERLINK(1)", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1")


@pytest.mark.parametrize("text", BAD)
def test_text_like_a_formula_gets_an_apostrophe(text: str) -> None:
    safe = "'" + text.replace("\r", "\n")
    assert defused(text) == safe
    frame = defused_frame(pd.DataFrame({"a": [text, "fine", "a=b"], "b": [-1.0, 2.0, 3.0], text: [1, 2, 3]}))
    assert frame["a"].tolist() == [safe, "fine", "a=b"]
    assert list(frame.columns) == ["a", "b", safe]
    assert frame["b"].tolist() == [-1.0, 2.0, 3.0]
    stream = io.StringIO()
    Writer(stream).writerow([text, -1.5])
    assert next(csv.reader(io.StringIO(stream.getvalue(), newline=""))) == [safe, "-1.5"]


@pytest.mark.parametrize("value", [-0.5, 3, True, None, "-0.5", "+3", "-1e-05", "plain", "a=b", ""])
def test_numbers_and_other_texts_stay(value: object) -> None:
    assert defused(value) == value


def test_the_register_with_a_users_words(tmp_path: Path) -> None:
    overlay = tmp_path / "@mine.toml"
    overlay.write_text(
        '[overlay]\ntitle = "=1"\nsource = "=HYPERLINK(1)"\n[contributions]\n'
        'density = { value = 0.8, note = "@SUM(1)", locator = "+1-1x" }\n',
        encoding="utf-8",
    )
    resolved = assumptions.load("3B", overlays=[str(overlay)]).resolve("statutory")
    audit.write_csv(resolved, tmp_path / "x.csv")
    for row in csv.reader((tmp_path / "x.csv").open(encoding="utf-8", newline="")):
        for cell in row:
            assert defused(cell) == cell
    openpyxl = pytest.importorskip("openpyxl")
    audit.write_xlsx(resolved, tmp_path / "x.xlsx")
    for sheet in openpyxl.load_workbook(tmp_path / "x.xlsx"):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert defused(cell.value) == cell.value


@pytest.mark.slow
def test_every_writer_of_tables_uses_the_helper() -> None:
    """csv.writer stands in the helper alone, and each call of to_csv is on a defused frame."""
    for path in sorted(
        p for name in ("assumptions", "cohorts", "engine") for p in (ROOT / name).rglob("*.py")
    ):
        if path.name == "spreadsheet.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in ("writer", "DictWriter") and isinstance(node.func.value, ast.Name):
                assert node.func.value.id != "csv", path
            if node.func.attr == "to_csv":
                assert "defused_frame" in ast.unparse(node.func.value), path
