"""What a reform costs: the parts add up, depend on no order, and the files that are kept say the same."""

from __future__ import annotations

import json
import shlex
from itertools import permutations

import numpy as np
import pytest
import xarray as xr

import annexv as front
from assumptions import AssumptionError, levers, load
from engine import what_if
from engine.compare_runs import LINES
from engine.outputs import texts
from engine.outputs.digits import decimals
from engine.projection import run_case
from engine.shares import percent_of_gdp
from engine.what_if import words
from tests.cli.conftest import annexv as annexv

THREE = ("commission=1% from 2008", "social_quota=125% from 2010", "infonavit_pays=yes")
TOTAL = LINES.index("total")


@pytest.fixture(scope="module")
def asked() -> what_if.WhatIf:
    return what_if.what_if(THREE)


def total(texts_: tuple[str, ...]) -> np.ndarray:
    result = run_case(levers.over(load("3B"), texts_).resolve("statutory"))
    return percent_of_gdp(result.cost, result.gdp).sum(axis=0)


def test_parts_add_up_to_the_change(asked: what_if.WhatIf) -> None:
    assert np.allclose(sum(part.effect for part in asked.parts), asked.change, atol=1e-12)
    assert sum(part.worth for part in asked.parts) == pytest.approx(asked.worth, abs=1e-12)
    assert sum(what_if.kinds(asked).values()) == pytest.approx(asked.worth, abs=1e-12)


def test_a_part_is_the_mean_over_every_order(asked: what_if.WhatIf) -> None:
    """Shapley values by their definition."""
    known = {some: total(some) for n in range(4) for some in permutations(THREE, n)}
    for part in asked.parts:
        assert part.statement is not None
        name = part.statement.text
        moved = []
        for order in permutations(THREE):
            before = order[: order.index(name)]
            moved.append(known[(*before, name)] - known[before])
        assert np.allclose(part.effect[TOTAL], np.mean(moved, axis=0), atol=1e-10)


def test_sides_are_those_of_plain_runs(asked: what_if.WhatIf) -> None:
    assert np.allclose(asked.old[TOTAL], total(()), atol=1e-12)
    assert np.allclose(asked.new[TOTAL], total(THREE), atol=1e-12)


def test_whose_rights_sum_to_the_component(asked: what_if.WhatIf) -> None:
    rights = LINES.index("acquired_rights")
    for group, worth in zip(asked.holders, asked.holder_worth, strict=True):
        assert np.allclose((group.new - group.old).sum(axis=0), asked.change[rights], atol=1e-9)
        assert worth.sum() == pytest.approx(asked.worth_new[rights] - asked.worth_old[rights], abs=1e-9)


def test_law_and_behaviour_are_told_apart() -> None:
    found = what_if.what_if("retirement_age=67 from 2010")
    assert set(what_if.kinds(found)) == {"law", "behaviour"}
    assert set(what_if.kinds(what_if.what_if("density=70%"))) == {"behaviour"}


def test_pesos_do_not_move_with_gdp() -> None:
    found = what_if.what_if("gdp_growth=3% from 2010")
    assert found.worth == pytest.approx(0.0, abs=1e-12)
    assert np.abs(found.total).max() > 0.1


def test_overlays_count_as_one_part_and_a_base_may_have_some() -> None:
    found = what_if.what_if("density=70%", "3B+reform_december_2020", overlays=["wage_dec1997"])
    assert {part.kind for part in found.parts} == {"behaviour", "other"}
    assert found.base.table("guarantee.cells").values.shape[0] > 1


def test_the_front_asks_the_same(asked: what_if.WhatIf) -> None:
    found = front.what_if(THREE)
    assert np.array_equal(found.new, asked.new)
    assert "points of GDP" in repr(found)


@pytest.mark.parametrize("language", texts.languages())
def test_sentences_hold_their_numbers(asked: what_if.WhatIf, language: str) -> None:
    said = " ".join(words.sentences(asked, texts.load(language)))
    assert str(int(asked.years[asked.peak])) in said
    places = decimals([asked.total[asked.peak]], 2)
    assert f"{asked.new[TOTAL, asked.peak]:.{places}f}%" in said
    assert f"{asked.worth:+.2f}%" in said


@pytest.mark.slow
def test_the_command_keeps_what_it_says(annexv, tmp_path) -> None:
    pytest.importorskip("plotly")
    done = annexv("what-if", *THREE, "--save", "reform.toml", "--out", "reform.nc", "--json")
    assert done.status == 0, done.err
    said = json.loads(done.out)
    assert (tmp_path / "reform.toml").read_text(encoding="utf-8") == said["overlay"]
    assert (
        annexv(
            "run", "-s", "3B", "--basis", "statutory", "--overlay", "reform.toml", "--out", "two.nc"
        ).status
        == 0
    )
    again = shlex.split(said["command"])
    assert annexv(*again[1:], "--out", "three.nc").status == 0
    with (
        xr.open_dataset("reform.nc") as one,
        xr.open_dataset("two.nc") as two,
        xr.open_dataset("three.nc") as three,
    ):
        assert np.array_equal(one.fiscal_cost.values, two.fiscal_cost.values)
        assert np.array_equal(one.fiscal_cost.values, three.fiscal_cost.values)
        assert one.fiscal_cost_total.values.ravel().tolist() == pytest.approx(
            said["cost_reform"]["total"], rel=1e-15
        )
    for language in ("en", "es"):
        done = annexv("what-if", *THREE, "--out", f"{language}.html", "--lang", language)
        assert done.status == 0, done.err
        page = (tmp_path / f"{language}.html").read_text(encoding="utf-8")
        assert "fig-asked-parts" in page
        assert "annexv run --scenario 3B --lever" in page
    assert annexv("what-if", "--levers").out.count("\n") > len(levers.known())


REFUSED = [
    ((), "nothing is moved"),
    (("commission=1%", "--against", "9Z"), "--scenario 9Z: not known"),
    (("commission=1%", "--against", "3B+none"), "no such overlay file"),
    (("comission=1%",), "unknown lever"),
    (("commission=1% from 2050",), "outside the horizon"),
    (("commission=1%", "--out", "a.txt"), "the name must end in"),
    (("commission=1%", "--save", "a.nc"), "the name must end in"),
    (("--overlay", "wage_dec1997", "--save", "a.toml"), "--save: writes the levers"),
    (
        ("infonavit_pays=yes from 2005", "infonavit_share=50%", "--save", "a.toml"),
        "contradict one another",
    ),
]


@pytest.mark.parametrize(("words_", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_what_cannot_be_is_refused_and_nothing_is_left(annexv, tmp_path, words_, message: str) -> None:
    done = annexv("what-if", *words_)
    assert done.status == 2
    assert message in done.err
    assert len(done.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_fault_raises_from_python() -> None:
    with pytest.raises(AssumptionError, match="nothing is moved"):
        front.what_if()
