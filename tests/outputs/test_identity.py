"""Every byte that a result depends on is in its identity, and a file of results opens nothing but itself."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import assumptions
import engine
from assumptions import AssumptionError, Resolved
from engine import compare_runs, sweeps
from engine.outputs import OutputError, inputs, netcdf
from engine.outputs import balance as balances
from engine.sweeps import store

ROOT = Path(__file__).resolve().parents[2]
FUND = ROOT / "examples" / "closed_fund"
FILES = ("fund.toml", "members.csv", "pensioners.csv", "benefits.csv")
SETS = {"reform.last_year": 1999}
# Runs the projection with every file that it opens for reading noted, or only says what its run_id would be.
OPENED = """
import json, sys
opened = set()
def note(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)) and (args[1] is None or "r" in str(args[1])):
        opened.add(args[0] if isinstance(args[0], str) else args[0].decode())
sys.addaudithook(note)
import assumptions, engine
from engine.outputs import provenance
pack = assumptions.load("0B", ["fund.toml"], {"reform.last_year": 1999})
attributes = provenance.run_attributes([pack.resolve("statutory")], [1997])
if sys.argv[1] == "run":
    assert engine.project(pack).attrs["run_id"] == attributes["run_id"]
print(json.dumps([sorted(opened), attributes["run_id"]]))
"""


@pytest.fixture
def fund(tmp_path: Path) -> Path:
    folder = tmp_path / "fund"
    folder.mkdir()
    for name in FILES:
        shutil.copyfile(FUND / name, folder / name)
    # A projection has no use for what the example says of its balance.
    overlay = folder / "fund.toml"
    overlay.write_text(overlay.read_text(encoding="utf-8").partition("[balance]")[0], encoding="utf-8")
    return folder


def projected(folder: Path, **options: Any) -> xr.Dataset:
    pack = assumptions.load("0B", [folder / "fund.toml"], SETS)
    return engine.project_many([pack], ("statutory",), **options)


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def opened_by(root: Path, folder: Path, what: str = "") -> tuple[list[str], str]:
    done = subprocess.run(
        [sys.executable, "-c", OPENED, what],
        cwd=folder,
        env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    files, run_id = json.loads(done.stdout)
    return files, run_id


@pytest.mark.slow
@pytest.mark.nightly
def test_one_byte_of_every_file_that_a_run_opens_is_another_run(fund: Path, tmp_path: Path) -> None:
    """Files of the user and of the shipped data, found by what the run opens and not by a list."""
    root = tmp_path / "copy"
    for package in ("assumptions", "cohorts", "engine"):
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__"))
    files, before = opened_by(root, fund, "run")
    paths = {(fund / name).resolve() for name in files}
    own = sorted(path for path in paths if path.parent == fund.resolve() and path.suffix in (".toml", ".csv"))
    assert [path.name for path in own] == sorted(FILES)
    data = (root / "assumptions" / "data").resolve()
    shipped = sorted(path for path in paths if path.is_relative_to(data))
    assert len(shipped) > 20
    # The law's code is read as compiled Python; its sources are in code_sha256.
    seen = {before}
    for path in (*own, *shipped[:: max(1, len(shipped) // 6)], root / "engine" / "law" / "old.py"):
        content = path.read_bytes()
        path.write_bytes(content + b"\n")
        _, after = opened_by(root, fund)
        assert after not in seen, path
        seen.add(after)
        path.write_bytes(content)
    assert opened_by(root, fund)[1] == before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("members.csv", "42900,2", "42900,3"),
        ("pensioners.csv", ",1\n", ",2\n"),
        ("benefits.csv", "0.5,0.025", "0.6,0.025"),
    ],
)
def test_a_number_of_a_table_is_in_the_assumptions(fund: Path, name: str, old: str, new: str) -> None:
    before = projected(fund)
    changed(fund / name, old, new)
    after = projected(fund)
    assert before.attrs["assumptions_sha256"] != after.attrs["assumptions_sha256"]
    assert before.attrs["run_id"] != after.attrs["run_id"]


def test_another_name_and_place_of_the_same_table_is_the_same_run(fund: Path, tmp_path: Path) -> None:
    before = projected(fund)
    (fund / "members.csv").rename(fund / "staff.csv")
    changed(fund / "fund.toml", "members.csv", "staff.csv")
    after = projected(fund)
    assert before.attrs["assumptions_sha256"] == after.attrs["assumptions_sha256"]
    assert (before.fiscal_cost_mxn.values == after.fiscal_cost_mxn.values).all()


def test_a_run_tells_digest_and_totals_of_its_tables_and_not_the_tables(fund: Path, tmp_path: Path) -> None:
    path = netcdf.write(projected(fund), tmp_path / "run.nc")
    found = netcdf.read(path)
    tables = {item["name"]: item for item in json.loads(found.attrs["input_tables"])}
    lines = [
        line
        for line in (FUND / "members.csv").read_text(encoding="utf-8").splitlines()
        if line[:2] in ("m,", "f,")
    ]
    rows = [list(map(float, line.split(",")[2:])) for line in lines]
    members = tables["population.members_file"]
    assert members["file"] == "members.csv"
    assert members["totals"]["rows"] == len(lines)
    assert members["totals"]["persons"] == sum(row[2] for row in rows)
    assert members["totals"]["amount"] == pytest.approx(sum(row[1] * row[2] for row in rows), rel=1e-12)
    said = str(found.resolved_input.values.ravel()[0])
    assert lines[0] not in said
    assert str(fund) not in json.dumps(json.loads(said)["tables"])
    (resolved,) = inputs.resolved_inputs(found).values()
    assert all(table.content is None for table in resolved.attached.values())


def test_rerun_asks_for_the_tables_and_takes_no_other(fund: Path, tmp_path: Path) -> None:
    found = netcdf.read(netcdf.write(projected(fund), tmp_path / "run.nc"))
    with pytest.raises(AssumptionError) as asked:
        compare_runs.rerun(found)
    assert "give it with --table population.members_file=FILE" in str(asked.value)
    assert "give it with --table pensions.pensioners_file=FILE" in str(asked.value)
    given = [f"population.members_file={fund / 'members.csv'}", str(fund / "pensioners.csv")]
    assert compare_runs.rerun(found, tables=given).same
    with pytest.raises(AssumptionError, match=r"pensions\.pensioners_file.*--table"):
        compare_runs.rerun(found, tables=given[:1])
    changed(fund / "members.csv", "42900,2", "42900,2000")
    with pytest.raises(AssumptionError, match=r"the run needs population\.members_file: members\.csv"):
        compare_runs.rerun(found, tables=given)
    with pytest.raises(AssumptionError, match="no such file"):
        compare_runs.rerun(found, tables=[given[1], "nowhere.csv"])


def test_an_embedded_table_is_enough_anywhere(
    fund: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = netcdf.write(projected(fund, embed_tables=True), tmp_path / "run.nc")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.rmtree(fund)
    monkeypatch.chdir(elsewhere)
    found = netcdf.read(path)
    again = compare_runs.rerun(found)
    assert again.same
    assert (
        "content"
        in json.loads(str(again.dataset.resolved_input.values.ravel()[0]))["tables"][
            "population.members_file"
        ]
    )


def crafted(dataset: xr.Dataset, change: Any) -> xr.Dataset:
    """A run with another resolved input that has the digest of its content, as a forger would write it."""
    raw = json.loads(str(dataset.resolved_input.values.ravel()[0]))
    change(raw)
    text = json.dumps(raw)
    try:
        Resolved.from_json(text)
    except AssumptionError as error:
        found = re.search(r"sha256 is ([0-9a-f]+)", str(error))
        if found:
            raw["sha256"] = found[1]
    forged = dataset.copy(deep=True)
    forged["resolved_input"] = (dataset.resolved_input.dims, np.array([[json.dumps(raw)]], dtype=object))
    return forged


@pytest.mark.parametrize("place", ["/etc/passwd", "/dev/zero", "../../secret.csv", "C:\\secret.csv"])
def test_a_crafted_run_opens_nothing(
    fund: Path, tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(fund)

    def change(raw: dict[str, Any]) -> None:
        raw["tables"]["population.members_file"]["file"] = place
        raw["values"]["population.members_file"] = place

    path = netcdf.write(crafted(projected(fund), change), tmp_path / "run.nc")
    opened: list[str] = []
    watching = [True]

    def note(event: str, args: tuple[Any, ...]) -> None:
        if watching and event == "open":
            opened.append(str(args[0]))

    sys.addaudithook(note)
    with pytest.raises(AssumptionError, match="--table population"):
        compare_runs.rerun(netcdf.read(path))
    watching.clear()
    for name in ("passwd", "zero", "secret", "members.csv", "pensioners.csv"):
        assert not [item for item in opened if name in item]


def test_an_embedded_table_that_is_a_bomb_or_another_is_refused(fund: Path) -> None:
    run = projected(fund, embed_tables=True)

    def bomb(raw: dict[str, Any]) -> None:
        packed = base64.b64encode(zlib.compress(bytes(10**7), 9)).decode()
        raw["tables"]["population.members_file"]["content"] = packed

    def other(raw: dict[str, Any]) -> None:
        table = raw["tables"]["population.members_file"]
        content = zlib.decompress(base64.b64decode(table["content"])).replace(b"42900,2", b"42900,9")
        table["content"] = base64.b64encode(zlib.compress(content)).decode()

    for change in (bomb, other):
        with pytest.raises(OutputError, match="cannot be read back"):
            inputs.resolved_inputs(crafted(run, change))


def test_values_that_nobody_could_type_are_not_believed(fund: Path) -> None:
    run = engine.project(assumptions.load("3B", sets=SETS))

    def set_to(name: str, value: Any) -> Any:
        return lambda raw: raw["values"].__setitem__(name, value)

    path = {"years": [1997, 1995], "values": [0.1, 0.1], "rule": "step"}
    cases = [
        (set_to("contributions.density", 7.0), r"contributions\.density"),
        (
            set_to("economy.gdp_growth", {"years": [-1], "values": [9.0], "rule": "step"}),
            r"economy\.gdp_growth",
        ),
        (
            set_to("economy.gdp_growth", {"years": [99999], "values": [0.1], "rule": "step"}),
            r"economy\.gdp_growth",
        ),
        (set_to("economy.gdp_growth", path), r"economy\.gdp_growth"),
        (set_to("basis.mpg", "as I like"), r"basis\.mpg"),
        (set_to("population.wage_groups", 2.5), r"population\.wage_groups"),
        (
            lambda raw: raw["parameters"]["contributions.density"].update(unit="mxn"),
            r"contributions\.density",
        ),
        (lambda raw: raw.update(basis="mine"), "basis"),
    ]
    assert inputs.resolved_inputs(crafted(run, lambda raw: None))
    for change, said in cases:
        with pytest.raises(OutputError, match=said):
            inputs.resolved_inputs(crafted(run, change))


def test_a_run_that_names_a_file_without_digest_is_refused(fund: Path) -> None:
    """As release 0.1.0 wrote them: nothing says which bytes it was made from."""
    with pytest.raises(OutputError, match="names a file without its digest"):
        inputs.resolved_inputs(crafted(projected(fund), lambda raw: raw.pop("tables")))


def test_two_runs_of_other_tables_differ_by_the_table(fund: Path) -> None:
    pack = assumptions.load("0B", [fund / "fund.toml"], SETS)
    one = pack.resolve("statutory")
    changed(fund / "members.csv", "42900,2", "42900,2000")
    two = assumptions.load("0B", [fund / "fund.toml"], SETS).resolve("statutory")
    assert [item.name for item in assumptions.diff(one, two)] == ["population.members_file"]
    fall = compare_runs.waterfall(one, two)
    assert [step.names for step in fall.steps] == [("population.members_file",)]
    assert all("members.csv (" in side for side in (fall.changes[0].old, fall.changes[0].new))


def test_a_sweep_is_not_resumed_over_a_changed_table(fund: Path, tmp_path: Path) -> None:
    design = {
        "scenarios": ["0B"],
        "outputs": ["fiscal_cost_total"],
        "design": {"kind": "grid"},
        "parameter": [{"name": "law_1973.bonus_months", "values": [0.5, 1.0]}],
    }

    def plan(embed: bool = False) -> sweeps.Plan:
        return sweeps.prepare(design, overlays=[str(fund / "fund.toml")], sets=SETS, embed_tables=embed)

    target = tmp_path / "sweep.nc"
    before = plan()
    sweeps.to_file(before, target)
    with sweeps.read(target) as found:
        assert len(json.loads(found.attrs["input_tables"])) == 2
        (kept,) = inputs.resolved_inputs(found.load()).values()
    assert all(table.content is None for table in kept.attached.values())
    unfinished = tmp_path / "unfinished.nc"
    store.Parts(unfinished, before).release()
    changed(fund / "members.csv", "42900,2", "42900,2000")
    assert plan().sha256 != before.sha256
    for path in (target, unfinished):
        with pytest.raises(OutputError, match="another sweep: the assumptions differs"):
            sweeps.to_file(plan(), path, resume=True)
    sweeps.to_file(plan(embed=True), target, overwrite=True)
    with sweeps.read(target) as found:
        (kept,) = inputs.resolved_inputs(found.load()).values()
    assert all(table.content is not None for table in kept.attached.values())


def test_a_balance_tells_its_tables(fund: Path, tmp_path: Path) -> None:
    sets = {"balance.computed": True, "balance.horizon_years": 3.0}
    resolved = assumptions.load("0B", [fund / "fund.toml"], sets).resolve("statutory")
    for embed in (False, True):
        found = balances.read(
            balances.write(balances.balance(resolved, embed_tables=embed), tmp_path / f"{embed}.nc")
        )
        names = [item["name"] for item in json.loads(found.attrs["input_tables"])]
        assert sorted(names) == ["pensions.pensioners_file", "population.members_file"]
        (back,) = inputs.resolved_inputs(found).values()
        assert all((table.content is not None) == embed for table in back.attached.values())


@pytest.mark.parametrize("place", ["/dev/zero", "."])
def test_a_table_is_a_plain_file(place: str) -> None:
    with pytest.raises(AssumptionError, match=r"a file is expected|device"):
        assumptions.load("0B", sets={"population.members_file": place}).resolve("statutory")
