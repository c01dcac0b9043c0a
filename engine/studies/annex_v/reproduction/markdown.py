"""Tables and numbers of the page, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> list[str]:
    """A table; its first columns are words, the others numbers."""
    marks = ["---" if n < left else "---:" for n in range(len(header))]
    return [
        f"| {' | '.join(header)} |",
        f"|{'|'.join(marks)}|",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
    ]


_LARGE = 1e4


def number(value: float) -> str:
    """Whole where large, five digits where small."""
    return f"{value:,.0f}" if abs(value) >= _LARGE else f"{value:.5g}"


__all__ = ["number", "table"]
