"""Layers: what a user may change, where it applies, and how it is told."""

from pathlib import Path

import pytest

import assumptions
from assumptions import AssumptionError

OVERLAY = """
[overlay]
title = "Mine"
source = "my own reading"

[economy]
gdp_growth = { 1997 = 0.03, 2000 = 0.05 }

[contributions.density]
value = 0.7
note = "lower"

[only.statutory.guarantee]
mpg = 30.0
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(OVERLAY)
    return path


def test_overlay(mine: Path) -> None:
    pack = assumptions.load("3B", overlays=[mine])
    statutory, published = assumptions.resolve_all(pack).values()
    for res in (statutory, published):
        assert res.number("contributions.density") == 0.7
        assert res.path("economy.gdp_growth", [1997, 1999, 2001]).tolist() == [0.03, 0.03, 0.05]
        item = res.item("contributions.density")
        assert (item.status, item.source, item.locator, item.note) == (
            "user",
            "user",
            "my own reading",
            "lower",
        )
        assert item.range == assumptions.load("3B").resolve(res.basis).item("contributions.density").range
        assert item.layer == str(mine)
    assert statutory.number("guarantee.mpg") == 30.0
    assert published.number("guarantee.mpg") == 26.45
    assert pack.layers[-1] == str(mine)
    assert assumptions.check(mine) == []


def test_before_the_first_dated_value_is_an_error(mine: Path) -> None:
    res = assumptions.load("3B", overlays=[mine]).resolve("statutory")
    with pytest.raises(
        AssumptionError, match=r"economy.gdp_growth: no value for 1996.*first dated value is of 1997"
    ):
        res.path("economy.gdp_growth", [1996, 1997])


def test_later_layers_win_and_sets_come_last(mine: Path) -> None:
    sets = {"contributions.density": 0.9, "economy.gdp_growth": 0.02}
    res = assumptions.load("3B", overlays=["gdp_annex_viii", mine], sets=sets).resolve("statutory")
    assert res.number("contributions.density") == 0.9
    assert res.path("economy.gdp_growth", [1990, 2050]).tolist() == [0.02, 0.02]
    assert res.item("economy.gdp_growth").layer == "--set"
    assert res.layers[-1] == "--set"


@pytest.mark.parametrize("name", assumptions.overlay_names())
def test_shipped_overlays(name: str) -> None:
    found = assumptions.resolve_all(assumptions.load("3B", overlays=[name]))
    moved = any(assumptions.diff(assumptions.load("3B").resolve(basis), res) for basis, res in found.items())
    # What ends the surrender of housing balances moves scenarios that have it.
    surrendered = assumptions.load("1B").resolve("statutory")
    moved |= bool(assumptions.diff(surrendered, assumptions.load("1B", name).resolve("statutory")))
    # What nothing has moved since a release needs no value to keep.
    assert moved or name == "release_0_1_0"
    for res in found.values():
        for changed in res.user_set:
            assert res.item(changed).status != "user"


def test_gdp_annex_viii() -> None:
    res = assumptions.load("3B", overlays=["gdp_annex_viii"]).resolve("published")
    expected = [0.035, 0.04, 0.05, 0.05, 0.0506, 0.053, 0.053]
    assert res.path("economy.gdp_growth", [1997, 1998, 1999, 2000, 2001, 2005, 2030]) == pytest.approx(
        expected
    )


def test_inert_values_are_refused_with_what_would_make_them_live() -> None:
    pack = assumptions.load("1B", sets={"funds.infonavit_return": 0.02})
    with pytest.raises(
        AssumptionError, match=r"--set: funds.infonavit_return: has no effect in the published basis"
    ):
        pack.resolve("published")
    assert pack.resolve("statutory").path("funds.infonavit_return", [2000])[0] == 0.02


def test_inert_in_one_basis_is_ignored_there_and_told() -> None:
    pack = assumptions.load("1B", sets={"funds.infonavit_return": 0.02})
    found = assumptions.resolve_all(pack)
    assert found["statutory"].notices == []
    assert len(found["published"].notices) == 1
    assert "ignored in the published basis and applies to statutory only" in found["published"].notices[0]
    assert found["published"].sha256 == assumptions.load("1B").resolve("published").sha256
    assert found["published"].user_set == ()


def test_inert_in_every_basis_is_refused() -> None:
    with pytest.raises(AssumptionError, match="has no effect in any basis"):
        assumptions.resolve_all(assumptions.load("1B", sets={"population.inactive_return_rate": 0.1}))
    both = {"population.inactive_return_rate": 0.1, "population.inactive_number": 1e6}
    assert assumptions.resolve_all(assumptions.load("1B", sets=both))["published"].notices == []


def test_a_switch_makes_a_value_live() -> None:
    res = assumptions.load("1B", sets={"basis.mpg": "exhaustion", "guarantee.mpg": 30.0}).resolve("published")
    assert res.number("guarantee.mpg") == 30.0
    plain = assumptions.load("1B").resolve("published")
    assert not plain.live("guarantee.mpg")[0]
    assert plain.with_values({"basis.mpg": "top_up"}).live("guarantee.mpg") == (True, "")
    plain.refuse_inert(["contributions.density"])
    with pytest.raises(AssumptionError, match=r"basis.mpg is replica"):
        plain.refuse_inert(["contributions.density", "guarantee.mpg"])


def test_inputs_of_unused_derivations_are_inert() -> None:
    statutory, published = assumptions.resolve_all(assumptions.load("3B")).values()
    shares = published.item("population.active_age_shares")
    assert shares.derived is not None
    effective = shares.derived.inputs[0]
    assert not statutory.live(effective)[0]
    assert published.live(effective)[0]
    values = published.table("population.active_age_shares").values
    assert not published.with_values({"population.active_age_shares": values}).live(effective)[0]


def test_scenarios_1_2_4_published_use_the_return_of_the_base_projection() -> None:
    for code, base in (("1B", True), ("3B", False)):
        res = assumptions.load(code).resolve("published")
        assert res.live("replica.base_rcv_return")[0] is base
        assert res.live("funds.rcv_return")[0] is not base


def test_replica_names_exist_in_both_bases() -> None:
    statutory, published = assumptions.resolve_all(assumptions.load("3B")).values()
    assert statutory.names() == published.names()


def test_unknown_codes() -> None:
    with pytest.raises(AssumptionError, match="3C: no such scenario; allowed are 1B, 2B"):
        assumptions.load("3C")
    with pytest.raises(
        AssumptionError,
        match="publshed: no such basis; allowed are statutory, published, reconstructed; did you mean",
    ):
        assumptions.load("3B").resolve("publshed")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("economy.gdp_growth=0.03", 0.03),
        ("economy.gdp_growth = { 1997 = 0.03 }", {"1997": 0.03}),
        ("basis.mpg=top_up", "top_up"),
        ('basis.mpg="top_up"', "top_up"),
        ("reform.enacted=false", False),
    ],
)
def test_parse_set(text: str, value: object) -> None:
    assert assumptions.parse_set(text)[1] == value


@pytest.mark.parametrize("text", ["economy.gdp_growth", "=3", "a.b="])
def test_parse_set_faults(text: str) -> None:
    with pytest.raises(AssumptionError, match="name=value"):
        assumptions.parse_set(text)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("contributions.density", 83, "--set: contributions.density: 83 is outside 0 to 1"),
        ("contributions.density", "0,83", "'0,83' is text; write a bare number"),
        ("contributions.density", True, "True is not a number"),
        ("basis.mpg", "topup", "'topup' is not allowed; allowed are exhaustion, top_up"),
        ("reform.enacted", "yes", "allowed are true and false"),
        ("reform.date", "July", "is no date"),
        ("economy.gdp_growth", {"97": 0.03}, "'97' is no calendar year"),
        ("economy.gdp_growth", {1997: float("nan")}, "is not a finite number"),
        ("retirement.hazard", [0.1, 0.2], r"has shape \(2,\); age needs \(11,\)"),
        ("economy.gdp_growht", 0.03, "unknown name; did you mean economy.gdp_growth"),
    ],
)
def test_set_faults(name: str, value: object, message: str) -> None:
    def use() -> None:
        assumptions.load("3B", sets={name: value}).resolve("statutory")

    with pytest.raises(AssumptionError, match=message):
        use()


def test_diff_names_both_sources() -> None:
    old = assumptions.load("3B").resolve("statutory")
    new = assumptions.load("3B", sets={"contributions.density": 0.8}).resolve("statutory")
    (found,) = assumptions.diff(old, new)
    assert (found.name, found.old, found.new) == (
        "contributions.density",
        old.number("contributions.density"),
        0.8,
    )
    assert found.source_old.startswith("data/basis/statutory.toml: judgement, project")
    assert found.source_new == "--set: user, user, --set"
    assert assumptions.diff(old, old) == []


def test_values_kept_for_readers_are_refused() -> None:
    plain = assumptions.load("3B").resolve("statutory")
    why = "recorded for readers; no formula of the projection uses it"
    assert plain.live("law_1995.weeks_disability_severe") == (
        False,
        f"{why}; another calculation does (worker.computed = true)",
    )
    assert plain.live("law_1973.student_age_limit") == (False, why)
    with pytest.raises(AssumptionError, match="no formula of the projection uses it"):
        assumptions.resolve_all(assumptions.load("3B", sets={"law_1995.weeks_disability_severe": 100}))
