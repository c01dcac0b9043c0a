"""The state of 1994 against Table 2 of the report, and what the fit behind it is worth."""

from __future__ import annotations

import numpy as np
import pytest

from assumptions import Resolved, published
from engine.balance import calibrate, compare
from engine.balance.valuation import value

DEFICIT, COMPONENT = 0.10, 0.20  # stated targets for one plausible set of assumptions


def of(pack: Resolved, name: str) -> float:
    """A value of the overlay; a table there holds one number in every cell, a path one in every year."""
    if pack.item(name).kind != "table":
        return pack.number(name)
    cells = pack.table(name).values
    assert cells.min() == cells.max()
    return float(cells.min())


def test_printed_table_and_its_printing_error() -> None:
    table = {
        item: cell.value
        for (part, item), cell in published.actuarial_balance_1994().items()
        if part == "actuarial_balance"
    }
    half = 0.005 + 1e-9  # half a unit of the last printed digit, and one sum
    assert (
        abs(table["contributions_present"] + table["contributions_future"] - table["contributions"]) <= half
    )
    assert abs(table["pensions_present"] + table["pensions_future"] - table["pensions"]) <= half
    assert abs(table["in_payment"] + table["pensions"] - table["liabilities"]) <= half
    parts = table["reserve"] + table["contributions"]
    assert parts == pytest.approx(686.92, abs=half)
    assert table["assets"] == 683.92
    assert abs(table["liabilities"] - parts - table["deficit"]) <= half


def test_distance_from_table_2(state_1994: Resolved) -> None:
    rows = {row.item: row for row in compare.rows(value(state_1994)) if row.part == compare.TABLE}
    assert abs(rows["deficit"].model / rows["deficit"].printed - 1.0) <= DEFICIT
    assert abs(rows["deficit_gdp"].model / rows["deficit_gdp"].printed - 1.0) <= DEFICIT
    for item in compare.PARTS:
        assert abs(rows[item].model / rows[item].printed - 1.0) <= COMPONENT, rows[item]
    # Stated, not fitted.
    assert rows["reserve"].model == pytest.approx(3.25, abs=0.005)
    text = {row.item: row.model for row in compare.rows(value(state_1994)) if row.part == compare.TEXT}
    # 1,433 thousand pensioners and 10,138 insured workers were counted (health study, Tables 5 and 15); the report has 12.5.
    assert text["pensioners_per_100_1994"] == pytest.approx(100.0 * 1433 / 10138, abs=0.05)
    assert text["contributors_growth"] == pytest.approx(2.5, abs=0.05)


def test_state_is_what_the_report_says(state_1994: Resolved) -> None:
    found = value(state_1994)
    assert found.date_year == 1994
    assert found.years[0] == 1995
    assert found.gdp_at_date * found.price_at_date == pytest.approx(1272.5e9, rel=0.0005)
    assert found.members == pytest.approx(10.14e6, rel=1e-9)
    assert state_1994.number("economy.minimum_wage_daily") == 15.27


def test_unknowns_lie_within_their_ranges_and_are_marked(state_1994: Resolved) -> None:
    low, high = calibrate.ranges(state_1994)
    found = np.array([of(state_1994, name) for name in calibrate.UNKNOWNS])
    assert ((low < found) & (found < high)).all()
    for name in calibrate.UNKNOWNS:
        item = state_1994.item(name)
        assert (item.status, item.method) == ("calibrated", "fit")
        assert item.start
    assert state_1994.item("balance.horizon_years").status == "calibrated"
    assert state_1994.number("balance.horizon_years") in calibrate.HORIZONS


@pytest.mark.slow
def test_fit_gives_the_values_of_the_overlay(state_1994: Resolved) -> None:
    """The overlay holds what the command proposes, rounded to three digits."""
    found = calibrate.fit(state_1994)
    for name, number in found.values.items():
        assert of(state_1994, name) == pytest.approx(number, rel=0.01), name
    assert not found.at_an_end


@pytest.mark.slow
def test_a_shorter_horizon_leaves_a_part_of_table_2_apart(state_1994: Resolved) -> None:
    shorter = int(state_1994.number("balance.horizon_years")) - calibrate.HORIZONS.step
    pack = calibrate.with_horizon(state_1994, shorter)
    model = compare.table_values(value(calibrate.at(pack, list(calibrate.fit(pack).values.values()))))
    target = compare.printed(compare.TABLE)
    assert max(abs(model[item] / target[item] - 1.0) for item in compare.PARTS) > COMPONENT


def test_the_dates_are_near_those_of_imss(state_1994: Resolved) -> None:
    """First deficit 2000, reserves gone 2004 (health study, after IMSS's Diagnostico): within two years."""
    rows = {row.item: row for row in compare.rows(value(state_1994)) if row.part == compare.TEXT}
    for item in ("first_deficit_imss", "reserve_spent_imss"):
        assert abs(rows[item].model - rows[item].printed) <= 2.0, rows[item]


def test_quotas_of_the_state_are_those_collected(state_1994: Resolved) -> None:
    """13,156.6 million pesos of 1994 (health study, Table 11), with a year's growth of contributors, 2.5%."""
    found = value(state_1994)
    wages = float(found.wages.sum(axis=0)[0]) * found.price_at_date
    # Wages of the state's date hold in the first year.
    collected = 13156.6e6 * 1.025
    assert 0.085 * wages == pytest.approx(collected, rel=0.03)
