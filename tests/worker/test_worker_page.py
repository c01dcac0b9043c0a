"""docs/workers.md: its commands run, and what it shows is what they print."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from engine.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "workers.md"
BLOCKS = re.findall(r"```console\n\$ (annexv [^\n]*)\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)


def shown(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]


@pytest.mark.parametrize(
    ("command", "output"),
    [pytest.param(*block, marks=pytest.mark.slow if "parker-wong" in block[0] else ()) for block in BLOCKS],
    ids=[command for command, _ in BLOCKS],
)
def test_the_page_shows_what_is_printed(
    command: str,
    output: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(ROOT / "docs" / "careers", tmp_path / "docs" / "careers")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "150")
    monkeypatch.setenv("NO_COLOR", "1")
    with pytest.raises(SystemExit) as left:
        main(shlex.split(command)[1:])
    assert not left.value.code
    assert shown(capfd.readouterr().out) == shown(output), (
        "the page is out of date: explain the change, then run python docs/figures/workers.py"
    )


def test_other_commands_of_the_page_exist(capfd: pytest.CaptureFixture[str]) -> None:
    text = re.sub(r"```console.*?```", "", PAGE.read_text(encoding="utf-8"), flags=re.S)
    for command in set(re.findall(r"`annexv (worker reproduce [a-z-]+)`", text)):
        with pytest.raises(SystemExit) as left:
            main([*command.split(), "--help"])
        assert not left.value.code


def test_the_python_example_of_the_page(capfd: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)
    exec(compile(code, str(PAGE), "exec"), {})
    assert float(capfd.readouterr().out) > 0.0


def test_figures_of_the_page_exist() -> None:
    for name in re.findall(r"\]\((figures/[^)]+)\)", PAGE.read_text(encoding="utf-8")):
        assert (PAGE.parent / name).is_file()
