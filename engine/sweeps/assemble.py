"""Finished runs become one labelled dataset, in memory or as a netCDF file that is written piece by piece."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from engine.labels import labels
from engine.outputs import OutputError, provenance, stored
from engine.sweeps import design, outputs, spec, stochastic
from engine.sweeps.cases import FAILED, GOOD, PARTLY, Block, Plan
from engine.sweeps.layout import FORMAT, FORMAT_VERSION, IDENTITY, MEAN, PATHS, Layout, layout
from engine.sweeps.store import Parts

if TYPE_CHECKING:
    import netCDF4

Float = NDArray[np.float64]
Slab = dict[str, NDArray[Any]]

DIGEST: Final = "content_sha256"
_OF_THE_FILE: Final = ("date_created", "history", "environment", DIGEST)
_COMMAND: Final = "annexv sweep"
_NEEDED: Final = ("title", "basis", "cases_failed", "design_kind", "sweep_design", "sweep_identity", IDENTITY)
_PIECE: Final = 2_000_000  # float64 numbers held at a time
_DEFLATE: Final = 1


class Blocks:
    """Finished blocks of a sweep that stays in memory."""

    def __init__(self, runs: int, size: int) -> None:
        self.size = size
        self.chunks = [(n, first, min(runs, first + size)) for n, first in enumerate(range(0, runs, size))]
        self._blocks: dict[int, Block] = {}

    def write(self, number: int, block: Block) -> None:
        """Keep a finished chunk."""
        self._blocks[number] = block

    def read(self, number: int, first: int, last: int, names: tuple[str, ...] | None = None) -> Block | None:
        """A finished chunk, or None where it is missing."""
        return self._blocks.get(number)


Source = Blocks | Parts

# pieces --------------------------------------------------------------------------------------------------------------


def counts(plan: Plan, source: Source) -> tuple[int, int, int]:
    """Cases that failed (in a scenario or a path at least), runs that failed, and length of the longest message."""
    width, runs = 1, 0
    failed: set[int] = set()
    for number, first, last in source.chunks:
        block = _got(source, number, first, last, ())
        for run, _, text in block.messages:
            failed.add((first + run) // plan.context.paths)
            width = max(width, len(text.encode()))
        runs += len(block.messages)
    return len(failed), runs, width


def slabs(plan: Plan, source: Source) -> Iterator[tuple[int, int, Slab]]:
    """Every variable along ``case``, piece by piece: first case, case after the last, arrays by name."""
    resolved = plan.context.resolved
    base = {
        item.label: np.nan if item.choices else spec.base_value(resolved, item)
        for item in plan.context.spec.parameters
    }
    along = design.varied(plan.context.spec)
    settings = plan.context.spec.stochastic
    pieces = _whole_cases(plan, source) if settings is None else _of_paths(plan, source)
    for first, last, slab in pieces:
        slab["case"] = np.arange(first, last, dtype=np.int64)
        for at, item in enumerate(plan.context.spec.parameters):
            values = plan.values[first:last, at]
            if item.choices:
                known = np.array([*item.choices, spec.base_label(resolved, item)])
                slab[item.label] = known[
                    np.where(np.isnan(values), len(item.choices), values).astype(np.int64)
                ]
            else:
                slab[item.label] = np.where(np.isnan(values), base[item.label], values)
        if along:
            slab["varied"] = np.array(along[first:last])
        if settings is not None:
            seeds = [stochastic.case_seed(settings, case) for case in range(first, last)]
            slab["shock_seed"] = np.array(seeds, dtype=np.int64)
        yield first, last, slab


def _got(source: Source, number: int, first: int, last: int, names: tuple[str, ...] | None = None) -> Block:
    block = source.read(number, first, last, names)
    if block is None:
        raise OutputError(
            f"chunk {number} of the sweep has been changed or removed; --resume computes it again"
        )
    return block


def _whole_cases(plan: Plan, source: Source) -> Iterator[tuple[int, int, Slab]]:
    scenarios = len(plan.context.spec.scenarios)
    years = plan.context.years.size
    of_a_run = scenarios * sum(
        int(np.prod(outputs.shape(name, years), dtype=np.int64)) for name in plan.context.spec.outputs
    )
    # Small chunks go to the file together: it would compress the same piece once for each of them.
    together = max(1, _PIECE // (of_a_run * source.size))
    chunks = source.chunks
    for place in range(0, len(chunks), together):
        spans = chunks[place : place + together]
        blocks = [_got(source, *span) for span in spans]
        begin, end = spans[0][1], spans[-1][2]
        text = np.full((end - begin, scenarios), "", dtype=object)
        for block in blocks:
            for run, at, said in block.messages:
                text[block.first + run - begin, at] = said
        slab: Slab = {
            name: np.concatenate([block.arrays[name] for block in blocks]) for name in blocks[0].arrays
        }
        slab["case_status"] = np.concatenate([block.status for block in blocks])
        slab["case_message"] = text
        yield begin, end, slab


def _of_paths(plan: Plan, source: Source) -> Iterator[tuple[int, int, Slab]]:
    """One case at a time, its paths gathered from the chunks that hold them."""
    context = plan.context
    settings = context.spec.stochastic
    if settings is None:
        raise AssertionError("there are random paths")
    paths, scenarios = context.paths, context.scenarios
    chunks = source.chunks
    for case in range(plan.cases):
        spans = chunks[case * paths // source.size : ((case + 1) * paths - 1) // source.size + 1]
        status = np.zeros((paths, scenarios), dtype=np.int8)
        text = np.full((1, scenarios), "", dtype=object)
        for number, first, last in spans:
            block = _got(source, number, first, last, ())
            low, high = max(first, case * paths), min(last, (case + 1) * paths)
            status[low - case * paths : high - case * paths] = block.status[low - first : high - first]
            for run, at, said in block.messages:
                if low <= first + run < high and not text[0, at]:
                    text[0, at] = said
        broken = (status != GOOD).sum(axis=0)
        summed = np.where(broken == 0, GOOD, np.where(broken == paths, FAILED, PARTLY))
        slab: Slab = {
            "case_status": summed[None].astype(np.int8),
            "case_message": text,
            "paths_failed": broken[None].astype(np.int64),
        }
        for name in context.spec.outputs:
            shape = outputs.shape(name, context.years.size)
            levels = int(np.prod(shape[:-1], dtype=np.int64))
            quantile = np.empty((scenarios, len(settings.quantiles), levels, shape[-1]))
            average = np.empty((scenarios, levels, shape[-1]))
            kept = np.empty((paths, scenarios, levels, shape[-1])) if settings.keep_paths else None
            at_once = max(1, _PIECE // (paths * scenarios * shape[-1]))
            for low in range(0, levels, at_once):
                values = _paths_of(source, spans, case, paths, name, slice(low, low + at_once))
                for at in range(scenarios):
                    quantile[at, :, low : low + at_once] = stochastic.quantiles(
                        values[:, at], settings.quantiles
                    )
                    average[at, low : low + at_once] = stochastic.mean(values[:, at])
                if kept is not None:
                    kept[:, :, low : low + at_once] = values
            slab[name] = quantile.reshape(1, scenarios, len(settings.quantiles), *shape)
            slab[name + MEAN] = average.reshape(1, scenarios, *shape)
            if kept is not None:
                slab[name + PATHS] = kept.reshape(1, paths, scenarios, *shape)
        yield case, case + 1, slab


def _paths_of(
    source: Source, spans: list[tuple[int, int, int]], case: int, paths: int, name: str, levels: slice
) -> Float:
    """Values of one output on all paths of a case, float64 (path, scenario, level, year)."""
    found = []
    for number, first, last in spans:
        values = _got(source, number, first, last, (name,)).arrays[name]
        flat = values.reshape(*values.shape[:2], -1, values.shape[-1])
        low, high = max(first, case * paths), min(last, (case + 1) * paths)
        found.append(flat[low - first : high - first, :, levels])
    return np.concatenate(found)


# in memory -----------------------------------------------------------------------------------------------------------


def dataset(plan: Plan, source: Source) -> xr.Dataset:
    """The whole dataset in memory."""
    failed, _, width = counts(plan, source)
    found = layout(plan, width)
    pieces: dict[str, list[NDArray[Any]]] = {}
    for _, _, slab in slabs(plan, source):
        for name, values in slab.items():
            pieces.setdefault(name, []).append(values)
    data = dict(found.fixed) | {name: np.concatenate(values) for name, values in pieces.items()}
    variables = {}
    for name, item in found.variables.items():
        values = data[name]
        if item.dtype == "str" and name != "resolved_input":
            values = values.astype(str)
        variables[name] = xr.Variable(item.dims, values, item.attributes)
    coords = {name: variables.pop(name) for name, item in found.variables.items() if item.coordinate}
    return xr.Dataset(variables, coords, {**found.attributes, "cases_failed": failed})


# files ---------------------------------------------------------------------------------------------------------------


class Digest:
    """SHA-256 over labels, values and attributes, piece by piece; when and by what a file was written does not count."""

    def __init__(self) -> None:
        self._of: dict[str, Any] = {}

    def add(self, name: str, values: NDArray[Any]) -> None:
        """The next piece of a variable."""
        one = self._of.setdefault(name, hashlib.sha256())
        if values.dtype.kind in "UOT":
            one.update(("\0".join(map(str, values.ravel())) + "\0").encode())
        else:
            one.update(values.astype(values.dtype.newbyteorder("<"), order="C").tobytes())

    def result(
        self, variables: dict[str, tuple[tuple[str, ...], dict[str, Any]]], attributes: dict[str, Any]
    ) -> str:
        """Digest of everything, with dimensions and attributes of the variables."""
        whole = hashlib.sha256()
        for name in sorted(variables):
            dims, own = variables[name]
            whole.update(f"{name}\0{dims}\0{self._of[name].hexdigest()}\0{_listed(own)}\0".encode())
        whole.update(_listed({k: v for k, v in attributes.items() if k not in _OF_THE_FILE}).encode())
        return whole.hexdigest()


def _listed(attributes: dict[str, Any]) -> str:
    plain = {
        key: value.tolist() if isinstance(value, np.ndarray | np.generic) else value
        for key, value in attributes.items()
        if key not in ("_FillValue", "_Encoding", "coordinates")
    }
    return json.dumps(plain, sort_keys=True, default=str)


def write(
    plan: Plan, source: Parts, target: Path, command: str, on_case: Callable[[int], object] | None = None
) -> int:
    """Assemble the file from its parts, in memory that does not grow with the number of cases, and give it its name.

    Returns
    -------
    int
        Cases that failed.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    import netCDF4

    failed, _, width = counts(plan, source)
    found = layout(plan, width)
    temporary = source.folder / f".{target.name}.{os.getpid()}.tmp"
    digest = Digest()
    try:
        with contextlib.closing(netCDF4.Dataset(temporary, "w", format="NETCDF4")) as file:
            file.set_auto_mask(False)
            made = _define(file, found)
            for name, values in found.fixed.items():
                digest.add(name, values)
                made[name][:] = (
                    _chars(values, found.sizes[f"{name}_length"]) if _text(found, name) else values
                )
            for first, last, slab in slabs(plan, source):
                for name, values in slab.items():
                    digest.add(name, values)
                    if _text(found, name):
                        values = _chars(values, found.sizes[f"{name}_length"])
                    made[name][first:last] = values
                if on_case is not None:
                    on_case(last)
            attributes = {**found.attributes, "cases_failed": failed}
            shapes = {name: (item.dims, item.attributes) for name, item in found.variables.items()}
            attributes[DIGEST] = digest.result(shapes, attributes)
            stamped = provenance.stamped(attributes, command, provenance.timestamp())
            for key, value in stamped.items():
                if isinstance(value, str):
                    file.setncattr_string(key, value) if not value.isascii() else file.setncattr(key, value)
                else:
                    file.setncattr(key, value)
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        temporary.replace(target)
    except (OSError, RuntimeError) as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise OutputError(f"{target}: cannot be written: {said}") from error
    return failed


