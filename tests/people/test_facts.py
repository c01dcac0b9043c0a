"""`annexv validate --facts`: what was counted beside the statutory basis, and the exit status."""

from __future__ import annotations

import json

import pytest

from assumptions.facts import facts
from engine import cli
from engine.outputs import texts
from engine.studies.facts import MODEL, compared


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        cli.main(list(words))
    out, err = capsys.readouterr()
    return int(end.value.code or 0), out, err


def test_every_fact_has_a_number_a_name_and_where_it_is_not_judged_a_reason() -> None:
    items = [fact.item for fact in facts()]
    assert items == list(MODEL)
    for language in texts.languages():
        text = texts.load(language)["facts"]
        assert list(text["item"]) == items
        assert set(text["reason"]) == {fact.item for fact in facts() if fact.within == "none"}
        assert {fact.unit for fact in facts()} == set(text["units"])


def test_no_fact_is_broken(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "validate", "--facts", "--json")
    said = json.loads(out)
    assert (status, said["passed"]) == (0, True)
    # Heads and money are both right: 1,603 thousand pensioners, and 0.39% of GDP at two printed digits.
    rows = {row["item"]: row for row in said["facts"]}
    assert rows["pensioners_1996"]["model"] == pytest.approx(1603.0)
    assert round(rows["cost_of_pensions"]["model"], 2) == 0.39


def test_a_broken_fact_is_told_and_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(
        capsys, "validate", "--facts", "--set", "pensions.ongoing_heads=1176000", "--lang", "es"
    )
    assert status == 1
    assert "ROTO" in out


@pytest.mark.parametrize("other", [["--scenario", "1B"], ["--basis", "statutory"], ["--long"]])
def test_what_does_not_go_with_it(other: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys, "validate", "--facts", *other)
    assert status == 2
    assert "--facts" in err


def test_the_premium_would_pay_half_of_the_disabilities() -> None:
    """Para 2.66: 2.5% of wages. Where awards in capital exceed it, the reason that is told holds."""
    half = {"decrements.iv_disability_scale": 0.5}
    (premium,) = (fact.value for fact in facts() if fact.item == "disability_awards")
    found, with_half = (
        next(row.model for row in compared(sets=sets) if row.fact.item == "disability_awards")
        for sets in ({}, half)
    )
    assert with_half < premium < found
