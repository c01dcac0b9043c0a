"""Areas that lie on one another are told apart by lightness alone: in print, and by those who see colours otherwise."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import engine.outputs.report
from engine.outputs.figures import AREAS, COLOURS

# Twelve steps of L* are what a black-and-white printer and an eye tell apart with certainty; here they are even.
LEAST = 12.0


def lightness(colour: str) -> float:
    """L* of CIELAB (white of D65) of a colour as #rrggbb."""

    def linear(part: str) -> float:
        value = int(part, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(colour[at : at + 2]) for at in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 116 * luminance ** (1 / 3) - 16


def test_areas_stay_apart_in_grey() -> None:
    steps = [lightness(colour) for colour in AREAS]
    assert all(after - before >= LEAST for before, after in itertools.pairwise(steps))


def test_pages_draw_with_the_same_colours() -> None:
    script = (Path(engine.outputs.report.__file__).parent / "page" / "draw.js").read_text(encoding="utf-8")
    for name, colours in (("AREAS", AREAS), ("COLOURS", COLOURS)):
        found = re.search(rf"const {name} = (\[.*?\]);", script)
        assert found is not None
        assert tuple(json.loads(found[1])) == colours
