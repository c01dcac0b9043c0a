"""The one door to netCDF files of ours: what a file says it is, and whether it can hold what it declares, before any of it.

Runs, sweeps and balances come through here. Their digests are checked by who knows what they hold: whole ones by
:mod:`engine.outputs.netcdf`, sweeps piece by piece by :mod:`engine.sweeps.assemble`.
"""

from __future__ import annotations

import contextlib
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr

from assumptions.text import shown
from engine.labels import COMPONENTS
from engine.outputs import OutputError

SIGNATURE: Final = b"\x89HDF\r\n\x1a\n"
FORMAT_ATTRIBUTE: Final = "annexv_format"
VERSION_ATTRIBUTE: Final = "annexv_format_version"
# Files of annexv by their format, and what reads them.
KINDS: Final = {
    "annexv-projection": "is a run file (`annexv report` and `annexv export` read it)",
    "annexv-sweep": "is a sweep file (`annexv sweep-summary` and `annexv export` read it)",
    "annexv-balance": "is a balance file (`annexv report RUN.nc --balance FILE.nc` reads it)",
}
# DEFLATE makes nothing smaller than 1/1032 of itself, and what we write is written whole.
_MOST_PACKED: Final = 1032
_SLACK: Final = 2**20
# Variables of a run that may be missing: funds that have no balance, types that nobody was awarded, groups a case lacks.
WITH_GAPS: Final = ("account_assets", "old_law_share", "award_service", "acquired_rights_by_wage")
_ROUNDING: Final = 1e-9
_TYPES: Final = ("S1", "float64", "int64", "int8")


def kind_of(path: str | Path) -> str:
    """What a file says it is, ``annexv-sweep`` for example; empty where it is no netCDF file of ours.

    Raises
    ------
    OutputError
        If it cannot be read at all.
    """
    import netCDF4

    source = _plain(Path(path), "annexv run")
    try:
        with contextlib.closing(netCDF4.Dataset(source)) as file:
            return str(getattr(file, FORMAT_ATTRIBUTE, ""))
    except (OSError, RuntimeError):
        return ""


def examine(path: str | Path, content: str, version: int, command: str) -> Path:
    """Check what a file says of itself, before anything is read or allocated.

    Parameters
    ----------
    content, version : str, int
        Format and its version that are expected.
    command : str
        What writes such files, for messages.

    Raises
    ------
    OutputError
        If it is no plain file, no netCDF-4 file, another one than expected, or declares more than it can hold.
    """
    import netCDF4

    source = _plain(Path(path), command)
    try:
        with contextlib.closing(netCDF4.Dataset(source)) as file:
            found = {key: getattr(file, key, None) for key in (FORMAT_ATTRIBUTE, VERSION_ATTRIBUTE)}
            _origin(source, found[FORMAT_ATTRIBUTE], found[VERSION_ATTRIBUTE], content, version, command)
            _sizes(source, file, command)
    except OutputError:
        raise
    except Exception as error:
        # netCDF4 and HDF5 raise OSError, RuntimeError and others for damaged files; whatever it is, the file is unreadable.
        raise damaged(source, error, command) from error
    return source


def encodable(path: Path) -> None:
    """Refuse a name that the netCDF library cannot be given.

    Raises
    ------
    OutputError
        If the locale lacks a letter of it.
    """
    encoding = sys.getfilesystemencoding()
    try:
        str(path).encode(encoding)
    except UnicodeEncodeError:
        raise OutputError(
            f"{shown(path)}: the name has letters that the locale lacks ({encoding}), so netCDF cannot open it;"
            " set PYTHONUTF8=1 or use other letters"
        ) from None


def damaged(path: Path, error: BaseException, command: str) -> OutputError:
    """What is said of a file that cannot be read through."""
    return OutputError(f"{path}: is damaged or cut short ({error}); write it again with `{command}`")


def changed(path: Path, command: str) -> OutputError:
    """What is said of a file that is not the one that was written."""
    return OutputError(
        f"{path}: has been changed or damaged since it was written; write it again with `{command}`"
    )


def incomplete(path: Path, wrong: Sequence[object]) -> OutputError:
    """What is said of a file that lacks something."""
    return OutputError(f"{path}: is not a complete result of annexv: " + "; ".join(map(str, wrong)))


def contradictory(path: Path, wrong: Sequence[str], command: str) -> OutputError:
    """What is said of a file whose numbers cannot come from one projection, whatever its digest."""
    said = "; ".join(wrong)
    return OutputError(f"{path}: contradicts itself: {said}; write it again with `{command}`")


def contradictions(dataset: xr.Dataset) -> list[str]:
    """What no projection gives: a number that is missing, a share or a total that its parts do not give."""
    found = [
        f"{name}: {int((~np.isfinite(item.values)).sum()):,} numbers are missing or not finite"
        for name, item in dataset.data_vars.items()
        if item.dtype.kind == "f" and name not in WITH_GAPS and not np.isfinite(item.values).all()
    ]
    if found:
        return found
    years = np.sort(dataset.year.values)
    told = tuple(str(dataset.attrs.get(f"time_coverage_{end}", ""))[:4] for end in ("start", "end"))
    if not told[0] <= str(years[0]) <= str(years[-1]) <= told[1]:
        found.append(f"year: is {years[0]} to {years[-1]}, the file says {told[0]} to {told[1]}")
    for said, given, expected in _sums(dataset):
        far = np.abs(given - expected) > _ROUNDING * np.abs(expected).max()
        if bool(far.any()):
            found.append(f"{said} in {int(far.sum()):,} places")
    return found


