"""What the commands share: consoles, errors, options, progress."""

from __future__ import annotations

import contextlib
import math
import os
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from assumptions import Fault, Pack

BOTH: Final = "both"
ALL: Final = "all"
BASE_PESOS: Final = "1996"
SEX_CODES: Final = ("fm", "hm")
NOT_ALL_WELL: Final = 1
BAD_INPUT: Final = 2
SOFTWARE_DEFECT: Final = 3
INTERRUPTED_STATUS: Final = 130
# What a shell gives for a program that SIGPIPE ended; scripts with pipefail know it. 0 would say that all was told.
CLOSED_PIPE: Final = 141
STATUSES: Final = {
    0: "done and well",
    NOT_ALL_WELL: "done and not all well: failed cases, a broken tolerance, a target not reached, not reproduced",
    BAD_INPUT: "wrong input; messages on stderr say what and what is allowed",
    SOFTWARE_DEFECT: "defect of the program",
    INTERRUPTED_STATUS: "interrupted",
    CLOSED_PIPE: "the reader of the output has gone, as head does",
}
TRACEBACK: Final = "ANNEXV_TRACEBACK"
INTERRUPTED: Final = "interrupted; no file is left half-written"
_PLAIN_WIDTH: Final = 200
_PROSE_WIDTH: Final = 100
_PROGRESS_AFTER: Final = 2.0

