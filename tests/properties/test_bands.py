"""Bands that all have one value give what that value gives, to all who ask: projection, balance, worth, worker."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import assumptions
from assumptions import AssumptionError, Resolved, Table
from engine.balance import valuation, worth
from engine.projection import run_case
from engine.worker import calculator, careers

EXACT = 1e-12
RATE, QUOTA, GUARANTEE = 0.05, 2.0, 40.0


def pack(**sets: Any) -> Resolved:
    given = {
        "balance.computed": True,
        "reform.last_year": 2012,
        "balance.horizon_years": 16,
        "balance.entrants_years": 16,
    }
    return assumptions.load(
        "1B", sets=given | {name.replace("__", "."): v for name, v in sets.items()}
    ).resolve("statutory")


def rows(axis: str, last: str, *values: tuple[float, ...]) -> Table:
    first = ("up_to_mw", "up_to_uma") if axis == "band" else ("below_uma", "age", "weeks_above")
    labels: dict[str, tuple[str | int, ...]] = {
        axis: tuple(range(1, len(values) + 1)),
        "field": ("from_year", *first, last),
    }
    return Table((axis, "field"), labels, np.array(values))


def answers(resolved: Resolved) -> dict[str, np.ndarray]:
    case, valued, money = run_case(resolved), valuation.value(resolved), worth.worth(resolved)
    wage = careers.parse_wage("3mw", resolved)
    figures = calculator.study(careers.steady(resolved, wage, 20, 65), resolved).figures
    return {
        "cost": case.cost,
        "contributions": case.contributions,
        "by_payer": case.contributions_by_payer,
        "assets": case.assets,
        "memo": case.memo,
        "state": valued.state_contributions,
        "paid": money.paid,
        "received": money.received,
        "worker": np.array(list(figures.values())),
    }


@pytest.mark.slow
@pytest.mark.parametrize("basis", ["density", "full_time"])
@pytest.mark.parametrize(
    ("name", "table", "plain"),
    [
        (
            "contributions.ceav_employer_bands",
            rows("band", "value", (1990, 3, 0, RATE), (1990, 0, 9, RATE), (1990, 0, 0, RATE)),
            {"contributions.ceav_employer": RATE},
        ),
        (
            "state.social_quota_bands",
            rows("band", "value", (1990, 3, 0, QUOTA), (1990, 0, 0, QUOTA)),
            {"state.social_quota": QUOTA},
        ),
        (
            "guarantee.cells",
            rows(
                "cell", "amount",
                *((1990, below, age, weeks, GUARANTEE) for below in (2, 0) for age in (60, 61) for weeks in (0, 25)),
            ),
            {"guarantee.mpg": GUARANTEE},
        ),
    ],
)  # fmt: skip
def test_equal_rows_are_one_value(name: str, table: Table, plain: dict[str, float], basis: str) -> None:
    own = pack(basis__quota_basis=basis, basis__account_quota_basis=basis)
    # The guarantee of the insured is no part of the cells.
    shared = plain if name == "guarantee.cells" else {}
    by_rows, by_value = answers(own.with_values({**shared, name: table})), answers(own.with_values(plain))
    for what, found in by_rows.items():
        scale = np.nanmax(np.abs(by_value[what]))
        np.testing.assert_allclose(found, by_value[what], rtol=EXACT, atol=EXACT * scale, err_msg=what)


@pytest.mark.parametrize("mode", ["scale", "shift"])
def test_dated_rows_are_not_scaled(mode: str) -> None:
    with pytest.raises(AssumptionError, match="dated rows can only be replaced"):
        pack().modified("guarantee.cells", mode, value=1.1)
