"""The page without a browser: complete, self-contained, small, safe, in both languages."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import assumptions
import engine
from engine.outputs import OutputError, headline, peaks, report, schema, texts
from engine.outputs.report import content
from engine.projection import COMPONENTS

LARGEST = 8_000_000


class Reader(HTMLParser):
    """Collects what a page refers to, its sections, and its text outside scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.references: list[str] = []
        self.sections: list[str] = []
        self.words: list[str] = []
        self._hidden = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.references += [
            str(given[key]) for key in ("src", "href", "action", "srcset", "data") if key in given
        ]
        if tag == "section":
            self.sections.append(str(given.get("id")))
        if tag in ("script", "style"):
            self._hidden = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = ""

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def read(path: Path) -> Reader:
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader


def embedded(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    content: dict[str, Any] = json.loads(found[1])
    return content


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_full_report_is_small(pages: dict[str, Path], language: str) -> None:
    assert pages[language].stat().st_size < LARGEST


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_has_all_sections_and_refers_to_nothing_outside(pages: dict[str, Path], language: str) -> None:
    reader = read(pages[language])
    assert reader.sections == [
        "opening", "summary", "transition", "total_cost", "state", "component", "type", "cohort", "wage", "assets", "heads",
        "print", "bases", "assumptions", "identity",
    ]  # fmt: skip
    assert all(reference.startswith("#") for reference in reader.references)
    assert "default-src 'none'" in pages[language].read_text(encoding="utf-8")[:1000]


def test_a_highest_value_at_the_edge_is_no_peak(full: xr.Dataset) -> None:
    """3B on the statutory basis still rises in 2030 and is highest later. 3B published peaks before."""
    text = texts.load("en")
    tables, years, _ = content.summary(full, text)
    assert years[-1] == 2030
    statutory = {row["name"].rstrip(" *"): row["peak"] for row in tables[0]["rows"]}
    total = full.fiscal_cost_total.sel(basis="statutory", scenario="3B")
    assert statutory["3B"] == f"still rising in 2030 ({float(total[-1]):.3f})"
    longer = engine.project(assumptions.load("3B", sets={"reform.last_year": 2050}), basis="statutory")
    tables, years, _ = content.summary(longer, text)
    costs = longer.fiscal_cost_total.squeeze()
    highest = int(costs.year[int(costs.argmax("year"))])
    assert 2030 < highest < 2050
    assert tables[0]["rows"][0]["peak"] == f"{float(costs.max()):.3f} ({highest})"
    assert years[0] == 1997
    assert years[-1] == 2050
    assert max(np.diff(years)) <= 20
    for found, expected in (
        (peaks.peak((1, 2, 3), (1.0, 2.0, 3.0)), peaks.Peak(3, 3.0, True, True)),
        (peaks.peak((1, 2, 3), (3.0, 1.0, 2.0)), peaks.Peak(1, 3.0, True, False)),
        (peaks.peak((1, 2, 3), (1.0, 3.0, 3.0)), peaks.Peak(2, 3.0, False, False)),
        (peaks.peak((1,), (1.0,)), peaks.Peak(1, 1.0, False, False)),
    ):
        assert found == expected


def test_what_is_said_of_the_bases_is_read_from_them(
    full: xr.Dataset, pages: dict[str, Path], tmp_path: Path
) -> None:
    text = texts.load("en")
    said = content.between_bases(full, text)
    assert "Both divide by the same GDP." in said
    assert "population" in said
    assert "returns on funds" not in said  # the same series on both bases
    assert said in " ".join(read(pages["en"]).words)
    overlay = tmp_path / "gdp.toml"
    overlay.write_text(
        '[overlay]\ntitle = "x"\n[only.published.economy]\ngdp_1997 = 2500e9\n', encoding="utf-8"
    )
    own = engine.project_many([assumptions.load("3B", overlays=[overlay])])
    assert "They divide by different GDPs." in content.between_bases(own, text)
    assert set(text["between_bases"]["area"]) == {
        name.partition(".")[0] for name in assumptions.load("3B").resolve("statutory").names()
    }


def test_spanish_uses_the_terms_of_the_law(pages: dict[str, Path]) -> None:
    page = pages["es"].read_text(encoding="utf-8")
    for term in (
        "Derechos adquiridos", "Pensiones en curso de pago", "Aportaciones estatales", "Cuota social", "Pensión garantizada",
        "Cesantía en edad avanzada", "Invalidez", "riesgo de trabajo",
    ):  # fmt: skip
        assert term in page
    assert '<html lang="es">' in page


def test_figures_carry_the_numbers_of_the_run(full: xr.Dataset, pages: dict[str, Path]) -> None:
    data = embedded(pages["en"].read_text(encoding="utf-8"))
    for basis in full.basis.values.tolist():
        for code in full.scenario.values.tolist():
            one = full.sel(basis=basis, scenario=code)
            shown = data["cost"][basis][code]
            for component in COMPONENTS:
                expected = one.fiscal_cost.sel(component=component).values
                # Six significant digits are shown.
                assert shown[component] == pytest.approx(expected.tolist(), rel=1e-5, abs=1e-12)
            cohorts = [sum(year) for year in zip(*data["cohorts"][basis][code], strict=True)]
            wages = [sum(year) for year in zip(*data["wages"][basis][code], strict=True)]
            assert cohorts == pytest.approx(shown["acquired_rights"], rel=1e-4, abs=1e-9)
            assert wages == pytest.approx(shown["acquired_rights"], rel=1e-4, abs=1e-9)


def test_tables_are_complete_without_scripts(full: xr.Dataset, pages: dict[str, Path]) -> None:
    # Names may be broken at their dots, and only there.
    words = "".join(read(pages["en"]).words)
    total = full.fiscal_cost_total.sel(basis="statutory", scenario="3B", year=2010)
    assert f"{float(total):.3f}" in words
    inputs = assumptions.load("3B").resolve("statutory")
    for name in inputs.names():
        assert name in words
    assert str(full.attrs["run_id"]) in words


def test_text_of_a_user_cannot_become_code(tmp_path: Path) -> None:
    evil = "</script><script>alert(1)</script>\u2028"
    overlay = tmp_path / "evil.toml"
    overlay.write_text(
        f'[overlay]\ntitle = "x"\nsource = "project"\nstatus = "judgement"\nlocator = "{evil}"\n'
        "[contributions]\ndensity = 0.8\n",
        encoding="utf-8",
    )
    pack = assumptions.load("3B", overlays=[overlay], sets={"reform.last_year": 1999})
    page = report.build(engine.project(pack).assign_attrs(title=evil, notices=evil))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_run_of_one_case_leaves_out_what_it_has_not(tmp_path: Path) -> None:
    pack = assumptions.load("3B", sets={"reform.last_year": 1999})
    path = report.write(engine.project(pack, basis="statutory"), tmp_path / "one.html")
    sections = read(path).sections
    assert "bases" not in sections
    assert "component" in sections


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_opens_with_the_sentence_and_the_numbers_of_the_run(
    full: xr.Dataset, pages: dict[str, Path], language: str
) -> None:
    text = texts.load(language)
    page = read(pages[language])
    words = " ".join(page.words)
    said = headline.said(headline.headline(full, "3B", "statutory"), text)
    assert said in words
    assert words.index(said) < words.index(text["section"]["summary"], words.index(said))
    one = full.sel(scenario="3B", basis="statutory")
    assert f"{float(one.fiscal_cost_total[-1]):.2f}%" in words
    assert f"{float(one.fiscal_cost_mxn.sel(year=2020).sum()) / 1e9:,.0f}" in words
    assert f"{headline.headline(full, '3B', 'statutory').present_value:.1f}%" in words
    figure = embedded(pages[language].read_text(encoding="utf-8"))["figures"][0]
    assert figure["traces"][-1]["y"] == pytest.approx(one.fiscal_cost_total.values.tolist(), rel=1e-5)
    assert len(figure["traces"]) == full.sizes["scenario"]


@pytest.mark.slow
def test_a_changed_run_stands_beside_its_base_projected_again(tmp_path: Path) -> None:
    changed = {"contributions.density": 0.75, "reform.last_year": 2005}
    run = engine.project_many([assumptions.load(code, sets=changed) for code in ("2B", "3B")])
    base = engine.project_many(
        [assumptions.load(code, sets={"reform.last_year": 2005}) for code in ("2B", "3B")]
    )
    page = read(report.write(run, tmp_path / "changed.html"))
    assert page.sections[:2] == ["opening", "change"]
    words = " ".join(page.words)
    assert "contributions.density" in words
    assert texts.load("en")["change"]["shipped"] in words
    # A longer or shorter horizon by itself is no change of assumptions: the base has that of the run.
    found = report.change.section(base, run, "3B", texts.load("en"), "")[0]
    was = {
        basis: assumptions.load("3B").resolve(basis).value("contributions.density")
        for basis in map(str, run.basis.values)
    }
    assert sorted((row[0], float(row[2]), float(row[3])) for row in found["changes"]) == [
        ("contributions.density", value, 0.75) for value in sorted(set(was.values()))
    ]
    assert report.change.base_of(base) is None
    xr.testing.assert_equal(report.change.base_of(run).fiscal_cost_total, base.fiscal_cost_total)
    for table, basis in zip(found["tables"], base.basis.values, strict=True):
        rows = {name: [float(value) for value in values] for name, values in table["rows"]}
        for code in ("2B", "3B"):
            sides = [
                side.fiscal_cost_total.sel(basis=basis, scenario=code, year=list(found["years"]))
                for side in (base, run)
            ]
            # Three digits are shown.
            assert rows[f"{code}, base"] == pytest.approx(sides[0].values.tolist(), abs=5e-4)
            assert rows[f"{code}, this run"] == pytest.approx(sides[1].values.tolist(), abs=5e-4)
            assert rows[f"{code}, difference"] == pytest.approx(
                (sides[1] - sides[0]).values.tolist(), abs=5e-4
            )
    parts = report.change.section(base, run, "3B", texts.load("es"), "")[1][1].traces
    total = [sum(values) for values in zip(*(trace.y for trace in parts[:-1]), strict=True)]
    assert total == pytest.approx(parts[-1].y, abs=1e-6)


def test_unknown_languages_and_existing_files_are_refused(full: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="allowed are en, es"):
        report.write(full, tmp_path / "x.html", language="fr")
    (tmp_path / "mine.html").write_text("mine")
    with pytest.raises(OutputError, match="exists already"):
        report.write(full, tmp_path / "mine.html")
    assert (tmp_path / "mine.html").read_text() == "mine"
    with pytest.raises(OutputError, match=r"must end in \.html"):
        report.write(full, tmp_path / "x.pdf")


def test_variables_named_under_figures_exist(pages: dict[str, Path]) -> None:
    words = " ".join(read(pages["en"]).words)
    named = {name for said in re.findall(r"variable ([\w, ]+)\.", words) for name in said.split(", ")}
    assert named
    assert named <= set(schema.VARIABLES)
