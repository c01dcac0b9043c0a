"""docs/counterfactual.md and docs/extending.md show what the code gives."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path

import pytest

from engine.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("counterfactual.md", "extending.md")
OLD = "the page is out of date: explain the change, then run python docs/figures/counterfactual.py"


def blocks() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        found += re.findall(r"```console\n\$ (annexv [^\n]*)\n(.*?)```", text, flags=re.S)
    return found


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]


@pytest.mark.parametrize(("command", "output"), blocks(), ids=lambda text: text.splitlines()[0][:60])
def test_printed_output(
    command: str, output: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "150")
    monkeypatch.setenv("NO_COLOR", "1")
    with pytest.raises(SystemExit) as left:
        main(shlex.split(command)[1:])
    assert not left.value.code
    assert lines(capfd.readouterr().out) == lines(output), OLD


@pytest.mark.slow
def test_variants() -> None:
    path = ROOT / "docs" / "figures" / "counterfactual.py"
    spec = importlib.util.spec_from_file_location("counterfactual_figures", path)
    assert spec is not None
    assert spec.loader is not None
    figures = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(figures)
    text = (ROOT / "docs" / "counterfactual.md").read_text(encoding="utf-8")
    for name, make in figures.GENERATED.items():
        assert figures.section(name, make()) in text, OLD
    for picture in re.findall(r"\((figures/[^)]*)\)", text):
        assert (ROOT / "docs" / picture).is_file()
