"""A server on a free port; skipped where it is not installed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.conftest import annexv as annexv


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """A running server."""
    pytest.importorskip("dash", reason="the extra explore is not installed")
    from engine.explore import serve

    with serve.running("en", None) as found:
        yield found
