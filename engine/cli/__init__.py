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


__all__ = ["MODULES", "build", "main"]
