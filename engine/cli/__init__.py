"""The command line: `annexv`.

Each command lives in a module of its own with a function ``register(app)``; :data:`SECTIONS` lists them as the help text
does. Modules import typer and :mod:`engine.cli.common` only; everything heavy is imported inside a command.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

import typer
import typer.core

from engine.cli import common

_SHORT_HELP: Final = 64

# Headings of the help text, and the commands under each; modules are named for their commands.
SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "Project": ("run", "rerun", "balance"),
    "Look and compare": ("compare", "explain", "report", "plot", "export"),
    "Sweep": ("sweep", "sweep-summary"),
    "Single worker": ("worker",),
    "Check and fit": ("assumptions", "validate", "calibrate"),
}
_WITH_ANOTHER: Final = ("sweep-summary",)  # registered by the module of another command
MODULES: Final = tuple(name for names in SECTIONS.values() for name in names if name not in _WITH_ANOTHER)


class Commands(typer.core.TyperGroup):
    """Lists commands under headings."""

    def list_commands(self, ctx: Any) -> list[str]:
        """In the order of the sections, others last."""
        known = [name for names in SECTIONS.values() for name in names if name in self.commands]
        return [*known, *(name for name in self.commands if name not in known)]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """One list a section."""
        left = dict(self.commands)
        sections = [
            (title, [left.pop(name) for name in names if name in left]) for title, names in SECTIONS.items()
        ]
        width = max(map(len, self.commands))
        for title, commands in (*sections, ("Other", list(left.values()))):
            rows = [
                (str(one.name).ljust(width), one.get_short_help_str(_SHORT_HELP))
                for one in commands
                if not one.hidden
            ]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


def _version(asked: bool) -> None:
    if asked:
        from engine.outputs import provenance

        typer.echo(f"annexv {provenance.version()}")
        raise typer.Exit


def build() -> typer.Typer:
    """The application with all its commands."""
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

    for name in MODULES:
        importlib.import_module(f"engine.cli.{name}").register(app)
    _say_statuses(app)
    return app


def _say_statuses(app: typer.Typer) -> None:
    """Let the help of every command end with the exit statuses."""
    said = "; ".join(f"{status} {meaning}" for status, meaning in common.STATUSES.items())
    app.info.epilog = f"Exit status: {said}."
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


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status.

    They are those of :data:`common.STATUSES`.
    """
    common.repair_streams()
    status = _status(args)
    raise SystemExit(common.flush() or status)


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
            return common.explain(error)
    except BrokenPipeError:
        return common.CLOSED_PIPE
    return 0


__all__ = ["MODULES", "SECTIONS", "build", "main"]
