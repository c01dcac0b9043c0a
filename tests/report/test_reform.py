"""The section of the reform against no reform: what it shows, in both languages, and that nothing is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import assumptions
import engine
from engine.balance import actuarial, valuation
from engine.outputs import OutputError, netcdf, report, texts
from engine.outputs import balance as balances
from engine.outputs.report import reform
from tests.cli.conftest import Command
from tests.cli.conftest import annexv as annexv
from tests.report.test_browser import OVERLAPS, WIDTHS, opened
from tests.report.test_page import embedded, read

FIGURES = (
    "fig-old-system", "fig-reform-cost", "fig-debt", "fig-replacement-m", "fig-replacement-f", "fig-gain-m", "fig-gain-f",
)  # fmt: skip
# Six significant digits are shown.
SHOWN = 1e-5


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Reform against no reform"), ("es", "Reforma frente a no reforma")]
)
def test_the_page_holds_the_section_and_refers_to_nothing_outside(
    balance: xr.Dataset, balance_pages: dict[str, Path], language: str, title: str
) -> None:
    reader = read(balance_pages[language])
    words = " ".join(reader.words)
    assert "reform" in reader.sections
    assert title in words
    assert str(balance.attrs["run_id"]) in words
    assert f"{float(balance.break_even_year):.0f}" in words
    for name in reform.VARIABLES:
        assert name in words
        assert name in balance
    assert all(reference.startswith("#") for reference in reader.references)
    assert "default-src 'none'" in balance_pages[language].read_text(encoding="utf-8")[:1000]


def test_labels_of_the_file_have_texts(balance: xr.Dataset) -> None:
    for language in ("en", "es"):
        words = texts.load(language)["reform"]
        assert set(balance.liability.values) - {"reserve"} == set(words["group"])
        assert set(balance.system.values) == set(words["system"])
        assert set(balance.sex.values) == set(words["sex"])


def test_figures_carry_the_numbers_of_the_balance(
    balance: xr.Dataset, balance_pages: dict[str, Path]
) -> None:
    shown: dict[str, Any] = embedded(balance_pages["es"].read_text(encoding="utf-8"))["balance"]
    # The old system beside its own valuation without a reform.
    pack = assumptions.load("3B", sets={"balance.computed": True}).resolve("statutory")
    old = valuation.value(pack.with_values({"reform.enacted": False}))
    flows = actuarial.cash_flow(old)
    for name, values in (
        ("contributions", flows.contributions),
        ("pensions", flows.pensions),
        ("cash_balance", flows.balance),
    ):
        expected = 100 * values / old.gdp
        np.testing.assert_allclose(shown["old"][name], expected, rtol=SHOWN, atol=1e-6)
    found = actuarial.balance(old).liabilities
    percent = 100 / old.gdp_at_date
    np.testing.assert_allclose(
        shown["debt"]["no_reform"], percent * np.array(list(found.values())), rtol=SHOWN
    )
    cost = 100 * balance.reform_line.sel(line="net_fiscal_cost") / balance.gdp
    np.testing.assert_allclose(shown["cost"]["net_fiscal_cost"], cost, rtol=SHOWN, atol=1e-6)
    rate = balance.replacement_rate.sel(
        sex="f", system="reform", pension_age=65, wage_group=shown["wages"][0]
    )
    # Without the weeks there is no pension and no rate: null on the page.
    drawn = np.array(shown["replacement"]["f"]["reform"][0], dtype=np.float64)
    np.testing.assert_allclose(drawn, 100 * rate, rtol=SHOWN)


def test_a_balance_without_a_reform_is_refused(annexv: Command, tmp_path: Path) -> None:
    run = engine.project(assumptions.load("3B", sets={"reform.last_year": 1999}), basis="statutory")
    netcdf.write(run, tmp_path / "run.nc", command="annexv run")
    pack = assumptions.load("0B", sets={"balance.computed": True}).resolve("statutory")
    none = balances.balance(pack.with_values({"balance.horizon_years": 5.0}))
    with pytest.raises(OutputError, match="compares no reform with none"):
        report.build(run, balance=none)
    balances.write(none, tmp_path / "none.nc")
    for name, said in (
        ("none.nc", "compares no reform with none"),
        ("run.nc", "is a run file"),
        ("x.nc", "no such"),
    ):
        done = annexv("report", "run.nc", "--balance", name)
        assert done.status == 2
        assert said in done.err
    assert not (tmp_path / "run.html").exists()


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_figures_are_drawn_and_nothing_overlaps(
    browser: Any, balance_pages: dict[str, Path], language: str, width: int
) -> None:
    page, heard = opened(browser, balance_pages[language], width)
    drawn = page.evaluate(
        "[...document.querySelectorAll('#reform .plot')].filter((n) => n.querySelector('.main-svg')).map((n) => n.id)"
    )
    assert tuple(drawn) == FIGURES
    assert page.evaluate(OVERLAPS) == []
    assert heard == []
    page.close()
