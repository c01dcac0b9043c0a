"""The tables in either mode, those in print, and the difference."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import pandas as pd

from engine.studies.parker_wong.data import (
    FOLDER,
    WORKER,
    Mode,
    Switches,
    load_art167,
    load_switches,
    load_tolerances,
    load_values,
    load_workers,
)
from engine.studies.parker_wong.formulas import SAFETY
from engine.studies.parker_wong.paper import Paper

PRINTED_TABLES: Final = ("table5", "table6", "table9a", "accumulation_b1")


@lru_cache(maxsize=32)
def tables_of(switches: Switches) -> dict[str, pd.DataFrame]:
    """Shared by all callers: to be read, not changed."""
    return Paper(load_values(), switches, load_workers(), load_art167()).tables()


def reproduce(mode: Mode = "as_printed") -> dict[str, pd.DataFrame]:
    """Tables 5 to 11 and Appendix B1 of the paper, unrounded, in long form.

    Returns
    -------
    dict of DataFrame
        Keys table5, table6, table7, table8, table9a, table9b, table10, table11, accumulation_b1. Columns sex, area,
        education, measure, value; Tables 7, 8 and 10 are ratios of men to women and have no sex. What each measure is and
        its unit: the docstrings of the methods of the same names.
    """
    return {name: table.copy() for name, table in tables_of(load_switches(mode)).items()}


def printed(table: str) -> pd.DataFrame:
    """One printed table: sex, area, education, measure, printed (as read), corrected (by an identity), note."""
    frame = pd.read_csv(FOLDER / f"{table}.csv", dtype={"education": str, "age_group": str})
    if table == "accumulation_b1":
        group = frame["age_group"].fillna("")
        frame["measure"] = (frame["item"] + " " + group).str.strip()
    frame["note"] = frame["note"].fillna("")
    return frame.rename(columns={"value": "corrected"})[[*WORKER, "measure", "printed", "corrected", "note"]]


def compare(mode: Mode = "as_printed") -> pd.DataFrame:
    """Every printed cell beside ours.

    Returns
    -------
    DataFrame
        table, sex, area, education, measure, printed, value (ours), difference (value - printed), tolerance, ok, note. A
        cell that could not be read has no `printed`; its difference is to the figure the data prove, see the note.
        Misprints are compared as printed, and differ. Tolerances come from the printed digits (parameters.toml).
    """
    ours = reproduce(mode)
    tolerances = load_tolerances()
    parts = []
    for table in PRINTED_TABLES:
        merged = printed(table).merge(ours[table], on=[*WORKER, "measure"], how="left", validate="one_to_one")
        allowed = tolerances[table]
        merged.insert(0, "table", table)
        merged["difference"] = merged["value"] - merged["printed"].fillna(merged["corrected"])
        merged["tolerance"] = [float(allowed.get(name, allowed["*"])) for name in merged["measure"]]
        merged["ok"] = merged["difference"].abs() <= merged["tolerance"] + SAFETY
        parts.append(merged)
    columns = ["table", *WORKER, "measure", "printed", "value", "difference", "tolerance", "ok", "note"]
    return pd.concat(parts, ignore_index=True)[columns]


__all__ = ["compare", "printed", "reproduce", "tables_of"]