Scenarios = Annotated[
    list[str] | None,
    typer.Option(
        "--scenario", "-s", metavar="CODE", help="Scenario, as 3B; may be repeated. All eight by default."
    ),
]
OneScenario = Annotated[
    str | None, typer.Option("--scenario", "-s", metavar="CODE", help="Scenario; 3B by default.")
]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Set one assumption, as economy.gdp_growth=0.035; may be repeated.",
    ),
]
Overlays = Annotated[
    list[str] | None,
    typer.Option(
        "--overlay", metavar="FILE|NAME", help="Own TOML file or shipped overlay by name; may be repeated."
    ),
]
Levers = Annotated[
    list[str] | None,
    typer.Option(
        "--lever",
        metavar="NAME=VALUE",
        help="Move a policy lever, as 'commission=1% from 2008'; may be repeated (annexv what-if --levers lists them).",
    ),
]
Pesos = Annotated[
    str,
    typer.Option(
        "--pesos",
        metavar="1996|YEAR|nominal",
        help="Money in pesos of December 1996, of another year (observed prices, else the run's), or of each year.",
    ),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Refuse what would only be noted: exit status 2 on any notice.")
]
LowWages = Annotated[
    bool,
    typer.Option(
        "--accept-low-wages", help="Wages below the minimum wage are meant; they are refused otherwise."
    ),
]
SexCodes = Annotated[
    str | None,
    typer.Option(
        "--sex-codes",
        metavar="fm|hm",
        help="What a bare m in a file of persons means: a man (fm) or a woman, mujer (hm).",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace existing files.")]
ForceOut = Annotated[bool, typer.Option("--force", help="Replace the file of --out if it exists.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Workers = Annotated[
    int | None, typer.Option("--workers", metavar="N", help="Threads; as many as processors by default.")
]
EmbedTables = Annotated[
    bool,
    typer.Option(
        "--embed-tables",
        help="Let the file hold the tables of members and pensioners whole, not only their digests and totals.",
    ),
]
Tables = Annotated[
    list[str] | None,
    typer.Option(
        "--table",
        metavar="[NAME=]FILE",
        help="A table that the run does not hold, as population.members_file=members.csv; its digest must agree.",
    ),
]
RunFile = Annotated[Path, typer.Argument(metavar="RUN.nc", help="Result file of `annexv run`.")]


class InputError(ValueError):
    """What a user typed cannot be used; the message says what is allowed."""


def leave_dask_out() -> None:
    """Let xarray find no dask: where it is installed, xarray imports it whole to look for arrays that we never make.

    That is half a second of every command. None for a module is Python's own word for one that is not there.
    """
    sys.modules.setdefault("dask", None)  # type: ignore[arg-type]


def let_dask_in() -> None:
    """Undo :func:`leave_dask_out`, for a sweep on a cluster."""
    if sys.modules.get("dask", sys) is None:
        del sys.modules["dask"]


def repair_streams() -> None:
    """Let the commands print: to nowhere if a stream was closed, with escapes where the locale lacks a letter."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 (open to the end)
        elif hasattr(stream, "reconfigure") and stream.encoding.lower().replace("-", "") != "utf8":
            stream.reconfigure(errors="backslashreplace")


def flush(failed: bool = False) -> int:
    """Hand on what is still to be printed; the exit status if nobody reads it any more, else 0.

    What cannot be handed on is thrown away, or the interpreter would complain about it at its end. Of a command that has
    ``failed``, and has said why, no more is said.
    """
    status = 0
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            status = CLOSED_PIPE
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        except (OSError, ValueError) as error:
            if stream is sys.stdout and not failed:
                status = explain(error)
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return status


def discard_unprintable() -> None:
    """Throw away what stdout could not take, after that has been said: it is not said again at the end."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(message: str) -> None:
    """One message on stderr, in the language of the command."""
    from engine.cli import language

    print(f"annexv: {language.message(message)}", file=sys.stderr)


def tell(notices: Iterable[str], strict: bool = False) -> list[str]:
    """Print notices on stderr, each once, and give them back; with `--strict` they are refused instead."""
    listed = list(dict.fromkeys(notices))
    if strict and listed:
        raise InputError("\n".join(f"--strict: {notice}" for notice in listed))
    for notice in listed:
        complain(f"note: {notice}")
    return listed


def tell_tables(lines: Iterable[str]) -> list[str]:
    """Print the control totals of tables that were read on stderr, and give them back."""
    listed = list(lines)
    for line in listed:
        complain(f"read {line}")
    return listed


def explain(error: BaseException) -> int:
    """Print one clear message for an error and return the exit status it deserves."""
    if isinstance(error, BrokenPipeError):
        return CLOSED_PIPE
    if os.environ.get(TRACEBACK):
        traceback.print_exception(error)
    from assumptions import AssumptionError
    from engine.outputs import OutputError

    if isinstance(error, AssumptionError | OutputError | InputError):
        lines = str(error).splitlines() or [type(error).__name__]
        count = len(error.faults) if isinstance(error, AssumptionError) else len(lines)
        complain(lines[0] if len(lines) == 1 else f"{count:,} faults:\n" + "\n".join(f"  {x}" for x in lines))
        return BAD_INPUT
    if isinstance(error, OSError):
        complain(f"{error.filename or 'input or output'}: {error.strerror or error}")
        return BAD_INPUT
    if isinstance(error, MemoryError):
        complain("the input asks for more memory than there is")
        return BAD_INPUT
    if isinstance(error, ModuleNotFoundError) and error.name:
        complain(
            f"this needs the package {error.name}, which is not installed; see README.md, Optional parts"
        )
        return BAD_INPUT
    complain(
        f"defect of the program: {type(error).__name__}: {error}. Please report it with the output of the same command after"
        f" setting {TRACEBACK}=1"
    )
    return SOFTWARE_DEFECT


def console(stderr: bool = False) -> Console:
    """A console that writes plain, unwrapped text when it is no terminal; NO_COLOR is honoured.

    A table that is wider than the terminal runs over its edge or is folded: neither figures nor names are cut.
    """
    from rich.console import Console as RichConsole
    from rich.table import Table

    class Console(RichConsole):
        """Gives a table at least the width of its longest words and figures."""

        def on_broken_pipe(self) -> None:
            """The library would leave with the status of a failure."""
            raise BrokenPipeError

        def print(self, *objects: Any, **options: Any) -> None:
            given = self.width
            self.width = max(given, *(_fit(item, given) for item in objects if isinstance(item, Table)), 1)
            try:
                super().print(*objects, **options)
            finally:
                self.width = given

    stream = sys.stderr if stderr else sys.stdout
    if stream.isatty():
        return Console(file=stream, highlight=False)
    columns = os.environ.get("COLUMNS", "")
    width = int(columns) if columns.isdecimal() and int(columns) > 0 else _PLAIN_WIDTH
    return Console(file=stream, highlight=False, width=width, color_system=None, force_terminal=False)


def narrow(console: Console) -> bool:
    """Whether tables by year have to do with few years."""
    return console.width < _PROSE_WIDTH


def prose_width() -> int:
    """Characters of a line that the eye can follow, on this terminal."""
    return min(console().width, _PROSE_WIDTH)


def say(console: Console, sentence: str, style: str | None = None) -> None:
    """A sentence, wrapped to lines that the eye can follow on wide terminals too."""
    console.print(sentence, style=style, width=min(console.width, _PROSE_WIDTH))


def say_defaults(console: Console, scenario: object, text: Mapping[str, Any]) -> None:
    """The rule for what is taken where no scenario is named, below what was shown of it."""
    from assumptions import main_scenario
    from engine.cli.balance import SCENARIO

    if not scenario:
        rule = text["screen"]["defaults"]
        say(console, rule.format(main=main_scenario(), balance=SCENARIO), "dim")


def _fit(table: Table, width: int) -> int:
    """Give the columns of a table their widths and return that of the table.

    No column is narrower than its longest word, so that dotted names and figures stay whole; the room left is shared
    so that short columns get all they want and long ones equal parts.
    """
    cells = [[str(cell) for cell in (column.header, *column.cells)] for column in table.columns]
    # A word keeps its indentation.
    words = [[word for cell in column for word in re.findall(r"(?:^ *)?\S+", cell)] for column in cells]
    wanted = [max(map(len, column)) for column in cells]
    least = [
        want if column.no_wrap else max(map(len, parts), default=0)
        for column, parts, want in zip(table.columns, words, wanted, strict=True)
    ]
    _, right, _, left = table.padding
    if sum(least) + right * (len(cells) - 1) > width:
        right = 1
        table.padding = (0, right, 0, left)
    padding = (left + right) * (len(cells) - 1)
    spare = width - padding - sum(least)
    found = list(least)
    for _ in range(max(spare, 0)):
        lacking = [at for at, want in enumerate(wanted) if found[at] < want]
        if not lacking:
            break
        found[min(lacking, key=found.__getitem__)] += 1
    for column, size in zip(table.columns, found, strict=True):
        column.width = size
    return sum(found) + padding


def bars() -> str:
    """Characters of a sparkline that stdout can print."""
    from engine.outputs.overview import BARS, PLAIN_BARS

    try:
        BARS.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return PLAIN_BARS
    return BARS


def has_report() -> bool:
    """Whether what pages are made with is installed (the extra `report`)."""
    from importlib.util import find_spec

    return all(find_spec(name) is not None for name in ("plotly", "jinja2"))


def table(title: str, columns: Sequence[str], left: int = 1) -> Table:
    """An empty table without lines; the first ``left`` columns are text, the others numbers."""
    from rich.table import Table

    out = Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        box=None,
        padding=(0, 2, 0, 0),
        pad_edge=False,
    )
    for n, name in enumerate(columns):
        out.add_column(name, justify="left" if n < left else "right", no_wrap=n >= left, overflow="fold")
    return out


def print_json(content: Any) -> None:
    """JSON on stdout; NaN and infinity are null."""
    import json

    print(json.dumps(_finite(content), ensure_ascii=False, allow_nan=False))


def _finite(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: _finite(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_finite(value) for value in content]
    if isinstance(content, float) and not math.isfinite(content):
        return None
    return content


def choose(kind: str, given: str, allowed: Sequence[str]) -> str:
    """One of the allowed words, or an error that suggests the nearest."""
    if given in allowed:
        return given
    import difflib

    near = difflib.get_close_matches(given.lower(), allowed, 1)
    said = f"; did you mean {near[0]}?" if near else ""
    raise InputError(f"{kind} {given!r} is not known; allowed are {', '.join(allowed)}{said}")


def chosen_bases(given: str) -> tuple[str, ...]:
    """Bases of the option `--basis`: `both` are the law and the reading of the tables, `all` whatever there is."""
    from assumptions import basis_names
    from assumptions.scenarios import BASES

    names = basis_names()
    several = {BOTH: BASES, ALL: names}
    return several.get(choose("--basis", given, (*names, *several)), (given,))


def chosen_scenarios(given: Sequence[str] | None) -> tuple[str, ...]:
    """Scenarios of the option `--scenario`, each once; all defaults without it. Every unknown code is named."""
    from assumptions import all_scenario_codes, scenario_codes

    if not given:
        return scenario_codes()
    known = all_scenario_codes()
    by_upper = {code.upper(): code for code in known}
    unknown = [code for code in given if code not in known]
    if unknown:
        near = [by_upper[code.upper()] for code in unknown if code.upper() in by_upper]
        said = f"; did you mean {', '.join(near)}?" if near else ""
        raise InputError(f"--scenario {', '.join(unknown)}: not known; allowed are {', '.join(known)}{said}")
    return tuple(dict.fromkeys(given))


def one_scenario(given: str | None) -> str:
    """The scenario of a command that takes one: the main one by default."""
    from assumptions import main_scenario

    (code,) = chosen_scenarios([given if given is not None else main_scenario()])
    return code


def sets_of_files(sets: Sequence[str] | None, low_wages: bool, sex_codes: str | None) -> list[str]:
    """Values of `--set` with those of `--accept-low-wages` and `--sex-codes`, which say how files of persons are read."""
    given = list(sets or ())
    if low_wages:
        given.append("population.accept_low_wages=true")
    if sex_codes is not None:
        given.append(f"population.sex_codes={choose('--sex-codes', sex_codes, SEX_CODES)}")
    return given


def held_scenario(given: str | None, held: Iterable[str]) -> str:
    """The scenario of a command on a file: the main one by default, the first where the file has not got it."""
    from assumptions import main_scenario

    codes = list(held)
    return given or (main_scenario() if main_scenario() in codes else codes[0])


def parsed_sets(given: Iterable[str] | None, to: int | None = None) -> dict[str, Any]:
    """Values of the options `--set` and `--to`."""
    from assumptions import parse_set

    found: dict[str, Any] = {}
    for text in given or ():
        name, value = parse_set(text)
        if name in found:
            raise InputError(f"--set {name}: is given twice")
        found[name] = value
    if to is not None:
        if "reform.last_year" in found:
            raise InputError("--to and --set reform.last_year: give one of them")
        found["reform.last_year"] = to
    return found


def load_packs(
    scenarios: Sequence[str],
    overlays: Sequence[str] | None,
    sets: dict[str, Any],
    levers: Sequence[str] | None = None,
    bases: Sequence[str] = (),
) -> list[Pack]:
    """Packs of the scenarios; faults of all of them, and of everything in the user's files, at once.

    ``levers`` are moved on top, as they move on ``bases``.
    """
    from assumptions import AssumptionError, check, load, overlay_names

    packs = []
    faults: list[Fault] = []
    for code in scenarios:
        try:
            packs.append(load(code, overlays=list(overlays or ()), sets=sets))
        except AssumptionError as error:
            faults.extend(error.faults)
    if faults:
        own = [Path(name) for name in overlays or () if name not in overlay_names() and Path(name).is_file()]
        raise AssumptionError([*faults, *(fault for path in own for fault in check(path))])
    if levers:
        from assumptions import levers as moving

        statements = moving.parse(levers)
        packs = [moving.over(pack, statements, bases) for pack in packs]
    return packs


@contextmanager
def waiting(doing: str) -> Iterator[None]:
    """Says on a terminal what is being done, once it takes longer than two seconds."""
    stream = sys.stderr
    shown = threading.Event()

    def show() -> None:
        shown.set()
        print(f"\r{doing} ...", end="", file=stream, flush=True)

    timer = threading.Timer(_PROGRESS_AFTER, show)
    timer.daemon = True
    if stream.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if shown.is_set():
            print("\r" + " " * (len(doing) + 4) + "\r", end="", file=stream, flush=True)


@contextmanager
def progress(total: int, what: str = "cases projected") -> Iterator[Callable[[int], None]]:
    """A function to report finished cases to; a line appears on a terminal once it takes longer than two seconds."""
    done = 0
    shown = False
    stream = sys.stderr
    lock = threading.Lock()

    def show() -> None:
        nonlocal shown
        with lock:
            shown = True
            hint = "" if done else " (compiling: only in the first run)"
            print(f"\r{done} of {total} {what}{hint}   ", end="", file=stream, flush=True)

    def report(finished: int) -> None:
        nonlocal done
        done = finished
        if shown:
            show()

    timer = threading.Timer(_PROGRESS_AFTER, show)
    timer.daemon = True
    if stream.isatty():
        timer.start()
    try:
        yield report
    finally:
        timer.cancel()
        with lock:
            if shown:
                print("\r" + " " * 78 + "\r", end="", file=stream, flush=True)


__all__ = [
    "BASE_PESOS",
    "BOTH",
    "INTERRUPTED",
    "EmbedTables",
    "Force",
    "ForceOut",
    "InputError",
    "Json",
    "Levers",
    "LowWages",
    "OneScenario",
    "Overlays",
    "Pesos",
    "RunFile",
    "Scenarios",
    "Sets",
    "SexCodes",
    "Strict",
    "Tables",
    "Workers",
    "bars",
    "choose",
    "chosen_bases",
    "chosen_scenarios",
    "complain",
    "console",
    "discard_unprintable",
    "explain",
    "flush",
    "held_scenario",
    "leave_dask_out",
    "let_dask_in",
    "load_packs",
    "narrow",
    "one_scenario",
    "parsed_sets",
    "print_json",
    "progress",
    "prose_width",
    "repair_streams",
    "say",
    "say_defaults",
    "sets_of_files",
    "table",
    "tell",
    "tell_tables",
    "waiting",
]
