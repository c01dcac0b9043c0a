"""`annexv validate --discrepancies` and `--report`: what goes with them and what does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine import cli


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of a command."""
    with pytest.raises(SystemExit) as end:
        cli.main(list(words))
    out, err = capsys.readouterr()
    return int(end.value.code or 0), out, err


@pytest.mark.parametrize("name", ["register.csv", "register.json", "register.html"])
def test_register_as_a_file(name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, out, err = run(capsys, "validate", "--discrepancies", str(tmp_path / name))
    assert (status, err) == (0, "")
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert "Written:" in out
    if name.endswith("json"):
        assert json.loads(text)[0]["number"] == 1
    elif name.endswith("csv"):
        assert text.startswith("number,key,title,statement,quotations")
    else:
        assert text.startswith("<!DOCTYPE html>")


def test_register_in_spanish(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "registro.json"
    status, _, err = run(capsys, "validate", "--discrepancies", str(target), "--lang", "es")
    assert (status, err) == (0, "")
    assert json.loads(target.read_text(encoding="utf-8"))[0]["title"] == "Sumas de los tres primeros años"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--discrepancies", "r.txt"], "must end in .csv or .json or .html"),
        (["--discrepancies", "r.csv", "--scenario", "3B"], "for the shipped assumptions"),
        (["--lang", "es"], "--discrepancies"),
        (["--report", "nowhere"], "no such folder"),
        (["--report", ".", "--set", "economy.gdp_growth=0.05"], "for the shipped assumptions"),
        (["--report", ".", "--basis", "both"], "for the shipped assumptions"),
    ],
)
def test_refusals_write_nothing(
    words: list[str],
    part: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, "validate", *words)
    assert (status, out) == (2, "")
    assert part in err
    assert list(tmp_path.iterdir()) == []