def _text(found: Layout, name: str) -> bool:
    return found.variables[name].dtype == "str"


def _chars(values: NDArray[Any], width: int) -> NDArray[Any]:
    """Text as an array of single bytes with one more axis."""
    encoded = np.array([str(text).encode() for text in values.ravel()], dtype=f"S{width}")
    return encoded.view("S1").reshape(*values.shape, width)


def _define(file: netCDF4.Dataset, found: Layout) -> dict[str, Any]:
    """Dimensions and variables of the file, with their attributes."""
    for dim, size in found.sizes.items():
        file.createDimension(dim, size)
    along = [name for name, item in found.variables.items() if item.coordinate and item.dims == ("case",)]
    auxiliary = " ".join(name for name in along if name != "case")
    made = {}
    for name, item in found.variables.items():
        text = item.dtype == "str"
        dims = (*item.dims, f"{name}_length") if text else item.dims
        packed: dict[str, Any] = {}
        if len(dims) > 1 or name == "resolved_input":
            packed = {"zlib": True, "complevel": _DEFLATE, "shuffle": True, "fletcher32": True}
            packed["chunksizes"] = _chunks([found.sizes[dim] for dim in dims], 1 if text else 8)
        fill = np.nan if item.dtype == "float64" and item.dims != (name,) else None
        made[name] = file.createVariable(name, "S1" if text else item.dtype, dims, fill_value=fill, **packed)
        made[name].set_auto_mask(False)
        for key, value in item.attributes.items():
            made[name].setncattr(key, value)
        if text:
            made[name].setncattr("_Encoding", "utf-8")
        if auxiliary and "case" in item.dims and not item.coordinate:
            made[name].setncattr("coordinates", auxiliary)
    return made


