"""What no file of bad inputs can hold: enormous values, odd streams and names, interruptions, links."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assumptions.text import shown
from engine.outputs.files import whole

COMMAND = (sys.executable, "-c", "from engine.cli import main; main()")
# A job in the background, or under nohup, hands down that interruptions are ignored; here one must be heard.
INTERRUPTIBLE = (
    sys.executable,
    "-c",
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from engine.cli import main; main()",
)
TIMEOUT = 300
"""Seconds after which a command counts as stuck, however busy the machine."""
NO_UTF8 = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
OVERLAY = '[overlay]\ntitle = "x"\n[economy]\ngdp_growth = '


@pytest.mark.parametrize(
    ("value", "said"), [("9" * 5000, "too many digits"), ("[" * 5000 + "]" * 5000, "nested too deeply")]
)
def test_enormous_values_are_refused(annexv, tmp_path: Path, value: str, said: str) -> None:
    (tmp_path / "own.toml").write_text(OVERLAY + value + "\n", encoding="utf-8")
    for args in (("--set", f"economy.gdp_growth={value}"), ("--overlay", "own.toml")):
        done = annexv("run", "--scenario", "3B", *args)
        assert done.status == 2
        assert said in done.err


@pytest.mark.slow
def test_names_outside_the_locale(tmp_path: Path) -> None:
    """An overlay with an accent in its name, where the locale knows none, still gives a run that can be written."""
    (tmp_path / "año.toml").write_text(OVERLAY + "0.03\n", encoding="utf-8")
    args = (
        "run",
        "-s",
        "3B",
        "--basis",
        "statutory",
        "--to",
        "1998",
        "--overlay",
        "año.toml",
        "--out",
        "x.nc",
    )
    done = subprocess.run(
        [*COMMAND, *args], cwd=tmp_path, env=os.environ | NO_UTF8, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "x.nc").is_file()


@pytest.mark.slow
def test_a_result_whose_name_the_locale_lacks_is_refused(tmp_path: Path) -> None:
    """netCDF takes names in the locale's letters only; that is the name's fault, and no defect."""
    args = ("run", "-s", "3B", "--basis", "statutory", "--to", "1998", "--out", "año.nc")
    done = subprocess.run(
        [*COMMAND, *args], cwd=tmp_path, env=os.environ | NO_UTF8, capture_output=True, check=False
    )
    assert done.returncode == 2, done.stderr
    assert b"the name has letters that the locale lacks (ascii)" in done.stderr
    assert not list(tmp_path.iterdir())


def test_names_that_are_no_text_are_shown_with_escapes() -> None:
    assert shown(Path(os.fsdecode(b"a\xff.toml"))) == "a\\xff.toml"


def test_letters_that_the_stream_lacks(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "run", "--overlay", "ñ.toml"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"no such overlay file" in done.stderr


@pytest.mark.slow
def test_closed_output(tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", '"$@" >&-', "sh", *COMMAND, "assumptions", "list", "economy."],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_interruption_is_told(tmp_path: Path) -> None:
    """A named pipe as overlay keeps the command waiting for as long as the test needs."""
    pipe = tmp_path / "own.toml"
    os.mkfifo(pipe)
    with subprocess.Popen(
        [*INTERRUPTIBLE, "run", "--out", "x.nc", "--overlay", str(pipe)], cwd=tmp_path, stderr=subprocess.PIPE
    ) as running:
        try:
            while True:
                try:
                    end = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)  # fails until the command reads
                    break
                except OSError as error:
                    if error.errno != errno.ENXIO:
                        raise
                    assert running.poll() is None, "the command ended before it could be interrupted"
                    time.sleep(0.05)
            running.send_signal(signal.SIGINT)
            _, said = running.communicate(timeout=TIMEOUT)
            os.close(end)
        finally:
            running.kill()
    assert running.returncode == 130
    assert said == b"annexv: interrupted; no file is left half-written\n"
    assert [path.name for path in tmp_path.iterdir()] == ["own.toml"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link = tmp_path / "link.txt"
    link.symlink_to(tmp_path / "there" / "file.txt")
    with whole(link) as temporary:
        temporary.write_text("new", encoding="utf-8")
    assert link.is_symlink()
    assert (tmp_path / "there" / "file.txt").read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize("columns", ["40", "1", "0", "many"])
def test_no_figure_is_cut_on_a_narrow_terminal(annexv, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    done = annexv("assumptions", "list", "funds.")
    assert done.status == 0
    assert "funds.infonavit" in done.out.replace("\n", "")
    assert "…" not in done.out