def _sums(dataset: xr.Dataset) -> Iterator[tuple[str, xr.DataArray, xr.DataArray]]:
    """What a file can be held to with the variables and components that it has."""
    if "fiscal_cost" not in dataset:
        return
    share = dataset.fiscal_cost
    if "fiscal_cost_total" in dataset and dataset.component.values.tolist() == list(COMPONENTS):
        total = share.sum("component")
        yield "fiscal_cost_total: is not the sum of fiscal_cost", dataset.fiscal_cost_total, total
    if "fiscal_cost_mxn" in dataset and "gdp" in dataset:
        percent = 100.0 * dataset.fiscal_cost_mxn / dataset.gdp
        yield "fiscal_cost: is not fiscal_cost_mxn over gdp", share, percent


# Labels that files of earlier releases lack.
_LATER: Final[Mapping[str, frozenset[str]]] = {
    "memo_item": frozenset(
        {
            "state_health_insurance",
            "state_health_insurance_net_of_old",
            "welfare_fund_complements",
            "welfare_fund_shortfall",
            "housing_repaid",
        }
    ),
    "line": frozenset({"lost_contributions_of_state", "net_cash_cost_gross", "net_fiscal_cost_gross"}),
}


def wrong_labels(
    dataset: xr.Dataset, expected: Mapping[str, Sequence[object]], partial: bool = False
) -> list[str]:
    """What is wrong with the labels of a dataset: fixed ones, years that follow one another, scenarios and bases once.

    Parameters
    ----------
    partial : bool
        Whether it is a selection, which has some of the labels.
    """
    out = []
    for name, known in expected.items():
        if name not in dataset.variables:
            continue
        found = np.atleast_1d(dataset[name].values).tolist()
        chosen = partial and bool(found) and set(found) <= set(known) and len(set(found)) == len(found)
        former = [label for label in known if label not in _LATER.get(name, ())]
        if found not in (list(known), former) and not chosen:
            out.append(f"{name}: labels are not {', '.join(map(str, known))}")
    for name in ("basis", "scenario", "case", "year", "birth_year"):
        if name not in dataset.dims or name not in dataset.variables:
            continue
        values = dataset[name].values
        if values.size == 0 or len(set(values.tolist())) < values.size:
            out.append(f"{name}: labels are missing or given twice")
        elif name in ("case", "year") and not partial and (np.diff(values) != 1).any():
            out.append(f"{name}: labels do not follow one another")
    return out


def _plain(source: Path, command: str) -> Path:
    expected = f"a file written by `{command}` is expected"
    encodable(source)
    try:
        kind = source.stat().st_mode
        if stat.S_ISDIR(kind):
            raise OutputError(f"{source}: no such file (it is a folder)")
        if not stat.S_ISREG(kind):
            raise OutputError(f"{source}: is a device or a pipe; {expected}")
        with source.open("rb") as stream:
            start = stream.read(len(SIGNATURE))
    except FileNotFoundError:
        raise OutputError(f"{source}: no such file") from None
    except OSError as error:
        raise OutputError(f"{source}: cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise OutputError(f"{str(source)!r}: cannot be read: {error}") from error
    if start != SIGNATURE:
        raise OutputError(f"{source}: is not a netCDF-4 file; {expected}")
    return source


def _origin(source: Path, found: object, version: object, content: str, expected: int, command: str) -> None:
    if found != content:
        said = KINDS.get(str(found), "was not written by annexv")
        raise OutputError(f"{source}: {said}; a file written by `{command}` is expected")
    if not isinstance(version, int | np.integer) or int(version) != expected:
        newer = isinstance(version, int | np.integer) and int(version) > expected
        advice = "update annexv" if newer else f"write it again with `{command}`"
        raise OutputError(f"{source}: has format version {version}, this annexv reads {expected}; {advice}")


def _sizes(source: Path, file: Any, command: str) -> None:
    """Refuse a file that declares more numbers than its bytes can unpack to, or types that we do not write."""
    for name in file.ncattrs():
        if not isinstance(file.getncattr(name), str | int | float | np.number):
            raise OutputError(f"{source}: the attribute {name} is neither text nor one number; it is made up")
    declared = 0
    for name, variable in file.variables.items():
        if str(np.dtype(variable.dtype) if variable.dtype is not str else "text") not in _names():
            raise OutputError(f"{source}: {name} has a type that annexv does not write")
        items = 1
        for length in variable.shape:
            items *= int(length)
        declared += items * np.dtype(variable.dtype).itemsize
    if file.groups:
        raise OutputError(f"{source}: has groups; annexv writes none")
    size = source.stat().st_size
    if declared > _MOST_PACKED * size + _SLACK:
        raise OutputError(
            f"{source}: declares {declared / 2**20:,.0f} MiB, more than its {size:,} bytes can hold; it is damaged or made"
            f" up; write it again with `{command}`"
        )


def _names() -> frozenset[str]:
    return frozenset(str(np.dtype(name)) for name in _TYPES)


__all__ = [
    "FORMAT_ATTRIBUTE",
    "KINDS",
    "WITH_GAPS",
    "changed",
    "contradictions",
    "contradictory",
    "damaged",
    "encodable",
    "examine",
    "incomplete",
    "kind_of",
    "wrong_labels",
]
