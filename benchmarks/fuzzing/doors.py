"""The doors by which inputs come in, each with valid inputs to start from and with what is asked of one that is let in.

Only what is public is used: the readers, `engine.project`, sweeps, the balance, the calculator and the command line.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
import shlex
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np
import xarray as xr

import assumptions
from assumptions import Pack, Resolved
from benchmarks.fuzzing.judge import Refusal, Silent
from benchmarks.fuzzing.mutations import NUMBERS, WORDS, encoded, mutated_bytes, mutated_text

ROOT: Final = Path(__file__).resolve().parents[2]
DATA: Final = ROOT / "assumptions" / "data"
FUND: Final = ROOT / "examples" / "closed_fund"
SWEEPS: Final = ROOT / "examples" / "sweeps"
CAREERS: Final = ROOT / "docs" / "careers"
IMPLAUSIBLE: Final = 20.0
"""Percent of GDP beyond which a cost is told as implausible."""
FEW_RUNS: Final = 16
"""Runs of a sweep up to which it is worked on, once it is let in."""
SMALL: Final[dict[str, Any]] = {"reform.last_year": 2001, "population.wage_groups": 3}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def base() -> Resolved:
    """The values that mutated ones stand beside."""
    return assumptions.load("3B").resolve("statutory")


@cache
def names() -> tuple[str, ...]:
    """What a user may name: assumptions, their groups and last parts, scenarios."""
    full = base().names()
    parts = {part for name in full for part in name.split(".")}
    return (*full, *sorted(parts), *assumptions.all_scenario_codes())


def check_finite(what: str, values: Any) -> None:
    """Every number is one."""
    found = np.asarray(values, dtype=np.float64)
    if not np.isfinite(found).all():
        raise Silent(f"{what}: {int((~np.isfinite(found)).sum())} of {found.size} numbers are not finite")


def check_pack(pack: Pack, deep: bool) -> None:
    """A scenario that is let in gives numbers, and says so where they are beyond belief."""
    import engine

    if not deep:
        assumptions.resolve_all(pack)
        return
    found = engine.project_many([pack], workers=1)
    for name in ("fiscal_cost", "fiscal_cost_total"):
        check_finite(name, found[name].values)
    largest = float(np.abs(found["fiscal_cost_total"].values).max())
    if largest > IMPLAUSIBLE and not str(found.attrs.get("notices", "")).strip():
        raise Silent(f"a cost of {largest:.3g} percent of GDP without a notice")


def warm() -> None:
    """Compile, or fetch, every kernel: the first input must not be taken for one that hangs."""
    from engine.balance.worth import worth
    from engine.worker import calculator, careers

    check_pack(assumptions.load("3B", sets=SMALL), deep=True)
    worth(base())
    calculator.study(careers.Career(np.full(36, 1e4), np.ones(36), 25, 1960, 60), base())


class Door:
    """One kind of input.

    Attributes
    ----------
    name : str
    suffix : str
        Ending of the file; empty where the input is no file.
    leaves : frozenset of str
        Names of files that commands are told to write.
    weight : float
        Share of the inputs of a night.
    sample : float
        Share of the accepted inputs that go all the way to results.
    """

    name = ""
    suffix = ""
    leaves: frozenset[str] = frozenset()
    weight = 1.0
    sample = 0.05

    def seeds(self) -> Sequence[bytes]:
        """Valid inputs."""
        raise NotImplementedError

    def make(self, random: Random) -> bytes:
        """A mutated input."""
        return encoded(random, mutated_text(random, random.choice(self._seeds()).decode(), names()))

    def open(self, path: Path, content: bytes, deep: bool) -> None:
        """Let the input in, and with ``deep`` compute with it; raises what the reader raises, or `Silent`."""
        raise NotImplementedError

    @cache  # noqa: B019 (doors live as long as the process)
    def _seeds(self) -> Sequence[bytes]:
        return self.seeds()


# assumptions ---------------------------------------------------------------------------------------------------------


def toml(value: Any) -> str:
    """A value as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{key}" = {toml(item)}' for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    return repr(value) if isinstance(value, int | float) else f'"{value}"'


