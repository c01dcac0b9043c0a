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

PRINTED_TABLES: Final = (
    "table4",
    "table5",
    "table6",
    "table7",
    "table8",
    "table9a",
    "table9b",
    "table10",
    "table11",
    "accumulation_b1",
)


@lru_cache(maxsize=32)
def tables_of(switches: Switches) -> dict[str, pd.DataFrame]:
    """Shared by all callers: to be read, not changed."""
    return Paper(load_values(), switches, load_workers(), load_art167()).tables()


def reproduce(mode: Mode = "as_printed", early_guarantee: bool = False) -> dict[str, pd.DataFrame]:
    """Tables 4 to 11 and Appendix B1 of the paper, unrounded, in long form.

    Returns
    -------
    dict of DataFrame
        Keys table4, table5, table6, table7, table8, table9a, table9b, table10, table11, accumulation_b1. Columns sex, area,
        education, measure, value; Tables 7, 8 and 10 are ratios of men to women and have no sex. What each measure is and
        its unit: the docstrings of the methods of the same names. With `early_guarantee` the new law's guarantee asks for 20
        years in place of 25, as in Figure 10.
    """
    return {name: table.copy() for name, table in tables_of(load_switches(mode, early_guarantee)).items()}


def printed(table: str) -> pd.DataFrame:
    """One printed table: sex (not in ratios), area, education, measure, printed (as read), corrected, note."""
    frame = pd.read_csv(FOLDER / f"{table}.csv", dtype={"education": str, "age_group": str, "note": str})
    if table == "accumulation_b1":
        group = frame["age_group"].fillna("")
        frame["measure"] = (frame["item"] + " " + group).str.strip()
    frame["note"] = frame["note"].fillna("")
    keys = [name for name in WORKER if name in frame.columns]
    return frame.rename(columns={"value": "corrected"})[[*keys, "measure", "printed", "corrected", "note"]]


def _comparable(table: str, ours: pd.DataFrame) -> pd.DataFrame:
    """Printed cells that are computed: Table 4 has ages at marriage and observed experience beside them."""
    frame = printed(table)
    return frame[frame["measure"].isin(ours["measure"])]


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
        own = _comparable(table, ours[table])
        keys = [name for name in WORKER if name in own.columns]
        merged = own.merge(ours[table], on=[*keys, "measure"], how="left", validate="one_to_one")
        merged = merged if "sex" in merged else merged.assign(sex="")
        allowed = tolerances[table]
        merged.insert(0, "table", table)
        merged["difference"] = merged["value"] - merged["printed"].fillna(merged["corrected"])
        merged["tolerance"] = [float(allowed.get(name, allowed["*"])) for name in merged["measure"]]
        merged["ok"] = merged["difference"].abs() <= merged["tolerance"] + SAFETY
        parts.append(merged)
    columns = ["table", *WORKER, "measure", "printed", "value", "difference", "tolerance", "ok", "note"]
    return pd.concat(parts, ignore_index=True)[columns]


def entitled(early_guarantee: bool = False) -> pd.DataFrame:
    """Share of each group that reaches the years of the new law's guarantee, by the distribution of Table 11.

    Returns
    -------
    DataFrame
        sex, area, education, years, share (fraction). Figure 10 of the paper has an alternative guarantee after 20 years;
        only its legend survives, so it is computed and not compared.
    """
    table = reproduce("as_printed", early_guarantee)["table11"]
    years = int(load_values().new_law_years_early if early_guarantee else load_values().new_law_years)
    own = table[table["measure"] == f"p_lt_{years}y"]
    return own[WORKER].assign(years=years, share=1.0 - own["value"]).reset_index(drop=True)


def slips() -> pd.DataFrame:
    """Misprints and slips of the paper and of its scan: where, kind, printed_or_read, correct_or_implied, proof."""
    return pd.read_csv(FOLDER / "misprints.csv", dtype=str).fillna("")


__all__ = ["compare", "entitled", "printed", "reproduce", "slips", "tables_of"]
