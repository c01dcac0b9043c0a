"""Numbers that stand together have the same decimals, and the highest of them has two digits however small it is."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.outputs.digits import decimals, shown

SIZES = st.floats(1e-12, 1e12)


@given(st.lists(SIZES, min_size=1), st.integers(0, 4))
def test_the_highest_has_two_digits(values: list[float], least: int) -> None:
    places = decimals([*values, 0.0, float("nan")], least)
    assert places >= least
    highest = max(values)
    if places > least:
        assert re.search(r"[1-9]\d$|10$|^[^.]*[1-9]", shown(highest, places))
    np.testing.assert_allclose(
        float(shown(highest, places).replace(",", "")), highest, atol=0.5 * 10.0**-places
    )


def test_signs_and_what_is_not_known() -> None:
    assert shown(float("nan"), 2) == "-"
    assert [shown(value, 2) for value in (-0.0, -0.001, 1234.5)] == ["0.00", "0.00", "1,234.50"]
    assert [shown(value, 2, "+") for value in (0.0, 1.0, -1.0)] == ["0.00", "+1.00", "-1.00"]
    assert decimals([], 3) == decimals([0.0], 3) == 3
