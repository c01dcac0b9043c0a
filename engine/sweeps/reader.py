"""Reads the parts of a sweep file and collects what is wrong with them, by file and field."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assumptions import (
    Fault,
    Resolved,
)
from assumptions.files.cells import quoted
from assumptions.text import nearest
from assumptions.values import is_finite


class Reader:
    """Collects faults with file and field."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def fault(self, field: str, message: str) -> None:
        self.faults.append(Fault(self.file, field, message))

    def unknown(self, raw: Mapping[str, Any], allowed: Sequence[str], where: str = "") -> None:
        for key in raw:
            if key not in allowed:
                said = f"is no key here; allowed are {', '.join(allowed)}{nearest(str(key), allowed)}"
                self.fault(f"{where}{key}", said)

    def integer(self, raw: Mapping[str, Any], key: str, where: str, low: int, high: int) -> int | None:
        value = raw.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.fault(
                f"{where}{key}", f"{quoted(value)} is not allowed; a whole number from {low} to {high} is"
            )
            return None
        return value

    def number(self, raw: Mapping[str, Any], key: str, where: str) -> float | None:
        value = raw.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not is_finite(value):
            said = (
                "is missing; a number is needed"
                if value is None
                else f"{quoted(value)} is not a finite number"
            )
            self.fault(f"{where}{key}", said)
            return None
        return float(value)

    def flag(self, raw: Mapping[str, Any], key: str, where: str, default: bool) -> bool:
        value = raw.get(key, default)
        if not isinstance(value, bool):
            self.fault(f"{where}{key}", f"{quoted(value)} is not allowed; allowed are true and false")
            return default
        return value

    def words(self, raw: Mapping[str, Any], key: str, known: Sequence[str]) -> tuple[str, ...]:
        """A list of different known words; empty where something is wrong."""
        given = raw[key]
        if not isinstance(given, list | tuple) or not given or not all(isinstance(x, str) for x in given):
            self.fault(key, f"must be a list of names, as {key} = [{known[0]!r}]")
            return ()
        good = True
        for word in given:
            if word not in known:
                near = difflib.get_close_matches(word, known, 1) or [
                    name for name in known if name.upper() == word.upper()
                ]
                said = f"; did you mean {near[0]}?" if near else ""
                self.fault(key, f"{quoted(word)} is not known; allowed are {', '.join(known)}{said}")
                good = False
        for word in sorted({x for x in given if given.count(x) > 1}):
            self.fault(key, f"{quoted(word)} is given twice")
            good = False
        return tuple(given) if good else ()

    def entries(self, raw: Mapping[str, Any], key: str, where: str = "") -> list[Mapping[str, Any]]:
        """The tables of a list of tables."""
        given = raw.get(key, [])
        if not isinstance(given, list | tuple) or not all(isinstance(item, Mapping) for item in given):
            self.fault(f"{where}{key}", f"must be written as [[{where}{key}]]")
            return []
        return list(given)

    def name(self, entry: Mapping[str, Any], where: str, resolved: Sequence[Resolved]) -> str | None:
        """The name of a known assumption."""
        name = entry.get("name")
        if not isinstance(name, str) or not name:
            self.fault(f"{where}name", "is missing; the dotted name of an assumption, as economy.gdp_growth")
            return None
        if resolved and not resolved[0].has(name):
            said = nearest(name, resolved[0].names())
            self.fault(f"{where}name", f"{quoted(name)} is an unknown name{said}")
            return None
        return name

    def without_effect(
        self, name: str, where: str, resolved: Sequence[Resolved], tried: Iterable[Resolved]
    ) -> None:
        """Refuse an assumption that has an effect in none of the packs that are tried."""
        if not any(pack.live(name)[0] for pack in tried):
            said = resolved[0].live(name)[1]
            self.fault(f"{where}name", f"{name} has no effect in the {resolved[0].basis} basis: {said}")
