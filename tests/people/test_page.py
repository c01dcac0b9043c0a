"""docs/people.md says what its program computes."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "people.md"


@pytest.mark.slow
def test_the_tables_are_those_of_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("people_page", PAGE.with_suffix(".py"))
    assert spec is not None
    assert spec.loader is not None
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    copy = tmp_path / PAGE.name
    copy.write_bytes(PAGE.read_bytes())
    monkeypatch.setattr(program, "PAGE", copy)
    program.main()
    assert copy.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8"), "python docs/people.py"
