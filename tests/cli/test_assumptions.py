"""`annexv assumptions`."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

import assumptions
from assumptions import liveness


def test_list_has_every_name(annexv) -> None:
    done = annexv("assumptions", "list")
    assert done.status == 0
    names = {line.split()[0] for line in done.out.splitlines() if line and "." in line.split()[0]}
    assert names >= set(assumptions.load("1B").resolve("statutory").names())


def test_list_of_a_prefix_as_json(annexv) -> None:
    rows = json.loads(annexv("assumptions", "list", "funds.", "--scenario", "4B", "--json").out)
    found = {row["name"]: row for row in rows}
    names = ("rcv_return", "infonavit_return", "retirement_subaccount_return", "annuity_return")
    assert set(found) == {f"funds.{name}" for name in names}
    assert found["funds.rcv_return"]["value"] == 0.02  # the specification, section 1, scenario 4


def test_show(annexv) -> None:
    shipped = assumptions.load("3B").resolve("statutory").number("contributions.density")
    done = annexv("assumptions", "show", "contributions.density")
    assert done.status == 0
    for part in (f"contributions.density = {shipped:g}", "unit", "status", "source", "used"):
        assert part in done.out
    rows = json.loads(annexv("assumptions", "show", "contributions.density", "--json").out)
    assert [row["value"] for row in rows] == [shipped]


def test_show_with_a_value_set(annexv) -> None:
    done = annexv("assumptions", "show", "contributions.density", "--set", "contributions.density=0.7")
    assert "0.7" in done.out
    assert "user" in done.out


@pytest.mark.slow
def test_check_of_the_shipped_data_and_of_a_good_file(annexv, tmp_path: Path) -> None:
    assert annexv("assumptions", "check").status == 0
    good = tmp_path / "good.toml"
    good.write_text('[overlay]\ntitle = "good"\n\n[economy]\ngdp_growth = 0.03\n', encoding="utf-8")
    done = annexv("assumptions", "check", good)
    assert (done.status, done.err) == (0, "")
    assert "no faults" in done.out


def test_check_reports_all_faults_at_once(annexv, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(
        '[overlay]\ntitle = "bad"\n\n[economy]\ngdp_growht = 0.03\ngdp_1997 = -5.0\n', encoding="utf-8"
    )
    done = annexv("assumptions", "check", bad)
    assert done.status == 2
    assert "economy.gdp_growht" in done.err
    assert "economy.gdp_1997" in done.err
    assert done.out == ""
    as_json = annexv("assumptions", "check", bad, "--json")
    assert as_json.status == 2
    paths = sorted(fault["path"] for fault in json.loads(as_json.out))
    assert len(paths) == 2
    assert paths[0].startswith("economy.gdp_1997")
    assert paths[1].startswith("economy.gdp_growht")


@pytest.mark.parametrize(
    ("a", "b", "names"),
    [
        ("1B", "1B", []),
        ("3B/statutory", "3B+gdp_annex_viii", ["economy.gdp_growth"]),
    ],
)
def test_diff(annexv, a: str, b: str, names: list[str]) -> None:
    done = annexv("assumptions", "diff", a, b, "--json")
    assert done.status == 0
    assert [row["name"] for row in json.loads(done.out)] == names
    text = annexv("assumptions", "diff", a, b).out
    assert all(name in text for name in names)


def test_diff_of_bases(annexv) -> None:
    names = {
        row["name"] for row in json.loads(annexv("assumptions", "diff", "3B", "3B/published", "--json").out)
    }
    assert {"basis.old_law_benefit", "basis.mpg", "population.contributors"} <= names
    assert not any(
        name.startswith(("economy.", "funds.")) for name in names
    )  # the specification, section 3: the same economics


@pytest.mark.slow
def test_register(annexv, tmp_path: Path) -> None:
    assert annexv("assumptions", "register", "--out", "all.csv").status == 0
    with (tmp_path / "all.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["name"] for row in rows} == set(assumptions.load("1B").resolve("statutory").names())
    assert all(row["status"] and row["source"] for row in rows)
    assert annexv("assumptions", "register", "--out", "all.csv").status == 2
    assert annexv("assumptions", "register", "--out", "all.csv", "--force").status == 0
    pytest.importorskip("xlsxwriter")
    assert annexv("assumptions", "register", "--out", "all.xlsx").status == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.csv", "all.xlsx"]


FUND = Path(__file__).parents[2] / "examples" / "closed_fund"
SWEEPS = Path(__file__).parents[2] / "examples" / "sweeps"


@pytest.mark.slow
def test_check_is_the_judge_of_the_command_that_uses_the_file(annexv, tmp_path: Path) -> None:
    """What `run`, `balance`, `worker` and `sweep` refuse `check --for` refuses with the same words, and nothing else."""
    late = tmp_path / "late.toml"
    late.write_text('[overlay]\ntitle = "x"\n[economy]\ngdp_growth = { 2000 = 0.03 }\n', encoding="utf-8")
    good = tmp_path / "good.toml"
    good.write_text('[overlay]\ntitle = "x"\n[economy]\ngdp_growth = 0.035\n', encoding="utf-8")
    fund = tmp_path / "fund"
    shutil.copytree(FUND, fund)
    with (fund / "members.csv").open("a", encoding="utf-8") as file:
        file.write("m,x,2,3\n")
    worker = ("worker", "--wage", "2mw", "--from-age", "20")
    for path, use, command in (
        (late, "run", ("run", "--out", "a.nc", "--force")),
        (good, "run", ("run", "--out", "b.nc", "--force")),
        (FUND / "fund.toml", "run", ("run", "--out", "c.nc", "--force")),
        (FUND / "fund.toml", "balance", ("balance",)),
        (fund / "fund.toml", "balance", ("balance",)),
        (late, "balance", ("balance",)),
        (late, "worker", worker),
        (good, "worker", worker),
        (FUND / "fund.toml", "worker", worker),
    ):
        checked = annexv("assumptions", "check", path, "--for", use)
        used = annexv(*command, "--overlay", path)
        assert checked.status == used.status, (path, use, checked.err, used.err)
        assert checked.status in (0, 2)
        if checked.status:
            assert checked.err == used.err
        else:
            assert checked.out == f"{path}: no faults\n"
    assert annexv("assumptions", "check", good).status == 0
    assert annexv("assumptions", "check", FUND / "fund.toml").status == 2
    assert not list(Path.cwd().glob("c*.nc"))


@pytest.mark.slow
def test_check_of_a_sweep(annexv, tmp_path: Path) -> None:
    for example in sorted(SWEEPS.glob("*.toml")):
        assert annexv("assumptions", "check", example, "--for", "sweep").status == 0
    bad = tmp_path / "bad.toml"
    bad.write_text(
        '[design]\nkind = "grid"\n[[parameter]]\nname = "economy.gdp_groth"\nvalues = [1]\n', encoding="utf-8"
    )
    checked = annexv("assumptions", "check", bad, "--for", "sweep")
    assert checked.status == 2
    assert checked.err == annexv("sweep", bad, "--out", "s.nc").err


@pytest.mark.slow
def test_check_is_strict_when_asked(annexv, tmp_path: Path) -> None:
    odd = tmp_path / "odd.toml"
    odd.write_text('[overlay]\ntitle = "x"\n[economy]\nreal_wage_growth = 0.19\n', encoding="utf-8")
    assert annexv("assumptions", "check", odd).status == 0
    found = annexv("assumptions", "check", odd, "--strict")
    assert found.status == 2
    assert "--strict: economy.real_wage_growth" in found.err
    assert annexv("assumptions", "check", "--for", "run").status == 2
    assert annexv("assumptions", "check", odd, "--for", "rum").status == 2


def test_liveness_of_a_value(annexv) -> None:
    found = annexv(
        "assumptions", "liveness", "law_1995.occupational_orphan_share_both", "guarantee.minimum_age"
    )
    assert found.status == 0
    names = ("guarantee.minimum_age", "law_1995.occupational_orphan_share_both")
    assert found.out.splitlines() == [f"{name}: {liveness.said(name)}" for name in names]
    assert annexv("assumptions", "liveness", "guarantee.mgp").status == 2
    assert annexv("assumptions", "liveness", "guarantee.mpg", "--write").status == 2