@cache
def settings() -> tuple[tuple[str, str], ...]:
    """Names of single values and of paths that do something on one of the bases, with their value as TOML."""
    found = []
    both = assumptions.resolve_all(assumptions.load("3B")).values()
    for name in base().names():
        if not any(resolved.live(name)[0] for resolved in both):
            continue
        value = base().value(name)
        if isinstance(value, bool | int | float | str):
            found.append((name, toml(value)))
        elif isinstance(value, assumptions.DatedPath):
            found.append((name, "0.03"))
            found.append((name, "{ values = { 1980 = 0.02, 2005 = 0.03 } }"))
    return tuple(found)


class Sets(Door):
    """Texts of `--set`."""

    name = "set"
    weight = 30.0

    def seeds(self) -> Sequence[bytes]:
        return [f"{name}={value}".encode() for name, value in settings()]

    def make(self, random: Random) -> bytes:
        lines = [random.choice(self._seeds()).decode() for _ in range(random.choice((1, 1, 1, 2)))]
        return "\0".join(mutated_text(random, line, names()) for line in lines).encode(
            "utf-8", "surrogatepass"
        )

    def open(self, path: Path, content: bytes, deep: bool) -> None:
        texts = content.decode("utf-8", "surrogatepass").split("\0")
        check_pack(assumptions.load("3B", sets=dict(map(assumptions.parse_set, texts))), deep)


class Overlays(Door):
    """Overlay files, with the tables that they name beside them."""

    name = "overlay"
    suffix = ".toml"
    weight = 25.0

    def seeds(self) -> Sequence[bytes]:
        files = [
            *(DATA / "overlays").glob("*.toml"),
            *(DATA / "scenarios").glob("*.toml"),
            FUND / "fund.toml",
        ]
        whole = [re.sub(r"\[scenario\]", "[overlay]", text_of(path)) for path in sorted(files)]
        single = []
        for name, value in settings():
            group, _, last = name.rpartition(".")
            single.append(f'[overlay]\ntitle = "x"\n[{group}]\n{last} = {value}\n')
        return [text.encode() for text in (*whole * 10, *single)]

    def open(self, path: Path, content: bytes, deep: bool) -> None:
        check_pack(assumptions.load("3B", overlays=[path]), deep)


def tables() -> Iterator[tuple[str, dict[str, Any], str]]:
    """Assumptions that are read from a CSV file: name, the keys that say how, and the file."""
    for path in sorted((DATA / "base").glob("*.toml")):
        for group, entries in tomllib.loads(text_of(path)).items():
            for last, entry in entries.items() if isinstance(entries, dict) else ():
                if isinstance(entry, dict) and "csv" in entry:
                    keys = {key: entry[key] for key in ("column", "row", "coords") if key in entry}
                    yield f"{group}.{last}", keys, entry["csv"]


class Tables(Door):
    """Tables in CSV files that an overlay names."""

    name = "table"
    suffix = ".csv"
    weight = 12.0

    def seeds(self) -> Sequence[bytes]:
        return [f"{name}\n{text_of(DATA / file)}".encode() for name, _, file in tables()]

    def make(self, random: Random) -> bytes:
        name, _, text = random.choice(self._seeds()).decode().partition("\n")
        return name.encode() + b"\n" + encoded(random, mutated_text(random, text, names()))

    def open(self, path: Path, content: bytes, deep: bool) -> None:
        name, _, table = content.partition(b"\n")
        keys = next(keys for known, keys, _ in tables() if known == name.decode())
        group, _, last = name.decode().rpartition(".")
        path.write_bytes(table)
        pairs = "\n".join(f"{key} = {toml(value)}" for key, value in {**keys, "csv": path.name}.items())
        with beside(path, f'[overlay]\ntitle = "x"\n[{group}.{last}]\n{pairs}\n') as overlay:
            check_pack(assumptions.load("3B", overlays=[overlay]), deep)


