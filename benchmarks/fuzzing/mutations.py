"""Changes to valid inputs, from likely slips of a user to bytes that no user writes. All chance is the caller's."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

TOKEN: Final = re.compile(
    r"\s+|[A-Za-z_][\w.]*|[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\"[^\"\n]*\"|.", re.DOTALL
)
NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")

NUMBERS: Final = (
    "0", "-0.0", "1", "-1", "2", "0.5", "1e-320", "1e-12", "1e12", "1e308", "-1e308", "1e309", "nan", "inf", "-inf",
    "95", "97", "1899", "1996", "1997", "2000", "2030", "2147483648", "-9223372036854775809", "12345678901234567890",
    "9" * 400, "9" * 5000, "0." + "0" * 400 + "1", "1_000", "1,5", "1.000,5", "1 000", "50%", "0x10", "0b1", "1997-07-01",
    "1997-07-01T00:00:00", "07/01/1997", "true", "false", '"1"', "[1, 2]", "{ a = 1 }", "[]", "{}", "''", "1.5.2", "1e",
)  # fmt: skip
WORDS: Final = (
    "", " ", "NA", "N/A", "#N/A", "#REF!", "#DIV/0!", "=1+1", "@SUM(A1)", "-", "—", "None", "null", "nan", "TRUE", "m", "f",
    "M", "H", "hombre", "mujer", "male", "x" * 300, "año", "ñ", "\u202e", "\ufeff", "\x00", "\x1b[31m", "“0.03”", "’", "\\",
    "C:\\data\\new.csv", "../../etc/passwd", "/dev/zero", "/dev/stdin", ".", "/", "members.csv", "value", "values", "csv",
    "derived", "overlay", "rule", "status", "statute", "source", "coords",
)  # fmt: skip
LINES: Final = (
    "", "#", "# a comment", "#REF!,30000", ",,,,", ";;;;", "[", "]", "[[", "a", "a =", "= 1", "a = b", '"""', "'''", "\t",
    "sep=;", "a.b.c.d.e.f = 1", "[overlay]", "[overlay.overlay]", "[[design]]", "title = 1", '"', ",", "\x0c", "-1,-1,-1,-1",
    "[economy]",
)  # fmt: skip


def tokens(text: str) -> list[str]:
    """Text cut into numbers, names, quoted text, blanks and single signs; joined they are the text again."""
    return TOKEN.findall(text)


def moved(random: Random, number: str) -> str:
    """A number near another one: what a user may well mean."""
    try:
        value = float(number)
    except (ValueError, OverflowError):
        return random.choice(NUMBERS)
    factor = random.choice((0.0, 0.1, 0.5, 0.9, 0.99, 1.01, 1.1, 2.0, 10.0, 12.0, 100.0, 365.0, -1.0))
    changed = value * factor
    return str(int(changed)) if value.is_integer() and abs(changed) < 1e15 else repr(changed)


def change_number(random: Random, text: str, names: Sequence[str]) -> str:
    """A number is one near it: most of these are let in."""
    found = list(NUMBER.finditer(text))
    if not found:
        return change_token(random, text, names)
    number = random.choice(found)
    return text[: number.start()] + moved(random, number[0]) + text[number.end() :]


def change_token(random: Random, text: str, names: Sequence[str]) -> str:
    """One number, name or sign is another one, is gone, stands twice, or is quoted."""
    parts = tokens(text)
    solid = [n for n, part in enumerate(parts) if not part.isspace()]
    if not solid:
        return random.choice(LINES)
    at = random.choice(solid)
    part = parts[at]
    if NUMBER.fullmatch(part) and random.random() < 0.8:
        parts[at] = moved(random, part) if random.random() < 0.6 else random.choice(NUMBERS)
    else:
        parts[at] = random.choice(
            (
                "",
                part + part,
                f'"{part}"',
                part.strip('"'),
                part.upper(),
                part[:-1],
                random.choice(WORDS),
                random.choice(NUMBERS),
                random.choice(names) if names else "",
                random.choice(parts),
                random.choice(string.punctuation),
            )
        )
    return "".join(parts)


