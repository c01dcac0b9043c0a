"""Faults of the data folder itself: a copy is broken in one place, and `check` must say so."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import assumptions
from assumptions import published
from assumptions.text import DATA


def edit(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        path = root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} no longer holds {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def append(file: str, text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        with (root / file).open("a", encoding="utf-8") as stream:
            stream.write(text)

    return change


DENSITY = '[contributions.density]\nkind = "number"\nunit = "fraction"\nstatus = "published"\n'
CASES = {
    "unknown unit": (
        edit("base/contributions.toml", DENSITY, DENSITY.replace('"fraction"', '"fractoin"')),
        "contributions.density.unit: 'fractoin' is not allowed; allowed are fraction",
    ),
    "missing status": (
        edit("base/contributions.toml", DENSITY, DENSITY.replace('status = "published"\n', "")),
        "contributions.density.status: is missing",
    ),
    "missing locator": (
        edit("base/contributions.toml", 'locator = "Art. 168-I"\n', ""),
        "contributions.retirement_employer.locator: is missing",
    ),
    "declared twice": (
        append("base/law_1995.toml", "\n" + DENSITY + 'source = "annex_v"\nlocator = "x"\nvalue = 0.8\n'),
        "contributions.density: is declared twice",
    ),
    "unknown kind": (
        edit("base/contributions.toml", DENSITY, DENSITY.replace('"number"', '"numeral"')),
        "contributions.density.kind: 'numeral' is not allowed; allowed are number, path, table",
    ),
    "range misses the value": (
        edit("base/contributions.toml", "range = [0.6, 1.0]", "range = [0.9, 1.0]"),
        "contributions.density.range: 0.9 to 1 does not hold the value 0.83",
    ),
    "range backwards": (
        edit("base/contributions.toml", "range = [0.6, 1.0]", "range = [1.0, 0.6]"),
        "contributions.density.range: runs backwards",
    ),
    "judgement without range": (
        edit("base/contributions.toml", "value = 0.0165\nrange = [0.01, 0.027]\n", "value = 0.0165\n"),
        "contributions.occupational_premium.range: is missing",
    ),
    "calibrated without target": (
        edit("basis/replica.toml", 'target = "c4 of scenario 3B"\nstart = "0.8"\n', ""),
        "replica.c4_over_c2.method: is missing; a calibrated value names method and target",
    ),
    "unreadable condition": (
        edit("basis/replica.toml", '["basis.type_split = replica"]', '["basis.type_split is replica"]'),
        "replica.c4_over_c2.used_when: is not written as",
    ),
    "condition on nothing": (
        edit("basis/replica.toml", '["basis.type_split = replica"]', '["basis.split = replica"]'),
        "replica.c4_over_c2.used_when: names the unknown basis.split",
    ),
    "unknown source of a row": (
        edit("inflation.csv", "sourced,inpc", "sourced,nobody"),
        "economy.inflation.csv: rows name unknown sources nobody",
    ),
    "no value in a basis": (
        edit("basis/published.toml", 'includes = ["replica"]', "includes = []"),
        "has no value",
    ),
    "unknown constraint": (
        edit("constraints.toml", 'rule = "sums_to_one"', 'rule = "sums_to_two"'),
        "constraint 1: needs rule (sums_to_one",
    ),
    "mortality cell": (edit("mortality/emssa97.csv", "15,0.00043,", "15,n.a.,"), "'n.a.' is not a number"),
    "mortality age missing": (
        edit("mortality/emssa97.csv", "15,0.00043,0.00015\n", ""),
        "mortality.active: missing age 15",
    ),
    "scenario without order": (edit("scenarios/3B.toml", "order = 3\n", ""), "overlay.order: is missing"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    return folder


def test_the_shipped_data_are_without_fault() -> None:
    assert assumptions.check() == []
    assert published.check() == []


@pytest.mark.parametrize("case", CASES)
def test_fault(case: str, root: Path) -> None:
    change, fragment = CASES[case]
    change(root)
    faults = [str(fault) for fault in assumptions.check(root)]
    assert any(fragment in fault for fault in faults), "\n".join(faults)


def test_windows_files_read_the_same(root: Path) -> None:
    for path in [*root.rglob("*.toml"), *root.rglob("*.csv")]:
        text = path.read_text(encoding="utf-8")
        path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert assumptions.check(root) == []
    read = assumptions.load("3A", root=root).resolve("published")
    assert read.sha256 == assumptions.load("3A").resolve("published").sha256


@pytest.mark.slow
def test_every_source_is_used() -> None:
    used = {"user"}
    bases = assumptions.basis_names()
    for code in assumptions.all_scenario_codes():
        for overlays in ((), *((name,) for name in assumptions.overlay_names())):
            for res in assumptions.resolve_all(assumptions.load(code, overlays=overlays), bases).values():
                used |= {row.source for row in assumptions.register(res, expand=False)}
                for name in res.names():
                    used |= {source for _, _, source in res.item(name).row_sources}
    for folder in ("observed", "law_today"):  # every row of what was observed names its own
        for path in (Path(assumptions.__file__).parent / "data" / folder).glob("*.csv"):
            lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
            used |= {row["source"] for row in csv.DictReader(lines) if row.get("source")}
    tables = {"parker_wong", "annex_vii", "consar", "cefp"}  # data of other chapters, facts behind judgements
    assert set(res.sources) - used <= tables


def test_no_scenario_name_in_the_code() -> None:
    codes = assumptions.all_scenario_codes()
    for path in Path(assumptions.__file__).parent.glob("*.py"):
        code = "\n".join(
            line for line in path.read_text().splitlines() if not line.lstrip().startswith((">", "#"))
        )
        for scenario in codes:
            assert f'== "{scenario}"' not in code
            assert f'"{scenario}":' not in code
