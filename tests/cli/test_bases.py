"""`annexv compare --bases`: the steps between the bases, in any year."""

from __future__ import annotations

import json
import re

import pytest

import assumptions
from engine.projection import run_case


def total(code: str, basis: str, year: int) -> float:
    case = run_case(assumptions.load(code, sets={"reform.last_year": year}).resolve(basis))
    return float(100.0 * case.cost.sum(axis=0)[-1] / case.gdp[-1])


@pytest.mark.parametrize(("code", "year"), [("3B", 2020), ("1A", 2040)])
def test_steps_lead_from_one_basis_to_the_other(annexv, code: str, year: int) -> None:
    told = json.loads(annexv("compare", "--bases", "--year", str(year), "-s", code, "--json").out)
    (one,) = told["scenarios"]
    assert len(one["steps"]) == 22
    for basis in ("statutory", "published"):
        assert one[basis]["total"] == pytest.approx(total(code, basis, year), rel=1e-12)
    moved = sum(step["effect"]["total"] for step in one["steps"])
    assert one["statutory"]["total"] + moved == pytest.approx(one["published"]["total"], abs=1e-12)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_screen_fits_and_its_columns_add_up(annexv, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    done = annexv("compare", "--bases", "--year", "2020", "--lang", lang)
    assert max(len(line.rstrip()) for line in done.out.splitlines()) <= 80
    rows = [re.findall(r"(?<=\s)(?:[+-]?\d\.\d{3}|\.)(?=\s|$)", line) for line in done.out.splitlines()]
    rows = [[0.0 if cell == "." else float(cell) for cell in row] for row in rows if len(row) == 5]
    assert len(rows) == 24
    for column in zip(*rows, strict=True):
        assert sum(column[:-1]) == pytest.approx(column[-1], abs=20 * 0.0005)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--bases", "--year", "1990"), "--year 1990: allowed are 1997 and later years"),
        (("--bases", "--basis", "statutory"), "--bases: compares the bases of shipped scenarios"),
        (("--bases", "-s", "9Z"), "9Z"),
        ((), "give two files"),
    ],
)
def test_what_cannot_be_compared_is_refused(annexv, args: tuple[str, ...], said: str) -> None:
    done = annexv("compare", *args)
    assert done.status == 2
    assert said in done.err