def _chunks(shape: list[int], width: int) -> list[int]:
    """Shape of the pieces in which the file keeps a variable: about a megabyte, cut along the first axes."""
    most = 1_000_000 // width
    out = list(shape)
    for axis in range(len(shape)):
        size = int(np.prod(out, dtype=np.int64))
        if size <= most:
            break
        out[axis] = max(1, most * out[axis] // size)
    return out


def read(path: str | Path, *, written_now: bool = False) -> xr.Dataset:
    """Open the file of a sweep; values are read when they are used. Close it, or use it in a ``with`` block.

    Before that the file is read through once against its digest, in memory that does not grow with it.

    Parameters
    ----------
    path : str or Path
    written_now : bool
        Whether this very process has just written it, and need not check it.

    Raises
    ------
    OutputError
        If the file is missing, damaged, or holds no sweep.
    """
    source = stored.examine(path, FORMAT, FORMAT_VERSION, _COMMAND)
    try:
        opened = xr.open_dataset(source, engine="netcdf4", cache=False)
    except Exception as error:
        # netCDF4 and HDF5 raise OSError, RuntimeError and others for what they cannot read.
        raise stored.damaged(source, error, _COMMAND) from error
    try:
        if not written_now:
            _check(source, opened)
    except BaseException:
        opened.close()
        raise
    return opened


def _check(source: Path, opened: xr.Dataset) -> None:
    """Read the whole file once, piece by piece, against its digest; then that it holds what a sweep must."""
    try:
        same = opened.attrs.get(DIGEST) == _content(source, opened.attrs)
        wrong = _problems(opened) if same else []
    except Exception as error:
        raise stored.damaged(source, error, _COMMAND) from error
    if not same:
        raise stored.changed(source, _COMMAND)
    if wrong:
        raise stored.incomplete(source, wrong)


def _problems(opened: xr.Dataset) -> list[str]:
    """What is missing or of another shape than :func:`layout` makes it."""
    own: dict[str, tuple[str, ...]] = {name: (name,) for name in ("case", "scenario", "year")}
    own |= {"resolved_input": ("scenario_choice" if "scenario_choice" in opened.dims else "scenario",)}
    own |= dict.fromkeys(("case_status", "case_message"), ("case", "scenario"))
    out = [
        f"{name}: is missing or has other dimensions than {', '.join(dims)}"
        for name, dims in own.items()
        if name not in opened.variables or opened[name].dims != dims
    ]
    out += [f"{name}: is missing" for name in _NEEDED if name not in opened.attrs]
    if not out and "design" not in json.loads(str(opened.attrs["sweep_design"])):
        out.append("sweep_design: names no design")
    for name in map(str, opened.data_vars):
        base = name.removesuffix(MEAN).removesuffix(PATHS)
        if base in outputs.NAMES:
            dims = tuple(dim for dim in opened[name].dims if dim not in ("quantile", "path"))
            if dims != ("case", "scenario", *outputs.dims(base)):
                out.append(f"{name}: has dimensions {opened[name].dims}")
        elif name not in (*own, "paths_failed"):
            out.append(f"{name}: is no variable of a sweep")
    out += [f"{name}: has no labels" for name in map(str, opened.dims) if name not in opened.variables]
    return out or stored.wrong_labels(opened, labels()) or _contradictions(opened)


def _contradictions(opened: xr.Dataset) -> list[str]:
    """Results that are missing though their case is good, or there though it failed; a few cases at a time."""
    status = opened["case_status"].values
    if not np.isin(status, (GOOD, FAILED, PARTLY)).all():
        return [f"case_status: holds other values than {GOOD}, {FAILED}, {PARTLY}"]
    out = []
    for name in map(str, opened.data_vars):
        item = opened[name]
        base = name.removesuffix(MEAN)
        if base not in outputs.NAMES or base in stored.WITH_GAPS or not item.size:
            continue
        at_once = max(1, _PIECE // (item.size // status.shape[0]))
        wrong = 0
        for first in range(0, status.shape[0], at_once):
            values = item[first : first + at_once].values
            within = tuple(range(2, values.ndim))
            failed = status[first : first + at_once] == FAILED
            good, missing = np.isfinite(values).all(axis=within), np.isnan(values).all(axis=within)
            wrong += int((~np.where(failed, missing, good)).any(axis=1).sum())
        if wrong:
            out.append(
                f"{name}: results and case_status contradict one another of {wrong} case{'s' * (wrong > 1)}"
            )
    return out


def verify(path: Path, plan: Plan) -> int:
    """Check that a finished file is of this plan and undamaged.

    Returns
    -------
    int
        Cases that failed.

    Raises
    ------
    OutputError
        If it is not.
    """
    from engine.sweeps.store import differing

    source = stored.examine(path, FORMAT, FORMAT_VERSION, _COMMAND)
    with read(source, written_now=True) as opened:
        different = differing(json.loads(opened.attrs.get("sweep_identity", "{}")), plan.identity)
        if different:
            raise OutputError(
                f"{path}: holds another sweep: {different} differs; --force replaces it, another --out keeps both"
            )
        _check(source, opened)
        return int(opened.attrs["cases_failed"])


def _content(path: Path, attributes: dict[Any, Any]) -> str:
    """Digest of a file's content, read piece by piece."""
    import netCDF4

    digest = Digest()
    shapes: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {}
    with contextlib.closing(netCDF4.Dataset(path)) as file:
        file.set_auto_mask(False)
        for name, variable in file.variables.items():
            text = variable.dtype.kind == "S"
            variable.set_auto_mask(False)
            variable.set_auto_chartostring(False)
            dims = variable.dimensions[:-1] if text else variable.dimensions
            own = {key: variable.getncattr(key) for key in variable.ncattrs()}
            shapes[name] = (tuple(dims), own)
            length = variable.shape[0]
            step = max(1, _PIECE * length // max(1, int(np.prod(variable.shape, dtype=np.int64))))
            for first in range(0, length, step):
                values = np.asarray(variable[first : first + step])
                digest.add(name, netCDF4.chartostring(values, encoding="utf-8") if text else values)
    return digest.result(shapes, {str(key): value for key, value in attributes.items()})


__all__ = [
    "FORMAT",
    "MEAN",
    "PATHS",
    "Blocks",
    "Source",
    "counts",
    "dataset",
    "layout",
    "read",
    "slabs",
    "verify",
    "write",
]
