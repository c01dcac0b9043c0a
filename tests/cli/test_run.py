"""`annexv run` and what all commands share."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli import MODULES, common
from engine.outputs import netcdf, texts

SHORT = ("--to", "2001", "--scenario", "3B")


def test_without_options_all_scenarios_on_both_bases(annexv, tmp_path: Path) -> None:
    done = annexv("run")
    assert (done.status, done.err) == (0, "")
    result = netcdf.read(tmp_path / "results" / "annex_v.nc")
    assert result.scenario.values.tolist() == ["1B", "2B", "3B", "4B", "1A", "2A", "3A", "4A"]
    assert result.basis.values.tolist() == ["statutory", "published"]
    assert result.year.values.tolist() == list(range(1997, 2031))
    assert str(Path("results") / "annex_v.nc") in done.out
    for code in result.scenario.values:
        assert code in done.out
    assert "replica" in done.out
    full = annexv("run", "--full")
    for year in ("1997", "2000", "2005", "2010", "2015", "2020", "2025", "2030"):
        assert year in full.out
    assert max(map(len, full.out.splitlines())) <= 120


def test_the_printed_figures_are_those_of_the_file(annexv, tmp_path: Path) -> None:
    done = annexv("run", *SHORT, "--full")
    words = texts.load("en")["screen"]["run"]["component"]
    one = netcdf.read(tmp_path / "results" / "annex_v.nc").squeeze()
    blocks = re.split(r"^(statutory|published)\s*$", done.out, flags=re.M)
    for basis, text in zip(blocks[1::2], blocks[2::2], strict=True):
        for component in (*one.component.values, "total"):
            line = next(
                line for line in text.splitlines() if line.strip().startswith(words.get(component, "Total"))
            )
            found = re.findall(r"-?\d+\.\d+", line)
            where = one.sel(basis=basis, year=[1997, 2000, 2001])
            values = (
                where.fiscal_cost_total
                if component == "total"
                else where.fiscal_cost.sel(component=component)
            )
            assert found == [f"{value:.3f}" for value in values.values]


def test_the_default_file_is_replaced_and_others_are_not(annexv, tmp_path: Path) -> None:
    for _ in range(2):
        assert annexv("run", *SHORT).status == 0
    assert annexv("run", *SHORT, "--out", "my.nc").status == 0
    before = (tmp_path / "my.nc").read_bytes()
    refused = annexv("run", *SHORT, "--out", "my.nc")
    assert refused.status == 2
    assert "my.nc: exists already; --force" in refused.err
    assert (tmp_path / "my.nc").read_bytes() == before
    assert annexv("run", *SHORT, "--basis", "published", "--out", "my.nc", "--force").status == 0
    assert netcdf.read(tmp_path / "my.nc").basis.values.tolist() == ["published"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my.nc", "results"]


def test_json(annexv) -> None:
    done = annexv("run", *SHORT, "--json")
    told = json.loads(done.out)
    assert told["units"] == "percent of GDP"
    assert told["years"] == list(range(1997, 2002))
    assert [(one["scenario"], one["basis"]) for one in told["results"]] == [
        ("3B", "statutory"),
        ("3B", "published"),
    ]
    one = told["results"][1]
    assert one["method"]["mpg_new_workers"] == "replica"
    parts = [sum(values) for values in zip(*one["fiscal_cost"].values(), strict=True)]
    assert parts == pytest.approx(one["fiscal_cost_total"], rel=1e-12)


def test_set_overlay_and_to_reach_the_result(annexv, tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text('[overlay]\ntitle = "mine"\n\n[economy]\ngdp_growth = 0.02\n', encoding="utf-8")
    growth = {}
    for name, options in {
        "set": ("--set", "economy.gdp_growth=0.02"),
        "overlay": ("--overlay", "mine.toml"),
        "shipped": ("--overlay", "gdp_annex_viii"),
    }.items():
        assert annexv("run", *SHORT, *options, "--out", f"{name}.nc").status == 0
        gdp = netcdf.read(tmp_path / f"{name}.nc").gdp.sel(basis="statutory", scenario="3B").values
        growth[name] = gdp[1:] / gdp[:-1] - 1.0
    assert growth["set"] == pytest.approx([0.02] * 4)
    assert growth["overlay"] == pytest.approx([0.02] * 4)
    # Annex VIII: 4, 5, 5% in 1998-2000, towards 5.3% in 2005
    assert growth["shipped"][:3] == pytest.approx([0.04, 0.05, 0.05])


def test_a_value_that_one_basis_ignores_is_told(annexv) -> None:
    done = annexv("run", "--to", "2001", "--scenario", "1B", "--set", "funds.infonavit_return=0.02", "--json")
    assert done.status == 0
    assert "funds.infonavit_return" in done.err
    assert "published" in done.err
    assert json.loads(done.out)["notices"]


def test_history_names_what_determines_the_result(annexv, tmp_path: Path) -> None:
    annexv("run", *SHORT, "--set", "economy.gdp_growth=0.02", "--workers", "1", "--out", "my.nc")
    history = netcdf.read(tmp_path / "my.nc").attrs["history"]
    assert history.endswith("annexv run --scenario 3B --set economy.gdp_growth=0.02 --to 2001")


def test_no_escape_sequences_when_not_a_terminal(annexv, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for command in (("run", *SHORT), ("--help",), ("run", "--help"), ("run", "--nonsense")):
        done = annexv(*command)
        assert "\x1b" not in done.out + done.err


def test_help_imports_nothing_heavy() -> None:
    heavy = ("numpy", "numba", "xarray", "pandas", "pydantic", "netCDF4", "rich", "scipy", "assumptions")
    code = (
        "import sys\nfrom engine.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.slow
def test_a_run_imports_no_dask_and_a_cluster_may(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    code = (
        "import sys\nfrom engine.cli import common, main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('dask', 'distributed') if sys.modules.get(name)])\n"
        "common.let_dask_in()\nimport dask, distributed\n"
    )
    words = ("run", *SHORT, "--out", str(tmp_path / "x.nc"))
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_names_every_command(annexv) -> None:
    done = annexv("--help")
    assert done.status == 0
    for name in MODULES:
        assert name in done.out


def test_version(annexv) -> None:
    done = annexv("--version")
    assert done.status == 0
    assert re.fullmatch(r"annexv \d+\.\d+\S*\n", done.out)


def test_a_defect_is_one_message_without_a_traceback(annexv, monkeypatch: pytest.MonkeyPatch) -> None:
    import engine.outputs.dataset as datasets

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(datasets, "project_resolved", fail)
    done = annexv("run", *SHORT)
    assert done.status == 3
    assert "defect of the program: ZeroDivisionError: oh" in done.err
    assert "Traceback" not in done.err
    monkeypatch.setenv("ANNEXV_TRACEBACK", "1")
    assert "Traceback" in annexv("run", *SHORT).err


def test_interruption(annexv, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import engine.outputs.dataset as datasets

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(datasets, "project_resolved", stop)
    done = annexv("run", *SHORT, "--out", "my.nc")
    assert done.status == 130
    assert not (tmp_path / "my.nc").exists()


def test_progress_is_silent_when_quick_or_not_a_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with common.progress(2) as report:
        report(1)
        report(2)
    printed = capfd.readouterr()
    assert printed.out + printed.err == ""


def test_progress_appears_on_a_terminal_that_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(common, "_PROGRESS_AFTER", 0.0)
    import time

    with common.progress(16) as report:
        while "0 of 16" not in stream.getvalue():
            time.sleep(0.01)
        report(5)
    assert "5 of 16 cases projected" in stream.getvalue()


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs /dev/full")
def test_a_full_disk_for_the_table_is_no_traceback(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", "from engine.cli import main; main()", "run", *SHORT],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            check=False,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
    assert done.returncode == 2
    assert done.stderr == "annexv: input or output: No space left on device\n"
