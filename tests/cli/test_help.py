"""The help: commands under headings, first sentences whole and those of the commands, names loaded when asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer

from engine import cli


def group() -> cli.Commands:
    found = typer.main.get_command(cli.build())
    assert isinstance(found, cli.Commands)
    return found


def test_every_command_stands_under_one_heading_with_its_own_first_sentence(annexv) -> None:
    top = group()
    shown = annexv("--help").out
    for title, commands in cli.SECTIONS.items():
        assert f"\n{title}:\n" in shown
        for name, said in commands.items():
            command = top.get_command(None, name)
            assert (command.help or "").split("\n\n")[0].replace("\n", " ").strip() == said
            assert f"{said}\n" in shown
    assert sorted(top.commands) == sorted(cli.NAMES)
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize("name", cli.MODULES)
def test_a_command_loads_no_other(name: str) -> None:
    command = {"imports": "import"}.get(name, name)  # a word of Python's cannot name a module
    code = (
        "import sys\nfrom engine.cli import main\n"
        f"try:\n    main([{command!r}, '--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted(m.split('.')[2] for m in sys.modules if m.startswith('engine.cli.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(eval(done.stdout.splitlines()[-1])) <= {"common", "language", name}
