"""Result files: netCDF-4, one flat dataset, labels as text, equal runs as equal bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from engine.labels import labels
from engine.outputs import OutputError, provenance, schema, selection, stored
from engine.outputs.files import whole

_DEFLATE = 4
_DIGEST = "content_sha256"
_OF_THE_FILE = ("date_created", "history", "environment", _DIGEST)


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
    stored.encodable(target)
    if table is schema.ALL:
        dataset = selection.labelled(dataset, variables=selection.ATTRIBUTE in dataset.attrs)
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
            raise OutputError(f"{target}: cannot be written: {error} (is the disk full?)") from error
    return target


def read(
    path: str | Path,
    *,
    content: str = schema.FORMAT,
    table: Mapping[str, schema.Variable] = schema.ALL,
    known: Mapping[str, Sequence[object]] | None = None,
    command: str = "annexv run",
) -> xr.Dataset:
    """Read a result file into memory and check that it is one.

    Parameters
    ----------
    path : str or Path
    content, table, known, command
        Format name, variables, labels that are the same in all such files, and the command that writes them; those of a
        projection by default.

    Raises
    ------
    OutputError
        If the file is missing, damaged, not a result of annexv, or of another format version.
    """
    source = stored.examine(path, content, schema.FORMAT_VERSION, command)
    try:
        with xr.open_dataset(source, engine="netcdf4", cache=False) as opened:
            dataset = _with_text(opened.load())
        same = dataset.attrs.get(_DIGEST) == content_sha256(dataset)
    except Exception as error:
        # netCDF4 and HDF5 raise OSError, RuntimeError and others for damaged files; whatever it is, the file is unreadable.
        raise stored.damaged(source, error, command) from error
    if not same:
        raise stored.changed(source, command)
    wrong: list[object] = list(
        schema.problems(schema.summary(dataset), table, partial=selection.ATTRIBUTE in dataset.attrs)
    )
    wrong = wrong or list(
        stored.wrong_labels(
            dataset, labels() if known is None else known, partial=selection.ATTRIBUTE in dataset.attrs
        )
    )
    if wrong:
        raise stored.incomplete(source, wrong)
    if table is schema.ALL and (said := stored.contradictions(dataset, selection.ATTRIBUTE in dataset.attrs)):
        raise stored.contradictory(source, said, command)
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


__all__ = ["content_sha256", "read", "write"]