@contextlib.contextmanager
def beside(path: Path, text: str, suffix: str = ".toml") -> Iterator[Path]:
    """A valid file that names the one under test, for as long as it is read."""
    other = path.with_name(f"names_{path.stem}{suffix}")
    other.write_text(text, encoding="utf-8")
    try:
        yield other
    finally:
        other.unlink()


# persons -------------------------------------------------------------------------------------------------------------


def check_fund(path: Path, key: str, deep: bool) -> None:
    """The made-up fund with another file of members or pensioners; two years of it where it is not gone into."""
    from engine.balance.valuation import value

    text = re.sub(rf'({key} = )"[^"]*"', rf'\1"{path.name}"', text_of(FUND / "fund.toml"))
    with beside(path, text) as overlay:
        sets: dict[str, Any] = {"balance.computed": True}
        if not deep:
            sets["balance.horizon_years"] = 2
        pack = assumptions.load("0B", overlays=[overlay], sets=sets)
        found = value(pack.resolve("statutory"))
    check_finite("pensions of the fund", found.scheme_pensions)


class Members(Door):
    """Files of members of a fund."""

    name, key = "members", "members_file"
    suffix = ".csv"
    weight = 10.0

    def seeds(self) -> Sequence[bytes]:
        text = text_of(FUND / f"{self.name}.csv")
        head = "\n".join(text.split("\n")[:8]) + "\n"
        few = "\n".join(line.rpartition(",")[0] for line in head.split("\n")[1:])
        return [head.encode(), text.encode(), head.encode(), few.encode()]

    def open(self, path: Path, content: bytes, deep: bool) -> None:
        check_fund(path, self.key, deep)


class Pensioners(Members):
    """Files of pensioners of a fund."""

    name, key = "pensioners", "pensioners_file"
    weight = 5.0


class Careers(Door):
    """Files of careers for the calculator."""

    name = "career"
    suffix = ".csv"
    weight = 12.0

    def seeds(self) -> Sequence[bytes]:
        kept = [text_of(path) for path in sorted(CAREERS.glob("*.csv"))]
        short = ["\n".join(text.split("\n")[:30]) + "\n" for text in kept]
        own = "age,wage,participation,sex,born,retire_at,award,spouse,children,parents,severe\n" + "".join(
            f"{age},{20_000 + 500 * age},0.9,f,1960,60,retirement,entitled,1,0,no\n" for age in range(25, 60)
        )
        earned = "age,earnings,participation,born\n" + "".join(
            f"{age},{9_000 + age},{0.5},1975\n" for age in range(20, 61)
        )
        return [text.encode() for text in (*kept, *short, own, earned)]

    def open(self, path: Path, content: bytes, deep: bool) -> None:
        from engine.worker import calculator, careers

        found = careers.read(path, base())
        if not found:
            raise Silent("no career, and no word of it")
        figures = calculator.evaluate(found, base(), threads=1)
        for name in ("weeks", "old_pension", "new_pension"):
            check_finite(name, figures[name])


# sweeps and fits -----------------------------------------------------------------------------------------------------


def check_sweep(path: Path, deep: bool) -> None:
    """A sweep is laid out, and worked on where it is small."""
    from engine import sweeps

    laid_out = sweeps.prepare(path, sets=SMALL)
    if deep and laid_out.runs <= FEW_RUNS:
        found = sweeps.in_memory(laid_out, workers=1)
        failed = (
            found["case_status"].values.ravel() != 0 if "case_status" in found else np.zeros(1, dtype=bool)
        )
        if "fiscal_cost_total" in found and not failed.any():
            check_finite("fiscal_cost_total", found["fiscal_cost_total"].values)


