"""Annex VII, Table 2: to the printed cent. Every expected number is printed in the table or is the INPC's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.studies import annex_vii as history

HALF_CENT = 0.005 + 1e-9


def test_every_cell_to_the_printed_cent() -> None:
    table = history.printed()
    ours = history.reproduce()
    assert len(ours) == 21
    for column in history.COLUMNS:
        assert (ours[column] - table[column]).abs().max() <= HALF_CENT, column


@pytest.mark.parametrize(
    ("column", "total", "share"),
    [
        ("interest_cpp", 24164.50, 29.23),
        ("interest_inflation", 32573.25, 21.69),
        ("interest_2pct_real", 38123.98, 18.53),
    ],
)
def test_printed_totals_and_shares(column: str, total: float, share: float) -> None:
    sums = history.totals(history.reproduce()).set_index("column").loc[column]
    assert sums["total"] == pytest.approx(total, abs=HALF_CENT)
    assert sums["paid"] == pytest.approx(7063.68, abs=HALF_CENT)
    assert sums["paid_pct"] == pytest.approx(share, abs=HALF_CENT)


def test_the_comparison_holds_every_printed_figure() -> None:
    comparison = history.compare()
    assert len(comparison) == 3 * (21 + 2) + 2
    assert comparison["ok"].all()
    assert (comparison["tolerance"] == 0.005).all()


def test_interest_by_hand() -> None:
    """1972 and 1973 at inflation: 5.5% of 0.84, then 21.3% of the balance and 1.34."""
    interest = history.interest_paid(np.array([0.84, 1.34]), np.array([0.055, 0.213]))
    assert interest == pytest.approx([0.0462, 0.213 * (0.84 + 0.0462 + 1.34)], rel=1e-12)


def test_only_1979_departs_from_the_inpc() -> None:
    """27.6% for 20.0%; elsewhere the path is the INPC to about its one decimal (0.11 points at most)."""
    table = history.printed()
    distance = (history.inflation_path("table") - history.inflation_path("inpc")) * 100
    years = table["year"].to_numpy()
    assert set(years[np.abs(distance) > 0.115]) == {1979}
    assert history.inflation_path("table")[years == 1979] == pytest.approx([0.276])
    assert history.inflation_path("true_1979")[years == 1979] == pytest.approx([0.200])
    others = years != 1979
    assert (history.inflation_path("true_1979")[others] == history.inflation_path("table")[others]).all()


def test_a_tenth_of_a_point_in_any_year_from_1974_breaks_the_cents() -> None:
    """The printed cents fix the rates: the last that leaves room is that of 1973."""
    table = history.printed()
    contributions = table["contribution"].to_numpy(dtype=np.float64)
    own = history.inflation_path("table")
    for year in range(2, len(own)):
        for step in (-0.001, 0.001):
            rates = own.copy()
            rates[year] += step
            both = [
                np.abs(history.interest_paid(contributions, rates + real) - table[column]).max()
                for column, real in (("interest_inflation", 0.0), ("interest_2pct_real", 0.02))
            ]
            assert max(both) > HALF_CENT, (table["year"][year], step)


def test_effects_go_the_way_of_their_causes() -> None:
    """Less inflation in 1979 lowers both columns; compounding adds 2% of inflation to every nominal rate."""
    effects = history.effects().set_index(["inflation", "compounded", "column"])
    assert effects.loc[("table", False, "interest_inflation"), "change"] == 0.0
    assert effects.loc[("table", False, "interest_2pct_real"), "change"] == 0.0
    assert effects.loc[("true_1979", False, "interest_inflation"), "change"] < 0.0
    assert effects.loc[("true_1979", False, "interest_2pct_real"), "change"] < 0.0
    assert effects.loc[("table", True, "interest_2pct_real"), "change"] > 0.0
    # Compounded, 1979 costs the balance of that year the factor 1.276 / 1.200 whatever the real rate.
    for compounded in (False, True):
        own = history.reproduce("table", compounded)
        true = history.reproduce("true_1979", compounded)
        before = own["year"] < 1979
        assert (own.loc[before] == true.loc[before]).all().all()
        assert (own["interest_cpp"] == true["interest_cpp"]).all()
    own, true = history.reproduce("table", True), history.reproduce("true_1979", True)
    for column in ("interest_inflation", "interest_2pct_real"):
        lines = [
            frame[frame["year"] <= 1979][["contribution", column]].to_numpy().sum() for frame in (own, true)
        ]
        assert lines[0] / lines[1] == pytest.approx(1.276 / 1.200, rel=1e-12)


def test_an_unknown_path_is_refused() -> None:
    with pytest.raises(ValueError, match="table, true_1979, inpc"):
        history.reproduce("guess")  # type: ignore[arg-type]


def test_files(tmp_path: Path) -> None:
    paths = history.write(tmp_path)
    assert {path.name for path in paths} == {
        "infonavit_history.csv",
        "infonavit_comparison.csv",
        "infonavit_effects.csv",
    }
    read = pd.read_csv(tmp_path / "infonavit_history.csv", dtype=str)
    for column, values in history.reproduce().items():
        assert [float(cell) for cell in read[column]] == values.to_list()
    with pytest.raises(FileExistsError):
        history.write(tmp_path)
    history.write(tmp_path, force=True)
