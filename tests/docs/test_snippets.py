"""Every command and snippet of README and documentation runs, in the order of its page, in a folder of its own.

A block is left out only behind a comment `<!-- not run: reason -->`. Files that a page tells the reader to save stand behind
`<!-- file: NAME -->`; `<!-- columns: N -->` says how wide a block is. Lines of a `console` block that begin with `$` are
commands; what follows them must be printed.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from engine import cli

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
RUN = ("sh", "console", "python")
SHOWN = ("text", "toml", "bat", "json", "csv")
FENCE = re.compile(r"^( *)```([\w-]*)[^\n]*\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"<!-- (not run|file|columns): (.+?) -->\s*$")
# The pages show what a terminal of 150 columns would show, unless the comment before a block says how many.
WIDTH = {"COLUMNS": "150"}


class Block(NamedTuple):
    language: str
    text: str
    kind: str
    said: str
    line: int


def blocks(page: Path) -> list[Block]:
    """Fenced blocks of a page, with the comment before each."""
    text = page.read_text(encoding="utf-8")
    found = []
    for match in FENCE.finditer(text):
        comment = COMMENT.search(text[: match.start()])
        kind, said = (comment[1], comment[2]) if comment else ("", "")
        body = "\n".join(line.removeprefix(match[1]) for line in match[3].splitlines())
        found.append(Block(match[2], body, kind, said, text.count("\n", 0, match.start()) + 1))
    return found


def run_command(line: str) -> str:
    """What a command prints; it is run in this process, which saves most of the time."""
    words = shlex.split(line, comments=True)
    assert words[0] == "annexv", f"only annexv is run here, mark others as not run: {line}"
    # What a terminal of today takes, letters and bars beyond ASCII among it.
    kept, status = io.BytesIO(), None
    stream = io.TextIOWrapper(kept, encoding="utf-8", newline="\n", write_through=True)
    with contextlib.redirect_stdout(stream):
        try:
            cli.main(words[1:])
        except SystemExit as stop:
            status = stop.code
    printed = kept.getvalue().decode("utf-8")
    assert not status, f"{line}: exit status {status}\n{printed}"
    return printed


def commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """Commands of a console block, each with the lines that it must print."""
    command, expected = "", []
    for line in text.splitlines():
        if line.startswith("$ "):
            if command:
                yield command, expected
            command, expected = line[2:], []
        else:
            expected.append(line.rstrip())
    yield command, expected


def run_block(block: Block, names: dict[str, object]) -> None:
    if block.language == "python":
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(block.text, "snippet", "exec"), names)
    elif block.language == "sh":
        for line in block.text.splitlines():
            if line.strip():
                run_command(line)
    else:
        for command, expected in commands(block.text):
            printed = [line.rstrip() for line in run_command(command).splitlines()]
            assert [line for line in printed if line] == [line for line in expected if line], command


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which the files of the project can be seen."""
    for name in ("docs", "examples"):
        if (ROOT / name).is_dir():
            (tmp_path / name).symlink_to(ROOT / name, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    for key, value in WIDTH.items():
        monkeypatch.setenv(key, value)
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="links to folders need rights on Windows")
@pytest.mark.parametrize(
    "page",
    [page if page.name == "README.md" else pytest.param(page, marks=pytest.mark.slow) for page in PAGES],
    ids=[page.relative_to(ROOT).as_posix() for page in PAGES],
)
def test_snippets_run(page: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(page):
        if block.kind == "file":
            (folder / block.said).write_text(block.text + "\n", encoding="utf-8", newline="\n")
        elif block.kind != "not run" and block.language in RUN:
            monkeypatch.setenv("COLUMNS", block.said if block.kind == "columns" else WIDTH["COLUMNS"])
            try:
                run_block(block, names)
            except AssertionError:
                raise
            except Exception as error:
                raise AssertionError(f"{page.name}, line {block.line}: {error}") from error


@pytest.mark.parametrize("page", PAGES, ids=[page.relative_to(ROOT).as_posix() for page in PAGES])
def test_blocks_have_a_known_language_and_a_reason_when_not_run(page: Path) -> None:
    for block in blocks(page):
        assert block.language in (*RUN, *SHOWN), (
            f"{page.name}, line {block.line}: language {block.language!r}"
        )
        if block.kind == "not run":
            assert len(block.said) > 8


def test_reference_pages_are_current(tmp_path: Path) -> None:
    import importlib.util

    script = ROOT / "docs" / "reference" / "generate.py"
    spec = importlib.util.spec_from_file_location("generate", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, make in module.PAGES.items():
        written = (script.parent / name).read_text(encoding="utf-8")
        assert written == make(), f"docs/reference/{name} is out of date: python docs/reference/generate.py"


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for page in PAGES:
        text = FENCE.sub("", page.read_text(encoding="utf-8"))
        for target in re.findall(r"\]\(([^)#\s]+)", text):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []


def test_every_page_is_in_the_menu() -> None:
    menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    missing = [
        page.relative_to(ROOT / "docs").as_posix()
        for page in PAGES
        if page.is_relative_to(ROOT / "docs")
        and f" {page.relative_to(ROOT / 'docs').as_posix()}\n" not in menu + "\n"
    ]
    assert missing == []
