"""The one door to files of ours: damaged, made-up and foreign ones are refused with a message before a figure is shown."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
import xarray as xr

import assumptions
import engine
from engine import sweeps
from engine.outputs import OutputError, export, inputs, netcdf, stored
from engine.outputs import balance as balances
from engine.outputs.files import remove_abandoned, temporary_for, whole
from engine.sweeps import assemble

COMMAND = [sys.executable, "-c", "from engine.cli import main; main()"]
DESIGN = {
    "outputs": ["fiscal_cost", "fiscal_cost_total"],
    "design": {"kind": "grid"},
    "parameter": [{"name": "law_1973.bonus_months", "values": [0.5, 1.0, 1.5]}],
}


@pytest.fixture
def run(small: xr.Dataset, tmp_path: Path) -> Path:
    return netcdf.write(small, tmp_path / "run.nc")


@pytest.fixture(scope="module")
def sweep_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    target = tmp_path_factory.mktemp("sweep") / "s.nc"
    pack = assumptions.load("3B", sets={"reform.last_year": 1999, "population.wage_groups": 2})
    engine.sweep(pack, DESIGN, out=target).close()
    return target.read_bytes()


@pytest.fixture
def sweep(sweep_bytes: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "sweep.nc"
    path.write_bytes(sweep_bytes)
    return path


def readers(path: Path) -> list[Any]:
    """Every way to read a file of ours."""
    return [
        lambda: netcdf.read(path),
        lambda: sweeps.read(path),
        lambda: balances.read(path),
        lambda: export.read(path),
    ]


def huge(path: Path, name: str, content: str) -> None:
    """A few kilobytes that declare 29.8 GiB."""
    with netCDF4.Dataset(path, "w", format="NETCDF4") as file:
        file.annexv_format, file.annexv_format_version = content, 1
        file.createDimension("n", 4_000_000_000)
        file.createVariable(name, "f8", ("n",), zlib=True, chunksizes=(1_000_000,))


@pytest.mark.parametrize("content", ["annexv-projection", "annexv-sweep", "annexv-balance"])
def test_a_file_that_declares_more_than_it_can_hold(content: str, tmp_path: Path) -> None:
    path = tmp_path / "huge.nc"
    huge(path, "fiscal_cost", content)
    assert path.stat().st_size < 20_000
    tracemalloc.start()
    for read in readers(path):
        with pytest.raises(OutputError, match=r"declares 30,518 MiB|is a (run|sweep|balance) file"):
            read()
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("place", ["/dev/zero", ".", "nowhere.nc", "/dev/null"])
def test_what_is_no_plain_file(place: str) -> None:
    for read in readers(Path(place)):
        with pytest.raises(OutputError, match=r"device or a pipe|no such file"):
            read()


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.nc")
    for read in readers(tmp_path / "pipe.nc"):
        with pytest.raises(OutputError, match="device or a pipe"):
            read()


@pytest.mark.slow
def test_results_of_a_sweep_that_were_changed_are_not_shown(sweep: Path, tmp_path: Path) -> None:
    with sweeps.read(sweep) as sound:
        assert sound.sizes["case"] == 3
    with netCDF4.Dataset(sweep, "a") as file:
        file["fiscal_cost_total"][:] = 2.0 * file["fiscal_cost_total"][:]
    for words in (["sweep-summary", str(sweep)], ["export", str(sweep), "--out", str(tmp_path / "x.csv")]):
        done = subprocess.run([*COMMAND, *words], capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (2, "")
        assert "has been changed or damaged since it was written" in done.stderr
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.slow
def test_no_damage_to_a_sweep_is_silent(sweep: Path) -> None:
    """A turned bit anywhere is refused, or stands where it means nothing."""
    with sweeps.read(sweep) as sound:
        whole_ = sound.load()
    content = sweep.read_bytes()
    draw = np.random.default_rng(5)
    for place in draw.integers(0, len(content), 60).tolist():
        damaged = bytearray(content)
        damaged[place] ^= 1 << int(draw.integers(8))
        sweep.write_bytes(damaged)
        with contextlib.suppress(OutputError), sweeps.read(sweep) as found:
            assert found.load().equals(whole_)


def other_letter(labels: Any) -> None:
    labels.set_auto_chartostring(False)
    labels[0, 0] = b"x"


def resealed(path: Path) -> None:
    """Give a changed sweep the digest of what it now holds, as a forger would."""
    with netCDF4.Dataset(path) as file:
        attributes = {key: file.getncattr(key) for key in file.ncattrs()}
    found = assemble._content(path, attributes)
    with netCDF4.Dataset(path, "a") as file:
        file.content_sha256 = found


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda file: file.renameVariable("year", "when"), "year"),
        (lambda file: file.renameVariable("case_status", "other"), "case_status"),
        (lambda file: file.renameVariable("component", "part"), "component"),
        (lambda file: file.delncattr("sweep_design"), "sweep_design: is missing"),
        (lambda file: file.setncattr("sweep_design", "{}"), "names no design"),
        (lambda file: file.setncattr("sweep_design", "{"), "damaged"),
        (lambda file: file["year"].__setitem__(1, 1792), "year: labels do not follow one another"),
        (lambda file: other_letter(file["component"]), "component: labels are not"),
        (lambda file: file["fiscal_cost_total"].__setitem__(1, np.nan), "fiscal_cost_total: .* of 1 case"),
        (lambda file: file["fiscal_cost"].__setitem__(1, np.inf), "fiscal_cost: .* of 1 case"),
        (lambda file: file["case_status"].__setitem__(1, 1), "fiscal_cost: .* of 1 case"),
        (lambda file: file["case_status"].__setitem__(1, 9), "case_status: holds other values than 0, 1, 2"),
    ],
)
def test_a_made_up_sweep_is_a_message(sweep: Path, change: Any, said: str) -> None:
    with netCDF4.Dataset(sweep, "a") as file:
        file.set_auto_mask(False)
        change(file)
    resealed(sweep)
    with pytest.raises(OutputError, match=said):
        sweeps.read(sweep)


def test_a_made_up_run_is_a_message(small: xr.Dataset, tmp_path: Path) -> None:
    labels = small.component.values.copy()
    labels[0] = "other"
    years = small.year.values.copy()
    years[1] = 1792
    component = small.assign_coords(component=("component", labels, small.component.attrs))
    with pytest.raises(OutputError, match="component: other is not of the run"):
        netcdf.write(component, tmp_path / "forged.nc")
    # As a selection it could be written: the reader holds its years and labels to the run that it names.
    year = small.assign_coords(year=("year", years, small.year.attrs))
    path = netcdf.write(year, tmp_path / "forged.nc")
    with pytest.raises(OutputError, match=r"year: is 1792 to .*, the file says 1997"):
        netcdf.read(path)
    part = netcdf.write(small.isel(component=[0, 2]), tmp_path / "part.nc")
    assert netcdf.read(part).component.values.tolist() == small.component.values[[0, 2]].tolist()
    with netCDF4.Dataset(part, "a") as file:
        file.set_auto_mask(False)
        other_letter(file["component"])
    with xr.open_dataset(part) as opened:
        sealed = netcdf.content_sha256(netcdf._with_text(opened.load()))
    with netCDF4.Dataset(part, "a") as file:
        file.content_sha256 = sealed
    with pytest.raises(OutputError, match="component: labels are not"):
        netcdf.read(part)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda run: run.fiscal_cost_total.__imul__(2.0), "fiscal_cost_total: is not the sum of fiscal_cost"),
        (
            lambda run: (run.fiscal_cost.__imul__(2.0), run.fiscal_cost_total.__imul__(2.0)),
            "fiscal_cost: is not fiscal_cost_mxn over gdp",
        ),
        (lambda run: run.wage_bill.values.__setitem__((0, 0, 0), np.nan), "wage_bill: 1 numbers are missing"),
        (
            lambda run: run.gdp.values.__setitem__((0, 0, 0), np.inf),
            "gdp: 1 numbers are missing or not finite",
        ),
        (
            lambda run: run.attrs.update(source=np.array([1, 2])),
            "attribute source is neither text nor one number",
        ),
    ],
)
def test_a_forged_run_with_its_digest_mended_is_refused(
    small: xr.Dataset, tmp_path: Path, change: Any, said: str
) -> None:
    forged = small.copy(deep=True)
    change(forged)
    path = netcdf.write(forged, tmp_path / "forged.nc")
    with pytest.raises(OutputError, match=said):
        netcdf.read(path)


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"assumptions_sha256": "0" * 64}, "scenario_sha256 is not that of assumptions_sha256"),
    ],
)
def test_assumptions_of_another_run_are_refused(
    small: xr.Dataset, tmp_path: Path, attributes: dict[str, str], said: str
) -> None:
    path = netcdf.write(small.assign_attrs(attributes), tmp_path / "forged.nc")
    with pytest.raises(OutputError, match=rf"forged\.nc: has been changed since it was written: {said}"):
        inputs.runnable_inputs(netcdf.read(path))


def test_a_part_of_a_run_still_has_its_inputs(small: xr.Dataset) -> None:
    assert inputs.resolved_inputs(small.sel(year=slice(1998, 2000)))
    assert inputs.resolved_inputs(small.sel(basis=["statutory"]))


@pytest.mark.slow
def test_a_comparison_with_a_file_that_its_input_does_not_give(
    small: xr.Dataset, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Twice the cost throughout agrees with itself; only the projection tells."""
    forged = small.copy(deep=True)
    for name in ("fiscal_cost", "fiscal_cost_total", "fiscal_cost_mxn"):
        forged[name] *= 2.0
    sound = netcdf.write(small, tmp_path / "sound.nc")
    path = netcdf.write(forged, tmp_path / "forged.nc")
    for words, status in (((sound, path), 1), ((sound, sound), 0)):
        done = subprocess.run([*COMMAND, "compare", *map(str, words)], capture_output=True, text=True)
        assert done.returncode == status, done.stderr
        assert (
            "forged.nc: 3B/statutory: the file's costs are not those of its input" in done.stderr
        ) == bool(status)


