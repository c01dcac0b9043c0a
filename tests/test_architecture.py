"""The rules of docs/architecture.md and of packaging, as tests."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from assumptions import model
from cohorts import axes
from engine import labels

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("assumptions", "cohorts", "engine")
LONGEST = 120
# One program without functions, as who has numpy alone would write it: what the kernels are measured against.
LONG = {"benchmarks/numpy_baseline.py": {"plain"}}
FOLDERS = (*PACKAGES, "engine.kernels", "engine.law", "engine.outputs")


def committed_files() -> list[Path]:
    """Files under version control that are still there; skips where this is no git checkout."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("needs a git checkout")
    listed = subprocess.run([git, "-C", str(ROOT), "ls-files", "-z"], capture_output=True, check=True)
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def without_caches(folder: Path) -> set[PurePosixPath]:
    return {
        PurePosixPath(path.relative_to(ROOT).as_posix())
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }


def requirements(extra: str, project: dict[str, Any]) -> Iterator[str]:
    """Names of the packages that an extra installs, those of `annexv[...]` in it and of the base included."""
    own = re.compile(r"annexv\[(.+)\]")
    for text in [*project["dependencies"], *project["optional-dependencies"][extra]]:
        more = own.fullmatch(text)
        if more:
            for name in more[1].split(","):
                yield from requirements(name, project)
        else:
            yield re.match(r"[\w.-]+", text)[0].lower().replace("_", "-")  # type: ignore[index]