def change_lines(random: Random, text: str, names: Sequence[str]) -> str:
    """A line is gone, stands twice, elsewhere, cut short, or beside one that does not belong there."""
    lines = text.split("\n")
    at = random.randrange(len(lines))
    match random.randrange(7):
        case 0:
            del lines[at]
        case 1:
            lines.insert(random.randrange(len(lines) + 1), lines[at])
        case 2:
            other = random.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case 3:
            lines[at] = lines[at][: random.randrange(len(lines[at]) + 1)]
        case 4:
            lines.insert(at, random.choice(LINES))
        case 5:
            lines.insert(at, f"{random.choice(names) if names else 'a'} = {random.choice(NUMBERS)}")
        case _:
            lines[at:] = []
    return "\n".join(lines)


def change_cells(random: Random, text: str, names: Sequence[str]) -> str:
    """A cell of a table is another one, or a column or a separator is."""
    lines = text.split("\n")
    rows = [n for n, line in enumerate(lines) if "," in line]
    if not rows:
        return change_token(random, text, names)
    at = random.choice(rows)
    cells = lines[at].split(",")
    column = random.randrange(len(cells))
    match random.randrange(8):
        case 0 | 1 | 2:
            cells[column] = moved(random, cells[column].strip())
        case 3:
            cells[column] = random.choice((*NUMBERS, *WORDS))
        case 4:
            cells[column] = '"' + cells[column] + random.choice(("\n", '"', '""', ",", "")) + '"'
        case 5:
            del cells[column]
        case 6:
            cells.insert(column, cells[column])
        case _:
            for row in rows:
                other = lines[row].split(",")
                other[column % len(other)] = "" if random.random() < 0.5 else random.choice(WORDS)
                lines[row] = ",".join(other)
            return "\n".join(lines)
    lines[at] = ",".join(cells)
    return "\n".join(lines)


def change_form(random: Random, text: str, names: Sequence[str]) -> str:
    """The same content as another program would save it, or far too much of it."""
    match random.randrange(9):
        case 0:
            return text.replace("\n", "\r\n")
        case 1:
            return "\ufeff" + text
        case 2:
            return text.replace(",", ";")
        case 3:
            return text.replace(".", ",")
        case 4:
            return text.replace('"', random.choice("“”«'"))
        case 5:
            return text.replace(" ", "\u00a0")
        case 6:
            depth = random.choice((10, 200, 5000))
            return re.sub(
                r"(= *)([^\n]+)", lambda found: found[1] + "[" * depth + found[2] + "]" * depth, text, count=1
            )
        case 7:
            return text + "x" * random.choice((1_000, 200_000))
        case _:
            lines = text.split("\n")
            return "\n".join(lines + lines[-2:] * random.choice((10, 2_000)))


TEXT: Final[tuple[tuple[int, Callable[[Random, str, Sequence[str]], str]], ...]] = (
    (35, change_number),
    (35, change_token),
    (12, change_lines),
    (14, change_cells),
    (4, change_form),
)


def mutated_text(random: Random, text: str, names: Sequence[str] = ()) -> str:
    """One to four changes, most often one: what is far off is refused for its first fault only."""
    weights = [weight for weight, _ in TEXT]
    for _ in range(random.choice((1, 1, 1, 1, 1, 2, 2, 3, 4))):
        change = random.choices(TEXT, weights)[0][1]
        text = change(random, text, names)
    return text


def encoded(random: Random, text: str) -> bytes:
    """The text as UTF-8, now and then as another program's bytes."""
    if random.random() < 0.97:
        return text.encode("utf-8", "surrogatepass")
    return text.encode(random.choice(("utf-16", "latin-1", "cp1252", "utf-8-sig")), "replace")


def mutated_bytes(random: Random, content: bytes) -> bytes:
    """Flipped, lost, repeated or foreign bytes."""
    out = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 8, 64))):
        if not out:
            break
        at = random.randrange(len(out))
        match random.randrange(6):
            case 0 | 1:
                out[at] ^= 1 << random.randrange(8)
            case 2:
                out[at] = random.choice((0, 1, 0x7F, 0x80, 0xFF))
            case 3:
                width = random.choice((2, 4, 8))
                out[at : at + width] = random.choice((0, 1, 2**31 - 1, 2**32 - 1)).to_bytes(8, "little")[
                    :width
                ]
            case 4:
                del out[at : at + random.choice((1, 16, 4096))]
            case _:
                del out[at:]
    return bytes(out)
