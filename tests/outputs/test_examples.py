"""Examples in docstrings run as they stand."""

from __future__ import annotations

import doctest

import engine


def test_examples_of_the_interface() -> None:
    done = doctest.testmod(engine)
    assert done.attempted > 0
    assert done.failed == 0