def imported(path: Path) -> set[str]:
    """First words of the absolute imports of a module, wherever in it they stand."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.slow
def test_the_extra_test_holds_everything_that_tests_import() -> None:
    """The README's command installs nothing else; what only `dev` brings must not be met here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = set(requirements("test", project))
    ours = {*PACKAGES, "annexv", "tests", "benchmarks", *sys.stdlib_module_names}
    of_module = importlib.metadata.packages_distributions()
    missing = {
        f"{path.relative_to(ROOT).as_posix()}: {name}"
        for folder in ("tests", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        for name in imported(path) - ours
        if not declared & {known.lower().replace("_", "-") for known in of_module.get(name, [name])}
    }
    assert missing == set()


def test_dependencies_have_a_floor_and_a_ceiling() -> None:
    """Those that people install; benchmarks/dependencies.py tries both ends."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    stated = [*project["dependencies"], *(text for name in extras if name != "dev" for text in extras[name])]
    plain = [text.partition(";")[0].strip() for text in stated if not text.startswith("annexv[")]
    assert [text for text in plain if not re.fullmatch(r"[\w.-]+>=[\w.]+,<[\w.]+", text)] == []


@pytest.mark.parametrize("dotted", FOLDERS)
def test_every_code_folder_is_a_package(dotted: str) -> None:
    assert (ROOT.joinpath(*dotted.split(".")) / "__init__.py").is_file()


def test_every_folder_with_code_has_an_init() -> None:
    bare = {
        path.parent.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if not (path.parent / "__init__.py").is_file()
    }
    assert bare == set()


def test_import_contracts() -> None:
    """import-linter's contracts in pyproject.toml, in a process of its own since it changes the import path."""
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "import importlinter.cli as c; raise SystemExit(c.lint_imports(no_cache=True))",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert run.returncode == 0, f"{run.stdout}\n{run.stderr}"


def test_every_floor_of_the_engine_is_listed() -> None:
    """A new module of the engine gets its place among the floors in pyproject.toml, or the contract skips it."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (c for c in config["tool"]["importlinter"]["contracts"] if c["id"] == "engine-floors")
    placed = {name.strip(" ()") for layer in contract["layers"] for name in re.split("[:|]", layer)}
    modules = {path.stem for path in (ROOT / "engine").glob("*.py")} - {"__init__", "__main__"}
    folders = {path.parent.name for path in (ROOT / "engine").glob("*/__init__.py")}
    unplaced = (modules | folders) - placed
    assert unplaced == set(), f"add to the contract engine-floors in pyproject.toml: {sorted(unplaced)}"


def imported_names(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


# What each plain module may import of ours. `cohorts.axes` and `cohorts.records` are what cohorts fill and kernels read.
PLAIN = {
    "engine/law": ("engine.law", "engine.compiled", "cohorts.arrays"),
    "engine/kernels": (
        "engine.kernels",
        "engine.law",
        "engine.apart",
        "engine.compiled",
        "cohorts.arrays",
        "cohorts.axes",
        "cohorts.records",
    ),
    "cohorts/arrays.py": (),
    "cohorts/axes.py": (),
    "cohorts/records.py": ("cohorts.arrays", "cohorts.axes"),
    "cohorts/__init__.py": (),
}


@pytest.mark.parametrize("place", PLAIN)
def test_plain_modules_import_numpy_and_numba_only(place: str) -> None:
    """The contract forbids heavy packages by name; here only numpy, numba and the standard library may come."""
    where = ROOT / place
    for path in sorted(where.rglob("*.py")) if where.is_dir() else [where]:
        for name in imported_names(path):
            top = name.split(".")[0]
            ours = any(f"{name}.".startswith(f"{allowed}.") for allowed in PLAIN[place])
            assert ours or top in {"numpy", "numba"} or top in sys.stdlib_module_names, f"{path.name}: {name}"


def test_labels_stand_at_their_positions() -> None:
    """The names that kernels count with are those of the labels."""
    for place, name in enumerate(axes.CAUSES):
        assert getattr(axes, name.upper()) == place
    for place, name in enumerate(axes.GENERATIONS):
        assert getattr(axes, name.upper()) == place
    assert (axes.SEXES[axes.MALE], axes.SEXES[axes.FEMALE]) == ("m", "f")
    places = {
        "retirement": axes.ACCOUNT_RETIREMENT,
        "ceav": axes.ACCOUNT_SEVERANCE,
        "social_quota": axes.ACCOUNT_QUOTA,
        "infonavit": axes.ACCOUNT_HOUSING,
    }
    assert {name: place for place, name in enumerate(axes.ACCOUNTS)} == places
    for place in ("ACQUIRED_RIGHTS", "ONGOING_PENSIONS", "STATE_CONTRIBUTIONS", "MPG_NEW_WORKERS"):
        assert labels.COMPONENTS[getattr(labels, place)] == place.lower()
    # The lowest room cannot ask the cohorts: it has the order of its own tables.
    assert model.SEXES == axes.SEXES


@pytest.mark.slow
def test_no_list_of_labels_stands_twice() -> None:
    """Labels of an axis, in order, are written in one file only; others import them."""
    known = [axes.SEXES, axes.PENSION_TYPES, axes.GENERATIONS, axes.ACCOUNTS, *labels.labels().values()]
    homes = {"cohorts/axes.py", "engine/labels.py", "assumptions/model.py"}
    # Columns of the kernel for single lives begin with the accounts; it holds no other list.
    homes |= {"engine/kernels/figures.py"}
    found = []
    for path in (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))):
        where = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Tuple | ast.List | ast.Set):
                continue
            words = tuple(part.value for part in node.elts if isinstance(part, ast.Constant))
            twice = any(words[n : n + len(names)] == names for names in known for n in range(len(words)))
            if twice and where not in homes:
                found.append(f"{where}:{node.lineno}: {words}")
    assert found == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with the back end already installed: no network."""
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = out.glob("annexv-*.whl")
    return built


def test_wheel_holds_the_three_packages_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {*PACKAGES, "annexv.py"}
    assert [top for top in tops if top.endswith(".dist-info")] == [f"{wheel.name.split('-py3')[0]}.dist-info"]
    left_over = re.compile(r"__pycache__|\.nb[ic]$|\.py[co]$")
    assert [name for name in names if left_over.search(name)] == []


def test_wheel_holds_every_module_and_every_data_file(wheel: Path) -> None:
    held = {PurePosixPath(name) for name in zipfile.ZipFile(wheel).namelist()}
    for package in PACKAGES:
        code = {path for path in without_caches(ROOT / package) if path.suffix == ".py"}
        assert code - held == set()
    data = without_caches(ROOT / "assumptions" / "data")
    assert data, "no data files below assumptions/data"
    assert data - held == set()


def test_wheel_names_the_command(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (entry,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
    assert "annexv = engine.cli:main" in archive.read(entry).decode()


# Put together here so that this file does not contain what it looks for.
SLASH = "/"
MACHINE_FOLDERS = ("work", "tmp", "root", "home", "Users", "mnt", "opt")
MACHINE_PATH = re.compile(
    rf"(?:^|(?<=[\s\"'`(=\[,:]))(?:file:{SLASH * 2})?{SLASH}(?:{'|'.join(MACHINE_FOLDERS)}){SLASH}[\w.]"
    rf"|\b[A-Z]:\\Users\\"
)
REGISTRY_HOST = re.compile(
    "|".join(["pypi" + r"\.org", "python" + "hosted", "npm" + "js", "deb" + r"\.debian"])
)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (f'"{SLASH}work{SLASH}x"', True),
        (f"see {SLASH}tmp{SLASH}x.nc", True),
        (f"file:{SLASH * 3}home{SLASH}someone", True),
        ("pensioners/work/leaving", False),
        ("https://example.org/work/page", False),
    ],
)
def test_machine_paths_are_recognised(line: str, found: bool) -> None:
    assert bool(MACHINE_PATH.search(line)) is found


def test_committed_files_name_no_machine_and_no_registry() -> None:
    found = []
    for path in committed_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # pictures, netCDF, workbooks
        for number, line in enumerate(text.splitlines(), 1):
            if MACHINE_PATH.search(line) or REGISTRY_HOST.search(line):
                found.append(f"{path.relative_to(ROOT).as_posix()}:{number}: {line.strip()[:100]}")
    assert found == []


def test_results_and_caches_are_not_committed() -> None:
    unwanted = re.compile(
        r"(^|/)(__pycache__|\.venv|\.asv|site|results|\.hypothesis|\.mypy_cache)/|\.(pyc|nbi|nbc)$"
    )
    names = [path.relative_to(ROOT).as_posix() for path in committed_files()]
    assert [name for name in names if unwanted.search(name)] == []


READ = re.compile(r"\b(?:resolved|pack)\.(?:number|path|dated|table|switch|flag|date|text|value)\b")


def test_nobody_between_preparation_and_result_opens_the_pack() -> None:
    """Kernels, components and the projection see arrays; the pack is opened in `engine.prepare`."""
    rooms = ("components", "kernels", "law")
    closed = [path for room in rooms for path in (ROOT / "engine" / room).glob("*.py")]
    assert len(closed) > 15
    texts = {path.name: path.read_text(encoding="utf-8") for path in closed}
    assert [name for name, text in texts.items() if "Resolved" in text] == []
    own = [ROOT / "engine" / name for name in ("projection.py", "worker/calculator.py", "worker/careers.py")]
    own += [ROOT / "engine" / "balance" / name for name in ("actuarial.py", "valuation.py", "worth.py")]
    for path in own:
        assert not READ.search(path.read_text(encoding="utf-8")), path.name


def test_no_function_is_longer_than_a_reader_can_hold() -> None:
    found = {}
    for path in (path for path in committed_files() if path.suffix == ".py"):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                lines = node.end_lineno - node.lineno + 1
                if lines > LONGEST and node.name not in LONG.get(name, ()):
                    found[f"{name}:{node.lineno} {node.name}"] = lines
    assert not found
