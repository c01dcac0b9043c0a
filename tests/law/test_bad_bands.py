"""Rows of dated bands and cells that say nothing, or two things, are refused by name."""

from __future__ import annotations

import numpy as np
import pytest

import assumptions
from assumptions import AssumptionError, Table
from engine.projection import run_case

BANDS = ("from_year", "up_to_mw", "up_to_uma", "value")
CELLS = ("from_year", "below_uma", "age", "weeks_above", "amount")


def run(name: str, fields: tuple[str, ...], rows: list[list[float]]) -> None:
    axis = "cell" if fields is CELLS else "band"
    labels: dict[str, tuple[str | int, ...]] = {axis: tuple(range(1, len(rows) + 1)), "field": fields}
    table = Table((axis, "field"), labels, np.array(rows))
    pack = assumptions.load("3B", sets={"reform.last_year": 2003}).resolve("statutory")
    run_case(pack.with_values({name: table}))


@pytest.mark.parametrize("name", ["contributions.ceav_employer_bands", "state.social_quota_bands"])
@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([[2000, 0, 4, 0.04]], "the last none"),
        ([[2000, 0, 0, 0.04], [2000, 0, 0, 0.05]], "each row but the last has one bound"),
        ([[2000, 1, 2, 0.04], [2000, 0, 0, 0.05]], "each row but the last has one bound"),
        ([[2000, 0, 4, 0.04], [2000, 0, 3, 0.05], [2000, 0, 0, 0.06]], "do not rise"),
        ([[2000.5, 0, 0, 0.04]], "no whole year"),
    ],
)
def test_bands(name: str, rows: list[list[float]], said: str) -> None:
    with pytest.raises(AssumptionError, match=said) as caught:
        run(name, BANDS, rows)
    assert name in str(caught.value)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [[2000, 2, 60, 0, 20], [2000, 0, 60, 0, 20], [2000, 0, 61, 0, 21]],
            "one for each of 4 combinations",
        ),
        ([[2000, 0, 60, 0, 20], [2000, 0, 60, 0, 21]], "one for each"),
        ([[2000, 0, 60, 0, 20], [2000, 0, 62, 0, 21]], "gaps"),
        ([[2000, 0, 60, 25, 20]], "gaps"),
        ([[2000, 2, 60, 0, 20]], "gaps"),
        ([[2000.5, 0, 60, 0, 20]], "whole year"),
    ],
)
def test_cells(rows: list[list[float]], said: str) -> None:
    with pytest.raises(AssumptionError, match=said) as caught:
        run("guarantee.cells", CELLS, rows)
    assert "guarantee.cells" in str(caught.value)


def test_rows_that_never_come_change_nothing() -> None:
    run("guarantee.cells", CELLS, [[2004, 0, 60, 0, 20]])
    run("state.social_quota_bands", BANDS, [[2004, 0, 0, 5.0]])
