"""The command line: `annexv`.

Each command lives in a module of its own with a function ``register(app)``; :data:`SECTIONS` lists them as the help text
does. Modules import typer and :mod:`engine.cli.common` only; everything heavy is imported inside a command.
"""

from __future__ import annotations

import gc
import importlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Final

import typer
import typer.core

from engine.cli import common, language

# Headings of the help text, and under each the commands with their first sentence, so that the help, and every command,
# need not load the others; modules are named for their commands.
SECTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "Project": {
        "run": "Project the fiscal cost and say what came out.",
        "rerun": "Project a run again from the input that it carries.",
        "balance": "Draw up an actuarial balance and the implicit pension debt.",
        "hindcast": "Tell the projection of 1996 what happened, and compare.",
    },
    "Ask": {
        "what-if": "Say what a reform costs, against what, and who pays.",
        "explore": "Move levers in the browser; base and reform answer.",
    },
    "Look and compare": {
        "compare": "Compare two runs or the two bases, one change at a time.",
        "explain": "Show where a number comes from, down to one cell.",
        "report": "Write a page with figures, tables, assumptions and sources.",
        "plot": "Draw a series of a run or sweep into a file.",
        "export": "Write results for Excel, Stata, R and other programs.",
    },
    "Sweep": {
        "sweep": "Project many cases that differ in some assumptions.",
        "sweep-summary": "Say what a sweep shows: spread, drivers, failed cases.",
    },
    "Data of others": {"import": "Turn data of others into tables to read."},
    "Single worker": {"worker": "One worker under both laws."},
    "Check and fit": {
        "assumptions": "List, show, check, compare and export assumptions.",
        "validate": "Compare with the printed tables of the report.",
        "calibrate": "Fit a basis to the printed tables.",
    },
}
# Registered by the module of another command, or by one whose name Python lets a module have.
_WITH_ANOTHER: Final = {"sweep-summary": "sweep", "import": "imports", "what-if": "what_if"}
NAMES: Final = tuple(name for commands in SECTIONS.values() for name in commands)
MODULES: Final = tuple(name for name in NAMES if name not in _WITH_ANOTHER)


# A wrong option or argument of any kind; typer has no name of its own for it.
_UsageError: Final[Any] = typer.BadParameter.__base__


class Commands(typer.core.TyperGroup):
    """Lists commands under headings, and loads one when it is asked for."""

    def make_context(self, *args: Any, **options: Any) -> Any:
        """Options of the program itself are judged here."""
        with _in_words():
            return super().make_context(*args, **options)

    def invoke(self, ctx: Any) -> Any:
        """Options of a command are judged here."""
        with _in_words():
            return super().invoke(ctx)

    def list_commands(self, ctx: Any) -> list[str]:
        """In the order of the sections."""
        return list(NAMES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command; all of them are loaded where there is none of this name, for what may have been meant."""
        for name in (cmd_name,) if cmd_name in NAMES else NAMES:
            if name not in self.commands:
                self.commands.update(_loaded(_WITH_ANOTHER.get(name, name)))
        return self.commands.get(cmd_name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """One list a section."""
        width = max(map(len, NAMES))
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), said) for name, said in commands.items()])


@contextmanager
def _in_words() -> Iterator[None]:
    """Say in one line what is wrong with options where the language is not that of the library."""
    try:
        yield
    except _UsageError as error:
        found = error.format_message()
        if "\n" in found or language.message(found) == found:
            raise
        raise common.InputError(found) from error


def _loaded(module: str) -> Mapping[str, Any]:
    """The commands of a module, by name."""
    part = typer.Typer(rich_markup_mode=None)
    importlib.import_module(f"engine.cli.{module}").register(part)
    _say_statuses(part)
    commands: Mapping[str, Any] = typer.main.get_group(part).commands
    return commands


def _version(asked: bool) -> None:
    if asked:
        from engine.outputs import provenance

        typer.echo(f"annexv {provenance.version()}")
        raise typer.Exit


def build() -> typer.Typer:
    """The application; its commands are loaded when they are asked for."""
    app = typer.Typer(
        name="annexv",
        cls=Commands,
        help="Projects the fiscal cost of Mexico's 1996 pension reform.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback()
    def top(
        version: Annotated[
            bool,
            typer.Option("--version", help="Print the version and stop.", callback=_version, is_eager=True),
        ] = False,
    ) -> None:
        """Projects the fiscal cost of Mexico's 1996 pension reform."""

    said = "; ".join(f"{status} {meaning}" for status, meaning in common.STATUSES.items())
    app.info.epilog = f"Exit status: {said}."
    return app


def _say_statuses(app: typer.Typer) -> None:
    """Let the help of every command end with the exit statuses."""
    short = (
        f"Exit status: 0 well, {common.NOT_ALL_WELL} done, not all well, {common.BAD_INPUT} wrong input; annexv --help has"
        " all."
    )

    def tell(group: typer.Typer) -> None:
        for command in group.registered_commands:
            command.epilog = short
        for inner in group.registered_groups:
            if inner.typer_instance is not None:
                inner.epilog = short
                tell(inner.typer_instance)

    tell(app)


_OBJECTS_BETWEEN_COLLECTIONS: Final = 200_000


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status.

    They are those of :data:`common.STATUSES`.
    """
    common.repair_streams()
    language.remember(None)
    if args is None:
        common.leave_dask_out()
        # A command makes few cycles and is soon over: looking for them at every thousandth object takes a tenth of its time.
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    status = _status(args)
    raise SystemExit(common.flush(failed=status in (common.BAD_INPUT, common.SOFTWARE_DEFECT)) or status)


def _status(args: Sequence[str] | None) -> int:
    """Exit status of a command, its messages printed."""
    try:
        try:
            build()(args=None if args is None else list(args), prog_name="annexv")
        except SystemExit as left:
            # typer turns an interruption and a closed pipe into a silent exit.
            if isinstance(left.__context__, BrokenPipeError):
                return common.CLOSED_PIPE
            if isinstance(getattr(left.__context__, "__cause__", None), KeyboardInterrupt):
                common.complain(common.INTERRUPTED)
            return left.code if isinstance(left.code, int) else 0 if left.code is None else common.BAD_INPUT
        except KeyboardInterrupt:
            common.complain(common.INTERRUPTED)
            return common.INTERRUPTED_STATUS
        except Exception as error:
            status = common.explain(error)
            if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
                common.discard_unprintable()
            return status
    except BrokenPipeError:
        return common.CLOSED_PIPE
    return 0


__all__ = ["MODULES", "NAMES", "SECTIONS", "build", "main"]
