"""The commands `annexv hindcast` and `annexv import imss-asg`, as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine import cli
from engine.hindcast import lines, study

MADE_UP = Path(__file__).resolve().parents[1] / "imports" / "asg_made_up.csv"


def _run(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(list(words))
    return int(left.value.code or 0)


def test_a_year_that_was_not_observed_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("hindcast", "--to", "2030") == 2
    assert "--to 2030: is not allowed; 2008 to 2025 are" in capsys.readouterr().err
    assert _run("hindcast", "--to", "2030", "--lang", "es") == 2
    assert "--to 2030: no se permite; se permiten 2008 a 2025" in capsys.readouterr().err


def test_a_target_that_exists_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "kept.nc"
    target.write_text("mine", encoding="utf-8")
    assert _run("hindcast", "--out", str(target)) == 2
    assert "exists already" in capsys.readouterr().err
    assert target.read_text(encoding="utf-8") == "mine"


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
def test_screen_and_files(tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str) -> None:
    out = tmp_path / "hindcast.nc"
    assert _run("hindcast", "--to", "2008", "--out", str(out), "--lang", language) == 0
    said = capsys.readouterr().out
    text = study.read(out)
    assert text.year.values[-1] == 2008
    # J008 of 2008, million pesos.
    assert "76,718" in said
    assert str(out) in said


@pytest.mark.slow
def test_json_holds_lines_steps_and_observations(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("hindcast", "--to", "2008", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found["modelled"]) == list(lines.LINES)
    assert found["observed"][lines.LINES[0]][-1] == 76718.303
    assert found["observed"]["state_disability_life"] == [None] * 12


def test_import_writes_both_tables_whole_or_not_at_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, shares = tmp_path / "t.csv", tmp_path / "s.csv"
    assert _run("import", "imss-asg", str(MADE_UP), "--out", str(table), "--age-shares", str(shares)) == 0
    said = capsys.readouterr().out
    assert "6 rows, 160 insured, of them 144 with a wage" in said
    assert "to be checked" in said
    assert table.read_text(encoding="utf-8").count("\n") == 8
    assert _run("import", "imss-asg", str(MADE_UP), "--out", str(table)) == 2
    assert "exists already" in capsys.readouterr().err
    same = ("--out", str(tmp_path / "x.csv"), "--age-shares", str(tmp_path / "x.csv"))
    assert _run("import", "imss-asg", str(MADE_UP), *same) == 2
    assert not (tmp_path / "x.csv").exists()


def test_import_says_faults_in_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("sexo,rango_edad,rango_salarial,ta,ta_sal,masa_sal_ta\n3,E2,W1,1,1,2\n", encoding="utf-8")
    assert _run("import", "imss-asg", str(bad)) == 2
    assert "'3' is not a code of it; allowed are 1 to 2" in capsys.readouterr().err
    assert _run("import", "imss-asg", str(bad), "--lang", "es") == 2
    assert "'3' no es una de sus claves; se permiten 1 a 2" in capsys.readouterr().err


def test_a_year_without_a_minimum_wage_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("import", "imss-asg", str(MADE_UP), "--year", "1950") == 2
    assert "--year 1950: is not allowed; 1994 to 2026 are" in capsys.readouterr().err
