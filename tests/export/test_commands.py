"""`annexv export`, `rerun`, `compare`, `explain` and `report`: what they print, write and refuse."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from math import isclose
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from engine import cli
from engine.outputs import netcdf

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def annexv(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; gives its exit status, stdout and stderr."""

    def run(*words: object) -> tuple[int, str, str]:
        status = 0
        try:
            cli.main([str(word) for word in words])
        except SystemExit as stop:
            status = int(stop.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return run


COMMANDS: dict[str, tuple[str, ...]] = {
    "export": ("--out", "x.csv"),
    "rerun": (),
    "explain": ("--component", "acquired_rights", "--year", "2015"),
    "report": ("--out", "x.html"),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.nc", None, "no such file"),
        ("text.nc", b"not a result", "is not a netCDF-4 file"),
        ("short.nc", "half", "damaged or cut short"),
        ("older.nc", "older", "format version 0"),
        ("foreign.nc", "foreign", "was not written by annexv"),
    ],
)
def test_bad_run_files_are_refused_with_one_message_and_nothing_is_written(
    annexv: Run, run_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    command: str, name: str, content: bytes | str | None, said: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content == "half":
        path.write_bytes(run_file.read_bytes()[:20000])
    elif content is not None:
        other = netcdf.read(run_file)
        changed = {"annexv_format_version": 0} if content == "older" else {"annexv_format": "other"}
        xr.Dataset({"x": ("year", np.arange(3.0))}, attrs={**other.attrs, **changed}).to_netcdf(path)
    before = sorted(item.name for item in tmp_path.iterdir())
    status, out, err = annexv(command, path.name, *COMMANDS[command])
    assert status == 2
    assert out == ""
    assert said in err
    assert "Traceback" not in err
    assert sorted(item.name for item in tmp_path.iterdir()) == before


@pytest.mark.slow
def test_a_workbook_is_written_in_spanish_and_the_option_is_refused_elsewhere(
    annexv: Run, run_file: Path, tmp_path: Path
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    assert annexv("export", run_file, "--out", tmp_path / "x.xlsx", "--lang", "es")[0] == 0
    assert openpyxl.load_workbook(tmp_path / "x.xlsx").sheetnames[0] == "Resumen"
    for words, said in (
        (("--out", tmp_path / "x.csv", "--lang", "es"), "--lang es: has no effect on csv"),
        (("--out", tmp_path / "y.xlsx", "--lang", "fr"), "allowed are en, es"),
    ):
        status, _, err = annexv("export", run_file, *words)
        assert status == 2
        assert said in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.xlsx"]


def test_export_keeps_an_existing_file_unless_forced(annexv: Run, run_file: Path, tmp_path: Path) -> None:
    target = tmp_path / "name with space é.csv"
    status, out, _ = annexv("export", run_file, "--out", target)
    assert status == 0
    assert out.strip() == f"Written: {target}"
    target.write_text("mine")
    status, _, err = annexv("export", run_file, "--out", target)
    assert (status, target.read_text()) == (2, "mine")
    assert "--force" in err
    assert annexv("export", run_file, "--out", target, "--force")[0] == 0
    assert target.read_bytes().startswith(b"basis,scenario,")
    assert b"\r" not in target.read_bytes()


@pytest.mark.slow
def test_rerun_says_bit_for_bit_or_what_changed(annexv: Run, run_file: Path, tmp_path: Path) -> None:
    status, out, _ = annexv("rerun", run_file, "--out", tmp_path / "again.nc")
    assert status == 0
    assert "reproduced bit for bit" in out
    # Equal but for the time of writing.
    assert netcdf.content_sha256(netcdf.read(tmp_path / "again.nc")) == netcdf.content_sha256(
        netcdf.read(run_file)
    )
    touched = netcdf.read(run_file).copy(deep=True)
    touched.gdp[0, 0, 3] = np.nextafter(float(touched.gdp[0, 0, 3]), 0.0)
    netcdf.write(touched.assign_attrs(code_sha256="older"), tmp_path / "touched.nc")
    status, out, _ = annexv("rerun", tmp_path / "touched.nc")
    assert status == 0
    assert "reproduced to rounding: 1 of " in out
    assert "NOT reproduced" not in out
    assert "code_sha256: older ->" in out
    touched.gdp[0, 0, 3] *= 1.0 + 1e-9
    netcdf.write(touched.assign_attrs(code_sha256="older"), tmp_path / "touched.nc", overwrite=True)
    status, out, _ = annexv("rerun", tmp_path / "touched.nc")
    assert status == 1
    assert "NOT reproduced" in out
    assert "gdp" in out
    assert "code_sha256: older ->" in out
    status, out, _ = annexv("rerun", tmp_path / "touched.nc", "--json")
    content = json.loads(out)
    assert status == 1
    assert content["same"] is False
    assert content["verdict"] == "different"
    assert [item["variable"] for item in content["moved"]] == ["gdp"]


@pytest.mark.slow
def test_compare_prints_differences_order_and_steps(annexv: Run, run_file: Path, other_file: Path) -> None:
    status, out, _ = annexv("compare", run_file, other_file, "--scenario", "3B", "--basis", "statutory")
    assert status == 0
    for said in (
        "contributions.density",
        "0.83",
        "state.social_quota",
        "--set",
        "Shapley values, exact",
    ):
        assert said in out
    status, out, _ = annexv("compare", run_file, run_file)
    assert status == 0
    assert "no assumption differs" in out


def test_compare_writes_steps_that_add_up(
    annexv: Run, run_file: Path, other_file: Path, tmp_path: Path
) -> None:
    target = tmp_path / "steps.csv"
    assert annexv("compare", run_file, other_file, "--scenario", "3B", "--out", target)[0] == 0
    with target.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    key = ("basis_a", "component", "year")
    sums: dict[tuple[str, ...], dict[str, float]] = {}
    for row in rows:
        found = sums.setdefault(tuple(row[name] for name in key), {})
        place = row["step"] if row["step"] in "AB" else "steps"
        found[place] = found.get(place, 0.0) + float(row["value"])
    assert len(sums) == 2 * 5 * 34
    for found in sums.values():
        assert isclose(found["A"] + found["steps"], found["B"], rel_tol=1e-12, abs_tol=1e-15)


def test_compare_refuses_unknown_components_and_endings(annexv: Run, run_file: Path, tmp_path: Path) -> None:
    status, _, err = annexv("compare", run_file, run_file, "--component", "aquired_rights")
    assert status == 2
    assert "did you mean acquired_rights" in err
    status, _, err = annexv("compare", run_file, run_file, "--out", tmp_path / "x.pdf")
    assert status == 2
    assert ".csv or .html" in err


def test_explain_prints_the_chain_and_gives_it_as_json(annexv: Run, run_file: Path) -> None:
    words = (
        "explain", run_file, "--scenario", "3B", "--basis", "statutory", "--component", "acquired_rights", "--year", 2015,
        "--cohort", 1950, "--sex", "f", "--wage", 2.0,
    )  # fmt: skip
    status, out, _ = annexv(*words)
    assert status == 0
    first = " ".join(out.partition("Acquired rights, 2015: ")[0].split())
    for said in (
        "Art. 167",
        "The worker's choice",
        "What the State pays in 2015",
        "adds up",
        "contributions.density",
    ):
        assert said in out
    status, out, _ = annexv(*words, "--json")
    content = json.loads(out)
    number = float(
        netcdf.read(run_file).fiscal_cost.sel(
            scenario="3B", basis="statutory", component="acquired_rights", year=2015
        )
    )
    assert content["number"] == number
    # What one would say comes first, then the digits; a file has the same words.
    assert first == content["sentence"]
    assert first.startswith("In 2015 the State pays ")
    _, spanish, _ = annexv(*words, "--lang", "es")
    assert spanish.startswith("En 2015 el Estado paga ")
    assert all(level["relative_difference"] <= 1e-9 for level in content["levels"])
    status, _, err = annexv(*words[:6], "--component", "acquired_rights", "--year", 1900)
    assert status == 2
    assert "there are 1997 to 2030" in err


@pytest.mark.slow
def test_report_goes_beside_the_run_and_may_be_repeated(annexv: Run, run_file: Path, tmp_path: Path) -> None:
    pytest.importorskip("plotly")
    path = tmp_path / "run.nc"
    shutil.copy(run_file, path)
    for _ in range(2):
        status, out, _ = annexv("report", path)
        title = "Fiscal cost of Mexico's 1996 pension reform, 1997-2030"
        said = f"Report of a run: {title}, 4 cases\nWritten: {tmp_path / 'run.html'}"
        assert (status, out.strip()) == (0, said)
    status, _, err = annexv("report", path, "--out", tmp_path / "run.html")
    assert status == 2
    assert "--force" in err
    status, _, err = annexv("report", path, "--out", tmp_path / "x.html", "--lang", "fr")
    assert status == 2
    assert "allowed are en, es" in err
    assert sorted(item.name for item in tmp_path.iterdir()) == ["run.html", "run.nc"]


def test_completion_can_be_installed(annexv: Run) -> None:
    status, out, _ = annexv("--help")
    assert status == 0
    assert "--install-completion" in out


def test_no_color_is_honoured_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys

    from engine.cli import common

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for no_color, coloured in (("1", False), ("", True)):
        stream = Terminal()
        monkeypatch.setattr(sys, "stdout", stream)
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setenv("NO_COLOR", no_color)
        common.console().print("x", style="red")
        assert ("\x1b[31m" in stream.getvalue()) is coloured
