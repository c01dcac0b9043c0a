"""Files: whole or not at all, equal runs as equal bytes, damaged or foreign ones refused."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import assumptions
import engine
from engine.outputs import OutputError, netcdf, provenance, schema
from engine.projection import run_case

EPOCH = "850000000"  # 1996-12-07T23:06:40Z


@pytest.fixture
def written(small: xr.Dataset, tmp_path: Path) -> Path:
    return netcdf.write(small, tmp_path / "one.nc", command="a test")


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_round_trip(full: xr.Dataset, tmp_path: Path) -> None:
    path = netcdf.write(full, tmp_path / "all.nc")
    back = netcdf.read(path)
    for key in ("date_created", "history", "content_sha256"):
        back.attrs.pop(key)
    xr.testing.assert_identical(back, full)
    assert left(tmp_path) == ["all.nc"]


def test_plain_xarray_reads_labels_as_str(written: Path) -> None:
    with xr.open_dataset(written) as opened:
        assert all(isinstance(label, str) for label in opened.component.values)
        assert isinstance(opened.method.values.ravel()[0], str)
        assert opened.fiscal_cost.sel(component="ongoing_pensions", year=1997).size == 1
        assert opened.year.dtype == np.int64
        assert opened.fiscal_cost.encoding["dtype"] == np.float64
        assert "scale_factor" not in opened.fiscal_cost.encoding


def test_global_attributes(written: Path) -> None:
    found = netcdf.read(written).attrs
    for name in (
        "Conventions",
        "title",
        "summary",
        "source",
        "history",
        "references",
        "assumptions_sha256",
        "scenario_sha256",
        "run_id",
        "date_created",
    ):
        assert found[name], name
    assert found["Conventions"] == "CF-1.11, ACDD-1.3"
    assert found["title"].endswith("1997-2001")
    assert found["scenario_sha256"].startswith("statutory 3B ")


def test_every_case_carries_its_input_and_runs_again_bit_for_bit(full: xr.Dataset, tmp_path: Path) -> None:
    back = netcdf.read(netcdf.write(full, tmp_path / "all.nc"))
    for basis, scenario in (("statutory", "3B"), ("published", "4A")):
        one = back.sel(basis=basis, scenario=scenario)
        resolved = assumptions.Resolved.from_json(str(one.resolved_input.values))
        assert (resolved.basis, resolved.scenario) == (basis, scenario)
        assert np.array_equal(run_case(resolved).cost, one.fiscal_cost_mxn.values)


def test_equal_runs_give_equal_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    digests = set()
    for number, workers in enumerate((1, 3)):
        packs = [assumptions.load(code, sets={"reform.last_year": 2000}) for code in ("1B", "3A")]
        path = netcdf.write(
            engine.project_many(packs, workers=workers), tmp_path / f"{number}.nc", command="x"
        )
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1
    assert netcdf.read(path).attrs["date_created"] == "1996-12-07T23:06:40Z"


def test_a_time_that_is_none_is_refused(
    small: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(OutputError, match="SOURCE_DATE_EPOCH"):
        netcdf.write(small, tmp_path / "one.nc")
    assert left(tmp_path) == []


def test_history_grows_at_the_top(written: Path, tmp_path: Path) -> None:
    netcdf.write(netcdf.read(written), tmp_path / "two.nc", command="second")
    first, second = netcdf.read(tmp_path / "two.nc").attrs["history"].splitlines()
    assert first.endswith("second")
    assert second.endswith("a test")


def test_run_id_tells_inputs_apart(small: xr.Dataset) -> None:
    same = engine.project(assumptions.load("3B", sets={"reform.last_year": 2001}))
    other = engine.project(
        assumptions.load("3B", sets={"reform.last_year": 2001, "economy.gdp_growth": 0.03})
    )
    assert same.attrs["run_id"] == small.attrs["run_id"] != other.attrs["run_id"]


@pytest.mark.parametrize("share", [0.0001, 0.01, 0.3, 0.7, 0.99, 0.9999])
def test_truncated_files_are_refused(written: Path, share: float) -> None:
    data = written.read_bytes()
    written.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(OutputError, match=r"one\.nc: (is damaged or cut short|is not a netCDF-4 file)"):
        netcdf.read(written)


@pytest.mark.slow
def test_damage_is_refused_or_harmless(written: Path) -> None:
    """Twenty flipped bytes anywhere: either refused, or in unused space and without effect."""
    whole = netcdf.read(written)
    data = written.read_bytes()
    refused = 0
    for start in range(0, len(data), max(1, len(data) // 60)):
        hurt = bytearray(data)
        hurt[start : start + 20] = bytes(byte ^ 0xFF for byte in hurt[start : start + 20])
        written.write_bytes(hurt)
        try:
            same = netcdf.read(written).identical(whole)
        except OutputError:
            refused += 1
        else:
            assert same
    assert refused > 0


def test_edited_numbers_are_refused(written: Path) -> None:
    import netCDF4

    with netCDF4.Dataset(written, "a") as opened:
        opened["fiscal_cost"][0, 0, 0, 0] = 1.0
    with pytest.raises(OutputError, match="changed or damaged"):
        netcdf.read(written)


def test_foreign_and_older_files_are_refused(written: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.nc"
    xr.Dataset({"a": ("x", [1.0])}).to_netcdf(foreign)
    text = tmp_path / "text.nc"
    text.write_text("year,cost\n1997,1\n", encoding="utf-8")
    cases = {
        foreign: "was not written by annexv",
        text: "is not a netCDF-4 file",
        tmp_path / "missing.nc": "no such file",
        tmp_path: "no such file",
    }
    for version, advice in ((0, "write it again"), (schema.FORMAT_VERSION + 1, "update annexv")):
        import netCDF4

        other = tmp_path / f"version{version}.nc"
        shutil.copy(written, other)
        with netCDF4.Dataset(other, "a") as opened:
            opened.annexv_format_version = version
        cases[other] = f"format version {version}.*{advice}"
    for path, said in cases.items():
        with pytest.raises(OutputError, match=said):
            netcdf.read(path)


def test_only_projections_are_written(small: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="gdp: is missing"):
        netcdf.write(small.drop_vars("gdp"), tmp_path / "one.nc")
    assert left(tmp_path) == []


def test_existing_files_are_kept_unless_told(written: Path, small: xr.Dataset) -> None:
    before = written.read_bytes()
    with pytest.raises(OutputError, match="exists already"):
        netcdf.write(small, written, overwrite=False)
    assert written.read_bytes() == before
    netcdf.write(small, written)
    assert left(written.parent) == ["one.nc"]


def test_a_failing_write_leaves_the_old_file(
    written: Path, small: xr.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = written.read_bytes()

    def fail(self: xr.Dataset, path: Path, **_: object) -> None:
        Path(path).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(xr.Dataset, "to_netcdf", fail)
    with pytest.raises(OutputError, match=r"one\.nc: cannot be written: No space left on device"):
        netcdf.write(small, written)
    assert written.read_bytes() == before
    assert left(written.parent) == ["one.nc"]


@pytest.mark.parametrize(
    ("name", "said"),
    [("no/such/x.nc", "no such folder"), ("file/x.nc", "is not a folder"), ("folder", "is a folder")],
)
def test_impossible_targets(small: xr.Dataset, tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match=said):
        netcdf.write(small, tmp_path / name)
    assert left(tmp_path) == ["file", "folder"]


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="needs POSIX permissions that bind the user"
)
def test_unwritable_folder(small: xr.Dataset, tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    with pytest.raises(OutputError, match="not writable"):
        netcdf.write(small, folder / "x.nc")


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_permissions_are_those_of_any_new_file(written: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("", encoding="utf-8")
    assert stat.S_IMODE(written.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_writing_does_not_change_the_dataset(small: xr.Dataset, tmp_path: Path) -> None:
    copy = small.copy(deep=True)
    netcdf.write(small, tmp_path / "one.nc")
    xr.testing.assert_identical(small, copy)


def test_commit_is_empty_or_a_hash() -> None:
    assert provenance.commit() == "" or len(provenance.commit()) == 40


@pytest.mark.slow
def test_cf_and_acdd(full: xr.Dataset, tmp_path: Path) -> None:
    """CF without an error; of ACDD's highly recommended attributes only standard names, of which CF has none for money."""
    pytest.importorskip("compliance_checker")
    path = netcdf.write(full, tmp_path / "all.nc")
    report = tmp_path / "report.txt"
    checker = "from compliance_checker.runner import ComplianceChecker, CheckSuite\n"
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{checker}import sys\nCheckSuite.load_all_available_checkers()\n"
            "ComplianceChecker.run_checker(sys.argv[1], ['cf:1.11', 'acdd:1.3'], 0, 'normal', output_filename=sys.argv[2])",
            str(path),
            str(report),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert report.is_file(), run.stderr
    text = report.read_text(encoding="utf-8")
    assert "acdd:1.3" in text
    parts = text.split("IOOS Compliance Checker Report")
    (cf,) = (part for part in parts if "cf:1.11" in part)
    (acdd,) = (part for part in parts if "acdd:1.3" in part)
    assert "Errors" not in cf, cf
    assert "All tests passed!" in cf, cf
    high = acdd.split("Highly Recommended")[1].split("Recommended")[0] if "Highly Recommended" in acdd else ""
    lines = [line for line in map(str.strip, high.splitlines()) if line and set(line) != {"-"}]
    assert [x for x in lines if not x.startswith("variable ") and x != "* standard_name"] == [], high
