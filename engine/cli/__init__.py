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
    "Look and compare": ("compare", "explain", "report", "export"),
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
    return app


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status.

    0: done; 1: done, and a stated tolerance is broken (or a defect of the program); 2: the input is at fault, and one
    message on stderr says how; 130: interrupted.
    """
    common.repair_streams()
    try:
        build()(args=None if args is None else list(args), prog_name="annexv")
    except SystemExit as left:
        # typer turns an interruption into a silent exit.
        if isinstance(getattr(left.__context__, "__cause__", None), KeyboardInterrupt):
            common.complain(common.INTERRUPTED)
        raise
    except KeyboardInterrupt:
        common.complain(common.INTERRUPTED)
        raise SystemExit(130) from None
    except Exception as error:
        raise SystemExit(common.explain(error)) from None


__all__ = ["MODULES", "SECTIONS", "build", "main"]
