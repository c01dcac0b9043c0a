"""Reforms that are shipped: levers as they write them, headlines as they say, and the oracle on each."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from assumptions import basis_names, levers, load, resolve_all
from engine import projection, what_if
from engine.kernels.project import project_flows
from tests.oracle.test_oracle import faults, small

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "reforms"
FILES = sorted(FOLDER.glob("*.toml"))
ASKED = re.compile(r'^# annexv what-if "(.+)" --against 3B$', re.MULTILINE)
HEADLINE = re.compile(
    r"^# Headline, 3B statutory: (\S+) points of GDP in 2030; present value of 1997-2030 (\S+)% of",
    re.MULTILINE,
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_the_lever_of_its_header(path: Path) -> None:
    asked = ASKED.search(path.read_text(encoding="utf-8"))
    assert asked
    read = resolve_all(load("3B", overlays=[path]), basis_names())
    moved = resolve_all(levers.over(load("3B"), asked[1], basis_names()), basis_names())
    for basis in basis_names():
        assert read[basis].sha256 == moved[basis].sha256


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_oracle_projects_the_same(path: Path) -> None:
    """On few persons, to 1e-9, over the years in which the reform holds."""
    changes = {"reform.last_year": 2016}
    assert faults(small("3B", "statutory", changes, (str(path),))) == []


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_headline_is_that_of_every_award_for_itself(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All persons, by the plain loop over awards.

    The oracle needs some seven seconds for one of the 10,080 groups of members to 2030, a day for all of them: it holds
    few persons (above), and the plain loop adds up the many.
    """
    headline = HEADLINE.search(path.read_text(encoding="utf-8"))
    assert headline
    monkeypatch.setattr(projection, "project_flows", partial(project_flows, by_award=True))
    base, reform = (load("3B", overlays=files).resolve("statutory") for files in ([], [path]))
    one, other = (projection.run_case(case) for case in (base, reform))
    change = 100.0 * (other.cost.sum(axis=0) / other.gdp - one.cost.sum(axis=0) / one.gdp)
    # Present values at the return on funds, payments in the middle of the year.
    rates = base.path("funds.rcv_return", one.years)
    discount = np.cumprod(np.concatenate([[1.0], 1.0 / (1.0 + rates[:-1])]))
    discount *= (1.0 + rates) ** -base.number("balance.payment_timing")
    worth = 100.0 * ((other.cost - one.cost).sum(axis=0) * discount).sum() / one.gdp[0]
    assert f"{change[-1]:+.3f}" == headline[1]
    assert f"{worth:+.2f}" == headline[2]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_headline_is_that_of_the_reform(path: Path) -> None:
    """The digits of the header; the oracle holds what they are made of."""
    headline = HEADLINE.search(path.read_text(encoding="utf-8"))
    assert headline
    found = what_if.what_if(overlays=[path])
    assert f"{found.total[-1]:+.3f}" == headline[1]
    assert f"{found.worth:+.2f}" == headline[2]
