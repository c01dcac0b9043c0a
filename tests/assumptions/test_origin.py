"""Where a value comes from and of which date it is: neither can be claimed, and neither is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

import assumptions
from assumptions import AssumptionError, Resolved, audit

NAME = "contributions.density"
CLAIM = '{ value = 0.8, status = "statute", source = "lss_1995", locator = "Art. 25" }'
DATA_OF_THE_STATE = {
    "population.contributors": 12e6,
    "population.active_1996": 12e6,
    "population.service_at_30": 6.0,
    "pensions.ongoing_heads": 2e6,
    "pensions.ongoing_level_mw": 1.1,
}
MOVED = {"reform.state_year": 2008, "reform.first_year": 2009}


def overlay(folder: Path, text: str, header: str = "") -> Resolved:
    path = folder / "mine.toml"
    path.write_text(f'[overlay]\ntitle = "t"\n{header}\n{text}\n', encoding="utf-8")
    return assumptions.load("3B", overlays=[path]).resolve("statutory")


def test_a_claim_is_shown_and_not_believed(tmp_path: Path) -> None:
    found = overlay(tmp_path, f"[contributions]\ndensity = {CLAIM}").item(NAME)
    assert (found.status, found.source, found.locator) == ("user", "user", "Art. 25")
    assert found.stated == "lss_1995, Art. 25 (statute)"
    name, value = assumptions.parse_set(f"{NAME}={CLAIM}")
    set_so = assumptions.load("3B", sets={name: value}).resolve("statutory")
    assert set_so.item(NAME).status == "user"
    assert set_so.item(NAME).stated == found.stated
    for pack in (overlay(tmp_path, f"[contributions]\ndensity = {CLAIM}"), set_so):
        assert "stated   lss_1995, Art. 25 (statute)" in assumptions.show(pack, NAME)
        rows = [row for row in audit.register(pack) if row.name == NAME]
        assert [(row.status, row.stated) for row in rows] == [("user", found.stated)]


def test_a_source_of_ones_own(tmp_path: Path) -> None:
    text = (
        '[contributions]\ndensity = { value = 0.8, source = "Survey of our members, 2024", locator = "p. 3" }'
    )
    found = overlay(tmp_path, text).item(NAME)
    assert found.stated == "Survey of our members, 2024, p. 3"
    assert found.source == "user"


def test_the_header_of_an_overlay_gives_the_place_of_its_values(tmp_path: Path) -> None:
    found = overlay(
        tmp_path, "[contributions]\ndensity = 0.8", 'status = "statute"\nlocator = "Decree, Art. 3"'
    )
    assert (found.item(NAME).status, found.item(NAME).locator) == ("user", "Decree, Art. 3")
    assert found.item(NAME).stated == "Decree, Art. 3 (statute)"


def test_shipped_values_cannot_be_given_another_origin(tmp_path: Path) -> None:
    with pytest.raises(AssumptionError, match="gives no value"):
        overlay(tmp_path, '[contributions]\ndensity = { status = "statute", source = "lss_1995" }')


def test_rows_of_a_table_of_the_user_are_the_users(tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text(
        "year,value,status,source\n1997,0.03,statute,lss_1995\n2005,0.04,statute,lss_1995\n", encoding="utf-8"
    )
    pack = overlay(tmp_path, '[economy]\ngdp_growth = { csv = "g.csv" }')
    rows = [row for row in audit.register(pack) if row.name == "economy.gdp_growth"]
    assert {row.status for row in rows} == {"user"}
    assert {row.stated for row in rows} == {"rows name lss_1995"}


def test_no_door_lists_a_users_value_as_anything_but_the_users(tmp_path: Path) -> None:
    """Every value set, by all doors together: all of them are the user's, and no other is."""
    pack = overlay(tmp_path, f"[contributions]\ndensity = {CLAIM}").with_values(
        {"economy.gdp_growth": {"value": 0.03, "status": "published", "source": "annex_v"}}
    )
    mine = {row.name for row in audit.register(pack, expand=False) if row.status == "user"}
    assert mine == {NAME, "economy.gdp_growth"} == set(pack.user_set)


def test_the_origin_survives_the_way_through_a_run_file(tmp_path: Path) -> None:
    pack = overlay(tmp_path, f"[contributions]\ndensity = {CLAIM}")
    assert Resolved.from_json(pack.to_json()).item(NAME) == pack.item(NAME)


# dates ---------------------------------------------------------------------------------------------------------------


def test_a_moved_state_needs_its_data_anew() -> None:
    for move in (
        lambda: assumptions.load("1B", sets=MOVED).resolve("statutory"),
        lambda: assumptions.load("1B").resolve("statutory").with_values(MOVED),
    ):
        with pytest.raises(AssumptionError) as refused:
            move()
        assert {fault.path for fault in refused.value.faults} == set(DATA_OF_THE_STATE)
        assert "describes the state of 31 December 1996, but reform.state_year is 2008" in str(refused.value)


@pytest.mark.parametrize("left_out", sorted(DATA_OF_THE_STATE))
def test_each_datum_is_missed(left_out: str) -> None:
    given = {name: value for name, value in DATA_OF_THE_STATE.items() if name != left_out}
    with pytest.raises(AssumptionError) as refused:
        assumptions.load("1B", sets={**MOVED, **given}).resolve("statutory")
    assert [fault.path for fault in refused.value.faults] == [left_out]


def test_a_moved_state_with_its_data(tmp_path: Path) -> None:
    sets = {**MOVED, **DATA_OF_THE_STATE}
    assert assumptions.load("1B", sets=sets).resolve("statutory").number("reform.state_year") == 2008.0
    assert assumptions.load("1B").resolve("statutory").with_values(sets).number("reform.state_year") == 2008.0
    path = tmp_path / "data.toml"
    lines = [f"{name} = {value}" for name, value in DATA_OF_THE_STATE.items()]
    path.write_text("\n".join(lines) + '\n[overlay]\ntitle = "t"\n', encoding="utf-8")
    # The data of one file and the date of another, or of --set: both are the user's, and meant for one another.
    assert assumptions.load("1B", overlays=[path], sets=MOVED).resolve("statutory")


def test_files_of_persons_take_the_place_of_what_they_replace() -> None:
    fund = Path(__file__).parents[2] / "examples" / "closed_fund"
    sets = {
        **MOVED,
        "population.contributors": 12e6,
        "population.members_file": str(fund / "members.csv"),
        "pensions.pensioners_file": str(fund / "pensioners.csv"),
    }
    assert assumptions.load("1B", sets=sets).resolve("statutory")


def test_the_shipped_state_of_1994_gives_its_data() -> None:
    pack = assumptions.load("0B", overlays=["state_1994"])
    assert pack.resolve("statutory").item("population.contributors").as_of == 1994
    with pytest.raises(AssumptionError, match="describes the state of 31 December 1994"):
        assumptions.load("0B", overlays=["state_1994"], sets=MOVED).resolve("statutory")


def test_paths_that_end_before_the_first_year_are_told() -> None:
    sets = {"economy.gdp_growth": {1990: 0.03, 1996: 0.04}}
    (notice,) = assumptions.load("3B", sets=sets).resolve("statutory").notices
    assert "economy.gdp_growth: its last value is of 1996, before the first projected year 1997" in notice
    assert (
        assumptions.load("3B", sets={"economy.gdp_growth": {1997: 0.04}}).resolve("statutory").notices == []
    )
