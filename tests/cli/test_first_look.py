"""The first screen: short, narrow, in both languages, and every number in it that of the file."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from engine.cli import language
from engine.outputs import headline, money, netcdf, overview

LINES, COLUMNS = 40, 80
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _terminal_of_eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    for name in (language.VARIABLE, *language.LOCALES):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("options", [(), ("--to", "2060"), ("--pesos", "nominal"), ("--scenario", "0A")])
def test_the_first_screen_fits(annexv, lang: str, options: tuple[str, ...]) -> None:
    done = annexv("run", *options, "--lang", lang)
    shown = done.out.splitlines()
    assert done.status == 0
    assert len(shown) <= LINES
    assert max(len(line.rstrip()) for line in shown) <= COLUMNS


@pytest.mark.slow
def test_every_number_of_the_first_screen_is_that_of_the_file(annexv, tmp_path: Path) -> None:
    done = annexv("run")
    run = netcdf.read(tmp_path / "results" / "annex_v.nc")
    gdp, cost = run.gdp, run.fiscal_cost_mxn.sum("component")
    code = ""
    rows = [
        line for line in done.out.splitlines() if re.search(r"\b(statutory|published)\b.*\d\.\d\d ", line)
    ]
    assert len(rows) == 16
    for row in rows:
        code = row[:2].strip() or code
        basis = "statutory" if "statutory" in row else "published"
        where = {"scenario": code, "basis": basis}
        one = run.fiscal_cost_total.sel(where)
        years = [f"{float(one.sel(year=year)):.2f}" for year in (1997, 2010, 2020, 2030)]
        rest = re.split(r"statutory|published", row)[1].replace("*", " ").split()
        assert rest[:4] == years
        rest = rest[4:]
        highest = int(one.idxmax("year"))
        if highest == 2030:
            assert rest[:2] == ["still", "rising"]
        else:
            assert rest[:2] == [f"{float(one.max()):.2f}", str(highest)]
        # Every shipped scenario has one return for all years; flows are paid in the middle of theirs.
        rate = {"4A": 0.02, "4B": 0.02}.get(code, 0.035)
        worth = sum(
            float(cost.sel(where).sel(year=year)) / (1.0 + rate) ** (year - 1997 + 0.5)
            for year in range(1997, 2031)
        )
        assert rest[2] == f"{100.0 * worth / float(gdp.sel(where).sel(year=1997)):.1f}"
        # INFONAVIT: pays, return from 2005 on, inflation after 2003, as the annex prints them for each scenario.
        if row[:2].strip():
            number, letter = code
            assert row.split()[1:4] == [
                "no" if number == "3" else "yes",
                {"1": "3.5%", "2": "0%", "3": "3.5%", "4": "2%"}[number],
                {"A": "10%", "B": "6%"}[letter],
            ]
    sentence = " ".join(done.out.split("\n(")[0].split())
    one = run.sel(scenario="3B", basis="statutory")
    for year in (1997, 2020, 2030):
        assert f"{float(one.fiscal_cost_total.sel(year=year)):.2f}%" in sentence
    assert (
        f"{float(cost.sel(scenario='3B', basis='statutory', year=2020)) / 1e9:,.0f} thousand million"
        in sentence
    )


def test_the_next_commands_run(annexv) -> None:
    done = annexv("run", "--scenario", "3B", "--basis", "statutory", "--to", "2022")
    commands = [line.split()[1:] for line in done.out.splitlines() if line.startswith("  annexv ")]
    assert [command[0] for command in commands] == ["run", "explain", "report"]
    for command in commands:
        assert annexv(*command).status == 0


def test_a_peak_within_the_horizon_is_told_with_its_year(annexv, tmp_path: Path) -> None:
    done = annexv("run", "-s", "3B", "--basis", "statutory", "--to", "2060")
    total = netcdf.read(tmp_path / "results" / "annex_v.nc").fiscal_cost_total.squeeze()
    year = int(total.idxmax("year"))
    assert f"(peak {float(total.max()):.2f}% in {year})" in " ".join(done.out.split())
    full = annexv("run", "-s", "3B", "--basis", "statutory", "--to", "2060", "--full")
    heads = next(
        line for line in full.out.splitlines() if "1997" in line and "2060" in line and "%" not in line
    )
    assert str(year) in heads.split()


@pytest.mark.slow
def test_pesos_of_other_years_are_those_of_the_prices(annexv, tmp_path: Path) -> None:
    pesos = {}
    for asked in ("1996", "2020", "2050", "nominal"):
        done = annexv("run", "-s", "3B", "--basis", "statutory", "--pesos", asked)
        found = re.search(r"([\d,]+) thousand million pesos (.*?) in 2020", " ".join(done.out.split()))
        assert found
        pesos[asked] = float(found[1].replace(",", "")), found[2]
    base = pesos["1996"][0]
    # INPC of December 2020 over that of December 1996 (INEGI, second half of July 2018 = 100): 109.271 / 28.759.
    assert pesos["2020"][0] == pytest.approx(base * 109.271 / 28.759, abs=3.0)
    assert "observed prices" in pesos["2020"][1]
    # Series B of Annex V: 22, 16, 12, 11, 9, 6, 6% in 1997-2003, held at 6%.
    december = np.prod([1.22, 1.16, 1.12, 1.11, 1.09]) * 1.06 ** np.array([18.0, 19.0])
    assert pesos["nominal"][0] == pytest.approx(base * (0.06 / np.log(1.06)) * december[0], rel=0.01)
    assert pesos["2050"][0] == pytest.approx(base * december[1] * 1.06**30, rel=0.01)
    assert "prices of the run" in pesos["2050"][1]
    run = netcdf.read(tmp_path / "results" / "annex_v.nc")
    assert run.fiscal_cost_mxn.attrs["price_basis"] == "December 1996"
    assert money.convert(run, "nominal").gdp.attrs["price_basis"] == "each year, prices of the run"


def test_the_present_value_does_not_depend_on_the_money(annexv, tmp_path: Path) -> None:
    annexv("run", "-s", "1B", "--basis", "statutory")
    run = netcdf.read(tmp_path / "results" / "annex_v.nc")
    worth = [
        headline.headline(money.convert(run, asked), "1B", "statutory").present_value
        for asked in ("1996", "2015", "nominal")
    ]
    assert worth == pytest.approx([worth[0]] * 3, rel=1e-12)


@pytest.mark.parametrize("asked", ["1980", "gold", "20", ""])
def test_money_that_nobody_knows_is_refused(annexv, asked: str) -> None:
    done = annexv("run", "-s", "3B", "--pesos", asked)
    assert done.status == 2
    assert "--pesos" in done.err
    assert "nominal" in done.err


def test_the_language_is_that_of_the_option_else_of_the_environment(
    annexv, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = ("run", "-s", "3B", "--to", "1999")
    assert annexv(*short).out.startswith("Scenario")
    monkeypatch.setenv("LANG", "es_MX.UTF-8")
    assert annexv(*short).out.startswith("Escenario")
    monkeypatch.setenv("ANNEXV_LANG", "en")
    assert annexv(*short).out.startswith("Scenario")
    assert annexv(*short, "--lang", "es").out.startswith("Escenario")
    monkeypatch.setenv("ANNEXV_LANG", "fr")
    refused = annexv(*short)
    assert refused.status == 2
    assert "ANNEXV_LANG fr: not known; allowed are en, es" in refused.err


def test_sparklines_share_a_scale() -> None:
    assert overview.sparklines([(0.0, 1.0), (1.0, 0.5)]) == ["▁█", "█▅"]
    assert overview.sparklines([(2.0, 2.0)], overview.PLAIN_BARS) == ["__"]
    assert len(overview.sparkline(range(100), 0, 99)) == 8


@pytest.mark.parametrize(("lang", "unit"), [("en", "million pesos"), ("es", "millones de pesos")])
def test_a_small_fund_has_figures_on_the_first_screen(annexv, tmp_path: Path, lang: str, unit: str) -> None:
    """Its cost is millions of pesos and less than a thousandth of a percent of GDP: neither is told as 0."""
    for name in ("members.csv", "pensioners.csv"):
        shutil.copy(ROOT / "examples" / "closed_fund" / name, tmp_path)
    (tmp_path / "small.toml").write_text(
        '[overlay]\ntitle = "Small"\n[population]\nmembers_file = "members.csv"\nopen_group = false\n'
        '[pensions]\npensioners_file = "pensioners.csv"\n'
        "[pensions.ongoing_emssa_weight]\n"
        "value = { retirement = 1.0, disability = 0.0, survivors = 1.0, orphans = 0.0, occupational = 0.5 }\n",
        encoding="utf-8",
    )
    args = (
        "--scenario",
        "3B",
        "--basis",
        "statutory",
        "--overlay",
        "small.toml",
        "--out",
        "x.nc",
        "--lang",
        lang,
    )
    done = annexv("run", *args)
    assert done.status == 0
    run = netcdf.read(tmp_path / "x.nc").squeeze()
    said = " ".join(done.out.split())
    assert f"{float(run.fiscal_cost_mxn.sum('component').sel(year=2020)) / 1e6:.2f} {unit}" in said
    shown = re.search(r"([0-9.]+)% \w+ 2020", said)
    assert shown
    highest = float(run.fiscal_cost_total.max())
    assert abs(float(shown[1]) - float(run.fiscal_cost_total.sel(year=2020))) < 0.05 * highest
    assert not re.search(r"\b0\.0+%", said)


def test_without_the_extra_no_page_is_offered(annexv, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a plain installation every command that is offered runs."""
    short = ("run", "--scenario", "3B", "--set", "reform.last_year=2003")
    assert "annexv report" in annexv(*short).out
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "plotly" else find(name, *rest)
    )
    said = annexv(*short).out
    assert "annexv report" not in said
    assert "annexv validate -s 3B" in said
