"""A reform beside its base: what it costs, against what, and who pays."""

from engine.what_if.asked import (
    Gain,
    Part,
    WhatIf,
    as_json,
    command,
    gained,
    kinds,
    of,
    packs,
    what_if,
)

__all__ = ["Gain", "Part", "WhatIf", "as_json", "command", "gained", "kinds", "of", "packs", "what_if"]
