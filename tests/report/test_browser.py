"""The page in headless Chromium: no errors, no requests, working switches, nothing overlaps, wide, narrow and printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xarray as xr

from engine import compare_runs
from engine.outputs import export, texts
from engine.outputs.report import comparison

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDTHS = (1280, 400)
FIGURES = (
    "fig-opening", "fig-transition", "fig-total-0", "fig-total-1", "fig-state", "fig-component", "fig-type", "fig-cohort",
    "fig-wage", "fig-assets", "fig-contributors", "fig-pensioners", "fig-print", "fig-bases",
)  # fmt: skip

# Boxes that must not touch: blocks of a section, and inside a figure the plot, the labels of its axes and the legend.
OVERLAPS = """
() => {
  // The switches stay at the top of the window, above what scrolls below them.
  window.scrollTo(0, 0);
  const found = [];
  const box = (node) => node.getBoundingClientRect();
  const cross = (a, b) => a.width > 0 && b.width > 0 && a.left < b.right - 1 && b.left < a.right - 1
    && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const named = (node) => node.id || node.getAttribute("class") || node.textContent;
  const check = (nodes, where) => {
    for (let i = 0; i < nodes.length; i++)
      for (let j = i + 1; j < nodes.length; j++)
        if (cross(box(nodes[i]), box(nodes[j]))) found.push(where + ": " + named(nodes[i]) + " and " + named(nodes[j]));
  };
  check([...document.querySelectorAll("header.page, .switches, section")], "page");
  for (const section of document.querySelectorAll("section")) check([...section.children], section.id);
  for (const figure of document.querySelectorAll(".figure")) check([...figure.children], figure.id || "figure");
  for (const field of document.querySelectorAll(".switches")) check([...field.querySelectorAll("button")], "switches");
  for (const plot of document.querySelectorAll(".plot")) {
    const legend = plot.querySelector(".legend"), ticks = [...plot.querySelectorAll(".xtick text")];
    check([plot.querySelector(".nsewdrag"), legend, plot.querySelector(".modebar-group")].filter(Boolean), plot.id);
    check(ticks, plot.id + " years");
    for (const tick of ticks) if (legend && cross(box(tick), box(legend))) found.push(plot.id + ": year and legend");
    check([...plot.querySelectorAll(".ytick text")], plot.id + " values");
    const whole = box(plot);
    for (const text of plot.querySelectorAll("text")) {
      const inner = box(text);
      const out = inner.left < whole.left - 1 || inner.right > whole.right + 1 || inner.bottom > whole.bottom + 1;
      if (inner.width > 0 && out) found.push(plot.id + ": cut off: " + text.textContent);
    }
  }
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) found.push("the page is wider than the window");
  return found;
}
"""


def opened(browser: Any, path: Path, width: int) -> tuple[Any, list[str]]:
    """A page in a window of that width, and everything it complains of or asks for."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    heard: list[str] = []
    page.on("console", lambda message: heard.append(f"console {message.type}: {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    page.on(
        "request",
        lambda request: (
            heard.append(f"request: {request.url}")
            if not request.url.startswith(("file:", "blob:", "data:"))
            else None
        ),
    )
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready=true]")
    page.wait_for_function("document.querySelectorAll('.plot .legend').length > 0")
    return page, heard


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_it_opens_without_a_word_and_nothing_overlaps(
    browser: Any, pages: dict[str, Path], language: str, width: int
) -> None:
    page, heard = opened(browser, pages[language], width)
    drawn = page.evaluate(
        "[...document.querySelectorAll('.plot')].filter((n) => n.querySelector('.main-svg')).map((n) => n.id)"
    )
    assert tuple(drawn) == FIGURES
    assert page.evaluate(OVERLAPS) == []
    assert heard == []
    page.close()


def values(page: Any, figure: str) -> list[Any]:
    found: list[Any] = page.evaluate(
        f"document.getElementById('{figure}').data.map((trace) => [trace.name, trace.y[3]])"
    )
    return found


def test_switches_change_figures_and_titles(browser: Any, full: xr.Dataset, pages: dict[str, Path]) -> None:
    page, heard = opened(browser, pages["en"], 1280)
    for scenario, basis in (("3B", "statutory"), ("3B", "published"), ("4A", "published")):
        page.click(f"[data-switch=scenario] button[data-value='{scenario}']")
        page.click(f"[data-switch=basis] button[data-value='{basis}']")
        subject = page.text_content("#fig-component-unit")
        assert subject == f"Scenario {scenario}, basis {basis}, percent of GDP"
        # The title says what the figure shows, with its numbers.
        cost = full.fiscal_cost.sel(basis=basis, scenario=scenario, year=2030)
        top = texts.load("en")["component"][str(cost.component[int(cost.values.argmax())].item())]
        mark = (
            " *"
            if full.method.sel(basis=basis, scenario=scenario).values[int(cost.values.argmax())] == "replica"
            else ""
        )
        said = f"{top}{mark}: the largest part in 2030, {float(cost.max()):.2f} of {float(cost.sum()):.2f} percent of GDP"
        assert page.text_content("#fig-component-title") == said
        name, shown = values(page, "fig-component")[0]
        assert name.startswith("Acquired rights")
        assert name.endswith("*") is (basis == "published" and scenario == "4A")
        expected = full.fiscal_cost.sel(
            basis=basis, scenario=scenario, component="acquired_rights", year=2000
        )
        assert shown == pytest.approx(float(expected), rel=1e-5)
        pressed = page.eval_on_selector_all(
            ".switches [aria-pressed=true]", "(nodes) => nodes.map((n) => n.dataset.value)"
        )
        assert pressed == [scenario, basis]
        by_name = dict(values(page, "fig-transition"))
        mark = " *" if full.method.sel(basis=basis, scenario="1B").values[0] == "replica" else ""
        wanted = float(
            full.fiscal_cost.sel(basis=basis, scenario="1B", component="acquired_rights", year=2000)
        )
        assert by_name[f"1B{mark}"] == pytest.approx(wanted, rel=1e-5)
    assert page.evaluate(OVERLAPS) == []
    assert heard == []
    page.close()


