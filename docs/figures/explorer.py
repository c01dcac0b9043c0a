"""Pictures of the explorer for docs/your_reform.md: `python docs/figures/explorer.py` (needs explore and Chromium)."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

from engine.explore import serve

FOLDER = Path(__file__).parent
QUERY = "?lever=retirement_age%3D67+from+2010&lever=social_quota%3D125%25+from+2010&lang=en"
PICTURES = {"explorer.png": (1280, 1150), "explorer_narrow.png": (400, 1000)}


def main() -> None:
    """Write the pictures."""
    binary = shutil.which("chromium") or shutil.which("google-chrome")
    with serve.running("en", None) as address, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=binary, args=["--no-sandbox"])
        for name, (width, height) in PICTURES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(address + QUERY)
            page.wait_for_selector("#fig-gains .main-svg .lines")
            page.wait_for_timeout(1000)
            if width < 900:
                page.locator("main").scroll_into_view_if_needed()
                page.evaluate("document.querySelector('main').scrollIntoView()")
                page.wait_for_timeout(500)
            page.screenshot(path=str(FOLDER / name))
        browser.close()


if __name__ == "__main__":
    main()
