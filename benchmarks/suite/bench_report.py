"""The page of a full run."""

from __future__ import annotations

import tempfile
from pathlib import Path

import assumptions
import engine
from benchmarks.suite import QUICK, sets
from engine.outputs import netcdf, report


class Report:
    timeout = 600
    number = 1
    repeat = 1 if QUICK else 3

    def setup(self) -> None:
        packs = [assumptions.load(code, sets=sets()) for code in assumptions.scenario_codes()]
        with tempfile.TemporaryDirectory() as folder:
            written = netcdf.write(engine.project_many(packs), Path(folder) / "run.nc", command="annexv run")
            self.run = netcdf.read(written)
            report.write(self.run, Path(folder) / "page.html")

    def time_page(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            report.write(self.run, Path(folder) / "page.html")