class Sweeps(Door):
    """Sweep files."""

    name = "sweep"
    suffix = ".toml"
    weight = 8.0

    def seeds(self) -> Sequence[bytes]:
        found = []
        for path in sorted(SWEEPS.glob("*.toml")):
            text = re.sub(r"^(n|paths) = \d+", r"\1 = 8", text_of(path), flags=re.MULTILINE)
            found.append(re.sub(r"^scenarios = .*", 'scenarios = ["3B"]', text, flags=re.MULTILINE).encode())
        return found

    def open(self, path: Path, content: bytes, deep: bool) -> None:
        table = path.with_name("cases.csv")
        table.write_bytes((SWEEPS / "cases.csv").read_bytes())
        try:
            check_sweep(path, deep)
        finally:
            table.unlink()


class SweepTables(Door):
    """Tables of cases that a sweep names."""

    name = "sweep_table"
    suffix = ".csv"
    weight = 5.0

    def seeds(self) -> Sequence[bytes]:
        return [(SWEEPS / "cases.csv").read_bytes()]

    def open(self, path: Path, content: bytes, deep: bool) -> None:
        text = text_of(SWEEPS / "cases.toml").replace('"cases.csv"', f'"{path.name}"')
        with beside(path, text) as sweep:
            check_sweep(sweep, deep)


class Plans(Door):
    """Plans of a calibration."""

    name = "plan"
    suffix = ".toml"
    weight = 5.0

    def seeds(self) -> Sequence[bytes]:
        return [(DATA / "published" / "calibration.toml").read_bytes()]

    def open(self, path: Path, content: bytes, deep: bool) -> None:
        from engine.calibrate import plan

        found = plan.read(path)
        if not found.columns or not found.free:
            raise Silent("a plan without columns or without anything to fit")


# result files --------------------------------------------------------------------------------------------------------


@cache
def made() -> dict[str, bytes]:
    """A small run, sweep and balance file."""
    import engine
    from engine import sweeps
    from engine.outputs import balance, netcdf

    pack = assumptions.load("3B", sets=SMALL)
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        netcdf.write(engine.project(pack, "statutory"), here / "run.nc", command="annexv run")
        grid = {
            "design": {"kind": "grid"},
            "parameter": [{"name": "contributions.density", "values": [0.7, 0.8]}],
        }
        sweeps.to_file(sweeps.prepare(grid, packs=pack, outputs=["fiscal_cost_total"]), here / "sweep.nc")
        sets = {"balance.computed": True, "balance.horizon_years": 10, "balance.entrants_years": 2}
        drawn_up = balance.balance(assumptions.load("3B", sets=sets).resolve("statutory"))
        balance.write(drawn_up, here / "balance.nc")
        return {name: (here / f"{name}.nc").read_bytes() for name in ("run", "sweep", "balance")}


def forged(random: Random, content: bytes) -> bytes:
    """The file with something else in it and the digest that goes with that: damage that no checksum finds."""
    from engine.outputs import netcdf

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.nc"
        path.write_bytes(content)
        with xr.open_dataset(path, engine="netcdf4") as opened:
            found = opened.load()
        was = {key for key in found.attrs if "content" in key and "sha256" in key}
        with contextlib.suppress(Exception):  # what xarray cannot make or write is no file to read
            found = forge(random, found)
            found.attrs |= dict.fromkeys(was, netcdf.content_sha256(found))
            for item in found.variables.values():
                item.encoding = {}
            found.to_netcdf(path, engine="netcdf4", format="NETCDF4")
        return path.read_bytes()


