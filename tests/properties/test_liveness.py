"""What was measured of liveness is what is measured again; and notices of values without effect tell the truth."""

from __future__ import annotations

import numpy as np
import pytest

import assumptions
import engine
from assumptions import AssumptionError, liveness
from assumptions.text import DATA
from engine import liveness as measured
from engine.projection import run_case

SETTINGS = liveness.plausible()["liveness"]
# Some of each kind: number, path, table, switch, flag, date; live at once, later, never; balance and worker.
SAMPLE = [
    "balance.reserve",
    "basis.mpg",
    "basis.surrendered_funds",
    "contributions.density",
    "economy.real_wage_growth",
    "family.children",
    "financing.infonavit_surrendered",
    "guarantee.early_multiple",
    "guarantee.minimum_age",
    "law_1973.allowance_parent",
    "law_1973.child_age_limit",
    "law_1995.iv_average_years",
    "pensions.ongoing_share",
    "reform.date",
    "replica.mpg",
]


@pytest.mark.slow
def test_a_sample_is_measured_as_it_was() -> None:
    kept = [row for row in liveness.read() if row.name in SAMPLE]
    assert {row.name for row in kept} == set(SAMPLE)
    assert measured.measure(SETTINGS["scenarios"], SETTINGS["horizon"], SAMPLE, workers=2) == kept


@pytest.mark.slow
@pytest.mark.nightly
def test_all_is_measured_as_it_was() -> None:
    found = measured.measure(SETTINGS["scenarios"], SETTINGS["horizon"], workers=2)
    text = liveness.text(found, SETTINGS["horizon"])
    assert text == (DATA / liveness.FILE).read_text(encoding="utf-8"), "annexv assumptions liveness --write"


def test_every_used_value_has_a_row_and_no_other() -> None:
    """By basis and scenario; values of files have none."""
    expected = set()
    for code in SETTINGS["scenarios"]:
        for basis in assumptions.basis_names():
            pack = assumptions.load(code).resolve(basis)
            names = (name for name in pack.names() if pack.item(name).kind != "text" and pack.live(name)[0])
            expected |= {(name, basis, code) for name in names}
    found = {(r.name, r.basis, r.scenario) for r in liveness.read() if r.calculation == liveness.PROJECTION}
    assert found == expected


def test_it_is_shown_with_the_value() -> None:
    """On the screen of a value and in the register, as it was measured; what that is, the two tests above hold."""
    pack = assumptions.load("3B").resolve("statutory")
    measured = {row.name for row in liveness.read()}
    for row in assumptions.register(pack, expand=False):
        assert row.moves == (liveness.said(row.name) if row.name in measured else ""), row.name
    for name in SAMPLE:
        assert f"moves    {liveness.said(name)}" in assumptions.show(pack, name)


def test_how_it_is_said() -> None:
    def rows(basis: str, **first: int | None) -> list[liveness.Measured]:
        return [
            liveness.Measured("a.b", liveness.PROJECTION, basis, code, year) for code, year in first.items()
        ]

    horizon = SETTINGS["horizon"]
    apart = rows("statutory", A=1997, B=2031, C=2031, D=None)
    assert liveness.said("a.b", apart) == (
        f"statutory from 1997 (A), statutory from 2031 (B, C), statutory not to {horizon} (D)"
    )
    assert liveness.said("a.b", rows("published", A=1997, B=1997)) == "published from 1997"
    single = [liveness.Measured("a.b", liveness.WORKER, "statutory", "A", 1997)]
    assert liveness.said("a.b", single) == "worker: yes"
    assert liveness.said("a.b", []) == ""


def notices(code: str = "3B", basis: str = "statutory", **sets: object) -> list[str]:
    given = {name.replace("__", "."): value for name, value in sets.items()}
    return str(
        engine.project(assumptions.load(code, sets=given), basis).attrs.get("notices", "")
    ).splitlines()


def test_what_moves_nothing_within_the_horizon_is_told() -> None:
    (found,) = notices(law_1995__occupational_orphan_share_both=0.4)
    assert found.startswith(
        "law_1995.occupational_orphan_share_both (--set) moves nothing before 2031 in 3B (statutory); moved over its range: "
    )
    (found,) = notices(economy__gdp_growth={1997: 0.0405, 2031: 0.05})
    assert found.startswith(
        "economy.gdp_growth (--set) moves nothing before 2031 in 3B (statutory); moved over its range:"
    )
    (found,) = notices(guarantee__early_multiple=5.0)
    assert "moves no cost, only award_service, new_awards, pensioners, before 2031" in found
    assert notices(economy__gdp_growth={1997: 0.0405, 2030: 0.05}) == []
    assert notices(contributions__density=0.8) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("law_1995.occupational_orphan_share_both", 0.4), ("economy.uma", 20.0)],
)
def test_a_notice_is_a_measurement(name: str, value: float) -> None:
    base = assumptions.load("3B").resolve("statutory")
    one, other = run_case(base), run_case(base.with_values({name: value}))
    np.testing.assert_array_equal(one.cost, other.cost)
    assert any(
        notice.startswith(f"{name} (--set) moves nothing")
        for notice in notices(**{name.replace(".", "__"): value})
    )


def test_strict_refuses_what_is_told() -> None:
    inert, beyond = {"law_1995.occupational_orphan_share_both": 0.4}, {"contributions.density": 0.9}
    for sets in (inert, beyond):
        with pytest.raises(AssumptionError, match=rf"strict: {next(iter(sets))}"):
            engine.project(assumptions.load("3B", sets=sets), strict=True)
    engine.project(assumptions.load("3B", sets={"contributions.density": 0.8}), strict=True)


@pytest.mark.slow
def test_shipped_scenarios_and_overlays_are_told_nothing_of() -> None:
    for code in assumptions.scenario_codes():
        for overlay in (None, *assumptions.overlay_names()):
            for resolved in assumptions.resolve_all(
                assumptions.load(code, [overlay] if overlay else [])
            ).values():
                # What an overlay says for one basis is left out on the other, and that is said.
                assert [notice for notice in resolved.notices if " is ignored in the " not in notice] == []
                assert resolved.below is None
    dataset = engine.project_many(
        [assumptions.load(code) for code in assumptions.scenario_codes()], strict=True
    )
    assert "notices" not in dataset.attrs


def test_results_beyond_reason_are_told() -> None:
    found = notices(economy__real_minimum_wage_growth=0.5)
    assert any(notice.startswith("the cost exceeds 20% of GDP from 20") for notice in found)
    found = notices(population__average_wage_mw=1.0)
    assert any(
        "100% of the members at the state's date are at the floor of wages" in notice for notice in found
    )
    found = notices(population__average_wage_mw=25.0, contributions__ceiling_retirement=10.0)
    assert any("at the ceiling of contributions" in notice for notice in found)
