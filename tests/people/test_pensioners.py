"""Orphans among pensions in payment, and overlays that have another name now."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import assumptions
from assumptions import AssumptionError
from cohorts import pensioners
from engine.projection import run_case


def test_orphans_are_paid_until_the_age_of_the_law() -> None:
    resolved = assumptions.load("3B").resolve("statutory")
    found = pensioners.build(resolved, 30)
    orphans = found.heads[found.kinds.index("orphans")]
    # Art. 156: until 16, so that the youngest of the state's date have gone after 16 years, and some every year.
    assert orphans[0] == pytest.approx(0.13 * 1603e3)
    assert (np.diff(orphans[:17]) < 0.0).all()
    assert (orphans[16:] == 0.0).all()
    others = np.delete(found.heads, found.kinds.index("orphans"), axis=0)
    assert (others[:, 29] > 0.0).all()


HEAD = "kind,sex,birth_year,yearly_pension,number"


def fund(folder: Path, *lines: str) -> assumptions.Resolved:
    (folder / "pensioners.csv").write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    overlay = '[overlay]\ntitle = "A fund"\n[pensions]\npensioners_file = "pensioners.csv"\n'
    (folder / "fund.toml").write_text(overlay, encoding="utf-8")
    return assumptions.load("3B", overlays=[folder / "fund.toml"], sets={"reform.last_year": 2020}).resolve(
        "statutory"
    )


def test_orphans_in_a_file(tmp_path: Path) -> None:
    found = run_case(fund(tmp_path, "orphans,f,1990,3000,10"))
    # Six years old at the end of 1996: paid in 1997 to 2006, and no more when 16.
    paid = found.cost[1] > 0.0
    assert found.years[paid].tolist() == list(range(1997, 2007))


@pytest.mark.parametrize(
    "line", ["orphans,f,1975,3000,1", "retirement,m,1992,12000,1", "survivors,f,1990,9000,1"]
)
def test_ages_that_no_kind_has_are_refused(line: str, tmp_path: Path) -> None:
    with pytest.raises(AssumptionError, match="a year of birth from"):
        run_case(fund(tmp_path, line))


def test_the_overlay_that_no_page_supports_names_its_successor() -> None:
    with pytest.raises(AssumptionError, match="gdp_macro_table"):
        assumptions.load("3B", overlays=["gdp_305bn"])


@pytest.mark.parametrize("scenario", ["1B", "3B", "3A"])
def test_costs_of_the_published_basis_do_not_know_the_denominator(scenario: str) -> None:
    """10.58 million contributors and the GDP of 1995's prices: the same costs, to the rounding of 18.0 x 1,711 / 2,910."""
    plain, other = (
        run_case(assumptions.load(scenario, overlays=overlays).resolve("published"))
        for overlays in ([], ["gdp_1995_prices"])
    )
    np.testing.assert_allclose(plain.cost / plain.gdp, other.cost / other.gdp, rtol=5e-4, atol=1e-12)
    assert other.contributors[0] == pytest.approx(10.58e6)
