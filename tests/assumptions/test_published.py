"""The printed tables as read."""

import pytest

from assumptions import AssumptionError, published
from assumptions.published import Key


def test_counts_and_columns() -> None:
    total = published.total_fiscal_cost()
    assert len(total) == 1088
    by_series = {"A": set(), "B": set()}
    for key in total:
        by_series[key.scenario[-1]].add(key.column)
    four = {"ongoing_pensions", "acquired_rights", "state_contributions", "mpg_new_workers"}
    assert by_series["B"] == {*four, "total"}
    assert by_series["A"] == four - {"acquired_rights"}
    assert len(published.acquired_rights_by_type()) == 816
    assert len(published.state_contributions_long()) == 219


def test_cells() -> None:
    total = published.total_fiscal_cost()
    cell = total[Key("1B", "ongoing_pensions", 1997)]
    assert (cell.value, cell.decimals, cell.reading) == (0.390, 3, "derived")
    assert total[Key("1B", "mpg_new_workers", 2030)] == (0.29830, 5, "read", "")
    column = published.series(published.state_contributions_long(), "", "total")
    assert next(iter(column.items())) == (1997, (0.331, 3, "read", ""))


@pytest.mark.parametrize("scenario", ["1B", "2B", "3B", "4B"])
def test_printed_totals_are_sums_of_parts(scenario: str) -> None:
    total = published.total_fiscal_cost()
    for year in range(1997, 2031):
        parts = sum(
            total[Key(scenario, part, year)].value
            for part in ("ongoing_pensions", "acquired_rights", "state_contributions", "mpg_new_workers")
        )
        assert parts == pytest.approx(total[Key(scenario, "total", year)].value, abs=0.0026), year


def test_tolerances() -> None:
    found = published.tolerances()
    assert (found.first_year, found.last_year) == (1997, 2030)
    by_target = {(t.table, t.column, code): t for t in found.targets for code in t.scenarios}
    assert by_target["total_fiscal_cost", "acquired_rights", "3B"].max == 0.015
    assert by_target["series_a_put_right", "acquired_rights", "3A"].held_out
    assert by_target["total_fiscal_cost", "mpg_new_workers", "4A"].rms is None
    printed = {(key.scenario, key.column) for key in published.total_fiscal_cost()}
    for (table, column, code), target in by_target.items():
        assert target.held_out is table.startswith("series_a"), (table, code)
        if table == "total_fiscal_cost":
            assert (code, column) in printed


def test_faults(tmp_path) -> None:
    (tmp_path / "total_fiscal_cost.csv").write_text(
        "scenario,year,component,percent_of_gdp,decimals,reading,note\n"
        "1B,1997,total,0.7x,3,read,\n1B,1998,total,0.7,3,guessed,\n1B,1998,total,0.7,3,read,\n"
    )
    with pytest.raises(AssumptionError) as caught:
        published.total_fiscal_cost(tmp_path)
    said = str(caught.value)
    assert "line 2" in said
    assert "reading 'guessed' is not allowed; allowed are read, derived, low" in said
    assert "1B total 1998 is given twice" in said
    assert {fault.message for fault in published.check(tmp_path)} >= {"no such file"}
