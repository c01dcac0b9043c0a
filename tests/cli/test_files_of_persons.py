"""`--accept-low-wages` and `--sex-codes`: what they let in, where they belong, and what is said without them."""

from __future__ import annotations

from pathlib import Path

import pytest

import assumptions

FUND = '[overlay]\ntitle = "t"\n[population]\nopen_group = false\nmembers_file = "members.csv"\n'
HEADER = "sex,birth_year,service_years,yearly_wage"


@pytest.fixture
def fund(tmp_path: Path) -> Path:
    path = tmp_path / "fund.toml"
    path.write_text(FUND, encoding="utf-8")
    return path


def members(fund: Path, *lines: str) -> None:
    (fund.parent / "members.csv").write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")


def test_low_wages(annexv, fund: Path) -> None:
    members(fund, "f,1960,5,100", "h,1961,5,100")
    done = annexv("balance", "--overlay", fund)
    assert done.status == 2
    for said in (
        "2 faults",
        "line 3, column yearly_wage",
        "it looks like an amount a day",
        "--accept-low-wages",
    ):
        assert said in done.err
    assert annexv("balance", "--overlay", fund, "--accept-low-wages").status == 0


def test_sexes(annexv, fund: Path) -> None:
    members(fund, "m,1960,5,20000")
    done = annexv("balance", "--overlay", fund)
    assert done.status == 2
    assert "--sex-codes" in done.err
    figures = [
        annexv("balance", "--overlay", fund, "--sex-codes", codes, "--json").out for codes in ("fm", "hm")
    ]
    assert figures[0] != figures[1], "men and women die at other rates"
    members(fund, "mujer,1960,5,20000")
    assert annexv("balance", "--overlay", fund, "--json").out == figures[1]
    assert annexv("balance", "--overlay", fund, "--sex-codes", "mf").status == 2


def test_they_are_refused_where_no_file_is_read(annexv) -> None:
    done = annexv("run", "--scenario", "3B", "--accept-low-wages")
    assert done.status == 2
    assert "population.accept_low_wages" in done.err
    assert "no effect" in done.err


def test_one_worker(annexv, tmp_path: Path) -> None:
    assert annexv("worker", "--wage", "3", "--from-age", "20").status == 2
    assert annexv("worker", "--wage", "3", "--from-age", "20", "--accept-low-wages").status == 0
    assert annexv("worker", "--wage", "3mw", "--from-age", "20", "--sex", "mujer").status == 0
    (tmp_path / "c.csv").write_text("age,wage,sex\n20,20000,M\n", encoding="utf-8")
    assert annexv("worker", "--career", "c.csv").status == 2
    done = annexv("worker", "--career", "c.csv", "--sex-codes", "hm")
    assert done.status == 0
    assert "woman" in done.out
    assert "c.csv: 1 lines, 1 workers, ages 20 to 20, mean wage 20,000.00 pesos a year" in done.err


@pytest.mark.parametrize("command", ["run", "balance"])
def test_what_a_file_replaces_is_refused_also_where_it_changes_nothing(
    annexv, fund: Path, command: str
) -> None:
    """Set to what it is already, after the same people were prepared without it."""
    members(fund, "f,1960,5,20000")
    words = [command, "--overlay", fund, "--scenario", "0B", "--json"]
    words += ["--basis", "statutory", "--out", fund.parent / "run.nc", "--force"] if command == "run" else []
    now = assumptions.load("0B", overlays=[str(fund)]).resolve("statutory").number("population.active_1996")
    assert annexv(*words).status == 0
    done = annexv(*words, "--set", f"population.active_1996={now!r}")
    assert done.status == 2
    assert "population.active_1996: has no effect: population.members_file takes its place" in done.err