def test_kinds_are_told_apart(run: Path, sweep: Path) -> None:
    assert (stored.kind_of(run), stored.kind_of(sweep)) == ("annexv-projection", "annexv-sweep")
    with pytest.raises(OutputError, match="is a sweep file"):
        netcdf.read(sweep)
    with pytest.raises(OutputError, match="is a run file"):
        sweeps.read(run)


# writing -------------------------------------------------------------------------------------------------------------


def test_what_a_killed_writer_left_goes_with_the_next_write(tmp_path: Path) -> None:
    target = tmp_path / "x.nc"
    program = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom engine.outputs.files import whole\n"
        "with whole(Path(sys.argv[1])) as temporary:\n"
        "    temporary.write_bytes(b'half')\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(target)])
    assert done.returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".x.nc.")
    alive = temporary_for(target)
    alive.write_bytes(b"of a writer at work")
    other = tmp_path / ".x.nc.999999999-ffffffff-00000000.tmp"
    other.write_bytes(b"of another machine")
    with whole(target) as temporary:
        temporary.write_bytes(b"whole")
    assert sorted(tmp_path.iterdir()) == sorted([alive, other, target])
    alive.unlink()
    remove_abandoned(target)


def test_of_two_writers_that_may_not_overwrite_one_wins(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"

    def both() -> None:
        with whole(target, overwrite=False) as late:
            late.write_text("late", encoding="utf-8")
            with whole(target, overwrite=False) as early:
                early.write_text("early", encoding="utf-8")

    with pytest.raises(OutputError, match="has appeared meanwhile"):
        both()
    assert target.read_text(encoding="utf-8") == "early"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ["run", "-s", "3B", "--to", "1999", "--out", "x.nc"],
        ["export", "run.nc", "--out", "x.csv"],
        ["export", "run.nc", "--out", "x.xlsx"],
        ["export", "run.nc", "--out", "x.dta"],
        ["report", "run.nc", "--out", "x.html"],
    ],
)
def test_a_full_disk_is_one_message_and_no_half_file(run: Path, words: list[str]) -> None:
    """No file may grow beyond 3 kB, which the system says as it says that a disk is full."""
    if words[-1].endswith(("xlsx", "html")):
        pytest.importorskip("openpyxl" if words[-1].endswith("xlsx") else "plotly")
    done = subprocess.run(
        [sys.executable, "-B", *COMMAND[1:], *words],
        cwd=run.parent,
        env=os.environ | {"LC_ALL": "C"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000)),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 2, done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr  # nor lines of an interpreter that closes what is left
    assert "cannot be written" in lines[0]
    assert list(run.parent.iterdir()) == [run]


def test_labels_that_came_later_may_be_missing_and_no_others(small: xr.Dataset) -> None:
    """A run of release 0.1.0 has nine memo lines."""
    known = {"memo_item": small.memo_item.values.tolist()}
    assert stored.wrong_labels(small, known) == []
    assert stored.wrong_labels(small.isel(memo_item=slice(0, 9)), known) == []
    for some in (slice(0, 8), slice(0, 10), slice(1, 11), [1, 0, *range(2, 9)]):
        assert stored.wrong_labels(small.isel(memo_item=some), known)
