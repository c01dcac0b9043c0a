"""Exit statuses of every command, and what a closed pipe or a full disk does to them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

import engine.cli
from engine.cli import common

COMMAND = [sys.executable, "-c", "import engine.cli; engine.cli.main()"]
ROOT = Path(__file__).resolve().parents[2]
SHORT = ("--set", "reform.last_year=1999", "--set", "population.wage_groups=3")
SWEEP = """
scenarios = ["3B"]
[design]
kind = "one_at_a_time"
[[parameter]]
name = "contributions.density"
values = [0.7, 0.9]
"""


def commands() -> dict[str, Any]:
    """Every command by its words, groups without."""
    found: dict[str, Any] = {}

    def walk(command: Any, words: tuple[str, ...], parent: Any) -> None:
        if not hasattr(command, "list_commands"):
            found[" ".join(words)] = command
            return
        context = command.context_class(command, info_name=words[-1] if words else "annexv", parent=parent)
        for name in command.list_commands(context):
            walk(command.get_command(context, name), (*words, name), context)

    walk(typer.main.get_command(engine.cli.build()), (), None)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run, a sweep and what else commands read."""
    folder = tmp_path_factory.mktemp("statuses")
    (folder / "s.toml").write_text(SWEEP, encoding="utf-8")
    for words in (
        ("run", "-s", "3B", "--basis", "statutory", "--out", "run.nc", *SHORT),
        ("sweep", "s.toml", "--out", "sweep.nc", *SHORT),
    ):
        done = subprocess.run([*COMMAND, *words], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return folder


# Words that make each command print; calibrate and validate run for minutes, explore until it is stopped, and all share
# their way out with the others.
WORDS: dict[str, tuple[str, ...]] = {
    "run": ("-s", "3B", "--basis", "statutory", "--out", "piped.nc", "--force", *SHORT),
    "sweep": ("s.toml", "--out", "piped-sweep.nc", "--force", *SHORT),
    "sweep-summary": ("sweep.nc",),
    "export": ("run.nc", "--out", "piped.csv", "--force"),
    "rerun": ("run.nc",),
    "compare": ("run.nc", "run.nc"),
    "explain": ("run.nc", "--component", "acquired_rights", "--year", "1999"),
    "report": ("run.nc", "--out", "piped.html", "--force"),
    "plot": ("run.nc", "--out", "piped.png", "--force"),
    "balance": ("--scenario", "0B", "--to", "1999", "--set", "population.wage_groups=3"),
    "what-if": ("retirement_age=67 from 1998", "--to", "1999"),
    "hindcast": ("--to", "2008"),
    "import imss-asg": (str(ROOT / "tests" / "imports" / "asg_made_up.csv"),),
    "assumptions list": (),
    "assumptions show": ("contributions.density",),
    "assumptions check": (),
    "assumptions diff": ("1B", "3B"),
    "assumptions overlays": (),
    "assumptions register": ("--out", "piped-register.csv"),
    "assumptions liveness": ("guarantee.early_multiple",),
    "worker": ("--wage", "2.6mw", "--from-age", "20", "--spouse", "entitled"),
}
LONG = {
    "validate",
    "calibrate",
    "explore",
    "worker reproduce parker-wong",
    "worker reproduce infonavit-history",
}


def test_the_walk_is_complete() -> None:
    known = {name for name in commands() if name not in LONG}
    assert known - set(WORDS) == set(), "a new command needs its words here"


def test_every_help_names_the_statuses() -> None:
    for name, command in commands().items():
        assert "Exit status" in (command.epilog or ""), name
    top = typer.main.get_command(engine.cli.build())
    for status, meaning in common.STATUSES.items():
        assert f"{status} {meaning}" in str(top.epilog)
    page = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
    for status, meaning in common.STATUSES.items():
        assert re.search(rf"^\| {status} \| {re.escape(meaning)} \|$", page, re.MULTILINE)


def piped(folder: Path, name: str, words: tuple[str, ...]) -> tuple[int, str]:
    """A command whose output nobody reads: the reading end of its pipe is closed before it starts."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        run = subprocess.run(
            [*COMMAND, *name.split(), *words], cwd=folder, stdout=writing, stderr=subprocess.PIPE, text=True
        )
    finally:
        os.close(writing)
    return run.returncode, run.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are closed otherwise there")
@pytest.mark.slow
@pytest.mark.parametrize("name", WORDS)
def test_a_closed_pipe_ends_quietly(folder: Path, name: str) -> None:
    status, err = piped(folder, name, WORDS[name])
    assert status == common.CLOSED_PIPE == 141, err
    for word in ("Traceback", "defect", "Errno", "Exception ignored"):
        assert word not in err
    # What was to be written was written before anything was said of it.
    if name in ("run", "sweep", "export", "report"):
        assert (folder / WORDS[name][WORDS[name].index("--out") + 1]).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are closed otherwise there")
@pytest.mark.parametrize("words", [("--help",), ("--version",), ("run", "--help")])
def test_a_closed_pipe_of_help_and_others(folder: Path, words: tuple[str, ...]) -> None:
    status, err = piped(folder, words[0], words[1:])
    assert status == common.CLOSED_PIPE
    assert "Traceback" not in err
    assert "Exception ignored" not in err


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_to_a_full_disk_is_told(folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [*COMMAND, "assumptions", "list"], cwd=folder, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert run.returncode == 2
    assert "No space left" in run.stderr
    assert "Exception ignored" not in run.stderr


@pytest.mark.parametrize("name", [name for name in commands() if name])
def test_an_unknown_option_is_wrong_input(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        engine.cli.main([*name.split(), "--no-such-option"])
    assert caught.value.code == 2
    assert "Traceback" not in capfd.readouterr().err


def test_a_defect_has_a_status_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("assumptions.load", broken)
    with pytest.raises(SystemExit) as caught:
        engine.cli.main(["assumptions", "show", "contributions.density"])
    assert caught.value.code == 3
    assert "defect of the program: ZeroDivisionError" in capfd.readouterr().err


def _raises(error: BaseException) -> Callable[..., None]:
    def broken(*_: object, **__: object) -> None:
        raise error

    return broken


@pytest.mark.parametrize(
    ("error", "status"),
    [(KeyboardInterrupt(), 130), (BrokenPipeError(), 141), (OSError(28, "No space left on device"), 2)],
)
def test_other_ways_out(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], error: BaseException, status: int
) -> None:
    monkeypatch.setattr("assumptions.load", _raises(error))
    with pytest.raises(SystemExit) as caught:
        engine.cli.main(["assumptions", "show", "contributions.density"])
    assert caught.value.code == status
    assert "Traceback" not in capfd.readouterr().err