def test_a_window_may_change_its_width(browser: Any, pages: dict[str, Path]) -> None:
    page, heard = opened(browser, pages["es"], 1280)
    for width in (420, 900, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(2000)
        assert page.evaluate(OVERLAPS) == []
    assert heard == []
    page.close()


def test_hover_shows_values(browser: Any, pages: dict[str, Path]) -> None:
    page, heard = opened(browser, pages["en"], 1280)
    page.locator("#fig-component").scroll_into_view_if_needed()
    page.locator("#fig-component .nsewdrag").hover()
    page.wait_for_selector("#fig-component .hoverlayer .legend, #fig-component .hoverlayer .hovertext")
    assert "Acquired rights" in page.text_content("#fig-component .hoverlayer")
    assert heard == []
    page.close()


def test_assumptions_can_be_opened_and_searched(browser: Any, pages: dict[str, Path]) -> None:
    page, heard = opened(browser, pages["en"], 1280)
    page.click("#assumptions-details > summary")
    # The table fits its frame, with the sources in sight.
    assert page.eval_on_selector(
        "#assumptions-table", "(node) => node.scrollWidth <= node.parentElement.clientWidth"
    )
    page.fill("#assumptions-search", "contributions.ceav_state")
    shown = page.eval_on_selector_all(
        "#assumptions-table tbody tr:not([hidden]) td:first-child code",
        "(nodes) => nodes.map((n) => n.textContent)",
    )
    assert set(shown) == {"contributions.ceav_state"}
    assert page.evaluate(OVERLAPS) == []
    assert heard == []
    page.close()


def test_it_prints_figures_that_fit_the_sheet(browser: Any, pages: dict[str, Path]) -> None:
    page, _ = opened(browser, pages["en"], 1280)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    widths = page.eval_on_selector_all(
        ".plot .main-svg", "(nodes) => nodes.map((n) => n.getBoundingClientRect().width)"
    )
    # A4 less margins of 13 mm: 184 mm at 96 dots an inch.
    assert max(widths) <= 184 / 25.4 * 96
    assert page.eval_on_selector(".switches", "(node) => getComputedStyle(node).display") == "none"
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(OVERLAPS) == []
    # What is folded on screen stands on paper: the assumptions among it.
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.eval_on_selector_all("details", "(nodes) => nodes.every((n) => n.open)")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not page.eval_on_selector_all("details", "(nodes) => nodes.some((n) => n.open)")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.close()


def test_a_comparison_is_drawn_as_a_waterfall(browser: Any, full: xr.Dataset, tmp_path: Path) -> None:
    from engine.cli.compare import _content

    inputs = export.resolved_inputs(full)
    fall = compare_runs.waterfall(inputs["statutory", "3B"], inputs["statutory", "1A"])
    found = _content([fall], Path("a.nc"), Path("b.nc"))
    groups = compare_runs.holders(inputs["statutory", "3B"], inputs["statutory", "1A"], fall.years)
    # By birth year, sex and wage alike, the rights are the component.
    rights = compare_runs.LINES.index("acquired_rights")
    for group in groups:
        assert group.old.sum(axis=0) == pytest.approx(fall.old[rights], rel=1e-9)
        assert group.new.sum(axis=0) == pytest.approx(fall.new[rights], rel=1e-9)
    assert [group.kind for group in groups] == ["birth", "sex", "wage"]
    path = comparison.write(found, tmp_path / "compared.html", holders=[groups])
    spanish = comparison.write(found, tmp_path / "comparadas.html", holders=[groups], language="es")
    page, heard = opened(browser, path, 1280)
    trace = page.evaluate("document.getElementById('fig-waterfall').data[0]")
    assert trace["measure"][0] == "absolute"
    assert trace["measure"][-1] == "total"
    # What is shown leads from A to B.
    assert sum(trace["x"][:-1]) == pytest.approx(trace["x"][-1], abs=1e-9)
    page.select_option("#line", "acquired_rights")
    assert page.text_content("#fig-waterfall-unit").startswith(
        "Acquired rights, 2030: 3B, statutory - 1A, statutory"
    )
    change = fall.new[0, -1] - fall.old[0, -1]
    assert f"The cost moves by {change:+.3f} points of GDP in 2030" in page.text_content(
        "#fig-waterfall-title"
    )
    assert heard == []
    gains = page.evaluate("document.getElementById('fig-sex').data[0].customdata")
    assert gains == pytest.approx((groups[1].new - groups[1].old)[:, -1].tolist(), rel=1e-5)
    assert page.evaluate(OVERLAPS) == []
    page.close()
    page, heard = opened(browser, spanish, 400)
    assert page.text_content("h1") == "Comparación de dos corridas"
    assert page.evaluate(OVERLAPS) == []
    assert heard == []
    page.close()
