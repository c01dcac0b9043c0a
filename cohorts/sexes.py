"""Sexes as files write them: f and m, h and m, or words in Spanish and English; a bare m that may mean both is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

CODES: Final = ("as_found", "fm", "hm")
_MEN: Final = frozenset({"h", "hombre", "hombres", "male", "man", "men", "masculino", "varon", "varón"})
_WOMEN: Final = frozenset({"f", "mujer", "mujeres", "female", "woman", "women", "femenino"})
SAYS: Final = "m or f (man, woman), h or m (hombre, mujer), or words as hombre, mujer, male, female"


def convention(cells: Sequence[str], codes: str) -> str:
    """What a bare m means in a column: "fm" a man, "hm" a woman, "" where nothing shows it."""
    found = {cell.casefold() for cell in cells}
    if codes != "as_found" or "m" not in found or ("f" in found) == ("h" in found):
        return "" if codes == "as_found" else codes
    return "fm" if "f" in found else "hm"


def ambiguity(cells: Sequence[str], codes: str) -> str:
    """Why a column can be read two ways, and what decides; empty where it cannot."""
    found = {cell.casefold() for cell in cells}
    if "m" not in found or convention(cells, codes):
        return ""
    why = "beside both f and h" if {"f", "h"} <= found else "without any f or h beside it"
    return (
        f"'m' {why} may be a man or a mujer; say --sex-codes fm (m is a man) or --sex-codes hm (m is a woman;"
        " in an overlay population.sex_codes), or write words"
    )


def sex_of(cell: str, meant: str) -> int | None:
    """0 for a man, 1 for a woman, None where the cell says neither under the convention ``meant``."""
    word = cell.casefold()
    if word == "m":
        return None if not meant else int(meant == "hm")
    if (word, meant) in (("h", "fm"), ("f", "hm")):
        return None
    if word in _MEN:
        return 0
    return 1 if word in _WOMEN else None
