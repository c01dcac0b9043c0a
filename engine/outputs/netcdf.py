"""Result files: netCDF-4, one flat dataset, labels as text, equal runs as equal bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from engine.outputs import OutputError, provenance, schema, selection
from engine.outputs.files import whole

_DEFLATE = 4
_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_DIGEST = "content_sha256"
# Files of annexv by their format, and what reads them.
_KINDS = {
    schema.FORMAT: "is a run file (`annexv report` and `annexv export` read it)",
    "annexv-sweep": "is a sweep file (`annexv sweep-summary` and `annexv export` read it)",
    "annexv-balance": "is a balance file (`annexv report RUN.nc --balance FILE.nc` reads it)",
}
_OF_THE_FILE = ("date_created", "history", _DIGEST)


def content_sha256(dataset: xr.Dataset) -> str:
    """SHA-256 over labels, values and attributes, but not over when and by what the file was written."""
    digest = hashlib.sha256()

    def add(attributes: dict[Any, Any]) -> None:
        for key in sorted(map(str, attributes)):
            if key not in _OF_THE_FILE:
                digest.update(f"{key}\0{attributes[key]}\0".encode())

    for name in sorted(map(str, dataset.variables)):
        item = dataset.variables[name]
        digest.update(f"{name}\0{item.dims}\0{item.shape}\0".encode())
        if item.dtype.kind in "UOT":
            digest.update("\0".join(map(str, item.values.ravel())).encode())
        else:
            digest.update(item.values.astype(item.dtype.newbyteorder("<"), order="C").tobytes())
        add(item.attrs)
    add(dataset.attrs)
    return digest.hexdigest()


def write(
    dataset: xr.Dataset,
    path: str | Path,
    *,
    command: str = "engine",
    overwrite: bool = True,
    table: Mapping[str, schema.Variable] = schema.ALL,
) -> Path:
    """Write a dataset to a netCDF file, whole or not at all.

    Time of writing and a line of history are added; with the environment variable SOURCE_DATE_EPOCH set, equal datasets
    give equal bytes.

    Parameters
    ----------
    dataset : xarray.Dataset
        As made by :mod:`engine.outputs.dataset`, or a selection of it, which is marked as such.
    path : str or Path
    command : str
        What made the dataset, for the history.
    overwrite : bool
        Whether an existing file is replaced.
    table : dict
        Variables that the dataset must hold; those of a projection by default.

    Raises
    ------
    OutputError
        If the file cannot be written, or the dataset does not follow the table of variables.
    """
    target = Path(path)
    if table is schema.ALL:
        dataset = selection.labelled(dataset)
    wrong = schema.problems(schema.summary(dataset), table, partial=selection.ATTRIBUTE in dataset.attrs)
    if wrong:
        raise OutputError(
            f"{target}: not written, the dataset does not follow the table of variables: "
            + "; ".join(map(str, wrong))
        )
    labelled = dataset.assign_attrs(provenance.stamped(dataset.attrs, command, provenance.timestamp()))
    labelled.attrs[_DIGEST] = content_sha256(labelled)
    encoding: dict[Hashable, dict[str, Any]] = {}
    for name, item in labelled.variables.items():
        if item.dtype.kind in "UOT":
            encoding[name] = {"dtype": "S1", "char_dim_name": f"{name}_length"}
            if name == "resolved_input":
                encoding[name] |= {"zlib": True, "complevel": _DEFLATE, "fletcher32": True}
        elif item.dtype.kind == "f":
            encoding[name] = {
                "dtype": "float64",
                "_FillValue": np.nan,
                "zlib": True,
                "complevel": _DEFLATE,
                "fletcher32": True,
            }
        else:
            encoding[name] = {"dtype": "int64", "_FillValue": None}
    for item in labelled.variables.values():
        item.encoding = {}
    with whole(target, overwrite=overwrite) as temporary:
        try:
            labelled.to_netcdf(temporary, engine="netcdf4", format="NETCDF4", encoding=encoding)
        except RuntimeError as error:
            raise OutputError(f"{target}: cannot be written: {error}") from error
    return target


def read(
    path: str | Path,
    *,
    content: str = schema.FORMAT,
    table: Mapping[str, schema.Variable] = schema.ALL,
    command: str = "annexv run",
) -> xr.Dataset:
    """Read a result file into memory and check that it is one.

    Parameters
    ----------
    path : str or Path
    content, table, command
        Format name, variables and the command that writes such files; those of a projection by default.

    Raises
    ------
    OutputError
        If the file is missing, damaged, not a result of annexv, or of another format version.
    """
    source = Path(path)
    if not source.is_file():
        raise OutputError(f"{source}: no such file{' (it is a folder)' if source.is_dir() else ''}")
    try:
        with source.open("rb") as stream:
            start = stream.read(len(_SIGNATURE))
    except OSError as error:
        raise OutputError(f"{source}: cannot be read: {error.strerror or error}") from error
    if start != _SIGNATURE:
        raise OutputError(f"{source}: is not a netCDF-4 file; a file written by `{command}` is expected")
    try:
        with xr.open_dataset(source, engine="netcdf4", cache=False) as opened:
            version = opened.attrs.get("annexv_format_version")
            _check_origin(source, opened.attrs.get("annexv_format"), version, content, command)
            dataset = _with_text(opened.load())
    except OutputError:
        raise
    except Exception as error:
        # netCDF4 and HDF5 raise OSError, RuntimeError and others for damaged files; whatever it is, the file is unreadable.
        raise OutputError(
            f"{source}: is damaged or cut short ({error}); write it again with `{command}`"
        ) from error
    if dataset.attrs.get(_DIGEST) != content_sha256(dataset):
        raise OutputError(
            f"{source}: has been changed or damaged since it was written; write it again with `{command}`"
        )
    wrong = schema.problems(schema.summary(dataset), table, partial=selection.ATTRIBUTE in dataset.attrs)
    if wrong:
        raise OutputError(f"{source}: is not a complete result of annexv: " + "; ".join(map(str, wrong)))
    return dataset


def _with_text(dataset: xr.Dataset) -> xr.Dataset:
    """Short labels as fixed-width text, as a projection makes them."""
    short = {
        name: (item.dims, item.values.astype(str), item.attrs)
        for name, item in dataset.variables.items()
        if item.dtype.kind == "O" and name != "resolved_input"
    }
    return dataset.assign(
        {name: item for name, item in short.items() if name not in dataset.coords}
    ).assign_coords({name: item for name, item in short.items() if name in dataset.coords})


def _check_origin(source: Path, found: object, version: object, content: str, command: str) -> None:
    if found != content:
        said = _KINDS.get(str(found), "was not written by annexv")
        raise OutputError(f"{source}: {said}; a file written by `{command}` is expected")
    expected = schema.FORMAT_VERSION
    if not isinstance(version, int | np.integer) or int(version) != expected:
        newer = isinstance(version, int | np.integer) and int(version) > expected
        advice = "update annexv" if newer else f"write it again with `{command}`"
        raise OutputError(f"{source}: has format version {version}, this annexv reads {expected}; {advice}")


__all__ = ["content_sha256", "read", "write"]
