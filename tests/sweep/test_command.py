"""`annexv sweep` and `annexv sweep-summary`, and the shipped examples."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

import engine.cli
from engine import sweeps

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "sweeps"
TEXT = """
title = "Two densities"
scenarios = ["1B", "3B"]
[design]
kind = "one_at_a_time"
[[parameter]]
name = "contributions.density"
values = [0.7, 0.9]
"""
SHORT = ["--set", "reform.last_year=2003", "--set", "population.wage_groups=5"]


@pytest.fixture
def annexv(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs a command in this process: exit status, stdout, stderr."""

    def run(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as caught:
            engine.cli.main([str(word) for word in words])
        out, err = capfd.readouterr()
        return int(caught.value.code or 0), out, err

    return run


def test_a_sweep_and_its_summary(
    annexv: Callable[..., tuple[int, str, str]], written: Callable[[str], Path], tmp_path: Path
) -> None:
    path, target = written(TEXT), tmp_path / "sweep.nc"
    status, out, err = annexv("sweep", path, "--out", target, *SHORT)
    assert status == 0, err
    assert "3 cases x 2 scenarios" in out
    assert "failed" not in out
    status, out, _ = annexv("sweep-summary", target, "--scenario", "3B", "--budget", "0.1")
    assert status == 0
    for part in (
        "Two densities: 3 cases",
        "quantiles over cases",
        "one parameter at a time",
        "contributions.density",
    ):
        assert part in out
    assert "Cases above 0.1 (percent of GDP) in any year: 3." in out
    status, out, _ = annexv(
        "sweep-summary", target, "--json", "--component", "acquired_rights", "--year", "2000"
    )
    found = json.loads(out)
    assert status == 0
    assert found["component"] == "acquired_rights"
    assert found["year"] == 2000
    assert found["quantiles"]["years"] == list(range(1997, 2004))
    assert found["tornado"][0]["parameter"] == "contributions.density"


def test_json_report_and_resume(
    annexv: Callable[..., tuple[int, str, str]], written: Callable[[str], Path], tmp_path: Path
) -> None:
    path, target = written(TEXT), tmp_path / "sweep.nc"
    status, out, _ = annexv("sweep", path, "--out", target, "--json", *SHORT)
    first = json.loads(out)
    assert status == 0
    assert (first["cases"], first["cases_failed"], first["already_finished"]) == (3, 0, False)
    status, out, _ = annexv("sweep", path, "--out", target, "--json", "--resume", *SHORT)
    again = json.loads(out)
    assert status == 0
    assert again["already_finished"]
    assert again["sweep_sha256"] == first["sweep_sha256"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--resume", "--force"], "--resume and --force: give one of them"),
        (["--workers", "0"], "workers: 0 is not allowed"),
        (
            ["--set", "economy.gdp_grwth=1"],
            "economy.gdp_grwth: unknown name; did you mean economy.gdp_growth",
        ),
    ],
)
def test_bad_options(
    words: list[str],
    message: str,
    annexv: Callable[..., tuple[int, str, str]],
    written: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    target = tmp_path / "sweep.nc"
    status, out, err = annexv("sweep", written(TEXT), "--out", target, *words)
    assert (status, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sweep.toml"]


def test_bad_targets(
    annexv: Callable[..., tuple[int, str, str]], written: Callable[[str], Path], tmp_path: Path
) -> None:
    path = written(TEXT)
    for target, message in (
        (tmp_path / "sweep.txt", "the name must end in .nc"),
        (tmp_path / "none" / "sweep.nc", "no such folder; create it first"),
    ):
        status, _, err = annexv("sweep", path, "--out", target)
        assert status == 2
        assert message in err
    status, _, err = annexv("sweep-summary", path)
    assert status == 2
    assert "is not a netCDF-4 file; a file written by `annexv sweep` is expected" in err
    assert annexv("sweep-summary", tmp_path / "none.nc")[0] == 2


def test_a_result_of_run_is_no_sweep(annexv: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    target = tmp_path / "run.nc"
    assert annexv("run", "-s", "3B", "--basis", "statutory", "--to", "1998", "--out", target)[0] == 0
    status, _, err = annexv("sweep-summary", target)
    assert status == 2
    assert "is a run file" in err
    assert "a file written by `annexv sweep` is expected" in err


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_the_examples_run(path: Path) -> None:
    """Laid out whole, and their first runs projected on a short horizon, where no parameter begins later."""
    from engine.sweeps.cases import work

    stated = tomllib.loads(path.read_text(encoding="utf-8"))["parameter"]
    horizon = max([2003, *(one.get("from_year", 0) + 1 for one in stated)])
    plan = sweeps.prepare(path, sets={"reform.last_year": horizon, "population.wage_groups": 5})
    last = min(plan.runs, 12)
    block = work(plan.context, 0, last, plan.rows(0, last))
    assert block.messages == []


def test_what_a_design_replaces_is_told(
    annexv: Callable[..., tuple[int, str, str]], written: Callable[[str], Path], tmp_path: Path
) -> None:
    path = written(TEXT.replace("one_at_a_time", "grid"))
    status, _, err = annexv(
        "sweep", path, "--out", tmp_path / "a.nc", *SHORT, "--set", "contributions.density=0.8"
    )
    assert status == 0
    assert "contributions.density is set beneath the sweep, and the design replaces it in every case" in err
    # One at a time, the others stand at what is set.
    _, _, err = annexv(
        "sweep", written(TEXT), "--out", tmp_path / "b.nc", *SHORT, "--set", "contributions.density=0.8"
    )
    assert "replaces" not in err
