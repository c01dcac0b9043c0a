"""Writes docs/hindcast.md and docs/hindcast.es.md: the hindcast of scenario 3B. Usage: python docs/hindcast.py"""

from __future__ import annotations

from pathlib import Path

from engine.hindcast import page, study
from engine.hindcast.lines import last_observed_price

HERE = Path(__file__).parent
PAGES = {"en": "hindcast.md", "es": "hindcast.es.md"}


def main() -> None:
    """Write the documents."""
    found = study.hindcast("3B", last_observed_price())
    for language, name in PAGES.items():
        (HERE / name).write_text(page.markdown(found, language), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
