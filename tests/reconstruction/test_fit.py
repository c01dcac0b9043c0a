"""The fit of the mechanism: on series B alone, from far away, in seconds; and what it leaves open."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assumptions import AssumptionError, held_out, load, published
from engine.calibrate import reconstruction as fits
from engine.projection import run_case


@pytest.fixture(scope="module")
def plan() -> fits.Plan:
    return fits.read()


@pytest.fixture(scope="module")
def found(plan: fits.Plan) -> dict[str, fits.Fit]:
    every = [fits.fit(plan), *fits.alternatives(plan)]
    return {one.key: one for one in every}


def test_the_committed_numbers_are_the_fit(found: dict[str, fits.Fit]) -> None:
    """To the digits that are committed: five, of years three decimals."""
    pack = load("3B").resolve("reconstructed")
    for name, value in found["plan"].values.items():
        assert pack.number(name) == pytest.approx(value, rel=1e-4), name
    assert found["plan"].at_bounds == ()


def test_series_a_is_not_read(
    plan: fits.Plan, found: dict[str, fits.Fit], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fit is the same, bit for bit, where series A cannot be read at all."""

    def closed(*given: object) -> None:
        raise AssertionError("series A was read")

    for name in ("series_a", "series_a_by_type", "series_a_put_right", "corrections"):
        monkeypatch.setattr(held_out, name, closed)
    inner = published._read

    def guarded(name: str, columns: tuple[str, ...], folder: Path) -> object:
        assert "series_a" not in name
        return inner(name, columns, folder)

    monkeypatch.setattr(published, "_read", guarded)
    published._table.cache_clear()
    assert fits.fit(plan).values == found["plan"].values


def test_the_table_of_the_fit_holds_no_acquired_rights_of_series_a(plan: fits.Plan) -> None:
    assert {one.scenario for one in plan.target} == {"1B", "3B"}
    for key in published.total_fiscal_cost():
        assert not (key.scenario.endswith("A") and key.column in ("acquired_rights", "total"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[target]]\nscenario = "3A"\ncolumn = "acquired_rights"\n', "no calibration may see series A"),
        ('[[target]]\nscenario = "3B"\ncolumn = "total"\n', "none of the mechanism's columns"),
        ('[[target]]\nscenario = "9B"\ncolumn = "acquired_rights"\n', "is not in print"),
    ],
)
def test_targets_that_are_none(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "plan.toml"
    head = "[fit]\nfirst_year = 1997\nlast_year = 2030\ntolerance = 1e-9\n"
    free = '[[free]]\nname = "reconstruction.awards_base"\nlower = 1e-4\nupper = 1e-2\ncold = 1e-3\n'
    file.write_text(head + text + free, encoding="utf-8")
    with pytest.raises(AssumptionError, match=said):
        fits.read(file)


def test_the_columns_are_those_of_a_projection() -> None:
    years = np.arange(1997, 2031)
    for code in ("1B", "2B"):
        pack = load(code).resolve("reconstructed")
        case, quick = run_case(pack), fits.costs(pack, years)
        for place, name in ((0, "acquired_rights"), (3, "mpg_new_workers")):
            np.testing.assert_allclose(quick[name], 100 * case.cost[place] / case.gdp, rtol=1e-12, atol=1e-15)


def test_print_chooses_the_year_in_which_awards_begin(found: dict[str, fits.Fit]) -> None:
    """RMS of 3B by start: .0116 in 1994, .0069 in 1995, .0171 in 1996, .0362 in 1997, of a fit by other code."""
    rms = {key: one.accuracy[0].rms for key, one in found.items()}
    for key, value in (
        ("first_1994", 0.0116),
        ("plan", 0.0069),
        ("first_1996", 0.0171),
        ("first_1997", 0.0362),
    ):
        assert rms[key] == pytest.approx(value, abs=0.0003)
    starts = ("first_1993", "first_1994", "plan", "first_1996", "first_1997")
    assert min(starts, key=rms.__getitem__) == "plan"


def test_2021_to_2030_are_predicted_from_what_comes_before(found: dict[str, fits.Fit]) -> None:
    """3B fitted to 2020 with the ramp of the guarantee gives 2021-30 within .021 / .0135, of a fit by other code."""
    rights = found["to_2020"].accuracy[0]
    assert rights.largest_beyond == pytest.approx(0.021, abs=0.001)
    assert rights.rms_beyond == pytest.approx(0.0135, abs=0.001)


def test_without_the_account_the_mechanism_fails(found: dict[str, fits.Fit]) -> None:
    assert found["no_account"].accuracy[0].rms > 4 * found["plan"].accuracy[0].rms