def forge(random: Random, found: xr.Dataset) -> xr.Dataset:
    """One change: a variable, a label, an attribute or values."""
    name = random.choice([str(name) for name in found.variables])
    item = found.variables[name]
    match random.randrange(8):
        case 0:
            return found.drop_vars(name)
        case 1:
            other = random.choice([str(name) for name in found.variables])
            return found if other == name else found.drop_vars(other).rename({name: other})
        case 2:
            size = {random.choice([str(dim) for dim in found.sizes]): slice(0, random.choice((0, 1)))}
            return found.isel(size)
        case 3:
            key = random.choice([*found.attrs])
            value: Any = random.choice((*WORDS[:20], 0, -1, 1e300, float("nan")))
            return found.assign_attrs({key: value})
        case 4:
            found.attrs.pop(random.choice([*found.attrs]))
            return found
        case 5:
            found[name].attrs.clear()
            return found
        case _:
            values = item.values.copy()
            if values.size and values.dtype.kind in "fi":
                drawn = random.choice((0.0, -1.0, 1e300, 1792.0, 3.0))
                values.flat[random.randrange(values.size)] = (
                    drawn if values.dtype.kind == "f" else int(min(drawn, 1e6))
                )
            elif values.size and values.dtype.kind in "UOT":
                values = values.astype(object)
                at = random.randrange(values.size)
                text = str(values.flat[at])
                values.flat[at] = mutated_text(random, text, names()) if random.random() < 0.7 else ""
            return found.assign({name: (item.dims, values, item.attrs)})


class ResultFiles(Door):
    """Files of runs, sweeps and balances; what is let in goes through the commands that read it."""

    suffix = ".nc"
    leaves = frozenset({"out.csv"})
    sample = 0.3

    def __init__(
        self, name: str, weight: float, read: Callable[[Path], Any], commands: Sequence[str]
    ) -> None:
        self.name, self.weight = name, weight
        self._read, self._commands = read, commands

    def seeds(self) -> Sequence[bytes]:
        return [made()[self.name.partition("_")[0]]]

    def make(self, random: Random) -> bytes:
        if random.random() < 0.5:
            return forged(random, self._seeds()[0])
        return mutated_bytes(random, self._seeds()[0])

    def open(self, path: Path, content: bytes, deep: bool) -> None:
        found = self._read(path)
        if hasattr(found, "close"):
            found.close()
        for command in self._commands if deep else ():
            call(shlex.split(command.format(path.name)), path.parent)


def read_run(path: Path) -> Any:
    from engine.outputs import netcdf

    return netcdf.read(path)


def read_sweep(path: Path) -> Any:
    from engine import sweeps

    return sweeps.read(path).load()


def read_balance(path: Path) -> Any:
    from engine.outputs import balance

    return balance.read(path)


class Chunks(Door):
    """Chunks of an unfinished sweep: a bad one is computed again, and what comes out is what always comes out."""

    name = "chunk"
    suffix = ".npz"
    weight = 2.0

    @cache  # noqa: B019
    def _plan(self) -> Any:
        from engine import sweeps

        grid = {
            "design": {"kind": "grid"},
            "parameter": [{"name": "contributions.density", "values": [0.7, 0.8]}],
        }
        return sweeps.prepare(grid, packs=assumptions.load("3B", sets=SMALL), outputs=["fiscal_cost_total"])

    @cache  # noqa: B019
    def _right(self) -> bytes:
        from engine import sweeps

        values: bytes = sweeps.in_memory(self._plan(), workers=1)["fiscal_cost_total"].values.tobytes()
        return values

    def seeds(self) -> Sequence[bytes]:
        from engine.sweeps import local, store

        with tempfile.TemporaryDirectory() as folder:
            parts = store.Parts(Path(folder) / "sweep.nc", self._plan(), 1)
            try:
                local.run(self._plan(), parts, parts.chunks, 1, lambda _: None)
                return [path.read_bytes() for path in sorted(parts.folder.glob("chunk-*"))]
            finally:
                parts.release()

    def make(self, random: Random) -> bytes:
        return mutated_bytes(random, self._seeds()[0])

    def open(self, path: Path, content: bytes, deep: bool) -> None:
        from engine import sweeps
        from engine.sweeps import store

        target = path.with_name(f"sweep_{path.stem}.nc")
        try:
            parts = store.Parts(target, self._plan(), 1)
            number = parts.chunks[0][0]
            (parts.folder / parts.path(number).name).write_bytes(content)
            parts.release()
            sweeps.to_file(self._plan(), target, resume=True, workers=1)
            with sweeps.read(target) as found:
                if found["fiscal_cost_total"].values.tobytes() != self._right():
                    raise Silent("a damaged chunk went into the results")
        finally:
            target.unlink(missing_ok=True)
            with contextlib.suppress(Exception):
                store.discard(store.folder_of(target))


