"""Notices on screen, in the file, in JSON and in the report; and `--strict`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.outputs import balance, netcdf, report

ODD = ("--set", "economy.real_wage_growth=0.19")
TOLD = "economy.real_wage_growth (--set) is outside its documented range 0 to 0.04: 0.19 at 1997"
IDLE = ("--set", "law_1995.occupational_orphan_share_both=0.4")
MULTIPLE = ("--set", "guarantee.early_multiple=5")
WORKER = ("worker", "--wage", "2mw", "--from-age", "20")


def test_a_run_tells_and_keeps_its_notices(annexv) -> None:
    done = annexv("run", "-s", "3B", "--basis", "statutory", *ODD, *IDLE, "--out", "a.nc", "--json")
    assert done.status == 0
    found = json.loads(done.out)["notices"]
    assert found[0] == TOLD
    assert found[1].startswith(
        "law_1995.occupational_orphan_share_both (--set) moves nothing before 2031 in 3B (statutory)"
    )
    assert done.err.splitlines() == [f"annexv: note: {notice}" for notice in found]
    run = netcdf.read("a.nc")
    assert run.attrs["notices"].splitlines() == found
    page = report.build(run)
    assert TOLD in page
    assert annexv("rerun", "a.nc").status == 0


@pytest.mark.parametrize(
    "command",
    [
        ("run", "-s", "3B", "--out", "no.nc"),
        ("balance", "-s", "3B", "--out", "no.nc"),
        WORKER,
        ("calibrate", "--out", "no.toml"),
    ],
)
def test_strict_ends_before_anything_is_written(annexv, command: tuple[str, ...]) -> None:
    done = annexv(*command, *ODD, "--strict")
    assert done.status == 2
    assert f"--strict: {TOLD}" in done.err
    assert done.out == ""
    assert not Path("no.nc").exists()
    assert not Path("no.toml").exists()


def test_a_sweep_tells_of_what_lies_beneath_and_of_its_design(annexv, tmp_path: Path) -> None:
    design = tmp_path / "design.toml"
    design.write_text(
        'scenarios = ["3B"]\n[design]\nkind = "grid"\n[[parameter]]\nname = "contributions.density"\nvalues = [0.5, 0.9]\n',
        encoding="utf-8",
    )
    done = annexv("sweep", design, "--out", "s.nc", *ODD, *IDLE)
    assert done.status == 0
    assert f"annexv: note: {TOLD}" in done.err
    assert "law_1995.occupational_orphan_share_both (--set) moves nothing before 2031" in done.err
    assert (
        "contributions.density: replace by 0.5 to 0.9 goes beyond its documented range 0.4 to 0.83"
        in done.err
    )
    strict = annexv("sweep", design, "--out", "t.nc", "--strict")
    assert strict.status == 2
    assert "contributions.density: replace by 0.5" in strict.err
    assert not Path("t.nc").exists()


@pytest.mark.slow
def test_balance_and_worker_measure_their_own_figures(annexv) -> None:
    done = annexv("balance", "-s", "3B", *IDLE, "--json", "--out", "b.nc")
    assert done.status == 0
    (found,) = json.loads(done.out)["notices"]
    assert found.startswith(
        "law_1995.occupational_orphan_share_both (--set) moves nothing in this balance in 3B (statutory)"
    )
    assert balance.read("b.nc").attrs["notices"] == found
    # With a later age of the guarantee those who leave before it need the multiple: then it moves money's worth.
    done = annexv("balance", "-s", "3B", *MULTIPLE, "--set", "guarantee.minimum_age=65", "--json")
    (found,) = json.loads(done.out)["notices"]
    assert found.startswith("guarantee.minimum_age is moved without retirement.hazard")
    done = annexv(*WORKER, "--set", "law_1995.weeks_death=200", "--json")
    (worker,) = json.loads(done.out)
    (found,) = worker["notices"]
    assert found.startswith("law_1995.weeks_death (--set) moves nothing for this worker in 3B (statutory)")


@pytest.mark.slow
def test_nothing_is_told_of_what_is_shipped(annexv) -> None:
    for command in (("run", "--out", "all.nc"), ("balance",), WORKER):
        done = annexv(*command, "--strict")
        assert (done.status, done.err) == (0, "")
