"""Bad input never gives a wrong number or a traceback: one clear message, exit status 2, nothing written."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "bad_inputs"
CASES = tomllib.loads((FOLDER / "commands.toml").read_text(encoding="utf-8"))["case"]
OVERLAYS = sorted((FOLDER / "assumptions").glob("*.toml"))


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(case["args"]))
def test_commands(annexv, tmp_path: Path, case: dict[str, list[str]]) -> None:
    done = annexv(*case["args"])
    assert done.status == 2, done
    assert done.out == ""
    for fragment in case["said"]:
        assert fragment in done.err
    assert "Traceback" not in done.err
    assert files(tmp_path) == []


@pytest.mark.parametrize("path", OVERLAYS, ids=lambda path: path.stem)
def test_broken_overlays(annexv, tmp_path: Path, path: Path) -> None:
    """Each file says in ``# expect:`` comments what the user must read."""
    lines = path.read_bytes().decode("latin-1").splitlines()
    done = annexv("run", "--scenario", "3B", "--overlay", path)
    assert done.status == 2, done
    assert done.out == ""
    for line in lines:
        if line.startswith("# expect: "):
            assert line.removeprefix("# expect: ") in done.err
    assert "Traceback" not in done.err
    assert files(tmp_path) == []


def test_every_fault_of_several_inputs_is_told_at_once(annexv) -> None:
    done = annexv("run", "--set", "no.such=1", "--overlay", "nowhere.toml")
    assert done.status == 2
    assert "no.such" in done.err
    assert "nowhere.toml" in done.err
    assert done.err.count("nowhere.toml") == 1, "told once, though eight scenarios would read it"


def test_results_cannot_become_a_folder(annexv, tmp_path: Path) -> None:
    (tmp_path / "results").write_text("in the way", encoding="utf-8")
    done = annexv("run", "--scenario", "3B")
    assert done.status == 2
    assert "results" in done.err
    assert (tmp_path / "results").read_text(encoding="utf-8") == "in the way"