# workbooks -----------------------------------------------------------------------------------------------------------


def workbook(text: str) -> bytes:
    """A table as a workbook, numbers as numbers."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in csv.reader(line for line in text.split("\n") if line and not line.startswith("#")):
        cells: list[Any] = []
        for cell in row:
            with contextlib.suppress(ValueError):
                cells.append(float(cell) if "." in cell else int(cell))
                continue
            cells.append(cell)
        book.active.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


class Workbooks(Door):
    """Excel workbooks in place of CSV files."""

    name = "workbook"
    suffix = ".xlsx"
    weight = 2.0

    def seeds(self) -> Sequence[bytes]:
        careers = "\n".join(text_of(CAREERS / "low_wage_women.csv").split("\n")[:20])
        members = "\n".join(text_of(FUND / "members.csv").split("\n")[:10])
        return [b"career" + workbook(careers), b"member" + workbook(members)]

    def make(self, random: Random) -> bytes:
        content = random.choice(self._seeds())
        kind, book = content[:6], content[6:]
        return kind + (mutated_bytes(random, book) if random.random() < 0.3 else self._changed(random, book))

    def _changed(self, random: Random, content: bytes) -> bytes:
        import openpyxl

        book = openpyxl.load_workbook(io.BytesIO(content))
        sheet = book.active
        for _ in range(random.choice((1, 1, 2, 5))):
            cell = sheet.cell(random.randint(1, sheet.max_row + 1), random.randint(1, sheet.max_column + 1))
            drawn = random.choice((*NUMBERS[:20], *WORDS, None, True, 1.5, -3, 1e300, "=1/0", "=A1"))
            with contextlib.suppress(Exception):  # openpyxl writes no control characters
                cell.value = drawn
        if random.random() < 0.1:
            book.create_sheet("more", 0)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def open(self, path: Path, content: bytes, deep: bool) -> None:
        path.write_bytes(content[6:])
        if content[:6] == b"member":
            check_fund(path, "members_file", deep)
        else:
            from engine.worker import careers

            careers.read(path, base())


# commands ------------------------------------------------------------------------------------------------------------


class Defect(Exception):
    """A command calls itself defective; ``where`` is the command and the class of error that it names."""

    def __init__(self, command: str, said: str) -> None:
        super().__init__(said)
        found = re.search(r"defect of the program: (\w+)", said)
        self.where = f"{command}: defect, {found[1] if found else 'without a class'}"


def call(words: Sequence[str], folder: Path) -> None:
    """A command in this process, below ``folder``; raises `Refusal` where it says that its input is at fault."""
    from engine.cli import main

    out, err = io.StringIO(), io.StringIO()
    status: object = 0
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(list(words))
        except SystemExit as left:
            status = left.code or 0
    said = err.getvalue()
    if "annexv: defect of the program" in said or "Traceback" in said or status == DEFECT:
        raise Defect(words[0] if words else "annexv", said)
    if "more memory than there is" in said:
        raise MemoryError(said)
    if status == 2:
        if not said.strip():
            raise Silent(f"{shlex.join(words)}: exit status 2 without a word")
        raise Refusal(said)
    if status not in (0, 1):
        raise Silent(f"{shlex.join(words)}: exit status {status}")


COMMANDS: Final = (
    "run -s 3B --basis statutory --to 1999 --out out.nc",
    "run -s 3B -s 0B --basis published --to 1998 --set contributions.density=0.8 --out out.nc --json",
    "assumptions list economy.",
    "assumptions show contributions.density",
    "assumptions show mortality.active --scenario 3B",
    "assumptions check overlay.toml",
    "assumptions diff 3B 3A",
    "explain run.nc --scenario 3B --basis statutory --component acquired_rights --year 2000",
    "compare run.nc run.nc",
    "export run.nc --out out.csv",
    "rerun run.nc",
    "sweep sweep.toml --out out.nc --set reform.last_year=1999",
    "sweep-summary sweep.nc",
    "export sweep.nc --out out.csv",
    "worker --wage 2.6mw --from-age 20 --born 1955 --retire-at 60",
    "worker --career career.csv --explain",
    "balance --scenario 3B --rate 0.04 --json --set balance.horizon_years=20 --set balance.entrants_years=2",
    "validate --scenario 3B",
    "--version",
)
DEFECT: Final = 3
"""Exit status of a defect of the program."""
SWEEP: Final = """scenarios = ["3B"]
[design]
kind = "grid"
[[parameter]]
name = "contributions.density"
values = [0.7, 0.8]
"""


class Commands(Door):
    """Command lines; the files that they name are valid."""

    name = "command"
    weight = 6.0
    # What would leave the folder, wait for a network, or change the shell.
    _NOT: Final = re.compile(r"/|\.\.|\\|scheduler|install|show-completion|tcp")

    def seeds(self) -> Sequence[bytes]:
        return [command.encode() for command in COMMANDS]

    def make(self, random: Random) -> bytes:
        words = shlex.split(random.choice(COMMANDS))
        pool = [word for command in COMMANDS for word in shlex.split(command)]
        for _ in range(random.choice((1, 1, 2, 3))):
            at = random.randrange(len(words)) if words else 0
            match random.randrange(5):
                case 0 | 1 if words:
                    words[at] = mutated_text(random, words[at], names()).replace("\n", " ")
                case 2 if words:
                    del words[at]
                case 3:
                    words.insert(at, random.choice(pool))
                case _:
                    words.insert(at, random.choice((*WORDS, *NUMBERS)))
        kept = [word[:300] for word in words if not self._NOT.search(word)]
        return "\0".join(kept).encode("utf-8", "surrogatepass")

    def open(self, path: Path, content: bytes, deep: bool) -> None:
        words = content.decode("utf-8", "surrogatepass").split("\0") if content else []
        folder = path.with_name("command")
        folder.mkdir()
        try:
            for name in ("run", "sweep"):
                (folder / f"{name}.nc").write_bytes(made()[name])
            (folder / "sweep.toml").write_text(SWEEP, encoding="utf-8")
            (folder / "overlay.toml").write_text('[overlay]\ntitle = "x"\n[economy]\ngdp_growth = 0.03\n')
            (folder / "career.csv").write_bytes((CAREERS / "low_wage_women.csv").read_bytes())
            given = {name.name for name in folder.iterdir()}
            refused = False
            try:
                call(words, folder)
            except Refusal:
                refused = True
                raise
            finally:
                left = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - given
                told = set() if refused else {name for name in left if any(name in word for word in words)}
                stray = left - told - (set() if refused else {"results/annex_v.nc"})
                if stray:
                    raise Silent(f"{shlex.join(words)}: leaves {', '.join(sorted(stray))}")
        finally:
            shutil.rmtree(folder)


DOORS: Final[tuple[Door, ...]] = (
    Sets(),
    Overlays(),
    Tables(),
    Members(),
    Pensioners(),
    Careers(),
    Sweeps(),
    SweepTables(),
    Plans(),
    ResultFiles(
        "run",
        4.0,
        read_run,
        (
            "export {0} --out out.csv --force",
            "compare {0} {0}",
            "rerun {0}",
            "explain {0} --scenario 3B --basis statutory --component acquired_rights --year 2000",
        ),
    ),
    ResultFiles("sweep_file", 3.0, read_sweep, ("sweep-summary {0}", "export {0} --out out.csv --force")),
    ResultFiles("balance", 2.0, read_balance, ()),
    Chunks(),
    Workbooks(),
    Commands(),
)
