"""Files from outside, each format read in one place: bytes, TOML, tables (CSV and workbooks), and what a cell says.

Whatever is wrong goes to the list of faults the caller gives; nothing here raises for a user's mistake. Sizes, depth and
digits are bounded, so that no file can make a command hang or fill the memory.
"""

from assumptions.files.cells import likely_cause, parse_date, parse_integer, parse_number, parse_year
from assumptions.files.raw import read_bytes
from assumptions.files.tables import TextTable, parse_table, read_table
from assumptions.files.tomls import parse_toml, read_toml

__all__ = [
    "TextTable",
    "likely_cause",
    "parse_date",
    "parse_integer",
    "parse_number",
    "parse_table",
    "parse_toml",
    "parse_year",
    "read_bytes",
    "read_table",
    "read_toml",
]
