"""The page of the reproduction: model against print, what was fitted and what was not, alternatives, the statutory basis.

Everything on it is computed when it is written: projections, comparisons, steps between the bases, and what print says of the
free parameters. The fits of :mod:`engine.studies.annex_v.fits` take minutes; they are kept as a file and made again when the
committed fit has moved.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from assumptions.spreadsheet import Writer
from engine.outputs import compare
from engine.studies.annex_v import fits
from engine.studies.annex_v.discrepancies import ENGLISH, Register, export, languages
from engine.studies.annex_v.reproduction.page import page
from engine.studies.annex_v.reproduction.results import Reproduction, make, still_holds

STUDIES_FILE: Final = Path("data") / "studies.csv"
FIGURES: Final = Path("figures")


def write(found: Reproduction, folder: Path) -> list[Path]:
    """Pages, data and figures into a folder as `docs/`; names of the files written.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    from engine.outputs.files import whole

    texts = {
        Path("reproduction.md"): page(found),
        Path("discrepancies.md"): export.page(found.register),
        **registers(found.register),
        Path("data") / "reproduction.csv": cells_csv(found.cells),
        STUDIES_FILE: found.studies.as_csv(),
    }
    for name in ("data", FIGURES):
        (folder / name).mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in texts.items():
        with whole(folder / name) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="\n")
        written.append(folder / name)
    from engine.studies.annex_v.reproduction import figures

    for name, draw in figures.ALL.items():
        target = folder / FIGURES / name
        with whole(target) as temporary:
            draw(found, temporary)
        written.append(target)
    return written


def registers(register: Register) -> dict[Path, str]:
    """The register as files, in every language; English has the plain names."""
    found = {}
    for language in languages():
        name = "discrepancies" if language == ENGLISH else f"discrepancies.{language}"
        found[Path("data") / f"{name}.csv"] = export.as_csv(register, language)
        found[Path("data") / f"{name}.json"] = export.as_json(register, language)
        found[Path("data") / f"discrepancies.{language}.html"] = export.as_html(register, language)
    return found


def cells_csv(cells: Iterable[compare.CellDifference]) -> str:
    """Every printed figure beside the model's, percent of GDP."""
    stream = io.StringIO()
    writer = Writer(stream)
    writer.writerow(("table", "scenario", "column", "year", "printed", "model", "difference", "reading"))
    for cell in cells:
        writer.writerow(
            (
                cell.table,
                cell.scenario,
                cell.column,
                cell.year,
                f"{cell.printed:.5f}",
                f"{cell.model:.6f}",
                f"{cell.difference:.6f}",
                cell.reading,
            )
        )
    return stream.getvalue()


def load_kept(folder: Path) -> fits.Studies | None:
    """Studies kept in a folder as `docs/`, where they still hold; None otherwise."""
    path = folder / STUDIES_FILE
    if not path.is_file():
        return None
    kept = fits.read(path.read_text(encoding="utf-8"), str(path))
    return kept if still_holds(kept) else None


__all__ = ["Reproduction", "cells_csv", "load_kept", "make", "page", "registers", "still_holds", "write"]
