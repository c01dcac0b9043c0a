"""The page in headless Chromium: controls move what they say, and numbers are those of the copied command."""

from __future__ import annotations

import shlex
from typing import Any

import numpy as np
import pytest
import xarray as xr

import assumptions
from assumptions import levers

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TOTAL_2030 = "tr[data-line='total'][data-kind='reform'] td[data-year='2030']"
SAYS = f'value => document.querySelector("{TOTAL_2030}").dataset.value === value'
SAYS_NOT = SAYS.replace("===", "!==")
QUOTA = "?lever=social_quota%3D125%25+from+2010&lang=en"


def opened(browser: Any, address: str, query: str = "", width: int = 1280) -> tuple[Any, list[str]]:
    """A page, and everything it complains of or asks elsewhere for."""
    context = browser.new_context(viewport={"width": width, "height": 1000}, accept_downloads=True)
    page = context.new_page()
    heard: list[str] = []
    page.on(
        "console",
        lambda one: heard.append(f"{one.type}: {one.text}") if one.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    page.on(
        "request",
        lambda one: (
            heard.append(f"request: {one.url}")
            if not one.url.startswith((address, "blob:", "data:"))
            else None
        ),
    )
    page.goto(address + query)
    page.wait_for_selector("#card-cost strong, #refused")
    return page, heard


def settled(page: Any, lever: str) -> None:
    """Wait until the address says a lever, and the page what the address says."""
    page.wait_for_function(
        "text => new URLSearchParams(location.search).getAll('lever').some((one) => one.startsWith(text))",
        arg=lever,
    )
    page.wait_for_function("!document.querySelector('[data-dash-is-loading=true]')")


def cell(page: Any, kind: str, line: str, year: int, scenario: str = "3B") -> float:
    row = f"tr[data-scenario='{scenario}'][data-line='{line}'][data-kind='{kind}']"
    return float(page.locator(f"{row} td[data-year='{year}']").get_attribute("data-value"))


def test_numbers_are_those_of_the_copied_command(browser, address, annexv) -> None:
    page, heard = opened(
        browser,
        address,
        "?scenario=3B%2C1B&lever=social_quota%3D125%25+from+2010&lever=infonavit_pays%3Dyes&lang=en",
    )
    page.wait_for_selector("#table td")
    command = shlex.split(page.locator("#command").inner_text())
    assert command[:2] == ["annexv", "run"]
    assert annexv(*command[1:], "--out", "run.nc").status == 0
    with xr.open_dataset("run.nc") as run:
        for scenario in ("3B", "1B"):
            one = run.sel(scenario=scenario, basis="statutory")
            for year in (1997, 2010, 2020, 2030):
                assert cell(page, "reform", "total", year, scenario) == float(
                    one.fiscal_cost_total.sel(year=year)
                )
        main = run.sel(scenario="3B", basis="statutory")
        for component in map(str, run.component.values):
            want = float(main.fiscal_cost.sel(component=component, year=2020))
            assert cell(page, "reform", component, 2020) == want
        drawn = page.evaluate(
            "document.querySelector('#fig-total .js-plotly-plot').data.map((one) => Array.from(one.y))"
        )
        assert np.array_equal(drawn[1], main.fiscal_cost_total.values)
    assert heard == []


def test_a_slider_moves_its_lever(browser, address) -> None:
    page, heard = opened(browser, address)
    page.locator("summary", has_text="Contributions and commissions").click()
    before = cell(page, "reform", "total", 2030)
    slider = page.locator("#lever-commission [role=slider]")
    slider.focus()
    page.keyboard.press("ArrowRight")
    settled(page, "commission=2.25%")
    page.wait_for_function(
        SAYS_NOT,
        arg=repr(before),
    )
    assert cell(page, "reform", "total", 2030) > before
    assert page.locator("#lever-commission input[type=checkbox]").is_checked()
    assert "commission of 2.25%" in page.locator("#differs").inner_text()
    page.locator("#lever-commission input[type=checkbox]").uncheck()
    page.wait_for_function("!location.search.includes('lever')")
    page.wait_for_function(
        SAYS,
        arg=repr(before),
    )
    assert heard == []


@pytest.mark.parametrize(
    "basis",
    ["statutory", *(pytest.param(name, marks=pytest.mark.nightly) for name in assumptions.basis_names()[1:])],
)
def test_every_lever_moves_by_its_control(browser, address, basis) -> None:
    page, heard = opened(browser, address, f"?basis={basis}&lang=en")
    pack = assumptions.load("3B").resolve(basis)
    known = levers.known()
    able = {name for name in known if any(pack.live(move.name)[0] for move in known[name].moves)}
    page.evaluate("document.querySelectorAll('details:not([open]) > summary').forEach((one) => one.click())")
    page.wait_for_function("many => document.querySelectorAll('.lever').length === many", arg=len(able))
    names = page.evaluate("[...document.querySelectorAll('.lever')].map((one) => one.id.slice(6))")
    assert set(names) == able
    for name in names:
        if not known[name].choices:
            slider = page.locator(f"#lever-{name} [role=slider]")
            at_the_end = slider.get_attribute("aria-valuenow") == slider.get_attribute("aria-valuemax")
            slider.focus()
            page.keyboard.press("ArrowLeft" if at_the_end else "ArrowRight")
        else:
            page.locator(f"#lever-{name} input[type=radio]").last.check()
            page.locator(f"#lever-{name} input[type=radio]").first.check()
        settled(page, f"{name}=")
        page.wait_for_function("name => document.querySelector(`#lever-${name} .on input`).checked", arg=name)
        page.locator(f"#lever-{name} .on input").uncheck()
        page.wait_for_function("!location.search.includes('lever')")
    assert heard == []


def test_a_group_that_is_opened_has_the_levers_of_the_basis_chosen_by_then(browser, address) -> None:
    page, heard = opened(browser, address, "?lang=en")
    before = set(page.evaluate("[...document.querySelectorAll('.lever')].map((one) => one.id.slice(6))"))
    page.locator("#basis input[value=reconstructed]").check()
    page.wait_for_function("new URLSearchParams(location.search).get('basis') === 'reconstructed'")
    page.wait_for_timeout(300)  # the address is told when the controls rest
    groups = page.locator("details").all()
    for group in groups:
        if group.get_attribute("open") is None:
            group.locator("summary").press("Enter")
    pack = assumptions.load("3B").resolve("reconstructed")
    known = levers.known()
    able = {
        name
        for name in known
        if any(pack.live(move.name)[0] for move in known[name].moves) and name not in before
    }
    page.wait_for_timeout(1000)
    names = page.evaluate("[...document.querySelectorAll('.lever')].map((one) => one.id.slice(6))")
    shown = set(names) - before
    assert shown
    assert shown <= able
    assert page.locator("details[open]").count() == len(groups)
    assert heard == []


def test_a_year_and_an_option_go_into_the_lever(browser, address) -> None:
    page, heard = opened(browser, address, QUOTA)
    field = page.locator("#lever-social_quota .more input").first
    field.fill("2015")
    field.press("Enter")
    settled(page, "social_quota=125% from 2015")
    limit = page.locator("#lever-social_quota .more input").nth(1)
    limit.fill("4")
    limit.press("Enter")
    settled(page, "social_quota=125% from 2015, up_to=4")
    assert heard == []


def test_contradictory_levers_are_refused_and_the_page_stays(browser, address) -> None:
    page, heard = opened(browser, address, "?lever=infonavit_share%3D50%25&lang=en")
    before = page.locator("#card-cost strong").get_attribute("data-value")
    page.locator("#lever-infonavit_pays input[type=radio]").first.check()
    page.wait_for_selector("#fault li")
    assert "contradict one another" in page.locator("#fault").inner_text()
    assert page.locator("#card-cost strong").get_attribute("data-value") == before
    assert heard == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_wrong_address_is_refused_with_a_message(browser, address, language: str) -> None:
    page, heard = opened(browser, address, f"?lever=density%3D300%25&scenario=9Z&lang={language}")
    said = page.locator("#refused").inner_text()
    assert "density" in said
    assert "9Z" in said
    page.locator("#refused a").click()
    page.wait_for_selector("#card-cost strong")
    assert heard == []


def test_two_pages_do_not_disturb_one_another(browser, address) -> None:
    one, heard_one = opened(browser, address, QUOTA)
    two, heard_two = opened(browser, address, "?scenario=1B&lever=density%3D70%25&lang=es")
    before = two.locator("#card-cost strong").get_attribute("data-value")
    slider = one.locator("#lever-social_quota [role=slider]")
    slider.focus()
    one.keyboard.press("ArrowRight")
    settled(one, "social_quota=130%")
    assert two.locator("#card-cost strong").get_attribute("data-value") == before
    assert "density" in two.url
    assert heard_one == heard_two == []


def test_an_address_shows_the_same_to_a_colleague(browser, address) -> None:
    page, _ = opened(browser, address, QUOTA)
    slider = page.locator("#lever-social_quota [role=slider]")
    slider.focus()
    page.keyboard.press("ArrowRight")
    settled(page, "social_quota=130%")
    page.wait_for_timeout(500)
    other, heard = opened(browser, address, "?" + page.url.partition("?")[2])
    other.wait_for_selector("#table td")
    assert cell(other, "reform", "total", 2030) == cell(page, "reform", "total", 2030)
    assert other.locator("#sentence").inner_text() == page.locator("#sentence").inner_text()
    assert heard == []


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_is_wider_than_the_window(browser, address, width: int, language: str) -> None:
    page, heard = opened(browser, address, f"?lever=social_quota%3D125%25+from+2010&lang={language}", width)
    page.wait_for_selector("#fig-gains .main-svg")
    wide = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert wide
    assert page.evaluate("document.documentElement.lang") == language
    assert heard == []


def test_files_are_written_only_when_asked(browser, address, tmp_path) -> None:
    page, heard = opened(browser, address, QUOTA)
    with page.expect_download() as waiting:
        page.locator("#get-toml").click()
    target = tmp_path / "reform.toml"
    waiting.value.save_as(target)
    assert "[state.social_quota]" in target.read_text(encoding="utf-8")
    assert heard == []


def test_a_stopped_server_frees_its_port(annexv) -> None:
    import socket

    from engine.explore import serve
    from engine.outputs import OutputError

    with serve.running("en", None) as found:
        port = int(found.rstrip("/").rpartition(":")[2])
        with pytest.raises(OutputError, match="is taken"):
            serve.server("en", port)
        done = annexv("explore", "--port", str(port), "--no-browser")
        assert done.status == 2
        assert f"--port {port}: is taken" in done.err
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((serve.HOST, port))
