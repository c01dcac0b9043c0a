"""Bounds of what is read: devices, folders, pipes, sizes, depth, digits and names; every door that opens a file."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import assumptions
from assumptions import AssumptionError, Fault
from assumptions.files import parse_date, parse_integer, parse_number, parse_toml, parse_year, raw, read_bytes
from cohorts import members
from engine.calibrate import plan
from engine.sweeps import reading
from engine.worker import careers

PACK = assumptions.load("1B").resolve("statutory")


def fund(path: Path) -> object:
    return members.totals(assumptions.load("0B", sets={members.MEMBERS: str(path)}).resolve("statutory"))


def table(path: Path) -> object:
    raw_design = {"kind": "table", "file": str(path)}
    parameter = {"name": "economy.gdp_growth"}
    return reading.check({"scenarios": ["3B"], "design": raw_design, "parameter": [parameter]})


DOORS: dict[str, Callable[[Path], object]] = {
    "overlay": lambda path: assumptions.load("3B", overlays=[path]),
    "check": lambda path: _raised(assumptions.check(path)),
    "csv": lambda path: assumptions.load("3B", sets={"economy.gdp_growth": {"csv": str(path)}}).resolve(
        "statutory"
    ),
    "career": lambda path: careers.read(path, PACK),
    "members": fund,
    "digest": lambda path: members.digest(PACK.with_values({members.MEMBERS: str(path)}), members.MEMBERS),
    "sweep": reading.read,
    "cases": table,
    "plan": plan.read,
}


def _raised(faults: list[Fault]) -> None:
    if faults:
        raise AssumptionError(faults)


@pytest.fixture(params=sorted(DOORS))
def door(request: pytest.FixtureRequest) -> Callable[[Path], object]:
    return DOORS[request.param]


def refused(door: Callable[[Path], object], path: Path) -> str:
    with pytest.raises(AssumptionError) as error:
        door(path)
    assert all("\n" not in str(fault) for fault in error.value.faults)
    return str(error.value)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no devices by name here")
def test_devices(door: Callable[[Path], object]) -> None:
    assert "is a device; a file is expected" in refused(door, Path("/dev/zero"))


def test_files_that_are_too_large(
    door: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(raw.LARGEST_TABLE + 1)  # a file with a hole takes no space
    assert "MiB, the most that is read" in refused(door, path)


def test_folders_missing_files_and_names_with_nul(door: Callable[[Path], object], tmp_path: Path) -> None:
    if door is not DOORS["check"]:  # a folder is checked as data
        assert "is a folder; a file is expected" in refused(door, tmp_path)
    for path in (tmp_path / "none", tmp_path / "a\0b", tmp_path / "c\nd"):
        assert "no such" in refused(door, path) or "control character" in refused(door, path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_pipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    monkeypatch.setattr(raw, "PATIENCE", 0.2)
    faults: list[Fault] = []
    assert read_bytes(path, faults) is None
    assert "nothing came for 0.2 seconds" in str(faults[0])

    def write() -> None:
        with path.open("wb") as pipe:
            pipe.write(b"age,wage\n20,30000\n")

    monkeypatch.setattr(raw, "PATIENCE", 30.0)
    writer = threading.Thread(target=write)
    writer.start()
    (career,) = careers.read(path, PACK)
    writer.join()
    assert career.wage.tolist() == [30000.0]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_that_never_ends(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)

    def write() -> None:
        with contextlib.suppress(BrokenPipeError), path.open("wb", buffering=0) as pipe:
            while True:
                pipe.write(bytes(2**16))

    writer = threading.Thread(target=write)
    writer.start()
    faults: list[Fault] = []
    assert read_bytes(path, faults, largest=2**20) is None
    writer.join()
    assert "is larger than 1 MiB" in str(faults[0])


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="there are no file descriptors by name here")
def test_an_unnamed_pipe_serves_all_scenarios() -> None:
    reading, writing = os.pipe()
    os.write(writing, b'[overlay]\ntitle = "t"\n[contributions]\ndensity = 0.8\n')
    os.close(writing)
    try:
        for code in assumptions.scenario_codes():
            pack = assumptions.load(code, overlays=[f"/dev/fd/{reading}"])
            assert pack.resolve("statutory").number("contributions.density") == 0.8
    finally:
        os.close(reading)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = " + "[" * 5000 + "]" * 5000, "nested too deeply"),
        ("a = " + "[" * 30 + "]" * 30, "nested too deeply"),
        ("a = " + "{a = " * 30 + "1" + "}" * 30, "nested too deeply"),
        (".".join(["a"] * 100_000) + " = 1", "nested too deeply"),
        ("[" + ".".join(["a"] * 100_000) + "]", "nested too deeply"),
        ("a = " + "1" * 400, "too many digits"),
        ("a = " + "1" * 5000, "too many digits"),
        ("a = [0x" + "f" * 5000 + "]", "too many digits"),
        ("a = “0.03”", "typographic quotes; write straight ones"),
        ('a = "C:\\data\\x.csv"', "a backslash in double quotes; write a Windows path in single quotes"),
        ('a = "C:\\users\\x.csv"', "a backslash in double quotes"),
        ("a = 0,035", "a decimal comma or thousands separator"),
        ("a = 3.5%", "a percent sign; write 0.035 for 3.5%"),
        ("a = 1\na = 2", "a key or table is given twice"),
    ],
    ids=lambda item: item[:20],
)
def test_toml(text: str, said: str) -> None:
    faults: list[Fault] = []
    assert parse_toml(text, "x.toml", faults) is None
    assert all(said in fault.message and "\n" not in str(fault) for fault in faults)
    assert faults


def test_shipped_numbers_with_many_points_are_no_deep_keys() -> None:
    faults: list[Fault] = []
    many = ", ".join(["0.25"] * 100)
    assert parse_toml(f'a = [{many}]\nb = "' + "x." * 50 + '"\n', "x.toml", faults) is not None, faults


def test_a_windows_path_whose_escapes_are_letters(tmp_path: Path) -> None:
    """In double quotes C:\\new\\table.csv holds a line break and a tab; TOML has nothing to say about it."""
    path = tmp_path / "o.toml"
    path.write_text(
        '[overlay]\ntitle = "t"\n[population]\nmembers_file = "C:\\new\\table.csv"\n', encoding="utf-8"
    )

    def use() -> None:
        members.totals(assumptions.load("0B", overlays=[path]).resolve("statutory"))

    with pytest.raises(AssumptionError, match="a Windows path in double quotes"):
        use()


def test_cells() -> None:
    assert [parse_year(cell) for cell in ("1997", "1997.0", "95", "1" * 20, "1" * 5000, "-1997", "0", "1899")] == [
        1997, 1997, None, None, None, None, None, None,
    ]  # fmt: skip
    assert [parse_integer(cell) for cell in ("1960", "1960.0", "1960.5", "1" * 5000, "-3")] == [
        1960, 1960, None, None, -3,
    ]  # fmt: skip
    assert [parse_number(cell) for cell in ("1e400", "1" * 5000, "0x10", "1_000", "٣", "nan", ".5")] == [
        None, None, None, None, None, None, 0.5,
    ]  # fmt: skip
    assert [parse_date(cell) for cell in ("1997-07-01", "0001-01-01", "July", 5, None)] == [
        "1997-07-01", None, None, None, None,
    ]  # fmt: skip
