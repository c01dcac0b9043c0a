"""Runs the project with the lowest and with the newest packages that pyproject.toml allows.

    python benchmarks/dependencies.py [lowest] [newest] [beyond] [--python VERSION] [--keep FOLDER]

Each is installed into an environment of its own by uv, on a copy of the project; there `annexv run` and the README's
quick tests must pass. `lowest` takes the floor of every package that pyproject.toml names, and fails too where a floor
cannot be installed: a floor that nobody can try is no floor. `newest` takes the newest below the ceilings. `beyond` leaves
the ceilings out and says whether they could be raised; it never fails. Without arguments all three run. Exit status 0:
lowest and newest are good; 1: one is not; 2: an installation failed. Needs a package index.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
ENDS: Final = ("lowest", "newest", "beyond")
BROKEN, NOT_INSTALLED = 1, 2
QUICK: Final = ("-m", "pytest", "-q", "-m", "not slow", "-n", "auto")
# What a copy of the project leaves behind.
LEFT: Final = shutil.ignore_patterns(
    ".*", "__pycache__", "*.egg-info", "results", "site", "build", "dist", "venv", "*.nc"
)


def requirements() -> list[str]:
    """What the project asks for where its tests run, each as pyproject.toml states it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    found, wanted = list(project["dependencies"]), ["test"]
    for extra in wanted:
        for text in extras[extra]:
            own = re.fullmatch(rf"{project['name']}\[(.+)\]", text)
            if own:
                wanted += own[1].split(",")
            else:
                found.append(text)
    return found


def bounds(requirement: str) -> tuple[str, str, str]:
    """Name, floor and ceiling of `name>=floor,<ceiling`; empty where one is not stated."""
    plain = requirement.partition(";")[0].strip()
    name = re.match(r"[\w.-]+", plain)
    floor, ceiling = re.search(r">=\s*([\w.]+)", plain), re.search(r"<\s*([\w.]+)", plain)
    return name[0] if name else plain, floor[1] if floor else "", ceiling[1] if ceiling else ""


def normal(name: str) -> str:
    """A package's name as indices compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def untried(wanted: Iterable[str], installed: Mapping[str, str]) -> list[str]:
    """Floors that the lowest installation does not have, each with what it has."""
    wrong = []
    for requirement in wanted:
        name, floor, _ = bounds(requirement)
        has = installed.get(normal(name))
        if has is not None and not re.fullmatch(rf"{re.escape(floor)}(\.0)*(\.post\d+)?", has):
            wrong.append(
                f"{name}: the floor {floor or '(none)'} cannot be tried, {has} is the lowest that fits"
            )
    return wrong


class Environment:
    """A fresh environment with a copy of the project, below a folder."""

    def __init__(self, folder: Path, python: str, uv: str) -> None:
        self.folder, self.uv = folder, uv
        self.project = folder / "project"
        self.variables = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "PYTEST", "NUMBA", "VIRTUAL_ENV"))
        }
        # Compiled code of other packages must not be met here.
        self.variables["NUMBA_CACHE_DIR"] = str(folder / "numba")
        shutil.copytree(ROOT, self.project, ignore=LEFT)
        self.run([uv, "venv", "--quiet", "--python", python, str(folder / "venv")])

    @property
    def python(self) -> str:
        return str(self.folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))

    def run(self, words: Sequence[str], cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; what it prints is kept with it."""
        return subprocess.run(
            words,
            cwd=cwd or self.folder,
            env=self.variables,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    def install(self, end: str) -> subprocess.CompletedProcess[str]:
        words = [self.uv, "pip", "install", "--quiet", "--python", self.python]
        if end == "lowest":
            words += ["--resolution", "lowest-direct"]
        if end == "beyond":
            free = self.folder / "without_ceilings.txt"
            named = (bounds(text) for text in requirements())
            free.write_text("".join(f"{name}>={floor}\n" for name, floor, _ in named), encoding="utf-8")
            words += ["--override", str(free)]
        return self.run([*words, "--editable", ".[test]"], self.project)

    def installed(self) -> dict[str, str]:
        """Versions of all packages by normal name."""
        listed = self.run([self.uv, "pip", "freeze", "--python", self.python]).stdout
        pairs = (line.split("==") for line in listed.splitlines() if "==" in line)
        return {normal(name): version for name, version in pairs}

    def faults(self) -> list[str]:
        """What does not work: the main job, whose file must be there, then the quick tests."""
        out = self.folder / "annex_v.nc"
        done = self.run([str(Path(self.python).with_name("annexv")), "run", "--out", str(out)])
        if done.returncode or not out.is_file():
            return [f"annexv run: exit status {done.returncode}\n{done.stdout}"]
        tests = self.run([self.python, *QUICK], self.project)
        return [f"pytest: exit status {tests.returncode}\n{tests.stdout}"] if tests.returncode else []


def told(installed: Mapping[str, str]) -> str:
    """The versions of what pyproject.toml names, in one line."""
    names = sorted(normal(bounds(text)[0]) for text in requirements())
    return ", ".join(f"{name} {installed[name]}" for name in names if name in installed)


def attempt(end: str, folder: Path, python: str, uv: str) -> int:
    """Install one end, run there, print what was found; the exit status it deserves."""
    started = time.perf_counter()
    environment = Environment(folder, python, uv)
    done = environment.install(end)
    if done.returncode:
        print(f"{end}: cannot be installed\n{done.stdout}", flush=True)
        return 0 if end == "beyond" else NOT_INSTALLED
    installed = environment.installed()
    print(f"{end}: {told(installed)}", flush=True)
    if end == "beyond":
        passed = [
            f"{name} {installed[normal(name)]} (ceiling {ceiling})"
            for name, _, ceiling in map(bounds, requirements())
            if ceiling and normal(name) in installed and not below(installed[normal(name)], ceiling)
        ]
        print(f"{end}: past their ceilings are {', '.join(passed) or 'none'}", flush=True)
        if not passed:
            return 0
    wrong = untried(requirements(), installed) if end == "lowest" else []
    wrong += environment.faults()
    seconds = time.perf_counter() - started
    print(f"{end}: {'broken' if wrong else 'good'} ({seconds:.0f} s)", *wrong, sep="\n", flush=True)
    return BROKEN if wrong and end != "beyond" else 0


def below(version: str, ceiling: str) -> bool:
    """Whether a released version is below a ceiling."""

    def numbers(text: str) -> list[int]:
        return [int(part) for part in re.findall(r"\d+", text.partition(".post")[0])]

    return numbers(version) < numbers(ceiling)


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the ends that were asked for; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="benchmarks/dependencies.py", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("ends", nargs="*", metavar="END", help=f"{', '.join(ENDS)} (default: all)")
    parser.add_argument("--python", default=sys.executable, metavar="VERSION", help="as uv understands it")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the environments there")
    options = parser.parse_args(arguments)
    unknown = [end for end in options.ends if end not in ENDS]
    if unknown:
        parser.error(f"{', '.join(unknown)}: not known; allowed are {', '.join(ENDS)}")
    uv = shutil.which(
        "uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    )
    if uv is None:
        print('benchmarks/dependencies.py: uv is not installed: pip install -e ".[bench]"', file=sys.stderr)
        return NOT_INSTALLED
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep.resolve() if options.keep else Path(scratch)
        statuses = []
        for end in dict.fromkeys(options.ends or ENDS):
            shutil.rmtree(folder / end, ignore_errors=True)
            (folder / end).mkdir(parents=True)
            statuses.append(attempt(end, folder / end, options.python, uv))
    return max(statuses)


if __name__ == "__main__":
    sys.exit(main())
