"""Import and cold start, each in an interpreter of its own; compiled code is taken from numba's cache."""

from __future__ import annotations


class Start:
    timeout = 300
    number = 1
    repeat = 3
    rounds = 1

    def timeraw_import(self) -> str:
        return "import assumptions, engine"

    def timeraw_load_and_resolve(self) -> str:
        return "import assumptions; assumptions.load('3B').resolve('statutory')"

    def timeraw_first_case(self) -> str:
        return """
        import assumptions
        from engine.projection import run_case
        run_case(assumptions.load('3B').resolve('statutory'))
        """

    def timeraw_first_dataset(self) -> str:
        return "import assumptions, engine; engine.project(assumptions.load('3B'))"

    def timeraw_command_help(self) -> str:
        return """
        import contextlib, io
        from engine.cli import main
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
            main(['--help'])
        """
