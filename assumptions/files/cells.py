"""What a cell says: numbers, whole numbers, years and dates, bounded in digits; and why it may say none of them."""

from __future__ import annotations

import datetime as dt
import math
import re

from assumptions.units import UNITS

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}(\.0*)?")
_YEAR = re.compile(r"\+?0{0,3}([0-9]{4})(\.0*)?")
_MOST_DIGITS = 60
_ERROR = re.compile(r"#[¡¿]?[A-Za-zÁÉÍÓÚáéíóú0-9/]+[!?]?")
_TYPOGRAPHIC = "\u201c\u201d\u2018\u2019\u00ab\u00bb"
_SPACES = "\u00a0\u202f\u2009"


def parse_number(cell: str) -> float | None:
    """A finite decimal number, or None. Neither 'NA' nor '1,234' nor 'inf' is a number."""
    if len(cell) > _MOST_DIGITS or not _NUMBER.fullmatch(cell):
        return None
    value = float(cell)
    return value if math.isfinite(value) else None


def parse_integer(cell: str) -> int | None:
    """A whole number, or None; workbooks write 1960 as 1960.0 too."""
    return int(cell.partition(".")[0]) if len(cell) <= _MOST_DIGITS and _INTEGER.fullmatch(cell) else None


def parse_year(cell: str) -> int | None:
    """A calendar year of four digits within the bounds of its unit, or None: 95 is none."""
    unit = UNITS["calendar_year"]
    found = _YEAR.fullmatch(cell) if len(cell) <= _MOST_DIGITS else None
    year = int(found[1]) if found else 0
    return year if unit.low <= year <= unit.high else None


def parse_date(given: object) -> str | None:
    """A date as 1997-01-01 (a date or its text; no time of day), or None."""
    if isinstance(given, dt.datetime):
        return None
    try:
        found = given if isinstance(given, dt.date) else dt.date.fromisoformat(given)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        return None
    return found.isoformat() if parse_year(f"{found.year:04d}") else None


def years_allowed() -> str:
    """The calendar years that are understood, in words."""
    unit = UNITS["calendar_year"]
    return f"{unit.low:g} to {unit.high:g}"


def is_sheet_error(cell: str) -> bool:
    """Whether a cell is a spreadsheet's error, as #REF!, #N/A or #¡DIV/0!."""
    return bool(_ERROR.fullmatch(cell))


def likely_cause(cell: str) -> str:
    """Why a cell is probably no number, in brackets after a space; empty where there is no guess."""
    said = ""
    if len(cell) > _MOST_DIGITS:
        said = "too many digits"
    elif cell.startswith("#"):
        said = "an error of the spreadsheet"
    elif re.fullmatch(r"[+-]?[0-9.]*,[0-9]+", cell) or re.fullmatch(r"[+-]?[0-9]{1,3}(,[0-9]{3})+.*", cell):
        said = "a thousands separator or a decimal comma; write 1234.5"
    elif re.fullmatch(r"[+-]?[0-9]{1,3}([.' " + _SPACES + r"][0-9]{3})+([.,][0-9]*)?", cell):
        said = "a thousands separator; write 1234.5"
    elif any(letter in cell for letter in _TYPOGRAPHIC):
        said = "typographic quotes"
    elif "%" in cell:
        said = "a percent sign; write 0.035 for 3.5%"
    elif "$" in cell:
        said = "a currency sign"
    elif cell[:1] in ("\u2212", "\u2013"):
        said = "a typographic minus"
    elif any(letter in cell for letter in _SPACES):
        said = "a non-breaking space"
    return f" ({said})" if said else ""


def quoted(cell: object, most: int = 40) -> str:
    """A cell as messages show it: in quotes, on one line, cut where it is long."""
    if isinstance(cell, dt.date | dt.time):  # of TOML, which writes them bare; a datetime is a date
        return cell.isoformat()
    text = f"{cell:#x}" if isinstance(cell, int) and cell.bit_length() > 64 else repr(cell)
    return text if len(text) <= most + 2 else f"{text[:most]}...{text[-1]}"
