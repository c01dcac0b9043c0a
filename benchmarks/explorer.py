"""How long a change takes to show in the explorer: from a key on a slider to the numbers and to the chart.

    python benchmarks/explorer.py
    python benchmarks/explorer.py --scenarios 3B 1B 2B --slider 3 --moves 20

Milliseconds in headless Chromium on the same machine, the server beside it: median and range of moves to values that nobody
could expect, of steps to the value beside the last one, which the server reckons while the controls rest, and of moves back
to what it keeps. Needs the extra ``explore``, playwright and a browser.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import time
from typing import Any, Final

import assumptions

_QUIET: Final = 1.5  # seconds in which nothing of a move is left to do
_NEVER: Final = 3600.0
_SHOWN: Final = 2  # numbers and chart: a move that changes neither is none
_WATCH: Final = """
() => {
  const place = document.getElementById("table"), plot = document.querySelector("#fig-total .js-plotly-plot");
  const said = () => [...place.querySelectorAll("tr.reform td")].map((cell) => cell.dataset.value).join();
  const before = said(), found = {};
  let start = 0;
  document.addEventListener("keydown", (pressed) => { start = pressed.timeStamp; }, { once: true, capture: true });
  // Shown: when the next frame has been made; a message overtakes the timers of what the page does after it.
  const framed = (what) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { found[what] = performance.now() - start; };
    port2.postMessage(null);
  });
  const seen = new MutationObserver(() => {
    if (seen.done || said() === before) return;
    seen.done = true;
    framed("numbers");
  });
  seen.observe(place, { subtree: true, childList: true, attributes: true });
  const drawn = () => framed("chart");
  plot.on("plotly_afterplot", drawn);
  window.measured = () => { seen.disconnect(); plot.removeListener("plotly_afterplot", drawn); return found; };
}
"""


def moves(scenarios: list[str], slider: int, number: int) -> dict[str, list[dict[str, float]]]:
    """Milliseconds of moves to values that are new, to those beside them, and back to values that were asked for before."""
    from playwright.sync_api import sync_playwright

    from engine.explore import expected, numbers, serve

    browser = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
    numbers.warm(scenarios)
    with serve.running() as address, sync_playwright() as play:
        opened = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = opened.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}?scenario={','.join(scenarios)}")
        page.wait_for_selector("#table tr.reform")
        time.sleep(2 * _QUIET)
        sliders = page.locator("[role=slider]")
        if slider >= sliders.count():
            raise LookupError(f"--slider {slider} is not allowed; the page has 0 to {sliders.count() - 1}")
        handle = sliders.nth(slider)
        handle.focus()

        def move(key: str) -> dict[str, Any]:
            page.evaluate(_WATCH)
            handle.press(key)
            time.sleep(_QUIET)
            found: dict[str, Any] = page.evaluate("window.measured()")
            return found

        rest, expected.REST = expected.REST, _NEVER
        move("ArrowLeft")  # the first move ticks the lever's box as well
        move("ArrowRight")
        new = [move("ArrowRight") for _ in range(number)]
        back = [move("ArrowLeft") for _ in range(number)]
        expected.REST = rest
        beside = [move("ArrowLeft") for _ in range(number + 1)][1:]
        opened.close()
    found = {"new": new, "beside": beside, "back": back}
    return {said: [one for one in kind if len(one) == _SHOWN] for said, kind in found.items()}


def main() -> int:
    """Print the milliseconds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--scenarios", nargs="+", default=["3B"], choices=assumptions.all_scenario_codes())
    parser.add_argument("--slider", type=int, default=0, help="which of the sliders of the first group")
    parser.add_argument("--moves", type=int, default=8)
    asked = parser.parse_args()
    if asked.moves < 1 or asked.slider < 0:
        parser.error("--moves from 1, --slider from 0 on are allowed")
    try:
        measured = moves(asked.scenarios, asked.slider, asked.moves)
    except (ModuleNotFoundError, LookupError) as error:
        parser.error(str(error))
    for said, found in measured.items():
        for what in ("numbers", "chart"):
            values = sorted(one[what] for one in found)
            if not values:
                print(f"{said:6} {what:8} nothing moved")
            else:
                middle = statistics.median(values)
                print(
                    f"{said:6} {what:8} {middle:4.0f} ms ({values[0]:.0f} to {values[-1]:.0f}, {len(values)} moves)"
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
