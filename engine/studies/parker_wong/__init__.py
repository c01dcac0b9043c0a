"""Reproduction of Parker & Wong (2001): fourteen workers under the new and the old law, by sex.

S. W. Parker and R. Wong, "Social security reform in Mexico: a gender perspective", CIDE working paper 206, 2001:
Tables 4 to 11 and Appendix B1, computed from Appendices A1 (participation) and A2 (earnings).

Two modes. `as_printed` follows the paper's tables, slips included; `as_stated` follows the paper's words and the wage
groups of the law. What separates them is one list of switches in `assumptions/data/parker_wong/parameters.toml`; the
numbers stand there too, with unit and source.

Money is in pesos of 1997 a year, pensions and wages in the results in minimum wages of 1997 (`mw`). Arrays of
workers have shape (worker,), in the order of the paper's columns; arrays by age have shape (worker, age) with the ages
of the appendices, 16 to 65. A value that Appendices A1 and A2 give for five years is spread evenly over them.
"""

from __future__ import annotations

from pathlib import Path

from engine.studies.files import write_tables
from engine.studies.parker_wong.conclusions import sign_changes
from engine.studies.parker_wong.data import Mode
from engine.studies.parker_wong.tables import compare, entitled, printed, reproduce, slips


def write(
    out_dir: str | Path, mode: Mode = "as_printed", force: bool = False, early_guarantee: bool = False
) -> list[Path]:
    """Write every table, the comparison with print and the conclusions that change sign.

    table4.csv to table11.csv (9 as table9a.csv and table9b.csv), accumulation_b1.csv, comparison.csv, sign_changes.csv,
    entitled.csv (who reaches the years of the guarantee) and slips.csv. Numbers are unrounded. All files or none; existing
    ones are overwritten only with `force`.
    Returns the paths.
    """
    tables = dict(reproduce(mode, early_guarantee))
    tables["comparison"] = compare(mode)
    tables["sign_changes"] = sign_changes()
    tables["entitled"] = entitled(early_guarantee)
    tables["slips"] = slips()
    return write_tables(out_dir, tables, force)


__all__ = ["Mode", "compare", "entitled", "printed", "reproduce", "sign_changes", "slips", "write"]
