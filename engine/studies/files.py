"""Writing of result tables: all of them or none, and nothing overwritten unasked."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from assumptions.spreadsheet import defused_frame


def write_tables(out_dir: str | Path, tables: Mapping[str, pd.DataFrame], force: bool = False) -> list[Path]:
    """Write every table as `<name>.csv`, with all digits, and return the paths.

    The files are first completed in a temporary folder beside their place and then moved in, each by one rename, so
    that no reader meets half a file and a failure while writing leaves the folder as it was.

    Parameters
    ----------
    out_dir : path
        Folder; made if it is not there.
    tables : mapping of str to DataFrame
        File name without ending, and its table.
    force : bool
        Overwrite files of these names. Without it `FileExistsError` names those that are there.
    """
    folder = Path(out_dir)
    targets = [folder / f"{name}.csv" for name in tables]
    existing = [path.name for path in targets if path.exists()]
    if existing and not force:
        raise FileExistsError(f"{folder} already holds {', '.join(existing)}; ask for overwriting (force)")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as scratch:
        for name, table in tables.items():
            defused_frame(table).to_csv(Path(scratch) / f"{name}.csv", index=False, lineterminator="\n")
        for path in targets:
            (Path(scratch) / path.name).replace(path)
    return targets
