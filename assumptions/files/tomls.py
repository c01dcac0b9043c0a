"""TOML, bounded in size, depth and digits; a syntax error is told with its likely cause."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from assumptions.files.raw import LARGEST_TEXT, decoded, read_bytes
from assumptions.model import Fault
from assumptions.text import shown

DEEPEST = 20
_LONGEST = 2**63
_KEY = r"(?:[A-Za-z0-9_-]+|\"[^\"\n]*\"|'[^'\n]*')"
_LONG_KEY = re.compile(rf"(?:{_KEY}\s*\.\s*){{{DEEPEST},}}{_KEY}\s*[=\]]")
_CAUSES = (
    (re.compile("[\u201c\u201d\u2018\u2019\u00ab\u00bb]"), "typographic quotes; write straight ones"),
    (
        re.compile(r"\"[^\"]*\\"),
        "a backslash in double quotes; write a Windows path in single quotes, or with /",
    ),
    (re.compile(r"=\s*[+-]?\d*\.?\d*\s*%"), "a percent sign; write 0.035 for 3.5%"),
    (re.compile(r"=\s*[+-]?\d+,\d"), "a decimal comma or thousands separator; write 1234.5"),
    (re.compile("[\u00a0\u202f\u2009]"), "a non-breaking space"),
)


def read_toml(path: Path, faults: list[Fault]) -> dict[str, Any] | None:
    """A TOML file as nested dicts, or None with a fault (syntax, a key given twice, too deep ...)."""
    content = read_bytes(path, faults, LARGEST_TEXT)
    if content is None:
        return None
    file = shown(path)
    text = decoded(content, file, faults)
    return None if text is None else parse_toml(text, file, faults)


def parse_toml(text: str, file: str, faults: list[Fault], field: str = "") -> dict[str, Any] | None:
    """TOML text as nested dicts, or None with a fault. The dicts are shared: copy what you change."""
    tree, wrong = _parsed(text)
    faults.extend(Fault(file, ".".join(filter(None, (field, path))), said) for path, said in wrong)
    return None if tree is None or wrong else dict(tree)


@lru_cache(maxsize=64)
def _parsed(text: str) -> tuple[dict[str, Any] | None, tuple[tuple[str, str], ...]]:
    dotted = (line for line in text.split("\n") if line.count(".") >= DEEPEST)
    if any(_LONG_KEY.search(line) for line in dotted):
        return None, (("", "cannot be read as TOML: values are nested too deeply"),)
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, (("", f"is not valid TOML: {_explained(str(error), text)}"),)
    except RecursionError:
        return None, (("", "cannot be read as TOML: values are nested too deeply"),)
    except ValueError:
        return None, (("", "cannot be read as TOML: a number has too many digits"),)
    return tree, tuple(_out_of_bounds(tree))


def _explained(message: str, text: str) -> str:
    message = message.replace("\n", "\\n")
    if "overwrite" in message or "twice" in message or "already" in message:
        return message + " (a key or table is given twice)"
    found = re.search(r"at line (\d+)", message)
    lines = text.split("\n")
    line = lines[int(found[1]) - 1] if found and int(found[1]) <= len(lines) else lines[-1]
    cause = next((said for pattern, said in _CAUSES if pattern.search(line)), "")
    return f"{message} ({cause})" if cause else message


def _out_of_bounds(tree: dict[str, Any]) -> list[tuple[str, str]]:
    wrong: list[tuple[str, str]] = []
    todo: list[tuple[Any, tuple[str, ...]]] = [(tree, ())]
    while todo:
        node, at = todo.pop()
        if isinstance(node, dict | list):
            if len(at) >= DEEPEST:
                return [("", "cannot be read as TOML: values are nested too deeply")]
            named = node.items() if isinstance(node, dict) else (("", item) for item in node)
            todo.extend((value, (*at, str(key))) for key, value in named)
        elif isinstance(node, int) and not -_LONGEST <= node < _LONGEST:
            where = ".".join(part for part in at if part)
            wrong.append(
                (where, f"{node:#x}"[:20] + "... has too many digits; it is not a finite number here")
            )
    return wrong
