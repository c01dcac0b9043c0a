"""Pages and figures of sweeps: the numbers of the file, in both languages, and failed cases counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import assumptions
from engine import sweep
from engine.outputs import export, texts
from engine.outputs.report import sweep as page_of
from engine.sweeps import analysis, figures
from tests.cli.conftest import Command
from tests.cli.conftest import annexv as annexv
from tests.report.test_browser import OVERLAPS, opened
from tests.report.test_page import embedded, read

TORNADO = """
title = "One at a time"
basis = "statutory"
scenarios = ["3B"]
outputs = ["fiscal_cost", "fiscal_cost_total"]
[design]
kind = "one_at_a_time"
[[parameter]]
name = "contributions.density"
values = [0.6, 1.0]
[[parameter]]
name = "economy.gdp_growth"
values = [0.03, 0.05]
"""
SAMPLE = """
title = "A sample"
basis = "statutory"
scenarios = ["1B", "3B"]
outputs = ["fiscal_cost_total"]
[design]
kind = "latin_hypercube"
n = 24
seed = 1
[[parameter]]
name = "contributions.density"
distribution = { kind = "uniform", low = 0.6, high = 1.0 }
[[parameter]]
name = "economy.gdp_growth"
distribution = { kind = "uniform", low = 0.03, high = 0.05 }
"""


def made(folder: Path, name: str, text: str) -> xr.Dataset:
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    sweep(None, folder / f"{name}.toml", out=folder / f"{name}.nc").close()
    return export.read(folder / f"{name}.nc")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sweeps")


@pytest.fixture(scope="module")
def tornado(folder: Path) -> xr.Dataset:
    return made(folder, "tornado", TORNADO)


@pytest.fixture(scope="module")
def sample(folder: Path) -> xr.Dataset:
    return made(folder, "sample", SAMPLE)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_of_a_tornado_holds_its_numbers(tornado: xr.Dataset, language: str) -> None:
    text = texts.load(language)
    content = page_of.build(tornado, language)
    drawn = {figure["key"]: figure for figure in embedded(content)["figures"]}
    assert set(drawn) == {"3B-fan", "3B-importance"}
    total = tornado.fiscal_cost_total.sel(scenario="3B", year=2030).values
    low, high = drawn["3B-importance"]["traces"]
    ends = dict(zip(low["y"], zip(low["x"], high["x"], strict=True), strict=True))
    for name in ("contributions.density", "economy.gdp_growth"):
        along = np.isin(tornado.varied.values, [name, "base"])
        assert ends[name] == pytest.approx((total[along].min(), total[along].max()), rel=1e-5)
    assert drawn["3B-importance"]["mark"] == pytest.approx(
        total[tornado.varied.values.tolist().index("base")]
    )
    assert text["sweep"]["cases"].format(cases="5", failed="0") in content
    assert "http" not in "".join(read_references(content))


def read_references(content: str) -> list[str]:
    from tests.report.test_page import Reader

    reader = Reader()
    reader.feed(content)
    return reader.references


def test_a_page_of_a_sample_has_clouds_and_quantiles(sample: xr.Dataset) -> None:
    content = page_of.build(sample)
    drawn = {figure["key"]: figure for figure in embedded(content)["figures"]}
    assert {"1B-fan", "3B-fan", "1B-importance", "3B-importance", "3B-scatter-0", "3B-scatter-1"} <= set(
        drawn
    )
    total = sample.fiscal_cost_total.sel(scenario="3B")
    outer = drawn["3B-fan"]["traces"][0]
    for end, share in (("base", 0.05), ("y", 0.95)):
        assert outer[end] == pytest.approx(np.quantile(total.values, share, axis=0).tolist(), rel=1e-5)
    first = analysis.summary(sample, scenario="3B")["rank_correlations"][0]["parameter"]
    cloud = drawn["3B-scatter-0"]["traces"][0]
    assert cloud["x"] == pytest.approx(sample[first].values.tolist(), rel=1e-5)
    assert cloud["y"] == pytest.approx(total.sel(year=2030).values.tolist(), rel=1e-5)
    assert f"{np.quantile(total.sel(year=2030).values, 0.5):.4f}" in content


def test_failed_cases_are_counted_and_listed(tornado: xr.Dataset) -> None:
    broken = tornado.copy(deep=True)
    broken["case_status"][2] = 1
    broken["case_message"][2] = "=HYPERLINK(1) </script>"
    for name in ("fiscal_cost", "fiscal_cost_total"):
        broken[name][2] = np.nan
    content = page_of.build(broken.assign_attrs(cases_failed=1))
    assert "5 cases, 1 failed" in content
    assert "=HYPERLINK(1) &lt;/script&gt;" in content
    # One of five is more than one in a hundred: counts and messages, no statistics.
    assert embedded(content)["figures"] == []
    assert "1 of 5 cases failed" in content


@pytest.mark.slow
def test_commands_say_what_they_report_and_draw(
    annexv: Command, tornado: xr.Dataset, sample: xr.Dataset, folder: Path, tmp_path: Path
) -> None:
    done = annexv("report", str(folder / "tornado.nc"), "--out", "t.html")
    assert done.status == 0
    assert "Report of a sweep: One at a time, 5 cases" in done.out
    for ending in ("png", "svg", "html"):
        done = annexv(
            "plot", str(folder / "sample.nc"), "--what", "fan", "--out", f"fan.{ending}", "--lang", "es"
        )
        assert done.status == 0
        assert "de los casos queda entre" in done.out
    assert (tmp_path / "fan.png").read_bytes().startswith(b"\x89PNG")
    assert "queda entre" in (tmp_path / "fan.svg").read_text(encoding="utf-8")
    again = (tmp_path / "fan.svg").read_bytes()
    annexv("plot", str(folder / "sample.nc"), "--what", "fan", "--out", "fan.svg", "--lang", "es", "--force")
    assert (tmp_path / "fan.svg").read_bytes() == again
    for words, said in (
        (("plot", "sample.nc", "--what", "tornado", "--out", "x.png"), "no such figure; it has fan"),
        (("plot", "sample.nc", "--basis", "published", "--out", "x.png"), "has no effect on a sweep"),
        (("plot", "sample.nc", "--series", "gdp", "--out", "x.png"), "was not kept"),
        (("plot", "sample.nc", "--out", "x.pdf"), "must end in"),
        (("report", "sample.nc", "--balance", "b.nc", "--out", "x.html"), "goes with a run"),
    ):
        done = annexv(
            *(str(folder / word) if word.endswith(".nc") and word != "b.nc" else word for word in words)
        )
        assert done.status == 2
        assert said in done.err
    assert not list(tmp_path.glob("x.*"))


def test_a_figure_of_a_subject_names_its_item(tornado: xr.Dataset) -> None:
    found = analysis.summary(tornado, scenario="3B", component="acquired_rights")
    drawn = figures.fan(found, texts.load("en"))
    assert drawn is not None
    assert "Acquired rights" in drawn.subject
    assert drawn.unit == "percent of GDP"


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("which", ["tornado", "sample"])
def test_pages_of_sweeps_open_and_nothing_overlaps(
    browser: Any, request: pytest.FixtureRequest, tmp_path: Path, which: str, width: int
) -> None:
    path = page_of.write(request.getfixturevalue(which), tmp_path / "sweep.html", language="es")
    page, heard = opened(browser, path, width)
    assert page.evaluate(OVERLAPS) == []
    assert heard == []
    labels = page.eval_on_selector_all(".plot", "(nodes) => nodes.map((n) => n.getAttribute('aria-label'))")
    assert all(labels)
    page.close()
    assert read(path).sections[-1] == "identity"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "unit"), [("en", "thousand million pesos"), ("es", "miles de millones de pesos")]
)
def test_a_page_in_pesos_holds_the_pesos_of_the_file(annexv: Command, language: str, unit: str) -> None:
    kept = SAMPLE.replace('["fiscal_cost_total"]', '["fiscal_cost_total", "fiscal_cost_mxn"]')
    Path("pesos.toml").write_text(kept, encoding="utf-8")
    assert annexv("sweep", "pesos.toml", "--out", "pesos.nc").status == 0
    held = export.read("pesos.nc").fiscal_cost_mxn.sel(scenario="3B", year=2030).sum("component").values / 1e9
    # Prices of December: those of 2020 over those of 1996, from the data of observed prices.
    known = assumptions.observed_prices()
    for year, factor in ((1996, 1.0), (2020, known[2020].december / known[1996].december)):
        assert annexv("report", "pesos.nc", "--pesos", str(year), "--lang", language, "--force").status == 0
        page = Path("pesos.html").read_text(encoding="utf-8")
        assert unit in page
        for value in np.quantile(held * factor, [0.05, 0.5, 0.95]):
            assert f">{value:.4f}<" in page


@pytest.mark.slow
def test_a_sweep_has_no_pesos_that_differ_between_cases_or_were_not_kept(annexv: Command) -> None:
    Path("sample.toml").write_text(SAMPLE, encoding="utf-8")
    assert annexv("sweep", "sample.toml", "--out", "sample.nc").status == 0
    nominal = annexv("report", "sample.nc", "--pesos", "nominal")
    assert nominal.status == 2
    assert (
        "cases of a sweep may differ in prices; allowed are 1996 and years with observed prices"
        in nominal.err
    )
    lacking = annexv("report", "sample.nc", "--pesos", "2020")
    assert lacking.status == 2
    assert "the sweep kept no fiscal_cost_mxn of each case" in lacking.err
    assert not Path("sample.html").exists()
