"""Serves the page on this machine, to this machine alone."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from engine.outputs import OutputError

HOST: Final = "127.0.0.1"
PORT: Final = 8050
_TRIED: Final = 20
_OWN: Final = ("127.0.0.1", "localhost")
_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; frame-ancestors 'none'"
)


def server(language: str, port: int | None) -> Any:
    """A server that is bound and waits to be run.

    Parameters
    ----------
    language : str
        Of pages whose address names none.
    port : int or None
        None takes the first that is free.

    Raises
    ------
    OutputError
        If the port is taken.
    """
    from engine.explore import page  # says that dash is missing, where it is

    from flask import abort, request  # isort: skip
    from werkzeug.serving import WSGIRequestHandler, make_server  # isort: skip

    class Quiet(WSGIRequestHandler):
        """Says nothing of requests."""

        def log(self, type: str, message: str, *args: Any) -> None:
            """Nothing."""

    made = page.app(language)

    @made.server.before_request  # type: ignore[untyped-decorator]
    def own() -> None:
        # A page of another site must not reach this one under a name of its own.
        if request.host.partition(":")[0] not in _OWN:
            abort(403)

    @made.server.after_request  # type: ignore[untyped-decorator]
    def closed(response: Any) -> Any:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return make_server(HOST, _free(port), made.server, threaded=True, request_handler=Quiet)


def _free(port: int | None) -> int:
    """A port that can be bound."""
    for candidate in [port] if port is not None else [*range(PORT, PORT + _TRIED), 0]:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, candidate))
            except OSError as error:
                if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                    raise
                continue
            return int(probe.getsockname()[1])
    raise OutputError(f"--port {port}: is taken or not allowed; another, or none for the first that is free")


@contextmanager
def running(language: str = "en", port: int | None = 0) -> Iterator[str]:
    """A server in the background; its address. The port is free again when the block ends."""
    made = server(language, port)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{made.server_port}/"
    finally:
        made.shutdown()
        thread.join()
        made.server_close()


__all__ = ["HOST", "PORT", "running", "server"]
