"""The command line: `annexv`.

Each command lives in a module of its own with a function ``register(app)``; :data:`MODULES` lists them in the order of
the help text. Modules import typer and :mod:`engine.cli.common` only; everything heavy is imported inside a command.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Annotated, Final

import typer

from engine.cli import common

MODULES: Final = (
    "run",
    "validate",
    "calibrate",
    "assumptions",
    "sweep",
    "export",
    "rerun",
    "compare",
    "explain",
    "report",
    "worker",
    "balance",
)


def _version(asked: bool) -> None:
    if asked:
        from engine.outputs import provenance

        typer.echo(f"annexv {provenance.version()}")
        raise typer.Exit


def build() -> typer.Typer:
    """The application with all its commands."""
    app = typer.Typer(
        name="annexv",
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


__all__ = ["MODULES", "build", "main"]
