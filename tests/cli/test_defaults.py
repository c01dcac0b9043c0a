"""The rule of defaults is told where a scenario was taken by default, and nowhere else."""

from __future__ import annotations

import json

import pytest

RULE = "Without --scenario: commands for one take 3B, statutory; run, validate and export take all; balance takes 0B."
COMMANDS = [
    ("run", "--force", "--out", "run.nc"),
    ("validate",),
    ("balance",),
    ("worker", "--wage", "2mw", "--from-age", "20"),
    ("explain", "held.nc", "-c", "acquired_rights", "-y", "2020"),
    ("plot", "held.nc", "--out", "figure.svg", "--force"),
    ("compare", "--bases"),
    ("assumptions", "list", "funds"),
    ("assumptions", "show", "funds.rcv_return"),
]


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=[command[0] for command in COMMANDS])
def test_screens_with_a_default_say_the_rule(annexv, command: tuple[str, ...]) -> None:
    assert annexv("run", "-s", "3B", "--out", "held.nc").status == 0
    said = annexv(*command)
    assert said.status == 0
    assert " ".join(said.out.split()).endswith(RULE)
    assert RULE not in " ".join(annexv(*command, "-s", "3B").out.split())


def test_json_says_no_rule(annexv) -> None:
    done = annexv("worker", "--wage", "2mw", "--from-age", "20", "--json")
    assert json.loads(done.out)
    assert RULE not in done.out


def test_validate_says_scenarios_in_words(annexv) -> None:
    said = " ".join(annexv("validate", "-s", "3B", "-s", "4A", "--basis", "both").out.split())
    assert "(3B: INFONAVIT does not pay and earns 3.5%, other funds 3.5%; inflation 6%.)" in said
    assert "(4A: INFONAVIT pays and earns 2%, other funds 2%; inflation 10%.)" in said
