"""How many digits of a number are shown: enough that a table of small numbers is no table of noughts."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

_NONE: Final = "-"


def decimals(values: Iterable[Any], least: int) -> int:
    """Decimals of numbers that stand together: ``least``, or as many as give two digits of the highest where it is small."""
    highest = max((abs(float(value)) for value in values if math.isfinite(float(value))), default=0.0)
    return least if highest == 0.0 else max(least, 1 - math.floor(math.log10(highest)))


def shown(value: Any, places: int, sign: str = "") -> str:
    """A number with so many decimals and thousands set apart; a dash where it is not finite, no sign before a nil.

    ``sign`` is that of a format specification ("+" or none).
    """
    number = float(value)
    if not math.isfinite(number):
        return _NONE
    text = f"{number:{sign},.{places}f}"
    return text if any(digit in text for digit in "123456789") else text.lstrip("+-")


__all__ = ["decimals", "shown"]
