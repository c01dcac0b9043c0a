"""`annexv explore`: levers moved by hand, in a browser on this machine."""

from __future__ import annotations

import signal
import webbrowser
from typing import Annotated, Any

import typer

from engine.cli import common, language

_PORTS = (1, 65535)


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("explore")(explore)


def explore(
    port: Annotated[
        int | None,
        typer.Option(
            "--port", metavar="N", help="Port on 127.0.0.1; the first free from 8050 on by default."
        ),
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only say the address.")] = False,
    lang: language.Lang = None,
) -> None:
    """Move levers in the browser; base and reform answer.

    The page is served to this machine alone, loads nothing from a network, and writes nothing unless asked. Its address says
    what it shows, so that a colleague who opens the same address sees the same. Stop it with Ctrl-C.
    """
    text = language.text(lang)
    if port is not None and not _PORTS[0] <= port <= _PORTS[1]:
        raise common.InputError(f"--port {port}: is not allowed; a port from {_PORTS[0]} to {_PORTS[1]} is")
    from assumptions import main_scenario
    from engine.explore import numbers, serve

    made = serve.server(text["language"], port)
    try:
        with common.waiting(text["explore"]["preparing"]):
            numbers.warm([main_scenario()])
        address = f"http://{serve.HOST}:{made.server_port}/"
        typer.echo(text["explore"]["serving"].format(address=address))
        signal.signal(signal.SIGTERM, _stop)
        if not no_browser:
            webbrowser.open(address)
        made.serve_forever()
    except KeyboardInterrupt:
        typer.echo(text["explore"]["stopped"])
    finally:
        made.server_close()


def _stop(*_: Any) -> None:
    raise KeyboardInterrupt


__all__ = ["explore", "register"]
