"""`annexv calibrate` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine import cli

QUICK = ["--starts", "1", "--max-iterations", "1"]


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of a command."""
    try:
        cli.main(list(words))
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0
    out, err = capsys.readouterr()
    return status, out, err


def test_fit_report_and_proposal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "proposal.toml"
    status, out, err = run(
        capsys, "calibrate", *QUICK, "--free", "family.widows_of_retired", "--out", str(target)
    )
    assert (status, err) == (0, "")
    assert "Fitted columns" in out
    assert "family.widows_of_retired" in out
    assert "Identified: 1.0 of 1 parameters" in out
    assert "[only.published.family.widows_of_retired]" in target.read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["proposal.toml"]


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "calibrate", *QUICK, "--free", "replica.c5_over_c3", "--json")
    content = json.loads(out)
    assert status == 0
    assert content["reached"] is True
    assert [p["name"] for p in content["parameters"]] == ["replica.c5_over_c3"]
    assert content["identification"]["parameters"] == 1


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--free", "law_1973.weeks_retirement"], "is a rule of the law"),
        (["--free", "basis.mpg"], "is a switch"),
        (["--targets", "nowhere.toml"], "no such file"),
        (["--starts", "0"], "--starts 0"),
        (["--penalty", "-1"], "--penalty -1"),
        (["--workers", "0"], "--workers 0"),
        (["--out", "fit.csv"], "must end in .toml"),
        (["--set", "nothing.here=1"], "unknown name"),
    ],
)
def test_refusals_are_one_message_and_write_nothing(
    words: list[str],
    part: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    extra = [] if "--out" in words else ["--out", "fit.toml"]
    status, out, err = run(capsys, "calibrate", *words, *extra)
    assert status == 2
    assert out == ""
    assert part in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_a_missed_target_is_told_by_the_exit_status(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(
        '[[target]]\ntable = "total_fiscal_cost"\nscenario = "3B"\ncolumns = ["acquired_rights"]\nmax = 1e-6\nrms = 1e-6\n',
        encoding="utf-8",
    )
    status, out, _ = run(
        capsys, "calibrate", *QUICK, "--targets", str(plan), "--free", "family.widows_of_retired"
    )
    assert status == 1
    assert "MISSED" in out


def test_existing_proposal_is_kept_without_force(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "fit.toml"
    target.write_text("mine", encoding="utf-8")
    status, _, err = run(capsys, "calibrate", *QUICK, "--out", str(target))
    assert status == 2
    assert "exists already" in err
    assert target.read_text(encoding="utf-8") == "mine"
